//! What can be wrong with a case beside its statements.

use super::{File, rules, statements};
use crate::suite::{
    case::{Case, CaseFile, Check, Setup},
    catalogue::Catalogue,
    expression::Expression,
    ics::Items,
};

/// Every `given` of a file.
pub(super) fn setups(file: &CaseFile) -> impl Iterator<Item = &Setup> {
    [&file.given].into_iter().chain(file.cases.iter().flat_map(of_case))
}

fn of_case(case: &Case) -> impl Iterator<Item = &Setup> {
    let then = case.then.iter().map(|tap| &tap.given);
    let varied = case.vary.values().flat_map(|values| values.values()).map(|tap| &tap.given);
    [&case.given].into_iter().chain(then).chain(varied)
}

/// Looks at a case; `at`: which of its file.
pub(super) fn lint(file: &mut File<'_>, case: &Case, at: usize, catalogue: &Catalogue) {
    let path = |keys: &[&str]| -> Vec<String> {
        let at = at.to_string();
        ["case", at.as_str()].into_iter().chain(keys.iter().copied()).map(str::to_owned).collect()
    };
    if let Some(applies) = &case.applies {
        let parsed = Expression::parse(applies.get_ref());
        if parsed.is_ok_and(|expression| !Items::builtin().can_hold(&expression)) {
            let hint = "an ICS that met it would contradict itself";
            file.at(&path(&["applies"]), rules::UNREACHABLE, "no subject can ever meet this", Some(hint));
        }
    }
    for (index, check) in case.checks.iter().enumerate() {
        self::check(file, check, &path(&["check", &index.to_string()]), catalogue);
    }
    for (tap, then) in case.then.iter().enumerate() {
        for (index, check) in then.checks.iter().enumerate() {
            self::check(file, check, &path(&["then", &tap.to_string(), "check", &index.to_string()]), catalogue);
        }
    }
    for (axis, values) in &case.vary {
        if values.is_empty() {
            file.at_key(&path(&["vary", axis]), rules::EMPTY_AXIS, format!("the axis `{axis}` has no values"), None);
        }
        for (value, tap) in values {
            let name = path(&["vary", axis, value]);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
            if value.is_empty() || !value.chars().all(plain) {
                let hint = "it becomes part of an id: write small letters, digits, `-` and `.`";
                file.at_key(&name, rules::VARIANT_FORM, format!("`{value}` cannot name a variant"), Some(hint));
            }
            for (index, check) in tap.checks.iter().enumerate() {
                self::check(file, check, &path(&["vary", axis, value, "check", &index.to_string()]), catalogue);
            }
        }
    }
    expectation(file, case, &path(&["id"]));
    collisions(file, case, &path);
}

fn check(file: &mut File<'_>, check: &Check, path: &[String], catalogue: &Catalogue) {
    let inside = |keys: &[&str]| [path, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()].concat();
    if check.requirement.is_empty() {
        let hint = "name the requirements of the catalogue that say so";
        file.at(&inside(&["requirement"]), rules::NO_REQUIREMENT, "the check follows from nothing", Some(hint));
    }
    for (at, id) in check.requirement.iter().enumerate() {
        let place = inside(&["requirement", &at.to_string()]);
        match catalogue.get(id.get_ref()) {
            None => {
                let hint = catalogue.suggest(id.get_ref());
                let message = format!("there is no requirement `{}`", id.get_ref());
                file.at(&place, rules::UNKNOWN_REQUIREMENT, message, Some(&hint));
            }
            Some(found) => {
                if let Some(why) = &found.untestable {
                    let message = format!("the catalogue says that no case can assert `{}`: {why}", id.get_ref());
                    file.at(&place, rules::UNTESTABLE, message, None);
                }
            }
        }
    }
    if !statements::says_something(check) {
        let hint = "state what must be seen: outcome, commands, sent, ui, …";
        file.at(path, rules::EMPTY_CHECK, "the check states nothing", Some(hint));
    }
    statements::lint(file, check, path);
}

/// A case that no subject can fail is none; one that a subject passes by doing nothing is hardly one.
fn expectation(file: &mut File<'_>, case: &Case, id: &[String]) {
    let all = || {
        let then = case.then.iter().flat_map(|tap| &tap.checks);
        let varied = case.vary.values().flat_map(|values| values.values()).flat_map(|tap| &tap.checks);
        case.checks.iter().chain(then).chain(varied)
    };
    if all().next().is_none() {
        let hint = "add [[case.check]] with a requirement and what must be seen";
        file.at(id, rules::NO_EXPECTATION, "the case expects nothing", Some(hint));
        return;
    }
    // A variant of an axis whose other values have checks must have one, too.
    let common = !case.checks.is_empty() || case.then.iter().any(|tap| !tap.checks.is_empty());
    let always = case.vary.values().any(|values| values.values().all(|tap| !tap.checks.is_empty()));
    if !common && !always {
        let hint = "add a check to the case, or to every value of an axis";
        file.at(id, rules::NO_EXPECTATION, "some variants of the case expect nothing", Some(hint));
    }
    if all().any(statements::says_something) && !all().any(statements::says_something_positive) {
        let hint = "state something that must be seen, too";
        let message = "the case only says what must not be seen: a subject that does nothing passes it";
        file.at(id, rules::ONLY_NEGATIVE, message, Some(hint));
    } else if all().any(statements::says_something) && !says_more_than_the_outcome(case) {
        let hint = "state what must be asked of the card, too: sends = [\"GPO\"]";
        let message = "the case only says how the tap ends: a subject that never asks the card can pass it";
        file.at(id, rules::OUTCOME_ONLY, message, Some(hint));
    }
}

/// Whether every variant states more than how a tap ends.
fn says_more_than_the_outcome(case: &Case) -> bool {
    let more = |checks: &[Check]| checks.iter().any(statements::says_more_than_the_outcome);
    more(&case.checks)
        || case.then.iter().any(|tap| more(&tap.checks))
        || case.vary.values().any(|values| values.values().all(|tap| more(&tap.checks)))
}

/// Two axes that say the same thing: one would always win.
fn collisions(file: &mut File<'_>, case: &Case, path: &dyn Fn(&[&str]) -> Vec<String>) {
    let mut said: Vec<(&'static str, &str)> = Vec::new();
    for (axis, values) in &case.vary {
        for (value, tap) in values {
            for part in parts(&tap.given) {
                match said.iter().find(|(known, _)| *known == part) {
                    Some((_, other)) if *other != axis => {
                        let message = format!("the axes `{other}` and `{axis}` both say `{part}`");
                        let place = path(&["vary", axis, value, "given", part]);
                        file.at_key(&place, rules::AXES_COLLIDE, message, Some("put it into one axis"));
                    }
                    Some(_) => {}
                    None => said.push((part, axis)),
                }
            }
        }
    }
}

/// The parts of a setup that one layer takes from another; fragments and settings lie over one another.
fn parts(setup: &Setup) -> impl Iterator<Item = &'static str> {
    let parts = [
        ("card", setup.card.is_some()),
        ("terminal", setup.terminal.is_some()),
        ("amount", setup.amount.is_some()),
        ("other", setup.other.is_some()),
        ("type", setup.r#type.is_some()),
        ("faults", setup.faults.is_some()),
        ("host", setup.host.is_some()),
        ("clock", setup.clock.is_some()),
        ("unpredictable-numbers", setup.unpredictable_numbers.is_some()),
        ("autorun", setup.autorun.is_some()),
        ("clean", setup.clean.is_some()),
    ];
    parts.into_iter().filter(|(_, said)| *said).map(|(part, _)| part)
}
