//! Reading a recording (`emvtap.recording/1`): the events of a transaction as they were written, to be told or run again.
//!
//! ```
//! use emvtap::report::Recorded;
//!
//! let text = concat!(
//!     r#"{"schema":"emvtap.recording/1","amount":"12.50","currency":"EUR","type":"purchase","card":"live","#,
//!     r#""terminal":"retail-attended","clock":"2026-06-15T12:00:00","masked":false}"#, "\n",
//!     r#"{"us":0,"event":"field-on"}"#, "\n",
//!     r#"{"us":120,"event":"card-pre"#,
//! );
//! let recorded = Recorded::read("mine.tap.jsonl", text).unwrap();
//! assert!(recorded.torn, "a line that was cut off is no mistake");
//! assert_eq!(recorded.steps().len(), 0);
//! ```

mod event;
mod foreign;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::jsonl::SCHEMA;
use crate::{
    apdu::LinkFault,
    data::{
        Source,
        dictionary::{TORN_RECORD_FF8101, UNPREDICTABLE_NUMBER_9F37, UNPREDICTABLE_NUMBER_NUMERIC_9F6A},
    },
    diag::{self, Problem},
    host::Answer,
    kernel::{
        event::{Event, Silent, Sink},
        outcome::Outcome,
    },
    link::Step,
    time::Micros,
    tlv::write_object,
};

/// The first line: what was run.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `emvtap.recording/1`.
    pub schema: String,
    /// The version of emvtap that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emvtap: Option<String>,
    /// The amount authorised, as people write it.
    pub amount: String,
    /// ISO 4217, three letters.
    pub currency: String,
    /// `purchase`, `cashback`, `refund`, `cash`.
    pub r#type: String,
    /// The cashback part of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The virtual card, or `live`.
    pub card: String,
    /// The terminal's name.
    pub terminal: String,
    /// The terminal's file, as it was; without it the built-in terminal of that name is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_profile: Option<String>,
    /// What `--set` changed in it: `TAG=HEX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// The faults that went wrong with the card.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Who answered online requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The seed of the unpredictable numbers; `None` if they were real.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The terminal's date and time.
    pub clock: String,
    /// Whether card data are hidden: such a recording can be looked at, not run.
    pub masked: bool,
    /// What was replaced to make the recording shareable, and what therefore can no longer verify.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Redacted>,
}

/// What is no longer as the card said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Redacted {
    /// Objects with another value of the same length: `5A Application PAN`.
    pub replaced: Vec<String>,
    /// What a terminal can no longer verify, and why.
    pub cannot_verify: Vec<String>,
}

/// What a header of any version has.
#[derive(Default, Deserialize)]
struct Version {
    schema: Option<String>,
}

/// One line after the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When.
    pub at: Micros,
    /// The whole object, `us` and `event` included.
    pub fields: Map<String, Value>,
}

/// How the transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Micros,
    /// `approved`, `declined`, `none`.
    pub disposition: String,
    /// Why it ended early, if it did.
    pub stopped: Option<String>,
}

/// A recording that has been read and checked.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The first line.
    pub header: Header,
    /// The events.
    pub lines: Vec<Line>,
    /// The last line; `None` if the recording ends before the transaction did.
    pub end: Option<End>,
    /// Whether the last line was cut off, and left away.
    pub torn: bool,
    /// What could not be read in a log of another tool, or had to be assumed, with its line.
    pub doubts: Vec<(usize, String)>,
}

impl Recorded {
    /// Commands with the responses they got.
    pub fn exchanges(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let answered = |step| match step {
            Step::Exchange { command, answer: Ok((response, _)) } => Some((command, response)),
            _ => None,
        };
        self.steps().into_iter().filter_map(answered).collect()
    }

    /// Whether a text looks like a recording, of whatever version: by its first line.
    pub fn is_one(text: &str) -> bool {
        let family = SCHEMA.trim_end_matches(|c: char| c.is_ascii_digit());
        text.lines().next().is_some_and(|line| line.contains(family))
    }

    /// Reads a recording. `file`: its name in messages.
    ///
    /// # Errors
    /// The first line that is none, at its place; except for the last one: a recording may be cut off.
    pub fn read(file: &str, text: &str) -> Result<Self, Problem> {
        // Some editors begin a file with a mark.
        let text = text.trim_start_matches('\u{feff}');
        let mut start = 0;
        let mut header = None;
        let mut recorded =
            Self { header: Header::default(), lines: Vec::new(), end: None, torn: false, doubts: Vec::new() };
        for piece in text.split_inclusive('\n') {
            let (line, span) = (piece.trim_end(), start..start + piece.trim_end().len());
            start += piece.len();
            let problem = |message: String| {
                let (message, hint) = diag::explain(&message);
                Problem { hint, ..Problem::at(file, text, span.clone(), message) }
            };
            if line.is_empty() {
                continue;
            }
            if header.is_none() {
                let Version { schema } = serde_json::from_str(line).unwrap_or_default();
                if let Some(schema) = schema.filter(|schema| schema != SCHEMA) {
                    return Err(problem(format!("wanted schema `{SCHEMA}`, found `{schema}`")));
                }
                header = Some(serde_json::from_str(line).map_err(|error| problem(error.to_string()))?);
                continue;
            }
            match recorded.line(line) {
                Ok(()) => {}
                Err(_) if text.get(start..).is_none_or(|rest| rest.trim().is_empty()) => recorded.torn = true,
                Err(message) => return Err(problem(message)),
            }
        }
        recorded.header = header.ok_or_else(|| Problem::file(file, "there is no header: the file is empty"))?;
        Ok(recorded)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let fields: Map<String, Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let at = Micros(fields.get("us").and_then(Value::as_u64).ok_or("an event needs its time, `us`")?);
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("event").as_deref() == Some("end") {
            let disposition = text("disposition").ok_or("the end needs its `disposition`")?;
            self.end = Some(End { at, disposition, stopped: text("stopped") });
            return Ok(());
        }
        event::tell(at, &fields, &mut Silent)?;
        self.lines.push(Line { at, fields });
        Ok(())
    }

    /// Tells all events, in their order.
    pub fn tell(&self, sink: &mut dyn Sink) {
        for line in &self.lines {
            // Checked when it was read.
            let _ = event::tell(line.at, &line.fields, sink);
        }
    }

    /// When the last event happened.
    pub fn elapsed(&self) -> Micros {
        self.end.as_ref().map(|end| end.at).or_else(|| Some(self.lines.last()?.at)).unwrap_or_default()
    }

    /// The last Final Outcome.
    pub fn outcome(&self) -> Option<Outcome> {
        let mut last = None;
        self.tell(&mut |_, event: &Event<'_>| {
            if let Event::Outcome { outcome, is_final: true } = event {
                last = Some((*outcome).clone());
            }
        });
        last
    }

    /// What the card did. Answers that a contact card gave in two pieces (61xx, GET RESPONSE) or only when asked again (6Cxx)
    /// are one (ISO 7816-3, 12.2.1): over the air they would have been.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut polled = None;
        let mut waiting = None;
        self.tell(&mut |at: Micros, event: &Event<'_>| match event {
            Event::FieldOn => polled = Some(at),
            Event::CardPresent => {
                let elapsed = Micros(at.0.saturating_sub(polled.take().unwrap_or(at).0));
                steps.push(Step::Activation(Ok(elapsed)));
            }
            Event::Command { bytes, .. } => waiting = Some(bytes.to_vec()),
            Event::Response { bytes, elapsed } => {
                if let Some(command) = waiting.take() {
                    let command = match steps.last() {
                        Some(Step::Exchange { command: first, answer: Ok((answer, _)) })
                            if is_continued(first, answer, &command) =>
                        {
                            let first = first.clone();
                            steps.pop();
                            first
                        }
                        _ => command,
                    };
                    steps.push(Step::Exchange { command, answer: Ok((bytes.to_vec(), *elapsed)) });
                }
            }
            Event::LinkFault(fault) => match waiting.take() {
                Some(command) => steps.push(Step::Exchange { command, answer: Err(*fault) }),
                // A response that was too short has been answered for.
                None if *fault == LinkFault::Protocol => {}
                None => steps.push(Step::Activation(Err(*fault))),
            },
            _ => {}
        });
        steps
    }

    /// What the issuer answered.
    pub fn answers(&self) -> Vec<Answer> {
        let mut answers = Vec::new();
        self.tell(&mut |_, event: &Event<'_>| {
            if let Event::Host { answer } = event {
                answers.push(Answer {
                    response_code: answer.response_code,
                    authentication_data: answer.authentication_data.map(<[u8]>::to_vec),
                    scripts: answer.scripts.to_vec(),
                    cryptogram: answer.cryptogram,
                    cryptogram_version: answer.cryptogram_version.map(event::lasting),
                    arpc: answer.arpc.map(<[u8]>::to_vec),
                    note: answer.note.to_owned(),
                    elapsed: answer.elapsed,
                });
            }
        });
        answers
    }

    /// The torn transactions that Kernel 2 remembered when it was first activated, as it keeps them
    /// ([`Kept`](crate::kernel::c2::Kept)); empty if there were none.
    pub fn kept(&self) -> Vec<u8> {
        let (mut activations, mut kept) = (0, Vec::new());
        self.tell(&mut |_, event: &Event<'_>| match event {
            Event::KernelActivated { kernel: [0x02], .. } => activations += 1,
            Event::Data { tag: TORN_RECORD_FF8101, value, source: Source::Transaction } if activations == 1 => {
                if kept.is_empty() {
                    kept.push(0);
                }
                write_object(&mut kept, TORN_RECORD_FF8101, value);
            }
            _ => {}
        });
        kept
    }

    /// The unpredictable numbers that were drawn.
    pub fn numbers(&self) -> Vec<Vec<u8>> {
        let mut numbers = Vec::new();
        self.tell(&mut |_, event: &Event<'_>| {
            let Event::Data { tag, value, source: Source::Transaction } = event else { return };
            match *tag {
                UNPREDICTABLE_NUMBER_9F37 => numbers.push(value.to_vec()),
                // Drawn as eight bytes, of which the number in decimal digits is the rest of a division.
                UNPREDICTABLE_NUMBER_NUMERIC_9F6A => {
                    let digits = value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
                    let number = digits.fold(0_u64, |number, digit| number.saturating_mul(10) + u64::from(digit));
                    numbers.push(number.to_be_bytes().to_vec());
                }
                _ => {}
            }
        });
        numbers
    }
}

/// Whether a command only fetches what another one could not give at once.
fn is_continued(first: &[u8], answer: &[u8], next: &[u8]) -> bool {
    match *answer {
        [0x61, _] => next.get(1) == Some(&0xC0),
        [0x6C, length] => {
            next.split_last() == Some((&length, first.get(..first.len().min(next.len()) - 1).unwrap_or_default()))
                || next == [first, &[length]].concat()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
