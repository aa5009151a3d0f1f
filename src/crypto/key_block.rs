//! Key blocks (ANSI X9.143, TR-31): a key with its attributes, bound to each other under a key block protection key.
//!
//! Version D (AES) is written and read, version B (triple DES) read. The header is text of 16 characters, then optional blocks;
//! it is authenticated together with the key.

use core::fmt;

use super::{aes::AesKey, des::has_odd_parity, tdea::Tdea};
use zeroize::Zeroizing;

mod header;

pub use header::{Header, OptionalBlock};

/// Why a text is no key block that this key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyBlockError {
    /// A version that is not read here: its letter.
    Version(char),
    /// The text ends before the header does, or says another length than it has.
    Length {
        /// As the header says.
        said: usize,
        /// As it is.
        found: usize,
    },
    /// A field of the header is not what it may be: its name and what is there.
    Field(&'static str, String),
    /// The encrypted part is no hex, or no whole blocks.
    Data,
    /// The protection key has a length that the version does not have.
    ProtectionKey(usize),
    /// The MAC is not the computed one: another protection key, or a changed block.
    Mac {
        /// As computed.
        expected: Vec<u8>,
        /// As found.
        found: Vec<u8>,
    },
    /// The length inside is not that of a key.
    KeyLength(usize),
}

impl fmt::Display for KeyBlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(found) => write!(f, "version {found} is not read here; B and D are"),
            Self::Length { said, found } => write!(f, "the header says {said} characters, there are {found}"),
            Self::Field(name, found) => write!(f, "the {name} in the header is `{found}`"),
            Self::Data => f.write_str("what follows the header is no hex in whole blocks"),
            Self::ProtectionKey(found) => write!(f, "a protection key of {found} bytes does not go with the version"),
            Self::Mac { expected, found } => write!(
                f,
                "the MAC is {}, computed {}: another protection key, or the block was changed",
                crate::bytes::Hex(found),
                crate::bytes::Hex(expected)
            ),
            Self::KeyLength(bits) => write!(f, "the key inside says it has {bits} bits"),
        }
    }
}

impl core::error::Error for KeyBlockError {}

/// An opened key block.
pub struct Opened {
    /// The attributes
    pub header: Header,
    /// The key
    pub key: Zeroizing<Vec<u8>>,
}

impl Opened {
    /// Whether a triple DES key has odd parity; `None` for other keys.
    pub fn has_odd_parity(&self) -> Option<bool> {
        matches!(self.header.algorithm, 'T' | 'D').then(|| has_odd_parity(&self.key))
    }
}

/// What encrypts and what authenticates, derived from the protection key (X9.143, 5.3).
struct Keys {
    encryption: Zeroizing<Vec<u8>>,
    authentication: Zeroizing<Vec<u8>>,
}

/// Indicators of the derivation: what for, and which algorithm.
const ENCRYPTION: u8 = 0;
const AUTHENTICATION: u8 = 1;

impl Keys {
    fn aes(protection: &AesKey) -> Self {
        let length = protection.as_bytes().len();
        let algorithm = match protection {
            AesKey::Aes128(_) => 2,
            AesKey::Aes192(_) => 3,
            AesKey::Aes256(_) => 4,
        };
        let half = |usage| derive(length, usage, algorithm, |input| protection.cmac(&[input]).to_vec());
        Self { encryption: half(ENCRYPTION), authentication: half(AUTHENTICATION) }
    }

    /// `None` unless the key has 16 or 24 bytes.
    fn triple_des(protection: &[u8]) -> Option<Self> {
        let algorithm = match protection.len() {
            16 => 0,
            24 => 1,
            _ => return None,
        };
        let cipher = Tdea::from_bytes(protection)?;
        let mac = |input: &[u8]| cipher.cmac(&[input]).to_vec();
        let half = |usage| derive(protection.len(), usage, algorithm, mac);
        Some(Self { encryption: half(ENCRYPTION), authentication: half(AUTHENTICATION) })
    }
}

/// As many MACs over a counter and what the key is for as fill the key.
fn derive(length: usize, usage: u8, algorithm: u8, mac: impl Fn(&[u8]) -> Vec<u8>) -> Zeroizing<Vec<u8>> {
    let [.., bits_1, bits_2] = (length * 8).to_be_bytes();
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    for counter in 1..=3 {
        key.extend_from_slice(&Zeroizing::new(mac(&[counter, 0, usage, 0, 0, algorithm, bits_1, bits_2])));
    }
    key.truncate(length);
    key
}

/// Binds a key to its attributes in a block of version D. `random` fills what stands behind the key, as many bytes as it has,
/// and more zeros than needed are left out: so the length of short keys can be hidden. `header.version` becomes `D`.
///
/// # Errors
/// [`KeyBlockError::Field`] of a header that cannot be written, [`KeyBlockError::KeyLength`].
pub fn wrap(protection: &AesKey, header: &Header, key: &[u8], random: &[u8]) -> Result<String, KeyBlockError> {
    let bits = u16::try_from(key.len() * 8).map_err(|_| KeyBlockError::KeyLength(key.len() * 8))?;
    let mut clear = Zeroizing::new([&bits.to_be_bytes(), key, random].concat());
    let whole = clear.len().next_multiple_of(16);
    clear.resize(whole, 0);
    let header = header.write('D', clear.len() + 16)?;
    let keys = Keys::aes(protection);
    let mac = cmac(&keys.authentication, &header, &clear);
    let encrypted = AesKey::from_bytes(&keys.encryption).map(|key| key.encrypt_cbc(mac, &clear)).unwrap_or_default();
    Ok(format!("{header}{}{}", crate::bytes::Hex(&encrypted), crate::bytes::Hex(&mac)))
}

fn cmac(authentication: &[u8], header: &str, clear: &[u8]) -> [u8; 16] {
    AesKey::from_bytes(authentication).map(|key| key.cmac(&[header.as_bytes(), clear])).unwrap_or_default()
}

/// Opens a block of version B or D.
///
/// # Errors
/// [`KeyBlockError`]: the first thing that is wrong.
pub fn unwrap(protection: &[u8], block: &str) -> Result<Opened, KeyBlockError> {
    let (header, data) = Header::read(block)?;
    let text = block.get(..block.len() - data.len()).unwrap_or_default();
    let data = hex::decode(data).map_err(|_| KeyBlockError::Data)?;
    let clear = match header.version {
        'D' => open_d(protection, text, &data)?,
        'B' => open_b(protection, text, &data)?,
        other => return Err(KeyBlockError::Version(other)),
    };
    let (length, rest) = clear.split_first_chunk::<2>().ok_or(KeyBlockError::Data)?;
    let bits = usize::from(u16::from_be_bytes(*length));
    let key = rest.get(..bits / 8).filter(|_| bits > 0 && bits.is_multiple_of(8));
    let key = Zeroizing::new(key.ok_or(KeyBlockError::KeyLength(bits))?.to_vec());
    Ok(Opened { header, key })
}

fn open_d(protection: &[u8], header: &str, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyBlockError> {
    let key = AesKey::from_bytes(protection).ok_or(KeyBlockError::ProtectionKey(protection.len()))?;
    let keys = Keys::aes(&key);
    let (data, mac) = data.split_last_chunk::<16>().ok_or(KeyBlockError::Data)?;
    if data.is_empty() || !data.len().is_multiple_of(16) {
        return Err(KeyBlockError::Data);
    }
    let cipher = AesKey::from_bytes(&keys.encryption).ok_or(KeyBlockError::ProtectionKey(protection.len()))?;
    let clear = Zeroizing::new(cipher.decrypt_cbc(*mac, data));
    verify(&cmac(&keys.authentication, header, &clear), mac)?;
    Ok(clear)
}

fn open_b(protection: &[u8], header: &str, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyBlockError> {
    let keys = Keys::triple_des(protection).ok_or(KeyBlockError::ProtectionKey(protection.len()))?;
    let (data, mac) = data.split_last_chunk::<8>().ok_or(KeyBlockError::Data)?;
    if data.is_empty() || !data.len().is_multiple_of(8) {
        return Err(KeyBlockError::Data);
    }
    let cipher = |key| Tdea::from_bytes(key).ok_or(KeyBlockError::ProtectionKey(protection.len()));
    let clear = Zeroizing::new(cipher(&keys.encryption)?.decrypt_cbc(*mac, data));
    let computed = cipher(&keys.authentication)?.cmac(&[header.as_bytes(), &clear]);
    verify(&computed, mac)?;
    Ok(clear)
}

fn verify(expected: &[u8], found: &[u8]) -> Result<(), KeyBlockError> {
    if expected == found {
        return Ok(());
    }
    Err(KeyBlockError::Mac { expected: expected.to_vec(), found: found.to_vec() })
}
