//! Book A, 8.1.1.19 to 8.1.1.23: what happens after a Final Outcome.

use emvtap::{
    apdu::LinkFault,
    entry::Options,
    kernel::outcome::{OutcomeResult, Start},
    run::Disposition,
    time::Micros,
};

use crate::support::{
    NOT_READY, PROCESSING, READY, any, approved,
    bench::{Bench, Issuer, Saw, assert_approved, sale, tap, tap_online},
    card::{App, Asked, Card, REMOVAL, Trouble},
    declined, end_application, online_request,
    settings::{APP1, APP2, APP3, APP4, TS1},
    two_presentments,
};

/// An answer of the issuer with 91, with a 71 script, with a 72 script.
const ARPC: &str = "910A 11223344556677883030";
const SCRIPT_71: &str = "7109 8607 8424000002 AABB";
const SCRIPT_72: &str = "7209 8607 8424000002 CCDD";

fn card(app: &str, kernel: &str, dictates: impl IntoIterator<Item = crate::support::Dictate>) -> Card {
    Card::new([App::new(app).kernel(kernel).says(dictates)])
}

#[test]
fn ea_014_00_restart_with_issuer_data() {
    let both = |one: &str, other: &str| format!("{one} {other}");
    for (case, app, kernel, start, data, selects) in [
        (1, APP1, "23", Start::A, ARPC.to_owned(), vec!["PPSE", APP1, "PPSE", APP1]),
        (2, APP2, "22", Start::B, SCRIPT_71.to_owned(), vec!["PPSE", APP2, APP2]),
        (3, APP3, "21", Start::C, SCRIPT_72.to_owned(), vec!["PPSE", APP3, APP3]),
        (4, APP4, "24", Start::D, both(ARPC, SCRIPT_71), vec!["PPSE", APP4]),
        (5, APP3, "21", Start::C, both(ARPC, SCRIPT_72), vec!["PPSE", APP3, APP3]),
        (6, APP4, "24", Start::D, both(ARPC, SCRIPT_72), vec!["PPSE", APP4]),
    ] {
        let dictates = [two_presentments(start).ui_on_restart(0x21, READY), approved()];
        let trace = tap_online(TS1, "2", card(app, kernel, dictates), Issuer::approves(&data));
        let id = format!("2EA.014.00 case {case}");
        assert_eq!(trace.selects(), selects, "{id}");
        assert_eq!(trace.starts(), ["A".to_owned(), format!("{}+", start.name())], "{id}");
        assert_eq!(trace.messages()[2], "21 ready-to-read", "{id}");
        let seen = &trace.kernels[1];
        let issuer = seen.issuer.as_ref().unwrap();
        assert_eq!(issuer.response_code, Some(*b"00"), "{id}");
        assert_eq!(issuer.authentication_data.is_some(), data.contains(ARPC), "{id}");
        let script =
            crate::support::hex(data.split_once("30 ").map_or(if data == ARPC { "" } else { &data }, |(_, rest)| rest));
        assert_eq!(issuer.scripts, script, "{id}");
        assert_eq!(seen.object(0x8A).unwrap(), "3030", "{id}");
        assert_eq!(seen.object(0x91).is_some(), data.contains(ARPC), "{id}");
        assert_eq!(seen.fci.is_some(), start != Start::D, "{id}: a restart at D has no FCI");
        assert_eq!(seen.select_status.is_some(), start != Start::D, "{id}");
        assert_eq!(trace.kernels[0].issuer, None, "{id}");
        assert_ne!(trace.kernels[0].object(0x9F37), seen.object(0x9F37), "{id}: a new unpredictable number");
        assert_eq!(trace.results(), [OutcomeResult::OnlineRequest, OutcomeResult::Approved], "{id}");
        assert_approved(&trace, &id);
        let polls = trace.asked.iter().filter(|asked| **asked == Asked::Activate).count();
        assert_eq!(polls, if start <= Start::B { 2 } else { 1 }, "{id}: protocol activation");
    }
}

/// EMV Data is asked for and does not come.
#[test]
fn no_issuer_data_no_restart() {
    for issuer in [Issuer::approves(""), Issuer::answers(None, ""), Issuer::answers(Some(*b"05"), "")] {
        let trace = tap_online(TS1, "2", card(APP1, "23", [two_presentments(Start::B), approved()]), issuer);
        assert_eq!(trace.results(), [OutcomeResult::OnlineRequest]);
    }
}

#[test]
fn ea_014_01_end_application_with_restart() {
    for start in [Start::A, Start::B] {
        let first = end_application().start(start).ui(0x10, NOT_READY).ui_on_restart(0x21, READY);
        let trace = tap(TS1, Start::A, "2", card(APP1, "23", [first, approved()]));
        let id = format!("2EA.014.01 at {start:?}");
        assert_eq!(
            trace.messages(),
            ["15 ready-to-read", "10 not-ready", "21 ready-to-read", "03 card-read-successfully"],
            "{id}"
        );
        assert_eq!(trace.selects(), ["PPSE", APP1, "PPSE", APP1], "{id}");
        assert_eq!(trace.starts(), ["A".to_owned(), format!("{}+", start.name())], "{id}");
        let removal = trace.asked.iter().position(|asked| *asked == Asked::Removal).unwrap();
        let polls: Vec<_> = (0..trace.asked.len()).filter(|at| trace.asked[*at] == Asked::Activate).collect();
        assert!(polls[0] < removal && removal < polls[1], "{id}: {:?}", trace.asked);
        let requests = trace.requests();
        assert_eq!(requests[2].0, Micros(requests[1].0.0 + REMOVAL.0), "{id}: only after removal");
        assert_approved(&trace, &id);
    }
}

/// Book A, B.11: the message is held, and the field goes off.
#[test]
fn end_application_with_restart_and_hold_times() {
    let first = end_application().start(Start::B).ui_hold(0x21, NOT_READY, 13).ui_on_restart(0x21, READY).field_off(13);
    let trace = tap(TS1, Start::A, "2", card(APP1, "23", [first, approved()]));
    assert_eq!(trace.messages()[1..3], ["21 not-ready", "21 ready-to-read"]);
    assert_eq!(trace.count(&Saw::FieldOff(Some(13))), 1);
    assert!(trace.asked.contains(&Asked::Deactivate(Micros::tenths(13))));
    let requests = trace.requests();
    assert!(requests[2].0.0 >= requests[1].0.0 + 1_300_000);
}

#[test]
fn end_application_without_start_ends() {
    let trace = tap(TS1, Start::A, "2", card(APP1, "23", [end_application(), approved()]));
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
    assert!(!trace.asked.contains(&Asked::Removal));
}

/// 8.1.1.21: the card may stay 10 s, the issuer takes 15.
#[test]
fn ea_015_00_removal_timeout() {
    for (case, start) in [(1, Start::A), (2, Start::B), (3, Start::C), (4, Start::D)] {
        let id = format!("2EA.015.00 case {case}");
        let first = any(start).removal_timeout(100).ui_on_restart(0x16, PROCESSING);
        let issuer = Issuer::approves(ARPC).after(Micros(15_000_000));
        let trace = tap_online(TS1, "2", card(APP1, "23", [first, approved()]), issuer);
        let messages = trace.messages();
        assert_eq!(messages[1..4], ["1B card-read-successfully", "17 card-read-successfully", "16 processing"], "{id}");
        let requests = trace.requests();
        assert_eq!(requests[2].0, Micros(requests[1].0.0 + 10_000_000), "{id}: 17");
        assert_eq!(requests[3].0, Micros(requests[1].0.0 + 15_000_000), "{id}: the restart");
        assert!(trace.kernels[1].removal_timed_out, "{id}: the kernel sees the time-out");
        assert!(!trace.kernels[0].removal_timed_out, "{id}");
    }
}

#[test]
fn an_answer_in_time_stops_the_removal_timer() {
    for (timeout, elapsed) in [(100, 10_000_000), (100, 0), (0, 60_000_000)] {
        let first = any(Start::D).removal_timeout(timeout);
        let issuer = Issuer::approves(ARPC).after(Micros(elapsed));
        let trace = tap_online(TS1, "2", card(APP1, "23", [first, approved()]), issuer);
        assert!(!trace.messages().contains(&"17 card-read-successfully".to_owned()), "{timeout} {elapsed}");
        assert!(!trace.kernels[1].removal_timed_out, "{timeout} {elapsed}");
    }
}

#[test]
fn ea_016_00_any_answer_restarts() {
    for start in [Start::A, Start::B, Start::C, Start::D] {
        for with_message in [false, true] {
            let id = format!("2EA.016.00 at {start:?}, message on restart: {with_message}");
            let first = any(start);
            let first = if with_message { first.ui_on_restart(0x16, PROCESSING) } else { first };
            let trace = tap_online(TS1, "2", card(APP1, "23", [first, approved()]), Issuer::approves(""));
            assert_eq!(trace.starts(), ["A".to_owned(), format!("{}+", start.name())], "{id}");
            let selects = match start {
                Start::A | Start::B => vec!["PPSE", APP1, "PPSE", APP1],
                Start::C => vec!["PPSE", APP1, APP1],
                Start::D => vec!["PPSE", APP1],
            };
            assert_eq!(trace.selects(), selects, "{id}");
            assert_eq!(trace.messages().contains(&"16 processing".to_owned()), with_message, "{id}");
            assert_eq!(trace.kernels[1].issuer.as_ref().unwrap().response_code, Some(*b"00"), "{id}");
            assert_approved(&trace, &id);
        }
    }
}

/// Nobody reached is an answer too, for a kernel that wants any.
#[test]
fn unable_to_go_online_restarts_a_kernel_that_wants_any_answer() {
    let trace = tap(TS1, Start::A, "2", card(APP1, "23", [any(Start::D), declined()]));
    assert_eq!(trace.kernels[1].issuer.as_ref().unwrap().response_code, None);
    assert_eq!(trace.tap.disposition, Disposition::Declined);
}

#[test]
fn an_online_request_without_start_ends_with_the_issuers_word() {
    let trace = tap_online(TS1, "2", card(APP1, "23", [online_request(), approved()]), Issuer::approves(ARPC));
    assert_eq!(trace.results(), [OutcomeResult::OnlineRequest]);
    assert_approved(&trace, "online request");
}

/// The cardholder does not come back for the second presentment: the issuer's word stands.
#[test]
fn no_second_presentment() {
    let card = card(APP1, "23", [two_presentments(Start::B), approved()]).trouble(Trouble::Poll(1, LinkFault::NoCard));
    let trace = tap_online(TS1, "2", card, Issuer::approves(ARPC));
    assert_eq!(trace.tap.stopped, Some(LinkFault::NoCard));
    assert_eq!(trace.results(), [OutcomeResult::OnlineRequest]);
    assert_approved(&trace, "no second presentment");
}

/// Stopped while it waits for the card to leave: the Outcome that asked for that is not lost.
#[test]
fn stopped_before_the_card_has_left() {
    let first = end_application().start(Start::B);
    let card = card(APP1, "23", [first, approved()]).trouble(Trouble::Removal(LinkFault::Cancelled));
    let trace = tap(TS1, Start::A, "2", card);
    assert_eq!(trace.tap.stopped, Some(LinkFault::Cancelled));
    assert_eq!(trace.results(), [OutcomeResult::EndApplication]);
    assert_eq!(trace.tap.disposition, Disposition::None);
}

/// 8.1.1.23: a link may also say that there is no card.
#[test]
fn no_card_is_a_removed_card() {
    let first = end_application().start(Start::B);
    let card = card(APP1, "23", [first, approved()]).trouble(Trouble::Removal(LinkFault::NoCard));
    let trace = tap(TS1, Start::A, "2", card);
    assert_eq!(trace.starts(), ["A", "B+"]);
    assert_eq!((trace.tap.stopped, trace.tap.disposition), (None, Disposition::Approved));
}

/// A restart at B without issuer data fills the list anew instead of doubling it.
#[test]
fn a_restart_at_b_without_issuer_data_builds_a_new_list() {
    let trace = tap_online(TS1, "2", card(APP1, "23", [any(Start::B), approved()]), Issuer::approves(""));
    let candidate = Saw::Candidate(APP1.to_owned(), "23".to_owned(), 1);
    assert_eq!(trace.count(&candidate), 2, "one in each list");
}

/// The option: by the letter of 3.2.1.2 the request belongs to Start B.
#[test]
fn the_message_on_restart_at_c_and_d_can_be_left_out() {
    for start in [Start::C, Start::D] {
        let dictates = [any(start).ui_on_restart(0x16, PROCESSING), approved()];
        let options = Options { ui_on_restart_at_c_and_d: false, ..Options::default() };
        let mut bench = Bench::new(TS1).options(options);
        let trace =
            bench.tap_online(Start::A, &sale(0, "2"), &mut card(APP1, "23", dictates), &mut Issuer::approves(""));
        assert!(!trace.messages().contains(&"16 processing".to_owned()), "{start:?}");
    }
}
