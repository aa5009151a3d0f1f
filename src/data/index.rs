//! The slot of every tag of the dictionary, computed by the compiler: no allocation and no search at run time.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "compile-time only: slices have no other access in constants, and a mistake stops the build"
)]

use super::dictionary::ROWS_CONST as ROWS;
use crate::tlv::Tag;

/// How many different tags the dictionary has.
pub const SLOTS: usize = {
    let mut count = 0;
    let mut row = 0;
    while row < ROWS.len() {
        if row == 0 || ROWS[row].tag.number() != ROWS[row - 1].tag.number() {
            count += 1;
        }
        row += 1;
    }
    count
};

/// The rows of one tag: where they start in `ROWS`, and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub tag: Tag,
    pub first_row: usize,
    pub rows: usize,
}

/// Every tag once, in ascending order. Rows of the same tag stand together in the dictionary.
pub static TAGS: [Slot; SLOTS] = TAGS_CONST;

const TAGS_CONST: [Slot; SLOTS] = {
    let mut slots = [Slot { tag: Tag::new(0), first_row: 0, rows: 0 }; SLOTS];
    let mut count = 0;
    let mut row = 0;
    while row < ROWS.len() {
        let tag = ROWS[row].tag;
        let first_row = row;
        while row < ROWS.len() && ROWS[row].tag.number() == tag.number() {
            row += 1;
        }
        let mut at = count;
        while at > 0 && slots[at - 1].tag.number() >= tag.number() {
            assert!(slots[at - 1].tag.number() != tag.number(), "the rows of a tag stand together in the dictionary");
            slots[at] = slots[at - 1];
            at -= 1;
        }
        slots[at] = Slot { tag, first_row, rows: row - first_row };
        count += 1;
    }
    slots
};

/// More than twice the number of tags, so that few of them meet.
const BUCKETS: usize = 1024;

#[derive(Clone, Copy)]
struct Bucket {
    tag: Tag,
    slot: u16,
}

/// No tag has the number 0, because `00` is filler.
const EMPTY: Tag = Tag::new(0);

static TABLE: [Bucket; BUCKETS] = {
    assert!(SLOTS * 2 < BUCKETS);
    let mut table = [Bucket { tag: EMPTY, slot: 0 }; BUCKETS];
    let mut slot = 0;
    while slot < SLOTS {
        let tag = TAGS_CONST[slot].tag;
        let mut at = bucket(tag);
        while table[at].tag.number() != EMPTY.number() {
            at = (at + 1) % BUCKETS;
        }
        table[at] = Bucket { tag, slot: slot as u16 };
        slot += 1;
    }
    table
};

/// Fibonacci hashing: the upper ten bits of the number times 2^32 / φ.
const fn bucket(tag: Tag) -> usize {
    (tag.number().wrapping_mul(0x9E37_79B1) >> 22) as usize
}

/// The position of the tag in [`TAGS`]; `None` if the dictionary does not know it.
#[inline]
pub fn slot(tag: Tag) -> Option<usize> {
    let mut at = bucket(tag);
    loop {
        let found = TABLE[at % BUCKETS];
        if found.tag == EMPTY {
            return None;
        }
        if found.tag == tag {
            return Some(usize::from(found.slot));
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_tag_and_nothing_else_is() {
        for (number, row) in ROWS.iter().enumerate() {
            let slot = TAGS[slot(row.tag).unwrap()];
            assert_eq!(slot.tag, row.tag);
            assert!((slot.first_row..slot.first_row + slot.rows).contains(&number));
        }
        assert!(TAGS.windows(2).all(|pair| pair[0].tag < pair[1].tag));
        for unknown in [0x00, 0xD3, 0x9F28, 0xDF01, 0xFFFF_FF7F] {
            assert_eq!(slot(Tag::new(unknown)), None, "{unknown:X}");
        }
    }
}
