//! The built-in terminals reach the rules they are made for.

use emvtap::{card::Profile, kernel::outcome::OutcomeResult as R, link::VirtualCard, terminal::Terminal};

use crate::{
    harness::Scene,
    reader::{Card, Ran, pay},
};

fn builtin(name: &str) -> Terminal {
    Terminal::builtin(name).unwrap().unwrap()
}

/// One tap of a built-in card.
fn tap(terminal: &str, card: &str, kind: u8, amount: &str) -> Ran {
    let card = emvtap::card::Card::new(&Profile::builtin(card).unwrap(), 7).unwrap();
    pay(&builtin(terminal), kind, amount, &mut VirtualCard::new(card))
}

#[test]
fn the_market_declines_a_card_on_its_list() {
    let listed = tap("retail-exceptions", "visa-debit-offline", 0x00, "12.00");
    assert!(listed.cites("C-3 5.5.1.2"));
    assert_eq!(listed.result(), R::Declined, "{:?}", listed.rules);
    assert_eq!(tap("retail-offline", "visa-debit-offline", 0x00, "12.00").result(), R::Approved);
}

#[test]
fn the_store_has_limits_by_program() {
    for (program, amount, ttq) in [
        ("3109", "30.00", Some("36004000")),
        ("3109", "999.99", Some("36C04000")),
        ("310901", "20.00", None),
        ("310901", "19.99", Some("36804000")),
        ("77", "100.00", None),
        ("77", "50.00", Some("36C04000")),
    ] {
        let mut card = Card::of_program(Scene::default().card, program);
        pay(&builtin("retail-programs"), 0x00, amount, &mut card);
        assert_eq!(card.ttq.as_deref(), ttq, "{program} {amount}");
    }
}

#[test]
fn the_kiosk_takes_track_data() {
    let gpo = [(0x82, vec![0x00, 0x80]), (0x57, Scene::default().card[&0x57].clone())].into();
    let ran = pay(&builtin("msd-legacy"), 0x00, "5.00", &mut Card::new(gpo));
    assert_eq!((ran.result(), ran.cites("VCPS mag-stripe")), (R::OnlineRequest, true));
}

#[test]
fn the_desk_asks_application_usage_control() {
    let gpo = || Scene::default().set(0x5F28, "0056").set(0x9F07, "8000").card;
    for (kind, rule, result) in [
        (0x01, "C-3 5.5.1.3", R::OnlineRequest),
        (0x09, "C-3 5.5.1.4", R::Declined),
        (0x20, "C-3 refund", R::OnlineRequest),
    ] {
        let ran = pay(&builtin("cash-desk"), kind, "5.00", &mut Card::new(gpo()));
        assert_eq!((ran.result(), ran.cites(rule)), (result, true), "{kind}: {:?}", ran.rules);
    }
}

/// The card sends SDA or fDDA with its online cryptogram; what comes of it changes nothing.
#[test]
fn the_gate_authenticates_online_transactions() {
    let ran = tap("transit-gate", "visa-credit", 0x00, "3.00");
    assert_eq!(ran.result(), R::OnlineRequest, "{:?}", ran.rules);
    assert!(ran.cites("C-3 5.6.1.1 fDDA succeeded"), "{:?}", ran.rules);
}
