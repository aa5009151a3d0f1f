//! JSON that has commands and responses side by side, whoever wrote it: the `exchanges` of `emvtap.tap/1`, the lines of
//! `card serve --log`, lists that apps keep of what they sent.

use serde_json::{Map, Value};

use super::{Dump, Exchange, Style, hexadecimal, is_command, is_response, status};

/// Names under which programs keep a command, and a response.
const COMMANDS: [&str; 11] =
    ["command", "cmd", "capdu", "c-apdu", "c_apdu", "commandapdu", "apdu", "request", "req", "sent", "tx"];
const RESPONSES: [&str; 11] =
    ["response", "resp", "res", "rapdu", "r-apdu", "r_apdu", "responseapdu", "reply", "received", "recv", "rx"];

/// Names under which programs keep data that have their status word beside them, and that word: as a whole, and in two halves.
const DATA: [&str; 3] = ["data", "responsedata", "response_data"];
const STATUS: [&str; 7] = ["sw", "status", "statusword", "status_word", "sw1sw2", "sw12", "sw1_sw2"];
const HALVES: [[&str; 1]; 2] = [["sw1"], ["sw2"]];

/// Reads JSON, or a line of it after the other.
pub(super) fn parse(text: &str) -> Option<Dump> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (mut exchanges, mut problems, mut masked) = (Vec::new(), Vec::new(), false);
    match serde_json::from_str::<Value>(text) {
        Ok(whole) => collect(&whole, 1, &mut exchanges, &mut masked),
        Err(_) => {
            for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
                match serde_json::from_str::<Value>(text) {
                    Ok(value) => collect(&value, line, &mut exchanges, &mut masked),
                    Err(_) => problems.push((line, "no JSON".to_owned())),
                }
            }
        }
    }
    (!exchanges.is_empty()).then_some(Dump { style: Style::Json, masked, exchanges, problems })
}

/// Every object that has a command and a response, in the order of the text.
fn collect(value: &Value, line: usize, exchanges: &mut Vec<Exchange>, masked: &mut bool) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, line, exchanges, masked)),
        Value::Object(object) => {
            *masked |= object.get("masked") == Some(&Value::Bool(true));
            let command = bytes(object, &COMMANDS).filter(|bytes| is_command(bytes));
            let response = response(object);
            if command.is_some() && !is_for_the_reader(object) {
                exchanges.push(Exchange { line, command, response });
                return;
            }
            object.values().for_each(|value| collect(value, line, exchanges, masked));
        }
        _ => {}
    }
}

/// The answer, with a status word that stands beside its data.
fn response(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let status = status(object).filter(|status| status.len() == 2 && is_response(status));
    match (bytes(object, &RESPONSES), status) {
        (Some(data), Some(status)) if status::is_missing(&data) => Some([data, status].concat()),
        (Some(whole), _) => Some(whole).filter(|bytes| is_response(bytes) || status::is_object(bytes)),
        (None, Some(status)) => Some([bytes(object, &DATA).unwrap_or_default(), status].concat()),
        (None, None) => None,
    }
}

fn status(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let halves = || {
        let [first, second] = HALVES.map(|name| number(value(object, &name)?, 2));
        Some([first?, second?].concat())
    };
    value(object, &STATUS).and_then(|value| number(value, 4)).or_else(halves)
}

/// So many hex digits, or a number as JSON writes it.
fn number(value: &Value, digits: usize) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => hexadecimal(text).ok(),
        Value::Number(number) => hex::decode(format!("{:0digits$X}", number.as_u64()?)).ok(),
        _ => None,
    }
}

/// What a virtual reader answered itself never reached the card.
fn is_for_the_reader(object: &Map<String, Value>) -> bool {
    object.get("event").and_then(Value::as_str) == Some("reader")
}

fn bytes(object: &Map<String, Value>, names: &[&str]) -> Option<Vec<u8>> {
    hexadecimal(value(object, names)?.as_str()?).ok()
}

fn value<'a>(object: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    object.iter().find(|(name, _)| names.contains(&name.to_ascii_lowercase().as_str())).map(|(_, value)| value)
}
