//! Two-key triple DES and ISO 9797-1 MAC algorithm 3 (EMV Book 2, A1.1, A1.2.1).

use core::fmt;

use des::{
    Des,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use zeroize::Zeroize;

/// A double-length key, KL then KR, with its schedules. Zeroised on drop, never printed.
pub struct TripleDes {
    left: Des,
    right: Des,
}

/// How ISO 9797-1 fills the last block of a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Method 1: zeros, none if the data already fill their blocks; empty data become one block of zeros.
    Zero,
    /// Method 2: 80 then zeros, always.
    Iso,
}

impl TripleDes {
    /// Prepares the schedules. `key` is KL then KR; its parity bits are ignored.
    pub fn new(key: &[u8; 16]) -> Self {
        let (mut left, mut right) = split(key);
        let cipher = Self { left: Des::new((&left).into()), right: Des::new((&right).into()) };
        left.zeroize();
        right.zeroize();
        cipher
    }

    /// DES3(K)\[block\]: encrypt with KL, decrypt with KR, encrypt with KL.
    pub fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        self.left.encrypt_block(&mut block);
        self.right.decrypt_block(&mut block);
        self.left.encrypt_block(&mut block);
        block.into()
    }

    /// The inverse of [`encrypt`](Self::encrypt).
    pub fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        self.left.decrypt_block(&mut block);
        self.right.encrypt_block(&mut block);
        self.left.decrypt_block(&mut block);
        block.into()
    }

    /// MAC algorithm 3 over the concatenated `parts`, all 8 bytes: single DES with KL from block to block, then the
    /// last block through DES⁻¹ with KR and DES with KL. Cut it from the left for a shorter MAC.
    pub fn mac(&self, padding: Padding, parts: &[&[u8]]) -> [u8; 8] {
        let mut block = self.chain(padding, parts, &mut |_, _| ()).into();
        self.right.decrypt_block(&mut block);
        self.left.encrypt_block(&mut block);
        block.into()
    }

    /// The CBC chain of [`mac`](Self::mac), single DES with KL, without its last step. `watch` sees every block as it goes
    /// into DES and as it comes out.
    pub fn chain(&self, padding: Padding, parts: &[&[u8]], watch: &mut impl FnMut([u8; 8], [u8; 8])) -> [u8; 8] {
        let mut chain = Chain { des: &self.left, state: 0, filled: 0, watch };
        for byte in parts.iter().copied().flatten() {
            chain.push(*byte);
        }
        let empty = chain.filled == 0 && parts.iter().all(|part| part.is_empty());
        match padding {
            Padding::Iso => chain.push(0x80),
            Padding::Zero if empty => chain.push(0),
            Padding::Zero => {}
        }
        chain.fill();
        chain.state.to_be_bytes()
    }
}

impl fmt::Debug for TripleDes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TripleDes(secret)")
    }
}

/// Key check value: the leftmost 3 bytes of DES3(K) over a block of zeros.
pub fn key_check_value(key: &[u8; 16]) -> [u8; 3] {
    let [a, b, c, ..] = TripleDes::new(key).encrypt([0; 8]);
    [a, b, c]
}

/// CBC with single DES, one byte at a time and without a buffer: bytes are added to the state where they belong.
struct Chain<'a, W> {
    des: &'a Des,
    state: u64,
    filled: u32,
    watch: &'a mut W,
}

impl<W: FnMut([u8; 8], [u8; 8])> Chain<'_, W> {
    fn push(&mut self, byte: u8) {
        self.state ^= u64::from(byte) << (56 - 8 * self.filled);
        self.filled += 1;
        if self.filled == 8 {
            self.encrypt();
        }
    }

    /// Completes a begun block with zeros.
    fn fill(&mut self) {
        if self.filled > 0 {
            self.encrypt();
        }
    }

    fn encrypt(&mut self) {
        let before = self.state.to_be_bytes();
        let mut block = before.into();
        self.des.encrypt_block(&mut block);
        self.state = u64::from_be_bytes(block.into());
        self.filled = 0;
        (self.watch)(before, block.into());
    }
}

/// The key with the last bit of every byte set so that the byte has an odd number of ones.
pub fn with_odd_parity<const N: usize>(key: [u8; N]) -> [u8; N] {
    key.map(|byte| if byte.count_ones().is_multiple_of(2) { byte ^ 1 } else { byte })
}

/// Whether every byte has an odd number of ones.
pub fn has_odd_parity(key: &[u8]) -> bool {
    key.iter().all(|byte| !byte.count_ones().is_multiple_of(2))
}

/// Left and right half.
pub(super) fn split(key: &[u8; 16]) -> ([u8; 8], [u8; 8]) {
    let (mut left, mut right) = ([0; 8], [0; 8]);
    left.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    right.iter_mut().zip(key.iter().skip(8)).for_each(|(to, from)| *to = *from);
    (left, right)
}

/// Left half and right half as one key.
pub(super) fn join(left: [u8; 8], right: [u8; 8]) -> [u8; 16] {
    let mut key = [0; 16];
    key.iter_mut().zip(left.iter().chain(&right)).for_each(|(to, from)| *to = *from);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decryption_undoes_encryption() {
        let cipher = TripleDes::new(b"0123456789abcdef");
        assert_eq!(cipher.decrypt(cipher.encrypt(*b"8 bytes!")), *b"8 bytes!");
    }

    #[test]
    fn zero_padding_makes_a_block_of_nothing() {
        let cipher = TripleDes::new(b"0123456789abcdef");
        let nothing = cipher.encrypt([0; 8]);
        assert_eq!(cipher.mac(Padding::Zero, &[]), nothing);
        assert_eq!(cipher.mac(Padding::Zero, &[&[], &[]]), nothing);
        assert_eq!(cipher.mac(Padding::Zero, &[&[0; 8]]), nothing);
        assert_ne!(cipher.mac(Padding::Zero, &[&[0; 16]]), nothing);
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", TripleDes::new(&[1; 16])), "TripleDes(secret)");
    }
}
