//! Account numbers in what people and programs wrote: the inputs of a case, and prose.

use std::borrow::Cow;

use crate::{
    bytes::Hex,
    data::{dictionary as tags, text::HexText},
    report::{Mask, mask::is_secret},
    tlv::Tag,
};

/// Lengths of account numbers, in digits, that are known by nothing but their length (ISO/IEC 7812-1 allows fewer).
const DIGITS: core::ops::RangeInclusive<usize> = 13..=19;
/// The exception file of a terminal profile.
const EXCEPTIONS: &str = "exceptions";
/// Values from this length on may hold more than a number or a code.
const LONG: usize = 10;

/// Remembers what the inputs of a tap hold.
pub(super) fn learn_input(mask: &mut Mask, text: &str) {
    for (key, value) in values(text) {
        match Meant::by(key, value) {
            Meant::Nothing | Meant::Words => {}
            Meant::Account(digits) => learn_account(mask, digits),
            Meant::Object(tag, bytes) => mask.learn_object(tag, &bytes),
            Meant::Answer(bytes) => mask.learn_objects(&bytes),
        }
    }
}

/// Inputs that may be shown.
pub(super) fn hide_input(mask: &Mask, text: &str) -> String {
    let mut shown = text.to_owned();
    for (key, value) in values(text) {
        let hidden = match Meant::by(key, value) {
            Meant::Nothing | Meant::Account(_) => continue,
            Meant::Words => "*".repeat(value.chars().count()),
            Meant::Object(tag, bytes) => changed(&bytes, &mask.object(tag, &bytes)),
            Meant::Answer(bytes) => changed(&bytes, &mask.objects(&bytes)),
        };
        if !hidden.is_empty() {
            shown = shown.replace(value, &hidden);
        }
    }
    mask.text(&shown).into_owned()
}

/// Remembers the account numbers in a sentence: digits that stand alone, and those at the beginning of a track 2.
pub(super) fn learn_prose(mask: &mut Mask, text: &str) {
    let mut before = "";
    for word in words(text) {
        let (digits, rest) = split_digits(word);
        if DIGITS.contains(&digits.len()) && (rest.is_empty() || is_track_rest(rest)) && before != "seed" {
            learn_account(mask, digits);
        }
        before = word;
    }
}

/// A sentence without account numbers, and without what follows one in a track 2.
pub(super) fn hide_prose(mask: &Mask, text: &str) -> String {
    let masked = mask.text(text).into_owned();
    let mut tracks: Vec<(&str, String)> = Vec::new();
    for word in words(text) {
        let (digits, rest) = split_digits(word);
        if DIGITS.contains(&digits.len()) && is_track_rest(rest) {
            tracks.push((rest, format!("D{}", "F".repeat(rest.len().saturating_sub(1)))));
        }
    }
    tracks.into_iter().fold(masked, |text, (rest, hidden)| text.replace(rest, &hidden))
}

/// What a value is.
enum Meant<'a> {
    /// Nothing that has to go.
    Nothing,
    /// Words about a person.
    Words,
    /// The digits of an account number.
    Account(&'a str),
    /// A data object.
    Object(Tag, Vec<u8>),
    /// A template, as cards answer with.
    Answer(Vec<u8>),
}

impl<'a> Meant<'a> {
    fn by(key: &str, value: &'a str) -> Self {
        let number = value.split('/').next().unwrap_or_default();
        let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
        if key == EXCEPTIONS {
            return if is_number { Self::Account(number) } else { Self::Nothing };
        }
        if value.len() < LONG {
            return Self::Nothing;
        }
        let bytes = value.parse().map(|HexText(bytes)| bytes).ok();
        match (tag(key), bytes) {
            (Some(tag), Some(bytes)) => Self::Object(tag, bytes),
            (Some(tag), None) if is_secret(tag) => Self::Words,
            (Some(_), None) => Self::Nothing,
            (None, _) if is_number && DIGITS.contains(&number.len()) => Self::Account(number),
            (None, Some(bytes)) if is_track(value) => Self::Object(tags::TRACK_2_EQUIVALENT_DATA_57, bytes),
            (None, Some(bytes)) if matches!(bytes.first(), Some(0x70 | 0x77 | 0x6F)) => Self::Answer(bytes),
            _ => Self::Nothing,
        }
    }
}

/// The object that a key names, by tag or name.
fn tag(key: &str) -> Option<Tag> {
    key.parse().ok().or_else(|| tags::tag_called(key))
}

/// Every value with the key that it stands behind, of TOML as fragments of profiles are written; quotes taken off. The words of
/// a table that says how a value is written (`text`, `date`) belong to the key of the table.
fn values(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut table = "";
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']').rsplit('.').next().unwrap_or_default().trim_matches(['"', '\'']);
            continue;
        }
        line_values(line, table, &mut found);
    }
    found
}

fn line_values<'a>(line: &'a str, table: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    let (mut rest, mut key, mut word) = (line, "", "");
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let token = match first {
            '"' | '\'' => after.split_once(first).unwrap_or((after, "")),
            c if is_bare(c) => rest.split_at(rest.find(|c| !is_bare(c)).unwrap_or(rest.len())),
            c => {
                if c == '=' {
                    key = if matches!(word, "text" | "date") && !table.is_empty() { table } else { word };
                }
                rest = after;
                continue;
            }
        };
        (word, rest) = token;
        if !rest.trim_start().starts_with(['=', '.']) {
            found.push((key, word));
        }
    }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn learn_account(mask: &mut Mask, digits: &str) {
    let padded = if digits.len() % 2 == 1 { format!("{digits}F") } else { digits.to_owned() };
    mask.learn_object(tags::PAN_5A, &hex::decode(padded).unwrap_or_default());
}

/// As hex, if it changed.
fn changed(before: &[u8], after: &[u8]) -> String {
    if after == before { String::new() } else { Hex(after).to_string() }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

fn split_digits(word: &str) -> (&str, &str) {
    word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()))
}

/// Whether a value is a track 2, blanks between its parts or not.
fn is_track(value: &str) -> bool {
    let plain: Cow<'_, str> = if value.contains(' ') { value.replace(' ', "").into() } else { value.into() };
    let (digits, rest) = split_digits(&plain);
    (8..=19).contains(&digits.len()) && is_track_rest(rest)
}

/// Separator, expiry date and service code at least.
fn is_track_rest(rest: &str) -> bool {
    rest.len() >= 8 && rest.starts_with('D') && rest.bytes().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut mask = Mask::on();
        learn_input(&mut mask, text);
        hide_input(&mask, text)
    }

    #[test]
    fn the_accounts_of_an_exception_file_are_hidden() {
        let text = "exceptions = [\"5413330012345678\", \"40128888888818810/01\", \"401288888888188\"]\n";
        assert_eq!(shown(text), "exceptions = [\"541333******5678\", \"401288*******8810/01\", \"401288*****8188\"]\n");
    }

    #[test]
    fn what_a_card_is_given_is_hidden_like_what_it_answers() {
        let text = "[application.visa.data]\n57 = \"4761739001010010 D 3012 201 0000012300000 F\"\nPAN = \"4761739001010010\"\n\
                    9F26 = \"1122334455667788\"\n\n[application.visa.data.5F20]\ntext = \"DOE/JANE ANN\"\n";
        assert_eq!(
            shown(text),
            "[application.visa.data]\n57 = \"476173FFFFFF0010DFFFFFFFFFFFFFFFFFFFFF\"\nPAN = \"476173FFFFFF0010\"\n\
             9F26 = \"1122334455667788\"\n\n[application.visa.data.5F20]\ntext = \"************\"\n"
        );
    }

    #[test]
    fn raw_answers_and_inline_tables_are_looked_into() {
        assert_eq!(
            shown("{ answer = \"700A5A085413330012345678\", account = 5413330012345678, amount = \"000000001000\" }"),
            "{ answer = \"700A5A08541333FFFFFF5678\", account = 541333******5678, amount = \"000000001000\" }"
        );
        assert_eq!(shown("9F35 = 22, 9F02 = 000000001000"), "9F35 = 22, 9F02 = 000000001000");
    }

    #[test]
    fn prose_loses_numbers_and_tracks() {
        let text = "wrote `{\"57\":\"5413330012345678D25122010000012300000F\"}` for 5413330012345678";
        let mut mask = Mask::on();
        learn_prose(&mut mask, text);
        assert_eq!(
            hide_prose(&mask, text),
            "wrote `{\"57\":\"541333******5678DFFFFFFFFFFFFFFFFFFFFF\"}` for 541333******5678"
        );
    }
}
