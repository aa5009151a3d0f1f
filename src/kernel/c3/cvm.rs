//! Cardholder verification (C-3, 5.7.1): online PIN before consumer device before signature before none.

use core::fmt;

use super::{
    cryptogram::CryptogramType,
    facts::{Ctq, Disposition, Facts},
    options::Options,
    rules,
};
use crate::{
    data::{
        bits::{ctq, ttq},
        dictionary::CARD_AUTHENTICATION_RELATED_DATA_9F69,
    },
    kernel::{contract::Cx, outcome::Cvm, rule::Rule},
};

/// Chooses the method, and sends the transaction online or declines it where that needs it.
pub fn choose(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) {
    if facts.disposition == Disposition::Decline {
        return;
    }
    match facts.ctq {
        None if facts.ttq.has(ttq::CVM_REQUIRED) => choose_by_reader(facts, options, cx),
        None => choose_none(facts, cx),
        Some(card) => choose_by_card(facts, card, options, cx),
    }
}

/// 5.7.1.1: the reader needs a CVM and the card said nothing.
fn choose_by_reader(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) {
    let reader = facts.ttq;
    let why = reader.show(ttq::CVM_REQUIRED);
    let (signature, pin) = (reader.show(ttq::SIGNATURE), reader.show(ttq::ONLINE_PIN));
    let pin_serves = options.online_pin_without_ctq || reader.has(ttq::CDCVM);
    if signature.is_set() {
        set(
            facts,
            cx,
            Cvm::Signature,
            rules::CVM_BY_READER,
            format_args!("no CTQ (9F6C), {why}, {signature}: signature"),
        );
    } else if pin.is_set() && pin_serves {
        facts.raise(Disposition::GoOnline);
        set(
            facts,
            cx,
            Cvm::OnlinePin,
            rules::CVM_BY_READER,
            format_args!("no CTQ (9F6C), {why}, {pin}: online PIN, go online"),
        );
    } else {
        decline(facts, cx, rules::CVM_BY_READER, format_args!("no CTQ (9F6C), {why}, {signature}, {pin}: decline"));
    }
}

/// 5.7.1.2: the card says what it wants.
fn choose_by_card(facts: &mut Facts, card: Ctq, options: &Options, cx: &mut Cx<'_>) {
    let pin = (card.show(ctq::ONLINE_PIN_REQUIRED), facts.ttq.show(ttq::ONLINE_PIN));
    if pin.0.is_set() && pin.1.is_set() {
        facts.raise(Disposition::GoOnline);
        let note = format_args!("{}, {}: online PIN, go online", pin.0, pin.1);
        return set(facts, cx, Cvm::OnlinePin, rules::CVM_BY_CARD, note);
    }
    if card.has(ctq::CDCVM_PERFORMED) && (!options.vcps_before_2_1_3_cdcvm || facts.ttq.has(ttq::CDCVM)) {
        return check_consumer_device(facts, card, cx);
    }
    let signature = (card.show(ctq::SIGNATURE_REQUIRED), facts.ttq.show(ttq::SIGNATURE));
    let allowed = options.signature_for_unsupported_pin || !pin.0.is_set();
    if signature.0.is_set() && signature.1.is_set() && allowed {
        let note = format_args!("{}, {}: signature", signature.0, signature.1);
        return set(facts, cx, Cvm::Signature, rules::CVM_BY_CARD, note);
    }
    choose_none(facts, cx);
}

/// 5.7.1.2: the cardholder was verified on the device, which the signed copy of CTQ in 9F69 has to confirm if there is one.
fn check_consumer_device(facts: &mut Facts, card: Ctq, cx: &mut Cx<'_>) {
    let done = card.show(ctq::CDCVM_PERFORMED);
    let related = cx.store.get(CARD_AUTHENTICATION_RELATED_DATA_9F69);
    let copy = related.map(|data| data.get(5..7) == Some(&card.0[..]));
    let name = facts.cryptogram.name();
    match copy {
        Some(true) => {
            let note = format_args!("{done}, and 9F69 bytes 6-7 repeat CTQ: confirmation code verified");
            set(facts, cx, Cvm::ConfirmationCodeVerified, rules::CVM_BY_CARD, note);
        }
        Some(false) => decline(
            facts,
            cx,
            rules::CVM_BY_CARD,
            format_args!("{done}, but 9F69 bytes 6-7 do not repeat CTQ: decline"),
        ),
        None if facts.cryptogram == CryptogramType::Arqc => {
            let note = format_args!("{done}, no 9F69, and the cryptogram is an ARQC: confirmation code verified");
            set(facts, cx, Cvm::ConfirmationCodeVerified, rules::CVM_BY_CARD, note);
        }
        None => decline(
            facts,
            cx,
            rules::CVM_BY_CARD,
            format_args!("{done}, but the cryptogram is a {name} without 9F69: decline"),
        ),
    }
}

/// 5.7.1.3: no method was found.
fn choose_none(facts: &mut Facts, cx: &mut Cx<'_>) {
    let required = facts.ttq.show(ttq::CVM_REQUIRED);
    if required.is_set() {
        decline(
            facts,
            cx,
            rules::CVM_NONE,
            format_args!("{required}, and no method is common to card and reader: decline"),
        );
    } else {
        set(facts, cx, Cvm::NoCvm, rules::CVM_NONE, format_args!("{required}, and the card asks for none: no CVM"));
    }
}

fn set(facts: &mut Facts, cx: &mut Cx<'_>, cvm: Cvm, rule: Rule, note: fmt::Arguments<'_>) {
    facts.cvm = cvm;
    cx.rule(rule, note);
}

fn decline(facts: &mut Facts, cx: &mut Cx<'_>, rule: Rule, note: fmt::Arguments<'_>) {
    facts.raise(Disposition::Decline);
    cx.rule(rule, note);
}
