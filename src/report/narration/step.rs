//! One step of a transaction while it grows.

use super::{Detail, combinations, words};
use crate::{
    report::{Mask, columns::Row},
    time::Micros,
};

/// What stands below a step.
#[derive(Debug)]
pub(super) enum Below {
    /// Lines.
    Text(String),
    /// A rule, with the notes it left one after the other.
    Rule(String, Vec<String>),
}

/// Book, rule and note.
pub(super) type Cited = (&'static str, &'static str, String);

/// What Entry Point does from Start A on.
pub(super) const PRE_PROCESSING: &str = "pre-processing";

/// A step that may still grow.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub at: Micros,
    pub row: Row,
    pub notes: Vec<String>,
    pub rules: Vec<Cited>,
    /// How many of the rules came before the card's answer.
    pub answered: usize,
    pub details: Vec<Below>,
    /// Told only if somebody asked for more than the steps.
    pub minor: bool,
    /// The command, until its answer is here.
    pub command: Vec<u8>,
}

impl Step {
    /// What several combinations have in common is told once; and a step without a note of its own has those of its rules. Gives the
    /// kernels that these are about, if there are others.
    pub fn fold(&mut self, detail: Detail, mask: &Mask) -> Option<String> {
        let folded = combinations::fold(&self.rules);
        let mut about = None;
        if detail >= Detail::Rules {
            self.notes.extend(folded.summary());
            let told = |note: &str| vec![mask.text(note).into_owned()];
            let line = |(book, rule, note): &Cited| Below::Rule(format!("{book} {rule}"), told(note));
            self.details.splice(0..0, folded.named.iter().map(line).collect::<Vec<_>>());
        } else if !folded.named.is_empty() {
            (about, self.rules) = folded.into_steps();
        }
        if self.notes.is_empty() && detail < Detail::Rules {
            self.notes = words::reasons(&self.rules, mask);
        }
        if self.row.step == PRE_PROCESSING && self.notes.is_empty() && self.rules.is_empty() {
            self.notes.push("no limits to compare the amount with".to_owned());
        }
        about
    }
}
