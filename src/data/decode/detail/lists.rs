//! Values that are lists.

use super::{Detail, masks::table_details};
use crate::{
    bytes::Cursor,
    data::{
        afl::AflEntry,
        bits,
        dictionary::{self, CVM_RESULTS_9F34},
        scope::Scope,
    },
    tlv::{self, Tag},
};

fn name(tag: Tag, scope: Option<Scope>, length: Option<usize>) -> &'static str {
    dictionary::row_fitting(tag, scope, None, length).map_or("unknown", |row| row.name)
}

/// `1 byte`, `2 bytes`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The entries of a data object list with their lengths in hex and decimal, and the length of the answer (Book 3, 5.4).
pub(super) fn data_object_list(scope: Option<Scope>, value: &[u8]) -> Vec<Detail> {
    let (mut details, mut at, mut total) = (Vec::new(), 0, 0);
    for entry in tlv::dol_entries(value) {
        let rest = value.get(at..).unwrap_or_default();
        let Ok(entry) = entry else {
            details.extend(entry.err().map(|error| Detail::wrong(at, rest, error.to_string())));
            break;
        };
        let length = usize::from(entry.length);
        let words = format!("{}, {length:02X}h = {}", name(entry.tag, scope, Some(length)), counted(length, "byte"));
        let size = entry.tag.len() + 1;
        let bytes = rest.get(..size).unwrap_or_default();
        details.push(Detail { tag: Some(entry.tag), ..Detail::part(at, bytes, words) });
        at += size;
        total += length;
    }
    if !details.is_empty() {
        let words = format!("asks for {total:02X}h = {} in all", counted(total, "byte"));
        details.push(Detail { place: super::Place::Whole, ..Detail::part(0, &[], words) });
    }
    details
}

/// Tags without lengths.
pub(super) fn tag_list(scope: Option<Scope>, value: &[u8]) -> Vec<Detail> {
    let mut cursor = Cursor::new(value);
    let mut details = Vec::new();
    while !cursor.is_empty() {
        let at = cursor.position();
        let Ok(tag) = Tag::read(&mut cursor) else {
            details.push(Detail::wrong(at, cursor.rest(), "the bytes end inside a tag"));
            break;
        };
        let bytes = value.get(at..at + tag.len()).unwrap_or_default();
        details.push(Detail { tag: Some(tag), ..Detail::part(at, bytes, name(tag, scope, None)) });
    }
    details
}

/// The files and records of an Application File Locator (Book 3, 10.2).
pub(super) fn file_locator(value: &[u8]) -> Vec<Detail> {
    let (entries, left) = value.as_chunks::<4>();
    let mut details: Vec<Detail> = (0..)
        .step_by(4)
        .zip(entries)
        .map(|(at, bytes)| match AflEntry::parse(*bytes) {
            Ok(AflEntry { sfi, first, last, signed }) => {
                let records =
                    if first == last { format!("record {first}") } else { format!("records {first} to {last}") };
                let signed = match (signed, last - first + 1) {
                    (0, _) => "not signed".to_owned(),
                    (signed, all) if signed == all => "signed".to_owned(),
                    (1, _) => format!("record {first} signed"),
                    (signed, _) => format!("records {first} to {} signed", first + (signed - 1)),
                };
                Detail::part(at, bytes, format!("SFI {sfi}, {records}, {signed}"))
            }
            Err(kind) => Detail::wrong(at, bytes, crate::data::AflError { entry: at / 4 + 1, kind }.to_string()),
        })
        .collect();
    if !left.is_empty() {
        details.push(Detail::wrong(4 * entries.len(), left, "an entry has four bytes"));
    }
    details
}

/// Amounts X and Y, then rules of a method and a condition (Book 3, 10.5 and Annex C3).
pub(super) fn cvm_list(value: &[u8]) -> Vec<Detail> {
    let Some((amounts, rules)) = value.split_at_checked(8) else { return Vec::new() };
    let (x, y) = amounts.split_at_checked(4).unwrap_or_default();
    let amount = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mut details = vec![
        Detail::part(0, x, format!("amount X = {} in minor units", amount(x))),
        Detail::part(4, y, format!("amount Y = {} in minor units", amount(y))),
    ];
    for (position, rule) in rules.chunks(2).enumerate() {
        let at = 8 + 2 * position;
        details.push(match *rule {
            [method, condition] => Detail::part(at, rule, cvm_rule(method, condition)),
            _ => Detail::wrong(at, rule, "a rule has two bytes"),
        });
    }
    details
}

fn cvm_rule(method: u8, condition: u8) -> String {
    let tables: Vec<_> = bits::tables(CVM_RESULTS_9F34, None).collect();
    let words = |bytes: [u8; 2], byte: usize, mask: u8| {
        let details = table_details(&tables, &bytes);
        let wanted = super::Place::Bits { byte, mask };
        details.into_iter().find(|detail| detail.place == wanted).map_or_else(String::new, |detail| detail.words)
    };
    let method_words = match method & 0x3F {
        0x20..=0x2F => "method of the payment system".to_owned(),
        0x30..=0x3E => "method of the issuer".to_owned(),
        0x3F => "not available for use".to_owned(),
        _ => words([method, condition], 1, 0x3F),
    };
    let condition_words = match condition {
        0x80.. => "if a condition of the payment system holds".to_owned(),
        _ => words([method, condition], 2, 0xFF),
    };
    let after = if method & 0x40 == 0 { "otherwise fail" } else { "otherwise the next rule" };
    let odd = if method & 0x80 == 0 { "" } else { "; reserved bit 8 set" };
    format!("{method_words}, {condition_words}; {after}{odd}")
}
