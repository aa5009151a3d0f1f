//! Settings of Kernel 3 against the qualifiers of its combinations, and its limits by program.

use std::collections::BTreeSet;

use super::{Combination, Notes, Subject, of, path, rules};
use crate::{
    bytes::Hex,
    data::{Amount, bits::ttq},
    entry::{DynamicLimits, KernelId},
};

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let options = &subject.terminal.settings().c3;
    let mut qualifiers = combinations(subject).filter_map(|(_, combination)| combination.entry().ttq).peekable();
    if qualifiers.peek().is_none() {
        return;
    }
    let [mut mag_stripe, mut online, mut update] = [false; 3];
    for value in qualifiers {
        mag_stripe |= ttq::MAG_STRIPE_MODE.is_set(&value);
        online |= ttq::ODA_FOR_ONLINE.is_set(&value);
        update |= ttq::ISSUER_UPDATE.is_set(&value);
    }
    let setting = |key: &str| path(&["kernel", "c3", key]);
    if options.msd != mag_stripe {
        let message = if options.msd {
            "kernel 3 takes mag-stripe mode, but no TTQ say so: it never will"
        } else {
            "TTQ offer mag-stripe mode, which kernel 3 does not take without its setting msd"
        };
        let place = if options.msd { setting("msd") } else { first(subject, "ttq") };
        notes.say(rules::KERNEL_MSD, &place, message, "TTQ byte 1 bit 8 and msd should agree");
    }
    let authenticates = options.fdda_for_online || options.sda_for_online;
    if authenticates != online {
        let message = if authenticates {
            "kernel 3 authenticates online transactions, but no TTQ say so: it never will"
        } else {
            "TTQ say that online transactions are authenticated; kernel 3 has no setting for it"
        };
        let key = if options.fdda_for_online { "fdda-for-online" } else { "sda-for-online" };
        let place = if authenticates { setting(key) } else { first(subject, "ttq") };
        let hint = "TTQ byte 1 bit 1 and fdda-for-online or sda-for-online should agree";
        notes.say(rules::KERNEL_ODA, &place, message, hint);
    }
    if update && !options.issuer_update {
        let message = "TTQ offer issuer update, which kernel 3 is set not to do";
        notes.say(
            rules::KERNEL_UPDATE,
            &setting("issuer-update"),
            message,
            "clear TTQ byte 3 bit 8, or set it to true",
        );
    }
    for (at, combination) in combinations(subject) {
        programs(at, combination, notes);
    }
}

fn combinations<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (usize, &'a Combination)> {
    let all = subject.terminal.combinations.iter().enumerate();
    all.filter(|(_, combination)| *combination.kernel.get_ref() == KernelId::C3)
}

/// The place of a key in the first combination of kernel 3.
fn first(subject: &Subject<'_>, key: &str) -> Vec<String> {
    of(combinations(subject).next().map_or(0, |(at, _)| at), key)
}

/// Limits by program: each program once, and no limit that another makes pointless (C-3, 5.1.2).
fn programs(at: usize, combination: &Combination, notes: &mut Notes<'_>) {
    let offline_only = combination.entry().ttq.is_some_and(|value| ttq::OFFLINE_ONLY.is_set(&value));
    let mut seen = BTreeSet::new();
    for (number, set) in combination.dynamic_limits().iter().enumerate() {
        let place = |key: &str| {
            let [combination, number] = [at, number].map(|number| number.to_string());
            path(&["combination", &combination, "dynamic-limits", &number, key])
        };
        let program = Hex(&set.program_id);
        if !seen.insert(&set.program_id) {
            let message = format!("program {program} has limits already: the first count");
            notes.say(rules::PROGRAM, &place("program-id"), message, "take one of them away");
        }
        for key in above(set) {
            let message = format!("the {key} of program {program} is above its transaction-limit: it has no effect");
            notes.say(rules::PROGRAM_LIMIT, &place(key), message, "lower it, or raise transaction-limit");
        }
        if offline_only && set.zero_amount_allowed == Some(true) {
            let message = "a zero amount needs the issuer, whom an offline-only reader cannot ask";
            notes.say(rules::ZERO_OFFLINE, &place("zero-amount-allowed"), message, "set it to false");
        }
    }
}

/// The limits that no allowed amount gets to.
fn above(set: &DynamicLimits) -> impl Iterator<Item = &'static str> {
    let limits = [("floor-limit", set.floor_limit), ("cvm-required-limit", set.cvm_required_limit)];
    let most = set.transaction_limit;
    let over = move |limit: Option<Amount>| limit.zip(most).is_some_and(|(limit, most)| limit > most);
    limits.into_iter().filter(move |(_, limit)| over(*limit)).map(|(key, _)| key)
}
