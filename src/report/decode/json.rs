//! The tree as JSON, written piece by piece as [`Document::json`] writes the whole.

use serde_json::{json, to_string_pretty};

use super::{Document, Entry, Reading, SCHEMA};

impl Document {
    /// As JSON, with a line end. Bits that are 0 are left out unless `everything` is wanted.
    pub fn json(&self, everything: bool) -> String {
        let mut whole = self.clone();
        if !everything {
            whole.entries.iter_mut().for_each(drop_unset);
        }
        format!("{}\n", to_string_pretty(&whole).unwrap_or_default())
    }
}

impl Reading {
    /// As JSON like [`Document::json`], in pieces that `put` takes.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn json<E>(mut self, everything: bool, mut put: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let (how, masked) = (json!(self.how), self.masked);
        put(&format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"as\": {how},\n  \"masked\": {masked},\n  \"entries\": ["))?;
        let mut lead = "";
        for mut entry in self.by_ref() {
            if !everything {
                drop_unset(&mut entry);
            }
            // Text in JSON has no line ends of its own.
            let text = to_string_pretty(&entry).unwrap_or_default().replace('\n', "\n    ");
            put(&format!("{lead}\n    {text}"))?;
            lead = ",";
        }
        let end = if lead.is_empty() { "" } else { "\n  " };
        put(&format!("{end}],\n  \"kernel\": {}\n}}\n", json!(self.kernel())))
    }
}

fn drop_unset(entry: &mut Entry) {
    entry.children.retain(|child| !child.is_unset());
    entry.children.iter_mut().for_each(drop_unset);
}
