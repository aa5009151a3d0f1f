//! `emvtap test lint`: whether case files make sense.

use std::path::Path;

use super::choose;
use crate::{
    cli::{args::LintCases, check, exit::Exit, failure::Failure, out::Environment},
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
    for known in &builtin {
        if let Some(Ok(suite)) = load::builtin(known).filter(|_| !names.iter().any(|name| is_meant(name, known))) {
            linter.remember(&suite);
        }
    }
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

/// Whether a name means a built-in suite: by its name, its book, or its file in the source tree.
fn is_meant(name: &str, known: &str) -> bool {
    known == name
        || known.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        || Path::new(name).ends_with(format!("{known}.toml"))
}
