//! Lines with a mark of their direction: `> 00 A4 …`, `C-APDU: 00A4…`, `processCommandApdu: …`, `[TX] …`, `Terminal -> ICC: …`,
//! `uint8_t resp[] = { 0x6F, …`, with a time and a level or whatever else in front; or with the bytes on the lines below.

use super::{
    Dump, Message, Sender, Style, dress, fields,
    find::{Found, find},
    is_command, is_response, pair, status,
};

/// Reads a log whose lines have marks.
pub(super) fn parse(text: &str) -> Option<Dump> {
    let mut log = Log::default();
    for (line, text) in (1..).zip(text.lines()) {
        log.line(line, text);
    }
    let Log { mut messages, problems, .. } = log;
    messages.retain(|it| it.is_sure || fits(&it.message.bytes));
    let mut messages: Vec<Message> = messages.into_iter().map(|it| it.message).collect();
    if messages.is_empty() {
        return None;
    }
    turn(&mut messages);
    Some(Dump { style: Style::Marked, masked: false, exchanges: pair(status::join(messages)), problems })
}

/// What has been read so far.
#[derive(Default)]
struct Log {
    messages: Vec<Marked>,
    problems: Vec<(usize, String)>,
    open: Open,
}

struct Marked {
    message: Message,
    /// Whether a sign tells the mark from prose; else the bytes must have the shape of a command or a response.
    is_sure: bool,
}

/// What the next line may go on with.
#[derive(Clone, Copy, Default)]
enum Open {
    #[default]
    Nothing,
    /// A mark without bytes: they come below.
    Head(usize, Sender),
    /// The last message, whose last line had so many bytes; what came since the head, if it had one.
    Row { row: usize, below: Option<usize> },
    /// A status word that came before its data.
    Status([u8; 2], usize),
}

impl Log {
    fn line(&mut self, line: usize, text: &str) {
        if let Some((command, response)) = fields::line(text) {
            self.put(line, Sender::Terminal, command, true);
            if let Some(response) = response {
                self.put(line, Sender::Card, response, true);
            }
            return;
        }
        match find(text) {
            Some(Found::Bytes { sender, bytes, is_sure }) => self.put(line, sender, bytes, is_sure),
            Some(Found::Broken(why)) => self.problem(line, why),
            _ if text.trim().is_empty() => {}
            Some(Found::Head(sender)) => self.open = Open::Head(line, sender),
            None => self.open = self.go_on(line, text).unwrap_or_default(),
        }
    }

    fn put(&mut self, line: usize, sender: Sender, mut bytes: Vec<u8>, is_sure: bool) {
        status::put_behind(&mut bytes);
        self.open = match *bytes {
            [first, second] if sender == Sender::Card && self.awaits() => Open::Status([first, second], 0),
            _ => Open::Row { row: bytes.len(), below: None },
        };
        self.messages.push(Marked { message: Message { line, sender, bytes }, is_sure });
    }

    fn problem(&mut self, line: usize, why: &str) {
        self.problems.push((line, why.to_owned()));
        self.open = Open::Nothing;
    }

    /// Whether the last message is a command.
    fn awaits(&self) -> bool {
        self.messages.last().is_some_and(|it| it.message.sender == Sender::Terminal)
    }

    /// A line without a mark: bytes of the message above, or its status word with its name. Any other line ends the message.
    fn go_on(&mut self, line: usize, text: &str) -> Option<Open> {
        if let Some(status) = status::named(text) {
            return self.status(line, text, status);
        }
        match self.open {
            Open::Nothing => None,
            Open::Head(line, sender) => {
                let bytes = dress::row(text, 0)?;
                let (row, below) = (bytes.len(), Some(bytes.len()));
                self.messages.push(Marked { message: Message { line, sender, bytes }, is_sure: false });
                Some(Open::Row { row, below })
            }
            Open::Status(status, before) => {
                let bytes = dress::row(text, before)?;
                let last = &mut self.messages.last_mut()?.message;
                last.bytes = [last.bytes.get(..before)?, &bytes, &status].concat();
                Some(Open::Status(status, before + bytes.len()))
            }
            Open::Row { row, below } => self.row(text, row, below),
        }
    }

    /// A status word on a line of its own: behind its data, before them, or alone.
    fn status(&mut self, line: usize, text: &str, status: [u8; 2]) -> Option<Open> {
        let begins = text.trim_start().get(..2).is_some_and(|word| word.eq_ignore_ascii_case("sw"));
        let last = &mut self.messages.last_mut()?.message;
        if last.sender == Sender::Card && status::is_missing(&last.bytes) {
            last.bytes.extend(status);
        } else if last.sender == Sender::Terminal && begins {
            self.put(line, Sender::Card, status.to_vec(), true);
        }
        None
    }

    fn row(&mut self, text: &str, row: usize, below: Option<usize>) -> Option<Open> {
        let last = &mut self.messages.last_mut()?.message;
        if let Some(count) = below {
            let more = dress::row(text, count)?;
            last.bytes.extend(&more);
            return Some(Open::Row { row: more.len(), below: Some(count + more.len()) });
        }
        if row == WRAP && dress::is_blotted(text) {
            let line = last.line;
            self.messages.pop();
            self.problem(line, "some of the bytes are blotted out: `XX` stands for them");
            return None;
        }
        let more = wrapped(text, last, row)?;
        last.bytes.extend(&more);
        Some(Open::Row { row: more.len(), below: None })
    }
}

/// How many bytes `scriptor` writes on a line; it wraps what is longer. Others write two or four times as many.
const WRAP: usize = 16;
const WRAP_MAX: usize = 4 * WRAP;

/// Bytes alone on the next line go on with a message that has no end yet, or may have been wrapped after `row` bytes.
fn wrapped(text: &str, last: &Message, row: usize) -> Option<Vec<u8>> {
    if text.contains("--") || text.contains(['<', '>', '=']) {
        return None;
    }
    let more = super::hexadecimal(text.split_once(" : ").map_or(text, |(before, _)| before)).ok()?;
    let has_end = match last.sender {
        Sender::Terminal => is_command(&last.bytes),
        Sender::Card if status::is_object(&last.bytes) => more.len() != 2 || !is_response(&more),
        Sender::Card => is_response(&last.bytes),
    };
    let is_wrapped = row.is_multiple_of(WRAP) && row <= WRAP_MAX;
    (!has_end || is_wrapped).then_some(more)
}

/// Whether bytes have a shape that commands or answers have.
pub(super) fn fits(bytes: &[u8]) -> bool {
    is_command(bytes) || is_response(bytes) || status::is_object(bytes)
}

/// Some write `<` for what goes to the card: if that alone makes commands of the lines, the arrows are turned.
fn turn(messages: &mut [Message]) {
    let all = |messages: &[Message], sender, fits: fn(&[u8]) -> bool| {
        let mut of = messages.iter().filter(|message| message.sender == sender).peekable();
        of.peek().is_some() && of.all(|message| fits(&message.bytes))
    };
    let turned = all(messages, Sender::Card, is_command) && all(messages, Sender::Terminal, is_response);
    let straight = messages.iter().any(|message| message.sender == Sender::Terminal && is_command(&message.bytes));
    if turned && !straight {
        for message in messages {
            message.sender = if message.sender == Sender::Card { Sender::Terminal } else { Sender::Card };
        }
    }
}
