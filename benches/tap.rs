//! Whole virtual taps on one thread with nobody watching, each beside the sum of the cryptography it cannot do without, in
//! the same run: `online` has one cryptogram, `fdda` and `cda` a cryptogram, a signature and three recoveries, `mag-stripe` a
//! checksum.

mod common;

use std::hint::black_box;

use common::taps::{
    Authentication, CDA, Case, DATA, FDDA, MAG_STRIPE, MASTER_KEY, ONLINE, mastercard_cryptogram, time,
};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use emvtap::{
    crypto::cryptogram::VisaCvn,
    kernel::event::{Event, Silent},
    report::{Mask, Recording, recording::Header},
    time::Micros,
};

fn whole(group: &mut BenchmarkGroup<'_, WallTime>, case: Case) {
    group.bench_function("emvtap", |b| b.iter_custom(|n| time(case, n, &mut Silent)));
    group.bench_function("emvtap, recorded", |b| {
        b.iter_custom(|n| {
            let mut recording = Recording::with_header(Mask::off(), &Header::default());
            let mut keep = |at: Micros, event: &Event<'_>| {
                recording.event(at, event);
                black_box(recording.take());
            };
            time(case, n, &mut keep)
        });
    });
}

fn tap(c: &mut Criterion) {
    let mut group = c.benchmark_group("tap/online");
    group.bench_function("cryptography", |b| {
        b.iter(|| VisaCvn::Cvn18.cryptogram(black_box(&MASTER_KEY), black_box(&DATA)));
    });
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
