//! What a value must be: the statements of [`case::Pattern`](super::case::Pattern).

use core::fmt;

use super::case::Pattern;
use crate::bytes::Hex;

/// One statement about a value.
///
/// ```
/// use emvtap::suite::pattern::Statement;
///
/// let statement: Statement = "byte 2 bit 8 = 1".parse().unwrap();
/// assert!(statement.holds(Some(&[0x00, 0x80])));
/// assert!(!statement.holds(None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// The object is there, with or without a value.
    Present,
    /// The object is not there.
    Absent,
    /// The object is there and has no bytes.
    Empty,
    /// The object has so many bytes.
    Length(usize),
    /// Bits have a value: see [`Bits`].
    Bits(Bits),
    /// The value is these bytes.
    Is(Digits),
    /// The value is there and anything else.
    Not(Digits),
    /// The value is one of these.
    OneOf(Vec<Digits>),
}

/// Bytes of which some half-bytes do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits(Vec<(u8, u8)>);

impl Digits {
    /// Of each byte, the bits that matter and their value.
    pub fn bytes(&self) -> impl Iterator<Item = (u8, u8)> {
        self.0.iter().copied()
    }

    /// How many bytes.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes; never, for digits that were read.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the value has these digits and no more.
    pub fn fit(&self, value: &[u8]) -> bool {
        value.len() == self.len() && value.iter().zip(self.bytes()).all(|(byte, (mask, wanted))| byte & mask == wanted)
    }
}

/// A bit, or neighbouring bits, of one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// The byte, from 1.
    pub byte: usize,
    /// The bits that are meant.
    pub mask: u8,
    /// What they must be, in their place.
    pub value: u8,
}

impl Bits {
    fn hold(self, value: &[u8]) -> bool {
        value.get(self.byte - 1).is_some_and(|byte| byte & self.mask == self.value)
    }
}

impl Statement {
    /// Whether the statement holds on a value; `None`: the object is not there.
    pub fn holds(&self, value: Option<&[u8]>) -> bool {
        match (self, value) {
            (Self::Absent, value) => value.is_none(),
            (_, None) => false,
            (Self::Present, _) => true,
            (Self::Empty, Some(value)) => value.is_empty(),
            (Self::Length(length), Some(value)) => value.len() == *length,
            (Self::Bits(bits), Some(value)) => bits.hold(value),
            (Self::Is(digits), Some(value)) => digits.fit(value),
            (Self::Not(digits), Some(value)) => !digits.fit(value),
            (Self::OneOf(all), Some(value)) => all.iter().any(|digits| digits.fit(value)),
        }
    }
}

impl Pattern {
    /// The statements as they are written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (one, all): (Option<&String>, &[String]) = match self {
            Self::One(one) => (Some(one), &[]),
            Self::All(all) => (None, all),
        };
        one.into_iter().chain(all).map(String::as_str)
    }

    /// The statements.
    ///
    /// # Errors
    /// One of them says nothing, in words.
    pub fn statements(&self) -> Result<Vec<Statement>, String> {
        self.texts().map(str::parse).collect()
    }
}

impl core::str::FromStr for Statement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (word, rest.trim()) {
            ("present", "") => Ok(Self::Present),
            ("absent", "") => Ok(Self::Absent),
            ("empty", "") => Ok(Self::Empty),
            ("length", count) => {
                count.parse().map(Self::Length).map_err(|_| format!("`{text}` needs a number of bytes: length 8"))
            }
            ("byte", rest) => bits(rest).map(Self::Bits).ok_or_else(|| {
                format!("`{text}` is no statement about bits: byte 2 bit 8 = 1, byte 1 bits 8-7 = 10, byte 3 = 4?")
            }),
            ("not", digits) => Ok(Self::Not(self::digits(digits)?)),
            ("one", rest) if rest.starts_with("of ") => {
                let all: Result<_, _> = rest.split_whitespace().skip(1).map(digits).collect();
                Ok(Self::OneOf(all?))
            }
            _ => digits(text).map(Self::Is),
        }
    }
}

/// `2 bit 8 = 1`, `1 bits 8-7 = 10`, `3 = 4?`.
fn bits(text: &str) -> Option<Bits> {
    let (place, wanted) = text.split_once('=')?;
    let words: Vec<&str> = place.split_whitespace().collect();
    let wanted = wanted.trim();
    let (byte, high, low): (&str, u8, u8) = match words.as_slice() {
        [byte] => {
            let byte = byte.parse().ok().filter(|byte| *byte > 0)?;
            let [(mask, value)] = digits(wanted).ok()?.0.try_into().ok()?;
            return Some(Bits { byte, mask, value });
        }
        [byte, "bit", bit] => (byte, bit.parse().ok()?, bit.parse().ok()?),
        [byte, "bits", range] => {
            let (high, low) = range.split_once('-')?;
            (byte, high.parse().ok()?, low.parse().ok()?)
        }
        _ => return None,
    };
    let byte = byte.parse().ok().filter(|byte| *byte > 0)?;
    let inside = (1..=8).contains(&low) && (low..=8).contains(&high) && wanted.len() == usize::from(high - low + 1);
    let value = u8::from_str_radix(wanted, 2).ok().filter(|_| inside && !wanted.starts_with('+'))?;
    Some(Bits { byte, mask: (0xFF >> (8 - high)) & (0xFF << (low - 1)), value: value << (low - 1) })
}

fn digits(text: &str) -> Result<Digits, String> {
    let nibble = |c: char| match c {
        '?' => Some((0, 0)),
        c => c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).map(|digit| (0xF, digit)),
    };
    let nibbles: Option<Vec<(u8, u8)>> = text.chars().filter(|c| !c.is_whitespace()).map(nibble).collect();
    let wrong = || {
        format!(
            "`{text}` is neither hex with `?` for any digit nor one of present, absent, empty, length N, byte N bit M = 1, \
             not HEX, one of HEX HEX"
        )
    };
    let nibbles = nibbles.filter(|nibbles| !nibbles.is_empty()).ok_or_else(wrong)?;
    if nibbles.len() % 2 == 1 {
        return Err(format!("`{text}` has an odd number of hex digits"));
    }
    let byte = |pair: &[(u8, u8)]| pair.iter().fold((0, 0), |all, one| (all.0 << 4 | one.0, all.1 << 4 | one.1));
    Ok(Digits(nibbles.chunks(2).map(byte).collect()))
}

/// A value as findings show it: hex, `absent` or `empty`.
pub fn shown(value: Option<&[u8]>) -> String {
    match value {
        None => "absent".to_owned(),
        Some([]) => "empty".to_owned(),
        Some(value) => Hex(value).to_string(),
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |mask: u8, value: u8| match mask & 0xF {
            0 => '?',
            _ => char::from_digit(u32::from(value & 0xF), 16).unwrap_or('?').to_ascii_uppercase(),
        };
        self.bytes().try_for_each(|(mask, value)| write!(f, "{}{}", digit(mask >> 4, value >> 4), digit(mask, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(statement: &str, value: Option<&[u8]>) -> bool {
        statement.parse::<Statement>().unwrap().holds(value)
    }

    #[test]
    fn every_form_can_hold_and_fail() {
        let yes: &[(&str, Option<&[u8]>)] = &[
            ("9F02 ??0?", Some(&[0x9F, 0x02, 0x33, 0x04])),
            ("present", Some(&[])),
            ("absent", None),
            ("empty", Some(&[])),
            ("length 2", Some(&[1, 2])),
            ("byte 2 bit 8 = 1", Some(&[0, 0x80])),
            ("byte 1 bit 1 = 0", Some(&[0xFE])),
            ("byte 1 bits 8-7 = 10", Some(&[0xBF])),
            ("byte 1 = 4?", Some(&[0x4C])),
            ("not 0000", Some(&[0])),
            ("one of 00 4? 80", Some(&[0x4F])),
        ];
        let no: &[(&str, Option<&[u8]>)] = &[
            ("9F02", Some(&[0x9F, 0x02, 0])),
            ("9F02", None),
            ("present", None),
            ("absent", Some(&[])),
            ("empty", None),
            ("empty", Some(&[0])),
            ("length 0", None),
            ("byte 2 bit 8 = 0", Some(&[0])),
            ("byte 1 bits 8-7 = 10", Some(&[0xFF])),
            ("byte 1 = 4?", Some(&[0x5C])),
            ("not ??", Some(&[1])),
            ("not 00", None),
            ("one of 00 80", Some(&[0, 0x80])),
        ];
        yes.iter().for_each(|(statement, value)| assert!(holds(statement, *value), "{statement} {value:?}"));
        no.iter().for_each(|(statement, value)| assert!(!holds(statement, *value), "{statement} {value:?}"));
    }

    #[test]
    fn what_says_nothing_is_refused() {
        for text in [
            "",
            "9F0",
            "maybe",
            "length x",
            "byte 0 bit 1 = 1",
            "byte 1 bit 9 = 1",
            "byte 1 bit 1 = 2",
            "byte 1 bits 7-8 = 10",
            "byte 1 bits 8-7 = 1",
            "byte 1 bit 1 = +",
            "byte 1",
            "byte 0 = 00",
            "not",
            "one of ",
            "present 1",
        ] {
            assert!(text.parse::<Statement>().is_err(), "{text}: {:?}", text.parse::<Statement>());
        }
    }

    #[test]
    fn digits_are_shown_as_they_were_written() {
        assert_eq!(digits("9f 0? ?2").unwrap().to_string(), "9F0??2");
        assert_eq!(
            (shown(None), shown(Some(&[])), shown(Some(&[0xAB]))),
            ("absent".into(), "empty".into(), "AB".into())
        );
    }
}
