//! Processing restrictions (5.5.1).

use emvtap::{
    crypto::{Exception, Trust},
    data::Pan,
    kernel::outcome::OutcomeResult as R,
};

use crate::harness::{AAC, ARQC, Ran, Scene, TC};

/// A TC that has to go online, so that no authentication decides.
fn tc(ttq: &str) -> Scene {
    Scene::default().ttq(ttq).set(0x9F10, TC)
}

#[test]
fn an_expired_application_goes_online_if_card_and_reader_can() {
    for (expiry, ctq, ttq, result) in [
        (Some("261121"), Some("0000"), "26800000", R::OnlineRequest),
        (Some("261120"), Some("0000"), "26800000", R::Declined),
        (Some("261120"), Some("0800"), "26800000", R::OnlineRequest),
        (Some("261120"), Some("0800"), "26000000", R::OnlineRequest),
        (Some("261120"), Some("0800"), "2E000000", R::Declined),
        (Some("261120"), None, "26000000", R::Declined),
        (Some("261031"), Some("F700"), "26000000", R::Declined),
        (None, Some("0000"), "26800000", R::Declined),
        (None, Some("0800"), "26800000", R::OnlineRequest),
        (None, None, "26800000", R::Declined),
        (Some("491231"), None, "26800000", R::OnlineRequest),
        (Some("500101"), None, "26800000", R::Declined),
        (Some("991231"), None, "26800000", R::Declined),
        (Some("270231"), None, "26800000", R::OnlineRequest),
    ] {
        let mut scene = tc(ttq);
        if let Some(expiry) = expiry {
            scene = scene.set(0x5F24, expiry);
        }
        if let Some(ctq) = ctq {
            scene = scene.set(0x9F6C, ctq);
        }
        let ran = scene.run();
        assert_eq!(ran.outcome.result, result, "{expiry:?} {ctq:?} {ttq}: {:?}", ran.rules);
        assert!(ran.cites("5.5.1.1"));
    }
}

#[test]
fn expiry_matters_to_approvals_only_and_to_products_that_look() {
    for (iad, result) in [(ARQC, R::OnlineRequest), (AAC, R::Declined)] {
        let ran = Scene::default().set(0x9F10, iad).set(0x5F24, "200101").run();
        assert_eq!(ran.outcome.result, result);
        assert!(!ran.cites("5.5.1.1"));
    }
    let online_only = tc("26800000").option(|options| options.expiration_check = false).run();
    assert_eq!(online_only.outcome.result, R::OnlineRequest);
}

/// The exception file names `pan`, with a PAN sequence number or without. The default card is 4761739001010010, 5F34 01.
fn exception(pan: &str, sequence_number: Option<u8>) -> Trust {
    let pan = Pan::parse(pan).unwrap();
    Trust { exceptions: vec![Exception { pan, sequence_number }], ..Trust::default() }
}

#[test]
fn a_card_on_the_exception_file_is_not_approved_offline() {
    const PAN: &str = "4761739001010010";
    for (trust, iad, ttq, result) in [
        (exception(PAN, None), TC, "26800000", R::Declined),
        (exception(PAN, Some(0x01)), TC, "26800000", R::Declined),
        (exception(PAN, Some(0x02)), TC, "26800000", R::OnlineRequest),
        (exception("476173900101001", None), TC, "26800000", R::OnlineRequest),
        (exception("47617390010100100", None), TC, "26800000", R::OnlineRequest),
        (exception(PAN, None), ARQC, "26000000", R::OnlineRequest),
        (Trust::default(), TC, "26800000", R::OnlineRequest),
    ] {
        let scene = Scene { trust, ..tc(ttq) }.set(0x9F10, iad).set(0x5F24, "311231");
        let ran = scene.run();
        assert_eq!(ran.outcome.result, result, "{:?} {iad}: {:?}", scene.trust.exceptions, ran.rules);
        let looked = iad == TC && !scene.trust.exceptions.is_empty();
        assert_eq!(ran.cites("5.5.1.2"), looked);
    }
    let without = Scene { trust: exception(PAN, None), ..tc("26800000") }.set(0x5F24, "311231");
    assert_eq!(without.option(|options| options.exception_file = false).run().outcome.result, R::OnlineRequest);
}

/// `9C`, usage control, issuer country; the terminal stands in 0276.
fn service(kind: &str, control: Option<&str>, country: Option<&str>, ctq: Option<&str>) -> Ran {
    let mut scene = Scene::default().terminal(0x9C, kind);
    for (tag, value) in [(0x9F07, control), (0x5F28, country), (0x9F6C, ctq)] {
        if let Some(value) = value {
            scene = scene.set(tag, value);
        }
    }
    scene.run()
}

#[test]
fn usage_control_limits_cash_and_cashback() {
    let (home, abroad) = (Some("0276"), Some("0840"));
    for (kind, rule, domestic, international, switch) in [
        ("01", "5.5.1.3", "8000", "4000", "0400"),
        ("17", "5.5.1.3", "8000", "4000", "0400"),
        ("09", "5.5.1.4", "0080", "0040", "0200"),
    ] {
        for (control, country, ctq, result) in [
            (Some(domestic), home, None, R::OnlineRequest),
            (Some(international), abroad, None, R::OnlineRequest),
            (Some(domestic), abroad, None, R::Declined),
            (Some(international), home, None, R::Declined),
            (Some(domestic), None, None, R::Declined),
            (None, home, None, R::Declined),
            (Some(domestic), abroad, Some("0000"), R::Declined),
            (Some(domestic), abroad, Some(switch), R::TryAnotherInterface),
            (None, None, Some(switch), R::TryAnotherInterface),
            (Some(domestic), home, Some(switch), R::OnlineRequest),
        ] {
            let ran = service(kind, control, country, ctq);
            assert_eq!(ran.outcome.result, result, "{kind} {control:?} {country:?} {ctq:?}: {:?}", ran.rules);
            assert!(ran.cites(rule), "{kind}");
            if result == R::TryAnotherInterface {
                assert_eq!((ran.message(), ran.outcome.alternate_interface), (Some(0x18), None));
                assert_eq!(ran.outcome.ui_on_outcome.unwrap().status.unwrap().name(), "processing-error");
                assert_eq!((ran.outcome.data_record, ran.outcome.discretionary_data), (None, None));
            }
        }
    }
}

#[test]
fn another_interface_may_need_a_reader_with_contact_chip() {
    let scene = |ttq| Scene::default().ttq(ttq).terminal(0x9C, "01").set(0x9F6C, "0400");
    let needing = |ttq| scene(ttq).option(|options| options.switch_needs_contact_chip = true).run().outcome.result;
    assert_eq!((needing("36000000"), needing("26000000")), (R::TryAnotherInterface, R::Declined));
    assert_eq!(scene("26000000").run().outcome.result, R::TryAnotherInterface);
}

#[test]
fn the_bits_of_cash_do_not_serve_cashback() {
    assert_eq!(service("09", Some("C000"), Some("0276"), None).outcome.result, R::Declined);
    assert_eq!(service("01", Some("00C0"), Some("0276"), None).outcome.result, R::Declined);
}

#[test]
fn other_services_and_other_products_are_not_limited() {
    assert_eq!(service("00", None, None, None).outcome.result, R::OnlineRequest);
    let scene = |kind| Scene::default().terminal(0x9C, kind);
    assert_eq!(scene("01").option(|options| options.cash_check = false).run().outcome.result, R::OnlineRequest);
    assert_eq!(scene("09").option(|options| options.cashback_check = false).run().outcome.result, R::OnlineRequest);
}

#[test]
fn cashback_by_its_amount_is_an_option() {
    let scene = |other| Scene::default().terminal(0x9F03, other).set(0x9F07, "FF00").set(0x5F28, "0276");
    let by_amount = |scene: Scene| scene.option(|options| options.cashback_by_amount = true).run();
    assert!(!scene("000000000500").run().cites("5.5.1.4"));
    let ran = by_amount(scene("000000000500"));
    assert_eq!((ran.outcome.result, ran.cites("5.5.1.4")), (R::Declined, true));
    assert!(!by_amount(scene("000000000000")).cites("5.5.1.4"));
}

#[test]
fn the_proprietary_issuer_country_is_an_option() {
    let scene = Scene::default().terminal(0x9C, "01").set(0x9F07, "8000").set(0x5F28, "0840").set(0x9F57, "0276");
    assert_eq!(scene.run().outcome.result, R::Declined);
    let preferred = scene.option(|options| options.proprietary_issuer_country = true);
    assert_eq!(preferred.run().outcome.result, R::OnlineRequest);
    assert_eq!(preferred.without(0x9F57).set(0x5F28, "0276").run().outcome.result, R::OnlineRequest);
}

#[test]
fn an_expired_card_that_goes_online_anyhow_is_declined_unless_the_product_says_no() {
    let scene = tc("26800000").set(0x5F24, "200101");
    assert_eq!(scene.run().outcome.result, R::Declined);
    let lenient = scene.option(|options| options.expiration_check_online = false);
    assert_eq!(lenient.run().outcome.result, R::OnlineRequest);
    assert_eq!(lenient.ttq("26000000").run().outcome.result, R::Declined);
}

#[test]
fn a_declining_card_may_switch_only_by_option() {
    let scene = |ctq| Scene::default().terminal(0x9C, "01").set(0x9F10, AAC).set(0x9F6C, ctq);
    let switching = |ctq| scene(ctq).option(|options| options.declining_card_may_switch = true).run().outcome.result;
    assert_eq!(scene("0400").run().outcome.result, R::Declined);
    assert_eq!((switching("0400"), switching("0000")), (R::TryAnotherInterface, R::Declined));
}

#[test]
fn older_editions_have_no_bit_for_atms() {
    let scene = |ctq| tc("26000000").terminal(0x9F35, "14").set(0x5F24, "311231").set(0x9F6C, ctq).set(0x9F07, "0000");
    let atm = |ctq| scene(ctq).option(|options| options.atm_check = true);
    assert_eq!(atm("0100").run().outcome.result, R::Declined);
    let older = atm("0100").option(|options| options.ctq_without_atm_bit = true);
    assert_eq!(older.run().outcome.result, R::OnlineRequest);
}

#[test]
fn a_declining_card_is_declined_even_if_it_would_rather_switch() {
    let scene = Scene::default().terminal(0x9C, "01").set(0x9F10, AAC).set(0x9F6C, "0400");
    assert_eq!(scene.run().outcome.result, R::Declined);
}

#[test]
fn offline_approvals_at_atms_follow_the_card() {
    for (ctq, control, result) in [
        (None, None, R::Declined),
        (Some("0000"), None, R::OnlineRequest),
        (Some("0100"), None, R::OnlineRequest),
        (Some("0100"), Some("FD00"), R::Declined),
        (Some("0100"), Some("0200"), R::TryAnotherInterface),
    ] {
        let mut scene = tc("26000000").set(0x5F24, "311231").terminal(0x9F35, "14");
        scene = scene.option(|options| options.atm_check = true);
        for (tag, value) in [(0x9F6C, ctq), (0x9F07, control)] {
            if let Some(value) = value {
                scene = scene.set(tag, value);
            }
        }
        let ran = scene.run();
        assert_eq!(ran.outcome.result, result, "{ctq:?} {control:?}: {:?}", ran.rules);
        assert!(ran.oda.is_empty());
    }
}
