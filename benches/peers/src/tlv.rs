//! TLV: every object visited, and a structure built of them.

#[path = "../../common/minimal.rs"]
#[allow(dead_code, reason = "the store is filled and never asked")]
mod minimal;

use std::hint::black_box;

use emvtap::{
    data::{Source, Store},
    tlv::{Budget, Error, Object, walk},
};

use crate::Peer;

const INPUTS: [(&str, &str); 3] = [
    ("fci", include_str!("../../../test-vectors/performance/a_fci.hex")),
    ("record", include_str!("../../../test-vectors/performance/b_record.hex")),
    ("stream", include_str!("../../../test-vectors/performance/c_stream.hex")),
];

pub fn compare() {
    for (title, peers) in [("visit every object", visiting as fn() -> Vec<Peer<[u8]>>), ("build a structure", building)]
    {
        println!("{title}");
        for (name, text) in INPUTS {
            let bytes = hex::decode(text.trim()).expect("hex");
            crate::compare(name, bytes.as_slice(), 20_000 / bytes.len(), &mut peers());
        }
    }
}

fn visiting() -> Vec<Peer<[u8]>> {
    vec![
        Peer::new("emvtap", |bytes| walk(bytes, Budget::default()).map_while(Result::ok).count()),
        Peer::new("minimal iterator", |bytes| {
            let (mut count, mut sum) = (0, 0);
            minimal::visit(bytes, &mut count, &mut sum);
            black_box(sum);
            count
        }),
        Peer::new("flexiber 0.2", |bytes| flexible(bytes).unwrap_or_default()),
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

fn building() -> Vec<Peer<[u8]>> {
    let mut store = Store::new();
    let mut flat = minimal::Flat::new();
    vec![
        Peer::new("emvtap", move |bytes| {
            store.clear();
            let mut count = 0;
            let keep = |_: &Store, _: usize, _: &Object<'_>| {
                count += 1;
                Ok::<_, Error>(true)
            };
            store.load(bytes, Source::Card, keep).expect("well-formed");
            count
        }),
        Peer::new("minimal store", move |bytes| {
            flat.clear();
            minimal::load(bytes, &mut flat).unwrap_or_default()
        }),
        Peer::new("iso7816-tlv 0.4", |bytes| iso7816_tlv::ber::Tlv::parse_all(bytes).iter().map(of_iso7816).sum()),
        Peer::new("tlv_parser 0.10", |bytes| {
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
        Peer::new("emv_tlv_parser 0.1", |bytes| emv_tlv_parser::parse_tlv_vec(bytes).map_or(0, |tags| tags.len())),
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
