//! What the benches share. Each uses a part of it.

#![allow(dead_code, reason = "every bench is a crate of its own and uses a part")]

pub mod minimal;
pub mod taps;

use emvtap::{
    data::{Scope, Source, Store, dictionary},
    tlv::{Error, Object},
};

const INPUTS: [(&str, &str); 3] = [
    ("fci", include_str!("../../test-vectors/performance/a_fci.hex")),
    ("record", include_str!("../../test-vectors/performance/b_record.hex")),
    ("stream", include_str!("../../test-vectors/performance/c_stream.hex")),
];

/// The three inputs of the TLV benches: 20 objects in 114 bytes, 9 in 240, 118 in 2048.
pub fn inputs() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    INPUTS.iter().map(|(name, text)| (*name, hex::decode(text.trim()).expect("hex")))
}

/// Loads every primitive object.
pub fn load(bytes: &[u8], store: &mut Store) {
    store.load(bytes, Source::Card, |_, _, _| Ok::<_, Error>(true)).expect("well-formed");
}

/// Loads what means something to Kernel 3 and has a length that the dictionary allows, of each tag the first object, as a kernel
/// does. Gives how many objects were left out.
pub fn load_validated(bytes: &[u8], store: &mut Store) -> usize {
    let mut left_out = 0;
    let keep = |store: &Store, _: usize, object: &Object<'_>| {
        if object.tag.is_constructed() {
            return Ok(true);
        }
        let meaning = dictionary::rows(object.tag)
            .iter()
            .find(|row| row.kernels.contains(Scope::K3) || row.kernels.card_only(Scope::K3));
        let wanted =
            store.source(object.tag) != Some(Source::Card) && meaning.is_some_and(|row| row.allows(object.value.len()));
        left_out += usize::from(!wanted);
        Ok::<_, Error>(wanted)
    };
    store.load(bytes, Source::Card, keep).expect("well-formed");
    left_out
}
