//! Building commands, splitting responses and answering data object lists, each beside a copy of the same bytes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use emvtap::{
    apdu::{Command, CommandHeader, Response},
    data::{Source, Store, dictionary as d, dol},
};

/// The PDOL of a Visa card: TTQ, amounts, country, currency, date, type, unpredictable number.
const PDOL: [u8; 24] = [
    0x9F, 0x66, 0x04, 0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x5F, 0x2A, 0x02, 0x9A, 0x03, 0x9C, 0x01,
    0x9F, 0x37, 0x04, 0x95, 0x05,
];

fn store() -> Store {
    let mut store = Store::new();
    for (tag, value) in [
        (d::TTQ_9F66, &[0x36, 0x00, 0x40, 0x00][..]),
        (d::AMOUNT_AUTHORISED_9F02, &[0, 0, 0, 0, 0x25, 0]),
        (d::AMOUNT_OTHER_9F03, &[0; 6]),
        (d::TERMINAL_COUNTRY_CODE_9F1A, &[0x00, 0x56]),
        (d::TRANSACTION_CURRENCY_CODE_5F2A, &[0x09, 0x78]),
        (d::TRANSACTION_DATE_9A, &[0x26, 0x06, 0x15]),
        (d::TRANSACTION_TYPE_9C, &[0x00]),
        (d::UNPREDICTABLE_NUMBER_9F37, &[1, 2, 3, 4]),
        (d::TVR_95, &[0; 5]),
    ] {
        store.put(tag, value, Source::Terminal);
    }
    store
}

fn dol(c: &mut Criterion) {
    let mut group = c.benchmark_group("dol");
    let store = store();
    let mut out = [0; 252];
    let answer = dol::fill(&PDOL, &store, &mut out).expect("a PDOL").to_vec();
    assert_eq!(answer.len(), 33);
    let mut copy = [0; 33];
    group.bench_function("memcpy", |b| b.iter(|| copy.copy_from_slice(black_box(&answer))));
    group.bench_function("fill", |b| b.iter(|| dol::fill(black_box(&PDOL), &store, &mut out).map(<[u8]>::len)));
}

fn apdu(c: &mut Criterion) {
    let mut group = c.benchmark_group("apdu");
    let data = [0x5A; 33];
    let command = Command::get_processing_options(&data).expect("fits");
    let response = [0x77; 142];
    let mut copy = [0; 142];
    group.bench_function("memcpy", |b| b.iter(|| copy.copy_from_slice(black_box(&response))));
    group.bench_function("build GPO", |b| {
        b.iter(|| Command::get_processing_options(black_box(&data)).map(|command| command.bytes().len()));
    });
    group.bench_function("build READ RECORD", |b| b.iter(|| Command::read_record(black_box(2), 1).bytes().len()));
    group.bench_function("split command", |b| b.iter(|| CommandHeader::parse(black_box(command.bytes()))));
    group.bench_function("split response", |b| b.iter(|| Response::parse(black_box(&response))));
}

criterion_group!(benches, dol, apdu);
criterion_main!(benches);
