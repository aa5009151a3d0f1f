//! The tables of a profile that an application becomes.

use super::{
    quoted,
    seen::{Cryptogram, Seen},
};
use crate::{
    bytes::Hex,
    card::{objects, profile::Scheme},
    crypto::scheme::Version,
    data::dictionary as tags,
    tlv::{self, Tag},
};

/// The name of a scheme in profiles.
pub(super) const fn word(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Visa => "visa",
        Scheme::Mastercard => "mastercard",
    }
}

/// The tables of one application.
pub(super) fn application(seen: &Seen, scheme: Scheme, table: &str) -> String {
    let mut text = format!("\n[application.{table}]\naid = \"{}\"\n", Hex(&seen.aid));
    text.push_str(&directory(seen));
    if !seen.get_data.is_empty() {
        text.push_str(&format!("get-data = {}\n", list(&seen.get_data)));
    }
    text.push_str(&format!("\n[application.{table}.data]\n"));
    for (tag, value) in stated(seen, scheme) {
        let name = tags::row(tag, scheme.scope()).or(tags::rows(tag).first()).map_or("unknown", |row| row.name);
        text.push_str(&format!("\"{tag}\" = \"{}\"  # {name}\n", Hex(value)));
    }
    text.push_str(&format!(
        "\n[application.{table}.fci]\nproprietary = {}\ndiscretionary = {}\n",
        list(&seen.fci),
        list(&seen.fci_discretionary)
    ));
    text.push_str(&format!("\n[application.{table}.gpo]\n"));
    if seen.format_1 {
        text.push_str("format = 1\n");
    }
    text.push_str(&format!("online = {}\n", list(&seen.gpo)));
    if !seen.records.is_empty() {
        text.push_str(&format!("\n[application.{table}.records]\n"));
    }
    for ((sfi, number), listed) in &seen.records {
        let may_be = !listed.iter().any(|tag| objects::never_signed(scheme, *tag));
        let oda = if may_be && seen.is_signed(*sfi, *number) { "oda = true, " } else { "" };
        text.push_str(&format!("\"{sfi}.{number}\" = {{ {oda}objects = {} }}\n", list(listed)));
    }
    text.push_str(&match scheme {
        Scheme::Visa => qvsdc(seen, table),
        Scheme::Mastercard => mchip(seen, table),
    });
    text
}

/// What the directory says.
fn directory(seen: &Seen) -> String {
    let value = |tag| seen.values.get(&tag).or_else(|| seen.listed.get(&tag));
    let mut text = String::new();
    if let Some(label) = value(tags::APPLICATION_LABEL_50) {
        text.push_str(&format!("label = {}\n", quoted(&String::from_utf8_lossy(label))));
    }
    if let Some([priority]) = value(tags::APPLICATION_PRIORITY_INDICATOR_87).map(Vec::as_slice) {
        text.push_str(&format!("priority = {priority}\n"));
    }
    for (name, tag) in
        [("kernel-identifier", tags::KERNEL_IDENTIFIER_9F2A), ("extended-selection", tags::EXTENDED_SELECTION_9F29)]
    {
        if let Some(value) = seen.listed.get(&tag) {
            text.push_str(&format!("{name} = \"{}\"\n", Hex(value)));
        }
    }
    text
}

/// The objects whose recorded value the profile states.
fn stated(seen: &Seen, scheme: Scheme) -> impl Iterator<Item = (Tag, &Vec<u8>)> {
    const ELSEWHERE: [Tag; 2] = [tags::APPLICATION_LABEL_50, tags::APPLICATION_PRIORITY_INDICATOR_87];
    // What a running total was then is all that is known of it.
    let states = move |tag: Tag| {
        matches!(objects::origin(scheme, tag), objects::Origin::Stated | objects::Origin::RunningTotal)
            && !ELSEWHERE.contains(&tag)
    };
    seen.values.iter().filter(move |(tag, _)| states(**tag)).map(|(tag, value)| (*tag, value))
}

/// Keys, cryptogram and risk of a Visa application: as the Issuer Application Data say (VIS: length, key index, version,
/// results).
fn qvsdc(seen: &Seen, table: &str) -> String {
    let iad = seen.values.get(&tags::IAD_9F10).map(Vec::as_slice).unwrap_or_default();
    let version = iad.get(2).copied().filter(|version| [10, 17, 18, 22].contains(version)).unwrap_or(18);
    let kind = seen.values.get(&tags::CID_9F27).and_then(|cid| cid.first()).map(|cid| cid >> 6);
    let kind = kind.or_else(|| iad.get(4).map(|results| results >> 4 & 0b11));
    let decision = match kind {
        Some(0b00) => "decline",
        Some(0b01) => "offline",
        _ => "online",
    };
    format!(
        "\n[application.{table}.keys]\nca = \"visa-ca-e1\"\nissuer = \"visa-issuer-a\"\ncard = \"visa-card-a\"\n\
         master = \"visa-master-a\"\n\n[application.{table}.cryptogram]\nversion = {version}\n\n\
         [application.{table}.risk]\ndecision = \"{decision}\"\n"
    )
}

/// The same of a Mastercard application, with what only such a card has.
fn mchip(seen: &Seen, table: &str) -> String {
    let certified = seen.values.contains_key(&tags::ISSUER_PUBLIC_KEY_CERTIFICATE_90);
    let certificates =
        if certified { "ca = \"mc-ca-e1\"\nissuer = \"mc-issuer-a\"\ncard = \"mc-card-a\"\n" } else { "" };
    let tracks = [tags::TRACK_1_DATA_56, tags::TRACK_2_DATA_9F6B].iter().any(|tag| seen.values.contains_key(tag));
    let checksum = if tracks { "cvc3 = \"mc-cvc3-a\"\n" } else { "" };
    let decision = match seen.cryptogram {
        // A refusal says something of the card only if it was asked for more.
        Some(Cryptogram { asked: 1.., given: 0, .. }) if !is_verification_missing(seen) => "decline",
        Some(Cryptogram { given: 1, .. }) => "offline",
        _ => "online",
    };
    format!(
        "\n[application.{table}.keys]\n{certificates}master = \"mc-master-a\"\n{checksum}\n{}\n[application.{table}.risk]\n\
         decision = \"{decision}\"\n{}",
        cryptogram(seen, table),
        mchip_settings(seen, table)
    )
}

/// Issuer Application Data of M/Chip: key index, version, card verification results in six bytes, then a code and counters.
fn cryptogram(seen: &Seen, table: &str) -> String {
    let iad = seen.cryptogram.as_ref().map(|cryptogram| cryptogram.iad.as_slice()).unwrap_or_default();
    let mut text = format!("[application.{table}.cryptogram]\n");
    let number = iad.get(1).filter(|number| {
        let name = format!("{}-{number}", word(Scheme::Mastercard));
        Version::named(&name).is_some_and(|version| version.name == name)
    });
    text.push_str(&format!("version = {}\n", number.unwrap_or(&16)));
    if let Some(index) = iad.first() {
        text.push_str(&format!("key-index = {index}\n"));
    }
    if let Some(rest) = iad.get(8..).filter(|rest| rest.iter().any(|byte| *byte != 0)) {
        let rest = rest.get(..rest.len().min(objects::DISCRETIONARY_ROOM)).unwrap_or_default();
        text.push_str(&format!("discretionary = \"{}\"\n", Hex(rest)));
    }
    text
}

/// POS Cardholder Interaction Information, byte 2: verification on the device is required, or was successful (C-2, annex A).
const REQUIRED: u8 = 0x01;
const SUCCESSFUL: u8 = 0x10;

fn is_verification_missing(seen: &Seen) -> bool {
    seen.interactions.iter().any(|interaction| interaction.get(1).is_some_and(|byte| byte & REQUIRED != 0))
}

fn mchip_settings(seen: &Seen, table: &str) -> String {
    let mut text = String::new();
    if seen.cryptogram.as_ref().is_some_and(|cryptogram| cryptogram.plain) {
        text.push_str("answer-format = 1\n");
    }
    let verified = seen.interactions.iter().any(|known| known.get(1).is_some_and(|byte| byte & SUCCESSFUL != 0));
    if is_verification_missing(seen) {
        text.push_str("device-verification = \"second-tap\"\n");
    } else if verified {
        text.push_str("device-verification = \"done\"\n");
    }
    if !seen.put_data.is_empty() {
        text.push_str(&format!("put-data = {}\n", list(&seen.put_data)));
    }
    text.push_str(&relay(seen).unwrap_or_default());
    text.push_str(&storage(seen));
    if text.is_empty() { text } else { format!("\n[application.{table}.mchip]\n{text}") }
}

/// The card's entropy, then minimum, maximum and estimate, two bytes each (C-2, 5.3).
fn relay(seen: &Seen) -> Option<String> {
    let (answer, took) = seen.relay.as_ref()?;
    let [_, _, _, _, a, b, c, d, e, f] = *answer.first_chunk::<10>()?;
    let [min, max, estimate] = [[a, b], [c, d], [e, f]].map(u16::from_be_bytes);
    // A log without times: as fast as the card says.
    let takes = if *took == 0 { u64::from(min) * 100 } else { *took };
    Some(format!("relay = {{ told = {{ min = {min}, max = {max}, estimate = {estimate} }}, takes-us = {takes} }}\n"))
}

/// A slot that answered an operator; whose it is if it gave data.
fn storage(seen: &Seen) -> String {
    if !seen.gpo.contains(&tags::DS_SLOT_AVAILABILITY_9F5F) && !seen.gpo.contains(&tags::DS_SUMMARY_1_9F7D) {
        return String::new();
    }
    let operator = told(seen, tags::DS_REQUESTED_OPERATOR_ID_9F5C);
    match (operator, seen.values.get(&tags::DS_ODS_CARD_9F54)) {
        (Some(operator), Some(content)) if operator.len() == 8 => {
            format!("storage = {{ operator = \"{}\", content = \"{}\" }}\n", Hex(operator), Hex(content))
        }
        _ => "storage = {}\n".to_owned(),
    }
}

/// What the terminal told the card in answer to its PDOL.
fn told(seen: &Seen, wanted: Tag) -> Option<&[u8]> {
    let list = seen.values.get(&tags::PDOL_9F38)?;
    let mut rest = seen.told.as_slice();
    for entry in tlv::dol_entries(list).map_while(Result::ok) {
        let (value, after) = rest.split_at_checked(entry.length.into())?;
        if entry.tag == wanted {
            return Some(value);
        }
        rest = after;
    }
    None
}

fn list(tags: &[Tag]) -> String {
    let quoted: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    format!("[{}]", quoted.join(", "))
}
