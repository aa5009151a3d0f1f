//! The fingerprint of RSA keys made by a faulty library of smart cards and TPMs (ROCA, CVE-2017-15361; Nemec and others, 2017).
//!
//! Its primes are k · M + (65537^a mod M), M the product of the first primes, so modulo every small prime the modulus is a
//! power of 65537. A modulus that is one by chance is one in about 2^154.

/// The odd primes up to 167.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const GENERATOR: u32 = 65537;

/// Whether a modulus (big-endian) has the fingerprint, so that it can probably be factored.
pub fn has_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power(residue(modulus, *prime), *prime))
}

fn residue(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime)
}

/// Whether `residue` is a power of the generator modulo `prime`.
fn is_power(residue: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 1..prime {
        if power == residue {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}
