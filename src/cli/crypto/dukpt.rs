//! `emvtap crypto dukpt`: the keys of a transaction between a terminal and a backend.

use super::{
    input::array_of,
    key::{KeyReader, Secret},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{Dukpt, DukptType},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        SymmetricKey,
        dukpt::{KeyType, KeyUsage, UPDATE, derivation_key, initial_key, working_key},
    },
    diag::suggest,
};

/// Runs the verb.
pub fn run(verb: &Dukpt, environment: &Environment) -> Result<Exit, Failure> {
    let ksn: [u8; 12] = array_of("ksn", &verb.ksn)?;
    let [a, b, c, d, e, f, g, h, counter @ ..] = ksn;
    let (identifier, counter) = ([a, b, c, d, e, f, g, h], u32::from_be_bytes(counter));
    let mut page = Page::new("dukpt", &verb.how);
    let mut keys = KeyReader::new(verb.how.allow_production_keys);
    page.bytes("identifier", &identifier, "of the initial key");
    let note = if counter == UPDATE { "of the key update" } else { "of the transaction" };
    page.bytes("counter", &counter.to_be_bytes(), note);
    let initial = match (&verb.bdk, &verb.ik) {
        (Some(source), _) => {
            let base = keys.read("bdk", source, true)?;
            page.key("base key", &base, "base derivation key, as given");
            initial_key(&base.aes("bdk")?, identifier)
        }
        (None, Some(source)) => keys.read("ik", source, true)?.aes("ik")?,
        (None, None) => return Err(Failure::usage("--bdk or --ik")),
    };
    page.key("initial key", &Secret::of(&SymmetricKey::Aes(initial.clone())), "");
    let wrong = |error: crate::crypto::dukpt::DukptError| Failure::usage(format!("--ksn: {error}"));
    let derivation = derivation_key(&initial, identifier, counter, &mut |so_far, key| {
        let name = format!("derivation {}", Hex(&so_far.to_be_bytes()));
        page.key(name, &Secret::of(&SymmetricKey::Aes(key.clone())), "");
    })
    .map_err(wrong)?;
    let kind = verb.kind.map_or(KeyType::of(&initial), kind);
    for usage in usages(verb)? {
        let key = working_key(&derivation, identifier, counter, usage, kind)
            .map_err(|error| Failure::usage(format!("--type: {error}")))?;
        let aes = !matches!(kind, KeyType::TwoKeyTripleDes | KeyType::ThreeKeyTripleDes);
        let key = Secret::new(&key, aes);
        page.key(usage.name(), &key, "");
        let name = usage.name().replace('-', "_");
        page.result(format!("{name}_check_value"), key.check_value());
        if page.shows_keys() {
            page.result(name, Hex(&key.bytes).to_string());
        }
    }
    page.finish(environment)
}

const fn kind(kind: DukptType) -> KeyType {
    match kind {
        DukptType::TwoKey => KeyType::TwoKeyTripleDes,
        DukptType::ThreeKey => KeyType::ThreeKeyTripleDes,
        DukptType::Aes128 => KeyType::Aes128,
        DukptType::Aes192 => KeyType::Aes192,
        DukptType::Aes256 => KeyType::Aes256,
    }
}

fn usages(verb: &Dukpt) -> Result<Vec<KeyUsage>, Failure> {
    let Some(name) = &verb.usage else { return Ok(KeyUsage::WORKING.to_vec()) };
    let found = KeyUsage::WORKING.into_iter().find(|usage| usage.name() == name);
    found.map(|usage| vec![usage]).ok_or_else(|| Failure::Usage {
        message: format!("there is no usage `{name}`"),
        hint: Some(suggest(name, KeyUsage::WORKING.iter().map(|usage| usage.name()))),
    })
}
