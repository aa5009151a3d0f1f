//! Issuer Application Data: which layout it has, and its parts. Layouts belong to schemes; one that is not recognised has none.

use super::{Detail, masks::table_details};
use crate::data::{
    bits::{Table, cvr_ccd, cvr_mchip, cvr_visa, cvr_visa_mobile},
    scope::Scope,
};

/// Takes an Issuer Application Data apart.
pub(super) fn parts(scope: Option<Scope>, value: &[u8]) -> Vec<Detail> {
    let may = |kernels: &[Scope]| scope.is_none_or(|scope| scope == Scope::Contact || kernels.contains(&scope));
    let visa = may(&[Scope::K1, Scope::K3]);
    match value {
        [0x0F, 0xA0..=0xAF, .., _] if value.len() == 32 && value.get(16) == Some(&0x0F) => ccd(value),
        [0x06, _, version, 0x03, ..] if visa && matches!(version >> 4, 0 | 1 | 3) => visa_classic(value, "Visa"),
        [0x1F, version, ..] if visa && value.len() == 32 && matches!(version >> 4, 2 | 4) => visa_mobile(value),
        [0x07, _, _, 0x03, ..] if may(&[Scope::K7]) => visa_classic(value, "UnionPay"),
        [0x06, _, _, 0x03, ..] if scope == Some(Scope::K4) => amex(value),
        [_, _, _, _, _, _, _, _, _, _, ..] if scope == Some(Scope::K6) => discover(value),
        [_, 0x10..=0x1F, ..] if may(&[Scope::K2]) && matches!(value.len(), 18 | 20 | 26 | 28) => mchip(value),
        _ => Vec::new(),
    }
}

/// Parts one after the other, as far as the value goes; a length of `usize::MAX` takes the rest.
struct Parts<'a> {
    value: &'a [u8],
    at: usize,
    details: Vec<Detail>,
}

impl<'a> Parts<'a> {
    const fn new(value: &'a [u8]) -> Self {
        Self { value, at: 0, details: Vec::new() }
    }

    fn part(mut self, length: usize, words: impl FnOnce(&[u8]) -> String) -> Self {
        self.add(length, words, |_| Vec::new());
        self
    }

    fn results(mut self, length: usize, table: &'static Table, words: impl FnOnce(&[u8]) -> String) -> Self {
        self.add(length, words, |bytes| table_details(&[table], bytes));
        self
    }

    fn add(&mut self, length: usize, words: impl FnOnce(&[u8]) -> String, inside: impl FnOnce(&[u8]) -> Vec<Detail>) {
        let rest = self.value.get(self.at..).unwrap_or_default();
        let bytes = rest.get(..length.min(rest.len())).unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        self.details.push(Detail::part(self.at, bytes, words(bytes)).with(inside(bytes)));
        self.at += bytes.len();
    }
}

const REST: usize = usize::MAX;

fn number(bytes: &[u8]) -> u8 {
    bytes.first().copied().unwrap_or_default()
}

fn key_index(_: &[u8]) -> String {
    "derivation key index".to_owned()
}

/// Visa's cryptogram versions are written in hex by some and in decimal by others; the layout is the high nibble.
fn visa_version(bytes: &[u8]) -> String {
    let version = number(bytes);
    let decimal = if version < 0x20 { format!(" (CVN {version})") } else { format!(" (CVN {version:02X}h)") };
    format!("cryptogram version {version:02X}h{decimal}, format {}", version >> 4)
}

fn visa_classic(value: &[u8], scheme: &str) -> Vec<Detail> {
    Parts::new(value)
        .part(1, |bytes| format!("length of {scheme}'s own data, {} bytes", number(bytes)))
        .part(1, key_index)
        .part(1, |bytes| {
            if scheme == "Visa" { visa_version(bytes) } else { format!("cryptogram version {:02X}h", number(bytes)) }
        })
        .part(1, |_| "length of the Card Verification Results, 3 bytes".to_owned())
        .results(3, &cvr_visa::TABLE, |bytes| {
            let scripts = bytes.get(2).copied().unwrap_or_default() >> 4;
            format!("Card Verification Results, {scripts} script commands")
        })
        .part(1, |bytes| format!("length of the issuer discretionary data, {} bytes", number(bytes)))
        .part(REST, |_| "issuer discretionary data".to_owned())
        .details
        .into_iter()
        .map(script_count)
        .collect()
}

/// American Express: parts as in Visa's format, with Card Verification Results of its own, which are not public.
fn amex(value: &[u8]) -> Vec<Detail> {
    Parts::new(value)
        .part(1, |bytes| format!("length of American Express's own data, {} bytes", number(bytes)))
        .part(1, key_index)
        .part(1, |bytes| format!("cryptogram version {:02X}h", number(bytes)))
        .part(1, |_| "length of the Card Verification Results, 3 bytes".to_owned())
        .part(3, |_| "Card Verification Results".to_owned())
        .part(REST, |_| "issuer discretionary data".to_owned())
        .details
}

/// D-PAS: key index, version, and eight bytes of Card Verification Results, which are not public.
fn discover(value: &[u8]) -> Vec<Detail> {
    Parts::new(value)
        .part(1, key_index)
        .part(1, |bytes| format!("cryptogram version {:02X}h", number(bytes)))
        .part(8, |_| "Card Verification Results".to_owned())
        .part(REST, |_| "issuer discretionary data".to_owned())
        .details
}

/// Bits 8-5 of the script byte are a number and not reserved.
fn script_count(mut detail: Detail) -> Detail {
    detail.inside.retain(|bit| !is_counter(bit, &[(3, 0xF0)]));
    detail
}

fn is_counter(bit: &Detail, counters: &[(usize, u8)]) -> bool {
    let super::Place::Bits { byte, mask } = bit.place else { return false };
    bit.words == "reserved" && counters.iter().any(|(at, bits)| byte == *at && mask & !bits == 0)
}

fn without_counters(mut details: Vec<Detail>, counters: &[(usize, u8)]) -> Vec<Detail> {
    for detail in &mut details {
        detail.inside.retain(|bit| !is_counter(bit, counters));
    }
    details
}

fn visa_mobile(value: &[u8]) -> Vec<Detail> {
    let details = Parts::new(value)
        .part(1, |_| "length of Visa's own data, 31 bytes".to_owned())
        .part(1, visa_version)
        .part(1, key_index)
        .results(5, &cvr_visa_mobile::TABLE, |bytes| {
            let scripts = bytes.get(3).copied().unwrap_or_default() >> 4;
            format!("Card Verification Results, {scripts} script commands")
        })
        .part(1, |bytes| format!("issuer discretionary data option {:X}", number(bytes) & 0x0F))
        .part(REST, |_| "issuer discretionary data".to_owned())
        .details;
    without_counters(details, &[(4, 0xF0)])
}

fn mchip(value: &[u8]) -> Vec<Detail> {
    let details = Parts::new(value)
        .part(1, key_index)
        .part(1, |bytes| {
            let version = number(bytes);
            let key = match version & 0x06 {
                0x00 => "Mastercard SKD session key",
                0x04 => "EMV CSK session key",
                0x06 => "AES session key",
                _ => "reserved kind of session key",
            };
            let counters = if version & 1 == 0 { "without counters" } else { "with counters" };
            format!("cryptogram version {version:02X}h (CVN {version}): {key}, cryptogram {counters}")
        })
        .results(6, &cvr_mchip::TABLE, |bytes| {
            let counters = bytes.get(2).copied().unwrap_or_default();
            format!("Card Verification Results, script counter {}, PIN try counter {}", counters >> 4, counters & 0x0F)
        })
        .part(2, |_| "data authentication code, or first bytes of the ICC dynamic number".to_owned())
        .part(8, |_| "counters, plaintext or enciphered".to_owned())
        .part(REST, |_| "more counters".to_owned())
        .details;
    without_counters(details, &[(3, 0xFF)])
}

/// Common Core Definitions, format code A (Book 3, Annex C7).
fn ccd(value: &[u8]) -> Vec<Detail> {
    let details = Parts::new(value)
        .part(1, |_| "length of the Common Core part, 15 bytes".to_owned())
        .part(1, |bytes| {
            let version = number(bytes) & 0x0F;
            let cipher = match version {
                5 => ", triple DES",
                6 => ", AES",
                _ => "",
            };
            format!("Common Core Identifier: format A, cryptogram version {version}{cipher}")
        })
        .part(1, key_index)
        .results(5, &cvr_ccd::TABLE, |bytes| {
            let tries = bytes.get(1).copied().unwrap_or_default() >> 4;
            let scripts = bytes.get(3).copied().unwrap_or_default() >> 4;
            format!("Card Verification Results, PIN try counter {tries}, {scripts} script commands")
        })
        .part(8, |_| "counters".to_owned())
        .part(1, |_| "length of the issuer discretionary data, 15 bytes".to_owned())
        .part(REST, |_| "issuer discretionary data".to_owned())
        .details;
    without_counters(details, &[(2, 0xF0), (4, 0xF0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(scope: Option<Scope>, value: &str) -> Vec<String> {
        parts(scope, &hex::decode(value).unwrap()).into_iter().map(|part| part.words).collect()
    }

    #[test]
    fn the_layout_is_that_of_the_scheme() {
        for (scope, value, first, count) in [
            (None, "06010A03A00000", "length of Visa's own data, 6 bytes", 5),
            (Some(Scope::K4), "06010203A40002", "length of American Express's own data, 6 bytes", 5),
            (None, "07010103A0A802010A0100000000", "length of UnionPay's own data, 7 bytes", 7),
            (Some(Scope::K6), "0105A0000300000000000011", "derivation key index", 4),
            (None, "0110A00003220000000000000000000000FF", "derivation key index", 5),
        ] {
            let words = words(scope, value);
            assert_eq!((words.first().map(String::as_str), words.len()), (Some(first), count), "{value}");
        }
        assert!(words(Some(Scope::K5), "06010A03A00000").is_empty(), "JCB's is not public");
    }
}
