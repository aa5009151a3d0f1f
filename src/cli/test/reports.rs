//! Reports of a run: results as the run goes, the others at its end.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    cli::{
        args::{Colour, ReportKind, Wanted},
        failure::{Failure, words},
        out::{self, Environment, Out},
        report::STDOUT,
    },
    report::{results, shield},
    suite::results::{CaseResult, End, Results, Run, SCHEMA},
};

/// Everything that is written beside what people read. Account numbers are masked if the run says so.
pub struct Reports {
    /// Results that grow case by case.
    growing: Vec<(PathBuf, File)>,
    /// The same, where they are data on their own.
    streams: Vec<Out>,
    /// What is written at the end, to stdout if there is no file.
    last: Vec<(ReportKind, PathBuf, Option<File>)>,
    stdout: Out,
    /// The run, with its cases if something is written at the end.
    results: Results,
    first: bool,
    /// The first failure to write.
    failure: Option<Failure>,
}

impl Reports {
    /// Makes the files, so that what cannot be written is known before the run.
    /// `json`: where the results go that are wanted instead of text.
    pub fn open(wanted: &[Wanted], json: Option<Out>, run: &Run, environment: &Environment) -> Result<Self, Failure> {
        let results =
            Results { schema: SCHEMA.to_owned(), run: run.clone(), cases: Vec::new(), end: None, lacks: Vec::new() };
        let stdout = || Out::stdout(Colour::Never, environment);
        let mut reports = Self {
            growing: Vec::new(),
            streams: json.into_iter().collect(),
            last: Vec::new(),
            stdout: stdout(),
            results,
            first: true,
            failure: None,
        };
        for report in wanted {
            let path = report.file.clone();
            let create = || out::create(&path, !reports.results.run.masked).map_err(|error| unwritable(&path, &error));
            let file = if path == Path::new(STDOUT) { None } else { Some(create()?) };
            match (report.kind, file) {
                (ReportKind::Json, Some(file)) => reports.growing.push((path, file)),
                (ReportKind::Json, None) => reports.streams.push(stdout()),
                (kind, file) => reports.last.push((kind, path, file)),
            }
        }
        reports.write(&results::head(run));
        Ok(reports)
    }

    /// Adds a case.
    pub fn case(&mut self, case: &CaseResult) {
        if self.growing.is_empty() && self.last.is_empty() && self.streams.is_empty() {
            return;
        }
        let case = if self.results.run.masked { shield::case(case.clone()) } else { case.clone() };
        self.write(&results::case(&case, self.first));
        self.first = false;
        if !self.last.is_empty() {
            self.results.cases.push(case);
        }
    }

    /// The run is over.
    pub fn end(mut self, end: End) -> Result<(), Failure> {
        self.write(&results::tail(end));
        self.results.end = Some(end);
        self.results.lacks.extend(end.interrupted.then(|| "the run was interrupted".to_owned()));
        for (kind, path, file) in &mut self.last {
            let text = kind.write(&self.results);
            let written = match file {
                Some(file) => file.write_all(text.as_bytes()),
                None => self.stdout.data(&text),
            };
            written.map_err(|error| unwritable(path, &error))?;
        }
        self.failure.map_or(Ok(()), Err)
    }

    fn write(&mut self, text: &str) {
        let mut failure = None;
        for (path, file) in &mut self.growing {
            if let Err(error) = file.write_all(text.as_bytes()) {
                failure = Some(unwritable(path, &error));
            }
        }
        for out in &mut self.streams {
            if let Err(error) = out.data(text) {
                failure = Some(error.into());
            }
        }
        self.failure = self.failure.take().or(failure);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Environment(format!("{} cannot be written: {}", path.display(), words(error)))
}
