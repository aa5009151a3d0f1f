//! Secure messaging of issuer scripts: the MAC at the end of a command, and enciphered command data (Book 2, 9; Visa and
//! Mastercard).

use super::{
    aes::AesKey,
    derive::{common_session_key, common_session_key_aes, unionpay_session_key, visa_messaging_session_key},
    des::{Padding, TripleDes},
    method::Mac,
    modes::{pad_iso, unpad_iso},
    symmetric::SymmetricKey,
};

/// How a payment system protects the commands of issuer scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Messaging {
    /// Visa, CVN 10, 17 and 18: session key from the counter
    Visa,
    /// Visa, CVN 22: common session key
    VisaCommon,
    /// Mastercard, triple DES: common session key
    Mastercard,
    /// Mastercard, AES
    MastercardAes,
    /// Interac: only command and data are authenticated
    Interac,
    /// Common Core Definitions, triple DES: format 1, chained
    Ccd,
    /// Common Core Definitions, AES
    CcdAes,
    /// UnionPay: session key from the counter and its complement
    UnionPay,
}

/// A command of a script and the transaction it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// CLA INS P1 P2 Lc, with the length that counts the MAC
    pub header: [u8; 5],
    /// Counter of the transaction (9F36)
    pub atc: [u8; 2],
    /// Cryptogram of the transaction (9F26); for a second command in format 1, the MAC of the one before
    pub arqc: [u8; 8],
    /// Command data without the MAC, enciphered if they are; in format 1 the data object that holds them
    pub data: &'a [u8],
}

impl Messaging {
    /// The session key of one transaction from a card's master key for messaging. `None` if the key is of the other cipher.
    pub fn session_key(self, card: &SymmetricKey, atc: [u8; 2], arqc: [u8; 8]) -> Option<SymmetricKey> {
        match (self, card) {
            (Self::Visa, SymmetricKey::TripleDes(key)) => {
                Some(SymmetricKey::TripleDes(visa_messaging_session_key(key, atc)))
            }
            (Self::UnionPay, SymmetricKey::TripleDes(key)) => {
                Some(SymmetricKey::TripleDes(unionpay_session_key(key, atc)))
            }
            (Self::MastercardAes | Self::CcdAes, SymmetricKey::Aes(key)) => {
                let r = u128::from(u64::from_be_bytes(arqc)) << 64;
                Some(SymmetricKey::Aes(common_session_key_aes(key, r.to_be_bytes())))
            }
            (Self::MastercardAes | Self::CcdAes, SymmetricKey::TripleDes(_)) | (_, SymmetricKey::Aes(_)) => None,
            (_, SymmetricKey::TripleDes(key)) => Some(SymmetricKey::TripleDes(common_session_key(key, arqc))),
        }
    }

    /// Whether the command data stand in data objects (format 1) instead of by themselves.
    pub const fn has_data_objects(self) -> bool {
        matches!(self, Self::Ccd | Self::CcdAes)
    }

    /// What the MAC is over, before its padding.
    pub fn mac_input(self, script: Script<'_>) -> Vec<u8> {
        let [cla, ins, p1, p2, _] = script.header;
        match self {
            Self::Interac => [&script.header[..], script.data].concat(),
            Self::Ccd => {
                let data = if script.data.is_empty() { Vec::new() } else { pad_iso::<8>(script.data) };
                [&script.arqc[..], &pad_iso::<8>(&[cla, ins, p1, p2]), &data].concat()
            }
            Self::CcdAes => {
                let data = if script.data.is_empty() { Vec::new() } else { pad_iso::<16>(script.data) };
                [&script.arqc[..], &[0; 8], &pad_iso::<16>(&[cla, ins, p1, p2]), &data].concat()
            }
            _ => [&script.header[..], &script.atc, &script.arqc, script.data].concat(),
        }
    }

    /// The MAC, 8 bytes; commands carry 4 to 8 of them from the left. `None` if the key is of the other cipher.
    pub fn mac(self, session_key: &SymmetricKey, script: Script<'_>) -> Option<[u8; 8]> {
        self.mac_kind().compute(session_key, &[&self.mac_input(script)])
    }

    /// How the MAC is computed.
    pub const fn mac_kind(self) -> Mac {
        match self {
            Self::MastercardAes | Self::CcdAes => Mac::Cmac,
            // The blocks of format 1 are whole already.
            Self::Ccd => Mac::Retail(Padding::Zero),
            _ => Mac::Retail(Padding::Iso),
        }
    }

    /// Command data as they are before encipherment, padded: Visa puts their length before them, Mastercard pads only what
    /// is no whole block.
    pub fn pad(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Visa | Self::VisaCommon | Self::UnionPay => {
                let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
                pad_iso::<8>(&[&[length], data].concat())
            }
            Self::Mastercard | Self::Interac if !data.is_empty() && data.len().is_multiple_of(8) => data.to_vec(),
            Self::MastercardAes | Self::CcdAes => pad_iso::<16>(data),
            _ => pad_iso::<8>(data),
        }
    }

    /// Enciphers command data, padding included. `None` if the key is of the other cipher.
    pub fn encipher(self, session_key: &SymmetricKey, data: &[u8]) -> Option<Vec<u8>> {
        let padded = self.pad(data);
        match session_key {
            SymmetricKey::TripleDes(key) => self.triple_des(key).map(|(cipher, ecb)| {
                if ecb { cipher.encrypt_ecb(&padded) } else { cipher.encrypt_cbc([0; 8], &padded) }
            }),
            SymmetricKey::Aes(key) => self.aes(key).map(|key| key.encrypt_cbc([0; 16], &padded)),
        }
    }

    /// Deciphers command data and takes the padding off. `None` if the key is of the other cipher, or there is no padding
    /// where there has to be one.
    pub fn decipher(self, session_key: &SymmetricKey, data: &[u8]) -> Option<Vec<u8>> {
        let padded = match session_key {
            SymmetricKey::TripleDes(key) => {
                let (cipher, ecb) = self.triple_des(key)?;
                if ecb { cipher.decrypt_ecb(data) } else { cipher.decrypt_cbc([0; 8], data) }
            }
            SymmetricKey::Aes(key) => self.aes(key)?.decrypt_cbc([0; 16], data),
        };
        match self {
            Self::Visa | Self::VisaCommon | Self::UnionPay => {
                let (length, rest) = padded.split_first()?;
                rest.get(..usize::from(*length)).map(<[u8]>::to_vec)
            }
            Self::Mastercard | Self::Interac => Some(unpad_iso(&padded).unwrap_or(&padded).to_vec()),
            _ => unpad_iso(&padded).map(<[u8]>::to_vec),
        }
    }

    /// The cipher, and whether its blocks stand alone.
    fn triple_des(self, key: &[u8; 16]) -> Option<(TripleDes, bool)> {
        match self {
            Self::MastercardAes | Self::CcdAes => None,
            Self::Visa | Self::VisaCommon | Self::UnionPay => Some((TripleDes::new(key), true)),
            _ => Some((TripleDes::new(key), false)),
        }
    }

    fn aes(self, key: &AesKey) -> Option<&AesKey> {
        matches!(self, Self::MastercardAes | Self::CcdAes).then_some(key)
    }
}

/// The PIN block of Visa's PIN CHANGE: length and digits, filled with F, with the second half of the left half of the card's
/// key for cryptograms added, and the current PIN if there is one. PINs are digits, 4 to 12; `None` otherwise.
pub fn visa_pin_block(card_key: &[u8; 16], pin: &str, current: Option<&str>) -> Option<[u8; 8]> {
    let digits = |pin: &str| (4..=12).contains(&pin.len()) && pin.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(pin) || !current.is_none_or(digits) {
        return None;
    }
    let [_, _, _, _, a, b, c, d, ..] = *card_key;
    let mut block = [0; 8];
    hex::decode_to_slice(format!("{:02X}{pin:F<14}", pin.len()), &mut block).ok()?;
    let mut with = [0; 8];
    hex::decode_to_slice(format!("{:0<16}", current.unwrap_or_default()), &mut with).ok()?;
    let block = super::modes::exclusive_or(block, [0, 0, 0, 0, a, b, c, d]);
    Some(super::modes::exclusive_or(block, with))
}
