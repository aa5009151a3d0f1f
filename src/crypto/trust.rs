//! CA public keys, revoked issuer certificates (EMV Book 2, 11.2.2 and 5.1.2), and cards that are not to be trusted.

use sha1::{Digest, Sha1};

use super::rsa::{KeyError, PublicKey};
use crate::{data::Pan, time::Date};

/// A CA public key.
#[derive(Clone, Debug)]
pub struct CaKey {
    /// Registered application provider identifier
    pub rid: [u8; 5],
    /// Index (8F)
    pub index: u8,
    /// The key
    pub key: PublicKey,
    /// Last day of validity, if the terminal knows one. No recovery step looks at it: whether an expired key is still
    /// used is the terminal's policy (Book 2, 11.2.3).
    pub expires: Option<Date>,
}

impl CaKey {
    /// A key without a last day. `modulus`: 64 to 248 bytes, `exponent`: 03 or 010001.
    pub fn new(rid: [u8; 5], index: u8, modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { rid, index, key: PublicKey::new(modulus, exponent)?, expires: None })
    }

    /// SHA-1(RID, index, modulus, exponent), as published with the key (Book 2, table 27).
    pub fn checksum(&self) -> [u8; 20] {
        Sha1::new()
            .chain_update(self.rid)
            .chain_update([self.index])
            .chain_update(self.key.modulus())
            .chain_update(self.key.exponent())
            .finalize()
            .into()
    }

    /// Whether the last day of validity is known and before `today`.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}

/// A revoked issuer certificate (Book 2, table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// Registered application provider identifier
    pub rid: [u8; 5],
    /// Index of the CA key
    pub index: u8,
    /// Serial number of the issuer certificate
    pub serial: [u8; 3],
}

/// A card that the terminal must not take offline: an entry of its exception file (EMV Book 3, 10.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exception {
    /// The account
    pub pan: Pan,
    /// PAN sequence number (5F34) in BCD; `None` for every card of the account.
    pub sequence_number: Option<u8>,
}

/// What the terminal trusts and no longer trusts.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// CA public keys
    pub ca_keys: Vec<CaKey>,
    /// Certification revocation list
    pub revoked: Vec<Revocation>,
    /// Exception file
    pub exceptions: Vec<Exception>,
}

impl Trust {
    /// The CA key of this RID and index.
    pub fn ca_key(&self, rid: &[u8], index: u8) -> Option<&CaKey> {
        self.ca_keys.iter().find(|key| key.rid == rid && key.index == index)
    }

    /// Whether the issuer certificate of this serial number, signed with this CA key, is on the revocation list.
    pub fn is_revoked(&self, ca: &CaKey, serial: [u8; 3]) -> bool {
        self.revoked.contains(&Revocation { rid: ca.rid, index: ca.index, serial })
    }

    /// Whether a card is on the exception file. A card without PAN sequence number counts as number 00.
    pub fn is_exception(&self, pan: &Pan, sequence_number: Option<u8>) -> bool {
        let number = sequence_number.unwrap_or_default();
        let covers = |entry: &Exception| entry.pan == *pan && entry.sequence_number.is_none_or(|other| other == number);
        self.exceptions.iter().any(covers)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::key, *};

    #[test]
    fn a_key_is_found_by_rid_and_index() {
        let public = key(512, 3);
        let ca = |index| CaKey::new(*b"RIDxx", index, public.public().modulus(), &[3]).unwrap();
        let trust = Trust { ca_keys: vec![ca(1), ca(2)], ..Trust::default() };
        assert_eq!(trust.ca_key(b"RIDxx", 2).map(|key| key.index), Some(2));
        assert!(trust.ca_key(b"RIDxx", 3).is_none());
        assert!(trust.ca_key(b"RIDyy", 2).is_none());
        assert!(trust.ca_key(&[], 2).is_none());
    }

    #[test]
    fn a_card_is_an_exception_by_its_account_and_number() {
        let pan = |text| Pan::parse(text).unwrap();
        let entry = |text, sequence_number| Exception { pan: pan(text), sequence_number };
        let exceptions = vec![entry("4761739001010010", None), entry("4761739001010119", Some(0x01))];
        let trust = Trust { exceptions, ..Trust::default() };
        for (text, number, expected) in [
            ("4761739001010010", None, true),
            ("4761739001010010", Some(0x07), true),
            ("476173900101001", None, false),
            ("4761739001010119", Some(0x01), true),
            ("4761739001010119", Some(0x02), false),
            ("4761739001010119", None, false),
        ] {
            assert_eq!(trust.is_exception(&pan(text), number), expected, "{text} {number:?}");
        }
    }

    #[test]
    fn a_key_expires_after_its_last_day() {
        let public = key(512, 3);
        let mut ca = CaKey::new(*b"RIDxx", 1, public.public().modulus(), &[3]).unwrap();
        assert!(!ca.is_expired(Date::new(2099, 1, 1).unwrap()));
        ca.expires = Date::new(2027, 12, 31);
        assert!(!ca.is_expired(Date::new(2027, 12, 31).unwrap()));
        assert!(ca.is_expired(Date::new(2028, 1, 1).unwrap()));
    }
}
