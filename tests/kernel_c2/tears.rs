//! Tears at every exchange: before, within and after the answer, of cards of every kind; then the same card comes again, or another
//! one does. What has to come of it is written down here from the rules of Book C-2, S9 to S11.

use std::cell::RefCell;

use emvtap::{
    apdu::CommandHeader,
    card::{Card, Profile, fault::Fault},
    data::Amount,
    entry::KernelId,
    host::{Answer, Host, Request},
    kernel::{c2::Kept, event::Event, outcome::OutcomeResult as R},
    link::{Faulty, VirtualCard},
    run::{Parts, Reader, Seeded, Tap, Transaction},
    terminal::Terminal,
    tlv::Tag,
};

use crate::harness::{find, hex, text};

/// Records of the credit card, with a DRDOL.
const RECORD: &str = r#""2.1" = { oda = true, objects = ["57", "5A", "5F24", "5F25", "5F28", "5F30", "5F34", "8C", "8E", "9F07", "9F08", "9F0D", "9F0E", "9F0F", "9F42", "9F4A", "9F51"] }"#;
const DRDOL: &str = r#""9F51" = "9F0206 9F3704""#;
const AMOUNT: &str = "000000002500";

/// A kind of card, at a terminal that brings out what is special about it.
struct Kind {
    name: &'static str,
    base: &'static str,
    /// Over the base: objects, and records.
    data: &'static str,
    records: &'static str,
    /// What the terminal has more.
    terminal: &'static [(u32, &'static str)],
    /// Whether a torn cryptogram is remembered.
    recovers: bool,
    /// Whether a lost card may have written: no second presentment.
    writes: bool,
}

const STORAGE: &[(u32, &str)] = &[
    (0xDF810D, "02"),
    (0x9F5C, "0102030405060708"),
    (0xDF62, "80"),
    (0xDF810A, "E0"),
    (0xDF8108, "80"),
    (0xDF60, "0011223344556677"),
    (0xDF63, "CAFE"),
    (0xFF8102, "9F7504CAFE0001"),
    (0xFF8103, "9F7602CAFE"),
    (0xDF8112, "9F75"),
];

const KINDS: [Kind; 7] = [
    Kind { name: "signed", base: "credit", data: DRDOL, records: RECORD, terminal: &[], recovers: true, writes: false },
    Kind {
        name: "unsigned",
        base: "credit",
        data: "\"9F51\" = \"9F0206 9F3704\"\n\"82\" = \"1880\"",
        records: RECORD,
        terminal: &[],
        recovers: true,
        writes: false,
    },
    Kind { name: "no DRDOL", base: "credit", data: "", records: "", terminal: &[], recovers: false, writes: false },
    Kind {
        name: "no log",
        base: "credit",
        data: DRDOL,
        records: RECORD,
        terminal: &[(0xDF811D, "00")],
        recovers: false,
        writes: false,
    },
    Kind {
        name: "storage",
        base: "data-storage",
        data: "",
        records: "",
        terminal: STORAGE,
        recovers: false,
        writes: true,
    },
    Kind {
        name: "relay",
        base: "relay-fast",
        data: DRDOL,
        records: RECORD,
        terminal: &[],
        recovers: true,
        writes: false,
    },
    Kind { name: "stripe", base: "mag-stripe", data: "", records: "", terminal: &[], recovers: false, writes: false },
];

impl Kind {
    fn card(&self, sequence: u8) -> Card {
        // The identifier of the storage is that of the card.
        let identifier =
            if self.writes { format!("\"9F5E\" = \"5413330089001102{sequence:02}\"\n") } else { String::new() };
        let profile = format!(
            "schema = 'emvtap.card/1'\nextends = 'mastercard/{}'\ntitle = 'x'\n[application.mastercard.data]\n\"5F34\" = {sequence}\n{identifier}{}\n\
             [application.mastercard.records]\n{}\n",
            self.base, self.data, self.records
        );
        let profile = Profile::parse("x.toml", &profile, &|_| None).unwrap_or_else(|problem| panic!("{problem}"));
        Card::new(&profile, 1).unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn reader(&self) -> Reader {
        let mut terminal = Terminal::builtin("mc-attended").unwrap().unwrap();
        for (tag, value) in self.terminal {
            terminal.set(Tag::new(*tag), &hex(value)).unwrap();
        }
        Reader::new(terminal.configuration())
    }
}

struct Yes;

impl Host for Yes {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer { response_code: Some(*b"00"), ..Answer::default() }
    }
}

/// What a tap came to.
struct Seen {
    tap: Tap,
    commands: Vec<Vec<u8>>,
    kept: Kept,
    card: Card,
}

impl Seen {
    fn sent(&self, instruction: u8) -> Vec<&Vec<u8>> {
        self.commands.iter().filter(|command| command[1] == instruction).collect()
    }

    fn results(&self) -> Vec<R> {
        self.tap.outcomes.iter().map(|outcome| outcome.result).collect()
    }
}

fn fault(command: &str, occurrence: usize, kind: &str) -> Fault {
    let text = format!("name = 'x'\ncommand = '{command}'\noccurrence = {occurrence}\nkind = {kind}\n");
    toml::from_str(&text).unwrap()
}

fn pay(reader: &mut Reader, card: Card, amount: &str, seed: u64, faults: &[Fault]) -> Seen {
    let sale = Transaction::purchase(Amount::parse(amount, 2).unwrap(), "2026-06-15T12:00:00Z".parse().unwrap());
    let commands = RefCell::new(Vec::new());
    let mut events = |_, event: &Event<'_>| {
        if let Event::Command { bytes, .. } = event {
            commands.borrow_mut().push(bytes.to_vec());
        }
    };
    let mut link = Faulty::new(VirtualCard::new(card), faults.iter().cloned());
    let parts = Parts { link: &mut link, host: &mut Yes, random: &mut Seeded::new(seed), events: &mut events };
    let tap = reader.pay(&sale, parts);
    let kept = Kept::parse(reader.kept(KernelId::C2)).unwrap();
    Seen { tap, commands: commands.into_inner(), kept, card: link.into_inner().into_card() }
}

/// The moments of a tear, and the L1 error that it is if the reader was waiting for the answer.
const MOMENTS: [(&str, Option<&str>); 3] = [("before", Some("01")), ("middle", Some("02")), ("after", None)];

#[test]
fn a_tear_at_every_exchange_ends_as_the_book_says() {
    std::thread::scope(|scope| {
        let runs: Vec<_> = KINDS.iter().map(|kind| scope.spawn(|| tear_everywhere(kind))).collect();
        runs.into_iter().for_each(|run| run.join().unwrap());
    });
}

fn tear_everywhere(kind: &Kind) {
    // Issued once; every tap gets a copy.
    let cards = [kind.card(1), kind.card(2)];
    let whole = pay(&mut kind.reader(), cards[0].clone(), "25.00", 7, &[]);
    assert_eq!(whole.results(), [R::OnlineRequest], "{}", kind.name);
    for at in 0..whole.commands.len() {
        for (moment, error) in MOMENTS {
            let place = format!("{} {} {moment}", kind.name, text(&whole.commands[at]));
            // After its answer the card is missed at the next command, if there is one.
            let (lost, error) = match error {
                Some(error) => (Some(&whole.commands[at]), error),
                None => (whole.commands.get(at + 1), "01"),
            };
            tear(kind, &cards, &place, (at, moment), lost, error);
        }
    }
}

/// One tear, and what follows it.
fn tear(kind: &Kind, cards: &[Card; 2], place: &str, (at, moment): (usize, &str), lost: Option<&Vec<u8>>, error: &str) {
    let faults = [fault("ANY", at + 1, &format!("{{ tear = '{moment}' }}")), fault("POLL", 2, "'absent'")];
    let mut reader = kind.reader();
    let torn = pay(&mut reader, cards[0].clone(), "25.00", 7, &faults);
    let instruction = lost.map(|command| command[1]);
    // What the card has computed: the cryptogram is torn within its answer, not before it.
    let is_cryptogram = instruction == Some(0xAE);
    let has_answered = is_cryptogram && moment == "middle";
    let written = torn.commands.iter().rev().skip(1).any(|command| command[1] == 0xAE);
    let expected = match instruction {
        // Behind the cryptogram nothing is torn: PUT DATA that nobody answers changes nothing.
        None => vec![R::OnlineRequest],
        Some(0xDA) if written => vec![R::OnlineRequest],
        // Entry Point polls again, and so it does after Try Again, which stays inside.
        Some(0xA4 | 0xA8) => vec![],
        Some(_) => vec![R::EndApplication],
    };
    assert_eq!(torn.results(), expected, "{place}");
    if expected == [R::EndApplication] {
        let outcome = &torn.tap.outcomes[0];
        let indication = find(outcome.discretionary_data.as_deref().unwrap(), 0xDF8115).unwrap();
        let no_return = is_cryptogram && kind.writes;
        let message = if no_return { "1C" } else { "21" };
        assert_eq!(indication, format!("{error}00000000{message}"), "{place}");
        assert_eq!(outcome.start.is_some(), !no_return, "{place}");
        assert_eq!(outcome.data_record.is_some(), no_return, "{place}");
    }
    let remembered = is_cryptogram && kind.recovers;
    assert_eq!(torn.kept.torn.len(), usize::from(remembered), "{place}");
    if remembered {
        entry(place, &torn);
    }
    // Another card of the account recovers nothing, and leaves the log as it is.
    let other = pay(&mut reader, cards[1].clone(), "10.00", 8, &[]);
    assert_eq!(other.results(), [R::OnlineRequest], "{place}");
    assert!(other.sent(0xD0).is_empty(), "{place}: another card recovers");
    assert_eq!(other.kept.torn, torn.kept.torn, "{place}");
    // The same card recovers what is torn; if it never got as far, it makes a new cryptogram.
    let same = pay(&mut reader, torn.card, "10.00", 9, &[]);
    assert_eq!(same.results(), [R::OnlineRequest], "{place}");
    assert_eq!(same.sent(0xD0).len(), usize::from(remembered), "{place}: RECOVER AC");
    let new = kind.base != "mag-stripe" && !(remembered && has_answered);
    assert_eq!(same.sent(0xAE).len(), usize::from(new), "{place}: GENERATE AC");
    assert!(same.kept.torn.is_empty(), "{place}: the log is empty again");
    if kind.base != "mag-stripe" {
        let amount = find(same.tap.outcomes[0].data_record.as_deref().unwrap(), 0x9F02).unwrap();
        let first = remembered && has_answered;
        assert_eq!(amount, if first { AMOUNT } else { "000000001000" }, "{place}");
    }
}

/// What a torn record says is what was said to the card.
fn entry(place: &str, torn: &Seen) {
    let record = torn.kept.torn[0].bytes();
    let command = CommandHeader::parse(torn.commands.last().unwrap()).unwrap();
    // CDOL1 begins with amount, other amount, country, TVR, currency, date, type and unpredictable number.
    let sent = |range: core::ops::Range<usize>| text(&command.data[range]);
    for (tag, value) in [
        (0x9F02, sent(0..6)),
        (0x9F03, sent(6..12)),
        (0x9F1A, sent(12..14)),
        (0x95, sent(14..19)),
        (0x5F2A, sent(19..21)),
        (0x9A, sent(21..24)),
        (0x9C, sent(24..25)),
        (0x9F37, sent(25..29)),
        (0xDF8107, text(command.data)),
        (0xDF8113, [sent(0..6), sent(25..29)].concat()),
        (0xDF8114, format!("{:02X}", command.p1)),
        (0x5A, "5413330089001102".to_owned()),
        (0x5F34, "01".to_owned()),
    ] {
        assert_eq!(find(record, tag), Some(value), "{place}: {tag:X} of the torn record");
    }
}

#[test]
fn the_log_has_room_for_so_many_cards_and_loses_the_oldest() {
    let kind = &KINDS[0];
    let tear = [fault("GENERATE AC", 1, "{ tear = 'middle' }"), fault("POLL", 2, "'absent'")];
    let cards: Vec<Card> = (1..=6).map(|sequence| kind.card(sequence)).collect();
    for room in 1..=4_u8 {
        let mut terminal = Terminal::builtin("mc-attended").unwrap().unwrap();
        terminal.set(Tag::new(0xDF811D), &[room]).unwrap();
        let mut reader = Reader::new(terminal.configuration());
        for (sequence, card) in (1..=6_u8).zip(&cards) {
            let seen = pay(&mut reader, card.clone(), "25.00", sequence.into(), &tear);
            let numbers: Vec<_> = seen.kept.torn.iter().map(|record| find(record.bytes(), 0x5F34).unwrap()).collect();
            let oldest = sequence.saturating_sub(room) + 1;
            let expected: Vec<_> = (oldest..=sequence).map(|number| format!("{number:02}")).collect();
            assert_eq!(numbers, expected, "room for {room}");
            let told = find(seen.tap.outcomes[0].discretionary_data.as_deref().unwrap(), 0xFF8101);
            let lost = told.map(|record| find(&hex(&record), 0x5F34).unwrap());
            assert_eq!(lost, (sequence > room).then(|| format!("{:02}", sequence - room)), "room for {room}");
        }
    }
}
