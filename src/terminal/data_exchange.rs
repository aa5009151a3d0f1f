//! The terminal's side of data exchange in a terminal file: what it says to a kernel, and when.

use serde::Deserialize;

use super::{combination::Objects, written::Written};
use crate::{
    data::text::TagText,
    diag::Problem,
    entry::{DataAnswer, DataReply},
    time::Micros,
    tlv::Writer,
};

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exchange {
    /// Said when the kernel needs one of these.
    #[serde(default)]
    needed: Vec<TagText>,
    /// Said when the kernel sends one of these.
    #[serde(default)]
    sent: Vec<TagText>,
    /// How long it takes to say it.
    #[serde(default)]
    delay_ms: u32,
    /// The objects that are given.
    #[serde(default)]
    pub(super) data: Written,
    /// What `data` says, in bytes.
    #[serde(skip)]
    pub(super) objects: Objects,
    /// Whether the transaction is to end instead.
    #[serde(default)]
    stop: Option<toml::Spanned<bool>>,
}

impl Exchange {
    /// Makes sure that it says one thing.
    pub(super) fn check(&self, file: &str, text: &str) -> Result<(), Problem> {
        match &self.stop {
            Some(stop) if *stop.get_ref() && !self.data.is_empty() => {
                Err(Problem::at(file, text, stop.span(), "a terminal that says stop gives no data"))
            }
            _ => Ok(()),
        }
    }

    /// What the reader works with.
    pub(super) fn build(&self) -> DataAnswer {
        let tags = |list: &[TagText]| list.iter().map(|TagText(tag)| *tag).collect();
        let mut objects = Writer::new();
        self.objects.iter().for_each(|(tag, value)| objects.object(*tag, value));
        let stop = self.stop.as_ref().is_some_and(|stop| *stop.get_ref());
        DataAnswer {
            needed: tags(&self.needed),
            sent: tags(&self.sent),
            reply: if stop { DataReply::Stop } else { DataReply::Objects(objects.finish()) },
            delay: Micros(u64::from(self.delay_ms) * 1000),
        }
    }
}
