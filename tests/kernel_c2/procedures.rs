//! Processing restrictions, CVM selection, terminal action analysis, and what GENERATE AC asks for.

use emvtap::kernel::outcome::{Cvm, OutcomeResult as R};

use crate::harness::{CDOL, Ran, Scene, assert_result, hex};

fn scene() -> Scene {
    Scene::default().no_cda()
}

/// TVR byte 2.
fn restricted(scene: Scene) -> String {
    scene.run().tvr()[2..4].to_owned()
}

#[test]
pub fn versions_and_dates_are_compared() {
    assert_eq!(restricted(scene()), "00");
    assert_eq!(restricted(scene().card(0x9F08, "0003")), "80");
    assert_eq!(restricted(scene().without_card(0x9F08)), "00");
    assert_eq!(restricted(scene().terminal(0x9F09, "0004")), "80");
    for (date, bits) in [("261120", "40"), ("261121", "00"), ("991231", "40"), ("500101", "40"), ("491231", "00")] {
        assert_eq!(restricted(scene().card(0x5F24, date)), bits, "{date}");
    }
    for (date, bits) in [("261121", "00"), ("261122", "20"), ("991231", "00")] {
        assert_eq!(restricted(scene().card(0x5F25, date)), bits, "{date}");
    }
}

#[test]
pub fn usage_control_allows_services() {
    let used = |control: &str, kind: &str, issuer: &str| {
        restricted(scene().card(0x9F07, control).card(0x5F28, issuer).terminal(0x9C, kind))
    };
    // At home, abroad: cash, goods or services; the terminal is in 0276.
    for (control, kind, issuer, bits) in [
        ("8100", "01", "0276", "00"),
        ("4100", "01", "0276", "10"),
        ("4100", "01", "0056", "00"),
        ("8100", "17", "0056", "10"),
        ("2100", "00", "0276", "00"),
        ("0900", "00", "0276", "00"),
        ("1500", "00", "0276", "10"),
        ("1100", "09", "0056", "00"),
        ("0500", "00", "0056", "00"),
        ("2900", "00", "0056", "10"),
        ("0100", "20", "0056", "00"),
        ("0000", "20", "0276", "10"),
    ] {
        assert_eq!(used(control, kind, issuer), bits, "{control} {kind} {issuer}");
    }
    assert_eq!(restricted(scene().card(0x9F07, "0100")), "00", "no country of the issuer");
    assert_eq!(restricted(scene().card(0x9F07, "FF00").card(0x5F28, "0276").terminal(0x9F03, "000000000100")), "10");
    assert_eq!(restricted(scene().card(0x9F07, "FF80").card(0x5F28, "0276").terminal(0x9F03, "000000000100")), "00");
    assert_eq!(restricted(scene().card(0x9F07, "FF80").card(0x5F28, "0056").terminal(0x9F03, "000000000100")), "10");
}

#[test]
pub fn usage_control_allows_kinds_of_terminals() {
    let atm = |control: &str, capabilities: &str| {
        let scene = scene().card(0x9F07, control).terminal(0x9F35, "14").terminal(0x9F40, capabilities);
        restricted(scene)
    };
    assert_eq!(atm("FE00", "8000000000"), "00");
    assert_eq!(atm("FD00", "8000000000"), "10");
    assert_eq!(atm("FD00", "6000000000"), "00", "a terminal without cash is no ATM");
    assert_eq!(atm("FE00", "6000000000"), "10");
}

fn verified(list: &str) -> Ran {
    scene().card(0x8E, &format!("00001000 00002000 {list}")).terminal(0xDF8119, "68").run()
}

#[track_caller]
fn expect(ran: &Ran, cvm: Cvm, results: &str, tvr: &str) {
    let found = (ran.outcome.cvm, ran.object(0x9F34), ran.tvr()[4..6].to_owned());
    assert_eq!(found, (cvm, results.to_owned(), tvr.to_owned()), "{:#?}", ran.rules);
}

#[test]
pub fn the_first_method_that_both_have_is_the_one() {
    expect(&verified("4203 1E03 1F03"), Cvm::OnlinePin, "420300", "04");
    expect(&verified("1E03 1F03"), Cvm::Signature, "1E0300", "00");
    expect(&verified("5E00"), Cvm::Signature, "5E0000", "00");
    expect(&verified("1F00"), Cvm::NoCvm, "1F0002", "00");
    // Offline PIN is nothing for this interface.
    expect(&verified("4100 4403 1F00"), Cvm::NoCvm, "1F0002", "00");
    let offline = scene().card(0x8E, "0000000000000000 0100").terminal(0xDF8119, "80");
    expect(&offline.run(), Cvm::NoCvm, "3F0001", "80");
    let allowed = offline.option(|options| options.no_offline_pin = false).run();
    assert_eq!(allowed.object(0x9F34), "010000");
    for code in ["03", "04", "05"] {
        let scene = scene().card(0x8E, &format!("0000000000000000 {code}00")).terminal(0xDF8119, "B0");
        let scene = scene.option(|options| options.no_offline_pin = false);
        assert_eq!(scene.run().object(0x9F34), format!("{code}0000"));
    }
}

#[test]
pub fn failures_are_told_apart() {
    expect(&verified("0000"), Cvm::NoCvm, "000001", "80");
    expect(&verified("4000"), Cvm::NoCvm, "400001", "80");
    expect(&verified("4000 0000"), Cvm::NoCvm, "000001", "80");
    expect(&verified("4100"), Cvm::NoCvm, "3F0001", "80");
    expect(&verified("2A00 1F00"), Cvm::NoCvm, "3F0001", "C0");
    expect(&verified("6A00 1F00"), Cvm::NoCvm, "1F0002", "40");
    // An unknown method that a terminal cannot support is passed over without a word.
    expect(&verified("6A03 1F00"), Cvm::NoCvm, "1F0002", "00");
    expect(&verified("1F01"), Cvm::NoCvm, "3F0001", "80");
    expect(&verified("4100 1F01"), Cvm::NoCvm, "3F0001", "80");
    expect(&verified("1F0A"), Cvm::NoCvm, "3F0001", "80");
    let ran = scene().without_card(0x8E).run();
    expect(&ran, Cvm::NoCvm, "3F0000", "00");
    assert_eq!(&ran.tvr()[..2], "A0");
    expect(&scene().profile(0x82, "0981").run(), Cvm::NoCvm, "3F0000", "00");
}

#[test]
pub fn conditions_are_judged() {
    let counts = |condition: &str, change: &dyn Fn(Scene) -> Scene| {
        let list = format!("00001000 00002000 1E{condition}");
        change(scene().card(0x8E, &list).terminal(0xDF8119, "68")).run().outcome.cvm == Cvm::Signature
    };
    let kind = |kind: &'static str, terminal: &'static str| {
        move |scene: Scene| scene.terminal(0x9C, kind).terminal(0x9F35, terminal)
    };
    let here = |scene: Scene| scene;
    assert!(counts("00", &here) && counts("02", &here) && counts("03", &here));
    assert!(counts("01", &kind("01", "24")) && !counts("01", &kind("01", "22")) && !counts("01", &here));
    assert!(!counts("02", &kind("01", "24")) && !counts("02", &kind("01", "22")) && !counts("02", &kind("09", "22")));
    assert!(counts("04", &kind("01", "22")) && counts("04", &kind("17", "22")) && !counts("04", &kind("01", "24")));
    assert!(!counts("04", &|s| kind("17", "22")(s).option(|options| options.manual_cash = false)));
    assert!(counts("05", &kind("09", "22")) && !counts("05", &here));
    // X is 4096 and Y is 8192, in the minor unit; equal is neither under nor over.
    let amount = |amount: &'static str| move |scene: Scene| scene.amount(amount);
    for (condition, under, equal, over) in [("06", true, false, false), ("07", false, false, true)] {
        assert_eq!(counts(condition, &amount("000000004095")), under, "{condition}");
        assert_eq!(counts(condition, &amount("000000004096")), equal, "{condition}");
        assert_eq!(counts(condition, &amount("000000004097")), over, "{condition}");
    }
    let wide = |amount: &'static str| move |scene: Scene| scene.amount(amount).terminal(0xDF8126, "000000090000");
    for (condition, under, equal, over) in [("08", true, false, false), ("09", false, false, true)] {
        assert_eq!(counts(condition, &wide("000000008191")), under, "{condition}");
        assert_eq!(counts(condition, &wide("000000008192")), equal, "{condition}");
        assert_eq!(counts(condition, &wide("000000008193")), over, "{condition}");
    }
    assert!(!counts("06", &|s| s.amount("000000000001").card(0x9F42, "0840")), "another currency");
    assert!(!counts("06", &|s| s.amount("000000000001").without_card(0x9F42)));
}

#[test]
pub fn a_device_verifies_its_holder() {
    let phone = || Scene::default().profile(0x82, "1B81").terminal(0xDF811B, "20");
    // The certificate of the card covers another profile: CDA is left out by having no key to verify it with.
    let ran = phone().no_cda().amount("000000005001").run();
    assert_eq!((ran.outcome.cvm, ran.object(0x9F34).as_str()), (Cvm::ConfirmationCodeVerified, "010002"));
    let ran = phone().no_cda().run();
    assert_eq!((ran.outcome.cvm, ran.object(0x9F34).as_str()), (Cvm::NoCvm, "3F0002"));
    assert!(ran.cites("GAC.23"));
    assert_eq!(&ran.sent(0xAE)[0][4..6], "00");
    let excused = phone().no_cda().terminal(0x9F1D, "0000200000000000");
    let excused = excused.option(|options| options.cdcvm_without_cda = true);
    assert_eq!(&excused.run().sent(0xAE)[0][4..6], "40");
    assert_eq!(phone().no_cda().amount("000000050000").run().outcome.cvm, Cvm::ConfirmationCodeVerified);
    assert_result(&phone().no_cda().amount("000000050001").run(), R::SelectNext);
    assert_eq!(phone().no_cda().terminal(0xDF811B, "00").run().outcome.cvm, Cvm::NoCvm);
}

fn asked(scene: Scene) -> String {
    scene.gives(0x00).run().sent(0xAE)[0][4..6].to_owned()
}

#[test]
pub fn action_codes_decide() {
    // TVR is 80 00 00 00 01 without CDA.
    assert_eq!(asked(scene()), "40");
    assert_eq!(asked(scene().terminal(0xDF8121, "8000000000")), "00");
    assert_eq!(asked(scene().card(0x9F0E, "0000000001")), "00");
    assert_eq!(asked(scene().without_card(0x9F0E)), "40");
    assert_eq!(asked(scene().terminal(0xDF8122, "8000000000")), "80");
    assert_eq!(asked(scene().card(0x9F0F, "0000000001")), "80");
    assert_eq!(asked(scene().without_card(0x9F0F)), "80", "every bit counts");
    for kind in ["11", "21", "14", "24", "34"] {
        assert_eq!(asked(scene().terminal(0x9F35, kind)), "80", "{kind}");
        assert_eq!(asked(scene().terminal(0x9F35, kind).terminal(0xDF8121, "8000000000")), "00", "{kind}");
    }
    for kind in ["23", "26", "36", "13", "16"] {
        let offline = || scene().terminal(0x9F35, kind).terminal(0xDF8122, "FFFFFFFFFF");
        assert_eq!(asked(offline()), "40", "{kind}");
        assert_eq!(asked(offline().card(0x9F0D, "8000000000")), "00", "{kind}");
        assert_eq!(asked(offline().terminal(0xDF8120, "0000000001")), "00", "{kind}");
        assert_eq!(asked(offline().without_card(0x9F0D)), "00", "{kind}");
    }
}

#[test]
pub fn a_clean_tvr_may_be_one_without_the_status_of_relay_resistance() {
    let clean = || Scene::default().without_card(0x9F0F);
    assert_eq!(asked(clean()), "90");
    assert_eq!(asked(clean().option(|options| options.ignore_relay_resistance_status = true)), "50");
}

#[test]
pub fn signatures_are_asked_for_where_they_can_be_had() {
    assert_eq!(asked(Scene::default()), "50");
    assert_eq!(asked(Scene::default().terminal(0xDF8122, "0000000001")), "90");
    let denied = || Scene::default().terminal(0xDF8121, "0000000001");
    assert_eq!(asked(denied()), "00");
    assert_eq!(asked(denied().discretionary(0x9F5D, "000100")), "10");
    assert_eq!(asked(Scene::default().without_card(0x90)), "40");
}

#[test]
pub fn cdol_1_gets_what_it_asks_for() {
    let ran = scene().run();
    let expected = "000000001000 000000000000 0276 8000000001 0978 261121 00 8B55633B 22 0000 0000000000000000 1F0302";
    assert_eq!(hex(&ran.object(0xDF8107)), hex(expected));
    assert_eq!(ran.sent(0xAE)[0], format!("80AE40002B{}00", expected.replace(' ', "")));
    assert_eq!(CDOL.split(' ').count(), 12);
}
