//! S2, Waiting for PDOL data: the terminal has still to give what the card asks for.

use super::{
    Tap, dialogue, dol,
    fault::{Fault, L3},
    rules, s1_idle,
    s3_gpo::ExpectGpo,
    state::{State, Step, stop},
};
use crate::{
    data::dictionary::PDOL_9F38,
    kernel::contract::{Cx, Input},
};

/// Waits for the terminal.
#[derive(Debug)]
pub struct ExpectPdolData;

impl ExpectPdolData {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Timeout | Input::Link(_) | Input::Card(_) => {
                cx.rule(rules::S2_3, format_args!("the terminal gave no data in time: end application"));
                Err(Fault::Quiet(L3::TimeOut))
            }
            Input::Stop => Err(stop(rules::S2_4, cx)),
            Input::Terminal(data) => {
                dialogue::update(data, tap, cx);
                let pdol = cx.store.get(PDOL_9F38).unwrap_or_default().to_vec();
                if dol::has_empty(&pdol, cx) {
                    cx.rule(
                        rules::S2_6,
                        format_args!("the PDOL asks for more than the terminal has given: it waits on"),
                    );
                    return Ok(Step::Stay(State::S2(self)));
                }
                cx.rule(rules::S2_8, format_args!("the terminal has given what the PDOL asks for"));
                let command = s1_idle::gpo(&pdol, tap, cx)?;
                Ok(Step::Send(command, State::S3(ExpectGpo)))
            }
        }
    }
}
