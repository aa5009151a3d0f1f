//! Statements about User Interface Requests.

use super::{Judge, Look};
use crate::suite::{case::Ui, results::Aspect, seen::UiSeen};

/// Judges what the check says about them.
pub fn judge(judge: &mut Judge<'_>) {
    let check = judge.check;
    if let Some(wanted) = &check.ui {
        in_order(judge, wanted);
    }
    if let Some(wanted) = &check.uis {
        all(judge, wanted);
    }
    for wanted in check.never_ui.iter().flatten() {
        let shown = judge.scene.ui.iter().find(|(_, seen)| wanted.is(seen));
        let (step, observed) = match shown {
            Some((step, seen)) => (Some(*step), words(seen)),
            None => (None, "not shown".to_owned()),
        };
        let expected = format!("never {}", wanted.words());
        judge.find(look("user interface", step), shown.is_none(), expected, observed);
    }
}

fn look(what: &str, step: Option<usize>) -> Look {
    Look { aspect: Aspect::Ui, what: what.to_owned(), step }
}

/// These requests one after the other, with or without others between them.
fn in_order(judge: &mut Judge<'_>, wanted: &[Ui]) {
    let mut shown = judge.scene.ui.iter();
    let missing = wanted.iter().find(|wanted| !shown.any(|(_, seen)| wanted.is(seen)));
    let step = judge.scene.ui.last().filter(|_| missing.is_some()).map(|(step, _)| *step);
    let mut observed = shown_in_words(judge);
    if let Some(request) = missing.filter(|_| wanted.len() > 1) {
        observed = format!("{observed}; no {} where it must be", request.words());
    }
    judge.find(look("user interface", step), missing.is_none(), in_words(wanted), observed);
}

/// Exactly these requests.
fn all(judge: &mut Judge<'_>, wanted: &[Ui]) {
    let shown = &judge.scene.ui;
    let differs = wanted.iter().zip(shown).position(|(wanted, (_, seen))| !wanted.is(seen));
    let same = wanted.len() == shown.len() && differs.is_none();
    let at = differs.unwrap_or(wanted.len().min(shown.len()));
    let step = shown.get(at).or(shown.last()).filter(|_| !same).map(|(step, _)| *step);
    let observed = shown_in_words(judge);
    judge.find(look("whole user interface", step), same, in_words(wanted), observed);
}

fn in_words(requests: &[Ui]) -> String {
    let words: Vec<String> = requests.iter().map(Ui::words).collect();
    if words.is_empty() { "nothing is shown".to_owned() } else { words.join(" · ") }
}

fn shown_in_words(judge: &Judge<'_>) -> String {
    let observed: Vec<String> = judge.scene.ui.iter().map(|(_, seen)| words(seen)).collect();
    if observed.is_empty() { "nothing was shown".to_owned() } else { observed.join(" · ") }
}

impl Ui {
    /// Whether a request has everything that is stated.
    pub fn is(&self, seen: &UiSeen) -> bool {
        let word = |wanted: &Option<String>, found: &Option<String>| match (wanted, found) {
            (None, _) => true,
            (Some(wanted), None) => wanted == "none",
            (Some(wanted), Some(found)) => wanted.eq_ignore_ascii_case(found),
        };
        word(&self.message, &seen.message)
            && word(&self.status, &seen.status)
            && word(&self.language, &seen.language)
            && word(&self.qualifier, &seen.qualifier)
            && self.hold_ms.is_none_or(|hold| hold == seen.hold_ms.unwrap_or(0))
            && self.value.is_none_or(|value| seen.value == Some(value))
    }

    /// What is stated.
    pub fn words(&self) -> String {
        let parts = [
            self.message.as_ref().map(|message| format!("message {message}")),
            self.status.as_ref().map(|status| format!("status {status}")),
            self.hold_ms.map(|hold| format!("hold {hold} ms")),
            self.language.as_ref().map(|language| format!("language {language}")),
            self.qualifier.as_ref().map(|qualifier| format!("qualifier {qualifier}")),
            self.value.map(|value| format!("value {value}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "any request".to_owned() } else { parts.join(" ") }
    }
}

fn words(seen: &UiSeen) -> String {
    let UiSeen { message, status, hold_ms, language, qualifier, value } = seen.clone();
    Ui { message, status, hold_ms, language, qualifier, value }.words()
}
