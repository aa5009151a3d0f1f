//! Whether expressions can hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::Value;
use crate::suite::expression::Tree;

/// Whether some choice among the values of each item makes all expressions hold. `values`: what an item can be.
pub(super) fn together(trees: &[Tree], values: &dyn Fn(&str) -> Vec<Value>) -> bool {
    let mut items: Vec<&str> = Vec::new();
    let mut known = BTreeSet::new();
    for item in trees.iter().flat_map(Tree::comparisons).map(|comparison| comparison.item.as_str()) {
        if known.insert(item) {
            items.push(item);
        }
    }
    search(trees, &items, values, &mut BTreeMap::new())
}

/// Gives one item after the other a value; leaves a way as soon as an expression cannot hold on it any more.
fn search<'a>(
    trees: &[Tree],
    items: &[&'a str],
    values: &dyn Fn(&str) -> Vec<Value>,
    chosen: &mut BTreeMap<&'a str, Value>,
) -> bool {
    let now: Vec<Option<bool>> = trees.iter().map(|tree| tree.holds(&|item| chosen.get(item).cloned())).collect();
    if now.contains(&Some(false)) {
        return false;
    }
    let Some((item, others)) = items.split_first().filter(|_| now.contains(&None)) else { return true };
    let found = values(item).into_iter().any(|value| {
        chosen.insert(item, value);
        search(trees, others, values, chosen)
    });
    chosen.remove(item);
    found
}
