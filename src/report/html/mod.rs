//! A run as one self-contained page: no outside assets, opens from disk, readable by keyboard, light and dark, prints.
//!
//! Cover, findings, matrix, requirements and the other tables are plain HTML. The pages of the cases are drawn by a small script
//! when they are opened, from JSON inside the page: thousands of cases open at once, and what nobody looks at costs nothing. For whoever
//! has no script, the cases that did not pass stand in the page, too.

use super::{
    markdown::{short, subject},
    tally::{Counts, DISCLAIMER, causes},
};
use crate::suite::results::{Results, Verdict};

mod cases;
mod cover;
mod data;
mod findings;
mod requirements;
mod still;
mod tables;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole page.
pub fn write(results: &Results) -> String {
    let title = format!("emvtap: {}", subject(results));
    let sections: [(&str, &str, String); 7] = [
        ("cover", "Cover", cover::write(results)),
        ("findings", "Findings", findings::write(results)),
        ("matrix", "Matrix", tables::matrix(results)),
        ("cases", "Cases", cases::write(results)),
        ("requirements", "Requirements", requirements::write(results)),
        ("applicability", "Applicability", tables::applicability(results) + &tables::deviations(results)),
        ("timing", "Timing", tables::timing(results)),
    ];
    let links: String = sections.iter().map(|(id, name, _)| format!("<a href=\"#{id}\">{name}</a>")).collect();
    let bodies: String =
        sections.iter().map(|(id, _, body)| format!("<section id=\"{id}\">\n{body}</section>\n")).collect();
    let counts = Counts::of(&results.cases);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <nav aria-label=\"Sections\"><b>{}</b>{links}</nav>\n<main>\n{bodies}</main>\n<footer>{DISCLAIMER}</footer>\n\
         <script type=\"application/json\" id=\"data\">{}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&title),
        mood(results, &counts).1,
        data::write(results),
    )
}

/// What the run comes to: a class for the colour, and a word.
fn mood(results: &Results, counts: &Counts) -> (&'static str, &'static str) {
    let has = |verdict| counts.get(verdict) > 0;
    if has(Verdict::Error) {
        ("ERROR", "ERROR")
    } else if has(Verdict::Fail) || has(Verdict::UnexpectedPass) || strictly_red(results, has(Verdict::Warn)) {
        ("FAIL", "FAIL")
    } else if has(Verdict::Inconclusive) {
        ("INCONCLUSIVE", "INCONCLUSIVE")
    } else if !results.lacks.is_empty() {
        ("INCONCLUSIVE", "INCOMPLETE")
    } else if counts.total() == 0 {
        ("SKIP", "NOTHING RAN")
    } else if !Verdict::ALL.into_iter().any(|verdict| verdict.is_judged() && has(verdict)) {
        ("INCONCLUSIVE", "NOTHING JUDGED")
    } else {
        ("PASS", "PASS")
    }
}

/// Whether a run is red only because it is strict.
const fn strictly_red(results: &Results, warned: bool) -> bool {
    results.run.strict && (warned || !results.run.stale.is_empty())
}

/// Text as HTML, in elements and in attributes.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

/// A verdict, coloured.
fn badge(verdict: Verdict) -> String {
    format!("<b class=\"v {}\">{verdict}</b>", class(verdict))
}

/// The class of a verdict: its name, as far as a class may be called so.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "NA",
        other => other.name(),
    }
}

/// A link to a case.
fn link(id: &str) -> String {
    let id = escape(id);
    format!("<a href=\"#case-{id}\">{id}</a>")
}

/// Two values with the digits marked in which they differ.
fn marked(one: &str, other: &str) -> (String, String) {
    let is_hex = |text: &str| text.len() > 2 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '?');
    let comparable = one.len() == other.len() && is_hex(one) && is_hex(other);
    if !comparable {
        return (escape(one), escape(other));
    }
    let mark =
        |text: &str, against: &str| -> String {
            let pairs = text.chars().zip(against.chars());
            let digits = pairs.map(|(c, other)| {
                if c == other || c == '?' || other == '?' { c.to_string() } else { format!("<mark>{c}</mark>") }
            });
            digits.collect::<String>().replace("</mark><mark>", "")
        };
    (mark(one, other), mark(other, one))
}

/// A table: heads, and rows of cells that are HTML.
fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let rows: String = rows
        .into_iter()
        .map(|cells| format!("<tr>{}</tr>\n", cells.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>()))
        .collect();
    format!("<div class=\"scroll\"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_page_is_as_red_as_the_exit_code_and_no_greener_than_what_is_missing() {
        let mut results = sample::results();
        results.cases.retain(|case| matches!(case.verdict, Verdict::Warn | Verdict::Pass));
        let word = |results: &Results| mood(results, &Counts::of(&results.cases)).1;
        assert_eq!(word(&results), "PASS");
        results.run.strict = true;
        assert_eq!(word(&results), "FAIL");
        results.run.strict = false;
        results.lacks = vec!["shard 2/3 is missing".to_owned()];
        assert_eq!(word(&results), "INCOMPLETE");
    }

    #[test]
    fn the_page_needs_nothing_from_outside() {
        let page = write(&sample::results());
        for outside in ["http:", "https:", "src=", "url(", "@import", "<link"] {
            assert!(!page.contains(outside), "{outside}");
        }
        for part in [
            "<section id=\"findings\">",
            "<mark>4</mark>",
            "byte 2 bit 7",
            "id=\"case-EP-PRE-001/zero\"",
            "no approval and no certification",
            "no case reaches this",
            "online-pin and kernel-3",
            "ticket 12",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }

    #[test]
    fn a_masked_run_gives_a_masked_page() {
        let page = |results: &Results| write(results);
        assert!(page(&sample::results()).contains(sample::PAN), "the test looks for the right number");
        let masked = page(&crate::report::shield::results(sample::results()));
        assert!(!masked.contains(sample::PAN) && masked.contains("476173******0010"));
    }

    #[test]
    fn text_of_others_never_becomes_markup() {
        let mut results = sample::results();
        let evil = "</script><script>alert(1)</script><img onerror='x'>\"";
        results.run.name = evil.to_owned();
        for case in &mut results.cases {
            case.title = evil.to_owned();
            case.reason = evil.to_owned();
            case.findings.iter_mut().for_each(|finding| finding.observed = evil.to_owned());
        }
        let page = write(&results);
        assert_eq!(page.matches("<script").count(), 2, "the data and the script");
        assert_eq!(page.matches("</script").count(), 2);
        assert!(!page.contains("<img"));
    }

    #[test]
    fn what_did_not_pass_can_be_read_without_a_script() {
        let results = sample::results();
        let page = write(&results);
        let body = |id: &str| {
            let from = page.split_once(&format!("id=\"case-{id}\"")).unwrap().1;
            from.split_once("</details>").unwrap().0.to_owned()
        };
        let failed = body("C3-CVM-014");
        for part in ["<noscript>", "byte 2 bit 7", "<code>80A8", "answer after"] {
            assert!(failed.contains(part), "{part}: {failed}");
        }
        assert!(!body("EP-PRE-002").contains("noscript"), "what passed needs no more room");
    }

    #[test]
    fn the_data_are_json_with_every_case() {
        let results = sample::results();
        let page = write(&results);
        let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["c"].as_array().unwrap().len(), results.cases.len());
        let texts = data["s"].as_array().unwrap();
        let unique: std::collections::BTreeSet<_> = texts.iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(unique.len(), texts.len(), "every text stands once");
        assert!(unique.iter().any(|text| text.contains("Application PAN")), "exchanges are decoded");
    }

    #[test]
    fn differing_digits_are_marked() {
        assert_eq!(marked("36404?", "360045").0, "36<mark>4</mark>04?");
        assert_eq!(marked("approved", "declined"), ("approved".to_owned(), "declined".to_owned()));
        assert_eq!(marked("absent", "360045").0, "absent");
    }
}
