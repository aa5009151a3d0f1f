//! Whole taps of built-in cards at built-in terminals, for tests that run many of them.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::collections::BTreeSet;

use emvtap::{
    card::{
        Card, Profile, builtin,
        fault::{Fault, catalogue},
    },
    data::Amount,
    host::{Answer, Host, Issuer, IssuerKey, Policy, Request},
    kernel::{event::Event, outcome::Outcome},
    link::{Faulty, Link, VirtualCard},
    run::{Parts, Reader, Seeded, Tap, Transaction},
    terminal::{self, Terminal, TransactionType},
    time::Micros,
};

/// A built-in card, issued once.
pub struct IssuedCard {
    pub name: String,
    pub profile: Profile,
    card: Card,
}

/// Every built-in card.
pub fn cards() -> Vec<IssuedCard> {
    let issue = |name: String| {
        let profile = Profile::builtin(&name).unwrap_or_else(|problem| panic!("{problem}"));
        let card = Card::new(&profile, 1).unwrap_or_else(|problem| panic!("{problem}"));
        IssuedCard { name, profile, card }
    };
    builtin::names().into_iter().map(issue).collect()
}

/// A built-in card by its name.
pub fn card(name: &str) -> IssuedCard {
    let profile = Profile::builtin(name).unwrap_or_else(|problem| panic!("{problem}"));
    let card = Card::new(&profile, 1).unwrap_or_else(|problem| panic!("{problem}"));
    IssuedCard { name: name.to_owned(), profile, card }
}

/// A terminal with its reader.
pub struct Place {
    pub name: String,
    pub reader: Reader,
}

/// Every built-in terminal.
pub fn terminals() -> Vec<Place> {
    terminal::names().into_iter().map(|name| place(name, |_| {})).collect()
}

/// A built-in terminal, changed.
pub fn place(name: &str, change: impl FnOnce(&mut Terminal)) -> Place {
    let mut terminal = Terminal::builtin(name).unwrap().unwrap_or_else(|problem| panic!("{problem}"));
    change(&mut terminal);
    Place { name: name.to_owned(), reader: Reader::new(terminal.configuration()) }
}

/// The names of the catalogue, each with what it does.
pub fn faults() -> Vec<(String, Vec<Fault>)> {
    let mut named: Vec<(String, Vec<Fault>)> = Vec::new();
    for fault in catalogue().unwrap_or_else(|problem| panic!("{problem}")) {
        match named.iter_mut().find(|(name, _)| *name == fault.name) {
            Some((_, together)) => together.push(fault.clone()),
            None => named.push((fault.name.clone(), vec![fault.clone()])),
        }
    }
    named
}

/// What was seen of a tap.
#[derive(Default)]
pub struct Told {
    pub tap: Option<Tap>,
    /// Book and number.
    pub rules: BTreeSet<(String, String)>,
    /// Every Outcome, also those that stay inside.
    pub outcomes: Vec<Outcome>,
    /// Method, and why it failed.
    pub oda: Vec<(String, Option<String>)>,
    pub commands: usize,
}

impl Told {
    pub fn tap(&self) -> &Tap {
        self.tap.as_ref().unwrap()
    }

    fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::Rule { book, rule, .. } => {
                self.rules.insert(((*book).to_owned(), (*rule).to_owned()));
            }
            Event::Outcome { outcome, .. } => self.outcomes.push((*outcome).clone()),
            Event::Oda { method, failure } => {
                self.oda.push(((*method).to_owned(), failure.map(|why| why.to_string())));
            }
            Event::Command { .. } => self.commands += 1,
            _ => {}
        }
    }

    /// The chain of Outcomes: `try-again B > online-request`.
    pub fn chain(&self) -> String {
        let name = |outcome: &Outcome| {
            let start = outcome.start.map_or(String::new(), |start| format!(" {}", start.name()));
            format!("{}{start}", outcome.result.name())
        };
        self.outcomes.iter().map(name).collect::<Vec<_>>().join(" > ")
    }
}

/// 2026-06-15, 12:00, as at the command line.
pub fn transaction(kind: TransactionType, minor_units: u64) -> Transaction {
    let amount = |units| Amount::new(units).unwrap();
    let other = if kind == TransactionType::Cashback { minor_units / 2 } else { 0 };
    let when = "2026-06-15T12:00:00Z".parse().unwrap();
    Transaction { other: amount(other), ..Transaction::new(kind.code(), amount(minor_units), when) }
}

/// An issuer of the card that sends these scripts.
pub fn issuer(profile: &Profile, scripts: &str) -> Issuer {
    let policy = Policy::parse("host.toml", &format!("schema = 'emvtap.host/1'\nscripts = [{scripts}]")).unwrap();
    let checksums = profile
        .checksum_keys()
        .map(|card| IssuerKey::checksum(card.prefix, card.key.0, card.pcvc3, card.punatc, card.natc));
    let keys = profile.issuer_keys().map(|(prefix, key)| IssuerKey::new(prefix, key.0));
    Issuer::new(keys.chain(checksums), policy)
}

/// A tap over any link.
pub fn tap(place: &mut Place, transaction: &Transaction, link: &mut dyn Link, host: &mut dyn Host) -> Told {
    let mut told = Told::default();
    let mut events = |_: Micros, event: &Event<'_>| told.note(event);
    let parts = Parts { link, host, random: &mut Seeded::new(1), events: &mut events };
    let tap = place.reader.pay(transaction, parts);
    told.tap = Some(tap);
    told
}

/// A tap of a fresh card with its own faults and more.
pub fn pay(card: &IssuedCard, place: &mut Place, transaction: &Transaction, faults: &[Fault]) -> Told {
    let faults = card.profile.faults.iter().chain(faults).cloned();
    let mut link = Faulty::new(VirtualCard::new(card.card.clone()), faults);
    tap(place, transaction, &mut link, &mut issuer(&card.profile, ""))
}

/// A link to a fresh card.
pub fn link(card: &IssuedCard) -> VirtualCard {
    VirtualCard::new(card.card.clone())
}

/// Approves everything, with data for the card.
pub struct Generous;

impl Host for Generous {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer {
            response_code: Some(*b"00"),
            authentication_data: Some(vec![0; 8]),
            scripts: hex::decode("7109860784DA00000100AA").unwrap(),
            ..Answer::default()
        }
    }
}
