//! Matrix, applicability, deviations, timing.

use std::collections::BTreeMap;

use super::{Counts, badge, escape, link, table};
use crate::{
    report::{
        gist::counted,
        tally::{duration, suites},
    },
    suite::results::{Aspect, CaseResult, Results, Verdict},
};

/// So many of the slowest cases are listed.
const SLOWEST: usize = 15;

/// Suites by verdict, and by aspect.
pub fn matrix(results: &Results) -> String {
    let all = Counts::of(&results.cases);
    let verdicts: Vec<Verdict> = all.present().map(|(verdict, _)| verdict).collect();
    let badges: Vec<String> = verdicts.iter().map(|verdict| badge(*verdict)).collect();
    let mut heads = vec!["Suite", "Cases"];
    heads.extend(badges.iter().map(String::as_str));
    heads.extend(ASPECTS.map(|(_, name)| name));
    let suites = suites(results);
    let rows = suites.iter().enumerate().map(|(at, (name, cases))| {
        let name = format!("<a href=\"#suite-{}\">{}</a>", at + 1, escape(name));
        row(name, &verdicts, &Counts::of(cases.iter().copied()), cases)
    });
    let everything: Vec<&CaseResult> = results.cases.iter().collect();
    let total = row("<b>all</b>".to_owned(), &verdicts, &all, &everything);
    let table = table(&heads, rows.chain([total]));
    format!(
        "<h2>Matrix</h2>\n<p class=\"note\">Cases by verdict; then the statements that were judged, by what they are about: failed of \
         all.</p>\n{}",
        table.replacen("<table>", "<table class=\"numbers\">", 1)
    )
}

const ASPECTS: [(Aspect, &str); 5] = [
    (Aspect::Outcome, "Outcome"),
    (Aspect::Commands, "Commands"),
    (Aspect::Data, "Data"),
    (Aspect::Ui, "UI"),
    (Aspect::Timing, "Timing"),
];

fn row(name: String, verdicts: &[Verdict], counts: &Counts, cases: &[&CaseResult]) -> Vec<String> {
    let number = |count: usize| if count == 0 { "·".to_owned() } else { count.to_string() };
    let mut cells = vec![name, counts.total().to_string()];
    cells.extend(verdicts.iter().map(|verdict| number(counts.get(*verdict))));
    let mut aspects: BTreeMap<Aspect, (usize, usize)> = BTreeMap::new();
    for finding in cases.iter().flat_map(|case| &case.findings) {
        let (failed, judged) = aspects.entry(finding.aspect).or_default();
        *judged += usize::from(finding.verdict.is_judged());
        *failed += usize::from(matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
    }
    cells.extend(ASPECTS.map(|(aspect, _)| match aspects.get(&aspect) {
        None | Some((_, 0)) => "·".to_owned(),
        Some((0, judged)) => format!("0 of {judged}"),
        Some((failed, judged)) => format!("<mark>{failed}</mark> of {judged}"),
    }));
    cells
}

/// What the subject is said to support, and the cases that do not apply for it.
pub fn applicability(results: &Results) -> String {
    let items =
        results.run.ics.iter().map(|(item, value)| vec![format!("<code>{}</code>", escape(item)), escape(value)]);
    let items = table(&["Item of the ICS", "Value"], items);
    let mut text = format!(
        "<h2>Applicability</h2>\n<details><summary>ICS: {}</summary>\n{items}</details>\n",
        counted(results.run.ics.len(), "item")
    );
    let mut expressions: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for case in results.cases.iter().filter(|case| case.verdict == Verdict::NotApplicable) {
        expressions.entry(&case.applies).or_default().push(case);
    }
    let rows = expressions.iter().map(|(applies, cases)| {
        let links: Vec<String> = cases.iter().map(|case| link(&case.id)).collect();
        let reason = cases.first().map_or("", |case| case.reason.as_str());
        vec![format!("<code>{}</code>", escape(applies)), escape(reason), cases.len().to_string(), links.join(", ")]
    });
    text.push_str(&match expressions.is_empty() {
        true => "<p>Every case applies.</p>\n".to_owned(),
        false => table(&["Applies if", "Why not", "Cases", ""], rows),
    });
    text
}

/// Everything by which the run is less than a full run without exceptions.
pub fn deviations(results: &Results) -> String {
    let mut text = "<h2 id=\"deviations\">Deviations</h2>\n".to_owned();
    let mut any = false;
    for verdict in [Verdict::ExpectedFail, Verdict::Warn, Verdict::Unsupported, Verdict::Skip] {
        let cases: Vec<&CaseResult> = results.cases.iter().filter(|case| case.verdict == verdict).collect();
        if cases.is_empty() {
            continue;
        }
        any = true;
        let row = |case: &&CaseResult| vec![link(&case.id), escape(&case.title), escape(&case.reason)];
        let table = table(&["Case", "Title", "Reason"], cases.iter().map(row));
        text.push_str(&format!(
            "<details><summary>{} {}: {}</summary>\n{table}</details>\n",
            badge(verdict),
            cases.len(),
            verdict.means()
        ));
    }
    if !any {
        text.push_str("<p>No known failures, warnings, unsupported or skipped cases.</p>\n");
    }
    text
}

/// Where the time went.
pub fn timing(results: &Results) -> String {
    let total: u64 = results.cases.iter().map(|case| case.duration_us).sum();
    let rows = suites(results).into_iter().map(|(name, cases)| {
        let sum: u64 = cases.iter().map(|case| case.duration_us).sum();
        let longest = cases.iter().map(|case| case.duration_us).max().unwrap_or(0);
        vec![escape(name), cases.len().to_string(), duration(sum), duration(longest)]
    });
    let by_suite = table(&["Suite", "Cases", "Time", "Longest case"], rows);
    let mut slowest: Vec<&CaseResult> = results.cases.iter().collect();
    slowest.sort_by_key(|case| core::cmp::Reverse(case.duration_us));
    let rows =
        slowest.iter().take(SLOWEST).map(|case| vec![link(&case.id), escape(&case.title), duration(case.duration_us)]);
    let slowest = table(&["Case", "Title", "Time"], rows);
    format!(
        "<h2>Timing</h2>\n<p>{} in cases. Times on the pages of cases are those of the tap: measured with real hardware, else \
         simulated.</p>\n{by_suite}<details><summary>The slowest cases</summary>\n{slowest}</details>\n",
        duration(total)
    )
}
