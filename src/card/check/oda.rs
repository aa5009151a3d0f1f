//! Offline data authentication: whether all that a terminal needs for it is there.

use super::{
    Notes, Subject, rules,
    view::{Kind, View},
};
use crate::{
    data::{
        bits::ctq,
        dictionary::{
            CA_PUBLIC_KEY_INDEX_8F, CARD_AUTHENTICATION_RELATED_DATA_9F69, CTQ_9F6C, ICC_PUBLIC_KEY_CERTIFICATE_9F46,
            ICC_PUBLIC_KEY_EXPONENT_9F47, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32,
            SDA_TAG_LIST_9F4A, SDAD_9F4B, SSAD_93,
        },
    },
    tlv::Tag,
};

const ISSUER: [Tag; 3] = [CA_PUBLIC_KEY_INDEX_8F, ISSUER_PUBLIC_KEY_CERTIFICATE_90, ISSUER_PUBLIC_KEY_EXPONENT_9F32];
const CARD: [Tag; 3] =
    [ICC_PUBLIC_KEY_CERTIFICATE_9F46, ICC_PUBLIC_KEY_EXPONENT_9F47, CARD_AUTHENTICATION_RELATED_DATA_9F69];

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    for view in subject.views {
        let (dynamic, fixed) = (view.shows(SDAD_9F4B), view.shows(SSAD_93));
        if view.kind == Kind::Offline && !dynamic && !fixed {
            let message = "no offline approval: the card proves itself neither by fDDA (9F4B) nor by SDA (93)";
            notes.say(rules::ODA_MISSING, &view.list, message, "send 9F4B with what it needs");
        }
        let needs = ISSUER.iter().filter(|_| dynamic || fixed).chain(CARD.iter().filter(|_| dynamic));
        for tag in needs.filter(|tag| !view.shows(**tag)) {
            let signature = if dynamic { SDAD_9F4B } else { SSAD_93 };
            let path = view.find(signature).map_or(&view.list, |shown| &shown.path);
            let message = format!("{signature} cannot be verified without {tag}");
            notes.say(rules::ODA_OBJECT, path, message, "add it to a record");
        }
        if dynamic || fixed {
            tag_list(subject, view, notes);
        }
        if dynamic {
            last_record(view, notes);
        }
    }
    related_data(subject, notes);
    if subject.stated(SDAD_9F4B).is_some() {
        let message = "a stated 9F4B belongs to one transaction: in every other it is a wrong signature";
        notes.say(
            rules::DYNAMIC_SIGNATURE,
            &subject.data(SDAD_9F4B),
            message,
            "leave it out to have it made each time",
        );
    }
}

fn tag_list(subject: &Subject<'_>, view: &View<'_>, notes: &mut Notes<'_>) {
    let Some(value) = subject.stated(SDA_TAG_LIST_9F4A) else { return };
    let place = subject.data(SDA_TAG_LIST_9F4A);
    if value != [0x82] {
        let message = "the static data tag list holds tag 82 and nothing else";
        notes.say(rules::SDA_TAG_LIST, &place, message, "state \"82\"");
    } else if !view.shows(SDA_TAG_LIST_9F4A) {
        let message = "the AIP is signed, but the terminal does not get to know it: 9F4A is in no record";
        notes.say(rules::SDA_TAG_LIST, &place, message, "add 9F4A to a record, or take it away");
    }
}

fn last_record(view: &View<'_>, notes: &mut Notes<'_>) {
    let Some(shown) = view.find(CARD_AUTHENTICATION_RELATED_DATA_9F69) else { return };
    let last = view.records.iter().map(|(id, _)| *id).rfind(|id| !view.record(*id).is_empty());
    if shown.record != last {
        let message = "with fDDA, 9F69 belongs into the last record";
        notes.say(rules::CARD_DATA_PLACE, &shown.path, message, "move it there");
    }
}

/// A stated 9F69: version, unpredictable number, copy of the CTQ.
fn related_data(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let Some(value) = subject.stated(CARD_AUTHENTICATION_RELATED_DATA_9F69) else { return };
    let qualifiers = subject.stated(CTQ_9F6C).unwrap_or_default();
    let copy = value.get(5..7);
    let message = match value.first() {
        Some(version) if *version != 1 => format!("kernels take fDDA version 01 only, found {version:02X}"),
        _ if copy.is_some_and(|copy| copy != qualifiers) => "bytes 6 and 7 of 9F69 are not the CTQ (9F6C)".to_owned(),
        _ if copy.is_none() && ctq::CDCVM_PERFORMED.is_set(qualifiers) => {
            "9F69 is too short for the copy of the CTQ that proves the verification on the device".to_owned()
        }
        _ => return,
    };
    let hint = "leave 9F69 out to have it made";
    notes.say(rules::CARD_DATA, &subject.data(CARD_AUTHENTICATION_RELATED_DATA_9F69), message, hint);
}
