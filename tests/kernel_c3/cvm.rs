//! Cardholder verification (5.7.1): every row of the table.

use emvtap::kernel::outcome::{Cvm, OutcomeResult as R};

use crate::harness::{ARQC, Scene, TC};

/// TTQ: online PIN and signature (byte 1), CVM required (byte 2), consumer device CVM (byte 3).
const NOTHING: &str = "20000000";
const PIN: &str = "24000000";
const SIGNATURE: &str = "22000000";
const BOTH: &str = "26000000";
const REQUIRED: &str = "20400000";
const REQUIRED_CDCVM: &str = "20404000";
const REQUIRED_PIN: &str = "24400000";
const REQUIRED_PIN_CDCVM: &str = "24404000";
const REQUIRED_SIGNATURE: &str = "22400000";
const REQUIRED_BOTH: &str = "26400000";

#[track_caller]
fn check(scene: &Scene, row: &str, expected: Option<Cvm>, rule: &str) {
    let ran = scene.run();
    assert!(ran.cites(rule), "{row}: {:?}", ran.rules);
    match expected {
        Some(cvm) => assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::OnlineRequest, cvm), "{row}"),
        None => assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::Declined, Cvm::NoCvm), "{row}"),
    }
}

#[test]
fn the_reader_chooses_for_a_card_without_ctq() {
    for (ttq, cvm, rule) in [
        (NOTHING, Some(Cvm::NoCvm), "5.7.1.3"),
        (BOTH, Some(Cvm::NoCvm), "5.7.1.3"),
        (REQUIRED_SIGNATURE, Some(Cvm::Signature), "5.7.1.1"),
        (REQUIRED_BOTH, Some(Cvm::Signature), "5.7.1.1"),
        (REQUIRED_PIN, Some(Cvm::OnlinePin), "5.7.1.1"),
        (REQUIRED_PIN_CDCVM, Some(Cvm::OnlinePin), "5.7.1.1"),
        (REQUIRED_CDCVM, None, "5.7.1.1"),
        (REQUIRED, None, "5.7.1.1"),
    ] {
        check(&Scene::default().ttq(ttq), ttq, cvm, rule);
    }
}

#[test]
fn online_pin_without_ctq_is_a_choice_of_the_product_unless_the_reader_has_cdcvm() {
    let strict = |ttq| Scene::default().ttq(ttq).option(|options| options.online_pin_without_ctq = false);
    check(&strict(REQUIRED_PIN), REQUIRED_PIN, None, "5.7.1.1");
    check(&strict(REQUIRED_PIN_CDCVM), REQUIRED_PIN_CDCVM, Some(Cvm::OnlinePin), "5.7.1.1");
}

/// CTQ, 9F69, TTQ, what comes of it for an ARQC and for a TC (`None`: declined), and the rule.
type Row = (&'static str, &'static str, &'static str, [Option<Cvm>; 2], &'static str);

const BY_CARD: [Row; 33] = {
    use Cvm::{ConfirmationCodeVerified as Verified, NoCvm, OnlinePin, Signature};
    const fn both(cvm: Cvm) -> [Option<Cvm>; 2] {
        [Some(cvm), Some(cvm)]
    }
    const DECLINED: [Option<Cvm>; 2] = [None, None];
    [
        // no wish
        ("0000", "", NOTHING, both(NoCvm), "5.7.1.3"),
        ("0000", "", BOTH, both(NoCvm), "5.7.1.3"),
        ("0000", "", REQUIRED, DECLINED, "5.7.1.3"),
        ("0000", "", REQUIRED_BOTH, DECLINED, "5.7.1.3"),
        // online PIN
        ("8000", "", PIN, both(OnlinePin), "5.7.1.2"),
        ("8000", "", BOTH, both(OnlinePin), "5.7.1.2"),
        ("8000", "", REQUIRED_PIN, both(OnlinePin), "5.7.1.2"),
        ("8000", "", SIGNATURE, both(NoCvm), "5.7.1.3"),
        ("8000", "", REQUIRED_SIGNATURE, DECLINED, "5.7.1.3"),
        // online PIN before everything else
        ("C000", "", BOTH, both(OnlinePin), "5.7.1.2"),
        ("C080", "", BOTH, both(OnlinePin), "5.7.1.2"),
        ("8080", "01DEADBEEF0000", PIN, both(OnlinePin), "5.7.1.2"),
        // signature
        ("4000", "", SIGNATURE, both(Signature), "5.7.1.2"),
        ("4000", "", REQUIRED_SIGNATURE, both(Signature), "5.7.1.2"),
        ("4000", "", BOTH, both(Signature), "5.7.1.2"),
        ("4000", "", PIN, both(NoCvm), "5.7.1.3"),
        ("4000", "", REQUIRED_PIN, DECLINED, "5.7.1.3"),
        ("C000", "", SIGNATURE, both(Signature), "5.7.1.2"),
        ("C000", "", REQUIRED_SIGNATURE, both(Signature), "5.7.1.2"),
        ("C000", "", NOTHING, both(NoCvm), "5.7.1.3"),
        // consumer device, confirmed by 9F69
        ("0080", "01DEADBEEF0080", NOTHING, both(Verified), "5.7.1.2"),
        ("0080", "01DEADBEEF0080AA", REQUIRED, both(Verified), "5.7.1.2"),
        ("0080", "01DEADBEEF0080", REQUIRED_CDCVM, both(Verified), "5.7.1.2"),
        ("8080", "01DEADBEEF8080", SIGNATURE, both(Verified), "5.7.1.2"),
        ("4080", "01DEADBEEF4080", SIGNATURE, both(Verified), "5.7.1.2"),
        // consumer device, not confirmed
        ("0080", "01DEADBEEF0000", BOTH, DECLINED, "5.7.1.2"),
        ("0080", "01DEADBE0080EF", BOTH, DECLINED, "5.7.1.2"),
        ("0080", "01DEADBEEF", BOTH, DECLINED, "5.7.1.2"),
        ("0080", "01DEADBEEF00", REQUIRED_BOTH, DECLINED, "5.7.1.2"),
        ("4080", "01DEADBEEF0000", SIGNATURE, DECLINED, "5.7.1.2"),
        // consumer device, nothing to confirm it with: an ARQC protects CTQ, a TC does not
        ("0080", "", NOTHING, [Some(Verified), None], "5.7.1.2"),
        ("0080", "", REQUIRED_BOTH, [Some(Verified), None], "5.7.1.2"),
        ("4080", "", SIGNATURE, [Some(Verified), None], "5.7.1.2"),
    ]
};

#[test]
fn the_card_chooses_by_ctq() {
    for (ctq, related, ttq, expected, rule) in BY_CARD {
        for (cryptogram, cvm) in [ARQC, TC].into_iter().zip(expected) {
            let mut scene = Scene::default().ttq(ttq).set(0x9F6C, ctq).set(0x9F10, cryptogram).set(0x5F24, "311231");
            if cryptogram == TC {
                // the online cryptogram keeps authentication out of the picture
                scene = scene.ttq_bit(2, 8);
            }
            if !related.is_empty() {
                scene = scene.set(0x9F69, related);
            }
            check(&scene, &format!("CTQ {ctq}, 9F69 {related}, TTQ {ttq}, IAD {cryptogram}"), cvm, rule);
        }
    }
}

#[test]
fn signature_for_an_unsupported_pin_is_a_choice_of_the_product() {
    let strict = |ctq: &str, ttq: &str| {
        let scene = Scene::default().ttq(ttq).set(0x9F6C, ctq);
        scene.option(|options| options.signature_for_unsupported_pin = false)
    };
    check(&strict("C000", SIGNATURE), "not required", Some(Cvm::NoCvm), "5.7.1.3");
    check(&strict("C000", REQUIRED_SIGNATURE), "required", None, "5.7.1.3");
    check(&strict("4000", SIGNATURE), "no PIN wanted", Some(Cvm::Signature), "5.7.1.2");
}

#[test]
fn the_note_names_the_bits() {
    let ran = Scene::default().ttq(PIN).set(0x9F6C, "8000").run();
    let note = ran.note("5.7.1.2");
    assert!(note.contains("CTQ byte 1 bit 8 \"online PIN required\" = 1"), "{note}");
    assert!(note.contains("TTQ byte 1 bit 3 \"online PIN supported\" = 1"), "{note}");
}

/// Before VCPS 2.1.3 the reader looked at its own support of consumer device CVM.
#[test]
fn an_older_reader_needs_to_support_consumer_devices() {
    for (ttq, older, result, cvm) in [
        ("26400000", false, R::OnlineRequest, Cvm::ConfirmationCodeVerified),
        ("26404000", true, R::OnlineRequest, Cvm::ConfirmationCodeVerified),
        ("26400000", true, R::Declined, Cvm::NoCvm),
        ("26000000", true, R::OnlineRequest, Cvm::NoCvm),
    ] {
        let scene = Scene::default().ttq(ttq).set(0x9F6C, "0080");
        let ran = scene.option(|options| options.vcps_before_2_1_3_cdcvm = older).run();
        assert_eq!((ran.outcome.result, ran.outcome.cvm), (result, cvm), "{ttq} {older}: {:?}", ran.rules);
    }
}
