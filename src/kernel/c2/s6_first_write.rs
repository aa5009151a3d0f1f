//! S6, Waiting for EMV mode first write flag: the terminal says when the card may be written.

use super::{
    Tap, dialogue,
    fault::{Fault, L3},
    rules,
    s5_get_data::ExpectGetData,
    s456_common,
    state::{State, Step, stop},
};
use crate::{
    apdu::Command,
    kernel::contract::{Cx, Input},
};

/// Waits for the terminal.
#[derive(Debug)]
pub struct ExpectFirstWriteFlag;

impl ExpectFirstWriteFlag {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Timeout | Input::Link(_) | Input::Card(_) => {
                cx.rule(
                    rules::S6_1,
                    format_args!("the terminal did not say that the card may be written: end application"),
                );
                Err(Fault::Quiet(L3::TimeOut))
            }
            Input::Stop => Err(stop(rules::S6_2, cx)),
            Input::Terminal(data) => {
                cx.rule(rules::S6_5, format_args!("the terminal gives {} bytes of data", data.len()));
                dialogue::update(data, tap, cx);
                let next = tap.dialogue.next_get_data(tap.options.edition);
                let next = next.and_then(|tag| {
                    cx.rule(rules::S6_8, format_args!("the terminal wants {tag} of the card"));
                    Some((Command::get_data(tag)?, State::S5(ExpectGetData(tag))))
                });
                s456_common::go_on(next, tap, cx)
            }
        }
    }
}
