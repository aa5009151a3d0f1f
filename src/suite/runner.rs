//! Runs cases on several threads; what comes out is in the order of the suites, whoever was first.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    perform::{Conditions, Performance, blank, perform},
    plan::Planned,
    results::{CaseResult, Verdict},
    subject::Subject,
};
use crate::{diag::Problem, link::Stop};

/// How much longer than its time-out a case may take before its thread is given up: a subject notices the time-out itself, unless
/// it computes without end.
const GRACE: Duration = Duration::from_secs(5);
/// How often somebody looks whether anything has gone wrong.
const LOOK: Duration = Duration::from_millis(100);

/// A case in a run.
#[derive(Clone, Debug)]
pub struct Job {
    /// The suite: `c3/cvm`.
    pub suite: Arc<str>,
    /// The case.
    pub case: Planned,
    /// Why it does not apply to the subject; `None`: it does.
    pub not_applicable: Option<String>,
}

/// Everything about a run that its threads share.
pub struct Task {
    /// The cases, in the order in which they are to come out.
    pub jobs: Vec<Job>,
    /// What is the same for all.
    pub conditions: Conditions,
    /// Makes a subject, for each thread one.
    pub subject: Box<dyn Fn() -> Box<dyn Subject> + Send + Sync>,
}

/// How a run is done.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How many threads.
    pub threads: usize,
    /// Whether nothing more is run after the first failure.
    pub fail_fast: bool,
    /// Whether somebody wishes to stop.
    pub stop: Stop,
}

/// Who watches a run.
pub trait Watch {
    /// A case has come out, in order. What is known better here may be changed: an expected failure.
    fn case(&mut self, result: &mut CaseResult);

    /// So many of so many cases have been run, in whatever order.
    fn progress(&mut self, done: usize, of: usize);
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Finish {
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// What the files of its cases have wrong.
    pub problems: Vec<Problem>,
}

/// Runs all cases.
pub fn run(task: &Arc<Task>, manner: &Manner, watch: &mut dyn Watch) -> Finish {
    let (reports, desk) = channel();
    let mut run = Run {
        task,
        manner,
        shared: Arc::new(Shared::default()),
        reports,
        busy: HashMap::new(),
        threads: HashMap::new(),
        workers: 0,
        waiting: BTreeMap::new(),
        next: 0,
        done: 0,
        over: None,
        finish: Finish::default(),
    };
    for (at, job) in task.jobs.iter().enumerate() {
        if let Some(why) = &job.not_applicable {
            let result = CaseResult { verdict: Verdict::NotApplicable, reason: why.clone(), ..run.blank(job) };
            run.waiting.insert(at, result);
        }
    }
    run.done = run.waiting.len();
    let threads = manner.threads.clamp(1, (task.jobs.len() - run.done).max(1));
    (0..threads).for_each(|_| run.hire());
    run.watch(&desk, watch);
    run.end("the run is over");
    // Every subject gets the time to end what it has begun, a child process for example.
    for (_, thread) in run.threads.drain() {
        let _ = thread.join();
    }
    run.finish
}

#[derive(Default)]
struct Shared {
    /// The next job that nobody has begun.
    next: AtomicUsize,
    /// Nobody is to begin another.
    over: AtomicBool,
}

enum Report {
    Began(usize, usize),
    Done(usize, usize, Box<Performance>),
}

struct Run<'a> {
    task: &'a Arc<Task>,
    manner: &'a Manner,
    shared: Arc<Shared>,
    reports: Sender<Report>,
    /// Worker → what it does since when.
    busy: HashMap<usize, (usize, Instant)>,
    threads: HashMap<usize, JoinHandle<()>>,
    workers: usize,
    /// Results whose turn has not come.
    waiting: BTreeMap<usize, CaseResult>,
    /// The next that comes out.
    next: usize,
    done: usize,
    /// Why the rest is not run.
    over: Option<&'static str>,
    finish: Finish,
}

impl Run<'_> {
    fn hire(&mut self) {
        self.workers += 1;
        let (id, task, shared) = (self.workers, Arc::clone(self.task), Arc::clone(&self.shared));
        let reports = self.reports.clone();
        self.threads.insert(id, thread::spawn(move || work(id, &task, &shared, &reports)));
    }

    fn blank(&self, job: &Job) -> CaseResult {
        CaseResult { suite: job.suite.to_string(), ..blank(&job.case) }
    }

    fn watch(&mut self, desk: &Receiver<Report>, watch: &mut dyn Watch) {
        let of = self.task.jobs.len();
        loop {
            self.come_out(watch);
            watch.progress(self.done, of);
            if self.next >= of {
                return;
            }
            match desk.recv_timeout(LOOK) {
                Ok(Report::Began(worker, job)) => {
                    self.busy.insert(worker, (job, Instant::now()));
                }
                Ok(Report::Done(worker, job, performance)) => {
                    // Nobody waits for somebody who was given up.
                    if self.busy.remove(&worker).is_some() {
                        self.put(job, performance.result);
                        self.finish.problems.extend(performance.problem);
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if self.manner.stop.is_wanted() && self.over.is_none() {
                self.finish.interrupted = true;
                self.end("the run was interrupted");
            }
            self.give_up_the_stuck();
        }
    }

    fn put(&mut self, at: usize, result: CaseResult) {
        let suite = self.task.jobs.get(at).map(|job| job.suite.to_string()).unwrap_or_default();
        self.waiting.insert(at, CaseResult { suite, ..result });
        self.done += 1;
    }

    /// Hands out the results whose turn it is. Once the run is over, what has no result yet never gets one; after a failure with
    /// `fail_fast`, neither does what came in before its turn: two runs say the same.
    fn come_out(&mut self, watch: &mut dyn Watch) {
        while let Some(job) = self.task.jobs.get(self.next) {
            let known = self.waiting.remove(&self.next);
            let mut result = match (known, self.over) {
                (Some(result), None) => result,
                (Some(result), Some(_)) if self.finish.interrupted => result,
                (_, Some(why)) => CaseResult { verdict: Verdict::Skip, reason: why.to_owned(), ..self.blank(job) },
                (None, None) => return,
            };
            self.next += 1;
            watch.case(&mut result);
            let failed = matches!(result.verdict, Verdict::Fail | Verdict::UnexpectedPass | Verdict::Error);
            if failed && self.manner.fail_fast && self.over.is_none() {
                self.end("the run was stopped at the first failure");
            }
        }
    }

    fn end(&mut self, why: &'static str) {
        self.over = Some(why);
        self.shared.over.store(true, Ordering::Relaxed);
    }

    /// A thread cannot be ended from outside. One that computes without end is left to itself, and another takes its place.
    fn give_up_the_stuck(&mut self) {
        let patience = self.task.conditions.timeout + GRACE;
        let stuck: Vec<(usize, usize)> = self
            .busy
            .iter()
            .filter(|(_, (_, since))| since.elapsed() > patience)
            .map(|(worker, (job, _))| (*worker, *job))
            .collect();
        for (worker, at) in stuck {
            self.busy.remove(&worker);
            self.threads.remove(&worker);
            if let Some(job) = self.task.jobs.get(at) {
                let reason = format!("the subject computed without end: nothing came within {} s", patience.as_secs());
                let result = CaseResult { verdict: Verdict::Fail, reason, ..self.blank(job) };
                self.put(at, result);
                self.hire();
            }
        }
    }
}

/// What a thread does: one case after the other, with a subject of its own.
fn work(id: usize, task: &Task, shared: &Shared, reports: &Sender<Report>) {
    let mut subject = (task.subject)();
    while !shared.over.load(Ordering::Relaxed) {
        let at = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = task.jobs.get(at) else { return };
        if job.not_applicable.is_some() {
            continue;
        }
        if reports.send(Report::Began(id, at)).is_err() {
            return;
        }
        let performance = perform(&job.case, subject.as_mut(), &task.conditions);
        if performance.broke_subject {
            subject = (task.subject)();
        }
        if reports.send(Report::Done(id, at, Box::new(performance))).is_err() {
            return;
        }
    }
}
