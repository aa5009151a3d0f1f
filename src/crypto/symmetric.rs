//! A key of either cipher, where the method decides which.

use core::fmt;

use zeroize::Zeroize;

use super::aes::AesKey;

/// A secret key. Zeroised on drop, never printed.
#[derive(Clone)]
pub enum SymmetricKey {
    /// Two-key triple DES, KL then KR
    TripleDes([u8; 16]),
    /// AES of any length
    Aes(AesKey),
}

impl SymmetricKey {
    /// A triple DES key of 16 bytes; `None` for another length.
    pub fn triple_des(key: &[u8]) -> Option<Self> {
        key.try_into().ok().map(Self::TripleDes)
    }

    /// An AES key of 16, 24 or 32 bytes; `None` for another length.
    pub fn aes(key: &[u8]) -> Option<Self> {
        AesKey::from_bytes(key).map(Self::Aes)
    }

    /// The same bytes as a key of AES or of triple DES; `None` if that has no keys of this length.
    pub fn of_cipher(&self, aes: bool) -> Option<Self> {
        if aes { Self::aes(self.as_bytes()) } else { Self::triple_des(self.as_bytes()) }
    }

    /// The bytes of the key.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::TripleDes(key) => key,
            Self::Aes(key) => key.as_bytes(),
        }
    }
}

impl Drop for SymmetricKey {
    fn drop(&mut self) {
        if let Self::TripleDes(key) = self {
            key.zeroize();
        }
    }
}

impl fmt::Debug for SymmetricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TripleDes(_) => f.write_str("SymmetricKey(triple DES, secret)"),
            Self::Aes(key) => write!(f, "SymmetricKey({key:?})"),
        }
    }
}
