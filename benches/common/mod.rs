//! What the benches share. Each uses a part of it.

#![allow(dead_code, reason = "every bench is a crate of its own and uses a part")]

pub mod minimal;
pub mod taps;

const INPUTS: [(&str, &str); 3] = [
    ("fci", include_str!("../../test-vectors/performance/a_fci.hex")),
    ("record", include_str!("../../test-vectors/performance/b_record.hex")),
    ("stream", include_str!("../../test-vectors/performance/c_stream.hex")),
];

/// The three inputs of the TLV benches: 20 objects in 114 bytes, 9 in 240, 118 in 2048.
pub fn inputs() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    INPUTS.iter().map(|(name, text)| (*name, hex::decode(text.trim()).expect("hex")))
}
