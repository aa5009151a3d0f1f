//! Every rule that kernel 3 and Entry Point can cite is cited by some tap of a built-in card at a built-in terminal. What no tap can
//! reach stands in `tests/golden/unreached-rules.txt`, with the reason; a rule that stands there and is reached fails, too.

#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

mod taps;

use std::{collections::BTreeSet, fs, path::Path};

use emvtap::{
    card::fault::named,
    entry::{self, Options},
    host::Host,
    kernel::{c3, rule::Rule, shared},
    link::Faulty,
    terminal::TransactionType,
};
use taps::{Generous, cards, faults, issuer, link, pay, tap, terminals, transaction};

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
    every_update(&mut cited);
    a_removal(&mut cited);

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

/// A reader that waits until the card has left before it tries again.
fn a_removal(cited: &mut Cited) {
    let options = Options { removal_before_try_again: true, ..Options::default() };
    let taps::Place { name, reader } = taps::place("retail-attended", |_| {});
    let mut place = taps::Place { name, reader: reader.with_options(options) };
    let sale = transaction(TransactionType::Purchase, 20_00);
    cited.extend(pay(&taps::card("visa-phone-locked"), &mut place, &sale, &[]).rules);
}

/// Cards that go online with an issuer that sends scripts, and with faults of a second presentment.
fn every_update(cited: &mut Cited) {
    let updated = taps::card("visa-issuer-update");
    let sale = transaction(TransactionType::Purchase, 20_00);
    let mut place = taps::place("retail-update", |_| {});
    let faults = ["tear-issuer-update", "issuer-not-believed"].map(|name| named(name).unwrap());
    for faults in faults.into_iter().chain([Vec::new()]) {
        let hosts: [&mut dyn Host; 2] = [&mut issuer(&updated.profile, "'7109860784DA00000100AA'"), &mut Generous];
        for host in hosts {
            let mut link = Faulty::new(link(&updated), faults.clone());
            cited.extend(tap(&mut place, &sale, &mut link, host).rules);
        }
    }
}
