//! A run in numbers, shared by all reports: verdicts, causes of failures, coverage of requirements.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::earliest;
use crate::suite::results::{CaseResult, Finding, RequirementNote, Results, Verdict};

/// How many cases got which verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Verdict, usize>);

impl Counts {
    /// Counts cases.
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a CaseResult>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            *counts.0.entry(case.verdict).or_default() += 1;
        }
        counts
    }

    /// How many have this verdict.
    pub fn get(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// The verdicts that occur, the worst first.
    pub fn present(&self) -> impl Iterator<Item = (Verdict, usize)> {
        Verdict::ALL.into_iter().map(|verdict| (verdict, self.get(verdict))).filter(|(_, count)| *count > 0)
    }

    /// `3 FAIL, 1 WARN, 96 PASS`.
    pub fn words(&self) -> String {
        let parts: Vec<String> = self.present().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        if parts.is_empty() { "no cases".to_owned() } else { parts.join(", ") }
    }
}

/// The suites in the order of their first case, each with its cases.
pub fn suites(results: &Results) -> Vec<(&str, Vec<&CaseResult>)> {
    let mut suites: Vec<(&str, Vec<&CaseResult>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &results.cases {
        let at = *places.entry(&case.suite).or_insert_with(|| {
            suites.push((&case.suite, Vec::new()));
            suites.len() - 1
        });
        if let Some((_, cases)) = suites.get_mut(at) {
            cases.push(case);
        }
    }
    suites
}

/// Cases that failed for what looks like the same reason.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// The finding that stands for all.
    pub finding: &'a Finding,
    /// The worst verdict among the cases.
    pub verdict: Verdict,
    /// The cases.
    pub cases: Vec<&'a CaseResult>,
}

/// What went wrong, grouped: cases whose failed statement nearest to the cause was about the same thing and failed in the same way, by bits
/// if it did so by bits. The cause with the most cases first. Failures that are expected are no news.
pub fn causes(results: &Results) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut places: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for case in results.cases.iter().filter(|case| matches!(case.verdict, Verdict::Fail | Verdict::Warn)) {
        let Some(finding) = earliest(case) else { continue };
        let at = *places.entry(key(finding)).or_insert_with(|| {
            causes.push(Cause { finding, verdict: case.verdict, cases: Vec::new() });
            causes.len() - 1
        });
        if let Some(cause) = causes.get_mut(at) {
            cause.cases.push(case);
            if case.verdict == Verdict::Fail {
                cause.verdict = Verdict::Fail;
            }
        }
    }
    causes.sort_by_key(|cause| (cause.verdict, core::cmp::Reverse(cause.cases.len())));
    causes
}

fn key(finding: &Finding) -> Vec<&str> {
    let mut key = vec![finding.what.as_str()];
    if finding.differences.is_empty() {
        key.extend([finding.expected.as_str(), &finding.observed]);
    }
    for difference in &finding.differences {
        key.extend([difference.at.as_str(), &difference.expected, &difference.observed]);
    }
    key
}

/// What of a requirement was tested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Cases that ran and judged a statement about it, by what the statement came to.
    pub held: BTreeSet<String>,
    /// The same, where it did not hold.
    pub failed: BTreeSet<String>,
}

/// Where a requirement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A statement about it did not hold.
    Failed,
    /// No case that judged anything about it ran.
    Uncovered,
    /// No case can.
    Untestable,
    /// Every statement about it held.
    Held,
}

impl Standing {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Failed, Self::Uncovered, Self::Untestable, Self::Held];

    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Uncovered => "uncovered",
            Self::Untestable => "untestable",
            Self::Held => "held",
        }
    }
}

/// The requirements of a run.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// Id, what it says, what of it was tested.
    pub rows: Vec<(&'a str, &'a RequirementNote, Covered)>,
}

impl<'a> Coverage<'a> {
    /// Looks which requirements were tested. A requirement counts as covered only if a case that judged a statement about it ran.
    pub fn of(results: &'a Results) -> Self {
        let mut covered: BTreeMap<&str, Covered> = BTreeMap::new();
        for case in results.cases.iter().filter(|case| case.verdict.is_judged()) {
            for finding in &case.findings {
                for id in &finding.requirements {
                    let entry = covered.entry(id).or_default();
                    match finding.verdict {
                        Verdict::Pass => entry.held.insert(case.id.clone()),
                        Verdict::Fail | Verdict::Warn => entry.failed.insert(case.id.clone()),
                        _ => false,
                    };
                }
            }
        }
        let row = |(id, note): (&'a String, &'a RequirementNote)| {
            (id.as_str(), note, covered.remove(id.as_str()).unwrap_or_default())
        };
        let mut rows: Vec<_> = results.run.requirements.iter().map(row).collect();
        rows.sort_by_cached_key(|(_, note, _)| (note.book.clone(), section_key(&note.section)));
        Self { rows }
    }

    /// The requirements with a standing.
    pub fn standing(&self, wanted: Standing) -> impl Iterator<Item = (&'a str, &'a RequirementNote)> {
        self.rows
            .iter()
            .filter(move |(_, note, covered)| standing(note, covered) == wanted)
            .map(|(id, note, _)| (*id, *note))
    }

    /// How many of those that can be tested were.
    pub fn share(&self) -> (usize, usize) {
        let uncovered = self.standing(Standing::Uncovered).count();
        let testable = self.rows.len() - self.standing(Standing::Untestable).count();
        (testable - uncovered, testable)
    }
}

/// Where a requirement stands.
pub fn standing(note: &RequirementNote, covered: &Covered) -> Standing {
    match (covered.failed.is_empty(), covered.held.is_empty(), &note.untestable) {
        (false, ..) => Standing::Failed,
        (true, false, _) => Standing::Held,
        (true, true, Some(_)) => Standing::Untestable,
        (true, true, None) => Standing::Uncovered,
    }
}

/// Sections in the order of their numbers: 5.4.2 before 5.4.10.
fn section_key(section: &str) -> Vec<(u32, String)> {
    section.split('.').map(|part| (part.parse().unwrap_or(u32::MAX), part.to_owned())).collect()
}

impl Verdict {
    /// The verdict of the findings that led to this verdict of a case.
    pub const fn as_finding(self) -> Self {
        match self {
            Self::ExpectedFail => Self::Fail,
            other => other,
        }
    }
}

/// A time for people.
pub fn duration(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        1_000_000..60_000_000 => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
        _ => format!("{} min {:02} s", us / 60_000_000, us / 1_000_000 % 60),
    }
}

/// What every report says of itself.
pub const DISCLAIMER: &str = "This is a report of a test tool. It is no approval and no certification by EMVCo or any payment \
    system, and must not be presented as one.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn cases_are_counted_by_verdict_and_suite() {
        let results = sample::results();
        let counts = Counts::of(&results.cases);
        assert_eq!(counts.total(), 10);
        assert_eq!(
            counts.words(),
            "1 ERROR, 1 FAIL, 1 XPASS, 1 INCONCLUSIVE, 1 WARN, 1 XFAIL, 1 UNSUPPORTED, 1 SKIP, 1 N/A, 1 PASS"
        );
        let suites: Vec<_> = suites(&results).into_iter().map(|(name, cases)| (name, cases.len())).collect();
        assert_eq!(suites, [("c3/cvm", 5), ("ep/pre", 5)]);
    }

    #[test]
    fn the_earliest_failure_is_the_cause() {
        let mut results = sample::results();
        let mut twin = results.cases[0].clone();
        twin.id = "C3-CVM-015".to_owned();
        twin.findings[1].expected = "36404001".to_owned();
        results.cases.push(twin);
        let causes = causes(&results);
        let told: Vec<_> = causes.iter().map(|cause| (cause.finding.what.as_str(), cause.cases.len())).collect();
        assert_eq!(told, [("GPO 9F66", 2), ("cvm", 1)], "the same bits are the same cause");
        assert_eq!(causes[1].verdict, Verdict::Warn);
    }

    #[test]
    fn only_what_was_judged_is_covered() {
        let results = sample::results();
        let coverage = Coverage::of(&results);
        let ids = |standing| coverage.standing(standing).map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(Standing::Uncovered), ["B/3.9.9"]);
        assert_eq!(ids(Standing::Untestable), ["A/1.1"]);
        assert_eq!(ids(Standing::Failed), ["B/3.1.1.3", "C-3/5.4.1", "C-3/5.7.1.2"]);
        assert_eq!(coverage.share(), (3, 4));
        let mut results = sample::results();
        results.cases.retain(|case| !case.verdict.is_judged());
        assert_eq!(Coverage::of(&results).share(), (0, 4));
    }

    #[test]
    fn durations_are_for_people() {
        assert_eq!([17, 1_500, 1_234_567, 61_000_000].map(duration), ["17 µs", "1.5 ms", "1.23 s", "1 min 01 s"]);
    }
}
