//! What a card offers before it is selected: the directory, names, kernels, languages.

use super::{Notes, Subject, languages::is_language, rules};
use crate::{
    bytes::Hex,
    card::{
        is_selected_by,
        profile::{PpseEntry, Profile, Scheme},
    },
    data::dictionary::{
        APPLICATION_LABEL_50, APPLICATION_PREFERRED_NAME_9F12, ISSUER_CODE_TABLE_INDEX_9F11, LANGUAGE_PREFERENCE_5F2D,
    },
};

/// Registered application provider and kernel of a scheme.
const fn scheme(scheme: Scheme) -> ([u8; 5], u8) {
    match scheme {
        Scheme::Visa => ([0xA0, 0x00, 0x00, 0x00, 0x03], 3),
        Scheme::Mastercard => ([0xA0, 0x00, 0x00, 0x00, 0x04], 2),
    }
}

pub(super) fn check(profile: &Profile, notes: &mut Notes<'_>) {
    if profile.ppse.is_empty() {
        let hint = "leave `ppse` out to have it made from the applications";
        notes.say(rules::PPSE_EMPTY, &ppse(None, ""), "the directory names no application", hint);
    }
    for (at, entry) in profile.ppse.iter().enumerate() {
        stated_entry(profile, at, entry, notes);
        let same = |other: &PpseEntry| other.priority.map(rank) == entry.priority.map(rank);
        if profile.ppse.iter().take(at).any(same) {
            let path = priority_path(profile, at, notes);
            let message = "two applications have the same priority, so the order in the directory decides";
            notes.say(rules::PPSE_PRIORITY, &path, message, "number them 1, 2, …");
        }
    }
    for application in &profile.applications {
        if !profile.ppse.is_empty() && !profile.ppse.iter().any(|entry| is_selected_by(application, &entry.aid)) {
            let path = super::path(&application.name, &["aid"]);
            let message = "the directory does not lead to this application";
            notes.say(rules::PPSE_MISSING, &path, message, "add an entry to `ppse`");
        }
    }
}

/// Bits 4-1: the rank.
const fn rank(priority: u8) -> u8 {
    priority & 0x0F
}

/// The path of an entry of the directory, if it is written down.
fn ppse(entry: Option<usize>, key: &str) -> Vec<String> {
    let number = entry.map(|at| at.to_string());
    [Some("ppse".to_owned()), number, Some(key.to_owned())]
        .into_iter()
        .flatten()
        .filter(|key| !key.is_empty())
        .collect()
}

fn priority_path(profile: &Profile, at: usize, notes: &Notes<'_>) -> Vec<String> {
    if notes.places.has(&ppse(None, "")) {
        return ppse(Some(at), "priority");
    }
    profile.applications.get(at).map(|application| super::path(&application.name, &["priority"])).unwrap_or_default()
}

/// An entry as it is written. One made from an application is checked with that.
fn stated_entry(profile: &Profile, at: usize, entry: &PpseEntry, notes: &mut Notes<'_>) {
    if !notes.places.has(&ppse(None, "")) {
        return;
    }
    let selects = profile.applications.iter().any(|application| is_selected_by(application, &entry.aid));
    if !(5..=16).contains(&entry.aid.len()) || !selects {
        let message = format!("no application of the card is selected by {}", Hex(&entry.aid));
        notes.say(
            rules::PPSE_AID,
            &ppse(Some(at), "aid"),
            message,
            "name an AID of the card, or its first 5 bytes or more",
        );
    }
    let owner = profile.applications.first().map_or(Scheme::Visa, |application| application.scheme());
    names(entry, owner, [ppse(Some(at), "kernel-identifier"), ppse(Some(at), "extended-selection")], notes);
    if let Some(label) = &entry.label {
        characters(label.as_bytes(), &ppse(Some(at), "label"), notes);
    }
    let application = profile.applications.iter().find(|application| is_selected_by(application, &entry.aid));
    let label = application.and_then(|application| application.data.get(&APPLICATION_LABEL_50));
    if let (Some(said), Some(label)) = (&entry.label, label)
        && said.as_bytes() != label.as_slice()
    {
        let message = "the directory and the application have different labels";
        notes.say(rules::LABEL_DIFFERS, &ppse(Some(at), "label"), message, "use one label in both");
    }
}

/// An application's own share.
pub(super) fn application(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let application = subject.application;
    let entry = PpseEntry {
        aid: application.aid.clone(),
        label: None,
        priority: None,
        kernel_identifier: application.kernel_identifier.clone(),
        extended_selection: application.extended_selection.clone(),
    };
    if !notes.places.has(&ppse(None, "")) {
        names(
            &entry,
            application.scheme(),
            [subject.path(&["kernel-identifier"]), subject.path(&["extended-selection"])],
            notes,
        );
    }
    if let Some(label) = subject.stated(APPLICATION_LABEL_50) {
        let stated = subject.data(APPLICATION_LABEL_50);
        let path = if notes.places.has(&stated) { stated } else { subject.path(&["label"]) };
        characters(label, &path, notes);
    }
    let index = ISSUER_CODE_TABLE_INDEX_9F11;
    if let (Some(_), None) = (subject.stated(APPLICATION_PREFERRED_NAME_9F12), subject.stated(index)) {
        let place = subject.data(APPLICATION_PREFERRED_NAME_9F12);
        let message = "a preferred name (9F12) is not shown without a code table index (9F11)";
        notes.say(rules::CODE_TABLE, &place, message, "state 9F11; 1 is ISO 8859-1");
    }
    languages(subject, notes);
}

/// The kernel the card wants, and its name with what is appended.
fn names(entry: &PpseEntry, owner: Scheme, [kernel, extension]: [Vec<String>; 2], notes: &mut Notes<'_>) {
    let (provider, number) = scheme(owner);
    let message = match entry.kernel_identifier.as_deref() {
        None | Some([]) if entry.aid.starts_with(&provider) => None,
        None | Some([]) => Some(format!("without 9F2A nothing says that this AID is for kernel {number}")),
        Some([_, _]) => Some("a 9F2A has 1 or at least 3 bytes".to_owned()),
        Some([first, ..]) if *first == number || *first == 0 => None,
        Some(other) => {
            Some(format!("9F2A {} asks for another kernel than {number}, for which the card is made", Hex(other)))
        }
    };
    if let Some(message) = message {
        notes.say(rules::KERNEL_IDENTIFIER, &kernel, message, format!("state kernel-identifier = \"0{number}\""));
    }
    let appended = entry.extended_selection.as_ref().map_or(0, Vec::len);
    if entry.aid.len() + appended > 16 {
        let message = format!("AID and 9F29 have {} bytes together, a name has at most 16", entry.aid.len() + appended);
        notes.say(rules::EXTENDED_SELECTION, &extension, message, "shorten 9F29");
    }
}

/// Letters, digits and blanks; the length is the dictionary's to check.
fn characters(label: &[u8], path: &[String], notes: &mut Notes<'_>) {
    if !label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ') {
        let message = "a label has letters, digits and blanks only; a terminal may not be able to show this one";
        notes.say(rules::LABEL, path, message, "put other characters into 9F12, with 9F11");
    }
}

fn languages(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let Some(value) = subject.stated(LANGUAGE_PREFERENCE_5F2D) else { return };
    for (at, language) in value.chunks(2).enumerate() {
        let letters = String::from_utf8_lossy(language);
        let twice = value.chunks(2).take(at).any(|other| other == language);
        if twice || language.len() == 2 && !is_language(&letters) {
            let message = if twice {
                format!("language `{letters}` comes twice")
            } else {
                format!("`{letters}` is no language of ISO 639 in two lower-case letters")
            };
            notes.say(
                rules::LANGUAGE,
                &subject.data(LANGUAGE_PREFERENCE_5F2D),
                message,
                "write languages like de or en",
            );
        }
    }
}
