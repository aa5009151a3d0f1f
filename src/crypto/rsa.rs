//! Raw RSA with message recovery, as EMV's certificates use it (EMV Book 2, B2.1, 5.1).

use core::fmt;

use crypto_bigint::{BoxedUint, ConcatenatingMul};

use self::modulus::Modulus;
use super::crt::{Crt, prepare};

/// Largest modulus, in bytes (Book 2, table 28).
pub const MODULUS_MAX: usize = 248;

/// Smallest modulus, in bytes: smaller keys carry no certificate or signature.
pub const MODULUS_MIN: usize = 64;

/// Why bytes are not a usable key, or not a number for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The modulus has fewer than 64 or more than 248 bytes.
    ModulusLength,
    /// The modulus is even or its top bit is clear.
    Modulus,
    /// The exponent is neither 3 (03) nor 65537 (010001).
    Exponent,
    /// The primes are not two different odd primes that go with the exponent.
    Primes,
    /// The input is not as long as the modulus, not below it, or too long for what is to be signed.
    Input,
}

impl KeyError {
    /// What is wrong, for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::ModulusLength => "a modulus has 64 to 248 bytes",
            Self::Modulus => "a modulus is odd and its top bit is set",
            Self::Exponent => "an exponent is 03 or 010001",
            Self::Primes => "these are not two different odd primes that go with the exponent",
            Self::Input => "the input does not fit the key",
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for KeyError {}

/// The exponents EMV allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exponent {
    Three,
    F4,
}

impl Exponent {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [3] => Some(Self::Three),
            [1, 0, 1] => Some(Self::F4),
            _ => None,
        }
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Three => &[3],
            Self::F4 => &[1, 0, 1],
        }
    }
}

/// A public key, its reduction parameters prepared once.
#[derive(Clone)]
pub struct PublicKey {
    modulus: Vec<u8>,
    exponent: Exponent,
    prepared: Modulus,
}

impl PublicKey {
    /// `modulus`: 64 to 248 bytes, odd, top bit set. `exponent`: 03 or 010001.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        if !(MODULUS_MIN..=MODULUS_MAX).contains(&modulus.len()) {
            return Err(KeyError::ModulusLength);
        }
        if modulus.first().is_none_or(|byte| byte & 0x80 == 0) {
            return Err(KeyError::Modulus);
        }
        if modulus.last().is_none_or(|byte| byte & 1 == 0) {
            return Err(KeyError::Modulus);
        }
        let exponent = Exponent::from_bytes(exponent).ok_or(KeyError::Exponent)?;
        Ok(Self { modulus: modulus.to_vec(), exponent, prepared: Modulus::new(modulus) })
    }

    /// Bytes of the modulus: 64 to 248.
    #[allow(clippy::len_without_is_empty, reason = "a modulus is never empty")]
    pub fn len(&self) -> usize {
        self.modulus.len()
    }

    /// The modulus, big-endian, `len()` bytes.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The exponent: 03 or 010001.
    pub fn exponent(&self) -> &[u8] {
        self.exponent.bytes()
    }

    /// signature^e mod n, in `len()` bytes. `Input` if the signature is not as long as the modulus or not below it.
    pub fn recover(&self, signature: &[u8]) -> Result<Vec<u8>, KeyError> {
        if !self.is_below(signature) {
            return Err(KeyError::Input);
        }
        let power = match self.exponent {
            Exponent::Three => self.prepared.cube(signature),
            Exponent::F4 => self.prepared.power_65537(signature),
        };
        Ok(rightmost(&power, self.len()))
    }

    /// Whether `bytes` are as long as the modulus and, as a number, below it.
    fn is_below(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.len() && bytes < self.modulus()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("modulus", &crate::bytes::Hex(&self.modulus))
            .field("exponent", &crate::bytes::Hex(self.exponent()))
            .finish()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }
}

impl Eq for PublicKey {}

/// A private key in CRT form. Signs in constant time; zeroised on drop, never printed.
pub struct PrivateKey {
    public: PublicKey,
    crt: Box<dyn Crt>,
}

impl PrivateKey {
    /// From the primes, big-endian, and the exponent, 03 or 010001. The modulus is their product and must be one that
    /// [`PublicKey::new`] takes. One signature is made and recovered, so that primes that are none are found here.
    pub fn from_primes(p: &[u8], q: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let longest = p.len().max(q.len());
        if longest > MODULUS_MAX {
            return Err(KeyError::ModulusLength);
        }
        let product = BoxedUint::from_be_slice_vartime(p).concatenating_mul(&BoxedUint::from_be_slice_vartime(q));
        let public = PublicKey::new(&product.to_be_bytes_trimmed_vartime(), exponent)?;
        let crt = prepare(p, q, exponent).ok_or(KeyError::Primes)?;
        let key = Self { public, crt };
        key.works().then_some(key).ok_or(KeyError::Primes)
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// block^d mod n, in `public().len()` bytes. `Input` if the block is not as long as the modulus or not below it.
    pub fn sign(&self, block: &[u8]) -> Result<Vec<u8>, KeyError> {
        if !self.public.is_below(block) {
            return Err(KeyError::Input);
        }
        Ok(rightmost(&self.crt.power(block), self.public.len()))
    }

    fn works(&self) -> bool {
        let sample = vec![0x6A; self.public.len()];
        self.sign(&sample).and_then(|signature| self.public.recover(&signature)) == Ok(sample)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// The last `count` bytes; what is cut off are the leading zeros of a whole number of limbs.
fn rightmost(bytes: &[u8], count: usize) -> Vec<u8> {
    bytes.get(bytes.len().saturating_sub(count)..).unwrap_or_default().to_vec()
}

mod modulus;
#[cfg(test)]
mod tests;
