//! What a subject supports: the Implementation Conformance Statement (`emvtap.ics/1`).
//!
//! Which items there are, of which kind, and which of them exclude others is data: `test-vectors/ics.toml`. An item may have
//! several values, if the subject can be configured to each: a case applies if it applies to one of the subject's configurations.

mod solve;
mod statement;
mod value;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use toml::Spanned;

use super::expression::{Expression, Tree, Wrong};
use crate::diag::{self, Problem};

pub use statement::Ics;
use value::Values;
pub use value::{Kind, Value};

const SCHEMA: &str = "emvtap.ics-items/1";
const FILE: &str = "test-vectors/ics.toml";

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
    /// The kernel identifier that a combination of the terminal profile says it with.
    #[serde(default)]
    pub(super) kernel: Option<String>,
    /// What a subject has that says nothing.
    pub(super) default: Values,
    /// What the built-in terminal can be configured to.
    pub(super) builtin: Values,
}

impl Item {
    /// What the option of a terminal profile says; of a list, whether there is something in it.
    pub(super) fn stated(&self, table: &toml::Table) -> Option<Value> {
        match (self.kind, statement::at(table, self.option.as_deref()?)?) {
            (Kind::Bool, toml::Value::Array(list)) => Some(Value::Bool(!list.is_empty())),
            (_, value) => Value::of(value),
        }
    }

    /// Says what the item can be, if it cannot be this.
    fn refuse(&self, value: &Value) -> Result<(), String> {
        let id = &self.id;
        match (self.kind, value) {
            (Kind::Bool, Value::Bool(_)) | (Kind::Number, Value::Number(0..)) => Ok(()),
            (Kind::Choice, Value::Word(word)) if self.words.contains(word) => Ok(()),
            (Kind::Bool, _) => Err(format!("`{id}` is true or false")),
            (Kind::Number, _) => Err(format!("`{id}` is a number")),
            (Kind::Choice, _) => Err(format!("`{id}` is one of {}", self.words.join(", "))),
        }
    }

    /// What it can be, as far as the numbers that it is compared with can tell.
    fn domain(&self, numbers: &[i64]) -> Vec<Value> {
        match self.kind {
            Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Kind::Choice => self.words.iter().cloned().map(Value::Word).collect(),
            Kind::Number => {
                let around = numbers.iter().flat_map(|number| [number - 1, *number, number + 1]);
                around.chain([0]).filter(|number| *number >= 0).map(Value::Number).collect()
            }
        }
    }
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

impl Rule {
    /// The rule as one expression: not `when`, or `then`.
    fn tree(&self) -> Tree {
        Tree::Or(Box::new(Tree::Not(Box::new(self.when.tree.clone()))), Box::new(self.then.tree.clone()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    item: Vec<Item>,
    rule: Vec<Row>,
    r#use: Vec<UseRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UseRow {
    word: String,
    of: Option<String>,
    needs: Spanned<String>,
}

/// What a case makes use of, and what that needs.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// What is made use of.
    pub word: String,
    /// The kernel whose to do it is: only cases that need this item need it.
    pub of: Option<String>,
    /// What is needed.
    pub needs: Expression,
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
    /// What a case may make use of.
    pub(super) uses: Vec<Use>,
}

static ITEMS: LazyLock<Result<Items, Problem>> =
    LazyLock::new(|| Items::parse(FILE, include_str!("../../../test-vectors/ics.toml")));
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
        let mut all = Self { items, ..Self::default() };
        let read = |all: &Self, part: &Spanned<String>| {
            let parsed = Expression::parse(part.get_ref()).and_then(|parsed| all.refuse(&parsed).map(|()| parsed));
            parsed.map_err(|wrong| wrong.in_file(file, text, part))
        };
        for row in written.rule {
            let (when, then) = (read(&all, &row.when)?, read(&all, &row.then)?);
            all.rules.push(Rule { when, then, text: row.text, spec: row.spec });
        }
        for UseRow { word, of, needs } in written.r#use {
            let needs = read(&all, &needs)?;
            all.uses.push(Use { word, of, needs });
        }
        Ok(all)
    }

    /// Whether some consistent ICS meets the expression.
    pub fn can_hold(&self, expression: &Expression) -> bool {
        let trees: Vec<Tree> = [expression.tree.clone()].into_iter().chain(self.rules.iter().map(Rule::tree)).collect();
        let numbers = |item: &str| -> Vec<i64> {
            let compared = trees.iter().flat_map(Tree::comparisons).filter(|comparison| comparison.item == item);
            let number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
            compared.filter_map(|comparison| number(&comparison.value)).collect()
        };
        let values = |item: &str| self.items.get(item).map_or(Vec::new(), |known| known.domain(&numbers(item)));
        solve::together(&trees, &values)
    }

    /// Refuses an expression over items that there are not, or with values that they cannot have.
    pub fn refuse(&self, expression: &Expression) -> Result<(), Wrong> {
        for comparison in expression.tree.comparisons() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::registry::Settings;

    #[test]
    fn the_built_in_items_can_be_read_and_have_values_that_they_can_have() {
        let items = ITEMS.as_ref().unwrap_or_else(|problem| panic!("{problem}"));
        for item in items.items.values() {
            for value in item.default.0.iter().chain(&item.builtin.0) {
                item.refuse(value).unwrap_or_else(|wrong| panic!("{wrong}"));
            }
        }
        for rule in &items.rules {
            assert!(items.can_hold(&rule.when) && items.can_hold(&rule.then), "{}", rule.text);
        }
    }

    /// The tables of a terminal profile that have options.
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Profile {
        kernel: Settings,
        entry: crate::entry::Options,
    }

    /// Options that are lists: their items ask whether there is something in it.
    const LISTS: [&str; 1] = ["unread-without-cda"];

    /// An item that a profile's option decides: the option takes each of its values, and has the default that the item says.
    #[test]
    fn options_are_those_of_the_kernels() {
        for item in Items::builtin().items.values() {
            let Some((table, name)) = item.option.as_ref().and_then(|option| option.rsplit_once('.')) else {
                continue;
            };
            let read = |value: &Value| {
                let value = match value {
                    Value::Word(word) => format!("'{word}'"),
                    Value::Bool(on) if LISTS.contains(&name) => if *on { "['08010100']" } else { "[]" }.to_owned(),
                    Value::Bool(on) => on.to_string(),
                    Value::Number(number) => number.to_string(),
                };
                toml::from_str::<Profile>(&format!("[{table}]\n{name} = {value}\n"))
            };
            for value in item.domain(&[]) {
                read(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            assert_eq!(item.builtin.0.len(), item.domain(&[]).len(), "{name}");
            let [default] = item.default.0.as_slice() else { panic!("{name}") };
            assert_eq!(read(default).unwrap(), Profile::default(), "{name}");
        }
    }

    #[test]
    fn expressions_over_what_there_is_not_are_refused_at_the_place() {
        for (text, at, message, hint) in [
            ("kernel.c9", 0..9, "the ICS has no item `kernel.c9`", "did you mean `kernel.c"),
            ("kernel.c3 and c3.refund", 14..23, "`c3.refund` is a choice", "compare it: `c3.refund = "),
            ("c3.refund = as-purchas", 12..22, "`c3.refund` is never `as-purchas`", "did you mean `as-purchase`?"),
            ("c3.refund = 3", 12..13, "`c3.refund` is compared with its words", ""),
            ("kernel.c3 > 3", 12..13, "`kernel.c3` stands alone, or is compared with yes or no", ""),
            ("c3.refund < as-purchase", 12..23, "`c3.refund` is no number; only `=` and `!=` compare it", ""),
            ("c3.dynamic-limit-sets", 0..21, "`c3.dynamic-limit-sets` is compared with a number", ""),
        ] {
            let wrong = Items::builtin().refuse(&Expression::parse(text).unwrap()).unwrap_err();
            assert_eq!((wrong.at, wrong.message.as_str()), (at, message), "{text}");
            assert!(wrong.hint.unwrap_or_default().starts_with(hint), "{text}");
        }
    }

    #[test]
    fn what_no_consistent_ics_meets_is_known() {
        let can = |text: &str| Items::builtin().can_hold(&Expression::parse(text).unwrap());
        assert!(can("c3.issuer-update and c3.modes = both"));
        assert!(!can("c3.issuer-update and c3.modes = offline-only"));
        assert!(!can("c3.dynamic-limit-sets > 3 and not c3.dynamic-limits"));
        assert!(can("c3.dynamic-limit-sets > 3 and c3.dynamic-limit-sets < 5"));
        assert!(!can("c3.dynamic-limit-sets > 3 and c3.dynamic-limit-sets < 4"));
    }
}
