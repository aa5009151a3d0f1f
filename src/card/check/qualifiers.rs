//! Qualifiers and profile bits that cannot do what they say.

use super::{Notes, Subject, rules, view::Kind};
use crate::data::{
    bits::{aip, aip_k1, ctq},
    dictionary::{AIP_82, CARD_AUTHENTICATION_RELATED_DATA_9F69, CTQ_9F6C, SDAD_9F4B, SSAD_93},
};

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    match subject.stated(CTQ_9F6C).filter(|_| subject.shows(CTQ_9F6C)) {
        Some(value) => transaction_qualifiers(subject, value, notes),
        None if subject.is_mag_stripe() => {}
        None => {
            let list = subject.views.first().map(|view| view.list.clone()).unwrap_or_default();
            let message = "without CTQ (9F6C) the reader alone decides about cardholder verification";
            notes.say(rules::CTQ_MISSING, &list, message, "state 9F6C and send it");
        }
    }
    if let Some(value) = subject.stated(AIP_82) {
        interchange_profile(subject, value, notes);
    }
}

fn transaction_qualifiers(subject: &Subject<'_>, value: &[u8], notes: &mut Notes<'_>) {
    let place = subject.data(CTQ_9F6C);
    let offline = subject.views.iter().find(|view| view.kind == Kind::Offline);
    let on_device = ctq::CDCVM_PERFORMED.is_set(value);
    if on_device && offline.is_some_and(|view| !view.shows(CARD_AUTHENTICATION_RELATED_DATA_9F69)) {
        let message = "verified on the consumer's device, but no 9F69 proves it: every offline approval is declined";
        notes.say(rules::CTQ_DEVICE, &place, message, "send 9F69 in the last record");
    }
    if on_device && ctq::ONLINE_PIN_REQUIRED.is_set(value) {
        let message = "the cardholder is verified on the device, and online PIN is required all the same";
        notes.say(rules::CTQ_PIN_AND_DEVICE, &place, message, "clear byte 1 bit 8 or byte 2 bit 8");
    }
    let needless = [ctq::GO_ONLINE_IF_ODA_FAILS, ctq::SWITCH_INTERFACE_IF_ODA_FAILS, ctq::GO_ONLINE_IF_EXPIRED];
    let set: Vec<String> = needless.iter().filter(|bit| bit.is_set(value)).map(ToString::to_string).collect();
    if offline.is_none() && !set.is_empty() {
        let message = format!("{} decides about offline approvals, which the card never gives", set.join(", "));
        notes.say(rules::CTQ_NO_EFFECT, &place, message, "clear it, or set risk.decision = \"offline\"");
    }
}

fn interchange_profile(subject: &Subject<'_>, value: &[u8], notes: &mut Notes<'_>) {
    let place = subject.data(AIP_82);
    match (aip::DDA.is_set(value), subject.shows(SDAD_9F4B)) {
        (true, false) if !subject.only_declines() => {
            let message = "the AIP says that DDA is supported, but the card signs nothing (9F4B)";
            notes.say(
                rules::AIP_DDA_UNSIGNED,
                &place,
                message,
                "clear byte 1 bit 6, or give the card a key and send 9F4B",
            );
        }
        (false, true) => {
            let message = "the card signs with fDDA (9F4B), but the AIP does not say that DDA is supported";
            notes.say(rules::AIP_DDA, &place, message, "set byte 1 bit 6");
        }
        _ => {}
    }
    if aip::SDA.is_set(value) != subject.shows(SSAD_93) {
        let message =
            "the AIP says SDA (byte 1 bit 7) exactly if there are signed static data (93); here only one is so";
        notes.say(rules::AIP_SDA, &place, message, "change the bit, or send 93");
    }
    if aip_k1::MAG_STRIPE_MODE.is_set(value) {
        let message = "the AIP asks for mag-stripe mode, which readers of today do not have";
        notes.say(rules::AIP_MAG_STRIPE, &place, message, "clear byte 2 bit 8");
    }
}
