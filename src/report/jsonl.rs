//! A transaction as JSON Lines: schema `emvtap.recording/1`. A header, then every event with its time in microseconds
//! since the start. It is the event stream itself; every line is written as soon as its event has happened.

use core::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Mask, recording::Header};
use crate::{
    bytes::Hex,
    host,
    kernel::{
        event::{Event, Sink},
        outcome::{Outcome, Start, UiRequest},
    },
    time::Micros,
};

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.recording/1";

/// Writes the event stream down.
#[derive(Debug)]
pub struct Recording {
    mask: Mask,
    text: String,
}

impl Recording {
    /// A recording with its header.
    pub fn with_header(mask: Mask, header: &Header) -> Self {
        let header = serde_json::to_string(header).unwrap_or_default();
        Self { mask, text: format!("{header}\n") }
    }

    /// The last line: a recording without it is incomplete. `disposition`: the final word after the host; `stopped`: why the
    /// transaction ended early, if it did.
    pub fn end(&mut self, at: Micros, disposition: &str, stopped: Option<&str>) {
        let (disposition, stopped) = (json!(disposition), json!(stopped));
        let fields = format!("\"event\":\"end\",\"disposition\":{disposition},\"stopped\":{stopped}");
        self.text.push_str(&format!("{{\"us\":{},{fields}}}\n", at.0));
    }

    /// The lines that have come together since the last call.
    pub fn take(&mut self) -> String {
        core::mem::take(&mut self.text)
    }
}

impl Sink for Recording {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        // Most lines are shorter: they are taken one by one, and would grow from nothing.
        self.text.reserve(256);
        let (name, fields) = self.fields(event);
        self.add(format_args!("{{\"us\":{},\"event\":\"{name}\"", at.0));
        for (name, value) in fields {
            self.text.extend([",\"", name, "\":"]);
            self.value(&value);
        }
        self.text.push_str("}\n");
    }
}

/// A value of a field.
#[derive(Debug)]
enum Field<'a> {
    Text(&'a str),
    Sentence(String),
    Bytes(Vec<u8>),
    Number(u64),
    Truth(bool),
    /// Anything else.
    Json(Value),
}

type Fields<'a> = Vec<(&'static str, Field<'a>)>;

impl Recording {
    fn add(&mut self, words: core::fmt::Arguments<'_>) {
        // A string takes everything.
        let _ = self.text.write_fmt(words);
    }

    fn value(&mut self, value: &Field<'_>) {
        match value {
            Field::Text(text) => self.quote(text),
            Field::Sentence(text) => self.quote(text),
            Field::Bytes(bytes) => self.add(format_args!("\"{}\"", Hex(bytes))),
            Field::Number(number) => self.add(format_args!("{number}")),
            Field::Truth(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Field::Json(value) => self.add(format_args!("{value}")),
        }
    }

    fn quote(&mut self, text: &str) {
        if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.add(format_args!("{}", json!(text)));
        } else {
            self.text.extend(["\"", text, "\""]);
        }
    }

    /// A sentence without what is to be hidden.
    fn sentence(&self, words: String) -> Field<'static> {
        Field::Sentence(if self.mask.is_on() { self.mask.text(&words) } else { words })
    }
}

impl Recording {
    /// The name of an event and what belongs to it.
    fn fields<'a>(&mut self, event: &Event<'a>) -> (&'static str, Fields<'a>) {
        use Field::{Bytes, Json, Number, Text, Truth};
        match event {
            Event::FieldOn => ("field-on", vec![]),
            Event::FieldOff { hold } => ("field-off", vec![("hold_ms", Json(json!(hold.map(milliseconds))))]),
            Event::CardPresent => ("card-present", vec![]),
            Event::Command { name, bytes } => {
                ("command", vec![("name", Text(name)), ("bytes", Bytes(self.mask.bytes(bytes)))])
            }
            Event::Response { bytes, elapsed } => {
                self.mask.learn(bytes);
                ("response", vec![("bytes", Bytes(self.mask.response(bytes))), ("elapsed_us", Number(elapsed.0))])
            }
            Event::LinkFault(fault) => {
                ("link-fault", vec![("fault", Field::Sentence(format!("{fault:?}").to_lowercase()))])
            }
            Event::EntryPoint { start, restart } => {
                ("entry-point", vec![("start", Text(start.name())), ("restart", Truth(*restart))])
            }
            Event::Candidate { adf_name, aid, kernel, priority } => (
                "candidate",
                vec![
                    ("adf_name", Bytes(adf_name.to_vec())),
                    ("aid", Bytes(aid.to_vec())),
                    ("kernel", Bytes(kernel.to_vec())),
                    ("priority", Number((*priority).into())),
                ],
            ),
            Event::KernelActivated { adf_name, aid, kernel, start, restart, select_status } => (
                "kernel-activated",
                vec![
                    ("adf_name", Bytes(adf_name.to_vec())),
                    ("aid", Bytes(aid.to_vec())),
                    ("kernel", Bytes(kernel.to_vec())),
                    ("start", Text(start.name())),
                    ("restart", Truth(*restart)),
                    ("select_status", Json(json!(select_status.map(|status| status.to_string())))),
                ],
            ),
            Event::State { book, name } => ("state", vec![("book", Text(book)), ("name", Text(name))]),
            Event::Rule { book, rule, note } => {
                let note = self.sentence(note.to_string());
                ("rule", vec![("book", Text(book)), ("rule", Text(rule)), ("note", note)])
            }
            Event::Data { tag, value, source } => {
                self.mask.learn_object(*tag, value);
                let value = Bytes(self.mask.object(*tag, value));
                let tag = Field::Sentence(tag.to_string());
                ("data", vec![("tag", tag), ("value", value), ("source", Text(source.name()))])
            }
            Event::Oda { method, failure } => {
                let failure = failure.as_ref().map(|why| self.sentence(why.to_string()));
                ("oda", vec![("method", Text(method)), ("failure", failure.unwrap_or(Json(Value::Null)))])
            }
            Event::Ui(request) => ("ui", json(ui(request))),
            Event::Outcome { outcome, is_final } => ("outcome", json(self.outcome(outcome, *is_final))),
            Event::Host { answer } => (
                "host",
                json(vec![
                    ("response_code", json!(answer.response_code.map(|code| host::response_code(&code)))),
                    ("arqc", json!(answer.cryptogram.map(|check| check.name()))),
                    ("cryptogram_version", json!(answer.cryptogram_version)),
                    ("arpc", answer.arpc.map_or(Value::Null, hex)),
                    ("authentication_data", answer.authentication_data.map_or(Value::Null, hex)),
                    ("scripts", hex(answer.scripts)),
                    ("note", json!(self.mask.text(answer.note))),
                    ("elapsed_us", json!(answer.elapsed.0)),
                ]),
            ),
        }
    }

    fn outcome(&mut self, outcome: &Outcome, is_final: bool) -> Vec<(&'static str, Value)> {
        let mut data = |data: &Option<Vec<u8>>| match data {
            None => Value::Null,
            Some(data) => {
                let whole = [data, &[0x90, 0x00][..]].concat();
                self.mask.learn(&whole);
                hex(self.mask.response(&whole).get(..data.len()).unwrap_or_default())
            }
        };
        let (data_record, discretionary_data) = (data(&outcome.data_record), data(&outcome.discretionary_data));
        let request = |request: &Option<UiRequest>| match request {
            None => Value::Null,
            Some(request) => Value::Object(Map::from_iter(ui(request).into_iter().map(|(k, v)| (k.to_owned(), v)))),
        };
        vec![
            ("final", json!(is_final)),
            ("result", json!(outcome.result.name())),
            ("start", json!(outcome.start.map(Start::name))),
            ("online_response_data", json!(outcome.online_response_data.name())),
            ("cvm", json!(outcome.cvm.name())),
            ("ui_on_outcome", request(&outcome.ui_on_outcome)),
            ("ui_on_restart", request(&outcome.ui_on_restart)),
            ("data_record", data_record),
            ("discretionary_data", discretionary_data),
            ("alternate_interface", json!(outcome.alternate_interface.map(|interface| interface.name()))),
            ("receipt", json!(outcome.receipt)),
            ("field_off_ms", json!(outcome.field_off.map(milliseconds))),
            ("removal_timeout_ms", json!(milliseconds(outcome.removal_timeout))),
        ]
    }
}

fn ui(request: &UiRequest) -> Vec<(&'static str, Value)> {
    vec![
        ("message", json!(request.message.map(|message| message.to_string()))),
        ("text", json!(request.message.and_then(|message| message.text()))),
        ("status", json!(request.status.map(|status| status.name()))),
        ("hold_ms", json!(milliseconds(request.hold))),
        ("language", json!(request.language.map(|language| format!("{language:?}")))),
        (
            "value",
            request.value.map_or(Value::Null, |value| {
                json!({ "qualifier": format!("{:?}", value.qualifier).to_lowercase(),
                        "value": Hex(&value.value).to_string(), "currency": Hex(&value.currency).to_string() })
            }),
        ),
    ]
}

fn json<'a>(fields: Vec<(&'static str, Value)>) -> Fields<'a> {
    fields.into_iter().map(|(name, value)| (name, Field::Json(value))).collect()
}

fn hex(bytes: &[u8]) -> Value {
    Value::from(Hex(bytes).to_string())
}

fn milliseconds(units: u16) -> u32 {
    u32::from(units) * 100
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::story;

    #[test]
    fn a_header_then_one_event_a_line_with_its_time() {
        let mut recording = Recording::with_header(Mask::on(), &Header { masked: true, ..story::header() });
        story::approved_online(&mut recording);
        recording.end(Micros(1300), "approved", None);
        let text = recording.take();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(text.starts_with("{\"schema\":\"emvtap.recording/1\",\"amount\":\"12.50\","), "{text}");
        assert_eq!(lines[0]["masked"], true);
        assert_eq!(lines[1], json!({ "us": 0, "event": "entry-point", "start": "A", "restart": false }));
        assert!(lines.iter().skip(1).all(|line| line["us"].is_u64() && line["event"].is_string()));
        assert!(lines.iter().any(|line| line["event"] == "host" && line["cryptogram_version"] == "CVN 18"));
        let last = json!({ "us": 1300, "event": "end", "disposition": "approved", "stopped": null });
        assert_eq!(lines.last(), Some(&last));
        assert!(!text.contains(story::PAN), "{text}");
        assert_eq!(recording.take(), "", "what was taken is not given again");
    }
}
