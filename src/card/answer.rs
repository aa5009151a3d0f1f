//! What the personalities have in common: lists, command data, lengths, unpredictable numbers.

use super::{profile::Application, status};
use crate::{
    apdu::StatusWord,
    bytes::Cursor,
    tlv::{DolEntry, Tag, dol_entries},
};

/// A data object list that the profile states; empty without one. An error is a message in words.
pub(super) fn list(application: &Application, tag: Tag) -> Result<Vec<DolEntry>, String> {
    let value = application.data.get(&tag).map(Vec::as_slice).unwrap_or_default();
    dol_entries(value).collect::<Result<_, _>>().map_err(|error| format!("{tag} is no list: {error}"))
}

/// Refuses what does not fit: `most` bytes. An error is a message in words.
pub(super) fn fits(what: &str, bytes: &[u8], most: usize) -> Result<(), String> {
    if bytes.len() <= most { Ok(()) } else { Err(format!("{what} has {} bytes, at most {most} fit", bytes.len())) }
}

/// The content of template 83, which must fill the command (EMV Book 3, 6.5.8.3).
pub(super) fn command_template(data: &[u8]) -> Result<&[u8], StatusWord> {
    let mut cursor = Cursor::new(data);
    if cursor.byte() != Some(0x83) {
        return Err(if data.is_empty() { status::WRONG_LENGTH } else { status::WRONG_DATA });
    }
    let length = match cursor.byte() {
        Some(0x81) => cursor.byte(),
        Some(length @ 0..=0x7F) => Some(length),
        _ => None,
    };
    if length.map(usize::from) == Some(cursor.rest().len()) { Ok(cursor.rest()) } else { Err(status::WRONG_LENGTH) }
}

/// Four bytes that differ for every seed and counter: the SplitMix64 finaliser (Steele, Lea, Flood 2014).
pub(super) const fn unpredictable(seed: u64) -> [u8; 4] {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let [a, b, c, d, ..] = (z ^ (z >> 31)).to_be_bytes();
    [a, b, c, d]
}
