//! AES DUKPT (ANSI X9.24-3): a key for every transaction between a terminal and a backend.
//!
//! A key serial number is 8 bytes of initial key identifier and a counter of 4 bytes. The backend derives a terminal's initial
//! key from the base derivation key; from there a chain of derivation keys, one for every bit of the counter that is set,
//! leads to the keys of a transaction.

use core::fmt;

use super::aes::AesKey;

/// What a key is for, as the derivation data have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUsage {
    /// Encrypts keys
    KeyEncryption,
    /// Encrypts PINs
    PinEncryption,
    /// Makes MACs
    MacGeneration,
    /// Verifies MACs
    MacVerification,
    /// Makes and verifies MACs
    MacBoth,
    /// Encrypts data
    DataEncryption,
    /// Decrypts data
    DataDecryption,
    /// Encrypts and decrypts data
    DataBoth,
    /// Derives other keys
    KeyDerivation,
    /// Derives initial keys
    InitialKey,
}

impl KeyUsage {
    /// Every usage that a transaction has keys for.
    pub const WORKING: [Self; 8] = [
        Self::PinEncryption,
        Self::MacGeneration,
        Self::MacVerification,
        Self::MacBoth,
        Self::DataEncryption,
        Self::DataDecryption,
        Self::DataBoth,
        Self::KeyEncryption,
    ];

    const fn code(self) -> [u8; 2] {
        match self {
            Self::KeyEncryption => [0x00, 0x02],
            Self::PinEncryption => [0x10, 0x00],
            Self::MacGeneration => [0x20, 0x00],
            Self::MacVerification => [0x20, 0x01],
            Self::MacBoth => [0x20, 0x02],
            Self::DataEncryption => [0x30, 0x00],
            Self::DataDecryption => [0x30, 0x01],
            Self::DataBoth => [0x30, 0x02],
            Self::KeyDerivation => [0x80, 0x00],
            Self::InitialKey => [0x80, 0x01],
        }
    }

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyEncryption => "key-encryption",
            Self::PinEncryption => "pin-encryption",
            Self::MacGeneration => "mac-generation",
            Self::MacVerification => "mac-verification",
            Self::MacBoth => "mac-both",
            Self::DataEncryption => "data-encryption",
            Self::DataDecryption => "data-decryption",
            Self::DataBoth => "data-both",
            Self::KeyDerivation => "key-derivation",
            Self::InitialKey => "initial-key",
        }
    }
}

/// What kind of key is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Two-key triple DES, 16 bytes
    TwoKeyTripleDes,
    /// Three-key triple DES, 24 bytes
    ThreeKeyTripleDes,
    /// AES, 16 bytes
    Aes128,
    /// AES, 24 bytes
    Aes192,
    /// AES, 32 bytes
    Aes256,
}

impl KeyType {
    /// The type of an AES key.
    pub const fn of(key: &AesKey) -> Self {
        match key {
            AesKey::Aes128(_) => Self::Aes128,
            AesKey::Aes192(_) => Self::Aes192,
            AesKey::Aes256(_) => Self::Aes256,
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::TwoKeyTripleDes => 0,
            Self::ThreeKeyTripleDes => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
        }
    }

    /// Bytes of the key.
    #[allow(clippy::len_without_is_empty, reason = "a key is never empty")]
    pub const fn len(self) -> usize {
        match self {
            Self::TwoKeyTripleDes | Self::Aes128 => 16,
            Self::ThreeKeyTripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Bits of strength, by which no key may be stronger than the one it comes from (X9.24-3, 6.3).
    const fn strength(self) -> u32 {
        match self {
            Self::TwoKeyTripleDes => 80,
            Self::ThreeKeyTripleDes => 112,
            Self::Aes128 => 128,
            Self::Aes192 => 192,
            Self::Aes256 => 256,
        }
    }
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DukptError {
    /// The counter is zero: no transaction has that.
    CounterZero,
    /// More than 16 bits of the counter are set, and it is not FFFFFFFF: terminals skip such counters.
    CounterBits(u32),
    /// The wanted key is stronger than the one it would come from.
    Strength,
}

impl fmt::Display for DukptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CounterZero => f.write_str("the counter is zero: the first transaction has 00000001"),
            Self::CounterBits(bits) => {
                write!(f, "{bits} bits of the counter are set: terminals skip counters with more than 16")
            }
            Self::Strength => f.write_str("the wanted key is stronger than the key it comes from"),
        }
    }
}

impl core::error::Error for DukptError {}

/// The counter of the key that a terminal gets its next initial key with.
pub const UPDATE: u32 = u32::MAX;

/// A terminal's initial key, of the type of the base derivation key.
pub fn initial_key(base: &AesKey, identifier: [u8; 8]) -> AesKey {
    let kind = KeyType::of(base);
    derived(base, kind, &derive(base, KeyUsage::InitialKey, kind, identifier))
}

/// The derivation key of a transaction: one step for every bit of the counter that is set, from the left. `watch` sees the
/// counter so far and the key of every step.
///
/// # Errors
/// [`DukptError::CounterZero`], [`DukptError::CounterBits`].
pub fn derivation_key(
    initial: &AesKey,
    identifier: [u8; 8],
    counter: u32,
    watch: &mut dyn FnMut(u32, &AesKey),
) -> Result<AesKey, DukptError> {
    match counter.count_ones() {
        0 => return Err(DukptError::CounterZero),
        bits if bits > 16 && counter != UPDATE => return Err(DukptError::CounterBits(bits)),
        _ => {}
    }
    let kind = KeyType::of(initial);
    let (mut key, mut so_far) = (initial.clone(), 0);
    for bit in (0..u32::BITS).rev().map(|shift| 1u32 << shift).filter(|bit| counter & bit != 0) {
        so_far |= bit;
        let bytes = derive(&key, KeyUsage::KeyDerivation, kind, transaction(identifier, so_far));
        key = derived(&key, kind, &bytes);
        watch(so_far, &key);
    }
    Ok(key)
}

/// A key of a transaction from its derivation key.
///
/// # Errors
/// [`DukptError::Strength`].
pub fn working_key(
    derivation: &AesKey,
    identifier: [u8; 8],
    counter: u32,
    usage: KeyUsage,
    kind: KeyType,
) -> Result<zeroize::Zeroizing<Vec<u8>>, DukptError> {
    if kind.strength() > KeyType::of(derivation).strength() {
        return Err(DukptError::Strength);
    }
    Ok(derive(derivation, usage, kind, transaction(identifier, counter)))
}

/// The second half of the identifier, and the counter.
fn transaction([_, _, _, _, a, b, c, d]: [u8; 8], counter: u32) -> [u8; 8] {
    let [e, f, g, h] = counter.to_be_bytes();
    [a, b, c, d, e, f, g, h]
}

/// As many blocks as the key needs, each the encryption of the derivation data with its number.
fn derive(from: &AesKey, usage: KeyUsage, kind: KeyType, tail: [u8; 8]) -> zeroize::Zeroizing<Vec<u8>> {
    let ([usage_1, usage_2], bits) = (usage.code(), kind.len() * 8);
    let [.., bits_1, bits_2] = bits.to_be_bytes();
    let [a, b, c, d, e, f, g, h] = tail;
    let block =
        |number| from.encrypt([1, number, usage_1, usage_2, 0, kind.code(), bits_1, bits_2, a, b, c, d, e, f, g, h]);
    let mut key = zeroize::Zeroizing::new([block(1), block(2)].concat());
    key.truncate(kind.len());
    key
}

/// The key of these bytes, which are as many as `kind` says; `like` only keeps this free of failures.
fn derived(like: &AesKey, kind: KeyType, bytes: &[u8]) -> AesKey {
    AesKey::from_bytes(bytes.get(..kind.len()).unwrap_or_default()).unwrap_or_else(|| like.clone())
}
