//! A card of a few objects and a terminal of a few words against the kernel, without Entry Point and without a card simulator.
//!
//! The card has the keys of chain `own` (made with Python integers) and signs what it is asked to sign; that its signatures are
//! those of other people's cards is tested with values of theirs in `authentication`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use emvtap::{
    apdu::{LinkFault, Response, StatusWord},
    crypto::{
        CaKey, Trust,
        cda::{DynamicData, transaction_data_hash},
        rsa::PrivateKey,
        signature::{FORMAT_DYNAMIC, sign_sdad},
    },
    data::{Source, Store},
    kernel::{
        c2::{C2, Options},
        contract::{Activation, Cx, DataRequest, Indicators, Input, Kernel, Next, Random},
        display::Display,
        event::Event,
        outcome::{Outcome, OutcomeResult, Start, UiRequest},
    },
    run::Seeded,
    time::{Date, Micros},
    tlv::{Tag, objects, write_object},
};
use serde_json::Value;

pub fn hex(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn text(bytes: &[u8]) -> String {
    hex::encode_upper(bytes)
}

pub fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_object(&mut out, Tag::new(tag), value);
    out
}

/// The bytes of objects, in the order of their tags.
pub fn all(objects: &BTreeMap<u32, Vec<u8>>) -> Vec<u8> {
    objects.iter().flat_map(|(tag, value)| tlv(*tag, value)).collect()
}

/// A template with status word 9000.
pub fn template(tag: u32, value: &[u8]) -> Vec<u8> {
    [tlv(tag, value), vec![0x90, 0x00]].concat()
}

pub fn map(rows: &[(u32, &str)]) -> BTreeMap<u32, Vec<u8>> {
    rows.iter().map(|(tag, value)| (*tag, hex(value))).collect()
}

pub fn list(rows: &[(u32, &str)]) -> Vec<(u32, Vec<u8>)> {
    rows.iter().map(|(tag, value)| (*tag, hex(value))).collect()
}

/// The bytes of objects, in this order.
pub fn in_order(objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    objects.iter().flat_map(|(tag, value)| tlv(*tag, value)).collect()
}

/// Eight bytes at once are the number that was asked for, everything else is of a seed.
struct Numbers(Seeded, u64);

impl Random for Numbers {
    fn fill(&mut self, bytes: &mut [u8]) {
        match bytes.len() {
            8 => bytes.copy_from_slice(&self.1.to_be_bytes()),
            _ => self.0.fill(bytes),
        }
    }
}

thread_local! {
    /// The rules that were cited in this thread.
    pub static CITED: RefCell<BTreeSet<String>> = RefCell::default();
    /// The states that were entered in this thread, by their symbols.
    pub static ENTERED: RefCell<BTreeSet<String>> = RefCell::default();
}

/// Objects in their order.
pub type Objects = Vec<(u32, Vec<u8>)>;

/// A reply to a command: bytes with status word, or nothing.
pub type Reply = Result<Vec<u8>, LinkFault>;

/// What the terminal says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Data objects.
    Objects(String),
    /// Stop.
    Stop,
    /// Nothing in time.
    Nothing,
}

/// Everything that one activation starts from.
#[derive(Clone)]
pub struct Scene {
    pub options: Options,
    pub terminal: BTreeMap<u32, Vec<u8>>,
    /// What the proprietary template of the answer to SELECT holds.
    pub proprietary: BTreeMap<u32, Vec<u8>>,
    /// What its issuer discretionary data hold.
    pub discretionary: BTreeMap<u32, Vec<u8>>,
    /// The whole answer, if it is not that template.
    pub fci: Option<Vec<u8>>,
    /// What template 77 of the answer to GET PROCESSING OPTIONS holds.
    pub profile: BTreeMap<u32, Vec<u8>>,
    /// The objects of records in their order, by file and number.
    pub records: BTreeMap<(u8, u8), Objects>,
    /// What the answer with a cryptogram or a checksum holds beside what the card computes.
    pub answer: BTreeMap<u32, Vec<u8>>,
    /// The type of cryptogram that the card gives, in bits 8 and 7; what it was asked for, if `None`.
    pub gives: Option<u8>,
    /// Whether it signs when asked to.
    pub signs: bool,
    /// What the card signs after the hash.
    pub more: Vec<u8>,
    /// Answers to the n-th command of an instruction, in place of the card's.
    pub scripted: BTreeMap<(u8, usize), Reply>,
    /// The times that the card gives for relay resistance.
    pub times: &'static str,
    /// How long exchanges of relay resistance take, in µs; the last one for the rest.
    pub elapsed: Vec<u64>,
    /// What the terminal says each time it is asked.
    pub said: Vec<Said>,
    /// What it says while the card works on the n-th command.
    pub interjected: BTreeMap<usize, Said>,
    pub trust: Trust,
    pub kept: Vec<u8>,
    /// What 9F6A is made of.
    pub number: u64,
}

pub fn chain() -> Value {
    let chains: Value = serde_json::from_str(include_str!("../../test-vectors/primitives/chains.json")).unwrap();
    chains.as_array().unwrap().iter().find(|chain| chain["id"] == "own").unwrap().clone()
}

pub fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The key of the card of chain `own`.
fn key() -> PrivateKey {
    let p = "EC972F4C4E183C5C48DFC4FC6D4DE68F47776E7604A32D4B051E04EAE70CECCACBD50971399A7C97793244533BE2EE3A425A2C1386E4B247";
    let q = "F7E02D72CDE024E9489E1D96E504898C75EC8AD299D21CBF937D50561E777B81766C567475C6A4B519639923C5DBA15F3752385CC834FD1F";
    PrivateKey::from_primes(&hex(p), &hex(q), &[3]).unwrap()
}

pub fn ca_keys() -> Trust {
    let key = CaKey::new(*b"\xA0\0\0\0\x04", 0xE0, &hex(word(&chain()["ca_modulus"])), &[3]).unwrap();
    Trust { ca_keys: vec![key], ..Trust::default() }
}

pub const CDOL: &str = "9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F3501 9F4502 9F4C08 9F3403";

/// The terminal of the default scene: online and offline, CDA, online PIN and signature above the CVM limit, no CVM below.
const TERMINAL: [(u32, &str); 24] = [
    (0x9F02, "000000001000"),
    (0x9F03, "000000000000"),
    (0x5F2A, "0978"),
    (0x9A, "261121"),
    (0x9F21, "120000"),
    (0x9C, "00"),
    (0x9F1A, "0276"),
    (0x9F37, "8B55633B"),
    (0x9F35, "22"),
    (0x9F40, "6000F0A001"),
    (0x9F1E, "3030303030303031"),
    (0xDF8117, "E0"),
    (0xDF8118, "60"),
    (0xDF8119, "08"),
    (0xDF811B, "20"),
    (0xDF811E, "10"),
    (0xDF811F, "08"),
    (0xDF812C, "00"),
    (0xDF8120, "0000000000"),
    (0xDF8121, "0000000000"),
    (0xDF8122, "0000008000"),
    (0xDF8123, "000000010000"),
    (0xDF8126, "000000005000"),
    (0xDF8124, "000000030000"),
];

impl Default for Scene {
    /// A card with CDA whose issuer lets it approve offline, and 10.00 EUR.
    fn default() -> Self {
        let chain = chain();
        let (issuer, icc) = (&chain["issuer"], &chain["icc"]);
        let mut records = BTreeMap::new();
        let pan = [(0x5A, "5413330089020011"), (0x5F34, "01"), (0x5F24, "491231"), (0x5F25, "250101"), (0x9F4A, "82")];
        records.insert((2, 1), list(&pan));
        records.insert((11, 1), list(&[(0x5F28, "0056"), (0x9F07, "FFC0")]));
        let issuer =
            [(0x8F, "E0"), (0x90, word(&issuer["certificate"])), (0x92, word(&issuer["remainder"])), (0x9F32, "03")];
        records.insert((3, 1), list(&issuer));
        let card = [
            (0x9F46, word(&icc["certificate"])),
            (0x9F47, "03"),
            (0x9F48, word(&icc["remainder"])),
            (0x57, "5413330089020011D49122010000000000000F"),
        ];
        records.insert((3, 2), list(&card));
        let lists = [
            (0x8C, CDOL),
            (0x8E, "0000000000000000 4203 1E03 1F03"),
            (0x9F0D, "0000000000"),
            (0x9F0E, "0000000000"),
            (0x9F0F, "0000000000"),
            (0x9F08, "0002"),
            (0x9F42, "0978"),
        ];
        records.insert((3, 3), list(&lists));
        let mut terminal = map(&TERMINAL);
        terminal.insert(0xDF8125, hex("000000050000"));
        Self {
            options: Options::default(),
            terminal,
            proprietary: map(&[(0x50, "4D617374657263617264"), (0x5F2D, "6465656E")]),
            discretionary: BTreeMap::new(),
            fci: None,
            profile: map(&[(0x82, "1981"), (0x94, "10010101 58010101 18010300")]),
            records,
            answer: map(&[(0x9F36, "0042"), (0x9F10, "0110A00003220000000000000000000000FF")]),
            gives: None,
            signs: true,
            more: Vec::new(),
            scripted: BTreeMap::new(),
            times: "0010 0050 0018",
            elapsed: vec![10_000],
            said: Vec::new(),
            interjected: BTreeMap::new(),
            trust: ca_keys(),
            kept: Vec::new(),
            number: 680,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    pub outcome: Outcome,
    pub commands: Vec<Vec<u8>>,
    pub ui: Vec<UiRequest>,
    /// Rule and note, of C-2 alone.
    pub rules: Vec<(String, String)>,
    /// The last value of each object that was set.
    pub data: BTreeMap<u32, Vec<u8>>,
    /// What the terminal was told.
    pub told: Vec<DataRequest>,
    /// How long the kernel let pass.
    pub paused: Vec<u64>,
    pub kept: Vec<u8>,
}

impl Ran {
    pub fn cites(&self, rule: &str) -> bool {
        self.rules.iter().any(|(cited, _)| cited == rule)
    }

    pub fn note(&self, rule: &str) -> &str {
        self.rules.iter().find(|(cited, _)| cited == rule).map_or("", |(_, note)| note)
    }

    /// An object as it was at the end.
    pub fn object(&self, tag: u32) -> String {
        self.data.get(&tag).map(|value| text(value)).unwrap_or_default()
    }

    pub fn tvr(&self) -> String {
        self.object(0x95)
    }

    /// Outcome Parameter Set and Error Indication.
    #[track_caller]
    pub fn ends(&self, set: &str, error: &str) -> &Self {
        let found = (self.object(0xDF8129), self.object(0xDF8115));
        assert_eq!(found, (set.to_owned(), error.to_owned()), "{:#?}", self.rules);
        self
    }

    /// An object of the data record.
    pub fn record(&self, tag: u32) -> Option<String> {
        find(self.outcome.data_record.as_deref().unwrap_or_default(), tag)
    }

    /// An object of the discretionary data.
    pub fn discretionary(&self, tag: u32) -> Option<String> {
        find(self.outcome.discretionary_data.as_deref().unwrap_or_default(), tag)
    }

    /// The commands with this instruction.
    pub fn sent(&self, instruction: u8) -> Vec<String> {
        self.commands.iter().filter(|command| command[1] == instruction).map(|command| text(command)).collect()
    }
}

pub fn find(list: &[u8], tag: u32) -> Option<String> {
    objects(list).map(Result::unwrap).find(|object| object.tag == Tag::new(tag)).map(|object| text(object.value))
}

impl Scene {
    pub fn terminal(mut self, tag: u32, value: &str) -> Self {
        self.terminal.insert(tag, hex(value));
        self
    }

    pub fn without_terminal(mut self, tag: u32) -> Self {
        self.terminal.remove(&tag);
        self
    }

    pub fn amount(self, amount: &str) -> Self {
        self.terminal(0x9F02, amount)
    }

    pub fn profile(mut self, tag: u32, value: &str) -> Self {
        self.profile.insert(tag, hex(value));
        self
    }

    pub fn answer(mut self, tag: u32, value: &str) -> Self {
        self.answer.insert(tag, hex(value));
        self
    }

    /// Puts an object into the last record.
    pub fn card(mut self, tag: u32, value: &str) -> Self {
        self.without_card_object(tag);
        self.records.entry((3, 3)).or_default().push((tag, hex(value)));
        self
    }

    /// Takes an object out of all records.
    pub fn without_card(mut self, tag: u32) -> Self {
        self.without_card_object(tag);
        self
    }

    fn without_card_object(&mut self, tag: u32) {
        for record in self.records.values_mut() {
            record.retain(|(other, _)| *other != tag);
        }
    }

    pub fn discretionary(mut self, tag: u32, value: &str) -> Self {
        self.discretionary.insert(tag, hex(value));
        self
    }

    pub fn proprietary(mut self, tag: u32, value: &str) -> Self {
        self.proprietary.insert(tag, hex(value));
        self
    }

    /// The answer to the n-th command, from 0, of an instruction.
    pub fn script(mut self, instruction: u8, nth: usize, reply: &str) -> Self {
        self.scripted.insert((instruction, nth), Ok(hex(reply)));
        self
    }

    pub fn lose(mut self, instruction: u8, nth: usize) -> Self {
        self.scripted.insert((instruction, nth), Err(LinkFault::Timeout));
        self
    }

    pub fn says(mut self, said: &str) -> Self {
        self.said.push(Said::Objects(said.to_owned()));
        self
    }

    pub fn says_stop(mut self) -> Self {
        self.said.push(Said::Stop);
        self
    }

    /// While the card works on the n-th command.
    pub fn interject(mut self, nth: usize, said: Said) -> Self {
        self.interjected.insert(nth, said);
        self
    }

    pub fn option(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub fn gives(mut self, cid: u8) -> Self {
        self.gives = Some(cid);
        self
    }

    pub fn unsigned(mut self) -> Self {
        self.signs = false;
        self
    }

    pub fn kept(mut self, kept: &[u8]) -> Self {
        self.kept = kept.to_vec();
        self
    }

    /// Without CDA on the reader's side.
    pub fn no_cda(self) -> Self {
        self.terminal(0xDF811F, "00")
    }

    /// The answer to SELECT.
    pub fn select(&self) -> Vec<u8> {
        let mut inside = all(&self.proprietary);
        if !self.discretionary.is_empty() {
            inside.extend(tlv(0xBF0C, &all(&self.discretionary)));
        }
        let name = tlv(0x84, &hex("A0000000041010"));
        tlv(0x6F, &[name, tlv(0xA5, &inside)].concat())
    }

    /// What the card answers.
    pub fn reply(&self, command: &[u8], pdol: &mut Vec<u8>) -> Reply {
        match command {
            [0x80, 0xA8, ..] => {
                *pdol = command[7..command.len() - 1].to_vec();
                Ok(template(0x77, &all(&self.profile)))
            }
            [0x00, 0xB2, number, p2, ..] => match self.records.get(&(p2 >> 3, *number)) {
                Some(record) => Ok(template(0x70, &in_order(record))),
                None => Ok(vec![0x6A, 0x83]),
            },
            [0x80, 0xAE, p1, _, length, data @ ..] => Ok(self.cryptogram(*p1, &data[..usize::from(*length)], pdol)),
            [0x80, 0xEA, ..] => Ok(hex(&format!("800A C0FFEE01 {} 9000", self.times))),
            [0x80, 0x2A, ..] => Ok(template(0x77, &all(&self.answer))),
            [0x80, 0xDA, ..] => Ok(vec![0x90, 0x00]),
            [_, 0xD0, ..] => Ok(vec![0x6A, 0x88]),
            _ => Ok(vec![0x6A, 0x88]),
        }
    }

    /// CID, counter, Issuer Application Data, and either the cryptogram or its signature.
    fn cryptogram(&self, p1: u8, data: &[u8], pdol: &[u8]) -> Vec<u8> {
        let cid = self.gives.unwrap_or(p1 & 0xC0);
        let mut answer = self.answer.clone();
        answer.insert(0x9F27, vec![cid]);
        if !self.signs || p1 & 0x10 == 0 {
            answer.insert(0x9F26, hex("A1A2A3A4A5A6A7A8"));
            return template(0x77, &all(&answer));
        }
        let body = all(&answer);
        let signed = DynamicData {
            icc_dynamic_number: &hex("1122334455667788"),
            cid,
            cryptogram: *b"\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8",
            data_hash: transaction_data_hash(&[pdol, &data[..self.cdol_length()], &body]),
            more: &self.more,
        };
        let at =
            CDOL.split(' ').take(7).map(|entry| usize::from_str_radix(&entry[entry.len() - 2..], 16).unwrap()).sum();
        let number: [u8; 4] = data[at..at + 4].try_into().unwrap();
        let sdad = sign_sdad(&key(), FORMAT_DYNAMIC, &signed.to_bytes(), &number).unwrap();
        template(0x77, &[body, tlv(0x9F4B, &sdad)].concat())
    }

    fn cdol_length(&self) -> usize {
        CDOL.split(' ').map(|entry| usize::from_str_radix(&entry[entry.len() - 2..], 16).unwrap()).sum()
    }

    pub fn run(&self) -> Ran {
        self.run_on(&mut C2::new(self.options.clone()))
    }

    /// Runs on a kernel that may have run before.
    pub fn run_on(&self, kernel: &mut dyn Kernel) -> Ran {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        let mut pdol = Vec::new();
        self.drive(kernel, 600, &mut |command| {
            let nth = counts.entry(command[1]).or_default();
            *nth += 1;
            let scripted = self.scripted.get(&(command[1], *nth - 1)).cloned();
            scripted.unwrap_or_else(|| self.reply(command, &mut pdol))
        })
    }

    /// Panics if the kernel is not done after `budget` steps.
    pub fn drive(&self, kernel: &mut dyn Kernel, budget: usize, card: &mut dyn FnMut(&[u8]) -> Reply) -> Ran {
        let mut store = Store::new();
        for (tag, value) in &self.terminal {
            store.put(Tag::new(*tag), value, Source::Terminal);
        }
        let aid = hex("A0000000041010");
        let fci = self.fci.clone().unwrap_or_else(|| self.select());
        let activation = Activation {
            start: Start::B,
            restart: false,
            indicators: Indicators::default(),
            adf_name: &aid,
            aid: &aid,
            kernel_id: &[0x02],
            fci: Some(&fci),
            select_status: Some(StatusWord::OK),
            issuer: None,
            removal_timed_out: false,
        };
        let (mut rules, mut ui, mut data) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut sink = |_: Micros, event: &Event<'_>| match event {
            Event::Rule { book: "C-2", rule, note } => {
                CITED.with_borrow_mut(|cited| cited.insert(rule.to_string()));
                rules.push((rule.to_string(), note.to_string()));
            }
            Event::State { name, .. } => {
                let symbol = name.split(' ').next().unwrap_or_default();
                ENTERED.with_borrow_mut(|entered| entered.insert(symbol.to_owned()));
            }
            Event::Ui(request) => ui.push(**request),
            Event::Data { tag, value, .. } => {
                data.insert(tag.number(), value.to_vec());
            }
            _ => {}
        };
        let (mut commands, mut told, mut paused) = (Vec::new(), Vec::new(), Vec::new());
        let (mut display, mut kept, mut random) =
            (Display::default(), self.kept.clone(), Numbers(Seeded::new(1), self.number));
        let mut cx = Cx {
            activation: &activation,
            store: &mut store,
            trust: &self.trust,
            today: Date::new(2026, 11, 21).unwrap(),
            now: Micros::ZERO,
            display: &mut display,
            random: &mut random,
            kept: &mut kept,
            events: &mut sink,
        };
        let (mut said, mut exchanges, mut steps) = (self.said.iter(), 0, 0);
        let mut next = kernel.start(&mut cx);
        let outcome = loop {
            steps += 1;
            assert!(steps <= budget, "the kernel does not end");
            next = match next {
                Next::Done(outcome) => break *outcome,
                Next::Pause(time) => {
                    paused.push(time.0 / 1000);
                    kernel.reply(Input::Timeout, &mut cx)
                }
                Next::AskTerminal(request) => {
                    let waits = request.wait.is_some();
                    told.push(*request);
                    let objects;
                    let input = match said.next() {
                        Some(Said::Objects(text)) => {
                            objects = hex(text);
                            Input::Terminal(&objects)
                        }
                        Some(Said::Stop) => Input::Stop,
                        Some(Said::Nothing) | None if waits => Input::Timeout,
                        Some(Said::Nothing) | None => Input::Terminal(&[]),
                    };
                    kernel.reply(input, &mut cx)
                }
                Next::Wait => {
                    let objects;
                    let input = match said.next() {
                        Some(Said::Objects(text)) => {
                            objects = hex(text);
                            Input::Terminal(&objects)
                        }
                        Some(Said::Stop) => Input::Stop,
                        Some(Said::Nothing) | None => Input::Timeout,
                    };
                    kernel.reply(input, &mut cx)
                }
                Next::Send(command) => {
                    commands.push(command.bytes().to_vec());
                    let mut elapsed = 10_000;
                    if command.bytes()[1] == 0xEA {
                        elapsed = *self.elapsed.get(exchanges).or(self.elapsed.last()).unwrap();
                        exchanges += 1;
                    }
                    let interjected = self.interjected.get(&(commands.len() - 1));
                    let before = interjected.map(|said| {
                        let objects = if let Said::Objects(text) = said { hex(text) } else { Vec::new() };
                        let input = if matches!(said, Said::Stop) { Input::Stop } else { Input::Terminal(&objects) };
                        kernel.reply(input, &mut cx)
                    });
                    match before {
                        Some(other @ (Next::Done(_) | Next::Send(_) | Next::AskTerminal(_) | Next::Pause(_))) => other,
                        Some(Next::Wait) | None => {
                            let reply = card(command.bytes());
                            let input = match &reply {
                                Ok(bytes) => {
                                    let parsed = Response::parse(bytes).expect("two bytes at least");
                                    Input::Card(Response { elapsed: Micros(elapsed), ..parsed })
                                }
                                Err(fault) => Input::Link(*fault),
                            };
                            kernel.reply(input, &mut cx)
                        }
                    }
                }
            };
        };
        Ran { outcome, commands, ui, rules, data, told, paused, kept }
    }
}

/// Whether the Outcome has this result.
#[track_caller]
pub fn assert_result(ran: &Ran, result: OutcomeResult) {
    assert_eq!(ran.outcome.result, result, "{:#?}", ran.rules);
}
