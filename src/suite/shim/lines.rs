//! Messages and the lines that they are written in.

use std::time::Duration;

use super::{
    message::{FromSubject, ToSubject},
    process::{Process, Silence},
    words,
};
use crate::suite::child;

/// What a subject says between two taps: whether that was `done`, which is welcome where an Outcome has ended the tap. The error is a
/// message that belongs to no tap.
pub(super) fn after_the_end(process: &mut Process, patience: Duration) -> Result<bool, String> {
    let mut said_done = false;
    while let Some(line) = process.waiting(patience) {
        let line = line.map_err(|silence| silence.ended("the tap").why().to_owned())?;
        match parse(&line) {
            Ok(FromSubject::Done { .. }) if !said_done => said_done = true,
            Ok(FromSubject::Log { .. } | FromSubject::Hello { .. }) => {}
            Ok(_) | Err(_) => return Err(format!("`{}`", words::shortened(&line))),
        }
    }
    Ok(said_done)
}

/// A message as a line.
pub(super) fn line(message: &ToSubject) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// A message from a line.
pub(super) fn parse(line: &str) -> Result<FromSubject, Silence> {
    let message = serde_json::from_str(line).map(without_nulls);
    message.and_then(serde_json::from_value).map_err(|error| {
        let error = child::printable(&error.to_string());
        let why = match line.trim_start().starts_with('{') {
            true => error.split(" at line ").next().unwrap_or_default(),
            // Words of a program that has not begun to write one.
            false => "stdout is for messages alone; what is for people belongs on stderr, or in a `log` message",
        };
        Silence::Nonsense(format!("`{}`, which is no message ({why}),", words::shortened(line)))
    })
}

/// What is null might as well be absent; and no text is more than text.
fn without_nulls(mut message: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = message.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(only_text);
    }
    message
}

fn only_text(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = child::printable(text),
        serde_json::Value::Array(values) => values.iter_mut().for_each(only_text),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(only_text),
        _ => {}
    }
}
