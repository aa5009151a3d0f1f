//! A profile from what a card once answered: the objects, records and lists are the card's, the keys are test keys.

mod seen;
mod tables;

use super::{
    Card, Profile,
    profile::{Scheme, real_pans},
};
use crate::{bytes::Hex, data::dictionary::ISSUER_PUBLIC_KEY_CERTIFICATE_90, time::Micros};
use seen::Seen;

/// A profile, and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// `emvtap.card/1`.
    pub toml: String,
    /// What is not as it was on the card.
    pub notes: Vec<String>,
}

/// What a card was asked and what it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// All bytes of the command.
    pub command: Vec<u8>,
    /// All bytes of the response.
    pub response: Vec<u8>,
    /// The time that the card itself took, as far as anybody knows.
    pub took: Micros,
}

/// A variant of a built-in card, to be filled in by hand. `base`: that card.
pub fn scaffold(name: &str, extends: &str, base: &Profile) -> String {
    let application = base.applications.first();
    let (table, scheme) = application.map_or(("visa", Scheme::Visa), |first| (&first.name, first.scheme()));
    let examples = match scheme {
        Scheme::Visa => format!(
            "# \"9F6C\" = \"8000\"   # CTQ: online PIN required\n\n# [application.{table}.risk]\n# decision = \"offline\"\n"
        ),
        Scheme::Mastercard => format!(
            "# \"8E\" = \"00000000 00000000 4203 1F03\"   # CVM list: online PIN, none\n\n# [application.{table}.risk]\n\
             # decision = \"offline\"\n\n# [application.{table}.mchip]\n# device-verification = \"second-tap\"\n"
        ),
    };
    format!(
        "# What differs from {extends}; everything else is as it says.\nschema = \"emvtap.card/1\"\nextends = \"{extends}\"\n\
         title = {}\ndescription = \"\"\n\n[application.{table}.data]\n{examples}",
        quoted(name)
    )
}

/// Drafts a profile of all applications that gave processing options; of an application that was selected more than once,
/// its last state. A card has one personality, that of its first application with one: others of a scheme that has another
/// are left out, those of schemes that have none take it. The notes say which.
///
/// `exchanges`: in order. `any_pan`: also account numbers that are in no published test range.
///
/// # Errors
/// In words: no application was read, it is of no scheme there is a personality for, its account number may be real, or what it
/// showed makes no card.
pub fn from_exchanges(name: &str, exchanges: &[Exchanged], any_pan: bool) -> Result<Draft, String> {
    let all = Seen::all(exchanges);
    if all.is_empty() {
        let why = "no application was selected and answered GET PROCESSING OPTIONS";
        return Err(format!("{why}; `emvtap card read` sends it with --gpo"));
    }
    let Some(scheme) = all.iter().find_map(|seen| scheme(&seen.aid)) else {
        let aids: Vec<String> = all.iter().map(|seen| Hex(&seen.aid).to_string()).collect();
        let known = "only Visa (A000000003) and Mastercard (A000000004) so far";
        return Err(format!("there is no personality for cards of {}; {known}", aids.join(", ")));
    };
    let (drawn, left): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|seen| self::scheme(&seen.aid).is_none_or(|own| own == scheme));
    let real = drawn.iter().any(|seen| real_pans(scheme, &seen.values).next().is_some());
    if real && !any_pan {
        return Err("the account number is in no published test range: this may be somebody's card".to_owned());
    }
    let mut notes = notes(&drawn, scheme);
    notes.extend(left.iter().map(|seen| {
        let aid = Hex(&seen.aid);
        format!("left out: application {aid}, whose scheme has another personality; a profile has one")
    }));
    let mut drawn = drawn;
    if issue(&toml(name, &drawn, scheme, real)).is_err() {
        // The likely cause: the test keys are longer than the card's, and a record overflows.
        drawn.iter_mut().for_each(Seen::set_certificates_apart);
        notes.push("certificates of test keys are longer than the card's: they have records of their own".to_owned());
    }
    let toml = toml(name, &drawn, scheme, real);
    issue(&toml).map(|()| Draft { toml, notes })
}

/// Whether a profile can be issued.
fn issue(toml: &str) -> Result<(), String> {
    let profile = Profile::parse("draft", toml, &|_| None).map_err(|problem| problem.message)?;
    Card::new(&profile, 0).map(|_| ()).map_err(|problem| problem.message)
}

/// Whose personality an application has, by the first five bytes of its AID.
fn scheme(aid: &[u8]) -> Option<Scheme> {
    match aid {
        [0xA0, 0x00, 0x00, 0x00, 0x03, ..] => Some(Scheme::Visa),
        [0xA0, 0x00, 0x00, 0x00, 0x04, ..] => Some(Scheme::Mastercard),
        _ => None,
    }
}

fn toml(name: &str, drawn: &[Seen], scheme: Scheme, real: bool) -> String {
    let word = tables::word(scheme);
    let mut text = format!(
        "# Drafted from a recording. Objects, records and lists are the card's; keys are test keys.\n\
         schema = \"emvtap.card/1\"\ntitle = {}\ndescription = \"drafted from a recording; test keys\"\nscheme = \"{word}\"\n",
        quoted(name)
    );
    if real {
        text.push_str("allow_any_pan = true\n");
    }
    for (seen, number) in drawn.iter().zip(1..) {
        let table = if number == 1 { word.to_owned() } else { format!("{word}-{number}") };
        text.push_str(&tables::application(seen, scheme, &table));
    }
    text
}

fn notes(drawn: &[Seen], scheme: Scheme) -> Vec<String> {
    let mut notes = vec![
        "keys are test keys: the card's own are unknown, so certificates, signatures and cryptograms are made anew"
            .to_owned(),
    ];
    if drawn.iter().any(|seen| seen.values.contains_key(&ISSUER_PUBLIC_KEY_CERTIFICATE_90)) {
        notes.push("certificates are of the emvtap test CA E1: a terminal needs the CA keys `emvtap-test`".to_owned());
    }
    for seen in drawn {
        let aid = Hex(&seen.aid);
        let unread = seen.unread();
        if !unread.is_empty() {
            notes
                .push(format!("left out: records {} of {aid}, which the AFL lists and nobody read", unread.join(", ")));
        }
        if self::scheme(&seen.aid).is_none() {
            let word = tables::word(scheme);
            notes.push(format!("application {aid} has no personality of its own here and speaks like one of {word}"));
        }
        if seen.relay.is_some() {
            notes.push("relay resistance: the times that the card signs are taken to be those that it told".to_owned());
        }
    }
    notes
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
