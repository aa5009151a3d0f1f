//! A card of a few objects against the kernel, without Entry Point and without a card simulator.

use std::collections::BTreeMap;

use emvtap::{
    apdu::{LinkFault, Response, StatusWord},
    crypto::Trust,
    data::{Source, Store},
    kernel::{
        c3::{C3, Options},
        contract::{Activation, Cx, Indicators, Input, IssuerResponse, Kernel, Next},
        display::Display,
        event::Event,
        outcome::{Outcome, OutcomeResult, Start, UiRequest},
    },
    run::Seeded,
    time::{Date, Micros},
    tlv::{Tag, write_object},
};

pub fn hex(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_object(&mut out, Tag::new(tag), value);
    out
}

/// The bytes of objects, in the order of their tags.
pub fn objects(objects: &BTreeMap<u32, Vec<u8>>) -> Vec<u8> {
    objects.iter().flat_map(|(tag, value)| tlv(*tag, value)).collect()
}

/// File Control Information with a DF Name and these objects in the proprietary template.
pub fn fci(proprietary: &str) -> Vec<u8> {
    let name = tlv(0x84, &hex("A0000000031010"));
    tlv(0x6F, &[name, tlv(0xA5, &hex(proprietary))].concat())
}

/// A template of the answer to GET PROCESSING OPTIONS, or of a record, with status word 9000.
pub fn template(tag: u32, value: &str) -> Vec<u8> {
    [tlv(tag, &hex(value)), vec![0x90, 0x00]].concat()
}

/// A reply to a command: bytes with status word, or nothing.
pub type Reply = Result<Vec<u8>, LinkFault>;

/// Everything that one activation starts from.
#[derive(Clone)]
pub struct Scene {
    pub options: Options,
    pub ttq: [u8; 4],
    pub terminal: BTreeMap<u32, Vec<u8>>,
    pub aid: Vec<u8>,
    pub fci: Option<Vec<u8>>,
    /// What template 77 of the answer to GET PROCESSING OPTIONS holds.
    pub card: BTreeMap<u32, Vec<u8>>,
    /// The whole answer, if it is not that template.
    pub gpo: Option<Reply>,
    /// Answers to READ RECORD by P2 and P1; 6A83 for the rest.
    pub records: BTreeMap<(u8, u8), Reply>,
    /// Answers to everything else, in order; 9000 after the last.
    pub others: Vec<Reply>,
    pub trust: Trust,
    pub today: Date,
    pub issuer: Option<IssuerResponse>,
}

pub const TC: &str = "06010A03900000";
pub const ARQC: &str = "06010A03A00000";
pub const AAC: &str = "06010A03800000";

impl Default for Scene {
    /// An online card without wishes: ARQC, no CTQ, no records. The reader has EMV mode, online PIN and signature.
    fn default() -> Self {
        let card = [
            (0x82, "2000"),
            (0x57, "4761739001010010D31122010000000000000F"),
            (0x9F10, ARQC),
            (0x9F26, "1122334455667788"),
            (0x9F36, "0001"),
            (0x5F34, "01"),
        ];
        let terminal = [
            (0x9F02, "000000001000"),
            (0x9F03, "000000000000"),
            (0x5F2A, "0978"),
            (0x9A, "261121"),
            (0x9C, "00"),
            (0x9F1A, "0276"),
            (0x9F37, "8B55633B"),
            (0x9F33, "E0F0C8"),
            (0x9F35, "22"),
        ];
        let map = |rows: &[(u32, &str)]| rows.iter().map(|(tag, value)| (*tag, hex(value))).collect();
        Self {
            options: Options::default(),
            ttq: [0x26, 0, 0, 0],
            terminal: map(&terminal),
            aid: hex("A0000000031010"),
            fci: Some(fci("500456495341 9F38069F66049F3704")),
            card: map(&card),
            gpo: None,
            records: BTreeMap::new(),
            others: Vec::new(),
            trust: Trust::default(),
            today: Date::new(2026, 11, 21).unwrap(),
            issuer: None,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    pub outcome: Outcome,
    pub commands: Vec<Vec<u8>>,
    pub ui: Vec<UiRequest>,
    /// Book, rule and note.
    pub rules: Vec<(String, String, String)>,
    /// Method and failure.
    pub oda: Vec<(String, Option<String>)>,
}

impl Ran {
    pub fn cites(&self, rule: &str) -> bool {
        self.rules.iter().any(|(book, cited, _)| book == "C-3" && cited == rule)
    }

    pub fn note(&self, rule: &str) -> &str {
        let found = self.rules.iter().find(|(book, cited, _)| book == "C-3" && cited == rule);
        found.map_or("", |(.., note)| note)
    }

    /// Message and status on outcome, as they are written in the tables of Book A.
    pub fn message(&self) -> Option<u8> {
        self.outcome.ui_on_outcome.and_then(|request| request.message).map(|message| message.0)
    }
}

impl Scene {
    pub fn set(mut self, tag: u32, value: &str) -> Self {
        self.card.insert(tag, hex(value));
        self
    }

    pub fn without(mut self, tag: u32) -> Self {
        self.card.remove(&tag);
        self
    }

    pub fn terminal(mut self, tag: u32, value: &str) -> Self {
        self.terminal.insert(tag, hex(value));
        self
    }

    pub fn ttq(mut self, ttq: &str) -> Self {
        self.ttq = hex(ttq).try_into().unwrap();
        self
    }

    /// Sets one bit of TTQ: byte and bit from 1.
    pub fn ttq_bit(mut self, byte: usize, bit: u8) -> Self {
        self.ttq[byte - 1] |= 1 << (bit - 1);
        self
    }

    pub fn gpo(mut self, bytes: &str) -> Self {
        self.gpo = Some(Ok(hex(bytes)));
        self
    }

    pub fn record(mut self, sfi: u8, number: u8, bytes: &str) -> Self {
        self.records.insert((sfi << 3 | 4, number), Ok(hex(bytes)));
        self
    }

    pub fn option(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    fn answer(&self, command: &[u8], other: &mut usize) -> Reply {
        match command {
            [0x80, 0xA8, ..] => {
                self.gpo.clone().unwrap_or_else(|| Ok([tlv(0x77, &objects(&self.card)), vec![0x90, 0x00]].concat()))
            }
            [0x00, 0xB2, number, p2, ..] => {
                self.records.get(&(*p2, *number)).cloned().unwrap_or_else(|| Ok(vec![0x6A, 0x83]))
            }
            _ => {
                *other += 1;
                self.others.get(*other - 1).cloned().unwrap_or_else(|| Ok(vec![0x90, 0x00]))
            }
        }
    }

    pub fn run(&self) -> Ran {
        self.run_on(&mut C3::new(self.options.clone()), 600)
    }

    /// Runs on a kernel that may have run before; panics if it is not done after `budget` commands.
    pub fn run_on(&self, kernel: &mut dyn Kernel, budget: usize) -> Ran {
        let mut other = 0;
        self.drive(kernel, budget, &mut |command| self.answer(command, &mut other))
    }

    pub fn drive(&self, kernel: &mut dyn Kernel, budget: usize, card: &mut dyn FnMut(&[u8]) -> Reply) -> Ran {
        let mut store = Store::new();
        for (tag, value) in &self.terminal {
            store.put(Tag::new(*tag), value, Source::Terminal);
        }
        let activation = Activation {
            start: Start::B,
            restart: self.issuer.is_some(),
            indicators: Indicators { ttq: Some(self.ttq), ..Indicators::default() },
            adf_name: &self.aid,
            aid: &self.aid,
            kernel_id: &[0x03],
            fci: self.fci.as_deref(),
            select_status: Some(StatusWord::OK),
            issuer: self.issuer.as_ref(),
            removal_timed_out: false,
        };
        let (mut rules, mut oda, mut ui, mut commands) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut sink = |_: Micros, event: &Event<'_>| match event {
            Event::Rule { book, rule, note } => rules.push((book.to_string(), rule.to_string(), note.to_string())),
            Event::Oda { method, failure } => oda.push((method.to_string(), failure.map(|note| note.to_string()))),
            Event::Ui(request) => ui.push(**request),
            _ => {}
        };
        let mut display = Display::default();
        let mut cx = Cx {
            activation: &activation,
            store: &mut store,
            trust: &self.trust,
            today: self.today,
            now: Micros::ZERO,
            display: &mut display,
            random: &mut Seeded::new(1),
            kept: &mut Vec::new(),
            events: &mut sink,
        };
        let mut next = kernel.start(&mut cx);
        let outcome = loop {
            let command = match next {
                Next::Done(outcome) => break *outcome,
                Next::Send(command) => command,
                other => panic!("kernel 3 has no business with the terminal: {other:?}"),
            };
            commands.push(command.bytes().to_vec());
            assert!(commands.len() <= budget, "the kernel does not end");
            let reply = card(command.bytes());
            let input = match &reply {
                Ok(bytes) => Input::Card(Response::parse(bytes).expect("two bytes at least")),
                Err(fault) => Input::Link(*fault),
            };
            next = kernel.reply(input, &mut cx);
        };
        Ran { outcome, commands, ui, rules, oda }
    }
}

/// The end that most errors lead to: End Application, message 1C, everything else N/A.
#[track_caller]
pub fn assert_ends(ran: &Ran, what: &str) {
    let end = Outcome { ui_on_outcome: ran.outcome.ui_on_outcome, ..Outcome::new(OutcomeResult::EndApplication) };
    assert_eq!(ran.outcome, end, "{what}: {:?}", ran.rules);
    assert_eq!(ran.message(), Some(0x1C), "{what}");
    let status = ran.outcome.ui_on_outcome.and_then(|request| request.status);
    assert_eq!(status.map(|status| status.name()), Some("processing-error"), "{what}");
}

/// The same, for the reason that is given.
#[track_caller]
pub fn assert_ends_because(ran: &Ran, reason: &str, what: &str) {
    assert_ends(ran, what);
    let (.., note) = ran.rules.last().expect("a rule is cited");
    assert!(note.contains(reason), "{what}: {note}");
}
