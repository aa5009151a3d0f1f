//! The tree that is written as text or JSON.

use serde::{Serialize, Serializer};

use super::{super::Mask, Hex, Scope};
use crate::{
    data::{
        codes::CurrencyCode,
        decode::{Detail, Fault, Masking, Node, State},
        dictionary as tags,
    },
    tlv::{self, Tag},
};

/// Something that was found. Fields that do not apply are empty, and left out of the JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The line of the log, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Offset in the bytes that were decoded: of the tag, of the byte that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// The tag.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "tag_text")]
    pub tag: Option<Tag>,
    /// The name of the object, the command, or the part.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The format, as the books write it: `n12`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub format: &'static str,
    /// How many bytes the value has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// The value, as upper-case hex.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "hex_text")]
    pub value: Option<Vec<u8>>,
    /// Whether the value is not the true one.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub masked: bool,
    /// Which bits or bytes: `byte 1 bit 6`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Of bits: `set`, `unset`, `reserved`, `reserved-unset`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// What it says in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it consists of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Self>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A command with its response, in a log.
    Exchange,
    /// A command.
    Command,
    /// A response: its data objects, and its status word last.
    Response,
    /// A status word.
    Status,
    /// A data object.
    Object,
    /// Bits of a value.
    Bits,
    /// Bytes of a value, an entry of a list, a field of a command.
    Part,
    /// Something worth knowing.
    Note,
    /// Something that is wrong, with its place.
    Problem,
}

fn tag_text<S: Serializer>(tag: &Option<Tag>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&tag.map(|tag| tag.to_string()).unwrap_or_default())
}

fn hex_text<S: Serializer>(value: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Hex(value.as_deref().unwrap_or_default()))
}

impl Entry {
    /// An entry with nothing in it.
    pub const fn new(kind: Kind) -> Self {
        Self {
            kind,
            line: None,
            at: None,
            tag: None,
            name: String::new(),
            format: "",
            length: None,
            value: None,
            masked: false,
            place: String::new(),
            state: None,
            text: String::new(),
            children: Vec::new(),
        }
    }

    /// Whether it is about bits that are 0.
    pub fn is_unset(&self) -> bool {
        matches!(self.state, Some("unset" | "reserved-unset"))
    }

    /// A remark.
    pub fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(Kind::Note) }
    }

    /// Something wrong without a place.
    pub fn wrong(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(Kind::Problem) }
    }

    /// A field with a name, bytes and words.
    pub fn part(name: &str, value: &[u8], text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: Some(value.to_vec()), text: text.into(), ..Self::new(Kind::Part) }
    }
}

/// How objects are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    pub mask: &'a Mask,
    pub scope: Option<Scope>,
    pub currency: Option<CurrencyCode>,
    /// Whether what is sensitive has been masked before.
    pub masked_before: bool,
}

impl Lens<'_> {
    /// An object with all that is in it.
    pub fn object(self, node: &Node) -> Entry {
        let shown = self.shown(node);
        let masked = shown != node.value || self.is_masked_before(node);
        let masking = if self.mask.is_on() { Masking::Sensitive } else { Masking::Off };
        let mut entry = Entry {
            at: Some(node.at),
            tag: Some(node.tag),
            name: node.name().to_owned(),
            format: node.row.map_or("", |row| row.format_text),
            length: Some(node.value.len()),
            masked,
            ..Entry::new(Kind::Object)
        };
        if !node.tag.is_constructed() {
            entry.value = Some(shown);
            entry.text =
                node.words(masking, self.currency).filter(|_| !masked || node.is_sensitive()).unwrap_or_default();
        }
        if !masked && !node.tag.is_constructed() {
            entry.children.extend(node.details().into_iter().map(|detail| self.detail(detail)));
        }
        entry.children.extend(self.elsewhere(node));
        entry.children.extend(node.children.iter().map(|child| self.object(child)));
        entry.children.extend(node.faults.iter().filter_map(|fault| self.fault(node, fault)));
        entry
    }

    /// The value as it may be seen. What a tag that nobody knows holds may be an account number, and is hidden like in every
    /// other output.
    fn shown(self, node: &Node) -> Vec<u8> {
        // The card's certificate gives the account number to anybody who has the issuer's key.
        let secret = node.is_sensitive() || tags::gives_pan_away(node.tag);
        match node.row {
            _ if node.tag.is_constructed() => node.value.clone(),
            Some(_) if self.is_masked_before(node) => node.value.clone(),
            Some(_) if secret => self.mask.object(node.tag, &node.value).into_owned(),
            None => self.mask.object(node.tag, &node.value).into_owned(),
            _ => self.mask.bytes(&node.value).into_owned(),
        }
    }

    /// Digits that a mask has taken away are F, letters are stars.
    fn is_masked_before(self, node: &Node) -> bool {
        let hidden = || node.value.windows(2).any(|pair| matches!(pair, [0xFF, 0xFF] | [b'*', b'*']));
        self.masked_before && node.is_sensitive() && hidden()
    }

    fn elsewhere(self, node: &Node) -> Option<Entry> {
        let others: Vec<String> = node
            .other_meanings()
            .map(|row| {
                if row.name == node.name() {
                    row.kernels.to_string()
                } else {
                    format!("{} ({})", row.name, row.kernels)
                }
            })
            .collect();
        (!others.is_empty()).then(|| Entry::note(format!("elsewhere: {}", others.join("; "))))
    }

    fn detail(self, detail: Detail) -> Entry {
        let is_bits = !matches!(detail.state, State::Part | State::Wrong);
        let kind = match detail.state {
            State::Wrong => Kind::Problem,
            State::Part => Kind::Part,
            _ => Kind::Bits,
        };
        let value = self.mask.bytes(&detail.value).into_owned();
        Entry {
            tag: detail.tag,
            place: detail.place.to_string(),
            state: is_bits.then(|| detail.state.name()),
            masked: value != detail.value,
            value: (!value.is_empty()).then_some(value),
            text: detail.words,
            children: detail.inside.into_iter().map(|detail| self.detail(detail)).collect(),
            ..Entry::new(kind)
        }
    }

    fn fault(self, node: &Node, fault: &Fault) -> Option<Entry> {
        match fault {
            Fault::Inside(error) => {
                let rest = error.at.checked_sub(node.value_at).and_then(|at| node.value.get(at..));
                Some(self.problem(*error, rest.unwrap_or_default()))
            }
            Fault::Cut(error) => Some(Entry { at: Some(error.at), ..Entry::wrong(error.to_string()) }),
            // A mask leaves nothing of the format.
            Fault::Format(_) if self.is_masked_before(node) => None,
            // The pieces say where a list is wrong.
            Fault::List(_) => None,
            _ => Some(Entry { at: Some(node.at), ..Entry::wrong(fault.to_string()) }),
        }
    }

    /// Bytes that are no data objects from some place on; they may hold anything, and are shown on demand only.
    pub fn problem(self, error: tlv::Error, rest: &[u8]) -> Entry {
        let value = (!self.mask.is_on()).then(|| rest.to_vec());
        Entry { at: Some(error.at), length: Some(rest.len()), value, ..Entry::wrong(error.to_string()) }
    }
}
