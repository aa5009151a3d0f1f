//! Book B, 3.2: protocol activation.

use emvtap::{apdu::LinkFault, kernel::outcome::Start};

use crate::support::{
    self, PROCESSING, READY, any,
    bench::{Bench, Issuer, Saw, sale, tap, tap_online},
    card::{App, Asked, Card, Trouble},
    settings::{APP1, APP2, APP3, APP4, TS1, TS2, TS4},
    text, two_presentments,
};

fn one(app: &str, kernel: &str) -> Card {
    Card::new([App::new(app).kernel(kernel)])
}

/// Start B without pre-processing: no indicators, TTQ as configured.
#[test]
fn ec_001_00_to_04() {
    for (id, lines, kind, app, kernel, ttq) in [
        ("2EC.001.00", TS2, 0x00, APP1, "23", "28000000"),
        ("2EC.001.00", TS2, 0x00, APP2, "22", "00000000"),
        ("2EC.001.00", TS2, 0x00, APP3, "21", "84008000"),
        ("2EC.001.00", TS2, 0x00, APP4, "24", "84C08000"),
        ("2EC.001.01", TS4, 0x00, APP4, "24", "84C08000"),
        ("2EC.001.02", TS4, 0x09, APP3, "21", "28000000"),
        ("2EC.001.03", TS4, 0x01, APP1, "23", "00000000"),
        ("2EC.001.04", TS4, 0x20, APP2, "22", "84008000"),
    ] {
        for amount in ["0", "1", "10", "500"] {
            let trace = Bench::new(lines).tap(Start::B, &sale(kind, amount), &mut one(app, kernel));
            let seen = &trace.kernels[0];
            assert_eq!(text(&seen.pdol_data[..3]), "00000B", "{id}: D1 and D2, {app}, amount {amount}");
            assert_eq!(text(&seen.pdol_data[5..9]), ttq, "{id}: 9F66, {app}, amount {amount}");
        }
    }
}

/// A restart shows the retained request.
#[test]
fn ec_002_00() {
    for (start, message, status, shown) in [
        (Start::A, 0x21, READY, "21 ready-to-read"),
        (Start::B, 0x21, READY, "21 ready-to-read"),
        (Start::C, 0x21, READY, "21 ready-to-read"),
        (Start::D, 0x16, PROCESSING, "16 processing"),
    ] {
        let dictates = [any(start).ui_on_restart(message, status), support::approved()];
        let trace = tap_online(TS1, "2", Card::new([App::new(APP1).kernel("23").says(dictates)]), Issuer::approves(""));
        let expected = ["15 ready-to-read", "1B card-read-successfully", shown, "03 card-read-successfully"];
        assert_eq!(trace.messages(), expected, "2EC.002.00: {start:?}");
        assert_eq!(trace.starts(), ["A".to_owned(), format!("{}+", start.name())], "2EC.002.00");
    }
}

/// A restart without a request of its own shows Present Card.
#[test]
fn ec_003_00() {
    for start in [Start::A, Start::B] {
        let dictates = [any(start), support::approved()];
        let trace = tap_online(TS1, "1", Card::new([App::new(APP1).kernel("23").says(dictates)]), Issuer::approves(""));
        let expected =
            ["15 ready-to-read", "1B card-read-successfully", "15 ready-to-read", "03 card-read-successfully"];
        assert_eq!(trace.messages(), expected, "2EC.003.00: {start:?}");
    }
}

#[test]
fn ec_004_00() {
    for (lines, start, card) in [(TS1, Start::A, one(APP1, "23")), (TS2, Start::B, one(APP2, "22"))] {
        let trace = tap(lines, start, "1", card);
        assert_eq!(trace.messages()[0], "15 ready-to-read", "2EC.004.00");
        assert_eq!(trace.starts(), [start.name()], "2EC.004.00: Restart flag 0");
    }
}

/// Field on, polling, and the directory first.
#[test]
fn ec_005_00() {
    for (start, card) in [(Start::A, one(APP1, "23")), (Start::A, one(APP2, "22")), (Start::B, one(APP1, "23"))] {
        let trace = tap(TS1, start, "2", card);
        assert_eq!(trace.asked[0], Asked::Activate, "2EC.005.00");
        let ppse = support::hex("00A404000E 325041592E5359532E4444463031 00");
        assert_eq!(trace.asked[1], Asked::Command(ppse), "2EC.005.00");
        let order: Vec<_> =
            trace.saw.iter().map(|(_, saw)| saw.clone()).filter(|saw| !matches!(saw, Saw::Starts(..))).collect();
        assert!(matches!(order[..4], [Saw::Ui(_), Saw::FieldOn, Saw::CardPresent, Saw::Select(_)]), "{order:?}");
    }
}

/// Two cards: a message, and on with the one that stays.
#[test]
fn ec_006_00_and_007_00() {
    for (id, starts) in [
        ("2EC.006.00", [Start::A, Start::A]),
        ("2EC.006.00", [Start::B, Start::B]),
        ("2EC.007.00", [Start::A, Start::B]),
        ("2EC.007.00", [Start::B, Start::A]),
    ] {
        for polls in [1, 3] {
            let mut bench = Bench::new(TS1);
            for start in starts {
                let mut card = one(APP1, "23").trouble(Trouble::Collisions(polls));
                let trace = bench.tap(start, &sale(0x00, "2"), &mut card);
                let expected =
                    ["15 ready-to-read", "19 processing-error", "19 ready-to-read", "03 card-read-successfully"];
                assert_eq!(trace.messages(), expected, "{id}: {start:?}");
                assert_eq!(trace.selects(), ["PPSE", APP1], "{id}: {start:?}");
                assert_eq!(trace.count(&Saw::FieldOn), 1, "{id}");
            }
        }
    }
}

/// Both cards are withdrawn, and one comes back: people are told before it comes (3.2.1.5).
#[test]
fn ec_007_00_both_cards_leave() {
    for start in [Start::A, Start::B] {
        let trace = tap(TS1, start, "2", one(APP1, "23").trouble(Trouble::BothLeave(2)));
        let expected = ["15 ready-to-read", "19 processing-error", "19 ready-to-read", "03 card-read-successfully"];
        assert_eq!(trace.messages(), expected, "2EC.007.00: {start:?}");
        assert_eq!(trace.asked[..4], [const { Asked::Activate }; 4], "2EC.007.00: it polls on");
        assert_eq!(trace.tap.stopped, None, "2EC.007.00");
    }
    let card = one(APP1, "23").trouble(Trouble::BothLeave(1)).trouble(Trouble::Poll(2, LinkFault::NoCard));
    let trace = tap(TS1, Start::A, "2", card);
    assert_eq!(trace.messages(), ["15 ready-to-read", "19 processing-error", "19 ready-to-read"]);
    assert_eq!(trace.tap.stopped, Some(LinkFault::NoCard), "nobody comes back");
}

/// Footnote 4 to 3.2.1.1: returning to B inside Entry Point keeps what pre-processing found.
#[test]
fn a_return_to_b_keeps_the_indicators() {
    let card = Card::new([App::new(APP1).kernel("23").says([support::try_again(), support::approved()])]);
    let trace = tap(TS1, Start::A, "16", card);
    let exposed: Vec<_> = trace.kernels.iter().map(|seen| text(&seen.pdol_data[..9])).collect();
    assert_eq!(exposed, ["A0000A9000B6E08000", "A0000B9000B6E08000"]);
}

/// 3.2.1.1: a restart keeps them too, and at A they are worked out again.
#[test]
fn a_restart_keeps_the_indicators() {
    for start in [Start::A, Start::B, Start::C, Start::D] {
        let dictates = [two_presentments(start), support::approved()];
        let card = Card::new([App::new(APP1).kernel("23").says(dictates)]);
        let trace = tap_online(TS1, "16", card, Issuer::approves("910411223344"));
        let found = trace.kernels.iter().map(|seen| seen.indicators).collect::<Vec<_>>();
        assert_eq!(found[0], found[1], "{start:?}");
        assert_eq!(found[1].ttq, Some([0xB6, 0xE0, 0x80, 0x00]), "{start:?}");
    }
}
