//! Terminal Transaction Qualifiers against terminal type and capabilities.

use super::{Combination, Notes, Subject, of, path, rules};
use crate::{
    bytes::Hex,
    data::{
        Scope,
        bits::{self, additional_terminal_capabilities as additional, terminal_capabilities as capabilities, ttq},
        dictionary::{ADDITIONAL_TERMINAL_CAPABILITIES_9F40, TERMINAL_CAPABILITIES_9F33, TTQ_9F66},
    },
    entry::KernelId,
};

pub(super) fn check(subject: &Subject<'_>, at: usize, combination: &Combination, notes: &mut Notes<'_>) {
    if *combination.kernel.get_ref() != KernelId::C3 {
        return;
    }
    let place = of(at, "ttq");
    let Some(value) = combination.entry().ttq else {
        let message = "a combination with kernel 3 needs Terminal Transaction Qualifiers (9F66)";
        notes.say(rules::TTQ_MISSING, &place, message, "state ttq, like \"36004000\"");
        return;
    };
    if !ttq::EMV_MODE.is_set(&value) && !ttq::MAG_STRIPE_MODE.is_set(&value) {
        let message = "the TTQ support neither EMV mode nor mag-stripe mode: no card can answer";
        notes.say(rules::TTQ_MODE, &place, message, "set byte 1 bit 6");
    }
    for bit in [ttq::ONLINE_CRYPTOGRAM_REQUIRED, ttq::CVM_REQUIRED].into_iter().filter(|bit| bit.is_set(&value)) {
        let message = format!("TTQ {bit} is for each transaction to set; pre-processing clears it");
        notes.say(rules::TTQ_DYNAMIC, &place, message, "clear it");
    }
    let reserved = bits::reserved(TTQ_9F66, Some(Scope::K3), &value);
    if reserved.iter().any(|mask| *mask != 0) {
        let message = format!("bits reserved for future use are set in 9F66: {}", Hex(&reserved));
        notes.say(rules::RESERVED_BITS, &place, message, "clear them");
    }
    capable(subject, &place, &value, notes);
    offline(subject, &place, &value, notes);
    if subject.unattended() && ttq::SIGNATURE.is_set(&value) {
        let message = "nobody is there to check a signature: the terminal type is unattended";
        notes.say(rules::TYPE_ATTENDED, &place, message, "clear byte 1 bit 2, or change the type");
    }
}

/// The qualifiers against 9F33 and 9F40.
fn capable(subject: &Subject<'_>, place: &[String], value: &[u8], notes: &mut Notes<'_>) {
    if subject.value(TERMINAL_CAPABILITIES_9F33).is_none() {
        return;
    }
    for (check, bit, capability, words) in [
        (rules::TTQ_PIN, ttq::ONLINE_PIN, capabilities::ONLINE_PIN, "online PIN"),
        (rules::TTQ_SIGNATURE, ttq::SIGNATURE, capabilities::SIGNATURE, "signature"),
        (rules::TTQ_CONTACT, ttq::CONTACT_CHIP, capabilities::CONTACT_CHIP, "contact chip"),
    ] {
        let (says, can) = (bit.is_set(value), subject.has(TERMINAL_CAPABILITIES_9F33, capability));
        if says != can {
            let (with, without) = if says { ("TTQ", "9F33") } else { ("9F33", "TTQ") };
            let message = format!("{words} is supported by {with} and not by {without}");
            notes.say(check, place, message, format!("TTQ {bit} and 9F33 {capability} should agree"));
        }
    }
    let keys = subject.has(ADDITIONAL_TERMINAL_CAPABILITIES_9F40, additional::NUMERIC_KEYS);
    if ttq::ONLINE_PIN.is_set(value) && subject.value(ADDITIONAL_TERMINAL_CAPABILITIES_9F40).is_some() && !keys {
        let message = "online PIN is supported, but 9F40 knows no numeric keys to enter it with";
        notes.say(rules::PIN_PAD, place, message, "set 9F40 byte 3 bit 8, or clear TTQ byte 1 bit 3");
    }
}

/// What a reader without a network cannot have (C-3 ICS).
fn offline(subject: &Subject<'_>, place: &[String], value: &[u8], notes: &mut Notes<'_>) {
    let offline_only = ttq::OFFLINE_ONLY.is_set(value);
    if offline_only != subject.offline_only() {
        let (with, without) = if offline_only { ("TTQ", "terminal type") } else { ("terminal type", "TTQ") };
        let message = format!("the {with} says offline only, the {without} does not");
        let place = if offline_only { place.to_vec() } else { path(&["type"]) };
        notes.say(rules::TYPE_ONLINE, &place, message, "change TTQ byte 1 bit 4 or the type");
    }
    if !offline_only {
        return;
    }
    for (bit, words) in [
        (ttq::ONLINE_PIN, "online PIN"),
        (ttq::ISSUER_UPDATE, "issuer update"),
        (ttq::ODA_FOR_ONLINE, "offline data authentication for online authorisations"),
    ] {
        if bit.is_set(value) {
            let message = format!("an offline-only reader cannot have {words} ({bit})");
            notes.say(rules::OFFLINE_ONLY, place, message, "clear the bit");
        }
    }
}
