//! Reading records, duplicates, formats, mandatory objects (5.4.1, 5.4.2).

use emvtap::{
    apdu::LinkFault,
    kernel::{c3::Duplicates, outcome::OutcomeResult as R},
};

use crate::harness::{AAC, Scene, assert_ends, assert_ends_because, hex, template, tlv};

/// Everything in records, template 80.
fn in_records() -> Scene {
    let first = "5713 4761739001010010D31122010000000000000F 9F1007 06010A03A00000 9F36020001 5F340101";
    let mut scene = Scene::default().gpo("800A 2000 08010200 10030300 9000").record(1, 2, "7000 9000").record(
        2,
        3,
        "700B 9F26081122334455667788 9000",
    );
    scene.records.insert((0x0C, 1), Ok(template(0x70, first)));
    scene
}

#[test]
fn records_are_read_in_the_order_of_the_afl() {
    let ran = in_records().run();
    let reads = ["00B2010C00", "00B2020C00", "00B2031400"].map(hex);
    assert_eq!(ran.commands[1..], reads);
    assert_eq!(ran.outcome.result, R::OnlineRequest, "{:?}", ran.rules);
}

#[test]
fn records_that_cannot_be_used_end_the_application_without_releasing_the_card() {
    let ok = "9F26081122334455667788";
    let with = |object: &str| hex::encode(template(0x70, &format!("{ok} {object}")));
    for (record, reason, what) in [
        ("6A83".to_owned(), "answered 6A83", "record not found"),
        ("6283".to_owned(), "answered 6283", "warning"),
        ("9000".to_owned(), "one template 70", "no data"),
        (hex::encode(template(0x77, ok)), "one template 70", "template 77"),
        (format!("{ok} 9000"), "one template 70", "no template"),
        (format!("700C {ok} 9000"), "not TLV", "cut off"),
        ("700A 9F260811223344556677 9000".to_owned(), "not TLV", "object cut off"),
        (format!("700B {ok} 7000 9000"), "one template 70", "two templates"),
        (with("5F240100"), "5F24 has a length", "a date of one byte"),
        (with("5F24032A0101"), "5F24 has a length", "a date with a digit A"),
        (with("5A0241F1"), "5A has a length", "a PAN with a digit after its padding"),
    ] {
        let ran = in_records().record(2, 3, &record).run();
        assert_ends_because(&ran, reason, what);
        assert_eq!(ran.commands.len(), 4, "{what}");
        assert!(ran.ui.is_empty(), "{what}");
    }
}

/// 5.4.2.2 comes after 5.4.1.1: the card may have left when it is found out; unless the product looks earlier.
#[test]
fn an_object_that_comes_twice_ends_the_application_when_everything_is_read() {
    let with = |object: &str| hex::encode(template(0x70, &format!("9F2608 1122334455667788 {object}")));
    for (object, tag, what) in [
        ("5713 4761739001010010D31122010000000000000F", "57", "with the same value"),
        ("570A 4761739001010011D311", "57", "with another value"),
        ("9F2608AABBCCDDEEFF0011", "9F26", "in the same record"),
        ("8407A0000000031010", "84", "after the FCI"),
        ("9404 08010100", "94", "a file locator in a record"),
    ] {
        let scene = in_records().record(2, 3, &with(object));
        let ran = scene.run();
        assert_ends_because(&ran, &format!("{tag} twice"), what);
        assert_eq!((ran.commands.len(), ran.ui.len()), (4, 1), "{what}");
        assert!(ran.cites("5.4.1.1") && ran.cites("5.4.2.2"), "{what}");

        let early = scene.option(|options| options.duplicates = Duplicates::WhileReading).run();
        assert_ends_because(&early, &format!("{tag} twice"), what);
        assert!(early.ui.is_empty(), "{what}");
    }
}

#[test]
fn an_early_duplicate_is_only_read_past_if_the_product_waits() {
    let scene = in_records().record(1, 2, "7009 8407A0000000031010 9000");
    assert_eq!(scene.run().commands.len(), 4);
    let early = scene.option(|options| options.duplicates = Duplicates::WhileReading).run();
    assert_eq!(early.commands.len(), 3);
    assert_ends_because(&early, "84 twice", "early");
}

#[test]
fn what_means_nothing_may_come_twice_if_the_product_says_so() {
    let scene =
        Scene::default().set(0x94, "08010200").record(1, 1, "7004 DF7F0101 9000").record(1, 2, "7004 DF7F0102 9000");
    assert_eq!(scene.run().outcome.result, R::OnlineRequest);
    let strict = scene.option(|options| options.repeated_unknown_objects = false).run();
    assert_ends_because(&strict, "DF7F twice", "strict");
    let once = Scene::default().set(0x94, "08010100").record(1, 1, "7004 DF7F0101 9000");
    assert_eq!(once.option(|options| options.repeated_unknown_objects = false).run().outcome.result, R::OnlineRequest);
}

#[test]
fn a_card_that_leaves_between_records_is_asked_for_again() {
    let mut scene = in_records();
    scene.records.insert((0x0C, 1), Err(LinkFault::Timeout));
    assert_eq!(scene.run().outcome.result, R::TryAgain);
}

#[test]
fn padding_after_a_record_and_records_of_proprietary_files_do_no_harm() {
    let scene = Scene::default()
        .set(0x94, "080101005801020060010100")
        .record(1, 1, "7004 5F340101 0000 9000")
        .record(11, 1, "C1020102 9000")
        .record(11, 2, "7007 9F0702FF80 0000 9000")
        .record(12, 1, "FF 9000")
        .without(0x5F34);
    let ran = scene.run();
    assert_eq!(ran.commands.len(), 5);
    assert_eq!(ran.outcome.result, R::OnlineRequest, "{:?}", ran.rules);
}

#[test]
fn every_missing_mandatory_object_of_the_card_ends_the_application_after_the_release() {
    for tag in [0x9F26, 0x9F36, 0x9F10, 0x57] {
        let ran = Scene::default().without(tag).run();
        assert_ends(&ran, &format!("{tag:X}"));
        assert!(ran.note("5.4.2.1").contains(&format!("{tag:X}")), "{:?}", ran.rules);
        assert_eq!(ran.ui.len(), 1, "{tag:X}: message 17 comes first");
        assert_eq!(ran.ui[0].message.unwrap().0, 0x17);
    }
    assert_ends(&Scene::default().without(0x82).run(), "82");
    assert_ends(&Scene::default().set(0x57, "").run(), "57 empty");
    assert_ends(&Scene::default().set(0x9F10, "").run(), "9F10 empty");
}

#[test]
fn every_missing_mandatory_object_of_the_reader_ends_the_application() {
    for tag in [0x9F02, 0x5F2A, 0x9A, 0x9C, 0x9F1A, 0x9F37] {
        let mut scene = Scene::default();
        scene.terminal.remove(&tag);
        assert_ends(&scene.run(), &format!("{tag:X}"));
    }
    let mut scene = Scene::default();
    scene.terminal.remove(&0x9F03);
    assert_eq!(scene.run().outcome.result, R::OnlineRequest);
    assert_ends(&scene.terminal(0x9C, "09").run(), "9F03 with cashback");
}

#[test]
fn the_df_name_is_mandatory_if_the_product_says_so() {
    let fci = Some(tlv(0x6F, &hex("A506 9F38039F6604")));
    assert_ends(&Scene { fci: fci.clone(), ..Scene::default() }.run(), "84");
    let ran = Scene { fci, ..Scene::default() }.option(|options| options.df_name_mandatory = false).run();
    assert_eq!(ran.outcome.result, R::OnlineRequest);
}

#[test]
fn objects_that_are_not_mandatory_may_be_missing() {
    assert_eq!(Scene::default().without(0x5F34).run().outcome.result, R::OnlineRequest);
}

#[test]
fn a_declining_card_with_missing_data_ends_instead() {
    let scene = Scene::default().set(0x9F10, AAC).without(0x9F36);
    assert_ends(&scene.run(), "AAC without ATC");
    let turned = scene.option(|options| options.declining_card_may_omit = true).run();
    assert_eq!(turned.outcome.result, R::Declined);
    let approving = Scene::default().without(0x9F36).option(|options| options.declining_card_may_omit = true);
    assert_ends(&approving.run(), "ARQC without ATC");
}

#[test]
fn the_pan_agrees_with_track_2_by_its_digits() {
    let nineteen = |pan: &str| Scene::default().set(0x57, "4761739001010010119D311220100000000F").set(0x5A, pan).run();
    assert_eq!(nineteen("4761739001010010119F").outcome.result, R::OnlineRequest);
    assert_ends(&nineteen("4761739001010010118F"), "last digit");
    assert_ends(&nineteen("4761739001010010"), "shorter");
    for pan in ["4761739001010010", "4761739001010010FFFF"] {
        let ran = Scene::default().set(0x5A, pan).run();
        assert_eq!(ran.outcome.result, R::OnlineRequest, "{pan}");
        assert!(ran.cites("A.2"));
    }
    let ran = Scene::default().set(0x5A, "4761739001010011").run();
    assert_ends(&ran, "another PAN");
    assert!(ran.rules.iter().all(|(.., note)| !note.contains("4761")), "notes hold no PAN");
}

#[test]
fn the_card_is_released_once_before_anything_is_decided() {
    let ran = Scene::default().run();
    assert_eq!(ran.ui.len(), 1);
    assert_eq!((ran.ui[0].message.unwrap().0, ran.ui[0].status.unwrap().name()), (0x17, "card-read-successfully"));
}
