//! The Outcomes and messages that Entry Point makes itself.

use super::Options;
use crate::kernel::outcome::{MessageId, Outcome, OutcomeResult, UiRequest, UiStatus};

/// Present Card (3.2.1.2).
pub(super) const PRESENT_CARD: UiRequest = UiRequest::new(MessageId::PRESENT_CARD, UiStatus::ReadyToRead);
/// More than one card is in the field (3.2.1.4).
pub(super) const COLLISION: UiRequest = UiRequest::new(MessageId::ONE_CARD_ONLY, UiStatus::ProcessingError);
/// No longer (3.2.1.5).
pub(super) const COLLISION_OVER: UiRequest = UiRequest::new(MessageId::ONE_CARD_ONLY, UiStatus::ReadyToRead);

/// No combination suits the card (3.3.2.7), or the one that must does not (3.3.3.5).
pub(super) fn end_application() -> Box<Outcome> {
    let message = UiRequest::new(MessageId::TRY_ANOTHER_CARD, UiStatus::ReadyToRead);
    Box::new(Outcome { ui_on_outcome: Some(message), ..Outcome::new(OutcomeResult::EndApplication) })
}

/// No combination suits the amount (3.1.1.13).
pub(super) fn try_another_interface(options: &Options) -> Box<Outcome> {
    let message = UiRequest::new(MessageId::INSERT_OR_SWIPE, options.not_allowed_status);
    Box::new(Outcome { ui_on_outcome: Some(message), ..Outcome::new(OutcomeResult::TryAnotherInterface) })
}
