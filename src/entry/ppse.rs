//! The card's directory (Book B, 3.3.1, table 3-2; 3.6): `6F { A5 { BF0C { 61 … } } }` in any order, with anything between.

use super::Aid;
use crate::{
    bytes::Cursor,
    data::dictionary::{
        ADF_NAME_4F, APPLICATION_PRIORITY_INDICATOR_87, APPLICATION_TEMPLATE_61, ASRPD_9F0A, EXTENDED_SELECTION_9F29,
        FCI_ISSUER_DISCRETIONARY_DATA_BF0C, FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F, KERNEL_IDENTIFIER_9F2A,
    },
    tlv::{self, Tag},
};

/// The name of the directory.
pub const NAME: &[u8] = b"2PAY.SYS.DDF01";

/// One directory entry, a view of the card's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The card's application (4F); `None` if it is missing or has not 5 to 16 bytes (3.3.2.5 A).
    pub adf_name: Option<Aid>,
    /// Application Priority Indicator (87): 1 is best, 0 is none (3.3.1.1).
    pub priority: u8,
    /// Kernel Identifier (9F2A), absent or any number of bytes.
    pub kernel_identifier: Option<&'a [u8]>,
    /// Extended Selection (9F29), without an empty one.
    pub extended_selection: Option<&'a [u8]>,
    /// Application Selection Registered Proprietary Data (9F0A), if it is well-formed (3.3.1.2).
    pub proprietary_data: Option<&'a [u8]>,
}

/// The entries of a directory, in the card's order. Ends at the first defect of the TLV structure.
pub fn entries(fci: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let list = [FCI_TEMPLATE_6F, FCI_PROPRIETARY_TEMPLATE_A5, FCI_ISSUER_DISCRETIONARY_DATA_BF0C]
        .into_iter()
        .try_fold(fci, value);
    tlv::objects(list.unwrap_or_default())
        .map_while(Result::ok)
        .filter(|object| object.tag == APPLICATION_TEMPLATE_61)
        .map(|object| entry(object.value))
}

/// Whether the whole answer is BER-TLV.
pub fn is_well_formed(fci: &[u8]) -> bool {
    tlv::walk(fci, tlv::Budget::default()).all(|object| object.is_ok())
}

/// Reads one entry. What is not expected is ignored (3.6.1.2); of an object that comes twice, the first counts.
fn entry(template: &[u8]) -> Entry<'_> {
    let (mut name, mut priority, mut kernel_identifier, mut extension, mut registered) = (None, None, None, None, None);
    for object in tlv::objects(template).map_while(Result::ok) {
        let place = match object.tag {
            ADF_NAME_4F => &mut name,
            APPLICATION_PRIORITY_INDICATOR_87 => &mut priority,
            KERNEL_IDENTIFIER_9F2A => &mut kernel_identifier,
            EXTENDED_SELECTION_9F29 => &mut extension,
            ASRPD_9F0A => &mut registered,
            _ => continue,
        };
        place.get_or_insert(object.value);
    }
    Entry {
        adf_name: name.and_then(Aid::new),
        priority: priority.and_then(<[u8]>::first).map_or(0, |indicator| indicator & 0x0F),
        kernel_identifier,
        extended_selection: extension.filter(|value| !value.is_empty()),
        proprietary_data: registered.filter(|value| is_registered_data(value)),
    }
}

/// Whether a value of 9F0A is identifiers of two bytes, each with a length and as many bytes (3.3.1.2).
fn is_registered_data(value: &[u8]) -> bool {
    let mut cursor = Cursor::new(value);
    while !cursor.is_empty() {
        let length = cursor.take(2).and_then(|_| cursor.byte());
        if length.and_then(|length| cursor.take(length.into())).is_none() {
            return false;
        }
    }
    true
}

/// The value of the first object with this tag, if the bytes are well-formed up to there.
fn value(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    Some(tlv::find(bytes, tag)?.ok()?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fci: &str) -> Vec<String> {
        let fci = hex::decode(fci.replace(' ', "")).unwrap();
        entries(&fci).map(|entry| entry.adf_name.map_or("-".to_owned(), |name| format!("{name:?}"))).collect()
    }

    fn one(template: &str) -> Entry<'static> {
        entry(hex::decode(template.replace(' ', "")).unwrap().leak())
    }

    #[test]
    fn entries_come_in_the_cards_order_from_any_arrangement() {
        let plain = "6F1E 840E325041592E5359532E4444463031 A50C BF0C09 6107 4F05A000000003";
        assert_eq!(names(plain), ["A000000003"]);
        let shuffled = "6F27 A515 88010A BF0C0F 730100 6107 4F05A000000004 420100 840E325041592E5359532E4444463031";
        assert_eq!(names(shuffled), ["A000000004"]);
        let filled = "0000 6F14 00 A511 00 BF0C0D 0000 6109 00 4F05A000000003 00 00";
        assert_eq!(names(filled), ["A000000003"]);
        let two = "6F17 A515 BF0C12 6107 4F05A000000004 6107 4F05A000000003";
        assert_eq!(names(two), ["A000000004", "A000000003"]);
    }

    #[test]
    fn without_the_templates_there_are_no_entries() {
        for fci in ["", "6F00", "6F02A500", "6F05A503BF0C00", "6107 4F05A000000003", "6F09 6107 4F05A000000003", "6F"] {
            assert!(names(fci).is_empty(), "{fci}");
        }
    }

    #[test]
    fn entries_before_a_defect_count() {
        let fci = "6F17 A515 BF0C12 6107 4F05A000000004 610A 4F05A000000003";
        assert_eq!(names(fci), ["A000000004"]);
        assert!(!is_well_formed(&hex::decode(fci.replace(' ', "")).unwrap()));
    }

    /// Book B, 3.3.2.5 A.
    #[test]
    fn a_name_has_five_to_sixteen_bytes() {
        for (length, usable) in [(4, false), (5, true), (16, true), (17, false)] {
            let template = format!("4F{length:02X}{}", "A0".repeat(length));
            assert_eq!(one(&template).adf_name.is_some(), usable, "{length}");
        }
        assert_eq!(one("500141").adf_name, None);
    }

    /// Book B, 3.3.1.1: the high nibble is reserved.
    #[test]
    fn priority_is_the_low_nibble() {
        for (indicator, priority) in [("8701F2", 2), ("8701FF", 15), ("870141", 1), ("870100", 0), ("8700", 0), ("", 0)]
        {
            assert_eq!(one(indicator).priority, priority, "{indicator}");
        }
    }

    /// Book B, 3.3.1.2: only an inconsistent length makes 9F0A malformed.
    #[test]
    fn proprietary_data_with_a_wrong_length_is_ignored() {
        assert_eq!(one("9F0A04 00010105").proprietary_data, Some(&[0, 1, 1, 5][..]));
        assert_eq!(one("9F0A07 00010105 FFFF00").proprietary_data.map(<[u8]>::len), Some(7));
        assert_eq!(one("9F0A04 00010205").proprietary_data, None);
        assert_eq!(one("9F0A02 0001").proprietary_data, None);
        assert!(one("9F0A04 00010205 4F05A000000003").adf_name.is_some(), "the rest of the entry still counts");
    }
}
