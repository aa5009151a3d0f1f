use proptest::prelude::*;

use super::{
    super::super::{
        frame::seal,
        testing::{cases, flip},
    },
    *,
};

const SIZES: [u32; 6] = [512, 768, 1024, 1152, 1408, 1984];

fn sizes() -> impl Strategy<Value = (u32, u32, u32)> {
    (prop::sample::select(&SIZES[..]), prop::sample::select(&SIZES[..]), prop::sample::select(vec![3, 65537]))
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn what_a_ca_issues_is_recovered((signer, subject, exponent) in sizes()) {
        let signed = Signed::issuer(signer, subject, exponent);
        let room = usize::try_from(signer / 8).unwrap() - 36;
        prop_assert_eq!(signed.issued.remainder.len(), usize::try_from(subject / 8).unwrap().saturating_sub(room));
        let recovered = signed.recover_issuer(&mut |_, _| ()).unwrap();
        let wanted = key(subject, exponent);
        prop_assert_eq!(&recovered.key, wanted.public());
        prop_assert_eq!(recovered.serial, [1, 2, 3]);
    }

    #[test]
    fn what_an_issuer_issues_is_recovered((signer, subject, exponent) in sizes()) {
        let signed = Signed::icc(signer, subject, exponent);
        let room = usize::try_from(signer / 8).unwrap() - 42;
        prop_assert_eq!(signed.issued.remainder.len(), usize::try_from(subject / 8).unwrap().saturating_sub(room));
        let recovered = signed.recover_icc(&mut |_, _| ()).unwrap();
        let wanted = key(subject, exponent);
        prop_assert_eq!(&recovered.key, wanted.public());
        prop_assert_eq!(recovered.pan, PADDED);
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn one_wrong_bit_is_found(bit in any::<prop::sample::Index>()) {
        let mut signed = issuer();
        signed.issued.certificate = flip(&signed.issued.certificate, bit.index(144 * 8));
        prop_assert!(signed.recover_issuer(&mut |_, _| ()).is_err());
        let mut signed = issuer();
        signed.issued.remainder = flip(&signed.issued.remainder, bit.index(36 * 8));
        signed.issuer_fails_at(Step::Hash);
        let mut signed = issuer();
        signed.exponent = flip(&signed.exponent, bit.index(8));
        signed.issuer_fails_at(Step::Hash);

        let mut signed = icc();
        signed.issued.certificate = flip(&signed.issued.certificate, bit.index(128 * 8));
        prop_assert!(signed.recover_icc(&mut |_, _| ()).is_err());
        let mut signed = icc();
        signed.issued.remainder = flip(&signed.issued.remainder, bit.index(42 * 8));
        signed.icc_fails_at(Step::Hash);
        let mut signed = icc();
        signed.static_data = flip(&signed.static_data, bit.index(STATIC_DATA.len() * 8));
        signed.icc_fails_at(Step::Hash);
    }

    #[test]
    fn hostile_bytes_never_panic(
        certificate in prop::collection::vec(any::<u8>(), 0..260),
        remainder in prop::collection::vec(any::<u8>(), 0..260),
        exponent in prop::collection::vec(any::<u8>(), 0..5),
        pan in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut signed = issuer();
        signed.issued = Issued { certificate, remainder };
        (signed.exponent, signed.pan) = (exponent, pan);
        let _ = signed.recover_issuer(&mut |_, _| ());
        let _ = signed.recover_icc(&mut |_, _| ());
        signed.issued.certificate.resize(144, 0);
        prop_assert!(signed.recover_issuer(&mut |_, _| ()).is_err());
        prop_assert!(signed.recover_icc(&mut |_, _| ()).is_err());
    }

    /// Whatever keys a signer certifies, the steps behind the hash are reached and do not panic.
    #[test]
    fn hostile_signers_never_panic(
        (length, exponent_length) in (any::<u8>(), 0u8..4),
        digits in prop::collection::vec(any::<u8>(), 28),
        remainder in prop::collection::vec(any::<u8>(), 0..250),
        exponent in prop::sample::select(vec![vec![], vec![3], vec![1, 0, 1], vec![7, 7]]),
        fitting in any::<bool>(),
    ) {
        let mut signed = Signed::issuer(512, 512, 3);
        signed.static_data.clear();
        (signed.issued.remainder, signed.exponent) = (remainder, exponent);
        if fitting {
            signed.issued.remainder.resize(usize::from(length).saturating_sub(28), 1);
        }
        let more: [&[u8]; 2] = [&signed.issued.remainder, &signed.exponent];
        let rest = [&[0x02, 0x27, 1, 2, 3, 1, 1, length, exponent_length][..], &digits].concat();
        let late = [None, Some(Step::Remainder), Some(Step::Exponent)];

        signed.issued.certificate = seal(&signed.signer, 2, &[&[0x41, 0x23, 0x45, 0xFF], &rest[..37]], &more).unwrap();
        prop_assert!(late.contains(&signed.recover_issuer(&mut |_, _| ()).err().map(|failed| failed.step)));
        signed.issued.certificate = seal(&signed.signer, 4, &[&PADDED, &rest[..31]], &more).unwrap();
        prop_assert!(late.contains(&signed.recover_icc(&mut |_, _| ()).err().map(|failed| failed.step)));
    }
}
