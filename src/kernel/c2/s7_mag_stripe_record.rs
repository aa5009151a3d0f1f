//! S7, Waiting for mag-stripe READ RECORD response.

use super::{
    Tap, database, dialogue,
    fault::{Fault, L2},
    rules, s78_common,
    state::{State, Step, lost, stop, update},
    track::{self, Track},
};
use crate::{
    apdu::Response,
    data::{
        Source,
        dictionary::{self as d, READ_RECORD_RESPONSE_TEMPLATE_70 as RECORD, UDOL_9F69},
    },
    kernel::{
        contract::{Cx, Input},
        shared::records::Reading,
    },
    tlv,
};

/// Waits for this record.
#[derive(Debug)]
pub struct ExpectMagStripeRecord(pub Reading);

impl ExpectMagStripeRecord {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => self.take(response, tap, cx),
            Input::Link(fault) => Err(lost(fault, rules::S7_4, cx)),
            Input::Terminal(data) => Ok(update(data, rules::S7_1, State::S7(self), tap, cx)),
            Input::Stop => Err(stop(rules::S7_7, cx)),
            Input::Timeout => Ok(Step::Stay(State::S7(self))),
        }
    }

    fn take(self, response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        if !response.status.is_ok() {
            cx.rule(rules::S7_9, format_args!("READ RECORD answered {}", response.status));
            return Err(Fault::status(response.status));
        }
        let is_emv = self.0.record().sfi <= 10;
        let parsed = if is_emv {
            database::template(response.data, RECORD)
                .and_then(|_| database::parse_and_store(response.data, &tap.options, cx))
        } else {
            Ok(())
        };
        if let Err(why) = parsed {
            cx.rule(rules::S7_11, format_args!("the record is not understood: {why}"));
            return Err(Fault::card(L2::ParsingError));
        }
        need_for_udol(response.data, tap, cx);
        if let Some(record) = tap.reading {
            cx.rule(rules::S7_16, format_args!("the next record is read"));
            tap.reading = record.next(&tap.afl);
            return Ok(Step::Send(record.command(), State::S7(Self(record))));
        }
        check_tracks(tap, cx)?;
        s78_common::go_on(tap, cx)
    }
}

/// S7.14 and S7.15.
fn need_for_udol(data: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) {
    let body = database::template(data, RECORD).unwrap_or_default();
    let Some(Ok(list)) = tlv::find(body, UDOL_9F69) else { return };
    if tap.options.data_exchange && dialogue::need_empty(list.value, tap, cx) {
        cx.rule(rules::S7_15, format_args!("UDOL asks for what the terminal has still to give"));
    }
}

/// S7.20 to S7.24: whether there is what the checksum is put into.
fn check_tracks(tap: &mut Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    let mandatory = [d::TRACK_2_DATA_9F6B, d::PUNATC_TRACK2_9F66, d::PCVC3_TRACK2_9F65, d::NATC_TRACK2_9F67];
    if let Some(missing) = mandatory.into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(rules::S7_20, format_args!("the card has sent no {missing}"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    let digits = track::digits_of_number(Track::Two, cx).filter(|digits| *digits <= 8);
    let agrees = !cx.store.is_present(d::TRACK_1_DATA_56)
        || track::has_maps(Track::One, cx) && track::digits_of_number(Track::One, cx) == digits;
    let Some(digits) = digits.filter(|_| agrees && track::has_room(!tap.options.refuse_bits_beyond_track, cx)) else {
        cx.rule(rules::S7_22, format_args!("the maps of track data do not fit together, or into the tracks"));
        return Err(Fault::card(L2::CardDataError));
    };
    tap.digits_of_number = digits;
    for (track, tag) in [(Track::One, d::DD_CARD_TRACK1_DF812A), (Track::Two, d::DD_CARD_TRACK2_DF812B)] {
        if let Some(data) = track::discretionary_data(track, cx) {
            cx.set(tag, &data, Source::Kernel);
        }
    }
    cx.rule(rules::S7_23, format_args!("the tracks have room for {digits} digits of the unpredictable number"));
    Ok(())
}
