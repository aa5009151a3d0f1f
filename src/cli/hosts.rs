//! Who answers online requests.

use std::{fs, path::Path};

use super::failure::{Failure, words};
use crate::{
    card::Profile,
    diag::{Problem, suggest},
    host::{Decline, Host, Issuer, IssuerKey, Offline, Policy},
};

/// The words of `--host`.
const WORDS: [&str; 3] = ["sim", "decline", "offline"];

/// The host a person means. A simulated issuer has the keys of the card's issuers.
pub fn open(name: &str, profile: &Profile) -> Result<Box<dyn Host>, Failure> {
    let issuer = |policy| -> Box<dyn Host> {
        let keys = profile.issuer_keys().map(|(prefix, key)| IssuerKey::new(prefix, key.0));
        let checksums = profile
            .checksum_keys()
            .map(|card| IssuerKey::checksum(card.prefix, card.key.0, card.pcvc3, card.punatc, card.natc));
        Box::new(Issuer::new(keys.chain(checksums), policy))
    };
    let path = Path::new(name);
    match name {
        "sim" => Ok(issuer(Policy::default())),
        "decline" => Ok(Box::new(Decline)),
        "offline" => Ok(Box::new(Offline)),
        _ if name.ends_with(".toml") || path.exists() => {
            let text = fs::read_to_string(path)
                .map_err(|error| Problem::file(name, format!("cannot be read: {}", words(&error))))?;
            Ok(issuer(Policy::parse(name, &text)?))
        }
        _ => {
            let message = format!("there is no host `{name}`");
            Err(Failure::Usage { message, hint: Some(suggest(name, WORDS)) })
        }
    }
}
