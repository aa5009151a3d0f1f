//! Answers to data object lists: the values that a PDOL, CDOL or DDOL asks for, one after the other (EMV Book 3, 5.4).

use core::fmt;

use super::{
    Store,
    dictionary::{self, Format},
};
use crate::tlv::{self, DolEntry, Tag};

/// Why a list cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DolError {
    /// The list itself is malformed.
    Malformed(tlv::Error),
    /// The answer does not fit: after this entry it would have `wanted` bytes, and there is room for `room`.
    TooLong {
        /// The entry that does not fit.
        tag: Tag,
        /// Bytes of the answer up to and with this entry.
        wanted: usize,
        /// Bytes of the buffer.
        room: usize,
    },
}

impl fmt::Display for DolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "malformed data object list: {error}"),
            Self::TooLong { tag, wanted, room } => {
                write!(f, "the data object list asks for {wanted} bytes with {tag}, there is room for {room}")
            }
        }
    }
}

impl core::error::Error for DolError {}

impl From<tlv::Error> for DolError {
    fn from(error: tlv::Error) -> Self {
        Self::Malformed(error)
    }
}

/// Writes the answer to `dol` into `out` and returns the part of `out` that it takes.
///
/// Every entry takes the length the list gives. A shorter value is padded, a longer one cut, both by the object's format:
/// numeric on the left, everything else on the right; padding is `00`, for compressed numeric `FF`. An object that is absent,
/// constructed or unknown and not in the store is zeros. Where a tag has several meanings, the terminal's counts.
///
/// # Errors
/// The list is malformed, or the answer is longer than `out`.
///
/// ```
/// use emvtap::data::{Source, Store, dictionary::AMOUNT_AUTHORISED_9F02, dol};
///
/// let mut store = Store::new();
/// store.put(AMOUNT_AUTHORISED_9F02, &[0, 0, 0, 0, 0x12, 0x50], Source::Transaction);
/// let mut out = [0; 252];
/// assert_eq!(dol::fill(&[0x9F, 0x02, 0x07], &store, &mut out), Ok(&[0, 0, 0, 0, 0, 0x12, 0x50][..]));
/// ```
pub fn fill<'a>(dol: &[u8], store: &Store, out: &'a mut [u8]) -> Result<&'a [u8], DolError> {
    let room = out.len();
    let mut rest: &mut [u8] = &mut *out;
    for entry in tlv::dol_entries(dol) {
        let DolEntry { tag, length } = entry?;
        let wanted = room - rest.len() + usize::from(length);
        let (field, after) = rest.split_at_mut_checked(length.into()).ok_or(DolError::TooLong { tag, wanted, room })?;
        match store.get(tag).filter(|_| !tag.is_constructed()) {
            Some(value) => fit(dictionary::padding(tag), value, field),
            None => field.fill(0),
        }
        rest = after;
    }
    let used = room - rest.len();
    Ok(out.get(..used).unwrap_or_default())
}

/// Writes `value` into all of `field`, cut or padded as its format wants.
pub fn fit(format: Format, value: &[u8], field: &mut [u8]) {
    let copied = value.len().min(field.len());
    let (from, to, padding) = match format {
        Format::N => (value.len() - copied, field.len() - copied, 0x00),
        Format::Cn => (0, 0, 0xFF),
        _ => (0, 0, 0x00),
    };
    field.fill(padding);
    let source = value.get(from..).and_then(|value| value.get(..copied));
    let target = field.get_mut(to..).and_then(|field| field.get_mut(..copied));
    if let (Some(source), Some(target)) = (source, target) {
        target.copy_from_slice(source);
    }
}

/// Whether the list asks for `tag`, found by stepping through the entries.
///
/// # Errors
/// The list is malformed before the tag was found.
pub fn contains(dol: &[u8], tag: Tag) -> Result<bool, tlv::Error> {
    for entry in tlv::dol_entries(dol) {
        if entry?.tag == tag {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many bytes the answer to the list has.
///
/// # Errors
/// The list is malformed.
pub fn answer_length(dol: &[u8]) -> Result<usize, tlv::Error> {
    tlv::dol_entries(dol).try_fold(0, |sum, entry| Ok(sum + usize::from(entry?.length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, dictionary::*};

    fn store() -> Store {
        let mut store = Store::new();
        for (tag, value) in [
            (AMOUNT_AUTHORISED_9F02, &[0x00, 0x00, 0x00, 0x01, 0x23, 0x45][..]),
            (UNPREDICTABLE_NUMBER_9F37, &[0xA1, 0xA2, 0xA3, 0xA4]),
            (TERMINAL_IDENTIFICATION_9F1C, b"TERM0001"),
            (MERCHANT_IDENTIFIER_9F16, b"MERCHANT0000001"),
            (TRANSACTION_DATE_9A, &[0x26, 0x07, 0x31]),
            (PAN_5A, &[0x47, 0x61, 0x73, 0x9F]),
            (FCI_PROPRIETARY_TEMPLATE_A5, &[0x50, 0x01, 0x41]),
            (TRACK_2_EQUIVALENT_DATA_57, &[]),
        ] {
            store.put(tag, value, Source::Terminal);
        }
        store
    }

    #[track_caller]
    fn check(dol: &str, answer: &str) {
        let dol = hex::decode(dol).unwrap();
        let mut out = [0xEE; 64];
        assert_eq!(hex::encode_upper(fill(&dol, &store(), &mut out).unwrap()), answer);
        assert_eq!(answer_length(&dol).unwrap(), answer.len() / 2);
    }

    /// libpay 2EA.020.00: lists that ask for more bytes than the objects have.
    #[test]
    fn fields_longer_than_the_value_are_padded_by_format() {
        check("9F0207", "00000000012345");
        check("9F3705", "A1A2A3A400");
        check("9F1C09", "5445524D3030303100");
        check("9F1610", "4D45524348414E543030303030303100");
        check("9A04", "00260731");
        check("5A06", "4761739FFFFF");
    }

    #[test]
    fn fields_shorter_than_the_value_lose_its_far_side() {
        check("9F0202", "2345");
        check("9A02", "0731");
        check("9F3702", "A1A2");
        check("5A02", "4761");
        check("9F1C00", "");
    }

    #[test]
    fn absent_unknown_constructed_and_empty_objects_are_zeros() {
        check("9F0306", "000000000000");
        check("DF0102", "0000");
        check("A503", "000000");
        check("5702", "0000");
    }

    #[test]
    fn a_whole_list_is_one_concatenation() {
        check("9F02069F37049A03", "000000012345A1A2A3A4260731");
        check("", "");
    }

    #[test]
    fn broken_and_oversized_lists_are_errors_with_a_place() {
        let mut out = [0; 5];
        let malformed = fill(&[0x9F, 0x37, 0x04, 0x9F], &store(), &mut out).unwrap_err();
        assert_eq!(malformed.to_string(), "malformed data object list: the bytes end inside a tag at offset 3");
        let long = fill(&[0x9A, 0x03, 0x9F, 0x37, 0x04], &store(), &mut out).unwrap_err();
        assert_eq!(long, DolError::TooLong { tag: UNPREDICTABLE_NUMBER_9F37, wanted: 7, room: 5 });
    }

    #[test]
    fn a_tag_is_looked_up_by_entries_and_not_by_bytes() {
        let dol = [0x9F, 0x02, 0x9F, 0x66, 0x04];
        assert_eq!(contains(&dol, TTQ_9F66), Ok(false));
        assert_eq!(contains(&[0x9F, 0x02, 0x06, 0x9F, 0x66, 0x04], TTQ_9F66), Ok(true));
        assert!(contains(&[0x9F, 0x02], TTQ_9F66).is_err());
    }
}
