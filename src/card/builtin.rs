//! The cards that are in the binary: everything under `cards/`.

use std::{collections::BTreeMap, sync::LazyLock};

use include_dir::{Dir, DirEntry, include_dir};

use crate::diag::{self, Problem};

static CARDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/cards");

const KEYS: &str = "keys";

/// The text of a built-in profile. `visa-credit` and `visa/credit` are the same.
pub fn builtin(name: &str) -> Option<&'static str> {
    PROFILES.get(name).or_else(|| PROFILES.get(&plain(name))).copied()
}

/// The names of the built-in profiles, in alphabetical order.
pub fn names() -> Vec<String> {
    PROFILES.keys().cloned().collect()
}

/// The mistake of naming a profile that is not there.
pub fn unknown(name: &str) -> Problem {
    let names = names();
    Problem::file(name, format!("there is no card `{name}`"))
        .hint(diag::suggest(name, names.iter().map(String::as_str)))
}

/// The text of the catalogue of faults.
pub(super) fn faults() -> &'static str {
    CARDS.get_file("faults.toml").and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// The text of a built-in key file.
pub fn key(name: &str) -> Option<&'static str> {
    CARDS.get_file(format!("{KEYS}/{name}.toml"))?.contents_utf8()
}

/// The names of the built-in keys.
pub fn key_names() -> Vec<String> {
    CARDS.get_dir(KEYS).into_iter().flat_map(Dir::files).filter_map(|file| stem(file.path().to_str()?)).collect()
}

static PROFILES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    CARDS
        .entries()
        .iter()
        .filter_map(DirEntry::as_dir)
        .filter(|scheme| scheme.path().to_str() != Some(KEYS))
        .flat_map(Dir::files)
        .filter_map(|file| Some((plain(file.path().to_str()?.strip_suffix(".toml")?), file.contents_utf8()?)))
        .collect()
});

fn plain(name: &str) -> String {
    name.replace(['/', '\\'], "-")
}

fn stem(path: &str) -> Option<String> {
    path.strip_prefix(KEYS)?.get(1..)?.strip_suffix(".toml").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_one_name_in_two_spellings() {
        assert!(builtin("visa-credit").is_some());
        assert_eq!(builtin("visa-credit"), builtin("visa/credit"));
        assert_eq!(builtin("visa-credi"), None);
        assert_eq!(unknown("visa-credi").hint.as_deref(), Some("did you mean `visa-credit`?"));
    }

    #[test]
    fn keys_are_no_profiles() {
        assert!(names().iter().all(|name| !name.starts_with("keys")));
        assert!(key_names().contains(&"visa-ca-e1".to_owned()));
    }
}
