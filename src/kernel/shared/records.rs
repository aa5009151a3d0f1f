//! Reading the records that the Application File Locator names (Book 3, 10.2 and 10.3).

use super::{
    card_data::{Intake, Repeats, next_object},
    rules,
};
use crate::{
    apdu::{Command, Response},
    data::{Afl, AflRecord, dictionary::READ_RECORD_RESPONSE_TEMPLATE_70},
    kernel::{contract::Cx, fault::Fault, shared::static_data::StaticData},
};

/// The files whose records are coded as EMV says, and count for authentication without their template.
const EMV_FILES: core::ops::RangeInclusive<u8> = 1..=10;

/// One record that the AFL names, and the way to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The entry of the AFL, from 0.
    entry: usize,
    /// The record within the entry, from 0.
    offset: usize,
    record: AflRecord,
}

impl Reading {
    /// The first record; `None` if the AFL is empty.
    ///
    /// # Errors
    /// [`Fault::Afl`] if any entry is not one: so no record is read of a file locator that is wrong further on.
    pub fn first(afl: &[u8]) -> Result<Option<Self>, Fault> {
        Ok(Self::at(Afl::parse(afl).map_err(Fault::Afl)?, 0, 0))
    }

    /// The record after this one; `None` after the last.
    pub fn next(self, afl: &[u8]) -> Option<Self> {
        let afl = Afl::parse(afl).ok()?;
        Self::at(afl, self.entry, self.offset + 1).or_else(|| Self::at(afl, self.entry + 1, 0))
    }

    fn at(afl: Afl<'_>, entry: usize, offset: usize) -> Option<Self> {
        let record = afl.entries().nth(entry)?.records().nth(offset)?;
        Some(Self { entry, offset, record })
    }

    /// Which record it is, and whether it counts for authentication.
    pub const fn record(self) -> AflRecord {
        self.record
    }

    /// The command that reads it.
    pub fn command(self) -> Command {
        Command::read_record(self.record.sfi, self.record.number)
    }

    /// Takes what the card answered: its objects into the store, and its bytes for authentication if the AFL says so.
    ///
    /// # Errors
    /// [`Fault::RecordStatus`], [`Fault::RecordTemplate`], [`Fault::RecordMalformed`], and those of [`Intake::take`].
    pub fn take(
        self,
        response: Response<'_>,
        intake: Intake,
        static_data: &mut StaticData,
        repeats: &mut Repeats,
        cx: &mut Cx<'_>,
    ) -> Result<(), Fault> {
        if !response.status.is_ok() {
            return Err(Fault::RecordStatus(response.status));
        }
        let template = template(response.data);
        let inside = match template {
            Ok(inside) => inside,
            Err(fault) if EMV_FILES.contains(&self.record.sfi) => return Err(fault),
            Err(_) => {
                self.refuse(static_data, cx);
                return Ok(());
            }
        };
        if self.record.signed {
            static_data.append(if EMV_FILES.contains(&self.record.sfi) { inside } else { response.data });
        }
        intake.take(inside, Fault::RecordMalformed, repeats, cx)
    }

    /// A record of a proprietary file without template: of no interest, unless it should have been authenticated.
    fn refuse(self, static_data: &mut StaticData, cx: &mut Cx<'_>) {
        if self.record.signed {
            static_data.spoil();
            let AflRecord { sfi, number, .. } = self.record;
            let note = format_args!("record {sfi}.{number} is signed but no template 70: authentication has failed");
            cx.rule(rules::SIGNED_RECORDS, note);
        }
    }
}

/// The value of the one template 70 that a record is.
fn template(record: &[u8]) -> Result<&[u8], Fault> {
    let (template, after) = next_object(record).map_err(Fault::RecordMalformed)?.ok_or(Fault::RecordTemplate)?;
    let alone = next_object(after).map_err(Fault::RecordMalformed)?.is_none();
    if template.tag != READ_RECORD_RESPONSE_TEMPLATE_70 || !alone {
        return Err(Fault::RecordTemplate);
    }
    Ok(template.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(afl: &[u8]) -> Vec<(u8, u8, bool)> {
        let first = Reading::first(afl).unwrap();
        let readings = core::iter::successors(first, |reading| reading.next(afl));
        readings.map(|Reading { record, .. }| (record.sfi, record.number, record.signed)).collect()
    }

    #[test]
    fn records_come_entry_by_entry_and_the_first_ones_are_signed() {
        let records = [(2, 2, true), (2, 3, true), (2, 4, false), (11, 1, false)];
        assert_eq!(all(&[0x10, 2, 4, 2, 0x58, 1, 1, 0]), records);
        assert_eq!(all(&[0x08, 1, 255, 255]).len(), 255);
        assert_eq!(all(&[]), []);
    }

    #[test]
    fn an_impossible_entry_is_found_before_any_record_is_read() {
        assert!(matches!(Reading::first(&[0x08, 1, 1, 0, 0x10, 2, 1, 0]), Err(Fault::Afl(_))));
    }
}
