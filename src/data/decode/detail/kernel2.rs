//! Values of Entry Point and Kernel 2 whose parts have fixed lengths.

use super::{Detail, Place};
use crate::data::{codes, pan::nibbles};

/// Kernel Identifier of a directory entry (Book B, 3.3.2.5 C and D, tables 3-4 and 3-5).
pub(super) fn kernel_identifier(value: &[u8]) -> Vec<Detail> {
    let Some((first, rest)) = value.split_first() else { return Vec::new() };
    let short = first & 0x3F;
    let domestic = |format: String| match rest {
        _ if short == 0 => "domestic kernel without a number: outside the specification".to_owned(),
        [_, _, ..] => format!("domestic kernel {short} {format}"),
        _ => "domestic kernel: at least three bytes wanted, Entry Point skips the entry".to_owned(),
    };
    let (count, words) = match first >> 6 {
        0 => (1, international(short)),
        1 => (1, "reserved kernel type: taken as it stands, no kernel has this identifier".to_owned()),
        2 => {
            let currency = rest.get(..2).and_then(codes::currency);
            let of = currency.map_or("of an unknown currency".to_owned(), |known| format!("of {}", known.letters));
            (3, domestic(format!("in EMVCo's format, {of}")))
        }
        _ => (3, domestic("in a proprietary format".to_owned())),
    };
    let (head, rest) = value.split_at_checked(count.min(value.len())).unwrap_or((value, &[]));
    let mut details = vec![Detail::part(0, head, words)];
    if !rest.is_empty() {
        details.push(Detail::part(head.len(), rest, "not looked at"));
    }
    details
}

fn international(number: u8) -> String {
    let brand = match number {
        0 => return "any kernel that the reader has for the application".to_owned(),
        1 => "some Visa and JCB cards, legacy",
        2 => "Mastercard",
        3 => "Visa",
        4 => "American Express",
        5 => "JCB",
        6 => "Discover",
        7 => "UnionPay",
        8 => "EMVCo",
        _ => return format!("international kernel {number}, not assigned"),
    };
    format!("Kernel {number}, {brand}")
}

/// In Kernel 2 the code of a plaintext PIN stands for a CVM on the device (C-2, CVM.4).
pub(super) fn on_device_cvm(details: &mut [Detail], value: &[u8]) {
    if !matches!(value, [0x01, 0x00, _]) {
        return;
    }
    let method = details.iter_mut().find(|detail| detail.place == Place::Bits { byte: 1, mask: 0x3F });
    if let Some(method) = method {
        method.words = "on-device CVM: the cardholder was verified by the card's device".to_owned();
    }
}

/// User Interface Request Data (C-2, A.1): the last nine bytes are there up to version 2.10.
pub(super) fn user_interface_request(value: &[u8]) -> Vec<Detail> {
    let [message, status, h1, h2, h3, ref rest @ ..] = *value else { return Vec::new() };
    let hold = nibbles(&[h1, h2, h3]).fold(0_u32, |sum, digit| 10 * sum + u32::from(digit));
    let mut details = vec![
        Detail::part(0, &[message], format!("message: {}", message_words(message))),
        Detail::part(1, &[status], format!("status: {}", status_words(status))),
        Detail::part(2, &[h1, h2, h3], format!("hold time: {} ms", 100 * hold)),
    ];
    if let Some((language, rest)) = rest.split_at_checked(8) {
        let text: String = language.iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
        let words = if text.is_empty() { "none".to_owned() } else { format!("\"{}\"", text.escape_default()) };
        details.push(Detail::part(5, language, format!("language preference: {words}")));
        if let [qualifier, amount @ .., c1, c2] = rest {
            let kind = match qualifier >> 4 {
                0 => "none",
                1 => "amount",
                2 => "balance",
                _ => "reserved",
            };
            let currency = codes::currency(&[*c1, *c2]).map_or("none", |currency| currency.letters);
            details.push(Detail::part(13, &[*qualifier], format!("value qualifier: {kind}")));
            details.push(Detail::part(14, amount, "value"));
            details.push(Detail::part(14 + amount.len(), &[*c1, *c2], format!("currency: {currency}")));
        }
    }
    details
}

/// Phone Message Table (C-2, A.1): the first entry whose masked PCII is its value counts.
pub(super) fn phone_message_table(value: &[u8]) -> Vec<Detail> {
    let (entries, left) = value.as_chunks::<8>();
    let entry = |(at, bytes): (usize, &[u8; 8])| {
        let [m1, m2, m3, v1, v2, v3, message, status] = *bytes;
        let condition = match (m1, m2, m3) {
            (0, 0, 0) => "otherwise".to_owned(),
            _ => format!("if PCII and {m1:02X}{m2:02X}{m3:02X} is {v1:02X}{v2:02X}{v3:02X}"),
        };
        let words = format!("{condition}: {}, {}", message_words(message), status_words(status));
        Detail::part(8 * at, bytes, words)
    };
    let mut details: Vec<Detail> = entries.iter().enumerate().map(entry).collect();
    if !left.is_empty() {
        details.push(Detail::wrong(8 * entries.len(), left, "an entry has eight bytes"));
    }
    details
}

/// Mag-stripe CVM Capability (C-2, A.1).
pub(super) fn mag_stripe_cvm(value: &[u8]) -> Vec<Detail> {
    let [capability] = *value else { return Vec::new() };
    let words = match capability >> 4 {
        0 => "no CVM",
        1 => "obtain signature",
        2 => "online PIN",
        0xF => "not applicable",
        _ => "reserved",
    };
    vec![Detail::part(0, &[capability], words)]
}

/// Messages of Kernel 2 (C-2, A.1).
fn message_words(message: u8) -> &'static str {
    match message {
        0x03 => "approved",
        0x07 => "declined",
        0x17 => "card read OK",
        0x1A => "approved, please sign",
        0x1B => "authorising",
        0x1C => "error, other card",
        0x1D => "insert card",
        0x1E => "clear display",
        0x20 => "see phone",
        0x21 => "try again",
        0xFF => "not applicable",
        _ => "unknown message",
    }
}

fn status_words(status: u8) -> &'static str {
    match status {
        0x00 => "not ready",
        0x01 => "idle",
        0x02 => "ready to read",
        0x03 => "processing",
        0x04 => "card read successfully",
        0x05 => "processing error",
        0xFF => "not applicable",
        _ => "unknown status",
    }
}
