//! Second taps: what the cardholder has to do on the device, and what the display says about it (DF4B, DF8131).

use super::{
    Tap,
    parameters::{READY_TO_READ, Shown},
};
use crate::{
    data::dictionary::{PHONE_MESSAGE_TABLE_DF8131, POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B},
    kernel::{
        contract::Cx,
        outcome::{MessageId, OutcomeResult, Start},
    },
};

/// The bits of POS Cardholder Interaction Information that ask for a second tap.
const SECOND_TAP: [u8; 3] = [0x00, 0x03, 0x0F];

/// Whether the device has to be presented again.
pub fn is_second_tap(cx: &Cx<'_>) -> bool {
    let information = cx.store.array::<3>(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B);
    information.is_some_and(|information| information.iter().zip(SECOND_TAP).any(|(byte, mask)| byte & mask != 0))
}

/// Message and status of the first entry of the table that fits.
fn message(cx: &Cx<'_>) -> (MessageId, u8) {
    let information: [u8; 3] = cx.store.array(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B).unwrap_or_default();
    let table = cx.store.get(PHONE_MESSAGE_TABLE_DF8131).unwrap_or_default();
    let fits = |entry: &&[u8]| {
        let (mask, rest) = entry.split_at_checked(3).unwrap_or_default();
        information.iter().zip(mask).map(|(byte, mask)| byte & mask).eq(rest.iter().take(3).copied())
    };
    match table.chunks_exact(8).find(fits) {
        Some([.., message, status]) => (MessageId(*message), *status),
        _ => (MessageId::NOT_AUTHORISED, 0x00),
    }
}

/// S910.72 and S910.73, S13.44, S14.22: the message of the table, and the start to which the device comes again.
pub fn prepare(tap: &mut Tap, cx: &Cx<'_>) {
    let (message, status) = message(cx);
    tap.parameters.say(message, status, true, cx);
    let set = &mut tap.parameters.set;
    (set.result, set.start) = (Some(OutcomeResult::EndApplication), Some(Start::B));
}

/// S910.79 and S910.80, S13.45, S14.23: the message is shown, and once more when the device is awaited.
pub fn show(tap: &mut Tap, cx: &mut Cx<'_>) {
    cx.ui(tap.parameters.ui.request());
    await_device(tap);
}

/// The message stays, and the reader is ready for the device.
pub fn await_device(tap: &mut Tap) {
    tap.parameters.ui.status = READY_TO_READ;
    tap.parameters.ui.hold = [0; 3];
    tap.parameters.set.shown = Shown::OnRestart;
}
