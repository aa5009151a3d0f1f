//! Takes what identifies a cardholder out of results.

use std::{borrow::Cow, collections::BTreeMap};

use super::{Mask, mask::is_secret};
use crate::{
    bytes::Hex,
    suite::{
        results::{CaseResult, Finding, Results, TapResult},
        seen::{OutcomeSeen, What},
    },
    tlv::Tag,
};

/// Results that may be shown to anybody. Those that are masked stay as they are.
pub fn results(mut results: Results) -> Results {
    if results.run.masked {
        return results;
    }
    results.run.masked = true;
    results.cases = results.cases.into_iter().map(case).collect();
    results
}

/// A case that may be shown to anybody; to be used once, because nothing tells a masked account number from an odd one. Whoever
/// writes such cases sets `masked` of the run.
pub fn case(mut case: CaseResult) -> CaseResult {
    let mut mask = Mask::on();
    case.taps.iter().for_each(|tap| learn(&mut mask, tap));
    for text in [&mut case.reason, &mut case.description] {
        *text = mask.text(text).into_owned();
    }
    case.taps.iter_mut().for_each(|tap| hide(&mask, tap));
    case.findings.iter_mut().for_each(|finding| hide_finding(&mask, finding));
    case
}

/// Everything sensitive is known before anything is hidden.
fn learn(mask: &mut Mask, tap: &TapResult) {
    for step in &tap.seen.steps {
        match &step.what {
            What::Response { hex, .. } => mask.learn(&hex::decode(hex).unwrap_or_default()),
            What::Online { tags } | What::DataExchange { to_send: tags, .. } => learn_objects(mask, tags),
            What::Outcome(OutcomeSeen { data_record, discretionary_data, coded, .. }) => {
                [data_record, discretionary_data, coded].into_iter().for_each(|objects| learn_objects(mask, objects));
            }
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
    tap.inputs.values_mut().for_each(|text| *text = mask.text(text).into_owned());
    for step in &mut tap.seen.steps {
        match &mut step.what {
            What::Command { hex } => change(hex, |bytes| mask.bytes(bytes)),
            What::Response { hex, .. } => change(hex, |bytes| mask.response(bytes)),
            What::Online { tags } | What::DataExchange { to_send: tags, .. } => hide_objects(mask, tags),
            What::Outcome(OutcomeSeen { data_record, discretionary_data, coded, .. }) => {
                [data_record, discretionary_data, coded].into_iter().for_each(|objects| hide_objects(mask, objects));
            }
            What::Host { note, .. } => *note = mask.text(note).into_owned(),
            What::FieldOn | What::FieldOff | What::Lost { .. } | What::Ui(_) => {}
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
fn hide_finding(mask: &Mask, finding: &mut Finding) {
    let tag: Option<Tag> = finding.what.rsplit(' ').next().and_then(|word| word.parse().ok());
    for text in [&mut finding.expected, &mut finding.observed] {
        match tag {
            Some(tag) => change(text, |bytes| mask.object(tag, bytes)),
            None => change(text, |bytes| mask.bytes(bytes)),
        }
        *text = mask.text(text).into_owned();
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
}
