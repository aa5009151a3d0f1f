//! Processing restrictions (C-3, 5.5.1).

use core::fmt;

use super::{
    cryptogram::CryptogramType,
    facts::{Disposition, Facts},
    options::Options,
    rules,
};
use crate::{
    data::{
        Pan,
        bits::{Bit, auc, ctq, ttq},
        dictionary::{
            AMOUNT_OTHER_9F03, APPLICATION_EXPIRATION_DATE_5F24, APPLICATION_USAGE_CONTROL_9F07,
            ISSUER_COUNTRY_CODE_5F28, ISSUER_COUNTRY_CODE_PROPRIETARY_9F57, PAN_SEQUENCE_NUMBER_5F34,
            TERMINAL_COUNTRY_CODE_9F1A, TERMINAL_TYPE_9F35, TRACK_2_EQUIVALENT_DATA_57, TRANSACTION_DATE_9A,
            TRANSACTION_TYPE_9C,
        },
    },
    kernel::{contract::Cx, rule::Rule},
};

/// What a restriction comes to, beside what it does to the disposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restricted {
    /// The transaction goes on here.
    Here,
    /// The card wants another interface: the kernel ends at once.
    OtherInterface,
}

/// All of 5.5.1, in order, up to the first that declines or wants another interface.
pub fn check(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    let checks = [check_expiration, check_exceptions, check_cash, check_cashback, check_atm];
    for check in checks {
        if facts.disposition == Disposition::Decline && !may_switch(facts, options) {
            break;
        }
        if check(facts, options, cx) == Restricted::OtherInterface {
            return Restricted::OtherInterface;
        }
    }
    Restricted::Here
}

/// Whether a card that declines is asked all the same.
fn may_switch(facts: &Facts, options: &Options) -> bool {
    options.declining_card_may_switch && facts.cryptogram == CryptogramType::Aac
}

/// 5.5.1.1: an approval of the card needs an application that has not expired. The day of expiry is still valid.
fn check_expiration(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    if !options.expiration_check || facts.cryptogram != CryptogramType::Tc {
        return Restricted::Here;
    }
    if facts.disposition == Disposition::GoOnline && !options.expiration_check_online {
        return Restricted::Here;
    }
    let today = cx.store.array(TRANSACTION_DATE_9A).unwrap_or(cx.today.to_bcd());
    let expiry = cx.store.array(APPLICATION_EXPIRATION_DATE_5F24);
    let why = ExpiryNote { today, expiry };
    if expiry.is_some_and(|expiry| in_order(today) <= in_order(expiry)) {
        cx.rule(rules::EXPIRATION, format_args!("{why}"));
        return Restricted::Here;
    }
    let offline_only = facts.ttq.show(ttq::OFFLINE_ONLY);
    match facts.ctq.map(|card| card.show(ctq::GO_ONLINE_IF_EXPIRED)) {
        Some(wish) if wish.is_set() && !offline_only.is_set() => {
            facts.raise(Disposition::GoOnline);
            cx.rule(rules::EXPIRATION, format_args!("{why}; {wish}, {offline_only}: go online"));
        }
        Some(wish) => decline(facts, cx, rules::EXPIRATION, format_args!("{why}; {wish}, {offline_only}: decline")),
        None => decline(facts, cx, rules::EXPIRATION, format_args!("{why}; no CTQ (9F6C): decline")),
    }
    Restricted::Here
}

/// 5.5.1.2: an approval of the card needs an account that the terminal has not been warned of.
fn check_exceptions(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    if !options.exception_file || cx.trust.exceptions.is_empty() || facts.cryptogram != CryptogramType::Tc {
        return Restricted::Here;
    }
    let pan = cx.store.get(TRACK_2_EQUIVALENT_DATA_57).and_then(Pan::leading);
    let number = cx.store.array(PAN_SEQUENCE_NUMBER_5F34).map(|[number]| number);
    if pan.is_some_and(|pan| cx.trust.is_exception(&pan, number)) {
        decline(facts, cx, rules::EXCEPTION_FILE, format_args!("the card is on the exception file: decline"));
    } else {
        cx.rule(rules::EXCEPTION_FILE, format_args!("the card is not on the exception file"));
    }
    Restricted::Here
}

/// 5.5.1.3: whether the card may be used for cash.
fn check_cash(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    let cash = cx.store.array(TRANSACTION_TYPE_9C).is_some_and(|[kind]| matches!(kind, 0x01 | 0x17));
    if !options.cash_check || !cash {
        return Restricted::Here;
    }
    let issuer = issuer_country(options, cx);
    let usage = Usage {
        service: "cash",
        domestic: auc::DOMESTIC_CASH,
        international: auc::INTERNATIONAL_CASH,
        switch: ctq::SWITCH_INTERFACE_FOR_CASH,
        issuer,
    };
    check_usage(facts, options, cx, rules::CASH, usage)
}

/// 5.5.1.4: whether the card may be used for cashback.
fn check_cashback(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    if !options.cashback_check || !is_cashback(options, cx) {
        return Restricted::Here;
    }
    let issuer = issuer_country(options, cx);
    let usage = Usage {
        service: "cashback",
        domestic: auc::DOMESTIC_CASHBACK,
        international: auc::INTERNATIONAL_CASHBACK,
        switch: ctq::SWITCH_INTERFACE_FOR_CASHBACK,
        issuer,
    };
    check_usage(facts, options, cx, rules::CASHBACK, usage)
}

fn is_cashback(options: &Options, cx: &Cx<'_>) -> bool {
    match cx.store.array(TRANSACTION_TYPE_9C) {
        Some([0x09]) => true,
        Some([0x00]) => {
            options.cashback_by_amount && cx.store.array(AMOUNT_OTHER_9F03).is_some_and(|other| other != [0; 6])
        }
        _ => false,
    }
}

/// The card's country.
fn issuer_country(options: &Options, cx: &Cx<'_>) -> Option<[u8; 2]> {
    let proprietary = cx.store.array(ISSUER_COUNTRY_CODE_PROPRIETARY_9F57);
    proprietary.filter(|_| options.proprietary_issuer_country).or_else(|| cx.store.array(ISSUER_COUNTRY_CODE_5F28))
}

/// A service, the bits of Application Usage Control that allow it at home and abroad, and the bit of CTQ that wants another
/// interface for it.
#[derive(Clone, Copy)]
struct Usage {
    service: &'static str,
    domestic: Bit,
    international: Bit,
    switch: Bit,
    /// The card's country.
    issuer: Option<[u8; 2]>,
}

/// Declines a service that Application Usage Control does not allow, unless the card would rather have another interface.
fn check_usage(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>, rule: Rule, usage: Usage) -> Restricted {
    let service = usage.service;
    let control: Option<[u8; 2]> = cx.store.array(APPLICATION_USAGE_CONTROL_9F07);
    let issuer = usage.issuer;
    let here = cx.store.array(TERMINAL_COUNTRY_CODE_9F1A);
    let allowed = control.zip(issuer).is_some_and(|(control, issuer)| {
        let bit = if Some(issuer) == here { usage.domestic } else { usage.international };
        bit.is_set(&control)
    });
    let place = match issuer {
        None => "without an issuer country (5F28)",
        Some(_) if issuer == here => "at home",
        Some(_) => "abroad",
    };
    if allowed {
        cx.rule(rule, format_args!("Application Usage Control (9F07) allows {service} {place}"));
        return Restricted::Here;
    }
    let reader_may = !options.switch_needs_contact_chip || facts.ttq.has(ttq::CONTACT_CHIP);
    match facts.ctq.map(|card| card.show(usage.switch)) {
        Some(wish) if wish.is_set() && !reader_may => {
            let reader = facts.ttq.show(ttq::CONTACT_CHIP);
            decline(facts, cx, rule, format_args!("no right to {service} {place}, {wish}, but {reader}: decline"));
        }
        Some(wish) if wish.is_set() => {
            cx.rule(rule, format_args!("no right to {service} {place}, and {wish}: try another interface"));
            return Restricted::OtherInterface;
        }
        Some(wish) => decline(facts, cx, rule, format_args!("no right to {service} {place}, and {wish}: decline")),
        None => decline(facts, cx, rule, format_args!("no right to {service} {place}, and no CTQ (9F6C): decline")),
    }
    Restricted::Here
}

/// 5.5.1.5: whether an offline approval may be used at an ATM.
fn check_atm(facts: &mut Facts, options: &Options, cx: &mut Cx<'_>) -> Restricted {
    let atm = cx.store.array(TERMINAL_TYPE_9F35).is_some_and(|[kind]| matches!(kind, 0x14..=0x16));
    if !options.atm_check || !atm || facts.disposition != Disposition::Approve {
        return Restricted::Here;
    }
    let Some(card) = facts.ctq else {
        decline(facts, cx, rules::ATM, format_args!("no CTQ (9F6C) at an ATM: decline"));
        return Restricted::Here;
    };
    let invalid = card.show(ctq::NOT_VALID_AT_ATM);
    let looks = invalid.is_set() && !options.ctq_without_atm_bit;
    let control: Option<[u8; 2]> = cx.store.array(APPLICATION_USAGE_CONTROL_9F07);
    match control.filter(|_| looks).map(|control| auc::AT_ATMS.is_set(&control)) {
        None => {
            facts.raise(Disposition::GoOnline);
            cx.rule(rules::ATM, format_args!("{invalid} at an ATM: go online"));
            Restricted::Here
        }
        Some(false) => {
            decline(facts, cx, rules::ATM, format_args!("{invalid}, and 9F07 does not allow ATMs: decline"));
            Restricted::Here
        }
        Some(true) => {
            cx.rule(rules::ATM, format_args!("{invalid}, but 9F07 allows ATMs: try another interface"));
            Restricted::OtherInterface
        }
    }
}

fn decline(facts: &mut Facts, cx: &mut Cx<'_>, rule: Rule, note: fmt::Arguments<'_>) {
    facts.raise(Disposition::Decline);
    cx.rule(rule, note);
}

/// `YYMMDD` with its century, so that dates compare even when there is no such day.
fn in_order(date: [u8; 3]) -> (u8, [u8; 3]) {
    let [year, ..] = date;
    (if year >= 0x50 { 19 } else { 20 }, date)
}

/// Why the application has or has not expired.
struct ExpiryNote {
    today: [u8; 3],
    expiry: Option<[u8; 3]>,
}

impl fmt::Display for ExpiryNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [y, m, d] = self.today;
        match self.expiry {
            None => write!(f, "the application has no expiration date (5F24)"),
            Some(expiry) => {
                let word = if in_order(self.today) <= in_order(expiry) { "is valid" } else { "expired" };
                let [yy, mm, dd] = expiry;
                write!(
                    f,
                    "the application {word}: it ends {yy:02X}-{mm:02X}-{dd:02X}, today is {y:02X}-{m:02X}-{d:02X}"
                )
            }
        }
    }
}
