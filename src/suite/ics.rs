//! What a subject supports: the Implementation Conformance Statement (`emvtap.ics/1`).
//!
//! Which items there are, of which kind, and which of them exclude others is data: `test-vectors/ics.toml`. An item may have
//! several values, if the subject can be configured to each: a case applies if it applies to one of the subject's configurations.

use core::fmt;
use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use super::expression::{Expression, Wrong};
use crate::diag::{self, Problem};

const SCHEMA: &str = "emvtap.ics-items/1";
const FILE: &str = "test-vectors/ics.toml";

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
    pub(super) fn parse(text: &str) -> Self {
        match (text, text.parse()) {
            ("yes" | "true", _) => Self::Bool(true),
            ("no" | "false", _) => Self::Bool(false),
            (_, Ok(number)) => Self::Number(number),
            (_, Err(_)) => Self::Word(text.to_owned()),
        }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) => Kind::Number,
            Self::Word(_) => Kind::Choice,
        }
    }

    /// From TOML; `None` for what is no value.
    pub(super) fn of(value: &toml::Value) -> Option<Self> {
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
pub(super) struct Values(pub Vec<Value>);

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

/// What can be asked of a subject.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Item {
    /// Its name: `c3.issuer-update`.
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What it asks, in a line.
    pub text: String,
    /// Where it comes from.
    #[serde(default)]
    pub spec: String,
    /// The words of a choice.
    #[serde(default)]
    pub words: Vec<String>,
    /// The option of the terminal profile that says it: `kernel.c3.issuer-update`.
    #[serde(default)]
    pub(super) option: Option<String>,
    /// The bit of the TTQ that says it, byte and bit from 1.
    #[serde(default)]
    pub(super) ttq: Option<[u8; 2]>,
    /// What a subject has that says nothing.
    pub(super) default: Values,
    /// What the built-in terminal can be configured to.
    pub(super) builtin: Values,
}

/// What goes with what: if `when` holds, `then` does.
#[derive(Clone, Debug)]
pub struct Rule {
    /// If this holds …
    pub when: Expression,
    /// … this does.
    pub then: Expression,
    /// In words.
    pub text: String,
    /// Where it comes from.
    pub spec: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    item: Vec<Item>,
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    when: Spanned<String>,
    then: Spanned<String>,
    text: String,
    #[serde(default)]
    spec: String,
}

/// Every item, and what goes with what.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// By id.
    pub items: BTreeMap<String, Item>,
    /// In the order of the file.
    pub rules: Vec<Rule>,
}

static ITEMS: LazyLock<Result<Items, Problem>> =
    LazyLock::new(|| Items::parse(FILE, include_str!("../../test-vectors/ics.toml")));
static NONE: LazyLock<Items> = LazyLock::new(Items::default);

impl Items {
    /// The built-in ones.
    pub fn builtin() -> &'static Self {
        // That the built-in file can be read is tested.
        ITEMS.as_ref().unwrap_or(&NONE)
    }

    fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        let written: File = diag::from_toml(file, text)?;
        let items = written.item.into_iter().map(|item| (item.id.clone(), item)).collect();
        let mut all = Self { items, rules: Vec::new() };
        for row in written.rule {
            let read = |part: &Spanned<String>| {
                let parsed = Expression::parse(part.get_ref()).and_then(|parsed| all.refuse(&parsed).map(|()| parsed));
                parsed.map_err(|wrong| wrong.in_file(file, text, part))
            };
            let (when, then) = (read(&row.when)?, read(&row.then)?);
            all.rules.push(Rule { when, then, text: row.text, spec: row.spec });
        }
        Ok(all)
    }

    /// Refuses an expression over items that there are not, or with values that they cannot have.
    pub fn refuse(&self, expression: &Expression) -> Result<(), Wrong> {
        for comparison in expression.comparisons() {
            let name = comparison.item.as_str();
            let Some(item) = self.items.get(name) else {
                let wrong = Wrong::new(comparison.at.clone(), format!("the ICS has no item `{name}`"));
                return Err(wrong.hint(diag::suggest(name, self.items.keys().map(String::as_str))));
            };
            let at = comparison.value_at.clone();
            let wrong = |message: String| Err(Wrong::new(at.clone().unwrap_or(comparison.at.clone()), message));
            let words = item.words.iter().map(String::as_str);
            match (item.kind, &comparison.value) {
                (Kind::Choice, _) if at.is_none() => {
                    return wrong(format!("`{name}` is a choice")).map_err(|wrong: Wrong| {
                        wrong.hint(format!("compare it: `{name} = {}`", item.words.first().map_or("…", String::as_str)))
                    });
                }
                (Kind::Choice, Value::Word(word)) if !item.words.contains(word) => {
                    return wrong(format!("`{name}` is never `{word}`"))
                        .map_err(|wrong: Wrong| wrong.hint(diag::suggest(word, words)));
                }
                (kind, value) if kind != value.kind() => {
                    let wanted = match kind {
                        Kind::Bool => "stands alone, or is compared with yes or no",
                        Kind::Choice => "is compared with its words",
                        Kind::Number => "is compared with a number",
                    };
                    return wrong(format!("`{name}` {wanted}"));
                }
                (kind, _) if comparison.relation.is_order() && kind != Kind::Number => {
                    return wrong(format!("`{name}` is no number; only `=` and `!=` compare it"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
