//! Data objects of a terminal: those there are, and those there should be.

use super::{Notes, Subject, path, rules};
use crate::{
    bytes::Hex,
    data::{
        Scope, codes,
        decode::{Fault, decode_value},
        dictionary::{
            ACQUIRER_IDENTIFIER_9F01, ADDITIONAL_TERMINAL_CAPABILITIES_9F40, IFD_SERIAL_NUMBER_9F1E,
            MERCHANT_CATEGORY_CODE_9F15, MERCHANT_IDENTIFIER_9F16, MERCHANT_NAME_AND_LOCATION_9F4E, Origin,
            TERMINAL_CAPABILITIES_9F33, TERMINAL_COUNTRY_CODE_9F1A, TERMINAL_IDENTIFICATION_9F1C, TERMINAL_TYPE_9F35,
        },
    },
    kernel::c2::dictionary::is_from_terminal,
    tlv::Tag,
};

/// What acquirers and data records want from every terminal. Country, currency and type have keys of their own.
const WANTED: [Tag; 8] = [
    TERMINAL_CAPABILITIES_9F33,
    ADDITIONAL_TERMINAL_CAPABILITIES_9F40,
    MERCHANT_CATEGORY_CODE_9F15,
    MERCHANT_IDENTIFIER_9F16,
    TERMINAL_IDENTIFICATION_9F1C,
    IFD_SERIAL_NUMBER_9F1E,
    ACQUIRER_IDENTIFIER_9F01,
    MERCHANT_NAME_AND_LOCATION_9F4E,
];

/// Who operates it, and whether it is attended and goes online (EMV Book 4, table 24). A cardholder attends nothing.
const TYPES: [[u8; 1]; 15] = [
    [0x11],
    [0x12],
    [0x13],
    [0x14],
    [0x15],
    [0x16],
    [0x21],
    [0x22],
    [0x23],
    [0x24],
    [0x25],
    [0x26],
    [0x34],
    [0x35],
    [0x36],
];

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    for (tag, value) in &subject.data {
        let place = match *tag {
            TERMINAL_TYPE_9F35 => path(&["type"]),
            TERMINAL_COUNTRY_CODE_9F1A => path(&["country"]),
            other => path(&["data", &other.to_string()]),
        };
        object(*tag, value, Scope::K3, &place, notes);
    }
    let configuration = subject.terminal.configuration();
    for (at, combination) in subject.terminal.combinations.iter().enumerate() {
        let same =
            configuration.tables.iter().flat_map(|table| &table.combinations).find(|other| {
                combination.aids.contains(&other.aid) && other.kernel_id == *combination.kernel.get_ref()
            });
        let kernel = match combination.kernel.get_ref().bytes() {
            [number] => Scope::kernel(*number),
            _ => None,
        };
        let scope = kernel.unwrap_or(Scope::K3);
        for (tag, value) in same.iter().flat_map(|combination| &combination.data) {
            // An empty object is how Kernel 2 is told to ask the terminal for it.
            if value.is_empty() && scope == Scope::K2 && is_from_terminal(*tag) {
                continue;
            }
            object(*tag, value, scope, &path(&["combination", &at.to_string(), "data", &tag.to_string()]), notes);
        }
    }
    for tag in WANTED.into_iter().filter(|tag| subject.value(*tag).is_none()) {
        let name = crate::data::dictionary::rows(tag).first().map_or("", |row| row.name);
        let message = format!("{tag} ({name}) has no value");
        notes.say(rules::TERMINAL_DATA, &path(&["data"]), message, "state it in [data]");
    }
    if let Some([kind]) = subject.value(TERMINAL_TYPE_9F35).filter(|kind| !TYPES.iter().any(|known| kind == known)) {
        let message = format!("there is no terminal type {kind:02X}");
        let hint = "write 11 to 16 (financial institution), 21 to 26 (merchant) or 34 to 36 (cardholder)";
        notes.say(rules::TERMINAL_TYPE, &path(&["type"]), message, hint);
    }
    let country = subject.value(TERMINAL_COUNTRY_CODE_9F1A);
    if let Some(number) = country.filter(|number| codes::country(number).is_none()) {
        let message = format!("there is no country {}", Hex(number));
        notes.say(rules::COUNTRY, &path(&["country"]), message, "write the number of ISO 3166-1, like 056");
    }
}

fn object(tag: Tag, value: &[u8], scope: Scope, place: &[String], notes: &mut Notes<'_>) {
    let node = decode_value(tag, value, Some(scope));
    for fault in node.faults.iter().filter(|fault| !matches!(fault, Fault::Inside(_))) {
        let message = format!("{tag} ({}): {fault}", node.name());
        notes.say(rules::OBJECT_VALUE, place, message, "cards cut or pad the value, hosts refuse it");
    }
    let reserved = node.reserved();
    if !reserved.is_empty() {
        let message = format!("bits reserved for future use are set in {tag}: {}", Hex(&reserved));
        notes.say(rules::RESERVED_BITS, place, message, "clear them");
    }
    if node.row.is_some_and(|row| row.origin == Origin::Card) {
        let message = format!("{tag} ({}) is for the card to say", node.name());
        notes.say(rules::CARD_OBJECT, place, message, "leave it out");
    }
}
