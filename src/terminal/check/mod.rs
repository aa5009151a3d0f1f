//! Whether a terminal's configuration is consistent: what it says it can do, what its combinations need, and its limits.

mod applications;
mod kernel_2;
mod limits;
mod objects;
mod qualifiers;
pub mod rules;
mod settings;

use super::{Combination, Terminal};
use crate::{
    data::{bits::Bit, dictionary::TERMINAL_TYPE_9F35, text::TagText},
    diag::{Check, Finding, Places},
    time::Date,
    tlv::Tag,
};

/// Where everything in a terminal file stands: data objects by their tags, everything else by its keys.
pub fn places(file: &str, text: &str) -> Places {
    Places::of(file, text, |key| {
        // Short words are keys, not objects: `ttq` is a limit's neighbour, `c3` a kernel.
        let is_kernel = matches!(key.as_bytes(), [b'c', b'1'..=b'8']);
        let is_key = is_kernel || key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let tag = key.parse().ok().filter(|_| !is_key);
        tag.map_or_else(|| key.to_owned(), |TagText(tag)| tag.to_string())
    })
}

/// Checks a terminal. `today`: for the CA keys. Findings are in the order of their places.
pub fn check(terminal: &Terminal, places: &Places, today: Date) -> Vec<Finding> {
    let mut notes = Notes { places, findings: Vec::new() };
    let subject = Subject { data: terminal.data(), terminal };
    objects::check(&subject, &mut notes);
    applications::check(&subject, today, &mut notes);
    for (at, combination) in terminal.combinations.iter().enumerate() {
        qualifiers::check(&subject, at, combination, &mut notes);
        limits::check(&subject, at, combination, &mut notes);
        kernel_2::check(&subject, at, combination, &mut notes);
    }
    settings::check(&subject, &mut notes);
    notes.done()
}

struct Subject<'a> {
    terminal: &'a Terminal,
    data: Vec<(Tag, Vec<u8>)>,
}

impl Subject<'_> {
    /// The value of an object of the terminal itself.
    fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.data.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.as_slice())
    }

    /// Whether a bit of an object is set.
    fn has(&self, tag: Tag, bit: Bit) -> bool {
        self.value(tag).is_some_and(|value| bit.is_set(value))
    }

    /// Bits 4-1 of the terminal type: 1 to 6.
    fn kind(&self) -> u8 {
        self.value(TERMINAL_TYPE_9F35).and_then(|value| value.first()).map_or(0, |byte| byte & 0x0F)
    }

    fn online_only(&self) -> bool {
        matches!(self.kind(), 1 | 4)
    }

    fn offline_only(&self) -> bool {
        matches!(self.kind(), 3 | 6)
    }

    fn unattended(&self) -> bool {
        matches!(self.kind(), 4..=6)
    }
}

fn path(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// The path of something in a combination.
fn of(at: usize, key: &str) -> Vec<String> {
    path(&["combination", &at.to_string(), key])
}

/// What has been found.
struct Notes<'a> {
    places: &'a Places,
    findings: Vec<Finding>,
}

impl Notes<'_> {
    fn say(&mut self, check: Check, path: &[String], message: impl Into<String>, hint: impl Into<String>) {
        let finding = Finding { check, problem: self.places.problem(path, message).hint(hint) };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn done(mut self) -> Vec<Finding> {
        let place = |finding: &Finding| finding.problem.position.as_ref().map(|at| (at.line, at.column));
        self.findings.sort_by_key(place);
        self.findings
    }
}
