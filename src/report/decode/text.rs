//! The tree as text.

use super::{super::Paint, super::wrap, Document, Entry, Kind, Reading, command, session::hex};

/// How a tree is written.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many characters a line has at most.
    pub width: usize,
    /// Colours.
    pub paint: Paint,
    /// Whether bits that are 0, and the fields of commands, are written too.
    pub everything: bool,
}

/// Narrower than this nothing can be indented; wider than the other no eye follows.
const WIDTHS: (usize, usize) = (40, 160);
/// More of a value than this many bytes is no use to a reader.
const VALUE_MAX: usize = 1024;

impl Document {
    /// As text.
    pub fn text(&self, page: Page) -> String {
        let mut text = String::new();
        self.entries.iter().for_each(|entry| page.write(&mut text, entry, 0));
        text
    }
}

impl Reading {
    /// As text like [`Document::text`], in pieces that `put` takes.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn text<E>(self, page: Page, mut put: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let mut lead = "";
        for entry in self {
            let mut text = String::new();
            page.write(&mut text, &entry, 0);
            put(if entry.kind == Kind::Exchange { lead } else { "" })?;
            put(&text)?;
            lead = "\n";
        }
        Ok(())
    }
}

impl Page {
    fn write(self, text: &mut String, entry: &Entry, level: usize) {
        if !self.everything && (entry.is_unset() || is_plumbing(entry)) {
            return;
        }
        let level = match entry.kind {
            // What an exchange consists of stands beside it.
            Kind::Exchange => return self.exchange(text, entry),
            Kind::Response => {
                return entry.children.iter().for_each(|child| self.write(text, child, level));
            }
            _ => level,
        };
        let (head, rest) = told(entry);
        self.line(text, level, &head, &rest, entry.kind);
        entry.children.iter().for_each(|child| self.write(text, child, level + 1));
    }

    fn exchange(self, text: &mut String, exchange: &Entry) {
        if !text.is_empty() {
            text.push('\n');
        }
        let line = exchange.line.map(|line| format!("line {line}")).unwrap_or_default();
        self.line(text, 0, &line, "", Kind::Exchange);
        exchange.children.iter().for_each(|child| self.write(text, child, 0));
    }

    fn line(self, text: &mut String, level: usize, head: &str, rest: &str, kind: Kind) {
        let indent = 2 * level;
        let width = self.width.clamp(WIDTHS.0, WIDTHS.1).saturating_sub(indent + 4).max(20);
        let whole = format!("{head}{}{rest}", if head.is_empty() || rest.is_empty() { "" } else { " " });
        for (at, line) in wrap(&whole, width).into_iter().enumerate() {
            let lead = " ".repeat(indent + if at == 0 { 0 } else { 4 });
            let painted = match line.strip_prefix(head).filter(|_| at == 0) {
                Some(tail) => format!("{}{tail}", self.painted(head, kind)),
                None => line,
            };
            text.push_str(&format!("{lead}{painted}\n"));
        }
    }

    fn painted(self, head: &str, kind: Kind) -> String {
        match kind {
            Kind::Command | Kind::Object => self.paint.strong(head),
            Kind::Problem => self.paint.bad(head),
            Kind::Status if head == "9000" => self.paint.good(head),
            Kind::Status => self.paint.notable(head),
            Kind::Exchange | Kind::Note | Kind::Bits | Kind::Part => self.paint.quiet(head),
            Kind::Response => head.to_owned(),
        }
    }
}

/// Fields of a command that say nothing new to most people.
fn is_plumbing(entry: &Entry) -> bool {
    entry.kind == Kind::Part && matches!(entry.name.as_str(), "CLA INS" | "P1 P2" | "Le")
}

/// `A hex = words`, with a cut where there is too much.
fn value(entry: &Entry) -> String {
    let Some(bytes) = &entry.value else { return String::new() };
    let masked = if entry.masked { " (masked)" } else { "" };
    match bytes.get(..VALUE_MAX).filter(|_| bytes.len() > VALUE_MAX) {
        Some(start) => format!("{}… and {} bytes more{masked}", hex(start), bytes.len() - VALUE_MAX),
        None => format!("{}{masked}", hex(bytes)),
    }
}

fn lengths(entry: &Entry) -> String {
    let length = entry.length.unwrap_or(0);
    let bytes = format!("{length:02X}h = {length} byte{}", if length == 1 { "" } else { "s" });
    if entry.format.is_empty() { bytes } else { format!("{}, {bytes}", entry.format) }
}

/// The head of a line, which is painted, and the rest.
fn told(entry: &Entry) -> (String, String) {
    let text = entry.text.as_str();
    match entry.kind {
        Kind::Object => {
            let head = match entry.tag {
                Some(tag) => format!("{tag} {}", entry.name),
                None => entry.name.clone(),
            };
            let says = if text.is_empty() { String::new() } else { format!(" = {text}") };
            let value = value(entry);
            let colon = if value.is_empty() { "" } else { ": " };
            (head, format!("({}){colon}{value}{says}", lengths(entry)))
        }
        Kind::Command => {
            let gist = command::gist(entry);
            let gist = if gist.is_empty() { gist } else { format!("({gist}) ") };
            (entry.name.clone(), format!("{gist}{}", value(entry)))
        }
        Kind::Status => (value(entry), text.to_owned()),
        Kind::Bits => {
            let bit = match entry.state {
                Some("unset" | "reserved-unset") => " = 0",
                _ => "",
            };
            (format!("{}{bit}:", entry.place), text.to_owned())
        }
        Kind::Part => {
            let head = match entry.tag {
                Some(tag) => tag.to_string(),
                None if entry.name.is_empty() && entry.place.is_empty() => String::new(),
                None if entry.name.is_empty() => format!("{}:", entry.place),
                None => format!("{}:", entry.name),
            };
            let value = if entry.tag.is_some() { String::new() } else { value(entry) };
            let gap = if value.is_empty() || text.is_empty() { "" } else { " = " };
            (head, format!("{value}{gap}{text}"))
        }
        Kind::Note => (text.to_owned(), String::new()),
        Kind::Problem => {
            let place = match (entry.line, entry.at, entry.place.is_empty()) {
                (Some(line), ..) => format!("line {line}: "),
                (None, _, false) => format!("{}: ", entry.place),
                (None, Some(at), true) if !text.ends_with(&format!("at offset {at}")) => format!("at offset {at}: "),
                _ => String::new(),
            };
            let value = value(entry);
            let rest = if value.is_empty() { String::new() } else { format!(": {value}") };
            ("!".to_owned(), format!("{place}{text}{rest}"))
        }
        Kind::Exchange | Kind::Response => (entry.name.clone(), String::new()),
    }
}
