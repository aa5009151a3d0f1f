//! From faults, and from good ends, to Outcomes (C-2, the bundles that every state uses).

use super::{
    Tap,
    fault::{Fault, L2, l1},
    lists,
    options::GpoLost,
    parameters::{NOT_READY, READY_TO_READ, Shown},
};
use crate::{
    apdu::{LinkFault, StatusWord},
    kernel::{
        contract::Cx,
        outcome::{MessageId, Outcome, OutcomeResult, Start},
    },
};

/// What follows from a fault. The only place that knows.
pub fn of_fault(fault: Fault, tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    match fault {
        Fault::OtherCard { error, status } => {
            tap.parameters.error.l2 = Some(error);
            tap.parameters.error.status = status;
            other_card(error != L2::IdsWriteError, tap, cx)
        }
        Fault::OtherCardAfterLink(fault) => {
            tap.parameters.error.l1 = l1(fault);
            other_card(true, tap, cx)
        }
        Fault::SelectNext { error, status, keep_field } => select_next(error, status, keep_field, tap, cx),
        Fault::GpoLost(fault) if tap.options.gpo_lost == GpoLost::TryAgain => {
            tap.parameters.error.l1 = l1(fault);
            let set = &mut tap.parameters.set;
            (set.result, set.start) = (Some(OutcomeResult::TryAgain), Some(Start::B));
            finish(false, tap, cx)
        }
        Fault::TryAgain(fault) | Fault::GpoLost(fault) => try_again(fault, tap, cx),
        Fault::Quiet(error) => {
            tap.parameters.error.l3 = Some(error);
            tap.parameters.set.result = Some(OutcomeResult::EndApplication);
            tap.parameters.set.shown = Shown::Nowhere;
            finish(false, tap, cx)
        }
    }
}

/// OTHER-CARD: with a data record if data storage may have written.
fn other_card(record: bool, tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    tap.parameters.say(MessageId::TRY_ANOTHER_CARD, NOT_READY, true, cx);
    tap.parameters.error.message = MessageId::TRY_ANOTHER_CARD.0;
    let set = &mut tap.parameters.set;
    (set.result, set.start, set.shown) = (Some(OutcomeResult::EndApplication), None, Shown::OnOutcome);
    let record = record && tap.ids_write(cx);
    finish(record, tap, cx)
}

fn select_next(error: L2, status: Option<StatusWord>, keep_field: bool, tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    tap.parameters.error.l2 = Some(error);
    tap.parameters.error.status = status;
    let set = &mut tap.parameters.set;
    (set.result, set.start) = (Some(OutcomeResult::SelectNext), Some(Start::C));
    if keep_field {
        set.field_off = None;
    }
    finish(false, tap, cx)
}

/// TRY-AGAIN.
fn try_again(fault: LinkFault, tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    tap.parameters.say(MessageId::PRESENT_CARD_AGAIN, READY_TO_READ, false, cx);
    tap.parameters.error.l1 = l1(fault);
    tap.parameters.error.message = MessageId::PRESENT_CARD_AGAIN.0;
    let set = &mut tap.parameters.set;
    (set.result, set.start, set.shown) = (Some(OutcomeResult::EndApplication), Some(Start::B), Shown::OnRestart);
    finish(false, tap, cx)
}

/// The lists, and the Outcome that carries them.
pub fn finish(record: bool, tap: &mut Tap, cx: &mut Cx<'_>) -> Outcome {
    tap.parameters.publish_error(cx);
    let record = record.then(|| lists::data_record(tap, cx));
    let discretionary = lists::discretionary_data(tap, cx);
    let parameters = tap.parameters;
    parameters.outcome(record, discretionary, &tap.options, cx)
}
