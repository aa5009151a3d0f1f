//! What a calculation shows: its steps, its results, whether they are the expected ones; as text or JSON (`emvtap.crypto/1`).

use serde_json::{Map, Value, json};

use super::key::Secret;
use crate::{
    bytes::Hex,
    cli::{
        args::{ListFormat, crypto::How},
        exit::Exit,
        failure::Failure,
        out::{Environment, Out},
    },
    report::{Paint, wrap},
};

/// The name of the schema.
const NAME: &str = "emvtap.crypto/1";

/// The schema itself, as JSON Schema.
pub const SCHEMA: &str = include_str!("crypto.schema.json");

/// Everything that is said about one calculation.
pub struct Page<'h> {
    operation: &'static str,
    how: &'h How,
    steps: Vec<Step>,
    results: Vec<(String, Value)>,
    verdict: Option<(bool, String)>,
    notes: Vec<String>,
}

struct Step {
    name: String,
    /// Hex or words; nothing for a key that is not shown.
    value: Option<String>,
    check_value: Option<String>,
    /// What was expected, and whether that was found.
    check: Option<(String, bool)>,
    note: String,
}

impl<'h> Page<'h> {
    /// An empty page of `emvtap crypto OPERATION`.
    pub const fn new(operation: &'static str, how: &'h How) -> Self {
        Self { operation, how, steps: Vec::new(), results: Vec::new(), verdict: None, notes: Vec::new() }
    }

    /// A step in words.
    pub fn text(&mut self, name: impl Into<String>, value: impl Into<String>, note: impl Into<String>) {
        self.steps.push(Step {
            name: name.into(),
            value: Some(value.into()),
            check_value: None,
            check: None,
            note: note.into(),
        });
    }

    /// A step that gives bytes.
    pub fn bytes(&mut self, name: impl Into<String>, value: &[u8], note: impl Into<String>) {
        self.text(name, Hex(value).to_string(), note);
    }

    /// A step that gives a key: only its check value is shown, unless keys are wanted.
    pub fn key(&mut self, name: impl Into<String>, key: &Secret, note: impl Into<String>) {
        let value = self.how.show_keys.then(|| Hex(&key.bytes).to_string());
        let check_value = Some(key.check_value());
        self.steps.push(Step { name: name.into(), value, check_value, check: None, note: note.into() });
    }

    /// A check: what was expected and found, and the rule that wants it.
    pub fn check(&mut self, name: impl Into<String>, expected: &str, found: &str, passed: bool, rule: &str) {
        self.text(name, found, rule);
        if let Some(step) = self.steps.last_mut() {
            step.check = Some((expected.to_owned(), passed));
        }
    }

    /// Digits that identify a cardholder: shown on demand.
    pub fn digits(&mut self, name: impl Into<String>, digits: &str, note: impl Into<String>) {
        let shown = if self.how.unmask { digits.to_owned() } else { masked(digits) };
        self.text(name, shown, note);
    }

    /// Words with account numbers in them: shown on demand, else masked.
    pub fn account(&self, words: &str) -> String {
        if self.how.unmask {
            return words.to_owned();
        }
        let word = |word: &str| {
            let digits = word.trim_end_matches('F');
            let is_number = digits.len() > 10 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            if is_number { masked(digits) } else { word.to_owned() }
        };
        words.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// Digits of which no part may be seen unasked: PIN fields, and what account numbers become.
    pub fn hidden(&mut self, name: impl Into<String>, digits: &str, note: impl Into<String>) {
        let shown = if self.how.unmask { digits.to_owned() } else { "*".repeat(digits.len()) };
        self.text(name, shown, note);
    }

    /// A result, which programs find under its name.
    pub fn result(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.results.push((name.into(), value.into()));
    }

    /// Whether it came out as expected, and in words.
    pub fn verdict(&mut self, holds: bool, words: impl Into<String>) {
        self.verdict = Some((holds, words.into()));
    }

    /// Something worth knowing.
    pub fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    /// Whether keys are shown.
    pub const fn shows_keys(&self) -> bool {
        self.how.show_keys
    }

    /// Writes it. Exit code 1 if something did not come out as expected.
    pub fn finish(self, environment: &Environment) -> Result<Exit, Failure> {
        let mut out = Out::open(&self.how.target, environment, self.how.show_keys || self.how.unmask)?;
        let text = match self.how.format {
            ListFormat::Json => self.json(),
            ListFormat::Text => self.page(out.paint(), out.width()),
        };
        out.data(&text)?;
        Ok(if self.verdict.is_none_or(|(holds, _)| holds) { Exit::SUCCESS } else { Exit::UNEXPECTED })
    }

    fn json(&self) -> String {
        let steps = self.steps.iter().map(|step| {
            let mut object = Map::new();
            object.insert("name".to_owned(), json!(step.name.trim_start()));
            object.insert("value".to_owned(), json!(step.value));
            if let Some(check) = &step.check_value {
                object.insert("check_value".to_owned(), json!(check));
            }
            if let Some((expected, passed)) = &step.check {
                object.insert("expected".to_owned(), json!(expected));
                object.insert("passed".to_owned(), json!(passed));
            }
            if !step.note.is_empty() {
                object.insert("note".to_owned(), json!(step.note));
            }
            Value::Object(object)
        });
        let results: Map<String, Value> =
            self.results.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let whole = json!({
            "schema": NAME,
            "operation": self.operation,
            "steps": steps.collect::<Vec<_>>(),
            "result": results,
            "verified": self.verdict.as_ref().map(|(holds, _)| holds),
            "verdict": self.verdict.as_ref().map(|(_, words)| words),
            "notes": self.notes,
        });
        format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
    }

    fn page(&self, paint: Paint, width: usize) -> String {
        let column = self.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(10);
        let mut page = String::new();
        for step in &self.steps {
            let value = match (&step.value, &step.check_value) {
                (Some(value), Some(check)) => format!("{value} (check value {check})"),
                (None, Some(check)) => format!("key with check value {check}"),
                (Some(value), None) => value.clone(),
                (None, None) => String::new(),
            };
            let value = match &step.check {
                Some((_, true)) => format!("{}  {value}", paint.good("ok")),
                Some((expected, false)) => format!("{}  expected {expected}, found {value}", paint.bad("no")),
                None => value,
            };
            let name = &step.name;
            page.push_str(&format!("  {name:<column$}  {value}"));
            if !step.note.is_empty() {
                page.push_str(&format!("  {}", paint.quiet(&step.note)));
            }
            page.truncate(page.trim_end_matches(' ').len());
            page.push('\n');
        }
        if let Some((holds, words)) = &self.verdict {
            let lead = if *holds { paint.good("ok") } else { paint.bad("no") };
            let lines = wrap(words, width.saturating_sub(6).max(40));
            page.push_str(&format!("\n  {lead}  {}\n", lines.join("\n      ")));
        }
        for note in &self.notes {
            let lines = wrap(note, width.saturating_sub(8).max(40));
            page.push_str(&format!("  {}  {}\n", paint.notable("note"), lines.join("\n        ")));
        }
        page
    }
}

/// First six and last four of an account number; nothing of a PIN.
fn masked(digits: &str) -> String {
    match crate::data::Pan::parse(digits) {
        Some(pan) if digits.len() >= 13 => pan.to_string(),
        _ => "*".repeat(digits.len()),
    }
}
