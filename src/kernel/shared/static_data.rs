//! Static data to be authenticated (Book 2, 5.1.1; Book 3, 10.3).

use super::oda::OdaFailure;
use crate::data::{
    Store,
    dictionary::{AIP_82, SDA_TAG_LIST_9F4A},
};

/// Room for the static data of every card there is; more is taken, but costs an allocation.
const CAPACITY: usize = 2048;

/// Whether the records were fit to be authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Records {
    Usable,
    Spoiled,
}

/// The bytes that the AFL marks for authentication, in the order they were read. Keeps its memory from tap to tap.
#[derive(Clone, Debug)]
pub struct StaticData {
    bytes: Vec<u8>,
    records: Records,
}

impl Default for StaticData {
    fn default() -> Self {
        Self { bytes: Vec::with_capacity(CAPACITY), records: Records::Usable }
    }
}

impl StaticData {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.records = Records::Usable;
    }

    /// Adds what a record contributes.
    pub fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// How many bytes there are.
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A record that must be authenticated cannot be.
    pub fn spoil(&mut self) {
        self.records = Records::Spoiled;
    }

    /// What is authenticated: the records, with the AIP at their end if the SDA Tag List (9F4A) asks for it, which may ask for
    /// nothing else.
    ///
    /// # Errors
    /// [`OdaFailure::Record`], [`OdaFailure::SdaTagList`].
    pub fn complete(&self, store: &Store) -> Result<Vec<u8>, OdaFailure> {
        if self.records == Records::Spoiled {
            return Err(OdaFailure::Record);
        }
        let aip = match store.get(SDA_TAG_LIST_9F4A) {
            None => &[],
            Some([0x82]) => store.get(AIP_82).unwrap_or_default(),
            Some(_) => return Err(OdaFailure::SdaTagList),
        };
        Ok([&self.bytes, aip].concat())
    }
}
