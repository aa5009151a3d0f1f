//! The built-in suites against the built-in terminal: every case passes. This is also the only test of a mutation run, see
//! docs/mutation.md.

#![allow(missing_docs, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use emvtap::{
    host::Host,
    kernel::c2,
    link::Link,
    suite::{
        Builtin,
        catalogue::Catalogue,
        judge::Sight,
        load,
        perform::{Conditions, perform},
        plan::Planned,
        results::{CaseResult, Verdict},
        seen::{OutcomeSeen, Seen, Step, What},
        subject::{Assignment, Description, Subject},
    },
};

/// Read when it runs, so that a new case needs no new program.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/test-vectors");

fn suite(name: &str) -> load::Suite {
    let file = format!("test-vectors/suites/{name}.toml");
    let text = std::fs::read_to_string(format!("{FOLDER}/suites/{name}.toml")).unwrap();
    load::suite(name, &file, &text, Arc::new(|_| None)).unwrap_or_else(|problem| panic!("{problem}"))
}

fn names() -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["ep", "c2", "c3"] {
        let files = std::fs::read_dir(format!("{FOLDER}/suites/{folder}")).unwrap();
        let stems = files.filter_map(|file| file.unwrap().path().file_stem()?.to_str().map(str::to_owned));
        names.extend(stems.map(|stem| format!("{folder}/{stem}")));
    }
    names.sort();
    names
}

fn conditions() -> Conditions {
    let text = std::fs::read_to_string(format!("{FOLDER}/requirements.toml")).unwrap();
    let catalogue = Catalogue::parse("requirements.toml", &text).unwrap_or_else(|problem| panic!("{problem}"));
    let requirements: BTreeMap<_, _> =
        catalogue.requirements.iter().map(|requirement| (requirement.id.clone(), requirement.note())).collect();
    Conditions { seed: 7, timeout: Duration::from_secs(10), sight: Sight::Everything, requirements }
}

fn told(result: &CaseResult) -> String {
    let bad = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
    let lines: Vec<String> = bad
        .map(|finding| format!("\n    {}: expected {}, observed {}", finding.what, finding.expected, finding.observed))
        .collect();
    format!("{} {} {}{}", result.verdict.name(), result.id, result.reason, lines.concat())
}

/// A terminal that never asks the card: it decides nothing, or always the same.
struct Blind(Option<&'static str>);

impl Subject for Blind {
    fn describe(&mut self) -> Result<Description, String> {
        Ok(Description::default())
    }

    fn reset(&mut self) {}

    fn tap(&mut self, _: &Assignment<'_>, _: &mut dyn Link, _: &mut dyn Host) -> Seen {
        let outcome = |result: &str| OutcomeSeen { result: result.to_owned(), ..OutcomeSeen::default() };
        let steps = self.0.map(|result| Step { at_us: 0, what: What::Outcome(outcome(result)) });
        Seen { steps: steps.into_iter().collect(), ..Seen::default() }
    }
}

/// A case that something passes by doing nothing asserts nothing; neither does one that a word passes. What pre-processing ends is
/// over before there is a card.
#[test]
fn no_case_is_passed_without_the_card() {
    let conditions = conditions();
    let suites: Vec<_> = names().iter().map(|name| suite(name)).collect();
    let mut passed = BTreeSet::new();
    let words = ["approved", "declined", "online-request", "try-another-interface", "end-application"];
    for word in [None].into_iter().chain(words.map(Some)) {
        for case in suites.iter().flat_map(|suite| &suite.cases) {
            let is_over_before = word == Some("try-another-interface") && case.id.starts_with("EP-PRE-");
            if !is_over_before && perform(case, &mut Blind(word), &conditions).result.verdict == Verdict::Pass {
                passed.insert(case.id.clone());
            }
        }
    }
    assert!(passed.is_empty(), "{passed:?}");
}

/// A subject without a kernel is not asked about it.
#[test]
fn cases_of_a_kernel_need_the_kernel() {
    for name in names() {
        let Some(kernel) = ["c2", "c3"].into_iter().find(|kernel| name.starts_with(kernel)) else { continue };
        for case in suite(&name).cases {
            let applies = case.applies.as_ref().unwrap_or_else(|| panic!("{} applies everywhere", case.id));
            assert!(applies.to_string().contains(&format!("kernel.{kernel}")), "{}: {applies}", case.id);
        }
    }
}

/// What a book asks for, and a case can see, a case asserts.
#[test]
fn every_requirement_is_asserted() {
    let mut cited = BTreeSet::new();
    for name in names() {
        let text = std::fs::read_to_string(format!("{FOLDER}/suites/{name}.toml")).unwrap();
        cite(&toml::from_str(&text).unwrap(), &mut cited);
    }
    let requirements = conditions().requirements;
    let testable = requirements.iter().filter(|(_, note)| note.untestable.is_none()).map(|(id, _)| id);
    let missing: Vec<&String> = testable.filter(|id| !cited.contains(*id)).collect();
    assert!(missing.is_empty(), "no case asserts {missing:?}");
}

fn cite(value: &toml::Value, cited: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match value.as_array().filter(|_| key == "requirement") {
                    Some(ids) => cited.extend(ids.iter().filter_map(|id| id.as_str().map(str::to_owned))),
                    None => cite(value, cited),
                }
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| cite(value, cited)),
        _ => {}
    }
}

#[test]
fn every_case_passes() {
    let only = std::env::var("SUITE_ONLY").unwrap_or_default();
    let suites: Vec<_> = names().iter().map(|name| suite(name)).collect();
    let cases: Vec<&Planned> =
        suites.iter().flat_map(|suite| &suite.cases).filter(|case| case.id.starts_with(&only)).collect();
    let (next, wrong, conditions) = (AtomicUsize::new(0), Mutex::new(Vec::new()), conditions());
    let cited = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut subject = Builtin::citing();
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = perform(case, &mut subject, &conditions);
                    if done.result.verdict != Verdict::Pass {
                        wrong.lock().unwrap().push(told(&done.result));
                    }
                    if done.broke_subject {
                        subject = Builtin::citing();
                    }
                }
                cited.lock().unwrap().extend(subject.cited().cloned());
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(!cases.is_empty() && wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    if only.is_empty() {
        every_step_of_kernel_2_is_taken(&cited.into_inner().unwrap());
    }
}

/// Every step that Kernel 2 can cite is taken in some case; what none can take is listed with the reason, and only that.
fn every_step_of_kernel_2_is_taken(cited: &BTreeSet<(String, String)>) {
    let excuses = include_str!("golden/unreached-steps-c2.txt");
    let excused: BTreeMap<&str, &str> =
        excuses.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": ")).collect();
    let taken = |number: &str| cited.contains(&("C-2".to_owned(), number.to_owned()));
    let mut wrong: Vec<String> = c2::rules::ALL
        .iter()
        .filter(|rule| taken(rule.number) == excused.contains_key(rule.number))
        .map(|rule| {
            if taken(rule.number) {
                format!("{rule} is taken, and should not be listed")
            } else {
                format!("{rule}: {}", rule.words)
            }
        })
        .collect();
    let unknown = excused.keys().filter(|number| !c2::rules::ALL.iter().any(|rule| rule.number == **number));
    wrong.extend(unknown.map(|number| format!("{number} is no step")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
