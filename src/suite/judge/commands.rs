//! Statements about what is sent to the card.

use super::{Judge, Look, scene::Sent};
use crate::{
    data::dictionary::UNPREDICTABLE_NUMBER_9F37,
    suite::{
        case::Pattern,
        command::{self, Wanted},
        results::{Aspect, Verdict},
    },
    tlv::Tag,
};

/// Judges what the check says about commands.
pub fn judge(judge: &mut Judge<'_>) {
    let check = judge.check;
    if let Some(wanted) = &check.commands {
        all(judge, wanted);
    }
    if let Some(wanted) = &check.sends {
        in_order(judge, wanted);
    }
    for wanted in check.never_sends.iter().flatten() {
        never(judge, wanted);
    }
    for (command, objects) in check.sent.iter().flatten() {
        for (name, pattern) in objects {
            sent(judge, command, name, pattern);
        }
    }
    for (command, pattern) in check.sent_data.iter().flatten() {
        if let Some(at) = first(judge, command, &format!("{command} data"), pattern) {
            let exchange = judge.scene.exchanges.get(at);
            let step = exchange.map(|exchange| exchange.step);
            judge.value(
                look(&format!("{command} data"), step),
                pattern,
                None,
                exchange.map(|exchange| exchange.data()),
            );
            judge.name_objects(at, pattern);
            if matches!(judge.scene.sent(at, UNPREDICTABLE_NUMBER_9F37), Sent::Value(_)) {
                judge.of_its_own();
            }
        }
    }
    if let Some(wanted) = &check.selected {
        let selected = judge.scene.selected();
        let found = selected.and_then(|select| select.name.strip_prefix("SELECT ")).unwrap_or("none").to_owned();
        let found = found.trim_end_matches(" NEXT").to_owned();
        let wanted = wanted.replace(' ', "").to_uppercase();
        let holds = wanted == found || (wanted == "NONE" && selected.is_none());
        judge.find(look("selected application", selected.map(|select| select.step)), holds, wanted, found);
    }
}

fn look(what: &str, step: Option<usize>) -> Look {
    Look { aspect: Aspect::Commands, what: what.to_owned(), step }
}

/// The names of all commands that were sent.
fn names(judge: &Judge<'_>) -> String {
    let names: Vec<&str> = judge.scene.exchanges.iter().map(|exchange| exchange.name.as_str()).collect();
    if names.is_empty() { "no command".to_owned() } else { names.join(", ") }
}

/// Reads the commands of a case; what cannot be read makes the finding inconclusive.
fn read(judge: &mut Judge<'_>, what: &str, wanted: &[String]) -> Option<Vec<Wanted>> {
    match wanted.iter().map(|text| text.parse()).collect() {
        Ok(wanted) => Some(wanted),
        Err(why) => {
            judge.put(look(what, None), Verdict::Inconclusive, wanted.join(", "), why);
            None
        }
    }
}

/// Exactly these commands.
fn all(judge: &mut Judge<'_>, texts: &[String]) {
    let Some(wanted) = read(judge, "commands", texts) else { return };
    let found = &judge.scene.exchanges;
    let differs = wanted.iter().zip(found).position(|(wanted, found)| !wanted.is(&found.name));
    let same = wanted.len() == found.len() && differs.is_none();
    let at = differs.unwrap_or(wanted.len().min(found.len()));
    let step = found.get(at).or(found.last()).filter(|_| !same).map(|exchange| exchange.step);
    let expected = if texts.is_empty() { "no command".to_owned() } else { texts.join(", ") };
    let observed = names(judge);
    judge.find(look("commands", step), same, expected, observed);
}

/// These commands one after the other, with or without others between them.
fn in_order(judge: &mut Judge<'_>, texts: &[String]) {
    let Some(wanted) = read(judge, "commands sent", texts) else { return };
    let mut found = judge.scene.exchanges.iter();
    let missing = wanted.iter().position(|wanted| !found.any(|exchange| wanted.is(&exchange.name)));
    let step = judge.scene.exchanges.last().filter(|_| missing.is_some()).map(|exchange| exchange.step);
    let observed = match missing.and_then(|at| texts.get(at)) {
        Some(text) => format!("{}; no {text} where it must be", names(judge)),
        None => names(judge),
    };
    judge.find(look("commands sent", step), missing.is_none(), texts.join(", "), observed);
}

fn never(judge: &mut Judge<'_>, text: &str) {
    let Some(wanted) = read(judge, "commands not sent", &[text.to_owned()]) else { return };
    let sent = judge.scene.exchanges.iter().find(|exchange| wanted.iter().any(|wanted| wanted.is(&exchange.name)));
    let (step, observed) = match sent {
        Some(exchange) => (Some(exchange.step), format!("{} was sent", exchange.name)),
        None => (None, "not sent".to_owned()),
    };
    judge.find(look(text, step), sent.is_none(), "not sent".to_owned(), observed);
}

/// The index of the first such command, or of a later one: `GPO #2`. If there is none, that is the finding.
fn first(judge: &mut Judge<'_>, command: &str, what: &str, pattern: &Pattern) -> Option<usize> {
    let (name, number) = command::numbered(command);
    let wanted = read(judge, what, &[name.to_owned()])?;
    let is_wanted = |name: &str| wanted.iter().any(|wanted| wanted.is(name));
    let mut exchanges = judge.scene.exchanges.iter().enumerate().filter(|(_, exchange)| is_wanted(&exchange.name));
    let found = exchanges.nth(number - 1).map(|(at, _)| at);
    if found.is_none() {
        let expected = pattern.texts().collect::<Vec<_>>().join(" and ");
        judge.find(look(what, None), false, expected, format!("{command} was not sent"));
    }
    found
}

/// What a command carried for an object that the card asked for.
fn sent(judge: &mut Judge<'_>, command: &str, name: &str, pattern: &Pattern) {
    let tag: Option<Tag> = judge.tag(name);
    let what = format!("{command} {}", tag.map_or_else(|| name.to_owned(), |tag| tag.to_string()));
    let Some(at) = first(judge, command, &what, pattern) else { return };
    let step = judge.scene.exchanges.get(at).map(|exchange| exchange.step);
    let scene = judge.scene;
    let expected = || pattern.texts().collect::<Vec<_>>().join(" and ");
    match tag.map(|tag| scene.sent(at, tag)) {
        Some(Sent::Value(value)) => {
            judge.value(look(&what, step), pattern, tag, value);
            if tag == Some(UNPREDICTABLE_NUMBER_9F37) {
                judge.of_its_own();
            }
        }
        Some(Sent::NotAsked(why)) => judge.put(look(&what, step), Verdict::Inconclusive, expected(), why),
        None => judge.put(look(&what, step), Verdict::Inconclusive, expected(), format!("`{name}` is no data object")),
    }
}
