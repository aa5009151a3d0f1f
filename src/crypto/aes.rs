//! AES keys of the three lengths and CMAC (EMV Book 2, A1.1, A1.2.2; RFC 4493).

use core::fmt;

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, common::typenum::U16},
};
use zeroize::Zeroize;

use super::modes::cmac;

/// An AES key. Zeroised on drop, never printed.
#[derive(Clone)]
pub enum AesKey {
    /// 16 bytes
    Aes128([u8; 16]),
    /// 24 bytes
    Aes192([u8; 24]),
    /// 32 bytes
    Aes256([u8; 32]),
}

impl AesKey {
    /// A key of 16, 24 or 32 bytes; `None` for any other length.
    pub fn from_bytes(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => key.try_into().ok().map(Self::Aes128),
            24 => key.try_into().ok().map(Self::Aes192),
            _ => key.try_into().ok().map(Self::Aes256),
        }
    }

    /// The bytes of the key: 16, 24 or 32.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Aes128(key) => key,
            Self::Aes192(key) => key,
            Self::Aes256(key) => key,
        }
    }

    /// AES(K)\[block\].
    pub fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = block.into();
        match self {
            Self::Aes128(key) => Aes128::new(key.into()).encrypt_block(&mut block),
            Self::Aes192(key) => Aes192::new(key.into()).encrypt_block(&mut block),
            Self::Aes256(key) => Aes256::new(key.into()).encrypt_block(&mut block),
        }
        block.into()
    }

    /// The inverse of [`encrypt`](Self::encrypt).
    pub fn decrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = block.into();
        match self {
            Self::Aes128(key) => Aes128::new(key.into()).decrypt_block(&mut block),
            Self::Aes192(key) => Aes192::new(key.into()).decrypt_block(&mut block),
            Self::Aes256(key) => Aes256::new(key.into()).decrypt_block(&mut block),
        }
        block.into()
    }

    /// CMAC over the concatenated `parts`, all 16 bytes. Cut it from the left for a shorter MAC.
    pub fn cmac(&self, parts: &[&[u8]]) -> [u8; 16] {
        self.cmac_chain(parts, &mut |_, _| ())
    }

    /// [`cmac`](Self::cmac), watched: `watch` sees every block as it goes into AES, the last one with its subkey added, and as it
    /// comes out.
    pub fn cmac_chain(&self, parts: &[&[u8]], watch: &mut impl FnMut([u8; 16], [u8; 16])) -> [u8; 16] {
        match self {
            Self::Aes128(key) => cmac(with(Aes128::new(key.into())), parts, watch),
            Self::Aes192(key) => cmac(with(Aes192::new(key.into())), parts, watch),
            Self::Aes256(key) => cmac(with(Aes256::new(key.into())), parts, watch),
        }
    }

    /// A key of the same length from the encryption of one block, or of two where one is too short: how both master
    /// keys (A1.4.3) and session keys (A1.3.1) are made. 128 bits use `one`, longer keys `two`.
    pub(super) fn diversify(&self, one: [u8; 16], two: [[u8; 16]; 2]) -> Self {
        if let Self::Aes128(_) = self {
            return Self::Aes128(self.encrypt(one));
        }
        let [mut left, mut right] = two.map(|block| self.encrypt(block));
        let bytes = left.iter().chain(&right);
        let (mut medium, mut long) = ([0; 24], [0; 32]);
        medium.iter_mut().zip(bytes.clone()).for_each(|(to, from)| *to = *from);
        long.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let key = if matches!(self, Self::Aes192(_)) { Self::Aes192(medium) } else { Self::Aes256(long) };
        left.zeroize();
        right.zeroize();
        medium.zeroize();
        long.zeroize();
        key
    }
}

/// Encryption of blocks with a schedule that is there already.
fn with<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>>(cipher: C) -> impl Fn([u8; 16]) -> [u8; 16] {
    move |block| {
        let mut block = block.into();
        cipher.encrypt_block(&mut block);
        block.into()
    }
}

impl Drop for AesKey {
    fn drop(&mut self) {
        match self {
            Self::Aes128(key) => key.zeroize(),
            Self::Aes192(key) => key.zeroize(),
            Self::Aes256(key) => key.zeroize(),
        }
    }
}

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AesKey({} bits, secret)", self.as_bytes().len() * 8)
    }
}
