//! Integrated data storage, PUT DATA before and after GENERATE AC, balances.

use emvtap::kernel::{c2::Edition, outcome::OutcomeResult as R};

use crate::{
    ends::OK,
    harness::{Ran, Said, Scene, assert_result, hex, text},
};

const SUMMARY: &str = "0011223344556677";
const WRITTEN: &str = "FFEEDDCCBBAA9988";
const DS_ID: &str = "541333008902001101";

/// A card with data storage of version 1, and a terminal that has an operator identifier.
fn storage() -> Scene {
    let scene = Scene::default()
        .terminal(0xDF810D, "02")
        .terminal(0x9F5C, "0102030405060708")
        .discretionary(0x9F5D, "010000")
        .discretionary(0x9F5E, DS_ID)
        .profile(0x9F5F, "80")
        .profile(0x9F7D, SUMMARY)
        .profile(0x9F7F, "01020304")
        .profile(0x9F6F, "80");
    Scene { more: hex(SUMMARY), ..scene }
}

/// The same with something to write with a TC.
fn writing() -> Scene {
    let scene = storage()
        .card(0x9F5B, "DF6008 DF6108 DF6201 DF63A0")
        .terminal(0xDF60, "1122334455667788")
        .terminal(0xDF62, "80")
        .terminal(0xDF63, "AABBCC")
        .terminal(0xDF8108, "40")
        .terminal(0xDF8109, "1122334455667788")
        .terminal(0xDF810A, "00");
    Scene { more: hex(&format!("{SUMMARY}{WRITTEN}")), ..scene }
}

fn asked(ran: &Ran) -> String {
    ran.sent(0xAE)[0][4..6].to_owned()
}

#[test]
pub fn storage_is_read() {
    let ran = storage().run();
    ran.ends("10F0F000B0F0FF00", OK);
    assert_eq!(
        (ran.object(0xDF8128).as_str(), ran.object(0xDF810B).as_str(), asked(&ran).as_str()),
        ("80", "80", "50")
    );
    let told = text(&ran.told[0].data_to_send);
    assert!(told.starts_with(&format!("9F5E09{DS_ID}9F5D03010000")), "{told}");
    assert!(
        told.contains(
            "9F5F0180 9F7D080011223344556677 9F7F0401020304 9F6F0180 9F37048B55633B".replace(' ', "").as_str()
        )
    );
}

#[test]
pub fn storage_needs_everything() {
    let off = |scene: Scene| {
        let ran = Scene { more: Vec::new(), ..scene }.run();
        assert_result(&ran, R::Approved);
        assert_eq!(ran.object(0xDF8128), "00");
        ran
    };
    off(storage().without_terminal(0x9F5C));
    off(storage().terminal(0xDF810D, ""));
    off(storage().option(|options| options.data_storage = false));
    assert!(off(storage().discretionary(0x9F5D, "000000")).cites("S1.19"));
    let mut without = storage();
    without.profile.remove(&0x9F5F);
    assert!(off(without).cites("S3R1.13"));
    let mut ods = storage().profile(0x9F54, "07");
    ods.profile.remove(&0x9F5F);
    assert_eq!(ods.run().object(0xDF810B), "80", "with DS ODS Card the summary is enough");
    storage().discretionary(0x9F5E, "541333008902001102").run().ends("40F0F0F090F0FF00", "00060000001C");
}

#[test]
pub fn summaries_are_signed() {
    let with = |more: &str| Scene { more: hex(more), ..storage() }.run();
    with("").ends("40F0F00090F0FF00", "00010000001C");
    with(WRITTEN).ends("40F0F00090F0FF00", "000B0000001C");
    with("00").ends("40F0F00090F0FF00", "00020000001C");
    let version_2 = storage().discretionary(0x9F5D, "020000").profile(0x9F7D, &SUMMARY.repeat(2));
    let version_2 = Scene { more: hex(&SUMMARY.repeat(2)), ..version_2 };
    assert_eq!(version_2.run().object(0xDF810B), "80");
}

#[test]
pub fn an_aac_without_signature_is_no_answer_to_storage() {
    storage().gives(0x00).unsigned().run().ends("40F0F00090F0FF00", "00060000001C");
    assert_eq!(asked(&storage().without_card(0x90).gives(0x00).run()), "40");
}

/// The digest is that of `c2.md`, section 9.
#[test]
pub fn storage_is_written() {
    let ran = writing().run();
    ran.ends("10F0F000B0F0FF00", OK);
    assert_eq!((ran.object(0xDF8128).as_str(), ran.object(0xDF810B).as_str()), ("C0", "C0"));
    let sent = &ran.sent(0xAE)[0];
    assert!(sent.ends_with("1122334455667788 A0D83CB705741860 80 AABBCC 00".replace(' ', "").as_str()), "{sent}");
    assert_eq!(ran.discretionary(0xDF8102).unwrap(), WRITTEN);
    let version_2 = writing().discretionary(0x9F5D, "020000").profile(0x9F7D, &SUMMARY.repeat(2));
    let version_2 = Scene { more: hex(&format!("{}{}", SUMMARY.repeat(2), WRITTEN.repeat(2))), ..version_2 };
    assert!(version_2.run().sent(0xAE)[0].contains("C0A42BA99E8F9881"));
    let anonymous = writing().terminal(0xDF62, "40").run();
    assert!(anonymous.sent(0xAE)[0].contains("13283D7920F32539"));
}

#[test]
pub fn the_cryptogram_has_to_suit_the_data() {
    // The reader wants a TC.
    for (kind, p1) in [("00", "10"), ("40", "50"), ("80", "90")] {
        let ran = writing().terminal(0xDF8108, kind).run();
        assert_eq!((asked(&ran).as_str(), ran.object(0xDF8128).as_str()), (p1, "C0"));
    }
    let online = || Scene { more: hex(SUMMARY), ..writing() }.terminal(0xDF8122, "0000000001");
    let ran = online().run();
    assert_eq!((asked(&ran).as_str(), ran.object(0xDF8128).as_str()), ("90", "80"), "read only");
    let usable = writing().terminal(0xDF8122, "0000000001").terminal(0xDF810A, "40").run();
    assert_eq!((asked(&usable).as_str(), usable.object(0xDF8128).as_str()), ("90", "C0"));
    let denied = writing().terminal(0xDF8121, "0000000001").terminal(0xDF810A, "20").run();
    assert_eq!((asked(&denied).as_str(), denied.object(0xDF8128).as_str()), ("10", "C0"));
    online().terminal(0xDF810A, "04").run().ends("40F0F00090F0FF00", "000E0000001C");
    writing().without_terminal(0xDF8108).run().ends("40F0F00090F0FF00", "000D0000001C");
    let nothing = Scene { more: hex(SUMMARY), ..writing().without_terminal(0xDF62) };
    assert!(nothing.run().cites("GAC.3"));
}

#[test]
pub fn a_write_has_to_be_proven() {
    let with = |more: &str| Scene { more: hex(more), ..writing() };
    let missing = with(SUMMARY).run();
    missing.ends("40F0F000B0F0FF00", "00010000001C");
    let unchanged = || with(&SUMMARY.repeat(2));
    assert_eq!(unchanged().run().object(0xDF810B), "80");
    let stop = unchanged().terminal(0xDF810A, "02").run();
    stop.ends("40F0F00090F0FF00", "000C0000001C");
    assert!(stop.outcome.data_record.is_none());
    let lost = writing().lose(0xAE, 0).run();
    lost.ends("40F0F000B0F0FF00", "01000000001C");
}

#[test]
pub fn dsdol_may_ask_for_more() {
    let ran = writing().terminal(0xDF63, "").terminal(0xDF8110, "");
    let ran = Scene { said: vec![Said::Nothing], ..ran }.says("DF6301AA DF81100101").run();
    assert!(ran.cites("S4.33"));
    assert_eq!(text(&ran.told.last().unwrap().data_needed), "DF63DF8110");
    let locked = writing().terminal(0xDF63, "").profile(0x9F6F, "90").run();
    assert!(!locked.cites("S4.33"));
}

fn envelopes(list: &str) -> Scene {
    Scene::default().terminal(if list == "before" { 0xFF8102 } else { 0xFF8103 }, "9F75020102 9F760103")
}

#[test]
pub fn objects_are_written_before_the_cryptogram() {
    let ran = envelopes("before").run();
    assert_eq!(ran.sent(0xDA), ["80DA9F75020102", "80DA9F760103"]);
    assert_eq!(ran.discretionary(0xDF810F).unwrap(), "80");
    let ran = envelopes("before").script(0xDA, 0, "6985").run();
    assert_eq!((ran.sent(0xDA).len(), ran.discretionary(0xDF810F).unwrap().as_str()), (1, "00"));
    assert_result(&ran, R::Approved);
    envelopes("before").lose(0xDA, 1).run().ends("4010F00050F0FF00", "010000000021");
    envelopes("before").interject(6, Said::Stop).run().ends("40F0F00010F0FF00", "0000020000FF");
    assert!(envelopes("before").interject(6, Said::Objects("9C0100".to_owned())).run().cites("S12.1"));
}

#[test]
pub fn objects_are_written_after_the_cryptogram() {
    let ran = envelopes("after").run();
    assert_eq!(ran.sent(0xDA).len(), 2);
    assert_eq!(ran.discretionary(0xDF810E).unwrap(), "80");
    assert_result(&ran, R::Approved);
    assert_eq!(ran.ui.last().unwrap().message.unwrap().0, 0x1E);
    for scene in [envelopes("after").script(0xDA, 0, "6985"), envelopes("after").lose(0xDA, 0)] {
        let ran = scene.interject(7, Said::Stop).run();
        assert_result(&ran, R::Approved);
        assert_eq!((ran.sent(0xDA).len(), ran.discretionary(0xDF810E).unwrap().as_str()), (1, "00"));
    }
    let ran = envelopes("after").answer(0xDF4B, "000100").run();
    ran.ends("4010F00070F0FF00", OK);
    assert_eq!(ran.ui.last().unwrap().status.unwrap().name(), "card-read-successfully");
    assert!(ran.cites("S15.10"));
}

fn balance(edition: Edition) -> Scene {
    let scene = Scene::default().discretionary(0x9F5D, "000200").terminal(0xDF8104, "").terminal(0xDF8105, "");
    let scene = scene.option(|options| options.edition = edition);
    scene.script(0xCA, 0, "9F5006 000000001234 9000").script(0xCA, 1, "9F5006 000000000234 9000")
}

#[test]
pub fn balances_are_read_in_older_editions() {
    let ran = balance(Edition::V2_10).run();
    assert_eq!(
        (ran.discretionary(0xDF8104).unwrap(), ran.discretionary(0xDF8105).unwrap()),
        ("000000001234".into(), "000000000234".into())
    );
    assert!(ran.object(0xDF8116).ends_with("20 000000000234 0978".replace(' ', "").as_str()));
    assert!(balance(Edition::V2_11).run().sent(0xCA).is_empty());
    for reply in ["6A88", "9F5005 0000001234 9000", "9F5106 000000001234 9000", "9F5006 000000001234 00 9000"] {
        let ran = balance(Edition::V2_6).script(0xCA, 0, reply).run();
        assert_eq!(ran.discretionary(0xDF8104).unwrap(), "", "{reply}");
    }
    balance(Edition::V2_6).lose(0xCA, 0).run().ends("4010F0F058F0FF00".replace("58", "50").as_str(), "010000000021");
    let ran = balance(Edition::V2_6).lose(0xCA, 1).interject(8, Said::Stop).run();
    assert_result(&ran, R::Approved);
    balance(Edition::V2_6).interject(6, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
    assert!(balance(Edition::V2_6).interject(6, Said::Objects("9C0100".to_owned())).run().cites("S16.1"));
}
