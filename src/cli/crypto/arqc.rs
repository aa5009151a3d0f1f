//! `emvtap crypto arqc`: an application cryptogram, computed, verified, diagnosed.

use super::{
    input::{Input, array_of, hex_of},
    key::{KeyReader, Secret},
    method::{Chosen, card_of, derive_card, derive_session, holds},
    page::Page,
    steps::{compute, compute_triple},
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{Arqc, KeyIs},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        SymmetricKey,
        cryptogram::CryptogramData,
        des::Padding,
        diagnose::{Diagnosis, Question, diagnose},
        method::{Input as MacInput, Mac, PARTS},
        scheme::{Evidence, VERSIONS, Version},
    },
};

/// Runs the verb.
pub fn run(verb: &Arqc, environment: &Environment) -> Result<Exit, Failure> {
    if verb.list {
        return list(verb, environment);
    }
    let mut keys = KeyReader::new(verb.how.allow_production_keys);
    keys.keep("key", verb.key.as_deref());
    let input = Input::read(&verb.of.source, &mut keys)?;
    let chosen = Chosen::of(&verb.of.method, &input)?;
    let given = keys.read("key", verb.key.as_deref().unwrap_or_default(), chosen.is_aes())?;
    let mut page = Page::new("arqc", &verb.how);
    chosen.show(&mut page);
    let wanted = match &verb.arqc {
        Some(text) => Some(array_of("arqc", text)?),
        None => input.cryptogram(),
    };
    if let Some((data, padding)) = verb.data.as_deref().zip(padding_of_three_parts(verb, &chosen, &given)) {
        page.key("session key", &given, "as given");
        let data = hex_of("data", data)?;
        let cryptogram = compute_triple(&mut page, "cryptogram", padding, &given.tdea("key")?, &data);
        conclude(verb, Some(cryptogram), wanted, None, &mut page);
        return page.finish(environment);
    }
    let given = given.symmetric("key", chosen.is_aes())?;
    if let Some(data) = &verb.data {
        return raw(verb, (&chosen, &given), (&input, &hex_of("data", data)?), wanted, page, environment);
    }
    let data = input.record().data().map_err(|reason| Failure::Usage {
        message: format!("the data do not suffice: {reason}"),
        hint: Some("--from, --de55 and --set give data objects; --data gives the whole input of the MAC".to_owned()),
    })?;
    let (pan, psn) = card_of(&verb.of.card, &input)?;
    let key_is = verb.of.card.key_is;
    let card = derive_card(&mut page, chosen.method.card_key, key_is, &given, (&pan, psn))?;
    let how = chosen.method.session_key;
    let session = derive_session(&mut page, how, key_is, &card, data.atc, data.unpredictable_number)?;
    let cryptogram = match chosen.method.input.parts(&data) {
        Some(parts) => {
            show_parts(&mut page, chosen.method.input, &parts);
            Some(compute(&mut page, "cryptogram", chosen.method.mac, &session, &parts.concat())?)
        }
        None if verb.diagnose && wanted.is_some() => None,
        None => return Err(too_short(&data, &input)),
    };
    let question = wanted.map(|wanted| Question {
        key: &given,
        holds: holds(key_is),
        pan: &pan,
        psn,
        method: chosen.method,
        data,
        wanted,
    });
    conclude(verb, cryptogram, wanted, question.as_ref(), &mut page);
    page.finish(environment)
}

/// The padding of a MAC that is none of EMV's: nothing is derived, and the key has three parts.
fn padding_of_three_parts(verb: &Arqc, chosen: &Chosen, given: &Secret) -> Option<Padding> {
    match chosen.method.mac {
        Mac::Triple(padding) if verb.of.card.key_is == KeyIs::Session && given.bytes.len() == 24 => Some(padding),
        _ => None,
    }
}

/// A cryptogram over data that are given as they are.
fn raw(
    verb: &Arqc,
    (chosen, given): (&Chosen, &SymmetricKey),
    (input, data): (&Input, &[u8]),
    wanted: Option<[u8; 8]>,
    mut page: Page<'_>,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let key_is = verb.of.card.key_is;
    let (pan, psn) = card_of(&verb.of.card, input)?;
    let card = derive_card(&mut page, chosen.method.card_key, key_is, given, (&pan, psn))?;
    let value = |tag| input.value(tag);
    let atc = value(crate::data::dictionary::ATC_9F36).and_then(|value| value.try_into().ok());
    let number = value(crate::data::dictionary::UNPREDICTABLE_NUMBER_9F37).and_then(|value| value.try_into().ok());
    let how = chosen.method.session_key;
    let needs_atc = key_is != KeyIs::Session && how != crate::crypto::method::SessionKey::None;
    if needs_atc && atc.is_none() {
        return Err(Failure::Usage {
            message: "the session key needs the transaction counter".to_owned(),
            hint: Some("--set 9F36=001C, and --set 9F37=… where the unpredictable number is part of it".to_owned()),
        });
    }
    let session = derive_session(&mut page, how, key_is, &card, atc.unwrap_or_default(), number.unwrap_or_default())?;
    let cryptogram = compute(&mut page, "cryptogram", chosen.method.mac, &session, data)?;
    conclude(verb, Some(cryptogram), wanted, None, &mut page);
    page.finish(environment)
}

fn too_short(data: &CryptogramData<'_>, input: &Input) -> Failure {
    let named = Version::of_iad(input.rid(), data.iad);
    Failure::Usage {
        message: format!("9F10 has {} bytes, too few for this version", data.iad.len()),
        hint: named.map(|version| format!("9F10 itself names {}; --diagnose tries all", version.name)),
    }
}

/// The objects by name, as they follow each other.
const NAMES: [&str; PARTS] =
    ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10", "9F10 counters"];

fn show_parts(page: &mut Page<'_>, input: MacInput, parts: &[&[u8]; PARTS]) {
    let short = ["9F02", "9F37", "9F36", "9F10 byte 5"];
    let names = if matches!(input, MacInput::Short(_)) { &short[..] } else { &NAMES[..] };
    for (name, part) in names.iter().zip(parts).filter(|(_, part)| !part.is_empty()) {
        page.bytes(format!("data {name}"), part, "");
    }
}

fn conclude(
    verb: &Arqc,
    cryptogram: Option<[u8; 8]>,
    wanted: Option<[u8; 8]>,
    question: Option<&Question<'_>>,
    page: &mut Page<'_>,
) {
    let computed = cryptogram.map(|cryptogram| Hex(&cryptogram).to_string());
    page.result("cryptogram", computed.clone());
    let Some(wanted) = wanted else { return };
    page.result("expected", Hex(&wanted).to_string());
    if cryptogram == Some(wanted) {
        page.verdict(true, "the cryptogram verifies");
        if verb.diagnose {
            page.result("diagnosis", Vec::<String>::new());
        }
        return;
    }
    let computed = computed.unwrap_or_else(|| "none: 9F10 is too short for this version".to_owned());
    let said = format!("the cryptogram is {}, computed {computed}", Hex(&wanted));
    match (verb.diagnose, question) {
        (true, Some(question)) => tell(&diagnose(question), &said, page),
        (false, Some(_)) => {
            page.verdict(false, said);
            page.note("--diagnose tries what people mix up");
        }
        _ => page.verdict(false, said),
    }
}

fn tell(diagnosis: &Diagnosis, said: &str, page: &mut Page<'_>) {
    page.result("tried", diagnosis.tried);
    match &diagnosis.changes {
        Some(changes) => {
            let words: Vec<String> = changes.iter().map(crate::crypto::diagnose::Change::words).collect();
            page.verdict(false, format!("{said}; it verifies if {}", words.join(", and ")));
            page.result("diagnosis", words);
        }
        None => {
            page.verdict(
                false,
                format!(
                    "{said}; none of {} ways to compute it gives this cryptogram: another key, data that differ otherwise than \
                     people mix them up, or a method that is not public",
                    diagnosis.tried
                ),
            );
            page.result("diagnosis", serde_json::Value::Null);
        }
    }
}

/// The versions by name.
fn list(verb: &Arqc, environment: &Environment) -> Result<Exit, Failure> {
    let mut page = Page::new("arqc", &verb.how);
    for version in VERSIONS {
        let sure = if version.evidence == Evidence::Unsure { "not everything is public: " } else { "" };
        page.text(version.name, version.title, format!("{sure}{}", version.source));
    }
    let versions = VERSIONS.iter().map(|version| {
        let sure = version.evidence != Evidence::Unsure;
        serde_json::json!({ "name": version.name, "title": version.title, "sure": sure, "source": version.source })
    });
    page.result("versions", versions.collect::<Vec<_>>());
    page.finish(environment)
}
