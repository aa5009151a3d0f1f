//! What is said of statements that did not hold, in every format: which comes first, and what happened around it.

use super::decode::status_words;
use crate::{
    apdu::StatusWord,
    suite::{
        command,
        results::{Aspect, CaseResult, Difference, Finding, Verdict},
        seen::{Step, What},
    },
};

/// The findings that did not hold, those nearest to the cause first: what comes later may follow from it.
pub fn failed(case: &CaseResult) -> Vec<&Finding> {
    let mut failed: Vec<&Finding> = case.findings.iter().filter(|finding| finding.verdict != Verdict::Pass).collect();
    failed.sort_by_key(|finding| (finding.verdict != case.verdict.as_finding(), nearness(case, finding)));
    failed
}

/// The failed finding nearest to the cause.
pub fn earliest(case: &CaseResult) -> Option<&Finding> {
    failed(case).into_iter().find(|finding| finding.verdict == case.verdict.as_finding())
}

/// Tap, point of time, what kind of statement it is. Between two commands, or a command and the issuer, is one point of time, in
/// whatever order a subject gives its outputs.
fn nearness(case: &CaseResult, finding: &Finding) -> (usize, usize, u8) {
    let steps = steps(case, finding);
    let until = finding.step.map_or(steps.len(), |step| step + 1);
    let is_point = |step: &&Step| matches!(step.what, What::Command { .. } | What::Host { .. });
    let kind = match (finding.aspect, finding.what.as_str()) {
        (_, "subject") => 0,
        (Aspect::Commands, _) => 1,
        (Aspect::Outcome, "outcome" | "outcomes") => 2,
        (Aspect::Outcome, "disposition") => 3,
        (Aspect::Outcome, _) => 4,
        (Aspect::Data, _) => 5,
        (Aspect::Ui, _) => 6,
        (Aspect::Timing, _) => 7,
    };
    (finding.tap, steps.iter().take(until).filter(is_point).count(), kind)
}

fn steps<'a>(case: &'a CaseResult, finding: &Finding) -> &'a [Step] {
    case.taps.get(finding.tap).map_or(&[], |tap| &tap.seen.steps)
}

/// What there is to say of a finding beside what was expected and observed, each with its label: why, what the card had answered, what
/// the issuer found out, and that the difference is hidden.
pub fn notes(case: &CaseResult, finding: &Finding) -> Vec<(&'static str, String)> {
    let because = Some(finding.because.clone()).filter(|because| !because.is_empty());
    let notes = [
        ("hidden", is_hidden(finding).then(|| "they differ in the masked part: --unmask shows it".to_owned())),
        ("because", because),
        ("after", after(case, finding)),
        ("issuer", issuer(case, finding)),
    ];
    notes.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
}

/// Findings one after the other, each with what there is to say of it that has not been said of the one before.
pub fn told<'a>(
    case: &CaseResult,
    findings: impl IntoIterator<Item = &'a Finding>,
) -> Vec<(&'a Finding, Vec<(&'static str, String)>)> {
    let mut before = Vec::new();
    let findings = findings.into_iter().map(|finding| {
        let notes = if finding.verdict == Verdict::Pass { Vec::new() } else { notes(case, finding) };
        let new = notes.iter().filter(|note| !before.contains(*note)).cloned().collect();
        before = notes;
        (finding, new)
    });
    findings.collect()
}

/// Whether two values that differ look the same, because both are masked.
fn is_hidden(finding: &Finding) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let is_failure = matches!(finding.verdict, Verdict::Fail | Verdict::Warn);
    is_failure && !finding.observed.is_empty() && plain(&finding.expected) == plain(&finding.observed)
}

/// `command 3 of 4, GPO → 6700 wrong length`: the last command before what was seen, and what the card said to it.
fn after(case: &CaseResult, finding: &Finding) -> Option<String> {
    let steps = steps(case, finding);
    let is_command = |step: &Step| matches!(step.what, What::Command { .. });
    let at = steps.iter().take(finding.step? + 1).rposition(is_command)?;
    let (before, since) = (steps.get(..=at)?, steps.get(at + 1..)?);
    let all = steps.iter().filter(|step| is_command(step)).count();
    let number = before.iter().filter(|step| is_command(step)).count();
    let What::Command { hex } = &before.last()?.what else { return None };
    let command = hex::decode(hex).unwrap_or_default();
    let answer = since.iter().take_while(|step| !is_command(step)).find_map(|step| match &step.what {
        What::Response { hex, .. } => Some(answered(&command, &hex::decode(hex).unwrap_or_default())),
        What::Lost { reason } => Some(format!("no answer: {reason}")),
        _ => None,
    });
    let answer = answer.map_or_else(String::new, |answer| format!(" → {answer}"));
    Some(format!("command {number} of {all}, {}{answer}", command::name(&command)))
}

/// A status word, and what it means if it is not the good one.
fn answered(command: &[u8], answer: &[u8]) -> String {
    let Some((_, status)) = answer.split_last_chunk::<2>() else { return "no status word".to_owned() };
    let status = StatusWord(u16::from_be_bytes(*status));
    match status.is_ok() {
        true => status.to_string(),
        false => format!("{status} {}", status_words(status, command.get(1).copied(), None)),
    }
}

/// What the issuer said, as far as it had by then.
fn issuer(case: &CaseResult, finding: &Finding) -> Option<String> {
    let before = steps(case, finding).iter().take(finding.step? + 1);
    before.rev().find_map(|step| match &step.what {
        What::Host { response_code, cryptogram, note } => {
            let code = response_code.as_ref().map_or("not reached".to_owned(), |code| format!("response code {code}"));
            let cryptogram = cryptogram.as_ref().map(|found| format!("cryptogram {found}"));
            let note = Some(note.clone()).filter(|note| !note.is_empty());
            Some([Some(code), cryptogram, note].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
        _ => None,
    })
}

/// A difference with its label, as a line: `bits`, `byte 2 bit 7 "CVM required": expected 1, observed 0`.
pub fn difference(difference: &Difference) -> (&'static str, String) {
    let Difference { at, means, expected, observed } = difference;
    if at == Difference::LENGTH {
        return (Difference::LENGTH, format!("expected {expected}, observed {observed}: {means}"));
    }
    let means = if means.is_empty() { String::new() } else { format!(" \"{means}\"") };
    ("bits", format!("{at}{means}: expected {expected}, observed {observed}"))
}

/// What the reason of a case says that its findings do not.
pub fn own_reason(case: &CaseResult) -> &str {
    let findings = case.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
    let said = findings.flat_map(|it| [it.observed.clone(), format!("{}: {}", it.what, it.observed)]);
    let rest = said.filter(|said| !said.is_empty()).find_map(|said| case.reason.strip_prefix(&said));
    rest.map_or(&case.reason, |rest| rest.trim_start_matches("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::sample, suite::load};

    /// A case of one tap with these statements, of which none held.
    fn case(findings: Vec<Finding>) -> CaseResult {
        CaseResult { findings, ..sample::results().cases.remove(0) }
    }

    fn failed_as(aspect: Aspect, what: &str, step: usize) -> Finding {
        Finding { aspect, step: Some(step), ..sample::finding(what, Verdict::Fail, "C-3/5.7.1.2") }
    }

    #[test]
    fn the_result_comes_before_its_parameters_and_commands_before_outputs() {
        let case = case(vec![
            failed_as(Aspect::Outcome, "disposition", 9),
            failed_as(Aspect::Ui, "user interface", 3),
            failed_as(Aspect::Outcome, "cvm", 4),
            failed_as(Aspect::Outcome, "outcomes", 4),
            failed_as(Aspect::Commands, "GPO 9F66", 2),
            failed_as(Aspect::Ui, "user interface", 1),
        ]);
        let order: Vec<_> =
            failed(&case).iter().map(|finding| (finding.what.as_str(), finding.step.unwrap())).collect();
        assert_eq!(
            order,
            [
                ("user interface", 1),
                ("GPO 9F66", 2),
                ("outcomes", 4),
                ("cvm", 4),
                ("user interface", 3),
                ("disposition", 9)
            ]
        );
    }

    #[test]
    fn what_the_card_and_the_issuer_said_is_told() {
        let mut case = case(vec![failed_as(Aspect::Outcome, "disposition", 6)]);
        case.taps[0].seen.steps[2].what = What::Command { hex: "80A8000002830000".to_owned() };
        let told = |case: &CaseResult| notes(case, &case.findings[0])[1..].to_vec();
        assert_eq!(told(&case)[0].1, "command 1 of 2, GPO → 9000");
        assert_eq!(told(&case)[1].0, "issuer");
        assert!(told(&case)[1].1.starts_with("response code 00 · cryptogram valid · account"));
        case.taps[0].seen.steps[3].what = What::Response { hex: "6700".to_owned(), us: 1 };
        case.findings[0].step = Some(2);
        let after = "command 1 of 2, GPO → 6700 wrong length; after GPO: the values do not have the length that the PDOL asks for";
        assert_eq!(told(&case), [("after", after.to_owned())]);
        case.findings[0].step = Some(9);
        assert_eq!(told(&case)[0].1, "command 2 of 2, READ RECORD 1.1 → no answer: timeout");
    }

    #[test]
    fn nothing_is_said_of_two_findings_on_end() {
        let case = case(vec![
            failed_as(Aspect::Outcome, "outcome", 4),
            failed_as(Aspect::Outcome, "cvm", 4),
            failed_as(Aspect::Outcome, "start", 8),
        ]);
        let told = told(&case, &case.findings);
        let labels: Vec<Vec<&str>> =
            told.iter().map(|(_, notes)| notes.iter().map(|(label, _)| *label).collect()).collect();
        assert_eq!(labels, [vec!["because", "after"], vec![], vec!["after", "issuer"]]);
    }

    #[test]
    fn a_difference_that_the_mask_hides_is_told() {
        let masked = Finding {
            expected: "476173FFFFFF 0119".to_owned(),
            observed: "476173FFFFFF0119".to_owned(),
            ..failed_as(Aspect::Data, "data record 5A", 4)
        };
        let case = case(vec![masked, failed_as(Aspect::Outcome, "cvm", 4)]);
        let hidden = ("hidden", "they differ in the masked part: --unmask shows it".to_owned());
        assert_eq!(notes(&case, &case.findings[0])[0], hidden);
        assert!(!notes(&case, &case.findings[1]).contains(&hidden));
    }

    #[test]
    fn a_reason_that_a_finding_says_is_not_said_again() {
        let mut spoilt = failed_as(Aspect::Outcome, "subject", 0);
        spoilt.observed = "wrote `INFO`".to_owned();
        let mut case = case(vec![spoilt]);
        for (reason, own) in [
            ("wrote `INFO`", ""),
            ("wrote `INFO`; expected to fail with `x`", "expected to fail with `x`"),
            ("subject: wrote `INFO`", ""),
            ("ticket 12", "ticket 12"),
        ] {
            reason.clone_into(&mut case.reason);
            assert_eq!(own_reason(&case), own, "{reason}");
        }
    }

    /// Such a line explains one object, the data field of GPO has nine.
    #[test]
    fn no_because_of_one_object_explains_a_data_field_of_many() {
        let suite = load::builtin("c3/gpo").unwrap().unwrap();
        for case in &suite.cases {
            assert!(case.checks().all(|check| check.sent_data.is_none() || check.because.is_empty()), "{}", case.id);
        }
    }
}
