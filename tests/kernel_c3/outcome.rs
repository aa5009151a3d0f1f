//! Outcome parameters, user interface requests, data record (5.8, 5.9, 4.3.1.1).

use std::collections::BTreeSet;

use emvtap::{
    kernel::outcome::{
        Cvm, Language, OnlineResponseData, Outcome, OutcomeResult as R, Start, UiStatus, ValueQualifier,
    },
    tlv,
};

use crate::harness::{AAC, Scene, fci, hex};

#[test]
fn an_online_request_has_the_parameters_of_the_book() {
    let ran = Scene::default().run();
    let outcome = ran.outcome;
    let shown = outcome.ui_on_outcome.unwrap();
    assert_eq!((shown.message.unwrap().0, shown.status), (0x1B, Some(UiStatus::CardReadSuccessfully)));
    let expected = Outcome {
        cvm: Cvm::NoCvm,
        ui_on_outcome: Some(shown),
        data_record: outcome.data_record.clone(),
        ..Outcome::new(R::OnlineRequest)
    };
    assert_eq!(outcome, expected);
}

#[test]
fn issuer_update_needs_reader_card_and_product() {
    for (ttq, ctq, option, again) in [
        ("26008000", "0040", true, true),
        ("26008000", "0040", false, false),
        ("26008000", "0000", true, false),
        ("26000000", "0040", true, false),
    ] {
        let scene = Scene::default().ttq(ttq).set(0x9F6C, ctq).option(|options| options.issuer_update = option);
        let ran = scene.run();
        let outcome = &ran.outcome;
        assert_eq!(outcome.result, R::OnlineRequest);
        assert_eq!(outcome.start, again.then_some(Start::B), "{ttq} {ctq} {option}");
        let data = if again { OnlineResponseData::EmvData } else { OnlineResponseData::NotApplicable };
        assert_eq!(outcome.online_response_data, data);
        let restart = outcome.ui_on_restart.map(|request| (request.message.unwrap().0, request.status));
        assert_eq!(restart, again.then_some((0x21, Some(UiStatus::ReadyToRead))));
        assert_eq!(ran.message(), Some(0x1B));
        assert!(ran.cites(if again { "5.8.1.2" } else { "5.8.1.1" }));
    }
}

#[test]
fn a_decline_has_neither_data_record_nor_cvm() {
    let ran = Scene::default().set(0x9F10, AAC).run();
    let outcome = ran.outcome;
    let shown = outcome.ui_on_outcome.unwrap();
    assert_eq!((shown.message.unwrap().0, shown.status), (0x07, Some(UiStatus::CardReadSuccessfully)));
    let expected = Outcome { cvm: Cvm::NoCvm, ui_on_outcome: Some(shown), ..Outcome::new(R::Declined) };
    assert_eq!(outcome, expected);
}

#[test]
fn a_product_may_leave_the_cvm_of_a_decline_open_and_ask_for_receipts() {
    let open = Scene::default().set(0x9F10, AAC).option(|options| options.cvm_of_declined = false).run();
    assert_eq!((open.outcome.result, open.outcome.cvm), (R::Declined, Cvm::NotApplicable));
    let signed = |ctq| Scene::default().set(0x9F6C, ctq).option(|options| options.receipt_for_signature = true);
    let receipt = |scene: &Scene| (scene.run().outcome.cvm, scene.run().outcome.receipt);
    assert_eq!(receipt(&signed("4000")), (Cvm::Signature, true));
    assert_eq!(receipt(&signed("0000")), (Cvm::NoCvm, false));
    assert_eq!(receipt(&Scene::default().set(0x9F6C, "4000")), (Cvm::Signature, false));
}

#[test]
fn the_data_record_has_what_is_present_and_nothing_else() {
    let base: BTreeSet<u32> = [
        0x9F02, 0x9F03, 0x9F26, 0x82, 0x9F36, 0x5F34, 0x9F10, 0x9F39, 0x9F1A, 0x9F33, 0x57, 0x5F2A, 0x9A, 0x9C, 0x9F37,
        0x95,
    ]
    .into();
    let tags = |scene: &Scene| -> BTreeSet<u32> {
        let record = scene.run().outcome.data_record.unwrap();
        tlv::objects(&record).map(|object| object.unwrap().tag.number()).collect()
    };
    assert_eq!(tags(&Scene::default()), base);
    let more = Scene::default().set(0x9F6E, "20700003").set(0x9F7C, "0102").set(0x9F27, "80").set(0x5F24, "311231");
    assert_eq!(tags(&more), &base | &[0x9F6E, 0x9F7C].into());
    assert_eq!(tags(&Scene::default().without(0x5F34)), &base - &[0x5F34].into());
}

#[test]
fn the_kernel_adds_entry_mode_and_an_empty_tvr() {
    let record = hex::encode_upper(Scene::default().run().outcome.data_record.unwrap());
    assert!(record.contains("9F390107"), "{record}");
    assert!(record.contains("95050000000000"), "{record}");
}

#[test]
fn the_form_factor_indicator_says_contactless() {
    let record = |ttq| {
        let scene = Scene::default().ttq(ttq).set(0x9F6E, "207000F3");
        hex::encode_upper(scene.run().outcome.data_record.unwrap())
    };
    assert!(record("26000000").contains("9F6E04207000F0"));
    assert!(record("06000000").contains("9F6E04207000F3"));
}

#[test]
fn the_balance_is_shown_and_told_for_online_and_declined() {
    for iad in [crate::harness::ARQC, AAC] {
        let ran = Scene::default().set(0x9F10, iad).set(0x9F5D, "000000012345").run();
        let value = ran.outcome.ui_on_outcome.unwrap().value.unwrap();
        assert_eq!((value.qualifier, value.value.to_vec()), (ValueQualifier::Balance, hex("000000012345")));
        assert_eq!(value.currency, [0x09, 0x78]);
        assert_eq!(ran.outcome.discretionary_data, Some(hex("9F5D06000000012345")));
        assert!(ran.cites("4.3.1.1"));
    }
    let off = Scene::default().set(0x9F5D, "000000012345").option(|options| options.display_offline_balance = false);
    let outcome = off.run().outcome;
    assert_eq!((outcome.discretionary_data, outcome.ui_on_outcome.unwrap().value), (None, None));
    let switch = Scene::default().set(0x9F5D, "000000012345").set(0x9F6C, "0400").terminal(0x9C, "01").run().outcome;
    assert_eq!((switch.result, switch.discretionary_data), (R::TryAnotherInterface, None));
}

#[test]
fn requests_speak_the_cards_language() {
    let ran = Scene { fci: Some(fci("5F2D046465656E 9F38069F66049F3704")), ..Scene::default() }.run();
    assert_eq!(ran.ui[0].language, Language::new(b"deen"));
    assert_eq!(ran.outcome.ui_on_outcome.unwrap().language, Language::new(b"deen"));
}

#[test]
fn a_kernel_serves_one_tap_after_another() {
    let mut kernel = emvtap::kernel::c3::C3::default();
    let first = Scene::default().gpo("7004 9000").run_on(&mut kernel, 10);
    assert_eq!(first.outcome.result, R::EndApplication);
    for _ in 0..2 {
        assert_eq!(Scene::default().run_on(&mut kernel, 10).outcome, Scene::default().run().outcome);
    }
}
