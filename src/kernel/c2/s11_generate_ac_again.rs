//! S11, Waiting for GENERATE AC response - 2: the cryptogram after a recovery that failed.

use super::{
    Tap,
    fault::Fault,
    numbers::AGAIN,
    rules,
    s9_generate_ac::{self, Formats},
    state::{State, Step},
    torn::{self, TornRecord},
};
use crate::{
    apdu::LinkFault,
    data::{Source, dictionary::TORN_RECORD_FF8101},
    kernel::contract::{Cx, Input},
};

/// Waits for the new cryptogram.
#[derive(Debug)]
pub struct ExpectGenerateAcAgain;

impl ExpectGenerateAcAgain {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => {
                if let Some(record) = &tap.torn {
                    cx.rule(rules::S11_5, format_args!("the old torn transaction is no longer in the log"));
                    tap.kept.delete(record);
                }
                let taken = s9_generate_ac::take(response, Formats::Both, &AGAIN, tap, cx);
                taken.inspect_err(|_| report(tap.torn.as_ref(), cx))?;
                s9_generate_ac::go_on(&AGAIN, tap, cx)
            }
            Input::Link(fault) => Err(lost(fault, tap, cx)),
            Input::Terminal(_) | Input::Stop | Input::Timeout => Ok(Step::Stay(State::S11(self))),
        }
    }
}

/// S11.91 and S11.92: a torn transaction that was to write, and has not been recovered, goes to the terminal.
pub fn report(torn: Option<&TornRecord>, cx: &mut Cx<'_>) {
    if let Some(record) = torn.filter(|record| record.has_ids_write()) {
        cx.rule(rules::S11_91, format_args!("the torn transaction was to write: its record goes to the terminal"));
        cx.set(TORN_RECORD_FF8101, record.bytes(), Source::Kernel);
    }
}

/// S11.11 to S11.17: torn again. The old record stays only if it was to write.
fn lost(fault: LinkFault, tap: &mut Tap, cx: &mut Cx<'_>) -> Fault {
    if let Some(record) = tap.torn.as_ref().filter(|record| !record.has_ids_write()) {
        cx.rule(rules::S11_12, format_args!("the old torn transaction is no longer in the log"));
        tap.kept.delete(record);
    }
    cx.rule(rules::S11_13, format_args!("{fault}: the transaction is torn once more, it can be recovered"));
    torn::remember(tap, cx);
    Fault::TryAgain(fault)
}
