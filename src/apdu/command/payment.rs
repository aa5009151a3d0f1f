//! Commands of a payment application beyond its selection and its records.

use super::{Command, CommandTooLong};

/// The cryptogram that GENERATE AC asks for: P1, bits 8 and 7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CryptogramRequest {
    /// `00`: decline.
    #[default]
    Aac,
    /// `40`: approve offline.
    Tc,
    /// `80`: go online.
    Arqc,
}

impl CryptogramRequest {
    /// The bits in their places.
    pub const fn bits(self) -> u8 {
        match self {
            Self::Aac => 0x00,
            Self::Tc => 0x40,
            Self::Arqc => 0x80,
        }
    }

    /// From bits 8 and 7 of a byte; `None` for `11`, which is reserved.
    pub const fn from_bits(byte: u8) -> Option<Self> {
        match byte & 0xC0 {
            0x00 => Some(Self::Aac),
            0x40 => Some(Self::Tc),
            0x80 => Some(Self::Arqc),
            _ => None,
        }
    }

    /// As people name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aac => "AAC",
            Self::Tc => "TC",
            Self::Arqc => "ARQC",
        }
    }
}

impl Command {
    /// GENERATE AC (`80 AE`). `p1`: the cryptogram in bits 8 and 7, bit 5 for a combined signature (CDA); `data`: the values
    /// that the CDOL asks for, and for data storage those of the DSDOL after them.
    pub fn generate_ac(p1: u8, data: &[u8]) -> Result<Self, CommandTooLong> {
        Self::new("GENERATE AC", [0x80, 0xAE, p1, 0x00], data, true)
    }

    /// GET DATA (`80 CA`). `tag`: one or two bytes in P1 and P2; `None` for a longer tag.
    pub fn get_data(tag: crate::tlv::Tag) -> Option<Self> {
        let [high, low] = u16::try_from(tag.number()).ok()?.to_be_bytes();
        Self::new("GET DATA", [0x80, 0xCA, high, low], &[], true).ok()
    }

    /// PUT DATA (`80 DA`) without secure messaging. `tag`: one or two bytes in P1 and P2; no Le.
    pub fn put_data(tag: crate::tlv::Tag, value: &[u8]) -> Result<Self, CommandTooLong> {
        let [high, low] = u16::try_from(tag.number()).map_err(|_| CommandTooLong)?.to_be_bytes();
        Self::new("PUT DATA", [0x80, 0xDA, high, low], value, false)
    }

    /// COMPUTE CRYPTOGRAPHIC CHECKSUM (`80 2A 8E 80`). `data`: the values that the UDOL asks for.
    pub fn compute_cryptographic_checksum(data: &[u8]) -> Result<Self, CommandTooLong> {
        Self::new("COMPUTE CRYPTOGRAPHIC CHECKSUM", [0x80, 0x2A, 0x8E, 0x80], data, true)
    }

    /// EXCHANGE RELAY RESISTANCE DATA (`80 EA 00 00`). `entropy`: the terminal's, 4 bytes.
    pub fn exchange_relay_resistance_data(entropy: [u8; 4]) -> Self {
        let mut command =
            Self { name: "EXCHANGE RELAY RESISTANCE DATA", buffer: [0; 4 + 1 + super::DATA_MAX + 1], length: 0 };
        command.push(&[0x80, 0xEA, 0x00, 0x00, 0x04]);
        command.push(&entropy);
        command.push(&[0x00]);
        command
    }

    /// RECOVER AC (`D0 00 00`). `class`: 80, or 00 as some kernels send it; `data`: the values that the DRDOL asks for.
    pub fn recover_ac(class: u8, data: &[u8]) -> Result<Self, CommandTooLong> {
        Self::new("RECOVER AC", [class, 0xD0, 0x00, 0x00], data, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::Tag;

    #[track_caller]
    fn check(command: &Command, name: &str, bytes: &str) {
        assert_eq!((command.name(), hex::encode_upper(command.bytes())), (name, bytes.to_owned()));
    }

    #[test]
    fn headers_are_those_of_the_books() {
        check(&Command::generate_ac(0x90, &[1, 2]).unwrap(), "GENERATE AC", "80AE900002010200");
        check(&Command::get_data(Tag::new(0x9F50)).unwrap(), "GET DATA", "80CA9F5000");
        check(&Command::put_data(Tag::new(0x9F75), &[7]).unwrap(), "PUT DATA", "80DA9F750107");
        let checksum = Command::compute_cryptographic_checksum(&[0, 0, 8, 0x99]).unwrap();
        check(&checksum, "COMPUTE CRYPTOGRAPHIC CHECKSUM", "802A8E80040000089900");
        let exchange = Command::exchange_relay_resistance_data([1, 2, 3, 4]);
        check(&exchange, "EXCHANGE RELAY RESISTANCE DATA", "80EA0000040102030400");
        check(&Command::recover_ac(0x80, &[5]).unwrap(), "RECOVER AC", "80D00000010500");
        assert!(Command::get_data(Tag::new(0xDF8117)).is_none());
        assert!(Command::put_data(Tag::new(0x9F75), &[0; 256]).is_err());
    }

    #[test]
    fn a_request_is_two_bits() {
        for request in [CryptogramRequest::Aac, CryptogramRequest::Tc, CryptogramRequest::Arqc] {
            assert_eq!(CryptogramRequest::from_bits(request.bits() | 0x10), Some(request));
        }
        assert_eq!(CryptogramRequest::from_bits(0xC0), None);
    }
}
