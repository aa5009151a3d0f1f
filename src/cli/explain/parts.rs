//! The parts of values that are more than bits: lists, fields, what the schemes put into 9F10.

use crate::{
    bytes::Hex,
    data::{
        Scope,
        decode::{Detail, State, decode_value},
        dictionary::Row,
    },
};

/// A part: where it stands, its bytes, what it says.
#[derive(PartialEq)]
struct Part {
    place: String,
    value: String,
    words: String,
}

/// What a value consists of.
pub(super) fn of_value(row: &'static Row, scope: Option<Scope>, value: &[u8]) -> Vec<Vec<String>> {
    parts(row, scope, value).into_iter().map(|part| vec![part.place, part.value, part.words]).collect()
}

/// The parts that two values do not have in common.
pub(super) fn differences(row: &'static Row, scope: Option<Scope>, first: &[u8], second: &[u8]) -> Vec<Vec<String>> {
    let (before, after) = (parts(row, scope, first), parts(row, scope, second));
    let at = |parts: &[Part], place: &str| parts.iter().position(|part| part.place == place);
    let mut rows = Vec::new();
    for part in before.iter().filter(|part| !after.contains(part)) {
        rows.push(match at(&after, &part.place).and_then(|at| after.get(at)) {
            Some(other) => vec![
                part.place.clone(),
                change(&part.value, &other.value),
                if part.words == other.words { part.words.clone() } else { change(&part.words, &other.words) },
            ],
            None => vec![part.place.clone(), "first only".to_owned(), part.words.clone()],
        });
    }
    let new = after.iter().filter(|part| at(&before, &part.place).is_none());
    rows.extend(new.map(|part| vec![part.place.clone(), "second only".to_owned(), part.words.clone()]));
    rows
}

fn change(before: &str, after: &str) -> String {
    if before.is_empty() && after.is_empty() { String::new() } else { format!("{before} → {after}") }
}

fn parts(row: &'static Row, scope: Option<Scope>, value: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    if !row.sensitive {
        let mut node = decode_value(row.tag, value, scope);
        node.row = Some(row);
        collect(&mut parts, "", node.details());
    }
    parts
}

fn collect(parts: &mut Vec<Part>, around: &str, details: Vec<Detail>) {
    for detail in details.into_iter().filter(|detail| !matches!(detail.state, State::Unset | State::ReservedUnset)) {
        let own = detail.place.to_string();
        let place = [around, &own].into_iter().filter(|place| !place.is_empty()).collect::<Vec<_>>().join(": ");
        parts.push(Part { place: place.clone(), value: Hex(&detail.value).to_string(), words: detail.words });
        collect(parts, &place, detail.inside);
    }
}
