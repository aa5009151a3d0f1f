//! The rest of the block that S4, S5 and S6 share: the reader's checks, and the command that ends the reading (S456.30 to
//! S456.51).

use super::{
    Tap, action_analysis, balance, cvm, database,
    fault::{Fault, L2},
    generate_ac, restrictions, rules,
    s9_generate_ac::ExpectGenerateAc,
    s10_recover_ac::ExpectRecoverAc,
    s12_put_data_before::ExpectPutDataBefore,
    state::{State, Step},
    torn,
};
use crate::{
    apdu::Command,
    data::{
        Source,
        bits::tvr,
        dictionary::{
            self as d, AMOUNT_AUTHORISED_9F02, CVM_CAPABILITY_CVM_REQUIRED_DF8118 as WITH_CVM,
            CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119 as WITHOUT_CVM, DRDOL_RELATED_DATA_DF8113,
            TERMINAL_CAPABILITIES_9F33,
        },
    },
    kernel::contract::Cx,
};

/// S456.30 to S456.34; the rest follows at once, or after the balance has been read.
pub fn decide(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    choose_capabilities(tap, cx);
    match balance::read_before(tap, cx) {
        Some(step) => Ok(step),
        None => check(tap, cx),
    }
}

/// S456.30 to S456.33: which verification methods count, by the CVM limit.
fn choose_capabilities(tap: &mut Tap, cx: &mut Cx<'_>) {
    let over = is_over_cvm_limit(cx);
    let capability = database::byte(if over { WITH_CVM } else { WITHOUT_CVM }, cx);
    if over {
        tap.parameters.set.receipt = true;
    }
    let mut capabilities: [u8; 3] = cx.store.array(TERMINAL_CAPABILITIES_9F33).unwrap_or_default();
    capabilities[1] = capability;
    cx.set(TERMINAL_CAPABILITIES_9F33, &capabilities, Source::Kernel);
    let word = if over { "over" } else { "not over" };
    cx.rule(rules::S456_30, format_args!("the amount is {word} the CVM limit: 9F33 byte 2 is {capability:02X}"));
}

/// Whether the amount is greater than Reader CVM Required Limit (DF8126).
pub fn is_over_cvm_limit(cx: &Cx<'_>) -> bool {
    database::amount(AMOUNT_AUTHORISED_9F02, cx) > database::amount(d::READER_CVM_REQUIRED_LIMIT_DF8126, cx)
}

/// S456.35 to S456.42.
pub fn check(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    restrictions::check(cx);
    cvm::select(tap, cx);
    if database::amount(AMOUNT_AUTHORISED_9F02, cx) > database::amount(d::READER_CONTACTLESS_FLOOR_LIMIT_DF8123, cx) {
        cx.rule(rules::S456_37, format_args!("the amount is over the floor limit"));
        database::set_tvr(&[tvr::FLOOR_LIMIT_EXCEEDED], cx);
    } else {
        cx.rule(rules::S456_37, format_args!("the amount is not over the floor limit"));
    }
    tap.ac_type = action_analysis::analyse(&tap.options, cx);
    if !tap.dialogue.write_before.is_empty() {
        let (tag, value) = tap.dialogue.write_before.remove(0);
        if let Ok(command) = Command::put_data(tag, &value) {
            cx.rule(rules::S456_42, format_args!("the terminal wants {tag} to be written before the cryptogram"));
            return Ok(Step::Send(command, State::S12(ExpectPutDataBefore)));
        }
    }
    ask_for_cryptogram(tap, cx)
}

/// S456.43 to S456.49, S12.13 to S12.19: a torn transaction of this card is recovered; otherwise a cryptogram is asked for.
pub fn ask_for_cryptogram(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    let Some(record) = torn::find(tap, cx) else {
        let command = generate_ac::prepare(tap, cx)?;
        return Ok(Step::Send(command, State::S9(ExpectGenerateAc)));
    };
    let related = record.get(DRDOL_RELATED_DATA_DF8113).unwrap_or_default().to_vec();
    let Ok(command) = Command::recover_ac(tap.options.recover_ac_class, &related) else {
        return Err(Fault::card(L2::CardDataError));
    };
    cx.set(DRDOL_RELATED_DATA_DF8113, &related, Source::Kernel);
    cx.rule(rules::S456_47, format_args!("a transaction of this card was torn: its cryptogram is recovered"));
    tap.torn = Some(record);
    Ok(Step::Send(command, State::S10(ExpectRecoverAc)))
}
