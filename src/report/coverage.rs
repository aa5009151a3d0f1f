//! Which requirements a run judged, as text and JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Paint,
    tally::{Coverage, Standing, standing},
};
use crate::suite::results::Results;

/// The name of the JSON's schema.
pub const SCHEMA: &str = "emvtap.coverage/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// Why this is not the coverage of a whole run.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    lacks: &'a [String],
    covered: usize,
    testable: usize,
    requirements: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    book: &'a str,
    edition: &'a str,
    section: &'a str,
    level: &'a str,
    text: &'a str,
    standing: &'static str,
    /// Cases in which everything stated about it held, or not.
    held: Vec<&'a str>,
    failed: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    untestable: Option<&'a str>,
}

/// As JSON, with a line end.
pub fn json(results: &Results) -> String {
    let coverage = Coverage::of(results);
    let (covered, testable) = coverage.share();
    let requirements = coverage.rows.iter().map(|(id, note, covered)| Row {
        id,
        book: &note.book,
        edition: &note.edition,
        section: &note.section,
        level: &note.level,
        text: &note.text,
        standing: standing(note, covered).name(),
        held: covered.held.iter().map(String::as_str).collect(),
        failed: covered.failed.iter().map(String::as_str).collect(),
        untestable: note.untestable.as_deref(),
    });
    let document =
        Document { schema: SCHEMA, lacks: &results.lacks, covered, testable, requirements: requirements.collect() };
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

/// For people: the numbers by book, then what is not covered. `all`: every requirement.
pub fn text(results: &Results, all: bool, paint: Paint) -> String {
    let coverage = Coverage::of(results);
    let (covered, testable) = coverage.share();
    let mut books: BTreeMap<&str, BTreeMap<Standing, usize>> = BTreeMap::new();
    for (_, note, covered) in &coverage.rows {
        *books.entry(&note.book).or_default().entry(standing(note, covered)).or_default() += 1;
    }
    let lacks = results.lacks.iter().map(|lack| format!(" {} {lack}\n", paint.bad("not the whole run:")));
    let mut text: String = lacks.collect();
    text.push_str(&format!(
        " {} of {testable} testable requirements were judged\n\n",
        paint.strong(&covered.to_string())
    ));
    for (book, counts) in &books {
        let count = |standing: Standing| counts.get(&standing).copied().unwrap_or(0);
        let parts: Vec<String> = Standing::ALL
            .into_iter()
            .filter(|standing| count(*standing) > 0)
            .map(|standing| format!("{} {}", count(standing), standing.name()))
            .collect();
        text.push_str(&format!("   {book:6} {}\n", parts.join(", ")));
    }
    for wanted in Standing::ALL {
        let rows: Vec<_> = coverage.standing(wanted).collect();
        if rows.is_empty() || wanted == Standing::Held && !all {
            continue;
        }
        text.push_str(&format!("\n {} ({})\n", paint.strong(wanted.name()), rows.len()));
        for (id, note) in rows {
            let why = note.untestable.as_deref().filter(|_| wanted == Standing::Untestable);
            let why = why.map_or(String::new(), |why| format!(": {why}"));
            text.push_str(&format!("   {id:20} {:6} {}{}\n", note.level, note.text, paint.quiet(&why)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_uncovered_are_named() {
        let text = text(&sample::results(), false, Paint::Plain);
        assert!(text.starts_with(" 3 of 4 testable requirements were judged\n"), "{text}");
        assert!(text.contains("   C-3    2 failed\n") && text.contains("\n uncovered (1)\n   B/3.9.9 "), "{text}");
        assert!(text.contains("nobody can see this: a matter of the merchant's contract"));
    }

    #[test]
    fn what_is_missing_is_said_first() {
        let mut results = sample::results();
        results.lacks = vec!["shard 2/3 is missing".to_owned()];
        assert!(text(&results, false, Paint::Plain).starts_with(" not the whole run: shard 2/3 is missing\n 3 of 4 "));
        let read: serde_json::Value = serde_json::from_str(&json(&results)).unwrap();
        assert_eq!(read["lacks"], serde_json::json!(["shard 2/3 is missing"]));
    }

    #[test]
    fn programs_get_the_cases_too() {
        let read: serde_json::Value = serde_json::from_str(&json(&sample::results())).unwrap();
        assert_eq!((&read["schema"], &read["covered"]), (&SCHEMA.into(), &3.into()));
        let row = read["requirements"].as_array().unwrap().iter().find(|row| row["id"] == "C-3/5.4.1").unwrap();
        assert_eq!(row["standing"], "failed");
        assert_eq!(row["held"], serde_json::json!(["C3-CVM-014", "EP-PRE-002"]));
    }
}
