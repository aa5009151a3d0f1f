//! Data objects one a line: tag, name, value, what the value says, and below it the bits that are set.

use super::{Mask, columns::Columns, gist};
use crate::{
    bytes::{Cursor, Hex},
    data::{
        Scope, bits,
        decode::{Masking, value_text},
        dictionary::{self, Row},
    },
    tlv::{self, Budget, Tag},
};

/// How objects are printed: on what page, through which mask, and in whose meaning.
#[derive(Clone, Copy, Debug)]
pub struct Objects<'a> {
    /// The page.
    pub columns: Columns,
    /// What is hidden.
    pub mask: &'a Mask,
    /// The kernel whose meaning of a tag counts; `None` while there is none.
    pub scope: Option<Scope>,
}

impl Objects<'_> {
    /// The objects of a card's answer, children indented below their template.
    pub fn tree(self, data: &[u8]) -> String {
        let mut text = String::new();
        for object in tlv::walk(data, Budget::default()) {
            match object {
                Ok((level, object)) if object.tag.is_constructed() => {
                    text.push_str(&self.columns.indented(level + 1, &self.title(object.tag)));
                }
                Ok((level, object)) => text.push_str(&self.object(level + 1, object.tag, object.value)),
                Err(error) => {
                    text.push_str(&self.columns.indented(1, &format!("no data objects from here on: {error}")));
                }
            }
        }
        text
    }

    /// The names of the objects of a card's answer, without templates: `Application PAN (5A) · …`.
    pub fn names(self, data: &[u8]) -> String {
        let objects = tlv::walk(data, Budget::default()).map_while(Result::ok).map(|(_, object)| object.tag);
        let named = objects.filter(|tag| !tag.is_constructed()).map(|tag| match self.row(tag) {
            Some(row) => format!("{} ({tag})", row.name),
            None => format!("unknown ({tag})"),
        });
        named.collect::<Vec<_>>().join(" · ")
    }

    /// What a terminal sent for a data object list: each entry with its value.
    pub fn listed(self, dol: &[u8], data: &[u8]) -> String {
        let mut cursor = Cursor::new(data);
        let mut text = String::new();
        for entry in tlv::dol_entries(dol).map_while(Result::ok) {
            let Some(value) = cursor.take(entry.length.into()) else {
                text.push_str(&self.columns.indented(1, &format!("{}: the data end before it", self.title(entry.tag))));
                break;
            };
            text.push_str(&self.object(1, entry.tag, value));
        }
        if !cursor.is_empty() {
            let left = gist::counted(cursor.rest().len(), "byte");
            text.push_str(&self.columns.indented(1, &format!("{left} more than the list asks for")));
        }
        text
    }

    /// One object, `lead` before its tag, with its bits.
    pub fn set(self, lead: &str, tag: Tag, value: &[u8]) -> String {
        format!("{}{}", self.columns.indented(0, &format!("{lead}{}", self.told(tag, value))), self.bits(1, tag, value))
    }

    fn object(self, indent: usize, tag: Tag, value: &[u8]) -> String {
        format!("{}{}", self.columns.indented(indent, &self.told(tag, value)), self.bits(indent + 1, tag, value))
    }

    /// `9F6C Card Transaction Qualifiers (CTQ): 2800`.
    fn told(self, tag: Tag, value: &[u8]) -> String {
        let shown = self.mask.object(tag, value);
        let hex = if value.is_empty() { "(empty)".to_owned() } else { Hex(&shown).to_string() };
        let title = self.title(tag);
        if shown != value {
            return format!("{title}: {hex} (masked)");
        }
        match self.words(tag, value) {
            Some(words) => format!("{title}: {hex} = {words}"),
            None => format!("{title}: {hex}"),
        }
    }

    fn bits(self, indent: usize, tag: Tag, value: &[u8]) -> String {
        bits::meanings(tag, self.scope, value)
            .map(|meaning| self.columns.indented(indent, &format!("{}: {}", meaning.bit, meaning.words)))
            .collect()
    }

    fn title(self, tag: Tag) -> String {
        match self.row(tag) {
            Some(row) => format!("{tag} {}", row.name),
            None => format!("{tag} (unknown)"),
        }
    }

    /// The row of the kernel at work; before there is one, the only row or the first.
    fn row(self, tag: Tag) -> Option<&'static Row> {
        match self.scope {
            Some(scope) => dictionary::row(tag, scope),
            None => dictionary::rows(tag).first(),
        }
    }

    /// What the value says that its hex does not.
    fn words(self, tag: Tag, value: &[u8]) -> Option<String> {
        match value_text(self.row(tag)?, value, Masking::Off) {
            Ok(words) => words.filter(|words| *words != Hex(value).to_string()),
            Err(wrong) => Some(format!("not as it should be: {wrong}")),
        }
    }
}
