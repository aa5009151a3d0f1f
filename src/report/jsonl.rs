//! A transaction as JSON Lines: schema `emvtap.recording/1`. A header, then every event with its time in microseconds
//! since the start. It is the event stream itself; every line is written as soon as its event has happened.

use serde_json::{Map, Value, json};

use super::{Mask, recording::Header, tap_json};
use crate::{
    bytes::Hex,
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
        let (name, fields) = self.fields(event);
        let mut line = format!("{{\"us\":{},\"event\":\"{name}\"", at.0);
        for (name, value) in fields {
            line.push_str(&format!(",\"{name}\":{value}"));
        }
        line.push_str("}\n");
        self.text.push_str(&line);
    }
}

type Fields = Vec<(&'static str, Value)>;

impl Recording {
    /// The name of an event and what belongs to it.
    fn fields(&mut self, event: &Event<'_>) -> (&'static str, Fields) {
        match event {
            Event::FieldOn => ("field-on", vec![]),
            Event::FieldOff { hold } => ("field-off", vec![("hold_ms", json!(hold.map(milliseconds)))]),
            Event::CardPresent => ("card-present", vec![]),
            Event::Command { name, bytes } => {
                ("command", vec![("name", json!(name)), ("bytes", hex(&self.mask.bytes(bytes)))])
            }
            Event::Response { bytes, elapsed } => {
                self.mask.learn(bytes);
                ("response", vec![("bytes", hex(&self.mask.response(bytes))), ("elapsed_us", json!(elapsed.0))])
            }
            Event::LinkFault(fault) => ("link-fault", vec![("fault", json!(format!("{fault:?}").to_lowercase()))]),
            Event::EntryPoint { start, restart } => {
                ("entry-point", vec![("start", json!(start.name())), ("restart", json!(restart))])
            }
            Event::Candidate { adf_name, aid, kernel, priority } => (
                "candidate",
                vec![
                    ("adf_name", hex(adf_name)),
                    ("aid", hex(aid)),
                    ("kernel", hex(kernel)),
                    ("priority", json!(priority)),
                ],
            ),
            Event::KernelActivated { adf_name, aid, kernel, start, restart, select_status } => (
                "kernel-activated",
                vec![
                    ("adf_name", hex(adf_name)),
                    ("aid", hex(aid)),
                    ("kernel", hex(kernel)),
                    ("start", json!(start.name())),
                    ("restart", json!(restart)),
                    ("select_status", json!(select_status.map(|status| status.to_string()))),
                ],
            ),
            Event::State { book, name } => ("state", vec![("book", json!(book)), ("name", json!(name))]),
            Event::Rule { book, rule, note } => {
                let note = self.mask.text(&note.to_string());
                ("rule", vec![("book", json!(book)), ("rule", json!(rule)), ("note", json!(note))])
            }
            Event::Data { tag, value, source } => {
                self.mask.learn_object(*tag, value);
                let value = hex(&self.mask.object(*tag, value));
                let source = format!("{source:?}").to_lowercase();
                ("data", vec![("tag", json!(tag.to_string())), ("value", value), ("source", json!(source))])
            }
            Event::Oda { method, failure } => {
                let failure = failure.as_ref().map(|why| self.mask.text(&why.to_string()));
                ("oda", vec![("method", json!(method)), ("failure", json!(failure))])
            }
            Event::Ui(request) => ("ui", ui(request)),
            Event::Outcome { outcome, is_final } => ("outcome", self.outcome(outcome, *is_final)),
            Event::Host { answer } => (
                "host",
                vec![
                    ("response_code", json!(answer.response_code.map(|code| tap_json::response_code(&code)))),
                    ("arqc", json!(answer.cryptogram.map(|check| check.name()))),
                    ("cryptogram_version", json!(answer.cryptogram_version)),
                    ("arpc", answer.arpc.map_or(Value::Null, hex)),
                    ("authentication_data", answer.authentication_data.map_or(Value::Null, hex)),
                    ("scripts", hex(answer.scripts)),
                    ("note", json!(self.mask.text(answer.note))),
                    ("elapsed_us", json!(answer.elapsed.0)),
                ],
            ),
        }
    }

    fn outcome(&mut self, outcome: &Outcome, is_final: bool) -> Fields {
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

fn ui(request: &UiRequest) -> Fields {
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
