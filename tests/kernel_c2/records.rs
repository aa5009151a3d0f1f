//! S4, S4', S5, S6 and what they share: reading, data exchange, and what the card must have sent.

use emvtap::kernel::outcome::OutcomeResult as R;

use crate::{
    ends::OK,
    harness::{Said, Scene, assert_result, hex, template, text},
};

const OTHER: &str = "40F0F0F090F0FF00";
const PARSING: &str = "00040000001C";

#[test]
pub fn a_record_that_is_not_understood_ends_with_the_next_answer() {
    for record in [
        "7703 5F3401 9000",
        "7000 7000 9000",
        "7002 5A05 9000",
        "7006 5F34 01 01 9F02 9000",
        "7004 5F340200 9000",
        "7009 9F0206 000000000100 9000",
        "7003 820100 9000",
        "7003 9F37 00 9000",
    ] {
        let ran = Scene::default().script(0xB2, 0, record).run();
        ran.ends(OTHER, PARSING);
        assert_eq!(ran.sent(0xB2).len(), 2, "{record}: the next command was under way");
        let ran = Scene::default().script(0xB2, 4, record).run();
        ran.ends(OTHER, PARSING);
        assert_eq!(ran.sent(0xB2).len(), 5);
    }
    let broken = || Scene::default().script(0xB2, 0, "7703 5F3401 9000");
    broken().lose(0xB2, 1).run().ends(OTHER, PARSING);
    broken().script(0xB2, 1, "6A83").run().ends(OTHER, PARSING);
    broken().interject(2, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
    assert!(broken().interject(2, Said::Objects("9C0120".to_owned())).run().cites("S4'.1"));
}

#[test]
pub fn duplicates_and_foreign_objects_are_not_understood() {
    let twice = Scene::default();
    let mut twice = twice.card(0x8F, "E0");
    twice.records.get_mut(&(3, 1)).unwrap().push((0x8F, hex("E0")));
    twice.run().ends(OTHER, PARSING);
    Scene::default().card(0x9F02, "000000000001").run().ends(OTHER, PARSING);
    Scene::default().card(0x9F1E, "3131313131313131").run().ends(OTHER, PARSING);
    // What nobody knows is passed over, and so is what is private.
    assert_result(&Scene::default().card(0x9F7B, "00").card(0xDF8129, "00").card(0xC1, "00").run(), R::Approved);
    // Unless it is there already.
    Scene::default().terminal(0x9F7B, "01").card(0x9F7B, "00").run().ends(OTHER, PARSING);
}

#[test]
pub fn accounts_may_have_to_agree() {
    let other = || Scene::default().card(0x57, "5413330089020029D49122010000000000000F");
    assert_result(&other().run(), R::Approved);
    other().option(|options| options.compare_track_2_pan = true).run().ends(OTHER, PARSING);
    assert_result(&Scene::default().option(|options| options.compare_track_2_pan = true).run(), R::Approved);
}

#[test]
pub fn what_is_mandatory_is_missed_at_the_end() {
    for tag in [0x5F24, 0x5A, 0x8C] {
        Scene::default().no_cda().without_card(tag).run().ends(OTHER, "00010000001C");
    }
}

#[test]
pub fn what_cda_needs_is_missed() {
    for tag in [0x8F, 0x90, 0x9F32, 0x9F46, 0x9F47] {
        let ran = Scene::default().without_card(tag).run();
        assert!(ran.cites("S456.25"), "{tag:X}");
        assert_eq!((ran.tvr().as_str(), ran.sent(0xAE)[0].get(4..6)), ("2400000001", Some("40")), "{tag:X}");
    }
    for list in ["8294", ""] {
        Scene::default().card(0x9F4A, list).run().ends(OTHER, "00060000001C");
    }
    Scene::default().without_card(0x9F4A).run().ends(OTHER, "00060000001C");
    assert_result(&Scene::default().no_cda().without_card(0x9F4A).run(), R::Approved);
    let unknown = Scene { trust: emvtap::crypto::Trust::default(), ..Scene::default() };
    assert_eq!(unknown.run().tvr(), "0400000001");
}

#[test]
pub fn signed_records_have_to_be_records() {
    let ran = Scene::default().script(0xB2, 1, "5F2802 0056 9000").run();
    assert!(ran.cites("S4.35"));
    assert_eq!(ran.tvr(), "0400000001");
}

#[test]
pub fn static_data_have_a_limit() {
    let mut scene = Scene::default().profile(0x94, "10010101 58010909 18010300");
    for number in 1..=9 {
        scene.records.insert((11, number), vec![(0xDF01, vec![0; 240])]);
    }
    let ran = scene.run();
    assert!(ran.cites("S4.35"), "nine times 246 bytes are more than 2048");
    let mut scene = Scene::default().profile(0x94, "10010101 58010909 18010300");
    let first = 2047 - crate::harness::in_order(&scene.records[&(2, 1)]).len();
    for number in 1..=9 {
        // Eight records of 220 bytes, and one that leaves a single byte.
        let length = if number == 9 { first - 8 * 227 - 7 } else { 220 };
        scene.records.insert((11, number), vec![(0xDF01, vec![0; length])]);
    }
    let ran = scene.run();
    assert!(!ran.cites("S4.35") && ran.cites("S456.28"), "{:#?}", ran.rules);
}

#[test]
pub fn what_the_terminal_wants_goes_to_it() {
    let scene = || Scene::default().terminal(0xDF8112, "9F75 9F36 5A DF8129 9F7A");
    let ran = scene().script(0xCA, 0, "9F7503 010203 9000").run();
    assert_eq!(ran.sent(0xCA), ["80CA9F7500"]);
    let sent: Vec<String> = ran.told.iter().map(|request| text(&request.data_to_send)).collect();
    assert_eq!(
        sent,
        ["9F75030102035A085413330089020011 9F3600 DF812900".replace(' ', "")],
        "what is unknown is dropped"
    );
    for reply in ["6A88", "9F7603 010203 9000", "9F7503 0102 9000", "9000"] {
        let ran = scene().script(0xCA, 0, reply).run();
        assert!(text(&ran.told[0].data_to_send).starts_with("9F7500"), "{reply}");
    }
    scene().lose(0xCA, 0).run().ends("4010F0F050F0FF00", "010000000021");
    scene().interject(1, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
    assert!(scene().interject(1, Said::Objects("9C0100".to_owned())).run().cites("S5.1"));
}

#[test]
pub fn the_terminal_is_told_as_soon_as_it_has_all() {
    let ran = Scene::default().terminal(0xDF8112, "82 9F37").run();
    assert!(ran.cites("S3R1.15"));
    assert_eq!(text(&ran.told[0].data_to_send), "9F37048B55633B82021981");
    let ran = Scene::default().terminal(0xDF8112, "8F").run();
    assert!(ran.cites("S456.3"));
    assert_eq!(text(&ran.told[0].data_to_send), "8F01E0");
}

#[test]
pub fn an_empty_list_of_tags_is_asked_for() {
    let ran = Scene::default().terminal(0xDF8112, "").says("DF81120182").run();
    assert_eq!((text(&ran.told[0].data_needed), text(&ran.told[1].data_to_send)), ("DF8112".into(), "82021981".into()));
    let ran = Scene::default().option(|options| options.ask_absent_tags_to_read = true).run();
    assert_eq!(text(&ran.told[0].data_needed), "DF8112");
    let ran = Scene::default().terminal(0xFF8102, "").terminal(0xFF8103, "").run();
    assert_eq!(text(&ran.told[0].data_needed), "FF8102FF8103");
}

#[test]
pub fn the_terminal_may_hold_the_first_write_back() {
    let scene = || Scene::default().terminal(0xDF8110, "");
    let ran = scene().says("DF811001 01").run();
    assert_eq!(text(&ran.told[0].data_needed), "DF8110");
    assert_result(&ran, R::Approved);
    scene().run().ends("40F0F0F010F0FF00", "0000010000FF");
    scene().says_stop().run().ends("40F0F0F010F0FF00", "0000020000FF");
    // 00 waits without asking, and goes on waiting.
    let ran = Scene::default().terminal(0xDF8110, "00").says("9C0100").says("DF81100101").run();
    assert!(ran.told.iter().all(|request| request.data_needed.is_empty()));
    assert_result(&ran, R::Approved);
    assert_result(&Scene::default().terminal(0xDF8110, "01").run(), R::Approved);
    assert_result(&scene().option(|options| options.data_exchange = false).run(), R::Approved);
    // Meanwhile it may want more of the card.
    let ran = scene().says("DF8112029F75 DF81100101").script(0xCA, 0, "9F7501 07 9000").run();
    assert_eq!(ran.sent(0xCA).len(), 1);
    assert!(ran.cites("S6.8") && ran.told.iter().any(|request| text(&request.data_to_send) == "9F750107"));
}

#[test]
pub fn lists_of_the_card_may_ask_for_more() {
    let ran = Scene::default()
        .card(0x8C, "9F7C14")
        .terminal(0x9F7C, "")
        .terminal(0xDF8110, "")
        .no_cda()
        .says(&format!("9F7C14{} DF81100101", "22".repeat(20)))
        .run();
    assert!(ran.cites("S4.29"));
    assert_eq!(text(&ran.told[0].data_needed), "9F7CDF8110");
    assert_eq!(ran.sent(0xAE)[0], format!("80AE400014{}00", "22".repeat(20)));
}

#[test]
pub fn a_cdol_that_cannot_be_answered_is_the_cards_fault() {
    for list in ["9F", "9F02FF 9F0301"] {
        Scene::default().no_cda().card(0x8C, list).run().ends("40F0F00090F0FF00", "00060000001C");
    }
}

#[test]
pub fn a_lost_card_and_a_stop_end_every_reading() {
    for nth in 1..=5 {
        Scene::default().interject(nth, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
        let ran = Scene::default().interject(nth, Said::Objects("9F0306000000000000".to_owned())).run();
        ran.ends("10F0F000B0F0FF00", OK);
    }
}

#[test]
pub fn format_1_carries_a_cryptogram() {
    let answer =
        |length: usize| text(&template(0x80, &[&hex("40 0042 A1A2A3A4A5A6A7A8")[..], &vec![1; length]].concat()));
    let scene = |answer: &str| Scene::default().no_cda().script(0xAE, 0, answer);
    for length in [0, 32] {
        let ran = scene(&answer(length)).run();
        assert_result(&ran, R::Approved);
        assert_eq!(ran.record(0x9F10).map_or(0, |iad| iad.len() / 2), length);
    }
    scene(&answer(33)).run().ends("40F0F00090F0FF00", PARSING);
    scene("800A 40 0042 A1A2A3A4A5A6A7 9000").run().ends("40F0F00090F0FF00", PARSING);
    let signed = Scene::default().script(0xAE, 0, &answer(0));
    signed.run().ends("40F0F00090F0FF00", "00060000001C");
}

#[test]
pub fn answers_with_cryptograms_are_whole() {
    let scene = |answer: &str| Scene::default().no_cda().script(0xAE, 0, answer).run();
    scene("7705 9F36 02 0042 9000").ends("40F0F00090F0FF00", "00010000001C");
    scene("7704 9F270140 9000").ends("40F0F00090F0FF00", "00010000001C");
    scene("7709 9F270140 9F36020042 9000").ends("40F0F00090F0FF00", "00010000001C");
    scene("7009 9F270140 9F36020042 9000").ends("40F0F00090F0FF00", PARSING);
    scene("9000").ends("40F0F00090F0FF00", PARSING);
    scene("7709 9F2701C0 9F36020042 9000").ends("40F0F00090F0FF00", "00060000001C");
    // No better cryptogram than was asked for.
    Scene::default()
        .no_cda()
        .terminal(0xDF8121, "8000000000")
        .gives(0x80)
        .run()
        .ends("40F0F00090F0FF00", "00060000001C");
    Scene::default()
        .no_cda()
        .terminal(0xDF8122, "8000000000")
        .gives(0x40)
        .run()
        .ends("40F0F00090F0FF00", "00060000001C");
    assert_result(&Scene::default().no_cda().gives(0x80).run(), R::OnlineRequest);
}
