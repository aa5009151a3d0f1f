//! The block that S3 and R1 share: the first command after GET PROCESSING OPTIONS and relay resistance.

use super::{
    Mode, Tap, database,
    fault::{Fault, L2},
    rules,
    s4_read_record::ExpectRecord,
    s5_get_data::ExpectGetData,
    state::{State, Step},
    tap::OdaStatus,
};
use crate::{
    apdu::Command,
    data::{
        bits::{aip, ids_status, kernel_configuration, terminal_capabilities, tvr},
        dictionary::{self as d, AIP_82, KERNEL_CONFIGURATION_DF811B, TERMINAL_CAPABILITIES_9F33},
    },
    kernel::{contract::Cx, shared::records::Reading},
};

/// The command under way, and the state that reads its answer.
pub type Under = (Command, State);

/// The next command of the dialogue or of the AFL (S3R1.1 to S3R1.9, S4.15 to S4.23, S5.10 to S5.18): `None` after the last.
pub fn next_command(tap: &mut Tap) -> Option<Under> {
    if let Some((tag, command)) =
        tap.dialogue.next_get_data(tap.options.edition).and_then(|tag| Some((tag, Command::get_data(tag)?)))
    {
        return Some((command, State::S5(ExpectGetData(tag))));
    }
    let record = tap.reading?;
    tap.reading = record.next(&tap.afl);
    Some((record.command(), State::S4(ExpectRecord(record))))
}

/// S3R1.1 to S3R1.20.
pub fn go_on(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    leave_out(tap, cx);
    let first = Reading::first(&tap.afl).ok();
    tap.reading = first.flatten();
    let Some((command, state)) = next_command(tap).filter(|_| first.is_some()) else {
        cx.rule(rules::S3R1_5, format_args!("the AFL (94) names no record that could be read"));
        // Before the first command of EMV mode there are no lists of it yet.
        tap.mode = Mode::Undecided;
        return Err(Fault::card(L2::CardDataError));
    };
    tap.mode = Mode::Emv;
    match state {
        State::S5(_) => cx.rule(rules::S3R1_1, format_args!("the terminal wants an object that GET DATA brings")),
        _ => cx.rule(rules::S3R1_7, format_args!("the first record is read")),
    }
    send_slots(tap, cx);
    tap.dialogue.move_available(cx);
    if tap.dialogue.has_news() {
        cx.rule(rules::S3R1_15, format_args!("there is something to ask the terminal, or all that it wants"));
        tap.tell_terminal(cx);
    }
    choose_authentication(tap, cx);
    Ok(Step::Send(command, state))
}

/// Takes the entries out of the AFL that nothing needs without CDA, unless Kernel Configuration wants all records.
fn leave_out(tap: &mut Tap, cx: &mut Cx<'_>) {
    let everything = database::has(KERNEL_CONFIGURATION_DF811B, kernel_configuration::READ_ALL_RECORDS, cx);
    if tap.options.unread_without_cda.is_empty() || everything || wants_cda(tap, cx) {
        return;
    }
    let entries = tap.afl.chunks(4).filter(|entry| !tap.options.unread_without_cda.iter().any(|out| out.0 == **entry));
    tap.afl = entries.flatten().copied().collect();
}

/// Whether there will be CDA: card and reader have it, or data storage needs it.
fn wants_cda(tap: &Tap, cx: &Cx<'_>) -> bool {
    let reader = database::has(TERMINAL_CAPABILITIES_9F33, terminal_capabilities::CDA, cx);
    tap.ids_read(cx) || reader && database::has(AIP_82, aip::CDA, cx)
}

/// S3R1.10 to S3R1.13: what the card says of its data storage.
fn send_slots(tap: &mut Tap, cx: &mut Cx<'_>) {
    if !tap.ids_read(cx) {
        return;
    }
    for tag in [
        d::DS_SLOT_AVAILABILITY_9F5F,
        d::DS_SUMMARY_1_9F7D,
        d::DS_UNPREDICTABLE_NUMBER_9F7F,
        d::DS_SLOT_MANAGEMENT_CONTROL_9F6F,
    ] {
        if cx.store.is_present(tag) {
            tap.dialogue.send(tag, cx);
        }
    }
    if cx.store.get(d::DS_ODS_CARD_9F54).is_some() {
        tap.dialogue.send(d::DS_ODS_CARD_9F54, cx);
    }
    tap.dialogue.send(d::UNPREDICTABLE_NUMBER_9F37, cx);
    let summary = cx.store.is_present(d::DS_SUMMARY_1_9F7D);
    let new =
        [d::DS_SLOT_AVAILABILITY_9F5F, d::DS_UNPREDICTABLE_NUMBER_9F7F].iter().all(|tag| cx.store.is_present(*tag));
    let complete = match cx.store.get(d::DS_ODS_CARD_9F54) {
        None => new && summary,
        Some(_) => summary,
    };
    if complete {
        cx.rule(rules::S3R1_12, format_args!("the card has said all that data storage needs"));
    } else {
        cx.rule(rules::S3R1_13, format_args!("the card has not said what data storage needs: it is not read"));
        database::set_bit(d::IDS_STATUS_DF8128, ids_status::READ, false, cx);
    }
}

/// S3R1.17 to S3R1.20.
fn choose_authentication(tap: &mut Tap, cx: &mut Cx<'_>) {
    let common = database::has(AIP_82, aip::CDA, cx)
        && database::has(TERMINAL_CAPABILITIES_9F33, terminal_capabilities::CDA, cx);
    if common || tap.ids_read(cx) {
        let why = if common { "card and reader have it" } else { "data storage needs it" };
        cx.rule(rules::S3R1_17, format_args!("CDA: {why}"));
        tap.oda = OdaStatus::Cda;
    } else {
        cx.rule(rules::S3R1_20, format_args!("no CDA: offline data authentication is not performed"));
        database::set_tvr(&[tvr::ODA_NOT_PERFORMED], cx);
    }
}
