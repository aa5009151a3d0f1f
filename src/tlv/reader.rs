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
    /// What has not been read.
    rest: &'a [u8],
    /// Offset of the end of `rest`, which is what offsets are counted back from.
    end: usize,
}

/// Iterates over the objects that `bytes` hold on their top level.
#[inline]
pub const fn objects(bytes: &[u8]) -> Objects<'_> {
    Objects { rest: bytes, end: bytes.len() }
}

impl<'a> Objects<'a> {
    #[inline]
    fn offset(&self, rest: &[u8]) -> usize {
        self.end - rest.len()
    }

    /// Reads the object that `rest` begins with.
    #[inline]
    fn read(&mut self) -> Result<Object<'a>, Error> {
        let at = self.offset(self.rest);
        let (tag, rest) = Tag::split(self.rest).map_err(|error| tag_error(error, at))?;
        let (length, rest) = match rest.split_first() {
            Some((short @ 0..=0x7F, rest)) => (usize::from(*short), rest),
            _ => long_length(rest).map_err(|kind| Error { kind, at: self.offset(rest) })?,
        };
        let value_at = self.offset(rest);
        let Some((value, after)) = rest.split_at_checked(length) else {
            return Err(Error { kind: ErrorKind::ValueTruncated { wanted: length, found: rest.len() }, at: value_at });
        };
        self.rest = after;
        Ok(Object { tag, value, at, value_at })
    }
}

#[cold]
fn tag_error(error: TagError, at: usize) -> Error {
    let kind = match error {
        TagError::Truncated => ErrorKind::TagTruncated,
        TagError::TooLong => ErrorKind::TagTooLong,
    };
    Error { kind, at }
}

/// A length field that is not one byte from 0 to 127.
fn long_length(field: &[u8]) -> Result<(usize, &[u8]), ErrorKind> {
    match field {
        [0x80, ..] => Err(ErrorKind::LengthIndefinite),
        [0x81, length, rest @ ..] => Ok((usize::from(*length), rest)),
        [0x82, high, low, rest @ ..] => Ok((usize::from(u16::from_be_bytes([*high, *low])), rest)),
        [0x83..=0xFF, ..] => Err(ErrorKind::LengthTooLong),
        _ => Err(ErrorKind::LengthTruncated),
    }
}

impl<'a> Iterator for Objects<'a> {
    type Item = Result<Object<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while let [0, rest @ ..] = self.rest {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return None;
        }
        let object = self.read();
        if object.is_err() {
            *self = objects(&[]);
        }
        Some(object)
    }
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
    /// The innermost level.
    inner: Objects<'a>,
    /// Where the levels around it end.
    ends: [usize; DEPTH_MAX],
    level: usize,
    /// Whether the object that came last is constructed and its inside comes next.
    entered: bool,
    budget: Budget,
}

/// Walks `bytes` depth first, into the value of every constructed object. Yields each object with its level, from 0.
/// Ends after the first error.
#[inline]
pub const fn walk(bytes: &[u8], budget: Budget) -> Walk<'_> {
    Walk { bytes, inner: objects(bytes), ends: [0; DEPTH_MAX], level: 0, entered: false, budget }
}

impl<'a> Walk<'a> {
    /// Does not go into the object that came last. Without effect if that is primitive or empty.
    pub fn skip_inside(&mut self) {
        if self.entered {
            self.inner.rest = &[];
        }
    }

    /// Goes on behind the object whose inside has been read. `None` on the top level.
    #[inline]
    fn leave(&mut self) -> Option<()> {
        self.level = self.level.checked_sub(1)?;
        let end = *self.ends.get(self.level)?;
        self.inner = Objects { rest: self.bytes.get(self.inner.end..end)?, end };
        Some(())
    }

    /// Makes what is inside the object come next.
    #[inline]
    fn enter(&mut self, object: &Object<'a>) -> Result<(), Error> {
        match self.ends.get_mut(self.level).filter(|_| self.level + 1 < self.budget.depth) {
            Some(end) => *end = self.inner.end,
            None => return Err(Error { kind: ErrorKind::TooDeep, at: object.at }),
        }
        self.level += 1;
        self.inner = Objects { rest: object.value, end: object.value_at + object.value.len() };
        Ok(())
    }

    #[inline]
    fn count(&mut self, object: &Object<'a>) -> Result<(), Error> {
        let too_many = Error { kind: ErrorKind::TooMany, at: object.at };
        self.budget.objects = self.budget.objects.checked_sub(1).ok_or(too_many)?;
        Ok(())
    }

    #[inline]
    fn step(&mut self, object: Object<'a>) -> Result<(usize, Object<'a>), Error> {
        let level = self.level;
        self.count(&object)?;
        self.entered = object.tag.is_constructed() && !object.value.is_empty();
        if self.entered {
            self.enter(&object)?;
        }
        Ok((level, object))
    }

    #[cold]
    fn stop(&mut self) {
        *self = walk(&[], self.budget);
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Result<(usize, Object<'a>), Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let read = loop {
            match self.inner.next() {
                Some(read) => break read,
                None => self.leave()?,
            }
        };
        let result = read.and_then(|object| self.step(object));
        if result.is_err() {
            self.stop();
        }
        Some(result)
    }
}
