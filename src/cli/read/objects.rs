//! The data objects that a card sent.

use std::collections::BTreeMap;

use crate::{
    data::dictionary::{AFL_94, AIP_82, RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80},
    tlv::{self, Budget, Tag},
};

/// Values by tag; of two with the same tag the first counts.
#[derive(Clone, Debug, Default)]
pub struct Objects(BTreeMap<Tag, Vec<u8>>);

impl Objects {
    /// Takes what the answer to a command holds, as far as it can be read.
    pub fn take(&mut self, command: &[u8], data: &[u8]) {
        for (_, object) in tlv::walk(data, Budget::default()).map_while(Result::ok) {
            if object.tag == RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 {
                // In other answers the same template holds other things (Book 3, 6.5).
                if let Some((profile, files)) =
                    object.value.split_at_checked(2).filter(|_| command.get(1) == Some(&0xA8))
                {
                    self.put(AIP_82, profile);
                    self.put(AFL_94, files);
                }
            } else if !object.tag.is_constructed() {
                self.put(object.tag, object.value);
            }
        }
    }

    /// Takes one value, unless the tag has one.
    pub fn put(&mut self, tag: Tag, value: &[u8]) {
        self.0.entry(tag).or_insert_with(|| value.to_vec());
    }

    /// All of them, by tag.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        self.0.iter().map(|(tag, value)| (*tag, value.as_slice()))
    }

    /// A value.
    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.0.get(&tag).map(Vec::as_slice)
    }
}

/// The value of the template that `data` begins with.
pub fn template(data: &[u8], tag: Tag) -> Option<&[u8]> {
    let object = tlv::objects(data).next()?.ok()?;
    (object.tag == tag).then_some(object.value)
}
