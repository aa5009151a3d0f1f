//! Book B, 3.4 and 3.5: kernel activation and Outcome processing.

use emvtap::{
    entry::Options,
    kernel::outcome::{AlternateInterface, OutcomeResult, Start},
    time::Micros,
};

use crate::support::{
    Dictate, ERROR, PROCESSING, READ, READY, any, approved,
    bench::{Bench, Issuer, Saw, assert_approved, sale, tap, tap_online},
    card::{App, Asked, Card},
    declined, end_application, hex, online_request, select_next,
    settings::{APP1, APP2, APP3, APP4, TS1, TS2},
    text, tlv, try_again, two_presentments,
};

/// A long FCI arrives whole, with its status word.
#[test]
fn ee_001_00() {
    let inside = [
        tlv(0x84, &hex(APP1)),
        tlv(0xA5, &[tlv(0x50, b"TEST"), tlv(0x9F38, &hex("D102 D201 D302 9F6604")), hex("5F2D02656E")].concat()),
    ]
    .concat();
    let filler = tlv(0xDF01, &vec![0x5A; 251 - inside.len() - 4]);
    let whole = tlv(0x6F, &[inside, filler].concat());
    assert_eq!(whole[..3], [0x6F, 0x81, 251], "a template of 251 bytes");
    for (start, point) in [(Start::A, "0A"), (Start::B, "0B")] {
        let trace = tap(TS1, start, "2", Card::new([App::new(APP1).kernel("23").fci(&text(&whole))]));
        let seen = &trace.kernels[0];
        assert_eq!(seen.fci.as_ref(), Some(&whole), "2EE.001.00");
        assert_eq!(seen.select_status.unwrap().0, 0x9000, "2EE.001.00");
        assert_eq!(text(&seen.pdol_data), format!("0000{point}9000B6208000"), "2EE.001.00: D1, D2, D3, 9F66");
    }
}

/// Each kernel gets the indicators of its own combination.
#[test]
fn ee_002_00() {
    for (amount, app, kernel, flags, ttq) in [
        ("1", APP1, "23", "1000", "28800000"),
        ("51", APP4, "24", "A000", "84C08000"),
        ("121", APP2, "22", "2000", "00000000"),
        ("2", APP3, "21", "0000", "84008000"),
    ] {
        let mut apps = [(APP1, "23"), (APP2, "22"), (APP3, "21"), (APP4, "24")]
            .map(|(name, number)| App::new(name).kernel(number).priority(Some(if name == app { 1 } else { 2 })));
        apps.rotate_left(1);
        let trace = tap(TS2, Start::A, amount, Card::new(apps));
        assert_eq!(trace.activated(), [format!("{kernel} {app}")], "2EE.002.00: {amount}");
        assert_eq!(text(&trace.kernels[0].pdol_data[..2]), flags, "2EE.002.00: {amount}");
        assert_eq!(text(&trace.kernels[0].pdol_data[5..9]), ttq, "2EE.002.00: {amount}");
    }
}

fn dictated(dictates: impl IntoIterator<Item = Dictate>) -> Card {
    Card::new([App::new(APP1).kernel("23").says(dictates)])
}

#[test]
fn ef_001_00_messages_of_final_outcomes() {
    let other =
        Dictate::new(OutcomeResult::TryAnotherInterface).ui(0x18, READY).alternate(AlternateInterface::ContactChip);
    for (dictate, message) in [
        (approved(), "03 card-read-successfully"),
        (declined(), "07 card-read-successfully"),
        (other, "18 ready-to-read"),
        (online_request(), "1B card-read-successfully"),
        (end_application(), "1C ready-to-read"),
        (end_application().ui(0x1C, ERROR), "1C processing-error"),
    ] {
        let trace = tap_online(TS1, "2", dictated([dictate]), Issuer::approves(""));
        assert_eq!(trace.messages(), ["15 ready-to-read", message], "2EF.001.00");
        assert!(
            !trace.asked.iter().any(|asked| matches!(asked, Asked::Deactivate(_))),
            "2EF.001.00: no field off asked for"
        );
    }
    let trace = tap(TS1, Start::A, "2", dictated([Dictate::new(OutcomeResult::Approved)]));
    assert_eq!(trace.messages(), ["15 ready-to-read"], "2EF.001.00: an Outcome without a message");
}

/// Book A, B.7: the field stays on while the terminal is online.
#[test]
fn ef_001_00_present_and_hold() {
    let first = any(Start::D).ui(0x1B, PROCESSING).ui_on_restart(0x16, PROCESSING).removal_timeout(100);
    let trace = tap_online(TS1, "2", dictated([first, approved()]), Issuer::approves("910411223344"));
    let expected = ["15 ready-to-read", "1B processing", "16 processing", "03 card-read-successfully"];
    assert_eq!(trace.messages(), expected, "2EF.001.00");
    assert!(!trace.asked.iter().any(|asked| matches!(asked, Asked::Deactivate(_))), "2EF.001.00: the field stays on");
    assert_eq!(trace.count(&Saw::FieldOn), 1, "2EF.001.00");
    assert_approved(&trace, "2EF.001.00");
}

/// Book A, B.6.
#[test]
fn ef_001_00_two_presentments() {
    let first = two_presentments(Start::B).ui(0x1B, 0xFF).ui_on_restart(0x21, READY);
    let trace = tap_online(TS1, "2", dictated([first, approved()]), Issuer::approves("910411223344"));
    let expected = ["15 ready-to-read", "1B --", "21 ready-to-read", "03 card-read-successfully"];
    assert_eq!(trace.messages(), expected, "2EF.001.00");
}

/// 3.5.1.1 before 3.5.1.2; zero is "off, without waiting".
#[test]
fn ef_001_01_field_off() {
    for hold in [0, 1, 13, 600] {
        let trace = tap(TS1, Start::A, "2", dictated([approved().field_off(hold)]));
        assert_eq!(trace.asked.last(), Some(&Asked::Deactivate(Micros::tenths(hold.into()))), "2EF.001.01");
        let last: Vec<_> = trace.saw.iter().rev().take(2).map(|(_, saw)| saw.clone()).collect();
        assert_eq!(last[0], Saw::FieldOff(Some(hold)), "2EF.001.01");
        assert!(matches!(last[1], Saw::Ui(_)), "2EF.001.01: the message comes first");
        let card_time = 3_000 + 3 * 10_000;
        assert_eq!(trace.tap.elapsed, Micros(card_time + 100_000 * u64::from(hold)), "2EF.001.01");
    }
}

#[test]
fn ef_002_00_try_again() {
    let trace = tap(TS1, Start::A, "2", dictated([try_again(), approved()]));
    assert_eq!(
        trace.messages(),
        ["15 ready-to-read", "21 ready-to-read", "15 ready-to-read", "03 card-read-successfully"],
        "2EF.002.00"
    );
    let requests = trace.requests();
    assert_eq!(requests[2].0, Micros(requests[1].0.0 + 10_000_000), "2EF.002.00: held for 100 units");
    assert_eq!(trace.selects(), ["PPSE", APP1, "PPSE", APP1], "2EF.002.00: a new directory");
    assert_ne!(trace.kernels[0].object(0x9F37), trace.kernels[1].object(0x9F37), "2EF.002.00: a new number");
    assert_eq!(trace.starts(), ["A", "B"], "2EF.002.00: the Restart flag stays 0");
    assert_eq!(trace.results(), [OutcomeResult::Approved], "2EF.002.00: Try Again is not final");
    assert_approved(&trace, "2EF.002.00");
}

/// Book A, B.8: field off, and the kernel's own request when Start B comes.
#[test]
fn try_again_with_a_message_on_restart() {
    let again = || try_again().ui_hold(0x20, ERROR, 13).ui_on_restart(0xFF, READY).field_off(13);
    let trace = tap(TS1, Start::A, "2", dictated([again(), approved()]));
    assert_eq!(trace.messages()[1..3], ["20 processing-error", "-- ready-to-read"]);
    assert_eq!(trace.count(&Saw::FieldOff(Some(13))), 1);
    assert_eq!(trace.count(&Saw::FieldOn), 2);
    let options = Options { ui_on_restart_of_try_again: false, ..Options::default() };
    let trace = Bench::new(TS1).options(options).tap(Start::A, &sale(0, "2"), &mut dictated([again(), approved()]));
    assert_eq!(trace.messages()[1..3], ["20 processing-error", "15 ready-to-read"], "by the letter of 3.2.1.2");
}

/// 3.5.1.3 to the letter polls at once and finds the card that stayed; a reader may be told to wait until it has left.
#[test]
fn a_card_may_have_to_leave_before_it_is_tried_again() {
    for (removal, waits) in [(false, 0), (true, 1)] {
        let options = Options { removal_before_try_again: removal, ..Options::default() };
        let mut card = dictated([try_again().field_off(13), approved()]);
        let trace = Bench::new(TS1).options(options).tap(Start::A, &sale(0, "2"), &mut card);
        assert_approved(&trace, "try again");
        let at = |wanted: Asked| trace.asked.iter().position(|asked| *asked == wanted);
        assert_eq!(trace.asked.iter().filter(|asked| **asked == Asked::Removal).count(), waits);
        assert!(at(Asked::Removal).is_none_or(|removal| at(Asked::Deactivate(Micros::tenths(13))) > Some(removal)));
        assert_eq!(trace.rules.iter().any(|rule| rule.contains("removal-before-try-again")), removal);
    }
}

#[test]
fn ef_003_00_select_next() {
    let walk = |entries: &[(&str, &str)], amount: &str, accepts: Option<&str>| {
        let apps = entries.iter().zip(1..).map(|((app, kernel), priority)| {
            let says = if accepts == Some(app) { approved() } else { select_next() };
            App::new(app).kernel(kernel).priority(Some(priority)).says([says])
        });
        tap(TS2, Start::A, amount, Card::new(apps))
    };
    const ALL: [(&str, &str); 3] = [(APP1, "23"), (APP3, "21"), (APP2, "22")];
    let trace = walk(&ALL[1..], "2", Some(APP2));
    assert_eq!(trace.selects(), ["PPSE", APP3, APP2], "2EF.003.00 case 1");
    let trace = walk(&ALL, "2", Some(APP2));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP3, APP2], "2EF.003.00 case 2");
    assert_eq!(trace.starts(), ["A", "C", "C"], "2EF.003.00: the Restart flag stays 0");
    let numbers: Vec<_> = trace.kernels.iter().map(|seen| seen.object(0x9F37)).collect();
    assert!(numbers[0] != numbers[1] && numbers[1] != numbers[2], "2EF.003.00: new numbers");
    assert_eq!(trace.results(), [OutcomeResult::Approved], "2EF.003.00: Select Next is not final");
    let trace = walk(&ALL, "0", Some(APP2));
    assert_eq!(trace.selects(), ["PPSE", APP3, APP2], "2EF.003.00: APP1 is not allowed");
    let trace = walk(&[(APP3, "21"), (APP4, "24")], "2", None);
    assert_eq!(trace.selects(), ["PPSE", APP3, APP4], "2EF.003.00: end of the list");
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
    assert_eq!(trace.messages(), ["15 ready-to-read", "1C ready-to-read"]);
}

/// 3.5.1.4: another kernel for the same entry stays in the list.
#[test]
fn select_next_leaves_other_kernels_for_the_entry() {
    let app = App::new(APP4).kernel("00").says([select_next(), approved()]);
    let trace = tap(TS2, Start::A, "2", Card::new([app]));
    assert_eq!(trace.selects(), ["PPSE", APP4, APP4]);
    assert_eq!(trace.activated(), [format!("24 {APP4}"), format!("25 {APP4}")]);
}

/// A removed candidate comes back when the list is built again.
#[test]
fn try_again_after_select_next_begins_with_the_whole_list() {
    let first = App::new(APP1).kernel("23").says([select_next(), approved()]);
    let second = App::new(APP2).kernel("22").priority(Some(2)).says([try_again()]);
    let trace = tap(TS1, Start::A, "2", Card::new([first, second]));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP2, "PPSE", APP1]);
}

/// A restart at C works with what Select Next has left.
#[test]
fn a_restart_at_c_keeps_what_was_removed_out_of_the_list() {
    let first = App::new(APP1).kernel("23").says([select_next()]);
    let second = App::new(APP2).kernel("22").priority(Some(2)).says([two_presentments(Start::C), approved()]);
    let trace = tap_online(TS1, "2", Card::new([first, second]), Issuer::approves("910411223344"));
    assert_eq!(trace.selects(), ["PPSE", APP1, APP2, APP2]);
    assert_eq!(trace.starts(), ["A", "C", "C+"]);
}

/// The option: the kernel is told where the reader activated Entry Point.
#[test]
fn start_points_inside_entry_point_can_be_kept_from_kernels() {
    let options = Options { internal_start_points: false, ..Options::default() };
    for start in [Start::A, Start::B] {
        let mut card = dictated([try_again(), approved()]);
        let trace = Bench::new(TS1).options(options.clone()).tap(start, &sale(0, "2"), &mut card);
        assert_eq!(trace.starts(), [start.name(); 2], "try again");
        let first = App::new(APP1).kernel("23").says([select_next()]);
        let mut card = Card::new([first, App::new(APP2).kernel("22").priority(Some(2))]);
        let trace = Bench::new(TS1).options(options.clone()).tap(start, &sale(0, "2"), &mut card);
        assert_eq!(trace.starts(), [start.name(); 2], "select next");
    }
    // A kernel that was activated at D leaves the field to another one, which gets its FCI.
    let first = App::new(APP1).kernel("23").says([two_presentments(Start::D), select_next()]);
    let mut card = Card::new([first, App::new(APP2).kernel("22").priority(Some(2))]);
    let mut issuer = Issuer::approves("910411223344");
    let trace = Bench::new(TS1).options(options).tap_online(Start::A, &sale(0, "2"), &mut card, &mut issuer);
    assert_eq!(trace.starts(), ["A", "D+", "D+"]);
    let fci: Vec<_> = trace.kernels.iter().map(|seen| seen.fci.is_some()).collect();
    assert_eq!(fci, [true, false, true]);
}

/// Book A, 8.1.1.16: the last message is held beyond the end of the transaction.
#[test]
fn the_last_message_is_still_held() {
    let held = |dictate: Dictate| tap(TS1, Start::A, "2", dictated([dictate])).tap.held;
    assert_eq!(held(approved()), Micros::ZERO);
    assert_eq!(held(approved().ui_hold(0x03, READ, 100)), Micros(10_000_000), "2EA.011.00");
    assert_eq!(held(approved().ui_hold(0x03, READ, 100).field_off(13)), Micros(8_700_000));
    assert_eq!(held(approved().ui_hold(0x03, READ, 1).field_off(13)), Micros::ZERO);
}
