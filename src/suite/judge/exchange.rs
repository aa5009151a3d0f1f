//! Statements about what a kernel asks the terminal and tells it (C-2, the signal DEK).

use super::{Judge, Look};
use crate::suite::results::{Aspect, Verdict};

/// Judges what the check says about data exchange.
pub fn judge(judge: &mut Judge<'_>) {
    let check = judge.check;
    if let Some(wanted) = &check.needs {
        needs(judge, wanted);
    }
    for name in check.never_needs.iter().flatten() {
        never(judge, name);
    }
    for (name, pattern) in check.tells.iter().flatten() {
        let tag = judge.tag(name);
        let what = format!("told {}", tag.map_or_else(|| name.clone(), |tag| tag.to_string()));
        let told = judge.scene.exchanged.iter().find_map(|exchanged| {
            let value = exchanged.to_send.get(&tag?.to_string())?;
            Some((exchanged.step, hex::decode(value).ok()?))
        });
        let (step, found) = told.unzip();
        judge.value(look(&what, step), pattern, tag, found.as_deref());
    }
    for name in check.never_tells.iter().flatten() {
        never_told(judge, name);
    }
}

fn look(what: &str, step: Option<usize>) -> Look {
    Look { aspect: Aspect::Data, what: what.to_owned(), step }
}

/// The tag of a name; what is none makes the finding inconclusive.
fn tag(judge: &mut Judge<'_>, what: &str, name: &str) -> Option<String> {
    let tag = judge.tag(name).map(|tag| tag.to_string());
    if tag.is_none() {
        judge.put(look(what, None), Verdict::Inconclusive, name.to_owned(), format!("`{name}` is no data object"));
    }
    tag
}

fn needs(judge: &mut Judge<'_>, names: &[String]) {
    let mut wanted = Vec::new();
    for name in names {
        let Some(tag) = tag(judge, "data needed", name) else { return };
        wanted.push(tag);
    }
    let asked: Vec<&String> = judge.scene.exchanged.iter().flat_map(|exchanged| exchanged.needed).collect();
    let mut found = asked.iter();
    let holds = if wanted.is_empty() {
        asked.is_empty()
    } else {
        wanted.iter().all(|wanted| found.any(|asked| *asked == wanted))
    };
    let step = judge.scene.exchanged.last().map(|exchanged| exchanged.step);
    let observed = asked.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(", ");
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    judge.find(look("data needed", step), holds, or_none(wanted.join(", ")), or_none(observed));
}

fn never(judge: &mut Judge<'_>, name: &str) {
    let Some(tag) = tag(judge, "data needed", name) else { return };
    let asked = judge.scene.exchanged.iter().find(|exchanged| exchanged.needed.contains(&tag));
    let step = asked.map(|exchanged| exchanged.step);
    let observed = if step.is_some() { "asked for" } else { "not asked for" };
    judge.find(
        look(&format!("data needed {tag}"), step),
        step.is_none(),
        "not asked for".to_owned(),
        observed.to_owned(),
    );
}

fn never_told(judge: &mut Judge<'_>, name: &str) {
    let Some(tag) = tag(judge, "told", name) else { return };
    let told = judge.scene.exchanged.iter().find(|exchanged| exchanged.to_send.contains_key(&tag));
    let step = told.map(|exchanged| exchanged.step);
    let observed = if step.is_some() { "told" } else { "not told" };
    judge.find(look(&format!("told {tag}"), step), step.is_none(), "not told".to_owned(), observed.to_owned());
}
