//! Dynamic Reader Limits: limits that go by the card's program, an option of Kernel 3 (C-3, 5.1.2).

use crate::{
    data::{
        Amount,
        dictionary::{
            APPLICATION_PROGRAM_IDENTIFIER_PROGRAM_ID_9F5A as PROGRAM_ID, FCI_ISSUER_DISCRETIONARY_DATA_BF0C,
            FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F,
        },
    },
    tlv::{self, Tag},
};

/// The limits for the cards of a program. What is absent is not checked; so a zero amount without a flag is an amount like
/// any other, and the terminal floor limit (9F1B) never takes the place of an absent floor limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DynamicLimits {
    /// The program, 1 to 16 bytes: cards whose 9F5A starts with it belong to it.
    pub program_id: Vec<u8>,
    /// Whether an amount of one unit of currency goes online.
    pub status_check: bool,
    /// Zero amount: `true` sends it online (option 1), `false` does not allow it (option 2).
    pub zero_amount_allowed: Option<bool>,
    /// Amounts that reach it are not allowed.
    pub transaction_limit: Option<Amount>,
    /// Amounts that exceed it go online.
    pub floor_limit: Option<Amount>,
    /// Amounts that reach it need a CVM.
    pub cvm_required_limit: Option<Amount>,
}

/// The card's program (9F5A), from the answer to SELECT: in the proprietary template, or in the issuer discretionary data.
pub fn program(fci: &[u8]) -> Option<&[u8]> {
    let proprietary = value(value(fci, FCI_TEMPLATE_6F)?, FCI_PROPRIETARY_TEMPLATE_A5)?;
    let inside = || value(value(proprietary, FCI_ISSUER_DISCRETIONARY_DATA_BF0C)?, PROGRAM_ID);
    value(proprietary, PROGRAM_ID).or_else(inside)
}

/// The set for a program: the one with the same identifier, else the one whose identifier is the longest beginning of it.
pub fn find<'a>(sets: &'a [DynamicLimits], program: &[u8]) -> Option<&'a DynamicLimits> {
    sets.iter().filter(|set| program.starts_with(&set.program_id)).max_by_key(|set| set.program_id.len())
}

fn value(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    Some(tlv::find(bytes, tag)?.ok()?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(programs: &[&str]) -> Vec<DynamicLimits> {
        let set = |text: &&str| DynamicLimits { program_id: hex::decode(text).unwrap(), ..DynamicLimits::default() };
        programs.iter().map(set).collect()
    }

    /// C-3, 5.1.2: exact match, else the longest beginning; a shorter card value never matches.
    #[test]
    fn the_longest_beginning_of_the_program_counts() {
        let sets = sets(&["31", "3102", "310203", "40"]);
        for (program, expected) in [
            ("3102", Some("3102")),
            ("310299", Some("3102")),
            ("31020304", Some("310203")),
            ("3109", Some("31")),
            ("31", Some("31")),
            ("40", Some("40")),
            ("32", None),
            ("03", None),
            ("", None),
        ] {
            let found = find(&sets, &hex::decode(program).unwrap());
            assert_eq!(found.map(|set| hex::encode(&set.program_id)).as_deref(), expected, "{program}");
        }
    }

    #[test]
    fn the_program_stands_in_either_template() {
        for (fci, expected) in [
            ("6F09 A507 BF0C04 9F5A0131", Some("31")),
            ("6F07 A505 9F5A023102", Some("3102")),
            ("6F05 A503 BF0C00", None),
            ("6F05 9F5A023102", None),
            ("6F04 9F5A0131", None),
            ("", None),
        ] {
            let fci = hex::decode(fci.replace(' ', "")).unwrap();
            assert_eq!(program(&fci).map(hex::encode).as_deref(), expected);
        }
    }
}
