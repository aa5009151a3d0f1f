//! Waiting for records (C-3, 5.4.1).

use super::{INTAKE, State, Step, Tap, decide, response};
use crate::{
    data::dictionary::AFL_94,
    kernel::{
        contract::{Cx, Input},
        fault::Fault,
        shared::records::Reading,
    },
};

/// Waits for one record of those that the AFL names.
#[derive(Debug)]
pub struct ExpectRecord {
    record: Reading,
}

impl ExpectRecord {
    /// Asks for a record.
    pub fn read(record: Reading) -> Step {
        Step::Send(record.command(), State::Record(Self { record }))
    }

    /// Takes the record and reads the next, or decides after the last.
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        self.record.take(response(input)?, INTAKE, &mut tap.static_data, &mut tap.repeats, cx)?;
        tap.check_repeats_early()?;
        match self.record.next(cx.store.get(AFL_94).unwrap_or_default()) {
            Some(record) => Ok(Self::read(record)),
            None => decide::decide(tap, cx).map(Step::done),
        }
    }
}
