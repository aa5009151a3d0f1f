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

/// What `card check` says that Kernel 2 refuses is what its own table of objects says.
#[test]
fn the_objects_that_kernel_2_refuses_are_those_of_its_dictionary() {
    use emvtap::{
        data::{
            Scope,
            dictionary::{ROWS, row},
        },
        kernel::c2::dictionary::{is_from_card, is_known},
    };
    for known in ROWS.iter().filter(|known| row(known.tag, Scope::K2).is_some_and(|row| core::ptr::eq(row, *known))) {
        let is_private = known.tag.bytes().iter().find(|byte| **byte != 0).is_some_and(|first| first & 0xC0 == 0xC0);
        let refused = is_known(known.tag) && !is_from_card(known.tag) && !is_private;
        assert_eq!(card::check::kernel_2_refuses(known), refused, "{}", known.constant);
    }
}

/// `line:column message` of what keeps a file from being read.
fn refused(result: Result<(), emvtap::diag::Problem>) -> String {
    let problem = result.unwrap_err();
    let at = problem.position.unwrap();
    format!("{}:{} {}", at.line, at.column, problem.message)
}

#[test]
fn an_object_is_stated_once_in_whatever_spelling() {
    let card = |lines: &str| {
        let text = format!("schema = \"emvtap.card/1\"\nextends = \"visa/phone\"\n[application.visa.data]\n{lines}");
        Profile::parse("mine.toml", &text, &|_| None)
    };
    let twice = |lines| refused(card(lines).map(|_| ()));
    assert_eq!(twice("9F07 = 'FFC0'\n9f07 = 'FF00'"), "5:1 `9f07` is 9F07, which line 4 states already");
    assert_eq!(
        twice("'Application Usage Control' = 'FFC0'\n9F07 = 'FF00'"),
        "5:1 `9F07` is 9F07, which line 4 states already"
    );
    // What a profile extends may have another spelling: there is one object all the same.
    for spelling in ["CTQ", "9f6c", "9F6C"] {
        let changed = card(&format!("{spelling} = '1234'")).unwrap();
        assert_eq!(changed.applications[0].data[&emvtap::data::dictionary::CTQ_9F6C], [0x12, 0x34], "{spelling}");
    }
    let terminal = |text: &str| refused(Terminal::from_text("till.toml", text).map(|_| ()));
    let named = TILL.replace("9F15 = \"5999\"\n", "9F15 = \"5999\"\n\"Merchant Category Code\" = \"1234\"\n");
    assert_eq!(terminal(&named), "11:1 this is 9F15, which is stated above already");
    let hex = format!("{TILL}[combination.data]\nDF811B = \"30\"\ndf811b = \"B0\"\n");
    assert_eq!(terminal(&hex), "27:1 this is DF811B, which is stated above already");
}
