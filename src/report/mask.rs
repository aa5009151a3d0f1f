//! Takes what identifies a cardholder out of everything that is shown: same length, and the same value everywhere.
//!
//! Two nets. Objects with a sensitive tag, and objects nobody knows, lose their value where they stand. What they held is
//! remembered, and its digits and letters disappear wherever else they turn up: as BCD, as ASCII, or inside a sentence.
//! A primary account number keeps its first six and last four digits (the most PCI DSS 3.4 lets people see).

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    data::dictionary as tags,
    tlv::{self, Budget, Tag},
};

mod private;
mod replace;
#[cfg(test)]
mod tests;

use private::without_pin;
pub(super) use private::{is_private, is_secret};

/// Fewer digits or letters than these turn up by chance. So many half-bytes fill a [`Begin`].
const PAN_MIN: usize = 8;
const TEXT_MIN: usize = 5;

/// The first half-bytes of something, as one number.
type Begin = u32;

/// Nibble for a hidden digit: no digit, so nobody takes it for one, and still hex that a decoder reads.
const HIDDEN: u8 = 0xF;

/// What becomes of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Shown,
    /// Digits that are none, stars.
    Hidden,
    /// Values as harmless as a test card's.
    Replaced,
}

/// What has to disappear, and whether it does.
#[derive(Clone, Debug)]
pub struct Mask {
    style: Style,
    /// Account numbers, and what takes their place.
    pans: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Half-bytes to look for, and what takes their place.
    nibbles: Vec<(Vec<u8>, Vec<u8>)>,
    /// Which of them begin so: a log may have thousands of cards.
    begins: BTreeMap<Begin, Vec<usize>>,
    /// Text to look for, the longest first, and what takes its place.
    words: BTreeMap<(Reverse<usize>, String), String>,
}

impl Mask {
    /// Masks what it learns of.
    pub const fn on() -> Self {
        Self::new(Style::Hidden)
    }

    /// Shows everything (`--unmask`).
    pub const fn off() -> Self {
        Self::new(Style::Shown)
    }

    /// Puts harmless values of the same length in place of what it learns of: an account number of a published test range, a
    /// name nobody has, zeros.
    pub const fn replacing() -> Self {
        Self::new(Style::Replaced)
    }

    const fn new(style: Style) -> Self {
        Self { style, pans: BTreeMap::new(), nibbles: Vec::new(), begins: BTreeMap::new(), words: BTreeMap::new() }
    }

    /// Whether anything is hidden.
    pub fn is_on(&self) -> bool {
        self.style != Style::Shown
    }

    /// Remembers what the sensitive objects in a card's answer hold.
    pub fn learn(&mut self, response: &[u8]) {
        self.learn_objects(data_field(response));
    }

    /// Remembers what sensitive objects hold that stand one after the other.
    pub fn learn_objects(&mut self, data: &[u8]) {
        if !self.is_on() {
            return;
        }
        for (_, object) in tlv::walk(data, Budget::default()).map_while(Result::ok) {
            self.learn_object(object.tag, object.value);
        }
    }

    /// Remembers what a sensitive object holds.
    pub fn learn_object(&mut self, tag: Tag, value: &[u8]) {
        if !self.is_on() {
            return;
        }
        match tag {
            tags::PAN_5A | tags::TRACK_2_EQUIVALENT_DATA_57 | tags::TRACK_2_DATA_9F6B => {
                let digits: Vec<u8> = to_nibbles(value).into_iter().take_while(|digit| *digit < 10).collect();
                self.learn_pan(&digits);
            }
            tags::TRACK_1_DATA_56 => {
                let digits: Vec<u8> =
                    value.iter().skip(1).take_while(|c| c.is_ascii_digit()).map(|c| c - b'0').collect();
                self.learn_pan(&digits);
                if let Some(name) = value.split(|c| *c == b'^').nth(1) {
                    self.learn_word(name);
                }
            }
            tags::CARDHOLDER_NAME_5F20 | tags::CARDHOLDER_NAME_EXTENDED_9F0B | tags::NAME_OF_AN_INDIVIDUAL_5B => {
                self.learn_word(value);
            }
            _ => {}
        }
        if is_secret(tag) && !tags::rows(tag).is_empty() && !tag.is_constructed() && value.len() >= TEXT_MIN {
            let hidden = self.hide(tag, value);
            if *hidden != *value {
                self.learn_nibbles(to_nibbles(value), to_nibbles(&hidden));
            }
        }
    }

    fn learn_pan(&mut self, digits: &[u8]) {
        if digits.len() < PAN_MIN || self.pans.contains_key(digits) {
            return;
        }
        let hidden = match self.style {
            Style::Replaced => replace::test_pan(digits, self.pans.len() + 1),
            Style::Shown | Style::Hidden => self.hide_pan(digits),
        };
        self.pans.insert(digits.to_vec(), hidden.clone());
        let ascii = |digits: &[u8]| digits.iter().flat_map(|digit| [3, *digit]).collect();
        let text = |digits: &[u8]| -> String {
            digits.iter().map(|digit| if *digit < 10 { char::from(b'0' + digit) } else { '*' }).collect()
        };
        // As ASCII a hidden digit is a star.
        let hidden_ascii = hidden.iter().flat_map(|digit| if *digit < 10 { [3, *digit] } else { [2, 0xA] }).collect();
        self.learn_nibbles(ascii(digits), hidden_ascii);
        self.learn_pair(text(digits), text(&hidden));
        self.learn_nibbles(digits.to_vec(), hidden);
    }

    fn learn_word(&mut self, value: &[u8]) {
        let word = value.trim_ascii();
        if word.len() < TEXT_MIN {
            return;
        }
        let stars = match self.style {
            Style::Replaced => replace::name(word.len()),
            Style::Shown | Style::Hidden => vec![b'*'; word.len()],
        };
        self.learn_nibbles(to_nibbles(word), to_nibbles(&stars));
        if let (Ok(text), Ok(stars)) = (core::str::from_utf8(word), core::str::from_utf8(&stars)) {
            let characters = text.chars().count();
            self.learn_pair(text.to_owned(), stars.chars().take(characters).collect());
        }
    }

    /// Half-bytes, at least [`PAN_MIN`] of them.
    fn learn_nibbles(&mut self, secret: Vec<u8>, hidden: Vec<u8>) {
        let Some(begin) = secret.first_chunk::<PAN_MIN>() else { return };
        let alike = self.begins.entry(begin.iter().copied().fold(0, shift)).or_default();
        if !alike.iter().any(|at| self.nibbles.get(*at).is_some_and(|(known, _)| *known == secret)) {
            alike.push(self.nibbles.len());
            self.nibbles.push((secret, hidden));
        }
    }

    fn learn_pair(&mut self, secret: String, hidden: String) {
        self.words.entry((Reverse(secret.len()), secret)).or_insert(hidden);
    }

    /// What may stand in some bytes, the longest first.
    fn suspects(&self, bytes: &[u8]) -> Vec<&(Vec<u8>, Vec<u8>)> {
        let windows = nibbles(bytes).scan(0, |window, nibble| {
            *window = shift(*window, nibble);
            Some(*window)
        });
        let begins = windows.skip(PAN_MIN - 1).filter_map(|window| self.begins.get(&window));
        let known = begins.flatten().filter_map(|at| self.nibbles.get(*at).map(|pair| (Reverse(pair.0.len()), *at)));
        known.collect::<BTreeSet<_>>().into_iter().filter_map(|(_, at)| self.nibbles.get(at)).collect()
    }

    /// A command, or any other bytes whose structure nobody knows.
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.is_on() {
            return bytes.into();
        }
        let bytes = without_pin(bytes);
        let suspects = self.suspects(&bytes);
        if suspects.is_empty() {
            return bytes;
        }
        let mut nibbles = to_nibbles(&bytes);
        for (secret, hidden) in suspects {
            swap(&mut nibbles, secret, hidden);
        }
        to_bytes(&nibbles).into()
    }

    /// A response with its status word. What is no data object is treated like an object nobody knows.
    pub fn response<'a>(&self, response: &'a [u8]) -> Cow<'a, [u8]> {
        self.with_objects(response, data_field(response))
    }

    /// Data objects one after the other. What is none is treated like an object nobody knows.
    pub fn objects<'a>(&self, data: &'a [u8]) -> Cow<'a, [u8]> {
        self.with_objects(data, data)
    }

    /// Bytes that begin with data objects.
    fn with_objects<'a>(&self, bytes: &'a [u8], data: &[u8]) -> Cow<'a, [u8]> {
        if !self.is_on() {
            return bytes.into();
        }
        let mut masked = bytes.to_vec();
        for object in tlv::walk(data, Budget::default()) {
            match object {
                Ok((_, object)) if object.tag.is_constructed() => {}
                Ok((_, object)) => put(&mut masked, object.value_at, &self.hide(object.tag, object.value)),
                Err(error) => put(&mut masked, error.at, &vec![0xFF; data.len().saturating_sub(error.at)]),
            }
        }
        self.bytes(&masked).into_owned().into()
    }

    /// The value of an object.
    pub fn object<'a>(&self, tag: Tag, value: &'a [u8]) -> Cow<'a, [u8]> {
        if tag.is_constructed() {
            return self.objects(value);
        }
        match self.hide(tag, value) {
            Cow::Borrowed(shown) => self.bytes(shown),
            Cow::Owned(hidden) => self.bytes(&hidden).into_owned().into(),
        }
    }

    /// A sentence.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.words.iter().fold(text.into(), |text, ((_, secret), hidden)| match text.contains(secret) {
            true => text.replace(secret, hidden).into(),
            false => text,
        })
    }
}

impl Mask {
    /// The value as it may be seen.
    fn hide<'a>(&self, tag: Tag, value: &'a [u8]) -> Cow<'a, [u8]> {
        match tag {
            _ if !self.is_on() => value.into(),
            tags::PAN_5A => to_bytes(&self.hide_pan(&to_nibbles(value))).into(),
            // Kernel 3 keeps a card's CVM limit under Kernel 2's tag for a track.
            tags::TRACK_2_DATA_9F6B if value.len() == 6 => value.into(),
            tags::TRACK_2_EQUIVALENT_DATA_57 | tags::TRACK_2_DATA_9F6B => {
                let digits = to_nibbles(value);
                let length = digits.iter().position(|digit| *digit > 9).unwrap_or(digits.len());
                let (pan, rest) = digits.split_at_checked(length).unwrap_or((&digits, &[]));
                let mut hidden = self.hide_pan(pan);
                match self.style {
                    Style::Replaced => hidden.extend(replace::after_pan(rest)),
                    // The separator stays, so that the object is still recognised for what it is.
                    Style::Shown | Style::Hidden => {
                        hidden.extend(rest.iter().enumerate().map(|(at, digit)| if at == 0 { *digit } else { HIDDEN }));
                    }
                }
                to_bytes(&hidden).into()
            }
            tags::TRACK_1_DATA_56 if self.style == Style::Replaced => {
                replace::track_1(value, |pan| self.hide_pan(pan)).into()
            }
            tags::DD_CARD_TRACK2_DF812B if self.style == Style::Replaced => {
                to_bytes(&replace::digits(&to_nibbles(value))).into()
            }
            // A code that changes with every transaction, and not what Kernel 7 means by this tag.
            tags::CVC3_TRACK2_9F61 if self.style == Style::Replaced && value.len() == 2 => value.into(),
            _ if !(is_secret(tag) || self.style == Style::Replaced && is_private(tag)) => value.into(),
            _ => Cow::Owned(match (self.style, is_text(value)) {
                (Style::Replaced, true) if replace::is_name(tag) => replace::name(value.len()),
                (Style::Replaced, true) => vec![b'0'; value.len()],
                (Style::Replaced, false) => vec![0; value.len()],
                (Style::Shown | Style::Hidden, true) => vec![b'*'; value.len()],
                (Style::Shown | Style::Hidden, false) => vec![0xFF; value.len()],
            }),
        }
    }

    /// Keeps the first six and the last four digits; keeps nothing of what is too short for that.
    fn hide_pan(&self, digits: &[u8]) -> Vec<u8> {
        let length = digits.iter().position(|digit| *digit > 9).unwrap_or(digits.len());
        if self.style == Style::Replaced {
            let (pan, rest) = digits.split_at_checked(length).unwrap_or((digits, &[]));
            let replaced = self.pans.get(pan).cloned().unwrap_or_else(|| vec![0; pan.len()]);
            return [&replaced, rest].concat();
        }
        let kept = |at| length >= 13 && (at < 6 || at + 4 >= length);
        digits.iter().enumerate().map(|(at, digit)| if *digit > 9 || kept(at) { *digit } else { HIDDEN }).collect()
    }
}

fn is_text(value: &[u8]) -> bool {
    value.iter().all(|byte| (0x20..0x7F).contains(byte))
}

/// A response without its status word.
fn data_field(response: &[u8]) -> &[u8] {
    response.split_last_chunk::<2>().map_or(&[], |(data, _)| data)
}

fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
}

fn to_nibbles(bytes: &[u8]) -> Vec<u8> {
    nibbles(bytes).collect()
}

/// The last half-bytes, once another has come.
fn shift(last: Begin, nibble: u8) -> Begin {
    last << 4 | Begin::from(nibble)
}

fn to_bytes(nibbles: &[u8]) -> Vec<u8> {
    nibbles.chunks(2).map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble)).collect()
}

fn put(bytes: &mut [u8], at: usize, with: &[u8]) {
    if let Some(room) = bytes.get_mut(at..at + with.len()) {
        room.copy_from_slice(with);
    }
}

/// Puts one in the other's place wherever it occurs; both have the same length.
fn swap(text: &mut [u8], secret: &[u8], hidden: &[u8]) {
    for at in 0..(text.len() + 1).saturating_sub(secret.len()) {
        if let Some(window) = text.get_mut(at..at + secret.len()).filter(|window| **window == *secret) {
            window.copy_from_slice(hidden);
        }
    }
}
