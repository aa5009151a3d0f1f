//! What can be wrong with the statements of a check.

use std::collections::BTreeMap;

use super::{File, rules};
use crate::{
    data::text::{HexText, TagText},
    diag::suggest,
    suite::{
        case::{Check, OneOf, Pattern, Ui},
        command::{self, Wanted},
        pattern::Statement,
    },
};

const OUTCOMES: &[&str] = &["approved", "declined", "online-request", "try-another-interface", "end-application"];
const DISPOSITIONS: &[&str] = &["approved", "declined", "none"];
const CVMS: &[&str] = &["no-cvm", "signature", "online-pin", "confirmation-code-verified", "none"];
const STARTS: &[&str] = &["A", "B", "C", "D", "none"];
const RESPONSE_DATA: &[&str] = &["none", "emv-data", "any"];
const INTERFACES: &[&str] = &["contact-chip", "mag-stripe", "none"];
const CRYPTOGRAMS: &[&str] = &["valid", "wrong", "unverifiable"];
const STATUSES: &[&str] =
    &["not-ready", "idle", "ready-to-read", "processing", "card-read-successfully", "processing-error", "none"];
const QUALIFIERS: &[&str] = &["amount", "balance", "none"];

/// Whether the check states anything.
pub(super) fn says_something(check: &Check) -> bool {
    says_something_positive(check)
        || check.online.is_some()
        || check.never_sends.as_ref().is_some_and(|list| !list.is_empty())
        || check.never_needs.as_ref().is_some_and(|list| !list.is_empty())
        || check.never_tells.as_ref().is_some_and(|list| !list.is_empty())
        || check.needs.is_some()
        || check.removals.is_some()
        || check.never_ui.as_ref().is_some_and(|list| !list.is_empty())
        || patterns(check).next().is_some()
}

/// Whether it states something that a subject has to do.
pub(super) fn says_something_positive(check: &Check) -> bool {
    let some = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let word = [&check.outcome, &check.disposition, &check.cvm, &check.start, &check.online_response_data];
    word.into_iter().chain([&check.alternate_interface, &check.cryptogram]).any(Option::is_some)
        || check.receipt.is_some()
        || check.field_off_ms.is_some()
        || check.removal_timeout_ms.is_some()
        || check.online == Some(true)
        || check.field_off_for_ms.is_some()
        || check.held_back_ms.is_some()
        || check.selected.is_some()
        || check.removals.is_some_and(|count| count > 0)
        || check.well_formed == Some(true)
        || check.commands.is_some()
        || check.outcomes.is_some()
        || some(&check.sends)
        || some(&check.needs)
        || check.uis.is_some()
        || check.ui.as_ref().is_some_and(|list| !list.is_empty())
        || patterns(check).any(|(_, pattern)| pattern.texts().any(|text| text.trim() != "absent"))
}

/// Whether it states something of the card, the display, the field or what an Outcome carries, and not only how the tap ends: that
/// much a terminal can say that never asks a card.
pub(super) fn says_more_than_the_outcome(check: &Check) -> bool {
    let some = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
    check.commands.is_some()
        || check.well_formed == Some(true)
        || check.selected.is_some()
        || check.cryptogram.is_some()
        || check.field_off_for_ms.is_some()
        || check.held_back_ms.is_some()
        || some(&check.sends)
        || some(&check.needs)
        || check.uis.is_some()
        || check.ui.as_ref().is_some_and(|list| !list.is_empty())
        || patterns(check).any(|(_, pattern)| pattern.texts().any(|text| text.trim() != "absent"))
}

/// A statement's path and pattern.
type Place<'a> = (Vec<&'a str>, &'a Pattern);

/// Every pattern with its path in the check.
fn patterns(check: &Check) -> impl Iterator<Item = Place<'_>> {
    fn objects<'a>(
        lead: Vec<&'a str>,
        objects: Option<&'a BTreeMap<String, Pattern>>,
    ) -> impl Iterator<Item = Place<'a>> {
        let place = move |(name, pattern): (&'a String, &'a Pattern)| ([lead.as_slice(), &[name]].concat(), pattern);
        objects.into_iter().flatten().map(place)
    }
    let sent = check.sent.iter().flatten().flat_map(|(command, inside)| objects(vec!["sent", command], Some(inside)));
    objects(vec!["data-record"], check.data_record.as_ref())
        .chain(objects(vec!["discretionary-data"], check.discretionary_data.as_ref()))
        .chain(objects(vec!["last-discretionary-data"], check.last_discretionary_data.as_ref()))
        .chain(objects(vec!["coded"], check.coded.as_ref()))
        .chain(objects(vec!["online-data"], check.online_data.as_ref()))
        .chain(objects(vec!["sent-data"], check.sent_data.as_ref()))
        .chain(objects(vec!["tells"], check.tells.as_ref()))
        .chain(sent)
}

/// Looks at every statement of a check that stands at `path`.
pub(super) fn lint(file: &mut File<'_>, check: &Check, path: &[String]) {
    Statements { file, path }.all(check);
}

struct Statements<'f, 'a, 'p> {
    file: &'f mut File<'a>,
    path: &'p [String],
}

impl Statements<'_, '_, '_> {
    fn place(&self, keys: &[&str]) -> Vec<String> {
        self.path.iter().cloned().chain(keys.iter().map(|key| (*key).to_owned())).collect()
    }

    fn all(&mut self, check: &Check) {
        self.words("outcome", check.outcome.as_ref(), OUTCOMES);
        self.words("disposition", check.disposition.as_ref(), DISPOSITIONS);
        self.words("cvm", check.cvm.as_ref(), CVMS);
        self.words("start", check.start.as_ref(), STARTS);
        self.words("online-response-data", check.online_response_data.as_ref(), RESPONSE_DATA);
        self.words("alternate-interface", check.alternate_interface.as_ref(), INTERFACES);
        self.words("cryptogram", check.cryptogram.as_ref(), CRYPTOGRAMS);
        for (at, word) in check.outcomes.iter().flatten().enumerate() {
            self.word(&["outcomes", &at.to_string()], word, OUTCOMES);
        }
        for (key, list) in [("commands", &check.commands), ("sends", &check.sends), ("never-sends", &check.never_sends)]
        {
            for (at, command) in list.iter().flatten().enumerate() {
                let place = self.place(&[key, &at.to_string()]);
                self.command(&place, command, false);
            }
        }
        for (key, commands) in [
            ("sent", check.sent.iter().flatten().map(|(command, _)| command).collect::<Vec<_>>()),
            ("sent-data", check.sent_data.iter().flatten().map(|(command, _)| command).collect()),
        ] {
            for command in commands {
                let place = self.place(&[key, command]);
                self.command(&place, command, true);
            }
        }
        for (key, list) in
            [("needs", &check.needs), ("never-needs", &check.never_needs), ("never-tells", &check.never_tells)]
        {
            for (at, name) in list.iter().flatten().enumerate() {
                let place = self.place(&[key, &at.to_string()]);
                self.name(&place, name);
            }
        }
        for (keys, pattern) in patterns(check) {
            self.object(&keys);
            self.pattern(&keys, pattern);
        }
        self.selected(check.selected.as_deref());
        for (key, list) in [("ui", &check.ui), ("uis", &check.uis), ("never-ui", &check.never_ui)] {
            for (at, request) in list.iter().flatten().enumerate() {
                self.request(key, at, request);
            }
        }
    }

    fn words(&mut self, key: &str, wanted: Option<&OneOf>, known: &[&str]) {
        match wanted {
            None => {}
            Some(OneOf::One(word)) => self.word(&[key], word, known),
            Some(OneOf::Of(words)) if words.is_empty() => {
                let place = self.place(&[key]);
                self.file.at(&place, rules::UNKNOWN_WORD, "nothing can be one of no words", None);
            }
            Some(OneOf::Of(words)) => {
                for (at, word) in words.iter().enumerate() {
                    self.word(&[key, &at.to_string()], word, known);
                }
                if known.iter().all(|known| words.iter().any(|word| word == known)) {
                    let place = self.place(&[key]);
                    let hint = "leave out what the requirement does not allow here, or the statement";
                    self.file.at(&place, rules::ALLOWS_EVERYTHING, format!("every `{key}` is allowed"), Some(hint));
                }
            }
        }
    }

    fn word(&mut self, keys: &[&str], word: &str, known: &[&str]) {
        if !known.contains(&word) {
            let place = self.place(keys);
            let key = keys.iter().rev().find(|key| key.parse::<usize>().is_err()).copied().unwrap_or_default();
            let message = format!("`{key}` is never `{word}`");
            self.file.at(&place, rules::UNKNOWN_WORD, message, Some(&suggest(word, known.iter().copied())));
        }
    }

    fn command(&mut self, place: &[String], command: &str, is_key: bool) {
        let name = if is_key { command::numbered(command).0 } else { command };
        let Err(wrong) = name.parse::<Wanted>() else { return };
        let (message, hint) = wrong.split_once("; ").map_or((wrong.as_str(), None), |(what, hint)| (what, Some(hint)));
        if is_key {
            self.file.at_key(place, rules::UNKNOWN_COMMAND, message, hint);
        } else {
            self.file.at(place, rules::UNKNOWN_COMMAND, message, hint);
        }
    }

    /// The object that the last key names; a command's data field has no name.
    fn object(&mut self, keys: &[&str]) {
        let (Some(name), false) = (keys.last(), keys.first() == Some(&"sent-data")) else { return };
        if let Some((message, hint)) = not_an_object(name) {
            let place = self.place(keys);
            self.file.at_key(&place, rules::UNKNOWN_OBJECT, message, hint.as_deref());
        }
    }

    /// The object that a list names.
    fn name(&mut self, place: &[String], name: &str) {
        if let Some((message, hint)) = not_an_object(name) {
            self.file.at(place, rules::UNKNOWN_OBJECT, message, hint.as_deref());
        }
    }

    fn pattern(&mut self, keys: &[&str], pattern: &Pattern) {
        for (at, text) in pattern.texts().enumerate() {
            if let Err(wrong) = text.parse::<Statement>() {
                let place = match pattern {
                    Pattern::One(_) => self.place(keys),
                    Pattern::All(_) => self.place(&[keys, &[at.to_string().as_str()]].concat()),
                };
                self.file.at(&place, rules::BAD_PATTERN, wrong, None);
            }
        }
        if matches!(pattern, Pattern::All(all) if all.is_empty()) {
            let place = self.place(keys);
            self.file.at(&place, rules::BAD_PATTERN, "an empty list states nothing", None);
        }
    }

    fn selected(&mut self, selected: Option<&str>) {
        let Some(selected) = selected.filter(|selected| *selected != "none") else { return };
        let length = selected.parse().map_or(0, |HexText(aid)| aid.len());
        if !(5..=16).contains(&length) {
            let place = self.place(&["selected"]);
            let hint = "write 5 to 16 bytes in hex, or `none`";
            self.file.at(&place, rules::UNKNOWN_WORD, format!("`{selected}` is no application"), Some(hint));
        }
    }

    fn request(&mut self, key: &str, at: usize, request: &Ui) {
        let index = at.to_string();
        let words = [("status", &request.status, STATUSES), ("qualifier", &request.qualifier, QUALIFIERS)];
        for (part, word, known) in words {
            if let Some(word) = word {
                self.word(&[key, &index, part], word, known);
            }
        }
        let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(message) = request.message.as_deref().filter(|message| *message != "none" && !digits(message)) {
            let place = self.place(&[key, &index, "message"]);
            let hint = "a message has two hex digits, `17`; `emvtap explain message 17` says what they mean";
            self.file.at(&place, rules::UNKNOWN_WORD, format!("`{message}` is no message"), Some(hint));
        }
        if *request == Ui::default() {
            let place = self.place(&[key, &index]);
            self.file.at(&place, rules::UNKNOWN_WORD, "a request of which nothing is said is any request", None);
        }
    }
}

/// Why a name is none of a data object, and a hint.
fn not_an_object(name: &str) -> Option<(String, Option<String>)> {
    let wrong = name.parse::<TagText>().err()?;
    Some(match wrong.split_once("; ") {
        Some((what, hint)) => (what.to_owned(), Some(hint.to_owned())),
        None => (wrong, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        crypto::cryptogram::CryptogramCheck,
        kernel::outcome::{AlternateInterface, Cvm, OnlineResponseData, OutcomeResult, Start, UiStatus},
        run::Disposition,
    };

    /// The words are those of results.
    #[test]
    fn words_are_known_as_results_write_them() {
        let inside = [OutcomeResult::SelectNext, OutcomeResult::TryAgain];
        for result in OutcomeResult::ALL {
            assert_eq!(OUTCOMES.contains(&result.name()), !inside.contains(&result), "{}", result.name());
        }
        for disposition in [Disposition::Approved, Disposition::Declined, Disposition::None] {
            assert!(DISPOSITIONS.contains(&disposition.name()));
        }
        for cvm in [Cvm::NotApplicable, Cvm::NoCvm, Cvm::Signature, Cvm::OnlinePin, Cvm::ConfirmationCodeVerified] {
            assert!(CVMS.contains(&cvm.name().unwrap_or("none")));
        }
        assert!([Start::A, Start::B, Start::C, Start::D].iter().all(|start| STARTS.contains(&start.name())));
        for data in [OnlineResponseData::NotApplicable, OnlineResponseData::EmvData, OnlineResponseData::Any] {
            assert!(RESPONSE_DATA.contains(&data.name()));
        }
        for interface in [AlternateInterface::ContactChip, AlternateInterface::MagStripe] {
            assert!(INTERFACES.contains(&interface.name()));
        }
        for check in [CryptogramCheck::Valid, CryptogramCheck::Wrong, CryptogramCheck::Unverifiable] {
            assert!(CRYPTOGRAMS.contains(&check.name()));
        }
        for status in [
            UiStatus::NotReady,
            UiStatus::Idle,
            UiStatus::ReadyToRead,
            UiStatus::Processing,
            UiStatus::CardReadSuccessfully,
            UiStatus::ProcessingError,
        ] {
            assert!(STATUSES.contains(&status.name()));
        }
    }
}
