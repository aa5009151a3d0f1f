//! JSON that is written straight into the text it belongs to: nothing is built first, and nothing allocated beside the text.
//! The text is bytes, so that a digit costs no more than a byte; what is written into it is UTF-8.

use std::borrow::Cow;

use crate::bytes::hex_digits;

/// What can stand behind the name of a field.
pub(super) trait Json {
    /// Writes the value at the end of `text`.
    fn write(&self, text: &mut Vec<u8>);
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Object<'a> {
    text: &'a mut Vec<u8>,
}

/// Writes an object with the fields that `fill` gives it.
pub(super) fn object(text: &mut Vec<u8>, fill: impl FnOnce(&mut Object<'_>)) {
    text.push(b'{');
    fill(&mut Object { text });
    text.push(b'}');
}

impl Object<'_> {
    /// Adds a field. Names are ours: nothing in them needs an escape.
    // Where the name is known its bytes are all that is left of this; a call would cost as much as most values.
    #[inline(always)]
    pub(super) fn field(&mut self, name: &str, value: impl Json) -> &mut Self {
        if self.text.last() != Some(&b'{') {
            self.text.push(b',');
        }
        self.text.push(b'"');
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"\":");
        value.write(self.text);
        self
    }
}

impl Json for &str {
    fn write(&self, text: &mut Vec<u8>) {
        // A vector takes everything.
        let _ = serde_json::to_writer(text, self);
    }
}

impl Json for Cow<'_, str> {
    fn write(&self, text: &mut Vec<u8>) {
        (&**self).write(text);
    }
}

/// Bytes are hex.
impl Json for &[u8] {
    fn write(&self, text: &mut Vec<u8>) {
        text.push(b'"');
        let begin = text.len();
        text.resize(begin + 2 * self.len(), 0);
        let digits = text.get_mut(begin..).unwrap_or_default();
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(*self) {
            *pair = hex_digits(*byte);
        }
        text.push(b'"');
    }
}

impl Json for Cow<'_, [u8]> {
    fn write(&self, text: &mut Vec<u8>) {
        (&**self).write(text);
    }
}

impl Json for u64 {
    fn write(&self, text: &mut Vec<u8>) {
        let begin = text.len();
        let mut rest = *self;
        loop {
            text.push(b'0' + u8::try_from(rest % 10).unwrap_or_default());
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        text.get_mut(begin..).unwrap_or_default().reverse();
    }
}

impl Json for bool {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

/// `null` where there is nothing.
impl<T: Json> Json for Option<T> {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(text),
            None => text.extend_from_slice(b"null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(value: impl Json) -> String {
        let mut text = Vec::new();
        value.write(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn every_text_is_read_as_it_was() {
        let controls: String = (0..0x20).chain([0x7F, 0x80, 0x9F]).filter_map(char::from_u32).collect();
        let nasty = ["", "plain", "\"", "\\", "a \"b\" c\\", "/", "\r\n\t", "≤ 12,50 €", "\u{2028}", "💳", &controls];
        for text in nasty.into_iter().map(str::to_owned).chain(controls.chars().map(String::from)) {
            let line = written(Cow::Borrowed(text.as_str()));
            assert!(!line.bytes().any(|byte| byte < 0x20), "{line}");
            assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
        }
    }

    #[test]
    fn every_number_is_written_as_serde_writes_it() {
        for number in [0, 1, 9, 10, 99, 100, 1_000_000, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            assert_eq!(written(number), number.to_string());
        }
    }

    #[test]
    fn fields_stand_in_the_order_they_are_given() {
        let mut text = Vec::new();
        object(&mut text, |object| {
            object.field("z", true).field("a", &[0x9F, 0x38][..]).field("brace", "{").field("none", None::<u64>);
        });
        assert_eq!(text, br#"{"z":true,"a":"9F38","brace":"{","none":null}"#);
        let value: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value, json!({ "z": true, "a": "9F38", "brace": "{", "none": null }));
        text.clear();
        object(&mut text, |_| ());
        assert_eq!(text, b"{}");
    }
}
