//! Balance reading: S16 before GENERATE AC, S17 after it (C-2, 7.1 to 7.4; no longer in edition 2.11).

use super::{
    Tap, database,
    fault::Fault,
    numbers::Numbers,
    rules, s456_decide, s910_common,
    state::{State, Step, lost, stop, update},
};
use crate::{
    apdu::{Command, Response},
    data::{
        Source,
        bits::application_capabilities_information as aci,
        dictionary::{
            APPLICATION_CAPABILITIES_INFORMATION_9F5D, BALANCE_READ_AFTER_GEN_AC_DF8105 as AFTER,
            BALANCE_READ_BEFORE_GEN_AC_DF8104 as BEFORE, OFFLINE_ACCUMULATOR_BALANCE_9F50 as BALANCE,
        },
    },
    kernel::contract::{Cx, Input},
    tlv::{self, Tag},
};

/// Waits for the balance before GENERATE AC.
#[derive(Debug)]
pub struct ExpectBalanceBefore;

/// Waits for the balance after GENERATE AC.
#[derive(Debug)]
pub struct ExpectBalanceAfter(pub &'static Numbers);

/// Whether the terminal wants this balance, and the card has it.
fn is_wanted(tag: Tag, tap: &Tap, cx: &Cx<'_>) -> bool {
    tap.options.has_balance()
        && database::has(APPLICATION_CAPABILITIES_INFORMATION_9F5D, aci::BALANCE_READING, cx)
        && cx.store.get(tag).is_some()
}

/// The step that reads it before GENERATE AC, if it is to be read.
pub fn read_before(tap: &Tap, cx: &mut Cx<'_>) -> Option<Step> {
    let command = Command::get_data(BALANCE).filter(|_| is_wanted(BEFORE, tap, cx))?;
    cx.rule(rules::S456_34, format_args!("the balance is read before the cryptogram"));
    Some(Step::Send(command, State::S16(ExpectBalanceBefore)))
}

/// The step that reads it after GENERATE AC, if it is to be read.
pub fn read_after(numbers: &'static Numbers, tap: &Tap, cx: &mut Cx<'_>) -> Option<Step> {
    let command = Command::get_data(BALANCE).filter(|_| is_wanted(AFTER, tap, cx))?;
    cx.rule(rules::S9_25, format_args!("the balance is read after the cryptogram"));
    Some(Step::Send(command, State::S17(ExpectBalanceAfter(numbers))))
}

impl ExpectBalanceBefore {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => {
                take(response, BEFORE, cx);
                s456_decide::check(tap, cx)
            }
            Input::Link(fault) => Err(lost(fault, rules::S16_4, cx)),
            Input::Terminal(data) => Ok(update(data, rules::S16_1, State::S16(self), tap, cx)),
            Input::Stop => Err(stop(rules::S16_7, cx)),
            Input::Timeout => Ok(Step::Stay(State::S16(self))),
        }
    }
}

impl ExpectBalanceAfter {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => take(response, AFTER, cx),
            Input::Link(fault) => cx.rule(rules::S17_1, format_args!("{fault}: there is no balance")),
            Input::Terminal(_) | Input::Stop | Input::Timeout => return Ok(Step::Stay(State::S17(self))),
        }
        s910_common::after_balance(self.0, tap, cx)
    }
}

/// The nine bytes of the object, or nothing.
fn take(response: Response<'_>, tag: Tag, cx: &mut Cx<'_>) {
    let object = tlv::objects(response.data).next().and_then(Result::ok);
    let value = object.filter(|object| object.tag == BALANCE && object.value.len() == 6 && response.data.len() == 9);
    match value.filter(|_| response.status.is_ok()) {
        Some(object) => {
            cx.set(tag, object.value, Source::Kernel);
            cx.rule(rules::S16_8, format_args!("the balance is read"));
        }
        None => cx.rule(rules::S16_8, format_args!("GET DATA answered {} without a balance", response.status)),
    }
}
