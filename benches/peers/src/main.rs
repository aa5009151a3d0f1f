//! emvtap beside published crates on the bytes of `benches/tlv.rs`: everything is first shown to see the same objects, then
//! timed in turns, the best of many rounds. `cargo run --release` prints nanoseconds, and multiples of emvtap's.

#[path = "../../common/minimal.rs"]
#[allow(dead_code, reason = "the store is filled and never asked")]
mod minimal;

use std::{hint::black_box, time::Instant};

use emvtap::{
    data::{Source, Store},
    tlv::{Budget, Error, Object, walk},
};

const INPUTS: [(&str, &str); 3] = [
    ("fci", include_str!("../../../test-vectors/performance/a_fci.hex")),
    ("record", include_str!("../../../test-vectors/performance/b_record.hex")),
    ("stream", include_str!("../../../test-vectors/performance/c_stream.hex")),
];
const ROUNDS: usize = 300;

/// How many objects there are.
type Work = Box<dyn FnMut(&[u8]) -> usize>;

fn main() {
    for (title, works) in
        [("visit every object", visiting as fn() -> Vec<(&'static str, Work)>), ("build a structure", building)]
    {
        println!("{title}");
        for (name, text) in INPUTS {
            let bytes = hex::decode(text.trim()).expect("hex");
            let times = measure(&bytes, &mut works());
            let (_, own) = times.iter().find(|(name, _)| *name == "emvtap").expect("emvtap");
            for (peer, time) in &times {
                println!("  {name:8} {peer:24} {time:9.0} ns  {:6.2}", time / own);
            }
        }
    }
}

fn measure(bytes: &[u8], works: &mut [(&'static str, Work)]) -> Vec<(&'static str, f64)> {
    let mut best = vec![f64::MAX; works.len()];
    let counts: Vec<usize> = works.iter_mut().map(|(_, work)| work(bytes)).collect();
    for ((name, _), count) in works.iter().zip(&counts) {
        if *count != counts[0] {
            println!("  ({name} sees {count} objects, not {})", counts[0]);
        }
    }
    let repeat = 20_000 / bytes.len();
    for _ in 0..ROUNDS {
        for ((_, work), best) in works.iter_mut().zip(&mut best) {
            let start = Instant::now();
            (0..repeat).for_each(|_| {
                black_box(work(black_box(bytes)));
            });
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / repeat as f64);
        }
    }
    works.iter().zip(best).map(|((name, _), best)| (*name, best)).collect()
}

fn visiting() -> Vec<(&'static str, Work)> {
    vec![
        ("emvtap", Box::new(|bytes| walk(bytes, Budget::default()).map_while(Result::ok).count())),
        (
            "minimal iterator",
            Box::new(|bytes| {
                let (mut count, mut sum) = (0, 0);
                minimal::visit(bytes, &mut count, &mut sum);
                black_box(sum);
                count
            }),
        ),
        ("flexiber 0.2", Box::new(|bytes| flexible(bytes).unwrap_or_default())),
    ]
}

fn flexible(bytes: &[u8]) -> flexiber::Result<usize> {
    let mut decoder = flexiber::Decoder::new(bytes);
    let mut count = 0;
    while !decoder.is_finished() {
        let object: flexiber::TaggedSlice<'_, flexiber::Tag> = decoder.decode()?;
        count += 1;
        if object.tag().constructed {
            count += flexible(object.as_bytes())?;
        }
    }
    Ok(count)
}

fn building() -> Vec<(&'static str, Work)> {
    let mut store = Store::new();
    let mut flat = minimal::Flat::new();
    vec![
        (
            "emvtap",
            Box::new(move |bytes| {
                store.clear();
                let mut count = 0;
                let keep = |_: &Store, _: usize, _: &Object<'_>| {
                    count += 1;
                    Ok::<_, Error>(true)
                };
                store.load(bytes, Source::Card, keep).expect("well-formed");
                count
            }),
        ),
        (
            "minimal store",
            Box::new(move |bytes| {
                flat.clear();
                minimal::load(bytes, &mut flat).unwrap_or_default()
            }),
        ),
        ("iso7816-tlv 0.4", Box::new(|bytes| iso7816_tlv::ber::Tlv::parse_all(bytes).iter().map(of_iso7816).sum())),
        (
            "tlv_parser 0.10",
            Box::new(|bytes| {
                let (mut rest, mut count) = (bytes, 0);
                while let Ok(object) = tlv_parser::tlv::Tlv::from_vec(rest) {
                    count += of_tlv_parser(&object);
                    rest = rest.get(object.len()..).unwrap_or_default();
                    if rest.is_empty() {
                        break;
                    }
                }
                count
            }),
        ),
        ("emv_tlv_parser 0.1", Box::new(|bytes| emv_tlv_parser::parse_tlv_vec(bytes).map_or(0, |tags| tags.len()))),
    ]
}

fn of_iso7816(object: &iso7816_tlv::ber::Tlv) -> usize {
    match object.value() {
        iso7816_tlv::ber::Value::Constructed(inside) => 1 + inside.iter().map(of_iso7816).sum::<usize>(),
        iso7816_tlv::ber::Value::Primitive(_) => 1,
    }
}

fn of_tlv_parser(object: &tlv_parser::tlv::Tlv) -> usize {
    match object.val() {
        tlv_parser::tlv::Value::TlvList(inside) => 1 + inside.iter().map(of_tlv_parser).sum::<usize>(),
        _ => 1,
    }
}
