//! What was read, for people and programs; masked, so that it can go into a ticket.

use serde_json::json;

use super::{
    authenticity::{Check, checks},
    look::{Exchange, Given, Look},
};
use crate::{
    apdu::StatusWord,
    bytes::Hex,
    data::{
        decode::{Masking, decode},
        dictionary::gives_pan_away,
    },
    report::Mask,
    tlv::{self, Budget},
};

/// For people.
pub fn text(about: &[(&str, String)], look: &Look, given: &Given<'_>, mut mask: Mask) -> String {
    learn(look, &mut mask);
    let mut text: String = about.iter().map(|(what, value)| format!("{what:<8}{value}\n")).collect();
    text.extend(look.directory.iter().chain(&look.others).map(|exchange| told(exchange, &mask)));
    for application in &look.applications {
        text.push_str(&format!("\napplication {}\n", Hex(application.aid.bytes())));
        text.extend(application.exchanges.iter().map(|exchange| told(exchange, &mask)));
        let checks = checks(application, given);
        text.extend(checks.iter().map(|check| verdict(check, &mask)));
        let refused = application.exchanges.last().filter(|last| last.name.starts_with("READ RECORD"));
        if refused.is_some_and(|last| last.parsed().status == StatusWord(0x6985)) {
            text.push_str("  the card gives its records only after GET PROCESSING OPTIONS: --gpo\n");
        }
    }
    text
}

fn learn(look: &Look, mask: &mut Mask) {
    let all = look.applications.iter().flat_map(|application| &application.exchanges).chain(&look.directory);
    all.chain(&look.others).for_each(|exchange| mask.learn(&exchange.response));
}

fn told(exchange: &Exchange, mask: &Mask) -> String {
    let response = exchange.parsed();
    let words = response.status.meaning().map_or("", |meaning| meaning.words);
    let masking = if mask.is_on() { Masking::SensitiveAndUnknown } else { Masking::Off };
    let data = if mask.is_on() { without_signed(response.data) } else { response.data.to_vec() };
    let tree = if data.is_empty() { String::new() } else { decode(&data, None).display(masking).to_string() };
    let tree: String = tree.lines().map(|line| format!("    {}\n", mask.text(line))).collect();
    format!("  {}  {}  {words}\n{tree}", exchange.name, response.status)
}

/// Certificates of the card and its static signature give the PAN away to anybody who has the CA's public key.
fn without_signed(data: &[u8]) -> Vec<u8> {
    let mut masked = data.to_vec();
    for (_, object) in tlv::walk(data, Budget::default()).map_while(Result::ok) {
        let place = object.value_at..object.value_at + object.value.len();
        if gives_pan_away(object.tag)
            && let Some(place) = masked.get_mut(place)
        {
            place.fill(0xFF);
        }
    }
    masked
}

fn verdict(check: &Check, mask: &Mask) -> String {
    match &check.result {
        Ok(words) => format!("  {}  ok  {words}\n", check.what),
        Err(why) => format!("  {}  does not hold: {}\n", check.what, mask.text(why)),
    }
}

/// For programs (schema `emvtap.card-read/1`).
pub fn json(about: &[(&str, String)], look: &Look, given: &Given<'_>, mut mask: Mask) -> String {
    learn(look, &mut mask);
    let exchange = |exchange: &Exchange| {
        json!({
            "name": exchange.name,
            "command": Hex(&mask.bytes(&exchange.command)).to_string(),
            "response": Hex(&mask.response(&exchange.response)).to_string(),
        })
    };
    let applications = look.applications.iter().map(|application| {
        let checks = checks(application, given).into_iter().map(|check| match check.result {
            Ok(words) => json!({ "what": check.what, "result": "ok", "note": words }),
            Err(why) => json!({ "what": check.what, "result": "failed", "note": mask.text(&why) }),
        });
        json!({
            "aid": Hex(application.aid.bytes()).to_string(),
            "exchanges": application.exchanges.iter().map(exchange).collect::<Vec<_>>(),
            "authenticity": checks.collect::<Vec<_>>(),
        })
    });
    let about: serde_json::Map<_, _> = about.iter().map(|(what, value)| (what.to_lowercase(), json!(value))).collect();
    let whole = json!({
        "schema": "emvtap.card-read/1",
        "about": about,
        "directory": look.directory.as_ref().map(exchange),
        "others": look.others.iter().map(exchange).collect::<Vec<_>>(),
        "applications": applications.collect::<Vec<_>>(),
    });
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
}
