//! What one subject says of itself (`emvtap.ics/1`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{Items, Kind, Value, Values, solve};
use crate::{
    bytes::Hex,
    diag::{self, Problem},
    suite::expression::{Expression, Tree},
};

const SCHEMA: &str = "emvtap.ics/1";

/// What a subject supports: each item with the values it can be configured to, one for most.
///
/// ```
/// use emvtap::suite::{expression::Expression, ics::Ics};
///
/// let ics = Ics::parse("ics.toml", "schema = 'emvtap.ics/1'\n[items]\n'c3.issuer-update' = false\n").unwrap();
/// let expression = Expression::parse("c3.issuer-update").unwrap();
/// assert!(!ics.meets(&expression));
/// assert_eq!(ics.why_not(&expression), "c3.issuer-update is no");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ics {
    values: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    #[serde(default, rename = "title")]
    _title: String,
    #[serde(default)]
    items: BTreeMap<String, Spanned<Values>>,
}

impl Ics {
    /// Of the built-in subject, which can be configured to whatever a case wants.
    pub fn builtin() -> Self {
        Self::of(|item| item.builtin.0.clone())
    }

    /// Of a subject that says nothing.
    pub fn usual() -> Self {
        Self::of(|item| item.default.0.clone())
    }

    fn of(values: impl Fn(&super::Item) -> Vec<Value>) -> Self {
        let items = &Items::builtin().items;
        Self { values: items.iter().map(|(id, item)| (id.clone(), values(item))).collect() }
    }

    /// What the profile of a terminal implies: its options, and what its TTQ say. `table`: the profile's text as a table.
    pub fn of_terminal(table: &toml::Table) -> Self {
        let mut said = BTreeSet::new();
        let mut ics = Self::of(|item| match implied(item, table) {
            Some(value) => vec![value],
            None => item.default.0.clone(),
        });
        let items = &Items::builtin().items;
        said.extend(items.values().filter(|item| implied(item, table).is_some()).map(|item| item.id.clone()));
        // What the profile does not say gives way to what it says: nobody wrote issuer update into an offline-only terminal.
        while let Some((_, about)) = ics.inconsistency() {
            let open: Vec<_> =
                about.iter().filter(|id| said.insert((*id).clone())).filter_map(|id| items.get(id)).collect();
            if open.is_empty() {
                break;
            }
            ics.values.extend(open.into_iter().map(|item| (item.id.clone(), item.domain(&[]))));
        }
        ics
    }

    /// Reads an ICS. What it does not state is as it usually is.
    ///
    /// # Errors
    /// An item that there is not, a value that it cannot have, or two that exclude each other.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        Self::usual().with(file, text)
    }

    /// The same with what an ICS file states.
    pub fn with(mut self, file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        let written: File = diag::from_toml(file, text)?;
        let places = diag::Places::of(file, text, str::to_owned);
        for (name, values) in &written.items {
            let path = ["items".to_owned(), name.clone()];
            let items = Items::builtin();
            let item = items.items.get(name).ok_or_else(|| {
                let problem = places.problem_at_key(&path, format!("the ICS has no item `{name}`"));
                problem.hint(diag::suggest(name, items.items.keys().map(String::as_str)))
            })?;
            for value in &values.get_ref().0 {
                item.refuse(value).map_err(|wrong| Problem::at(file, text, values.span(), wrong))?;
            }
            self.values.insert(name.clone(), values.get_ref().0.clone());
        }
        self.inconsistency().map_or(Ok(self), |(rule, items)| {
            let stated = items.iter().find(|item| written.items.contains_key(*item));
            let path = ["items".to_owned(), stated.cloned().unwrap_or_default()];
            let spec = if rule.spec.is_empty() { String::new() } else { format!(" ({})", rule.spec) };
            let problem = places.problem(&path, format!("{}{spec}", rule.text));
            Err(problem.hint(format!("where `{}` holds, `{}` must", rule.when, rule.then)))
        })
    }

    /// A rule that no configuration of the subject keeps, and the items that it is about.
    fn inconsistency(&self) -> Option<(&'static super::Rule, Vec<String>)> {
        let values = |item: &str| self.values(item);
        let mut kept: Vec<Tree> = Vec::new();
        for rule in &Items::builtin().rules {
            kept.push(rule.tree());
            if !solve::together(&kept, &values) {
                let items = rule.tree().comparisons().iter().map(|comparison| comparison.item.clone()).collect();
                return Some((rule, items));
            }
        }
        None
    }

    fn values(&self, item: &str) -> Vec<Value> {
        self.values.get(item).cloned().unwrap_or_default()
    }

    /// Whether some configuration of the subject meets the expression.
    pub fn meets(&self, expression: &Expression) -> bool {
        let rules = Items::builtin().rules.iter().map(super::Rule::tree);
        let trees: Vec<Tree> = [expression.tree.clone()].into_iter().chain(rules).collect();
        solve::together(&trees, &|item| self.values(item))
    }

    /// What the subject says of the items of an expression that it does not meet: `c3.issuer-update is no`.
    pub fn why_not(&self, expression: &Expression) -> String {
        let mut said: Vec<String> = Vec::new();
        for comparison in expression.tree.comparisons() {
            let line = format!("{} is {}", comparison.item, shown(&self.values(&comparison.item)));
            if !said.contains(&line) {
                said.push(line);
            }
        }
        said.join(", ")
    }

    /// Item → value, as reports show it.
    pub fn shown(&self) -> BTreeMap<String, String> {
        self.values.iter().map(|(item, values)| (item.clone(), shown(values))).collect()
    }

    /// SHA-256 over the items in alphabetical order, one `item = value` a line; upper-case hex.
    pub fn digest(&self) -> String {
        let lines: String = self.shown().iter().map(|(item, value)| format!("{item} = {value}\n")).collect();
        Hex(&Sha256::digest(lines.as_bytes())).to_string()
    }
}

/// What the profile of a terminal says of an item.
fn implied(item: &super::Item, table: &toml::Table) -> Option<Value> {
    if let Some(kernel) = &item.kernel {
        let mut combinations = table.get("combination").and_then(toml::Value::as_array).into_iter().flatten();
        let is_meant =
            |combination: &toml::Value| combination.get("kernel").and_then(toml::Value::as_str) == Some(kernel);
        return Some(Value::Bool(combinations.any(is_meant)));
    }
    let bit = item.ttq.map(|place| has_ttq_bit(table, place));
    match (item.kind, bit) {
        (Kind::Bool, Some(bit)) => Some(Value::Bool(bit)),
        // The first word of a choice is what the bit says.
        (Kind::Choice, Some(true)) => item.words.first().cloned().map(Value::Word),
        _ => item.stated(table),
    }
}

fn shown(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

/// What stands at a path of keys with dots between them.
pub(super) fn at<'a>(table: &'a toml::Table, path: &str) -> Option<&'a toml::Value> {
    match path.split_once('.') {
        Some((key, rest)) => at(table.get(key)?.as_table()?, rest),
        None => table.get(path),
    }
}

/// Whether a combination of Kernel 3 has this bit in its TTQ; byte and bit from 1.
fn has_ttq_bit(table: &toml::Table, [byte, bit]: [u8; 2]) -> bool {
    let combinations = table.get("combination").and_then(toml::Value::as_array).into_iter().flatten();
    let ttq = |combination: &toml::Value| -> Option<Vec<u8>> {
        let text = |key| combination.get(key).and_then(toml::Value::as_str);
        let crate::data::text::HexText(ttq) = text("ttq").filter(|_| text("kernel") == Some("03"))?.parse().ok()?;
        Some(ttq)
    };
    let set = |ttq: Vec<u8>| ttq.get(usize::from(byte) - 1).is_some_and(|byte| byte >> (bit - 1) & 1 == 1);
    combinations.filter_map(ttq).any(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ics(items: &str) -> Result<Ics, Problem> {
        Ics::parse("ics.toml", &format!("schema = 'emvtap.ics/1'\n[items]\n{items}"))
    }

    fn refused(items: &str) -> String {
        ics(items).unwrap_err().to_string()
    }

    fn meets(ics: &Ics, text: &str) -> bool {
        let expression = Expression::parse(text).unwrap();
        Items::builtin().refuse(&expression).unwrap();
        ics.meets(&expression)
    }

    #[test]
    fn what_can_be_configured_meets_either() {
        let both = ics("'c3.issuer-update' = [true, false]\n'c3.refund' = ['as-purchase', 'account-data']\n").unwrap();
        for text in ["c3.issuer-update", "not c3.issuer-update", "c3.refund = as-purchase", "c3.refund != as-purchase"]
        {
            assert!(meets(&both, text), "{text}");
        }
        assert!(!meets(&both, "c3.issuer-update and not c3.issuer-update"));
        assert!(!meets(&both, "c3.refund = end-application"));
        let wanted = Expression::parse("c3.refund = end-application or not kernel.c3").unwrap();
        assert_eq!(both.why_not(&wanted), "c3.refund is as-purchase or account-data, kernel.c3 is yes");
    }

    #[test]
    fn an_item_that_is_not_there_and_a_value_it_cannot_have_are_shown() {
        assert_eq!(
            refused("'c3.isuer-update' = true\n"),
            "ics.toml:3:1: the ICS has no item `c3.isuer-update`\n  |\n3 | 'c3.isuer-update' = true\n  | ^^^^^^^^^^^^^^^^^\n\n\
             hint: did you mean `c3.issuer-update`?"
        );
        assert!(refused("'c3.issuer-update' = 3\n").contains("`c3.issuer-update` is true or false"));
        assert!(refused("'c3.refund' = 'as-purchas'\n").contains("`c3.refund` is one of as-purchase, "));
        assert!(refused("'c3.dynamic-limit-sets' = 'many'\n").contains("`c3.dynamic-limit-sets` is a number"));
        assert!(refused("'c3.refund' = []\n").contains("wanted true, false, a number, a word, or a list of them"));
    }

    /// The exclusions that the public ICS form of C-3 states.
    #[test]
    fn an_ics_that_contradicts_itself_is_refused_with_the_rule() {
        let text = refused("'c3.modes' = 'offline-only'\n'c3.issuer-update' = true\n'c3.online-pin' = false\n");
        assert!(text.contains("offline-only") && text.contains("ics.toml:"), "{text}");
        let text = refused("'c3.modes' = 'online-only'\n'c3.expiration-check' = true\n");
        assert!(
            text.starts_with("ics.toml:3:14: ") && text.contains("hint: where `c3.modes = online-only` holds"),
            "{text}"
        );
        ics("'c3.modes' = 'online-only'\n'c3.expiration-check' = false\n").unwrap();
        // Configurable to something that goes together.
        ics("'c3.modes' = 'online-only'\n'c3.expiration-check' = [true, false]\n").unwrap();
    }

    #[test]
    fn the_built_in_subject_and_the_usual_one_are_consistent() {
        for ics in [Ics::builtin(), Ics::usual()] {
            assert_eq!(ics.inconsistency().map(|(rule, _)| &rule.text), None);
        }
        assert_ne!(Ics::builtin().digest(), Ics::usual().digest());
    }

    #[test]
    fn a_terminal_profile_implies_options_and_what_its_ttq_say() {
        let table = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        let ics = Ics::of_terminal(&table(
            "[[combination]]\nkernel = '03'\nttq = '32000000'\n[[combination]]\nkernel = '02'\nttq = '04000000'\n\
             [kernel.c3]\nissuer-update = false\nrefund = 'as-purchase'\n",
        ));
        assert!(meets(&ics, "c3.signature and not c3.online-pin and not c3.issuer-update and c3.refund = as-purchase"));
        assert!(meets(&ics, "kernel.c2 and kernel.c3 and not kernel.c4"));
        let ics = Ics::of_terminal(&table("[[combination]]\nkernel = '03'\nttq = '28000000'\n"));
        assert!(meets(&ics, "c3.modes = offline-only and not kernel.c2"));
    }
}
