//! Triple DES with two or three keys (TDEA; NIST SP 800-67), for what is not EMV's: PIN blocks between terminal and backend, key
//! blocks, check values, MACs over whatever people have. EMV's own keys have two parts: [`TripleDes`](super::des::TripleDes).

use core::fmt;

use des::{
    TdesEde2, TdesEde3,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};

use super::{des::Padding, modes};

/// A key of 16 or 24 bytes, with its schedules. Never printed.
pub struct Tdea(Parts);

enum Parts {
    /// K1, K2, and K1 again.
    Two(Box<TdesEde2>),
    /// K1, K2, K3.
    Three(Box<TdesEde3>),
}

impl Tdea {
    /// Prepares the schedules; parity bits are ignored. `None` for keys of another length than 16 or 24 bytes.
    pub fn from_bytes(key: &[u8]) -> Option<Self> {
        let parts = match key.len() {
            16 => Parts::Two(Box::new(TdesEde2::new_from_slice(key).ok()?)),
            _ => Parts::Three(Box::new(TdesEde3::new_from_slice(key).ok()?)),
        };
        Some(Self(parts))
    }

    /// Encrypt with the first part, decrypt with the second, encrypt with the third or else the first.
    pub fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        match &self.0 {
            Parts::Two(cipher) => cipher.encrypt_block(&mut block),
            Parts::Three(cipher) => cipher.encrypt_block(&mut block),
        }
        block.into()
    }

    /// The inverse of [`encrypt`](Self::encrypt).
    pub fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        match &self.0 {
            Parts::Two(cipher) => cipher.decrypt_block(&mut block),
            Parts::Three(cipher) => cipher.decrypt_block(&mut block),
        }
        block.into()
    }

    /// CBC over whole blocks; bytes beyond the last whole block are left out.
    pub fn encrypt_cbc(&self, iv: [u8; 8], data: &[u8]) -> Vec<u8> {
        modes::cbc(|block| self.encrypt(block), iv, data)
    }

    /// The inverse of [`encrypt_cbc`](Self::encrypt_cbc).
    pub fn decrypt_cbc(&self, iv: [u8; 8], data: &[u8]) -> Vec<u8> {
        modes::cbc_inverse(|block| self.decrypt(block), iv, data)
    }

    /// MAC algorithm 1 of ISO 9797-1, all 8 bytes: the last block of CBC.
    pub fn mac(&self, padding: Padding, data: &[u8]) -> [u8; 8] {
        let chained = self.encrypt_cbc([0; 8], &padding.fill(data));
        chained.last_chunk().copied().unwrap_or_default()
    }

    /// CMAC over the concatenated `parts` (NIST SP 800-38B).
    pub fn cmac(&self, parts: &[&[u8]]) -> [u8; 8] {
        modes::cmac(|block| self.encrypt(block), parts, &mut |_, _| ())
    }
}

impl fmt::Debug for Tdea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tdea(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::des::TripleDes;

    #[test]
    fn two_parts_are_three_with_the_first_again() {
        let (two, three) = (b"0123456789abcdef", b"0123456789abcdef01234567");
        let (short, long) = (Tdea::from_bytes(two).unwrap(), Tdea::from_bytes(three).unwrap());
        let block = short.encrypt(*b"8 bytes!");
        assert_eq!((block, short.decrypt(block)), (long.encrypt(*b"8 bytes!"), *b"8 bytes!"));
        assert_eq!(block, TripleDes::new(two).encrypt(*b"8 bytes!"));
        assert_eq!(format!("{short:?}"), "Tdea(secret)");
    }

    #[test]
    fn other_lengths_are_no_keys() {
        for length in (0..40).filter(|length| ![16, 24].contains(length)) {
            assert!(Tdea::from_bytes(&vec![1; length]).is_none(), "{length}");
        }
    }
}
