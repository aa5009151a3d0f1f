//! Results as JUnit XML, for machines that show tests: `testsuites` > `testsuite` > `testcase`.
//!
//! FAIL and XPASS are failures, ERROR is an error, and so is what could not be judged (INCONCLUSIVE), because a green build must
//! not hide it. N/A, UNSUPPORTED, SKIP and XFAIL are skipped, with the reason. A WARN passes, and says so in `system-out`; it is a
//! failure if the run was strict. What else makes a run red without a case of its own has a suite of its own: a shard that is missing,
//! an end that nobody saw, an expectation that means no case.

use super::{
    failure,
    tally::{Counts, DISCLAIMER, suites},
};
use crate::suite::results::{CaseResult, Results, Verdict};

/// The whole document.
pub fn write(results: &Results) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let seconds = seconds(results.end.map_or(0, |end| end.duration_us));
    let troubles = troubles(results);
    let strict = results.run.strict;
    let whole = Totals::of(&Counts::of(&results.cases), strict).and(&troubles).words();
    // The root has no number of skipped cases in the schema that Jenkins reads.
    let totals = whole.split(" skipped").next().unwrap_or_default();
    xml.push_str(&format!("<testsuites name=\"emvtap\" {totals} time=\"{seconds}\">\n"));
    for (name, cases) in suites(results) {
        suite(&mut xml, results, name, &cases);
    }
    if !troubles.is_empty() {
        let totals = Totals::default().and(&troubles).words();
        xml.push_str(&format!("  <testsuite name=\"{RUN}\" {totals} time=\"0.000\">\n"));
        troubles.iter().for_each(|trouble| trouble.write(&mut xml));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// Which element a verdict becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Failure,
    Error,
    Skipped,
}

const fn kind(verdict: Verdict, strict: bool) -> Kind {
    match verdict {
        Verdict::Warn if strict => Kind::Failure,
        Verdict::Pass | Verdict::Warn => Kind::Passed,
        Verdict::Fail | Verdict::UnexpectedPass => Kind::Failure,
        Verdict::Error | Verdict::Inconclusive => Kind::Error,
        Verdict::NotApplicable | Verdict::Unsupported | Verdict::Skip | Verdict::ExpectedFail => Kind::Skipped,
    }
}

/// The suite of what is no case.
const RUN: &str = "the run itself";

/// What makes a run red without being a case.
struct Trouble {
    name: &'static str,
    kind: Kind,
    message: String,
}

impl Trouble {
    fn write(&self, xml: &mut String) {
        let element = if self.kind == Kind::Error { "error" } else { "failure" };
        let (name, message) = (attribute(&format!("{}: {}", self.name, self.message)), attribute(&self.message));
        xml.push_str(&format!(
            "    <testcase name=\"{name}\" classname=\"{RUN}\" time=\"0.000\">\n      <{element} message=\"{message}\" \
             type=\"{}\">{}</{element}>\n    </testcase>\n",
            self.name,
            text(&self.message)
        ));
    }
}

fn troubles(results: &Results) -> Vec<Trouble> {
    let lack = |what: &String| Trouble { name: "incomplete", kind: Kind::Error, message: what.clone() };
    let stale = |id: &String| {
        let message = format!("no selected case is meant by the expectation `{id}`");
        Trouble { name: "stale expectation", kind: Kind::Failure, message }
    };
    let stale = results.run.stale.iter().filter(|_| results.run.strict).map(stale);
    results.lacks.iter().map(lack).chain(stale).collect()
}

/// The numbers of a suite.
#[derive(Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Totals {
    fn of(counts: &Counts, strict: bool) -> Self {
        let of = |wanted| {
            counts
                .present()
                .filter(|(verdict, _)| kind(*verdict, strict) == wanted)
                .map(|(_, count)| count)
                .sum::<usize>()
        };
        Self { tests: counts.total(), failures: of(Kind::Failure), errors: of(Kind::Error), skipped: of(Kind::Skipped) }
    }

    fn and(mut self, troubles: &[Trouble]) -> Self {
        let errors = troubles.iter().filter(|trouble| trouble.kind == Kind::Error).count();
        self.tests += troubles.len();
        self.errors += errors;
        self.failures += troubles.len() - errors;
        self
    }

    fn words(&self) -> String {
        let Self { tests, failures, errors, skipped } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"")
    }
}

fn suite(xml: &mut String, results: &Results, name: &str, cases: &[&CaseResult]) {
    let run = &results.run;
    let totals = Totals::of(&Counts::of(cases.iter().copied()), run.strict).words();
    let time = seconds(cases.iter().map(|case| case.duration_us).sum());
    // The schemas know times without a zone.
    let started = run.started.get(..19).unwrap_or_default();
    let timestamp = if started.is_empty() { String::new() } else { format!(" timestamp=\"{}\"", attribute(started)) };
    xml.push_str(&format!("  <testsuite name=\"{}\" {totals} time=\"{time}\"{timestamp}>\n", attribute(name)));
    xml.push_str("    <properties>\n");
    let shard = run.shard.clone().unwrap_or_default();
    for (key, value) in [
        ("emvtap", run.emvtap.as_str()),
        ("subject", &run.subject),
        ("subject.name", &run.name),
        ("subject.version", &run.version),
        ("ics.sha256", &run.ics_digest),
        ("suite.sha256", run.suites.get(name).map_or("", String::as_str)),
        ("seed", &run.seed.to_string()),
        ("shard", &shard),
        ("disclaimer", DISCLAIMER),
    ] {
        if !value.is_empty() {
            xml.push_str(&format!("      <property name=\"{key}\" value=\"{}\"/>\n", attribute(value)));
        }
    }
    xml.push_str("    </properties>\n");
    cases.iter().for_each(|result| case(xml, result, run.strict));
    xml.push_str("  </testsuite>\n");
}

fn case(xml: &mut String, case: &CaseResult, strict: bool) {
    let name = attribute(&format!("{} {}", case.id, case.title));
    let class = attribute(&case.suite.replace('/', "."));
    xml.push_str(&format!(
        "    <testcase name=\"{name}\" classname=\"{class}\" time=\"{}\"",
        seconds(case.duration_us)
    ));
    let body = body(case, strict);
    match body.is_empty() {
        true => xml.push_str("/>\n"),
        false => xml.push_str(&format!(">\n{body}    </testcase>\n")),
    }
}

fn body(case: &CaseResult, strict: bool) -> String {
    let kind = kind(case.verdict, strict);
    let element = match kind {
        Kind::Passed if case.verdict == Verdict::Warn => {
            return format!("      <system-out>{}</system-out>\n", text(&told(case)));
        }
        Kind::Passed => return String::new(),
        Kind::Failure => "failure",
        Kind::Error => "error",
        Kind::Skipped => "skipped",
    };
    let reason = if case.reason.is_empty() { first_line(case) } else { case.reason.clone() };
    let message = attribute(&format!("{}: {reason}", case.verdict));
    match kind {
        Kind::Skipped => format!("      <skipped message=\"{message}\"/>\n"),
        _ => format!(
            "      <{element} message=\"{message}\" type=\"{}\">{}</{element}>\n",
            case.verdict,
            text(&told(case))
        ),
    }
}

fn first_line(case: &CaseResult) -> String {
    match failure::earliest(case) {
        Some(finding) => format!("{}: expected {}, observed {}", finding.what, finding.expected, finding.observed),
        None => case.verdict.means().to_owned(),
    }
}

/// Everything that did not hold, and the command that runs it again.
fn told(case: &CaseResult) -> String {
    let mut told = String::new();
    let reason = failure::own_reason(case);
    if !reason.is_empty() {
        told.push_str(&format!("{reason}\n"));
    }
    for (finding, notes) in failure::told(case, failure::failed(case)) {
        told.push_str(&format!("{} {} ({})\n", finding.verdict, finding.what, finding.requirements.join(", ")));
        told.push_str(&format!("  expected  {}\n  observed  {}\n", finding.expected, finding.observed));
        let differences = finding.differences.iter().map(failure::difference);
        for (label, text) in differences.chain(notes) {
            told.push_str(&format!("  {label:<8}  {text}\n"));
        }
    }
    if !case.again.is_empty() {
        told.push_str(&format!("again: {}\n", case.again));
    }
    told
}

/// Whole milliseconds, as the schemas want them.
fn seconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000_000, us % 1_000_000 / 1_000)
}

/// Text without what XML 1.0 cannot hold.
fn text(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(allowed).fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}

fn attribute(value: &str) -> String {
    text(value).replace('\n', "&#10;").replace('\t', "&#9;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn numbers_agree_with_elements() {
        agree(&write(&sample::results()));
        let mut red = sample::results();
        red.run.strict = true;
        red.run.stale = vec!["C3-OLD-*".to_owned()];
        red.lacks = vec!["shard 2/3 is missing".to_owned()];
        let xml = write(&red);
        agree(&xml);
        assert!(xml.contains("<failure message=\"WARN: "), "a warning that turns the run red is a failure: {xml}");
        assert!(xml.contains("<error message=\"shard 2/3 is missing\" type=\"incomplete\">"), "{xml}");
        assert!(xml.contains("by the expectation `C3-OLD-*`\" type=\"stale expectation\">"), "{xml}");
        let whole = xml.lines().find(|line| line.starts_with("<testsuites ")).unwrap();
        assert!(whole.contains("tests=\"12\" failures=\"4\" errors=\"3\""), "{whole}");
    }

    fn agree(xml: &str) {
        for (attribute, element) in
            [("tests", "<testcase "), ("failures", "<failure "), ("errors", "<error "), ("skipped", "<skipped ")]
        {
            let lines = xml.lines().filter(|line| line.trim_start().starts_with("<testsuite "));
            let number = |line: &str| -> usize {
                line.split_once(&format!(" {attribute}=\"")).unwrap().1.split_once('"').unwrap().0.parse().unwrap()
            };
            let total: usize = lines.map(number).sum();
            assert_eq!(xml.matches(element).count(), total, "{attribute}");
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_left_out() {
        assert_eq!(text("a<b>&\"\u{0}\u{1b}é\u{FFFE}"), "a&lt;b&gt;&amp;&quot;é");
        assert_eq!(attribute("a\nb"), "a&#10;b");
    }

    #[test]
    fn a_failure_says_everything() {
        let xml = write(&sample::results());
        for part in [
            "message=\"FAIL: GPO 9F66: expected 36404000, observed 36004000\"",
            "byte 2 bit 7 &quot;CVM required&quot;: expected 1, observed 0",
            "  after     command 1 of 2, COMMAND 80A80000 → 9000",
            "again: emvtap test run --id C3-CVM-014",
            "<skipped message=\"XFAIL: ticket 12\"/>",
            "<property name=\"ics.sha256\"",
        ] {
            assert!(xml.contains(part), "{part}\n{xml}");
        }
    }
}
