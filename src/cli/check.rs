//! `emvtap card check` and `emvtap terminal check`: whether files are consistent.

use super::{
    args::{Check, ListFormat, Target},
    exit::Exit,
    failure::Failure,
    out::{Environment, Out},
};
use crate::{
    diag::{Finding, Level},
    report::check::{Checked, json, text},
    time::Date,
};

/// Checks what is named, or all of `known`. A file that cannot be read is a finding, a name that nothing has is not.
pub fn run(
    check: &Check,
    known: Vec<String>,
    environment: &Environment,
    look: impl Fn(&str, Date) -> Result<Vec<Finding>, Failure>,
) -> Result<Exit, Failure> {
    let names = if check.names.is_empty() { known } else { check.names.clone() };
    let mut files = Vec::new();
    for name in names {
        let findings = match look(&name, check.clock.date) {
            Ok(findings) => Ok(findings),
            Err(Failure::Input(problem)) => Err(problem),
            Err(other) => return Err(other),
        };
        files.push(Checked { file: name, findings });
    }
    tell(&files, check.strict, check.format, &check.target, environment)
}

/// Writes what was found. `strict`: warnings count as errors.
pub fn tell(
    files: &[Checked],
    strict: bool,
    format: ListFormat,
    target: &Target,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let mut out = Out::open(target, environment, false)?;
    let text = match format {
        ListFormat::Text => text(files, out.paint(), out.width()),
        ListFormat::Json => format!("{}\n", serde_json::to_string_pretty(&json(files)).unwrap_or_default()),
    };
    out.data(&text)?;
    let found = |level| files.iter().any(|file| file.count(level) > 0);
    let bad = found(Level::Error) || strict && found(Level::Warning);
    Ok(if bad { Exit::INPUT } else { Exit::SUCCESS })
}
