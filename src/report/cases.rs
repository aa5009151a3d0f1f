//! Cases of a conformance run as a person reads them while it runs: a line each, and a block for what went wrong.

use super::{Paint, columns::wrap, decode, failure, shield};
use crate::suite::{
    command,
    results::{CaseResult, Finding, Run, TapResult, Verdict},
    seen::{Step, UiSeen, What},
};

/// How much is said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Nothing.
    Sum,
    /// What went wrong.
    Failures,
    /// A line for every case.
    Cases,
    /// With every statement and every byte.
    Bytes,
    /// With what the bytes mean.
    Everything,
}

/// Failed statements of a case that are shown unless all are.
const SHOWN: usize = 3;

/// A page that cases are written on.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What is run, for the levels and sections of requirements.
    pub run: &'a Run,
    /// How much.
    pub depth: Depth,
    /// Colour.
    pub paint: Paint,
    /// Its width in characters.
    pub width: usize,
}

impl Page<'_> {
    /// What is to be said of a case; nothing of one that went well, unless everything is to be shown.
    pub fn case(&self, case: &CaseResult) -> String {
        // Most cases are not shown: then there is nothing to hide.
        let shielded = || if self.run.masked { shield::case(case.clone()) } else { case.clone() };
        let went_wrong = matches!(
            case.verdict,
            Verdict::Fail | Verdict::Error | Verdict::UnexpectedPass | Verdict::Warn | Verdict::Inconclusive
        );
        match self.depth {
            Depth::Sum => String::new(),
            Depth::Failures | Depth::Cases if went_wrong => self.block(&shielded()),
            Depth::Failures => String::new(),
            Depth::Cases => self.headline(&shielded()),
            Depth::Bytes | Depth::Everything => self.block(&shielded()),
        }
    }

    /// The verdict, the case, and where the books say so.
    fn headline(&self, case: &CaseResult) -> String {
        let verdict = self.verdict(case.verdict);
        let place = self.place(case);
        let used = case.verdict.name().len() + case.id.len() + case.title.chars().count() + place.chars().count() + 4;
        let gap = " ".repeat(self.width.saturating_sub(used).max(2));
        let mut line = format!(" {verdict} {}  {}", self.paint.strong(&case.id), case.title);
        if !place.is_empty() {
            line.push_str(&gap);
            line.push_str(&self.paint.quiet(&place));
        }
        line.push('\n');
        if !case.reason.is_empty() && self.depth == Depth::Cases && case.verdict != Verdict::Pass {
            line.push_str(&self.labelled("because", &case.reason));
        }
        line
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let name = verdict.name();
        match verdict {
            Verdict::Pass => self.paint.good(name),
            Verdict::Fail | Verdict::Error | Verdict::UnexpectedPass => self.paint.bad(name),
            Verdict::Warn | Verdict::Inconclusive => self.paint.notable(name),
            _ => self.paint.quiet(name),
        }
    }

    /// `must · C-3 5.7`, of the first statement that failed, or of the first.
    fn place(&self, case: &CaseResult) -> String {
        let failed = failure::failed(case).first().copied().or(case.findings.first());
        let notes = failed.into_iter().flat_map(|finding| &finding.requirements);
        let notes: Vec<_> = notes.filter_map(|id| self.run.requirements.get(id)).collect();
        let Some(first) = notes.first() else { return String::new() };
        let mut places: Vec<String> = notes.iter().map(|note| format!("{} {}", note.book, note.section)).collect();
        places.dedup();
        let more = places.len().saturating_sub(2);
        places.truncate(2);
        let more = if more > 0 { format!(" +{more}") } else { String::new() };
        format!("{} · {}{more}", first.level, places.join(", "))
    }

    fn block(&self, case: &CaseResult) -> String {
        let mut block = self.headline(case);
        let all = self.depth >= Depth::Bytes;
        let bad = failure::failed(case);
        let shown = if all { bad.len() } else { SHOWN };
        let held = case.findings.iter().filter(|finding| all && finding.verdict == Verdict::Pass);
        for (finding, notes) in failure::told(case, bad.iter().take(shown).copied().chain(held)) {
            block.push_str(&self.finding(case, finding, notes));
        }
        if bad.len() > shown {
            block.push_str(&self.labelled("", &format!("and {} more: -vv", bad.len() - shown)));
        }
        block.push_str(&self.labelled("reason", failure::own_reason(case)));
        if all {
            case.taps.iter().enumerate().for_each(|(at, tap)| block.push_str(&self.tap(at, tap)));
        }
        if !case.again.is_empty() {
            // A command is copied: it stays on one line.
            block.push_str(&format!("   {}  {}\n", self.label("again"), case.again));
        }
        block.push('\n');
        block
    }

    fn finding(&self, case: &CaseResult, finding: &Finding, notes: Vec<(&'static str, String)>) -> String {
        let mut text = String::new();
        if finding.verdict == Verdict::Pass {
            return self.labelled("held", &format!("{}: {}", finding.what, finding.expected));
        }
        let several = case.taps.len() > 1;
        let tap = if several { format!(" (tap {})", finding.tap + 1) } else { String::new() };
        text.push_str(&self.labelled("expected", &format!("{}: {}{tap}", finding.what, finding.expected)));
        text.push_str(&self.labelled("observed", &format!("{}: {}", finding.what, finding.observed)));
        let differences = finding.differences.iter().map(failure::difference);
        for (label, note) in differences.chain(notes) {
            text.push_str(&self.labelled(label, &note));
        }
        text
    }

    /// What was put in, and everything that was seen.
    fn tap(&self, at: usize, tap: &TapResult) -> String {
        let options = decode::Options { unmasked: true, ..decode::Options::default() };
        let mut conversation = decode::Conversation::new(&options, true);
        let page = decode::Page { width: self.width.saturating_sub(15), paint: self.paint, everything: false };
        let mut text = self.labelled(&format!("tap {}", at + 1), &inputs(&tap.inputs));
        let mut command = Vec::new();
        for step in &tap.seen.steps {
            text.push_str(&self.step(step));
            let decoded = match &step.what {
                What::Command { hex } => {
                    command = hex::decode(hex).unwrap_or_default();
                    continue;
                }
                What::Response { hex, .. } if self.depth >= Depth::Everything => {
                    conversation.exchange(&command, hex::decode(hex).ok().as_deref()).text(page)
                }
                _ => continue,
            };
            text.extend(decoded.lines().map(|line| format!("               {line}\n")));
        }
        text
    }

    fn step(&self, step: &Step) -> String {
        let milliseconds = format!("{:>8}.{}", step.at_us / 1000, step.at_us / 100 % 10);
        let wrapped = wrap(&words(&step.what), self.width.saturating_sub(15).max(20));
        let lines = wrapped.iter().enumerate().map(|(at, line)| {
            let before = if at == 0 { milliseconds.as_str() } else { "          " };
            format!("   {}  {line}\n", self.paint.quiet(before))
        });
        lines.collect()
    }

    fn label(&self, label: &str) -> String {
        self.paint.quiet(&format!("{label:<8}"))
    }

    fn labelled(&self, label: &str, text: &str) -> String {
        let lines = text.lines().flat_map(|line| wrap(line, self.width.saturating_sub(13).max(20)));
        let labelled = lines.enumerate().map(|(at, line)| {
            let label = if at == 0 { self.label(label) } else { " ".repeat(8) };
            format!("   {label}  {line}\n")
        });
        labelled.collect()
    }
}

/// A text of several lines in one.
fn line(text: &str) -> String {
    text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

fn inputs(inputs: &std::collections::BTreeMap<String, String>) -> String {
    let parts: Vec<String> = inputs.iter().map(|(what, value)| format!("{what} {}", line(value))).collect();
    parts.join(" · ")
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

fn words(what: &What) -> String {
    match what {
        What::FieldOn => "field on".to_owned(),
        What::FieldOff => "field off".to_owned(),
        What::Command { hex } => {
            format!("→ {hex}  {}", command::name(&hex::decode(hex).unwrap_or_default()))
        }
        What::Response { hex, .. } => format!("← {hex}"),
        What::Lost { reason } => format!("← nothing: {reason}"),
        What::Ui(UiSeen { message, status, .. }) => {
            let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
            format!("display: message {}, status {}", part(message), part(status))
        }
        What::Online { .. } => "online request".to_owned(),
        What::DataExchange { needed, to_send } => {
            let told = to_send.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
            format!("terminal: asked for {}; told {}", or_nothing(&needed.join(" ")), or_nothing(&told))
        }
        What::Host { response_code, cryptogram, .. } => format!(
            "host: {}, cryptogram {}",
            response_code.as_deref().unwrap_or("unreachable"),
            cryptogram.as_deref().unwrap_or("not looked at")
        ),
        What::Outcome(outcome) => format!(
            "outcome {}, cvm {}, start {}",
            outcome.result,
            outcome.cvm.as_deref().unwrap_or("none"),
            outcome.start.as_deref().unwrap_or("none")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::{
        results::{Aspect, RequirementNote},
        seen::Seen,
    };

    fn failed() -> CaseResult {
        let step = |what| Step { at_us: 0, what };
        let command = |hex: &str| step(What::Command { hex: hex.to_owned() });
        let seen = Seen {
            steps: vec![
                command("00A404000E325041592E5359532E444446303100"),
                command("80A8000002830000"),
                command("00B2010C00"),
            ],
            ..Seen::default()
        };
        let finding = Finding {
            tap: 0,
            aspect: Aspect::Outcome,
            what: "cvm".to_owned(),
            expected: "online-pin".to_owned(),
            observed: "signature".to_owned(),
            verdict: Verdict::Fail,
            requirements: vec!["C-3/5.7".to_owned()],
            because: "9F6C byte 1 bit 8 = 1".to_owned(),
            step: Some(1),
            differences: Vec::new(),
        };
        CaseResult {
            id: "C3-CVM-014".to_owned(),
            title: "CTQ asks for online PIN, reader supports it".to_owned(),
            verdict: Verdict::Fail,
            taps: vec![TapResult { seen, ..TapResult::default() }],
            findings: vec![finding],
            again: "emvtap test run --id C3-CVM-014 --seed 7 -vv".to_owned(),
            ..CaseResult::default()
        }
    }

    fn run() -> Run {
        let note = RequirementNote {
            book: "C-3".to_owned(),
            section: "5.7".to_owned(),
            level: "must".to_owned(),
            ..RequirementNote::default()
        };
        Run { requirements: [("C-3/5.7".to_owned(), note)].into(), ..Run::default() }
    }

    /// The block of PRODUCT.md.
    #[test]
    fn a_failure_says_what_why_where_and_how_to_see_it_again() {
        let run = run();
        let page = Page { run: &run, depth: Depth::Failures, paint: Paint::Plain, width: 80 };
        assert_eq!(
            page.case(&failed()),
            " FAIL C3-CVM-014  CTQ asks for online PIN, reader supports it     must · C-3 5.7\n   \
             expected  cvm: online-pin\n   \
             observed  cvm: signature\n   \
             because   9F6C byte 1 bit 8 = 1\n   \
             after     command 2 of 3, GPO\n   \
             again     emvtap test run --id C3-CVM-014 --seed 7 -vv\n\n"
        );
    }

    #[test]
    fn bytes_come_with_the_statements_and_then_what_they_mean() {
        let run = run();
        let mut case = failed();
        let response = What::Response { hex: "770482022000 9000".replace(' ', ""), us: 1 };
        case.taps[0].seen.steps.insert(2, Step { at_us: 0, what: response });
        let text = |depth| Page { run: &run, depth, paint: Paint::Plain, width: 100 }.case(&case);
        assert!(!text(Depth::Failures).contains("← "));
        let (bytes, everything) = (text(Depth::Bytes), text(Depth::Everything));
        assert!(bytes.contains("→ 80A8000002830000 GPO") && bytes.contains("← 7704820220009000"), "{bytes}");
        let meaning = "Application Interchange Profile";
        assert!(!bytes.contains(meaning) && everything.contains(meaning), "{everything}");
    }

    #[test]
    fn a_pass_is_a_line_if_every_case_is() {
        let run = run();
        let case = CaseResult { verdict: Verdict::Pass, findings: Vec::new(), ..failed() };
        let text = |depth| Page { run: &run, depth, paint: Paint::Plain, width: 80 }.case(&case);
        assert_eq!(text(Depth::Failures), "");
        assert_eq!(text(Depth::Cases), " PASS C3-CVM-014  CTQ asks for online PIN, reader supports it\n");
    }
}
