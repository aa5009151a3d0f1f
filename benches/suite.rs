//! A thousand cases with offline data authentication, half of them fDDA and half CDA, from the text of their suite to their
//! verdicts, beside the sum of their cryptography in the same run.

mod common;

use std::{collections::BTreeMap, fmt::Write as _, hint::black_box, sync::Arc, time::Duration};

use common::taps::{Authentication, CDA, Case, DATA, FDDA, MASTER_KEY, mastercard_cryptogram};
use criterion::{Criterion, criterion_group, criterion_main};
use emvtap::{
    crypto::cryptogram::VisaCvn,
    link::Stop,
    suite::{
        Builtin,
        judge::Sight,
        load,
        perform::Conditions,
        results::{CaseResult, Verdict},
        runner::{self, Job, Manner, Task, Watch},
    },
};

const CASES: usize = 1000;

/// Counts what passes.
struct Passed(usize);

impl Watch for Passed {
    fn case(&mut self, result: &mut CaseResult) {
        self.0 += usize::from(result.verdict == Verdict::Pass);
    }

    fn progress(&mut self, _: usize, _: usize) {}
}

/// The cases take turns, so that both threads of two have as much to do.
fn text() -> String {
    let mut text = "schema = \"emvtap.case/1\"\ntitle = \"offline data authentication\"\n".to_owned();
    for number in 0..CASES {
        let (id, Case { card, terminal, .. }) = if number % 2 == 0 { ("FDDA", FDDA) } else { ("CDA", CDA) };
        let given = format!("{{ card = \"{card}\", terminal = \"{terminal}\", amount = \"0.25\" }}");
        let check = "[[case.check]]\nrequirement = [\"A/5.7\"]\noutcomes = [\"approved\"]\n";
        writeln!(text, "[[case]]\nid = \"{id}-{number:03}\"\ntitle = \"approved\"\ngiven = {given}\n{check}")
            .expect("room");
    }
    text
}

fn run(text: &str, threads: usize) {
    let suite = load::suite("bench", "bench.toml", text, Arc::new(|_| None)).expect("cases");
    let job = |case| Job { suite: "bench".into(), case, not_applicable: None };
    let conditions = Conditions {
        seed: 1,
        timeout: Duration::from_secs(10),
        sight: Sight::Everything,
        requirements: BTreeMap::new(),
    };
    let task = Task {
        jobs: suite.cases.into_iter().map(job).collect(),
        conditions,
        subject: Box::new(|| Box::new(Builtin::default())),
    };
    let mut passed = Passed(0);
    runner::run(&Arc::new(task), &Manner { threads, fail_fast: false, stop: Stop::default() }, &mut passed);
    assert_eq!(passed.0, CASES);
}

fn suite(c: &mut Criterion) {
    let mut group = c.benchmark_group("suite/1000 ODA cases");
    group.sample_size(10);
    let (fdda, cda) = (Authentication::fdda(), Authentication::cda());
    group.bench_function("cryptography", |b| {
        b.iter(|| {
            for _ in 0..CASES / 2 {
                fdda.run();
                black_box(VisaCvn::Cvn18.cryptogram(black_box(&MASTER_KEY), black_box(&DATA)));
                cda.run();
                black_box(mastercard_cryptogram());
            }
        });
    });
    let text = text();
    group.bench_function("emvtap, one thread", |b| b.iter(|| run(&text, 1)));
    group.bench_function("emvtap, two threads", |b| b.iter(|| run(&text, 2)));
    group.finish();
}

criterion_group!(benches, suite);
criterion_main!(benches);
