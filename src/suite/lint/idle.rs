//! Statements that are never judged: about an object that no list of the card asks for.

use std::collections::BTreeMap;

use super::{File, rules};
use crate::{
    card::{
        Profile,
        fault::{Fault, Kind, Target},
    },
    data::{
        dictionary::{CDOL1_8C, PDOL_9F38},
        dol,
        text::TagText,
    },
    suite::{
        case::{Case, Check},
        command,
        load::Suite,
        resolve::PlannedTap,
    },
    tlv::Tag,
};

/// Looks at every tap of every variant.
pub(super) fn lint(file: &mut File<'_>, cases: &[Case], suite: &Suite) {
    let places = places(cases);
    for case in &suite.cases {
        // What cannot be made is told elsewhere.
        let Ok(taps) = case.taps() else { continue };
        for tap in taps.iter().filter(|tap| !tap.clean) {
            for (check, command, name) in tap.checks.iter().flat_map(sent) {
                let Some(why) = why_never(tap, command, name) else { continue };
                let message = format!("{}: this is never judged: {why}", case.id);
                let hint = "let the card ask for it: card-with.application.….data.PDOL, or CDOL1";
                match place(check).and_then(|start| places.get(&start)) {
                    Some(path) => {
                        let path = [path.as_slice(), &["sent", command, name].map(str::to_owned)].concat();
                        file.at_key(&path, rules::NEVER_ASKED, message, Some(hint));
                    }
                    None => file.put(rules::NEVER_ASKED, case.problem(message).hint(hint)),
                }
            }
        }
    }
}

/// What a check says about objects that commands carry.
fn sent(check: &Check) -> impl Iterator<Item = (&Check, &str, &str)> {
    let commands = check.sent.iter().flatten();
    commands
        .flat_map(move |(command, objects)| objects.keys().map(move |name| (check, command.as_str(), name.as_str())))
}

/// Why a terminal that does what the card asks for never sends the object with this command; `None` if it may.
fn why_never(tap: &PlannedTap, command: &str, name: &str) -> Option<String> {
    let TagText(tag) = name.parse().ok()?;
    let (list, words) = match command::numbered(command) {
        (name, _) if name.parse::<command::Wanted>().is_ok_and(|wanted| wanted.name() == "GPO") => (PDOL_9F38, "PDOL"),
        (name, 1) if name.to_uppercase().starts_with("GENERATE AC") => (CDOL1_8C, "CDOL1"),
        _ => return None,
    };
    let may = tap.faults.iter().any(changes_lists) || asks(&tap.card, list, tag);
    (!may).then(|| format!("the card's {words} does not ask for {tag}"))
}

/// Whether an application of the card asks for the object.
fn asks(card: &Profile, list: Tag, tag: Tag) -> bool {
    let mut lists = card.applications.iter().filter_map(|application| application.data.get(&list));
    lists.any(|list| dol::contains(list, tag).unwrap_or(true))
}

/// Whether a fault may put another list into an answer.
const fn changes_lists(fault: &Fault) -> bool {
    !matches!(fault.command, Target::SelectPpse | Target::Poll)
        && matches!(fault.kind, Kind::Answer(_) | Kind::Objects(_) | Kind::Extend(_) | Kind::FlipBit(_))
}

/// Where a check begins to be told from others: its first requirement.
fn place(check: &Check) -> Option<usize> {
    check.requirement.first().map(|id| id.span().start)
}

/// The path of every check of a file, by its place.
fn places(cases: &[Case]) -> BTreeMap<usize, Vec<String>> {
    let mut places = BTreeMap::new();
    let mut all = |lead: &[&str], checks: &[Check]| {
        for (at, check) in checks.iter().enumerate() {
            let path = lead.iter().map(|key| (*key).to_owned()).chain(["check".to_owned(), at.to_string()]).collect();
            places.extend(place(check).map(|start| (start, path)));
        }
    };
    for (at, case) in cases.iter().enumerate() {
        let at = at.to_string();
        all(&["case", &at], &case.checks);
        for (tap, then) in case.then.iter().enumerate() {
            all(&["case", &at, "then", &tap.to_string()], &then.checks);
        }
        for (axis, values) in &case.vary {
            for (value, tap) in values {
                all(&["case", &at, "vary", axis, value], &tap.checks);
            }
        }
    }
    places
}
