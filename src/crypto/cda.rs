//! What CDA signs beside the unpredictable number (EMV Book 2, 6.6; the additions of Kernel 2 for data storage and relay
//! resistance).

use sha1::{Digest, Sha1};

use crate::bytes::Cursor;

/// Bytes of the relay resistance data at the end of the ICC dynamic data: terminal and device entropy of 4 bytes each, then
/// minimum, maximum and estimated transmission time of 2 each.
pub const RELAY_RESISTANCE_LENGTH: usize = 14;

/// The ICC dynamic data of a combined signature (Book 2, table 18).
///
/// ```
/// use emvtap::crypto::cda::DynamicData;
///
/// let data = DynamicData { icc_dynamic_number: &[0, 1], cid: 0x80, cryptogram: [7; 8], data_hash: [9; 20], more: &[] };
/// let bytes = data.to_bytes();
/// assert_eq!((bytes.len(), DynamicData::parse(&bytes)), (32, Some(data)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DynamicData<'a> {
    /// ICC Dynamic Number (9F4C), 2 to 8 bytes
    pub icc_dynamic_number: &'a [u8],
    /// Cryptogram Information Data (9F27)
    pub cid: u8,
    /// Application Cryptogram (9F26)
    pub cryptogram: [u8; 8],
    /// Transaction Data Hash Code: [`transaction_data_hash`]
    pub data_hash: [u8; 20],
    /// Whatever follows: for Kernel 2 DS Summary 2, DS Summary 3, relay resistance data, each as the transaction has it
    pub more: &'a [u8],
}

impl<'a> DynamicData<'a> {
    /// Takes the recovered ICC dynamic data apart; `None` if they are too short, or the number has not 2 to 8 bytes.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let length = cursor.byte().filter(|length| (2..=8).contains(length))?;
        let icc_dynamic_number = cursor.take(length.into())?;
        let cid = cursor.byte()?;
        let (cryptogram, data_hash) = (cursor.array()?, cursor.array()?);
        Some(Self { icc_dynamic_number, cid, cryptogram, data_hash, more: cursor.rest() })
    }

    /// The bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let length = u8::try_from(self.icc_dynamic_number.len()).unwrap_or(u8::MAX);
        let parts: [&[u8]; 6] =
            [&[length], self.icc_dynamic_number, &[self.cid], &self.cryptogram, &self.data_hash, self.more];
        parts.concat()
    }
}

/// Transaction Data Hash Code (Book 2, 6.6.1): SHA-1 over the values that the PDOL and the CDOLs of the transaction asked for,
/// in the order they were sent, and the objects of the answer to GENERATE AC with their tags and lengths, in their order and
/// without Signed Dynamic Application Data (9F4B).
pub fn transaction_data_hash(parts: &[&[u8]]) -> [u8; 20] {
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    /// The self-made chain of `crypto-vectors.json` (`self/cda`, `self/cda_rrp`), computed in Python.
    #[test]
    fn the_hash_and_the_parts_are_those_of_an_independent_signer() {
        let cdol = "000000001000000000000000005600000000020978250506008B55633B220000";
        let answer = "9F2701809F360200429F10120110A00003220000000000000000000000FF";
        let hash = transaction_data_hash(&[&bytes("000000001000"), &bytes(cdol), &bytes(answer)]);
        assert_eq!(hex::encode_upper(hash), "5BDE44DE0C8E4B2993E3AD976CB6C40F07416678");
        let signed = bytes(
            "08112233445566778880A1A2A3A4A5A6A7A85BDE44DE0C8E4B2993E3AD976CB6C40F074166788B55633BC0FFEE01001000500018",
        );
        let data = DynamicData::parse(&signed).unwrap();
        assert_eq!(data.icc_dynamic_number, bytes("1122334455667788"));
        assert_eq!((data.cid, data.cryptogram.to_vec()), (0x80, bytes("A1A2A3A4A5A6A7A8")));
        assert_eq!((data.data_hash, data.more), (hash, &bytes("8B55633BC0FFEE01001000500018")[..]));
        assert_eq!(data.more.len(), RELAY_RESISTANCE_LENGTH);
        assert_eq!(data.to_bytes(), signed);
    }

    #[test]
    fn too_little_is_nothing() {
        let data =
            DynamicData { icc_dynamic_number: &[1, 2], cid: 0, cryptogram: [0; 8], data_hash: [0; 20], more: &[] };
        let whole = data.to_bytes();
        assert!((0..whole.len()).all(|length| DynamicData::parse(&whole[..length]).is_none()));
        assert_eq!(DynamicData::parse(&[&[1], &whole[1..]].concat()), None);
        assert_eq!(DynamicData::parse(&[&[9], &whole[1..]].concat()), None);
    }
}
