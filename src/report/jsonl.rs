//! A transaction as JSON Lines: schema `emvtap.recording/1`. A header, then every event with its time in microseconds
//! since the start. It is the event stream itself; every line is written as soon as its event has happened.

mod line;

use core::fmt::{self, Write as _};
use std::borrow::Cow;

use super::{Mask, recording::Header, tap_json};
use crate::{
    apdu::StatusWord,
    host,
    kernel::{
        event::{Event, HostSummary, Sink},
        outcome::{AlternateInterface, Language, MessageId, Outcome, Start, UiRequest, UiStatus, UiValue},
    },
    time::Micros,
    tlv::Tag,
};
use line::{Json, Object, object};

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.recording/1";

/// Writes the event stream down.
#[derive(Debug)]
pub struct Recording {
    mask: Mask,
    /// The lines that nobody has got yet, in UTF-8.
    text: Vec<u8>,
    /// The sentence that is being written, before anything in it is hidden.
    sentence: String,
}

impl Recording {
    /// A recording with its header.
    pub fn with_header(mask: Mask, header: &Header) -> Self {
        let header = serde_json::to_string(header).unwrap_or_default();
        Self { mask, text: format!("{header}\n").into_bytes(), sentence: String::new() }
    }

    /// The last line: a recording without it is incomplete. `disposition`: the final word after the host; `stopped`: why the
    /// transaction ended early, if it did.
    pub fn end(&mut self, at: Micros, disposition: &str, stopped: Option<&str>) {
        object(&mut self.text, |line| {
            line.field("us", at.0).field("event", "end").field("disposition", disposition).field("stopped", stopped);
        });
        self.text.push(b'\n');
    }

    /// Hands over the lines that have come together since the last call.
    pub fn hand_over<T>(&mut self, take: impl FnOnce(&str) -> T) -> T {
        let taken = take(core::str::from_utf8(&self.text).unwrap_or_default());
        self.text.clear();
        taken
    }
}

impl Sink for Recording {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        let Self { mask, text, sentence } = self;
        object(text, |line| fields(line.field("us", at.0), event, mask, sentence));
        text.push(b'\n');
    }
}

/// The name of an event, and what belongs to it.
fn fields(line: &mut Object<'_>, event: &Event<'_>, mask: &mut Mask, sentence: &mut String) {
    match *event {
        Event::FieldOn => line.field("event", "field-on"),
        Event::FieldOff { hold } => line.field("event", "field-off").field("hold_ms", hold.map(milliseconds)),
        Event::CardPresent => line.field("event", "card-present"),
        Event::Command { name, bytes } => {
            line.field("event", "command").field("name", name).field("bytes", mask.bytes(bytes))
        }
        Event::Response { bytes, elapsed } => {
            mask.learn(bytes);
            line.field("event", "response").field("bytes", mask.response(bytes)).field("elapsed_us", elapsed.0)
        }
        Event::LinkFault(fault) => {
            let fault = format!("{fault:?}").to_lowercase();
            line.field("event", "link-fault").field("fault", fault.as_str())
        }
        Event::EntryPoint { start, restart } => {
            line.field("event", "entry-point").field("start", start.name()).field("restart", restart)
        }
        Event::Candidate { adf_name, aid, kernel, priority } => line
            .field("event", "candidate")
            .field("adf_name", adf_name)
            .field("aid", aid)
            .field("kernel", kernel)
            .field("priority", u64::from(priority)),
        Event::KernelActivated { adf_name, aid, kernel, start, restart, select_status } => line
            .field("event", "kernel-activated")
            .field("adf_name", adf_name)
            .field("aid", aid)
            .field("kernel", kernel)
            .field("start", start.name())
            .field("restart", restart)
            .field("select_status", select_status),
        Event::State { book, name } => line.field("event", "state").field("book", book).field("name", name),
        Event::Rule { book, rule, note } => {
            let note = masked(mask, sentence, note);
            line.field("event", "rule").field("book", book).field("rule", rule).field("note", note)
        }
        Event::Data { tag, value, source } => {
            mask.learn_object(tag, value);
            let value = mask.object(tag, value);
            line.field("event", "data").field("tag", tag).field("value", value).field("source", source.name())
        }
        Event::Oda { method, failure } => {
            let failure = failure.map(|why| masked(mask, sentence, why));
            line.field("event", "oda").field("method", method).field("failure", failure)
        }
        Event::Ui(request) => ui(line.field("event", "ui"), request),
        Event::Outcome { outcome, is_final } => {
            self::outcome(line.field("event", "outcome").field("final", is_final), outcome, mask)
        }
        Event::Host { answer } => issuer(line.field("event", "host"), answer, mask),
    };
}

fn ui<'a, 'b>(line: &'a mut Object<'b>, request: &UiRequest) -> &'a mut Object<'b> {
    line.field("message", request.message)
        .field("text", request.message.and_then(MessageId::text))
        .field("status", request.status.map(UiStatus::name))
        .field("hold_ms", milliseconds(request.hold))
        .field("language", request.language)
        .field("value", request.value)
}

fn outcome<'a, 'b>(line: &'a mut Object<'b>, outcome: &Outcome, mask: &mut Mask) -> &'a mut Object<'b> {
    line.field("result", outcome.result.name())
        .field("start", outcome.start.map(Start::name))
        .field("online_response_data", outcome.online_response_data.name())
        .field("cvm", outcome.cvm.name())
        .field("ui_on_outcome", outcome.ui_on_outcome)
        .field("ui_on_restart", outcome.ui_on_restart)
        .field("data_record", objects(mask, outcome.data_record.as_deref()))
        .field("discretionary_data", objects(mask, outcome.discretionary_data.as_deref()))
        .field("alternate_interface", outcome.alternate_interface.map(AlternateInterface::name))
        .field("receipt", outcome.receipt)
        .field("field_off_ms", outcome.field_off.map(milliseconds))
        .field("removal_timeout_ms", milliseconds(outcome.removal_timeout))
}

fn issuer<'a, 'b>(line: &'a mut Object<'b>, answer: &HostSummary<'_>, mask: &Mask) -> &'a mut Object<'b> {
    let response_code = answer.response_code.map(|code| host::response_code(&code));
    line.field("response_code", response_code.as_deref())
        .field("arqc", answer.cryptogram.map(|check| check.name()))
        .field("cryptogram_version", answer.cryptogram_version)
        .field("arpc", answer.arpc)
        .field("authentication_data", answer.authentication_data)
        .field("scripts", answer.scripts)
        .field("note", mask.text(answer.note))
        .field("elapsed_us", answer.elapsed.0)
}

/// A sentence without what is to be hidden. It is put together first: a piece of it may be half a name.
fn masked<'a>(mask: &Mask, sentence: &'a mut String, words: fmt::Arguments<'_>) -> Cow<'a, str> {
    sentence.clear();
    // A string takes everything.
    let _ = sentence.write_fmt(words);
    mask.text(sentence)
}

fn objects<'a>(mask: &mut Mask, data: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
    data.map(|data| {
        mask.learn_objects(data);
        mask.objects(data)
    })
}

fn milliseconds(units: u16) -> u64 {
    u64::from(units) * 100
}

impl Json for Tag {
    fn write(&self, text: &mut Vec<u8>) {
        let bytes = self.bytes();
        bytes.get(bytes.len() - self.len()..).write(text);
    }
}

impl Json for StatusWord {
    fn write(&self, text: &mut Vec<u8>) {
        self.0.to_be_bytes().as_slice().write(text);
    }
}

impl Json for MessageId {
    fn write(&self, text: &mut Vec<u8>) {
        [self.0].as_slice().write(text);
    }
}

impl Json for Language {
    fn write(&self, text: &mut Vec<u8>) {
        String::from_utf8_lossy(self.bytes()).write(text);
    }
}

/// As a part of another object: its fields stand in the order of their names, as they did in the first recordings.
impl Json for UiRequest {
    fn write(&self, text: &mut Vec<u8>) {
        object(text, |request| {
            request
                .field("hold_ms", milliseconds(self.hold))
                .field("language", self.language)
                .field("message", self.message)
                .field("status", self.status.map(UiStatus::name))
                .field("text", self.message.and_then(MessageId::text))
                .field("value", self.value);
        });
    }
}

impl Json for UiValue {
    fn write(&self, text: &mut Vec<u8>) {
        object(text, |value| {
            value
                .field("currency", self.currency.as_slice())
                .field("qualifier", tap_json::qualifier(self.qualifier))
                .field("value", self.value.as_slice());
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{apdu::LinkFault, data::Source, kernel::outcome::ValueQualifier, report::story};

    const NASTY: &str = "a \"quoted\" \\ word,\r\n\t\u{0}\u{1F}\u{7F} 12 €, \u{2028} 💳";

    /// The lines of some events.
    fn lines(mask: Mask, events: &[Event<'_>]) -> Vec<Value> {
        let mut recording = Recording::with_header(mask, &Header::default());
        recording.hand_over(|_| ());
        events.iter().for_each(|event| recording.event(Micros(7), event));
        recording.hand_over(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    #[test]
    fn a_header_then_one_event_a_line_with_its_time() {
        let mut recording = Recording::with_header(Mask::on(), &Header { masked: true, ..story::header() });
        story::approved_online(&mut recording);
        recording.end(Micros(1300), "approved", None);
        let text = recording.hand_over(str::to_owned);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(text.starts_with("{\"schema\":\"emvtap.recording/1\",\"amount\":\"12.50\","), "{text}");
        assert_eq!(lines[0]["masked"], true);
        assert_eq!(lines[1], json!({ "us": 0, "event": "entry-point", "start": "A", "restart": false }));
        assert!(lines.iter().skip(1).all(|line| line["us"].is_u64() && line["event"].is_string()));
        assert!(lines.iter().any(|line| line["event"] == "host" && line["cryptogram_version"] == "CVN 18"));
        let last = json!({ "us": 1300, "event": "end", "disposition": "approved", "stopped": null });
        assert_eq!(lines.last(), Some(&last));
        assert!(!text.contains(story::PAN), "{text}");
        assert_eq!(recording.hand_over(str::to_owned), "", "what was taken is not given again");
    }

    #[test]
    fn whatever_somebody_says_the_line_is_json() {
        let mut request = UiRequest::new(MessageId::PRESENT_CARD, UiStatus::Idle);
        request.language = Language::new(b"\"\\\n\xFF");
        let answer = HostSummary {
            response_code: Some(*b"\"\0"),
            cryptogram: None,
            cryptogram_version: Some(NASTY),
            arpc: None,
            authentication_data: None,
            scripts: &[],
            note: NASTY,
            elapsed: Micros(u64::MAX),
        };
        let found = lines(
            Mask::off(),
            &[
                Event::Rule { book: "2", rule: "1", note: format_args!("{NASTY}{}", NASTY) },
                Event::Oda { method: "cda", failure: Some(format_args!("{NASTY}")) },
                Event::Ui(&request),
                Event::Host { answer: &answer },
                Event::LinkFault(LinkFault::NoCard),
            ],
        );
        assert_eq!(found[0], json!({ "us": 7, "event": "rule", "book": "2", "rule": "1", "note": NASTY.repeat(2) }));
        assert_eq!(found[1]["failure"], NASTY);
        assert_eq!(found[2]["language"], "\"\\\n\u{FFFD}");
        assert_eq!((&found[3]["cryptogram_version"], &found[3]["note"]), (&json!(NASTY), &json!(NASTY)));
        assert_eq!((&found[3]["response_code"], &found[3]["elapsed_us"]), (&json!("2200"), &json!(u64::MAX)));
        assert_eq!(found[4]["fault"], "nocard");
    }

    #[test]
    fn a_name_that_needs_an_escape_is_hidden_all_the_same() {
        let name = Event::Data { tag: Tag::new(0x5F20), value: br#"O"NEIL/ANN"#, source: Source::Card };
        let note = Event::Rule { book: "2", rule: "1", note: format_args!("{} {}NEIL/ANN", "of", "O\"") };
        let found = lines(Mask::on(), &[name, note]);
        assert_eq!(found[0]["value"], "2A".repeat(10));
        assert_eq!(found[1]["note"], "of **********");
    }

    #[test]
    fn a_request_in_an_outcome_keeps_the_order_of_the_first_recordings() {
        let value =
            UiValue { qualifier: ValueQualifier::Balance, value: [0, 0, 0, 0, 0x12, 0x50], currency: [9, 0x78] };
        let mut request = UiRequest::new(MessageId::PRESENT_CARD, UiStatus::Idle).hold(3);
        request.value = Some(value);
        let mut text = Vec::new();
        request.write(&mut text);
        let text = String::from_utf8(text).unwrap();
        let value = r#"{"currency":"0978","qualifier":"balance","value":"000000001250"}"#;
        let text_of = r#""message":"15","status":"idle","text":"present card""#;
        assert_eq!(text, format!(r#"{{"hold_ms":300,"language":null,{text_of},"value":{value}}}"#));
    }
}
