//! Profiles that extend each other: several texts read as one, each value still knowing its place.

use core::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    card::memory::Memory,
    diag::{self, Places, Problem, places::Text},
};

/// Where the text of a profile or a key comes from, by the name somebody wrote.
pub type Texts<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Most files in one line of `extends`.
const CHAIN_MAX: usize = 16;

/// What a text extends: most profiles extend the same few.
static BASES: Memory<Option<Spanned<String>>> = Memory::new();

/// The texts of a profile and of what it extends, laid out one behind the other: an offset tells the text it is in.
pub(super) struct Sources {
    /// The profile first, its most distant base last.
    files: Vec<Text>,
}

impl Sources {
    /// Reads `extends` until a profile extends nothing.
    pub fn collect(name: &str, text: &str, texts: Texts<'_>) -> Result<Self, Problem> {
        let mut sources = Self { files: Vec::new() };
        let (mut name, mut text) = (name.to_owned(), text.to_owned());
        loop {
            let start = sources.files.last().map_or(0, |last| last.start + last.text.len() + 1);
            let base = BASES
                .recall(&[text.as_bytes()], || base_of(&name, &text))?
                .map(|base| (base.clone().into_inner(), base.span()));
            sources.files.push(Text { name, text, start });
            let Some((base, span)) = base else { return Ok(sources) };
            let at = start + span.start..start + span.end;
            if sources.files.iter().skip(1).any(|file| file.name == base) || sources.files.len() == CHAIN_MAX {
                return Err(sources.problem(at, format!("`{base}` extends itself in the end")));
            }
            text = texts(&base).ok_or_else(|| {
                sources
                    .problem(at, format!("there is no profile `{base}`"))
                    .hint(diag::suggest(&base, crate::card::builtin::names().iter().map(String::as_str)))
            })?;
            name = base;
        }
    }

    /// The merged document: what a profile states wins over what it extends.
    pub fn merge(&self) -> Result<Spanned<DeTable<'_>>, Problem> {
        let mut merged = Spanned::new(0..0, DeTable::new());
        for file in self.files.iter().rev() {
            let table = DeTable::parse(&file.text).map_err(|error| unreadable(&file.name, &file.text, &error))?;
            merged = overlay(merged, self.by_tags(rebase_table(table, file.start))?);
        }
        Ok(merged)
    }

    /// The data of applications with their objects called by tag, so that an object is one in every spelling of its name. An
    /// object that one file states twice is a mistake.
    fn by_tags<'i>(&self, mut table: Spanned<DeTable<'i>>) -> Result<Spanned<DeTable<'i>>, Problem> {
        let Some(DeValue::Table(applications)) = table.get_mut().get_mut("application").map(Spanned::get_mut) else {
            return Ok(table);
        };
        for (_, application) in applications.iter_mut() {
            let DeValue::Table(application) = application.get_mut() else { continue };
            let Some(DeValue::Table(data)) = application.get_mut("data").map(Spanned::get_mut) else { continue };
            let mut entries: Vec<_> = core::mem::take(data).into_iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            for (key, value) in entries {
                let (span, name) = (key.span(), key.into_inner());
                let plain = super::values::object_named(&name).map(|tag| tag.to_string());
                let plain = Spanned::new(span.clone(), plain.map_or(name.clone(), Into::into));
                if let Some((first, _)) = data.get_key_value(&plain) {
                    let line = Text::problem(&self.files, first.span(), "").position.map_or(0, |at| at.line);
                    let message = format!("`{name}` is {}, which line {line} states already", plain.get_ref());
                    return Err(self.problem(span, message).hint("keep one: a card has one value of an object"));
                }
                data.insert(plain, value);
            }
        }
        Ok(table)
    }

    /// A mistake at `span` of the merged document.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        Text::problem(&self.files, span, message)
    }

    /// The place of everything in the merged document, data objects by their tags.
    pub fn places(&self) -> Result<Places, Problem> {
        Ok(Places::collect(self.files.clone(), &self.merge()?, &super::values::plain_name))
    }

    /// A mistake that serde found in the merged document.
    pub fn refused(&self, error: &toml::de::Error) -> Problem {
        let (message, hint) = explain(error.message());
        let problem = match error.span() {
            Some(span) => self.problem(span, message),
            None => self.whole(message),
        };
        Problem { hint, ..problem }
    }

    /// A mistake that concerns the whole profile.
    pub fn whole(&self, message: impl Into<String>) -> Problem {
        Problem::file(self.files.first().map_or("", |file| &file.name), message)
    }
}

fn explain(message: &str) -> (String, Option<String>) {
    match message.strip_prefix("unknown data object `").and_then(|rest| rest.strip_suffix('`')) {
        Some(found) => (message.to_owned(), super::values::suggest_object(found)),
        None => diag::explain(message),
    }
}

fn unreadable(name: &str, text: &str, error: &toml::de::Error) -> Problem {
    match error.span() {
        Some(span) => Problem::at(name, text, span, error.message()),
        None => Problem::file(name, error.message()),
    }
}

fn base_of(name: &str, text: &str) -> Result<Option<Spanned<String>>, Problem> {
    let table = DeTable::parse(text).map_err(|error| unreadable(name, text, &error))?;
    let Some(value) = table.get_ref().get("extends") else { return Ok(None) };
    match value.get_ref() {
        DeValue::String(base) => Ok(Some(Spanned::new(value.span(), base.clone().into_owned()))),
        other => {
            let message = format!("`extends` names a profile, found {}", other.type_str());
            Err(Problem::at(name, text, value.span(), message))
        }
    }
}

/// Moves all spans of a table to its place among the sources.
fn rebase_table(table: Spanned<DeTable<'_>>, by: usize) -> Spanned<DeTable<'_>> {
    let span = shifted(table.span(), by);
    let entries = table.into_inner().into_iter();
    Spanned::new(
        span,
        entries
            .map(|(key, value)| (Spanned::new(shifted(key.span(), by), key.into_inner()), rebase_value(value, by)))
            .collect(),
    )
}

fn rebase_value(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = value.span();
    let moved = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(rebase_table(Spanned::new(0..0, table), by).into_inner()),
        DeValue::Array(array) => DeValue::Array(array.into_iter().map(|item| rebase_value(item, by)).collect()),
        other => other,
    };
    Spanned::new(shifted(span, by), moved)
}

const fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// Lays `over` on `base`, key by key. Tables merge, everything else replaces; `key = false` takes a key away that is no
/// switch in the base.
fn overlay<'i>(base: Spanned<DeTable<'i>>, over: Spanned<DeTable<'i>>) -> Spanned<DeTable<'i>> {
    let span = over.span();
    let mut merged = base.into_inner();
    for (key, value) in over.into_inner() {
        let value_span = value.span();
        let value = match (merged.remove(&key), value.into_inner()) {
            (Some(old), DeValue::Boolean(false)) if !old.get_ref().is_bool() => continue,
            (Some(old), DeValue::Table(new)) => match old.into_inner() {
                DeValue::Table(old) => {
                    DeValue::Table(overlay(Spanned::new(0..0, old), Spanned::new(value_span.clone(), new)).into_inner())
                }
                _ => DeValue::Table(new),
            },
            (_, value) => value,
        };
        merged.insert(key, Spanned::new(value_span, value));
    }
    Spanned::new(span, merged)
}
