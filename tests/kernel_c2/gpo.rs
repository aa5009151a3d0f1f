//! S1 to S3: what the reader handed over, and the card's profile.

use emvtap::kernel::{c2::Edition, outcome::OutcomeResult as R};

use crate::{
    ends::OK,
    harness::{Said, Scene, assert_result, hex, tlv},
};

const NEXT_PARSING: &str = "0004000000FF";
const NEXT: &str = "5020F0F010F0FF00";
const OTHER: &str = "40F0F0F090F0FF00";

#[test]
pub fn an_answer_to_select_that_is_not_understood_selects_the_next() {
    let name = tlv(0x84, &hex("A0000000041010"));
    let wrong = [
        Vec::new(),
        hex("6F05"),
        tlv(0x77, &name),
        tlv(0x6F, &[name.clone(), name.clone()].concat()),
        tlv(0x6F, &[name.clone(), tlv(0x50, b"LABEL")].concat()),
        tlv(0x6F, &[name.clone(), tlv(0xA5, &tlv(0x9F02, &[0; 6]))].concat()),
        tlv(0x6F, &[name.clone(), tlv(0xA5, &tlv(0x9F38, &hex("9F")))].concat()),
        [tlv(0x6F, &name), tlv(0x50, b"X")].concat(),
    ];
    for fci in wrong {
        let scene = Scene { fci: Some(fci.clone()), ..Scene::default() };
        scene.run().ends(NEXT, NEXT_PARSING);
    }
    let scene = Scene { fci: Some(tlv(0x6F, &tlv(0xA5, &[]))), ..Scene::default() };
    scene.run().ends(NEXT, "0001000000FF");
}

#[test]
pub fn what_means_nothing_in_an_answer_to_select_is_passed_over() {
    let scene = Scene::default().proprietary(0xDF8129, "00").proprietary(0x9F4C, "0102").discretionary(0xC3, "01");
    let scene =
        Scene { proprietary: scene.proprietary.into_iter().filter(|(tag, _)| *tag != 0x9F4C).collect(), ..scene };
    assert_result(&scene.run(), R::Approved);
    let strict = scene.option(|options| options.skip_private_tags = false);
    strict.run().ends(NEXT, NEXT_PARSING);
}

#[test]
pub fn the_pdol_gets_what_it_asks_for() {
    let ran = Scene::default().proprietary(0x9F38, "9F0206 5F2A02 DF0103 9F1D08 9A02").run();
    assert_eq!(ran.sent(0xA8), ["80A80000178315000000001000097800000000000000000000001121 00".replace(' ', "")]);
    assert_eq!(ran.object(0xDF8111), "0000000010000978000000000000000000000011 21".replace(' ', ""));
}

#[test]
pub fn an_empty_object_of_the_pdol_is_asked_for() {
    let scene = || Scene::default().proprietary(0x9F38, "9F7C14 9F0206").terminal(0x9F7C, "");
    let data = format!("9F7C14{}", "11".repeat(20));
    let ran = scene().says(&data).run();
    assert_eq!(ran.told[0].data_needed, hex("9F7C"));
    assert_eq!(ran.told[0].wait.unwrap().0, 500_000);
    assert!(ran.sent(0xA8)[0].contains(&"11".repeat(20)));
    // More than one message may be needed, and one of them may come too late.
    let ran = scene().says("9F7C00").says("9F0206000000002000").says(&data).run();
    assert_eq!(ran.record(0x9F02).unwrap(), "000000002000");
    scene().run().ends("40F0F0F010F0FF00", "0000010000FF");
    scene().says_stop().run().ends("40F0F0F010F0FF00", "0000020000FF");
    let ran = scene().option(|options| options.data_exchange = false).run();
    assert!(ran.told.is_empty());
    assert_result(&ran, R::Approved);
}

#[test]
pub fn the_answer_is_template_77_or_80() {
    for (answer, error) in [
        ("7700 9000", "00010000001C"),
        ("7704 82021980 9000", "00010000001C"),
        ("7706 940410010101 9000", "00010000001C"),
        ("7804 82021980 9000", "00040000001C"),
        ("7709 82021980 820219 80 9000", "00040000001C"),
        ("770A 82021980 940410010101 500141 9000", "00040000001C"),
        ("770E 82021980 8202 1980 940410010101 9000", "00040000001C"),
        ("770E 82021980 9F0202 1980 940410010101 9000", "00040000001C"),
        ("770B 820119 940410010101 9000", "00040000001C"),
        ("770E 82021980 940410010101 5002 4142 9000", "00040000001C"),
        ("8002 1980 9000", "00040000001C"),
        ("8007 1980 10010101 00 9000", "00040000001C"),
        ("9000", "00040000001C"),
        ("770A 82021980 940400010101 9000", "00060000001C"),
        ("770A 82021980 940410020101 9000", "00060000001C"),
    ] {
        Scene::default().script(0xA8, 0, answer).run().ends(OTHER, error);
    }
    let scene = Scene::default().script(0xA8, 0, "800E 1981 10010101 58010101 18010300 9000");
    assert_result(&scene.run(), R::Approved);
}

#[test]
pub fn the_mode_is_the_common_one() {
    let no_emv = Scene::default().profile(0x82, "1900");
    no_emv.clone().terminal(0xDF811B, "A0").run().ends(OTHER, "00070000001C");
    no_emv.clone().option(|options| options.edition = Edition::V2_12).run().ends(OTHER, "00070000001C");
    no_emv.clone().option(|options| options.mag_stripe = false).run().ends(OTHER, "00070000001C");
    Scene::default().terminal(0xDF811B, "C0").run().ends(OTHER, "00070000001C");
    assert!(no_emv.run().cites("S3.15"));
}

#[test]
pub fn a_mag_stripe_record_is_passed_over_in_emv_mode() {
    let scene = || Scene::default().profile(0x94, "08010100 10010101 58010101 18010300");
    let ran = scene().run();
    assert_eq!(ran.sent(0xB2)[0], "00B2011400");
    let ran = scene().terminal(0xDF811B, "80").run();
    assert_eq!(ran.sent(0xB2)[0], "00B2010C00");
    Scene::default().profile(0x94, "08010100").run().ends(OTHER, "00060000001C");
}

#[test]
pub fn the_terminal_may_speak_while_the_card_works() {
    let ran = Scene::default().interject(0, Said::Objects("9F0206000000002500".to_owned())).run();
    assert_eq!(ran.record(0x9F02).unwrap(), "000000002500");
    for (nth, set) in [(0, "40F0F0F010F0FF00"), (2, "40F0F0F010F0FF00")] {
        Scene::default().interject(nth, Said::Stop).run().ends(set, "0000020000FF");
    }
    // What is not the terminal's to give, or has another length, is not taken.
    let ran = Scene::default().interject(0, Said::Objects("9F1A020840 9F0201 00 9F5C00".to_owned())).run();
    assert_eq!(ran.record(0x9F1A).unwrap(), "0276");
    ran.ends("10F0F000B0F0FF00", OK);
}

#[test]
pub fn a_kernel_that_is_started_again_begins_anew() {
    use emvtap::kernel::c2::C2;
    let mut kernel = C2::default();
    Scene::default().run_on(&mut kernel);
    // Started again it begins anew, whatever went before.
    let again = Scene::default().run_on(&mut kernel);
    assert_result(&again, R::Approved);
}
