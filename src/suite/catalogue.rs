//! The catalogue of requirements (`emvtap.requirements/1`): what the books ask for, in our own words, and what cases cite.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use serde::Deserialize;
use toml::Spanned;

use super::results::RequirementNote;
use crate::diag::{self, Problem};

const SCHEMA: &str = "emvtap.requirements/1";
const FILE: &str = "test-vectors/requirements.toml";

static BUILTIN: LazyLock<Result<Arc<Catalogue>, Problem>> = LazyLock::new(|| {
    let text = include_str!("../../test-vectors/requirements.toml");
    Catalogue::parse(FILE, text).map(Arc::new)
});

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A subject that does otherwise fails.
    #[default]
    Must,
    /// A subject that does otherwise is warned.
    Should,
}

impl Level {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// One requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name, which cases cite and which never changes: `C-3/5.7.1.2`.
    pub id: String,
    /// `A`, `B`, `C-3`.
    pub book: String,
    /// The book's edition.
    pub edition: String,
    /// The section or the book's own number of it.
    pub section: String,
    /// How binding it is.
    pub level: Level,
    /// One line in our words.
    pub text: String,
    /// Why no case can assert it, if so.
    pub untestable: Option<String>,
}

impl Requirement {
    /// Book and section as people select by them: `C-3/5.7.1.2`.
    pub fn place(&self) -> String {
        format!("{}/{}", self.book, self.section)
    }

    /// As reports show it.
    pub fn note(&self) -> RequirementNote {
        RequirementNote {
            book: self.book.clone(),
            edition: self.edition.clone(),
            section: self.section.clone(),
            level: self.level.name().to_owned(),
            text: self.text.clone(),
            untestable: self.untestable.clone(),
        }
    }
}

/// All requirements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// In the order of the file.
    pub requirements: Vec<Requirement>,
    /// Id → where it stands among them.
    by_id: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    #[serde(default)]
    book: BTreeMap<String, Book>,
    #[serde(default)]
    requirement: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    #[serde(rename = "title")]
    _title: String,
    edition: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    book: Spanned<String>,
    edition: Option<String>,
    section: String,
    #[serde(default)]
    level: Level,
    text: String,
    untestable: Option<String>,
}

impl Catalogue {
    /// The built-in one. An error is one of the file.
    pub fn builtin() -> Result<Arc<Self>, Problem> {
        BUILTIN.clone()
    }

    /// Reads a catalogue; `file` is its name in messages. An id that occurs twice and a book that nobody describes are errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        let written: File = diag::from_toml(file, text)?;
        let mut catalogue = Self::default();
        for row in written.requirement {
            let book = written.book.get(row.book.get_ref());
            let Some(edition) = row.edition.or_else(|| book.map(|book| book.edition.clone())) else {
                let message = format!("nobody says which edition of book {} this is", row.book.get_ref());
                return Err(Problem::at(file, text, row.book.span(), message)
                    .hint(format!("give the requirement an `edition`, or describe [book.{}]", row.book.get_ref())));
            };
            let id = row.id.get_ref().clone();
            if catalogue.by_id.insert(id.clone(), catalogue.requirements.len()).is_some() {
                return Err(Problem::at(file, text, row.id.span(), format!("there is another requirement `{id}`")));
            }
            catalogue.requirements.push(Requirement {
                id,
                book: row.book.into_inner(),
                edition,
                section: row.section,
                level: row.level,
                text: row.text,
                untestable: row.untestable,
            });
        }
        Ok(catalogue)
    }

    /// The requirement with this id.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(*self.by_id.get(id)?)
    }

    /// All of them as reports show them, by id.
    pub fn notes(&self) -> BTreeMap<String, RequirementNote> {
        self.requirements.iter().map(|requirement| (requirement.id.clone(), requirement.note())).collect()
    }

    /// What to do about an id that no requirement has.
    pub fn suggest(&self, id: &str) -> String {
        let near = diag::suggest(id, self.by_id.keys().map(String::as_str));
        if near.starts_with("did you mean") { near } else { format!("requirements are in {FILE}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "schema = 'emvtap.requirements/1'\n[book.B]\ntitle = 'Entry Point'\nedition = '2.11'\n\
        [[requirement]]\nid = 'B/3.1.1.2'\nbook = 'B'\nsection = '3.1.1.2'\ntext = 'zero amounts'\n";

    #[test]
    fn the_built_in_catalogue_is_read() {
        Catalogue::builtin().unwrap_or_else(|problem| panic!("{problem}"));
    }

    #[test]
    fn a_requirement_has_the_edition_of_its_book_and_must_be_kept() {
        let catalogue = Catalogue::parse("r.toml", TEXT).unwrap();
        let found = catalogue.get("B/3.1.1.2").unwrap();
        assert_eq!((found.edition.as_str(), found.level), ("2.11", Level::Must));
        assert_eq!(catalogue.suggest("B/3.1.1.3"), "did you mean `B/3.1.1.2`?");
    }

    #[test]
    fn an_id_names_one_requirement() {
        let twice = format!("{TEXT}{}", TEXT.rsplit_once("[[").map(|(_, row)| format!("[[{row}")).unwrap());
        let problem = Catalogue::parse("r.toml", &twice).unwrap_err();
        assert_eq!(problem.message, "there is another requirement `B/3.1.1.2`");
        assert_eq!(problem.position.unwrap().line, 11);
        let unknown = TEXT.replace("book = 'B'", "book = 'D'");
        assert_eq!(
            Catalogue::parse("r.toml", &unknown).unwrap_err().message,
            "nobody says which edition of book D this is"
        );
    }
}
