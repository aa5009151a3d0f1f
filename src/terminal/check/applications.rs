//! The applications of a terminal: their kernels, keys and transaction types.

use super::{Combination, Notes, Subject, of, path, rules};
use crate::{
    bytes::Hex,
    data::{bits::additional_terminal_capabilities as additional, dictionary::ADDITIONAL_TERMINAL_CAPABILITIES_9F40},
    entry::{Aid, KernelId},
    terminal::TransactionType,
    time::Date,
};

/// Registered application provider of Visa.
const VISA: &[u8] = &[0xA0, 0x00, 0x00, 0x00, 0x03];

pub(super) fn check(subject: &Subject<'_>, today: Date, notes: &mut Notes<'_>) {
    let combinations = &subject.terminal.combinations;
    for (at, combination) in combinations.iter().enumerate() {
        for (number, aid) in combination.aids.iter().enumerate() {
            let place = path(&["combination", &at.to_string(), "aids", &number.to_string()]);
            let own = combination.aids.iter().take(number).map(|other| (combination, other));
            let others = combinations.iter().take(at).flat_map(|other| other.aids.iter().map(move |aid| (other, aid)));
            for (other, known) in others.chain(own) {
                overlap(&place, (combination, aid), (other, known), notes);
            }
            kernel(combination, aid, &place, notes);
            keys(subject, at, aid, notes);
        }
        if combination.types().is_empty() {
            let message = "the combination serves no transaction type";
            notes.say(rules::TYPES_EMPTY, &of(at, "types"), message, "name some, or leave `types` out for all");
        }
    }
    services(subject, notes);
    for key in subject.terminal.trust().ca_keys.iter().filter(|key| key.is_expired(today)) {
        let last = key.expires.map(|date| date.to_string()).unwrap_or_default();
        let message = format!("CA key {} {:02X} has expired on {last}", Hex(&key.rid), key.index);
        notes.say(rules::CA_KEY_EXPIRED, &path(&["ca-keys"]), message, "withdraw it");
    }
}

/// Two combinations that one card application may match.
fn overlap(
    place: &[String],
    (one, aid): (&Combination, &Aid),
    (other, known): (&Combination, &Aid),
    notes: &mut Notes<'_>,
) {
    let same_kernel = one.kernel.get_ref() == other.kernel.get_ref();
    let same_type = one.types().iter().any(|kind| other.types().contains(kind));
    if !same_kernel || !same_type {
        return;
    }
    if aid == known {
        let message = format!("there is another combination of {} and this kernel", Hex(aid.bytes()));
        notes.say(rules::AID_DUPLICATE, place, message, "keep one, or give them different types");
    } else if aid.bytes().starts_with(known.bytes()) || known.bytes().starts_with(aid.bytes()) {
        let message = format!("a card may match {} and {}", Hex(aid.bytes()), Hex(known.bytes()));
        notes.say(rules::AID_PREFIX, place, message, "keep the longer one, or the shorter one, but not both");
    }
}

fn kernel(combination: &Combination, aid: &Aid, place: &[String], notes: &mut Notes<'_>) {
    let kernel = *combination.kernel.get_ref();
    if aid.bytes().starts_with(VISA) != (kernel == KernelId::C3) {
        let message = format!("{} is not an application of kernel {kernel}", Hex(aid.bytes()));
        notes.say(rules::KERNEL_APPLICATION, place, message, "kernel 3 is for Visa, and Visa is for kernel 3");
    }
}

fn keys(subject: &Subject<'_>, at: usize, aid: &Aid, notes: &mut Notes<'_>) {
    let rid = aid.bytes().get(..5).unwrap_or_default();
    if !subject.online_only() && !subject.terminal.trust().ca_keys.iter().any(|key| key.rid == rid) {
        let message = format!("no CA key of {}: no card can be approved offline", Hex(rid));
        notes.say(rules::CA_KEYS, &of(at, "aids"), message, "name a list in ca-keys");
    }
}

/// Services of 9F40 that no combination serves.
fn services(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let tag = ADDITIONAL_TERMINAL_CAPABILITIES_9F40;
    let serves = |kind| subject.terminal.combinations.iter().any(|combination| combination.types().contains(&kind));
    for (bit, kind) in [
        (additional::CASH, TransactionType::Cash),
        (additional::GOODS, TransactionType::Purchase),
        (additional::SERVICES, TransactionType::Purchase),
        (additional::CASHBACK, TransactionType::Cashback),
    ] {
        if subject.has(tag, bit) && !serves(kind) {
            let message = format!("9F40 {bit} promises {}, and no combination serves it", kind.name());
            notes.say(rules::SERVICE, &path(&["data", &tag.to_string()]), message, "add the type to a combination");
        }
    }
}
