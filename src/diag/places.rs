//! Where things stand in files: of everything in a TOML document, its place.

use core::ops::Range;
use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Position, Problem};

/// A text among others that are laid out one behind the other.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The file's name for people.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// The offset of its first byte among all texts.
    pub start: usize,
}

impl Text {
    /// A mistake at `span` of the texts, whose first is at offset 0.
    pub(crate) fn problem(texts: &[Self], span: Range<usize>, message: impl Into<String>) -> Problem {
        match texts.iter().rfind(|text| text.start <= span.start) {
            Some(text) => {
                let local = span.start - text.start..span.end.saturating_sub(text.start);
                Problem::at(&text.name, &text.text, local, message)
            }
            None => Problem::file("", message),
        }
    }
}

/// The places of all values of a document. A path is made of keys, and of numbers from 0 inside arrays.
#[derive(Clone, Debug)]
pub struct Places {
    texts: Vec<Text>,
    spans: BTreeMap<Vec<String>, Range<usize>>,
    keys: BTreeMap<Vec<String>, Range<usize>>,
}

impl Places {
    /// The places in one text. Keys that `plain` knows another spelling of are looked up by that one.
    pub fn of(file: &str, text: &str, plain: impl Fn(&str) -> String) -> Self {
        let texts = vec![Text { name: file.to_owned(), text: text.to_owned(), start: 0 }];
        let (table, _) = DeTable::parse_recoverable(text);
        Self::collect(texts, &table, &plain)
    }

    /// The places in a document merged from texts.
    pub(crate) fn collect(texts: Vec<Text>, table: &Spanned<DeTable<'_>>, plain: &dyn Fn(&str) -> String) -> Self {
        let mut places = Self { texts, spans: BTreeMap::new(), keys: BTreeMap::new() };
        places.table(&mut Vec::new(), table.get_ref(), plain);
        places
    }

    fn table(&mut self, path: &mut Vec<String>, table: &DeTable<'_>, plain: &dyn Fn(&str) -> String) {
        for (key, value) in table {
            // A table has the place of its header; one that has none, because only tables in it have, has that of its key.
            let header = value.get_ref().is_table() && value.span().is_empty();
            path.push(plain(key.get_ref()));
            self.keys.insert(path.clone(), key.span());
            self.value(path, if header { key.span() } else { value.span() }, value.get_ref(), plain);
            path.pop();
        }
    }

    fn value(
        &mut self,
        path: &mut Vec<String>,
        span: Range<usize>,
        value: &DeValue<'_>,
        plain: &dyn Fn(&str) -> String,
    ) {
        self.spans.insert(path.clone(), span);
        match value {
            DeValue::Table(table) => self.table(path, table, plain),
            DeValue::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    path.push(at.to_string());
                    self.value(path, item.span(), item.get_ref(), plain);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Whether something stands at the path.
    pub fn has(&self, path: &[String]) -> bool {
        self.spans.contains_key(path)
    }

    /// What stands at a position of the first text, `text`: the path of the smallest thing there.
    pub(crate) fn path_at(&self, text: &str, at: &Position) -> Option<Vec<String>> {
        let line = text.split_inclusive('\n').take(at.line - 1).map(str::len).sum::<usize>();
        let columns = text.get(line..)?.char_indices().nth(at.column - 1).map_or(0, |(column, _)| column);
        let around = |span: &Range<usize>| span.contains(&(line + columns));
        let things = self.spans.iter().chain(&self.keys).filter(|(_, span)| around(span));
        things.min_by_key(|(_, span)| span.len()).map(|(path, _)| path.clone())
    }

    /// A mistake at the key that ends the path, or where the nearest thing around it stands.
    pub(crate) fn problem_at_key(&self, path: &[String], message: impl Into<String>) -> Problem {
        match self.keys.get(path) {
            Some(span) => Text::problem(&self.texts, span.clone(), message),
            None => self.problem(path, message),
        }
    }

    /// A mistake at the path, or where the nearest thing around it stands.
    pub fn problem(&self, path: &[String], message: impl Into<String>) -> Problem {
        let nearest = (1..=path.len()).rev().find_map(|length| self.spans.get(path.get(..length)?));
        match (nearest, self.texts.first()) {
            (Some(span), _) => Text::problem(&self.texts, span.clone(), message),
            (None, file) => Problem::file(file.map_or("", |file| &file.name), message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_the_value_or_what_is_around_it() {
        let text = "a = 1\n[b.c]\nd = [\"x\", \"yy\"]\n[[e]]\nf = 2\n[[e]]\ng = 3\n";
        let places = Places::of("f.toml", text, |key| key.to_lowercase());
        let at = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
            places.problem(&path, "x").position.map(|at| (at.line, at.column, at.width))
        };
        assert_eq!(at(&["a"]), Some((1, 5, 1)));
        assert_eq!(at(&["b", "c", "d", "1"]), Some((3, 11, 4)));
        assert_eq!(at(&["b", "c", "nothing"]), Some((2, 1, 5)));
        assert_eq!(at(&["e", "1", "g"]), Some((7, 5, 1)));
        assert_eq!(at(&["e", "1", "h"]), Some((6, 1, 5)));
        assert_eq!(at(&["nothing"]), None);
    }
}
