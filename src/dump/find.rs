//! The mark in a line, and the bytes behind it.

use super::{
    Sender, dress, is_command, is_response, status,
    words::{self, Weight, Word},
};

/// What stands in a line with a mark.
pub(super) enum Found {
    /// Bytes; whether a sign tells the mark from prose.
    Bytes { sender: Sender, bytes: Vec<u8>, is_sure: bool },
    /// Something that should be bytes, and why it is not.
    Broken(&'static str),
    /// A mark at the end of the line.
    Head(Sender),
}

/// How often bytes are looked for in one line: a line may be long, and marks in it many.
const TRIES: usize = 8;

/// The first bytes in a line that have a mark before them and end with it, or at a remark.
pub(super) fn find(line: &str) -> Option<Found> {
    let mut scan = Scan { line, at: 0, marks: Marks::default(), tries: TRIES, broken: None };
    while let Some(rest) = line.get(scan.at..).filter(|rest| !rest.is_empty()) {
        if let Some(found) = scan.step(rest) {
            return found;
        }
    }
    let head = scan.marks.sender.filter(|(_, weight)| *weight >= Weight::Verb).map(|(sender, _)| Found::Head(sender));
    scan.broken.or(head)
}

struct Scan<'a> {
    line: &'a str,
    at: usize,
    marks: Marks,
    tries: usize,
    broken: Option<Found>,
}

/// The marks since the last word that is none.
#[derive(Clone, Copy, Default)]
struct Marks {
    sender: Option<(Sender, Weight)>,
    /// Whether a sign stands behind them: `:`, `=`, a bracket, an arrow.
    is_signed: bool,
    /// Whether an arrow or a word points to the next party, or away from it.
    toward: Option<bool>,
}

impl Marks {
    fn add(&mut self, sender: Sender, weight: Weight) {
        if self.sender.is_none_or(|(_, before)| before <= weight) {
            self.sender = Some((sender, weight));
            self.is_signed = weight == Weight::Arrow;
        }
        self.toward = None;
    }

    fn arrow(&mut self, sender: Sender) {
        self.add(sender, Weight::Arrow);
        self.is_signed = true;
        self.toward = Some(sender == Sender::Terminal);
    }

    fn word(&mut self, word: Word) {
        match word {
            Word::Mark(sender, weight) => self.add(sender, weight),
            Word::Party(party) => match self.toward.take() {
                Some(true) => self.add(other(party), Weight::Noun),
                Some(false) => self.add(party, Weight::Noun),
                None => self.add(party, Weight::Loose),
            },
            Word::Toward(to) => self.toward = Some(to),
            Word::Filler => {}
            Word::Other => *self = Self::default(),
        }
    }
}

const fn other(sender: Sender) -> Sender {
    match sender {
        Sender::Terminal => Sender::Card,
        Sender::Card => Sender::Terminal,
    }
}

impl Scan<'_> {
    /// One token; `Some` if the line is done with.
    fn step(&mut self, rest: &str) -> Option<Option<Found>> {
        if let Some(found) = self.bytes(rest) {
            return Some(found);
        }
        let first = rest.chars().next()?;
        let length = match words::arrow(rest).filter(|(_, length)| self.is_arrow(rest, *length)) {
            Some((sender, length)) => {
                self.marks.arrow(sender);
                length
            }
            None if first.is_alphanumeric() => self.word(rest),
            None => match aside(rest) {
                Some(length) => {
                    self.marks.is_signed |= first == '[';
                    length
                }
                None => {
                    self.marks.is_signed |= ":=[]{>\"'`".contains(first);
                    first.len_utf8()
                }
            },
        };
        self.at += length;
        None
    }

    /// Bytes that begin here.
    fn bytes(&mut self, rest: &str) -> Option<Option<Found>> {
        let (sender, weight) = self.marks.sender?;
        let before = self.line.get(..self.at).unwrap_or_default();
        // 2024-05-01, 10:00:00
        let goes_on =
            |sign: char| before.strip_suffix(sign).is_some_and(|it| it.ends_with(|c: char| c.is_ascii_digit()));
        let begins = !before.ends_with(char::is_alphanumeric)
            && !['-', ':', '.'].into_iter().any(goes_on)
            && rest.starts_with(|c: char| c.is_ascii_hexdigit() || "[{<".contains(c));
        if !begins || self.tries == 0 {
            return None;
        }
        self.tries -= 1;
        if dress::is_ccid(rest) {
            return Some(None);
        }
        if let Some(why) = dress::broken(rest).filter(|_| self.marks.is_signed) {
            return Some(Some(Found::Broken(why)));
        }
        let apart = dress::with_status(rest).filter(|_| sender == Sender::Card);
        let bytes = apart.or_else(|| dress::bytes(rest));
        match bytes {
            Some(bytes) if self.can_be(&bytes, weight) => {
                Some(Some(Found::Bytes { sender, bytes, is_sure: self.marks.is_signed }))
            }
            None if weight > Weight::Arrow && self.marks.is_signed && dress::looks_like_bytes(rest) => {
                self.broken.get_or_insert(Found::Broken("no whole bytes of hex behind the mark"));
                None
            }
            _ => None,
        }
    }

    /// Behind a word of prose bytes must have a shape, and be more than a word of letters.
    fn can_be(&self, bytes: &[u8], weight: Weight) -> bool {
        let is_status = bytes.len() == 2 && is_response(bytes);
        match bytes.len() {
            2 | 3 => is_response(bytes) && (self.marks.is_signed || is_status),
            _ if self.marks.is_signed => true,
            // What is wrapped may get its shape on the lines below.
            length => {
                let fits = is_command(bytes) || is_response(bytes) || status::is_object(bytes);
                weight >= Weight::Verb && (fits || length.is_multiple_of(16))
            }
        }
    }

    /// An arrow behind a word is none (`proxmark3> hf`), unless apdu4j writes it: `A>>`.
    fn is_arrow(&self, rest: &str, length: usize) -> bool {
        let before = self.line.get(..self.at).unwrap_or_default();
        let word = before.len() - before.trim_end_matches(char::is_alphanumeric).len();
        let arrow = rest.get(..length).unwrap_or_default();
        let inside = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(inside, _)| inside);
        if inside.is_some_and(|inside| !inside.is_empty() && inside.bytes().all(|c| c.is_ascii_hexdigit())) {
            return false;
        }
        word == 0 || word == 1 && length >= 2 || !arrow.is_ascii() || arrow.starts_with(['-', '=']) && length >= 2
    }

    /// A word, or what is written together: `processCommandApdu`, `capdu_0`, `C-APDU`. Gives its length.
    fn word(&mut self, rest: &str) -> usize {
        let is_inside = |c: char| c.is_alphanumeric() || c == '_';
        let hyphened = rest.get(..6).filter(|word| word.get(1..2) == Some("-"));
        if let Some(mark @ Word::Mark(..)) = hyphened.map(words::word) {
            self.marks.word(mark);
            return 6;
        }
        let end = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
        let (whole, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let is_signed = behind.starts_with([':', '=']) || behind.trim_start().starts_with(['=', ':']);
        match words::word(whole) {
            Word::Other if whole.bytes().all(|c| c.is_ascii_digit()) => {}
            Word::Other => self
                .marks
                .word(pieces(whole).map(words::word).filter(|word| is_heavy(*word)).last().unwrap_or(Word::Other)),
            Word::Mark(_, Weight::Loose) if !is_signed && !behind.starts_with(']') => {}
            word => self.marks.word(word),
        }
        end
    }
}

/// Whether a word says who sends even as a part of another one.
fn is_heavy(word: Word) -> bool {
    matches!(word, Word::Mark(_, weight) if weight >= Weight::Verb)
}

/// The parts of a word in camel case or with numbers; numbers say nothing.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    core::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c == '_' || c.is_numeric());
        let mut before = 'A';
        let end = rest.find(|c: char| {
            let ends = !c.is_alphabetic() || before.is_lowercase() && c.is_uppercase();
            before = c;
            ends
        });
        let (piece, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The length of a remark in brackets: `(0012)`, `(25 ms)`, `[sel TLV]`. What may be bytes, or a mark, is none.
fn aside(text: &str) -> Option<usize> {
    const LENGTH_MAX: usize = 16;
    let close = match text.chars().next()? {
        '(' => ')',
        '[' => ']',
        _ => return None,
    };
    let end = text.find(close).filter(|end| *end <= LENGTH_MAX)?;
    let inside = text.get(1..end)?;
    let has_mark = inside.split_whitespace().any(|word| !matches!(words::word(word), Word::Other | Word::Filler));
    (!has_mark).then_some(end + 1)
}
