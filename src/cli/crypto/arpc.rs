//! `emvtap crypto arpc`: the issuer's answer to a cryptogram.

use super::{
    input::{Input, array_of, hex_of},
    key::{KeyReader, Secret},
    method::{Chosen, card_of, derive_card, derive_session},
    page::Page,
};
use crate::{
    bytes::Hex,
    cli::{
        args::crypto::{Arpc, KeyIs},
        exit::Exit,
        failure::Failure,
        out::Environment,
    },
    crypto::{
        cryptogram::IssuerAnswer,
        method::{self, ArpcKey, SessionKey},
    },
    data::dictionary::{ATC_9F36, UNPREDICTABLE_NUMBER_9F37},
    tlv::Tag,
};

/// Runs the verb.
pub fn run(verb: &Arpc, environment: &Environment) -> Result<Exit, Failure> {
    let input = Input::read(&verb.source)?;
    let chosen = Chosen::of(&verb.method, &input)?;
    let given = KeyReader::new(verb.how.allow_production_keys).read("key", &verb.key, chosen.is_aes())?;
    let given = given.symmetric("key", chosen.is_aes())?;
    let arqc = match &verb.arqc {
        Some(text) => array_of("arqc", text)?,
        None => {
            input.cryptogram().ok_or_else(|| Failure::usage("no cryptogram to answer: --arqc, or 9F26 in the data"))?
        }
    };
    let arpc = kind(verb, chosen.method.arpc)?;
    let (answer, proprietary) = answer(verb)?;
    let mut page = Page::new("arpc", &verb.how);
    chosen.show(&mut page);
    let (pan, psn) = card_of(&verb.card, &input)?;
    let key_is = verb.card.key_is;
    let card = derive_card(&mut page, chosen.method.card_key, key_is, &given, (&pan, psn))?;
    let key = match arpc.key() {
        ArpcKey::Card if key_is == KeyIs::Session => card,
        ArpcKey::Card => {
            page.key("key of ARPC", &Secret::of(&card), "the card's key");
            card
        }
        ArpcKey::Session => session(&mut page, &chosen, key_is, &card, &input)?,
    };
    page.bytes("ARQC", &arqc, "");
    match arpc {
        method::Arpc::Two(_) => {
            page.bytes("CSU", &answer.csu, "Card Status Update");
            if !proprietary.is_empty() {
                page.bytes("proprietary", &proprietary, "");
            }
            page.bytes("input", &[&arqc[..], &answer.csu, &proprietary].concat(), "method 2");
        }
        _ => {
            page.bytes("response code", &answer.response_code, String::from_utf8_lossy(&answer.response_code));
            page.text("input", "ARQC with the response code added to its first two bytes", "method 1");
        }
    }
    let made = arpc.compute(&key, arqc, answer, &proprietary);
    let made = made.ok_or_else(|| Failure::usage("this ARPC needs a key of the other cipher"))?;
    let data = arpc.authentication_data(&made, answer, &proprietary);
    page.bytes("ARPC", &made, "");
    page.bytes("91", &data, "Issuer Authentication Data");
    page.result("arpc", Hex(&made).to_string());
    page.result("issuer_authentication_data", Hex(&data).to_string());
    if let Some(wanted) = &verb.arpc {
        let wanted = hex_of("arpc", wanted)?;
        let holds = wanted == made || wanted == data;
        let words = if holds {
            "the ARPC verifies".to_owned()
        } else {
            format!("the ARPC is {}, computed {}", Hex(&wanted), Hex(&made))
        };
        page.verdict(holds, words);
    }
    page.finish(environment)
}

/// Method 1 or 2, as what was given wants it.
fn kind(verb: &Arpc, known: method::Arpc) -> Result<method::Arpc, Failure> {
    match (&verb.arc, &verb.csu, known) {
        (Some(_), _, method::Arpc::Two(key)) => Ok(method::Arpc::One(key)),
        (_, Some(_), method::Arpc::One(key) | method::Arpc::Cmac(key)) => Ok(method::Arpc::Two(key)),
        (None, None, method::Arpc::Two(_)) => Err(Failure::usage("method 2 needs --csu, the Card Status Update")),
        (None, None, _) => Err(Failure::usage("method 1 needs --arc, the response code")),
        _ => Ok(known),
    }
}

fn answer(verb: &Arpc) -> Result<(IssuerAnswer, Vec<u8>), Failure> {
    let response_code = match verb.arc.as_deref() {
        Some(code) if code.len() == 2 => code.as_bytes().try_into().map_err(|_| Failure::usage("--arc"))?,
        Some(code) => array_of("arc", code)?,
        None => [0; 2],
    };
    let csu = verb.csu.as_deref().map_or(Ok([0; 4]), |csu| array_of("csu", csu))?;
    let proprietary = verb.proprietary.as_deref().map_or(Ok(Vec::new()), |text| hex_of("proprietary", text))?;
    if proprietary.len() > 8 {
        return Err(Failure::usage(format!("--proprietary has at most 8 bytes, found {}", proprietary.len())));
    }
    Ok((IssuerAnswer { response_code, csu }, proprietary))
}

fn session(
    page: &mut Page<'_>,
    chosen: &Chosen,
    key_is: KeyIs,
    card: &crate::crypto::SymmetricKey,
    input: &Input,
) -> Result<crate::crypto::SymmetricKey, Failure> {
    let how = chosen.method.session_key;
    let need = |tag: Tag| {
        let found = input.value(tag);
        found.ok_or_else(|| Failure::usage(format!("the session key needs {tag}: --set {tag}=…, or --de55, or --from")))
    };
    let (mut atc, mut number) = ([0; 2], [0; 4]);
    if key_is != KeyIs::Session && how != SessionKey::None {
        let wrong = |tag: Tag| Failure::usage(format!("{tag} has another length"));
        atc = need(ATC_9F36)?.try_into().map_err(|_| wrong(ATC_9F36))?;
        if how == SessionKey::Mastercard {
            number = need(UNPREDICTABLE_NUMBER_9F37)?.try_into().map_err(|_| wrong(UNPREDICTABLE_NUMBER_9F37))?;
        }
    }
    derive_session(page, how, key_is, card, atc, number)
}
