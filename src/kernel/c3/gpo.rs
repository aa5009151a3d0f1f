//! Waiting for the answer to GET PROCESSING OPTIONS (C-3, 5.2.2).

use super::{INTAKE, Step, Tap, decide, record::ExpectRecord, response};
use crate::{
    data::{
        Source,
        dictionary::{
            AFL_94, AIP_82, RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 as FORMAT_1,
            RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77 as FORMAT_2,
        },
    },
    kernel::{
        contract::{Cx, Input},
        fault::Fault,
        shared::{
            card_data::{Repeats, next_object},
            records::Reading,
        },
    },
};

/// Waits for AIP and AFL, or for the whole transaction in one response.
#[derive(Debug)]
pub struct ExpectGpo;

impl ExpectGpo {
    /// Takes the answer and reads the first record, or decides at once if there is none.
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        let response = response(input)?;
        if !response.status.is_ok() {
            return Err(Fault::GpoStatus(response.status));
        }
        take_template(response.data, &mut tap.repeats, cx)?;
        tap.check_repeats_early()?;
        if cx.store.get(AIP_82).is_none() {
            return Err(Fault::Missing(AIP_82));
        }
        match Reading::first(cx.store.get(AFL_94).unwrap_or_default())? {
            Some(record) => Ok(ExpectRecord::read(record)),
            None => decide::decide(tap, cx).map(Step::done),
        }
    }
}

fn take_template(data: &[u8], repeats: &mut Repeats, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let (template, after) = next_object(data).map_err(Fault::GpoMalformed)?.ok_or(Fault::GpoTemplate)?;
    match template.tag {
        _ if !after.is_empty() => Err(Fault::GpoTrailing),
        FORMAT_1 => take_format_1(template.value, repeats, cx),
        FORMAT_2 => INTAKE.take(template.value, Fault::GpoMalformed, repeats, cx),
        _ => Err(Fault::GpoTemplate),
    }
}

/// AIP and AFL without tags; the AFL has one entry at least, because everything else has to come from records.
fn take_format_1(value: &[u8], repeats: &mut Repeats, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let (aip, afl) = value
        .split_at_checked(2)
        .filter(|(_, afl)| !afl.is_empty() && afl.len().is_multiple_of(4))
        .ok_or(Fault::GpoFormat1Length(value.len()))?;
    for (tag, value) in [(AIP_82, aip), (AFL_94, afl)] {
        if cx.store.get(tag).is_some() {
            repeats.known = repeats.known.or(Some(tag));
        } else {
            cx.set(tag, value, Source::Card);
        }
    }
    Ok(())
}
