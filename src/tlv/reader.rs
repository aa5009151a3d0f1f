//! Borrowed views of the objects in a byte string.

use core::fmt;

use super::tag::{Tag, TagError};

/// One data object: a view into the bytes it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    /// The tag.
    pub tag: Tag,
    /// The value field.
    pub value: &'a [u8],
    /// Offset of the first tag byte in the bytes that are read.
    pub at: usize,
    /// Offset of the first byte of the value field.
    pub value_at: usize,
}

/// Where and why bytes are not BER-TLV as EMV uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Offset of the object, or part of it, that is wrong.
    pub at: usize,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The bytes end inside a tag.
    TagTruncated,
    /// A tag has more than four bytes.
    TagTooLong,
    /// The bytes end inside a length field.
    LengthTruncated,
    /// `80`: the indefinite form, which EMV does not use.
    LengthIndefinite,
    /// The length field has more than three bytes.
    LengthTooLong,
    /// The value should have `wanted` bytes; `found` are left.
    ValueTruncated {
        /// Bytes that the length field announces.
        wanted: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// Objects are nested deeper than the budget.
    TooDeep,
    /// There are more objects than the budget.
    TooMany,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::TagTruncated => write!(f, "the bytes end inside a tag")?,
            ErrorKind::TagTooLong => write!(f, "a tag has more than four bytes")?,
            ErrorKind::LengthTruncated => write!(f, "the bytes end inside a length field")?,
            ErrorKind::LengthIndefinite => write!(f, "indefinite length")?,
            ErrorKind::LengthTooLong => write!(f, "a length field has more than three bytes")?,
            ErrorKind::ValueTruncated { wanted, found } => {
                write!(f, "the length field says {wanted} bytes, {found} are left")?;
            }
            ErrorKind::TooDeep => write!(f, "objects are nested too deeply")?,
            ErrorKind::TooMany => write!(f, "there are too many objects")?,
        }
        write!(f, " at offset {}", self.at)
    }
}

impl core::error::Error for Error {}

/// The objects of one level, in order. Ends after the first error.
#[derive(Clone, Copy, Debug)]
pub struct Objects<'a> {
    bytes: &'a [u8],
    /// Offset of what has not been read.
    at: usize,
}

/// Iterates over the objects that `bytes` hold on their top level.
#[inline]
pub const fn objects(bytes: &[u8]) -> Objects<'_> {
    Objects { bytes, at: 0 }
}

impl<'a> Iterator for Objects<'a> {
    type Item = Result<Object<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while self.bytes.get(self.at)? == &0 {
            self.at += 1;
        }
        let read = read(self.bytes, self.at);
        match read {
            Ok(object) => self.at = object.value_at + object.value.len(),
            Err(_) => *self = objects(&[]),
        }
        Some(read)
    }
}

/// The object at offset `at` of `bytes`.
#[inline(always)]
fn read(bytes: &[u8], at: usize) -> Result<Object<'_>, Error> {
    let object = || {
        let (tag, length, value_at) = header(bytes, at)?;
        Some(Object { tag, value: bytes.get(value_at..value_at + length)?, at, value_at })
    };
    object().ok_or_else(|| what_is_wrong(bytes, at))
}

/// The tag and the length at offset `at` of `bytes`, and the offset behind them.
// By offsets: with the rest of the bytes as a slice a walk needs a tenth more instructions.
#[inline(always)]
fn header(bytes: &[u8], at: usize) -> Option<(Tag, usize, usize)> {
    let (tag, at) = Tag::read_at(bytes, at).ok()?;
    let byte = |at: usize| bytes.get(at).copied().map(usize::from);
    match byte(at)? {
        length @ 0..=0x7F => Some((tag, length, at + 1)),
        0x81 => Some((tag, byte(at + 1)?, at + 2)),
        0x82 => Some((tag, byte(at + 1)? << 8 | byte(at + 2)?, at + 3)),
        _ => None,
    }
}

/// Why no object begins at offset `at` of `bytes`.
#[cold]
fn what_is_wrong(bytes: &[u8], at: usize) -> Error {
    let (kind, at) = match (Tag::read_at(bytes, at), header(bytes, at)) {
        (Err(TagError::Truncated), _) => (ErrorKind::TagTruncated, at),
        (Err(TagError::TooLong), _) => (ErrorKind::TagTooLong, at),
        (_, Some((_, wanted, value_at))) => {
            (ErrorKind::ValueTruncated { wanted, found: bytes.len() - value_at }, value_at)
        }
        (Ok((_, length_at)), None) => match bytes.get(length_at) {
            Some(0x80) => (ErrorKind::LengthIndefinite, length_at),
            Some(0x83..) => (ErrorKind::LengthTooLong, length_at),
            _ => (ErrorKind::LengthTruncated, length_at),
        },
    };
    Error { kind, at }
}

/// The first object with this tag on the top level of `bytes`; `None` if the bytes are well-formed up to their end without it.
pub fn find(bytes: &[u8], tag: Tag) -> Option<Result<Object<'_>, Error>> {
    objects(bytes).find(|object| !matches!(object, Ok(object) if object.tag != tag))
}

/// How much hostile input may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Levels of nesting, the top level included; at most 16.
    pub depth: usize,
    /// Objects on all levels together.
    pub objects: usize,
}

impl Default for Budget {
    /// Eight levels (EMV's deepest template has five) and 1,024 objects (a short APDU cannot hold more than 128).
    fn default() -> Self {
        Self { depth: 8, objects: 1024 }
    }
}

/// The most levels that any budget gives.
const DEPTH_MAX: usize = 16;

/// All objects of all levels, parents before children.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    bytes: &'a [u8],
    /// The bytes up to the end of the innermost level.
    inner: &'a [u8],
    /// Offset of what has not been read.
    at: usize,
    /// Where the levels around it end.
    ends: [usize; DEPTH_MAX],
    level: usize,
    budget: Budget,
}

/// Walks `bytes` depth first, into the value of every constructed object. Yields each object with its level, from 0.
/// Ends after the first error.
#[inline]
pub const fn walk(bytes: &[u8], budget: Budget) -> Walk<'_> {
    Walk { bytes, inner: bytes, at: 0, ends: [0; DEPTH_MAX], level: 0, budget }
}

impl<'a> Walk<'a> {
    /// Does not go into `object`, which came last. Without effect if it is primitive or empty.
    pub fn skip_inside(&mut self, object: &Object<'_>) {
        self.at = object.value_at + object.value.len();
    }

    /// Reads the object at offset `at`, whose first byte is `first`, and makes what is inside it come next if there is anything.
    #[inline(always)]
    fn step(&mut self, at: usize, first: u8) -> Result<(usize, Object<'a>), Error> {
        let level = self.level;
        let object = read(self.inner, at)?;
        let end = object.value_at + object.value.len();
        self.budget.objects = self.budget.objects.checked_sub(1).ok_or(Error { kind: ErrorKind::TooMany, at })?;
        // The byte is at hand; to find it in the tag again would cost a third of the walk.
        if first & 0x20 == 0 || object.value.is_empty() {
            self.at = end;
        } else {
            let around = self.ends.get_mut(level).filter(|_| level + 1 < self.budget.depth);
            *around.ok_or(Error { kind: ErrorKind::TooDeep, at })? = self.inner.len();
            (self.inner, self.at, self.level) = (self.inner.get(..end).unwrap_or_default(), object.value_at, level + 1);
        }
        Ok((level, object))
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Result<(usize, Object<'a>), Error>;

    // A call for every object, with the result through memory, costs as much as reading it.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let mut at = self.at;
        let first = loop {
            match self.inner.get(at) {
                Some(0) => at += 1,
                Some(first) => break *first,
                None => {
                    self.level = self.level.checked_sub(1)?;
                    self.inner = self.bytes.get(..*self.ends.get(self.level)?)?;
                }
            }
        };
        let read = self.step(at, first);
        if read.is_err() {
            (self.inner, self.at, self.level) = (&[], 0, 0);
        }
        Some(read)
    }
}
