//! Answers to data object lists (C-2, 4.1.4).

use super::{
    database,
    options::{MalformedList, Options},
};
use crate::{
    apdu::DATA_MAX,
    data::dol::fit,
    kernel::contract::Cx,
    tlv::{self, DolEntry},
};

/// Why a list cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// It is no list.
    Malformed,
    /// It asks for more than a command can carry.
    TooLong,
}

impl core::fmt::Display for Unanswerable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "it is no data object list",
            Self::TooLong => "it asks for more than a command can carry",
        })
    }
}

/// The values that the list asks for. What is absent, empty, unknown or constructed is zeros.
pub fn fill(dol: &[u8], options: &Options, cx: &Cx<'_>) -> Result<Vec<u8>, Unanswerable> {
    build(dol, options, cx, LastEntry::Padded)
}

/// The same for the DSDOL: its last value is sent as long as it is, if it is shorter than asked for.
pub fn fill_dsdol(dol: &[u8], options: &Options, cx: &Cx<'_>) -> Result<Vec<u8>, Unanswerable> {
    build(dol, options, cx, LastEntry::AsLongAsItIs)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LastEntry {
    Padded,
    AsLongAsItIs,
}

fn build(dol: &[u8], options: &Options, cx: &Cx<'_>, last: LastEntry) -> Result<Vec<u8>, Unanswerable> {
    let mut data = Vec::new();
    let mut entries = tlv::dol_entries(dol).peekable();
    while let Some(entry) = entries.next() {
        let DolEntry { tag, length } = match entry {
            Ok(entry) => entry,
            Err(_) if options.malformed_list == MalformedList::AnswerHead => break,
            Err(_) => return Err(Unanswerable::Malformed),
        };
        let value = cx.store.get(tag).filter(|value| !tag.is_constructed() && !value.is_empty());
        let wanted = usize::from(length);
        match value {
            Some(value) if last == LastEntry::AsLongAsItIs && entries.peek().is_none() && value.len() < wanted => {
                data.extend_from_slice(value);
            }
            Some(value) => {
                let at = data.len();
                data.resize(at + wanted, 0);
                let format = super::dictionary::row(tag).map_or(crate::data::dictionary::Format::B, |row| row.format);
                fit(format, value, data.get_mut(at..).unwrap_or_default());
            }
            None => data.resize(data.len() + wanted, 0),
        }
        if data.len() > DATA_MAX {
            return Err(Unanswerable::TooLong);
        }
    }
    Ok(data)
}

/// Whether the list asks for an object.
pub fn names(dol: &[u8], tag: tlv::Tag) -> bool {
    tlv::dol_entries(dol).map_while(Result::ok).any(|entry| entry.tag == tag)
}

/// Whether the object that the list names is there without a value, for any of its entries.
pub fn has_empty(dol: &[u8], cx: &Cx<'_>) -> bool {
    tlv::dol_entries(dol).map_while(Result::ok).any(|entry| database::is_empty(entry.tag, cx))
}
