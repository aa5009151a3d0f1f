//! The words and arrows by which logs say who sends: the one table.

use super::Sender;

/// How much a word says. Where several stand before some bytes (`command received:`), the weightiest decides, and the last of equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// An arrow: some write `<` for what goes to the card.
    Arrow,
    /// A word that means something else without a sign behind it: `in`, `C`.
    Loose,
    /// What is done with the bytes: it depends on who writes.
    Verb,
    /// What the bytes are.
    Noun,
}

use Weight::{Loose, Noun, Verb};

const TERMINAL: [(&str, Weight); 22] = [
    ("c-apdu", Noun),
    ("capdu", Noun),
    ("command", Noun),
    ("cmd", Noun),
    ("request", Noun),
    ("req", Noun),
    ("query", Noun),
    ("send", Verb),
    ("sends", Verb),
    ("sending", Verb),
    ("sent", Verb),
    ("snd", Verb),
    ("transmit", Verb),
    ("transmitting", Verb),
    ("transmitted", Verb),
    ("transceive", Verb),
    ("tx", Verb),
    ("outgoing", Verb),
    ("write", Loose),
    ("out", Loose),
    ("c", Loose),
    ("apdu", Loose),
];

const CARD: [(&str, Weight); 24] = [
    ("r-apdu", Noun),
    ("rapdu", Noun),
    ("response", Noun),
    ("resp", Noun),
    ("res", Noun),
    ("rsp", Noun),
    ("reply", Noun),
    ("answer", Noun),
    ("answers", Noun),
    ("result", Noun),
    ("sw", Noun),
    ("received", Verb),
    ("receiving", Verb),
    ("receive", Verb),
    ("recv", Verb),
    ("rcv", Verb),
    ("rx", Verb),
    ("returned", Verb),
    ("returns", Verb),
    ("incoming", Verb),
    ("read", Loose),
    ("got", Loose),
    ("in", Loose),
    ("r", Loose),
];

/// Who takes part: `Terminal -> ICC:`, `from card:`.
const PARTIES: [(&str, Sender); 9] = [
    ("terminal", Sender::Terminal),
    ("reader", Sender::Terminal),
    ("host", Sender::Terminal),
    ("pcd", Sender::Terminal),
    ("ifd", Sender::Terminal),
    ("card", Sender::Card),
    ("icc", Sender::Card),
    ("picc", Sender::Card),
    ("tag", Sender::Card),
];

/// What may stand between a word and its bytes.
const FILLERS: [&str; 17] = [
    "data", "length", "len", "byte", "bytes", "hex", "raw", "the", "is", "was", "with", "a", "buffer", "new",
    "fromhex", "to", "from",
];

/// What a word is for whoever looks for bytes behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Mark(Sender, Weight),
    Party(Sender),
    Toward(bool),
    Filler,
    Other,
}

/// Looks a word up, whatever its case.
pub(super) fn word(text: &str) -> Word {
    let is = |known: &str| known.eq_ignore_ascii_case(text);
    let find = |table: &[(&str, Weight)]| table.iter().find(|(known, _)| is(known)).map(|(_, weight)| *weight);
    let mark = |sender| move |weight| Word::Mark(sender, weight);
    // `apdu -d …` is an option of some program, `APDU:` what pcscd writes.
    let all_caps = !text.bytes().any(|c| c.is_ascii_lowercase());
    if is("apdu") && !all_caps {
        return Word::Filler;
    }
    if is("to") || is("from") {
        return Word::Toward(is("to"));
    }
    find(&TERMINAL)
        .map(mark(Sender::Terminal))
        .or_else(|| find(&CARD).map(mark(Sender::Card)))
        .or_else(|| PARTIES.iter().find(|(known, _)| is(known)).map(|(_, sender)| Word::Party(*sender)))
        .unwrap_or(if text.len() <= 1 || FILLERS.iter().any(|known| is(known)) { Word::Filler } else { Word::Other })
}

/// The arrow at the beginning of a text: who sends, and how long it is in bytes.
pub(super) fn arrow(text: &str) -> Option<(Sender, usize)> {
    let first = text.chars().next()?;
    match first {
        '→' | '⇒' | '➜' | '»' => return Some((Sender::Terminal, first.len_utf8())),
        '←' | '⇐' | '«' => return Some((Sender::Card, first.len_utf8())),
        _ => {}
    }
    let of = |text: &str, set: &[char]| text.len() - text.trim_start_matches(set).len();
    let shaft = of(text, &['-', '=']);
    let right = of(text.get(shaft..)?, &['>']);
    if right > 0 {
        return Some((Sender::Terminal, shaft + right));
    }
    let left = of(text, &['<']);
    (left > 0).then(|| (Sender::Card, left + text.get(left..).map_or(0, |rest| of(rest, &['-', '=']))))
}
