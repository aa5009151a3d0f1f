//! The tree as text, one object a line.

use core::fmt;

use super::{Node, Tree, value_text};
use crate::{
    bytes::Hex,
    data::{Afl, dictionary},
    tlv,
};

/// What is hidden from the reader of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Masking {
    /// Nothing.
    Off,
    /// What is known to be sensitive: PAN, track data, cardholder name.
    Sensitive,
    /// That, and every object that nobody knows: for texts that are handed on.
    SensitiveAndUnknown,
}

impl Masking {
    /// Whether sensitive objects are hidden.
    pub const fn hides_sensitive(self) -> bool {
        !matches!(self, Self::Off)
    }

    fn hides(self, node: &Node) -> bool {
        match node.row {
            Some(row) => self.hides_sensitive() && row.sensitive,
            None => self == Self::SensitiveAndUnknown,
        }
    }
}

/// A tree on its way to text.
struct Listing<'a> {
    nodes: &'a [Node],
    error: Option<tlv::Error>,
    masking: Masking,
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nodes.iter().try_for_each(|node| write_node(f, node, 0, self.masking))?;
        self.error.iter().try_for_each(|error| writeln!(f, "! {error}"))
    }
}

impl Tree {
    /// The objects, indented by level, with their bits, lists and faults below them.
    pub fn display(&self, masking: Masking) -> impl fmt::Display {
        Listing { nodes: &self.nodes, error: self.error, masking }
    }
}

impl Node {
    /// This object and what is in it, like [`Tree::display`].
    pub fn display(&self, masking: Masking) -> impl fmt::Display {
        Listing { nodes: core::slice::from_ref(self), error: None, masking }
    }
}

fn write_node(f: &mut fmt::Formatter<'_>, node: &Node, level: usize, masking: Masking) -> fmt::Result {
    let indent = 2 * level;
    write!(f, "{:indent$}{} {}", "", node.tag, node.name())?;
    if !node.tag.is_constructed() {
        write_value(f, node, masking)?;
    }
    writeln!(f)?;
    let below = indent + 2 * node.tag.len() + 1;
    if !masking.hides(node) {
        write_details(f, node, below)?;
    }
    node.children.iter().try_for_each(|child| write_node(f, child, level + 1, masking))?;
    node.faults.iter().try_for_each(|fault| writeln!(f, "{:below$}! {fault}", ""))
}

fn write_value(f: &mut fmt::Formatter<'_>, node: &Node, masking: Masking) -> fmt::Result {
    let text = node.row.and_then(|row| value_text(row, &node.value, masking).ok().flatten());
    match text {
        _ if node.value.is_empty() => write!(f, " (empty)"),
        Some(text) if masking.hides(node) => write!(f, " {text}"),
        None if masking.hides(node) => write!(f, " ({} bytes, masked)", node.value.len()),
        Some(text) => write!(f, " {} {text}", Hex(&node.value)),
        None => write!(f, " {}", Hex(&node.value)),
    }
}

/// What the bits, the entries of a list or the files say.
fn write_details(f: &mut fmt::Formatter<'_>, node: &Node, indent: usize) -> fmt::Result {
    for meaning in node.meanings() {
        writeln!(f, "{:indent$}{}  {}", "", meaning.bit, meaning.words)?;
    }
    for (byte, mask) in (1..).zip(node.reserved()).filter(|(_, mask)| *mask != 0) {
        writeln!(f, "{:indent$}byte {byte} mask {mask:02X}  reserved", "")?;
    }
    for entry in node.list().map_while(Result::ok) {
        let name = dictionary::row_in(entry.tag, node.scope, None).map_or("unknown", |row| row.name);
        writeln!(f, "{:indent$}{} {name}, {} bytes", "", entry.tag, entry.length)?;
    }
    if node.tag != dictionary::AFL_94 {
        return Ok(());
    }
    match Afl::parse(&node.value) {
        Err(error) => writeln!(f, "{:indent$}! {error}", ""),
        Ok(afl) => afl.entries().try_for_each(|entry| {
            let (sfi, first, last, signed) = (entry.sfi, entry.first, entry.last, entry.signed);
            writeln!(f, "{:indent$}SFI {sfi}, records {first} to {last}, {signed} signed", "")
        }),
    }
}
