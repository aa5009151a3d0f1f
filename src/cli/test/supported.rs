//! What the subject supports, and which cases that leaves.

use std::collections::BTreeMap;

use super::who::Who;
use crate::{
    cli::{args::RunTests, failure::Failure, files},
    diag,
    suite::{ics::Ics, runner::Job},
};

/// The ICS: of the built-in subject whatever a case wants, of a foreign one what subjects usually have; over that what the profile
/// of its terminal implies, and over all what the person states.
pub fn ics(flags: &RunTests, who: &Who) -> Result<Ics, Failure> {
    let ics = match (&flags.terminal, who) {
        (Some(name), _) => {
            let source = files::terminal_source(name)?;
            Ics::of_terminal(&diag::from_toml(&source.file, &source.text)?)
        }
        (None, Who::Builtin) => Ics::builtin(),
        (None, _) => Ics::usual(),
    };
    let Some(path) = &flags.ics else { return Ok(ics) };
    let name = path.display().to_string();
    Ok(ics.with(&name, &files::read(path)?)?)
}

/// Takes out the cases that do not apply.
pub fn apply(ics: &Ics, jobs: &mut [Job]) {
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    for job in jobs {
        let Some(applies) = &job.case.applies else { continue };
        let why = || (!ics.meets(applies)).then(|| format!("applies where {applies}; {}", ics.why_not(applies)));
        job.not_applicable = known.entry(applies.to_string()).or_insert_with(why).clone();
    }
}
