//! What the card asks the terminal for.

use super::{Notes, Subject, rules};
use crate::{
    crypto::cryptogram::VisaCvn,
    data::{
        Scope,
        dictionary::{
            self, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, Origin, PDOL_9F38, SDAD_9F4B, TERMINAL_COUNTRY_CODE_9F1A,
            TRANSACTION_CURRENCY_CODE_5F2A, TRANSACTION_DATE_9A, TRANSACTION_TYPE_9C, TTQ_9F66, TVR_95,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::{DolEntry, Tag, dol_entries},
};

/// What goes into the cryptogram from the terminal (EMV Book 2, table 26).
pub(super) const USUAL: &[Tag] = &[
    AMOUNT_AUTHORISED_9F02,
    AMOUNT_OTHER_9F03,
    TERMINAL_COUNTRY_CODE_9F1A,
    TVR_95,
    TRANSACTION_CURRENCY_CODE_5F2A,
    TRANSACTION_DATE_9A,
    TRANSACTION_TYPE_9C,
    UNPREDICTABLE_NUMBER_9F37,
];
/// The same for cryptogram version 17.
const SHORT: &[Tag] = &[AMOUNT_AUTHORISED_9F02, UNPREDICTABLE_NUMBER_9F37];
/// What an fDDA signature covers.
const SIGNED: &[Tag] = &[UNPREDICTABLE_NUMBER_9F37, AMOUNT_AUTHORISED_9F02, TRANSACTION_CURRENCY_CODE_5F2A];

/// What fits into one command with template 83.
const ANSWER_MAX: usize = 252;

pub(super) fn check(subject: &Subject<'_>, version: VisaCvn, notes: &mut Notes<'_>) {
    let place = subject.data(PDOL_9F38);
    let value = subject.stated(PDOL_9F38).unwrap_or_default();
    let entries: Result<Vec<DolEntry>, _> = dol_entries(value).collect();
    // A malformed list has been noted as a value of the wrong format.
    let Ok(entries) = entries else { return };
    let asks = |tag: Tag| entries.iter().any(|entry| entry.tag == tag);
    let sent = subject.application.fci.contains(&PDOL_9F38);
    if !sent || !asks(TTQ_9F66) {
        let message = "the answer to SELECT does not ask for 9F66 (TTQ) in a PDOL: no kernel 3 takes the card";
        notes.say(rules::PDOL_MISSING, &place, message, "begin 9F38 with 9F6604");
    }
    let needed = if version == VisaCvn::Cvn17 { SHORT } else { USUAL };
    missing(needed, asks, |list| {
        let message = format!("the cryptogram is over {list}, for which the PDOL does not ask: the card takes zeros");
        notes.say(
            rules::PDOL_CRYPTOGRAM,
            &place,
            message,
            "ask for it in 9F38, or no issuer can verify the cryptogram",
        );
    });
    if subject.shows(SDAD_9F4B) {
        // What the cryptogram misses has been noted.
        let more: Vec<Tag> = SIGNED.iter().copied().filter(|tag| !needed.contains(tag)).collect();
        missing(&more, asks, |list| {
            let message = format!("fDDA signs {list}, for which the PDOL does not ask");
            notes.say(rules::PDOL_FDDA, &place, message, "ask for it in 9F38, or no terminal can verify the signature");
        });
    }
    let length: usize = entries.iter().map(|entry| usize::from(entry.length)).sum();
    if length > ANSWER_MAX {
        let message = format!("the PDOL asks for {length} bytes, at most {ANSWER_MAX} fit into the command");
        notes.say(rules::PDOL_LENGTH, &place, message, "ask for less");
        return;
    }
    for (at, entry) in entries.iter().enumerate() {
        if let Some(message) = odd(entry, entries.get(..at).unwrap_or_default()) {
            notes.say(
                rules::PDOL_ENTRY,
                &place,
                message,
                "terminals fill such fields with zeros, or cut and pad values",
            );
        }
    }
}

/// Says which of the needed objects nobody asks for, if there are any.
pub(super) fn missing(needed: &[Tag], asks: impl Fn(Tag) -> bool, mut say: impl FnMut(&str)) {
    let list: Vec<String> = needed.iter().filter(|tag| !asks(**tag)).map(Tag::to_string).collect();
    if !list.is_empty() {
        say(&list.join(", "));
    }
}

/// What is odd about an entry.
fn odd(entry: &DolEntry, before: &[DolEntry]) -> Option<String> {
    let DolEntry { tag, length } = *entry;
    if before.iter().any(|other| other.tag == tag) {
        return Some(format!("the PDOL asks twice for {tag}"));
    }
    let row = match dictionary::row(tag, Scope::K3) {
        None => return Some(format!("the PDOL asks for {tag}, which no terminal knows")),
        Some(row) => row,
    };
    match row.origin {
        Origin::Card | Origin::Issuer => Some(format!("the PDOL asks for {tag} ({}), which no terminal has", row.name)),
        _ if !row.allows(length.into()) => {
            Some(format!("the PDOL asks for {length} bytes of {tag} ({}), which has {}", row.name, row.lengths()))
        }
        _ => None,
    }
}
