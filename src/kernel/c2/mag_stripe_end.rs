//! How transactions of mag-stripe mode end: failures are held back longer and longer, so that nobody can try numbers out
//! (S13.30 to S13.45, S14.19 to S14.43).

use super::{
    Tap, database, ends,
    fault::{Fault, L2, l1},
    parameters::{CARD_READ_SUCCESSFULLY, NOT_READY, Shown},
    phone, rules,
    state::{State, Step},
    track::{self, Track},
};
use crate::{
    apdu::{LinkFault, Response},
    data::dictionary::{
        CVC3_TRACK1_9F60, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77,
        TRACK_1_DATA_56,
    },
    kernel::{
        contract::{Cx, Input},
        outcome::{MessageId, Outcome, OutcomeResult},
        rule::Rule,
    },
    time::Micros,
};

/// Lets time pass before the end.
#[derive(Debug)]
pub struct BackingOff(Result<Box<Outcome>, Fault>);

impl BackingOff {
    /// The end, once the time has passed.
    pub fn reply(self, input: Input<'_>, _: &mut Tap, _: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Terminal(_) | Input::Stop => Ok(Step::Stay(State::BackOff(self))),
            _ => self.0.map(Step::Done),
        }
    }
}

/// The end of a failure: later with every failure before it.
pub fn back_off(end: Result<Outcome, Fault>, tap: &mut Tap, cx: &mut Cx<'_>) -> Step {
    let time = tap.kept.back_off();
    cx.rule(rules::S13_30, format_args!("failures of mag-stripe mode are held back: {time} ms"));
    Step::Pause(Micros(time * 1000), State::BackOff(BackingOff(end.map(Box::new))))
}

/// S13.9 to S13.13, S14.9 to S14.13: the answer is template 77.
pub fn take(response: Response<'_>, status: Rule, parse: Rule, tap: &Tap, cx: &mut Cx<'_>) -> Result<(), Fault> {
    if !response.status.is_ok() {
        cx.rule(status, format_args!("COMPUTE CRYPTOGRAPHIC CHECKSUM answered {}", response.status));
        return Err(Fault::status(response.status));
    }
    let parsed = database::template(response.data, RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77)
        .and_then(|_| database::parse_and_store(response.data, &tap.options, cx));
    parsed.map_err(|why| {
        cx.rule(parse, format_args!("the answer with the checksum is not understood: {why}"));
        Fault::card(L2::ParsingError)
    })
}

/// S13.12.1, S14.12.1: the card may leave.
pub fn release_card(rule: Rule, tap: &mut Tap, cx: &mut Cx<'_>) {
    cx.rule(rule, format_args!("the checksum is here: the card may leave"));
    let prepared = tap.parameters.ui;
    tap.parameters.say(MessageId::CLEAR_DISPLAY, CARD_READ_SUCCESSFULLY, false, cx);
    cx.ui(tap.parameters.ui.request());
    tap.parameters.ui = prepared;
}

/// S13.1 to S13.5, S14.1 to S14.5: the card is lost.
pub fn lost(fault: LinkFault, rule: Rule, tap: &mut Tap, cx: &mut Cx<'_>) -> Step {
    cx.rule(rule, format_args!("{fault}: present the card again"));
    tap.parameters.error.l1 = l1(fault);
    back_off(Err(Fault::TryAgain(fault)), tap, cx)
}

/// S13.41 to S13.45, S14.19.1 to S14.23: no checksum: a second tap, or a refusal.
pub fn without_checksum(
    second_tap: Rule,
    refused: Rule,
    result: OutcomeResult,
    tap: &mut Tap,
    cx: &mut Cx<'_>,
) -> Step {
    if phone::is_second_tap(cx) {
        cx.rule(second_tap, format_args!("the cardholder has to act on the device (DF4B): a second tap"));
        phone::prepare(tap, cx);
        phone::show(tap, cx);
    } else {
        cx.rule(refused, format_args!("the card computes no checksum, and needs no second tap: {result}"));
        tap.parameters.say(MessageId::NOT_AUTHORISED, NOT_READY, true, cx);
        tap.parameters.set.result = Some(result);
        tap.parameters.set.shown = Shown::OnOutcome;
    }
    let outcome = ends::finish(true, tap, cx);
    back_off(Ok(outcome), tap, cx)
}

/// Whether track 1 has to be filled, and cannot be.
pub fn misses_track_1(cx: &Cx<'_>) -> bool {
    cx.store.is_present(TRACK_1_DATA_56) && !cx.store.is_present(CVC3_TRACK1_9F60)
}

/// Whether the device says that it has verified its holder.
pub fn is_od_cvm_successful(cx: &Cx<'_>) -> bool {
    use crate::data::bits::pos_cardholder_interaction_information as information;
    database::has(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B, information::OD_CVM_SUCCESSFUL, cx)
}

/// S13.17 to S13.22, S14.25.1 to S14.30: both tracks are filled. The last digit is nUN, or five more if the device has verified
/// its holder.
pub fn fill_tracks(rule: Rule, tap: &mut Tap, cx: &mut Cx<'_>) {
    let digits = tap.digits_of_number;
    let last = if is_od_cvm_successful(cx) { (digits + 5) % 10 } else { digits };
    tap.kept.failed_mag_stripe = 0;
    track::fill(Track::Two, digits, last, cx);
    track::fill(Track::One, digits, last, cx);
    cx.rule(rule, format_args!("checksum, number and counter are in the tracks, whose last digit is {last}"));
}

/// The online request that a checksum comes to.
pub fn online_request(tap: &mut Tap, cx: &mut Cx<'_>) -> Step {
    tap.parameters.set.result = Some(OutcomeResult::OnlineRequest);
    tap.parameters.set.shown = Shown::Nowhere;
    Step::done(ends::finish(true, tap, cx))
}
