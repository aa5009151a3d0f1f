//! Values as a person writes them in a profile.

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    data::{Scope, dictionary::tag_named},
    tlv::Tag,
};

/// Whose names count for an object that is written by its name; cards of other schemes write their own objects in hex.
pub(super) const SCOPE: Scope = Scope::K3;

/// The tag of a data object, written as hex (`9F6C`) or by its name (`Application PAN`, `CTQ`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectName(pub Tag);

impl<'de> Deserialize<'de> for ObjectName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        tag_named(&text, Some(SCOPE)).map(Self).map_err(|_| D::Error::custom(format!("unknown data object `{text}`")))
    }
}

/// The tag of a data object, as [`ObjectName`] reads it.
pub(super) fn object_named(text: &str) -> Option<Tag> {
    tag_named(text, Some(SCOPE)).ok()
}

/// What to do about a name that no data object has.
pub(super) fn suggest_object(found: &str) -> Option<String> {
    tag_named(found, Some(SCOPE)).err().map(|error| error.to_string())
}

/// The hex digits of a tag that is written by its name; everything else as it is. Short words are keys, not objects.
pub(super) fn plain_name(text: &str) -> String {
    let is_key = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let tag = tag_named(text, Some(SCOPE)).ok().filter(|_| !is_key);
    tag.map_or_else(|| text.to_owned(), |tag| tag.to_string())
}

/// A file and record number, written `2.1`: SFI 1 to 30, record 1 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordId {
    /// Short file identifier.
    pub sfi: u8,
    /// Record number.
    pub record: u8,
}

impl core::fmt::Display for RecordId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.sfi, self.record)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once('.').and_then(|(sfi, record)| Some((sfi.parse().ok()?, record.parse().ok()?)));
        match parts {
            Some((sfi @ 1..=30, record @ 1..=255)) => Ok(Self { sfi, record }),
            _ => Err(D::Error::custom(format!(
                "`{text}` is no record; wanted a file from 1 to 30, a dot, a record number"
            ))),
        }
    }
}
