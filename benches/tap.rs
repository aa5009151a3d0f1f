//! Whole virtual taps on one thread with nobody watching, each beside the sum of the cryptography it cannot do without, in
//! the same run: `online` has one cryptogram and three responses to parse, `fdda` and `cda` a cryptogram, a signature and three
//! recoveries, `mag-stripe` a checksum.

mod common;

use std::hint::black_box;

use common::taps::{
    Authentication, CDA, Case, DATA, FDDA, MAG_STRIPE, MASTER_KEY, ONLINE, Online, mastercard_cryptogram, record, time,
};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use emvtap::{crypto::cryptogram::VisaCvn, kernel::event::Silent};

fn whole(group: &mut BenchmarkGroup<'_, WallTime>, case: Case) {
    group.bench_function("emvtap", |b| b.iter_custom(|n| time(case, n, &mut Silent)));
    group.bench_function("emvtap, recorded", |b| b.iter_custom(|n| record(|sink| time(case, n, sink))));
}

fn tap(c: &mut Criterion) {
    let mut group = c.benchmark_group("tap/online");
    let mut online = Online::new();
    group.bench_function("cryptography and parsing", |b| b.iter(|| online.run()));
    whole(&mut group, ONLINE);
    group.finish();

    let mut group = c.benchmark_group("tap/fdda");
    let fdda = Authentication::fdda();
    group.bench_function("cryptography", |b| {
        b.iter(|| {
            fdda.run();
            VisaCvn::Cvn10.cryptogram(black_box(&MASTER_KEY), black_box(&DATA))
        });
    });
    whole(&mut group, FDDA);
    group.finish();

    let mut group = c.benchmark_group("tap/cda");
    let cda = Authentication::cda();
    group.bench_function("cryptography", |b| {
        b.iter(|| {
            cda.run();
            mastercard_cryptogram()
        });
    });
    whole(&mut group, CDA);
    group.finish();

    let mut group = c.benchmark_group("tap/mag-stripe");
    whole(&mut group, MAG_STRIPE);
    group.finish();
}

criterion_group!(benches, tap);
criterion_main!(benches);
