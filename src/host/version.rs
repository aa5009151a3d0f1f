//! Cryptogram versions that an issuer knows.

use crate::crypto::{
    SymmetricKey,
    cryptogram::VisaCvn,
    method::{CardKey, Method},
    scheme::{VERSIONS, Version},
};

/// A version, with the name for people.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// `CVN 18`, `Mastercard CVN 16`.
    pub name: &'static str,
    pub method: Method,
    version: &'static Version,
}

impl Known {
    /// The version that issuer application data name. `rid`: of the application, if the record tells; two payment systems may
    /// mean different things by the same bytes.
    pub fn from_iad(rid: Option<[u8; 5]>, iad: &[u8]) -> Option<Self> {
        // Visa's are recognised by less than the whole data, so that too short ones get their name, too.
        let is_visa = rid.is_none_or(|rid| rid == [0xA0, 0x00, 0x00, 0x00, 0x03]);
        let visa = VisaCvn::from_iad(iad).filter(|_| is_visa).map(VisaCvn::method);
        let visa = visa.and_then(|method| VERSIONS.iter().find(|version| version.method == method));
        visa.or_else(|| Version::of_iad(rid, iad)).map(Self::of)
    }

    fn of(version: &'static Version) -> Self {
        let name = version.title.split([':', '(']).next().unwrap_or(version.title).trim_end();
        Self { name: name.strip_prefix("Visa ").unwrap_or(name), method: version.method, version }
    }

    /// The versions of the same payment system.
    pub fn relatives(self) -> impl Iterator<Item = Self> {
        VERSIONS.iter().filter(move |version| version.rid == self.version.rid).map(Self::of)
    }

    /// The card's key, from the issuer's; `None` if the version wants another kind of key.
    pub fn card_key(&self, issuer: &[u8; 16], pan: &[u8], sequence_number: u8) -> Option<SymmetricKey> {
        let issuer = match self.method.card_key {
            CardKey::C => SymmetricKey::aes(issuer)?,
            CardKey::A | CardKey::B => SymmetricKey::TripleDes(*issuer),
        };
        self.method.card_key.derive(&issuer, pan, sequence_number)
    }
}
