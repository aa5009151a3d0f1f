//! Every rule that kernel 3 and Entry Point can cite is cited by some tap of a built-in card at a terminal. What no tap can
//! reach stands in `tests/golden/unreached-rules.txt`, with the reason; a rule that stands there and is reached fails, too.

#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

mod taps;

use std::{collections::BTreeSet, fs, path::Path};

use emvtap::{
    card::fault::named,
    entry,
    host::Host,
    kernel::{c3, rule::Rule, shared},
    link::Faulty,
    run::Reader,
    terminal::{Terminal, TransactionType},
};
use taps::{Generous, Place, cards, faults, issuer, link, pay, tap, terminals, transaction};

type Cited = BTreeSet<(String, String)>;

/// Books, kernel 3, and what kernels share.
fn rules() -> Vec<Rule> {
    let tables = [entry::rules::ALL, c3::rules::ALL, shared::rules::ALL];
    tables.into_iter().flatten().copied().chain(shared::rules::steps()).collect()
}

#[test]
fn every_rule_is_reached() {
    let mut cited = Cited::new();
    every_pair(&mut cited);
    every_fault(&mut cited);
    special_terminals(&mut cited);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/unreached-rules.txt");
    let text = fs::read_to_string(path).unwrap();
    let excused: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("`{line}` gives no reason")))
        .collect();
    let mut wrong = Vec::new();
    for rule in rules() {
        let reached = cited.contains(&(rule.book.to_owned(), rule.number.to_owned()));
        let is_excused = excused.iter().any(|(name, _)| *name == rule.to_string());
        match (reached, is_excused) {
            (false, false) => wrong.push(format!("{rule} is reached by no tap: {}", rule.words)),
            (true, true) => wrong.push(format!("{rule} is reached, and should not be listed")),
            _ => {}
        }
    }
    for (name, _) in &excused {
        if !rules().iter().any(|rule| rule.to_string() == *name) {
            wrong.push(format!("{name} is no rule"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every card at every terminal, with every type of transaction; for one card amounts on both sides of all limits.
fn every_pair(cited: &mut Cited) {
    let mut terminals = terminals();
    let cards = cards();
    for terminal in &mut terminals {
        for card in &cards {
            for kind in TransactionType::ALL {
                cited.extend(pay(card, terminal, &transaction(kind, 20_00), &[]).rules);
            }
        }
        let debit = cards.iter().find(|card| card.name == "visa-debit-offline").unwrap();
        for amount in [0, 1_00, 4_00, 40_00, 75_00, 600_00] {
            cited.extend(pay(debit, terminal, &transaction(TransactionType::Purchase, amount), &[]).rules);
        }
    }
}

/// Every fault, with the cards that have something to lose by it.
fn every_fault(cited: &mut Cited) {
    let mut terminal = taps::place("retail-offline", |_| {});
    for name in ["visa-credit", "visa-debit-offline", "visa-sda", "visa-two-applications", "visa-phone"] {
        let card = taps::card(name);
        for (_, faults) in faults() {
            cited.extend(pay(&card, &mut terminal, &transaction(TransactionType::Purchase, 20_00), &faults).rules);
        }
    }
}

/// What a combination of the built-in terminals does not have.
const SPECIAL: &[(&str, &str, &str)] = &[
    // Name, lines before the combinations, lines of the combination.
    ("update", "", "ttq = \"3600C000\""),
    ("mag-stripe", "", "ttq = \"86000000\""),
    ("both-modes", "", "ttq = \"B6004000\""),
    ("extended", "", "ttq = \"36004000\"\nextended-selection = true"),
    ("revoking", "[[revoked]]\nrid = \"A000000003\"\nindex = \"E2\"\nserial = \"0000BD\"\n", "ttq = \"36004000\""),
    ("transit", "[kernel.c3]\nfdda-for-online = true\nsda-for-online = true\n", "ttq = \"37004000\""),
    ("atm-checked", "[kernel.c3]\natm-check = true\n", "ttq = \"36004000\""),
    ("terminal-floor", "", "ttq = \"36004000\"\nterminal-floor-limit = \"10.00\""),
    ("offline-zero", "", "ttq = \"2E004000\"\nzero-amount-allowed = true\nstatus-check = true"),
    ("see-phone", "[kernel.c3]\nsee-phone = \"end-application\"\n", "ttq = \"36004000\""),
    ("pin-only", "", "ttq = \"24004000\"\ncvm-required-limit = \"5.00\""),
];

fn special((name, before, combination): (&str, &str, &str)) -> Place {
    let kind = if name == "atm-checked" { "14" } else { "22" };
    let text = format!(
        "schema = \"emvtap.terminal/1\"\ntitle = \"{name}\"\ncountry = \"056\"\ncurrency = \"EUR\"\ntype = \"{kind}\"\n\
         ca-keys = [\"emvtap-test\"]\n{before}[data]\n\"Terminal Capabilities\" = \"E0F8C8\"\n[[combination]]\n\
         aids = [\"A0000000031010\", \"A0000000032010\"]\nkernel = \"03\"\n{combination}\n"
    );
    let terminal = Terminal::from_text(name, &text).unwrap_or_else(|problem| panic!("{problem}"));
    Place { name: name.to_owned(), reader: Reader::new(terminal.configuration()) }
}

/// Every card there; cards that go online with an issuer that sends scripts, and with faults of a second presentment.
fn special_terminals(cited: &mut Cited) {
    let sale = |amount| transaction(TransactionType::Purchase, amount);
    let cards = cards();
    for mut place in SPECIAL.iter().copied().map(special) {
        for card in &cards {
            cited.extend(pay(card, &mut place, &sale(20_00), &[]).rules);
        }
        for amount in [0, 1_00] {
            cited.extend(pay(&cards[0], &mut place, &sale(amount), &[]).rules);
        }
        let faults = ["tear-issuer-update", "issuer-not-believed", "no-signature"].map(|name| named(name).unwrap());
        for faults in faults.into_iter().chain([Vec::new()]) {
            let updated = cards.iter().find(|card| card.name == "visa-issuer-update").unwrap();
            let hosts: [&mut dyn Host; 2] = [&mut issuer(&updated.profile, "'7109860784DA00000100AA'"), &mut Generous];
            for host in hosts {
                let mut link = Faulty::new(link(updated), faults.clone());
                cited.extend(tap(&mut place, &sale(20_00), &mut link, host).rules);
            }
        }
    }
}
