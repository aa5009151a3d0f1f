//! Reports of a run: results as the run goes, the others at its end.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    cli::{
        args::{Report, ReportFormat},
        failure::{Failure, words},
        out::{self, Out},
    },
    report::results,
    suite::results::{CaseResult, End, Run},
};

/// Everything that is written beside what people read.
pub struct Reports {
    /// Results that grow case by case.
    growing: Vec<(PathBuf, File)>,
    /// Whether the results go to stdout, too.
    stdout: bool,
    first: bool,
    /// The first failure to write.
    failure: Option<Failure>,
}

impl Reports {
    /// Makes the files, so that what cannot be written is known before the run.
    pub fn open(wanted: &[Report], stdout: bool, run: &Run, out: &mut Out) -> Result<Self, Failure> {
        let mut reports = Self { growing: Vec::new(), stdout, first: true, failure: None };
        for report in wanted {
            let file = out::create(&report.path, false).map_err(|error| unwritable(&report.path, &error))?;
            match report.format {
                ReportFormat::Json => reports.growing.push((report.path.clone(), file)),
            }
        }
        reports.write(&results::head(run), out);
        Ok(reports)
    }

    /// Adds a case.
    pub fn case(&mut self, case: &CaseResult, out: &mut Out) {
        let text = results::case(case, self.first);
        self.first = false;
        self.write(&text, out);
    }

    /// The run is over.
    pub fn end(mut self, end: End, out: &mut Out) -> Result<(), Failure> {
        self.write(&results::tail(end), out);
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
