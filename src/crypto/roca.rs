//! The fingerprint of keys that Infineon's library made until 2017 (ROCA, CVE-2017-15361): their primes are `k · M + 65537^a mod M`
//! for a product M of small primes, so that the modulus is a power of 65537 modulo each of them.

/// Small primes whose test says something, as the finders of the flaw use them: 65537 does not generate everything there.
const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
const GENERATOR: u32 = 65_537;

/// Whether a modulus, high byte first, has the fingerprint. Of other keys one in about 2²⁷ has it by chance.
///
/// ```
/// assert!(!emvtap::crypto::roca::is_suspicious(&[0xC7, 0x01]));
/// ```
pub fn is_suspicious(modulus: &[u8]) -> bool {
    !modulus.is_empty() && PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime)
}

/// Whether a remainder is a power of the generator.
fn is_power(remainder: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == remainder {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}

#[cfg(test)]
mod tests {

    fn is_suspicious(modulus: &str) -> bool {
        super::is_suspicious(&hex::decode(modulus).unwrap())
    }

    /// Moduli of the finders' own detector: `roca-detect` 1.2.12, `roca/tests/data/mod01.txt`, `mod02.txt`; and the first with
    /// another last byte.
    #[test]
    fn known_moduli_are_told_apart() {
        assert!(is_suspicious(
            "944e13208a280c37efc31c3114485e590192adbb8e11c87cad60cdef0037ce99278330d3f471a2538fa667802ed2a3c44a8b7dea826e888d0aa341fd664f7fa7"
        ));
        assert!(is_suspicious(
            "a23475d6b86e7deb1e1483747c0e1aaa1390f24dcbc0d05399d025c985861601d91ba7a1ce5dd9d9721fac7b65cbf73f9fa39399f6cbf33edc6e094f9eda639f"
        ));
        assert!(!is_suspicious(
            "944e13208a280c37efc31c3114485e590192adbb8e11c87cad60cdef0037ce99278330d3f471a2538fa667802ed2a3c44a8b7dea826e888d0aa341fd664f7fa9"
        ));
        assert!(!is_suspicious(""));
    }
}
