//! `emvtap crypto arpc`: the issuer's answer to a cryptogram.

use super::{
    input::{Input, array_of, hex_of},
    key::{KeyReader, Secret},
    method::{Chosen, card_of, derive_card, derive_session},
    page::Page,
    steps::compute,
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
        cryptogram::{IssuerAnswer, with_response_code},
        des::Padding,
        method::{self, ArpcKey, Mac, SessionKey},
    },
    data::dictionary::{ATC_9F36, UNPREDICTABLE_NUMBER_9F37},
    tlv::Tag,
};

/// Runs the verb.
pub fn run(verb: &Arpc, environment: &Environment) -> Result<Exit, Failure> {
    let mut keys = KeyReader::new(verb.how.allow_production_keys);
    keys.keep("key", Some(&verb.key));
    let input = Input::read(&verb.of.source, &mut keys)?;
    let chosen = Chosen::of(&verb.of.method, &input)?;
    let given = keys.read("key", &verb.key, chosen.is_aes())?;
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
    let (pan, psn) = card_of(&verb.of.card, &input)?;
    let key_is = verb.of.card.key_is;
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
            let mac = if chosen.is_aes() { Mac::Cmac } else { Mac::Retail(Padding::Iso) };
            compute(&mut page, "MAC", mac, &key, &[&arqc[..], &answer.csu, &proprietary].concat())?;
        }
        method::Arpc::Cmac(_) => {
            response_code(&mut page, &answer);
            compute(&mut page, "MAC", Mac::Cmac, &key, &[&arqc[..], &answer.response_code, &[0; 6]].concat())?;
        }
        method::Arpc::One(_) => {
            response_code(&mut page, &answer);
            let input = with_response_code(arqc, answer.response_code);
            page.bytes("input", &input, "method 1: ARQC with the response code added to its first two bytes");
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

fn response_code(page: &mut Page<'_>, answer: &IssuerAnswer) {
    page.bytes("response code", &answer.response_code, String::from_utf8_lossy(&answer.response_code));
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
        Some(code) => match *code.as_bytes() {
            [first, second] if first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric() => [first, second],
            [_, _] => {
                return Err(Failure::usage(format!(
                    "--arc `{code}` is no response code: two letters or digits, or hex"
                )));
            }
            _ => array_of("arc", code)?,
        },
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
