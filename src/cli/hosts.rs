//! Who answers online requests.

use std::path::Path;

use super::{failure::Failure, files};
use crate::{
    card::{self, Profile, profile::MasterKey},
    diag::{Problem, suggest},
    host::{Decline, Host, Issuer, IssuerKey, KnownIssuer, Offline, Policy},
    run::issuer_keys,
};

/// The words of `--host`.
const WORDS: [&str; 3] = ["sim", "decline", "offline"];

/// The host a person means. `card`: the virtual card, or `None` for one that is tapped on a reader. A simulated issuer has the keys of the
/// card's issuers, of the issuers of all built-in cards if the card can be any, and those its file names.
pub fn open(name: &str, card: Option<&Profile>) -> Result<Box<dyn Host>, Failure> {
    let issuer = |policy, more| -> Result<Box<dyn Host>, Failure> {
        let mut keys = match card {
            Some(card) => issuer_keys(card),
            None => card::builtin::names()
                .iter()
                .flat_map(|name| Profile::builtin(name))
                .flat_map(|card| issuer_keys(&card))
                .collect(),
        };
        keys.extend(more);
        Ok(Box::new(Issuer::new(keys, policy)))
    };
    let path = Path::new(name);
    match name {
        "sim" => issuer(Policy::default(), Vec::new()),
        "decline" => Ok(Box::new(Decline)),
        "offline" => Ok(Box::new(Offline)),
        _ if name.ends_with(".toml") || path.exists() => {
            let text = files::read(path)?;
            let policy = Policy::parse(name, &text)?;
            let more = policy.issuers().iter().map(|known| stated(name, &text, known)).collect::<Result<_, _>>()?;
            issuer(policy, more)
        }
        _ => {
            let message = format!("there is no host `{name}`");
            Err(Failure::Usage { message, hint: Some(suggest(name, WORDS)) })
        }
    }
}

/// The key of an issuer that a host file states: its key file lies beside that, or is built in.
fn stated(file: &str, text: &str, KnownIssuer { prefix, key }: &KnownIssuer) -> Result<IssuerKey, Problem> {
    let digits = prefix.get_ref();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        let message = format!("`{digits}` is no beginning of a PAN; wanted digits");
        return Err(Problem::at(file, text, prefix.span(), message));
    }
    let name = key.get_ref();
    let stored =
        card::builtin::key(name).map(str::to_owned).or_else(|| files::beside(file, name)).ok_or_else(|| {
            let names = card::builtin::key_names();
            Problem::at(file, text, key.span(), format!("there is no key `{name}`"))
                .hint(suggest(name, names.iter().map(String::as_str)))
        })?;
    Ok(IssuerKey::new(digits, MasterKey::parse(name, &stored)?.0))
}
