//! The block that S7 and S8 share: the amount, and the command that asks for a checksum; S8, Waiting for mag-stripe first write
//! flag.

use super::{
    Tap, database, dialogue, dol,
    fault::{Fault, L2, L3},
    rules,
    s1_idle::time_out,
    s3_gpo::has_on_device_cvm,
    s13_checksum::ExpectChecksum,
    s14_checksum_od_cvm::ExpectChecksumOdCvm,
    s456_common::waits_for_first_write,
    s456_decide::is_over_cvm_limit,
    state::{State, Step, stop},
};
use crate::{
    apdu::Command,
    data::{
        Source,
        bits::mobile_support_indicator as mobile,
        dictionary::{
            AMOUNT_AUTHORISED_9F02, DEFAULT_UDOL_DF811A, MOBILE_SUPPORT_INDICATOR_9F7E, UDOL_9F69,
            UNPREDICTABLE_NUMBER_NUMERIC_9F6A,
        },
    },
    kernel::{
        contract::{Cx, Input},
        outcome::Cvm,
    },
};

/// Waits for the terminal.
#[derive(Debug)]
pub struct ExpectMagStripeFirstWriteFlag;

impl ExpectMagStripeFirstWriteFlag {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Timeout | Input::Link(_) | Input::Card(_) => {
                cx.rule(
                    rules::S8_1,
                    format_args!("the terminal did not say that the kernel may go on: end application"),
                );
                Err(Fault::Quiet(L3::TimeOut))
            }
            Input::Stop => Err(stop(rules::S8_2, cx)),
            Input::Terminal(data) => {
                cx.rule(rules::S8_5, format_args!("the terminal gives {} bytes of data", data.len()));
                dialogue::update(data, tap, cx);
                go_on(tap, cx)
            }
        }
    }
}

/// S78.1 to S78.22.
pub fn go_on(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    if waits_for_first_write(rules::S78_1, tap, cx) {
        tap.dialogue.move_available(cx);
        if tap.dialogue.has_news() {
            cx.rule(rules::S78_3, format_args!("there is something to ask the terminal, or all that it wants"));
            tap.tell_terminal(cx);
        }
        return Ok(Step::Await(time_out(cx), State::S8(ExpectMagStripeFirstWriteFlag)));
    }
    check_amount(tap, cx)?;
    tap.dialogue.flush(cx);
    if !tap.dialogue.to_send.is_empty() {
        cx.rule(rules::S78_13, format_args!("the terminal gets what it wants, as far as it is there"));
        tap.tell_terminal(cx);
    }
    draw_number(tap, cx);
    let on_device = has_on_device_cvm(tap, cx);
    if on_device && is_over_cvm_limit(cx) {
        cx.rule(rules::S78_19, format_args!("the amount is over the CVM limit: the device is to verify its holder"));
        tap.parameters.set.cvm = Cvm::ConfirmationCodeVerified;
        database::set_bit(MOBILE_SUPPORT_INDICATOR_9F7E, mobile::OD_CVM_REQUIRED, true, cx);
    }
    let command = checksum(tap, cx)?;
    let state = if on_device { State::S14(ExpectChecksumOdCvm) } else { State::S13(ExpectChecksum) };
    let word = if on_device { "with" } else { "without" };
    cx.rule(rules::S78_16, format_args!("a checksum {word} verification on the device is asked for"));
    Ok(Step::Send(command, state))
}

/// S78.8 to S78.11.
fn check_amount(tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    if !cx.store.is_present(AMOUNT_AUTHORISED_9F02) {
        cx.rule(rules::S78_8, format_args!("there is no amount (9F02): end application"));
        return Err(Fault::Quiet(L3::AmountNotPresent));
    }
    if database::amount(AMOUNT_AUTHORISED_9F02, cx) > tap.limit {
        cx.rule(rules::S78_10, format_args!("the amount is over the transaction limit: select next"));
        let keep_field = tap.options.keep_field_over_limit;
        return Err(Fault::SelectNext { error: L2::MaxLimitExceeded, status: None, keep_field });
    }
    Ok(())
}

/// S78.15: eight digits, of which only as many are not zero as the tracks have room for.
fn draw_number(tap: &Tap, cx: &mut Cx<'_>) {
    let mut random = [0; 8];
    cx.random.fill(&mut random);
    let modulus = 10_u64.pow(u32::from(tap.digits_of_number.min(8)));
    let mut rest = u64::from_be_bytes(random) % modulus;
    let mut digits = [0_u8; 4];
    for byte in digits.iter_mut().rev() {
        let pair = u8::try_from(rest % 100).unwrap_or_default();
        *byte = (pair / 10) << 4 | (pair % 10);
        rest /= 100;
    }
    cx.set(UNPREDICTABLE_NUMBER_NUMERIC_9F6A, &digits, Source::Transaction);
    cx.rule(rules::S78_15, format_args!("an unpredictable number of {} digits", tap.digits_of_number));
}

/// S78.17, S78.21: COMPUTE CRYPTOGRAPHIC CHECKSUM over what the card's UDOL asks for, or the default.
fn checksum(tap: &Tap, cx: &mut Cx<'_>) -> Result<Command, Fault> {
    let list = cx.store.get(UDOL_9F69).or_else(|| cx.store.get(DEFAULT_UDOL_DF811A)).unwrap_or_default();
    let data = dol::fill(list, &tap.options, cx);
    let command = data.map(|data| Command::compute_cryptographic_checksum(&data));
    match command {
        Ok(Ok(command)) => Ok(command),
        Ok(Err(_)) | Err(_) => {
            cx.rule(rules::S78_17, format_args!("UDOL (9F69) cannot be answered"));
            Err(Fault::card(L2::CardDataError))
        }
    }
}
