//! Foreign subjects behind the shim protocol: the one in `tests/shim`, which somebody else could have written, and others in
//! `tests/shim/broken` that do everything wrong. Whatever they do costs their case and never the run.
#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::Duration,
};

use emvtap::suite::{
    results::{Aspect, CaseResult, Results, Verdict},
    seen::Ended,
};

const EMVTAP: &str = env!("CARGO_BIN_EXE_emvtap");
const THREE: &str = "tests/shim/three.toml";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(EMVTAP);
    command.args(["test", "run"]).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("EMVTAP", EMVTAP);
    command
}

fn broken(name: &str) -> String {
    format!("shim:sh tests/shim/broken/{name}.sh")
}

struct Ran {
    code: i32,
    results: Results,
}

fn read(output: &Output) -> Ran {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let results =
        emvtap::report::results::read("stdout", &text).unwrap_or_else(|why| panic!("{why:?}\n{text}\n{said}"));
    Ran { code: output.status.code().unwrap(), results }
}

/// Runs cases and reads what came of them.
fn run(subject: &str, arguments: &[&str]) -> Ran {
    let common = ["--subject", subject, "--format", "json"];
    read(&command(&[&common[..], arguments].concat()).output().unwrap())
}

impl Ran {
    fn verdicts(&self) -> Vec<Verdict> {
        self.results.cases.iter().map(|case| case.verdict).collect()
    }

    fn case(&self, id: &str) -> &CaseResult {
        self.results.cases.iter().find(|case| case.id == id).unwrap()
    }
}

#[test]
fn whatever_a_subject_does_costs_its_case_and_says_what_it_did() {
    for (name, code, verdict, said) in [
        ("hangs", 1, Verdict::Fail, "said nothing after `start` until the time was up"),
        ("floods-messages", 1, Verdict::Fail, "wrote more than 5000 messages in one tap"),
        ("floods-a-line", 1, Verdict::Fail, "wrote a line of more than 262144 bytes"),
        ("floods-stderr", 1, Verdict::Fail, "said nothing after `start`"),
        ("dies", 1, Verdict::Fail, "ended with exit status 3; on stderr: Segmentation fault, more or less"),
        ("is-killed", 1, Verdict::Fail, "was killed (signal: 9"),
        ("leaves", 1, Verdict::Fail, "ended with exit status 0 after `start`"),
        (
            "nonsense",
            1,
            Verdict::Fail,
            "wrote `panic: unwrap on None`, which is no message (stdout is for messages alone",
        ),
        ("not-text", 1, Verdict::Fail, "wrote a line that is not UTF-8 text"),
        ("unknown-message", 1, Verdict::Fail, "unknown variant `dance`"),
        ("no-hex", 1, Verdict::Fail, "wrote a command `select the card`, which is not hex"),
        ("strange-outcome", 1, Verdict::Fail, "wrote an outcome whose result is `maybe`"),
        ("endless-commands", 1, Verdict::Fail, "it asked the card more than 2000 times in one tap"),
        ("unimplemented", 5, Verdict::Unsupported, "exit status 89"),
        ("unsupported", 5, Verdict::Unsupported, "contactless"),
    ] {
        let ran = run(
            &broken(name),
            &[THREE, "--timeout", "2", "--id", "SHIM-ANY-00[12]", "--id", "SHIM-ANY-001", "-j", "1"],
        );
        assert_eq!(ran.verdicts(), [verdict], "{name}");
        assert!(ran.results.cases[0].reason.contains(said), "{name}: {}", ran.results.cases[0].reason);
        assert_eq!(ran.code, code, "{name}");
        assert!(ran.results.run.command.contains("--timeout 2"), "{}", ran.results.run.command);
        assert!(ran.results.end.is_some_and(|end| !end.interrupted));
    }
}

#[test]
fn the_next_case_gets_a_new_process() {
    let mark = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hangs-once");
    for file in [&mark, &mark.with_extension("again")] {
        let _ = fs::remove_file(file);
    }
    let arguments = [THREE, "--subject", &broken("hangs-once"), "--format", "json", "--timeout", "2", "-j", "1"];
    let ran = read(&command(&arguments).env("MARK", &mark).output().unwrap());
    assert_eq!(ran.verdicts(), [Verdict::Fail, Verdict::Pass, Verdict::Pass]);
    let dies = run(&broken("dies"), &[THREE, "-j", "1"]);
    assert_eq!(dies.verdicts(), [Verdict::Fail; 3]);
    assert!(dies.results.cases.iter().all(|case| case.taps[0].seen.steps.len() == 3), "field, command, response");
}

#[test]
fn a_process_may_end_after_every_tap() {
    let ran = run(&broken("one-shot"), &[THREE, "-j", "2"]);
    assert_eq!(ran.verdicts(), [Verdict::Fail; 3]);
    let seen = &ran.case("SHIM-ANY-002").taps[0].seen;
    assert_eq!((&seen.ended, seen.disposition.as_str()), (&Ended::Done, "declined"));
}

#[test]
fn what_is_said_after_a_tap_is_never_judged_in_the_next() {
    let ahead = run(&broken("ahead"), &[THREE, "-j", "1"]);
    assert_eq!(ahead.verdicts(), [Verdict::Fail; 3]);
    for case in &ahead.results.cases {
        assert!(
            case.reason.contains("wrote `{\"type\":\"outcome\",\"result\":\"approved\"}` after the end"),
            "{}",
            case.reason
        );
        assert_eq!(case.taps[0].seen.steps.len(), 1, "one Outcome: {:?}", case.taps[0].seen.steps);
    }
    for name in ["done-twice", "done-late"] {
        let ran = run(&broken(name), &["tests/shim/declined.toml", "-j", "1"]);
        assert_eq!(ran.verdicts(), [Verdict::Pass; 3], "{name}: {:?}", ran.results.cases);
    }
}

#[test]
fn what_is_no_command_is_a_failure_of_its_form() {
    for (hex, said) in [
        ("00A404000E325041592E5359532E444446303100FF", "Lc says 14 bytes, 16 follow"),
        ("80A80000028300", "GPO: no Le"),
        ("80A80000058300", "Lc says 5 bytes, 2 follow"),
        ("00A4040000000E325041592E5359532E44444630310000", "extended length of 14 bytes, 16 follow"),
        ("80A8", "2 of the 4 bytes of a header"),
    ] {
        let subject = format!("shim:sh tests/shim/broken/ill-formed.sh {hex}");
        let ran = run(&subject, &["tests/shim/declined.toml", "-j", "1"]);
        assert_eq!(ran.verdicts(), [Verdict::Fail; 3], "{hex}");
        for case in &ran.results.cases {
            let form = case.findings.iter().find(|finding| finding.requirements == ["3/6.3.2-form"]);
            let form = form.unwrap_or_else(|| panic!("{hex}: {case:#?}"));
            assert_eq!((form.verdict, form.aspect), (Verdict::Fail, Aspect::Commands), "{hex}");
            assert!(form.observed.ends_with(said), "{hex}: {}", form.observed);
        }
    }
    let right = run("shim:sh tests/shim/broken/ill-formed.sh 00B2010C00", &["tests/shim/declined.toml", "-j", "1"]);
    assert_eq!(right.verdicts(), [Verdict::Pass; 3], "{:?}", right.results.cases);
}

#[test]
fn what_a_subject_says_is_only_text() {
    let output = command(&[THREE, "--subject", &broken("escapes"), "--id", "SHIM-ANY-001", "-vvv"]).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("red\\u{1b}[31m") && said.contains("gone\\u{1b}[2J"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

/// Nobody but the terminal knows what it makes of the issuer's answer.
#[test]
fn the_final_word_after_the_issuer_is_the_subjects() {
    for (word, verdict) in
        [(None, Verdict::Inconclusive), (Some("declined"), Verdict::Pass), (Some("approved"), Verdict::Fail)]
    {
        let done = word.map_or(String::new(), |word| format!(",\"disposition\":\"{word}\""));
        let mut command = command(&["tests/shim/word.toml", "--subject", &broken("final-word"), "--format", "json"]);
        let ran = read(&command.env("DONE", done).output().unwrap());
        assert_eq!(ran.verdicts(), [verdict], "{word:?}");
        let covered = ran.results.cases[0].findings.iter().any(|finding| finding.verdict != Verdict::NotApplicable);
        assert_eq!(covered, word.is_some(), "without a word nothing is judged");
    }
}

#[test]
fn a_subject_that_does_not_start_is_nobodys_failure() {
    let missing = command(&[THREE, "--subject", "shim:there-is-no-such-program"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(7));
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("`there-is-no-such-program` cannot be started"), "{said}");
    let unclosed = command(&[THREE, "--subject", "shim:sh 'a"]).output().unwrap();
    assert_eq!(unclosed.status.code(), Some(2));
    let unknown = command(&[THREE, "--subject", "ship:sh"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

/// Kernels that are wrong: the built-in one, changed on its way. Each is caught, by the aspect that it is wrong in.
#[test]
fn a_wrong_decision_is_a_failure() {
    for (edit, id, aspect, what) in [
        (r#"s/"cvm":"no-cvm"/"cvm":"signature"/"#, "SHIM-ANY-001", Aspect::Outcome, "cvm"),
        (r#"s/"result":"online-request"/"result":"approved"/"#, "SHIM-ANY-001", Aspect::Outcome, "outcome"),
        (r#"s/"disposition":"declined"/"disposition":"approved"/"#, "SHIM-ANY-002", Aspect::Outcome, "disposition"),
        (r#"s/"message":"17"/"message":"1B"/"#, "SHIM-ANY-001", Aspect::Ui, "user interface"),
        (r#"/"message":"17"/d"#, "SHIM-ANY-001", Aspect::Ui, "user interface"),
        (r#"s/"9F02":"000000001250"/"9F02":"000000000001"/"#, "SHIM-ANY-001", Aspect::Data, "data record 9F02"),
        (r#"s/"9F26":"[0-9A-F]*"/"9F26":"0102030405060708"/"#, "SHIM-ANY-001", Aspect::Data, "cryptogram"),
        (r#"s/36C04000/36804000/"#, "SHIM-ANY-003", Aspect::Commands, "GPO 9F66"),
    ] {
        let subject = format!("shim:sh tests/shim/broken/filtered.sh '{edit}'");
        let ran = run(&subject, &[THREE, "-j", "1"]);
        let case = ran.case(id);
        let failed = case.findings.iter().find(|finding| finding.verdict == Verdict::Fail);
        let failed = failed.unwrap_or_else(|| panic!("{edit} is not caught: {case:#?}"));
        assert_eq!((case.verdict, ran.code), (Verdict::Fail, 1), "{edit}");
        let failures: Vec<_> = case.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).collect();
        assert!(
            failures.iter().any(|finding| finding.aspect == aspect && finding.what.starts_with(what)),
            "{edit}: {failed:#?}"
        );
    }
    let right = run("shim:sh tests/shim/broken/filtered.sh p;d", &[THREE, "-j", "1"]);
    assert_eq!((right.verdicts(), right.code), (vec![Verdict::Pass; 3], 0), "the filter itself changes nothing");
}

#[test]
fn ctrl_c_writes_what_is_known() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interrupted.json");
    let subject = format!("shim:sh -c 'exec {EMVTAP} test shim'");
    let hangs = broken("hangs");
    for subject in [&hangs, &subject] {
        let report = format!("json={}", file.display());
        let mut child = command(&["--subject", subject, "--report", &report, "--timeout", "60", "-q"]).spawn().unwrap();
        while fs::read_to_string(&file).is_ok_and(|text| !text.contains("\"cases\"")) || !file.exists() {
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let results = emvtap::report::results::read("interrupted.json", &fs::read_to_string(&file).unwrap()).unwrap();
        assert!(results.end.unwrap().interrupted);
        let skipped = results.cases.iter().filter(|case| case.verdict == Verdict::Skip).count();
        assert!(skipped > 0);
        assert_eq!(
            results.cases.iter().find(|case| case.verdict == Verdict::Skip).unwrap().reason,
            "the run was interrupted"
        );
        fs::remove_file(&file).unwrap();
    }
}

/// Where it is missing nothing can be tested; CI has to have it.
fn python() -> Option<PathBuf> {
    let found = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CI").is_none(), "there is no python3 here, and this is CI");
    found.then(|| "python3".into())
}

/// The example agrees with the built-in kernels wherever it does not say that it does not do something, in these suites. CI runs it
/// against all of them.
#[test]
fn the_example_in_python_passes_what_it_supports() {
    let Some(_) = python() else { return eprintln!("there is no python3 here: nothing was tested") };
    let ran = run("shim:python3 tests/shim/terminal.py", &["ep/preprocessing", "c3/cvm", "-j", "2"]);
    let failed: Vec<_> = ran.results.cases.iter().filter(|case| case.verdict == Verdict::Fail).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let passed = ran.verdicts().into_iter().filter(|verdict| *verdict == Verdict::Pass).count();
    assert!(passed * 2 > ran.results.cases.len(), "{passed} of {}", ran.results.cases.len());
    assert_eq!(ran.results.run.name, "a small terminal in Python");
}

/// The protocol carries everything: the built-in kernels get the same verdicts through it, and the same is seen of them.
#[test]
fn the_built_in_kernels_are_the_same_through_the_protocol() {
    let suites = ["ep/directory", "c3/cvm", "c3/decision", "--shard", "1/3", "-j", "2"];
    let inside = run("builtin", &suites);
    let outside = run(&format!("shim:{EMVTAP} test shim"), &suites);
    assert!(inside.results.cases.len() > 20);
    for (inside, outside) in inside.results.cases.iter().zip(&outside.results.cases) {
        if outside.verdict == Verdict::NotApplicable {
            continue;
        }
        assert_eq!((&inside.id, inside.verdict), (&outside.id, outside.verdict));
        assert_eq!(inside.findings, outside.findings, "{}", inside.id);
    }
}

/// Kernel 2 with a terminal that talks to it, and taps that remember each other: the protocol carries both.
#[test]
fn data_exchange_and_torn_transactions_go_through_the_protocol() {
    let ours = format!("shim:{EMVTAP} test shim");
    let suites = ["test-vectors/suites/c2/data-exchange.toml", "test-vectors/suites/c2/torn.toml", "-j", "2"];
    let (shim, builtin) = (run(&ours, &suites), run("builtin", &suites));
    for (through, direct) in shim.results.cases.iter().zip(&builtin.results.cases) {
        let same = through.verdict == direct.verdict || through.verdict == Verdict::NotApplicable;
        assert!(same && direct.verdict == Verdict::Pass, "{}: {}", through.id, through.reason);
    }
    assert!(shim.results.cases.len() > 100 && shim.code == 0);
}
