//! Conformance cases: what a file says, and what is tapped because of it.

use std::sync::Arc;

use emvtap::{
    diag::Problem,
    suite::{load, plan::Planned, resolve::PlannedTap},
};

const HEAD: &str = "schema = 'emvtap.case/1'\ntitle = 'a suite'\n";

fn suite(text: &str) -> Result<Vec<Planned>, Problem> {
    let text = format!("{HEAD}{text}");
    let beside = Arc::new(|name: &str| {
        (name == "other.toml").then(|| "schema = 'emvtap.card/1'\nextends = 'visa/phone'\ntitle = 'other'\n".to_owned())
    });
    load::suite("c3/x", "x.toml", &text, beside).map(|suite| suite.cases)
}

fn taps(text: &str) -> Vec<Vec<PlannedTap>> {
    let cases = suite(text).unwrap_or_else(|problem| panic!("{problem}"));
    cases.iter().map(|case| case.taps().unwrap_or_else(|problem| panic!("{problem}"))).collect()
}

#[allow(dead_code, reason = "stories of mistakes use it")]
fn refused(text: &str) -> String {
    match suite(text) {
        Err(problem) => problem.to_string(),
        Ok(cases) => cases.iter().find_map(|case| case.taps().err()).expect("a mistake").to_string(),
    }
}

const CASE: &str = "[[case]]\nid = 'C3-X-001'\ntitle = 'x'\n";

#[test]
fn what_nobody_says_is_as_in_pay() {
    let all = taps(&format!("given.amount = '25.00'\n{CASE}"));
    let [tap] = all[0].as_slice() else { panic!() };
    assert_eq!((tap.card.file.as_str(), tap.terminal.title.as_str()), ("visa-credit", "attended retail terminal"));
    assert_eq!(tap.transaction.amount.minor_units(), 2500);
    assert_eq!((tap.transaction.kind, tap.transaction.when.to_string().as_str()), (0x00, "2026-06-15T12:00:00"));
    assert!(!tap.autorun && tap.faults.is_empty() && tap.unpredictable_numbers.is_empty() && !tap.same_card);
    assert_eq!(tap.inputs["amount"], "25.00 EUR");
    tap.issue(7).unwrap();
}

#[test]
fn the_last_who_says_something_counts_and_fragments_lie_over_one_another() {
    let all = taps(
        "[given]\namount = '1.00'\ncard = 'visa-credit'\nclock = '2027-01-01T00:00:00Z'\n\
         [given.card-with.application.visa.data]\nCTQ = '8000'\n'9F6E' = '20700000'\n\
         [[case]]\nid = 'C3-X-001'\ntitle = 'x'\n[case.given]\namount = '2.00'\nset.TTQ = '26000000'\n\
         [case.given.card-with.application.visa.counters]\natc = 7\n\
         [case.given.terminal-with]\ncountry = '276'\ncombination.floor-limit = '3.00'\n\
         [case.vary.ctq.signature.given.card-with.application.visa.data]\nCTQ = '4000'\n\
         [case.vary.ctq.none.given.card-with.application.visa]\ndata.CTQ = '0000'\n",
    );
    let ctq = |tap: &PlannedTap| tap.card.applications[0].data[&"9F6C".parse().unwrap()].clone();
    assert_eq!(all.iter().map(|taps| ctq(&taps[0])).collect::<Vec<_>>(), [[0, 0], [0x40, 0]]);
    let tap = &all[1][0];
    assert_eq!((tap.transaction.amount.minor_units(), tap.card.applications[0].atc), (200, 7));
    assert_eq!(tap.transaction.when.to_string(), "2027-01-01T00:00:00");
    let entry = tap.terminal.combinations[0].entry();
    assert_eq!((entry.ttq, entry.floor_limit.map(|limit| limit.minor_units())), (Some([0x26, 0, 0, 0]), Some(300)));
    assert_eq!(tap.terminal_toml["country"].as_str(), Some("276"));
    assert_eq!(tap.terminal_toml["combination"][0]["ttq"].as_str(), Some("26000000"));
}

/// Every built-in case can be read, and each of its taps made.
#[test]
fn the_built_in_suites_can_be_tapped() {
    let mut wrong = Vec::new();
    let (mut cases, mut start) = (0, std::time::Instant::now());
    for name in load::names() {
        match load::builtin(&name).unwrap() {
            Ok(suite) => {
                cases += suite.cases.len();
                println!("{name} {} {:?}", suite.cases.len(), start.elapsed());
                wrong
                    .extend(suite.cases.iter().filter_map(|case| case.taps().err()).map(|problem| problem.to_string()));
                start = std::time::Instant::now();
            }
            Err(problem) => wrong.push(problem.to_string()),
        }
    }
    println!("{cases}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
