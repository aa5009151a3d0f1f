//! Data object lists: tag and length pairs without values (EMV Book 3, 5.4).

use nom::{IResult, Parser, combinator::map};

use super::{
    reader::{Error, ErrorKind},
    tag::{Tag, TagError},
};

/// One entry: the object that is wanted and in how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DolEntry {
    /// The wanted object.
    pub tag: Tag,
    /// How many bytes it must have; 0 to 255.
    pub length: u8,
}

/// The entries of a list, in order. Ends after the first error.
#[derive(Clone, Debug)]
pub struct DolEntries<'a> {
    rest: &'a [u8],
    length: usize,
}

/// Iterates over the entries of a data object list. Lengths have one byte.
pub const fn dol_entries(dol: &[u8]) -> DolEntries<'_> {
    DolEntries { rest: dol, length: dol.len() }
}

impl Iterator for DolEntries<'_> {
    type Item = Result<DolEntry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let fault = match entry(self.rest) {
            Ok((rest, entry)) => {
                self.rest = rest;
                return Some(Ok(entry));
            }
            Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => fault,
            // Complete parsers never ask for more.
            Err(nom::Err::Incomplete(_)) => Fault { kind: ErrorKind::TagTruncated, at: self.rest },
        };
        self.rest = &[];
        Some(Err(Error { kind: fault.kind, at: self.length - fault.at.len() }))
    }
}

/// What is wrong, and the bytes from there on.
struct Fault<'a> {
    kind: ErrorKind,
    at: &'a [u8],
}

impl<'a> nom::error::ParseError<&'a [u8]> for Fault<'a> {
    fn from_error_kind(at: &'a [u8], _: nom::error::ErrorKind) -> Self {
        Self { kind: ErrorKind::LengthTruncated, at }
    }

    fn append(_: &'a [u8], _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

fn entry(bytes: &[u8]) -> IResult<&[u8], DolEntry, Fault<'_>> {
    map((tag, nom::number::complete::u8), |(tag, length)| DolEntry { tag, length }).parse(bytes)
}

fn tag(bytes: &[u8]) -> IResult<&[u8], Tag, Fault<'_>> {
    let read = Tag::read_at(bytes, 0).map(|(tag, behind)| (bytes.get(behind..).unwrap_or_default(), tag));
    read.map_err(|error| {
        let kind = match error {
            TagError::Truncated => ErrorKind::TagTruncated,
            TagError::TooLong => ErrorKind::TagTooLong,
        };
        nom::Err::Error(Fault { kind, at: bytes })
    })
}
