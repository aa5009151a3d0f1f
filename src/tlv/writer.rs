//! Writing objects; lengths are closed by the writer and always minimal.

use super::tag::Tag;

/// Builds nested objects in a byte vector.
///
/// ```
/// use emvtap::tlv::{Tag, Writer};
///
/// let mut out = Writer::new();
/// out.nest(Tag::new(0x70), |record| record.object(Tag::new(0x5F34), &[1]));
/// assert_eq!(out.finish(), [0x70, 0x04, 0x5F, 0x34, 0x01, 0x01]);
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer with room for what fits into a response.
    pub fn new() -> Self {
        Self { bytes: Vec::with_capacity(RESPONSE) }
    }

    /// Appends one object.
    pub fn object(&mut self, tag: Tag, value: &[u8]) {
        write_object(&mut self.bytes, tag, value);
    }

    /// Appends bytes that already are objects, or filler.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends an object whose value is what `fill` writes.
    pub fn nest(&mut self, tag: Tag, fill: impl FnOnce(&mut Self)) {
        push_tag(&mut self.bytes, tag);
        let start = self.bytes.len();
        fill(self);
        let room = LENGTH_MAX.min(self.bytes.len() - start);
        self.bytes.truncate(start + room);
        let used = push_length(&mut self.bytes, room);
        if let Some(behind_tag) = self.bytes.get_mut(start..) {
            behind_tag.rotate_right(used);
        }
    }

    /// What has been written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// The data of a short response.
const RESPONSE: usize = 256;

/// The longest value that a length field of three bytes announces.
const LENGTH_MAX: usize = 0xFFFF;

/// Appends one object to `out`: tag, minimal length, value. A value beyond 65,535 bytes does not fit EMV's length field and
/// is cut there.
pub fn write_object(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    let value = value.get(..LENGTH_MAX).unwrap_or(value);
    push_tag(out, tag);
    push_length(out, value.len());
    out.extend_from_slice(value);
}

fn push_tag(out: &mut Vec<u8>, tag: Tag) {
    let bytes = tag.bytes();
    out.extend_from_slice(bytes.get(bytes.len() - tag.len()..).unwrap_or_default());
}

/// Appends the shortest length field. Gives how many bytes it takes.
fn push_length(out: &mut Vec<u8>, length: usize) -> usize {
    let field: &[u8] = match u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes() {
        [0, short @ 0..=0x7F] => &[short],
        [0, long] => &[0x81, long],
        [high, low] => &[0x82, high, low],
    };
    out.extend_from_slice(field);
    field.len()
}
