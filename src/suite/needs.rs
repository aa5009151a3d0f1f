//! What a case needs of a subject because of what it asks for: what nobody has to write down, nobody forgets.
//!
//! Two things: an option that its terminal states must be one that the subject can have, and what it makes use of (a refund, a reader
//! that is always on, online PIN) must be there. What goes with what is in `test-vectors/ics.toml`.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::{
    case::{Check, OneOf},
    expression::Expression,
    ics::{self, Items, Use},
    load::CaseText,
    plan::TapPlan,
};

/// The tables of a terminal profile that hold options.
const OPTIONS: [&str; 2] = ["kernel", "entry"];
/// The kernel of nobody's that does what the card says.
const PROBE: &str = "3F";

/// What these taps need. `stated`: what the case and its file say of that themselves.
pub(super) fn of(source: &CaseText, stated: &[&Expression], plan: &[TapPlan]) -> Vec<Expression> {
    let mut needs: Vec<Expression> = Vec::new();
    let mut used = BTreeSet::new();
    for tap in plan {
        let terminal = terminal(source, tap);
        for table in &terminal {
            parts(table, &mut used);
        }
        scene(tap, &mut used);
        tap.checks.iter().for_each(|check| seen(check, &mut used));
        for option in options(&terminal) {
            // Of a terminal that is configured anew between two taps the first configuration counts.
            if !needs.iter().flat_map(Expression::items).any(|item| option.items().any(|other| other == item)) {
                needs.push(option);
            }
        }
    }
    // What the case or its terminal says of an item counts before what is usual.
    let said: BTreeSet<&str> = stated.iter().copied().chain(&needs).flat_map(Expression::items).collect();
    let is_wanted = |row: &&Use| {
        used.contains(row.word.as_str())
            && row.of.as_ref().is_none_or(|kernel| said.contains(kernel.as_str()))
            && !row.needs.items().any(|item| said.contains(item))
    };
    let usual: Vec<Expression> = Items::builtin().uses.iter().filter(is_wanted).map(|row| row.needs.clone()).collect();
    needs.extend(usual);
    needs
}

/// What the case says of its terminal, the lowest first: terminals of its file, then fragments.
fn terminal<'a>(source: &'a CaseText, tap: &'a TapPlan) -> Vec<&'a Table> {
    let mut tables: Vec<&Table> =
        tap.layers.iter().rev().filter_map(|layer| Some(layer.setup.terminal_with.as_ref()?.get_ref())).collect();
    let mut name =
        tap.layers.iter().rev().find_map(|layer| layer.setup.terminal.as_ref()).map(|name| name.get_ref().as_str());
    while let Some(own) = name.and_then(|name| source.terminals.get(name)) {
        tables.push(own.get_ref());
        // A terminal that extends itself is somebody else's to complain about.
        name = own.get_ref().get("extends").and_then(Value::as_str).filter(|_| tables.len() < 32);
    }
    tables.reverse();
    tables
}

/// The options that the tables state; of two statements the later counts.
fn options(tables: &[&Table]) -> Vec<Expression> {
    let mine: Vec<&&Table> =
        tables.iter().rev().filter(|table| OPTIONS.iter().any(|key| table.contains_key(*key))).collect();
    if mine.is_empty() {
        return Vec::new();
    }
    let items = Items::builtin().items.values();
    let stated = items.filter_map(|item| {
        let value = mine.iter().find_map(|table| item.stated(table))?;
        Expression::parse(&match value {
            ics::Value::Bool(true) => item.id.clone(),
            ics::Value::Bool(false) => format!("not {}", item.id),
            value => format!("{} = {value}", item.id),
        })
        .ok()
    });
    stated.collect()
}

/// What a terminal has.
fn parts(table: &Table, used: &mut BTreeSet<&'static str>) {
    let combinations = match table.get("combination") {
        Some(Value::Array(combinations)) => combinations.iter().filter_map(Value::as_table).collect(),
        Some(Value::Table(combination)) => vec![combination],
        _ => Vec::new(),
    };
    for combination in combinations {
        let has = |key: &str| combination.get(key).is_some_and(|value| *value != Value::Boolean(false));
        used.extend((combination.get("kernel").and_then(Value::as_str) == Some(PROBE)).then_some("stand-in"));
        for (key, word) in [
            ("implemented-by", "stand-in"),
            ("dynamic-limits", "dynamic-limits"),
            ("extended-selection", "extended-selection"),
        ] {
            used.extend(has(key).then_some(word));
        }
    }
    for word in ["revoked", "exceptions"] {
        used.extend(table.contains_key(word).then_some(word));
    }
}

/// What is tapped.
fn scene(tap: &TapPlan, used: &mut BTreeSet<&'static str>) {
    let last = tap.layers.iter().rev();
    let kind = last.clone().find_map(|layer| layer.setup.r#type.as_ref()).map(|kind| kind.get_ref().as_str());
    let word = kind.and_then(|kind| ["refund", "cash", "cashback"].into_iter().find(|word| *word == kind));
    used.extend(word);
    for (said, word) in [
        (last.clone().find_map(|layer| layer.setup.autorun), "autorun"),
        (last.clone().find_map(|layer| layer.setup.clean), "clean"),
    ] {
        used.extend(said.unwrap_or(false).then_some(word));
    }
}

/// What is to be seen.
fn seen(check: &Check, used: &mut BTreeSet<&'static str>) {
    let only = |words: &Option<OneOf>, word: &str| matches!(words, Some(OneOf::One(one)) if one == word);
    for word in ["signature", "online-pin", "confirmation-code-verified"] {
        used.extend(only(&check.cvm, word).then_some(word));
    }
    used.extend(check.coded.as_ref().map(|_| "coded"));
    let outcomes = check.outcomes.as_deref().unwrap_or_default();
    let is_online = only(&check.outcome, "online-request") || outcomes.iter().any(|word| word == "online-request");
    used.extend((is_online || check.online == Some(true)).then_some("online"));
    // An approval after an online request is the issuer's.
    let is_approved = only(&check.outcome, "approved") && check.final_outcome.is_none_or(|number| number.get() == 1);
    used.extend((is_approved || outcomes.first().is_some_and(|word| word == "approved")).then_some("offline"));
    let mut messages = check.ui.iter().flatten();
    used.extend(
        messages.any(|ui| ui.language.as_ref().is_some_and(|language| language != "none")).then_some("language"),
    );
}
