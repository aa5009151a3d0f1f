//! What becomes of every built-in card at every built-in terminal: `tests/golden/outcomes.txt`. `UPDATE_GOLDEN=1` writes it
//! anew; a change shows as a diff that a person can read.

#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

mod taps;

use std::{fmt::Write as _, fs, path::Path};

use emvtap::{kernel::outcome::Cvm, terminal::TransactionType};
use taps::{IssuedCard, Place, Told, cards, pay, terminals, transaction};

/// In minor units: below, at and above the limits of the built-in terminals.
const AMOUNTS: [u64; 7] = [0, 1_00, 4_00, 20_00, 40_00, 75_00, 600_00];

const HEADER: &str = "\
# What becomes of every built-in card at every built-in terminal, on 2026-06-15: cash at ATMs, purchases elsewhere.
# Each line: amounts: Outcomes | CVM | offline data authentication | disposition. Amounts that are not here never get to a card.
";

#[test]
fn every_card_at_every_terminal() {
    let mut terminals = terminals();
    let cards = cards();
    let results: Vec<Vec<[String; AMOUNTS.len()]>> =
        cards.iter().map(|card| terminals.iter_mut().map(|terminal| results(card, terminal)).collect()).collect();
    let mut found = String::from(HEADER);
    for (at, card) in cards.iter().enumerate() {
        write!(found, "\n{}", card.name).unwrap();
        if let Some(same) = results[..at].iter().position(|earlier| *earlier == results[at]) {
            writeln!(found, ": as {}", cards[same].name).unwrap();
            continue;
        }
        writeln!(found).unwrap();
        for (terminal, results) in terminals.iter().zip(&results[at]) {
            write_runs(&terminal.name, results, &mut found);
        }
    }
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/outcomes.txt"), &found);
}

fn compare(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let different = expected.lines().zip(found.lines()).enumerate().find(|(_, (expected, found))| expected != found);
    if let Some((line, (expected, found))) = different {
        panic!("line {} is\n  {found}\nshould be\n  {expected}\nUPDATE_GOLDEN=1 accepts the change", line + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "UPDATE_GOLDEN=1 accepts the change");
}

/// A result for each amount; empty where no card is asked.
fn results(card: &IssuedCard, terminal: &mut Place) -> [String; AMOUNTS.len()] {
    let kind = if terminal.name.starts_with("atm") { TransactionType::Cash } else { TransactionType::Purchase };
    AMOUNTS.map(|amount| {
        let told = pay(card, terminal, &transaction(kind, amount), &[]);
        if told.commands == 0 { String::new() } else { line(&told) }
    })
}

/// A line for every run of amounts with the same result.
fn write_runs(terminal: &str, results: &[String], out: &mut String) {
    let mut runs: Vec<(Vec<String>, &str)> = Vec::new();
    for (amount, result) in AMOUNTS.iter().zip(results).filter(|(_, result)| !result.is_empty()) {
        let amount = format!("{}.{:02}", amount / 100, amount % 100);
        match runs.last_mut().filter(|(_, before)| before == result) {
            Some((amounts, _)) => amounts.push(amount),
            None => runs.push((vec![amount], result)),
        }
    }
    for (at, (amounts, result)) in runs.iter().enumerate() {
        let terminal = if at == 0 { terminal } else { "" };
        writeln!(out, "  {terminal:<19} {:>34}: {result}", amounts.join(" ")).unwrap();
    }
}

fn line(told: &Told) -> String {
    let tap = told.tap();
    let cvm = tap.outcome().map_or(Cvm::NotApplicable, |outcome| outcome.cvm).name().unwrap_or("-");
    let oda = match told.oda.last() {
        None => "-".to_owned(),
        Some((method, None)) => format!("{method} ok"),
        Some((method, Some(why))) => {
            format!("{method} failed: {}", why.split(": expected").next().unwrap_or_default())
        }
    };
    let interface = tap.outcome().and_then(|outcome| outcome.alternate_interface);
    let interface = interface.map_or(String::new(), |interface| format!(" ({})", interface.name()));
    format!("{}{interface} | {cvm} | {oda} | {}", told.chain(), tap.disposition.name())
}
