//! Text that people keep of conversations with cards, to exchanges: logs of readers, libraries and tools. No I/O, no meaning.
//!
//! ```
//! use emvtap::dump;
//!
//! let log = dump::parse("10:04:11 > 00 A4 04 00 00\n10:04:11 < 6A 82\n").unwrap();
//! assert_eq!(log.style, dump::Style::Marked);
//! assert_eq!(log.exchanges[0].response.as_deref(), Some(&[0x6A, 0x82][..]));
//! ```

mod cardpeek;
mod chameleon;
mod dress;
mod fields;
mod find;
mod frames;
mod hexadecimal;
mod json;
mod marked;
mod opensc;
mod plain;
mod pn53x;
mod recording;
mod scan;
mod status;
mod text;
mod unused;
mod words;

pub use hexadecimal::{HexError, hexadecimal};
pub use text::text;

/// How the text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// JSON Lines of emvtap.
    Recording,
    /// JSON with commands and responses side by side, of emvtap or another program.
    Json,
    /// The JSON that proxmark3 writes of a card (`emv scan`): what the card answered, and not what it was sent.
    Scan,
    /// Lines with a mark of their direction in front of the bytes: `>`, `C-APDU:`, `SW:` and many more.
    Marked,
    /// Frames on the air: the table that proxmark3 prints (`trace list`), the lines of ChameleonMini's `chamlog`.
    Frames,
    /// Lines of hex, commands and responses in turn, maybe with other lines between them; or both on one line.
    Plain,
}

/// A command and its response, as far as the text has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The line it begins on, from 1.
    pub line: usize,
    /// All bytes of the command.
    pub command: Option<Vec<u8>>,
    /// All bytes of the response.
    pub response: Option<Vec<u8>>,
}

/// What a text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// How it is written.
    pub style: Style,
    /// Whether the text says that sensitive values have been masked in it.
    pub masked: bool,
    /// The conversation.
    pub exchanges: Vec<Exchange>,
    /// Lines that should hold bytes and do not, with what is wrong.
    pub problems: Vec<(usize, String)>,
}

/// Who sent some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Terminal,
    Card,
}

/// Bytes with the line they stand on.
#[derive(Clone, Debug)]
struct Message {
    line: usize,
    sender: Sender,
    bytes: Vec<u8>,
}

/// Reads a log; `None` if the text is none. Styles are tried from the most to the least telling: a recording, JSON, frames,
/// marked lines, and at least two lines of hex that are a command and a response in turn.
pub fn parse(text: &str) -> Option<Dump> {
    let text = &*text::clean(text);
    let json = || recording::parse(text).or_else(|| scan::parse(text)).or_else(|| json::parse(text));
    let air = || frames::parse(text).or_else(|| chameleon::parse(text));
    let tools = || cardpeek::parse(text).or_else(|| opensc::parse(text));
    let lines = || plain::pairs(text).or_else(|| better(marked::parse(text), plain::parse(text)));
    let mut dump = json().or_else(air).or_else(tools).or_else(lines)?;
    if matches!(dump.style, Style::Marked | Style::Plain) {
        unused::tell(text, &mut dump);
    }
    let mut dump = Dump { exchanges: pn53x::unwrap(dump.exchanges), ..dump };
    if dump.style != Style::Recording {
        status::assume(&mut dump.exchanges, &mut dump.problems);
    }
    Some(dump)
}

/// The one that has more commands with their responses, or the first.
fn better(first: Option<Dump>, second: Option<Dump>) -> Option<Dump> {
    let whole = |dump: &Dump| {
        let whole = |exchange: &&Exchange| exchange.command.is_some() && exchange.response.is_some();
        dump.exchanges.iter().filter(whole).count()
    };
    match (first, second) {
        (Some(first), Some(second)) => Some(if whole(&second) > whole(&first) { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// Whether bytes have the shape of a command: a class that cards use, and a length that fits (ISO 7816-3, 12.1).
pub fn is_command(bytes: &[u8]) -> bool {
    let class = |class: u8| matches!(class, 0x00..=0x1F | 0x80..=0x9F | 0xFF);
    match *bytes {
        [cla, ins, _, _] | [cla, ins, _, _, _] => class(cla) && is_instruction(ins),
        [cla, ins, _, _, length, ref data @ ..] => {
            let (length, found) = (usize::from(length), data.len());
            class(cla) && is_instruction(ins) && (found == length || found == length + 1)
        }
        _ => false,
    }
}

/// Instructions are no status words (ISO 7816-4, 5.4.2).
const fn is_instruction(ins: u8) -> bool {
    !matches!(ins >> 4, 0x6 | 0x9)
}

/// Whether bytes end like a response: a status word of ISO 7816-4.
pub fn is_response(bytes: &[u8]) -> bool {
    matches!(*bytes, [.., 0x90 | 0x91 | 0x61..=0x6F, _])
}

/// Commands with the responses that follow them.
fn pair(messages: Vec<Message>) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for Message { line, sender, bytes } in messages {
        match (sender, exchanges.last_mut()) {
            (Sender::Terminal, _) => exchanges.push(Exchange { line, command: Some(bytes), response: None }),
            (Sender::Card, Some(last)) if last.response.is_none() => last.response = Some(bytes),
            (Sender::Card, _) => exchanges.push(Exchange { line, command: None, response: Some(bytes) }),
        }
    }
    exchanges
}

#[cfg(test)]
mod tests;
