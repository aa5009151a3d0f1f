//! A card's answer in a few words.

use super::Mask;
use crate::{
    apdu::StatusWord,
    bytes::{Cursor, Hex},
    data::dictionary as tags,
    tlv::{self, Budget, Tag},
};

/// What a step is called where there is little room.
pub fn step(name: &str, command: &[u8]) -> String {
    match (name, command) {
        ("READ RECORD", [_, _, record, p2, ..]) => format!("READ RECORD {}.{record}", p2 >> 3),
        ("GET PROCESSING OPTIONS", _) => "GPO".to_owned(),
        ("COMPUTE CRYPTOGRAPHIC CHECKSUM", _) => "CCC".to_owned(),
        ("EXCHANGE RELAY RESISTANCE DATA", _) => "RELAY RESISTANCE".to_owned(),
        ("EXTERNAL AUTHENTICATE", _) => "EXTERNAL AUTH".to_owned(),
        ("INTERNAL AUTHENTICATE", _) => "INTERNAL AUTH".to_owned(),
        _ => name.to_owned(),
    }
}

/// What a card said: the parts that decide how the transaction goes on. `afl` is that of the last answer that had one.
pub fn answer(command: &[u8], response: &[u8], afl: &[u8], mask: &Mask) -> Vec<String> {
    let Some((data, status)) = response.split_last_chunk::<2>() else {
        return vec![format!("{} instead of a status word", bytes_text(response.len()))];
    };
    let status = StatusWord(u16::from_be_bytes(*status));
    if !status.is_ok() {
        return status_text(status).map(str::to_owned).into_iter().collect();
    }
    match command {
        [_, 0xA4, ..] => selected(data),
        [_, 0xA8, ..] => options(data),
        [_, 0xB2, record, p2, ..] => vec![record_text(data, p2 >> 3, *record, afl)],
        [_, 0xAE | 0xD0, ..] => cryptogram(data).unwrap_or_else(|| format_1_cryptogram(data)),
        [_, 0x2A, ..] => checksums(data),
        [_, 0xEA, ..] => vec![relay_resistance(data).unwrap_or_else(|| bytes_text(data.len()))],
        [_, 0xCA, ..] => objects_text(data, mask),
        _ if data.is_empty() => Vec::new(),
        _ => vec![bytes_text(data.len())],
    }
}

/// The first object with this tag on any level.
pub fn find(data: &[u8], tag: Tag) -> Option<&[u8]> {
    tlv::walk(data, Budget::default())
        .map_while(Result::ok)
        .find(|(_, object)| object.tag == tag)
        .map(|(_, object)| object.value)
}

/// The AFL of an answer to GET PROCESSING OPTIONS, in either format.
pub fn afl(data: &[u8]) -> Option<&[u8]> {
    find(data, tags::AFL_94).or_else(|| find(data, tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80)?.get(2..))
}

/// An answer to SELECT: a directory, or an application.
fn selected(data: &[u8]) -> Vec<String> {
    if let Some(directory) = find(data, tags::FCI_ISSUER_DISCRETIONARY_DATA_BF0C)
        && find(directory, tags::ADF_NAME_4F).is_some()
    {
        // The candidates that Entry Point finds in it follow as events of their own.
        return Vec::new();
    }
    let name = find(data, tags::DF_NAME_84).map(|name| Hex(name).to_string());
    let label = find(data, tags::APPLICATION_LABEL_50).map(text);
    let pdol = match find(data, tags::PDOL_9F38) {
        Some(pdol) => format!("PDOL {}", counted(tlv::dol_entries(pdol).count(), "object")),
        None => "no PDOL".to_owned(),
    };
    let application = [name, label].into_iter().flatten().collect::<Vec<_>>().join(" ");
    [application, pdol].into_iter().filter(|part| !part.is_empty()).collect()
}

fn options(data: &[u8]) -> Vec<String> {
    let mut parts: Vec<String> = cryptogram(data).unwrap_or_default().into_iter().take(1).collect();
    let format_1 = find(data, tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80);
    let aip = find(data, tags::AIP_82).or_else(|| format_1?.get(..2));
    parts.extend(aip.map(|aip| format!("AIP {}", Hex(aip))));
    parts.extend(find(data, tags::CTQ_9F6C).map(|ctq| format!("CTQ {}", Hex(ctq))));
    let records: usize =
        afl(data).unwrap_or_default().chunks(4).filter_map(range).map(|(first, last)| last - first + 1).sum();
    if records > 0 {
        parts.push(counted(records, "record"));
    }
    parts
}

/// First and last record of an AFL entry.
fn range(entry: &[u8]) -> Option<(usize, usize)> {
    let [_, first, last, _] = *entry else { return None };
    (first <= last).then_some((first.into(), last.into()))
}

fn record_text(data: &[u8], sfi: u8, record: u8, afl: &[u8]) -> String {
    let signed = afl.chunks(4).any(|entry| match *entry {
        [entry_sfi, first, last, count] => {
            entry_sfi >> 3 == sfi && (first..=last).contains(&record) && record - first < count
        }
        _ => false,
    });
    format!("{}{}", bytes_text(data.len()), if signed { ", signed" } else { "" })
}

/// The kind of cryptogram by CID, or by the CVR inside the IAD where a card leaves the CID out (C-3 5.4.3.1). In an answer with a
/// signature the cryptogram is part of it (EMV Book 2, 6.6.1).
fn cryptogram(data: &[u8]) -> Option<Vec<String>> {
    let signed = find(data, tags::SDAD_9F4B).filter(|_| find(data, tags::CID_9F27).is_some());
    find(data, tags::APPLICATION_CRYPTOGRAM_9F26).or(signed)?;
    let iad = find(data, tags::IAD_9F10).unwrap_or_default();
    let kind = match find(data, tags::CID_9F27) {
        Some([cid]) => Some(cid >> 6),
        _ => iad.get(4).map(|cvr| cvr >> 4 & 0b11),
    };
    let atc = find(data, tags::ATC_9F36).map(atc_text);
    let signed = signed.map(|_| "signed".to_owned());
    Some(core::iter::once(kind_text(kind)).chain(atc).chain(signed).collect())
}

/// The tracks that have a checksum (C-2, COMPUTE CRYPTOGRAPHIC CHECKSUM).
fn checksums(data: &[u8]) -> Vec<String> {
    let has = |tag| find(data, tag).is_some();
    let tracks = match (has(tags::CVC3_TRACK1_9F60), has(tags::CVC3_TRACK2_9F61)) {
        (true, true) => "CVC3 of tracks 1 and 2",
        (true, false) => "CVC3 of track 1",
        (false, true) => "CVC3 of track 2",
        (false, false) => "no CVC3",
    };
    core::iter::once(tracks.to_owned()).chain(find(data, tags::ATC_9F36).map(atc_text)).collect()
}

/// The time that a card says it works, in the units of 100 µs that it says it in (C-2, EXCHANGE RELAY RESISTANCE DATA).
fn relay_resistance(data: &[u8]) -> Option<String> {
    let value = find(data, tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80)?;
    let [_, _, _, _, min_high, min_low, max_high, max_low, _, _] = *value else { return None };
    let milliseconds = |units: [u8; 2]| {
        let units = u16::from_be_bytes(units);
        format!("{}.{}", units / 10, units % 10)
    };
    Some(format!("says {} to {} ms", milliseconds([min_high, min_low]), milliseconds([max_high, max_low])))
}

/// CID, ATC, cryptogram, IAD without tags of their own (EMV Book 3, 6.5.5.4).
fn format_1_cryptogram(data: &[u8]) -> Vec<String> {
    let Some(value) = find(data, tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80) else {
        return vec![bytes_text(data.len())];
    };
    let mut cursor = Cursor::new(value);
    let kind = cursor.byte().map(|cid| cid >> 6);
    let atc = cursor.array::<2>();
    core::iter::once(kind_text(kind)).chain(atc.map(|atc| atc_text(&atc))).collect()
}

fn kind_text(kind: Option<u8>) -> String {
    match kind {
        Some(0) => "AAC",
        Some(1) => "TC",
        Some(2) => "ARQC",
        _ => "cryptogram of unknown kind",
    }
    .to_owned()
}

fn atc_text(atc: &[u8]) -> String {
    format!("ATC {}", atc.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
}

fn objects_text(data: &[u8], mask: &Mask) -> Vec<String> {
    tlv::objects(data)
        .map_while(Result::ok)
        .map(|object| format!("{} {}", object.tag, Hex(&mask.object(object.tag, object.value))))
        .collect()
}

fn bytes_text(count: usize) -> String {
    counted(count, "byte")
}

/// `1 byte`, `2 bytes`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Text of a card, which may be anything.
pub fn text(value: &[u8]) -> String {
    value.iter().map(|byte| if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '·' }).collect()
}

/// What a status word means when a terminal gets it (ISO 7816-4, 5.6; EMV Book 3, table 6).
fn status_text(status: StatusWord) -> Option<&'static str> {
    Some(match status.0 {
        0x6200..=0x62FF => "warning: nothing was changed",
        0x6300 => "authentication failed",
        0x6301..=0x63FF => "warning: something was changed",
        0x6700 => "wrong length",
        0x6982 => "security status not satisfied",
        0x6983 => "authentication method blocked",
        0x6984 => "referenced data cannot be used",
        0x6985 => "conditions of use not satisfied",
        0x6986 => "command not allowed",
        0x6988 => "wrong secure messaging data",
        0x6A80 => "wrong data",
        0x6A81 => "function not supported",
        0x6A82 => "file or application not found",
        0x6A83 => "record not found",
        0x6A86 => "wrong P1 P2",
        0x6A88 => "referenced data not found",
        0x6B00 => "wrong P1 P2",
        0x6C00..=0x6CFF => "wrong Le",
        0x6D00 => "instruction not supported",
        0x6E00 => "class not supported",
        0x6F00..=0x6FFF => "no precise diagnosis",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str, response: &str) -> String {
        let bytes = |text: &str| hex::decode(text.replace(' ', "")).unwrap();
        answer(&bytes(command), &bytes(response), &bytes("10010201"), &Mask::off()).join(" · ")
    }

    #[test]
    fn answers_in_a_few_words() {
        for (command, response, words) in [
            (
                "80A80000",
                "7714 82022000 9F360200FF 9F2608 1122334455667788 9000",
                "cryptogram of unknown kind · AIP 2000",
            ),
            ("80A80000", "8006 1980 08010200 9000", "AIP 1980 · 2 records"),
            ("80A80000", "7709 82022000 9F6C022800 9000", "AIP 2000 · CTQ 2800"),
            ("00B2011400", "7000 9000", "2 bytes, signed"),
            ("00B2021400", "7000 9000", "2 bytes"),
            ("00A4040000", "6A82", "file or application not found"),
            ("00A4040000", "6F10 A50E 500456495341 9F3805 9F66049F02 9000", "VISA · PDOL 2 objects"),
            ("80AE8000", "800B 40 0001 1122334455667788 9000", "TC · ATC 1"),
            ("80CA9F3600", "9F36020007 9000", "9F36 0007"),
            ("80AE9000", "7710 9F270180 9F36020001 9F4B04 AABBCCDD 9000", "ARQC · ATC 1 · signed"),
            ("802A8E80", "770A 9F6102 13F8 9F3602 0001 9000", "CVC3 of track 2 · ATC 1"),
            ("80EA0000", "800A 01020304 000F 0028 0018 9000", "says 1.5 to 4.0 ms"),
            ("80EA0000", "8002 0102 9000", "4 bytes"),
            ("00A4040000", "90", "1 byte instead of a status word"),
        ] {
            assert_eq!(of(command, response), words, "{command} {response}");
        }
    }

    #[test]
    fn a_missing_cid_is_read_from_the_iad() {
        let tail = "9F2608 1122334455667788 9F360200FF 82022000 9000".replace(' ', "");
        let with = |head: &str| of("80A80000", &format!("77{:02X}{head}{tail}", (head.len() + tail.len() - 4) / 2));
        assert_eq!(with("9F1007 06011203A00000"), "ARQC · AIP 2000");
        assert_eq!(with("9F1007060112039000009F270100"), "AAC · AIP 2000");
    }
}
