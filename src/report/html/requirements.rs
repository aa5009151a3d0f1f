//! Which requirements were judged, and by which cases.

use std::collections::BTreeSet;

use super::{escape, link};
use crate::{
    report::{
        gist::counted,
        tally::{Coverage, Covered, Standing, standing},
    },
    suite::results::{RequirementNote, Results},
};

/// More requirements than these that were not judged are behind a click.
const IN_VIEW_UNCOVERED: usize = 40;
/// So many cases stand beside a requirement.
const IN_VIEW: usize = 4;

/// The section.
pub fn write(results: &Results) -> String {
    let coverage = Coverage::of(results);
    let (covered, testable) = coverage.share();
    let mut text = "<h2>Requirements</h2>\n".to_owned();
    if coverage.rows.is_empty() {
        text.push_str("<p>The results name no requirements.</p>\n");
        return text;
    }
    text.push_str(&format!(
        "<p>{covered} of {testable} requirements that can be tested were judged. A requirement counts as judged only if a case that \
         states something about it ran.</p>\n"
    ));
    let uncovered: Vec<_> = coverage.standing(Standing::Uncovered).collect();
    if !uncovered.is_empty() {
        let rows = uncovered.iter().map(|(id, note)| vec![code(id), escape(&note.level), escape(&note.text)]);
        let table = super::table(&["Requirement", "Level", "In our words"], rows);
        let open = if uncovered.len() <= IN_VIEW_UNCOVERED { " open" } else { "" };
        let count = uncovered.len();
        text.push_str(&format!(
            "<details{open}><summary>Not judged by this run: {count}</summary>\n{table}</details>\n"
        ));
    }
    for book in coverage.rows.iter().map(|(_, note, _)| note.book.as_str()).collect::<BTreeSet<_>>() {
        let rows: Vec<_> = coverage.rows.iter().filter(|(_, note, _)| note.book == book).collect();
        let edition = rows.first().map_or("", |(_, note, _)| note.edition.as_str());
        let numbers: String = Standing::ALL
            .into_iter()
            .map(|wanted| (wanted, rows.iter().filter(|(_, note, covered)| standing(note, covered) == wanted).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(standing, count)| format!(" <b class=\"v {}\">{}</b> {count}", standing.name(), standing.name()))
            .collect();
        let title = format!(
            "Book {} <small>edition {}, {}</small>{numbers}",
            escape(book),
            escape(edition),
            counted(rows.len(), "requirement")
        );
        let rows = rows.iter().map(|(id, note, covered)| row(id, note, covered));
        let table = super::table(&["Requirement", "Level", "In our words", "Standing", "Cases"], rows);
        text.push_str(&format!("<details><summary>{title}</summary>\n{table}</details>\n"));
    }
    text
}

fn code(id: &str) -> String {
    format!("<code>{}</code>", escape(id))
}

fn row(id: &str, note: &RequirementNote, covered: &Covered) -> Vec<String> {
    let standing = standing(note, covered);
    let why = note.untestable.as_deref().filter(|_| standing == Standing::Untestable);
    let badge = format!("<b class=\"v {0}\">{0}</b> {1}", standing.name(), escape(why.unwrap_or_default()));
    let cases: Vec<&String> = covered.failed.iter().chain(covered.held.difference(&covered.failed)).collect();
    let shown: Vec<String> = cases.iter().take(IN_VIEW).map(|id| link(id)).collect();
    let more = cases.len().saturating_sub(IN_VIEW);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let place = format!("<code id=\"rule-{0}\">{0}</code>", escape(id));
    vec![place, escape(&note.level), escape(&note.text), badge, format!("{}{more}", shown.join(", "))]
}
