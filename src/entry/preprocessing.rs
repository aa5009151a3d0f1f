//! Pre-processing (Book B, 3.1.1): what the amount means for a combination.

use core::fmt::Arguments;

use super::{DynamicLimits, EntryPointData, rules};
use crate::{
    data::Amount,
    kernel::{contract::Indicators, rule::Rule},
};

/// Byte 1 of TTQ: the reader never goes online.
const OFFLINE_ONLY: u8 = 0x08;
/// Byte 2 of TTQ: the card must give an online cryptogram.
const ONLINE_CRYPTOGRAM_REQUIRED: u8 = 0x80;
/// Byte 2 of TTQ: the cardholder must be verified.
const CVM_REQUIRED: u8 = 0x40;

/// Hears of every rule that decides something: the requirement and the grounds.
pub type Rules<'a> = &'a mut dyn FnMut(Rule, Arguments<'_>);

/// The indicators of one combination for one amount (3.1.1.1 to 3.1.1.12), in a currency with `exponent` decimal places.
pub fn indicators(data: &EntryPointData, amount: Amount, exponent: u8, cite: Rules<'_>) -> Indicators {
    let mut found = cleared(data.ttq);
    status_check(data, amount, exponent, &mut found, cite);
    zero_amount(data, amount, &mut found, cite);
    limits(data, amount, exponent, &mut found, cite);
    qualifiers(&mut found, cite);
    found
}

/// The indicators by the limits of the card's program in place of the combination's, with the combination's `ttq` (C-3,
/// 5.1.2). The checks are the same, but none is made that the program has no limit or flag for.
pub fn dynamic(set: &DynamicLimits, ttq: Option<[u8; 4]>, amount: Amount, exponent: u8, cite: Rules<'_>) -> Indicators {
    let data = EntryPointData {
        status_check: Some(set.status_check),
        zero_amount_allowed: set.zero_amount_allowed,
        transaction_limit: set.transaction_limit,
        floor_limit: set.floor_limit,
        cvm_required_limit: set.cvm_required_limit,
        ..EntryPointData::default()
    };
    let mut found = cleared(ttq);
    status_check(&data, amount, exponent, &mut found, cite);
    if set.zero_amount_allowed.is_some() {
        zero_amount(&data, amount, &mut found, cite);
    }
    limits(&data, amount, exponent, &mut found, cite);
    qualifiers(&mut found, cite);
    found
}

/// 3.1.1.1 and 3.1.1.2.
fn cleared(ttq: Option<[u8; 4]>) -> Indicators {
    Indicators { ttq: ttq.map(without_dynamic_bits), ..Indicators::default() }
}

/// The indicators at a Start B without pre-processing: all 0, TTQ as configured (3.2.1.1).
pub fn untouched(data: &EntryPointData) -> Indicators {
    Indicators { ttq: data.ttq, ..Indicators::default() }
}

/// 3.1.1.2.
fn without_dynamic_bits([first, second, third, fourth]: [u8; 4]) -> [u8; 4] {
    [first, second & !(ONLINE_CRYPTOGRAM_REQUIRED | CVM_REQUIRED), third, fourth]
}

/// 3.1.1.3: exactly one unit of the currency, not less.
fn status_check(data: &EntryPointData, amount: Amount, exponent: u8, found: &mut Indicators, cite: Rules<'_>) {
    let unit = 10_u64.checked_pow(exponent.into());
    if data.status_check == Some(true) && unit == Some(amount.minor_units()) {
        found.status_check_requested = true;
        cite(rules::STATUS_CHECK, format_args!("{} = single unit: status check requested", amount.display(exponent)));
    }
}

/// 3.1.1.4: an absent flag allows a zero amount.
fn zero_amount(data: &EntryPointData, amount: Amount, found: &mut Indicators, cite: Rules<'_>) {
    if amount != Amount::ZERO {
        return;
    }
    if data.zero_amount_allowed == Some(false) {
        found.contactless_application_not_allowed = true;
        cite(rules::ZERO_AMOUNT, format_args!("zero amount not allowed"));
    } else {
        found.zero_amount = true;
        cite(rules::ZERO_AMOUNT, format_args!("zero amount"));
    }
}

/// 3.1.1.5 to 3.1.1.8. Transaction and CVM limits are reached, floor limits are exceeded. A limit that changes nothing is told
/// as well: the comparison is what people ask for.
fn limits(data: &EntryPointData, amount: Amount, exponent: u8, found: &mut Indicators, cite: Rules<'_>) {
    let mut told = |rule, hit, signs: [&str; 2], name, limit: Amount| {
        let [not, yes] = signs;
        let (sign, amount, limit) = (if hit { yes } else { not }, amount.display(exponent), limit.display(exponent));
        cite(rule, format_args!("{amount} {sign} {name} {limit}"));
        hit
    };
    if let Some(limit) = data.transaction_limit
        && told(rules::TRANSACTION_LIMIT, amount >= limit, ["<", "≥"], "transaction limit", limit)
    {
        found.contactless_application_not_allowed = true;
    }
    let terminal = data.terminal_floor_limit.map(|limit| Amount::new(limit.into()).unwrap_or_default());
    found.floor_limit_exceeded = match (data.floor_limit, terminal) {
        (Some(limit), _) => told(rules::READER_FLOOR_LIMIT, amount > limit, ["≤", ">"], "floor limit", limit),
        (None, Some(limit)) => {
            told(rules::TERMINAL_FLOOR_LIMIT, amount > limit, ["≤", ">"], "terminal floor limit", limit)
        }
        (None, None) => false,
    };
    if let Some(limit) = data.cvm_required_limit {
        found.cvm_required_limit_exceeded =
            told(rules::CVM_LIMIT, amount >= limit, ["<", "≥"], "CVM required limit", limit);
    }
}

/// 3.1.1.9 to 3.1.1.12, only where there is a TTQ.
fn qualifiers(found: &mut Indicators, cite: Rules<'_>) {
    let Some([first, second, _, _]) = &mut found.ttq else { return };
    let mut online = |rule| {
        *second |= ONLINE_CRYPTOGRAM_REQUIRED;
        cite(rule, format_args!("TTQ: online cryptogram required"));
    };
    if found.floor_limit_exceeded {
        online(rules::ONLINE_ABOVE_FLOOR_LIMIT);
    }
    if found.status_check_requested {
        online(rules::ONLINE_STATUS_CHECK);
    }
    if found.zero_amount && *first & OFFLINE_ONLY == 0 {
        online(rules::ONLINE_ZERO_AMOUNT);
    } else if found.zero_amount {
        found.contactless_application_not_allowed = true;
        cite(rules::ONLINE_ZERO_AMOUNT, format_args!("zero amount on an offline-only reader: not allowed"));
    }
    if found.cvm_required_limit_exceeded {
        *second |= CVM_REQUIRED;
        cite(rules::CVM_REQUIRED, format_args!("TTQ: CVM required"));
    }
}

#[cfg(test)]
mod tests;
