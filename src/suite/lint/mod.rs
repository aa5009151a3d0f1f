//! Whether case files make sense: what a run would only show as a case that cannot be done, or that says nothing.

mod cases;
mod idle;
pub mod rules;
mod statements;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use super::{
    case::CaseFile,
    catalogue::Catalogue,
    ics::Items,
    load::{self, CaseText, Suite},
};
use crate::diag::{self, Check, Finding, Places, Problem};

/// Looks at one file after the other, and remembers ids.
pub struct Linter {
    catalogue: Arc<Catalogue>,
    /// Id → where it stands.
    ids: BTreeMap<String, String>,
}

impl Linter {
    /// A linter that knows no ids.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, ids: BTreeMap::new() }
    }

    /// Takes an id for used, and remembers where.
    pub fn remember(&mut self, id: &str, place: String) {
        self.ids.entry(id.to_owned()).or_insert(place);
    }

    /// What is wrong with a suite, in the order of the file.
    pub fn suite(&mut self, suite: &Suite) -> Vec<Finding> {
        let source = &suite.source;
        let mut file = File { source, places: source.places(), found: Vec::new() };
        match diag::from_toml::<CaseFile>(&source.file, &source.text) {
            Ok(written) => {
                for (at, case) in written.cases.iter().enumerate() {
                    cases::lint(&mut file, case, at, &self.catalogue);
                    self.id(&mut file, case.id.get_ref(), at);
                }
                idle::lint(&mut file, &written.cases, suite);
                unused(&mut file, &written);
            }
            Err(problem) => file.put(rules::UNMAKEABLE, problem),
        }
        unreachable(&mut file, suite);
        unmakeable(&mut file, suite);
        let line = |finding: &Finding| finding.problem.position.as_ref().map_or((0, 0), |at| (at.line, at.column));
        file.found.sort_by_key(line);
        file.found
    }

    fn id(&mut self, file: &mut File<'_>, id: &str, at: usize) {
        let path = ["case".to_owned(), at.to_string(), "id".to_owned()];
        let problem = file.places.problem(&path, "");
        let place = format!("{}:{}", file.source.file, problem.position.as_ref().map_or(0, |at| at.line));
        if let Some(other) = self.ids.insert(id.to_owned(), place) {
            file.at(
                &path,
                rules::ID_REUSED,
                format!("`{id}` is the case at {other}"),
                Some("an id is never used again"),
            );
        }
        if let Some((_, why)) = load::retired().find(|(retired, _)| *retired == id) {
            file.at(&path, rules::ID_RETIRED, format!("`{id}` is retired: {why}"), Some("an id is never used again"));
        }
        let parts: Vec<&str> = id.split('-').collect();
        let capitals =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let numbered = parts.last().is_some_and(|last| last.len() >= 3 && last.bytes().all(|b| b.is_ascii_digit()));
        if parts.len() < 3 || !numbered || !parts.iter().all(capitals) {
            let hint = "write book, topic and a number of three digits in capitals: C3-CVM-014";
            file.at(&path, rules::ID_FORM, format!("`{id}` does not look like an id"), Some(hint));
        }
    }
}

/// A file that is looked at, and what was found in it.
struct File<'a> {
    source: &'a CaseText,
    places: Places,
    found: Vec<Finding>,
}

impl File<'_> {
    fn put(&mut self, check: Check, problem: Problem) {
        // Variants share most of what they have wrong.
        if !self.found.iter().any(|found| found.problem == problem) {
            self.found.push(Finding { check, problem });
        }
    }

    fn at(&mut self, path: &[String], check: Check, message: impl Into<String>, hint: Option<&str>) {
        let problem = self.places.problem(path, message);
        self.put(check, Problem { hint: hint.map(str::to_owned), ..problem });
    }

    /// The same about the key that ends the path.
    fn at_key(&mut self, path: &[String], check: Check, message: impl Into<String>, hint: Option<&str>) {
        let problem = self.places.problem_at_key(path, message);
        self.put(check, Problem { hint: hint.map(str::to_owned), ..problem });
    }
}

/// Makes every tap of every variant.
fn unmakeable(file: &mut File<'_>, suite: &Suite) {
    for case in &suite.cases {
        let issued = case.taps().and_then(|taps| taps.iter().try_for_each(|tap| tap.issue(0).map(|_| ())));
        if let Err(problem) = issued {
            // A place outside the file does not tell which case it is.
            let elsewhere = problem.file != file.source.file || problem.position.is_none();
            let told = if elsewhere { case.problem(format!("{}: {problem}", case.id)) } else { problem };
            file.put(rules::UNMAKEABLE, told);
        }
    }
}

/// Cases that ask for what excludes itself: what they say, and what follows from their terminal.
fn unreachable(file: &mut File<'_>, suite: &Suite) {
    if file.found.iter().any(|found| found.check == rules::UNREACHABLE) {
        return;
    }
    for case in &suite.cases {
        if let Some(applies) = case.applies.as_ref().filter(|applies| !Items::builtin().can_hold(applies)) {
            let problem = case.problem(format!("{}: no subject can ever meet `{applies}`", case.id));
            let hint =
                "part of it follows from the options that the terminal states, or from what the case makes use of";
            file.put(rules::UNREACHABLE, problem.hint(hint));
        }
    }
}

/// Cards and terminals of the file that nobody taps or extends.
fn unused(file: &mut File<'_>, written: &CaseFile) {
    for (what, tables) in [("card", &written.cards), ("terminal", &written.terminals)] {
        for name in tables.keys() {
            let bases = tables.values().filter_map(|table| table.get_ref().get("extends")?.as_str());
            let named = cases::setups(written).filter_map(|setup| match what {
                "card" => setup.card.as_ref(),
                _ => setup.terminal.as_ref(),
            });
            if !bases.chain(named.map(|name| name.get_ref().as_str())).any(|used| used == name) {
                let path = [format!("{what}s"), name.clone()];
                file.at_key(&path, rules::UNUSED, format!("nobody uses the {what} `{name}`"), None);
            }
        }
    }
}
