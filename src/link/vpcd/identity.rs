//! What a reader says about a contactless card that is not from the card's chip: ATR and UID.

use core::fmt;

/// ATR and UID of a contactless card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    atr: Vec<u8>,
    uid: Vec<u8>,
}

/// Why there is no such card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// More than 15 historical bytes do not fit an ATR.
    HistoricalBytes(usize),
    /// A UID has 4, 7 or 10 bytes (ISO 14443-3, 6.5.4).
    Uid(usize),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HistoricalBytes(found) => write!(f, "there are at most 15 historical bytes, found {found}"),
            Self::Uid(found) => write!(f, "a UID has 4, 7 or 10 bytes, found {found}"),
        }
    }
}

impl core::error::Error for IdentityError {}

impl Identity {
    /// A card with these historical bytes in its ATS (ISO 14443-4, 5.2.7), 0 to 15, and this UID, 4, 7 or 10 bytes.
    ///
    /// # Errors
    /// [`IdentityError`] for other lengths.
    ///
    /// ```
    /// use emvtap::link::vpcd::Identity;
    ///
    /// let phone = Identity::new(&[], &[0x08, 0x11, 0x22, 0x33]).unwrap();
    /// assert_eq!(phone.atr(), [0x3B, 0x80, 0x80, 0x01, 0x01]);
    /// ```
    pub fn new(historical: &[u8], uid: &[u8]) -> Result<Self, IdentityError> {
        let count = u8::try_from(historical.len()).ok().filter(|count| *count <= 15);
        let count = count.ok_or(IdentityError::HistoricalBytes(historical.len()))?;
        if !matches!(uid.len(), 4 | 7 | 10) {
            return Err(IdentityError::Uid(uid.len()));
        }
        // PC/SC part 3, 3.1.3.2.3.1: T0 with TD1 and the count, TD1 and TD2 for T=0 and T=1, check byte over all but TS.
        let mut atr = vec![0x3B, 0x80 | count, 0x80, 0x01];
        atr.extend(historical);
        atr.push(atr.iter().skip(1).fold(0, |check, byte| check ^ byte));
        Ok(Self { atr, uid: uid.to_vec() })
    }

    /// A card like most phones: no historical bytes, and a UID that begins with 08, made up for this field
    /// (ISO 14443-3, 6.5.4), from a seed.
    pub fn phone(seed: u64) -> Self {
        let [a, b, c, ..] = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        Self { atr: vec![0x3B, 0x80, 0x80, 0x01, 0x01], uid: vec![0x08, a, b, c] }
    }

    /// The ATR.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// The UID.
    pub fn uid(&self) -> &[u8] {
        &self.uid
    }

    /// The reader's answer to a command of class FF: the UID or the historical bytes for GET DATA (PC/SC part 3, 3.2.2.1.3),
    /// else "function not supported". A length that is too short is answered with the right one, one that is too long with the
    /// data and "end of data".
    pub fn answer(&self, command: &[u8]) -> Vec<u8> {
        let historical = self.atr.get(4..self.atr.len().saturating_sub(1)).unwrap_or_default();
        let data = match command {
            [0xFF, 0xCA, 0x00, 0x00, ..] => &self.uid,
            [0xFF, 0xCA, 0x01, 0x00, ..] => historical,
            [0xFF, 0xCA, ..] => return vec![0x6A, 0x81],
            _ => return vec![0x6D, 0x00],
        };
        match command.get(4).copied().unwrap_or_default() {
            0 => [data, &[0x90, 0x00]].concat(),
            wanted if usize::from(wanted) == data.len() => [data, &[0x90, 0x00]].concat(),
            wanted if usize::from(wanted) > data.len() => [data, &[0x62, 0x82]].concat(),
            _ => vec![0x6C, u8::try_from(data.len()).unwrap_or_default()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ATRs of a contactless bank card and of two others, in the list of Ludovic Rousseau's pcsc-tools.
    #[test]
    fn an_atr_has_historical_bytes_and_a_check_byte() {
        for (historical, atr) in [("0302", "3B828001030202"), ("4792", "3B8280014792D6"), ("80", "3B8180018080")] {
            let card = Identity::new(&hex::decode(historical).unwrap(), &[1, 2, 3, 4]).unwrap();
            assert_eq!(hex::encode_upper(card.atr()), atr);
        }
        assert_eq!(Identity::new(&[0; 16], &[1, 2, 3, 4]), Err(IdentityError::HistoricalBytes(16)));
        assert_eq!(Identity::new(&[], &[1, 2]), Err(IdentityError::Uid(2)));
    }

    #[test]
    fn the_reader_answers_for_the_card() {
        let card = Identity::new(&[0x80], &[1, 2, 3, 4]).unwrap();
        for (command, answer) in [
            ("FFCA000000", "010203049000"),
            ("FFCA000004", "010203049000"),
            ("FFCA000003", "6C04"),
            ("FFCA00000A", "010203046282"),
            ("FFCA010000", "809000"),
            ("FFCA020000", "6A81"),
            ("FFB0000010", "6D00"),
        ] {
            assert_eq!(hex::encode_upper(card.answer(&hex::decode(command).unwrap())), answer, "{command}");
        }
    }
}
