//! The TLV hot path on three real-sized inputs, each beside what it cannot be faster than in the same run: copying the
//! bytes, and a minimal iterator written for nothing else.

mod common;

use std::hint::black_box;

use common::{inputs, minimal};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use emvtap::{
    data::Store,
    tlv::{Budget, walk},
};

fn visit(c: &mut Criterion) {
    let mut group = c.benchmark_group("tlv/visit");
    for (name, bytes) in inputs() {
        let (mut count, mut sum) = (0, 0);
        minimal::visit(&bytes, &mut count, &mut sum).expect("well-formed");
        let ours: Vec<_> = walk(&bytes, Budget::default()).map(|object| object.expect("well-formed").1).collect();
        assert_eq!((ours.len(), ours.iter().map(|object| object.value.len()).sum::<usize>()), (count, sum));

        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let mut copy = vec![0; bytes.len()];
        group.bench_with_input(BenchmarkId::new("memcpy", name), &bytes, |b, bytes| {
            b.iter(|| copy.copy_from_slice(black_box(bytes)));
        });
        group.bench_with_input(BenchmarkId::new("minimal", name), &bytes, |b, bytes| {
            b.iter(|| {
                let (mut count, mut sum) = (0, 0);
                minimal::visit(black_box(bytes), &mut count, &mut sum);
                (count, sum)
            });
        });
        group.bench_with_input(BenchmarkId::new("emvtap", name), &bytes, |b, bytes| {
            b.iter(|| {
                let (mut count, mut sum) = (0, 0);
                for step in walk(black_box(bytes), Budget::default()) {
                    let Ok((_, object)) = step else { break };
                    count += 1;
                    sum += object.value.len();
                }
                (count, sum)
            });
        });
    }
}

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("store/load");
    for (name, bytes) in inputs() {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let mut flat = minimal::Flat::new();
        group.bench_with_input(BenchmarkId::new("minimal", name), &bytes, |b, bytes| {
            b.iter(|| {
                flat.clear();
                minimal::load(black_box(bytes), &mut flat)
            });
        });
        let mut store = Store::new();
        group.bench_with_input(BenchmarkId::new("emvtap", name), &bytes, |b, bytes| {
            b.iter(|| {
                store.clear();
                common::load(black_box(bytes), &mut store);
            });
        });
        let mut store = Store::new();
        group.bench_with_input(BenchmarkId::new("emvtap, validated", name), &bytes, |b, bytes| {
            b.iter(|| {
                store.clear();
                common::load_validated(black_box(bytes), &mut store)
            });
        });
    }
}

criterion_group!(benches, visit, load);
criterion_main!(benches);
