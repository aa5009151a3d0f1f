//! Dynamic Reader Limits (5.1.2) in a terminal file; expected values from the table of flags and comparisons in the book.

use emvtap::kernel::outcome::OutcomeResult as R;

use crate::{
    harness::Scene,
    reader::{Card, Ran, pay, terminal},
};

/// Default limits, two programs of which one begins with the other, and one without any check.
const LIMITS: &str = r#"
transaction-limit = "50.00"
floor-limit = "20.00"
cvm-required-limit = "30.00"
[[combination.dynamic-limits]]
program-id = "3109"
status-check = true
zero-amount-allowed = true
transaction-limit = "100.00"
floor-limit = "40.00"
cvm-required-limit = "60.00"
[[combination.dynamic-limits]]
program-id = "310901"
zero-amount-allowed = false
transaction-limit = "10.00"
[[combination.dynamic-limits]]
program-id = "40"
"#;

fn tap(program: Option<&str>, amount: &str) -> (Ran, Option<String>) {
    tap_at(LIMITS, program, amount)
}

fn tap_at(limits: &str, program: Option<&str>, amount: &str) -> (Ran, Option<String>) {
    let gpo = Scene::default().card;
    let mut card = program.map_or_else(|| Card::new(gpo.clone()), |program| Card::of_program(gpo.clone(), program));
    let ran = pay(&terminal("", limits), 0x00, amount, &mut card);
    (ran, card.ttq)
}

/// Program of the card, amount, TTQ that the card gets to see; `None`: the limits do not allow the amount.
#[test]
fn the_cards_program_decides_about_limits() {
    let (plain, online, cvm) = (Some("26000000"), Some("26800000"), Some("26C00000"));
    for (program, amount, ttq) in [
        // No program, or an unknown one: the limits of the combination.
        (None, "20.00", plain),
        (None, "20.01", online),
        (None, "30.00", cvm),
        (None, "49.99", cvm),
        (None, "50.00", None),
        (Some("32"), "20.01", online),
        (Some("31"), "50.00", None),
        // Exactly 3109, or 3109 as the longest beginning.
        (Some("3109"), "40.00", plain),
        (Some("3109"), "40.01", online),
        (Some("3109"), "59.99", online),
        (Some("3109"), "60.00", cvm),
        (Some("3109"), "99.99", cvm),
        (Some("3109"), "100.00", None),
        (Some("310902"), "40.00", plain),
        (Some("3109"), "1.00", online),
        (Some("3109"), "0.00", online),
        // The longer one: no floor, no CVM limit, no status check; zero is not allowed.
        (Some("310901"), "9.99", plain),
        (Some("310901"), "10.00", None),
        (Some("310901FF"), "10.00", None),
        (Some("310901"), "1.00", plain),
        (Some("310901"), "0.00", None),
        // No check at all, not even of a zero amount.
        (Some("40"), "9999.00", plain),
        (Some("40"), "0.00", plain),
    ] {
        let (ran, seen) = tap(program, amount);
        assert_eq!(seen.as_deref(), ttq, "{program:?} {amount}: {:?}", ran.rules);
        let expected = if ttq.is_some() { R::OnlineRequest } else { R::EndApplication };
        assert_eq!(ran.result(), expected, "{program:?} {amount}");
    }
}

#[test]
fn an_offline_only_reader_takes_no_zero_amount_with_either_option() {
    for (flag, ttq) in
        [("zero-amount-allowed = true", None), ("zero-amount-allowed = false", None), ("", Some("28000000"))]
    {
        let limits = format!("[[combination.dynamic-limits]]\nprogram-id = \"31\"\n{flag}");
        let mut offline = terminal("", &limits);
        offline.set(emvtap::tlv::Tag::new(0x9F66), &[0x28, 0, 0, 0]).unwrap();
        let mut card = Card::of_program(Scene::default().card, "31");
        pay(&offline, 0x00, "0.00", &mut card);
        assert_eq!(card.ttq.as_deref(), ttq, "{flag}");
    }
}

#[test]
fn the_terminal_floor_limit_does_not_reach_a_program() {
    let limits = "terminal-floor-limit = \"5.00\"\n[[combination.dynamic-limits]]\nprogram-id = \"31\"\n";
    assert_eq!(tap_at(limits, None, "5.01").1.as_deref(), Some("26800000"));
    assert_eq!(tap_at(limits, Some("31"), "5.01").1.as_deref(), Some("26000000"));
}

#[test]
fn without_the_option_pre_processing_has_the_last_word() {
    let limits = "transaction-limit = \"50.00\"\n";
    assert_eq!(tap_at(limits, Some("3109"), "50.00").0.result(), R::TryAnotherInterface);
    let empty = "transaction-limit = \"50.00\"\ndynamic-limits = []\n";
    assert_eq!(tap_at(empty, Some("3109"), "50.00").0.result(), R::EndApplication);
}
