//! JSON that is written straight into the text it belongs to: nothing is built first, and nothing allocated beside the text.

use std::borrow::Cow;

use crate::bytes::Hex;

/// What can stand behind the name of a field.
pub(super) trait Json {
    /// Writes the value at the end of `text`.
    fn write(&self, text: &mut String);
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Object<'a> {
    text: &'a mut String,
}

/// Writes an object with the fields that `fill` gives it.
pub(super) fn object(text: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    text.push('{');
    fill(&mut Object { text });
    text.push('}');
}

impl Object<'_> {
    /// Adds a field. Names are ours: nothing in them needs an escape.
    pub(super) fn field(&mut self, name: &str, value: impl Json) -> &mut Self {
        let before = if self.text.ends_with('{') { "\"" } else { ",\"" };
        self.text.extend([before, name, "\":"]);
        value.write(self.text);
        self
    }
}

impl Json for &str {
    fn write(&self, text: &mut String) {
        // Not `any`: without a way out in the middle, many bytes are looked at in one go.
        let is_special = |byte| matches!(byte, b'"' | b'\\' | 0..0x20);
        if self.bytes().fold(false, |found, byte| found | is_special(byte)) {
            text.push_str(&serde_json::to_string(self).unwrap_or_default());
        } else {
            text.extend(["\"", self, "\""]);
        }
    }
}

impl Json for Cow<'_, str> {
    fn write(&self, text: &mut String) {
        (&**self).write(text);
    }
}

/// Bytes are hex.
impl Json for &[u8] {
    fn write(&self, text: &mut String) {
        text.push('"');
        // A string takes everything.
        let _ = Hex(self).write_to(text);
        text.push('"');
    }
}

impl Json for Cow<'_, [u8]> {
    fn write(&self, text: &mut String) {
        (&**self).write(text);
    }
}

impl Json for u64 {
    fn write(&self, text: &mut String) {
        let mut digits = [b'0'; 20];
        let (mut rest, mut begin) = (*self, digits.len());
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(rest % 10).unwrap_or_default();
            begin -= 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let digits = digits.get(begin..).unwrap_or_default();
        text.push_str(core::str::from_utf8(digits).unwrap_or_default());
    }
}

impl Json for bool {
    fn write(&self, text: &mut String) {
        text.push_str(if *self { "true" } else { "false" });
    }
}

/// `null` where there is nothing.
impl<T: Json> Json for Option<T> {
    fn write(&self, text: &mut String) {
        match self {
            Some(value) => value.write(text),
            None => text.push_str("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(value: impl Json) -> String {
        let mut text = String::new();
        value.write(&mut text);
        text
    }

    #[test]
    fn every_text_is_written_as_serde_writes_it() {
        let controls: String = (0..0x20).chain([0x7F, 0x80, 0x9F]).filter_map(char::from_u32).collect();
        let nasty = ["", "plain", "\"", "\\", "a \"b\" c\\", "/", "\r\n\t", "≤ 12,50 €", "\u{2028}", "💳", &controls];
        for text in nasty.into_iter().map(str::to_owned).chain(controls.chars().map(String::from)) {
            assert_eq!(written(text.as_str()), serde_json::to_string(&text).unwrap());
            assert_eq!(serde_json::from_str::<String>(&written(Cow::Borrowed(text.as_str()))).unwrap(), text);
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
        let mut text = String::new();
        object(&mut text, |object| {
            object.field("z", true).field("a", &[0x9F, 0x38][..]).field("brace", "{").field("none", None::<u64>);
        });
        assert_eq!(text, r#"{"z":true,"a":"9F38","brace":"{","none":null}"#);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value, json!({ "z": true, "a": "9F38", "brace": "{", "none": null }));
        text.clear();
        object(&mut text, |_| ());
        assert_eq!(text, "{}");
    }
}
