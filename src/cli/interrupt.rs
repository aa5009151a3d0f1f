//! Ctrl-C: the first one asks what runs to stop, the second one ends the program.

use super::exit::Exit;
use crate::link::Stop;

/// A wish to stop that Ctrl-C (or a request to terminate) makes. Without a handler for it, Ctrl-C ends the program as usual.
pub fn stop() -> Stop {
    let stop = Stop::default();
    let wish = stop.clone();
    let _ = ctrlc::set_handler(move || {
        if wish.is_wanted() {
            std::process::exit(Exit::INTERRUPTED.0.into());
        }
        wish.now();
    });
    stop
}
