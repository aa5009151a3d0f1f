//! S12, Waiting for PUT DATA response before GENERATE AC.

use super::{
    Tap, database,
    fault::Fault,
    rules, s456_decide,
    state::{State, Step, lost, stop, update},
};
use crate::{
    apdu::{Command, Response},
    data::{bits::pre_gen_ac_put_data_status as status, dictionary::PRE_GEN_AC_PUT_DATA_STATUS_DF810F},
    kernel::contract::{Cx, Input},
};

/// Waits for the card to have written.
#[derive(Debug)]
pub struct ExpectPutDataBefore;

impl ExpectPutDataBefore {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => take(response, tap, cx),
            Input::Link(fault) => Err(lost(fault, rules::S12_5, cx)),
            Input::Terminal(data) => Ok(update(data, rules::S12_1, State::S12(self), tap, cx)),
            Input::Stop => Err(stop(rules::S12_7, cx)),
            Input::Timeout => Ok(Step::Stay(State::S12(self))),
        }
    }
}

/// S12.8 to S12.19: the next object, or the cryptogram. An object that the card refuses ends the writing, and nothing else.
fn take(response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    if !response.status.is_ok() {
        cx.rule(rules::S12_8, format_args!("PUT DATA answered {}: nothing more is written", response.status));
        return s456_decide::ask_for_cryptogram(tap, cx);
    }
    if !tap.dialogue.write_before.is_empty() {
        let (tag, value) = tap.dialogue.write_before.remove(0);
        if let Ok(command) = Command::put_data(tag, &value) {
            cx.rule(rules::S12_10, format_args!("{tag} is written next"));
            return Ok(Step::Send(command, State::S12(ExpectPutDataBefore)));
        }
    }
    cx.rule(rules::S12_12, format_args!("everything is written"));
    database::set_bit(PRE_GEN_AC_PUT_DATA_STATUS_DF810F, status::COMPLETED, true, cx);
    s456_decide::ask_for_cryptogram(tap, cx)
}
