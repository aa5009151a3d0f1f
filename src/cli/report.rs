//! `emvtap report`: results to evidence.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    args::{
        BuildReport, Colour, DiffResults, ListFormat, MergeResults, Report, ReportKind, ShowCoverage, Target, Wanted,
    },
    exit::Exit,
    failure::{Failure, words},
    out::{Environment, Out},
};
use crate::{
    diag::Problem,
    report::{compare, coverage, html, junit, markdown, merge, results, shield},
    suite::results::Results,
};

/// The file that is stdout.
pub const STDOUT: &str = "-";

impl ReportKind {
    /// The report. What is masked in it was masked before.
    pub fn write(self, results: &Results) -> String {
        match self {
            Self::Html => html::write(results),
            Self::Junit => junit::write(results),
            Self::Markdown => markdown::write(results),
            Self::Json => results::write(results),
        }
    }
}

/// Runs the verb.
pub fn run(report: &Report, environment: &Environment) -> Result<Exit, Failure> {
    match report {
        Report::Build(build) => self::build(build, environment),
        Report::Merge(merge) => merged(merge, environment),
        Report::Diff(diff) => self::diff(diff, environment),
        Report::Coverage(coverage) => covered(coverage, environment),
    }
}

/// Reads results from disk.
fn read(path: &Path) -> Result<Results, Failure> {
    let file = path.display().to_string();
    let text =
        fs::read_to_string(path).map_err(|error| Problem::file(&file, format!("cannot be read: {}", words(&error))))?;
    Ok(results::read(&file, &text)?)
}

/// Reads results; of several, the run whose shards they are.
fn read_all(files: &[PathBuf], out: &Out) -> Result<Results, Failure> {
    let parts = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    for (part, file) in parts.iter().zip(files) {
        match part.end {
            None => {
                out.talk("note", &format!("{}: the end is missing, the run crashed or is not over", file.display()))
            }
            Some(end) if end.interrupted => out.talk("note", &format!("{}: the run was interrupted", file.display())),
            Some(_) => {}
        }
    }
    for shard in merge::missing(&parts) {
        out.talk("note", &format!("shard {shard} is missing: the result is not that of the whole run"));
    }
    let unlike = |unlike: merge::Unlike| {
        let file = files.get(unlike.at).map_or_else(String::new, |file| file.display().to_string());
        Problem::file(&file, format!("not a shard of the same run: {}", unlike.message))
    };
    let merged = merge::merge(parts).map_err(unlike)?;
    merged.ok_or_else(|| Failure::usage("there are no results"))
}

/// Writes a text to a file, or to stdout if that is `-`.
fn put(text: &str, file: &Path, private: bool, environment: &Environment) -> Result<(), Failure> {
    let output = (file != Path::new(STDOUT)).then(|| file.to_owned());
    let mut out = Out::open(&Target { color: Colour::Auto, output }, environment, private)?;
    Ok(out.data(text)?)
}

fn build(build: &BuildReport, environment: &Environment) -> Result<Exit, Failure> {
    let talk = Out::stdout(Colour::Auto, environment);
    let results = read_all(&build.files, &talk)?;
    if build.unmask && results.run.masked {
        talk.talk("note", "the results were masked when they were written: there is nothing to show");
    }
    let results = if build.unmask { results } else { shield::results(results) };
    let summary = [Wanted { kind: ReportKind::Markdown, file: STDOUT.into() }];
    for report in if build.report.is_empty() { &summary[..] } else { &build.report } {
        put(&report.kind.write(&results), &report.file, !results.run.masked, environment)?;
    }
    Ok(Exit::SUCCESS)
}

fn merged(merge: &MergeResults, environment: &Environment) -> Result<Exit, Failure> {
    let results = read_all(&merge.files, &Out::stdout(Colour::Auto, environment))?;
    put(&results::write(&results), &merge.output, !results.run.masked, environment)?;
    Ok(Exit::SUCCESS)
}

fn diff(diff: &DiffResults, environment: &Environment) -> Result<Exit, Failure> {
    let (before, now) = (shield::results(read(&diff.before)?), shield::results(read(&diff.now)?));
    let compared = compare::compare(&before, &now);
    let mut out = Out::open(&diff.target, environment, false)?;
    out.data(&match diff.format {
        ListFormat::Text => compared.text(out.paint()),
        ListFormat::Json => compared.json(),
    })?;
    Ok(if compared.is_worse() { Exit::UNEXPECTED } else { Exit::SUCCESS })
}

fn covered(show: &ShowCoverage, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&show.target, environment, false)?;
    let results = read_all(&show.files, &out)?;
    out.data(&match show.format {
        ListFormat::Text => coverage::text(&results, show.all, out.paint()),
        ListFormat::Json => coverage::json(&results),
    })?;
    Ok(Exit::SUCCESS)
}
