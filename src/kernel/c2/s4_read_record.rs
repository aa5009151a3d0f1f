//! S4, Waiting for EMV READ RECORD response; S4', Terminate on next RA. The next command is chosen, and goes to the card, before
//! this answer is looked at.

use super::{
    Tap,
    database::{self, Refused},
    dialogue,
    fault::{Fault, L2},
    rules,
    s3r1_first_command::next_command,
    s456_common,
    state::{State, Step, lost, stop, update},
    tap::OdaStatus,
};
use crate::{
    apdu::Response,
    data::{
        AflRecord,
        bits::{ds_slot_management_control as slot, tvr},
        dictionary::{self as d, READ_RECORD_RESPONSE_TEMPLATE_70 as RECORD},
    },
    kernel::{
        contract::{Cx, Input},
        shared::records::Reading,
    },
};

/// The most static data that are authenticated.
const STATIC_DATA_MAX: usize = 2048;
/// The files whose records are coded as EMV says.
const EMV_FILES: core::ops::RangeInclusive<u8> = 1..=10;

/// Waits for this record.
#[derive(Debug)]
pub struct ExpectRecord(pub Reading);

impl ExpectRecord {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => self.take(response, tap, cx),
            Input::Link(fault) => Err(lost(fault, rules::S4_4, cx)),
            Input::Terminal(data) => Ok(update(data, rules::S4_1, State::S4(self), tap, cx)),
            Input::Stop => Err(stop(rules::S4_7, cx)),
            Input::Timeout => Ok(Step::Stay(State::S4(self))),
        }
    }

    fn take(self, response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        if !response.status.is_ok() {
            cx.rule(rules::S4_9, format_args!("READ RECORD answered {}", response.status));
            return Err(Fault::status(response.status));
        }
        let record = self.0.record();
        let next = next_command(tap);
        if let Err(why) = take_record(response.data, record, tap, cx) {
            cx.rule(rules::S4_25, format_args!("record {}.{} is not understood: {why}", record.sfi, record.number));
            return match next {
                None => Err(Fault::card(L2::ParsingError)),
                Some((command, _)) => {
                    cx.rule(rules::S4_27, format_args!("the next command is under way: its answer is awaited"));
                    Ok(Step::Send(command, State::S4Prime(TerminateOnNext { record, why })))
                }
            };
        }
        need_for_lists(response.data, tap, cx);
        if record.signed && tap.oda == OdaStatus::Cda {
            collect(response.data, record, tap, cx);
        }
        s456_common::go_on(next, tap, cx)
    }
}

/// S4.24: the objects of a record; those of the files 11 to 30 are the payment system's.
fn take_record(data: &[u8], record: AflRecord, tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Refused> {
    if !EMV_FILES.contains(&record.sfi) {
        return Ok(());
    }
    database::template(data, RECORD)?;
    database::parse_and_store(data, &tap.options, cx)
}

/// S4.28 to S4.33: what the lists of this record ask for, and the terminal has still to give.
fn need_for_lists(data: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) {
    if !tap.options.data_exchange {
        return;
    }
    let held = |tag| {
        let body = database::template(data, RECORD).unwrap_or_default();
        crate::tlv::find(body, tag).and_then(Result::ok).map(|object| object.value)
    };
    if let Some(list) = held(d::CDOL1_8C)
        && dialogue::need_empty(list, tap, cx)
    {
        cx.rule(rules::S4_29, format_args!("CDOL1 asks for what the terminal has still to give"));
    }
    let locked = database::has(d::DS_SLOT_MANAGEMENT_CONTROL_9F6F, slot::LOCKED, cx);
    if let Some(list) = held(d::DSDOL_9F5B).filter(|_| tap.ids_read(cx) && !locked)
        && dialogue::need_empty(list, tap, cx)
    {
        cx.rule(rules::S4_33, format_args!("DSDOL asks for what the terminal has still to give"));
    }
}

/// S4.34 and S4.35: what the record contributes to the static data.
fn collect(data: &[u8], record: AflRecord, tap: &mut Tap, cx: &mut Cx<'_>) {
    let body = database::template(data, RECORD).ok();
    let contribution = if EMV_FILES.contains(&record.sfi) { body } else { body.map(|_| data) };
    match contribution.filter(|bytes| tap.static_data.len() + bytes.len() <= STATIC_DATA_MAX) {
        Some(bytes) => {
            tap.static_data.append(bytes);
            let (sfi, number) = (record.sfi, record.number);
            cx.rule(rules::S4_34, format_args!("record {sfi}.{number} is to be authenticated"));
        }
        None => {
            cx.rule(rules::S4_35, format_args!("a signed record is no template 70, or too long: CDA has failed"));
            database::set_tvr(&[tvr::CDA_FAILED], cx);
        }
    }
}

/// Waits for an answer that nobody is interested in, because of the record before it.
#[derive(Debug)]
pub struct TerminateOnNext {
    record: AflRecord,
    why: Refused,
}

impl TerminateOnNext {
    pub fn reply(self, input: Input<'_>, _: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(_) | Input::Link(_) => {
                let Self { record: AflRecord { sfi, number, .. }, why } = self;
                cx.rule(rules::S4P_1, format_args!("record {sfi}.{number} was not understood, {why}: end application"));
                Err(Fault::card(L2::ParsingError))
            }
            Input::Stop => Err(stop(rules::S4P_3, cx)),
            Input::Terminal(_) | Input::Timeout => Ok(Step::Stay(State::S4Prime(self))),
        }
    }
}
