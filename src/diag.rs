//! What is wrong with a file a person wrote: where, the line, a caret, and a hint.

mod finding;
pub(crate) mod places;

use core::{fmt, ops::Range};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};

use crate::time::{Date, DateTime};

pub(crate) use finding::checks;
pub use finding::{Check, Finding, Level};
pub use places::Places;

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the person named it.
    pub file: String,
    /// Line, from 1; `None` if the whole file is meant.
    pub position: Option<Position>,
    /// What, which, wanted, found: lower case, no final period.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters are wrong, at least 1.
    pub width: usize,
    /// The text of the line.
    pub source: String,
}

impl Problem {
    /// A mistake that concerns a whole file.
    pub fn file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), position: None, message: message.into(), hint: None }
    }

    /// A mistake at the bytes `span` of `text`.
    pub fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { position: Some(Position::of(text, span)), ..Self::file(file, message) }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Position {
    fn of(text: &str, span: Range<usize>) -> Self {
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let (before, after) = text.split_at(start);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let source = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let on_line = after.lines().next().unwrap_or_default();
        let length = span.end.saturating_sub(span.start).min(on_line.len());
        let width = on_line.char_indices().take_while(|&(at, _)| at < length).count().max(1);
        Self {
            // Bytes, many at a time: a linter asks for the places of a thousand cases in one file.
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text.get(line_start..start).unwrap_or_default().chars().count() + 1,
            width,
            source: source.trim_end().to_owned(),
        }
    }
}

/// What is shown of a line.
struct Excerpt {
    text: String,
    /// What stands in front of the carets.
    lead: String,
    carets: usize,
}

impl Position {
    /// The line, or of a long one what is around the place.
    fn excerpt(&self) -> Excerpt {
        const WIDEST: usize = 120;
        const BEFORE: usize = 40;
        let column = self.column.saturating_sub(1);
        let length = self.source.chars().count();
        let start = if length > WIDEST { column.saturating_sub(BEFORE) } else { 0 };
        let end = length.min(start + WIDEST);
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        let shown: String = self.source.chars().skip(start).take(end - start.min(end)).collect();
        let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
        let lead = self.source.chars().take(column).skip(start).map(blank);
        Excerpt {
            lead: cut(start > 0).chars().map(|_| ' ').chain(lead).collect(),
            text: format!("{}{shown}{}", cut(start > 0), cut(end < length)),
            carets: self.width.min((end + 1).saturating_sub(column)).max(1),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.position {
            None => write!(f, "{}: {}", self.file, self.message)?,
            Some(at) => {
                writeln!(f, "{}:{}:{}: {}", self.file, at.line, at.column, self.message)?;
                let number = at.line.to_string();
                let margin = " ".repeat(number.len());
                let Excerpt { text, lead, carets } = at.excerpt();
                writeln!(f, "{margin} |")?;
                writeln!(f, "{number} | {text}")?;
                write!(f, "{margin} | {lead}{}", "^".repeat(carets))?;
            }
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Problem {}

/// Reads TOML; an unknown key or a wrong value is a [`Problem`] at its place.
pub fn from_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| {
        let (message, hint) = explain(error.message());
        let problem = match error.span() {
            Some(span) => Problem::at(file, text, span, message),
            None => Problem::file(file, message),
        };
        Problem { hint, ..problem }
    })
}

/// Checks that a file is of the kind it is used as, before anything else is asked of it: what a file of another kind lacks is
/// nobody's question. Text that is no TOML at all is left to [`from_toml`].
pub fn expect_schema(file: &str, text: &str, wanted: &str) -> Result<(), Problem> {
    // Nearly every file begins with it.
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    if first.and_then(|line| line.strip_prefix("schema = ")) == Some(&format!("\"{wanted}\"")) {
        return Ok(());
    }
    let Ok(Schema { schema }) = toml::from_str(text) else { return Ok(()) };
    let hint = format!("this file should begin with schema = \"{wanted}\"");
    match schema {
        Some(found) if found.get_ref() == wanted => Ok(()),
        Some(found) => {
            let message = format!("wanted schema `{wanted}`, found `{}`", found.get_ref());
            Err(Problem::at(file, text, found.span(), message).hint(hint))
        }
        None => Err(Problem::file(file, format!("wanted schema `{wanted}`, found none")).hint(hint)),
    }
}

/// What every file has.
#[derive(Deserialize)]
struct Schema {
    schema: Option<toml::Spanned<String>>,
}

/// A date written as `2035-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateText(pub Date);

impl<'de> Deserialize<'de> for DateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let midnight: Result<DateTime, _> = format!("{text}T00:00:00Z").parse();
        midnight
            .map(|moment| Self(moment.date))
            .map_err(|_| D::Error::custom(format!("`{text}` is no date like 2035-12-31")))
    }
}

/// Turns what serde says into our words, with the nearest name as a hint.
pub(crate) fn explain(message: &str) -> (String, Option<String>) {
    let message = message.lines().next().unwrap_or_default();
    for (start, what) in [("unknown field", "key"), ("unknown variant", "value")] {
        let Some(rest) = message.strip_prefix(start) else { continue };
        let mut names = rest.split('`').skip(1).step_by(2);
        let Some(found) = names.next() else { continue };
        let known: Vec<&str> = names.collect();
        return (format!("unknown {what} `{found}`"), Some(suggest(found, known.iter().copied())));
    }
    (message.trim_end_matches('.').to_owned(), None)
}

/// `did you mean …?`, or the list of what there is.
pub fn suggest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&found.to_lowercase(), &name.to_lowercase()), *name))
        .min()
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3);
    match near {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "nothing can stand here".to_owned(),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only whether it can be read matters")]
    struct Sample {
        currency: String,
        floor_limit: Option<u32>,
    }

    #[test]
    fn a_misspelt_key_is_shown_with_a_caret_and_the_right_one() {
        let text = "currency = \"EUR\"\nflor_limit = 3\n";
        let problem = from_toml::<Sample>("shop.toml", text).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "shop.toml:2:1: unknown key `flor_limit`\n  |\n2 | flor_limit = 3\n  | ^^^^^^^^^^\n\nhint: did you mean `floor_limit`?"
        );
    }

    #[test]
    fn a_file_of_another_kind_is_told_so_before_anything_else() {
        let of = |text| expect_schema("x.toml", text, "emvtap.card/1").map_err(|problem| problem.message);
        assert_eq!(of("schema = 'emvtap.card/1'\n[more]\n"), Ok(()));
        assert_eq!(of("no = 'schema'"), Err("wanted schema `emvtap.card/1`, found none".to_owned()));
        let other = of("title = ''\nschema = 'emvtap.host/1'");
        assert_eq!(other, Err("wanted schema `emvtap.card/1`, found `emvtap.host/1`".to_owned()));
        assert_eq!(of("schema = "), Ok(()), "reading it says what is wrong");
    }

    #[test]
    fn of_a_long_line_the_surroundings_are_shown() {
        let text = format!("{}{}{}", "a".repeat(500), "!".repeat(900), "b".repeat(500));
        let shown = Problem::at("x", &text, 500..1400, "no").to_string();
        assert!(shown.lines().all(|line| line.chars().count() < 130), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[2].find('!'), Some("1 | …".len() + 40), "{shown}");
        assert_eq!(lines[3], format!("  | {}{}", " ".repeat(41), "^".repeat(81)));
        let last = Problem::at("x", &text, 1890..1900, "no").to_string();
        assert!(last.contains(&format!("…{}\n", "b".repeat(50))), "{last}");
    }

    #[test]
    fn a_wrong_type_is_shown_at_the_value() {
        let problem = from_toml::<Sample>("shop.toml", "currency = 978\n").unwrap_err();
        let position = problem.position.unwrap();
        assert_eq!((position.line, position.column, position.width), (1, 12, 3));
    }

    #[test]
    fn broken_toml_and_odd_text_still_have_a_place() {
        for text in ["currency = ", "é = \"", "\u{0}", "currency = \"a\"\r\n[", ""] {
            let problem = from_toml::<Sample>("x", text).unwrap_err();
            assert!(!problem.to_string().is_empty());
        }
    }
}
