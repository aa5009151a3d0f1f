//! Data exchange: what the kernel asks of the terminal and tells it (C-2, signals DEK and DET).

use super::{Tap, database, dictionary, options::Edition};
use crate::{
    bytes::Cursor,
    data::{
        Source,
        dictionary::{
            self as d, DATA_NEEDED_DF8106, DATA_TO_SEND_FF8104, TAGS_TO_READ_DF8112, TAGS_TO_WRITE_AFTER_GEN_AC_FF8103,
            TAGS_TO_WRITE_BEFORE_GEN_AC_FF8102,
        },
    },
    kernel::contract::{Cx, DataRequest},
    tlv::{self, Tag, write_object},
};

/// Objects that GET DATA fetches: balance and data envelopes.
const BY_GET_DATA: [Tag; 11] = [
    d::OFFLINE_ACCUMULATOR_BALANCE_9F50,
    d::PROTECTED_DATA_ENVELOPE_1_9F70,
    d::PROTECTED_DATA_ENVELOPE_2_9F71,
    d::PROTECTED_DATA_ENVELOPE_3_9F72,
    d::PROTECTED_DATA_ENVELOPE_4_9F73,
    d::PROTECTED_DATA_ENVELOPE_5_9F74,
    d::UNPROTECTED_DATA_ENVELOPE_1_9F75,
    d::UNPROTECTED_DATA_ENVELOPE_2_9F76,
    d::UNPROTECTED_DATA_ENVELOPE_3_9F77,
    d::UNPROTECTED_DATA_ENVELOPE_4_9F78,
    d::UNPROTECTED_DATA_ENVELOPE_5_9F79,
];

/// The lists that the dialogue works through.
#[derive(Debug, Default)]
pub struct Dialogue {
    /// Data Needed.
    pub needed: Vec<Tag>,
    /// Data To Send, as objects one after the other.
    pub to_send: Vec<u8>,
    /// Tags To Read Yet.
    pub to_read: Vec<Tag>,
    /// Tags To Write Yet Before Gen AC.
    pub write_before: Vec<(Tag, Vec<u8>)>,
    /// Tags To Write Yet After Gen AC.
    pub write_after: Vec<(Tag, Vec<u8>)>,
    /// What is to be told to the terminal before the next command.
    outbox: Option<DataRequest>,
}

impl Dialogue {
    /// Asks for an object, once.
    pub fn need(&mut self, tag: Tag) {
        if !self.needed.contains(&tag) {
            self.needed.push(tag);
        }
    }

    /// Adds an object to what is sent; an empty one if it is absent.
    pub fn send(&mut self, tag: Tag, cx: &Cx<'_>) {
        write_object(&mut self.to_send, tag, cx.store.get(tag).unwrap_or_default());
    }

    /// The next object that has to be fetched with GET DATA; it is then no longer one to read.
    pub fn next_get_data(&mut self, edition: Edition) -> Option<Tag> {
        let served = |tag: &Tag| {
            let balance = *tag == d::OFFLINE_ACCUMULATOR_BALANCE_9F50 && edition >= Edition::V2_11;
            BY_GET_DATA.contains(tag) && !balance
        };
        let at = self.to_read.iter().position(served)?;
        Some(self.to_read.remove(at))
    }

    /// Moves what is wanted and there into what is sent.
    pub fn move_available(&mut self, cx: &Cx<'_>) {
        let wanted = core::mem::take(&mut self.to_read);
        for tag in wanted {
            if cx.store.is_present(tag) {
                self.send(tag, cx);
            } else {
                self.to_read.push(tag);
            }
        }
    }

    /// Moves everything that is wanted into what is sent, empty if it is not there; unknown objects are dropped.
    pub fn flush(&mut self, cx: &Cx<'_>) {
        for tag in core::mem::take(&mut self.to_read) {
            if cx.store.get(tag).is_some() || dictionary::is_known(tag) {
                self.send(tag, cx);
            }
        }
    }

    /// Whether there is something to tell: objects are needed, or everything that was wanted is there.
    pub fn has_news(&self) -> bool {
        !self.needed.is_empty() || self.has_all()
    }

    /// Whether something was wanted, and all of it is there.
    pub fn has_all(&self) -> bool {
        !self.to_send.is_empty() && self.to_read.is_empty()
    }

    /// Tells the terminal both lists, and empties them (DEK). Without the implementation option nothing is told.
    pub fn tell(&mut self, is_implemented: bool, cx: &mut Cx<'_>) {
        let needed = core::mem::take(&mut self.needed);
        let data_to_send = core::mem::take(&mut self.to_send);
        if !is_implemented {
            return;
        }
        let mut data_needed = Vec::new();
        needed.iter().for_each(|tag| data_needed.extend_from_slice(tag_bytes(*tag).as_slice()));
        cx.set(DATA_NEEDED_DF8106, &data_needed, Source::Kernel);
        cx.set(DATA_TO_SEND_FF8104, &data_to_send, Source::Kernel);
        self.outbox = Some(DataRequest { data_needed, data_to_send, wait: None });
    }

    /// What is to be told.
    pub fn take_outbox(&mut self) -> Option<DataRequest> {
        self.outbox.take()
    }
}

fn tag_bytes(tag: Tag) -> Vec<u8> {
    tag.bytes().into_iter().skip(4 - tag.len()).collect()
}

/// The tags of a list, up to the first bytes that are none.
pub fn tags(list: &[u8]) -> Vec<Tag> {
    let mut cursor = Cursor::new(list);
    core::iter::from_fn(|| if cursor.is_empty() { None } else { Tag::read(&mut cursor).ok() }).collect()
}

/// The objects of a list, up to the first bytes that are none.
pub fn objects(list: &[u8]) -> impl Iterator<Item = (Tag, Vec<u8>)> {
    tlv::objects(list).map_while(Result::ok).map(|object| (object.tag, object.value.to_vec()))
}

/// Takes what the terminal says (DET): what is known and its to give.
pub fn update(data: &[u8], tap: &mut Tap, cx: &mut Cx<'_>) {
    for object in tlv::objects(data).map_while(Result::ok) {
        let (tag, value) = (object.tag, object.value);
        if !dictionary::is_from_terminal(tag) || !(value.is_empty() || dictionary::allows(tag, value.len())) {
            continue;
        }
        match tag {
            TAGS_TO_READ_DF8112 => tap.dialogue.to_read.extend(tags(value)),
            TAGS_TO_WRITE_BEFORE_GEN_AC_FF8102 => tap.dialogue.write_before.extend(objects(value)),
            TAGS_TO_WRITE_AFTER_GEN_AC_FF8103 => tap.dialogue.write_after.extend(objects(value)),
            _ => {}
        }
        cx.set(tag, value, Source::Terminal);
    }
}

/// Adds the objects that a list names and that are there without a value to Data Needed; whether there are any.
pub fn need_empty(dol: &[u8], tap: &mut Tap, cx: &Cx<'_>) -> bool {
    let mut missing = false;
    for entry in tlv::dol_entries(dol).map_while(Result::ok) {
        if database::is_empty(entry.tag, cx) {
            tap.dialogue.need(entry.tag);
            missing = true;
        }
    }
    missing
}
