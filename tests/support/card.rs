//! A scripted card behind a link: the "LT" of the test environment.

use std::collections::VecDeque;

use emvtap::{apdu::LinkFault, link::Link, time::Micros};

use super::{Dictate, approved, hex, tlv};

/// What the kernels expose by default.
pub const PDOL: &str = "D102 D201 D302 9F6604 9F0206 9F0306 9C01 9F3704 9F2A08";

/// One application: its directory entry, its FCI, and its answers.
#[derive(Clone)]
pub struct App {
    name: Vec<u8>,
    entry: Vec<u8>,
    /// Whether it is listed in the directory.
    listed: bool,
    fci: Vec<u8>,
    /// Status words of SELECT, one after the other; then `9000`.
    select_status: VecDeque<u16>,
    /// Answers to GET PROCESSING OPTIONS, one after the other; the last one stays.
    answers: VecDeque<Vec<u8>>,
}

impl App {
    /// An application with priority 1 that gets every transaction approved.
    pub fn new(name: &str) -> Self {
        let name = hex(name);
        let entry = tlv(0x4F, &name);
        let fci = fci(&name, PDOL);
        let answers = [approved().answer()].into();
        Self { name, entry, listed: true, fci, select_status: VecDeque::new(), answers }.with("870101")
    }
    /// With another priority; `None`: without one.
    pub fn priority(mut self, priority: Option<u8>) -> Self {
        let start = 2 + self.name.len();
        self.entry.drain(start..start + 3);
        if let Some(priority) = priority {
            self = self.with(&format!("8701{priority:02X}"));
        }
        self
    }
    /// With a Kernel Identifier (9F2A).
    pub fn kernel(self, identifier: &str) -> Self {
        let object = tlv(0x9F2A, &hex(identifier));
        self.with(&super::text(&object))
    }
    /// With Extended Selection (9F29).
    pub fn extended(self, value: &str) -> Self {
        let object = tlv(0x9F29, &hex(value));
        self.with(&super::text(&object))
    }
    /// With more objects in its directory entry.
    pub fn with(mut self, objects: &str) -> Self {
        self.entry.extend(hex(objects));
        self
    }
    /// With this directory entry.
    pub fn entry(mut self, objects: &str) -> Self {
        self.entry = hex(objects);
        self
    }
    /// Not in the directory.
    pub fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }
    /// With this PDOL.
    pub fn pdol(mut self, pdol: &str) -> Self {
        self.fci = fci(&self.name, pdol);
        self
    }
    /// With this FCI.
    pub fn fci(mut self, whole: &str) -> Self {
        self.fci = hex(whole);
        self
    }
    pub fn refuses(mut self, status: u16) -> Self {
        self.select_status.push_back(status);
        self
    }
    pub fn accepts(self) -> Self {
        self.refuses(0x9000)
    }
    /// Dictates these Outcomes, one after the other.
    pub fn says(mut self, dictates: impl IntoIterator<Item = Dictate>) -> Self {
        self.answers = dictates.into_iter().map(|dictate| dictate.answer()).collect();
        self
    }
}

/// `6F { 84 name, A5 { 50 "TEST", 9F38 pdol } }`; without 9F38 if `pdol` is empty.
pub fn fci(name: &[u8], pdol: &str) -> Vec<u8> {
    let mut proprietary = tlv(0x50, b"TEST");
    if !pdol.is_empty() {
        proprietary.extend(tlv(0x9F38, &hex(pdol)));
    }
    let inside = [tlv(0x84, name), tlv(0xA5, &proprietary)].concat();
    tlv(0x6F, &inside)
}

/// What the link does instead of carrying a command.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// At this command, counted from 0 over the whole tap.
    At(usize, LinkFault),
    /// At every command.
    Always(LinkFault),
    /// These many polls find two cards.
    Collisions(usize),
    /// These many polls find two cards, and the one after them none.
    BothLeave(usize),
    /// At this poll, counted from 0.
    Poll(usize, LinkFault),
    /// When the card should be removed.
    Removal(LinkFault),
}

/// What a link was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Activate,
    Command(Vec<u8>),
    Deactivate(Micros),
    Removal,
}

pub struct Card {
    apps: Vec<App>,
    ppse: Vec<u8>,
    ppse_status: u16,
    selected: Option<usize>,
    pub troubles: Vec<Trouble>,
    pub asked: Vec<Asked>,
}

/// The time of a poll, a command, and a removal.
pub const POLL: Micros = Micros(3_000);
pub const COMMAND: Micros = Micros(10_000);
pub const REMOVAL: Micros = Micros(700_000);

impl Card {
    pub fn new(apps: impl IntoIterator<Item = App>) -> Self {
        let apps: Vec<App> = apps.into_iter().collect();
        let entries: Vec<u8> = apps.iter().filter(|app| app.listed).flat_map(|app| tlv(0x61, &app.entry)).collect();
        let ppse = ppse(&tlv(0xBF0C, &entries));
        Self { apps, ppse, ppse_status: 0x9000, selected: None, troubles: Vec::new(), asked: Vec::new() }
    }
    /// With this answer to SELECT PPSE.
    pub fn ppse(mut self, fci: &str, status: u16) -> Self {
        (self.ppse, self.ppse_status) = (hex(fci), status);
        self
    }
    pub fn status(mut self, status: u16) -> Self {
        self.ppse_status = status;
        self
    }
    pub fn trouble(mut self, trouble: Trouble) -> Self {
        self.troubles.push(trouble);
        self
    }

    fn count(&self, wanted: impl Fn(&Asked) -> bool) -> usize {
        self.asked.iter().filter(|asked| wanted(asked)).count() - 1
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let with = |mut data: Vec<u8>, status: u16| {
            data.extend(status.to_be_bytes());
            data
        };
        match command {
            [0x00, 0xA4, 0x04, 0x00, length, rest @ ..] if rest.len() == usize::from(*length) + 1 => {
                let name = &rest[..rest.len() - 1];
                if name == b"2PAY.SYS.DDF01" {
                    return match self.ppse_status {
                        0x9000 | 0x6283 => with(self.ppse.clone(), self.ppse_status),
                        error => with(Vec::new(), error),
                    };
                }
                self.selected = self.apps.iter().position(|app| app.name == name);
                match self.selected {
                    None => with(Vec::new(), 0x6A82),
                    Some(at) => match self.apps[at].select_status.pop_front().unwrap_or(0x9000) {
                        0x9000 => with(self.apps[at].fci.clone(), 0x9000),
                        error => with(Vec::new(), error),
                    },
                }
            }
            [0x80, 0xA8, ..] => match self.selected {
                None => with(Vec::new(), 0x6985),
                Some(at) => {
                    let answers = &mut self.apps[at].answers;
                    if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
                }
            },
            _ => with(Vec::new(), 0x6D00),
        }
    }
}

/// `6F { 84 "2PAY.SYS.DDF01", A5 { … } }`.
pub fn ppse(proprietary: &[u8]) -> Vec<u8> {
    tlv(0x6F, &[tlv(0x84, b"2PAY.SYS.DDF01"), tlv(0xA5, proprietary)].concat())
}

impl Link for Card {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.asked.push(Asked::Activate);
        self.selected = None;
        let poll = self.count(|asked| *asked == Asked::Activate);
        for trouble in &self.troubles {
            match *trouble {
                Trouble::Collisions(polls) | Trouble::BothLeave(polls) if poll < polls => {
                    return Err(LinkFault::Collision);
                }
                Trouble::BothLeave(polls) if poll == polls => return Err(LinkFault::NoCard),
                Trouble::Poll(at, fault) if poll == at => return Err(fault),
                _ => {}
            }
        }
        Ok(POLL)
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        assert!(response.is_empty(), "the buffer is empty");
        self.asked.push(Asked::Command(command.to_vec()));
        let number = self.count(|asked| matches!(asked, Asked::Command(_)));
        for trouble in &self.troubles {
            match *trouble {
                Trouble::At(at, fault) if at == number => return Err(fault),
                Trouble::Always(fault) => return Err(fault),
                _ => {}
            }
        }
        response.extend(self.answer(command));
        Ok(COMMAND)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.asked.push(Asked::Deactivate(hold));
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.asked.push(Asked::Removal);
        let trouble = self.troubles.iter().find_map(|trouble| match trouble {
            Trouble::Removal(fault) => Some(*fault),
            _ => None,
        });
        trouble.map_or(Ok(REMOVAL), Err)
    }
}
