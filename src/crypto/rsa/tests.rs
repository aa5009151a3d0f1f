use crypto_bigint::{
    Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use proptest::prelude::*;

use super::{
    super::testing::{cases, key},
    *,
};

fn modulus(length: usize) -> Vec<u8> {
    let mut bytes = vec![0xA5; length];
    bytes[0] = 0x80;
    bytes
}

#[test]
fn moduli_that_are_none_are_refused() {
    assert!(PublicKey::new(&modulus(64), &[3]).is_ok());
    assert!(PublicKey::new(&modulus(248), &[1, 0, 1]).is_ok());
    for length in [0, 1, 63, 249, 500] {
        assert_eq!(PublicKey::new(&vec![0xFF; length], &[3]).err(), Some(KeyError::ModulusLength), "{length}");
    }
    let mut one = vec![0; 128];
    one[127] = 1;
    let mut even = modulus(128);
    even[127] = 0xA4;
    for none in [vec![0; 128], one, even] {
        assert_eq!(PublicKey::new(&none, &[3]).err(), Some(KeyError::Modulus));
    }
}

#[test]
fn exponents_other_than_3_and_65537_are_refused() {
    for exponent in [&[][..], &[0], &[1], &[2], &[17], &[0, 3], &[0, 1, 0, 1], &[1, 0, 0]] {
        assert_eq!(PublicKey::new(&modulus(96), exponent).err(), Some(KeyError::Exponent), "{exponent:02X?}");
    }
}

#[test]
fn only_numbers_below_the_modulus_are_taken() {
    let key = key(512, 3);
    let modulus = key.public().modulus().to_vec();
    let mut below = modulus.clone();
    *below.last_mut().unwrap() -= 1;
    for (input, taken) in [(&modulus, false), (&below, true), (&modulus[1..].to_vec(), false)] {
        assert_eq!(key.public().recover(input).is_ok(), taken);
        assert_eq!(key.sign(input).is_ok(), taken);
    }
    // (n − 1)^3 = −1 mod n
    assert_eq!(key.public().recover(&below), Ok(below));
}

#[test]
fn primes_that_are_none_are_refused() {
    let good = key(512, 3);
    let refused = |p: &[u8], q: &[u8]| PrivateKey::from_primes(p, q, &[3]).err();
    assert_eq!(refused(&[], &[]), Some(KeyError::ModulusLength));
    assert_eq!(refused(&[0xFF; 300], &[3]), Some(KeyError::ModulusLength));
    assert_eq!(refused(&[0xFF; 32], &[0xFF; 32]), Some(KeyError::Primes));
    assert_eq!(refused(&[0xFF; 32], &[0xFE; 32]), Some(KeyError::Modulus));
    assert_eq!(refused(good.public().modulus(), &[1]), Some(KeyError::Primes));
    assert_eq!(refused(&[0xFF; 32], &[&[0xFF; 31][..], &[0xFD]].concat()), Some(KeyError::Primes));
}

#[test]
fn a_private_key_shows_nothing_secret() {
    let key = key(512, 3);
    let shown = format!("{key:?}");
    assert_eq!(
        shown,
        format!(
            "PrivateKey {{ public: PublicKey {{ modulus: {}, exponent: 03 }}, .. }}",
            crate::bytes::Hex(key.public().modulus())
        )
    );
}

/// The same power by arithmetic of other people.
fn by_crypto_bigint(base: &[u8], modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let [odd, exponent] = [modulus, exponent].map(BoxedUint::from_be_slice_vartime);
    let parameters = BoxedMontyParams::new_vartime(Odd::new(odd).unwrap());
    let base = BoxedUint::from_be_slice_truncated(base, parameters.bits_precision());
    let power = BoxedMontyForm::new(base, &parameters).pow(&exponent).retrieve();
    rightmost(&power.to_be_bytes(), modulus.len())
}

#[test]
fn numbers_at_the_edges_are_recovered_as_other_people_do() {
    for length in [64, 65, 127, 128, 144, 176, 247, 248] {
        for [first, inside, last] in [[0x80, 0x00, 0x01], [0xFF; 3], [0x80, 0xFF, 0xFF], [0xFF, 0x00, 0x01]] {
            let mut modulus = vec![inside; length];
            (modulus[0], modulus[length - 1]) = (first, last);
            let mut below = modulus.clone();
            below[length - 1] -= 1;
            let mut one = vec![0; length];
            one[length - 1] = 1;
            for signature in [below, one, vec![0; length], [&[0x7F][..], &vec![0xFF; length - 1]].concat()] {
                for exponent in [&[3][..], &[1, 0, 1]] {
                    let expected = by_crypto_bigint(&signature, &modulus, exponent);
                    assert_eq!(PublicKey::new(&modulus, exponent).unwrap().recover(&signature), Ok(expected));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn any_odd_modulus_and_any_signature_are_safe(
        length in 64usize..=248,
        bytes in prop::collection::vec(any::<u8>(), 500),
        exponent in prop::sample::select(vec![vec![3u8], vec![1, 0, 1]]),
    ) {
        let mut modulus = bytes[..length].to_vec();
        modulus[0] |= 0x80;
        modulus[length - 1] |= 1;
        let key = PublicKey::new(&modulus, &exponent).unwrap();
        let signature = &bytes[250..250 + length];
        match key.recover(signature) {
            Ok(block) => prop_assert_eq!(block, by_crypto_bigint(signature, &modulus, &exponent)),
            Err(fault) => prop_assert!(fault == KeyError::Input && signature >= modulus.as_slice()),
        }
    }

    #[test]
    fn any_bytes_as_a_key_are_safe(
        p in prop::collection::vec(any::<u8>(), 0..140),
        q in prop::collection::vec(any::<u8>(), 0..140),
        exponent in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let (mut p, mut q) = (p, q);
        let _ = PublicKey::new(&p, &exponent);
        let _ = PrivateKey::from_primes(&p, &q, &exponent);
        for number in [&mut p, &mut q] {
            number.iter_mut().take(1).for_each(|byte| *byte |= 0xC0);
            number.iter_mut().rev().take(1).for_each(|byte| *byte |= 1);
        }
        let _ = PrivateKey::from_primes(&p, &q, &[3]);
    }
}
