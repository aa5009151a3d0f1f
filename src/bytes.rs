//! A cursor over untrusted bytes that cannot read past their end, and hex text.

use core::fmt;

/// Reads a byte string from front to back. Every read that does not fit gives `None` and moves nothing.
///
/// ```
/// let mut cursor = emvtap::bytes::Cursor::new(&[0x02, 0xAA, 0xBB, 0xCC]);
/// let length = cursor.byte().unwrap();
/// assert_eq!(cursor.take(length.into()), Some(&[0xAA, 0xBB][..]));
/// assert_eq!(cursor.take(2), None);
/// assert_eq!(cursor.rest(), &[0xCC]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first byte of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, position: 0 }
    }

    /// The next byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.position += 1;
        Some(*first)
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        self.position += count;
        Some(head)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        self.position += N;
        Some(*head)
    }

    /// The next byte, without moving.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// What has not been read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// How many bytes have been read.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Whether everything has been read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// The two upper-case hex digits of a byte, in ASCII.
pub(crate) const fn hex_digits(byte: u8) -> [u8; 2] {
    const fn digit(nibble: u8) -> u8 {
        if nibble < 10 { b'0' + nibble } else { b'A' - 10 + nibble }
    }
    [digit(byte >> 4), digit(byte & 0x0F)]
}

/// Shows bytes as upper-case hex without spaces.
///
/// ```
/// assert_eq!(emvtap::bytes::Hex(&[0x9F, 0x38]).to_string(), "9F38");
/// ```
#[derive(Clone, Copy)]
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chunks(32).try_for_each(|bytes| {
            let mut digits = [0; 64];
            for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
                *pair = hex_digits(*byte);
            }
            let digits = digits.get(..2 * bytes.len()).unwrap_or_default();
            f.write_str(core::str::from_utf8(digits).unwrap_or_default())
        })
    }
}

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
