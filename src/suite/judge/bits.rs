//! Where a value differs from what it must be, bit by bit, or how long it is.

use crate::{
    data::{Scope, bits},
    suite::{pattern::Statement, results::Difference},
    tlv::Tag,
};

/// The differences between a value and statements about it. A bit is named where its object's bits have names; other bytes are
/// shown whole; and a length, if bytes must have another. None where the object itself is what differs.
pub fn differences(tag: Option<Tag>, scope: Option<Scope>, statements: &[Statement], value: &[u8]) -> Vec<Difference> {
    let mut found = lengths(statements, value);
    for (at, mask, wanted) in statements.iter().flat_map(|statement| wanted(statement, value.len())) {
        let Some(byte) = value.get(at).filter(|byte| **byte & mask != wanted) else { continue };
        found.extend(byte_differences(tag, scope, at, mask, wanted, *byte));
    }
    found
}

/// The lengths that bytes must have and do not.
fn lengths(statements: &[Statement], value: &[u8]) -> Vec<Difference> {
    let wanted = statements.iter().filter_map(|statement| match statement {
        Statement::Is(digits) => Some(digits.len()).filter(|length| *length != value.len()),
        _ => None,
    });
    wanted.map(|wanted| length(wanted, "", value.len())).collect()
}

/// Another length than wanted. `whose`: who wants it, as it follows the count.
pub fn length(wanted: usize, whose: &str, found: usize) -> Difference {
    let counted = |count: usize| format!("{count} byte{}", if count == 1 { "" } else { "s" });
    let side = if found < wanted { "short" } else { "too long" };
    Difference {
        at: Difference::LENGTH.to_owned(),
        means: format!("{} {side}", counted(found.abs_diff(wanted))),
        expected: format!("{}{whose}", counted(wanted)),
        observed: counted(found),
    }
}

/// What differs in one byte of an object: its bits if they have names, else the whole byte.
fn byte_differences(
    tag: Option<Tag>,
    scope: Option<Scope>,
    at: usize,
    mask: u8,
    wanted: u8,
    byte: u8,
) -> Vec<Difference> {
    let tables = || tag.into_iter().flat_map(|tag| bits::tables(tag, scope));
    if tables().next().is_none() {
        return vec![Difference {
            at: format!("byte {}", at + 1),
            means: String::new(),
            expected: digits(mask, wanted),
            observed: format!("{byte:02X}"),
        }];
    }
    let differs = (byte ^ wanted) & mask;
    let bit_difference = |bit: u8| {
        let meaning = tables().flat_map(|table| table.meanings).find(|meaning| {
            usize::from(meaning.bit.byte()) == at + 1 && meaning.bit.is_single() && meaning.bit.mask() == 1 << bit
        });
        Difference {
            at: format!("byte {} bit {}", at + 1, bit + 1),
            means: meaning.map_or(String::new(), |meaning| meaning.words.to_owned()),
            expected: (wanted >> bit & 1).to_string(),
            observed: (byte >> bit & 1).to_string(),
        }
    };
    (0..8_u8).rev().filter(|bit| differs >> bit & 1 == 1).map(bit_difference).collect()
}

/// The same over the data field of a command whose objects lie so: object, place, length. What is in no object is told by its byte.
pub fn of_list(
    layout: &[(Tag, usize, usize)],
    scope: Option<Scope>,
    statements: &[Statement],
    value: &[u8],
) -> Vec<Difference> {
    let mut found = lengths(statements, value);
    for (at, mask, wanted) in statements.iter().flat_map(|statement| wanted(statement, value.len())) {
        let Some(byte) = value.get(at).filter(|byte| **byte & mask != wanted) else { continue };
        let object = layout.iter().find(|(_, place, length)| (*place..place + length).contains(&at));
        let (tag, place) = object.map_or((None, 0), |(tag, place, _)| (Some(*tag), *place));
        let inside = byte_differences(tag, scope, at - place, mask, wanted, *byte);
        found.extend(inside.into_iter().map(|difference| Difference {
            at: tag.map_or_else(|| difference.at.clone(), |tag| format!("{tag} {}", difference.at)),
            ..difference
        }));
    }
    found
}

/// Of each byte that a statement is about: its index, the bits that matter, and their value.
fn wanted(statement: &Statement, length: usize) -> Vec<(usize, u8, u8)> {
    match statement {
        Statement::Is(digits) if digits.len() == length => {
            digits.bytes().enumerate().map(|(at, (mask, value))| (at, mask, value)).collect()
        }
        Statement::Bits(bits) => vec![(bits.byte - 1, bits.mask, bits.value)],
        _ => Vec::new(),
    }
}

fn digits(mask: u8, value: u8) -> String {
    let digit = |mask: u8, value: u8| if mask & 0xF == 0 { "?".to_owned() } else { format!("{:X}", value & 0xF) };
    format!("{}{}", digit(mask >> 4, value >> 4), digit(mask, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_length_is_a_difference() {
        let is: Statement = "0102 03".parse().unwrap();
        let found = differences(None, None, &[is], &[1, 2]);
        assert_eq!(found, [length(3, "", 2)]);
        let Difference { at, means, expected, observed } = length(33, " by the PDOL", 34);
        assert_eq!([at, means, expected, observed], ["length", "1 byte too long", "33 bytes by the PDOL", "34 bytes"]);
    }
}
