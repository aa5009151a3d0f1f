//! What public sources leave open, as options: the default, and the other way.

use emvtap::{
    data::text::HexArray,
    kernel::{
        c2::{Edition, MalformedList},
        outcome::OutcomeResult as R,
    },
};

use crate::harness::{Scene, assert_result, list, map, text};

#[test]
fn a_list_that_cannot_be_read_to_its_end() {
    let head = |scene: Scene| scene.option(|options| options.malformed_list = MalformedList::AnswerHead).run();
    // A PDOL: next application, or what can be read of it.
    let pdol = || Scene::default().proprietary(0x9F38, "9F1A02 9F02");
    assert_result(&pdol().run(), R::SelectNext);
    assert_eq!(head(pdol()).sent(0xA8), ["80A8000004830202 7600".replace(' ', "")]);
    // CDOL1: the card's fault, or what can be read of it.
    let cdol = || Scene::default().no_cda().card(0x8C, "9F0206 9F37");
    cdol().run().ends("40F0F00090F0FF00", "00060000001C");
    assert_eq!(head(cdol()).sent(0xAE), ["80AE40000600000000100000"]);
}

#[test]
fn a_bit_of_a_map_beyond_its_track() {
    let stripe = || {
        let mut scene = Scene::default().profile(0x82, "0000").profile(0x94, "08010100");
        let record =
            [(0x9F65, "200E"), (0x9F66, "0E70"), (0x9F67, "03"), (0x9F6B, "5413339000001513D49121019000990000000F")];
        scene.records.insert((1, 1), list(&record));
        scene.answer = map(&[(0x9F36, "03F9"), (0x9F61, "A2C4")]);
        scene
    };
    stripe().run().ends("40F0F0F090F0FF00", "00060000001C");
    let lenient = stripe().option(|options| options.refuse_bits_beyond_track = false).run();
    assert_eq!(lenient.record(0x9F6B).unwrap(), "5413339000001513D49121019017996806683F", "the example of c2.md, 10.2");
}

#[test]
fn records_that_nothing_needs_without_cda() {
    let scene = || Scene::default().option(|options| options.unread_without_cda = vec![HexArray([0x58, 1, 1, 1])]);
    let reads = |scene: Scene| scene.run().sent(0xB2).iter().any(|command| command == "00B2015C00");
    assert!(reads(Scene::default().no_cda()), "everything is read");
    assert!(!reads(scene().no_cda()));
    assert!(reads(scene()), "CDA needs it");
    assert!(reads(scene().no_cda().terminal(0xDF811B, "24")), "Kernel Configuration wants everything");
}

#[test]
fn the_payment_account_reference_and_editions() {
    let reference = text(&[b'A'; 29]);
    let has = |edition: Edition, since: Edition| {
        let scene = Scene::default().no_cda().card(0x9F24, &reference);
        let scene = scene.option(|options| {
            options.edition = edition;
            options.account_reference_since = since;
        });
        scene.run().record(0x9F24).is_some()
    };
    assert!(!has(Edition::V2_6, Edition::V2_10) && has(Edition::V2_10, Edition::V2_10));
    assert!(has(Edition::V2_6, Edition::V2_6) && !has(Edition::V2_11, Edition::V2_12));
}
