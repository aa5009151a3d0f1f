//! The page of a case for whoever reads without the script: what did not pass stands in the page itself.

use super::{badge, data, escape, findings, marked, table};
use crate::{
    report::failure,
    suite::{
        command,
        results::{CaseResult, Finding, TapResult, Verdict},
        seen::{Step, What},
    },
};

/// Bytes of so many cases stand in the page; of further ones only the statements, or the page of a run in which everything fails
/// could not be opened.
pub const WITH_BYTES: usize = 300;

/// The page; nothing for a case that passed or was not run. `with_bytes`: whether what was seen is shown, too.
pub fn write(case: &CaseResult, with_bytes: bool) -> String {
    use Verdict::{Error, ExpectedFail, Fail, Inconclusive, UnexpectedPass, Warn};
    if !matches!(case.verdict, Fail | Error | Inconclusive | Warn | ExpectedFail | UnexpectedPass) {
        return String::new();
    }
    let mut text = String::new();
    let reason = failure::own_reason(case);
    if !reason.is_empty() {
        text.push_str(&format!("<p>{}</p>\n", escape(reason)));
    }
    let open = failure::failed(case);
    if !open.is_empty() {
        let heads = ["", "Tap", "What", "Expected", "Observed", "Requirements", "Notes"];
        text.push_str(&table(&heads, failure::told(case, open.iter().copied()).into_iter().map(statement)));
        text.extend(open.iter().map(|finding| findings::bits(&finding.differences)));
    }
    if with_bytes {
        text.extend(case.taps.iter().enumerate().map(|(at, tap)| self::tap(at + 1, tap)));
    }
    if !case.again.is_empty() {
        text.push_str(&format!("<p>Again: <code>{}</code></p>\n", escape(&case.again)));
    }
    format!("<noscript><div>\n{text}</div></noscript>")
}

fn statement((finding, notes): (&Finding, Vec<(&str, String)>)) -> Vec<String> {
    let notes = notes.into_iter().map(|(label, note)| format!("{label} {}", escape(&note)));
    let (expected, observed) = marked(&finding.expected, &finding.observed);
    vec![
        badge(finding.verdict),
        (finding.tap + 1).to_string(),
        escape(&finding.what),
        format!("<code>{expected}</code>"),
        format!("<code>{observed}</code>"),
        escape(&finding.requirements.join(", ")),
        notes.collect::<Vec<_>>().join("<br>"),
    ]
}

fn tap(number: usize, tap: &TapResult) -> String {
    let inputs = tap.inputs.iter().map(|(name, value)| vec![escape(name), escape(value).replace('\n', "<br>")]);
    let inputs = table(&["Input", ""], inputs);
    let rows = tap.seen.steps.iter().map(|step| {
        let (what, detail) = said(step);
        vec![
            format!("{}.{:03} ms", step.at_us / 1000, step.at_us % 1000),
            escape(&what),
            format!("<code>{}</code>", escape(&detail)),
        ]
    });
    format!("<h4>Tap {number}</h4>\n{inputs}{}", table(&["At", "What", ""], rows))
}

/// A step in words, and its bytes.
fn said(step: &Step) -> (String, String) {
    match &step.what {
        What::FieldOn => ("field on".to_owned(), String::new()),
        What::FieldOff => ("field off".to_owned(), String::new()),
        What::Command { hex } => (command::name(&hex::decode(hex).unwrap_or_default()), hex.clone()),
        What::Response { hex, us } => (format!("answer after {us} µs"), hex.clone()),
        What::Lost { reason } => (format!("lost: {reason}"), String::new()),
        What::Ui(request) => (format!("display: {}", data::shown(request)), String::new()),
        What::Online { .. } => ("the issuer is asked".to_owned(), String::new()),
        What::Host { response_code, note, .. } => {
            (format!("the issuer says {}", response_code.as_deref().unwrap_or("nothing")), note.clone())
        }
        What::DataExchange { needed, .. } => (format!("the terminal is asked for {}", needed.join(" ")), String::new()),
        What::Outcome(outcome) => {
            let objects = outcome.data_record.iter().chain(&outcome.discretionary_data);
            let objects: Vec<String> = objects.map(|(tag, value)| format!("{tag}={value}")).collect();
            (data::parameters(outcome), objects.join(" "))
        }
    }
}
