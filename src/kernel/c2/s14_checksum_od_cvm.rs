//! S14, Waiting for CCC response - 2: the checksum of a device that may have verified its holder.

use super::{
    Tap,
    fault::{Fault, L2},
    mag_stripe_end::{self as end, back_off},
    rules,
    s456_decide::is_over_cvm_limit,
    state::{State, Step},
};
use crate::{
    apdu::Response,
    data::dictionary::{ATC_9F36, CVC3_TRACK2_9F61, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B},
    kernel::{
        contract::{Cx, Input},
        outcome::{Cvm, OutcomeResult},
    },
};

/// Waits for the checksum.
#[derive(Debug)]
pub struct ExpectChecksumOdCvm;

impl ExpectChecksumOdCvm {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => Ok(match take(response, tap, cx) {
                Ok(step) => step,
                Err(fault) => back_off(Err(fault), tap, cx),
            }),
            Input::Link(fault) => Ok(end::lost(fault, rules::S14_1, tap, cx)),
            Input::Terminal(_) | Input::Stop | Input::Timeout => Ok(Step::Stay(State::S14(self))),
        }
    }
}

fn take(response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
    end::take(response, rules::S14_9, rules::S14_11, tap, cx)?;
    end::release_card(rules::S14_12, tap, cx);
    let mandatory = [ATC_9F36, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B];
    if let Some(missing) = mandatory.into_iter().find(|tag| !cx.store.is_present(*tag)) {
        cx.rule(rules::S14_14, format_args!("the answer with the checksum has no {missing}"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    if !cx.store.is_present(CVC3_TRACK2_9F61) {
        let refusal =
            if tap.options.decline_without_checksum { OutcomeResult::Declined } else { OutcomeResult::EndApplication };
        return Ok(end::without_checksum(rules::S14_19, rules::S14_19_3, refusal, tap, cx));
    }
    if end::misses_track_1(cx) {
        cx.rule(rules::S14_16, format_args!("there is a track 1, and no checksum for it (9F60)"));
        return Err(Fault::card(L2::CardDataMissing));
    }
    let verified = end::is_od_cvm_successful(cx);
    let over = is_over_cvm_limit(cx);
    if !verified && over {
        cx.rule(
            rules::S14_21,
            format_args!("the amount is over the CVM limit, and the device has not verified its holder"),
        );
        return Err(Fault::card(L2::CardDataError));
    }
    end::fill_tracks(rules::S14_26, tap, cx);
    tap.parameters.set.cvm = if verified { Cvm::ConfirmationCodeVerified } else { Cvm::NoCvm };
    tap.parameters.set.receipt |= verified && over;
    let word = if verified { "has" } else { "has not" };
    cx.rule(rules::S14_32, format_args!("the device {word} verified its holder: online request"));
    Ok(end::online_request(tap, cx))
}
