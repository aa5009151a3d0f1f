//! An explanation as text and as data.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::report::{Paint, wrap};

/// What one thing is.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Page {
    /// The kind of thing, as the command line forces it: `tag`, `sw`.
    pub kind: &'static str,
    /// The thing, as short as it can be written.
    pub subject: String,
    /// What it is, in a line.
    pub title: String,
    /// More about it: label and text.
    pub facts: Vec<(&'static str, String)>,
    /// Tables below it.
    pub lists: Vec<List>,
    /// Where else to look.
    pub see: Vec<String>,
}

/// A table: bits, applications, rules.
#[derive(Clone, Debug, Serialize)]
pub(in crate::cli) struct List {
    /// What it lists.
    pub heading: String,
    /// Rows: where, and what stands there.
    pub rows: Vec<Vec<String>>,
}

/// Fewer columns leave no room for text.
const WIDTH_MIN: usize = 40;
/// More are more than an eye follows.
const WIDTH_MAX: usize = 120;

impl Page {
    /// A page without details.
    pub fn new(kind: &'static str, subject: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind, subject: subject.into(), title: title.into(), ..Self::default() }
    }

    /// One more line about it; nothing if there is no text.
    pub fn fact(mut self, label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((label, text));
        }
        self
    }

    /// One more table, unless it is empty.
    pub fn list(mut self, heading: impl Into<String>, rows: Vec<Vec<String>>) -> Self {
        if !rows.is_empty() {
            self.lists.push(List { heading: heading.into(), rows });
        }
        self
    }

    /// One more place to look.
    pub fn see(mut self, command: impl Into<String>) -> Self {
        self.see.push(command.into());
        self
    }

    /// For people.
    pub fn text(&self, width: usize, paint: Paint) -> String {
        let width = width.clamp(WIDTH_MIN, WIDTH_MAX);
        let mut text = String::new();
        let mut title = wrap(&format!("{}  {}", self.subject, self.title), width - 2).into_iter();
        let first = title.next().unwrap_or_default();
        let named = first.strip_prefix(&self.subject).map(|rest| format!("{} {rest}", paint.strong(&self.subject)));
        text.push_str(&format!(" {}\n", named.unwrap_or(first)));
        title.for_each(|line| text.push_str(&format!("   {line}\n")));
        let see = self.see.join(" · ");
        let facts = self.facts.iter().map(|(label, fact)| (*label, fact.as_str()));
        let see = Some(("see also", see.as_str())).filter(|_| !self.see.is_empty());
        for (label, fact) in facts {
            text.push_str(&beside(label, fact, width, paint));
        }
        for list in &self.lists {
            text.push_str(&format!("\n   {}\n", paint.quiet(&list.heading)));
            list.write(&mut text, width);
        }
        if let Some((label, see)) = see {
            text.push_str(if self.lists.is_empty() { "" } else { "\n" });
            text.push_str(&beside(label, see, width, paint));
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let facts: Map<String, Value> =
            self.facts.iter().map(|(label, fact)| (label.replace(' ', "_"), Value::from(fact.as_str()))).collect();
        serde_json::json!({
            "kind": self.kind, "subject": self.subject, "title": self.title, "facts": facts, "lists": self.lists,
            "see_also": self.see,
        })
    }
}

/// A label with text that wraps beside it.
fn beside(label: &str, text: &str, width: usize, paint: Paint) -> String {
    const AT: usize = 16;
    let lines = wrap(text, width.saturating_sub(AT + 1));
    let beside = lines.join(&format!("\n{}", " ".repeat(AT)));
    format!("   {}{}{beside}\n", paint.quiet(label), " ".repeat((AT - 3).saturating_sub(label.chars().count())))
}

impl List {
    /// The last column wraps, the others are as wide as they need.
    fn write(&self, text: &mut String, width: usize) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let wide = |column: usize| self.rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max();
        let widths: Vec<usize> = (0..columns.saturating_sub(1)).map(|column| wide(column).unwrap_or(0) + 2).collect();
        let lead = 5 + widths.iter().sum::<usize>();
        for row in &self.rows {
            let Some((last, others)) = row.split_last() else { continue };
            let mut line = " ".repeat(5);
            for (cell, width) in others.iter().zip(&widths) {
                line.push_str(&format!("{cell:<width$}"));
            }
            let lines = wrap(last, width.saturating_sub(lead + 1).max(16));
            line.push_str(&lines.join(&format!("\n{}", " ".repeat(lead))));
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
}
