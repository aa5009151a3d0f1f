//! Lines of hex without a mark: commands and responses in turn. Nothing else may stand in the text but remarks; or anything may,
//! if the commands are those of payment cards.

use super::{Dump, Message, Sender, Style, hexadecimal, is_command, is_response, pair, status};

/// Reads lines of hex.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let messages = strict(text).or_else(|| among_others(text))?;
    Some(Dump { style: Style::Plain, masked: false, exchanges: pair(messages), problems: Vec::new() })
}

/// A command and its response on each line: `00A4040000 -> 6A82`, with an arrow or one of `,` `;` `:` `|` `/`, a tab or a blank between
/// them.
pub(super) fn pairs(text: &str) -> Option<Dump> {
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, text)| !text.is_empty() && !text.starts_with('#'));
    // The names of the columns may stand above them.
    let is_heading = |text: &str| !text.contains(|c: char| c.is_ascii_digit());
    let lines = lines.enumerate().filter(|(at, (_, text))| *at > 0 || !is_heading(text)).map(|(_, line)| line);
    let messages = lines.map(|(line, text)| halves(line, text)).collect::<Option<Vec<_>>>()?.concat();
    // One line alone may be bytes in any dress.
    let enough = messages.len() > 2 || text.contains('>');
    (enough && !messages.is_empty()).then(|| Dump {
        style: Style::Plain,
        masked: false,
        exchanges: pair(messages),
        problems: Vec::new(),
    })
}

fn halves(line: usize, text: &str) -> Option<Vec<Message>> {
    ["->", "=>", "→", "\t", ";", "|", "/", ",", ":", " "].into_iter().find_map(|between| {
        let (command, response) = text.split_once(between).filter(|(_, rest)| !rest.contains(between))?;
        let command = hexadecimal(command).ok().filter(|bytes| is_command(bytes))?;
        let response = hexadecimal(response).ok().filter(|bytes| is_response(bytes) || status::is_object(bytes))?;
        let message = |sender, bytes| Message { line, sender, bytes };
        Some(vec![message(Sender::Terminal, command), message(Sender::Card, response)])
    })
}

/// The bytes of a line: all of it, the last column behind those of a time (`2018-06-21 01:29:25,00 A4 …`), or what Node prints.
fn alone(text: &str) -> Option<Vec<u8>> {
    let buffer = text.trim().strip_prefix("<Buffer ").and_then(|rest| rest.strip_suffix('>'));
    let column = || {
        let (before, last) = text.rsplit_once([',', ';', '\t'])?;
        let is_time = before.contains([':', '-', '.', '/'])
            && before.chars().all(|c| c.is_ascii_digit() || " ,;:-./TZ\t+\"".contains(c));
        hexadecimal(last).ok().filter(|bytes| is_time && bytes.len() >= 2)
    };
    column().or_else(|| hexadecimal(buffer.unwrap_or(text)).ok())
}

/// Every first line has the shape of a command, every second one ends like a response.
fn strict(text: &str) -> Option<Vec<Message>> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let mut messages = Vec::new();
    for (line, text) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        let bytes = alone(text)?;
        let sender = if messages.len() % 2 == 0 { Sender::Terminal } else { Sender::Card };
        let fits = match sender {
            Sender::Terminal => is_command(&bytes),
            Sender::Card => is_response(&bytes),
        };
        if !fits {
            return None;
        }
        messages.push(Message { line, sender, bytes });
    }
    (messages.len() >= 2).then_some(messages)
}

/// Commands of payment cards on lines of their own, each with the next line of hex that ends like a response. Some programs
/// write the status word on a line of its own, behind its name.
fn among_others(text: &str) -> Option<Vec<Message>> {
    let mut messages: Vec<Message> = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let waits = messages.last().is_some_and(|last| last.sender == Sender::Terminal);
        if let Some(status) = status::named(text).filter(|_| waits && text.contains([':', '='])) {
            messages.push(Message {
                line,
                sender: Sender::Card,
                bytes: [core::mem::take(&mut data), status.to_vec()].concat(),
            });
            continue;
        }
        let Some(bytes) = alone(text) else { continue };
        if is_payment_command(&bytes) {
            data.clear();
            messages.push(Message { line, sender: Sender::Terminal, bytes });
        } else if waits && data.is_empty() && is_response(&bytes) {
            messages.push(Message { line, sender: Sender::Card, bytes });
        } else if waits && data.is_empty() {
            data = bytes;
        }
    }
    let answered = messages.iter().filter(|message| message.sender == Sender::Card).count();
    (answered >= 2).then_some(messages)
}

/// Class and instruction of what terminals send payment cards (Book 3, 6.5; kernels 2 and 3; ISO 7816-4).
fn is_payment_command(bytes: &[u8]) -> bool {
    const COMMANDS: [[u8; 2]; 14] = [
        [0x00, 0xA4],
        [0x00, 0xB2],
        [0x00, 0xC0],
        [0x00, 0x20],
        [0x00, 0x82],
        [0x00, 0x84],
        [0x00, 0x88],
        [0x00, 0xCA],
        [0x80, 0xA8],
        [0x80, 0xAE],
        [0x80, 0xCA],
        [0x80, 0x2A],
        [0x80, 0xEA],
        [0x80, 0xD0],
    ];
    is_command(bytes) && COMMANDS.iter().any(|begin| bytes.starts_with(begin))
}
