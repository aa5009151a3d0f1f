//! Whatever goes wrong with a card, the reader ends in an Outcome that Book A allows.

mod taps;

use std::collections::BTreeSet;

use emvtap::{
    card::{
        Profile,
        fault::{Fault, Kind, Moment, Occurrence, Target},
    },
    data::text::HexText,
    kernel::outcome::{Cvm, OnlineResponseData, Outcome, OutcomeResult, Start},
    link::Faulty,
    run::Disposition,
    terminal::TransactionType::Purchase,
};
use taps::{Generous, IssuedCard, Place, Told, card, cards, faults, link, pay, place, tap, terminals, transaction};

/// More than any good tap needs, less than forever: the AFL has at most 63 entries of 255 records, and Entry Point limits
/// how often it starts again.
const STEPS_MAX: usize = 63 * 255 * 10;

/// The combinations of Outcome parameters that make sense (Book A, table 6-2 and 8.1.1).
fn check(told: &Told, what: &dyn Fn() -> String) {
    let tap = told.tap();
    assert!(tap.stopped.is_none(), "{}: stopped by {:?}", what(), tap.stopped);
    assert!(!tap.outcomes.is_empty() && told.commands < STEPS_MAX, "{}", what());
    told.outcomes.iter().for_each(|outcome| check_outcome(outcome, what));
    let last = tap.outcome().map(|outcome| outcome.result);
    let final_result = !matches!(last, Some(OutcomeResult::SelectNext | OutcomeResult::TryAgain));
    assert!(final_result, "{}: {last:?} is not final", what());
    if tap.disposition == Disposition::Approved {
        let decided =
            |outcome: &Outcome| matches!(outcome.result, OutcomeResult::Approved | OutcomeResult::OnlineRequest);
        assert!(tap.outcomes.iter().any(decided), "{}: approved without approval", what());
    }
}

fn check_outcome(outcome: &Outcome, what: &dyn Fn() -> String) {
    use OutcomeResult as R;
    let holds = match outcome.result {
        R::Approved | R::OnlineRequest => outcome.data_record.is_some() && outcome.cvm != Cvm::NotApplicable,
        R::Declined => outcome.data_record.is_none() && outcome.start.is_none(),
        R::SelectNext => outcome.start == Some(Start::C) && outcome.data_record.is_none(),
        R::TryAgain => outcome.start == Some(Start::B) && outcome.data_record.is_none(),
        R::TryAnotherInterface => outcome.start.is_none() && outcome.data_record.is_none(),
        R::EndApplication => outcome.data_record.is_none() && outcome.cvm == Cvm::NotApplicable,
    };
    let interface = outcome.alternate_interface.is_none() || outcome.result == R::TryAnotherInterface;
    let online = outcome.online_response_data == OnlineResponseData::NotApplicable
        || outcome.result == R::OnlineRequest && outcome.start.is_some();
    assert!(holds && interface && online, "{}: {outcome:?}", what());
}

fn named(name: &str) -> Vec<Fault> {
    let found = emvtap::card::fault::named(name).unwrap();
    assert!(!found.is_empty(), "{name}");
    found
}

#[test]
fn every_named_fault_with_every_card() {
    let mut terminal = place("retail-offline", |_| {});
    for card in cards() {
        // 1785 records are the same with every card.
        for (name, faults) in faults().iter().filter(|(name, _)| name != "endless-afl") {
            let told = pay(&card, &mut terminal, &transaction(Purchase, 20_00), faults);
            check(&told, &|| format!("{} with {name}", card.name));
        }
    }
}

/// What goes wrong with an exchange, whatever it is.
fn kinds() -> Vec<Kind> {
    use Kind::{Answer, Extend, FlipBit, FlipCommandBit, Keep, Status, Tear, Truncate};
    let mut kinds = vec![
        Tear(Moment::Before),
        Tear(Moment::Middle),
        Tear(Moment::After),
        Truncate(1),
        Truncate(usize::MAX),
        Keep(0),
        Keep(1),
        Extend(HexText(vec![0xFF])),
        Answer(HexText(Vec::new())),
        FlipCommandBit(0),
    ];
    kinds.extend([0x6283u16, 0x6985, 0x6A82, 0x0000].map(|status| Status(HexText(status.to_be_bytes().to_vec()))));
    kinds.extend([0, 9, 100].map(FlipBit));
    kinds
}

/// Every kind of fault at every exchange of every card; of cards that the reader cannot tell apart when nothing goes wrong, one.
#[test]
fn every_kind_of_fault_at_every_exchange() {
    let mut terminal = place("retail-offline", |_| {});
    let sale = transaction(Purchase, 20_00);
    let mut seen = BTreeSet::new();
    for card in cards() {
        let good = pay(&card, &mut terminal, &sale, &[]);
        let exchanges = good.commands;
        if !seen.insert((good.chain(), good.oda, good.rules, exchanges)) {
            continue;
        }
        for exchange in 1..=exchanges {
            for kind in kinds() {
                let fault = Fault {
                    name: "any".to_owned(),
                    text: String::new(),
                    command: Target::Any,
                    occurrence: Occurrence::Number(exchange),
                    kind,
                };
                let what = || format!("{} at exchange {exchange} with {:?}", card.name, fault.kind);
                check(&pay(&card, &mut terminal, &sale, std::slice::from_ref(&fault)), &what);
            }
        }
    }
}

/// The same all the time: no card can keep a reader busy for ever.
#[test]
fn a_fault_that_never_stops_ends_too() {
    let card = card("visa-debit-offline");
    for terminal in &mut terminals() {
        for kind in kinds() {
            for command in [Target::Any, Target::Poll, Target::Gpo, Target::Select, Target::ReadRecord(None)] {
                let (text, occurrence) = (String::new(), Occurrence::Every);
                let fault = Fault { name: "always".to_owned(), text, command, occurrence, kind: kind.clone() };
                let told = pay(&card, terminal, &transaction(Purchase, 20_00), &[fault]);
                check(&told, &|| format!("{} with {command} {kind:?}", terminal.name));
            }
        }
    }
}

/// Card, fault, Outcomes and disposition of 20.00 at `retail-offline`, by hand from c3.md and Book B.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    // The card was gone before the kernel ran: Entry Point polls again (B, 3.3.3.7).
    ("visa-credit", "tear-ppse", "online-request", "approved"),
    ("visa-credit", "tear-select", "online-request", "approved"),
    // The kernel ran: Try Again.
    ("visa-credit", "tear-gpo", "try-again B > online-request", "approved"),
    ("visa-credit", "tear-before-gpo", "try-again B > online-request", "approved"),
    ("visa-credit", "tear-after-gpo", "try-again B > online-request", "approved"),
    ("visa-phone", "tear-after-gpo", "online-request", "approved"),
    ("visa-credit", "tear-record", "try-again B > online-request", "approved"),
    ("visa-credit", "one-byte", "try-again B > online-request", "approved"),
    // Two cards, then one.
    ("visa-credit", "collision", "online-request", "approved"),
    ("visa-credit", "slow-gpo", "online-request", "approved"),
    // Status words (C-3, 5.2.2.2; B, 3.3.2.3 and 3.3.3.5).
    ("visa-credit", "no-ppse", "end-application", "none"),
    ("visa-credit", "no-application", "end-application", "none"),
    ("visa-two-applications", "no-application", "online-request", "approved"),
    ("visa-credit", "gpo-6984", "try-another-interface", "none"),
    ("visa-credit", "gpo-6985", "select-next C > end-application", "none"),
    ("visa-two-applications", "gpo-6985", "select-next C > online-request", "approved"),
    ("visa-credit", "gpo-6986", "try-again B > online-request", "approved"),
    ("visa-credit", "gpo-6300", "end-application", "none"),
    ("visa-credit", "record-6a83", "end-application", "none"),
    // Templates and lengths (C-3, 5.2.2.2).
    ("visa-credit", "truncated-gpo", "end-application", "none"),
    ("visa-credit", "extended-gpo", "end-application", "none"),
    ("visa-credit", "flipped-gpo", "end-application", "none"),
    ("visa-credit", "truncated-record", "end-application", "none"),
    ("visa-credit", "no-record-template", "end-application", "none"),
    ("visa-credit", "long-length", "online-request", "approved"),
    ("visa-credit", "indefinite-length", "end-application", "none"),
    ("visa-credit", "length-one-more", "end-application", "none"),
    ("visa-credit", "length-one-less", "end-application", "none"),
    // Data objects (C-3, 5.4.2).
    ("visa-credit", "no-pdol", "end-application", "none"),
    ("visa-credit", "no-cryptogram", "end-application", "none"),
    ("visa-credit", "no-aip", "end-application", "none"),
    ("visa-credit", "no-track-2", "end-application", "none"),
    ("visa-credit", "duplicate-cryptogram", "end-application", "none"),
    ("visa-credit", "oversized-iad", "end-application", "none"),
    ("visa-credit", "other-pan", "end-application", "none"),
    ("visa-credit", "no-type", "end-application", "none"),
    ("visa-credit", "no-cid", "online-request", "approved"),
    ("visa-credit", "reversed-gpo", "online-request", "approved"),
    ("visa-credit", "unknown-object", "online-request", "approved"),
    ("visa-credit", "echoed-amount", "online-request", "approved"),
    ("visa-credit", "reserved-type", "declined", "declined"),
    // The AFL.
    ("visa-credit", "afl-length", "end-application", "none"),
    ("visa-credit", "afl-file-0", "end-application", "none"),
    ("visa-credit", "afl-backwards", "end-application", "none"),
    ("visa-credit", "afl-too-many-signed", "end-application", "none"),
    ("visa-credit", "afl-missing-file", "end-application", "none"),
    ("visa-credit", "afl-twice", "end-application", "none"),
    ("visa-credit", "endless-afl", "online-request", "approved"),
    // Authentication: CTQ of this card sends it online (C-3, 5.6.1.2), where only the cryptogram counts; a TC is none that the
    // issuer knows to answer, but our issuer verifies it as it verifies an ARQC.
    ("visa-debit-offline", "wrong-signature", "online-request", "approved"),
    ("visa-debit-offline", "wrong-issuer-certificate", "online-request", "approved"),
    ("visa-debit-offline", "wrong-card-certificate", "online-request", "approved"),
    ("visa-debit-offline", "wrong-static-data", "online-request", "approved"),
    ("visa-debit-offline", "no-signature", "online-request", "approved"),
    ("visa-debit-offline", "related-data-version", "online-request", "approved"),
    ("visa-sda", "wrong-static-signature", "online-request", "approved"),
    ("visa-oda-fails-decline", "wrong-signature", "declined", "declined"),
    // Nobody notices a wrong cryptogram offline; the issuer does.
    ("visa-debit-offline", "wrong-cryptogram", "approved", "approved"),
    ("visa-credit", "wrong-cryptogram", "online-request", "declined"),
    ("visa-credit", "other-number", "online-request", "declined"),
];

#[test]
fn known_faults_have_known_outcomes() {
    let mut terminal = place("retail-offline", |_| {});
    for (name, fault, chain, disposition) in KNOWN {
        let told = pay(&card(name), &mut terminal, &transaction(Purchase, 20_00), &named(fault));
        let found = (told.chain(), told.tap().disposition.name());
        assert_eq!(found, ((*chain).to_owned(), *disposition), "{name} with {fault}");
    }
}

/// Entry Point's limit, not the card's patience.
#[test]
fn a_phone_that_stays_locked_ends() {
    let told = pay(
        &card("visa-phone"),
        &mut place("retail-attended", |_| {}),
        &transaction(Purchase, 20_00),
        &named("gpo-6986-always"),
    );
    assert!(told.chain().starts_with("try-again B > try-again B"), "{}", told.chain());
    assert!(told.chain().ends_with("end-application"), "{}", told.chain());
}

/// A reader with issuer update: the second presentment.
fn updating() -> Place {
    place("retail-attended", |terminal| terminal.set(emvtap::tlv::Tag::new(0x9F66), &[0x36, 0, 0xC0, 0]).unwrap())
}

fn update(card: &IssuedCard, faults: Vec<Fault>) -> Told {
    tap(&mut updating(), &transaction(Purchase, 20_00), &mut Faulty::new(link(card), faults), &mut Generous)
}

#[test]
fn whatever_becomes_of_an_issuer_update_the_answer_stands() {
    let card = card("visa-issuer-update");
    let good = update(&card, Vec::new());
    for faults in [Vec::new(), named("tear-issuer-update"), named("issuer-not-believed"), named("tear-every-gpo")] {
        let told = update(&card, faults.clone());
        check(&told, &|| format!("{faults:?}"));
        assert!(
            faults.iter().any(|fault| fault.command == Target::Gpo) || told.tap().disposition == Disposition::Approved
        );
    }
    assert_eq!((good.chain().as_str(), good.commands), ("online-request B > end-application", 10));
}

/// A profile's own faults are as good as named ones.
#[test]
fn faults_of_a_profile_happen() {
    let text = "schema = 'emvtap.card/1'\nextends = 'visa/credit'\n[[fault]]\nname = 'x'\ncommand = 'READ RECORD 2.3'\n\
                kind = { status = '6A83' }\n";
    let profile = Profile::parse("mine.toml", text, &|_| None).unwrap();
    let mut link = Faulty::new(link(&card("visa-credit")), profile.faults);
    let told = tap(&mut place("retail-offline", |_| {}), &transaction(Purchase, 20_00), &mut link, &mut Generous);
    assert_eq!(told.chain(), "end-application");
}
