//! `card check` and `terminal check`: each rule has a variant of a clean profile with exactly one defect, which gives exactly
//! this finding at this place.

mod cards;
mod terminals;

use std::collections::BTreeSet;

use cards::{CARDS, KEYS};
use emvtap::{
    card::{self, Profile},
    crypto::Trust,
    diag::{Check, Finding, Level},
    terminal::{self, Terminal},
    time::Date,
};
use terminals::{TERMINALS, TILL};

fn today() -> Date {
    Date::new(2026, 6, 15).unwrap()
}

fn check_card(file: &str, text: &str, today: Date) -> Vec<Finding> {
    let texts = |name: &str| KEYS.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    let profile = Profile::parse(file, text, &texts).unwrap_or_else(|problem| panic!("{text}\n{problem}"));
    let places = Profile::places(file, text, &texts).unwrap();
    let trust = Trust { ca_keys: terminal::ca_keys().unwrap(), ..Trust::default() };
    card::check::check(&profile, &places, &trust, today)
}

fn check_terminal(text: &str, today: Date) -> Vec<Finding> {
    let terminal = Terminal::from_text("till.toml", text).unwrap_or_else(|problem| panic!("{text}\n{problem}"));
    terminal::check::check(&terminal, &terminal::check::places("till.toml", text), today)
}

/// `name file:line:column` of each finding.
fn said(findings: &[Finding]) -> Vec<String> {
    let said = |finding: &Finding| {
        let place = finding.problem.position.as_ref().map(|at| format!(":{}:{}", at.line, at.column));
        format!("{} {}{}", finding.check.name, finding.problem.file, place.unwrap_or_default())
    };
    findings.iter().map(said).collect()
}

/// Findings that come with a later day, not with another profile.
#[test]
fn keys_and_certificates_expire() {
    let later = Date::new(2036, 1, 1).unwrap();
    let terminal = said(&check_terminal(TILL, later));
    assert_eq!(terminal, ["ca-key-expired till.toml:6:11"; 3]);
    let text = "schema = \"emvtap.card/1\"\nextends = \"visa/credit\"\n[application.visa.keys]\nca = \"visa-ca-e1\"\n[application.visa.certificates]\nexpiry = \"1235\"";
    let card = said(&check_card("mine.toml", text, later));
    assert_eq!(
        card,
        ["ca-key-expired mine.toml:4:6", "certificate-expired mine.toml:6:10", "expired visa/credit:18:10"]
    );
}

/// Rules whose findings the tests above cover otherwise than by their tables.
const LATER: [&str; 2] = ["ca-key-expired", "certificate-expired"];

#[test]
fn every_rule_has_a_defect() {
    let names = |checks: &[Check]| checks.iter().map(|check| check.name).collect::<BTreeSet<_>>();
    let first = |said: &'static str| said.split("; ").filter_map(|said| said.split(' ').next());
    let cards: BTreeSet<_> = CARDS.iter().flat_map(|(_, _, said)| first(said)).chain(LATER).collect();
    assert_eq!(cards, names(card::check::rules::ALL));
    let terminals: BTreeSet<_> =
        TERMINALS.iter().flat_map(|(_, said)| first(said)).chain(LATER.into_iter().take(1)).collect();
    assert_eq!(terminals, names(terminal::check::rules::ALL));
}

/// The built-in cards with findings, all of them deliberate, and the terminal.
const DELIBERATE: &[(&str, &[&str])] = &[
    ("visa-customer-data", &["unknown-object"]),
    ("visa-duplicate", &["duplicate-object"]),
    ("visa-expired", &["expired"]),
    ("visa-expired-certificate", &["certificate-expired"]),
    ("visa-expired-no-ctq", &["expired", "ctq-missing"]),
    ("visa-expired-online", &["expired"]),
    ("visa-format-1", &["card-authentication-data-place"]),
    ("visa-mag-stripe", &["aip-mag-stripe"]),
    ("visa-no-cryptogram", &["mandatory-object"]),
    ("visa-no-ctq", &["ctq-missing"]),
    ("visa-no-sdad", &["aip-dda-unsigned", "oda-missing"]),
    ("visa-no-track-2", &["mandatory-object"]),
    ("visa-no-ttq", &["pdol-missing"]),
    ("visa-oda-fails", &["ca-key-unknown"]),
    ("visa-oda-fails-both", &["ca-key-unknown"]),
    ("visa-oda-fails-decline", &["ca-key-unknown"]),
    ("visa-oda-fails-switch", &["ca-key-unknown"]),
    ("visa-odd-record", &["record-file", "card-authentication-data-place"]),
    ("visa-other-kernel", &["kernel-identifier"]),
    ("visa-phone-unsigned", &["card-authentication-data"]),
    ("visa-phone-without-9f69", &["oda-object", "ctq-device-without-proof"]),
    ("visa-streamlined", &["aip-dda-unsigned"]),
    ("visa-two-pans", &["track-2-pan"]),
    ("visa-unknown-application", &["kernel-identifier", "ca-key-unknown"]),
];

#[test]
fn built_in_profiles_say_what_they_are_meant_to() {
    let known = |name: &str| DELIBERATE.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, checks)| checks);
    let names = |findings: &[Finding]| findings.iter().map(|finding| finding.check.name).collect::<Vec<_>>();
    let cards = card::builtin::names();
    let look = |name: &String| {
        let found = names(&check_card(name, card::builtin::builtin(name).unwrap(), today()));
        (found != known(name)).then(|| format!("(\"{name}\", &{found:?}),"))
    };
    let look = &look;
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = cards
            .chunks(cards.len().div_ceil(4))
            .map(|part| scope.spawn(move || part.iter().filter_map(look).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for name in terminal::names() {
        let found = check_terminal(Terminal::builtin_text(name).unwrap(), today());
        assert!(found.iter().all(|finding| finding.level() != Level::Error), "{name}");
        assert_eq!(names(&found), known(name), "{name}");
    }
}
