//! A card of a few objects and a terminal of a few words against the kernel, without Entry Point and without a card simulator.
//!
//! The card has the keys of chain `own` (made with Python integers) and signs what it is asked to sign; that its signatures are
//! those of other people's cards is tested with values of theirs in `authentication`.

mod card;
mod run;
mod scene;

use std::collections::BTreeMap;

use emvtap::{
    apdu::LinkFault,
    crypto::{CaKey, Trust},
    kernel::c2::Options,
    tlv::{Tag, write_object},
};
use serde_json::Value;

pub use run::{CITED, ENTERED, Ran, assert_result, find};

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

pub fn ca_keys() -> Trust {
    let key = CaKey::new(*b"\xA0\0\0\0\x04", 0xE0, &hex(word(&chain()["ca_modulus"])), &[3]).unwrap();
    Trust { ca_keys: vec![key], ..Trust::default() }
}

pub const CDOL: &str = "9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F3501 9F4502 9F4C08 9F3403";
