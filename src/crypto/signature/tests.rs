use proptest::prelude::*;

use super::{
    super::{
        certificate::Structure,
        testing::{assert_fails_at, cases, change, flip, key},
    },
    *,
};

const STEPS: [Step; 6] = [Step::Length, Step::Trailer, Step::Header, Step::Format, Step::HashAlgorithm, Step::Hash];
const DYNAMIC_STEPS: [Step; 7] =
    [Step::Length, Step::Trailer, Step::Header, Step::Format, Step::HashAlgorithm, Step::Hash, Step::DynamicData];
const DATA: &[u8] = b"what is signed";
const DYNAMIC: &[u8] = &[3, 0xA1, 0xA2, 0xA3, 0x80];

fn icc() -> PrivateKey {
    key(768, 3)
}

fn dynamic_fails_at(sdad: &[u8], terminal_data: &[u8], step: Step) {
    assert_fails_at(&DYNAMIC_STEPS, step, |watch| {
        verify_sdad(icc().public(), sdad, &[FORMAT_DYNAMIC], terminal_data, watch)
    });
}

fn static_fails_at(ssad: &[u8], static_data: &[u8], step: Step) {
    assert_fails_at(&STEPS, step, |watch| verify_ssad(icc().public(), ssad, static_data, watch));
}

#[test]
fn good_signatures_pass_every_step_in_order() {
    let mut seen = Vec::new();
    let ssad = sign_ssad(&icc(), [0xDA, 0xC0], DATA).unwrap();
    let verified = verify_ssad(icc().public(), &ssad, DATA, &mut |step, passed| seen.push((step, passed))).unwrap();
    assert_eq!(verified.data_authentication_code, [0xDA, 0xC0]);
    assert_eq!(seen, STEPS.map(|step| (step, true)));
    assert!(STEPS.iter().all(|step| step.rule(Structure::StaticSignature).is_some()));

    seen.clear();
    let sdad = sign_sdad(&icc(), FORMAT_DYNAMIC_ONLINE, DYNAMIC, DATA).unwrap();
    let formats = [FORMAT_DYNAMIC, FORMAT_DYNAMIC_ONLINE];
    let verified =
        verify_sdad(icc().public(), &sdad, &formats, DATA, &mut |step, passed| seen.push((step, passed))).unwrap();
    assert_eq!((verified.format, verified.dynamic_data.as_slice()), (FORMAT_DYNAMIC_ONLINE, DYNAMIC));
    assert_eq!(verified.icc_dynamic_number(), Some(&[0xA1, 0xA2, 0xA3][..]));
    assert_eq!(seen, DYNAMIC_STEPS.map(|step| (step, true)));
    assert!(DYNAMIC_STEPS.iter().all(|step| step.rule(Structure::DynamicSignature).is_some()));
}

#[test]
fn each_step_of_a_static_signature_can_fail_alone() {
    let (key, good) = (icc(), sign_ssad(&icc(), [0xDA, 0xC0], DATA).unwrap());
    static_fails_at(&good[1..], DATA, Step::Length);
    static_fails_at(&change(&key, &good, |block| block[95] = 0, None), DATA, Step::Trailer);
    static_fails_at(&change(&key, &good, |block| block[0] = 0x6B, None), DATA, Step::Header);
    static_fails_at(&change(&key, &good, |block| block[1] = 0x05, Some(&[DATA])), DATA, Step::Format);
    static_fails_at(&change(&key, &good, |block| block[2] = 0x02, Some(&[DATA])), DATA, Step::HashAlgorithm);
    static_fails_at(&change(&key, &good, |block| block[3] = 0xDB, None), DATA, Step::Hash);
    static_fails_at(&good, b"something else", Step::Hash);
}

#[test]
fn each_step_of_a_dynamic_signature_can_fail_alone() {
    let (key, good) = (icc(), sign_sdad(&icc(), FORMAT_DYNAMIC, DYNAMIC, DATA).unwrap());
    dynamic_fails_at(&good[1..], DATA, Step::Length);
    dynamic_fails_at(&change(&key, &good, |block| block[95] = 0, None), DATA, Step::Trailer);
    dynamic_fails_at(&change(&key, &good, |block| block[0] = 0x6B, None), DATA, Step::Header);
    dynamic_fails_at(&change(&key, &good, |block| block[1] = 0x95, Some(&[DATA])), DATA, Step::Format);
    dynamic_fails_at(&change(&key, &good, |block| block[2] = 0x02, Some(&[DATA])), DATA, Step::HashAlgorithm);
    dynamic_fails_at(&change(&key, &good, |block| block[4] = 0x08, None), DATA, Step::Hash);
    dynamic_fails_at(&good, b"something else", Step::Hash);
    // 96 bytes less 25 leave room for 71
    dynamic_fails_at(&change(&key, &good, |block| block[3] = 72, Some(&[DATA])), DATA, Step::DynamicData);
    let most = change(&key, &good, |block| block[3] = 71, Some(&[DATA]));
    assert!(verify_sdad(icc().public(), &most, &[FORMAT_DYNAMIC], DATA, &mut |_, _| ()).is_ok());
}

#[test]
fn dynamic_data_fill_the_key_and_no_more() {
    assert!(sign_sdad(&icc(), FORMAT_DYNAMIC, &[0; 71], DATA).is_ok());
    assert_eq!(sign_sdad(&icc(), FORMAT_DYNAMIC, &[0; 72], DATA), Err(KeyError::Input));
    assert_eq!(sign_sdad(&icc(), FORMAT_DYNAMIC, &[0; 256], DATA), Err(KeyError::Input));
}

#[test]
fn an_icc_dynamic_number_has_two_to_eight_bytes() {
    let number = |dynamic_data: &[u8]| {
        let sdad = Sdad { format: FORMAT_DYNAMIC, dynamic_data: dynamic_data.to_vec(), hash: [0; 20] };
        sdad.icc_dynamic_number().map(<[u8]>::to_vec)
    };
    assert_eq!(number(&[2, 1, 2, 3]), Some(vec![1, 2]));
    assert_eq!(number(&[8, 1, 2, 3, 4, 5, 6, 7, 8]), Some(vec![1, 2, 3, 4, 5, 6, 7, 8]));
    for none in [&[][..], &[0], &[1, 1], &[2, 1], &[9, 1, 2, 3, 4, 5, 6, 7, 8, 9]] {
        assert_eq!(number(none), None, "{none:?}");
    }
}

#[test]
fn fdda_versions_hash_different_terminal_data() {
    let related = [0x01, 0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x00];
    let of = |version: FddaVersion| hex::encode_upper(version.terminal_data([1; 4], [2; 6], [3; 2], &related));
    assert_eq!(of(FddaVersion::V00), "01010101");
    assert_eq!(of(FddaVersion::V01), "01010101020202020202030301DEADBEEF0000");
    assert_eq!(FddaVersion::from_card_authentication_related_data(&related), Some(FddaVersion::V01));
    assert_eq!(FddaVersion::from_card_authentication_related_data(&[2]), None);
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn what_a_card_signs_is_verified(
        bits in prop::sample::select(vec![512u32, 768, 1024, 1152]),
        dynamic_data in prop::collection::vec(any::<u8>(), 0..40),
        terminal_data in prop::collection::vec(any::<u8>(), 0..80),
        bit in any::<prop::sample::Index>(),
    ) {
        let icc = key(bits, 65537);
        let dynamic_data = &dynamic_data[..dynamic_data.len().min(icc.public().len() - 25)];
        let sdad = sign_sdad(&icc, FORMAT_DYNAMIC, dynamic_data, &terminal_data).unwrap();
        let verify = |sdad: &[u8], terminal_data: &[u8]| {
            verify_sdad(icc.public(), sdad, &[FORMAT_DYNAMIC], terminal_data, &mut |_, _| ())
        };
        prop_assert_eq!(&verify(&sdad, &terminal_data).unwrap().dynamic_data, dynamic_data);
        prop_assert!(verify(&flip(&sdad, bit.index(sdad.len() * 8)), &terminal_data).is_err());
        if !terminal_data.is_empty() {
            let changed = flip(&terminal_data, bit.index(terminal_data.len() * 8));
            prop_assert_eq!(verify(&sdad, &changed).unwrap_err().step, Step::Hash);
        }
    }

    #[test]
    fn what_an_issuer_signs_is_verified(
        code in any::<[u8; 2]>(),
        static_data in prop::collection::vec(any::<u8>(), 1..300),
        bit in any::<prop::sample::Index>(),
    ) {
        let issuer = key(1024, 3);
        let ssad = sign_ssad(&issuer, code, &static_data).unwrap();
        let verify = |ssad: &[u8], data: &[u8]| verify_ssad(issuer.public(), ssad, data, &mut |_, _| ());
        prop_assert_eq!(verify(&ssad, &static_data).unwrap().data_authentication_code, code);
        prop_assert!(verify(&flip(&ssad, bit.index(128 * 8)), &static_data).is_err());
        let changed = flip(&static_data, bit.index(static_data.len() * 8));
        prop_assert_eq!(verify(&ssad, &changed).unwrap_err().step, Step::Hash);
    }

    #[test]
    fn hostile_bytes_never_panic(
        signature in prop::collection::vec(any::<u8>(), 0..130),
        formats in prop::collection::vec(any::<u8>(), 0..3),
        data in prop::collection::vec(any::<u8>(), 0..10),
    ) {
        let icc = icc();
        let mut signature = signature;
        for _ in 0..2 {
            prop_assert!(verify_sdad(icc.public(), &signature, &formats, &data, &mut |_, _| ()).is_err());
            prop_assert!(verify_ssad(icc.public(), &signature, &data, &mut |_, _| ()).is_err());
            signature.resize(96, 0);
        }
    }
}
