//! What OpenSC's tools print: `Sending: 00 A4 …` and `Received (SW1=0x90, SW2=0x00):`, or in its debug log `Outgoing APDU (5 bytes):` and
//! `Incoming APDU (2 bytes):`, with the bytes below, sixteen a line and their characters behind them.

use super::{Dump, Message, Sender, Style, hexadecimal, pair};

/// Columns that sixteen bytes take; then come the characters.
const COLUMNS: usize = 48;

/// Reads such a log.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let mut messages: Vec<Message> = Vec::new();
    // How many bytes are still to come, and a status word that goes behind them.
    let mut open: Option<(Option<usize>, Vec<u8>)> = None;
    let close = |open: &mut Option<(Option<usize>, Vec<u8>)>, messages: &mut Vec<Message>| {
        if let (Some((_, status)), Some(last)) = (open.take(), messages.last_mut()) {
            last.bytes.extend(status);
        }
    };
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(head) = head(line, text) {
            close(&mut open, &mut messages);
            messages.push(head.message);
            open = Some((head.count, head.status));
        } else if let (Some((left, _)), Some(last)) = (&mut open, messages.last_mut()) {
            let row = row(text, left.unwrap_or(usize::MAX));
            if row.is_empty() {
                close(&mut open, &mut messages);
            } else {
                *left = left.map(|left| left.saturating_sub(row.len()));
                last.bytes.extend(row);
            }
        }
    }
    close(&mut open, &mut messages);
    let answered = messages.iter().any(|message| message.sender == Sender::Card);
    answered.then(|| Dump { style: Style::Marked, masked: false, exchanges: pair(messages), problems: Vec::new() })
}

/// The line above some bytes.
struct Head {
    message: Message,
    count: Option<usize>,
    status: Vec<u8>,
}

fn head(line: usize, text: &str) -> Option<Head> {
    let text = text.trim();
    let message = |sender, bytes| Message { line, sender, bytes };
    if let Some(bytes) = text.strip_prefix("Sending: ") {
        let bytes = hexadecimal(bytes).ok()?;
        return Some(Head { message: message(Sender::Terminal, bytes), count: Some(0), status: Vec::new() });
    }
    if let Some(status) = text.strip_prefix("Received (SW1=0x") {
        let (first, rest) = status.split_at_checked(2)?;
        let (second, _) = rest.strip_prefix(", SW2=0x")?.split_at_checked(2)?;
        let status = hexadecimal(&[first, second].concat()).ok()?;
        return Some(Head { message: message(Sender::Card, Vec::new()), count: None, status });
    }
    let (sender, rest) =
        [("Outgoing", Sender::Terminal), ("Incoming", Sender::Card)].into_iter().find_map(|(word, sender)| {
            let (_, rest) = text.split_once(word)?;
            Some((sender, rest.strip_prefix(" APDU (")?))
        })?;
    let count = rest.split_once(" byte")?.0.parse().ok()?;
    Some(Head { message: message(sender, Vec::new()), count: Some(count), status: Vec::new() })
}

/// The bytes of a line, at most `left`: pairs of digits in its first columns.
fn row(text: &str, left: usize) -> Vec<u8> {
    let columns = text.get(..text.len().min(COLUMNS)).unwrap_or_default();
    let words = columns.split(' ').take_while(|word| word.len() == 2);
    words.map_while(|word| u8::from_str_radix(word, 16).ok()).take(left).collect()
}
