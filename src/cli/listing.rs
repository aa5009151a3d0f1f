//! Lists of what is built in, and single files.

use serde::Serialize;

use super::{
    args::{List, ListFormat, Show},
    exit::Exit,
    failure::Failure,
    files::Source,
    out::{Environment, Out},
};
use crate::report::wrap;

/// One thing that is built in.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// What to call it.
    pub name: String,
    /// What it is.
    pub title: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: String,
    entries: &'a [Entry],
}

/// Writes a list of `what`: a line an entry for people, an object for programs.
pub fn write(what: &str, entries: &[Entry], list: &List, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&list.target, environment, false)?;
    let text = match list.format {
        ListFormat::Text => text(entries, &out),
        ListFormat::Json => {
            let whole = Whole { schema: format!("emvtap.{what}-list/1"), entries };
            let json = serde_json::to_string_pretty(&whole).unwrap_or_default();
            format!("{json}\n")
        }
    };
    out.data(&text)?;
    Ok(Exit::SUCCESS)
}

fn text(entries: &[Entry], out: &Out) -> String {
    let column = entries.iter().map(|entry| entry.name.chars().count()).max().unwrap_or(0) + 2;
    let mut text = String::new();
    for entry in entries {
        let pad = " ".repeat(column - entry.name.chars().count());
        let separator = if entry.description.is_empty() { "" } else { ": " };
        let about = format!("{}{separator}{}", entry.title, entry.description);
        let lines = wrap(&about, out.width().saturating_sub(column).max(20));
        let beside = lines.join(&format!("\n{}", " ".repeat(column)));
        text.push_str(&format!("{}{pad}{beside}\n", out.paint().strong(&entry.name)));
    }
    text
}

/// Writes a file as it is.
pub fn show(source: &Source, show: &Show, environment: &Environment) -> Result<Exit, Failure> {
    let mut out = Out::open(&show.target, environment, false)?;
    out.data(&source.text)?;
    Ok(Exit::SUCCESS)
}
