//! Legacy mag-stripe mode (c3.md, 3.2 and 14).

use std::collections::BTreeSet;

use emvtap::kernel::outcome::{Cvm, OutcomeResult as R};

use crate::{
    harness::{Ran, Scene, assert_ends_because, hex},
    reader::{Card, pay, terminal},
};

/// A card of track data; AIP byte 2 bit 8 says mag-stripe mode.
fn scene(ttq: &str) -> Scene {
    let mut scene = Scene::default().ttq(ttq).option(|options| options.msd = true);
    scene.card = [(0x82, "0080"), (0x57, "4761739001010010D31122010000000000000F"), (0x94, "")]
        .map(|(tag, value)| (tag, hex(value)))
        .into();
    scene.without(0x94)
}

fn entry_mode(ran: &Ran) -> Option<String> {
    let record = hex::encode_upper(ran.outcome.data_record.as_ref()?);
    record.split_once("9F3901").map(|(_, rest)| rest[..2].to_owned())
}

/// Option, TTQ, AIP, and the entry mode that the data record shows: 91 for mag-stripe mode, 07 for EMV mode.
#[test]
fn reader_card_and_product_choose_the_path() {
    for (option, ttq, aip, mode) in [
        (true, "86000000", "2080", "91"),
        (true, "A6000000", "2080", "91"),
        (true, "A6000000", "2000", "07"),
        (true, "86000000", "2000", "91"),
        (true, "26000000", "2080", "07"),
        (false, "A6000000", "2080", "07"),
        (false, "86000000", "2080", "07"),
    ] {
        let ran = Scene::default().option(|options| options.msd = option).ttq(ttq).set(0x82, aip).run();
        assert_eq!(entry_mode(&ran).as_deref(), Some(mode), "{option} {ttq} {aip}: {:?}", ran.rules);
    }
}

#[test]
fn track_data_goes_online() {
    let ran = scene("A6000000").run();
    assert_eq!((ran.outcome.result, ran.outcome.cvm), (R::OnlineRequest, Cvm::NoCvm));
    assert_eq!((ran.message(), ran.outcome.start), (Some(0x1B), None));
    assert!(ran.oda.is_empty() && ran.ui.len() == 1);
    assert_ends_because(&scene("A6000000").without(0x57).run(), "57 is mandatory", "no track data");
    assert_ends_because(&scene("A6000000").set(0x5A, "4761739001010119").run(), "differs", "another PAN");
}

/// The reader's limits choose, whatever CTQ say.
#[test]
fn the_reader_chooses_the_cvm() {
    for (ttq, ctq, result, cvm) in [
        ("A6400000", None, R::OnlineRequest, Cvm::Signature),
        ("A4400000", None, R::OnlineRequest, Cvm::OnlinePin),
        ("A4400000", Some("0080"), R::OnlineRequest, Cvm::OnlinePin),
        ("A0400000", None, R::Declined, Cvm::NoCvm),
        ("A6000000", Some("8000"), R::OnlineRequest, Cvm::NoCvm),
        ("AE000000", None, R::Declined, Cvm::NoCvm),
    ] {
        let scene = ctq.map_or_else(|| scene(ttq), |ctq| scene(ttq).set(0x9F6C, ctq));
        let ran = scene.run();
        assert_eq!((ran.outcome.result, ran.outcome.cvm), (result, cvm), "{ttq} {ctq:?}: {:?}", ran.rules);
    }
}

#[test]
fn the_data_record_is_the_one_of_track_data() {
    let tags = |scene: &Scene| -> BTreeSet<u32> {
        let record = scene.run().outcome.data_record.unwrap();
        emvtap::tlv::objects(&record).map(|object| object.unwrap().tag.number()).collect()
    };
    let base: BTreeSet<u32> = [0x9F02, 0x9F39, 0x9F66, 0x9F37, 0x9A, 0x9C, 0x5F2A, 0x57].into();
    assert_eq!(tags(&scene("A6000000")), base);
    let more = scene("A6000000").set(0x9F26, "1122334455667788").set(0x9F36, "0001").set(0x9F10, "06011103A00000");
    let more = more.set(0x5F20, "4120422F43").set(0x9F1F, "3031").terminal(0x9F21, "120000").set(0x5F24, "311231");
    assert_eq!(tags(&more), &base | &[0x9F26, 0x9F36, 0x9F10, 0x5F20, 0x9F1F, 0x9F21].into());
}

/// 5.2.2.2: for a reader without EMV mode only 6985 means something.
#[test]
fn status_words_of_a_reader_without_emv_mode() {
    for (status, result, message) in [
        ("6984", R::EndApplication, Some(0x1C)),
        ("6985", R::SelectNext, None),
        ("6986", R::EndApplication, Some(0x1C)),
    ] {
        let ran = scene("86000000").gpo(status).run();
        assert_eq!((ran.outcome.result, ran.message()), (result, message), "{status}");
    }
}

#[test]
fn the_terminal_file_allows_mag_stripe_mode() {
    for (settings, mode) in [("", "07"), ("[kernel.c3]\nmsd = true", "91")] {
        let mut reader = terminal("", settings);
        reader.set(emvtap::tlv::Tag::new(0x9F66), &hex("A6000000")).unwrap();
        let mut card = Card::new(Scene::default().set(0x82, "0080").card);
        let record = pay(&reader, 0x00, "5.00", &mut card).data_record();
        assert_eq!(record[&emvtap::tlv::Tag::new(0x9F39)], hex(mode), "{settings}");
    }
}
