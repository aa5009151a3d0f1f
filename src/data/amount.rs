//! Amounts in minor units, as n12 and as people write them.

use core::fmt;

/// An amount in minor units of its currency: 0 to 999,999,999,999.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u64);

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// From minor units; `None` beyond twelve digits.
    pub const fn new(minor_units: u64) -> Option<Self> {
        if minor_units > 999_999_999_999 { None } else { Some(Self(minor_units)) }
    }

    /// The minor units.
    pub const fn minor_units(self) -> u64 {
        self.0
    }

    /// From n12, six bytes of BCD (9F02, 9F03); `None` if a nibble is no digit.
    pub fn from_bcd(bcd: [u8; 6]) -> Option<Self> {
        bcd.iter()
            .flat_map(|byte| [byte >> 4, byte & 0x0F])
            .try_fold(0_u64, |sum, digit| (digit < 10).then(|| sum * 10 + u64::from(digit)))
            .map(Self)
    }

    /// To n12.
    pub fn to_bcd(self) -> [u8; 6] {
        let mut bcd = [0; 6];
        let mut rest = self.0;
        for byte in bcd.iter_mut().rev() {
            *byte = u8::try_from(rest % 10 + rest / 10 % 10 * 16).unwrap_or_default();
            rest /= 100;
        }
        bcd
    }

    /// From text like `25`, `25.5` or `25.00`, in a currency with `exponent` decimal places.
    pub fn parse(text: &str, exponent: u8) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let places = usize::from(exponent);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > places || text.ends_with('.') {
            return None;
        }
        let number = format!("{whole}{fraction:0<places$}");
        Self::new(number.trim_start_matches('0').parse().or_else(|_| number.parse()).ok()?)
    }

    /// As people write it: `25.00`. Nothing is written before it is shown.
    pub const fn display(self, exponent: u8) -> impl fmt::Display {
        Written { amount: self, exponent }
    }
}

struct Written {
    amount: Amount,
    exponent: u8,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.amount.0;
        let places = usize::from(self.exponent);
        if places == 0 {
            return write!(f, "{units}");
        }
        let unit = 10_u64.checked_pow(self.exponent.into());
        let (whole, fraction) = unit.map_or((0, units), |unit| (units / unit, units % unit));
        write!(f, "{whole}.{fraction:0>places$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_bcd_and_minor_units_agree() {
        for (text, exponent, units, bcd) in [
            ("25.00", 2, 2500, [0, 0, 0, 0, 0x25, 0]),
            ("25", 2, 2500, [0, 0, 0, 0, 0x25, 0]),
            ("0.5", 2, 50, [0, 0, 0, 0, 0, 0x50]),
            ("100", 0, 100, [0, 0, 0, 0, 1, 0]),
            ("9999999999.99", 2, 999_999_999_999, [0x99; 6]),
        ] {
            let amount = Amount::parse(text, exponent).unwrap();
            assert_eq!(amount.minor_units(), units, "{text}");
            assert_eq!(amount.to_bcd(), bcd, "{text}");
            assert_eq!(Amount::from_bcd(bcd), Some(amount));
        }
        assert_eq!(Amount::new(5).unwrap().display(2).to_string(), "0.05");
        assert_eq!(Amount::new(5).unwrap().display(0).to_string(), "5");
        assert_eq!(Amount::new(120).unwrap().display(20).to_string(), "0.00000000000000000120");
    }

    #[test]
    fn nonsense_is_no_amount() {
        for bad in ["", ".", "1.", ".5", "1.234", "-1", "1,00", "1e3", "10000000000.00", "٣"] {
            assert_eq!(Amount::parse(bad, 2), None, "{bad}");
        }
        assert_eq!(Amount::from_bcd([0xA0, 0, 0, 0, 0, 0]), None);
    }
}
