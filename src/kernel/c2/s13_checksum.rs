//! S13, Waiting for CCC response - 1: the checksum of a card without verification on the device.

use super::{
    Tap, database,
    fault::{Fault, L2},
    mag_stripe_end::{self as end, back_off},
    parameters::cvm_of,
    rules,
    s456_decide::is_over_cvm_limit,
    state::{State, Step},
};
use crate::{
    apdu::Response,
    data::dictionary::{
        ATC_9F36, CVC3_TRACK2_9F61, MAG_STRIPE_CVM_CAPABILITY_CVM_REQUIRED_DF811E as WITH_CVM,
        MAG_STRIPE_CVM_CAPABILITY_NO_CVM_REQUIRED_DF812C as WITHOUT_CVM, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B,
    },
    kernel::{
        contract::{Cx, Input},
        outcome::{Cvm, OutcomeResult},
    },
};

/// Waits for the checksum.
#[derive(Debug)]
pub struct ExpectChecksum;

impl ExpectChecksum {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => Ok(match take(response, tap, cx) {
                Ok(step) => step,
                Err(fault) => back_off(Err(fault), tap, cx),
            }),
            Input::Link(fault) => Ok(end::lost(fault, rules::S13_1, tap, cx)),
            Input::Terminal(_) | Input::Stop | Input::Timeout => Ok(Step::Stay(State::S13(self))),
        }
    }
}

fn take(response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    end::take(response, rules::S13_9, rules::S13_11, tap, cx)?;
    end::release_card(rules::S13_12, tap, cx);
    let missing = |cx: &mut Cx<'_>, what: &str| {
        cx.rule(rules::S13_14, format_args!("the answer with the checksum has no {what}"));
        Fault::card(L2::CardDataMissing)
    };
    if !cx.store.is_present(ATC_9F36) {
        return Err(missing(cx, "counter (9F36)"));
    }
    if !cx.store.is_present(CVC3_TRACK2_9F61) {
        if !cx.store.is_present(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B) {
            return Err(missing(cx, "checksum (9F61), and no reason for it (DF4B)"));
        }
        return Ok(end::without_checksum(rules::S13_41, rules::S13_42, OutcomeResult::Declined, tap, cx));
    }
    if end::misses_track_1(cx) {
        cx.rule(rules::S13_15, format_args!("there is a track 1, and no checksum for it (9F60)"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    end::fill_tracks(rules::S13_18, tap, cx);
    let over = is_over_cvm_limit(cx);
    let cvm = cvm_of(database::byte(if over { WITH_CVM } else { WITHOUT_CVM }, cx));
    tap.parameters.set.cvm = cvm;
    tap.parameters.set.receipt |= over || cvm == Cvm::Signature;
    let word = if over { "over" } else { "not over" };
    cx.rule(rules::S13_24, format_args!("the amount is {word} the CVM limit: online request"));
    Ok(end::online_request(tap, cx))
}
