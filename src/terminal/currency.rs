//! Currencies of ISO 4217.

use iso_currency::Currency as Iso;

use crate::data::Amount;

/// A currency: how people call it, how cards do, and how many decimal places it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency(Iso);

impl Currency {
    /// From three letters (`EUR`) or three digits (`978`).
    pub fn parse(text: &str) -> Option<Self> {
        let by_number = || text.parse().ok().filter(|_| text.len() == 3).and_then(Iso::from_numeric);
        Iso::from_code(&text.to_ascii_uppercase()).or_else(by_number).map(Self)
    }

    /// From the value of 5F2A, n3.
    pub fn from_bcd([high, low]: [u8; 2]) -> Option<Self> {
        Self::parse(format!("{high:02X}{low:02X}").strip_prefix('0')?)
    }

    /// Three letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The name in English.
    pub fn name(self) -> String {
        self.0.name().to_owned()
    }

    /// The value of 5F2A: n3.
    pub fn to_bcd(self) -> [u8; 2] {
        let number = self.0.numeric();
        let digit = |place: u16| u8::try_from(number / place % 10).unwrap_or_default();
        [digit(100), digit(10) << 4 | digit(1)]
    }

    /// Decimal places; currencies without any unit below the major one have 0.
    pub fn exponent(self) -> u8 {
        self.0.exponent().and_then(|places| u8::try_from(places).ok()).unwrap_or(0)
    }

    /// An amount as people write it in this currency.
    pub fn parse_amount(self, text: &str) -> Option<Amount> {
        Amount::parse(text, self.exponent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_bcd_name_the_same_currency() {
        for (code, digits, bcd, exponent) in
            [("EUR", "978", [0x09, 0x78], 2), ("JPY", "392", [0x03, 0x92], 0), ("BHD", "048", [0x00, 0x48], 3)]
        {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.to_bcd(), bcd);
            assert_eq!(currency.exponent(), exponent);
            assert_eq!(Currency::parse(digits), Some(currency));
            assert_eq!(Currency::from_bcd(bcd), Some(currency));
        }
        assert_eq!(Currency::parse("EURO"), None);
        assert_eq!(Currency::parse("78"), None);
        assert_eq!(Currency::from_bcd([0x99, 0x78]), None);
    }
}
