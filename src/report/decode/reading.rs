//! What is decoded one entry after the other.

use std::vec;

use super::{Entry, How, Scope, log::Log, session::Session};

/// What is being decoded: an iterator over what there is, in order.
pub struct Reading {
    pub(super) session: Session,
    pub(super) how: How,
    pub(super) masked: bool,
    pub(super) entries: Entries,
}

/// What there is still to come.
pub(super) enum Entries {
    /// All found.
    Found(vec::IntoIter<Entry>),
    /// A log that is told as it is read.
    Log(Log),
}

/// Entries that are all there.
pub(super) fn found((how, entries): (How, Vec<Entry>)) -> (How, Entries) {
    (how, Entries::Found(entries.into_iter()))
}

impl Iterator for Reading {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        match &mut self.entries {
            Entries::Found(entries) => entries.next(),
            Entries::Log(log) => log.next(&mut self.session),
        }
    }
}

impl Reading {
    /// What the bytes are read as.
    pub const fn how(&self) -> How {
        self.how
    }

    /// Whose meaning of tags counts now; behind the last entry that of the whole.
    pub fn kernel(&self) -> Option<&'static str> {
        self.session.scope().map(Scope::name)
    }
}
