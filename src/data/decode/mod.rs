//! Bytes into an annotated tree: what every object is, where it stands, what it says, and what is wrong with it.
//!
//! ```
//! use emvtap::data::{Scope, decode::{Masking, decode}};
//!
//! let tree = decode(&[0x77, 0x0A, 0x82, 0x02, 0x20, 0x00, 0x5A, 0x04, 0x12, 0x34, 0x56, 0x78], Some(Scope::K3));
//! let text = tree.display(Masking::Sensitive).to_string();
//! assert_eq!(text, "\
//! 77 Response Message Template Format 2
//!   82 Application Interchange Profile 2000
//!      byte 1 bit 6  DDA supported
//!   5A Application PAN ********
//! ");
//! ```

use core::fmt;

use super::{
    bits::{self, Meaning},
    dictionary::{self, Row},
    scope::Scope,
};
use crate::bytes::Cursor;
use crate::tlv::{self, Budget, DolEntry, ErrorKind, Object, Tag};

mod detail;
mod display;
mod text;
mod words;

pub use detail::{Detail, Place, State, table_details};
pub use display::Masking;
pub use text::value_text;

/// What some bytes hold.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The objects of the top level.
    pub nodes: Vec<Node>,
    /// Why reading ended on the top level, if not at the end.
    pub error: Option<tlv::Error>,
}

/// One object.
#[derive(Clone, Debug)]
pub struct Node {
    /// The tag.
    pub tag: Tag,
    /// Offset of the tag in the bytes that were decoded.
    pub at: usize,
    /// Offset of the value.
    pub value_at: usize,
    /// What the tag means here; `None` if nobody knows.
    pub row: Option<&'static Row>,
    /// The value, for a constructed object all that is in it.
    pub value: Vec<u8>,
    /// The objects inside a constructed one.
    pub children: Vec<Node>,
    /// What is wrong with the object itself or with the end of what is in it.
    pub faults: Vec<Fault>,
    scope: Option<Scope>,
}

/// What is wrong with an object that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What is inside is no BER-TLV from some offset on.
    Inside(tlv::Error),
    /// The template should be longer: the bytes end before it does.
    Cut(tlv::Error),
    /// The value does not have a length that the books allow.
    Length {
        /// The allowed lengths, in words.
        wanted: String,
        /// The bytes found.
        found: usize,
    },
    /// The value is not written in the object's format; says what is wrong.
    Format(String),
    /// The value is a data object list that is malformed.
    List(tlv::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside(error) | Self::Cut(error) => fmt::Display::fmt(error, f),
            Self::Length { wanted, found } => write!(f, "{wanted} wanted, {found} found"),
            Self::Format(message) => f.write_str(message),
            Self::List(error) => write!(f, "malformed data object list: {error}"),
        }
    }
}

/// A template that should be longer than what is left, as an object with what there is; `end` is where the object before it
/// ends.
fn cut_short(bytes: &[u8], end: usize, error: tlv::Error) -> Option<Object<'_>> {
    let ErrorKind::ValueTruncated { .. } = error.kind else { return None };
    let value = bytes.get(error.at..).filter(|value| !value.is_empty())?;
    let rest = bytes.get(end..error.at)?;
    let at = end + rest.iter().take_while(|byte| **byte == 0).count();
    let tag = Tag::read(&mut Cursor::new(bytes.get(at..)?)).ok().filter(|tag| tag.is_constructed())?;
    Some(Object { tag, value, at, value_at: error.at })
}

/// Decodes BER-TLV as a scope reads it. Never fails: what cannot be read becomes an error in the tree, and reading goes on
/// behind the object that it stands in.
pub fn decode(bytes: &[u8], scope: Option<Scope>) -> Tree {
    let mut reader = Reader { scope, budget: Budget::default() };
    let (nodes, error) = reader.level(bytes, 0, None, 1);
    Tree { nodes, error }
}

/// Decodes the value of one object whose tag is known from elsewhere.
pub fn decode_value(tag: Tag, value: &[u8], scope: Option<Scope>) -> Node {
    let object = Object { tag, value, at: 0, value_at: 0 };
    Reader { scope, budget: Budget::default() }.node(&object, 0, None, 1)
}

/// Whether an entry asks for something that the dictionary has.
fn is_known(entry: Result<DolEntry, tlv::Error>) -> bool {
    entry.is_ok_and(|entry| !dictionary::rows(entry.tag).is_empty())
}

struct Reader {
    scope: Option<Scope>,
    budget: Budget,
}

impl Reader {
    /// The objects of one level, whose first byte has the offset `base`, and why they end early.
    fn level(
        &mut self,
        bytes: &[u8],
        base: usize,
        template: Option<Tag>,
        depth: usize,
    ) -> (Vec<Node>, Option<tlv::Error>) {
        let (mut nodes, mut end) = (Vec::new(), 0);
        for object in tlv::objects(bytes) {
            let object = match object {
                Ok(object) => object,
                Err(error) => {
                    let shifted = tlv::Error { at: base + error.at, ..error };
                    let Some(object) = cut_short(bytes, end, error) else { return (nodes, Some(shifted)) };
                    let mut node = self.node(&object, base, template, depth);
                    node.faults.insert(0, Fault::Cut(shifted));
                    nodes.push(node);
                    return (nodes, None);
                }
            };
            end = object.value_at + object.value.len();
            let Some(left) = self.budget.objects.checked_sub(1) else {
                return (nodes, Some(tlv::Error { kind: ErrorKind::TooMany, at: base + object.at }));
            };
            self.budget.objects = left;
            nodes.push(self.node(&object, base, template, depth));
        }
        (nodes, None)
    }

    /// What an object is. Where nobody says whose meaning counts, a list has to be one.
    fn row(&self, object: &Object<'_>, template: Option<Tag>) -> Option<&'static Row> {
        let length = Some(object.value.len());
        // What a Visa card keeps for itself is in its answers too.
        let of_card = || match self.scope {
            Some(Scope::K3) => dictionary::row_fitting(object.tag, Some(Scope::VisaCard), template, length),
            _ => None,
        };
        let row = dictionary::row_fitting(object.tag, self.scope, template, length).or_else(of_card)?;
        if self.scope.is_some() || !text::is_list(row) || tlv::dol_entries(object.value).all(is_known) {
            return Some(row);
        }
        let others = dictionary::rows(object.tag).iter().filter(|row| !text::is_list(row));
        others.into_iter().find(|row| row.allows(object.value.len())).or(Some(row))
    }

    fn node(&mut self, object: &Object<'_>, base: usize, template: Option<Tag>, depth: usize) -> Node {
        let mut node = Node {
            tag: object.tag,
            at: base + object.at,
            value_at: base + object.value_at,
            row: self.row(object, template),
            value: object.value.to_vec(),
            children: Vec::new(),
            faults: Vec::new(),
            scope: self.scope,
        };
        if object.tag.is_constructed() {
            let (children, error) = match depth < self.budget.depth {
                true => self.level(object.value, node.value_at, Some(object.tag), depth + 1),
                false => (Vec::new(), Some(tlv::Error { kind: ErrorKind::TooDeep, at: node.at })),
            };
            node.children = children;
            node.faults.extend(error.map(Fault::Inside));
        }
        node.check();
        node
    }
}

impl Node {
    fn check(&mut self) {
        let Some(row) = self.row else { return };
        if !row.allows(self.value.len()) {
            self.faults.push(Fault::Length { wanted: row.lengths(), found: self.value.len() });
        }
        if let Err(message) = value_text(row, &self.value, Masking::Sensitive) {
            self.faults.push(Fault::Format(message));
        }
        let broken_list = self.list().find_map(Result::err);
        self.faults.extend(broken_list.map(Fault::List));
    }

    /// The name of the object, or `unknown`.
    pub fn name(&self) -> &'static str {
        self.row.map_or("unknown", |row| row.name)
    }

    /// Whose meaning the object was read with, if that is known.
    pub const fn scope(&self) -> Option<Scope> {
        self.scope
    }

    /// What the tag means to others, where nobody said whose meaning counts, or that one has none.
    pub fn other_meanings(&self) -> impl Iterator<Item = &'static Row> {
        let own = self.row.map(|row| row.constant);
        let rows = if own.is_some() && self.scope.is_some() { &[] } else { dictionary::rows(self.tag) };
        rows.iter().filter(move |row| Some(row.constant) != own)
    }

    /// Whether the value tells who the cardholder or the account is.
    pub fn is_sensitive(&self) -> bool {
        self.row.is_some_and(|row| row.sensitive)
    }

    /// The bits that are set and the values of several bits, with what they mean.
    pub fn meanings(&self) -> impl Iterator<Item = &'static Meaning> {
        bits::meanings(self.tag, self.bit_scope(), &self.value)
    }

    /// The bits that are set without a meaning: a mask for each byte; empty if no byte has one, or no bit has a meaning.
    pub fn reserved(&self) -> Vec<u8> {
        let scope = self.bit_scope();
        let known = bits::tables(self.tag, scope).next().is_some();
        let masks = bits::reserved(self.tag, scope, &self.value);
        if known && masks.iter().any(|mask| *mask != 0) { masks } else { Vec::new() }
    }

    /// The scope whose bit tables apply: that of the reader, or one that knows the object by this meaning.
    fn bit_scope(&self) -> Option<Scope> {
        let own = |row: &Row| self.scope.filter(|scope| row.kernels.contains(*scope));
        let contact = |row: &Row| row.kernels.contains(Scope::Contact).then_some(Scope::Contact);
        let others = |row: &Row| contact(row).or_else(|| row.kernels.iter().next());
        self.row.and_then(|row| own(row).or_else(|| others(row))).or(self.scope)
    }

    /// The entries, if the object is a data object list; ends after the first that is malformed, with its offset in the list.
    pub fn list(&self) -> impl Iterator<Item = Result<DolEntry, tlv::Error>> {
        let is_list = self.row.is_some_and(text::is_list);
        tlv::dol_entries(if is_list { &self.value } else { &[] })
    }
}

impl Tree {
    /// Everything that is wrong, with the offset of the object or the byte.
    pub fn faults(&self) -> Vec<(usize, String)> {
        fn collect(node: &Node, faults: &mut Vec<(usize, String)>) {
            for fault in &node.faults {
                let at = if let Fault::Inside(error) | Fault::Cut(error) = fault { error.at } else { node.at };
                faults.push((at, format!("{}: {fault}", node.tag)));
            }
            node.children.iter().for_each(|child| collect(child, faults));
        }
        let mut faults = Vec::new();
        self.nodes.iter().for_each(|node| collect(node, &mut faults));
        faults.extend(self.error.map(|error| (error.at, error.to_string())));
        faults.sort_by_key(|(at, _)| *at);
        faults
    }
}

#[cfg(test)]
mod tests;
