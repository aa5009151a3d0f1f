//! What changed between two runs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Paint,
    failure::earliest,
    tally::{Counts, Coverage, Standing},
};
use crate::suite::results::{CaseResult, Results, Run, Verdict};

/// The name of the JSON's schema.
pub const SCHEMA: &str = "emvtap.diff/1";

/// How a case changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was fine, now it is not.
    Worse,
    /// It failed before and still does, with something else.
    Otherwise,
    /// Another verdict, neither better nor worse.
    Changed,
    /// It was not fine, now it is.
    Better,
    /// It is only in the second run.
    New,
    /// It is only in the first run.
    Gone,
}

impl Change {
    /// All of them, what matters most first.
    pub const ALL: [Self; 6] = [Self::Worse, Self::Otherwise, Self::Changed, Self::Better, Self::New, Self::Gone];

    const fn title(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Otherwise => "fails with something else",
            Self::Changed => "changed",
            Self::Better => "better",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// A case that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// How it changed.
    pub change: Change,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The verdict before.
    pub before: Option<Verdict>,
    /// The verdict now.
    pub now: Option<Verdict>,
    /// What is wrong now, or was before.
    pub note: String,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What of the runs themselves differs: what, before, now.
    pub runs: Vec<(String, String, String)>,
    /// The cases that changed, by kind of change and id.
    pub rows: Vec<Row>,
    /// How many cases are as they were.
    pub same: usize,
    /// Requirements that were covered and are not.
    pub uncovered: Vec<String>,
    /// Requirements that are covered now.
    pub covered: Vec<String>,
}

/// Compares two runs.
pub fn compare(before: &Results, now: &Results) -> Comparison {
    let by_id = |results: &'_ Results| -> BTreeMap<String, CaseResult> {
        results.cases.iter().map(|case| (case.id.clone(), case.clone())).collect()
    };
    let (old, new) = (by_id(before), by_id(now));
    let mut rows = Vec::new();
    for (id, case) in &new {
        rows.extend(changed(old.get(id), case));
    }
    for case in old.values().filter(|case| !new.contains_key(&case.id)) {
        rows.push(Row { change: Change::Gone, before: Some(case.verdict), now: None, ..row(case, Change::Gone) });
    }
    rows.sort_by(|one, other| (one.change, &one.id).cmp(&(other.change, &other.id)));
    let same = new.len() - rows.iter().filter(|row| row.change != Change::Gone).count();
    let [uncovered_before, uncovered_now] = [before, now].map(uncovered);
    let only = |these: &[String], others: &[String]| these.iter().filter(|id| !others.contains(id)).cloned().collect();
    Comparison {
        schema: SCHEMA,
        runs: runs(before, now),
        rows,
        same,
        uncovered: only(&uncovered_now, &uncovered_before),
        covered: only(&uncovered_before, &uncovered_now),
    }
}

fn uncovered(results: &Results) -> Vec<String> {
    Coverage::of(results).standing(Standing::Uncovered).map(|(id, _)| id.to_owned()).collect()
}

fn row(case: &CaseResult, change: Change) -> Row {
    let note = match earliest(case).filter(|_| case.verdict != Verdict::Pass) {
        Some(finding) => format!("{}: expected {}, observed {}", finding.what, finding.expected, finding.observed),
        None => case.reason.clone(),
    };
    Row { change, id: case.id.clone(), title: case.title.clone(), before: None, now: Some(case.verdict), note }
}

fn changed(before: Option<&CaseResult>, now: &CaseResult) -> Option<Row> {
    let Some(before) = before else { return Some(row(now, Change::New)) };
    let change = match rank(now.verdict).cmp(&rank(before.verdict)) {
        core::cmp::Ordering::Greater => Change::Worse,
        core::cmp::Ordering::Less => Change::Better,
        core::cmp::Ordering::Equal if before.verdict != now.verdict => Change::Changed,
        core::cmp::Ordering::Equal if rank(now.verdict) == 0 || what_failed(before) == what_failed(now) => return None,
        core::cmp::Ordering::Equal => Change::Otherwise,
    };
    let told = if change == Change::Better { before } else { now };
    Some(Row { before: Some(before.verdict), now: Some(now.verdict), ..row(told, change) })
}

/// How bad a verdict is: 0 is what one would wish.
const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::ExpectedFail | Verdict::NotApplicable | Verdict::Unsupported | Verdict::Skip => 1,
        Verdict::Warn => 2,
        Verdict::Inconclusive => 3,
        Verdict::UnexpectedPass | Verdict::Fail | Verdict::Error => 4,
    }
}

/// Which statements failed, without the values that differ from run to run.
fn what_failed(case: &CaseResult) -> Vec<(usize, &str, &str)> {
    let failed = case.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
    failed.map(|finding| (finding.tap, finding.what.as_str(), finding.expected.as_str())).collect()
}

fn runs(before: &Results, now: &Results) -> Vec<(String, String, String)> {
    let (one, other) = (&before.run, &now.run);
    let counts = [before, now].map(|results| Counts::of(&results.cases).words());
    let shards = [one, other].map(|run| run.shard.clone().unwrap_or_else(|| "the whole run".to_owned()));
    let seeds = (one.seed.to_string(), other.seed.to_string());
    let mut found = Vec::new();
    for (what, one, other) in [
        ("emvtap", &one.emvtap, &other.emvtap),
        ("subject", &one.subject, &other.subject),
        ("name", &one.name, &other.name),
        ("version", &one.version, &other.version),
        ("ICS", &one.ics_digest, &other.ics_digest),
        ("seed", &seeds.0, &seeds.1),
        ("shard", &shards[0], &shards[1]),
        ("verdicts", &counts[0], &counts[1]),
    ] {
        if one != other {
            found.push((what.to_owned(), one.clone(), other.clone()));
        }
    }
    let versions = |run: &Run| -> Vec<String> {
        let changed =
            one.suites.iter().filter(|(name, digest)| other.suites.get(*name).is_some_and(|now| now != *digest));
        let short = |digest: &String| digest.chars().take(8).collect::<String>();
        changed.filter_map(|(name, _)| Some(format!("{name} {}", short(run.suites.get(name)?)))).collect()
    };
    let only = |these: &Run, others: &Run| -> Vec<String> {
        these
            .suites
            .keys()
            .filter(|name| !others.suites.contains_key(*name))
            .map(|name| format!("{name} only here"))
            .collect()
    };
    for (these, others) in [(versions(one), versions(other)), (only(one, other), only(other, one))] {
        if !(these.is_empty() && others.is_empty()) {
            found.push(("suites".to_owned(), these.join(", "), others.join(", ")));
        }
    }
    found
}

impl Comparison {
    /// Whether something is worse than it was, a case that was judged is not there any more, or coverage was lost.
    pub fn is_worse(&self) -> bool {
        let worse = |row: &Row| matches!(row.change, Change::Worse | Change::Otherwise);
        let failing = |row: &Row| row.change == Change::New && row.now.is_some_and(|verdict| rank(verdict) >= 2);
        let lost = |row: &Row| row.change == Change::Gone && row.before.is_some_and(Verdict::is_judged);
        !self.uncovered.is_empty() || self.rows.iter().any(|row| worse(row) || failing(row) || lost(row))
    }

    /// As JSON, with a line end.
    pub fn json(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// For people.
    pub fn text(&self, paint: Paint) -> String {
        let mut text = String::new();
        for (what, before, now) in &self.runs {
            text.push_str(&match before == now {
                true => format!(" {what}: {now}\n"),
                false => format!(" {what}: {before} → {now}\n"),
            });
        }
        for change in Change::ALL {
            let rows: Vec<&Row> = self.rows.iter().filter(|row| row.change == change).collect();
            if rows.is_empty() {
                continue;
            }
            text.push_str(&format!("\n {} ({})\n", paint.strong(change.title()), rows.len()));
            for row in rows {
                text.push_str(&told(row, paint));
            }
        }
        for (title, ids) in [("no longer covered", &self.uncovered), ("covered now", &self.covered)] {
            if !ids.is_empty() {
                text.push_str(&format!("\n {} ({})\n   {}\n", paint.strong(title), ids.len(), ids.join(" ")));
            }
        }
        let as_before = super::gist::counted(self.same, "case");
        text.push_str(&format!("{} {as_before} as before\n", if text.is_empty() { "" } else { "\n" }));
        text
    }
}

fn told(row: &Row, paint: Paint) -> String {
    let verdict = |verdict: Option<Verdict>| verdict.map_or("–", Verdict::name);
    let (before, now) = (verdict(row.before), verdict(row.now));
    let verdicts = format!("{before} → {now}");
    let padding = " ".repeat(22_usize.saturating_sub(verdicts.chars().count()));
    let verdicts = match row.change {
        Change::Worse | Change::Otherwise => paint.bad(&verdicts),
        Change::Better => paint.good(&verdicts),
        _ => verdicts,
    };
    let note = if row.note.is_empty() { String::new() } else { format!("     {}\n", row.note) };
    format!("   {verdicts}{padding} {}  {}\n{note}", row.id, row.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_run_is_as_itself() {
        let results = sample::results();
        let same = compare(&results, &results);
        assert_eq!((same.rows.len(), same.runs.len(), same.same), (0, 0, 10));
        assert!(!same.is_worse());
        assert_eq!(same.text(Paint::Plain), " 10 cases as before\n");
    }

    #[test]
    fn every_change_is_told() {
        let before = sample::results();
        let mut now = before.clone();
        let find = |now: &mut Results, id: &str| now.cases.iter().position(|case| case.id == id).unwrap();
        let at = find(&mut now, "EP-PRE-002");
        now.cases[at].verdict = Verdict::Fail;
        let at = find(&mut now, "C3-CVM-014");
        now.cases[at].findings[1].what = "GPO 9F37".to_owned();
        let at = find(&mut now, "EP-PRE-005");
        now.cases[at].verdict = Verdict::Pass;
        let at = find(&mut now, "C3-CVM-021");
        now.cases[at].verdict = Verdict::Unsupported;
        let gone = now.cases.pop().unwrap();
        assert_eq!(gone.id, "EP-PRE-005");
        now.cases.push(CaseResult { id: "NEW-1".to_owned(), verdict: Verdict::Pass, ..gone });
        now.run.version = "8".to_owned();
        let compared = compare(&before, &now);
        let rows: Vec<_> = compared.rows.iter().map(|row| (row.change, row.id.as_str())).collect();
        assert_eq!(
            rows,
            [
                (Change::Worse, "EP-PRE-002"),
                (Change::Otherwise, "C3-CVM-014"),
                (Change::Changed, "C3-CVM-021"),
                (Change::New, "NEW-1"),
                (Change::Gone, "EP-PRE-005"),
            ]
        );
        assert!(compared.is_worse());
        let text = compared.text(Paint::Plain);
        assert!(text.contains(" version: 7 → 8\n") && text.contains("PASS → FAIL"), "{text}");
        assert!(!compare(&now, &now).is_worse());
        assert!(compare(&now, &before).rows.iter().any(|row| row.change == Change::Better));
    }

    #[test]
    fn lost_coverage_is_named() {
        let before = sample::results();
        let mut now = before.clone();
        now.cases.retain(|case| case.id != "EP-PRE-001/zero");
        assert_eq!(compare(&before, &now).uncovered, ["B/3.1.1.3"]);
        assert_eq!(compare(&now, &before).covered, ["B/3.1.1.3"]);
        assert!(compare(&before, &now).is_worse());
    }

    #[test]
    fn a_smaller_run_is_no_other_version_of_its_suites_and_not_as_good() {
        let before = sample::results();
        let mut now = before.clone();
        now.run.shard = Some("1/3".to_owned());
        now.run.suites.remove("ep/pre");
        now.cases.retain(|case| case.suite != "ep/pre" || !case.verdict.is_judged());
        let compared = compare(&before, &now);
        let of = |what: &str| {
            compared.runs.iter().find(|(found, ..)| found == what).map(|(_, a, b)| (a.as_str(), b.as_str()))
        };
        assert_eq!((of("shard"), of("suites")), (Some(("the whole run", "1/3")), Some(("ep/pre only here", ""))));
        assert!(compared.is_worse());
        now.run.suites = before.run.suites.clone();
        now.run.suites.insert("ep/pre".to_owned(), "0123456789".to_owned());
        assert!(compare(&before, &now).runs.iter().any(|(what, _, now)| what == "suites" && now == "ep/pre 01234567"));
    }
}
