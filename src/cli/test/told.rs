//! What a person sees while a run goes.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use super::reports::Reports;
use crate::{
    cli::out::Out,
    report::cases::{Depth, Page},
    suite::{
        expectations::Expectations,
        results::{CaseResult, Run, Verdict},
        runner::Watch,
    },
    time::Date,
};

/// How often the bar is drawn.
const FRAME: Duration = Duration::from_millis(100);
const BAR: usize = 24;

/// Somebody who watches a run.
pub struct Told<'a> {
    pub out: Out,
    pub run: &'a Run,
    pub depth: Depth,
    pub reports: Reports,
    pub expectations: Option<Expectations>,
    pub today: Date,
    /// How a case is run again, without its id.
    pub again: Box<dyn Fn(&str) -> String + 'a>,
    pub verdicts: Vec<Verdict>,
    pub bar: Bar,
    pub failure: Option<io::Error>,
}

impl Watch for Told<'_> {
    fn case(&mut self, result: &mut CaseResult) {
        if let Some(expectations) = &self.expectations {
            expectations.apply(result, self.today);
        }
        result.again = (self.again)(&result.id);
        self.verdicts.push(result.verdict);
        self.reports.case(result);
        let page = Page { run: self.run, depth: self.depth, paint: self.out.paint(), width: self.out.width() };
        let text = page.case(result);
        if !text.is_empty() {
            self.bar.clear();
            self.failure = self.failure.take().or_else(|| self.out.data(&text).err());
        }
    }

    fn progress(&mut self, done: usize, of: usize) {
        let failed = self.verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Fail | Verdict::Error));
        self.bar.draw(done, of, failed.count());
    }
}

/// A bar on stderr, if that is a terminal that somebody watches.
pub struct Bar {
    wanted: bool,
    shown: bool,
    last: Option<Instant>,
}

impl Bar {
    /// A bar; `wanted`: unless the person or the environment says otherwise.
    pub fn new(wanted: bool) -> Self {
        Self { wanted: wanted && io::stderr().is_terminal(), shown: false, last: None }
    }

    fn draw(&mut self, done: usize, of: usize, failed: usize) {
        if !self.wanted || self.last.is_some_and(|last| last.elapsed() < FRAME) {
            return;
        }
        self.last = Some(Instant::now());
        let full = (done * BAR).checked_div(of).unwrap_or(BAR);
        let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR - full));
        let failures = if failed > 0 { format!(" · {failed} failed") } else { String::new() };
        self.shown = write!(io::stderr(), "\r\x1b[K {bar} {done}/{of}{failures}").is_ok();
        let _ = io::stderr().flush();
    }

    /// Takes it away.
    pub fn clear(&mut self) {
        if core::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
