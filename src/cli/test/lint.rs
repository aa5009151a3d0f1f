//! `emvtap test lint`: whether case files make sense.

use std::{path::Path, sync::Arc};

use super::choose;
use crate::{
    cli::{args::LintCases, check, exit::Exit, failure::Failure, out::Environment},
    diag::{Level, Problem},
    report::check::Checked,
    suite::{
        catalogue::Catalogue,
        lint::Linter,
        load::{self, Suite},
    },
};

/// Runs the verb. A file that cannot be read is a finding, a name that nothing has is not.
pub fn run(lint: &LintCases, environment: &Environment) -> Result<Exit, Failure> {
    let mut linter = Linter::new(Catalogue::builtin()?);
    let builtin = load::names();
    let names = if lint.names.is_empty() { &builtin } else { &lint.names };
    remember(&mut linter, |known| names.iter().any(|name| is_meant(name, known)));
    let mut files = Vec::new();
    for name in names {
        match choose::suites(std::slice::from_ref(name), &[]) {
            Ok(suites) => files.extend(suites.iter().map(|suite| checked(&mut linter, suite))),
            Err(Failure::Input(problem)) => files.push(Checked { file: name.clone(), findings: Err(problem) }),
            Err(other) => return Err(other),
        }
    }
    check::tell(&files, lint.strict, lint.format, &lint.target, environment)
}

fn checked(linter: &mut Linter, suite: &Suite) -> Checked {
    Checked { file: suite.name.clone(), findings: Ok(linter.suite(suite)) }
}

/// Refuses case files of a person's own that have errors: a typo must not become a verdict. Those that are built in are looked at when
/// this program is made.
pub fn refuse(suites: &[Suite], catalogue: &Arc<Catalogue>) -> Vec<Problem> {
    let own: Vec<&Suite> = suites.iter().filter(|suite| choose::is_own(suite)).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let mut linter = Linter::new(Arc::clone(catalogue));
    remember(&mut linter, |known| own.iter().any(|suite| is_meant(&suite.file, known)));
    let found = own.into_iter().flat_map(|suite| linter.suite(suite));
    found.filter(|finding| finding.check.level == Level::Error).map(|finding| finding.problem).collect()
}

/// Takes the ids of the built-in suites for used, except of those that are looked at themselves.
fn remember(linter: &mut Linter, is_looked_at: impl Fn(&str) -> bool) {
    for known in load::names().iter().filter(|known| !is_looked_at(known)) {
        load::ids(known).for_each(|(id, place)| linter.remember(id, place));
    }
}

/// Whether a name means a built-in suite: by its name, its book, or its file or folder in the source tree.
fn is_meant(name: &str, known: &str) -> bool {
    let path = Path::new(name);
    known == name
        || known.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        || path.ends_with(format!("{known}.toml"))
        || path.is_dir() && known.rsplit_once('/').is_some_and(|(folder, _)| path.ends_with(folder))
}
