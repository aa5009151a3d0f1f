//! Mag-stripe mode: S7, S8, S13, S14.

use emvtap::kernel::outcome::{Cvm, OutcomeResult as R};

use crate::{
    ends::OK,
    harness::{Ran, Said, Scene, assert_result, hex, list, text},
};

/// The example of `c2.md`, 10.2: three digits of checksum, number and counter each.
fn stripe() -> Scene {
    let mut scene = Scene::default().profile(0x82, "0000").profile(0x94, "08010100");
    let record =
        [(0x9F65, "000E"), (0x9F66, "0E70"), (0x9F67, "03"), (0x9F6B, "5413339000001513D49121019000990000000F")];
    scene.records.insert((1, 1), list(&record));
    scene.answer = crate::harness::map(&[(0x9F36, "03F9"), (0x9F61, "A2C4")]);
    scene
}

/// The same with a track 1.
fn both_tracks() -> Scene {
    let mut scene = stripe().answer(0x9F60, "A2C4");
    let data = hex::encode(b"B5413339000001513^KENOBI/OBIWAN^49121019000990000000");
    let record = [(0x56, &data[..]), (0x9F62, "00000000000E"), (0x9F63, "000000000E70"), (0x9F64, "03")];
    scene.records.get_mut(&(1, 1)).unwrap().extend(list(&record));
    scene
}

fn phone() -> Scene {
    both_tracks().profile(0x82, "0200").answer(0xDF4B, "001000")
}

#[track_caller]
fn fails(ran: &Ran, error: &str) {
    ran.ends("40F0F0F090F0FF00", error);
}

#[test]
pub fn digits_are_put_into_track_2() {
    let ran = stripe().run();
    ran.ends("30F0F00030F0FF00", OK);
    assert_eq!(ran.sent(0x2A), ["802A8E80040000068000"]);
    assert_eq!(ran.record(0x9F6B).unwrap(), "5413339000001513D49121019017996806683F");
    assert_eq!(ran.discretionary(0xDF812B).unwrap(), "9000990000000F");
    assert!(ran.outcome.ui_on_outcome.is_none());
    assert!(ran.kept.is_empty());
}

#[test]
pub fn digits_are_put_into_track_1() {
    let ran = both_tracks().run();
    let track = String::from_utf8(hex(&ran.record(0x56).unwrap())).unwrap();
    assert_eq!(track, "B5413339000001513^KENOBI/OBIWAN^49121019017996806683");
    assert_eq!(hex(&ran.discretionary(0xDF812A).unwrap()), b"9000990000000");
}

#[test]
pub fn a_device_that_verified_its_holder_adds_five() {
    let ran = phone().amount("000000005001").run();
    ran.ends("30F0F03038F0FF00", OK);
    assert_eq!(ran.record(0x9F6B).unwrap(), "5413339000001513D49121019017996806688F");
    assert_eq!(ran.object(0x9F7E), "03");
    let ran = phone().answer(0xDF4B, "000000").run();
    ran.ends("30F0F00030F0FF00", OK);
    phone().answer(0xDF4B, "000000").amount("000000005001").run().ends("40F0F03090F0FF00", "00060000001C");
    // Without the reader's support it is a card like any other, which may say so all the same.
    let ran = phone().terminal(0xDF811B, "00").run();
    assert_eq!(ran.record(0x9F6B).unwrap(), "5413339000001513D49121019017996806688F");
    assert_eq!(ran.outcome.cvm, Cvm::NoCvm);
}

#[test]
pub fn the_cvm_depends_on_the_limit() {
    let ran = stripe().amount("000000005001").run();
    ran.ends("30F0F01038F0FF00", OK);
    let ran = stripe().terminal(0xDF812C, "10").run();
    assert_eq!((ran.outcome.cvm, ran.outcome.receipt), (Cvm::Signature, true));
    let ran = stripe().terminal(0xDF812C, "20").run();
    assert_eq!((ran.outcome.cvm, ran.outcome.receipt), (Cvm::OnlinePin, false));
    assert_eq!(stripe().terminal(0xDF812C, "F0").run().outcome.cvm, Cvm::NotApplicable);
}

#[test]
pub fn maps_have_to_fit() {
    for tag in [0x9F65, 0x9F66, 0x9F67, 0x9F6B] {
        let mut scene = stripe();
        scene.records.get_mut(&(1, 1)).unwrap().retain(|(other, _)| *other != tag);
        fails(&scene.run(), "00010000001C");
    }
    let change = |tag: u32, value: &str| {
        let mut scene = both_tracks();
        let record = scene.records.get_mut(&(1, 1)).unwrap();
        record.retain(|(other, _)| *other != tag);
        if !value.is_empty() {
            record.push((tag, hex(value)));
        }
        scene.run()
    };
    for (tag, value) in [
        (0x9F67, "07"),
        (0x9F67, "02"),
        (0x9F64, "02"),
        (0x9F62, ""),
        (0x9F63, ""),
        (0x9F64, ""),
        (0x9F65, "200E"),
        (0x9F63, "00000000FE70"),
        (0x9F6B, "5413339000001513D4912101"),
        (0x9F6B, "5413339000001513F4912101"),
    ] {
        fails(&change(tag, value), "00060000001C");
    }
    fails(&change(0x9F66, "FFFF"), "00060000001C");
}

#[test]
pub fn records_and_answers_have_their_ends() {
    let record = |reply: &str| stripe().script(0xB2, 0, reply).run();
    fails(&record("6A83"), "00030069851C".replace("6985", "6A83").as_str());
    fails(&record("7703 9F6700 9000"), "00040000001C");
    stripe().lose(0xB2, 0).run().ends("4010F0F050F0FF00", "010000000021");
    stripe().interject(1, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
    assert!(stripe().interject(1, Said::Objects("9C0100".into())).run().cites("S7.1"));
    for scene in [stripe(), phone()] {
        let checksum = |reply: &str| scene.clone().script(0x2A, 0, reply).run();
        fails(&checksum("6985"), "00030069851C");
        fails(&checksum("7009 9F3602 03F9 9F6102 9000"), "00040000001C");
        fails(&checksum("9000"), "00040000001C");
        fails(&checksum("7705 9F6102A2C4 9000"), "00010000001C");
        fails(&checksum("7705 9F360203F9 9000"), "00010000001C");
        let lost = scene.clone().lose(0x2A, 0).interject(2, Said::Stop).run();
        lost.ends("4010F0F050F0FF00", "010000000021");
        assert_eq!(lost.paused, [300]);
    }
    fails(&both_tracks().script(0x2A, 0, "770A 9F360203F9 9F6102A2C4 9000").run(), "00010000001C");
    fails(&phone().script(0x2A, 0, "7710 9F360203F9 9F6102A2C4 DF4B03001000 9000").run(), "00010000001C");
    let mut nothing = stripe().profile(0x94, "08000100");
    nothing.records.clear();
    fails(&nothing.run(), "00060000001C");
}

#[test]
pub fn several_records_are_read() {
    let mut scene = stripe().profile(0x94, "10010200");
    let mut record = scene.records.remove(&(1, 1)).unwrap();
    scene.records.insert((2, 2), record.split_off(2));
    scene.records.insert((2, 1), record);
    assert!(scene.run().cites("S7.16"));
    // The record at the head is enough.
    let ran = stripe().profile(0x94, "08010100 10010101").run();
    assert_eq!(ran.sent(0xB2).len(), 1);
}

#[test]
pub fn no_checksum_is_a_second_tap_or_a_refusal() {
    for scene in [stripe(), phone()] {
        let scene = |information: &str| {
            let answer = [hex("9F360203F9"), hex("DF4B03"), hex(information)].concat();
            scene.clone().script(0x2A, 0, &text(&crate::harness::template(0x77, &answer)))
        };
        let ran = scene("000100").run();
        ran.ends("4010F0F070F0FF00", OK);
        assert_eq!((ran.ui.last().unwrap().message.unwrap().0, ran.paused.as_slice()), (0x20, &[300][..]));
        let ran = scene("000000").run();
        ran.ends("20F0F0F0B0F0FF00", OK);
        assert_result(&ran, R::Declined);
        let ended = scene("000000").option(|options| options.decline_without_checksum = false).run();
        assert!(matches!(ended.outcome.result, R::Declined | R::EndApplication));
    }
}

#[test]
pub fn failures_are_held_back_longer_and_longer() {
    let mut kept = Vec::new();
    for time in [300, 600, 1200, 2400, 4800, 9600, 9600] {
        let ran = stripe().kept(&kept).script(0x2A, 0, "6985").run();
        assert_eq!(ran.paused, [time]);
        kept = ran.kept;
    }
    assert!(stripe().kept(&kept).run().kept.is_empty());
}

#[test]
pub fn the_terminal_has_its_say() {
    let flag = || stripe().terminal(0xDF8110, "");
    assert_result(&flag().says("DF81100101").run(), R::OnlineRequest);
    flag().run().ends("40F0F0F010F0FF00", "0000010000FF");
    flag().says_stop().run().ends("40F0F0F010F0FF00", "0000020000FF");
    let ran = stripe().terminal(0xDF8112, "9F6B 9F7A 82").run();
    assert!(ran.cites("S78.13"));
    assert!(text(&ran.told[0].data_to_send).starts_with("82020000 9F6B".replace(' ', "").as_str()));
    assert!(stripe().terminal(0xDF8112, "82").run().cites("S3.77"));
    stripe().without_terminal(0x9F02).run().ends("40F0F0F010F0FF00", "0000030000FF");
    stripe().amount("000000030001").run().ends("5020F0F010F0FF00", "0005000000FF");
    let keeps = stripe().discretionary(0x9F5D, "000400").amount("000000030001");
    keeps.clone().run().ends("5020F0F010F0FF00", "0005000000FF");
    keeps.option(|options| options.keep_field_over_limit = false).run().ends("5020F0F010F00D00", "0005000000FF");
}

#[test]
pub fn the_cards_udol_is_answered() {
    let with = |udol: &str| {
        let mut scene = stripe().terminal(0x9F7C, "");
        scene.records.get_mut(&(1, 1)).unwrap().push((0x9F69, hex(udol)));
        scene
    };
    assert_eq!(with("9F6A04 9F0206 9F7E01").run().sent(0x2A), ["802A8E800B000006800000000010000100"]);
    fails(&with("9F").run(), "00060000001C");
    let asked = with("9F7C14").terminal(0xDF8110, "").says("DF81100101").run();
    assert!(asked.cites("S7.15"));
    assert_eq!(text(&asked.told[0].data_needed), "9F7CDF8110");
}

/// A card that was read with a real reader (binaryfoo/emv-bertlv, DecodeControllerTest, testMagStripe: an M/Chip implementation
/// card with a test account): the kernel takes what it sent, and asks for the checksum that was asked for.
#[test]
pub fn a_card_of_the_field_is_understood() {
    let scene = stripe()
        .script(0xB2, 0, "7081839F6C0200019F62060000000000079F6306000000000000563342353431333333303035363030333531315E4355535420494D50204D43203335312F5E313431323130313036373735303530309F6401009F650200079F660200009F6B115413330056003511D1412101067750500F9F6701009F680E00000000000000005E0342031F039000")
        .script(0x2A, 0, "770F9F610201F59F600201F59F3602000B9000");
    let ran = scene.run();
    assert_eq!(ran.sent(0x2A), ["802A8E80040000000000"]);
    // 01F5 is 501, in the last three positions; the last of them then says that no number is in the track.
    assert_eq!(ran.record(0x9F6B).unwrap(), "5413330056003511D1412101067750500F");
    ran.ends("30F0F00030F0FF00", OK);
}
