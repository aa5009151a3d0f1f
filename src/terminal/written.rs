//! Data objects as a terminal file states them: by tag or by name, each once.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use toml::Spanned;

use super::combination::Objects;
use crate::{
    data::text::{ObjectValue, TagText},
    diag::Problem,
};

/// The objects in no order that means anything; two may have the same tag, which [`Written::objects`] refuses.
#[derive(Clone, Debug, Default)]
pub(super) struct Written(Vec<(Spanned<TagText>, Spanned<ObjectValue>)>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of data objects")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Written(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

impl Written {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The objects in bytes.
    ///
    /// # Errors
    /// A value that its object cannot have, and an object that is stated twice, at its place in the file.
    pub fn objects(&self, file: &str, text: &str) -> Result<Objects, Problem> {
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let mut objects = Objects::new();
        for (name, value) in entries {
            let TagText(tag) = *name.get_ref();
            let bytes = value.get_ref().bytes(tag, None);
            let bytes = bytes.map_err(|message| Problem::at(file, text, value.span(), message))?;
            if objects.insert(tag, bytes).is_some() {
                let message = format!("this is {tag}, which is stated above already");
                let hint = "keep one: a terminal has one value of an object";
                return Err(Problem::at(file, text, name.span(), message).hint(hint));
            }
        }
        Ok(objects)
    }
}
