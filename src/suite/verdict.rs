//! From findings to the verdict of a case.

use super::{
    results::{Finding, Verdict},
    seen::Ended,
};

/// A verdict, and the reason where it needs one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// Why; empty where the findings say it all.
    pub reason: String,
}

/// The verdict of a case from its findings and how its taps ended. What must hold and did not counts most, then what kept
/// statements from being judged, then what should hold.
pub fn rule<'a>(findings: &[Finding], taps: impl IntoIterator<Item = &'a Ended>) -> Ruling {
    let ruling = |verdict, reason: &str| Ruling { verdict, reason: reason.to_owned() };
    let with = |verdict| findings.iter().find(|finding| finding.verdict == verdict);
    if let Some(failed) = with(Verdict::Fail) {
        let reason = if failed.what == "subject" { failed.observed.as_str() } else { "" };
        return ruling(Verdict::Fail, reason);
    }
    for ended in taps {
        match ended {
            Ended::Done => {}
            Ended::Unsupported(why) => return ruling(Verdict::Unsupported, why),
            Ended::Broken(why) => return ruling(Verdict::Inconclusive, why),
            Ended::Misbehaved(why) | Ended::TimedOut(why) => return ruling(Verdict::Fail, why),
        }
    }
    if let Some(unclear) = with(Verdict::Inconclusive) {
        return ruling(Verdict::Inconclusive, &format!("{}: {}", unclear.what, unclear.observed));
    }
    if !findings.is_empty() && findings.iter().all(|finding| finding.verdict == Verdict::NotApplicable) {
        return ruling(Verdict::Inconclusive, "the subject does not tell what the case is about");
    }
    match findings {
        [] => ruling(Verdict::Inconclusive, "nothing of what the case states can be seen of this subject"),
        _ if with(Verdict::Warn).is_some() => ruling(Verdict::Warn, ""),
        _ => ruling(Verdict::Pass, ""),
    }
}

impl Verdict {
    /// Every verdict, the worst first: as reports list them.
    pub const ALL: [Self; 10] = [
        Self::Error,
        Self::Fail,
        Self::UnexpectedPass,
        Self::Inconclusive,
        Self::Warn,
        Self::ExpectedFail,
        Self::Unsupported,
        Self::Skip,
        Self::NotApplicable,
        Self::Pass,
    ];

    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Warn => "WARN",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::NotApplicable => "N/A",
            Self::Unsupported => "UNSUPPORTED",
            Self::Skip => "SKIP",
            Self::ExpectedFail => "XFAIL",
            Self::UnexpectedPass => "XPASS",
            Self::Error => "ERROR",
        }
    }

    /// In plain words.
    pub const fn means(self) -> &'static str {
        match self {
            Self::Pass => "everything held",
            Self::Fail => "something that must hold did not",
            Self::Warn => "something that should hold did not",
            Self::Inconclusive => "the preconditions did not come about",
            Self::NotApplicable => "not applicable by the ICS",
            Self::Unsupported => "the subject says that it does not do this",
            Self::Skip => "not run",
            Self::ExpectedFail => "failed, as expected",
            Self::UnexpectedPass => "passed, although a failure was expected",
            Self::Error => "emvtap failed",
        }
    }

    /// Whether statements of the case were judged, so that it counts towards the coverage of its requirements.
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Pass | Self::Fail | Self::Warn | Self::ExpectedFail | Self::UnexpectedPass)
    }
}

impl core::fmt::Display for Verdict {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// What all verdicts of a run come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// Everything ran as expected.
    Expected,
    /// Something failed, or passed, unexpectedly.
    Unexpected,
    /// emvtap itself failed.
    Error,
    /// Nothing was selected.
    Nothing,
    /// Only INCONCLUSIVE kept the run from success, or nothing was judged: who supports nothing has not passed.
    Inconclusive,
}

/// Sums a run up. `strict`: a WARN counts as a failure.
pub fn sum(verdicts: impl IntoIterator<Item = Verdict>, strict: bool) -> Sum {
    let all: std::collections::BTreeSet<Verdict> = verdicts.into_iter().collect();
    let has = |verdict| all.contains(&verdict);
    if all.is_empty() {
        Sum::Nothing
    } else if has(Verdict::Error) {
        Sum::Error
    } else if has(Verdict::Fail) || has(Verdict::UnexpectedPass) || strict && has(Verdict::Warn) {
        Sum::Unexpected
    } else if has(Verdict::Inconclusive) || !all.iter().any(|verdict| verdict.is_judged()) {
        Sum::Inconclusive
    } else {
        Sum::Expected
    }
}
