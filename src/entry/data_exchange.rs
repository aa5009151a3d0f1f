//! The terminal's side of data exchange (C-2, the signals DEK, DET and STOP): a table of what it says when.

use crate::{
    kernel::contract::DataRequest,
    time::Micros,
    tlv::{self, Tag},
};

/// What the terminal says to a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataReply {
    /// Data objects, one after the other (DET).
    Objects(Vec<u8>),
    /// The transaction is to end (STOP).
    Stop,
}

/// One thing that the terminal says, once in an activation, when the kernel asks for an object or sends one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataAnswer {
    /// Said when Data Needed has one of these; with both lists empty, whenever the kernel says something.
    pub needed: Vec<Tag>,
    /// Said when Data To Send has one of these.
    pub sent: Vec<Tag>,
    /// What is said.
    pub reply: DataReply,
    /// How long it takes the terminal to say it.
    pub delay: Micros,
}

impl DataAnswer {
    /// Whether it is said to this.
    pub fn fits(&self, request: &DataRequest) -> bool {
        let mut cursor = crate::bytes::Cursor::new(&request.data_needed);
        let mut asked = core::iter::from_fn(|| Tag::read(&mut cursor).ok());
        let mut sent = tlv::objects(&request.data_to_send).map_while(Result::ok);
        self.needed.is_empty() && self.sent.is_empty()
            || asked.any(|tag| self.needed.contains(&tag))
            || sent.any(|object| self.sent.contains(&object.tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_what_is_asked_or_sent() {
        let answer = |needed: &[u32], sent: &[u32]| DataAnswer {
            needed: needed.iter().map(|tag| Tag::new(*tag)).collect(),
            sent: sent.iter().map(|tag| Tag::new(*tag)).collect(),
            reply: DataReply::Stop,
            delay: Micros::ZERO,
        };
        let request = DataRequest {
            data_needed: vec![0x9F, 0x5C, 0xDF, 0x81, 0x10],
            data_to_send: vec![0x9F, 0x5D, 0x00, 0x9F, 0x5E, 0x00],
            wait: None,
        };
        assert!(answer(&[], &[]).fits(&request));
        assert!(answer(&[0xDF8110], &[]).fits(&request));
        assert!(answer(&[0x9F02], &[0x9F5E]).fits(&request));
        assert!(!answer(&[0x9F5D], &[0x9F5C]).fits(&request));
        assert!(!answer(&[0x9F5D], &[]).fits(&DataRequest::default()));
    }
}
