//! S10, Waiting for RECOVER AC response: the cryptogram of a transaction that was torn.

use super::{
    Tap,
    fault::Fault,
    generate_ac,
    numbers::RECOVERED,
    rules,
    s9_generate_ac::{self, Formats},
    s11_generate_ac_again::ExpectGenerateAcAgain,
    state::{State, Step, lost},
};
use crate::kernel::contract::{Cx, Input};

/// Waits for the old cryptogram.
#[derive(Debug)]
pub struct ExpectRecoverAc;

impl ExpectRecoverAc {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) if !response.status.is_ok() => {
                cx.rule(
                    rules::S10_7,
                    format_args!(
                        "RECOVER AC answered {}: the card knows nothing of it, a new cryptogram",
                        response.status
                    ),
                );
                let command = generate_ac::prepare(tap, cx)?;
                Ok(Step::Send(command, State::S11(ExpectGenerateAcAgain)))
            }
            Input::Card(response) => {
                if let Some(record) = tap.torn.take() {
                    cx.rule(rules::S10_10, format_args!("the torn transaction is recovered, and no longer in the log"));
                    tap.kept.delete(&record);
                    record.restore(cx);
                }
                s9_generate_ac::take(response, Formats::Second, &RECOVERED, tap, cx)?;
                s9_generate_ac::go_on(&RECOVERED, tap, cx)
            }
            Input::Link(fault) => Err(lost(fault, rules::S10_5, cx)),
            Input::Terminal(_) | Input::Stop | Input::Timeout => Ok(Step::Stay(State::S10(self))),
        }
    }
}
