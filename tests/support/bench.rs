//! One reader with test kernels, and what can be seen of a tap.

use std::cell::RefCell;

use emvtap::{
    data::Amount,
    entry::{Configuration, Options},
    host::{Answer, Host, Request},
    kernel::{
        event::Event,
        outcome::{OutcomeResult, Start, UiRequest},
    },
    run::{Disposition, Parts, Reader, Seeded, Tap, Transaction},
    time::Micros,
};

use super::{
    card::Card,
    kernel::{Notebook, Seen},
    settings, text,
};

/// What went by, without the commands of kernels.
#[derive(Clone, Debug, PartialEq)]
pub enum Saw {
    FieldOn,
    FieldOff(Option<u16>),
    CardPresent,
    /// `PPSE`, or the selected name.
    Select(String),
    Starts(Start, bool),
    Ui(UiRequest),
    Candidate(String, String, u8),
    Host,
}

/// A host that gives its answers one after the other; without any left it cannot be reached.
#[derive(Default)]
pub struct Issuer {
    pub answers: Vec<Answer>,
    /// Data records and whether a PIN came with them.
    pub asked: Vec<(String, bool)>,
}

impl Issuer {
    /// Approves. `data`: 91 and 71/72, as hex of whole objects.
    pub fn approves(data: &str) -> Self {
        Self::answers(Some(*b"00"), data)
    }

    pub fn answers(code: Option<[u8; 2]>, data: &str) -> Self {
        let data = super::hex(data);
        let mut answer = Answer { response_code: code, ..Answer::default() };
        for object in emvtap::tlv::objects(&data) {
            let object = object.unwrap();
            match object.tag.number() {
                0x91 => answer.authentication_data = Some(object.value.to_vec()),
                tag => answer.scripts.extend(super::tlv(tag, object.value)),
            }
        }
        Self { answers: vec![answer], asked: Vec::new() }
    }

    pub fn after(mut self, elapsed: Micros) -> Self {
        self.answers[0].elapsed = elapsed;
        self
    }
}

impl Host for Issuer {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        self.asked.push((text(request.data_record), request.online_pin));
        if self.answers.is_empty() { Answer::default() } else { self.answers.remove(0) }
    }
}

/// Everything that can be seen of a tap.
pub struct Trace {
    pub tap: Tap,
    pub saw: Vec<(Micros, Saw)>,
    pub kernels: Vec<Seen>,
    pub rules: Vec<String>,
    pub asked: Vec<super::card::Asked>,
}

impl Trace {
    /// SELECT commands: `PPSE` and names.
    pub fn selects(&self) -> Vec<String> {
        let select = |(_, saw): &(Micros, Saw)| match saw {
            Saw::Select(name) => Some(name.clone()),
            _ => None,
        };
        self.saw.iter().filter_map(select).collect()
    }

    /// Messages with their status: `15 ready-to-read`.
    pub fn messages(&self) -> Vec<String> {
        let show = |request: &UiRequest| {
            let message = request.message.map_or("--".to_owned(), |message| message.to_string());
            format!("{message} {}", request.status.map_or("--", |status| status.name()))
        };
        self.requests().iter().map(|(_, request)| show(request)).collect()
    }

    pub fn requests(&self) -> Vec<(Micros, UiRequest)> {
        let request = |(at, saw): &(Micros, Saw)| match saw {
            Saw::Ui(request) => Some((*at, *request)),
            _ => None,
        };
        self.saw.iter().filter_map(request).collect()
    }

    /// Kernels that were activated: `21 A0000000030003`.
    pub fn activated(&self) -> Vec<String> {
        self.kernels.iter().map(|seen| format!("{} {}", seen.kernel, seen.adf_name)).collect()
    }

    pub fn count(&self, wanted: &Saw) -> usize {
        self.saw.iter().filter(|(_, saw)| saw == wanted).count()
    }

    pub fn results(&self) -> Vec<OutcomeResult> {
        self.tap.outcomes.iter().map(|outcome| outcome.result).collect()
    }

    /// Start point and Restart flag of each activation: `A`, `B+`.
    pub fn starts(&self) -> Vec<String> {
        let one = |seen: &Seen| format!("{}{}", seen.start.name(), if seen.restart { "+" } else { "" });
        self.kernels.iter().map(one).collect()
    }
}

/// A reader and its kernels' notebook.
pub struct Bench {
    pub reader: Reader,
    pub notebook: Notebook,
    pub random: Seeded,
}

/// 2026-11-21, 12:34:56.
pub fn sale(kind: u8, amount: &str) -> Transaction {
    Transaction::new(kind, Amount::parse(amount, 2).unwrap(), "2026-11-21T12:34:56Z".parse().unwrap())
}

impl Bench {
    pub fn new(lines: &[(&'static str, &'static str, &'static str)]) -> Self {
        let notebook = Notebook::default();
        let reader = Reader::new(settings::configuration(lines, &notebook));
        Self { reader, notebook, random: Seeded::new(1) }
    }

    pub fn of(make: impl FnOnce(&Notebook) -> Configuration) -> Self {
        let notebook = Notebook::default();
        Self { reader: Reader::new(make(&notebook)), notebook, random: Seeded::new(1) }
    }

    pub fn options(mut self, options: Options) -> Self {
        self.reader = self.reader.with_options(options);
        self
    }

    /// A tap from `start` (A or B) with an issuer that cannot be reached.
    pub fn tap(&mut self, start: Start, transaction: &Transaction, card: &mut Card) -> Trace {
        self.tap_online(start, transaction, card, &mut Issuer::default())
    }

    pub fn tap_online(
        &mut self,
        start: Start,
        transaction: &Transaction,
        card: &mut Card,
        issuer: &mut Issuer,
    ) -> Trace {
        self.notebook.borrow_mut().clear();
        let saw = RefCell::new(Vec::new());
        let rules = RefCell::new(Vec::new());
        let mut sink = |at: Micros, event: &Event<'_>| {
            if let Event::Rule { book, rule, note } = event {
                rules.borrow_mut().push(format!("{book} {rule} {note}"));
            }
            saw.borrow_mut().extend(seen(event).map(|saw| (at, saw)));
        };
        let parts = Parts { link: card, host: issuer, random: &mut self.random, events: &mut sink };
        let tap = match start {
            Start::A => self.reader.pay(transaction, parts),
            _ => self.reader.autorun(transaction, parts),
        };
        let times: Vec<Micros> = saw.borrow().iter().map(|(at, _)| *at).collect();
        assert!(times.is_sorted(), "time goes forward: {times:?}");
        Trace {
            tap,
            saw: saw.into_inner(),
            kernels: self.notebook.borrow().clone(),
            rules: rules.into_inner(),
            asked: card.asked.clone(),
        }
    }
}

fn seen(event: &Event<'_>) -> Option<Saw> {
    Some(match event {
        Event::FieldOn => Saw::FieldOn,
        Event::FieldOff { hold } => Saw::FieldOff(*hold),
        Event::CardPresent => Saw::CardPresent,
        Event::Command { name: "SELECT PPSE", .. } => Saw::Select("PPSE".to_owned()),
        Event::Command { name: "SELECT", bytes } => Saw::Select(text(&bytes[5..bytes.len() - 1])),
        Event::EntryPoint { start, restart } => Saw::Starts(*start, *restart),
        Event::Ui(request) => Saw::Ui(**request),
        Event::Candidate { adf_name, kernel, priority, .. } => Saw::Candidate(text(adf_name), text(kernel), *priority),
        Event::Host { .. } => Saw::Host,
        _ => return None,
    })
}

/// One tap on a fresh reader.
pub fn tap(lines: &[(&'static str, &'static str, &'static str)], start: Start, amount: &str, mut card: Card) -> Trace {
    Bench::new(lines).tap(start, &sale(0x00, amount), &mut card)
}

/// One tap at Start A on a fresh reader, with an issuer.
pub fn tap_online(
    lines: &[(&'static str, &'static str, &'static str)],
    amount: &str,
    mut card: Card,
    mut issuer: Issuer,
) -> Trace {
    Bench::new(lines).tap_online(Start::A, &sale(0x00, amount), &mut card, &mut issuer)
}

/// A sale that ended well.
pub fn assert_approved(trace: &Trace, id: &str) {
    assert_eq!(trace.tap.disposition, Disposition::Approved, "{id}: {:?}", trace.tap);
}
