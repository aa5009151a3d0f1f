//! Running cases: order, isolation, exit codes.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use emvtap::{
    host::Host,
    link::{Link, Stop},
    suite::{
        Builtin,
        judge::Sight,
        load,
        perform::Conditions,
        results::{CaseResult, Verdict},
        runner::{Finish, Job, Manner, Task, Watch, run},
        seen::Seen,
        subject::{Assignment, Description, Subject},
    },
};

const CASES: usize = 12;

/// Cases that pass, one tap each.
fn jobs() -> Vec<Job> {
    let case = |number: usize| {
        format!(
            "[[case]]\nid = 'X-{number:03}'\ntitle = 'x'\n[[case.check]]\nrequirement = ['B/3.3.2.2']\n\
             sends = ['SELECT PPSE']\n"
        )
    };
    let cases: String = (1..=CASES).map(case).collect();
    let text = format!("schema = 'emvtap.case/1'\ntitle = 'x'\n[given]\namount = '1.00'\n{cases}");
    let suite = load::suite("x", "x.toml", &text, Arc::new(|_| None)).unwrap();
    suite.cases.into_iter().map(|case| Job { suite: "x".into(), case, not_applicable: None }).collect()
}

/// The built-in reader, that fails in its own way at some tap.
struct Trapped {
    inner: Builtin,
    taps: Arc<AtomicUsize>,
    at: usize,
    trap: fn(),
}

impl Subject for Trapped {
    fn describe(&mut self) -> Result<Description, String> {
        self.inner.describe()
    }

    fn reset(&mut self) {
        self.inner.reset();
    }

    fn tap(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, host: &mut dyn Host) -> Seen {
        if self.taps.fetch_add(1, Ordering::SeqCst) == self.at {
            (self.trap)();
        }
        self.inner.tap(assignment, link, host)
    }
}

#[derive(Default)]
struct Collected(Vec<CaseResult>);

impl Watch for Collected {
    fn case(&mut self, result: &mut CaseResult) {
        self.0.push(result.clone());
    }

    fn progress(&mut self, _: usize, _: usize) {}
}

fn ran(jobs: Vec<Job>, threads: usize, fail_fast: bool, trap: Option<(usize, fn())>) -> (Vec<CaseResult>, Finish) {
    let taps = Arc::new(AtomicUsize::new(0));
    let (at, trap) = trap.unwrap_or((usize::MAX, || {}));
    let task = Task {
        jobs,
        conditions: Conditions {
            seed: 1,
            timeout: Duration::from_secs(1),
            sight: Sight::Everything,
            requirements: [].into(),
        },
        subject: Box::new(move || Box::new(Trapped { inner: Builtin::default(), taps: Arc::clone(&taps), at, trap })),
    };
    let mut watch = Collected::default();
    let finish = run(&Arc::new(task), &Manner { threads, fail_fast, stop: Stop::default() }, &mut watch);
    (watch.0, finish)
}

#[test]
fn results_come_in_order_and_are_the_same_on_any_number_of_threads() {
    let same = |threads| {
        let (mut cases, _) = ran(jobs(), threads, false, None);
        cases.iter_mut().for_each(|case| case.duration_us = 0);
        cases
    };
    let one = same(1);
    assert_eq!(one.iter().map(|case| case.id.as_str()).collect::<Vec<_>>()[..2], ["X-001", "X-002"]);
    assert!(one.len() == CASES && one.iter().all(|case| case.verdict == Verdict::Pass));
    assert_eq!(one, same(4));
}

#[test]
fn a_mistake_of_ours_is_an_error_of_its_case() {
    let (cases, _) = ran(jobs(), 1, false, Some((4, || panic!("a counter overflowed"))));
    let verdicts: Vec<_> = cases.iter().map(|case| case.verdict).collect();
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == Verdict::Pass).count(), CASES - 1);
    assert_eq!(
        (verdicts[4], cases[4].reason.as_str()),
        (Verdict::Error, "emvtap failed in tap 1: a counter overflowed")
    );
}

#[test]
fn a_subject_that_computes_without_end_costs_its_case() {
    let (cases, _) = ran(
        jobs(),
        2,
        false,
        Some((4, || {
            loop {
                std::thread::sleep(Duration::from_secs(1))
            }
        })),
    );
    let failed: Vec<_> = cases.iter().filter(|case| case.verdict != Verdict::Pass).collect();
    let [stuck] = failed[..] else { panic!("{failed:#?}") };
    assert_eq!(stuck.verdict, Verdict::Fail);
    assert!(stuck.reason.contains("computed without end"), "{}", stuck.reason);
}

#[test]
fn fail_fast_leaves_the_rest_alone_and_says_so() {
    let (cases, _) = ran(jobs(), 1, true, Some((4, || panic!("stop here"))));
    let verdicts: Vec<_> = cases.iter().map(|case| case.verdict).collect();
    assert_eq!(verdicts[3..6], [Verdict::Pass, Verdict::Error, Verdict::Skip]);
    assert_eq!((cases.len(), cases[11].reason.as_str()), (CASES, "the run was stopped at the first failure"));
}

#[test]
fn what_does_not_apply_is_not_run() {
    let mut jobs = jobs();
    jobs[1].not_applicable = Some("needs a printer".to_owned());
    let (cases, _) = ran(jobs, 2, false, None);
    assert_eq!((cases[1].verdict, cases[1].reason.as_str()), (Verdict::NotApplicable, "needs a printer"));
    assert!(cases[1].taps.is_empty());
}

/// Exit codes that need no foreign subject; `tests/shim.rs` and `tests/pcsc_subject.rs` have 5, 7 and 130. That an ERROR is 3 is
/// tested beside the code.
#[test]
fn exit_codes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runner");
    fs::create_dir_all(&folder).unwrap();
    let head = "schema = 'emvtap.case/1'\ntitle = 'x'\n[given]\namount = '12.50'\n";
    let case = |id: &str, more: &str| {
        format!(
            "[[case]]\nid = '{id}'\ntitle = 'x'\n{more}[[case.check]]\nrequirement = ['B/3.3.2.2']\noutcome = 'online-request'\n"
        )
    };
    let wrong = case("X-002", "given.amount = '9999.00'\n");
    let known = "schema = 'emvtap.expectations/1'\n[[failure]]\nid = 'X-002'\nreason = 'known'\n";
    for (name, text) in [
        ("good.toml", format!("{head}{}", case("X-001", ""))),
        ("bad.toml", format!("{head}{}{wrong}", case("X-001", ""))),
        ("broken.toml", format!("{head}{}", case("X-001", "given.card = 'visa-credti'\n"))),
        ("known.toml", known.to_owned()),
        ("xpass.toml", known.replace("X-002", "X-001")),
        ("late.toml", format!("{known}expires = '2020-01-01'\n")),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    for (line, code, said) in [
        ("good.toml", 0, "1 PASS"),
        ("bad.toml", 1, "1 FAIL, 1 PASS"),
        ("bad.toml --expectations known.toml", 0, "1 XFAIL, 1 PASS"),
        ("bad.toml --expectations late.toml", 1, "1 FAIL, 1 PASS"),
        ("good.toml --expectations xpass.toml", 1, "1 XPASS"),
        ("good.toml --id Y-*", 4, ""),
        ("good.toml --shard 3/2", 2, ""),
        ("no-such-suite", 2, ""),
        ("no-such-file.toml", 6, ""),
        ("broken.toml", 6, "1 ERROR"),
        ("good.toml --report json=no-such-folder/x.json", 7, ""),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
        let output = command.args(["test", "run"]).args(line.split(' ')).current_dir(&folder).output().unwrap();
        let (told, talk) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{line}: {told}{talk}");
        assert!(told.contains(said), "{line}: {told}");
        assert!(code != 6 || talk.contains("hint:") || talk.contains("cannot be read"), "{line}: {talk}");
    }
}
