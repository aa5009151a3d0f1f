//! GET PROCESSING OPTIONS: the command, its status words, its response formats (5.2.2).

use emvtap::{
    apdu::LinkFault,
    kernel::{
        c3::{Duplicates, Options, Retry},
        outcome::{AlternateInterface, OutcomeResult as R, Start, UiStatus},
    },
};

use crate::harness::{Scene, assert_ends_because, fci, hex, template, tlv};

#[test]
fn the_pdol_is_answered_from_what_the_reader_knows() {
    let asked = fci("9F3812 9F6604 9F0206 9F3704 9F0307 5F2A02 DF0102");
    let ran = Scene { fci: Some(asked), ..Scene::default() }.ttq("B6C08000").run();
    let data = "83 19 B6C08000 000000001000 8B55633B 00000000000000 0978 0000";
    assert_eq!(ran.commands, [hex(&format!("80A80000 1B {data} 00"))]);
}

/// So that what comes twice is found where it stands (`records` has what happens otherwise).
fn at_once(options: &mut Options) {
    options.duplicates = Duplicates::WhileReading;
}

#[test]
fn an_unusable_answer_to_select_ends_the_application() {
    let name = "8407A0000000031010";
    let bare = |value: &str| Some(tlv(0x6F, &hex(value)));
    for (fci, reason, what) in [
        (None, "no answer to SELECT", "no FCI"),
        (Some(hex("")), "not one template 6F", "empty"),
        (Some(hex("6F05 8407A0")), "not TLV", "cut off"),
        (Some(tlv(0x70, &hex(name))), "not one template 6F", "template 70"),
        (Some(hex("6F09 8407A0000000031010 6F00")), "not one template 6F", "two templates"),
        (bare("8407A000"), "not TLV", "an object cut off inside"),
        (bare(name), "9F38 is mandatory", "no proprietary template"),
        (Some(fci("500456495341")), "9F38 is mandatory", "no PDOL"),
        (Some(fci("9F38029F66")), "no data object list", "PDOL cut off in a length"),
        (Some(fci("9F38049F66049F")), "no data object list", "PDOL cut off in a tag"),
        (Some(fci("9F38069F66FF9F37FF")), "more than a command can carry", "PDOL too long"),
        (Some(fci("9F38039F6604 8407A0000000031010")), "84 twice", "84 twice"),
        (Some(fci("9F38039F6604 BF0C09 9F38039F6604 500141")), "9F38 twice", "9F38 twice, on two levels"),
    ] {
        let ran = Scene { fci, ..Scene::default() }.option(at_once).run();
        assert_ends_because(&ran, reason, what);
        assert!(ran.commands.is_empty(), "{what}");
    }
}

#[test]
fn objects_of_the_reader_in_the_fci_are_ignored() {
    let reader = "9F0206000000009999 9F3704FFFFFFFF DF010101";
    let fci = fci(&format!("9F38099F66049F37049F0206 BF0C14 {reader}"));
    let ran = Scene { fci: Some(fci), ..Scene::default() }.run();
    assert_eq!(ran.commands, [hex("80A80000 10 83 0E 26000000 8B55633B 000000001000 00")]);
    assert_eq!(ran.outcome.result, R::OnlineRequest);
}

#[test]
fn status_words_of_a_reader_with_emv_mode() {
    for (status, result, start, message) in [
        ("6984", R::TryAnotherInterface, None, Some(0x1D)),
        ("6985", R::SelectNext, Some(Start::C), None),
        ("6986", R::TryAgain, Some(Start::B), Some(0x20)),
        ("6283", R::EndApplication, None, Some(0x1C)),
        ("6300", R::EndApplication, None, Some(0x1C)),
        ("6110", R::EndApplication, None, Some(0x1C)),
        ("6A81", R::EndApplication, None, Some(0x1C)),
        ("6D00", R::EndApplication, None, Some(0x1C)),
        ("0000", R::EndApplication, None, Some(0x1C)),
    ] {
        let ran = Scene::default().gpo(status).run();
        assert_eq!((ran.outcome.result, ran.outcome.start, ran.message()), (result, start, message), "{status}");
        assert!(ran.cites("5.2.2.2"), "{status}");
        assert!(ran.ui.is_empty(), "{status}: the card is not released");
    }
    let contact = Scene::default().gpo("6984").run().outcome;
    assert_eq!(contact.alternate_interface, Some(AlternateInterface::ContactChip));
    assert_eq!(contact.ui_on_outcome.unwrap().status, Some(UiStatus::ProcessingError));
}

#[test]
fn see_phone_has_the_parameters_of_book_a() {
    let outcome = Scene::default().gpo("6986").run().outcome;
    let shown = outcome.ui_on_outcome.unwrap();
    assert_eq!((shown.status, shown.hold), (Some(UiStatus::ProcessingError), 13));
    let restart = outcome.ui_on_restart.unwrap();
    assert_eq!((restart.message, restart.status), (None, Some(UiStatus::ReadyToRead)));
    assert_eq!((outcome.field_off, outcome.data_record, outcome.start), (Some(13), None, Some(Start::B)));

    let other = Scene::default().gpo("6986").option(|options| options.see_phone = Retry::EndApplication).run().outcome;
    assert_eq!((other.result, other.start), (R::EndApplication, Some(Start::B)));
    let shown = other.ui_on_outcome.unwrap();
    assert_eq!((shown.message.unwrap().0, shown.status, shown.hold), (0x20, Some(UiStatus::ReadyToRead), 13));
}

#[test]
fn without_emv_mode_only_6985_means_something() {
    for (status, result) in [("6984", R::EndApplication), ("6985", R::SelectNext), ("6986", R::EndApplication)] {
        assert_eq!(Scene::default().ttq("80000000").gpo(status).run().outcome.result, result, "{status}");
    }
}

#[test]
fn malformed_answers_end_the_application_before_the_card_is_released() {
    let cut_off = "not TLV";
    for (answer, reason, what) in [
        ("9000", "neither template", "no data"),
        ("00 9000", "neither template", "filler only"),
        ("7705 82022000 9000", cut_off, "cut off"),
        ("8002 2000 9000", "template 80 wants", "80 without AFL"),
        ("8005 2000080101 9000", "template 80 wants", "80 with half an entry"),
        ("8007 200008010100 08 9000", "template 80 wants", "80 with an entry and a byte"),
        ("8006 200008010100 00 9000", "bytes follow", "bytes after 80"),
        ("7704 82022000 82 9000", "bytes follow", "bytes after 77"),
        ("7706 82022000 5702 9000", cut_off, "77 with half an object"),
        ("7703 820120 9000", "82 has a length", "AIP of one byte"),
        ("7705 8203200000 9000", "82 has a length", "AIP of three bytes"),
        ("7705 9F36020001 9000", "82 is mandatory", "no AIP"),
        ("7004 82022000 9000", "neither template", "template 70"),
        ("82022000 9000", "neither template", "no template"),
        ("7708 82022000 82022000 9000", "82 twice", "AIP twice"),
        ("7709 82022000 9403080101 9000", "94 has a length", "AFL of three bytes"),
        ("770A 82022000 940408010102 9000", "2 of 1 records", "more signed records than records"),
        ("770A 82022000 940400010100 9000", "identifier 0", "SFI 0"),
        ("770A 82022000 9404F8010100 9000", "identifier 31", "SFI 31"),
        ("770A 82022000 940408000100 9000", "first record is 0", "record 0"),
        ("770A 82022000 940408020100 9000", "before the first", "last before first"),
        ("770A 82022000 940409010100 9000", "bits 3-1", "low bits of the SFI byte"),
        ("800A 2000 08010100 00010100 9000", "identifier 0", "the second entry is wrong"),
        ("770D 82022000 8407A0000000031010 9000", "84 twice", "84 again"),
        ("770A 82022000 500456495341 9000", "50 twice", "50 again"),
        ("7707 82022000 9F2701 9000", cut_off, "object cut off"),
        ("7706 82022000 5F34 9000", cut_off, "tag without length"),
        ("7707 82022000 9F3600 9000", "9F36 has a length", "ATC of no bytes"),
        ("7708 82022000 5F3401AA 9000", "5F34 has a length", "a digit that is none"),
    ] {
        let ran = Scene::default().gpo(answer).option(at_once).run();
        assert_ends_because(&ran, reason, what);
        assert_eq!(ran.commands.len(), 1, "{what}: no record is read");
        assert!(ran.ui.is_empty(), "{what}");
    }
}

#[test]
fn filler_between_objects_is_skipped_and_unknown_objects_are_ignored() {
    let inside = "0000 82022000 FF00 5713 4761739001010010D31122010000000000000F 9F1007 06010A03A00000 \
                  9F26081122334455667788 9F36020001 5F340101 DF0102AABB DF0102AACC 9F7A0101 00";
    let scene = Scene { gpo: Some(Ok(template(0x77, inside))), ..Scene::default() };
    assert_eq!(scene.run().outcome.result, R::OnlineRequest);
}

#[test]
fn objects_of_the_reader_from_the_card_never_replace_the_readers() {
    let ran = Scene::default().set(0x9F02, "000000009999").set(0x9F37, "FFFFFFFF").set(0x5F2A, "0840").run();
    assert_eq!(ran.outcome.result, R::OnlineRequest);
    let record = hex::encode_upper(ran.outcome.data_record.unwrap());
    assert!(
        record.contains("9F0206000000001000") && record.contains("9F37048B55633B") && record.contains("5F2A020978")
    );
}

#[test]
fn a_card_that_leaves_is_asked_for_again() {
    for fault in [LinkFault::Timeout, LinkFault::Transmission, LinkFault::Protocol] {
        let ran = Scene { gpo: Some(Err(fault)), ..Scene::default() }.run();
        let outcome = &ran.outcome;
        assert_eq!((outcome.result, outcome.start), (R::TryAgain, Some(Start::B)), "{fault}");
        let restart = outcome.ui_on_restart.unwrap();
        assert_eq!((restart.message.unwrap().0, restart.status), (0x21, Some(UiStatus::ReadyToRead)));
    }
    let end = Scene { gpo: Some(Err(LinkFault::Timeout)), ..Scene::default() };
    let end = end.option(|options| options.link_fault = Retry::EndApplication).run().outcome;
    assert_eq!((end.result, end.start), (R::EndApplication, Some(Start::B)));
}

#[test]
fn a_transaction_that_was_stopped_ends() {
    for fault in [LinkFault::ContactCard, LinkFault::Cancelled, LinkFault::Unusable, LinkFault::NoCard] {
        let outcome = Scene { gpo: Some(Err(fault)), ..Scene::default() }.run().outcome;
        assert_eq!((outcome.result, outcome.start, outcome.ui_on_outcome), (R::EndApplication, None, None), "{fault}");
    }
}
