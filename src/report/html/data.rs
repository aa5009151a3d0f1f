//! What case pages are drawn from: one JSON inside the page, in which every text stands once.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    kernel::outcome::MessageId,
    report::{
        Paint,
        decode::{Conversation, Document, Options, Page},
        failure,
    },
    suite::{
        command,
        results::{CaseResult, Finding, Results, TapResult, Verdict},
        seen::{Ended, OutcomeSeen, UiSeen, What},
    },
};

/// How wide decoded lines are; a browser wraps them where a screen is narrower.
const WIDTH: usize = 110;

/// Texts by number.
#[derive(Default)]
struct Pool {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Pool {
    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }
}

/// The writer of the JSON.
#[derive(Default)]
struct Writer {
    /// Texts: `s` of the page.
    pool: Pool,
    /// Decoded exchanges, as the numbers of their lines: `d` of the page.
    decoded: Vec<Vec<usize>>,
    known: HashMap<Vec<usize>, usize>,
    masked: bool,
}

/// The JSON, safe inside a `script` element: cases in the order of the results.
pub fn write(results: &Results) -> String {
    let mut writer = Writer { masked: results.run.masked, ..Writer::default() };
    let cases: Vec<Value> = results.cases.iter().map(|case| writer.case(case)).collect();
    let requirements: serde_json::Map<String, Value> = results
        .run
        .requirements
        .iter()
        .map(|(id, note)| (id.clone(), json!(format!("{} · {}", note.level, note.text))))
        .collect();
    let page = json!({ "s": writer.pool.texts, "d": writer.decoded, "r": requirements, "c": cases });
    // The only thing that ends a script early, whatever it holds.
    page.to_string().replace('<', "\\u003c")
}

impl Writer {
    fn text(&mut self, text: &str) -> Value {
        json!(self.pool.number(text))
    }

    fn case(&mut self, case: &CaseResult) -> Value {
        let taps: Vec<Value> = case.taps.iter().map(|tap| self.tap(tap)).collect();
        let findings: Vec<Value> = self.findings(case);
        json!({
            "i": case.id, "t": self.text(&case.title), "d": self.text(&case.description), "g": self.text(&case.tags.join(" ")),
            "v": case.verdict, "w": self.text(&case.reason), "p": self.text(&case.applies), "a": case.again,
            "u": case.duration_us, "T": taps, "F": findings,
        })
    }

    /// What did not hold, nearest to the cause first; then what held.
    fn findings(&mut self, case: &CaseResult) -> Vec<Value> {
        let held = case.findings.iter().filter(|finding| finding.verdict == Verdict::Pass);
        let all: Vec<&Finding> = failure::failed(case).into_iter().chain(held).collect();
        failure::told(case, all).into_iter().map(|(finding, notes)| self.finding(finding, notes)).collect()
    }

    fn finding(&mut self, finding: &Finding, notes: Vec<(&str, String)>) -> Value {
        let notes: Vec<Value> = notes.into_iter().map(|(label, note)| self.text(&format!("{label} {note}"))).collect();
        let requirements: Vec<Value> = finding.requirements.iter().map(|id| self.text(id)).collect();
        let differences: Vec<Value> = finding
            .differences
            .iter()
            .map(|difference| {
                json!([
                    self.text(&difference.at),
                    self.text(&difference.means),
                    self.text(&difference.expected),
                    self.text(&difference.observed)
                ])
            })
            .collect();
        json!([
            finding.verdict,
            finding.tap,
            finding.aspect,
            self.text(&finding.what),
            self.text(&finding.expected),
            self.text(&finding.observed),
            requirements,
            notes,
            finding.step,
            differences
        ])
    }

    fn tap(&mut self, tap: &TapResult) -> Value {
        let inputs: Vec<Value> =
            tap.inputs.iter().map(|(name, value)| json!([self.text(name), self.text(value)])).collect();
        let mut conversation = Conversation::new(&Options { unmasked: true, ..Options::default() }, self.masked);
        let steps = &tap.seen.steps;
        let answer = |at: usize| {
            let later = steps.iter().skip(at + 1).map(|step| &step.what);
            let mut until = later.take_while(|what| !matches!(what, What::Command { .. }));
            until.find_map(|what| if let What::Response { hex, .. } = what { hex::decode(hex).ok() } else { None })
        };
        let steps: Vec<Value> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| self.step(step.at_us, &step.what, answer(at).as_deref(), &mut conversation))
            .collect();
        let ended = match &tap.seen.ended {
            Ended::Done => String::new(),
            Ended::Unsupported(why) => format!("the subject does not support this: {why}"),
            Ended::Misbehaved(why) => format!("the subject broke the protocol: {why}"),
            Ended::TimedOut(why) => format!("the subject took too long: {why}"),
            Ended::Broken(why) => format!("the tap could not be made: {why}"),
        };
        json!({ "n": inputs, "s": steps, "e": self.text(&ended), "w": self.text(&tap.seen.disposition) })
    }

    fn step(&mut self, at: u64, what: &What, answer: Option<&[u8]>, conversation: &mut Conversation) -> Value {
        match what {
            What::FieldOn => json!(["+", at]),
            What::FieldOff => json!(["-", at]),
            What::Command { hex } => {
                let bytes = hex::decode(hex).unwrap_or_default();
                let decoded = self.decoded(&conversation.exchange(&bytes, answer));
                json!([">", at, self.text(&command::name(&bytes)), self.text(hex), decoded])
            }
            What::Response { hex, us } => {
                let status = hex.get(hex.len().saturating_sub(4)..).unwrap_or_default();
                json!(["<", at, self.text(status), self.text(hex), us])
            }
            What::Lost { reason } => json!(["!", at, self.text(reason)]),
            What::Ui(request) => json!(["u", at, self.text(&shown(request))]),
            What::Online { tags } => json!(["o", at, self.objects(tags, conversation)]),
            What::Host { response_code, cryptogram, note } => {
                let code = response_code.as_deref().unwrap_or("not reached");
                let cryptogram = cryptogram.as_ref().map_or(String::new(), |found| format!(" · cryptogram {found}"));
                let note = if note.is_empty() { String::new() } else { format!(" · {note}") };
                json!(["h", at, self.text(&format!("{code}{cryptogram}{note}"))])
            }
            What::DataExchange { needed, to_send } => {
                let asked = if needed.is_empty() { "nothing".to_owned() } else { needed.join(" ") };
                let told = to_send.iter().map(|(tag, value)| format!("{tag}={value}")).collect::<Vec<_>>().join(" ");
                let told = if told.is_empty() { String::new() } else { format!(" · told {told}") };
                json!(["u", at, self.text(&format!("terminal asked for {asked}{told}"))])
            }
            What::Outcome(outcome) => {
                let record = self.objects(&outcome.data_record, conversation);
                let mut discretionary = self.objects(&outcome.discretionary_data, conversation);
                discretionary.extend(self.objects(&outcome.coded, conversation));
                json!(["=", at, self.text(&parameters(outcome)), record, discretionary])
            }
        }
    }

    /// Decoded objects: numbers of `d`.
    fn objects(
        &mut self,
        objects: &std::collections::BTreeMap<String, String>,
        conversation: &mut Conversation,
    ) -> Vec<usize> {
        let read = |(tag, value): (&String, &String)| Some((tag.parse().ok()?, hex::decode(value).ok()?));
        let read: Vec<_> = objects.iter().filter_map(read).collect();
        read.into_iter().map(|(tag, value)| self.decoded(&conversation.object(tag, &value))).collect()
    }

    fn decoded(&mut self, document: &Document) -> usize {
        let text = document.text(Page { width: WIDTH, paint: Paint::Plain, everything: false });
        let lines: Vec<usize> = text.lines().map(|line| self.pool.number(line)).collect();
        if let Some(number) = self.known.get(&lines) {
            return *number;
        }
        self.known.insert(lines.clone(), self.decoded.len());
        self.decoded.push(lines);
        self.decoded.len() - 1
    }
}

/// `15 present card · ready-to-read · 12.50`.
pub(super) fn shown(request: &UiSeen) -> String {
    let mut parts = Vec::new();
    if let Some(message) = &request.message {
        let text = u8::from_str_radix(message, 16).ok().and_then(|id| MessageId(id).text());
        parts.push(text.map_or_else(|| message.clone(), |text| format!("{message} {text}")));
    }
    parts.extend(request.status.clone());
    parts.extend(request.hold_ms.map(|hold| format!("hold {hold} ms")));
    parts.extend(request.language.as_ref().map(|language| format!("language {language}")));
    parts.extend(request.qualifier.clone());
    parts.extend(request.value.map(|value| value.to_string()));
    if parts.is_empty() { "nothing to show".to_owned() } else { parts.join(" · ") }
}

/// The parameters of an Outcome that say something.
pub(super) fn parameters(outcome: &OutcomeSeen) -> String {
    let mut parts = vec![outcome.result.clone()];
    let mut word = |name: &str, value: Option<String>| parts.extend(value.map(|value| format!("{name} {value}")));
    word("cvm", outcome.cvm.clone());
    word("start", outcome.start.clone());
    word("online response data", Some(outcome.online_response_data.clone()).filter(|word| word != "none"));
    word("alternate interface", outcome.alternate_interface.clone());
    word("field off", outcome.field_off_ms.map(|ms| format!("{ms} ms")));
    word("removal time-out", Some(outcome.removal_timeout_ms).filter(|ms| *ms > 0).map(|ms| format!("{ms} ms")));
    if outcome.receipt {
        parts.push("receipt".to_owned());
    }
    parts.join(" · ")
}
