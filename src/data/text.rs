//! Values as people write them in profile files.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{
    Scope,
    dictionary::{self, Format},
};
use crate::{diag::DateText, tlv::Tag};

/// Bytes written as hex digits; blanks between bytes are welcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HexText(pub Vec<u8>);

impl core::str::FromStr for HexText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text.split_whitespace().collect();
        if let Some(wrong) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("`{wrong}` is no hex digit"));
        }
        hex::decode(&digits).map(Self).map_err(|_| format!("an odd number of hex digits: {}", digits.len()))
    }
}

impl<'de> Deserialize<'de> for HexText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Exactly `N` bytes, written as hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HexArray<const N: usize>(pub [u8; N]);

impl<'de, const N: usize> Deserialize<'de> for HexArray<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let HexText(bytes) = HexText::deserialize(deserializer)?;
        let found = bytes.len();
        bytes.try_into().map(Self).map_err(|_| D::Error::custom(format!("wanted {N} bytes, found {found}")))
    }
}

/// The value of a data object: hex, a number for numeric objects, or `{ text = … }`, `{ date = … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectValue {
    /// Hex digits.
    Hex(Vec<u8>),
    /// A number, for objects in format n with a fixed length.
    Number(u64),
    /// Text, for objects in formats a, an and ans.
    Text(String),
    /// A date as `YYMMDD` in BCD.
    Date([u8; 3]),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Text(String),
    Date(DateText),
}

impl ObjectValue {
    /// The bytes of the object `tag`, whose meaning is the scope's; an error in words.
    pub fn bytes(&self, tag: Tag, scope: Option<Scope>) -> Result<Vec<u8>, String> {
        match self {
            Self::Hex(bytes) => Ok(bytes.clone()),
            Self::Text(text) if text.is_ascii() => Ok(text.clone().into_bytes()),
            Self::Text(text) => Err(format!("`{text}` is not ASCII; write its bytes as hex")),
            Self::Date(date) => Ok(date.to_vec()),
            Self::Number(number) => numeric(tag, scope, *number),
        }
    }
}

fn numeric(tag: Tag, scope: Option<Scope>, number: u64) -> Result<Vec<u8>, String> {
    let meaning = match scope {
        Some(scope) => dictionary::row(tag, scope),
        None => dictionary::rows(tag).first(),
    };
    let length = match meaning {
        Some(row) if row.format == Format::N && row.min == row.max => usize::from(row.max),
        _ => return Err(format!("{tag} is not numeric with a fixed length; write its bytes as a hex string")),
    };
    let digits = format!("{number:0width$}", width = 2 * length);
    hex::decode(&digits)
        .ok()
        .filter(|bytes| bytes.len() == length)
        .ok_or(format!("{tag} has at most {} digits", 2 * length))
}

impl<'de> Deserialize<'de> for ObjectValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = ObjectValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hex string, a number, { text = \"…\" } or { date = \"2030-12-31\" }")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ObjectValue, E> {
        text.parse().map(|HexText(bytes)| ObjectValue::Hex(bytes)).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<ObjectValue, E> {
        u64::try_from(number).map(ObjectValue::Number).map_err(|_| E::custom("a number here is not negative"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ObjectValue, A::Error> {
        match Written::deserialize(MapAccessDeserializer::new(map))? {
            Written::Text(text) => Ok(ObjectValue::Text(text)),
            Written::Date(DateText(date)) => Ok(ObjectValue::Date(date.to_bcd())),
        }
    }
}

/// A tag written as hex (`9F66`) or by the object's name in the books (`TTQ`, `Terminal Transaction Qualifiers`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagText(pub Tag);

impl core::str::FromStr for TagText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let tag = dictionary::tag_named(text, None).map_err(|hint| format!("`{text}` names no data object; {hint}"))?;
        Ok(Self(tag))
    }
}

impl<'de> Deserialize<'de> for TagText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Another value for a data object of a terminal: its tag in hex or its name, and the value in hex. An error in words.
pub fn terminal_object(name: &str, value: &str) -> Result<(Tag, Vec<u8>), String> {
    let tag = dictionary::tag_named(name.trim(), Some(Scope::EntryPoint))
        .map_err(|hint| format!("no single data object is called `{name}`; {hint}"))?;
    let HexText(value) = value.parse().map_err(|wrong| format!("the value `{value}` is not hex: {wrong}"))?;
    match dictionary::rows(tag) {
        rows @ [row, ..] if !rows.iter().any(|row| row.allows(value.len())) => {
            Err(format!("{} ({tag}) has {}, found {}", row.name, row.lengths(), value.len()))
        }
        _ => Ok((tag, value)),
    }
}
