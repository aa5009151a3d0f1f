//! Key check values: a few bytes by which two people find out whether they hold the same key.

use des::{
    Des,
    cipher::{BlockCipherEncrypt, KeyInit},
};

use super::{aes::AesKey, tdea::Tdea};

/// The leftmost 3 bytes of single DES, or two- or three-key triple DES, over a block of zeros (ANSI X9.24-1). `None` unless
/// the key has 8, 16 or 24 bytes.
pub fn des_check_value(key: &[u8]) -> Option<[u8; 3]> {
    let [a, b, c, ..] = match key.len() {
        8 => {
            let mut block = [0; 8].into();
            Des::new_from_slice(key).ok()?.encrypt_block(&mut block);
            block.into()
        }
        _ => Tdea::from_bytes(key)?.encrypt([0; 8]),
    };
    Some([a, b, c])
}

/// The leftmost 3 bytes of CMAC with triple DES over a block of zeros, as key block software shows it. `None` unless the key
/// has 16 or 24 bytes.
pub fn des_cmac_check_value(key: &[u8]) -> Option<[u8; 3]> {
    let [a, b, c, ..] = Tdea::from_bytes(key)?.cmac(&[&[0; 8]]);
    Some([a, b, c])
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
