//! Bits by their tables.

use super::{Detail, Place, State};
use crate::data::bits::{Meaning, Table};

/// What bit tables say about a value: for every byte that it has, every bit and every group of bits, with a meaning or not.
/// Empty if there is no table.
pub fn table_details(tables: &[&'static Table], value: &[u8]) -> Vec<Detail> {
    if tables.is_empty() {
        return Vec::new();
    }
    (1..).zip(value).flat_map(|(byte, bits)| byte_details(tables, byte, *bits)).collect()
}

fn byte_details(tables: &[&'static Table], byte: usize, bits: u8) -> Vec<Detail> {
    let meanings: Vec<&Meaning> = meanings_of(tables, byte).collect();
    let mut details = Vec::new();
    let mut left = 0xFF_u8;
    while let Some(highest) = highest(left) {
        let group = meanings.iter().find(|meaning| meaning.bit.mask() & highest != 0);
        let mask = group.map_or(highest, |meaning| meaning.bit.mask());
        left &= !mask;
        match group {
            Some(first) if first.bit.is_single() => {
                let state = if bits & mask == 0 { State::Unset } else { State::Set };
                details.push(detail(byte, mask, state, first.words.to_owned()));
            }
            Some(_) => details.push(field(&meanings, byte, mask, bits)),
            None => reserved(&mut details, byte, mask, bits),
        }
    }
    details
}

fn meanings_of(tables: &[&'static Table], byte: usize) -> impl Iterator<Item = &'static Meaning> {
    let meanings = tables.iter().flat_map(|table| table.meanings);
    meanings.filter(move |meaning| usize::from(meaning.bit.byte()) == byte)
}

fn highest(mask: u8) -> Option<u8> {
    (mask != 0).then(|| 0x80 >> mask.leading_zeros())
}

fn detail(byte: usize, mask: u8, state: State, words: String) -> Detail {
    Detail { place: Place::Bits { byte, mask }, state, tag: None, words, value: Vec::new(), inside: Vec::new() }
}

/// Several bits that are one number.
fn field(meanings: &[&Meaning], byte: usize, mask: u8, bits: u8) -> Detail {
    let found = meanings.iter().find(|meaning| meaning.bit.mask() == mask && meaning.bit.fits(bits));
    match found {
        Some(meaning) => detail(byte, mask, State::Set, meaning.words.to_owned()),
        None => {
            let number = (bits & mask) >> mask.trailing_zeros();
            let state = if number == 0 { State::ReservedUnset } else { State::Reserved };
            detail(byte, mask, state, format!("reserved value {number}"))
        }
    }
}

/// Neighbouring bits without a meaning that are equally set become one piece.
fn reserved(details: &mut Vec<Detail>, byte: usize, mask: u8, bits: u8) {
    let state = if bits & mask == 0 { State::ReservedUnset } else { State::Reserved };
    let place = match details.last().map(|last| (last.place, last.state)) {
        Some((Place::Bits { byte: same, mask: before }, last))
            if same == byte && last == state && before & mask << 1 != 0 =>
        {
            before | mask
        }
        _ => {
            details.push(detail(byte, mask, state, "reserved".to_owned()));
            return;
        }
    };
    // A reserved value of a field is no neighbour of single bits.
    match details.last_mut().filter(|last| last.words == "reserved") {
        Some(last) => last.place = Place::Bits { byte, mask: place },
        None => details.push(detail(byte, mask, state, "reserved".to_owned())),
    }
}

/// Adds what other kernels say about bits that are set, with their names, where it differs from what is there: for values
/// whose kernel nobody knows.
pub fn add_foreign(details: &mut Vec<Detail>, tables: &[&'static Table], value: &[u8]) {
    for table in tables {
        for meaning in table.meanings.iter().filter(|meaning| usize::from(meaning.bit.byte()) <= value.len()) {
            let (byte, mask) = (usize::from(meaning.bit.byte()), meaning.bit.mask());
            let is_field_at_zero = !meaning.bit.is_single() && value.get(byte - 1).is_some_and(|bits| bits & mask == 0);
            let known = details.iter().any(|detail| detail.words == meaning.words);
            if known || is_field_at_zero || !meaning.bit.is_set(value) {
                continue;
            }
            let words = format!("{}: {}", table.scopes, meaning.words);
            let covered = |place| matches!(place, Place::Bits { byte: b, mask: m } if b == byte && m & mask != 0);
            let at = details.iter().rposition(|detail| covered(detail.place)).map_or(details.len(), |at| at + 1);
            details.insert(at, detail(byte, mask, State::Set, words));
        }
    }
    drop_explained(details);
}

/// A bit that some kernel knows is not reserved.
fn drop_explained(details: &mut Vec<Detail>) {
    let explained = |wanted: Place, details: &[Detail]| {
        let Place::Bits { byte, mask } = wanted else { return false };
        let mut known = 0;
        for detail in details.iter().filter(|detail| detail.state == State::Set) {
            if let Place::Bits { byte: same, mask } = detail.place
                && same == byte
            {
                known |= mask;
            }
        }
        mask & !known == 0
    };
    let kept: Vec<bool> =
        details.iter().map(|detail| detail.state != State::Reserved || !explained(detail.place, details)).collect();
    let mut kept = kept.into_iter();
    details.retain(|_| kept.next().unwrap_or(true));
}
