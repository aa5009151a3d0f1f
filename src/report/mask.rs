//! Takes what identifies a cardholder out of everything that is shown: same length, and the same value everywhere.
//!
//! Two nets. Objects with a sensitive tag, and objects nobody knows, lose their value where they stand. What they held is
//! remembered, and its digits and letters disappear wherever else they turn up: as BCD, as ASCII, or inside a sentence.
//! A primary account number keeps its first six and last four digits (the most PCI DSS 3.4 lets people see).

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    data::dictionary as tags,
    tlv::{self, Budget, Tag},
};

mod private;
mod replace;

use private::without_pin;
pub(super) use private::{is_private, is_secret};

/// Fewer digits or letters than these turn up by chance.
const PAN_MIN: usize = 8;
const TEXT_MIN: usize = 5;

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
    pans: Vec<(Vec<u8>, Vec<u8>)>,
    /// Half-bytes to look for, and what takes their place.
    nibbles: Vec<(Vec<u8>, Vec<u8>)>,
    /// Which of them begin so: a log may have thousands of cards.
    begins: BTreeMap<[u8; PAN_MIN], Vec<usize>>,
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
        Self { style, pans: Vec::new(), nibbles: Vec::new(), begins: BTreeMap::new(), words: BTreeMap::new() }
    }

    /// Whether anything is hidden.
    pub fn is_on(&self) -> bool {
        self.style != Style::Shown
    }

    /// Remembers what the sensitive objects in a card's answer hold.
    pub fn learn(&mut self, response: &[u8]) {
        if !self.is_on() {
            return;
        }
        for (_, object) in tlv::walk(data_field(response), Budget::default()).map_while(Result::ok) {
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
            if hidden != value {
                self.learn_nibbles(to_nibbles(value), to_nibbles(&hidden));
            }
        }
    }

    fn learn_pan(&mut self, digits: &[u8]) {
        if digits.len() < PAN_MIN {
            return;
        }
        if self.style == Style::Replaced && !self.pans.iter().any(|(known, _)| *known == digits) {
            let replacement = replace::test_pan(digits, self.pans.len() + 1);
            self.pans.push((digits.to_vec(), replacement));
        }
        let hidden = self.hide_pan(digits);
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
        let Some(begin) = secret.first_chunk() else { return };
        let alike = self.begins.entry(*begin).or_default();
        if !alike.iter().any(|at| self.nibbles.get(*at).is_some_and(|(known, _)| *known == secret)) {
            alike.push(self.nibbles.len());
            self.nibbles.push((secret, hidden));
        }
    }

    fn learn_pair(&mut self, secret: String, hidden: String) {
        self.words.entry((Reverse(secret.len()), secret)).or_insert(hidden);
    }

    /// What may stand in some half-bytes, the longest first.
    fn suspects(&self, nibbles: &[u8]) -> Vec<&(Vec<u8>, Vec<u8>)> {
        let begins = nibbles.windows(PAN_MIN).filter_map(|begin| self.begins.get(begin));
        let known = begins.flatten().filter_map(|at| self.nibbles.get(*at).map(|pair| (Reverse(pair.0.len()), *at)));
        known.collect::<BTreeSet<_>>().into_iter().filter_map(|(_, at)| self.nibbles.get(at)).collect()
    }

    /// A command, or any other bytes whose structure nobody knows.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        if !self.is_on() {
            return bytes.to_vec();
        }
        let bytes = &without_pin(bytes);
        let mut nibbles = to_nibbles(bytes);
        for (secret, hidden) in self.suspects(&to_nibbles(bytes)) {
            swap(&mut nibbles, secret, hidden);
        }
        to_bytes(&nibbles)
    }

    /// A response with its status word. What is no data object is treated like an object nobody knows.
    pub fn response(&self, response: &[u8]) -> Vec<u8> {
        let mut masked = response.to_vec();
        if !self.is_on() {
            return masked;
        }
        let data = data_field(response);
        for object in tlv::walk(data, Budget::default()) {
            match object {
                Ok((_, object)) if object.tag.is_constructed() => {}
                Ok((_, object)) => {
                    let hidden = self.hide(object.tag, object.value);
                    put(&mut masked, object.value_at, &hidden);
                }
                Err(error) => put(&mut masked, error.at, &vec![0xFF; data.len().saturating_sub(error.at)]),
            }
        }
        self.bytes(&masked)
    }

    /// The value of an object.
    pub fn object(&self, tag: Tag, value: &[u8]) -> Vec<u8> {
        if !self.is_on() {
            value.to_vec()
        } else if tag.is_constructed() {
            // A template is a response without a status word.
            let mut masked = self.response(&[value, &[0, 0]].concat());
            masked.truncate(value.len());
            masked
        } else {
            self.bytes(&self.hide(tag, value))
        }
    }

    /// A sentence.
    pub fn text(&self, text: &str) -> String {
        if !self.is_on() {
            return text.to_owned();
        }
        self.words.iter().fold(text.to_owned(), |text, ((_, secret), hidden)| text.replace(secret.as_str(), hidden))
    }
}

impl Mask {
    /// The value as it may be seen.
    fn hide(&self, tag: Tag, value: &[u8]) -> Vec<u8> {
        let digits = to_nibbles(value);
        match tag {
            tags::PAN_5A => to_bytes(&self.hide_pan(&digits)),
            // Kernel 3 keeps a card's CVM limit under Kernel 2's tag for a track.
            tags::TRACK_2_DATA_9F6B if value.len() == 6 => value.to_vec(),
            tags::TRACK_2_EQUIVALENT_DATA_57 | tags::TRACK_2_DATA_9F6B => {
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
                to_bytes(&hidden)
            }
            tags::TRACK_1_DATA_56 if self.style == Style::Replaced => replace::track_1(value, |pan| self.hide_pan(pan)),
            tags::DD_CARD_TRACK2_DF812B if self.style == Style::Replaced => to_bytes(&replace::digits(&digits)),
            // A code that changes with every transaction, and not what Kernel 7 means by this tag.
            tags::CVC3_TRACK2_9F61 if self.style == Style::Replaced && value.len() == 2 => value.to_vec(),
            _ if !(is_secret(tag) || self.style == Style::Replaced && is_private(tag)) => value.to_vec(),
            _ => match (self.style, is_text(value)) {
                (Style::Replaced, true) if replace::is_name(tag) => replace::name(value.len()),
                (Style::Replaced, true) => vec![b'0'; value.len()],
                (Style::Replaced, false) => vec![0; value.len()],
                (Style::Shown | Style::Hidden, true) => vec![b'*'; value.len()],
                (Style::Shown | Style::Hidden, false) => vec![0xFF; value.len()],
            },
        }
    }

    /// Keeps the first six and the last four digits; keeps nothing of what is too short for that.
    fn hide_pan(&self, digits: &[u8]) -> Vec<u8> {
        let length = digits.iter().position(|digit| *digit > 9).unwrap_or(digits.len());
        if self.style == Style::Replaced {
            let (pan, rest) = digits.split_at_checked(length).unwrap_or((digits, &[]));
            let known = self.pans.iter().find(|(known, _)| known == pan);
            let replaced = known.map_or_else(|| vec![0; pan.len()], |(_, replacement)| replacement.clone());
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

fn to_nibbles(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    const PAN: &str = "4761739001010119";

    fn from_hex(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }

    fn masked(mask: &Mask, response: &str) -> String {
        hex::encode_upper(mask.response(&from_hex(response)))
    }

    #[test]
    fn an_account_number_keeps_its_ends_wherever_it_stands() {
        let mut mask = Mask::on();
        let record = "7014 5A084761739001010119 5F3401 01 5F24 03 281231 9000".replace(' ', "");
        mask.learn(&from_hex(&record));
        assert_eq!(masked(&mask, &record), record.replace(PAN, "476173FFFFFF0119"));
        assert_eq!(mask.bytes(&from_hex("00DA4761739001010119")), from_hex("00DA476173FFFFFF0119"));
        // Shifted by half a byte, as in a cryptogram's input.
        assert_eq!(mask.bytes(&from_hex("147617390010101190")), from_hex("1476173FFFFFF01190"));
        assert_eq!(mask.text("card 4761739001010119 is stolen"), "card 476173******0119 is stolen");
    }

    #[test]
    fn track_two_keeps_no_more_than_its_account_number_does() {
        let mut mask = Mask::on();
        let track = "7713 5711 4761739001010119D31122011143804400 9000";
        mask.learn(&from_hex(track));
        assert_eq!(masked(&mask, track), "77135711476173FFFFFF0119DFFFFFFFFFFFFFFFFF9000");
        assert_eq!(mask.text(PAN), "476173******0119", "learnt from the track");
    }

    #[test]
    fn a_name_disappears_from_track_one_and_from_sentences() {
        let mut mask = Mask::on();
        mask.learn_object(tags::CARDHOLDER_NAME_5F20, b"DOE/JANE                  ");
        assert_eq!(mask.text("DOE/JANE pays"), "******** pays");
        assert_eq!(mask.bytes(b"^DOE/JANE^"), b"^********^");
        let record = [&[0x70, 0x0B, 0x5F, 0x20, 0x08][..], b"DOE/JANE", &[0x90, 0x00]].concat();
        assert_eq!(mask.response(&record), [&[0x70, 0x0B, 0x5F, 0x20, 0x08][..], b"********", &[0x90, 0x00]].concat());
    }

    #[test]
    fn an_empty_name_hides_nothing_else() {
        let mut mask = Mask::on();
        mask.learn_object(tags::CARDHOLDER_NAME_5F20, b" /");
        assert_eq!(mask.bytes(&[0x20, 0x2F, 0x20]), [0x20, 0x2F, 0x20]);
    }

    #[test]
    fn objects_nobody_knows_and_bytes_that_are_no_objects_disappear() {
        let mask = Mask::on();
        assert_eq!(masked(&mask, "7004 DF7D01AA 9000"), "7004DF7D01FF9000");
        assert_eq!(masked(&mask, "70FF 5A084761 9000"), "70FFFFFFFFFF9000");
        assert_eq!(masked(&mask, "6A82"), "6A82");
    }

    #[test]
    fn data_for_a_merchant_are_seen_and_not_shared() {
        let record = "70079F7C0401020304 9000".replace(' ', "");
        assert_eq!(masked(&Mask::on(), &record), record);
        assert_eq!(masked(&Mask::replacing(), &record), "70079F7C0400000000 9000".replace(' ', ""));
    }

    #[test]
    fn nothing_is_hidden_on_demand() {
        let mut mask = Mask::off();
        let record = "700A5A0847617390010101199000";
        mask.learn(&from_hex(record));
        assert_eq!(masked(&mask, record), record);
        assert_eq!(mask.text(PAN), PAN);
    }

    #[test]
    fn lengths_never_change() {
        let mut mask = Mask::on();
        for value in [&[][..], &[0x47], &[0x47; 10], &[0xFF; 8], &[0xD4; 19]] {
            for tag in tags::ROWS.iter().map(|row| row.tag).chain([Tag::new(0xDF7D)]) {
                mask.learn_object(tag, value);
                assert_eq!(mask.object(tag, value).len(), value.len(), "{tag}");
            }
        }
    }
}
