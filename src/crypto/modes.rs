//! Modes of operation over whole blocks, padding, and CMAC (ISO/IEC 10116; ISO/IEC 9797-1; RFC 4493).

use zeroize::Zeroize;

use super::{aes::AesKey, des::TripleDes};

/// Fills `data` up to whole blocks of `N` bytes: 80, then zeros, always.
pub fn pad_iso<const N: usize>(data: &[u8]) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(N), 0);
    padded
}

/// Fills `data` up to whole blocks of `N` bytes with zeros; whole blocks stay as they are.
pub fn pad_zero<const N: usize>(data: &[u8]) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.resize(padded.len().max(1).next_multiple_of(N), 0);
    padded
}

/// What stands before the last 80 and the zeros after it; `None` if there is no such padding.
pub fn unpad_iso(data: &[u8]) -> Option<&[u8]> {
    let last = data.iter().rposition(|byte| *byte != 0)?;
    (data.get(last) == Some(&0x80)).then(|| data.get(..last)).flatten()
}

pub(super) fn cbc<const N: usize>(encrypt: impl Fn([u8; N]) -> [u8; N], iv: [u8; N], data: &[u8]) -> Vec<u8> {
    let mut last = iv;
    let mut out = Vec::with_capacity(data.len());
    for block in data.as_chunks::<N>().0 {
        last = encrypt(exclusive_or(*block, last));
        out.extend_from_slice(&last);
    }
    out
}

pub(super) fn cbc_inverse<const N: usize>(decrypt: impl Fn([u8; N]) -> [u8; N], iv: [u8; N], data: &[u8]) -> Vec<u8> {
    let mut last = iv;
    let mut out = Vec::with_capacity(data.len());
    for block in data.as_chunks::<N>().0 {
        out.extend_from_slice(&exclusive_or(decrypt(*block), last));
        last = *block;
    }
    out
}

pub(super) fn exclusive_or<const N: usize>(mut one: [u8; N], other: [u8; N]) -> [u8; N] {
    one.iter_mut().zip(other).for_each(|(byte, with)| *byte ^= with);
    one
}

/// CMAC over the concatenated `parts` with a cipher of 8 or 16 bytes (RFC 4493; NIST SP 800-38B). `watch` sees every block as it
/// goes into the cipher, the last one with its subkey added, and as it comes out.
pub(super) fn cmac<const N: usize>(
    encrypt: impl Fn([u8; N]) -> [u8; N],
    parts: &[&[u8]],
    watch: &mut impl FnMut([u8; N], [u8; N]),
) -> [u8; N] {
    let mut subkey = doubled(encrypt([0; N]));
    let mut step = |block| {
        let after = encrypt(block);
        watch(block, after);
        after
    };
    let (mut state, mut filled) = ([0; N], 0);
    // A full block waits until it is known whether it is the last.
    for byte in parts.iter().copied().flatten() {
        if filled == N {
            (state, filled) = (step(state), 0);
        }
        state.iter_mut().skip(filled).take(1).for_each(|to| *to ^= byte);
        filled += 1;
    }
    if filled < N {
        state.iter_mut().skip(filled).take(1).for_each(|to| *to ^= 0x80);
        subkey = doubled(subkey);
    }
    state = exclusive_or(state, subkey);
    subkey.zeroize();
    step(state)
}

/// Multiplied by x in the field of the block: a shift, and the field's polynomial for what falls off.
fn doubled<const N: usize>(mut block: [u8; N]) -> [u8; N] {
    let polynomial = if N == 16 { 0x87 } else { 0x1B };
    let mut carry = 0;
    for byte in block.iter_mut().rev() {
        let next = *byte >> 7;
        *byte = *byte << 1 | carry;
        carry = next;
    }
    block.last_mut().into_iter().for_each(|byte| *byte ^= polynomial * carry);
    block
}

impl TripleDes {
    /// CBC over whole blocks; bytes beyond the last whole block are left out.
    pub fn encrypt_cbc(&self, iv: [u8; 8], data: &[u8]) -> Vec<u8> {
        cbc(|block| self.encrypt(block), iv, data)
    }

    /// The inverse of [`encrypt_cbc`](Self::encrypt_cbc).
    pub fn decrypt_cbc(&self, iv: [u8; 8], data: &[u8]) -> Vec<u8> {
        cbc_inverse(|block| self.decrypt(block), iv, data)
    }

    /// ECB over whole blocks; bytes beyond the last whole block are left out.
    pub fn encrypt_ecb(&self, data: &[u8]) -> Vec<u8> {
        data.as_chunks().0.iter().flat_map(|block| self.encrypt(*block)).collect()
    }

    /// The inverse of [`encrypt_ecb`](Self::encrypt_ecb).
    pub fn decrypt_ecb(&self, data: &[u8]) -> Vec<u8> {
        data.as_chunks().0.iter().flat_map(|block| self.decrypt(*block)).collect()
    }
}

impl AesKey {
    /// CBC over whole blocks; bytes beyond the last whole block are left out.
    pub fn encrypt_cbc(&self, iv: [u8; 16], data: &[u8]) -> Vec<u8> {
        cbc(|block| self.encrypt(block), iv, data)
    }

    /// The inverse of [`encrypt_cbc`](Self::encrypt_cbc).
    pub fn decrypt_cbc(&self, iv: [u8; 16], data: &[u8]) -> Vec<u8> {
        cbc_inverse(|block| self.decrypt(block), iv, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_comes_off_again() {
        for length in 0..20 {
            let data = vec![0x80; length];
            let padded = pad_iso::<8>(&data);
            assert!(padded.len().is_multiple_of(8) && padded.len() > length);
            assert_eq!(unpad_iso(&padded), Some(&data[..]));
        }
        assert_eq!(unpad_iso(&[1, 2, 0, 0]), None);
        assert_eq!(unpad_iso(&[]), None);
        assert_eq!((pad_zero::<8>(&[]).len(), pad_zero::<8>(&[1; 8]).len(), pad_zero::<8>(&[1; 9]).len()), (8, 8, 16));
    }
}
