//! Runs a scene on a kernel, and keeps what came of it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use emvtap::{
    apdu::{Response, StatusWord},
    data::{Source, Store},
    kernel::{
        c2::C2,
        contract::{Activation, Cx, DataRequest, Indicators, Input, Kernel, Next, Random},
        display::Display,
        event::Event,
        outcome::{Outcome, OutcomeResult, Start, UiRequest},
    },
    run::Seeded,
    time::{Date, Micros},
    tlv::{Tag, objects},
};

use super::{Reply, Said, Scene, hex, text};

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
