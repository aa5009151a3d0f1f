//! The block that S9, S10 and S11 share: the signature, data storage, or the cryptogram alone (S910.1 to S910.39).

use super::{
    Tap, cda, database,
    fault::{Fault, L2},
    generate_ac::SIGNED,
    numbers::Numbers,
    parameters::CARD_READ_SUCCESSFULLY,
    s11_generate_ac_again, s910_valid,
    state::Step,
    torn::TornRecord,
    track,
};
use crate::{
    apdu::CryptogramRequest,
    data::{
        bits::{ds_ods_info_for_reader as ods, ds_summary_status as summary, tvr_relay},
        dictionary::{
            self as d, APPLICATION_CRYPTOGRAM_9F26, CID_9F27, REFERENCE_CONTROL_PARAMETER_DF8114, SDAD_9F4B, TVR_95,
        },
    },
    kernel::{contract::Cx, outcome::MessageId},
};

/// S9.26 to S9.28: the card may leave if nothing is to be written, then the answer is checked.
pub fn after_balance(numbers: &'static Numbers, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let checked = check(numbers, tap, cx);
    if checked.is_err() && numbers.is_after_recovery() {
        s11_generate_ac_again::report(tap.torn.as_ref(), cx);
    }
    checked?;
    s910_valid::conclude(numbers, tap, cx)
}

fn check(numbers: &Numbers, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    if tap.dialogue.write_after.is_empty() {
        cx.rule(numbers.release, format_args!("nothing more is wanted of the card: it may leave"));
        release_card(tap, cx);
    }
    if cx.store.is_present(SDAD_9F4B) {
        cx.rule(numbers.signed, format_args!("the cryptogram comes with a signature (9F4B)"));
        if !cda::verify(numbers, tap, cx) {
            return Err(Fault::card(L2::CamFailed));
        }
        if tap.ids_read(cx) { check_summaries(numbers, tap, cx) } else { Ok(()) }
    } else {
        cx.rule(numbers.signed, format_args!("the cryptogram comes without a signature"));
        check_unsigned(numbers, tap, cx)
    }
}

/// MSG: clear display, card read successfully. What the end will say is not touched.
pub fn release_card(tap: &mut Tap, cx: &mut Cx<'_>) {
    let prepared = tap.parameters.ui;
    tap.parameters.say(MessageId::CLEAR_DISPLAY, CARD_READ_SUCCESSFULLY, false, cx);
    let request = tap.parameters.ui.request();
    tap.parameters.ui = prepared;
    cx.ui(request);
}

/// S910.8 to S910.19: what the card signed about its storage.
fn check_summaries(numbers: &Numbers, tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let before = cx.store.get(d::DS_SUMMARY_1_9F7D).unwrap_or_default().to_vec();
    if let Some(torn) = tap.torn.as_ref().filter(|_| numbers.is_after_recovery()) {
        check_torn_summary(torn, &before, cx)?;
    }
    let Some(read) = cx.store.get(d::DS_SUMMARY_2_DF8101).map(<[u8]>::to_vec) else {
        cx.rule(numbers.summary_2, format_args!("the card signed no DS Summary 2"));
        return Err(Fault::card(L2::CardDataMissing));
    };
    if before != read {
        cx.rule(numbers.summary_match, format_args!("DS Summary 2 is not DS Summary 1 (9F7D)"));
        return Err(Fault::card(L2::IdsReadError));
    }
    cx.rule(numbers.summary_read, format_args!("data storage was read: the card signed its summary"));
    database::set_bit(d::DS_SUMMARY_STATUS_DF810B, summary::SUCCESSFUL_READ, true, cx);
    if !tap.ids_write(cx) {
        return Ok(());
    }
    let Some(written) = cx.store.get(d::DS_SUMMARY_3_DF8102) else {
        cx.rule(numbers.summary_3, format_args!("the card signed no DS Summary 3"));
        return Err(Fault::card(L2::CardDataMissing));
    };
    if written != read {
        cx.rule(numbers.summary_written, format_args!("data storage was written: its summary is another one"));
        database::set_bit(d::DS_SUMMARY_STATUS_DF810B, summary::SUCCESSFUL_WRITE, true, cx);
        return Ok(());
    }
    if database::has(d::DS_ODS_INFO_FOR_READER_DF810A, ods::STOP_IF_WRITE_FAILED, cx) {
        cx.rule(
            numbers.summary_stop,
            format_args!("data storage was not written, and the terminal wants to stop then"),
        );
        return Err(Fault::card(L2::IdsWriteError));
    }
    cx.rule(numbers.summary_stop, format_args!("data storage was not written: the transaction goes on"));
    Ok(())
}

/// S11.47 to S11.49: a torn transaction that was to write must not have written.
fn check_torn_summary(torn: &TornRecord, now: &[u8], cx: &mut Cx<'_>) -> Result<(), Fault> {
    if torn.has_ids_write() && torn.get(d::DS_SUMMARY_1_9F7D) != Some(now) {
        cx.rule(super::rules::S11_48, format_args!("DS Summary 1 has changed since the torn transaction"));
        return Err(Fault::card(L2::IdsReadError));
    }
    Ok(())
}

/// S910.30 to S910.39: the cryptogram alone.
fn check_unsigned(numbers: &Numbers, tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    if !cx.store.is_present(APPLICATION_CRYPTOGRAM_9F26) {
        cx.rule(numbers.cryptogram, format_args!("the answer has no cryptogram (9F26)"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    let given = CryptogramRequest::from_bits(database::byte(CID_9F27, cx)).unwrap_or_default();
    let control = database::byte(REFERENCE_CONTROL_PARAMETER_DF8114, cx);
    let wanted = control & SIGNED != 0;
    let asked = CryptogramRequest::from_bits(control).unwrap_or_default();
    let owed = if given == CryptogramRequest::Aac {
        tap.ids_read(cx) || wanted && asked == CryptogramRequest::Aac
    } else {
        wanted
    };
    if owed {
        cx.rule(numbers.owed, format_args!("the {} should have been signed", given.name()));
        return Err(Fault::card(L2::CardDataError));
    }
    if given == CryptogramRequest::Aac {
        cx.rule(numbers.unsigned_aac, format_args!("an AAC needs no signature here"));
    } else if database::has(TVR_95, tvr_relay::RELAY_RESISTANCE_PERFORMED, cx) {
        cx.rule(numbers.track_2, format_args!("track 2 tells the issuer of relay resistance"));
        track::tell_relay_resistance(cx);
    }
    Ok(())
}
