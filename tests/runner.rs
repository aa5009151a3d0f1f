//! Running cases: order, isolation, exit codes.

use std::{
    fs,
    path::{Path, PathBuf},
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
    let wrong = case("OUR-X-002", "given.amount = '9999.00'\n");
    let known = "schema = 'emvtap.expectations/1'\n[[failure]]\nid = 'OUR-X-002'\nreason = 'known'\n";
    for (name, text) in [
        ("good.toml", format!("{head}{}", case("OUR-X-001", ""))),
        ("bad.toml", format!("{head}{}{wrong}", case("OUR-X-001", ""))),
        ("broken.toml", format!("{head}{}", case("OUR-X-001", "given.card = 'visa-credti'\n"))),
        ("known.toml", known.to_owned()),
        ("xpass.toml", known.replace("OUR-X-002", "OUR-X-001")),
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
        ("broken.toml", 6, ""),
        ("good.toml --report json=no-such-folder/x.json", 7, ""),
        ("good.toml ./good.toml", 0, "1 case in"),
        ("good.toml --report json=x.json --report junit=./x.json", 2, ""),
        ("good.toml --report json=x.json -o x.json", 2, ""),
        ("good.toml --report json=- --report junit=-", 2, ""),
        ("good.toml --report junit=- --format json", 2, ""),
        ("bad.toml --shard 1/2 --expectations known.toml --strict", 0, "1 PASS"),
        ("good.toml --expectations known.toml", 0, "1 PASS"),
        ("good.toml --expectations known.toml --strict", 1, "1 PASS"),
    ] {
        let (found, told, talk) = emvtap(&folder, &format!("test run {line}"));
        assert_eq!(found, code, "{line}: {told}{talk}");
        assert!(told.contains(said), "{line}: {told}");
        assert!(code != 6 || talk.contains("hint:") || talk.contains("cannot be read"), "{line}: {talk}");
    }
}

/// Exit code, stdout and stderr of a command line.
fn emvtap(folder: &Path, line: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    let output = command.args(line.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A case file with a case that passes, and more in its case.
fn file(id: &str, more: &str) -> String {
    format!(
        "schema = 'emvtap.case/1'\ntitle = 'x'\ngiven.amount = '12.50'\n[[case]]\nid = '{id}'\ntitle = 'x'\n{more}\
         [[case.check]]\nrequirement = ['B/3.3.2.2']\noutcome = 'online-request'\n"
    )
}

#[test]
fn a_typo_in_a_file_of_ones_own_is_told_before_anything_runs() {
    let folder = folder("typos");
    let good = file("OUR-X-001", "");
    for (name, text, said) in [
        ("word.toml", good.replace("online-request", "online-reqest"), "word.toml:9:11: `outcome` is never"),
        ("message.toml", format!("{good}ui = [{{ message = '1Z' }}]\n"), "message.toml:10:"),
        ("requirement.toml", good.replace("B/3.3.2.2", "B/3.3.2.22"), "there is no requirement `B/3.3.2.22`"),
        ("form.toml", good.replace("OUR-X-001", "our-x"), "form.toml:5:6: `our-x` does not look like an id"),
        ("taken.toml", good.replace("OUR-X-001", "C3-CVM-001"), "`C3-CVM-001` is the case at test-vectors/suites/c3/"),
        (
            "twice.toml",
            format!("{good}{}", good.split_once("[[case]]").unwrap().1.replacen('\n', "[[case]]\n", 1)),
            "twice.toml:",
        ),
    ] {
        fs::write(folder.join(name), text).unwrap();
        let (code, told, talk) = emvtap(&folder, &format!("test run {name}"));
        assert_eq!((code, told.as_str()), (6, ""), "{name}: {talk}");
        assert!(talk.contains(said) && talk.contains('^') && talk.contains("hint: "), "{name}: {talk}");
    }
    fs::write(folder.join("good.toml"), &good).unwrap();
    fs::write(folder.join("copy.toml"), &good).unwrap();
    let (code, _, talk) = emvtap(&folder, "test run good.toml copy.toml");
    assert!(code == 6 && talk.contains("`OUR-X-001` is the case at good.toml:5"), "{code}: {talk}");
}

#[test]
fn a_folder_stands_for_its_case_files_and_each_runs_once() {
    let folder = folder("folders");
    fs::create_dir(folder.join("ours")).unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    fs::write(folder.join("ours/b.toml"), file("OUR-B-001", "")).unwrap();
    fs::write(folder.join("ours/a.toml"), file("OUR-A-001", "")).unwrap();
    fs::write(folder.join("ours/known.toml"), "schema = 'emvtap.expectations/1'\n").unwrap();
    let (code, told, talk) = emvtap(&folder, "test run ours/b.toml ours ours/ -v");
    assert_eq!(code, 0, "{talk}");
    let at = |part: &str| told.find(part).unwrap_or_else(|| panic!("{part}: {told}"));
    assert!(at("OUR-B-001") < at("OUR-A-001") && told.contains("2 PASS"), "{told}");
    let (code, told, _) = emvtap(&folder, "test run ours --report json=-");
    let results: serde_json::Value = serde_json::from_str(&told).expect("nothing but JSON");
    assert_eq!((code, &results["cases"][0]["id"]), (0, &"OUR-A-001".into()));
    let (code, _, talk) = emvtap(&folder, "test run empty");
    assert!(code == 2 && talk.contains("there is no case file in `empty`"), "{code}: {talk}");
    let (_, told, _) = emvtap(&folder, "test list c3/cvm c3/cvm --format json");
    let (_, once, _) = emvtap(&folder, "test list c3/cvm --format json");
    assert_eq!(told, once);
}

#[test]
fn who_selects_nothing_is_told_why() {
    let folder = folder("nothing");
    fs::write(folder.join("good.toml"), file("OUR-X-001", "")).unwrap();
    assert_eq!(emvtap(&folder, "test run good.toml -q --report json=good.json").0, 0);
    for (line, code, said) in [
        ("C3-CVM-001", 2, "--id C3-CVM-001"),
        ("--id C3-CVM", 4, "--id 'C3-CVM-*'"),
        ("c3/cvm --tag CVMM", 4, "none has the tag `CVMM`\n\nhint: did you mean `"),
        ("good.toml --failed-in good.json", 4, "nothing failed in good.json"),
        ("good.toml --shard 2/2", 4, "only 1 case is selected"),
    ] {
        let (found, told, talk) = emvtap(&folder, &format!("test run {line}"));
        assert_eq!((found, told.as_str()), (code, ""), "{line}: {talk}");
        assert!(talk.contains(said), "{line}: {talk}");
    }
    let ids = |tag: &str| emvtap(&folder, &format!("test list c3 --tag {tag} --format json")).1;
    assert!(ids("oda").contains("C3-") && ids("oda") == ids("Oda"));
}

#[test]
fn a_lost_shard_passes_no_gate() {
    let folder = folder("shards");
    let more = "[[case.check]]\nrequirement = ['B/3.3.2.2']\nsends = ['GPO']\n";
    let cases: String = ["OUR-X-002", "OUR-X-003"]
        .map(|id| file(id, "").split_once("[[case]]").unwrap().1.to_owned())
        .map(|case| format!("[[case]]{case}{more}"))
        .concat();
    fs::write(folder.join("ours.toml"), format!("{}{more}{cases}", file("OUR-X-001", ""))).unwrap();
    for shard in 1..=3 {
        let line =
            format!("test run ours.toml -q --shard {shard}/3 --report json=s{shard}.json --report junit=s{shard}.xml");
        assert_eq!(emvtap(&folder, &line).0, 0);
        assert!(
            fs::read_to_string(folder.join(format!("s{shard}.xml"))).unwrap().contains("errors=\"0\""),
            "a shard is whole"
        );
    }
    emvtap(&folder, "test run ours.toml -q --shard 2/2 --report json=half.json");
    let torn = fs::read_to_string(folder.join("s2.json")).unwrap();
    fs::write(folder.join("torn.json"), torn.split_once("],\n\"end\"").unwrap().0).unwrap();
    for (line, code, said) in [
        ("merge s1.json s2.json s3.json -o whole.json", 0, ""),
        ("merge s1.json s3.json -o some.json", 5, "not the whole run: shard 2/3 is missing"),
        ("merge s1.json torn.json s3.json -o some.json", 5, "not the whole run: torn.json: the end is missing"),
        ("merge s1.json half.json", 6, "not a shard of the same run: a shard of 2, before one of 3"),
        ("build whole.json --report junit=whole.xml", 0, ""),
        ("build s1.json s3.json --report junit=some.xml --report html=some.html --report md=some.md", 5, "--partial"),
        ("build torn.json --report junit=torn.xml", 5, "the end is missing"),
        ("coverage s1.json s3.json", 5, "shard 2/3 is missing"),
        ("coverage s1.json s3.json --partial", 0, "note: not the whole run"),
        ("build s1.json --report md=- --report junit=-", 2, "two things are to be written to stdout"),
    ] {
        let (found, told, talk) = emvtap(&folder, &format!("report {line}"));
        assert_eq!(found, code, "{line}: {told}{talk}");
        assert!(talk.contains(said), "{line}: {talk}");
    }
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(!folder.join("some.json").exists(), "nobody takes a part for the whole later");
    assert!(text("whole.xml").contains("tests=\"3\" failures=\"0\" errors=\"0\""));
    for name in ["some.xml", "torn.xml"] {
        assert!(!text(name).contains("errors=\"0\" skipped=\"0\" time=\"0.000\""), "{}", text(name));
        assert!(text(name).contains("<error message=") && text(name).contains("is missing"), "{}", text(name));
    }
    assert!(text("some.html").contains("INCOMPLETE") && text("some.html").contains("shard 2/3 is missing"));
    assert!(text("some.md").contains("> **Not the whole run:** shard 2/3 is missing"));
    assert_eq!(emvtap(&folder, "report merge s1.json s3.json -o some.json --partial").0, 0);
    assert_eq!(emvtap(&folder, "report build some.json --report junit=some.xml").0, 5, "it stays told");
}

#[test]
fn strictness_and_expectations_turn_junit_red_too() {
    let folder = folder("strict");
    fs::write(folder.join("ours.toml"), file("OUR-X-001", "")).unwrap();
    fs::write(
        folder.join("known.toml"),
        "schema = 'emvtap.expectations/1'\n[[failure]]\nid = 'OUR-OLD-*'\nreason = 'x'\n",
    )
    .unwrap();
    let line = "test run ours.toml -q --expectations known.toml --report junit=x.xml --report json=x.json";
    let xml = || fs::read_to_string(folder.join("x.xml")).unwrap();
    let (code, _, talk) = emvtap(&folder, line);
    assert!(code == 0 && talk.contains("no selected case is meant by the expectation `OUR-OLD-*`"), "{talk}");
    assert!(xml().contains("failures=\"0\""));
    let (code, _, talk) = emvtap(&folder, &format!("{line} --strict"));
    assert!(code == 1 && talk.contains("note: exit code 1: 1 stale in the expectations"), "{talk}");
    assert!(xml().contains("failures=\"1\"") && xml().contains("<failure message="), "{}", xml());
    emvtap(&folder, "report build x.json --report junit=x.xml");
    assert!(xml().contains("failures=\"1\""), "the results know it, too");
}

#[test]
fn no_account_number_of_an_input_is_shown() {
    const OTHER: &str = "5413330012345678";
    let folder = folder("masked");
    let given = format!("given.terminal-with.exceptions = ['{OTHER}']\n");
    fs::write(folder.join("ours.toml"), file("OUR-X-001", &given)).unwrap();
    let reports = "--report html=x.html --report json=x.json --report junit=x.xml --report md=x.md";
    let (code, told, talk) = emvtap(&folder, &format!("test run ours.toml -vvv {reports}"));
    assert_eq!(code, 0, "{talk}");
    assert!(told.contains("541333******5678") && !told.contains(OTHER), "{told}");
    let (_, told, _) = emvtap(&folder, "test run ours.toml -vvv --unmask");
    assert!(told.contains(OTHER), "who wants to see it does: {told}");
    for name in ["x.html", "x.json", "x.xml", "x.md"] {
        assert!(!fs::read_to_string(folder.join(name)).unwrap().contains(OTHER), "{name}");
    }
}
