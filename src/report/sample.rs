//! A small run for tests: one of each verdict, two suites, a restart, a card with an account number.

use std::collections::BTreeMap;

use crate::suite::{
    results::{
        Aspect, CaseResult, Difference, End, Finding, RequirementNote, Results, Run, SCHEMA, TapResult, Verdict,
    },
    seen::{Ended, OutcomeSeen, Seen, Step, UiSeen, What},
};

pub const PAN: &str = "4761739001010010";

pub fn results() -> Results {
    Results {
        schema: SCHEMA.to_owned(),
        run: run(),
        cases: cases(),
        end: Some(End { duration_us: 1_234_567, interrupted: false }),
        lacks: Vec::new(),
    }
}

fn run() -> Run {
    let map =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let note = |book: &str, section: &str, level: &str, text: &str| RequirementNote {
        book: book.to_owned(),
        edition: "2.11".to_owned(),
        section: section.to_owned(),
        level: level.to_owned(),
        text: text.to_owned(),
        untestable: None,
    };
    let mut requirements = BTreeMap::from([
        ("C-3/5.7.1.2".to_owned(), note("C-3", "5.7.1.2", "must", "online PIN is asked for where the card wants it")),
        ("C-3/5.4.1".to_owned(), note("C-3", "5.4.1", "must", "the PDOL is answered entry by entry")),
        ("B/3.1.1.3".to_owned(), note("B", "3.1.1.3", "should", "a zero amount is <handled> & shown")),
        ("B/3.9.9".to_owned(), note("B", "3.9.9", "must", "no case reaches this")),
    ]);
    let untestable = Some("a matter of the merchant's contract".to_owned());
    requirements
        .insert("A/1.1".to_owned(), RequirementNote { untestable, ..note("A", "1.1", "must", "nobody can see this") });
    Run {
        emvtap: "0.1.0".to_owned(),
        subject: "shim:./kernel --odd".to_owned(),
        name: "odd kernel".to_owned(),
        version: "7".to_owned(),
        capabilities: vec!["C-3".to_owned()],
        ics: map(&[("kernel-3", "yes"), ("online-pin", "no")]),
        ics_digest: "ab".repeat(32),
        suites: map(&[("c3/cvm", "11"), ("ep/pre", "22")]),
        seed: 1,
        started: "2026-11-22T12:00:00Z".to_owned(),
        shard: None,
        command: "emvtap test run --subject 'shim:./kernel --odd'".to_owned(),
        masked: false,
        strict: false,
        stale: Vec::new(),
        requirements,
    }
}

pub fn finding(what: &str, verdict: Verdict, requirement: &str) -> Finding {
    Finding {
        tap: 0,
        aspect: Aspect::Outcome,
        what: what.to_owned(),
        expected: "online-pin".to_owned(),
        observed: if verdict == Verdict::Pass { "online-pin" } else { "signature" }.to_owned(),
        verdict,
        requirements: vec![requirement.to_owned()],
        because: "CTQ byte 1 bit 8 = 1".to_owned(),
        step: Some(4),
        differences: Vec::new(),
    }
}

fn case(id: &str, suite: &str, verdict: Verdict) -> CaseResult {
    let failed = matches!(verdict, Verdict::Fail | Verdict::ExpectedFail);
    let held = if failed { Verdict::Fail } else { verdict };
    let judged = verdict.is_judged() && verdict != Verdict::UnexpectedPass;
    let held = if judged { held } else { Verdict::Pass };
    let run = verdict.is_judged();
    CaseResult {
        id: id.to_owned(),
        title: format!("the case {id} <&>"),
        description: "why it matters".to_owned(),
        suite: suite.to_owned(),
        tags: vec!["cvm".to_owned()],
        applies: if verdict == Verdict::NotApplicable { "online-pin and kernel-3".to_owned() } else { String::new() },
        verdict,
        reason: if run { String::new() } else { format!("reason for {id}") },
        taps: if run { vec![tap()] } else { Vec::new() },
        findings: if run { vec![finding("cvm", held, "C-3/5.7.1.2")] } else { Vec::new() },
        again: format!("emvtap test run --id {id}"),
        duration_us: 1500,
    }
}

fn cases() -> Vec<CaseResult> {
    let mut failed = case("C3-CVM-014", "c3/cvm", Verdict::Fail);
    failed.findings.push(Finding {
        aspect: Aspect::Commands,
        expected: "36404000".to_owned(),
        observed: "36004000".to_owned(),
        step: Some(2),
        differences: vec![Difference {
            at: "byte 2 bit 7".to_owned(),
            means: "CVM required".to_owned(),
            expected: "1".to_owned(),
            observed: "0".to_owned(),
        }],
        ..finding("GPO 9F66", Verdict::Fail, "C-3/5.4.1")
    });
    failed.findings.push(Finding { observed: PAN.to_owned(), ..finding("data record 5A", Verdict::Pass, "C-3/5.4.1") });
    let mut known = case("C3-CVM-020", "c3/cvm", Verdict::ExpectedFail);
    known.reason = "ticket 12".to_owned();
    let mut pass = case("EP-PRE-002", "ep/pre", Verdict::Pass);
    pass.findings[0].requirements = vec!["C-3/5.4.1".to_owned()];
    let mut warn = case("EP-PRE-001/zero", "ep/pre", Verdict::Warn);
    warn.findings[0].requirements = vec!["B/3.1.1.3".to_owned()];
    vec![
        failed,
        known,
        case("C3-CVM-021", "c3/cvm", Verdict::NotApplicable),
        case("C3-CVM-022", "c3/cvm", Verdict::Inconclusive),
        case("C3-CVM-023", "c3/cvm", Verdict::Unsupported),
        warn,
        pass,
        case("EP-PRE-003", "ep/pre", Verdict::UnexpectedPass),
        case("EP-PRE-004", "ep/pre", Verdict::Skip),
        case("EP-PRE-005", "ep/pre", Verdict::Error),
    ]
}

fn tap() -> TapResult {
    let step = |at_us, what| Step { at_us, what };
    let gpo = "80A8000010830E36004000000000001250112233440000";
    let record = format!("70125A08{PAN}57094761739001010010D30000009000").replace("7012", "7015");
    let outcome = OutcomeSeen {
        result: "online-request".to_owned(),
        cvm: Some("signature".to_owned()),
        data_record: BTreeMap::from([("5A".to_owned(), PAN.to_owned()), ("82".to_owned(), "2000".to_owned())]),
        ..OutcomeSeen::default()
    };
    let host = What::Host {
        response_code: Some("00".to_owned()),
        cryptogram: Some("valid".to_owned()),
        note: format!("account {PAN}"),
    };
    TapResult {
        inputs: BTreeMap::from([
            ("card".to_owned(), "visa-credit".to_owned()),
            ("amount".to_owned(), "12.50".to_owned()),
        ]),
        seen: Seen {
            steps: vec![
                step(0, What::FieldOn),
                step(0, What::Ui(UiSeen { message: Some("15".to_owned()), ..UiSeen::default() })),
                step(1_000, What::Command { hex: gpo.to_owned() }),
                step(21_000, What::Response { hex: record, us: 20_000 }),
                step(22_000, What::Outcome(outcome)),
                step(22_000, What::Online { tags: BTreeMap::from([("5A".to_owned(), PAN.to_owned())]) }),
                step(23_000, host),
                step(24_000, What::Command { hex: "00B2010C00".to_owned() }),
                step(30_000, What::Lost { reason: "timeout".to_owned() }),
                step(31_000, What::FieldOff),
            ],
            ended: Ended::Done,
            disposition: "approved".to_owned(),
            removals: 0,
        },
    }
}
