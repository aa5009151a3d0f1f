//! Track 2 Equivalent Data (57): what the second track of a magnetic stripe would hold (ISO/IEC 7813).

use core::fmt;

use super::pan::{Pan, nibbles};

/// The parts of a 57: PAN, `D`, expiry date YYMM, service code, discretionary data, one `F` if the number of digits is odd.
///
/// `Display` and `Debug` mask everything but the ends of the PAN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Track2 {
    /// The account number.
    pub pan: Pan,
    /// What follows the separator, as ASCII digits: at most 38 nibbles go into 19 bytes.
    rest: [u8; 38],
    length: usize,
}

/// Why a 57 is no track 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track2Error {
    /// More than 19 bytes.
    TooLong,
    /// The account number has no digit, or more than 19.
    Pan,
    /// What follows the account number is not `D`.
    Separator,
    /// Fewer than seven digits follow the separator: no room for expiry date and service code.
    Truncated,
    /// A nibble after the separator that is neither a digit nor padding at the end.
    Digit,
}

impl fmt::Display for Track2Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "track 2 has more than 19 bytes",
            Self::Pan => "the account number does not have 1 to 19 digits",
            Self::Separator => "no separator D after the account number",
            Self::Truncated => "fewer than seven digits after the separator",
            Self::Digit => "something else than digits after the separator",
        })
    }
}

impl core::error::Error for Track2Error {}

impl Track2 {
    /// Takes the value of a 57 apart.
    ///
    /// # Errors
    /// See [`Track2Error`].
    pub fn parse(value: &[u8]) -> Result<Self, Track2Error> {
        if value.len() > 19 {
            return Err(Track2Error::TooLong);
        }
        let pan = Pan::from_nibbles(nibbles(value)).ok_or(Track2Error::Pan)?;
        let mut after = nibbles(value).skip(pan.len());
        if after.next() != Some(0xD) {
            return Err(Track2Error::Separator);
        }
        let mut track = Self { pan, rest: [0; 38], length: 0 };
        for (place, digit) in track.rest.iter_mut().zip(after.by_ref().take_while(|nibble| *nibble < 10)) {
            *place = b'0' + digit;
            track.length += 1;
        }
        let first_other = pan.len() + 1 + track.length;
        match nibbles(value).skip(first_other).all(|nibble| nibble == 0xF) {
            false => Err(Track2Error::Digit),
            true if track.length < 7 => Err(Track2Error::Truncated),
            true => Ok(track),
        }
    }

    fn digits(&self) -> &str {
        self.rest.get(..self.length).and_then(|digits| core::str::from_utf8(digits).ok()).unwrap_or_default()
    }

    /// Expiry date, YYMM.
    pub fn expiry(&self) -> &str {
        self.digits().get(..4).unwrap_or_default()
    }

    /// Service code, three digits.
    pub fn service_code(&self) -> &str {
        self.digits().get(4..7).unwrap_or_default()
    }

    /// What the issuer put behind the service code, unmasked.
    pub fn discretionary(&self) -> &str {
        self.digits().get(7..).unwrap_or_default()
    }

    /// All of it as one string with `D` between account number and the rest, unmasked.
    pub fn reveal(&self) -> String {
        format!("{}D{}", self.pan.reveal(), self.digits())
    }
}

/// The masked account number, and `*` for every other digit.
impl fmt::Display for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}D{}", self.pan, "*".repeat(self.length))
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(hex: &str) -> Result<Track2, Track2Error> {
        Track2::parse(&hex::decode(hex).unwrap())
    }

    #[test]
    fn the_parts_of_a_track() {
        let track = parse("4761739001010119D22122011143804400000F").unwrap();
        assert_eq!(track.pan.reveal(), "4761739001010119");
        assert_eq!((track.expiry(), track.service_code()), ("2212", "201"));
        assert_eq!(track.discretionary(), "1143804400000");
        assert_eq!(track.reveal(), "4761739001010119D22122011143804400000");
        assert_eq!(track.to_string(), "476173******0119D********************");
        assert_eq!(parse("12345D2212201F").unwrap().discretionary(), "");
    }

    #[test]
    fn each_mistake_has_its_name() {
        for (hex, error) in [
            ("", Track2Error::Pan),
            ("D2212201", Track2Error::Pan),
            ("12345678901234567890D2212201FF", Track2Error::Pan),
            ("4761739001010119", Track2Error::Separator),
            ("4761739001010119A22122010F", Track2Error::Separator),
            ("4761739001010119D221220F", Track2Error::Truncated),
            ("4761739001010119D2212201A0", Track2Error::Digit),
            ("4761739001010119D2212201F1", Track2Error::Digit),
            ("4761739001010119D221220111438044000001234F", Track2Error::TooLong),
        ] {
            assert_eq!(parse(hex), Err(error), "{hex}");
        }
    }
}
