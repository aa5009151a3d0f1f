//! What an issuer must know to verify a virtual card.

use crate::{card::Profile, host::IssuerKey};

/// The keys of the card's issuers, for cryptograms and for the CVC3 of mag-stripe mode.
pub fn issuer_keys(card: &Profile) -> Vec<IssuerKey> {
    let keys = card.issuer_keys().map(|(prefix, key)| IssuerKey::new(prefix, key.0));
    let checksums = card
        .checksum_keys()
        .map(|card| IssuerKey::checksum(card.prefix, card.key.0, card.pcvc3, card.punatc, card.natc));
    keys.chain(checksums).collect()
}
