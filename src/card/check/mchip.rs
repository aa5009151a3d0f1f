//! What Kernel 2 reads in another way than Kernel 3: it takes no object that is not the card's to give, none in the wrong place,
//! and asks for the cryptogram with a list of its own (C-2, 4.7 and 7.6).

use super::{
    Notes, Subject,
    pdol::{USUAL, missing},
    rules,
    view::{Shown, View},
};
use crate::{
    data::{
        Scope,
        dictionary::{
            self, AID_TERMINAL_9F06, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, CA_PUBLIC_KEY_INDEX_TERMINAL_9F22,
            CDOL1_8C, CID_9F27, COMMAND_TEMPLATE_83, FCI_ISSUER_DISCRETIONARY_DATA_BF0C, FCI_PROPRIETARY_TEMPLATE_A5,
            IAD_9F10, Origin, POS_ENTRY_MODE_9F39, READ_RECORD_RESPONSE_TEMPLATE_70,
            RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, Row, SDAD_9F4B, TRANSACTION_SEQUENCE_COUNTER_9F41,
            UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::{DolEntry, Tag, dol_entries},
};

/// What the card gives with its cryptogram, and therefore not before.
const WITH_CRYPTOGRAM: [Tag; 5] = [CID_9F27, ATC_9F36, APPLICATION_CRYPTOGRAM_9F26, IAD_9F10, SDAD_9F4B];

/// Objects of every terminal that Kernel 2 has no use for, and therefore ignores in an answer.
const UNKNOWN: [Tag; 5] = [
    COMMAND_TEMPLATE_83,
    AID_TERMINAL_9F06,
    CA_PUBLIC_KEY_INDEX_TERMINAL_9F22,
    POS_ENTRY_MODE_9F39,
    TRANSACTION_SEQUENCE_COUNTER_9F41,
];

/// The files whose records are coded as EMV says; what those above hold is not looked at (S4.24).
const EMV_FILES: core::ops::RangeInclusive<u8> = 1..=10;

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    if subject.has_emv_mode() {
        cryptogram_list(subject, notes);
    }
    // Every answer of the card is the first one: cryptograms come later.
    let Some(view) = subject.views.first() else { return };
    for shown in view.fci.iter().chain(&view.objects).filter(|shown| is_parsed(shown)) {
        place(subject, shown, notes);
    }
    if subject.has_emv_mode() {
        before_the_cryptogram(subject, view, notes);
    }
}

/// Whether Kernel 2 refuses the object because it is not the card's to give. Of its private objects it says nothing.
pub fn kernel_2_refuses(row: &Row) -> bool {
    let is_private = row.tag.bytes().iter().find(|byte| **byte != 0).is_some_and(|first| first & 0xC0 == 0xC0);
    let is_known = row.kernels.contains(Scope::K2) && !UNKNOWN.contains(&row.tag);
    matches!(row.origin, Origin::Terminal | Origin::Kernel) && is_known && !is_private
}

/// Whether the kernel looks into what holds the object.
pub(super) fn is_parsed(shown: &Shown) -> bool {
    shown.record.is_none_or(|id| EMV_FILES.contains(&id.sfi))
}

/// An object in a template where the book does not have it.
fn place(subject: &Subject<'_>, shown: &Shown, notes: &mut Notes<'_>) {
    let Some(row) = dictionary::row(shown.tag, Scope::K2).filter(|row| row.kernels.contains(Scope::K2)) else { return };
    let is_listed = |list: &[Tag]| list.contains(&shown.tag);
    let template = match shown.record {
        Some(_) => READ_RECORD_RESPONSE_TEMPLATE_70,
        None if shown.path.iter().any(|key| key == "gpo") => RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77,
        None if is_listed(&subject.application.fci_discretionary) => FCI_ISSUER_DISCRETIONARY_DATA_BF0C,
        None => FCI_PROPRIETARY_TEMPLATE_A5,
    };
    if row.templates.is_empty() || row.templates.contains(&template) {
        return;
    }
    let right: Vec<String> = row.templates.iter().map(Tag::to_string).collect();
    let message =
        format!("{} ({}) stands in template {template}, its place is {}", shown.tag, row.name, right.join(" or "));
    notes.say(
        rules::OBJECT_PLACE,
        &shown.path,
        message,
        "kernel 2 does not understand such an answer; move the object",
    );
}

/// Objects of GENERATE AC in an answer before it.
fn before_the_cryptogram(subject: &Subject<'_>, view: &View<'_>, notes: &mut Notes<'_>) {
    for shown in view.objects.iter().filter(|shown| WITH_CRYPTOGRAM.contains(&shown.tag)) {
        let tag = shown.tag;
        if tag == ATC_9F36 || subject.stated(tag).is_some() {
            let message = format!("{tag} comes here and once more with the cryptogram");
            notes.say(rules::CRYPTOGRAM_OBJECT, &shown.path, message, "kernel 2 takes no object twice; leave it out");
        } else {
            let message = format!("{tag} is made by GENERATE AC: there is none yet, and the card leaves it out here");
            notes.say(rules::CRYPTOGRAM_OBJECT_EARLY, &shown.path, message, "leave it out");
        }
    }
}

/// CDOL1 against what goes into the cryptogram, and into the signature over it.
fn cryptogram_list(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let Some(value) = subject.stated(CDOL1_8C) else { return };
    let entries: Result<Vec<DolEntry>, _> = dol_entries(value).collect();
    // A malformed list has been noted as a value of the wrong format.
    let Ok(entries) = entries else { return };
    let asks = |tag: Tag| entries.iter().any(|entry| entry.tag == tag);
    missing(USUAL, asks, |list| {
        let message = format!("the cryptogram is over {list}, for which CDOL1 does not ask: the card takes zeros");
        let hint = match asks(UNPREDICTABLE_NUMBER_9F37) {
            true => "ask for it in 8C, or no issuer can verify the cryptogram",
            false => "ask for it in 8C, or no issuer can verify the cryptogram, and no terminal the signature of CDA",
        };
        notes.say(rules::CDOL_CRYPTOGRAM, &subject.data(CDOL1_8C), message, hint);
    });
}
