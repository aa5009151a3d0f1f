//! Exchanges decoded one by one, each in the light of those before it.

use super::{Document, How, Options, SCHEMA, Scope, Session};
use crate::tlv::Tag;

/// A terminal and a card, as far as they have spoken.
pub struct Conversation {
    session: Session,
    unmasked: bool,
}

impl Conversation {
    /// Nothing has been said. `masked_before`: the bytes may be masked, and must not be called wrong for it.
    pub fn new(options: &Options, masked_before: bool) -> Self {
        let mut session = Session::new(options);
        session.masked_before = masked_before;
        Self { session, unmasked: options.unmasked }
    }

    /// Remembers what is sensitive in a response that may come later.
    pub fn learn(&mut self, response: &[u8]) {
        self.session.learn_response(response);
    }

    /// A command with its response, as far as there is one.
    pub fn exchange(&mut self, command: &[u8], response: Option<&[u8]>) -> Document {
        let entries = self.session.exchange(Some(command), response);
        self.document(How::Apdu, entries)
    }

    /// The value of an object that somebody else has.
    pub fn object(&mut self, tag: Tag, value: &[u8]) -> Document {
        let entries = vec![self.session.value(tag, value)];
        self.document(How::Tag, entries)
    }

    fn document(&self, how: How, entries: Vec<super::Entry>) -> Document {
        let kernel = self.session.scope().map(Scope::name);
        Document { schema: SCHEMA, how, kernel, masked: !self.unmasked, entries }
    }
}
