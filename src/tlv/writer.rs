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
    /// An empty writer.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
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
        let (field, used) = length_field(room);
        self.bytes.splice(start..start, field.into_iter().take(used));
    }

    /// What has been written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// The longest value that a length field of three bytes announces.
const LENGTH_MAX: usize = 0xFFFF;

/// Appends one object to `out`: tag, minimal length, value. A value beyond 65,535 bytes does not fit EMV's length field and
/// is cut there.
pub fn write_object(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    let value = value.get(..LENGTH_MAX).unwrap_or(value);
    push_tag(out, tag);
    let (field, used) = length_field(value.len());
    out.extend(field.into_iter().take(used));
    out.extend_from_slice(value);
}

fn push_tag(out: &mut Vec<u8>, tag: Tag) {
    let bytes = tag.bytes();
    out.extend_from_slice(bytes.get(bytes.len() - tag.len()..).unwrap_or_default());
}

/// The shortest length field, and how many bytes of the array it takes.
fn length_field(length: usize) -> ([u8; 3], usize) {
    match u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes() {
        [0, short @ 0..=0x7F] => ([short, 0, 0], 1),
        [0, long] => ([0x81, long, 0], 2),
        [high, low] => ([0x82, high, low], 3),
    }
}
