//! Reports of a run: results as the run goes, the others at its end.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    cli::{
        args::{ReportKind, Wanted},
        failure::{Failure, words},
        out::{self, Out},
        report::STDOUT,
    },
    report::{results, shield},
    suite::results::{CaseResult, End, Results, Run, SCHEMA},
};

/// Everything that is written beside what people read. Account numbers are masked if the run says so.
pub struct Reports {
    /// Results that grow case by case.
    growing: Vec<(PathBuf, File)>,
    /// What is written at the end.
    last: Vec<(ReportKind, PathBuf, Option<File>)>,
    /// The run, with its cases if something is written at the end.
    results: Results,
    /// Whether the results go to stdout, too.
    stdout: bool,
    first: bool,
    /// The first failure to write.
    failure: Option<Failure>,
}

impl Reports {
    /// Makes the files, so that what cannot be written is known before the run.
    pub fn open(wanted: &[Wanted], stdout: bool, run: &Run, out: &mut Out) -> Result<Self, Failure> {
        let results = Results { schema: SCHEMA.to_owned(), run: run.clone(), cases: Vec::new(), end: None };
        let (growing, last) = (Vec::new(), Vec::new());
        let mut reports = Self { growing, last, results, stdout, first: true, failure: None };
        for report in wanted {
            let path = report.file.clone();
            let create = || out::create(&path, !run.masked).map_err(|error| unwritable(&path, &error));
            let file = if path == Path::new(STDOUT) { None } else { Some(create()?) };
            match (report.kind, file) {
                (ReportKind::Json, Some(file)) => reports.growing.push((path, file)),
                (ReportKind::Json, None) => reports.stdout = true,
                (kind, file) => reports.last.push((kind, path, file)),
            }
        }
        reports.write(&results::head(run), out);
        Ok(reports)
    }

    /// Adds a case.
    pub fn case(&mut self, case: &CaseResult, out: &mut Out) {
        if self.growing.is_empty() && self.last.is_empty() && !self.stdout {
            return;
        }
        let case = if self.results.run.masked { shield::case(case.clone()) } else { case.clone() };
        self.write(&results::case(&case, self.first), out);
        self.first = false;
        if !self.last.is_empty() {
            self.results.cases.push(case);
        }
    }

    /// The run is over.
    pub fn end(mut self, end: End, out: &mut Out) -> Result<(), Failure> {
        self.write(&results::tail(end), out);
        self.results.end = Some(end);
        for (kind, path, file) in &mut self.last {
            let text = kind.write(&self.results);
            let written = match file {
                Some(file) => file.write_all(text.as_bytes()),
                None => out.data(&text),
            };
            written.map_err(|error| unwritable(path, &error))?;
        }
        self.failure.map_or(Ok(()), Err)
    }

    fn write(&mut self, text: &str, out: &mut Out) {
        let mut failure = None;
        for (path, file) in &mut self.growing {
            if let Err(error) = file.write_all(text.as_bytes()) {
                failure = Some(unwritable(path, &error));
            }
        }
        if self.stdout
            && let Err(error) = out.data(text)
        {
            failure = Some(error.into());
        }
        self.failure = self.failure.take().or(failure);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Environment(format!("{} cannot be written: {}", path.display(), words(error)))
}
