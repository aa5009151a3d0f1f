//! Fragments of profiles: laid over one another, and, if the result is wrong, found again in the case file.

use toml::{Table, Value};

use super::load::CaseText;
use crate::diag::{Places, Problem};

/// Lays `over` on `base`, key by key: tables merge, everything else replaces; `key = false` takes a key away that is no switch in
/// the base. A table on an array of tables is laid on each of them.
pub(super) fn overlay(base: &mut Table, over: &Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(old), Value::Boolean(false)) if !old.is_bool() => {
                base.remove(key);
            }
            (Some(Value::Table(old)), Value::Table(new)) => overlay(old, new),
            (Some(Value::Array(items)), Value::Table(new)) if items.iter().all(Value::is_table) => {
                items.iter_mut().filter_map(Value::as_table_mut).for_each(|old| overlay(old, new));
            }
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The text of a table.
pub(super) fn text(table: &Table) -> String {
    toml::to_string(table).unwrap_or_default()
}

/// A table with a key that it need not state.
pub(super) fn with(mut table: Table, key: &str, value: &str) -> Table {
    table.entry(key).or_insert_with(|| Value::String(value.to_owned()));
    table
}

/// Where things of a made text come from: what they are called there, and where that stands in the case file.
pub(super) struct Origin<'a> {
    pub source: &'a CaseText,
    /// The text that was read.
    pub made: &'a str,
    /// Where parts of it stand in the case file: the last that has something counts.
    pub from: Vec<Vec<String>>,
}

impl Origin<'_> {
    /// The same mistake, at its place in the case file; at the last part that was laid over if it is in none.
    pub fn relocate(&self, problem: &Problem) -> Problem {
        let made = Places::of("", self.made, str::to_owned);
        let path = problem.position.as_ref().and_then(|at| made.path_at(self.made, at));
        let places = self.source.places();
        let found = path.as_ref().and_then(|path| {
            let plain = || path.iter().filter(|key| key.parse::<usize>().is_err()).cloned().collect();
            [path.clone(), plain()].into_iter().find_map(|path: Vec<String>| {
                let whole = |from: &Vec<String>| [from.as_slice(), &path].concat();
                self.from.iter().rev().map(whole).find(|path| places.has(path))
            })
        });
        let is_key = problem.message.starts_with("unknown key");
        let moved = match (&found, self.from.last()) {
            (Some(path), _) if is_key => places.problem_at_key(path, &problem.message),
            (Some(path), _) => places.problem(path, &problem.message),
            (None, Some(last)) => places.problem_at_key(last, &problem.message),
            (None, None) => Problem::file(&self.source.file, &problem.message),
        };
        Problem { hint: problem.hint.clone(), ..moved }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_merge_arrays_replace_and_false_takes_away() {
        let mut base: Table = toml::from_str(
            "a = 1\nlist = [1, 2]\nswitch = true\n[data]\nx = '00'\ny = '01'\n[[combination]]\nttq = '1'\n[[combination]]\nttq = '2'\n",
        )
        .unwrap();
        let over: Table = toml::from_str(
            "a = false\nlist = [3]\nswitch = false\n[data]\nx = false\nz = '02'\n[combination]\nttq = '3'\nfloor = '0'\n",
        )
        .unwrap();
        overlay(&mut base, &over);
        let expected: Table = toml::from_str(
            "list = [3]\nswitch = false\n[data]\ny = '01'\nz = '02'\n[[combination]]\nttq = '3'\nfloor = '0'\n\
             [[combination]]\nttq = '3'\nfloor = '0'\n",
        )
        .unwrap();
        assert_eq!(base, expected);
    }
}
