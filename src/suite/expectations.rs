//! Known failures (`emvtap.expectations/1`): what fails, why that is known, and until when it may.

use serde::Deserialize;

use super::{
    glob,
    results::{CaseResult, Verdict},
};
use crate::{
    diag::{self, DateText, Problem},
    time::Date,
};

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.expectations/1";

/// A file of known failures.
///
/// ```
/// let text = "schema = 'emvtap.expectations/1'\n\
///     [[failure]]\nid = 'C3-CVM-*'\nreason = 'ticket 12: no signature yet'\ncontains = 'signature'\nexpires = '2027-01-01'\n";
/// emvtap::suite::expectations::Expectations::parse("known.toml", text).unwrap();
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectations {
    #[serde(rename = "schema", default)]
    _schema: String,
    /// The failures.
    #[serde(default, rename = "failure")]
    failures: Vec<Failure>,
}

/// A known failure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Failure {
    /// Which cases, with `*` and `?`.
    id: toml::Spanned<String>,
    /// Why it is known; shown with the verdict.
    reason: toml::Spanned<String>,
    /// Text that the failure must contain: another failure of the case is news.
    contains: Option<String>,
    /// The last day on which the failure is expected.
    expires: Option<DateText>,
    /// Whether a case is meant.
    #[serde(skip)]
    met: bool,
}

/// What was noticed about an expectation, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// No selected case has such an id.
    Unused(String),
    /// It counts no more.
    Expired {
        /// The ids.
        id: String,
        /// Since when.
        day: Date,
    },
}

impl core::fmt::Display for Note {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unused(id) => write!(f, "no selected case is meant by the expectation `{id}`"),
            Self::Expired { id, day } => write!(f, "the expectation `{id}` expired on {day} and counts no more"),
        }
    }
}

impl Expectations {
    /// Reads a file. `file`: its name in messages.
    ///
    /// # Errors
    /// What is wrong with it, at its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        let read: Self = diag::from_toml(file, text)?;
        for failure in &read.failures {
            for (text_of, what) in [(&failure.id, "id"), (&failure.reason, "reason")] {
                if text_of.get_ref().trim().is_empty() {
                    let hint = "say which case fails, and why that is accepted";
                    return Err(Problem::at(file, text, text_of.span(), format!("the {what} is empty")).hint(hint));
                }
            }
        }
        Ok(read)
    }

    /// Learns of the cases that are selected, whether they are run here or in another shard.
    pub fn meet<'a>(&mut self, ids: impl Iterator<Item = &'a str> + Clone) {
        for failure in &mut self.failures {
            failure.met |= ids.clone().any(|id| glob::matches(failure.id.get_ref(), id));
        }
    }

    /// The ids of those that mean no case: what they are about is gone, or was never there. `exists`: whether there is a case that
    /// is not selected.
    pub fn stale(&self, today: Date, exists: impl Fn(&str) -> bool) -> Vec<String> {
        let is_stale = |failure: &&Failure| {
            let expired = failure.expires.is_some_and(|day| day.0 < today);
            !expired && !failure.met && !exists(failure.id.get_ref())
        };
        self.failures.iter().filter(is_stale).map(|failure| failure.id.get_ref().clone()).collect()
    }

    /// Applies what is expected to a judged case: FAIL and WARN become XFAIL, PASS becomes XPASS. An expectation that has
    /// expired changes nothing but the reason. Of several that mean the case, the first whose text fits counts.
    pub fn apply(&self, case: &mut CaseResult, today: Date) {
        let mut unlike = None;
        for failure in self.failures.iter().filter(|failure| glob::matches(failure.id.get_ref(), &case.id)) {
            let reason = failure.reason.get_ref();
            if let Some(day) = failure.expires.filter(|day| day.0 < today) {
                unlike = Some(format!("its expectation expired on {}: {reason}", day.0));
                continue;
            }
            match case.verdict {
                Verdict::Fail | Verdict::Warn => match &failure.contains {
                    Some(text) if !contains(case, text) => {
                        unlike = Some(format!("expected to fail with `{text}`, failed with something else"));
                    }
                    _ => {
                        case.verdict = Verdict::ExpectedFail;
                        case.reason.clone_from(reason);
                        return;
                    }
                },
                Verdict::Pass => {
                    case.verdict = Verdict::UnexpectedPass;
                    case.reason = format!("expected to fail: {reason}");
                    return;
                }
                _ => return,
            }
        }
        if let Some(unlike) = unlike.filter(|_| matches!(case.verdict, Verdict::Fail | Verdict::Warn)) {
            let before = core::mem::take(&mut case.reason);
            case.reason = if before.is_empty() { unlike } else { format!("{before}; {unlike}") };
        }
    }

    /// What there is to say after the last case: of those that mean none, and of those that have expired.
    pub fn notes(&self, today: Date, stale: &[String]) -> Vec<Note> {
        let note = |failure: &Failure| {
            let id = failure.id.get_ref().clone();
            match failure.expires.filter(|day| day.0 < today) {
                Some(day) => Some(Note::Expired { id, day: day.0 }),
                None => stale.contains(&id).then_some(Note::Unused(id)),
            }
        };
        self.failures.iter().filter_map(note).collect()
    }
}

/// Whether a failure of the case has a text, anywhere in what is shown of it.
fn contains(case: &CaseResult, text: &str) -> bool {
    let failed = case.findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
    let shown = failed.flat_map(|finding| {
        let meanings = finding.differences.iter().map(|difference| difference.means.as_str());
        [finding.what.as_str(), &finding.expected, &finding.observed, &finding.because].into_iter().chain(meanings)
    });
    shown.chain([case.reason.as_str()]).any(|shown| shown.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::results::{Aspect, Finding};

    const TODAY: Option<Date> = Date::new(2026, 11, 22);

    fn case(id: &str, verdict: Verdict) -> CaseResult {
        let finding = Finding {
            tap: 0,
            aspect: Aspect::Outcome,
            what: "cvm".to_owned(),
            expected: "online-pin".to_owned(),
            observed: "signature".to_owned(),
            verdict,
            requirements: vec!["C-3/5.7".to_owned()],
            because: String::new(),
            step: None,
            differences: Vec::new(),
        };
        CaseResult { id: id.to_owned(), verdict, findings: vec![finding], ..CaseResult::default() }
    }

    fn applied(more: &str, verdict: Verdict) -> (Verdict, String) {
        let text = format!("schema = '{SCHEMA}'\n[[failure]]\nid = 'C3-CVM-*'\nreason = 'ticket 12'\n{more}");
        let mut case = case("C3-CVM-014/below", verdict);
        Expectations::parse("known.toml", &text).unwrap().apply(&mut case, TODAY.unwrap());
        (case.verdict, case.reason)
    }

    #[test]
    fn a_known_failure_is_expected_and_its_end_is_news() {
        assert_eq!(applied("", Verdict::Fail), (Verdict::ExpectedFail, "ticket 12".to_owned()));
        assert_eq!(applied("", Verdict::Pass), (Verdict::UnexpectedPass, "expected to fail: ticket 12".to_owned()));
        for other in [Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Error, Verdict::Skip] {
            assert_eq!(applied("", other).0, other);
        }
    }

    #[test]
    fn another_failure_of_the_same_case_is_news() {
        assert_eq!(applied("contains = 'signature'", Verdict::Fail).0, Verdict::ExpectedFail);
        let (verdict, reason) = applied("contains = 'no-cvm'", Verdict::Fail);
        assert_eq!(
            (verdict, reason.as_str()),
            (Verdict::Fail, "expected to fail with `no-cvm`, failed with something else")
        );
    }

    #[test]
    fn an_expectation_ends_after_its_last_day() {
        assert_eq!(applied("expires = '2026-11-22'", Verdict::Fail).0, Verdict::ExpectedFail);
        let (verdict, reason) = applied("expires = '2026-11-21'", Verdict::Fail);
        assert_eq!((verdict, reason.as_str()), (Verdict::Fail, "its expectation expired on 2026-11-21: ticket 12"));
        assert_eq!(applied("expires = '2026-11-21'", Verdict::Pass), (Verdict::Pass, String::new()));
    }

    #[test]
    fn expectations_without_cases_and_expired_ones_are_told() {
        let text = format!(
            "schema = '{SCHEMA}'\n[[failure]]\nid = 'A-1'\nreason = 'x'\n[[failure]]\nid = 'B-*'\nreason = 'y'\n\
             [[failure]]\nid = 'C-1'\nreason = 'z'\nexpires = '2026-01-01'\n"
        );
        let mut expectations = Expectations::parse("known.toml", &text).unwrap();
        expectations.meet(["A-1", "C-1"].into_iter());
        let stale = expectations.stale(TODAY.unwrap(), |_| false);
        assert_eq!(
            (stale.as_slice(), expectations.stale(TODAY.unwrap(), |id| id == "B-*")),
            (&["B-*".to_owned()][..], vec![])
        );
        let notes: Vec<String> = expectations.notes(TODAY.unwrap(), &stale).iter().map(ToString::to_string).collect();
        assert_eq!(
            notes,
            [
                "no selected case is meant by the expectation `B-*`",
                "the expectation `C-1` expired on 2026-01-01 and counts no more"
            ]
        );
    }

    #[test]
    fn a_mistake_in_the_file_is_shown_at_its_place() {
        let problem = |body: &str| Expectations::parse("k.toml", body).unwrap_err();
        assert!(problem("[[failure]]").message.contains("schema"));
        let text = format!("schema = '{SCHEMA}'\n[[failure]]\nid = 'A'\nreason = ''\n");
        assert_eq!(problem(&text).position.unwrap().line, 4);
        let text = format!("schema = '{SCHEMA}'\n[[failure]]\nid = 'A'\nresaon = 'x'\n");
        assert!(problem(&text).hint.unwrap().contains("reason"));
    }
}
