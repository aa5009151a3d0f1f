//! Harmless values of the same length.

use crate::{data::dictionary as tags, tlv::Tag};

/// How account numbers of a scheme begin, and a prefix of its test cards (`card::is_test_pan` knows the sources). Schemes
/// without a published range get Visa's: what matters is that the number is nobody's.
const TEST_PREFIXES: &[(&[&str], &str)] = &[(&["2", "5"], "5413330089"), (&[""], "4761739001")];

/// The `number`-th account number that takes the place of another: same length, right check digit.
pub(super) fn test_pan(digits: &[u8], number: usize) -> Vec<u8> {
    let text: String = digits.iter().map(|digit| char::from(b'0' + digit % 10)).collect();
    let known = TEST_PREFIXES.iter().find(|(starts, _)| starts.iter().any(|start| text.starts_with(start)));
    let prefix = known.map_or("", |(_, prefix)| prefix);
    let body = digits.len().saturating_sub(1);
    let room = body.saturating_sub(prefix.len());
    let middle = format!("{number:0room$}");
    let middle = middle.get(middle.len() - room.min(middle.len())..).unwrap_or_default();
    let mut pan: Vec<u8> = prefix.bytes().chain(middle.bytes()).map(|digit| digit - b'0').take(body).collect();
    pan.push(check_digit(&pan));
    pan
}

/// The check digit after these digits (ISO/IEC 7812-1, Annex B).
fn check_digit(digits: &[u8]) -> u8 {
    let weighed = digits.iter().rev().zip([2, 1].into_iter().cycle()).map(|(digit, weight)| {
        let product = u32::from(*digit) * weight;
        product / 10 + product % 10
    });
    let sum = weighed.sum::<u32>() % 10;
    u8::try_from((10 - sum) % 10).unwrap_or_default()
}

/// What follows the account number in a track 2: separator, expiry date and service code stay, further digits become 0.
pub(super) fn after_pan(rest: &[u8]) -> impl Iterator<Item = u8> {
    const KEPT: usize = 1 + 4 + 3;
    rest.iter().enumerate().map(|(at, digit)| if at < KEPT || *digit > 9 { *digit } else { 0 })
}

/// Half-bytes in which all digits are 0; what is no digit stays.
pub(super) fn digits(nibbles: &[u8]) -> Vec<u8> {
    nibbles.iter().map(|nibble| if *nibble > 9 { *nibble } else { 0 }).collect()
}

/// A track 1 with another account number and name: format code, separators, expiry date and service code stay, so that a kernel
/// still finds the discretionary data; they become `0`. What has no such parts becomes `0` altogether.
pub(super) fn track_1(value: &[u8], pan: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    const KEPT: usize = 4 + 3;
    let mut parts = value.splitn(3, |c| *c == b'^');
    let (Some([format, number @ ..]), Some(person), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return vec![b'0'; value.len()];
    };
    if !number.iter().all(u8::is_ascii_digit) {
        return vec![b'0'; value.len()];
    }
    let digits: Vec<u8> = number.iter().map(|c| c & 0x0F).collect();
    let number: Vec<u8> = pan(&digits).iter().map(|digit| b'0' + digit % 10).collect();
    let rest = rest.iter().enumerate().map(|(at, c)| if at < KEPT { *c } else { b'0' });
    [&[*format], &number[..], b"^", &name(person.len()), b"^", &rest.collect::<Vec<_>>()].concat()
}

/// Whether an object names a person.
pub(super) fn is_name(tag: Tag) -> bool {
    matches!(tag, tags::CARDHOLDER_NAME_5F20 | tags::CARDHOLDER_NAME_EXTENDED_9F0B | tags::NAME_OF_AN_INDIVIDUAL_5B)
}

/// A name nobody has.
pub(super) fn name(length: usize) -> Vec<u8> {
    b"REDACTED/CARDHOLDER".iter().copied().chain(core::iter::repeat(b' ')).take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Pan;

    fn replaced(pan: &str, number: usize) -> String {
        let digits: Vec<u8> = pan.bytes().map(|digit| digit - b'0').collect();
        test_pan(&digits, number).iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    #[test]
    fn a_replacement_is_a_test_number_of_the_same_length_with_a_right_check_digit() {
        for pan in ["4929123456789012", "5200828282828210", "371449635398431", "6799998900000200019", "36123456789012"]
        {
            let (first, second) = (replaced(pan, 1), replaced(pan, 2));
            assert_eq!(first.len(), pan.len());
            assert!(Pan::parse(&first).unwrap().luhn(), "{first}");
            assert!(crate::card::is_test_pan(&first), "{first}");
            assert_ne!(first, second);
            assert_ne!(first, pan);
        }
        assert_eq!(replaced("4929123456789012", 1).get(..10), Some("4761739001"));
    }

    #[test]
    fn a_track_1_keeps_its_shape() {
        let pan = |digits: &[u8]| vec![7; digits.len()];
        let shown = |track: &str| String::from_utf8(track_1(track.as_bytes(), pan)).unwrap();
        assert_eq!(shown("B4929123456^DOE/JANE^3012201123 4"), "B7777777777^REDACTED^301220100000");
        assert_eq!(shown("B49X^DOE/JANE^3012201"), "0".repeat(21));
        assert_eq!((shown("B49^"), shown("")), ("0000".to_owned(), String::new()));
    }

    #[test]
    fn short_numbers_are_no_reason_to_fail() {
        for length in 1..20 {
            let pan = "4".repeat(length);
            assert_eq!(replaced(&pan, 123_456).len(), length);
        }
    }
}
