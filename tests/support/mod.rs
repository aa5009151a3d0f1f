//! What the type-approval tests of Entry Point need: kernels that come to the Outcome the card dictates, a card that is
//! scripted, and terminal settings as data. The shape follows the public description of the test environment
//! (EMV Contactless Book A and B type approval); every byte here is written for this project.

pub mod bench;
pub mod card;
pub mod kernel;
pub mod settings;

use emvtap::{
    kernel::outcome::{AlternateInterface, Cvm, OnlineResponseData, OutcomeResult, Start},
    tlv::{Tag, write_object},
};

/// Bytes from hex with spaces.
pub fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text.replace(' ', "")).unwrap_or_else(|_| panic!("{text} is hex"))
}

/// Hex from bytes.
pub fn text(bytes: &[u8]) -> String {
    ::hex::encode_upper(bytes)
}

/// One data object.
pub fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_object(&mut out, Tag::new(tag), value);
    out
}

/// A directory with these entries.
pub fn ppse_of(entries: &[u8]) -> Vec<u8> {
    card::ppse(&tlv(0xBF0C, entries))
}

/// The Outcome a card dictates in its answer to GET PROCESSING OPTIONS (template 77): D4 with the parameters, D5 and D6 with
/// the UI Requests on Outcome and on restart, `DF01` with the data record.
#[derive(Clone)]
pub struct Dictate {
    d4: [u8; 10],
    d5: Option<[u8; 21]>,
    d6: Option<[u8; 21]>,
    record: Option<Vec<u8>>,
}

/// A UI Request as D5 and D6 hold it: message, status (`FF` is none), hold time, language, qualifier, value, currency.
fn request(message: u8, status: u8, hold: u16) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[..2].copy_from_slice(&[message, status]);
    bytes[2..4].copy_from_slice(&hold.to_be_bytes());
    bytes
}

pub const NOT_READY: u8 = 0;
pub const READY: u8 = 2;
pub const PROCESSING: u8 = 3;
pub const READ: u8 = 4;
pub const ERROR: u8 = 5;

impl Dictate {
    pub fn new(result: OutcomeResult) -> Self {
        let place = OutcomeResult::ALL.iter().position(|one| *one == result).unwrap();
        let d4 = [u8::try_from(place).unwrap() + 1, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0];
        Self { d4, d5: None, d6: None, record: None }
    }
    pub fn start(mut self, start: Start) -> Self {
        self.d4[1] = 0x0A + start as u8;
        self
    }
    pub fn online(mut self, data: OnlineResponseData) -> Self {
        self.d4[2] = data as u8;
        self
    }
    pub fn cvm(mut self, cvm: Cvm) -> Self {
        self.d4[3] = cvm as u8;
        self
    }
    pub fn alternate(mut self, interface: AlternateInterface) -> Self {
        self.d4[4] = 1 + interface as u8;
        self
    }
    pub fn receipt(mut self) -> Self {
        self.d4[5] = 1;
        self
    }
    pub fn field_off(mut self, hold: u16) -> Self {
        self.d4[6..8].copy_from_slice(&hold.to_be_bytes());
        self
    }
    pub fn removal_timeout(mut self, tenths: u16) -> Self {
        self.d4[8..].copy_from_slice(&tenths.to_be_bytes());
        self
    }
    pub fn ui(self, message: u8, status: u8) -> Self {
        self.ui_hold(message, status, 0)
    }
    pub fn ui_hold(mut self, message: u8, status: u8, hold: u16) -> Self {
        self.d5 = Some(request(message, status, hold));
        self
    }
    pub fn language(mut self, language: &str) -> Self {
        self.d5.as_mut().unwrap()[4..4 + language.len()].copy_from_slice(language.as_bytes());
        self
    }
    /// `qualifier`: 1 amount, 2 balance.
    pub fn value(mut self, qualifier: u8, value: &str, currency: &str) -> Self {
        let bytes = self.d5.as_mut().unwrap();
        bytes[12] = qualifier;
        bytes[13..19].copy_from_slice(&hex(value));
        bytes[19..].copy_from_slice(&hex(currency));
        self
    }
    pub fn ui_on_restart(self, message: u8, status: u8) -> Self {
        self.ui_on_restart_hold(message, status, 0)
    }
    pub fn ui_on_restart_hold(mut self, message: u8, status: u8, hold: u16) -> Self {
        self.d6 = Some(request(message, status, hold));
        self
    }
    pub fn record(mut self, record: &str) -> Self {
        self.record = Some(hex(record));
        self
    }
    /// The card's whole answer.
    pub fn answer(&self) -> Vec<u8> {
        let mut inside = tlv(0xD4, &self.d4);
        let more = [(0xD5, self.d5.map(Vec::from)), (0xD6, self.d6.map(Vec::from)), (0xDF01, self.record.clone())];
        more.into_iter().for_each(|(tag, value)| inside.extend(value.into_iter().flat_map(|value| tlv(tag, &value))));
        let mut answer = tlv(0x77, &inside);
        answer.extend([0x90, 0x00]);
        answer
    }
}

pub fn approved() -> Dictate {
    Dictate::new(OutcomeResult::Approved).ui(0x03, READ)
}

pub fn declined() -> Dictate {
    Dictate::new(OutcomeResult::Declined).ui(0x07, READ)
}

pub fn select_next() -> Dictate {
    Dictate::new(OutcomeResult::SelectNext).start(Start::C)
}

/// Book A, B.8 with message 21, as the tests have it.
pub fn try_again() -> Dictate {
    Dictate::new(OutcomeResult::TryAgain).start(Start::B).ui_hold(0x21, READY, 100)
}

pub fn end_application() -> Dictate {
    Dictate::new(OutcomeResult::EndApplication).ui(0x1C, READY)
}

pub fn online_request() -> Dictate {
    Dictate::new(OutcomeResult::OnlineRequest).ui(0x1B, READ).record("9F2608 0102030405060708")
}

/// An online request that wants to be started again when the issuer has data for the card (Book A, B.6).
pub fn two_presentments(start: Start) -> Dictate {
    online_request().start(start).online(OnlineResponseData::EmvData)
}

/// An online request that wants to be started again in any case (Book A, B.7).
pub fn any(start: Start) -> Dictate {
    online_request().start(start).online(OnlineResponseData::Any)
}
