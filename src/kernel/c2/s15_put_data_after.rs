//! S15, Waiting for PUT DATA response after GENERATE AC. The Outcome is settled; writing changes nothing about it.

use super::{
    Tap, database, ends,
    fault::Fault,
    parameters::{CARD_READ_SUCCESSFULLY, Shown},
    phone, rules, s910_common,
    state::{State, Step},
};
use crate::{
    apdu::Command,
    data::{bits::post_gen_ac_put_data_status as status, dictionary::POST_GEN_AC_PUT_DATA_STATUS_DF810E},
    kernel::contract::{Cx, Input},
};

/// Waits for the card to have written.
#[derive(Debug)]
pub struct ExpectPutDataAfter;

impl ExpectPutDataAfter {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) if response.status.is_ok() => {
                if !tap.dialogue.write_after.is_empty() {
                    let (tag, value) = tap.dialogue.write_after.remove(0);
                    if let Ok(command) = Command::put_data(tag, &value) {
                        cx.rule(rules::S15_6, format_args!("{tag} is written next"));
                        return Ok(Step::Send(command, State::S15(self)));
                    }
                }
                cx.rule(rules::S15_9, format_args!("everything is written"));
                database::set_bit(POST_GEN_AC_PUT_DATA_STATUS_DF810E, status::COMPLETED, true, cx);
            }
            Input::Card(response) => {
                cx.rule(rules::S15_5, format_args!("PUT DATA answered {}: nothing more is written", response.status));
            }
            Input::Link(fault) => cx.rule(rules::S15_1, format_args!("{fault}: nothing more is written")),
            Input::Terminal(_) | Input::Stop | Input::Timeout => return Ok(Step::Stay(State::S15(self))),
        }
        Ok(finish(tap, cx))
    }
}

/// S15.9.1 to S15.13.
fn finish(tap: &mut Tap, cx: &mut Cx<'_>) -> Step {
    if phone::is_second_tap(cx) {
        cx.rule(rules::S15_10, format_args!("the message for the second tap is shown"));
        tap.parameters.ui.status = CARD_READ_SUCCESSFULLY;
        cx.ui(tap.parameters.ui.request());
        phone::await_device(tap);
    } else {
        cx.rule(rules::S15_12, format_args!("nothing more is wanted of the card: it may leave"));
        s910_common::release_card(tap, cx);
        tap.parameters.set.shown = Shown::OnOutcome;
    }
    Step::done(ends::finish(true, tap, cx))
}
