//! Processing restrictions (C-2, 7.7): version, dates, and what the card may be used for.

use super::{database, rules};
use crate::{
    data::{
        bits::{
            Bit, additional_terminal_capabilities as additional, auc,
            tvr::{EXPIRED, NOT_YET_EFFECTIVE, SERVICE_NOT_ALLOWED, VERSIONS_DIFFER},
        },
        dictionary::{
            ADDITIONAL_TERMINAL_CAPABILITIES_9F40, AMOUNT_OTHER_9F03, APPLICATION_EFFECTIVE_DATE_5F25,
            APPLICATION_EXPIRATION_DATE_5F24, APPLICATION_USAGE_CONTROL_9F07, APPLICATION_VERSION_NUMBER_9F08,
            APPLICATION_VERSION_NUMBER_TERMINAL_9F09, ISSUER_COUNTRY_CODE_5F28, TERMINAL_COUNTRY_CODE_9F1A,
            TERMINAL_TYPE_9F35, TRANSACTION_DATE_9A, TRANSACTION_TYPE_9C,
        },
    },
    kernel::{contract::Cx, rule::Rule},
};

/// PRE.1 to PRE.29: each restriction that is violated sets a bit of TVR, and nothing else.
pub fn check(cx: &mut Cx<'_>) {
    check_version(cx);
    check_dates(cx);
    if cx.store.is_present(APPLICATION_USAGE_CONTROL_9F07) {
        check_usage(cx);
    } else {
        cx.rule(rules::PRE_9, format_args!("the card has no Application Usage Control (9F07)"));
    }
}

/// PRE.1 to PRE.3.
fn check_version(cx: &mut Cx<'_>) {
    let card = cx.store.array::<2>(APPLICATION_VERSION_NUMBER_9F08);
    let reader = cx.store.array::<2>(APPLICATION_VERSION_NUMBER_TERMINAL_9F09);
    if card.is_some() && card != reader {
        cx.rule(rules::PRE_2, format_args!("card (9F08) and reader (9F09) have different application versions"));
        database::set_tvr(&[VERSIONS_DIFFER], cx);
    }
}

/// PRE.4 to PRE.8.
fn check_dates(cx: &mut Cx<'_>) {
    let today = cx.store.array(TRANSACTION_DATE_9A).map(in_order);
    let effective = cx.store.array(APPLICATION_EFFECTIVE_DATE_5F25).map(in_order);
    if effective.is_some_and(|effective| today < Some(effective)) {
        cx.rule(rules::PRE_5, format_args!("the application is not yet effective (5F25)"));
        database::set_tvr(&[NOT_YET_EFFECTIVE], cx);
    }
    let expiry = cx.store.array(APPLICATION_EXPIRATION_DATE_5F24).map(in_order);
    if expiry.is_some_and(|expiry| today > Some(expiry)) {
        cx.rule(rules::PRE_7, format_args!("the application has expired (5F24)"));
        database::set_tvr(&[EXPIRED], cx);
    }
}

/// `YYMMDD` with its century, so that dates compare even when there is no such day.
fn in_order(date: [u8; 3]) -> (u8, [u8; 3]) {
    let [year, ..] = date;
    (if year >= 0x50 { 19 } else { 20 }, date)
}

/// PRE.10 to PRE.29.
fn check_usage(cx: &mut Cx<'_>) {
    let kind = database::byte(TERMINAL_TYPE_9F35, cx);
    let cash = database::has(ADDITIONAL_TERMINAL_CAPABILITIES_9F40, additional::CASH, cx);
    let atm = matches!(kind, 0x14..=0x16) && cash;
    let bit = if atm { auc::AT_ATMS } else { auc::AT_OTHER_THAN_ATMS };
    if !allows(&[bit], cx) {
        let place = if atm { "at ATMs" } else { "at other terminals than ATMs" };
        cx.rule(rules::PRE_13, format_args!("the card may not be used {place}"));
        return database::set_tvr(&[SERVICE_NOT_ALLOWED], cx);
    }
    let issuer = cx.store.array::<2>(ISSUER_COUNTRY_CODE_5F28);
    let Some(issuer) = issuer else {
        return cx.rule(rules::PRE_14, format_args!("the card has no Issuer Country Code (5F28)"));
    };
    let home = cx.store.array(TERMINAL_COUNTRY_CODE_9F1A) == Some(issuer);
    match database::byte(TRANSACTION_TYPE_9C, cx) {
        0x01 | 0x17 => {
            let bit = if home { auc::DOMESTIC_CASH } else { auc::INTERNATIONAL_CASH };
            check_service("cash", &[bit], home, rules::PRE_15, cx);
        }
        0x00 | 0x09 => {
            let bits = if home {
                [auc::DOMESTIC_GOODS, auc::DOMESTIC_SERVICES]
            } else {
                [auc::INTERNATIONAL_GOODS, auc::INTERNATIONAL_SERVICES]
            };
            check_service("goods and services", &bits, home, rules::PRE_20, cx);
        }
        _ => {}
    }
    if cx.store.get(AMOUNT_OTHER_9F03).is_some_and(|other| other.iter().any(|byte| *byte != 0)) {
        let bit = if home { auc::DOMESTIC_CASHBACK } else { auc::INTERNATIONAL_CASHBACK };
        check_service("cashback", &[bit], home, rules::PRE_25, cx);
    }
}

fn allows(bits: &[Bit], cx: &Cx<'_>) -> bool {
    bits.iter().any(|bit| database::has(APPLICATION_USAGE_CONTROL_9F07, *bit, cx))
}

fn check_service(service: &str, bits: &[Bit], home: bool, rule: Rule, cx: &mut Cx<'_>) {
    let place = if home { "at home" } else { "abroad" };
    if allows(bits, cx) {
        cx.rule(rule, format_args!("the card may be used for {service} {place}"));
    } else {
        cx.rule(rule, format_args!("the card may not be used for {service} {place}"));
        database::set_tvr(&[SERVICE_NOT_ALLOWED], cx);
    }
}
