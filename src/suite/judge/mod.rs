//! From what was seen to findings: every statement of a check, judged by bytes and outputs alone.

use std::collections::BTreeMap;

use super::{
    case::{Check, OneOf, Pattern},
    pattern::{Statement, shown},
    results::{Aspect, Finding, RequirementNote, Verdict},
    seen::{Ended, Seen},
};
use crate::{data::dictionary::tag_named, tlv::Tag};

mod bits;
mod commands;
mod exchange;
mod form;
mod outcome;
mod scene;
#[cfg(test)]
mod tests;
mod times;
mod ui;
#[cfg(test)]
mod wording;

use scene::Scene;

/// What of a subject can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// Commands and outputs.
    #[default]
    Everything,
    /// Only the commands it sends, as of a terminal that taps a card we serve: other statements are not judged.
    Commands,
}

/// Judges one tap: a finding for each statement of `checks`.
///
/// `tap`: its index in the case. `requirements`: the catalogue, for the level: what fails although its first requirement only
/// says "should" is a WARN. A tap that the subject spoilt ([`Ended::Misbehaved`], [`Ended::TimedOut`]) is one finding that
/// says so, because its statements were never put to the test; a tap that could not be made, or that the subject does not
/// support, has none. A command that is ill-formed is a finding of each but the tap that could not be made.
pub fn judge(
    checks: &[Check],
    tap: usize,
    seen: &Seen,
    sight: Sight,
    requirements: &BTreeMap<String, RequirementNote>,
) -> Vec<Finding> {
    let scene = Scene::of(seen);
    let mut findings = Vec::new();
    let stated = match &seen.ended {
        Ended::Done => checks,
        Ended::Broken(_) => return findings,
        Ended::Unsupported(_) => &[],
        Ended::Misbehaved(why) | Ended::TimedOut(why) => {
            findings.push(spoilt(tap, seen, why));
            &[]
        }
    };
    for check in stated {
        let mut judge = Judge::new(check, tap, seen, &scene, requirements, &mut findings);
        judge.sight = sight;
        commands::judge(&mut judge);
        form::judge(&mut judge);
        if sight == Sight::Everything {
            outcome::judge(&mut judge);
            ui::judge(&mut judge);
            times::judge(&mut judge);
            exchange::judge(&mut judge);
        }
    }
    // What a reader's driver makes of the lengths is not the terminal's doing.
    if sight == Sight::Everything
        && !findings.iter().any(|finding| finding.requirements.iter().any(|id| id == form::REQUIREMENT))
    {
        findings.extend(form::always(&scene, seen, &spoilt(tap, seen, "")));
    }
    findings
}

/// The finding about a subject that did not bring a tap to its end.
fn spoilt(tap: usize, seen: &Seen, why: &str) -> Finding {
    Finding {
        tap,
        aspect: Aspect::Outcome,
        what: "subject".to_owned(),
        expected: "a Final Outcome".to_owned(),
        observed: why.to_owned(),
        verdict: Verdict::Fail,
        requirements: Vec::new(),
        because: String::new(),
        step: seen.steps.len().checked_sub(1),
        differences: Vec::new(),
    }
}

/// One check of one tap.
struct Judge<'a> {
    check: &'a Check,
    seen: &'a Seen,
    scene: &'a Scene<'a>,
    findings: &'a mut Vec<Finding>,
    /// What every finding of the check has in common.
    blank: Finding,
    /// What a statement that does not hold is.
    failure: Verdict,
    sight: Sight,
}

/// What was looked at, before anything is said about it.
struct Look {
    aspect: Aspect,
    what: String,
    /// Index into the tap's steps.
    step: Option<usize>,
}

impl<'a> Judge<'a> {
    fn new(
        check: &'a Check,
        tap: usize,
        seen: &'a Seen,
        scene: &'a Scene<'a>,
        catalogue: &BTreeMap<String, RequirementNote>,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let requirements: Vec<String> = check.requirement.iter().map(|id| id.get_ref().clone()).collect();
        let level = requirements.first().and_then(|id| catalogue.get(id)).map(|note| note.level.as_str());
        let failure = if level == Some("should") { Verdict::Warn } else { Verdict::Fail };
        let blank = Finding { requirements, because: check.because.clone(), ..spoilt(tap, seen, "") };
        Self { check, seen, scene, findings, blank, failure, sight: Sight::Everything }
    }

    /// The last finding was about a number that the terminal draws. One that nobody can give numbers to is right with any.
    fn of_its_own(&mut self) {
        if self.sight == Sight::Everything {
            return;
        }
        if let Some(finding) = self.findings.last_mut().filter(|finding| finding.verdict != Verdict::Pass) {
            finding.verdict = Verdict::NotApplicable;
            finding.differences.clear();
        }
    }

    /// Writes down what was found.
    fn find(&mut self, look: Look, holds: bool, expected: String, observed: String) {
        let verdict = if holds { Verdict::Pass } else { self.failure };
        self.put(look, verdict, expected, observed);
    }

    fn put(&mut self, look: Look, verdict: Verdict, expected: String, observed: String) {
        let Look { aspect, what, step } = look;
        self.findings.push(Finding { aspect, what, expected, observed, verdict, step, ..self.blank.clone() });
    }

    /// Judges a word; nothing seen is `none`.
    fn word(&mut self, look: Look, wanted: &OneOf, found: Option<&str>) {
        let found = found.unwrap_or("none");
        self.find(look, wanted.allows(found), wanted.to_string(), found.to_owned());
    }

    /// Judges a value. A pattern that cannot be read holds on nothing; `test lint` shows it at its place.
    fn value(&mut self, look: Look, pattern: &Pattern, tag: Option<Tag>, found: Option<&[u8]>) {
        let expected: Vec<&str> = pattern.texts().map(str::trim).collect();
        let expected = expected.join(" and ");
        let statements = match pattern.statements() {
            Ok(statements) => statements,
            Err(why) => return self.put(look, Verdict::Inconclusive, expected, why),
        };
        let holds = statements.iter().all(|statement| statement.holds(found));
        let failed: Vec<Statement> = statements.into_iter().filter(|statement| !statement.holds(found)).collect();
        self.find(look, holds, expected, shown(found));
        let differences = found.map(|found| bits::differences(tag, self.scene.scope(), &failed, found));
        if let Some(finding) = self.findings.last_mut() {
            finding.differences = differences.unwrap_or_default();
        }
    }

    /// Tells the differences of the last finding, which was about the data field of this command, by the objects that lie there.
    fn name_objects(&mut self, at: usize, pattern: &Pattern) {
        let data = self.scene.exchanges.get(at).map(scene::Exchange::data).unwrap_or_default();
        let failed: Vec<Statement> = pattern.statements().unwrap_or_default();
        let mut differences = bits::of_list(&self.scene.layout(at), self.scene.scope(), &failed, data);
        if let Some((list, asked, sent)) = self.scene.lengths(at).filter(|(_, asked, sent)| asked != sent) {
            differences = vec![bits::length(asked, &format!(" by the {list}"), sent)];
        }
        if let Some(finding) = self.findings.last_mut().filter(|finding| finding.verdict != Verdict::Pass) {
            finding.differences = differences;
        }
    }

    /// The tag that a case names.
    fn tag(&self, name: &str) -> Option<Tag> {
        tag_named(name, self.scene.scope()).ok()
    }
}

impl OneOf {
    /// Whether this word is one of them.
    pub fn allows(&self, word: &str) -> bool {
        self.words().any(|wanted| wanted == word)
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let (one, of): (Option<&String>, &[String]) = match self {
            Self::One(one) => (Some(one), &[]),
            Self::Of(of) => (None, of),
        };
        one.into_iter().chain(of).map(String::as_str)
    }
}

impl core::fmt::Display for OneOf {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(" or "))
    }
}
