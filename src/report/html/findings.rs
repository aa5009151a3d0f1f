//! What went wrong, grouped by cause, and what could not be judged.

use super::{badge, causes, escape, link, marked};
use crate::{
    report::{gist::counted, tally::Cause},
    suite::results::{CaseResult, Difference, Results, Verdict},
};

/// So many cases of a cause are in view; the others are behind a click.
const IN_VIEW: usize = 12;

/// The section.
pub fn write(results: &Results) -> String {
    let causes = causes(results);
    let mut text = "<h2>Findings by cause</h2>\n".to_owned();
    if causes.is_empty() {
        text.push_str("<p>Every statement that was judged held, or its failure is a known one.</p>\n");
    } else {
        text.push_str(
            "<p class=\"note\">A case is listed with its earliest failed statement, because later ones may follow from it.</p>\n",
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
    if !finding.because.is_empty() {
        text.push_str(&format!("<dt>because</dt><dd class=\"words\">{}</dd>", escape(&finding.because)));
    }
    text.push_str("</dl>\n");
    text.push_str(&bits(&finding.differences));
    for id in &finding.requirements {
        let note = results.run.requirements.get(id);
        let note = note.map_or(String::new(), |note| format!("{} · {}", escape(&note.level), escape(&note.text)));
        text.push_str(&format!("<p class=\"rule\"><code>{}</code> {note}</p>\n", escape(id)));
    }
    text.push_str(&list(&cause.cases));
    text.push_str("</article>\n");
    text
}

/// The bits that differ.
fn bits(differences: &[Difference]) -> String {
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

fn list(cases: &[&CaseResult]) -> String {
    let links = |cases: &[&CaseResult]| -> String {
        cases.iter().map(|case| format!("<li>{} {}</li>", link(&case.id), escape(&case.title))).collect()
    };
    let (shown, more) = cases.split_at_checked(IN_VIEW).unwrap_or((cases, &[]));
    let more = match more {
        [] => String::new(),
        more => format!("<details><summary>and {} more</summary><ul>{}</ul></details>\n", more.len(), links(more)),
    };
    format!("<ul>{}</ul>\n{more}", links(shown))
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
