//! Key check values: a few bytes by which two people find out whether they hold the same key.

use des::{
    Des, TdesEde2, TdesEde3,
    cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, common::typenum::U8},
};

use super::aes::AesKey;

/// The leftmost 3 bytes of single DES, or two- or three-key triple DES, over a block of zeros (ANSI X9.24-1). `None` unless
/// the key has 8, 16 or 24 bytes.
pub fn des_check_value(key: &[u8]) -> Option<[u8; 3]> {
    let block = match key.len() {
        8 => of_zeros::<Des>(key),
        16 => of_zeros::<TdesEde2>(key),
        _ => of_zeros::<TdesEde3>(key),
    };
    block.map(|[a, b, c, ..]| [a, b, c])
}

fn of_zeros<C: KeyInit + BlockCipherEncrypt + BlockSizeUser<BlockSize = U8>>(key: &[u8]) -> Option<[u8; 8]> {
    let mut block = Array::default();
    C::new_from_slice(key).ok()?.encrypt_block(&mut block);
    Some(block.into())
}

/// The leftmost 3 bytes of CMAC with triple DES over a block of zeros, as key block software shows it. `None` unless the key
/// has 16 or 24 bytes.
pub fn des_cmac_check_value(key: &[u8]) -> Option<[u8; 3]> {
    let [a, b, c, ..] = des_cmac(key, &[&[0; 8]])?;
    Some([a, b, c])
}

/// CMAC with two- or three-key triple DES. `None` for keys of another length than 16 or 24 bytes.
pub(super) fn des_cmac(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 8]> {
    match key.len() {
        16 => cmac_with::<TdesEde2>(key, parts),
        _ => cmac_with::<TdesEde3>(key, parts),
    }
}

fn cmac_with<C: KeyInit + BlockCipherEncrypt + BlockSizeUser<BlockSize = U8>>(
    key: &[u8],
    parts: &[&[u8]],
) -> Option<[u8; 8]> {
    let cipher = C::new_from_slice(key).ok()?;
    let one = |block: [u8; 8]| {
        let mut block = block.into();
        cipher.encrypt_block(&mut block);
        block.into()
    };
    Some(super::modes::cmac(one, parts, &mut |_, _| ()))
}

/// The leftmost 5 bytes of CMAC over a block of zeros (ANSI X9.24-1:2017, annex A): how AES keys are checked. People show 3
/// of them, or 5.
pub fn aes_check_value(key: &AesKey) -> [u8; 5] {
    let [a, b, c, d, e, ..] = key.cmac(&[&[0; 16]]);
    [a, b, c, d, e]
}

/// The leftmost 3 bytes of AES over a block of zeros: what some systems show instead.
pub fn aes_zero_check_value(key: &AesKey) -> [u8; 3] {
    let [a, b, c, ..] = key.encrypt([0; 16]);
    [a, b, c]
}

/// CBC decryption with two- or three-key triple DES. `None` for keys of another length than 16 or 24 bytes.
pub(super) fn des_decrypt_cbc(key: &[u8], iv: [u8; 8], data: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => TdesEde2::new_from_slice(key).ok().map(|cipher| decrypt(&cipher, iv, data)),
        _ => TdesEde3::new_from_slice(key).ok().map(|cipher| decrypt(&cipher, iv, data)),
    }
}

fn decrypt<C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U8>>(cipher: &C, iv: [u8; 8], data: &[u8]) -> Vec<u8> {
    let one = |block: [u8; 8]| {
        let mut block = block.into();
        cipher.decrypt_block(&mut block);
        block.into()
    };
    super::modes::cbc_inverse(one, iv, data)
}
