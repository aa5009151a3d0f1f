//! BER-TLV and data object lists: known answers from `test-vectors/primitives`, and what must hold for all bytes.

use emvtap::{
    bytes::Hex,
    data::{
        Scope, Source, Store,
        decode::{Masking, decode},
        dol,
    },
    tlv::{self, Budget, ErrorKind, Tag, Writer},
};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

fn vectors(name: &str) -> Value {
    let path = format!("{}/test-vectors/primitives/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list<'a>(vectors: &'a Value, name: &str) -> &'a [Value] {
    let list = vectors[name].as_array().unwrap();
    assert!(!list.is_empty(), "{name} is empty");
    list
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

#[test]
fn well_formed_bytes_hold_the_known_objects() {
    for case in list(&vectors("tlv"), "good") {
        let bytes = bytes(&case["bytes"]);
        let found: Vec<String> = tlv::walk(&bytes, Budget::default())
            .map(|object| object.unwrap_or_else(|error| panic!("{case}: {error}")))
            .map(|(level, object)| format!("{:level$}{}={}", "", object.tag, Hex(object.value)))
            .collect();
        let wanted: Vec<&str> = case["objects"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(found, wanted, "{case}");
    }
}

#[test]
fn malformed_bytes_are_named_with_their_offset() {
    for case in list(&vectors("tlv"), "bad") {
        let bytes = bytes(&case["bytes"]);
        let error = tlv::walk(&bytes, Budget::default()).find_map(Result::err).unwrap_or_else(|| panic!("{case}"));
        assert_eq!(format!("{:?}", error.kind), case["wrong"].as_str().unwrap(), "{case}");
        assert_eq!(error.at as u64, case["at"].as_u64().unwrap(), "{case}");
    }
}

#[test]
fn nothing_comes_after_an_error() {
    let mut objects = tlv::objects(&[0x82, 0x05, 0x01, 0x9A, 0x01, 0x01]);
    assert!(objects.next().unwrap().is_err());
    assert!(objects.next().is_none());
    let mut walk = tlv::walk(&[0x70, 0x02, 0x82, 0x05, 0x9A, 0x01, 0x01], Budget::default());
    assert!(walk.next().unwrap().is_ok());
    assert!(walk.next().unwrap().is_err());
    assert!(walk.next().is_none());
}

#[test]
fn budgets_end_a_walk_at_the_object_that_breaks_them() {
    let nested = [0x70, 0x06, 0xA5, 0x04, 0xA5, 0x02, 0x50, 0x00];
    let kinds = |budget| tlv::walk(&nested, budget).map(|o| o.map(|(level, _)| level)).collect::<Result<Vec<_>, _>>();
    assert_eq!(kinds(Budget { depth: 4, objects: 4 }), Ok(vec![0, 1, 2, 3]));
    let error = kinds(Budget { depth: 3, objects: 4 }).unwrap_err();
    assert_eq!((error.kind, error.at), (ErrorKind::TooDeep, 4));
    let error = kinds(Budget { depth: 4, objects: 3 }).unwrap_err();
    assert_eq!((error.kind, error.at), (ErrorKind::TooMany, 6));
    assert!(kinds(Budget { depth: 1000, objects: 4 }).is_ok(), "a budget beyond the maximum is the maximum");
}

#[test]
fn a_walk_can_leave_out_what_is_inside() {
    let bytes = [0x70, 0x05, 0xA5, 0x03, 0x50, 0x01, 0x41, 0x9A, 0x01, 0x02];
    let mut walk = tlv::walk(&bytes, Budget::default());
    let mut tags = Vec::new();
    while let Some(Ok((_, object))) = walk.next() {
        tags.push(object.tag.number());
        walk.skip_inside(&object);
    }
    assert_eq!(tags, [0x70, 0x9A]);
}

#[test]
fn an_object_is_found_on_its_level_only() {
    let bytes = [0x70, 0x03, 0x82, 0x01, 0xAA, 0x82, 0x01, 0xBB, 0x9F];
    assert_eq!(tlv::find(&bytes, Tag::new(0x82)).unwrap().unwrap().value, [0xBB]);
    assert!(tlv::find(&bytes, Tag::new(0x9A)).unwrap().is_err());
    assert!(tlv::find(&bytes[..8], Tag::new(0x9A)).is_none());
}

#[test]
fn lists_have_the_known_answers() {
    for case in list(&vectors("dol"), "cases") {
        let mut store = Store::new();
        for (name, value) in case["objects"].as_object().unwrap() {
            store.put(tag(name), &bytes(value), Source::Terminal);
        }
        let mut out = [0xEE; 252];
        let answer = dol::fill(&bytes(&case["list"]), &store, &mut out).unwrap();
        assert_eq!(Hex(answer).to_string(), case["answer"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn lists_are_checked_to_their_end() {
    for (list, kind, at) in [
        (&[0x9F][..], ErrorKind::TagTruncated, 0),
        (&[0x9C, 0x01, 0x9F, 0x02], ErrorKind::LengthTruncated, 4),
        (&[0x9F, 0x81, 0x82, 0x83, 0x84, 0x01], ErrorKind::TagTooLong, 0),
    ] {
        let entries: Vec<_> = tlv::dol_entries(list).collect();
        let error = entries.last().unwrap().unwrap_err();
        assert_eq!((error.kind, error.at), (kind, at));
    }
    let entry = tlv::dol_entries(&[0x9F, 0x4E, 0xFF]).next().unwrap().unwrap();
    assert_eq!(entry.length, 255, "a length of a list has one byte, whatever its first bit");
}

/// An object to write: a tag, and a value or objects.
#[derive(Clone, Debug)]
enum Tree {
    Primitive(Tag, Vec<u8>),
    Constructed(Tag, Vec<Tree>),
}

/// Well-formed tags of one to four bytes.
fn any_tag(constructed: bool) -> impl Strategy<Value = Tag> {
    let class = if constructed { 0x20 } else { 0x00 };
    let first = prop_oneof![Just(0x00_u32), Just(0x40), Just(0x80), Just(0xC0)].prop_map(move |bits| bits | class);
    (first, 1..31_u32, 0..=3_usize, any::<[u8; 3]>()).prop_map(|(first, low, more, rest)| {
        if more == 0 {
            return Tag::new(first | low);
        }
        rest.iter().take(more).enumerate().fold(Tag::new(first | 0x1F), |tag, (position, byte)| {
            let last = position + 1 == more;
            Tag::new(tag.number() << 8 | u32::from(if last { byte & 0x7F } else { byte | 0x80 }))
        })
    })
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let value = prop_oneof![3 => vec(any::<u8>(), 0..20), 1 => vec(any::<u8>(), 120..300)];
    let leaf = (any_tag(false), value).prop_map(|(tag, value)| Tree::Primitive(tag, value));
    leaf.prop_recursive(6, 40, 5, |inner| {
        (any_tag(true), vec(inner, 0..5)).prop_map(|(tag, inside)| Tree::Constructed(tag, inside))
    })
}

fn write(out: &mut Writer, tree: &Tree) {
    match tree {
        Tree::Primitive(tag, value) => out.object(*tag, value),
        Tree::Constructed(tag, inside) => out.nest(*tag, |out| inside.iter().for_each(|tree| write(out, tree))),
    }
}

fn flatten(tree: &Tree, level: usize, into: &mut Vec<(usize, Tag, Option<Vec<u8>>)>) {
    match tree {
        Tree::Primitive(tag, value) => into.push((level, *tag, Some(value.clone()))),
        Tree::Constructed(tag, inside) => {
            into.push((level, *tag, None));
            inside.iter().for_each(|tree| flatten(tree, level + 1, into));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(trees in vec(any_tree(), 0..4), filler in 0..3_usize) {
        let (mut out, mut wanted) = (Writer::new(), Vec::new());
        for tree in &trees {
            write(&mut out, tree);
            out.raw(&[0; 3][..filler]);
            flatten(tree, 0, &mut wanted);
        }
        let bytes = out.finish();
        let found: Vec<_> = tlv::walk(&bytes, Budget::default())
            .map(|object| object.unwrap())
            .map(|(level, object)| {
                let value = (!object.tag.is_constructed()).then(|| object.value.to_vec());
                (level, object.tag, value)
            })
            .collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn hostile_bytes_never_lead_outside(bytes in hostile()) {
        for object in tlv::walk(&bytes, Budget::default()) {
            match object {
                Ok((_, object)) => {
                    prop_assert_eq!(&bytes[object.value_at..object.value_at + object.value.len()], object.value);
                    prop_assert!(object.at + object.tag.len() < object.value_at);
                    let start = &bytes[object.at..][..object.tag.len()];
                    prop_assert_eq!(Hex(start).to_string(), object.tag.to_string());
                    prop_assert_eq!(object.tag.is_constructed(), start[0] & 0x20 != 0);
                }
                Err(error) => prop_assert!(error.at <= bytes.len()),
            }
        }
        for entry in tlv::dol_entries(&bytes) {
            prop_assert!(entry.is_ok_and(|entry| entry.tag.len() <= 4) || entry.is_err_and(|error| error.at <= bytes.len()));
        }
        for scope in [None, Scope::kernel(3)] {
            let tree = decode(&bytes, scope);
            prop_assert!(tree.faults().iter().all(|(at, _)| *at <= bytes.len()));
            let lines = tree.display(Masking::Sensitive).to_string().lines().count();
            prop_assert!(lines >= tree.nodes.len());
        }
    }

    #[test]
    fn every_answer_to_a_list_has_the_wanted_length(list in hostile(), value in vec(any::<u8>(), 0..12)) {
        let mut store = Store::new();
        for entry in tlv::dol_entries(&list).flatten() {
            store.put(entry.tag, &value, Source::Terminal);
        }
        let mut out = [0xEE; 1024];
        match (dol::fill(&list, &store, &mut out), dol::answer_length(&list)) {
            (Ok(answer), Ok(length)) => prop_assert_eq!(answer.len(), length),
            (Err(_), Ok(length)) => prop_assert!(length > 1024),
            (answer, length) => prop_assert!(answer.is_err() && length.is_err()),
        }
    }
}

/// Bytes that often look like TLV.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop_oneof![
        Just(0x00_u8),
        Just(0x70),
        Just(0x77),
        Just(0x5A),
        Just(0x57),
        Just(0x9F),
        Just(0x5F),
        Just(0xBF),
        Just(0x0C),
        Just(0xDF),
        Just(0x81),
        Just(0x82),
        Just(0x80),
        Just(0x94),
        Just(0x95),
        Just(0x02),
        Just(0x04),
        Just(0xFF),
    ];
    vec(prop_oneof![2 => telling, 1 => 0..0x20_u8, 1 => any::<u8>()], 0..80)
}
