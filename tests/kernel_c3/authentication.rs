//! Offline data authentication (5.6.1), against a card that somebody else computed: chain `own` of `chains.json`, made with
//! Python integers (CA 1152 bits, issuer 1024, card 896; fDDA version 01, and DDA, which is what version 00 signs).

use emvtap::{
    crypto::{CaKey, Revocation, Trust},
    kernel::outcome::{AlternateInterface, Cvm, OutcomeResult as R},
    time::Date,
};
use serde_json::Value;

use crate::harness::{AAC, ARQC, Ran, Scene, TC, assert_ends_because, hex, tlv};

fn chain() -> Value {
    let chains: Value = serde_json::from_str(include_str!("../../test-vectors/primitives/chains.json")).unwrap();
    chains.as_array().unwrap().iter().find(|chain| chain["id"] == "own").unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn sdad(chain: &Value, id: &str) -> String {
    let signatures = chain["dynamic_signatures"].as_array().unwrap();
    text(&signatures.iter().find(|signature| signature["id"] == id).unwrap()["sdad"]).to_owned()
}

const PAN_RECORD: &str = "5A085413330089020011 5F340101 5F2403491231 5F2503250101 9F4A0182";
const COUNTRY_RECORD: &str = "700A 5F28020056 9F0702FFC0";

/// A TC with everything that fDDA needs. Its AIP, which the certificate covers, does not announce DDA.
fn card() -> Scene {
    let chain = chain();
    let key = CaKey::new(*b"\xA0\0\0\0\x04", 0xE0, &hex(text(&chain["ca_modulus"])), &[3]).unwrap();
    let (issuer, icc) = (&chain["issuer"], &chain["icc"]);
    let mut scene = Scene {
        aid: hex("A0000000041010"),
        trust: Trust { ca_keys: vec![key], ..Trust::default() },
        ..Scene::default()
    };
    scene.options.fdda_needs_aip = false;
    let scene = scene
        .without(0x5F34)
        .set(0x82, "1981")
        .set(0x57, "5413330089020011D49122010000000000000F")
        .set(0x9F10, TC)
        .set(0x9F69, "01DEADBEEF0000")
        .set(0x9F4B, &sdad(&chain, "fdda-01"))
        .set(0x8F, "E0")
        .set(0x90, text(&issuer["certificate"]))
        .set(0x92, text(&issuer["remainder"]))
        .set(0x9F32, "03")
        .set(0x9F46, text(&icc["certificate"]))
        .set(0x9F47, "03")
        .set(0x9F48, text(&icc["remainder"]))
        .set(0x94, "10010101 58010101");
    with_records(scene, PAN_RECORD, COUNTRY_RECORD)
}

fn with_records(scene: Scene, first: &str, second: &str) -> Scene {
    let first = hex::encode(tlv(0x70, &hex(first)));
    scene.record(2, 1, &format!("{first}9000")).record(11, 1, &format!("{second}9000"))
}

/// The card sends SDA instead.
fn static_card() -> Scene {
    card().without(0x9F4B).without(0x9F46).set(0x93, text(&chain()["static_signature"]["ssad"]))
}

#[track_caller]
fn assert_authenticated(ran: &Ran, method: &str) {
    assert_eq!(ran.oda, [(method.to_owned(), None)], "{:?}", ran.rules);
    assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::Approved, Cvm::NoCvm));
    assert!(ran.cites("5.9.1.1") && !ran.cites("5.6.1.2"));
}

#[track_caller]
fn assert_failed(ran: &Ran, reason: &str, what: &str) {
    let [(_, Some(failure))] = &ran.oda[..] else { panic!("{what}: {:?}", ran.oda) };
    assert!(failure.contains(reason), "{what}: {failure}");
    assert_eq!(ran.outcome.result, R::Declined, "{what}");
    assert!(ran.note("5.6.1.2").contains(reason), "{what}");
}

#[test]
fn a_signed_card_is_approved_offline_and_the_keys_are_told() {
    let ran = card().run();
    assert_authenticated(&ran, "fdda");
    let note = ran.note("5.6.1.1");
    assert!(note.contains("issuer key 1024 bits") && note.contains("card key 896 bits"), "{note}");
    assert!(
        ran.rules.iter().any(|(book, rule, note)| book == "2" && rule.starts_with("6.5.2") && note.contains("hash"))
    );
    let shown = ran.outcome.ui_on_outcome.unwrap();
    assert_eq!((shown.message.unwrap().0, shown.status.unwrap().name()), (0x03, "card-read-successfully"));
    assert!(ran.outcome.data_record.is_some() && ran.outcome.start.is_none() && !ran.outcome.receipt);
}

#[test]
fn every_step_of_dynamic_authentication_can_fail() {
    let chain = chain();
    let flipped = |value: &Value| {
        let mut bytes = hex(text(value));
        bytes[40] ^= 1;
        hex::encode(bytes)
    };
    let (issuer, icc) = (flipped(&chain["issuer"]["certificate"]), flipped(&chain["icc"]["certificate"]));
    let other_pan = PAN_RECORD.replace("5413330089020011", "5413330089020029");
    let other_issuer = PAN_RECORD.replace("5413330089020011", "5513330089020011");
    let track = |pan: &str| format!("{pan}D49122010000000000000F");
    let country = "700A 5F28020057 9F0702FFC0";
    let rows: Vec<(&str, Scene, &str)> = vec![
        ("no CA key", Scene { trust: Trust::default(), ..card() }, "no CA public key E0 of A000000004"),
        ("no key index", card().without(0x8F), "8F is missing"),
        ("another key index", card().set(0x8F, "E1"), "no CA public key E1"),
        ("no issuer certificate", card().without(0x90), "90 is missing"),
        ("issuer certificate too short", card().set(0x90, "0011223344"), "issuer certificate (90), length"),
        ("issuer certificate wrong", card().set(0x90, &issuer), "issuer certificate (90)"),
        ("no issuer remainder", card().without(0x92), "issuer certificate (90)"),
        ("no issuer exponent", card().without(0x9F32), "9F32 is missing"),
        ("another issuer exponent", card().set(0x9F32, "010001"), "issuer certificate (90)"),
        (
            "another issuer",
            with_records(card().set(0x57, &track("5513330089020011")), &other_issuer, COUNTRY_RECORD),
            "issuer-identifier",
        ),
        (
            "certificates expired",
            Scene { today: Date::new(2050, 1, 1).unwrap(), ..card() },
            "issuer certificate (90), expiry",
        ),
        ("no card certificate", card().without(0x9F46), "9F46 is missing"),
        ("card certificate wrong", card().set(0x9F46, &icc), "ICC certificate (9F46)"),
        ("no card remainder", card().without(0x9F48), "ICC certificate (9F46)"),
        ("no card exponent", card().without(0x9F47), "9F47 is missing"),
        (
            "another PAN",
            with_records(card().set(0x57, &track("5413330089020029")), &other_pan, COUNTRY_RECORD),
            "ICC certificate (9F46), hash",
        ),
        ("another record", with_records(card(), PAN_RECORD, country), "ICC certificate (9F46), hash"),
        ("a record less", card().set(0x94, "10010101 58010100"), "ICC certificate (9F46), hash"),
        ("another AIP", card().set(0x82, "1980"), "ICC certificate (9F46), hash"),
        (
            "tag list with more",
            with_records(card(), &PAN_RECORD.replace("9F4A0182", "9F4A028257"), COUNTRY_RECORD),
            "SDA Tag List",
        ),
        ("signed record without template", with_records(card(), PAN_RECORD, "C10100"), "no template 70"),
        ("no 9F69", card().without(0x9F69), "9F69 is missing"),
        ("version 02", card().set(0x9F69, "02DEADBEEF0000"), "version 02"),
        ("version 00", card().set(0x9F69, "00DEADBEEF0000"), "version 00"),
        ("another 9F69", card().set(0x9F69, "01DEADBEEE0000"), "signature, hash"),
        ("another number", card().terminal(0x9F37, "8B55633C"), "signature, hash"),
        ("another amount", card().terminal(0x9F02, "000000001001"), "signature, hash"),
        ("another currency", card().terminal(0x5F2A, "0840"), "signature, hash"),
        ("signature too short", card().set(0x9F4B, "0011"), "signature, length"),
        ("signature of something else", card().set(0x9F4B, &sdad(&chain, "dda")), "signature, hash"),
        ("nothing to verify", card().without(0x9F4B), "neither 9F4B nor 93"),
        ("no DDA in the AIP", card().option(|options| options.fdda_needs_aip = true), "AIP (82) does not"),
    ];
    for (what, scene, reason) in &rows {
        assert_failed(&scene.run(), reason, what);
    }
}

#[test]
fn a_revoked_issuer_is_not_trusted() {
    let mut scene = card();
    scene.trust.revoked.push(Revocation { rid: *b"\xA0\0\0\0\x04", index: 0xE0, serial: [0, 0, 1] });
    assert_failed(&scene.run(), "revocation", "serial 000001");
    scene.trust.revoked[0].serial = [0, 0, 2];
    assert_authenticated(&scene.run(), "fdda");
}

#[test]
fn the_last_day_of_a_ca_key_counts_if_the_product_says_so() {
    let mut scene = card();
    scene.trust.ca_keys[0].expires = Date::new(2026, 11, 20);
    assert_authenticated(&scene.run(), "fdda");
    scene.options.ca_key_expiry_check = true;
    assert_failed(&scene.run(), "CA public key has expired", "yesterday");
    scene.trust.ca_keys[0].expires = Date::new(2026, 11, 21);
    assert_authenticated(&scene.run(), "fdda");
}

#[test]
fn version_00_signs_the_unpredictable_number_only_and_needs_an_option() {
    let old = card().set(0x9F69, "00DEADBEEF0000").set(0x9F4B, &sdad(&chain(), "dda"));
    assert_failed(&old.run(), "version 00", "default");
    assert_authenticated(&old.option(|options| options.fdda_version_00 = true).run(), "fdda");
}

#[test]
fn static_authentication_serves_a_card_without_9f4b() {
    let ran = static_card().run();
    assert_authenticated(&ran, "sda");
    assert!(ran.note("5.6.1.1").contains("issuer key 1024 bits"));
    let strict = static_card().option(|options| options.sda_for_offline = false).run();
    assert_failed(&strict, "neither 9F4B nor 93", "option");
    let changed = with_records(static_card(), PAN_RECORD, "700A 5F28020057 9F0702FFC0").run();
    assert_failed(&changed, "signature, hash", "static data");
}

#[test]
fn a_failed_dynamic_signature_never_falls_back_to_the_static_one() {
    let ran = static_card().set(0x9F4B, "0011").run();
    assert_eq!(ran.oda.len(), 1);
    assert_eq!((ran.oda[0].0.as_str(), ran.outcome.result), ("fdda", R::Declined));
}

#[test]
fn ctq_says_what_follows_from_a_failure() {
    for (ctq, ttq, result, alternate) in [
        (None, "36000000", R::Declined, None),
        (Some("0000"), "36000000", R::Declined, None),
        (Some("2000"), "26000000", R::OnlineRequest, None),
        (Some("2000"), "2E000000", R::Declined, None),
        (Some("1000"), "36000000", R::TryAnotherInterface, Some(AlternateInterface::ContactChip)),
        (Some("1000"), "26000000", R::Declined, None),
        (Some("3000"), "36000000", R::OnlineRequest, None),
        (Some("3000"), "3E000000", R::TryAnotherInterface, Some(AlternateInterface::ContactChip)),
        (Some("3000"), "2E000000", R::Declined, None),
    ] {
        let mut scene = card().without(0x9F4B).ttq(ttq);
        if let Some(ctq) = ctq {
            scene = scene.set(0x9F6C, ctq);
        }
        let ran = scene.run();
        assert_eq!((ran.outcome.result, ran.outcome.alternate_interface), (result, alternate), "{ctq:?} {ttq}");
        assert!(ran.cites("5.6.1.2"));
        if result == R::TryAnotherInterface {
            assert_eq!(ran.message(), Some(0x1D));
            assert_eq!(ran.outcome.ui_on_outcome.unwrap().status.unwrap().name(), "processing-error");
            assert!(!ran.rules.iter().any(|(_, rule, _)| rule.starts_with("5.7")), "no CVM step");
            assert!(ran.outcome.data_record.is_none());
        }
    }
}

#[test]
fn after_a_failure_that_goes_online_the_cvm_is_still_chosen() {
    let scene = card().without(0x9F69).set(0x9F6C, "2080");
    assert_eq!(scene.run().outcome.result, R::Declined, "a TC with consumer device CVM and nothing to confirm it");
    let scene = card().without(0x9F4B).set(0x9F6C, "A000");
    assert_eq!(scene.run().outcome.cvm, Cvm::OnlinePin);
}

#[test]
fn online_transactions_are_not_authenticated() {
    let online = card().set(0x9F10, ARQC).run();
    assert!(online.oda.is_empty() && online.outcome.result == R::OnlineRequest);
    let online = card().ttq("26800000").run();
    assert!(online.oda.is_empty() && online.outcome.result == R::OnlineRequest);
}

/// The chain's AIP announces neither SDA nor DDA, so its signatures fail here; what counts is that the outcome stays.
#[test]
fn a_transit_reader_authenticates_online_transactions_without_changing_them() {
    let transit = |aip: &str| {
        let scene = card().ttq("27000000").set(0x9F10, ARQC).set(0x82, aip);
        scene.option(|options| (options.fdda_for_online, options.sda_for_online) = (true, true))
    };
    let ran = transit("3981").run();
    assert_eq!((ran.oda.len(), ran.outcome.result), (1, R::OnlineRequest));
    assert!(ran.oda[0].1.is_some() && ran.cites("5.6.1.1"));
    assert!(transit("1981").run().oda.is_empty(), "the card does not offer it");
    assert!(transit("3981").ttq("26000000").run().oda.is_empty(), "the reader does not want it");
    let missing = transit("3981").without(0x9F46).run();
    assert_ends_because(&missing, "9F46 is mandatory", "no card certificate");
    let strict = transit("3981").option(|options| options.decline_if_online_oda_fails = true).run();
    assert_eq!(strict.outcome.result, R::Declined);
}

/// 5.4.2.1 comes before the cryptogram has a type: a card that declines needs the data of its method, too.
#[test]
fn a_transit_reader_misses_authentication_data_whatever_the_cryptogram() {
    for iad in [ARQC, TC, AAC] {
        let scene = card().ttq("27000000").set(0x9F10, iad).set(0x82, "3981").without(0x9F46);
        let transit = scene.option(|options| options.fdda_for_online = true);
        assert_ends_because(&transit.run(), "9F46 is mandatory", iad);
        let offered = transit.option(|options| options.fdda_for_online = false).run();
        assert_ne!(offered.outcome.result, R::EndApplication, "{iad}");
    }
}

#[test]
fn sda_of_an_offline_approval_may_need_the_bit_of_the_aip() {
    let scene = static_card().set(0x82, "1981").option(|options| options.sda_needs_aip = true);
    assert_failed(&scene.run(), "AIP (82) does not", "no SDA in the AIP");
    assert_failed(&scene.set(0x82, "5981").run(), "signature, hash", "the AIP is signed");
}

#[test]
fn the_pan_of_track_2_serves_where_the_product_says_so() {
    let without_pan = PAN_RECORD.replace("5A085413330089020011", "");
    let scene = with_records(static_card(), &without_pan, COUNTRY_RECORD);
    assert_failed(&scene.run(), "signature, hash", "the issuer's key was found, the static data differ");
    assert_failed(&scene.option(|options| options.pan_from_track_2 = false).run(), "5A is missing", "option");
}

#[test]
fn approvals_show_the_balance_and_the_wanted_message() {
    let ran = card().set(0x9F5D, "000000000123").run();
    assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5D06000000000123")));
    assert_eq!(ran.outcome.ui_on_outcome.unwrap().value.unwrap().currency, [0x09, 0x78]);
    let signed = card().set(0x9F6C, "4000");
    assert_eq!((signed.run().message(), signed.run().outcome.cvm), (Some(0x03), Cvm::Signature));
    assert_eq!(signed.option(|options| options.approved_please_sign = true).run().message(), Some(0x1A));
}

#[test]
fn a_second_tap_does_not_remember_the_first_ones_records() {
    let mut kernel = emvtap::kernel::c3::C3::new(card().options);
    for _ in 0..3 {
        assert_authenticated(&card().run_on(&mut kernel, 10), "fdda");
    }
}
