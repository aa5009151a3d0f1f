//! Bytes in, meaning out: what `emvtap decode` says about data objects, lists, commands, responses and whole logs.
//!
//! One tree of [`Entry`]s is built and then written as text or JSON (schema `emvtap.decode/1`).
//!
//! ```
//! use emvtap::report::decode::{Options, Source, decode};
//!
//! let document = decode(Source::Text("82 02 20 00"), &Options::default()).unwrap();
//! assert_eq!(document.entries[0].name, "Application Interchange Profile");
//! assert!(document.entries[0].children.iter().any(|bit| bit.state == Some("set") && bit.text == "DDA supported"));
//! ```

use core::fmt;

use serde::Serialize;

use super::{Mask, reactions};
use crate::{
    apdu::StatusWord,
    bytes::Hex,
    data::{
        Scope, application, codes, decode as values,
        dictionary::{self as tags, row_fitting},
    },
    dump,
    tlv::{self, Budget, Tag},
};

mod command;
mod conversation;
mod detect;
mod entry;
mod json;
mod log;
mod reading;
mod response;
mod session;
mod text;

pub use conversation::Conversation;
pub use entry::{Entry, Kind};
pub use reading::Reading;
pub(super) use session::status_words;
pub use text::Page;

use entry::Lens;
use log::Log;
use reading::{Entries, found};
use session::Session;

/// The name of the schema of the JSON output.
pub const SCHEMA: &str = "emvtap.decode/1";

/// What bytes are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Data objects.
    Tlv,
    /// A data object list.
    Dol,
    /// A command, a response, or both.
    Apdu,
    /// A log of exchanges.
    Log,
    /// The value of one object.
    Tag,
}

/// What is to be decoded.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// Hex or a log.
    Text(&'a str),
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// A command and its response, as hex.
    Pair(&'a [u8], &'a [u8]),
    /// The value of an object.
    Value(Tag, &'a [u8]),
}

/// How it is to be decoded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What the bytes are; `None` to find out.
    pub how: Option<How>,
    /// Whose meaning of tags counts; `None` to take it from the application identifiers in the bytes.
    pub scope: Option<Scope>,
    /// Show account numbers, tracks, names and PIN blocks.
    pub unmasked: bool,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What the bytes were read as.
    #[serde(rename = "as")]
    pub how: How,
    /// Whether sensitive values are masked.
    pub masked: bool,
    /// What there is, in order.
    pub entries: Vec<Entry>,
    /// Whose meaning of tags counted in the end.
    pub kernel: Option<&'static str>,
}

/// Nothing could be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// Where in the text, in bytes from its beginning.
    pub at: usize,
    /// Why.
    pub message: String,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Undecodable {}

impl Undecodable {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Decodes. Unless `options` say what the bytes are, a text that is a log is one; hex is a command if it has a known
/// instruction and fitting lengths, else a response if it ends with 9000 behind data objects, else data objects if it reads as such to the end, else a list if all its tags are known,
/// else a response if it ends with another status word, else data objects as far as they go. Lines of hex that can each be read
/// alone are read alone.
///
/// # Errors
/// Nothing in the input can be decoded, and where that is so.
pub fn decode(source: Source<'_>, options: &Options) -> Result<Document, Undecodable> {
    let mut reading = read(source, options)?;
    let entries = reading.by_ref().collect();
    let (how, masked, kernel) = (reading.how, !options.unmasked, reading.kernel());
    Ok(Document { schema: SCHEMA, how, masked, entries, kernel })
}

/// Decodes like [`decode`], one entry after the other: of a log with thousands of exchanges never more than one is held.
///
/// # Errors
/// As [`decode`].
pub fn read(source: Source<'_>, options: &Options) -> Result<Reading, Undecodable> {
    let mut session = Session::new(options);
    let (how, entries) = match source {
        Source::Text(text) => session.text(text, options.how)?,
        Source::Bytes(bytes) => session.bytes(bytes, options.how).map(found)?,
        Source::Pair(command, response) => {
            session.learn_response(response);
            found((How::Apdu, session.exchange(Some(command), Some(response))))
        }
        Source::Value(tag, value) => found((How::Tag, vec![session.value(tag, value)])),
    };
    Ok(Reading { session, how, masked: !options.unmasked, entries })
}

impl Session {
    fn text(&mut self, text: &str, how: Option<How>) -> Result<(How, Entries), Undecodable> {
        if how.is_none_or(|how| how == How::Log)
            && let Some(log) = dump::parse(text)
        {
            return Ok((How::Log, Entries::Log(Log::new(log, self))));
        }
        if how == Some(How::Log) {
            return Err(Undecodable::new(0, "no line of this is a command or a response"));
        }
        if let Some(entries) = self.assignments(text).filter(|_| how.is_none()) {
            return Ok(found((How::Tag, entries)));
        }
        if let Some(lines) = self.lines(text, how) {
            return Ok(found(lines));
        }
        let bytes = dump::hexadecimal(text).map_err(|error| Undecodable::new(error.at(), error.to_string()))?;
        self.bytes(&bytes, how).map(found).map_err(|why| Undecodable { at: digit_at(text, why.at), ..why })
    }

    /// `9F66=36004000`: a known tag and its value on every line.
    fn assignments(&mut self, text: &str) -> Option<Vec<Entry>> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let objects = lines.map(|line| {
            let (tag, value) = line.split_once('=')?;
            let tag = tag.trim().parse().ok().filter(|tag: &Tag| !tags::rows(*tag).is_empty())?;
            Some((tag, dump::hexadecimal(value).ok()?))
        });
        let objects: Vec<(Tag, Vec<u8>)> = objects.collect::<Option<_>>().filter(|all: &Vec<_>| !all.is_empty())?;
        objects.iter().for_each(|(tag, value)| self.learn_object(*tag, value));
        Some(objects.iter().map(|(tag, value)| self.value(*tag, value)).collect())
    }

    /// Several lines that can each be read alone.
    fn lines(&mut self, text: &str, how: Option<How>) -> Option<(How, Vec<Entry>)> {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let read = |line: &&str| dump::hexadecimal(line).ok().filter(|bytes| detect::is_whole(bytes, how));
        let inputs: Vec<Vec<u8>> =
            lines.iter().map(read).collect::<Option<_>>().filter(|inputs: &Vec<_>| inputs.len() > 1)?;
        inputs.iter().for_each(|bytes| self.learn(bytes));
        let mut found = (How::Tlv, Vec::new());
        for bytes in &inputs {
            let (how, entries) = self.bytes(bytes, how).ok()?;
            found.0 = how;
            found.1.extend(entries);
        }
        Some(found)
    }

    fn bytes(&mut self, bytes: &[u8], how: Option<How>) -> Result<(How, Vec<Entry>), Undecodable> {
        let how = how.unwrap_or_else(|| detect::guess(bytes));
        let entries = match how {
            How::Tlv | How::Tag => self.objects(bytes)?,
            How::Dol => vec![self.list(bytes)?],
            How::Apdu if detect::is_known_command(bytes) || !dump::is_response(bytes) => {
                self.exchange(Some(bytes), None)
            }
            How::Apdu | How::Log => {
                self.learn_response(bytes);
                self.exchange(None, Some(bytes))
            }
        };
        Ok((how, entries))
    }

    /// Data objects.
    fn objects(&mut self, bytes: &[u8]) -> Result<Vec<Entry>, Undecodable> {
        self.learn(bytes);
        self.infer(bytes);
        let tree = values::decode(bytes, self.scope());
        if tree.nodes.is_empty() {
            let message = tree.error.map_or_else(|| "no data object".to_owned(), |error| error.to_string());
            let at = tree.error.map_or(0, |error| error.at);
            return Err(Undecodable::new(2 * at, format!("no data object: {message}")));
        }
        let lens = self.lens();
        let mut entries: Vec<Entry> = tree.nodes.iter().map(|node| lens.object(node)).collect();
        entries.extend(tree.error.map(|error| lens.problem(error, bytes.get(error.at..).unwrap_or_default())));
        Ok(entries)
    }

    /// A data object list without its tag: read like a PDOL.
    fn list(&self, bytes: &[u8]) -> Result<Entry, Undecodable> {
        if let Some(Err(error)) = tlv::dol_entries(bytes).next() {
            return Err(Undecodable::new(2 * error.at, format!("no data object list: {error}")));
        }
        let mut entry = self.lens().object(&values::decode_value(tags::PDOL_9F38, bytes, self.scope()));
        (entry.tag, entry.name) = (None, "Data Object List".to_owned());
        Ok(entry)
    }

    /// The value of one object.
    fn value(&mut self, tag: Tag, value: &[u8]) -> Entry {
        self.learn_object(tag, value);
        if tag.is_constructed() {
            self.infer(value);
        }
        self.lens().object(&values::decode_value(tag, value, self.scope()))
    }
}

/// The place in a text of its hex digit with this number, from 0.
fn digit_at(text: &str, number: usize) -> usize {
    let mut digits = text.char_indices().filter(|(_, c)| c.is_ascii_hexdigit());
    digits.nth(number).map_or(text.len(), |(at, _)| at)
}

/// The name of an object, where there is nothing but its tag.
fn title(tag: Tag, scope: Option<Scope>) -> String {
    match row_fitting(tag, scope, None, None) {
        Some(row) => format!("{tag} {}", row.name),
        None => format!("{tag} (unknown)"),
    }
}

/// The first object with this tag on any level.
fn find(data: &[u8], tag: Tag) -> Option<&[u8]> {
    let mut objects = tlv::walk(data, Budget::default()).map_while(Result::ok);
    objects.find(|(_, object)| object.tag == tag).map(|(_, object)| object.value)
}
