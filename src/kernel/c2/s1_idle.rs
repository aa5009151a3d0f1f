//! S1, Idle: what the reader handed over becomes GET PROCESSING OPTIONS (C-2, 6.3.3).

use super::{
    Tap, database, dialogue, dol,
    fault::{Fault, L2},
    lists, rules,
    s2_pdol_data::ExpectPdolData,
    s3_gpo::ExpectGpo,
    state::{State, Step},
    torn::Kept,
};
use crate::{
    apdu::{Command, CryptogramRequest, StatusWord},
    data::{
        Source,
        bits::{application_capabilities_information as aci, ids_status},
        dictionary::{
            self as d, APPLICATION_CAPABILITIES_INFORMATION_9F5D, DF_NAME_84, DS_ID_9F5E, LANGUAGE_PREFERENCE_5F2D,
            PDOL_9F38, PDOL_RELATED_DATA_DF8111, TAGS_TO_READ_DF8112, TERMINAL_CAPABILITIES_9F33,
        },
    },
    kernel::{
        contract::Cx,
        event::Event,
        outcome::{Language, Outcome, OutcomeResult},
    },
    time::{DateTime, Micros},
    tlv::{Tag, write_object},
};

/// Begins a transaction (signal ACT).
pub fn start(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    database::initialise(cx);
    tap.kept = Kept::parse(cx.kept).unwrap_or_default();
    // Where the transaction starts from; a recording needs it to be run again.
    for record in &tap.kept.torn {
        let (tag, value) = (d::TORN_RECORD_FF8101, record.bytes());
        cx.event(&Event::Data { tag, value, source: Source::Transaction });
    }
    take_selection(tap, cx)?;
    initialise(tap, cx);
    prepare_reading(tap, cx);
    let mut pdol = core::mem::take(&mut tap.list);
    database::copy(PDOL_9F38, &mut pdol, cx);
    let missing = tap.options.data_exchange && dialogue::need_empty(&pdol, tap, cx);
    let gpo = if missing { None } else { Some(gpo(&pdol, tap, cx)?) };
    tap.list = pdol;
    tap.dialogue.move_available(cx);
    prepare_writing(tap, cx);
    prepare_data_storage(tap, cx);
    match gpo {
        Some(command) => Ok(Step::Send(command, State::S3(ExpectGpo))),
        None => {
            cx.rule(rules::S1_21, format_args!("the PDOL asks for what the terminal has still to give: it is asked"));
            tap.tell_terminal(cx);
            Ok(Step::Await(time_out(cx), State::S2(ExpectPdolData)))
        }
    }
}

/// S1.7 and S1.8: the answer to SELECT.
fn take_selection(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let selected = cx.activation.select_status.is_none_or(StatusWord::is_ok);
    let fci = cx.activation.fci.filter(|_| selected).unwrap_or_default();
    let parsed =
        database::template(fci, d::FCI_TEMPLATE_6F).and_then(|_| database::parse_and_store(fci, &tap.options, cx));
    if let Err(why) = parsed {
        cx.rule(rules::S1_7, format_args!("the answer to SELECT is not understood, {why}: select next"));
        return Err(Fault::next(L2::ParsingError));
    }
    tap.parameters.ui.language = cx.store.get(LANGUAGE_PREFERENCE_5F2D).and_then(Language::new);
    if !cx.store.is_present(DF_NAME_84) {
        cx.rule(rules::S1_8, format_args!("the card gives no DF Name (84): select next"));
        return Err(Fault::next(L2::CardDataMissing));
    }
    if database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, aci::FIELD_OFF_DETECTION, cx) {
        tap.parameters.set.field_off = Some(database::byte(d::HOLD_TIME_VALUE_DF8130, cx));
    }
    Ok(())
}

/// S1.9: what the kernel counts with begins at zero. The unpredictable number is new with every activation.
fn initialise(tap: &mut Tap, cx: &mut Cx<'_>) {
    tap.ac_type = CryptogramRequest::Tc;
    cx.set(d::CVM_RESULTS_9F34, &[0; 3], Source::Kernel);
    cx.set(d::TVR_95, &[0; 5], Source::Kernel);
    cx.set(d::RRP_COUNTER_DF8307, &[0], Source::Kernel);
    let input = database::byte(d::CARD_DATA_INPUT_CAPABILITY_DF8117, cx);
    let security = database::byte(d::SECURITY_CAPABILITY_DF811F, cx);
    cx.set(TERMINAL_CAPABILITIES_9F33, &[input, 0x00, security], Source::Kernel);
    cx.rule(
        rules::S1_9,
        format_args!("a new transaction: 9F33 is {input:02X}00{security:02X} until its CVM limit is known"),
    );
}

/// S1.10: what the terminal wants to read.
fn prepare_reading(tap: &mut Tap, cx: &Cx<'_>) {
    if !tap.options.data_exchange {
        return;
    }
    let wanted = cx.store.get(TAGS_TO_READ_DF8112);
    match wanted {
        None if tap.options.ask_absent_tags_to_read => tap.dialogue.need(TAGS_TO_READ_DF8112),
        Some([]) => tap.dialogue.need(TAGS_TO_READ_DF8112),
        _ => {}
    }
    tap.dialogue.to_read = dialogue::tags(wanted.unwrap_or_default());
}

/// S1.13 and S1.14: GET PROCESSING OPTIONS.
pub fn gpo(pdol: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Command, Fault> {
    let too_long = |cx: &mut Cx<'_>, why: &dyn core::fmt::Display| {
        cx.rule(rules::S1_7, format_args!("the PDOL (9F38) cannot be answered, {why}: select next"));
        Fault::next(L2::ParsingError)
    };
    dol::fill(pdol, &tap.options, &mut tap.data, cx).map_err(|why| too_long(cx, &why))?;
    let command = Command::get_processing_options(&tap.data).map_err(|why| too_long(cx, &why))?;
    cx.set(PDOL_RELATED_DATA_DF8111, &tap.data, Source::Kernel);
    cx.rule(rules::S1_13, format_args!("everything the PDOL asks for is there: GET PROCESSING OPTIONS"));
    Ok(command)
}

/// S1.16: what the terminal wants to write.
fn prepare_writing(tap: &mut Tap, cx: &mut Cx<'_>) {
    for tag in [
        d::IDS_STATUS_DF8128,
        d::DS_SUMMARY_STATUS_DF810B,
        d::POST_GEN_AC_PUT_DATA_STATUS_DF810E,
        d::PRE_GEN_AC_PUT_DATA_STATUS_DF810F,
    ] {
        cx.set(tag, &[0x00], Source::Kernel);
    }
    cx.set(d::DS_DIGEST_H_DF61, &[0; 8], Source::Kernel);
    if !tap.options.data_exchange {
        return;
    }
    let list = |tag: Tag, cx: &Cx<'_>| dialogue::objects(cx.store.get(tag).unwrap_or_default()).collect();
    tap.dialogue.write_before = list(d::TAGS_TO_WRITE_BEFORE_GEN_AC_FF8102, cx);
    tap.dialogue.write_after = list(d::TAGS_TO_WRITE_AFTER_GEN_AC_FF8103, cx);
    for tag in [d::TAGS_TO_WRITE_BEFORE_GEN_AC_FF8102, d::TAGS_TO_WRITE_AFTER_GEN_AC_FF8103] {
        if database::is_empty(tag, cx) {
            tap.dialogue.need(tag);
        }
    }
}

/// S1.17 to S1.20: whether integrated data storage may be read.
fn prepare_data_storage(tap: &mut Tap, cx: &mut Cx<'_>) {
    let offered = cx.store.is_present(d::DSVN_TERM_DF810D) && cx.store.get(d::DS_REQUESTED_OPERATOR_ID_9F5C).is_some();
    if !tap.options.data_storage || !offered {
        return;
    }
    cx.rule(rules::S1_17, format_args!("the terminal has data storage, and an operator identifier (9F5C)"));
    tap.dialogue.send(DS_ID_9F5E, cx);
    tap.dialogue.send(APPLICATION_CAPABILITIES_INFORMATION_9F5D, cx);
    let version = [aci::DATA_STORAGE_1, aci::DATA_STORAGE_2];
    let supported = version.iter().any(|bit| database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, *bit, cx));
    if supported && cx.store.is_present(DS_ID_9F5E) {
        cx.rule(rules::S1_19, format_args!("the card has data storage (9F5D, 9F5E): it is read"));
        database::set_bit(d::IDS_STATUS_DF8128, ids_status::READ, true, cx);
    } else {
        cx.rule(rules::S1_19, format_args!("the card has no data storage (9F5D, 9F5E): it is not read"));
    }
}

/// Time Out Value (DF8127), in milliseconds.
pub fn time_out(cx: &Cx<'_>) -> Micros {
    Micros(u64::from(database::word(d::TIME_OUT_VALUE_DF8127, cx)) * 1000)
}

/// Cleans the log of torn transactions (signal CLEAN): the records that are older than Max Lifetime (DF811C), by the date and time
/// in the store, are deleted and given back in the discretionary data.
pub fn clean(tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    database::initialise(cx);
    tap.kept = Kept::parse(cx.kept).unwrap_or_default();
    let lifetime = database::word(d::MAX_LIFETIME_OF_TORN_RECORD_DF811C, cx);
    let time = cx.store.array(d::TRANSACTION_TIME_9F21).unwrap_or_default();
    let now = DateTime::from_bcd(cx.today.to_bcd(), time);
    let old = now.map(|now| tap.kept.clean(now, lifetime)).unwrap_or_default();
    cx.rule(rules::S1_4, format_args!("{} torn transactions are older than {lifetime} seconds: deleted", old.len()));
    *cx.kept = tap.kept.to_bytes();
    let mut records = Vec::new();
    old.iter().for_each(|record| write_object(&mut records, d::TORN_RECORD_FF8101, record.bytes()));
    tap.parameters.publish_error(cx);
    records.extend(lists::write(&[d::ERROR_INDICATION_DF8115], &tap.options, cx));
    tap.parameters.set.result = Some(OutcomeResult::EndApplication);
    tap.parameters.outcome(None, records, &tap.options, cx)
}
