//! Cards and terminals by name or from disk.

use std::{fs, path::Path};

use super::failure::{Failure, words};
use crate::{
    card::{self, Profile},
    diag::{Places, Problem, suggest},
    terminal::{self, Terminal},
};

/// A file with its name in messages.
pub struct Source {
    /// The name, as the person gave it.
    pub file: String,
    /// The text.
    pub text: String,
}

/// The text of a file on disk.
pub fn read(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    fs::read_to_string(path).map_err(|error| Problem::file(&name, format!("cannot be read: {}", words(&error))))
}

/// The card a person means.
pub fn card(name: &str) -> Result<Profile, Failure> {
    let source = card_source(name)?;
    Ok(Profile::parse(&source.file, &source.text, &|other| beside(name, other))?)
}

/// The same, with where everything in it stands.
pub fn placed_card(name: &str) -> Result<(Profile, Places), Failure> {
    let source = card_source(name)?;
    let texts = |other: &str| beside(name, other);
    let places = Profile::places(&source.file, &source.text, &texts)?;
    Ok((Profile::parse(&source.file, &source.text, &texts)?, places))
}

/// A file that another one names: it lies beside that.
pub fn beside(file: &str, name: &str) -> Option<String> {
    let path = Path::new(file).parent().map(|folder| folder.join(name))?;
    fs::read_to_string(&path).or_else(|_| fs::read_to_string(path.with_extension("toml"))).ok()
}

/// The file of a card.
pub fn card_source(name: &str) -> Result<Source, Failure> {
    let names = card::builtin::names();
    let known = names.iter().map(String::as_str);
    source("card", name, card::builtin::builtin(name), known)
}

/// The terminal a person means.
pub fn terminal(name: &str) -> Result<Terminal, Failure> {
    let source = terminal_source(name)?;
    Ok(Terminal::from_text(&source.file, &source.text)?)
}

/// The file of a terminal.
pub fn terminal_source(name: &str) -> Result<Source, Failure> {
    source("terminal", name, Terminal::builtin_text(name), terminal::names())
}

/// What is built in wins; then what looks like a path, or is one, is read from disk.
fn source<'a>(
    what: &str,
    name: &str,
    builtin: Option<&'static str>,
    known: impl IntoIterator<Item = &'a str>,
) -> Result<Source, Failure> {
    if let Some(text) = builtin {
        return Ok(Source { file: name.to_owned(), text: text.to_owned() });
    }
    let path = Path::new(name);
    if name.ends_with(".toml") || path.exists() {
        let text = fs::read_to_string(path)
            .map_err(|error| Problem::file(name, format!("cannot be read: {}", words(&error))))?;
        return Ok(Source { file: name.to_owned(), text });
    }
    Err(Failure::Usage { message: format!("there is no {what} `{name}`"), hint: Some(suggest(name, known)) })
}
