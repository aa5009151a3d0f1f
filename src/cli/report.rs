//! `emvtap report`: results to evidence.

use std::{
    collections::BTreeSet,
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
fn read_all(files: &[PathBuf]) -> Result<Results, Failure> {
    let parts = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let lacks = lacks(&parts, files);
    let unlike = |unlike: merge::Unlike| {
        let file = files.get(unlike.at).map_or_else(String::new, |file| file.display().to_string());
        Problem::file(&file, format!("not a shard of the same run: {}", unlike.message))
    };
    let merged = merge::merge(parts).map_err(unlike)?;
    let merged = merged.ok_or_else(|| Failure::usage("there are no results"))?;
    Ok(Results { lacks, ..merged })
}

/// Why results are not those of a whole run.
fn lacks(parts: &[Results], files: &[PathBuf]) -> Vec<String> {
    let mut lacks = Vec::new();
    for (part, file) in parts.iter().zip(files) {
        let file = file.display();
        match part.end {
            None => lacks.push(format!("{file}: the end is missing, the run crashed or is not over")),
            Some(end) if end.interrupted => lacks.push(format!("{file}: the run was interrupted")),
            Some(_) => {}
        }
    }
    match merge::missing(parts).as_slice() {
        [] => {}
        [shard] => lacks.push(format!("shard {shard} is missing")),
        shards => lacks.push(format!("the shards {} are missing", shards.join(", "))),
    }
    lacks
}

/// Says what is missing, and which exit code that gives. `partial`: it is meant, and nothing is wrong.
fn whole(results: &mut Results, partial: bool, out: &Out) -> Exit {
    for lack in &results.lacks {
        out.talk(if partial { "note" } else { "error" }, &format!("not the whole run: {lack}"));
    }
    match results.lacks.is_empty() {
        true => Exit::SUCCESS,
        false if partial => {
            results.lacks.clear();
            Exit::SUCCESS
        }
        false => {
            out.talk("note", "--partial takes what there is for the whole");
            Exit::INCONCLUSIVE
        }
    }
}

/// Writes a text to a file, or to stdout if that is `-`.
fn put(text: &str, file: &Path, private: bool, environment: &Environment) -> Result<(), Failure> {
    let output = (file != Path::new(STDOUT)).then(|| file.to_owned());
    let mut out = Out::open(&Target { color: Colour::Auto, output }, environment, private)?;
    Ok(out.data(text)?)
}

fn build(build: &BuildReport, environment: &Environment) -> Result<Exit, Failure> {
    refuse_same(build.report.iter().map(|report| report.file.as_path()))?;
    let talk = Out::stdout(Colour::Auto, environment);
    let mut results = read_all(&build.files)?;
    let exit = whole(&mut results, build.partial, &talk);
    if build.unmask && results.run.masked {
        talk.talk("note", "the results were masked when they were written: there is nothing to show");
    }
    let results = if build.unmask { results } else { shield::results(results) };
    let summary = [Wanted { kind: ReportKind::Markdown, file: STDOUT.into() }];
    for report in if build.report.is_empty() { &summary[..] } else { &build.report } {
        put(&report.kind.write(&results), &report.file, !results.run.masked, environment)?;
    }
    Ok(exit)
}

/// Refuses to write two things into one file.
pub fn refuse_same<'a>(files: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    for file in files {
        let place = match (fs::canonicalize(file), file.parent().map(fs::canonicalize), file.file_name()) {
            _ if file == Path::new(STDOUT) => file.to_owned(),
            (Ok(place), ..) => place,
            (_, Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
        };
        if !known.insert(place) {
            let file = if file == Path::new(STDOUT) { "stdout".to_owned() } else { format!("{}", file.display()) };
            let hint = Some("give each a file of its own".to_owned());
            return Err(Failure::Usage { message: format!("two things are to be written to {file}"), hint });
        }
    }
    Ok(())
}

fn merged(merge: &MergeResults, environment: &Environment) -> Result<Exit, Failure> {
    let mut results = read_all(&merge.files)?;
    let exit = whole(&mut results, merge.partial, &Out::stdout(Colour::Auto, environment));
    // Nobody is to take a part for the whole later.
    if exit == Exit::SUCCESS {
        put(&results::write(&results), &merge.output, !results.run.masked, environment)?;
    }
    Ok(exit)
}

fn diff(diff: &DiffResults, environment: &Environment) -> Result<Exit, Failure> {
    let (before, now) = (shield::results(read(&diff.before)?), shield::results(read(&diff.now)?));
    let compared = compare::compare(&before, &now);
    let mut out = Out::open(&diff.target, environment, false)?;
    for (results, file) in [(&before, &diff.before), (&now, &diff.now)] {
        for lack in lacks(core::slice::from_ref(results), core::slice::from_ref(file)) {
            out.talk("note", &format!("not the whole run: {lack}"));
        }
    }
    out.data(&match diff.format {
        ListFormat::Text => compared.text(out.paint()),
        ListFormat::Json => compared.json(),
    })?;
    Ok(if compared.is_worse() { Exit::UNEXPECTED } else { Exit::SUCCESS })
}

fn covered(show: &ShowCoverage, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&show.target, environment, false)?;
    let mut results = read_all(&show.files)?;
    let exit = whole(&mut results, show.partial, &out);
    out.data(&match show.format {
        ListFormat::Text => coverage::text(&results, show.all, out.paint()),
        ListFormat::Json => coverage::json(&results),
    })?;
    Ok(exit)
}
