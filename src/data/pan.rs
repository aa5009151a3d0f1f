//! Account numbers, as cn and as people write them.

use core::fmt;

/// A PAN of 1 to 19 digits, without padding: two are equal if their digits are.
///
/// `Display` and `Debug` mask it; [`Pan::reveal`] does not.
///
/// ```
/// use emvtap::data::Pan;
///
/// let pan = Pan::from_cn(&[0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x01, 0x19]).unwrap();
/// assert_eq!(pan.to_string(), "476173******0119");
/// assert_eq!(Some(pan), Pan::from_cn(&[0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x01, 0x19, 0xFF, 0xFF]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pan {
    digits: [u8; 19],
    length: u8,
}

impl Pan {
    /// From compressed numeric (5A): digits, then `F` to the end. `None` if there is anything else, or no digit, or more than 19.
    pub fn from_cn(value: &[u8]) -> Option<Self> {
        Self::from_nibbles(nibbles(value)).filter(|pan| nibbles(value).skip(pan.len()).all(|nibble| nibble == 0xF))
    }

    /// From the digits at the start of track data or compressed numeric, whatever follows. `None` if there is no digit, or
    /// more than 19.
    pub fn leading(value: &[u8]) -> Option<Self> {
        Self::from_nibbles(nibbles(value))
    }

    /// From text, digits only.
    pub fn parse(text: &str) -> Option<Self> {
        let values = text.bytes().map(|digit| if digit.is_ascii_digit() { digit - b'0' } else { 0xF });
        Self::from_nibbles(values).filter(|pan| pan.len() == text.len())
    }

    /// The digits up to the first nibble that is none.
    pub(super) fn from_nibbles(nibbles: impl Iterator<Item = u8>) -> Option<Self> {
        let (mut digits, mut length) = ([0; 19], 0_u8);
        for digit in nibbles.take_while(|nibble| *nibble < 10) {
            *digits.get_mut(usize::from(length))? = b'0' + digit;
            length += 1;
        }
        (length > 0).then_some(Self { digits, length })
    }

    /// How many digits it has.
    pub fn len(&self) -> usize {
        self.length.into()
    }

    /// Always false: a PAN has at least one digit.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// All digits, unmasked.
    pub fn reveal(&self) -> &str {
        core::str::from_utf8(self.ascii()).unwrap_or_default()
    }

    fn ascii(&self) -> &[u8] {
        self.digits.get(..self.len()).unwrap_or_default()
    }

    /// Whether the last digit is the check digit of the others (ISO/IEC 7812-1, Annex B).
    pub fn luhn(&self) -> bool {
        let sum: u32 = self.ascii().iter().rev().zip([1, 2].into_iter().cycle()).map(luhn_weight).sum();
        sum.is_multiple_of(10)
    }

    /// Compressed numeric in whole bytes, with one `F` after an odd number of digits.
    pub fn to_cn(&self) -> Vec<u8> {
        self.ascii()
            .chunks(2)
            .map(|pair| match *pair {
                [high, low] => (high - b'0') << 4 | (low - b'0'),
                [high] => (high - b'0') << 4 | 0x0F,
                _ => 0xFF,
            })
            .collect()
    }
}

fn luhn_weight((digit, weight): (&u8, u32)) -> u32 {
    let product = u32::from(digit - b'0') * weight;
    product / 10 + product % 10
}

/// First six and last four digits, `*` for the others. A PAN too short to hide anything that way shows the last four only, and
/// nothing from eight digits down.
impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = match self.len() {
            0..=8 => (0, 0),
            9..=12 => (0, 4),
            _ => (6, 4),
        };
        for (position, digit) in self.ascii().iter().enumerate() {
            let shown = position < first || position + last >= self.len();
            write!(f, "{}", if shown { char::from(*digit) } else { '*' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The nibbles of a byte string, high before low.
pub(super) fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_does_not_count_and_anything_else_is_refused() {
        let pan = Pan::from_cn(&[0x12, 0x34, 0x5F, 0xFF]).unwrap();
        assert_eq!(pan.reveal(), "12345");
        assert_eq!(pan.to_cn(), [0x12, 0x34, 0x5F]);
        assert_eq!(Some(pan), Pan::parse("12345"));
        for bad in [&[][..], &[0xFF], &[0x12, 0xF3], &[0x1A], &[0x12, 0xD0], &[0x11; 10]] {
            assert_eq!(Pan::from_cn(bad), None, "{bad:02X?}");
        }
        for bad in ["", "12 34", "１２", "12345678901234567890"] {
            assert_eq!(Pan::parse(bad), None, "{bad}");
        }
    }

    /// Numbers that payment gateways publish for their sandboxes, and the example of ISO/IEC 7812-1's method in Wikipedia.
    #[test]
    fn check_digits() {
        for good in ["4111111111111111", "378282246310005", "5555555555554444", "17893729974", "3530111333300000"] {
            assert!(Pan::parse(good).unwrap().luhn(), "{good}");
        }
        for bad in ["4111111111111112", "17893729973", "1"] {
            assert!(!Pan::parse(bad).unwrap().luhn(), "{bad}");
        }
    }

    #[test]
    fn masks_hide_the_middle() {
        for (pan, shown) in [
            ("4111111111111111", "411111******1111"),
            ("6799998900000200019", "679999*********0019"),
            ("1234567890123", "123456***0123"),
            ("123456789012", "********9012"),
            ("12345678", "********"),
        ] {
            assert_eq!(Pan::parse(pan).unwrap().to_string(), shown);
        }
    }
}
