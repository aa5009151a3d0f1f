//! Status words that stand apart from the data of their answer, or were left out.

use super::{Exchange, Message, Sender, is_response};
use crate::tlv::{self, Budget};

/// Whether bytes are one template or data object of a payment card's answer and nothing behind it: the status word is elsewhere.
pub(super) fn is_object(bytes: &[u8]) -> bool {
    let begins = matches!(bytes, [0x6F | 0x70 | 0x77 | 0x80 | 0x9F, _, _, _, ..]);
    let first = tlv::objects(bytes).next().and_then(Result::ok);
    begins
        && first.is_some_and(|object| object.value_at + object.value.len() == bytes.len())
        && tlv::walk(bytes, Budget::default()).all(|object| object.is_ok())
}

/// Whether an answer has no status word, as far as its bytes tell.
pub(super) fn is_missing(bytes: &[u8]) -> bool {
    !is_response(bytes) || is_object(bytes)
}

/// Cardpeek's window shows the status word before the data.
pub(super) fn put_behind(answer: &mut [u8]) {
    if matches!(answer, [0x90, 0x00, data @ ..] if is_object(data)) {
        answer.rotate_left(2);
    }
}

/// A status word with its name, anywhere in a text: `SW: 9000`, `SW1SW2 = 90 00`, `SW1=90 SW2=00`, `status word: 0x9000`.
pub(super) fn named(text: &str) -> Option<[u8; 2]> {
    let text = text.to_ascii_lowercase();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let begins = c == 's' && !before.is_alphanumeric();
        before = c;
        if let Some(word) = text.get(at..).filter(|_| begins).and_then(word) {
            return Some(word);
        }
    }
    None
}

fn word(text: &str) -> Option<[u8; 2]> {
    const NAMES: [&str; 8] = ["sw1sw2", "sw1/sw2", "sw1-sw2", "sw1 sw2", "sw12", "status word", "status", "sw"];
    let whole = NAMES.iter().find_map(|name| {
        let (first, rest) = byte(value(text.strip_prefix(name)?)?)?;
        let (second, rest) = byte(rest.trim_start())?;
        (!rest.starts_with(char::is_alphanumeric)).then_some([first, second])
    });
    let apart = || {
        let (first, rest) = byte(value(text.strip_prefix("sw1")?)?)?;
        let rest = rest.trim_start_matches([' ', '\t', ',', ';', '/', '|']);
        let (second, _) = byte(value(rest.strip_prefix("sw2")?)?)?;
        Some([first, second])
    };
    whole.or_else(apart).filter(|word| is_response(word))
}

/// What stands behind a name: after `:`, `=` or a blank.
fn value(text: &str) -> Option<&str> {
    let value = text.trim_start_matches([' ', '\t', ':', '=']);
    (value.len() < text.len()).then_some(value)
}

fn byte(text: &str) -> Option<(u8, &str)> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let (digits, rest) = text.split_at_checked(2)?;
    hex::decode(digits).ok()?.first().map(|byte| (*byte, rest))
}

/// Puts a status word that came after its data, or before them, behind them.
pub(super) fn join(messages: Vec<Message>) -> Vec<Message> {
    let is_word = |it: &Message| it.sender == Sender::Card && it.bytes.len() == 2 && is_response(&it.bytes);
    let mut joined: Vec<Message> = Vec::new();
    for mut message in messages {
        let answers =
            matches!(joined.as_slice(), [.., before, word] if is_word(word) && before.sender == Sender::Terminal);
        if answers && message.sender == Sender::Card && is_missing(&message.bytes) {
            message.bytes.extend(joined.pop().map(|word| word.bytes).unwrap_or_default());
        }
        let is_word = is_word(&message);
        match joined.last_mut() {
            Some(last) if is_word && last.sender == Sender::Card && is_missing(&last.bytes) => {
                last.bytes.extend(message.bytes);
            }
            _ => joined.push(message),
        }
    }
    joined
}

/// Takes 9000 for status words that were left out, because a card gives such data with no other one; and says so.
pub(super) fn assume(exchanges: &mut [Exchange], problems: &mut Vec<(usize, String)>) {
    for Exchange { line, response, .. } in exchanges {
        if let Some(response) = response.as_mut().filter(|data| is_object(data) && !data.ends_with(&[0x90, 0x00])) {
            response.extend([0x90, 0x00]);
            problems.push((*line, "the answer has no status word: 9000 is taken for it".to_owned()));
        }
    }
    problems.sort_by_key(|(line, _)| *line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_word_has_many_names() {
        for text in [
            "SW: 9000",
            "  sw=90 00 (ok)",
            "SW1SW2 : 90 00 (Success)",
            "response SW1/SW2 = 0x9000",
            "Status word: 0x90 0x00",
            "] SW1=90 SW2=00",
            "(SW1: 0x90, SW2: 0x00)",
            "SW 9000",
        ] {
            assert_eq!(named(text), Some([0x90, 0x00]), "{text}");
        }
        for text in ["SW: 9", "SW: 900000", "answers 9000", "SW: 4711", "SW1=90", "swap 9000", "status: good"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn data_alone_are_one_object_to_the_end() {
        let bytes = |text: &str| hex::decode(text).unwrap();
        for text in ["6F028400", "70059F36020001", "80062000080101 00".replace(' ', "").as_str(), "9F36020001"] {
            assert!(is_object(&bytes(text)), "{text}");
        }
        for text in ["6F00", "6F0284009000", "70059F36030001", "6A82", "9000", "0102030405", "6F0284"] {
            assert!(!is_object(&bytes(text)), "{text}");
        }
    }
}
