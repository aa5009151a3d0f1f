//! Integrated data storage: a slot of an operator's data that a transaction reads and writes.
//!
//! How a card makes its summaries is its own business: a kernel only compares them. Here a summary is the beginning of a hash
//! over operator and content, so it changes exactly when they do.

use sha1::{Digest, Sha1};

use super::Values;
use crate::{
    card::profile::{Application, Storage, Summary},
    data::dictionary::{
        APPLICATION_CAPABILITIES_INFORMATION_9F5D, DS_ODS_CARD_9F54, DS_ODS_TERM_DF63, DS_REQUESTED_OPERATOR_ID_9F5C,
        DS_SLOT_AVAILABILITY_9F5F, DS_SLOT_MANAGEMENT_CONTROL_9F6F, DS_SUMMARY_1_9F7D, DS_UNPREDICTABLE_NUMBER_9F7F,
    },
    tlv::Tag,
};

/// Slot availability: a permanent and a volatile slot can be had (C-2, annex A).
const AVAILABLE: u8 = 0xC0;
/// Slot management control: a permanent slot.
const PERMANENT: u8 = 0x80;
/// The longest data of an operator.
const CONTENT_MAX: usize = 160;

/// The slot.
#[derive(Clone)]
pub(super) struct Slot {
    operator: Vec<u8>,
    content: Vec<u8>,
    is_writable: bool,
    summary_length: usize,
    /// How often it has been written, if that is part of the summary.
    writes: Option<u32>,
    /// Who has asked for it in this transaction.
    asked: Option<[u8; 8]>,
}

impl Slot {
    pub fn new(application: &Application, storage: &Storage) -> Self {
        let capabilities = application.data.get(&APPLICATION_CAPABILITIES_INFORMATION_9F5D);
        let version = capabilities.and_then(|value| value.first()).map_or(0, |first| first & 0x0F);
        Self {
            operator: storage.operator.clone(),
            content: storage.content.clone(),
            is_writable: storage.writable,
            summary_length: if version == 2 { 16 } else { 8 },
            writes: (storage.summary == Summary::Writes).then_some(0),
            asked: None,
        }
    }

    /// What the answer to GET PROCESSING OPTIONS tells an operator: its data, or that there is room; nothing if nobody asked.
    pub fn open(&mut self, told: &Values, unpredictable_number: [u8; 4]) -> Vec<(Tag, Vec<u8>)> {
        self.asked = told.array(DS_REQUESTED_OPERATOR_ID_9F5C).filter(|operator| *operator != [0; 8]);
        let Some(asked) = self.asked else { return Vec::new() };
        let mut objects = vec![
            (DS_SUMMARY_1_9F7D, self.summary()),
            (DS_UNPREDICTABLE_NUMBER_9F7F, unpredictable_number.to_vec()),
            (DS_SLOT_AVAILABILITY_9F5F, vec![AVAILABLE]),
            (DS_SLOT_MANAGEMENT_CONTROL_9F6F, vec![PERMANENT]),
        ];
        if self.operator == asked {
            objects.push((DS_ODS_CARD_9F54, self.content.clone()));
        }
        objects
    }

    /// The longest objects that [`Self::open`] may give, for a check of lengths.
    pub fn longest(&self) -> Vec<(Tag, Vec<u8>)> {
        vec![
            (DS_SUMMARY_1_9F7D, self.summary()),
            (DS_UNPREDICTABLE_NUMBER_9F7F, vec![0; 4]),
            (DS_SLOT_AVAILABILITY_9F5F, vec![0]),
            (DS_SLOT_MANAGEMENT_CONTROL_9F6F, vec![0]),
            (DS_ODS_CARD_9F54, vec![0; CONTENT_MAX]),
        ]
    }

    /// What the signature says: the summary before, and after a write that was asked for the one after. Nothing if nobody has
    /// asked for the slot.
    pub fn sign(&mut self, written: Option<&Values>) -> Vec<u8> {
        let Some(asked) = self.asked else { return Vec::new() };
        let mut summaries = self.summary();
        if let Some(written) = written {
            if let (true, Some(content)) = (self.is_writable, written.get(DS_ODS_TERM_DF63)) {
                self.operator = asked.to_vec();
                self.content = content.to_vec();
                self.writes = self.writes.map(|writes| writes.saturating_add(1));
            }
            summaries.extend(self.summary());
        }
        summaries
    }

    fn summary(&self) -> Vec<u8> {
        let hash = Sha1::new().chain_update(&self.operator).chain_update(&self.content);
        let hash =
            self.writes.into_iter().fold(hash, |hash, writes| hash.chain_update(writes.to_be_bytes())).finalize();
        hash.iter().copied().take(self.summary_length).collect()
    }
}
