//! Limits and flags of a combination that cannot work together.

use super::{Combination, Notes, Subject, of, rules};
use crate::data::{Amount, bits::ttq};

pub(super) fn check(subject: &Subject<'_>, at: usize, combination: &Combination, notes: &mut Notes<'_>) {
    let entry = combination.entry();
    let over = |limit: Option<Amount>| limit.zip(entry.transaction_limit).is_some_and(|(limit, most)| limit > most);
    if over(entry.floor_limit) {
        let message = "the floor limit is above the transaction limit: no amount ever exceeds it";
        notes.say(rules::FLOOR_LIMIT, &of(at, "floor-limit"), message, "lower it, or raise transaction-limit");
    }
    if over(entry.cvm_required_limit) {
        let message = "the CVM limit is above the transaction limit: no amount ever reaches it";
        notes.say(rules::CVM_LIMIT, &of(at, "cvm-required-limit"), message, "lower it, or raise transaction-limit");
    }
    if subject.online_only() && entry.floor_limit.is_some_and(|limit| limit.minor_units() > 0) {
        let message = "an online-only terminal has a floor limit, below which it lets cards approve";
        notes.say(rules::FLOOR_ONLINE_ONLY, &of(at, "floor-limit"), message, "set it to 0");
    }
    let offline_only = entry.ttq.is_some_and(|value| ttq::OFFLINE_ONLY.is_set(&value));
    if offline_only && entry.zero_amount_allowed == Some(true) {
        let message = "a zero amount needs the issuer, whom an offline-only reader cannot ask";
        notes.say(rules::ZERO_OFFLINE, &of(at, "zero-amount-allowed"), message, "set it to false");
    }
    if offline_only && entry.status_check == Some(true) {
        let message = "a status check needs the issuer, whom an offline-only reader cannot ask";
        notes.say(rules::STATUS_OFFLINE, &of(at, "status-check"), message, "set it to false");
    }
}
