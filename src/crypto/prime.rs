//! RSA test keys of any length from a seed. Repeatable on purpose, so never for anything that must stay secret.

use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use sha2::{Digest, Sha256};

use super::rsa::{KeyError, MODULUS_MAX, MODULUS_MIN};

/// Rounds of Miller and Rabin.
const ROUNDS: u32 = 32;

/// Bytes that a seed gives: SHA-256 over seed and a counter.
pub struct SeededBytes {
    seed: Vec<u8>,
    counter: u64,
}

impl SeededBytes {
    /// From a seed and what the bytes are for.
    pub fn new(seed: &str, purpose: &str) -> Self {
        Self { seed: format!("emvtap test key\n{purpose}\n{seed}").into_bytes(), counter: 0 }
    }

    /// The next bytes.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 32);
        while bytes.len() < count {
            let block = Sha256::new().chain_update(&self.seed).chain_update(self.counter.to_be_bytes()).finalize();
            self.counter += 1;
            bytes.extend_from_slice(&block);
        }
        bytes.truncate(count);
        bytes
    }
}

/// Two primes whose product has exactly `bits` bits, fit for `exponent` (03 or 010001).
///
/// # Errors
/// [`KeyError::ModulusLength`] unless `bits` is a multiple of 8 from 512 to 1984; [`KeyError::Exponent`].
pub fn primes(seed: &mut SeededBytes, bits: usize, exponent: &[u8]) -> Result<[Vec<u8>; 2], KeyError> {
    let length = bits / 8;
    if !bits.is_multiple_of(8) || !(MODULUS_MIN..=MODULUS_MAX).contains(&length) {
        return Err(KeyError::ModulusLength);
    }
    let exponent = match exponent {
        [3] => 3,
        [1, 0, 1] => 65537,
        _ => return Err(KeyError::Exponent),
    };
    let first = prime(seed, bits / 2, exponent);
    loop {
        let second = prime(seed, bits - bits / 2, exponent);
        if second != first {
            return Ok([first, second]);
        }
    }
}

fn prime(seed: &mut SeededBytes, bits: usize, exponent: u32) -> Vec<u8> {
    let mut small = Vec::new();
    for candidate in 3u32..4000 {
        if small.iter().all(|prime| candidate % prime != 0) && candidate % 2 == 1 {
            small.push(candidate);
        }
    }
    loop {
        let candidate = candidate(seed, bits);
        let divisible = small.iter().any(|prime| residue(&candidate, *prime) == 0);
        let fits = residue(&candidate, exponent) != 1;
        if !divisible && fits && is_probable_prime(&candidate, seed) {
            return candidate;
        }
    }
}

/// An odd number of exactly so many bits whose second bit is set too, so that the product of two is long enough.
fn candidate(seed: &mut SeededBytes, bits: usize) -> Vec<u8> {
    let mut bytes = seed.take(bits.div_ceil(8));
    let spare = bytes.len() * 8 - bits;
    if let Some(first) = bytes.first_mut() {
        *first = *first & (0xFF >> spare) | 0xC0 >> spare;
    }
    if spare == 7
        && let Some(second) = bytes.get_mut(1)
    {
        *second |= 0x80;
    }
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    bytes
}

fn residue(number: &[u8], by: u32) -> u32 {
    let by = u64::from(by);
    let rest = number.iter().fold(0u64, |rest, byte| (rest << 8 | u64::from(*byte)) % by);
    u32::try_from(rest).unwrap_or_default()
}

/// Miller and Rabin.
fn is_probable_prime(candidate: &[u8], seed: &mut SeededBytes) -> bool {
    let number = BoxedUint::from_be_slice_vartime(candidate);
    let Some(odd) = Odd::new(number.clone()).into_option() else { return false };
    let parameters = BoxedMontyParams::new_vartime(odd);
    let less = number.wrapping_sub(BoxedUint::one_with_precision(number.bits_precision()));
    let twos = less.trailing_zeros_vartime();
    let odd_part = less.shr_vartime(twos).unwrap_or_else(|| less.clone());
    let one = BoxedMontyForm::one(&parameters);
    let minus_one = one.neg();
    (0..ROUNDS).all(|_| {
        // One byte less than the candidate: below it, and hardly ever 0 or 1.
        let base = seed.take(candidate.len().saturating_sub(1));
        let base = BoxedUint::from_be_slice_truncated(&base, parameters.bits_precision());
        let mut power = BoxedMontyForm::new(base, &parameters).pow(&odd_part);
        if power == one || power == minus_one {
            return true;
        }
        (1..twos).any(|_| {
            power = power.square();
            power == minus_one
        })
    })
}
