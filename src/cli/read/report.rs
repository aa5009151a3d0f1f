//! What was read, for people and programs; masked, so that it can go into a ticket.

use serde_json::json;

use super::{
    authenticity::{Check, checks},
    look::{Exchange, Given, Look},
};
use crate::{
    apdu::StatusWord,
    bytes::Hex,
    report::{
        Mask, Paint,
        decode::{Conversation, Kind, Options, Page},
    },
};

/// For people.
pub fn text(about: &[(&str, String)], look: &Look, given: &Given<'_>, mut mask: Mask) -> String {
    learn(look, &mut mask);
    let mut conversation = Conversation::new(&Options { unmasked: !mask.is_on(), ..Options::default() }, false);
    all(look).for_each(|exchange| conversation.learn(&exchange.response));
    let mut text: String = about.iter().map(|(what, value)| format!("{what:<8}{value}\n")).collect();
    text.extend(look.directory.iter().chain(&look.others).map(|exchange| told(exchange, &mut conversation)));
    for application in &look.applications {
        text.push_str(&format!("\napplication {}\n", Hex(application.aid.bytes())));
        text.extend(application.exchanges.iter().map(|exchange| told(exchange, &mut conversation)));
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
    all(look).for_each(|exchange| mask.learn(&exchange.response));
}

fn all(look: &Look) -> impl Iterator<Item = &Exchange> {
    let applications = look.applications.iter().flat_map(|application| &application.exchanges);
    applications.chain(&look.directory).chain(&look.others)
}

/// How wide an explanation is, before it is indented.
const WIDTH: usize = 96;

/// An exchange with what `decode` says of the answer.
fn told(exchange: &Exchange, conversation: &mut Conversation) -> String {
    let status = exchange.parsed().status;
    let words = status.meaning().map_or("", |meaning| meaning.words);
    let mut document = conversation.exchange(&exchange.command, Some(&exchange.response));
    let answers = document.entries.into_iter().filter(|entry| entry.kind == Kind::Response);
    // The status word stands in the heading.
    document.entries = answers.flat_map(|answer| answer.children).filter(|entry| entry.kind != Kind::Status).collect();
    let tree = document.text(Page { width: WIDTH, paint: Paint::Plain, everything: false });
    let tree: String = tree.lines().map(|line| format!("    {line}\n")).collect();
    format!("  {}  {status}  {words}\n{tree}", exchange.name)
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
