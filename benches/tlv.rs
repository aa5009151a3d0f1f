//! The TLV hot path on three real-sized inputs, each beside what it cannot be faster than in the same run: copying the
//! bytes, and a minimal iterator written for nothing else.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use emvtap::{
    data::{Source, Store},
    tlv::{Budget, walk},
};

const INPUTS: [(&str, &str); 3] = [
    ("fci", include_str!("../test-vectors/performance/a_fci.hex")),
    ("record", include_str!("../test-vectors/performance/b_record.hex")),
    ("stream", include_str!("../test-vectors/performance/c_stream.hex")),
];

fn inputs() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    INPUTS.iter().map(|(name, text)| (*name, hex::decode(text.trim()).expect("hex")))
}

/// Walks every object and sums lengths, with the fewest checks that keep it safe: what a walk costs at the least.
mod minimal {
    pub fn visit(bytes: &[u8], count: &mut usize, sum: &mut usize) -> Option<()> {
        let mut at = 0;
        while at < bytes.len() {
            let first = bytes[at];
            at += 1;
            if first == 0 {
                continue;
            }
            if first & 0x1F == 0x1F {
                while *bytes.get(at)? & 0x80 != 0 {
                    at += 1;
                }
                at += 1;
            }
            let mut length = usize::from(*bytes.get(at)?);
            at += 1;
            if length > 0x7F {
                let size = length & 0x7F;
                if size == 0 || size > 2 {
                    return None;
                }
                length = bytes.get(at..at + size)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
                at += size;
            }
            let value = bytes.get(at..at + length)?;
            at += length;
            *count += 1;
            *sum += length;
            if first & 0x20 != 0 {
                visit(value, count, sum)?;
            }
        }
        Some(())
    }

    /// A flat store: values copied once, places kept by tag in an open table.
    pub struct Flat {
        pub arena: Vec<u8>,
        pub table: Vec<(u32, u32, u32)>,
    }

    impl Flat {
        pub fn new() -> Self {
            Self { arena: Vec::with_capacity(4096), table: vec![(0, 0, 0); 1024] }
        }

        pub fn clear(&mut self) {
            self.arena.clear();
            self.table.fill((0, 0, 0));
        }

        pub fn put(&mut self, tag: u32, value: &[u8]) {
            let start = self.arena.len() as u32;
            self.arena.extend_from_slice(value);
            let mut slot = (tag.wrapping_mul(0x9E37_79B1) >> 22) as usize;
            while self.table[slot].0 != 0 && self.table[slot].0 != tag {
                slot = (slot + 1) & 1023;
            }
            self.table[slot] = (tag, start, value.len() as u32);
        }
    }
}

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
                for step in walk(black_box(bytes), Budget::default()) {
                    let Ok((_, object)) = step else { break };
                    if !object.tag.is_constructed() {
                        flat.put(object.tag.number(), object.value);
                    }
                }
                flat.arena.len()
            });
        });
        let mut store = Store::new();
        group.bench_with_input(BenchmarkId::new("emvtap", name), &bytes, |b, bytes| {
            b.iter(|| {
                store.clear();
                for step in walk(black_box(bytes), Budget::default()) {
                    let Ok((_, object)) = step else { break };
                    if !object.tag.is_constructed() {
                        store.put(object.tag, object.value, Source::Card);
                    }
                }
            });
        });
    }
}

criterion_group!(benches, visit, load);
criterion_main!(benches);
