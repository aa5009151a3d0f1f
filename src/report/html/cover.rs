//! The cover: who was judged, how, and what it came to.

use super::{Counts, DISCLAIMER, class, escape, mood, short, subject};
use crate::{
    report::{
        gist::counted,
        tally::{Coverage, duration},
    },
    suite::results::Results,
};

/// The cover.
pub fn write(results: &Results) -> String {
    let counts = Counts::of(&results.cases);
    let (colour, word) = mood(results, &counts);
    let mut text = format!("<p class=\"lead\">Conformance of</p>\n<h1>{}</h1>\n", escape(&subject(results)));
    text.push_str(&format!("<p class=\"sum\"><b class=\"v {colour}\">{word}</b> {}</p>\n", numbers(&counts)));
    text.push_str(&bar(&counts));
    for warning in warnings(results) {
        text.push_str(&format!("<p class=\"warning\">{warning}</p>\n"));
    }
    text.push_str(&facts(results));
    text.push_str(&format!("<p class=\"disclaimer\">{DISCLAIMER}</p>\n"));
    text.push_str(&digests(results));
    text
}

fn numbers(counts: &Counts) -> String {
    let part = |(verdict, count)| format!("<span><b>{count}</b> {verdict}</span>");
    let parts: Vec<String> = counts.present().map(part).collect();
    format!("{} <span>of <b>{}</b></span>", parts.join(" "), counted(counts.total(), "case"))
}

/// The verdicts as a bar; the numbers stand beside it.
fn bar(counts: &Counts) -> String {
    let part = |(verdict, count)| {
        format!("<i class=\"{}\" style=\"flex-grow:{count}\" title=\"{count} {verdict}\"></i>", class(verdict))
    };
    format!("<div class=\"bar\" aria-hidden=\"true\">{}</div>\n", counts.present().map(part).collect::<String>())
}

/// What a reader must know before anything else.
fn warnings(results: &Results) -> Vec<String> {
    let lack = |what: &String| format!("This is not the whole run: {}.", escape(what));
    let mut warnings: Vec<String> = results.lacks.iter().map(lack).collect();
    match results.end {
        _ if !results.lacks.is_empty() => {}
        None => {
            warnings.push("The end of the run is missing: it crashed, or was not over when this was made.".to_owned())
        }
        Some(end) if end.interrupted => {
            warnings.push("The run was interrupted: the cases that are left are SKIP.".to_owned())
        }
        Some(_) => {}
    }
    let stale = |id: &String| format!("No selected case is meant by the expectation <code>{}</code>.", escape(id));
    warnings.extend(results.run.stale.iter().map(stale));
    if !results.cases.iter().any(|case| case.verdict.is_judged()) {
        warnings.push("Nothing was judged: this says nothing of the subject.".to_owned());
    }
    if let Some(shard) = &results.run.shard {
        warnings.push(format!("This is only shard {} of the run.", escape(shard)));
    }
    if !results.run.masked {
        warnings.push("Account numbers, tracks and names are not masked in this report.".to_owned());
    }
    warnings
}

fn facts(results: &Results) -> String {
    let run = &results.run;
    let (covered, testable) = Coverage::of(results).share();
    let coverage = match testable {
        0 => String::new(),
        _ => format!("<a href=\"#requirements\">{covered} of {testable}</a> that can be tested were judged"),
    };
    let seed = run.seed.to_string();
    let digest = format!("<code title=\"{0}\">{1}</code>", escape(&run.ics_digest), escape(short(&run.ics_digest)));
    let items = counted(run.ics.len(), "item");
    let ics =
        if run.ics.is_empty() { String::new() } else { format!("{digest} · <a href=\"#applicability\">{items}</a>") };
    let code = |text: &str| if text.is_empty() { String::new() } else { format!("<code>{}</code>", escape(text)) };
    let rows = [
        ("Subject", escape(&run.name)),
        ("Version", escape(&run.version)),
        ("Reached as", code(&run.subject)),
        ("Says it can", escape(&run.capabilities.join(", "))),
        ("Judged by", format!("emvtap {}", escape(&run.emvtap))),
        ("ICS", ics),
        ("Requirements", coverage),
        ("Started", escape(&run.started)),
        ("Took", results.end.map_or(String::new(), |end| duration(end.duration_us))),
        ("Seed", escape(&seed)),
        ("Run it again", code(&run.command)),
    ];
    let rows = rows.iter().filter(|(_, value)| !value.is_empty());
    let rows: String = rows.map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>\n")).collect();
    format!("<dl class=\"facts\">\n{rows}</dl>\n")
}

fn digests(results: &Results) -> String {
    let rows =
        results.run.suites.iter().map(|(name, digest)| vec![escape(name), format!("<code>{}</code>", escape(digest))]);
    let table = super::table(&["Suite", "SHA-256 of its file"], rows);
    let count = counted(results.run.suites.len(), "suite");
    let ics = match results.run.ics_digest.as_str() {
        "" => String::new(),
        digest => format!("<p>ICS <code>{}</code></p>", escape(digest)),
    };
    format!("<details><summary>Digests of {count} and the ICS</summary>\n{table}{ics}</details>\n")
}
