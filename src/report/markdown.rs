//! A run as Markdown: a summary for a pull request or a chat.

use super::failure;
use super::tally::{Cause, Counts, Coverage, DISCLAIMER, Standing, causes, duration, suites};
use crate::suite::results::{Results, Verdict};

/// More than this many of one kind are counted, not listed.
const LISTED: usize = 20;

/// The summary.
pub fn write(results: &Results) -> String {
    let run = &results.run;
    let counts = Counts::of(&results.cases);
    let mut text = format!("# {}: {}\n\n", words(&subject(results)), counts.words());
    text.push_str(&format!("emvtap {} · ICS `{}` · seed {}", run.emvtap, short(&run.ics_digest), run.seed));
    text.push_str(&format!(" · started {}", words(&run.started)));
    match results.end {
        Some(end) => text.push_str(&format!(" · {}", duration(end.duration_us))),
        None => text.push_str(" · **the end of the run is missing**"),
    }
    if results.end.is_some_and(|end| end.interrupted) {
        text.push_str(" · **interrupted**");
    }
    if let Some(shard) = &run.shard {
        text.push_str(&format!(" · shard {shard}"));
    }
    text.push_str("\n\n");
    for lack in &results.lacks {
        text.push_str(&format!("> **Not the whole run:** {}\n\n", words(lack)));
    }
    matrix(&mut text, results, &counts);
    failures(&mut text, &causes(results));
    others(&mut text, results);
    coverage(&mut text, &Coverage::of(results));
    text.push_str(&format!("Again: {}\n\n_{DISCLAIMER}_\n", code(&run.command)));
    text
}

/// The subject's name and version, or what it was called as.
pub fn subject(results: &Results) -> String {
    let run = &results.run;
    let name = if run.name.is_empty() { &run.subject } else { &run.name };
    if run.version.is_empty() { name.clone() } else { format!("{name} {}", run.version) }
}

/// The first digits of a digest.
pub fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn matrix(text: &mut String, results: &Results, counts: &Counts) {
    let verdicts: Vec<Verdict> = counts.present().map(|(verdict, _)| verdict).collect();
    let names: String = verdicts.iter().map(|verdict| format!(" {verdict} |")).collect();
    text.push_str(&format!("| suite |{names} cases |\n|---|{}---:|\n", "---:|".repeat(verdicts.len())));
    let mut row = |name: &str, counts: &Counts| {
        let cell = |verdict: &Verdict| match counts.get(*verdict) {
            0 => " |".to_owned(),
            count => format!(" {count} |"),
        };
        let cells: String = verdicts.iter().map(cell).collect();
        text.push_str(&format!("| {name} |{cells} {} |\n", counts.total()));
    };
    for (name, cases) in suites(results) {
        row(&words(name), &Counts::of(cases));
    }
    row("**all**", counts);
    text.push('\n');
}

fn failures(text: &mut String, causes: &[Cause<'_>]) {
    if causes.is_empty() {
        return;
    }
    text.push_str("## Findings by cause\n\n");
    for cause in causes.iter().take(LISTED) {
        let finding = cause.finding;
        let (expected, observed) = (code(&finding.expected), code(&finding.observed));
        text.push_str(&format!(
            "- **{}** {}: expected {expected}, observed {observed}",
            cause.verdict,
            words(&finding.what)
        ));
        let differences = finding.differences.iter().map(failure::difference);
        let notes = cause.cases.first().map(|case| failure::notes(case, finding)).unwrap_or_default();
        for (label, said) in differences.chain(notes) {
            text.push_str(&format!("; {label} {}", words(&said)));
        }
        let ids: Vec<&str> = cause.cases.iter().take(LISTED).map(|case| case.id.as_str()).collect();
        let more = cause.cases.len() - ids.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        text.push_str(&format!(
            "  \n  {} · {}{more}\n",
            words(&finding.requirements.join(", ")),
            words(&ids.join(", "))
        ));
    }
    if causes.len() > LISTED {
        text.push_str(&format!("- and {} causes more\n", causes.len() - LISTED));
    }
    text.push('\n');
}

/// What is not a failure and yet no success.
fn others(text: &mut String, results: &Results) {
    for (verdict, title) in [
        (Verdict::Error, "Errors of emvtap"),
        (Verdict::UnexpectedPass, "Passed unexpectedly"),
        (Verdict::Inconclusive, "Inconclusive"),
        (Verdict::ExpectedFail, "Known failures"),
    ] {
        let cases: Vec<_> = results.cases.iter().filter(|case| case.verdict == verdict).collect();
        if cases.is_empty() {
            continue;
        }
        text.push_str(&format!("## {title}\n\n"));
        for case in cases.iter().take(LISTED) {
            text.push_str(&format!("- {}: {}\n", words(&case.id), words(&case.reason)));
        }
        if cases.len() > LISTED {
            text.push_str(&format!("- and {} more\n", cases.len() - LISTED));
        }
        text.push('\n');
    }
}

fn coverage(text: &mut String, coverage: &Coverage<'_>) {
    if coverage.rows.is_empty() {
        return;
    }
    let (covered, testable) = coverage.share();
    text.push_str(&format!("## Coverage\n\n{covered} of {testable} testable requirements were judged.\n\n"));
    let uncovered: Vec<_> = coverage.standing(Standing::Uncovered).collect();
    for (id, note) in uncovered.iter().take(LISTED) {
        text.push_str(&format!("- not covered: {} {}\n", words(id), words(&note.text)));
    }
    if uncovered.len() > LISTED {
        text.push_str(&format!("- and {} more\n", uncovered.len() - LISTED));
    }
    if !uncovered.is_empty() {
        text.push('\n');
    }
}

/// Text that Markdown takes as it is, on one line.
fn words(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => out.extend(['\\', c]),
            c => out.push(c),
        }
        out
    })
}

/// A code span, whatever is in it.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let fence = "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or(0) + 1);
    if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_summary_says_what_matters_first() {
        let text = write(&sample::results());
        assert!(text.starts_with("# odd kernel 7: 1 ERROR, 1 FAIL, 1 XPASS"), "{text}");
        for part in [
            "| c3/cvm |",
            "- **FAIL** GPO 9F66: expected `36404000`, observed `36004000`; bits byte 2 bit 7 \"CVM required\": expected 1, observed 0; because CTQ",
            "- C3-CVM-020: ticket 12",
            "3 of 4 testable requirements were judged",
            "- not covered: B/3.9.9",
            "no approval and no certification",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn what_is_missing_stands_above_the_numbers() {
        let mut results = sample::results();
        results.lacks = vec!["shard 2/3 is missing".to_owned()];
        let text = write(&results);
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}\n{text}"));
        assert!(at("> **Not the whole run:** shard 2/3 is missing") < at("| suite |"));
    }

    #[test]
    fn odd_text_stays_text() {
        assert_eq!(words("a|b_c\n<d>"), "a\\|b\\_c &lt;d>");
        assert_eq!([code("x"), code("a`b"), code("`")], ["`x`", "``a`b``", "`` ` ``"]);
    }
}
