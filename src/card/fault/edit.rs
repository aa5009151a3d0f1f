//! Changes of the data objects in an answer.

use serde::Deserialize;

use super::super::profile::ObjectName;
use crate::{
    data::text::HexText,
    tlv::{self, Tag, Writer, write_object},
};

/// A change of the objects of an answer. Objects are looked for on every level; where the answer has none of that tag, or is
/// no TLV, nothing happens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// The object is missing.
    Omit(ObjectName),
    /// The object comes twice.
    Duplicate(ObjectName),
    /// The object has no value.
    Empty(ObjectName),
    /// One bit in the middle of its value is wrong: a signature or cryptogram that is none.
    Corrupt(ObjectName),
    /// Its value goes on with zeros to 240 bytes.
    Oversize(ObjectName),
    /// The object has another value.
    Set(Put),
    /// The answer ends, inside its template, with one object more.
    Add(Put),
    /// The objects inside the template come in the opposite order.
    Reverse,
    /// The template's length is coded in another way.
    Lengths(Lengths),
}

/// An object with its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// Its tag or name.
    pub object: ObjectName,
    /// Its value.
    pub value: HexText,
}

/// A length of a template that is not the shortest, or not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lengths {
    /// In three bytes although fewer would do: right, but not minimal.
    Long,
    /// In five bytes, which EMV does not know.
    FiveBytes,
    /// `80`: indefinite, which EMV does not know.
    Indefinite,
    /// One byte more than there is.
    OneMore,
    /// One byte less than there is.
    OneLess,
    /// None: the answer ends after the tag.
    None,
}

/// How long an oversized value becomes.
pub(super) const OVERSIZE: usize = 240;

impl Edit {
    /// Changes the data of an answer, without status word.
    pub fn apply(&self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Omit(name) => rewrite(data, name.0, &|_, _, _| {}),
            Self::Duplicate(name) => rewrite(data, name.0, &|out, tag, value| {
                write_object(out, tag, value);
                write_object(out, tag, value);
            }),
            Self::Empty(name) => rewrite(data, name.0, &|out, tag, _| write_object(out, tag, &[])),
            Self::Corrupt(name) => with_value(data, name.0, &|value| {
                let middle = value.len() / 2;
                value.iter().enumerate().map(|(at, byte)| if at == middle { byte ^ 0x10 } else { *byte }).collect()
            }),
            Self::Oversize(name) => with_value(data, name.0, &|value| {
                let mut value = value.to_vec();
                value.resize(value.len().max(OVERSIZE), 0);
                value
            }),
            Self::Set(put) => with_value(data, put.object.0, &|_| put.value.0.clone()),
            Self::Add(put) => template(data, |out, inside| {
                out.raw(inside);
                out.object(put.object.0, &put.value.0);
            }),
            Self::Reverse => template(data, |out, inside| {
                let objects: Vec<_> = tlv::objects(inside).map_while(Result::ok).collect();
                objects.iter().rev().for_each(|object| out.object(object.tag, object.value));
            }),
            Self::Lengths(lengths) => lengths.apply(data),
        }
    }
}

/// Writes an object's tag and value, changed, to what comes out.
type Write<'a> = &'a dyn Fn(&mut Vec<u8>, Tag, &[u8]);

/// Writes the objects of `data` again, those with `tag` by `write`.
fn rewrite(data: &[u8], tag: Tag, write: Write<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for object in tlv::objects(data) {
        // What is no TLV stays as it is.
        let Ok(object) = object else { return data.to_vec() };
        if object.tag == tag {
            write(&mut out, tag, object.value);
        } else if object.tag.is_constructed() {
            write_object(&mut out, object.tag, &rewrite(object.value, tag, write));
        } else {
            write_object(&mut out, object.tag, object.value);
        }
    }
    out
}

fn with_value(data: &[u8], tag: Tag, value: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    rewrite(data, tag, &|out, tag, old| write_object(out, tag, &value(old)))
}

/// Fills the outermost template anew.
fn template(data: &[u8], fill: impl FnOnce(&mut Writer, &[u8])) -> Vec<u8> {
    let Some(Ok(object)) = tlv::objects(data).next().filter(is_template) else {
        return data.to_vec();
    };
    let mut out = Writer::new();
    out.nest(object.tag, |out| fill(out, object.value));
    out.finish()
}

fn is_template(object: &Result<tlv::Object<'_>, tlv::Error>) -> bool {
    object.is_ok_and(|object| object.tag.is_constructed())
}

impl Lengths {
    fn apply(self, data: &[u8]) -> Vec<u8> {
        let Some(Ok(object)) = tlv::objects(data).next() else { return data.to_vec() };
        let length = object.value.len();
        let [.., high, low] = length.to_be_bytes();
        let short = |length: usize| match u8::try_from(length).unwrap_or(u8::MAX) {
            short @ 0..=0x7F => vec![short],
            long => vec![0x81, long],
        };
        let field = match self {
            Self::Long => vec![0x82, high, low],
            Self::FiveBytes => vec![0x84, 0x00, 0x00, high, low],
            Self::Indefinite => vec![0x80],
            Self::OneMore => short(length + 1),
            Self::OneLess => short(length.saturating_sub(1)),
            Self::None => vec![],
        };
        let tag = data.get(object.at..object.at + object.tag.len()).unwrap_or_default();
        let value = if self == Self::None { &[] } else { object.value };
        [tag, &field, value].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(edit: &str, data: &str) -> String {
        #[derive(Deserialize)]
        struct Row {
            edit: Edit,
        }
        let row: Row = toml::from_str(&format!("edit = {edit}")).unwrap();
        hex::encode_upper(row.edit.apply(&hex::decode(data).unwrap()))
    }

    #[test]
    fn objects_are_changed_where_they_stand() {
        const ANSWER: &str = "770A 82022000 9F2702ABCD 90 00";
        let answer = ANSWER.replace(' ', "");
        for (edit, expected) in [
            ("{ omit = '82' }", "77079F2702ABCD9000"),
            ("{ omit = 'AIP' }", "77079F2702ABCD9000"),
            ("{ duplicate = '82' }", "770F82022000820220009F2702ABCD9000"),
            ("{ empty = '9F27' }", "7709820220009F27009000"),
            ("{ corrupt = '9F27' }", "770B820220009F2702ABDD9000"),
            ("{ set = { object = '82', value = 'FF' } }", "770A8201FF9F2702ABCD9000"),
            ("{ add = { object = '5A', value = '47' } }", "770E820220009F2702ABCD90005A0147"),
            ("'reverse'", "770B90009F2702ABCD82022000"),
            ("{ lengths = 'long' }", "7782000B820220009F2702ABCD9000"),
            ("{ lengths = 'indefinite' }", "7780820220009F2702ABCD9000"),
            ("{ lengths = 'one-more' }", "770C820220009F2702ABCD9000"),
            ("{ lengths = 'none' }", "77"),
            ("{ omit = '5A' }", "770B820220009F2702ABCD9000"),
        ] {
            assert_eq!(edited(edit, &answer.replace("770A", "770B")), expected, "{edit}");
        }
        assert_eq!(edited("{ omit = '82' }", "80062000"), "80062000", "no TLV");
    }
}
