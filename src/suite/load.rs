//! From files to suites: the built-in ones, and those that a person names.

use std::{collections::BTreeMap, sync::Arc};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{
    case::CaseFile,
    glob,
    plan::{self, Common, Planned},
    stock::Stock,
};
use crate::{
    bytes::Hex,
    diag::{self, Places, Problem},
};

static SUITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/test-vectors/suites");

/// Where the built-in suites are in the source tree, for messages.
const FOLDER: &str = "test-vectors/suites";
const SCHEMA: &str = "emvtap.case/1";
const RETIRED: &str = "retired.txt";

/// Gives the text of a file that a case file names, by the name it uses; `None` if there is none.
pub type Beside = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The cases of one file.
#[derive(Clone, Debug)]
pub struct Suite {
    /// How people select it: `c3/cvm`.
    pub name: String,
    /// The file, for messages.
    pub file: String,
    /// What its cases have in common.
    pub title: String,
    /// SHA-256 of the file, upper-case hex.
    pub sha256: String,
    /// Every variant of every case, in the order of the file.
    pub cases: Vec<Planned>,
    pub(super) source: Arc<CaseText>,
}

/// The names of the built-in suites, in alphabetical order.
pub fn names() -> Vec<String> {
    let mut names = Vec::new();
    collect(&SUITES, &mut names);
    names.sort();
    names
}

fn collect(folder: &Dir<'_>, names: &mut Vec<String>) {
    let files = folder.files().filter_map(|file| file.path().to_str()?.strip_suffix(".toml"));
    names.extend(files.map(|name| name.replace('\\', "/")));
    folder.dirs().for_each(|folder| collect(folder, names));
}

/// The text of a built-in suite.
pub fn builtin_text(name: &str) -> Option<&'static str> {
    SUITES.get_file(format!("{name}.toml"))?.contents_utf8()
}

/// Whether a built-in suite may have cases with such ids, with `*` and `?`. Looks at nothing but its lines `id = "…"`, so that nobody
/// has to read thousands of cases for one of them; no globs mean every case.
pub fn may_have(name: &str, globs: &[String]) -> bool {
    let heads: Vec<String> = globs.iter().map(|glob| glob::head(glob)).collect();
    let is_meant = |id: String| heads.iter().any(|head| id.starts_with(head) || head.starts_with(&id));
    heads.is_empty() || ids(name).any(|(id, _)| is_meant(id.to_lowercase()))
}

/// The ids of the cases of a built-in suite, each with its place, by the lines of its text: nobody has to read the cases.
pub fn ids(name: &str) -> impl Iterator<Item = (&'static str, String)> {
    let lines = builtin_text(name).unwrap_or_default().lines().zip(1..);
    let id = |line: &'static str| line.strip_prefix("id = \"")?.split('"').next();
    lines.filter_map(move |(line, at)| Some((id(line)?, format!("{}:{at}", file(name)))))
}

/// The file of a built-in suite in the source tree.
fn file(name: &str) -> String {
    format!("{FOLDER}/{name}.toml")
}

/// A built-in suite; `None` if there is none of this name.
pub fn builtin(name: &str) -> Option<Result<Suite, Problem>> {
    let text = builtin_text(name)?;
    let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let beside = Arc::new(move |other: &str| {
        let path = format!("{folder}{other}");
        let file = SUITES.get_file(&path).or_else(|| SUITES.get_file(format!("{path}.toml")))?;
        file.contents_utf8().map(str::to_owned)
    });
    Some(suite(name, &file(name), text, beside))
}

/// Ids that no case may have again, with the reason: a line each in `retired.txt`.
pub fn retired() -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = SUITES.get_file(RETIRED).and_then(|file| file.contents_utf8()).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(char::is_whitespace).map_or((line, ""), |(id, why)| (id, why.trim())))
}

/// Reads a case file and plans its variants; cards and terminals are not looked at before a tap needs them.
///
/// `name`: how people select it; `file`: its name in messages; `beside`: files that it names.
///
/// # Errors
/// The file cannot be read, or an expression or an axis in it makes no sense.
pub fn suite(name: &str, file: &str, text: &str, beside: Beside) -> Result<Suite, Problem> {
    diag::expect_schema(file, text, SCHEMA)?;
    let written: CaseFile = diag::from_toml(file, text)?;
    let source = Arc::new(CaseText {
        file: file.to_owned(),
        text: text.to_owned(),
        beside,
        cards: written.cards,
        terminals: written.terminals,
        stock: Stock::default(),
    });
    source.refuse_shadows()?;
    let sha256 = Hex(&Sha256::digest(text.as_bytes())).to_string();
    let common = Common { given: written.given, tags: written.tags, applies: written.applies };
    let cases = plan::cases(&source, common, written.cases)?;
    Ok(Suite { name: name.to_owned(), file: file.to_owned(), title: written.title, sha256, cases, source })
}

/// A case file that has been read: what its taps have in common.
pub(super) struct CaseText {
    /// Its name in messages.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Files that it names.
    pub beside: Beside,
    /// Its cards.
    pub cards: BTreeMap<String, Spanned<toml::Table>>,
    /// Its terminals.
    pub terminals: BTreeMap<String, Spanned<toml::Table>>,
    /// What has been made of them.
    pub stock: Stock,
}

impl core::fmt::Debug for CaseText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CaseText").field("file", &self.file).finish_non_exhaustive()
    }
}

impl CaseText {
    /// A mistake at a span of the file.
    pub fn problem(&self, span: core::ops::Range<usize>, message: impl Into<String>) -> Problem {
        Problem::at(&self.file, &self.text, span, message)
    }

    /// Where everything in the file stands.
    pub fn places(&self) -> Places {
        Places::of(&self.file, &self.text, str::to_owned)
    }

    /// A name means one thing.
    fn refuse_shadows(&self) -> Result<(), Problem> {
        let taken = |what: &str, name: &str| {
            let path = [format!("{what}s"), name.to_owned()];
            self.places()
                .problem_at_key(&path, format!("there is a built-in {what} `{name}`"))
                .hint("give this one another name")
        };
        if let Some(name) = self.cards.keys().find(|name| crate::card::builtin::builtin(name).is_some()) {
            return Err(taken("card", name));
        }
        match self.terminals.keys().find(|name| crate::terminal::Terminal::builtin_text(name).is_some()) {
            Some(name) => Err(taken("terminal", name)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_without_reading_the_cases() {
        for name in names() {
            let suite = builtin(&name).unwrap().unwrap();
            let mut known: Vec<&str> = suite.cases.iter().map(Planned::case_id).collect();
            known.dedup();
            let found: Vec<&str> = ids(&name).map(|(id, _)| id).collect();
            assert_eq!(found, known, "{name}");
            let (_, place) = ids(&name).next().unwrap();
            let at = suite.cases[0].problem("").position.unwrap();
            assert_eq!(place, format!("{}:{}", suite.file, at.line));
        }
        let may = |glob: &str| may_have("c3/cvm", &[glob.to_owned()]);
        assert!(may("C3-CVM-001") && may("c3-cvm-001/any") && may("*") && may("C3-*") && may("C?-OPT"));
        assert!(!may("C3-OPT-001") && !may("EP-*") && may_have("c3/cvm", &[]));
    }
}
