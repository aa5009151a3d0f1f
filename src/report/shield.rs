//! Takes what identifies a cardholder out of results.

use std::{borrow::Cow, collections::BTreeMap};

use super::{Mask, mask::is_secret};
use crate::{
    bytes::Hex,
    suite::{
        results::{CaseResult, Finding, Results, Run, TapResult},
        seen::{Ended, OutcomeSeen, What},
    },
    tlv::Tag,
};

mod written;

use written::{hide_input, hide_prose, learn_input, learn_prose};

/// Results that may be shown to anybody. Those that are masked stay as they are.
pub fn results(mut results: Results) -> Results {
    if results.run.masked {
        return results;
    }
    results.run = run(results.run);
    results.cases = results.cases.into_iter().map(case).collect();
    results
}

/// A run that may be shown to anybody: what it was called with, and who the subject says it is, without account numbers.
pub fn run(mut run: Run) -> Run {
    run.masked = true;
    let named = [&mut run.subject, &mut run.name, &mut run.version, &mut run.command];
    for text in named.into_iter().chain(&mut run.capabilities) {
        let mut mask = Mask::on();
        learn_prose(&mut mask, text);
        *text = hide_prose(&mask, text);
    }
    run
}

/// A case that may be shown to anybody; to be used once, because nothing tells a masked account number from an odd one. Whoever
/// writes such cases sets `masked` of the run.
pub fn case(mut case: CaseResult) -> CaseResult {
    let mut mask = Mask::on();
    case.taps.iter().for_each(|tap| learn(&mut mask, tap));
    case.findings.iter().for_each(|finding| learn_finding(&mut mask, finding));
    let prose = [&mut case.reason, &mut case.title, &mut case.description, &mut case.again];
    prose.iter().for_each(|text| learn_prose(&mut mask, text));
    prose.into_iter().for_each(|text| *text = hide_prose(&mask, text));
    case.taps.iter_mut().for_each(|tap| hide(&mask, tap));
    case.findings.iter_mut().for_each(|finding| hide_finding(&mask, finding));
    case
}

/// Everything sensitive is known before anything is hidden.
fn learn(mask: &mut Mask, tap: &TapResult) {
    tap.inputs.values().for_each(|text| learn_input(mask, text));
    learn_prose(mask, tap.seen.ended.why());
    for step in &tap.seen.steps {
        match &step.what {
            What::Response { hex, .. } => mask.learn(&hex::decode(hex).unwrap_or_default()),
            What::Online { tags } | What::DataExchange { to_send: tags, .. } => learn_objects(mask, tags),
            What::Outcome(OutcomeSeen { data_record, discretionary_data, coded, .. }) => {
                [data_record, discretionary_data, coded].into_iter().for_each(|objects| learn_objects(mask, objects));
            }
            What::Host { note: text, .. } | What::Lost { reason: text } => learn_prose(mask, text),
            _ => {}
        }
    }
}

fn learn_objects(mask: &mut Mask, objects: &BTreeMap<String, String>) {
    for (tag, value) in objects {
        if let (Ok(tag), Ok(value)) = (tag.parse(), hex::decode(value)) {
            mask.learn_object(tag, &value);
        }
    }
}

fn hide(mask: &Mask, tap: &mut TapResult) {
    tap.inputs.values_mut().for_each(|text| *text = hide_input(mask, text));
    if let Ended::Unsupported(why) | Ended::Misbehaved(why) | Ended::TimedOut(why) | Ended::Broken(why) =
        &mut tap.seen.ended
    {
        *why = hide_prose(mask, why);
    }
    for step in &mut tap.seen.steps {
        match &mut step.what {
            What::Command { hex } => change(hex, |bytes| mask.bytes(bytes)),
            What::Response { hex, .. } => change(hex, |bytes| mask.response(bytes)),
            What::Online { tags } | What::DataExchange { to_send: tags, .. } => hide_objects(mask, tags),
            What::Outcome(OutcomeSeen { data_record, discretionary_data, coded, .. }) => {
                [data_record, discretionary_data, coded].into_iter().for_each(|objects| hide_objects(mask, objects));
            }
            What::Host { note: text, .. } | What::Lost { reason: text } => *text = hide_prose(mask, text),
            What::FieldOn | What::FieldOff | What::Ui(_) => {}
        }
    }
}

fn change(text: &mut String, hide: impl Fn(&[u8]) -> Cow<'_, [u8]>) {
    if let Ok(bytes) = hex::decode(text.as_str()) {
        *text = Hex(&hide(&bytes)).to_string();
    }
}

fn hide_objects(mask: &Mask, objects: &mut BTreeMap<String, String>) {
    for (tag, value) in objects {
        if let Ok(tag) = tag.parse() {
            change(value, |bytes| mask.object(tag, bytes));
        }
    }
}

/// What was looked at ends with its tag, if it was an object.
fn tag(finding: &Finding) -> Option<Tag> {
    finding.what.rsplit(' ').next().and_then(|word| word.parse().ok())
}

fn learn_finding(mask: &mut Mask, finding: &Finding) {
    let tag = tag(finding);
    for text in [&finding.expected, &finding.observed] {
        match (tag, hex::decode(text)) {
            (Some(tag), Ok(bytes)) => mask.learn_object(tag, &bytes),
            (None, Ok(_)) => {}
            (_, Err(_)) => learn_prose(mask, text),
        }
    }
    learn_prose(mask, &finding.because);
}

fn hide_finding(mask: &Mask, finding: &mut Finding) {
    let tag = tag(finding);
    finding.because = hide_prose(mask, &finding.because);
    for text in [&mut finding.expected, &mut finding.observed] {
        match tag {
            Some(tag) => change(text, |bytes| mask.object(tag, bytes)),
            None => change(text, |bytes| mask.bytes(bytes)),
        }
        *text = hide_prose(mask, text);
    }
    if tag.is_some_and(is_secret) {
        finding.differences.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn no_account_number_is_left_and_a_second_time_changes_nothing() {
        let open = sample::results();
        let text = serde_json::to_string(&open).unwrap();
        assert!(text.contains(sample::PAN));
        let masked = results(open);
        let text = serde_json::to_string(&masked).unwrap();
        assert!(!text.contains(sample::PAN), "{text}");
        assert!(text.contains("476173FFFFFF0010") && text.contains("476173******0010"));
        assert_eq!(results(masked.clone()), masked);
    }

    /// Other numbers than the tapped card's: of the exception file, of what a subject wrote, of its own command.
    #[test]
    fn nothing_that_was_written_keeps_an_account_number() {
        const OTHER: &str = "5413330012345678";
        let mut open = sample::results();
        let track = format!("{OTHER}D25122010000012300000F");
        open.run.subject = format!("shim:./kernel --account {OTHER}");
        open.run.command = format!("emvtap test run --subject 'shim:./kernel 57={track}' --seed 1234567890123456");
        let case = &mut open.cases[0];
        case.title = format!("account {OTHER}");
        case.reason = format!("wrote `{{\"57\":\"{track}\"}}`");
        case.again.clone_from(&open.run.command);
        case.findings[0].because = format!("{OTHER} is listed");
        case.findings[0].observed = format!("the account {OTHER}");
        let tap = &mut case.taps[0];
        tap.inputs.insert("terminal-with".to_owned(), format!("exceptions = [\"{OTHER}/01\"]"));
        tap.seen.ended = Ended::Misbehaved(case.reason.clone());
        let text = serde_json::to_string(&results(open)).unwrap();
        assert!(!text.contains(OTHER) && !text.contains("D2512"), "{text}");
        assert!(text.contains("--seed 1234567890123456"), "a seed is no account: {text}");
    }
}
