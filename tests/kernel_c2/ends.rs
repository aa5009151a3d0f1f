//! The ends in bytes: Outcome Parameter Set, User Interface Request Data, Error Indication (C-2, Annex A; the table of ends).

use emvtap::kernel::{
    c2::Edition,
    outcome::{AlternateInterface, Cvm, OutcomeResult as R, Start},
};

use crate::harness::{Scene, assert_result};

pub const OK: &str = "0000000000FF";
const HELD: &str = "000013";

#[track_caller]
fn says(ran: &crate::harness::Ran, message: &str, status: &str, hold: &str) {
    assert_eq!(ran.object(0xDF8116), format!("{message}{status}{hold}6465656E00000000"));
}

#[test]
pub fn a_tc_is_approved() {
    let ran = Scene::default().run();
    ran.ends("10F0F000B0F0FF00", OK);
    assert_result(&ran, R::Approved);
    says(&ran, "03", "00", HELD);
    assert_eq!((ran.tvr().as_str(), ran.object(0x9F34).as_str()), ("0000000001", "1F0302"));
    assert_eq!(ran.record(0x9F26).unwrap(), "A1A2A3A4A5A6A7A8");
    assert_eq!(ran.discretionary(0xDF8115).unwrap(), OK);
    assert_eq!(ran.outcome.cvm, Cvm::NoCvm);
    let messages: Vec<_> = ran.ui.iter().map(|ui| (ui.message.unwrap().0, ui.status.unwrap().name())).collect();
    assert_eq!(messages, [(0x1E, "card-read-successfully")]);
}

#[test]
pub fn a_signature_is_asked_for_with_the_approval() {
    let ran = Scene::default().amount("000000006000").terminal(0xDF8118, "20").run();
    ran.ends("10F0F010B8F0FF00", OK);
    says(&ran, "1A", "00", HELD);
    assert!(ran.outcome.receipt);
}

#[test]
pub fn an_arqc_goes_online_with_the_pin_above_the_limit() {
    let ran = Scene::default().amount("000000010001").run();
    ran.ends("30F0F020B8F0FF00", OK);
    says(&ran, "1B", "00", "000000");
    assert_eq!(ran.tvr(), "0000048001");
    assert_eq!(ran.object(0x9F34), "420300");
}

#[test]
pub fn an_aac_may_be_tried_at_the_contact_interface() {
    let ran = Scene::default().gives(0x00).run();
    ran.ends("60F0F000B0F0FF00", OK);
    says(&ran, "1D", "00", HELD);
    assert_eq!(ran.outcome.alternate_interface, None::<AlternateInterface>);
}

#[test]
pub fn an_aac_is_final_without_contacts_or_of_a_phone() {
    let mut scenes = vec![Scene::default().gives(0x00).terminal(0xDF8117, "40")];
    scenes.push(Scene::default().gives(0x00).discretionary(0x9F6E, "0056 0000 3031 00"));
    for scene in scenes {
        let ran = scene.run();
        ran.ends("20F0F000B0F0FF00", OK);
        says(&ran, "07", "00", HELD);
    }
    for third_party in ["0056 0000 3030 00", "0056 8000 3031 00"] {
        let ran = Scene::default().gives(0x00).discretionary(0x9F6E, third_party).run();
        assert_result(&ran, R::TryAnotherInterface);
    }
}

#[test]
pub fn an_aac_for_a_refund_ends_quietly() {
    let ran = Scene::default().gives(0x00).terminal(0x9C, "20").run();
    ran.ends("40F0F000B0F0FF00", OK);
    says(&ran, "1E", "00", "000000");
}

#[test]
pub fn something_to_do_on_the_phone_is_a_second_tap() {
    for (information, message) in [("000100", "20"), ("000200", "20"), ("000001", "20"), ("000004", "07")] {
        let ran = Scene::default().answer(0xDF4B, information).run();
        ran.ends("4010F00070F0FF00", OK);
        says(&ran, message, "02", "000000");
        assert_eq!((ran.outcome.start, ran.outcome.ui_on_outcome), (Some(Start::B), None));
        let shown = ran.ui.last().unwrap();
        assert_eq!((shown.status.unwrap().name(), shown.hold), ("not-ready", 13));
    }
    let ran = Scene::default().answer(0xDF4B, "000800").run();
    assert_result(&ran, R::Approved);
}

#[test]
pub fn the_phone_message_table_is_the_terminals() {
    let table = "000100 000100 1E 04 000000 000000 20 05";
    let ran = Scene::default().terminal(0xDF8131, table).answer(0xDF4B, "000100").run();
    assert_eq!(ran.ui.last().unwrap().message.unwrap().0, 0x1E);
    let ran = Scene::default().terminal(0xDF8131, table).answer(0xDF4B, "000200").run();
    assert_eq!(ran.ui.last().unwrap().message.unwrap().0, 0x20);
}

#[test]
pub fn request_data_have_22_bytes_in_older_editions() {
    let ran = Scene::default().option(|options| options.edition = Edition::V2_10).run();
    assert_eq!(ran.object(0xDF8116), "03000000136465656E00000000000000000000000000");
}

#[test]
pub fn field_off_detection_sets_the_hold_time() {
    let ran = Scene::default().discretionary(0x9F5D, "000400").run();
    ran.ends("10F0F000B0F00D00", OK);
    assert_eq!(ran.outcome.field_off, Some(13));
    let ran = Scene::default().discretionary(0x9F5D, "000400").amount("000000030001").run();
    ran.ends("5020F0F010F0FF00", "0005000000FF");
}

/// Every command can be answered with a status word, and every one has its end for it.
#[test]
pub fn status_words_have_their_ends() {
    let online = || Scene::default().no_cda();
    Scene::default().script(0xA8, 0, "6985").run().ends("5020F0F010F0FF00", "0003006985FF");
    online().script(0xB2, 0, "6A83").run().ends("40F0F0F090F0FF00", "0003006A831C");
    online().script(0xAE, 0, "6985").run().ends("40F0F00090F0FF00", "00030069851C");
    online().script(0xAE, 0, "6700").run().ends("40F0F00090F0FF00", "00030067001C");
}

#[test]
pub fn a_lost_card_is_presented_again() {
    Scene::default().lose(0xA8, 0).run().ends("7010F0F010F0FF00", "0100000000FF");
    let end =
        |options: &mut emvtap::kernel::c2::Options| options.gpo_lost = emvtap::kernel::c2::GpoLost::EndApplication;
    Scene::default().lose(0xA8, 0).option(end).run().ends("4010F0F050F0FF00", "010000000021");
    for nth in 0..5 {
        Scene::default().lose(0xB2, nth).run().ends("4010F0F050F0FF00", "010000000021");
    }
    let ran = Scene::default().lose(0xAE, 0).run();
    ran.ends("4010F00050F0FF00", "010000000021");
    says(&ran, "21", "02", "000000");
}

#[test]
pub fn limits_are_passed_by_what_is_greater() {
    Scene::default().amount("000000030000").run().ends("30F0F020B8F0FF00", OK);
    Scene::default().amount("000000030001").run().ends("5020F0F010F0FF00", "0005000000FF");
    let floor = |amount| Scene::default().amount(amount).run().tvr();
    assert_eq!((floor("000000010000").as_str(), floor("000000010001").as_str()), ("0000040001", "0000048001"));
    let cvm = |amount| Scene::default().amount(amount).run().object(0x9F33);
    assert_eq!((cvm("000000005000").as_str(), cvm("000000005001").as_str()), ("E00808", "E06008"));
    Scene::default().without_terminal(0x9F02).run().ends("40F0F0F010F0FF00", "0000030000FF");
}
