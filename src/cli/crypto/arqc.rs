//! `emvtap crypto arqc`: an application cryptogram, computed, verified, diagnosed.

use super::{
    input::{Input, array_of, hex_of},
    key::KeyReader,
    method::{Chosen, card_of, derive_card, derive_session, holds},
    page::Page,
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
        des::TripleDes,
        diagnose::{Diagnosis, Question, diagnose},
        method::{Input as MacInput, Mac, PARTS},
        scheme::{Evidence, VERSIONS},
    },
};

/// Runs the verb.
pub fn run(verb: &Arqc, environment: &Environment) -> Result<Exit, Failure> {
    if verb.list {
        return list(verb, environment);
    }
    let input = Input::read(&verb.source)?;
    let chosen = Chosen::of(&verb.method, &input)?;
    let key = verb.key.as_deref().unwrap_or_default();
    let given = KeyReader::new(verb.how.allow_production_keys).read("key", key, chosen.is_aes())?;
    let given = given.symmetric("key", chosen.is_aes())?;
    let mut page = Page::new("arqc", &verb.how);
    chosen.show(&mut page);
    let wanted = match &verb.arqc {
        Some(text) => Some(array_of("arqc", text)?),
        None => input.cryptogram(),
    };
    if let Some(data) = &verb.data {
        return raw(verb, (&chosen, &given), &hex_of("data", data)?, wanted, page, environment);
    }
    let data = input.record().data().map_err(|reason| Failure::Usage {
        message: format!("the data do not suffice: {reason}"),
        hint: Some("--from, --de55 and --set give data objects; --data gives the whole input of the MAC".to_owned()),
    })?;
    let (pan, psn) = card_of(&verb.card, &input)?;
    let key_is = verb.card.key_is;
    let card = derive_card(&mut page, chosen.method.card_key, key_is, &given, (&pan, psn))?;
    let how = chosen.method.session_key;
    let session = derive_session(&mut page, how, key_is, &card, data.atc, data.unpredictable_number)?;
    let parts = chosen.method.input.parts(&data).ok_or_else(|| too_short(&data))?;
    show_parts(&mut page, chosen.method.input, &parts);
    let cryptogram = compute(&mut page, chosen.method.mac, &session, &parts.concat())?;
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

/// A cryptogram over data that are given as they are.
fn raw(
    verb: &Arqc,
    (chosen, given): (&Chosen, &SymmetricKey),
    data: &[u8],
    wanted: Option<[u8; 8]>,
    mut page: Page<'_>,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let key_is = verb.card.key_is;
    let input = Input::read(&verb.source)?;
    let (pan, psn) = card_of(&verb.card, &input)?;
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
    let cryptogram = compute(&mut page, chosen.method.mac, &session, data)?;
    conclude(verb, cryptogram, wanted, None, &mut page);
    page.finish(environment)
}

fn too_short(data: &CryptogramData<'_>) -> Failure {
    Failure::usage(format!("9F10 has {} bytes, too few for this version", data.iad.len()))
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

/// The MAC, block by block.
fn compute(page: &mut Page<'_>, mac: Mac, key: &SymmetricKey, data: &[u8]) -> Result<[u8; 8], Failure> {
    page.bytes("input", data, format!("{} bytes", data.len()));
    match (mac, key) {
        (Mac::Retail(padding), SymmetricKey::TripleDes(key)) => {
            page.bytes("padded", &padding.fill(data), padding_words(padding));
            let mut blocks = Vec::new();
            TripleDes::new(key).chain(padding, &[data], &mut |before, after| blocks.push((before, after)));
            for (number, (before, after)) in (1..).zip(blocks) {
                page.bytes(format!("block {number}"), &before, format!("DES → {}", Hex(&after)));
            }
        }
        (Mac::Triple(padding), SymmetricKey::TripleDes(key)) => {
            let padded = padding.fill(data);
            page.bytes("padded", &padded, padding_words(padding));
            let chained = TripleDes::new(key).encrypt_cbc([0; 8], &padded);
            for (number, block) in (1..).zip(chained.chunks(8)) {
                page.bytes(format!("block {number}"), block, "after triple DES");
            }
        }
        _ => {}
    }
    let cryptogram = mac.compute(key, &[data]).ok_or_else(|| {
        Failure::usage("this MAC needs a key of the other cipher: --mac cmac is AES, the others triple DES")
    })?;
    let note = match mac {
        Mac::Retail(_) => "last block through DES⁻¹ with KR and DES with KL (ISO 9797-1 algorithm 3)",
        Mac::Triple(_) => "last block (ISO 9797-1 algorithm 1)",
        Mac::Cmac => "leftmost 8 bytes of AES CMAC",
    };
    page.bytes("cryptogram", &cryptogram, note);
    Ok(cryptogram)
}

const fn padding_words(padding: crate::crypto::des::Padding) -> &'static str {
    match padding {
        crate::crypto::des::Padding::Zero => "zeros (ISO 9797-1 method 1)",
        crate::crypto::des::Padding::Iso => "80 and zeros (ISO 9797-1 method 2)",
    }
}

fn conclude(
    verb: &Arqc,
    cryptogram: [u8; 8],
    wanted: Option<[u8; 8]>,
    question: Option<&Question<'_>>,
    page: &mut Page<'_>,
) {
    page.result("cryptogram", Hex(&cryptogram).to_string());
    let Some(wanted) = wanted else { return };
    page.result("expected", Hex(&wanted).to_string());
    if cryptogram == wanted {
        page.verdict(true, "the cryptogram verifies");
        if verb.diagnose {
            page.result("diagnosis", Vec::<String>::new());
        }
        return;
    }
    let said = format!("the cryptogram is {}, computed {}", Hex(&wanted), Hex(&cryptogram));
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
                    "{said}; none of {} ways to compute it gives this cryptogram: another key, data that differ in more than \
                     one object, or a method that is not public",
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
        let note = if version.evidence == Evidence::Unsure { "not everything is public" } else { "" };
        page.text(version.name, version.title, note);
    }
    page.finish(environment)
}
