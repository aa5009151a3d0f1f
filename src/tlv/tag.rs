//! Tags of one to four bytes.

use core::{fmt, str::FromStr};

use crate::bytes::Cursor;

/// A tag of one to four bytes, as the number its bytes spell: `Tag::new(0x9F38)`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u32);

impl Tag {
    /// The tag whose bytes, first byte most significant, spell `number`.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The bytes of the tag as a number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// How many bytes the tag has: 1 to 4.
    pub const fn len(self) -> usize {
        match self.0 {
            0..=0xFF => 1,
            0x100..=0xFFFF => 2,
            0x1_0000..=0xFF_FFFF => 3,
            _ => 4,
        }
    }

    /// Always false: a tag has at least one byte.
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Whether the object holds other objects (bit 6 of the first byte).
    pub const fn is_constructed(self) -> bool {
        // Zero bytes in front of the first one: branches would cost more than all else in a walk.
        let first = self.0 >> (24 - (self.0.leading_zeros() & 0x18));
        first & 0x20 != 0
    }

    /// The bytes of the tag, in the last `len()` bytes of the array.
    pub const fn bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// Reads one tag from the cursor, which does not move on failure.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self, TagError> {
        let (tag, length) = Self::read_at(cursor.rest(), 0)?;
        cursor.take(length);
        Ok(tag)
    }

    /// The tag at offset `at` of `bytes`, and the offset behind it.
    #[inline(always)]
    pub(super) fn read_at(bytes: &[u8], at: usize) -> Result<(Self, usize), TagError> {
        let byte = |at: usize| bytes.get(at).copied().map(u32::from).ok_or(TagError::Truncated);
        let (mut number, mut next) = (byte(at)?, at + 1);
        if number & 0x1F == 0x1F {
            loop {
                let last = byte(next)?;
                (number, next) = (number << 8 | last, next + 1);
                if last & 0x80 == 0 {
                    break;
                }
                if number > 0xFF_FFFF {
                    return Err(TagError::TooLong);
                }
            }
        }
        Ok((Self(number), next))
    }
}

/// Why bytes are not a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagError {
    /// The bytes end inside the tag.
    Truncated,
    /// The tag has more than four bytes.
    TooLong,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$X}", self.0, width = 2 * self.len())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads the hex of exactly one well-formed tag.
impl FromStr for Tag {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut buffer = [0; 4];
        let length = text.len() / 2;
        let bytes = buffer.get_mut(..length).ok_or("a tag has one to four bytes")?;
        hex::decode_to_slice(text, bytes).map_err(|_| "a tag is written as 2, 4, 6 or 8 hex digits")?;
        let mut cursor = Cursor::new(bytes);
        let tag = Self::read(&mut cursor).map_err(|_| "these bytes end inside a tag")?;
        if cursor.is_empty() { Ok(tag) } else { Err("these bytes are more than one tag") }
    }
}
