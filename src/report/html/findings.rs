//! What went wrong, grouped by cause, and what could not be judged.

use super::{badge, causes, escape, link, marked};
use crate::{
    report::{failure, gist::counted, tally::Cause},
    suite::results::{CaseResult, Difference, Results, Verdict},
};

/// So many cases of a cause, each with its variants, are in view; the others are behind a click.
const IN_VIEW: usize = 12;

/// The section.
pub fn write(results: &Results) -> String {
    let causes = causes(results);
    let mut text = "<h2>Findings by cause</h2>\n".to_owned();
    if causes.is_empty() {
        text.push_str("<p>Every statement that was judged held, or its failure is a known one.</p>\n");
    } else {
        text.push_str(
            "<p class=\"note\">A case is listed with the failed statement nearest to the cause, because others may follow from it.</p>\n",
        );
    }
    for cause in &causes {
        text.push_str(&self::cause(cause, results));
    }
    for (verdict, title) in [
        (Verdict::Error, "Errors of emvtap"),
        (Verdict::UnexpectedPass, "Passed, although a failure was expected"),
        (Verdict::Inconclusive, "Could not be judged"),
    ] {
        text.push_str(&others(results, verdict, title));
    }
    text
}

fn cause(cause: &Cause<'_>, results: &Results) -> String {
    let finding = cause.finding;
    let (expected, observed) = marked(&finding.expected, &finding.observed);
    let count = counted(cause.cases.len(), "case");
    let mut text = format!(
        "<article>\n<h3>{} {} <small>{count}</small></h3>\n<dl class=\"pair\"><dt>expected</dt><dd>{expected}</dd>\
         <dt>observed</dt><dd>{observed}</dd>",
        badge(cause.verdict),
        escape(&finding.what),
    );
    // Of what is said around it the first case stands for all.
    for (label, note) in cause.cases.first().map(|case| failure::notes(case, finding)).unwrap_or_default() {
        text.push_str(&format!("<dt>{label}</dt><dd class=\"words\">{}</dd>", escape(&note)));
    }
    text.push_str("</dl>\n");
    text.push_str(&bits(&finding.differences));
    for id in &finding.requirements {
        let note = results.run.requirements.get(id);
        let note = note.map_or(String::new(), |note| format!("{} · {}", escape(&note.level), escape(&note.text)));
        let id = escape(id);
        text.push_str(&format!("<p class=\"rule\"><a href=\"#rule-{id}\"><code>{id}</code></a> {note}</p>\n"));
    }
    text.push_str(&list(&cause.cases));
    text.push_str("</article>\n");
    text
}

/// The bits that differ.
pub(super) fn bits(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return String::new();
    }
    let row = |difference: &Difference| {
        vec![
            escape(&difference.at),
            escape(&difference.means),
            format!("<code>{}</code>", escape(&difference.expected)),
            format!("<code><mark>{}</mark></code>", escape(&difference.observed)),
        ]
    };
    super::table(&["Where", "Means", "Expected", "Observed"], differences.iter().map(row))
}

/// The cases, variants of one behind its title.
fn list(cases: &[&CaseResult]) -> String {
    let mut groups: Vec<(&str, Vec<&CaseResult>)> = Vec::new();
    for case in cases {
        let id = case.id.split('/').next().unwrap_or_default();
        match groups.last_mut().filter(|(known, _)| *known == id) {
            Some((_, variants)) => variants.push(case),
            None => groups.push((id, vec![case])),
        }
    }
    let items: Vec<String> = groups.iter().map(|(id, variants)| item(id, variants)).collect();
    let (shown, more) = items.split_at_checked(IN_VIEW).unwrap_or((&items, &[]));
    let more = match more {
        [] => String::new(),
        more => format!("<details><summary>and {} more</summary><ul>{}</ul></details>\n", more.len(), more.concat()),
    };
    format!("<ul>{}</ul>\n{more}", shown.concat())
}

fn item(id: &str, variants: &[&CaseResult]) -> String {
    let title = variants.first().map_or("", |case| case.title.as_str());
    if let [only] = variants {
        return format!("<li>{} {}</li>", link(&only.id), escape(title));
    }
    let name = |case: &CaseResult| case.id.split_once('/').map_or_else(|| case.id.clone(), |(_, name)| name.to_owned());
    let links: Vec<String> = variants
        .iter()
        .map(|case| format!("<a href=\"#case-{}\">{}</a>", escape(&case.id), escape(&name(case))))
        .collect();
    format!("<li><code>{}</code> {}: {}</li>", escape(id), escape(title), links.join(" · "))
}

/// Cases with a verdict that has a reason.
fn others(results: &Results, verdict: Verdict, title: &str) -> String {
    let cases: Vec<&CaseResult> = results.cases.iter().filter(|case| case.verdict == verdict).collect();
    if cases.is_empty() {
        return String::new();
    }
    let row = |case: &&CaseResult| vec![link(&case.id), escape(&case.title), escape(&case.reason)];
    let table = super::table(&["Case", "Title", "Why"], cases.iter().map(row));
    format!("<h3>{} {title} <small>{}</small></h3>\n{table}", badge(verdict), cases.len())
}
