//! The lengths of the keys: each no longer than the one above it.

use super::{Notes, Subject, rules};
use crate::card::profile::RsaKey;

/// The longest issuer key whose card certificates fit into a record.
const RECORD_ROOM: usize = 247;

/// Says whether they are.
pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) -> bool {
    let before = notes.findings.len();
    let keys = &subject.application.keys;
    let ca = length(keys.ca.as_ref().map(|ca| &ca.key));
    let issuer = length(keys.issuer.as_ref());
    let card = length(keys.card.as_ref());
    for (lower, upper, name, above) in [(issuer, ca, "issuer", "CA"), (card, issuer, "card", "issuer")] {
        if let (Some(lower), Some(upper)) = (lower, upper)
            && lower > upper
        {
            let message =
                format!("the {name} key has {lower} bytes, more than the {above} key that signs it with {upper}");
            notes.say(rules::KEY_LENGTHS, &subject.path(&["keys", name]), message, "take a shorter key");
        }
    }
    if let (Some(issuer), Some(_)) = (issuer, card)
        && issuer > RECORD_ROOM
    {
        let message =
            format!("a card certificate of {issuer} bytes does not fit into a record, at most {RECORD_ROOM} do");
        notes.say(rules::KEY_RECORD, &subject.path(&["keys", "issuer"]), message, "take a shorter issuer key");
    }
    notes.findings.len() == before
}

/// The length of a modulus in bytes, from its primes: its top bit is set, so no bit of their lengths gets lost. That the key
/// works is seen when the card is issued.
pub(super) fn length(key: Option<&RsaKey>) -> Option<usize> {
    let RsaKey { p, q, .. } = key?;
    Some((bits(p) + bits(q)) / 8)
}

fn bits(number: &[u8]) -> usize {
    let digits = number.iter().skip_while(|byte| **byte == 0);
    let spare = digits.clone().next().map_or(0, |byte| byte.leading_zeros());
    digits.count() * 8 - usize::try_from(spare).unwrap_or_default()
}
