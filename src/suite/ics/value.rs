//! Values of the items: a word, a number, yes or no.

use core::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};

/// What an item can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Supported or not.
    Bool(bool),
    /// How many, how long.
    Number(i64),
    /// One of some words.
    Word(String),
}

impl Value {
    /// As expressions write it: `yes`, `no`, a number, a word.
    pub(in crate::suite) fn parse(text: &str) -> Self {
        match (text, text.parse()) {
            ("yes" | "true", _) => Self::Bool(true),
            ("no" | "false", _) => Self::Bool(false),
            (_, Ok(number)) => Self::Number(number),
            (_, Err(_)) => Self::Word(text.to_owned()),
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) => Kind::Number,
            Self::Word(_) => Kind::Choice,
        }
    }

    /// From TOML; `None` for what is no value.
    pub(in crate::suite) fn of(value: &toml::Value) -> Option<Self> {
        match value {
            toml::Value::Boolean(value) => Some(Self::Bool(*value)),
            toml::Value::Integer(value) => Some(Self::Number(*value)),
            toml::Value::String(value) => Some(Self::Word(value.clone())),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// One value, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::suite) struct Values(pub Vec<Value>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("wanted true, false, a number, a word, or a list of them");
        let one = |value: &toml::Value| Value::of(value).ok_or_else(wrong);
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Array(values) if values.is_empty() => Err(wrong()),
            toml::Value::Array(values) => values.iter().map(one).collect::<Result<_, _>>().map(Self),
            value => one(&value).map(|value| Self(vec![value])),
        }
    }
}

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Supported or not.
    Bool,
    /// One of some words.
    Choice,
    /// A number.
    Number,
}
