//! What the terminal said, by tag.

use std::collections::BTreeMap;

use crate::{
    bytes::Cursor,
    tlv::{DolEntry, Tag},
};

/// Values that came by a data object list.
#[derive(Clone, Debug, Default)]
pub(super) struct Values(BTreeMap<Tag, Vec<u8>>);

impl Values {
    /// Splits values by a list; `None` if there are more or fewer bytes than the list asks for.
    pub fn split(list: &[DolEntry], data: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(data);
        let mut values = BTreeMap::new();
        for entry in list {
            values.insert(entry.tag, cursor.take(entry.length.into())?.to_vec());
        }
        cursor.is_empty().then_some(Self(values))
    }

    /// The same for a DSDOL, whose last object comes as long as it is (C-2, 4.1.4).
    pub fn split_open(list: &[DolEntry], data: &[u8]) -> Option<Self> {
        let (last, before) = list.split_last()?;
        let length = before.iter().map(|entry| usize::from(entry.length)).sum();
        let (fixed, rest) = data.split_at_checked(length)?;
        let mut values = Self::split(before, fixed)?;
        (rest.len() <= usize::from(last.length)).then(|| values.0.insert(last.tag, rest.to_vec()))?;
        Some(values)
    }

    /// How many bytes a list asks for.
    pub fn length(list: &[DolEntry]) -> usize {
        list.iter().map(|entry| usize::from(entry.length)).sum()
    }

    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.0.get(&tag).map(Vec::as_slice)
    }

    /// A value of a known length.
    pub fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.get(tag)?.try_into().ok()
    }

    /// These values, and those of `later` in place of the same ones.
    pub fn with(mut self, later: Self) -> Self {
        self.0.extend(later.0);
        self
    }

    /// Whether every value here that `other` knows, too, is the same there.
    pub fn agree_with(&self, other: &Self) -> bool {
        self.0.iter().all(|(tag, value)| other.0.get(tag).is_none_or(|known| known == value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: [DolEntry; 2] =
        [DolEntry { tag: Tag::new(0x9F02), length: 2 }, DolEntry { tag: Tag::new(0xDF63), length: 3 }];

    #[test]
    fn the_last_value_of_an_open_list_may_be_shorter() {
        assert!(Values::split(&LIST, &[1, 2, 3]).is_none());
        let values = Values::split_open(&LIST, &[1, 2, 3]).unwrap();
        assert_eq!((values.get(LIST[0].tag), values.get(LIST[1].tag)), (Some(&[1, 2][..]), Some(&[3][..])));
        assert_eq!(Values::split_open(&LIST, &[1, 2]).unwrap().get(LIST[1].tag), Some(&[][..]));
        assert!(Values::split_open(&LIST, &[1]).is_none());
        assert!(Values::split_open(&LIST, &[1, 2, 3, 4, 5, 6]).is_none());
    }
}
