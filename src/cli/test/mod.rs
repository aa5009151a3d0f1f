//! `emvtap test`: conformance suites.

use std::io;

use super::{args::Test, exit::Exit, failure::Failure, out::Environment};
use crate::suite::shim::serve::serve;

mod cases;
mod choose;
mod lint;
mod reports;
mod run;
mod supported;
mod told;
mod who;

/// Runs the verb.
pub fn run(test: &Test, environment: &Environment) -> Result<Exit, Failure> {
    match test {
        Test::Run(flags) => run::run(flags, environment),
        Test::List(list) => cases::list(list, environment),
        Test::Show(show) => cases::show(show, environment),
        Test::Lint(flags) => lint::run(flags, environment),
        Test::New(new) => cases::new(new, environment),
        Test::Shim => {
            serve(io::stdin().lock(), io::stdout().lock())?;
            Ok(Exit::SUCCESS)
        }
    }
}
