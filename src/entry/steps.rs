//! Steps that Entry Point takes in more than one place.

use super::{Next, Scene, outcomes, rules};
use crate::apdu::Command;

/// A name of at most sixteen bytes always fits.
pub(super) fn select_command(name: &[u8], shown_as: &'static str) -> Next {
    match Command::select(name) {
        Ok(command) => Next::Select(command.named(shown_as)),
        Err(_) => Next::Done(outcomes::end_application()),
    }
}

/// The tap has gone on for too long.
pub(super) fn limit(what: &'static str, scene: &mut Scene<'_>) -> Next {
    let note = format_args!("no {what} left: end");
    scene.events.event(*scene.now, &rules::LIMIT.cited(note));
    Next::Done(outcomes::end_application())
}
