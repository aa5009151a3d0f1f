//! `emvtap crypto keys`: check values, parity, derived keys, test keys.

use zeroize::Zeroizing;

use super::{
    input::{array_of, pan_of, psn_of},
    key::{KeyReader, Secret},
    method::{card_key, derive_card, derive_session, session_key},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{DerivationOption, KeyIs, Keys, Session},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        SymmetricKey,
        check_value::{aes_check_value, aes_zero_check_value, des_check_value, des_cmac_check_value},
        des::{has_odd_parity, with_odd_parity},
        messaging::Messaging,
        prime::SeededBytes,
    },
};

/// Runs the verb.
pub fn run(verb: &Keys, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("keys", &verb.how);
    let key = match (&verb.generate, &verb.key) {
        (Some(seed), _) => generate(verb, seed, &mut page)?,
        (None, Some(source)) => KeyReader::new(verb.how.allow_production_keys).read("key", source, verb.aes)?,
        (None, None) => return Err(Failure::usage("--key or --generate")),
    };
    let (length, wanted) = (
        key.bytes.len(),
        if verb.aes { "an AES key has 16, 24 or 32 bytes" } else { "DES keys have 8, 16 or 24 bytes" },
    );
    if !(if verb.aes { [16, 24, 32] } else { [8, 16, 24] }).contains(&length) {
        let hint = (!verb.aes && length == 32).then(|| "--aes says that it is an AES key".to_owned());
        return Err(Failure::Usage { message: format!("--key has {length} bytes; {wanted}"), hint });
    }
    about(&mut page, &key)?;
    if verb.pan.is_some() || verb.atc.is_some() || verb.arqc.is_some() {
        derive(verb, &mut page, &key)?;
    }
    page.finish(environment)
}

fn generate(verb: &Keys, seed: &str, page: &mut Page<'_>) -> Result<Secret, Failure> {
    let fits = if verb.aes { [16, 24, 32].contains(&verb.bytes) } else { [8, 16, 24].contains(&verb.bytes) };
    if !fits {
        let lengths = if verb.aes { "16, 24 or 32" } else { "8, 16 or 24" };
        return Err(Failure::usage(format!("--bytes {}: such a key has {lengths} bytes", verb.bytes)));
    }
    let bytes = SeededBytes::new(seed, "symmetric key").take(verb.bytes);
    let bytes = if verb.aes { bytes } else { bytes.into_iter().flat_map(|byte| with_odd_parity([byte])).collect() };
    page.text("test key", format!("from seed {seed}"), "the same seed gives the same key: for tests only");
    if page.shows_keys() {
        let file = format!(
            "schema = \"emvtap.key/1\"\ntitle = \"test key from seed {seed}\"\ntest = true\nkind = \"secret\"\nvalue = \"{}\"\n",
            Hex(&bytes)
        );
        page.result("key_file", file);
    } else {
        page.note("--show-keys writes it out");
    }
    Ok(Secret::new(&bytes, verb.aes))
}

/// Length, check values, parity.
fn about(page: &mut Page<'_>, key: &Secret) -> Result<(), Failure> {
    let bits = key.bytes.len() * 8;
    page.key("key", key, format!("{bits} bits"));
    page.result("check_value", key.check_value());
    if key.aes {
        let aes = key.aes("key")?;
        page.bytes("CMAC check value", &aes_check_value(&aes), "CMAC over zeros, X9.24-1 annex A: 5 bytes");
        page.bytes("zero check value", &aes_zero_check_value(&aes), "AES over zeros: not of the standard, but in use");
        return Ok(());
    }
    if let Some(value) = des_check_value(&key.bytes) {
        page.bytes("zero check value", &value, "triple DES over zeros, X9.24-1");
    }
    if matches!(key.bytes.len(), 16 | 24)
        && let Some(value) = des_cmac_check_value(&key.bytes)
    {
        page.bytes("CMAC check value", &value, "CMAC over zeros");
    }
    let odd = has_odd_parity(&key.bytes);
    page.text("parity", if odd { "odd" } else { "not odd" }, "of every byte; the cipher does not look at it");
    page.result("odd_parity", odd);
    if !odd {
        let bytes = Zeroizing::new(key.bytes.iter().flat_map(|byte| with_odd_parity([*byte])).collect());
        page.key("adjusted", &Secret { bytes, aes: false }, "with odd parity");
    }
    let parts = key.bytes.chunks(8);
    let alike = |(one, other): (&[u8], &[u8])| one.iter().zip(other).all(|(a, b)| a | 1 == b | 1);
    if parts.clone().zip(parts.skip(1)).any(alike) {
        page.note("two parts of the key are alike: it is no stronger than a shorter one");
    }
    Ok(())
}

fn derive(verb: &Keys, page: &mut Page<'_>, key: &Secret) -> Result<(), Failure> {
    let given = key.symmetric("key", verb.aes)?;
    let card = match &verb.pan {
        None => given,
        Some(pan) => {
            let default = if verb.aes { DerivationOption::C } else { DerivationOption::A };
            let option = card_key(verb.option.unwrap_or(default));
            let card = derive_card(
                page,
                option,
                KeyIs::Issuer,
                &given,
                (&pan_of(pan)?, psn_of(verb.psn.as_deref().unwrap_or("00"))?),
            )?;
            result(page, "card_key", &card);
            card
        }
    };
    let atc = verb.atc.as_deref().map(|atc| array_of("atc", atc)).transpose()?;
    if let Some(atc) = atc {
        let how = session_key(verb.session.unwrap_or(Session::Common));
        let number = array_of("un", verb.un.as_deref().unwrap_or("00000000"))?;
        let session = derive_session(page, how, KeyIs::Card, &card, atc, number)?;
        result(page, "session_key", &session);
    }
    messaging(verb, page, &card, atc)
}

/// The session keys of secure messaging.
fn messaging(verb: &Keys, page: &mut Page<'_>, card: &SymmetricKey, atc: Option<[u8; 2]>) -> Result<(), Failure> {
    let arqc = verb.arqc.as_deref().map(|arqc| array_of("arqc", arqc)).transpose()?;
    let kinds = [
        (Messaging::Visa, "Visa script key", "ATC added to the card's key", !verb.aes && atc.is_some()),
        (Messaging::Mastercard, "script key", "common session key over the ARQC", !verb.aes && arqc.is_some()),
        (Messaging::CcdAes, "script key", "common session key over the ARQC", verb.aes && arqc.is_some()),
    ];
    for (messaging, name, note, _) in kinds.into_iter().filter(|(.., wanted)| *wanted) {
        if let Some(key) = messaging.session_key(card, atc.unwrap_or_default(), arqc.unwrap_or_default()) {
            page.key(name, &Secret::of(&key), note);
        }
    }
    Ok(())
}

fn result(page: &mut Page<'_>, name: &'static str, key: &SymmetricKey) {
    page.result(format!("{name}_check_value"), Secret::of(key).check_value());
    if page.shows_keys() {
        page.result(name, Hex(key.as_bytes()).to_string());
    }
}
