//! CDA, against signatures that somebody else computed: chain `own` of `chains.json`, made with Python integers.

use emvtap::kernel::outcome::OutcomeResult as R;

use crate::harness::{Scene, assert_result, chain, hex, text, tlv, word};

/// The lists that ask for the bytes which `chains.json` hashes, whatever the kernel finds out: what it computes itself is asked
/// for by a tag that nobody knows.
const PDOL: &str = "9F0206";
const CDOL: &str = "9F0206 9F0306 9F1A02 DF0105 5F2A02 9A03 9C01 9F3704 9F3501 DF0102";

fn sdad(id: &str) -> String {
    let chain = chain();
    let signatures = chain["dynamic_signatures"].as_array().unwrap();
    word(&signatures.iter().find(|signature| signature["id"] == id).unwrap()["sdad"]).to_owned()
}

/// The transaction of the file, with this signature.
fn signed(id: &str, cid: &str) -> Scene {
    let answer = format!("9F2701{cid} 9F36020042 9F4B70{} 9F10120110A00003220000000000000000000000FF", sdad(id));
    Scene::default()
        .terminal(0x9F1A, "0056")
        .terminal(0x9A, "250506")
        .terminal(0xDF01, "0000000002")
        .proprietary(0x9F38, PDOL)
        .card(0x8C, CDOL)
        .script(0xAE, 0, &text(&[tlv(0x77, &hex(&answer)), vec![0x90, 0x00]].concat()))
}

#[test]
pub fn signatures_of_somebody_else_are_good() {
    let ran = signed("cda-tc", "40").run();
    assert_result(&ran, R::Approved);
    assert_eq!((ran.object(0x9F26), ran.object(0x9F4C)), ("A1A2A3A4A5A6A7A8".into(), "1122334455667788".into()));
    assert_result(&signed("cda", "80").run(), R::OnlineRequest);
}

#[test]
pub fn what_is_signed_has_to_be_what_was_said() {
    let failed = |scene: Scene| scene.run().ends("40F0F00090F0FF00", "00020000001C").tvr();
    assert_eq!(failed(signed("cda", "40")), "0400000001", "another type of cryptogram");
    failed(signed("cda-tc", "40").terminal(0x9F37, "8B55633C"));
    failed(signed("cda-tc", "40").terminal(0x9C, "09"));
    failed(signed("cda-tc", "40").amount("000000001001"));
    failed(signed("dda", "40"));
    failed(Scene::default().card(0x90, &"11".repeat(144)));
    failed(Scene::default().card(0x9F46, &"11".repeat(128)));
    failed(Scene::default().card(0x9F48, "00"));
    let mut other = Scene::default().profile(0x82, "1980");
    other.discretionary.clear();
    failed(other);
}

#[test]
pub fn a_signature_that_is_owed_has_to_come() {
    Scene::default().unsigned().run().ends("40F0F00090F0FF00", "00060000001C");
    Scene::default().unsigned().gives(0x80).run().ends("40F0F00090F0FF00", "00060000001C");
    assert_result(&Scene::default().unsigned().gives(0x00).run(), R::TryAnotherInterface);
    let aac = Scene::default().terminal(0xDF8121, "0000000001").discretionary(0x9F5D, "000100");
    aac.clone().unsigned().run().ends("40F0F00090F0FF00", "00060000001C");
    assert_result(&aac.run(), R::TryAnotherInterface);
}

#[test]
pub fn relay_resistance_is_signed() {
    let scene = || Scene::default().terminal(0xDF811B, "30");
    // What the card signs has the terminal's number, which only the exchange knows.
    let ran = scene().run();
    ran.ends("40F0F00090F0FF00", "00020000001C");
    assert!(ran.note("S910.46").contains("relay resistance"));
    let entropy = ran.object(0xDF8301);
    let good = Scene { more: hex(&format!("{entropy} C0FFEE01 0010 0050 0018")), ..scene() };
    assert_result(&good.run(), R::Approved);
    for wrong in
        ["C0FFEE02 0010 0050 0018", "C0FFEE01 0011 0050 0018", "C0FFEE01 0010 0051 0018", "C0FFEE01 0010 0050 0019"]
    {
        let wrong = Scene { more: hex(&format!("{entropy} {wrong}")), ..scene() };
        wrong.run().ends("40F0F00090F0FF00", "00020000001C");
    }
}
