//! The cases by suite: a line each, and the page of the case behind it.

use super::{Counts, badge, class, escape, still};
use crate::{
    report::{failure::earliest, gist::counted, tally::suites},
    suite::results::{CaseResult, Results, Verdict},
};

/// The section.
pub fn write(results: &Results) -> String {
    let mut text = "<h2>Cases</h2>\n".to_owned();
    let counts = Counts::of(&results.cases);
    let choices: String = counts
        .present()
        .map(|(verdict, count)| {
            format!("<label><input type=\"checkbox\" value=\"{}\"> {} {count}</label>", class(verdict), badge(verdict))
        })
        .collect();
    text.push_str(&format!(
        "<form class=\"filter\" hidden><input type=\"search\" placeholder=\"Filter by id, title, requirement, tag\" \
         aria-label=\"Filter cases\">{choices}<output></output></form>\n\
         <noscript><p class=\"warning\">The pages of cases that passed need JavaScript; everything else on this page does not.</p></noscript>\n"
    ));
    let (mut number, mut still) = (0, 0);
    let places: std::collections::HashMap<&str, usize> =
        results.cases.iter().enumerate().map(|(at, case)| (case.id.as_str(), at)).collect();
    for (name, cases) in suites(results) {
        let counts = Counts::of(cases.iter().copied());
        let numbers: String = counts.present().map(|(verdict, count)| format!(" {} {count}", badge(verdict))).collect();
        let rows: String = cases
            .iter()
            .map(|case| row(case, places.get(case.id.as_str()).copied().unwrap_or(0), &mut still))
            .collect();
        number += 1;
        text.push_str(&format!(
            "<details class=\"suite\" id=\"suite-{number}\"><summary><b>{}</b> <small>{}</small>{numbers}</summary>\n{rows}</details>\n",
            escape(name),
            counted(cases.len(), "case"),
        ));
    }
    text
}

/// One case; `at`: its place in the data; `still`: how many have been shown in full.
fn row(case: &CaseResult, at: usize, still: &mut usize) -> String {
    let page = still::write(case, *still < still::WITH_BYTES);
    *still += usize::from(!page.is_empty());
    let reason = match earliest(case).filter(|_| matches!(case.verdict, Verdict::Fail | Verdict::Warn)) {
        Some(finding) => format!("{}: expected {}, observed {}", finding.what, finding.expected, finding.observed),
        None => case.reason.clone(),
    };
    let reason: String = reason.chars().take(200).collect();
    let reason = if reason.is_empty() { reason } else { format!("<small>{}</small>", escape(&reason)) };
    format!(
        "<details class=\"case\" id=\"case-{id}\" data-v=\"{}\" data-n=\"{at}\"><summary>{} <code>{id}</code> <span>{}</span>{reason}</summary>{page}</details>\n",
        class(case.verdict),
        badge(case.verdict),
        escape(&case.title),
        id = escape(&case.id),
    )
}
