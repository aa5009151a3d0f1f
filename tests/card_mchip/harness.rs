//! A card at hand, and commands as text.

use emvtap::{
    card::{Card, Profile},
    tlv::{self, Tag},
};

pub const SELECT: &str = "00A4040007A000000004101000";
pub const GPO: &str = "80A800000283 0000";
/// 12.50 EUR in Belgium on 2026-11-21, unpredictable number 12345678.
pub const TERMINAL: &str = "0000000012500000000000000056000000000009782611210012345678";
/// What else CDOL1 of the built-in cards asks for: terminal type 22, zeros, CVM Results, time, merchant's data.
pub const ATTENDED: &str = "220000 0000000000000000 3F0002 120000 0000000000000000000000000000000000000000";

pub fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).unwrap()
}

pub fn card(name: &str) -> Card {
    Card::new(&Profile::builtin(name).unwrap(), 7).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Data and status word.
pub fn send(card: &mut Card, command: &[u8]) -> (Vec<u8>, u16) {
    let mut response = Vec::new();
    card.transmit(command, &mut response);
    let (data, status) = response.split_last_chunk().unwrap();
    (data.to_vec(), u16::from_be_bytes(*status))
}

pub fn good(card: &mut Card, command: &str) -> Vec<u8> {
    let (data, status) = send(card, &bytes(command));
    assert_eq!(status, 0x9000, "{command}");
    data
}

/// A command with data.
pub fn with_data(header: &str, data: &str) -> String {
    let data = data.replace(' ', "");
    format!("{header}{:02X}{data}00", data.len() / 2)
}

/// Selects and begins a transaction: the answer's content.
pub fn begin(card: &mut Card) -> Vec<u8> {
    card.power_on();
    good(card, SELECT);
    value(&good(card, GPO), 0x77).unwrap()
}

/// The content of the answer to GENERATE AC.
pub fn generate_ac(card: &mut Card, p1: &str, cdol1: &str) -> Vec<u8> {
    value(&good(card, &with_data(&format!("80AE{p1}00"), cdol1)), 0x77).unwrap()
}

pub fn value(bytes: &[u8], tag: u32) -> Option<Vec<u8>> {
    tlv::find(bytes, Tag::new(tag)).map(|object| object.unwrap().value.to_vec())
}

pub fn hexed(bytes: &[u8], tag: u32) -> String {
    hex::encode_upper(value(bytes, tag).unwrap_or_else(|| panic!("{tag:X} is missing")))
}

/// A card with the keys of pyemv's tests.
pub fn stranger(lines: &str) -> Card {
    let key = |value: &str| {
        format!(
            "schema = 'emvtap.key/1'\ntitle = 'of a test suite'\ntest = true\nkind = 'issuer-master'\nvalue = '{value}'\n"
        )
    };
    let text = format!(
        "schema = 'emvtap.card/1'\ntitle = 'a stranger'\nscheme = 'mastercard'\nallow-any-pan = true\n[application.a]\n\
         aid = 'A0000000041010'\n{lines}\n[application.a.gpo]\nonline = ['82', '94']\n[application.a.risk]\n\
         decision = 'online'\n"
    );
    let texts = |name: &str| match name {
        "cryptograms" => Some(key("0123456789ABCDEFFEDCBA9876543210")),
        "checksums" => Some(key("01234567899876543210012345678998")),
        _ => None,
    };
    let profile = Profile::parse("stranger.toml", &text, &texts).unwrap_or_else(|problem| panic!("{problem}"));
    Card::new(&profile, 7).unwrap_or_else(|problem| panic!("{problem}"))
}
