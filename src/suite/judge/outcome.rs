//! Statements about Final Outcomes, what they carry, and the issuer.

use std::collections::BTreeMap;

use super::{Judge, Look};
use crate::suite::{
    case::{OneOf, Pattern},
    results::{Aspect, Verdict},
    seen::{OutcomeSeen, What},
};

/// Judges what the check says about them.
pub fn judge(judge: &mut Judge<'_>) {
    parameters(judge);
    numbers(judge);
    objects(judge);
    request(judge);
    ending(judge);
}

fn look(what: &str, step: Option<usize>) -> Look {
    Look { aspect: Aspect::Outcome, what: what.to_owned(), step }
}

/// Parameters that are words.
fn parameters(judge: &mut Judge<'_>) {
    type Word = for<'a> fn(&'a OutcomeSeen) -> Option<&'a str>;
    let check = judge.check;
    let words: [(&str, &Option<OneOf>, Word); 5] = [
        ("outcome", &check.outcome, |seen| Some(&seen.result)),
        ("cvm", &check.cvm, |seen| seen.cvm.as_deref()),
        ("start", &check.start, |seen| seen.start.as_deref()),
        ("online response data", &check.online_response_data, |seen| Some(&seen.online_response_data)),
        ("alternate interface", &check.alternate_interface, |seen| seen.alternate_interface.as_deref()),
    ];
    for (what, wanted, word) in words {
        let Some(wanted) = wanted else { continue };
        match deciding(judge) {
            Some((step, outcome)) => judge.word(look(what, Some(step)), wanted, word(outcome)),
            None => no_outcome(judge, Aspect::Outcome, what, wanted.to_string()),
        }
    }
}

/// The Final Outcome that the check is about, with its step: the one that it numbers, or the one that decides.
fn deciding<'a>(judge: &Judge<'a>) -> Option<(usize, &'a OutcomeSeen)> {
    match judge.check.final_outcome {
        Some(number) => judge.scene.outcomes.get(number.get() - 1).copied(),
        None => judge.scene.deciding(),
    }
}

/// Nothing can hold about an Outcome that never came.
fn no_outcome(judge: &mut Judge<'_>, aspect: Aspect, what: &str, expected: String) {
    let step = judge.seen.steps.len().checked_sub(1);
    judge.find(Look { aspect, what: what.to_owned(), step }, false, expected, "no Final Outcome".to_owned());
}

/// Parameters that are yes or no, or milliseconds.
fn numbers(judge: &mut Judge<'_>) {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let ms = |ms: i64| if ms < 0 { "none".to_owned() } else { format!("{ms} ms") };
    let check = judge.check;
    type Text<'a> = Box<dyn Fn(&OutcomeSeen) -> String + 'a>;
    let numbers: [(&str, Option<String>, Text<'_>); 3] = [
        ("receipt", check.receipt.map(yes), Box::new(move |seen| yes(seen.receipt))),
        (
            "field off request",
            check.field_off_ms.map(ms),
            Box::new(move |seen| ms(seen.field_off_ms.map_or(-1, i64::from))),
        ),
        (
            "removal time-out",
            check.removal_timeout_ms.map(ms),
            Box::new(move |seen| ms(seen.removal_timeout_ms.into())),
        ),
    ];
    for (what, wanted, text) in numbers {
        let Some(wanted) = wanted else { continue };
        match deciding(judge) {
            Some((step, outcome)) => {
                let found = text(outcome);
                judge.find(look(what, Some(step)), found == wanted, wanted, found);
            }
            None => no_outcome(judge, Aspect::Outcome, what, wanted),
        }
    }
}

/// Data record, discretionary data, and the Outcome as data objects.
fn objects(judge: &mut Judge<'_>) {
    type Objects = for<'a> fn(&'a OutcomeSeen) -> &'a BTreeMap<String, String>;
    let check = judge.check;
    type Stated<'a> = (&'static str, &'a Option<BTreeMap<String, Pattern>>, Objects, Option<usize>);
    let deciding = deciding(judge).map(|(step, _)| step);
    let last = judge.scene.outcomes.last().map(|(step, _)| *step);
    let maps: [Stated<'_>; 4] = [
        ("data record", &check.data_record, |seen| &seen.data_record, deciding),
        ("discretionary data", &check.discretionary_data, |seen| &seen.discretionary_data, deciding),
        ("last discretionary data", &check.last_discretionary_data, |seen| &seen.discretionary_data, last),
        ("coded outcome", &check.coded, |seen| &seen.coded, deciding),
    ];
    for (map, wanted, objects, at) in maps {
        for (name, pattern) in wanted.iter().flatten() {
            let tag = judge.tag(name);
            let what = format!("{map} {}", tag.map_or_else(|| name.clone(), |tag| tag.to_string()));
            let outcome = judge.scene.outcomes.iter().find(|(step, _)| Some(*step) == at);
            let Some(&(step, outcome)) = outcome else {
                let expected = pattern.texts().collect::<Vec<_>>().join(" and ");
                no_outcome(judge, Aspect::Data, &what, expected);
                continue;
            };
            let found =
                tag.and_then(|tag| objects(outcome).get(&tag.to_string())).and_then(|hex| hex::decode(hex).ok());
            judge.value(Look { aspect: Aspect::Data, what, step: Some(step) }, pattern, tag, found.as_deref());
        }
    }
}

/// What the issuer was asked with: that a terminal says it of its Outcome does not show that it went there.
fn request(judge: &mut Judge<'_>) {
    let check = judge.check;
    let asked = judge.seen.steps.iter().enumerate().find_map(|(at, step)| match &step.what {
        What::Online { tags } => Some((at, tags)),
        _ => None,
    });
    for (name, pattern) in check.online_data.iter().flatten() {
        let tag = judge.tag(name);
        let what = format!("told the issuer {}", tag.map_or_else(|| name.clone(), |tag| tag.to_string()));
        let look = Look { aspect: Aspect::Data, what, step: asked.map(|(step, _)| step) };
        let Some((_, tags)) = asked else {
            let expected = pattern.texts().collect::<Vec<_>>().join(" and ");
            judge.find(look, false, expected, "the issuer is not asked".to_owned());
            continue;
        };
        let found = tag.and_then(|tag| tags.get(&tag.to_string())).and_then(|hex| hex::decode(hex).ok());
        judge.value(look, pattern, tag, found.as_deref());
    }
}

/// All Outcomes, the issuer, and the final word.
fn ending(judge: &mut Judge<'_>) {
    let check = judge.check;
    if let Some(wanted) = &check.outcomes {
        let found: Vec<String> = judge.scene.outcomes.iter().map(|(_, outcome)| outcome.result.clone()).collect();
        let step = judge.scene.outcomes.last().map(|(step, _)| *step);
        judge.find(look("outcomes", step), *wanted == found, list(wanted), list(&found));
    }
    if let Some(wanted) = &check.disposition {
        let found = judge.seen.disposition.as_str();
        let look = look("disposition", judge.seen.steps.len().checked_sub(1));
        if found.is_empty() {
            // What a terminal makes of the issuer's answer it alone knows.
            judge.put(look, Verdict::NotApplicable, wanted.to_string(), "the subject does not tell".to_owned());
        } else {
            judge.word(look, wanted, Some(found));
        }
    }
    if let Some(wanted) = check.removals {
        let words = |count: usize| format!("awaited removals of the card: {count}");
        let found = judge.seen.removals;
        judge.find(look("removal", None), found == wanted, words(wanted), words(found));
    }
    let at = |wanted: fn(&What) -> bool| judge.seen.steps.iter().position(|step| wanted(&step.what));
    let asked = at(|what| matches!(what, What::Online { .. }));
    let answered = at(|what| matches!(what, What::Host { .. }));
    if let Some(wanted) = check.online {
        let words = |asked: bool| if asked { "the issuer is asked" } else { "the issuer is not asked" }.to_owned();
        judge.find(look("online", asked), asked.is_some() == wanted, words(wanted), words(asked.is_some()));
    }
    if let Some(wanted) = &check.cryptogram {
        let found = judge.seen.steps.iter().find_map(|step| match &step.what {
            What::Host { cryptogram, .. } => Some(cryptogram.clone()),
            _ => None,
        });
        let look = Look { aspect: Aspect::Data, what: "cryptogram".to_owned(), step: answered };
        judge.word(look, wanted, found.flatten().as_deref());
    }
}

fn list(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
