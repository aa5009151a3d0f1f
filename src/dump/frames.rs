//! The table of frames that proxmark3 prints: `start | end | Rdr | 02 00 a4 … | crc | annotation`. Blocks of ISO 14443-4 are put
//! together to what they carry; everything else on the air is passed over. A table without such blocks may be one of a card in
//! contacts (`trace list -t 7816`), whose rows are commands and responses.

use super::{Dump, Message, Sender, Style, is_command, is_response, pair};

/// Reads a table of frames.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let rows = frames(text);
    put_together(rows.clone(), Style::Frames).or_else(|| whole(rows))
}

/// Frames to what they carry.
pub(super) fn put_together(frames: Vec<Message>, style: Style) -> Option<Dump> {
    let mut messages: Vec<Message> = Vec::new();
    let mut chained = false;
    for frame in frames {
        let Some((data, more)) = information(&frame.bytes) else { continue };
        match messages.last_mut().filter(|last| chained && last.sender == frame.sender) {
            Some(last) => last.bytes.extend_from_slice(data),
            None => messages.push(Message { bytes: data.to_vec(), ..frame }),
        }
        chained = more;
    }
    dump(messages, style)
}

/// Rows that are commands and responses as they stand.
fn whole(rows: Vec<Message>) -> Option<Dump> {
    let fits = |row: &Message| match row.sender {
        Sender::Terminal => is_command(&row.bytes),
        Sender::Card => is_response(&row.bytes),
    };
    let messages: Vec<Message> = rows.into_iter().filter(fits).collect();
    let is_one = messages.iter().any(|row| row.sender == Sender::Terminal);
    if is_one { dump(messages, Style::Frames) } else { None }
}

fn dump(messages: Vec<Message>, style: Style) -> Option<Dump> {
    let exchanges = pair(messages);
    (!exchanges.is_empty()).then_some(Dump { style, masked: false, exchanges, problems: Vec::new() })
}

/// The frames of the table; a row without times and source goes on with the frame before it.
fn frames(text: &str) -> Vec<Message> {
    let mut frames: Vec<Message> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut columns = text.split('|').map(str::trim);
        let (Some(_), Some(_), Some(source), Some(data)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let sender = match source {
            "Rdr" => Some(Sender::Terminal),
            "Tag" => Some(Sender::Card),
            "" => None,
            _ => continue,
        };
        let Some(bytes) = bytes(data) else { continue };
        match (sender, frames.last_mut()) {
            (Some(sender), _) => frames.push(Message { line, sender, bytes }),
            (None, Some(last)) => last.bytes.extend(bytes),
            (None, None) => {}
        }
    }
    frames
}

/// Pairs of digits; `!` behind a byte is a wrong parity bit, `(7)` a number of bits.
fn bytes(data: &str) -> Option<Vec<u8>> {
    let words = data.split_whitespace().filter(|word| !word.starts_with('('));
    let bytes: Option<Vec<u8>> =
        words.map(|word| u8::from_str_radix(word.trim_end_matches('!'), 16).ok().filter(|_| word.len() <= 3)).collect();
    bytes.filter(|bytes| !bytes.is_empty())
}

/// What an I-block carries, and whether another one follows (ISO 14443-4, 7.1): the block number, a card identifier if bit 4
/// says so, and two bytes of CRC are taken off.
fn information(frame: &[u8]) -> Option<(&[u8], bool)> {
    let (first, rest) = frame.split_first()?;
    if first & 0xE2 != 0x02 {
        return None;
    }
    let prologue = usize::from(first & 0x08 != 0) + usize::from(first & 0x04 != 0);
    let (data, _) = rest.get(prologue..)?.split_last_chunk::<2>()?;
    (data.len() >= 2).then_some((data, first & 0x10 != 0))
}
