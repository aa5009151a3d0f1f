//! Kernel 3 behind Entry Point, configured by a terminal file, against a card of scripted answers.

use std::collections::BTreeMap;

use emvtap::{
    apdu::LinkFault,
    data::Amount,
    host::{Answer, Host, Request},
    kernel::{event::Event, outcome::OutcomeResult},
    link::Link,
    run::{Parts, Reader, Seeded, Tap, Transaction},
    terminal::Terminal,
    time::Micros,
    tlv::{self, Tag},
};

use crate::harness::{hex, objects, tlv};

const HEAD: &str =
    "schema = \"emvtap.terminal/1\"\ntitle = \"t\"\ncountry = \"276\"\ncurrency = \"EUR\"\ntype = \"22\"\n";
const VISA: &str = "A0000000031010";

/// A terminal with one combination for Visa: `general` goes before it, `combination` into it and behind it.
pub fn terminal(general: &str, combination: &str) -> Terminal {
    let text = format!(
        "{HEAD}{general}\n[[combination]]\naids = [\"{VISA}\"]\nkernel = \"03\"\nttq = \"26000000\"\n{combination}"
    );
    Terminal::from_text("t.toml", &text).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A Visa card: one application, one answer to GET PROCESSING OPTIONS, records by P2 and P1.
#[derive(Clone)]
pub struct Card {
    /// What the issuer discretionary data of the FCI holds.
    pub discretionary: Vec<u8>,
    pub gpo: BTreeMap<u32, Vec<u8>>,
    pub records: BTreeMap<(u8, u8), Vec<u8>>,
    /// TTQ of the last GET PROCESSING OPTIONS.
    pub ttq: Option<String>,
}

impl Card {
    pub fn new(gpo: BTreeMap<u32, Vec<u8>>) -> Self {
        Self { discretionary: Vec::new(), gpo, records: BTreeMap::new(), ttq: None }
    }

    /// A card whose issuer assigned it to a program (9F5A).
    pub fn of_program(gpo: BTreeMap<u32, Vec<u8>>, program: &str) -> Self {
        Self { discretionary: tlv(0x9F5A, &hex(program)), ..Self::new(gpo) }
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let name = tlv(0x4F, &hex(VISA));
        match command {
            [0x00, 0xA4, _, _, _, 0x32, ..] => tlv(0x6F, &tlv(0xA5, &tlv(0xBF0C, &tlv(0x61, &name)))),
            [0x00, 0xA4, ..] => {
                let pdol = tlv(0x9F38, &hex("9F6604 9F3704"));
                let inside = [pdol, tlv(0xBF0C, &self.discretionary)].concat();
                tlv(0x6F, &[tlv(0x84, &hex(VISA)), tlv(0xA5, &inside)].concat())
            }
            [0x80, 0xA8, _, _, _, 0x83, _, ttq @ ..] => {
                self.ttq = Some(hex::encode_upper(&ttq[..4]));
                tlv(0x77, &objects(&self.gpo))
            }
            [0x00, 0xB2, number, p2, ..] => self.records[&(*p2, *number)].clone(),
            other => panic!("{other:02X?}"),
        }
    }
}

impl Link for Card {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros::ZERO)
    }
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        response.extend(self.answer(command));
        response.extend([0x90, 0x00]);
        Ok(Micros::ZERO)
    }
    fn deactivate(&mut self, _: Micros) {}
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros::ZERO)
    }
}

/// Cannot be reached.
struct Nobody;

impl Host for Nobody {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer::default()
    }
}

/// What came of a tap.
pub struct Ran {
    pub tap: Tap,
    pub rules: Vec<String>,
}

impl Ran {
    pub fn result(&self) -> OutcomeResult {
        self.tap.outcome().unwrap().result
    }

    pub fn cites(&self, rule: &str) -> bool {
        self.rules.iter().any(|cited| cited.starts_with(rule))
    }

    /// The tags of the data record.
    pub fn data_record(&self) -> BTreeMap<Tag, Vec<u8>> {
        let record = self.tap.outcome().unwrap().data_record.clone().unwrap();
        tlv::objects(&record).map(|object| object.unwrap()).map(|object| (object.tag, object.value.to_vec())).collect()
    }
}

/// One transaction of a kind.
pub fn pay(terminal: &Terminal, kind: u8, amount: &str, card: &mut dyn Link) -> Ran {
    let amount = Amount::parse(amount, 2).unwrap();
    let transaction = Transaction::new(kind, amount, "2026-11-21T12:00:00Z".parse().unwrap());
    let mut rules = Vec::new();
    let mut events = |_: Micros, event: &Event<'_>| {
        if let Event::Rule { book, rule, note } = event {
            rules.push(format!("{book} {rule} {note}"));
        }
    };
    let parts = Parts { link: card, host: &mut Nobody, random: &mut Seeded::new(7), events: &mut events };
    let tap = Reader::new(terminal.configuration()).pay(&transaction, parts);
    Ran { tap, rules }
}
