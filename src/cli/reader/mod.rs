//! `emvtap reader`: which readers there are, what is in them, and what is wrong with them.

pub mod args;
mod doctor;
mod findings;
mod list;
pub mod medium;
mod watch;

use super::{exit::Exit, failure::Failure, out::Environment};
use args::LookAtReaders;

/// Runs the verb.
pub fn run(look: &LookAtReaders, environment: &Environment) -> Result<Exit, Failure> {
    match look {
        LookAtReaders::List(flags) => list::run(flags, environment),
        LookAtReaders::Doctor(flags) => doctor::run(flags, environment),
        LookAtReaders::Watch(flags) => watch::run(flags, environment),
    }
}
