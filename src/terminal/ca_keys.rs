//! CA public keys from files; a key whose checksum is wrong is refused.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, OnceLock},
};

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::{
    bytes::Hex,
    crypto::CaKey,
    data::text::{HexArray, HexText},
    diag,
    diag::Problem,
};

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/terminals/ca");

const SCHEMA: &str = "emvtap.ca-keys/1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    #[serde(default)]
    key: Vec<toml::Spanned<Key>>,
}

/// A key as files state it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    rid: HexArray<5>,
    index: HexArray<1>,
    modulus: HexText,
    exponent: HexText,
    /// SHA-1 over RID, index, modulus and exponent (EMV Book 2, 11.2.2).
    checksum: HexArray<20>,
    expires: Option<diag::DateText>,
    #[serde(default)]
    status: KeyStatus,
    #[serde(default)]
    source: String,
}

/// What a CA key is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It signs for cards in people's hands.
    Live,
    /// It signs for test cards.
    Test,
    /// No source says.
    #[default]
    Unknown,
}

impl KeyStatus {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Unknown => "unknown",
        }
    }
}

/// A key of a list, with what people want to know of it.
#[derive(Clone, Debug)]
pub struct ListedKey {
    /// The name of the list.
    pub list: String,
    /// The key; its checksum has been verified.
    pub key: CaKey,
    /// What it is for.
    pub status: KeyStatus,
    /// Where its value was found.
    pub source: String,
}

/// The names of the built-in lists.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTIN.files().filter_map(|file| file.path().file_stem()?.to_str())
}

type List = Result<Vec<ListedKey>, Problem>;

/// The built-in lists, each read when the first terminal wants it: their keys are made ready once.
static LISTS: LazyLock<BTreeMap<&str, OnceLock<List>>> =
    LazyLock::new(|| names().map(|name| (name, OnceLock::new())).collect());

/// A built-in list.
pub(super) fn builtin(name: &str) -> Option<List> {
    let list = LISTS.get(name)?.get_or_init(|| {
        let path = format!("{name}.toml");
        let text = BUILTIN.get_file(&path).and_then(|file| file.contents_utf8()).unwrap_or_default();
        read(name, &format!("terminals/ca/{path}"), text)
    });
    Some(list.clone())
}

fn read(name: &str, file: &str, text: &str) -> Result<Vec<ListedKey>, Problem> {
    diag::expect_schema(file, text, SCHEMA)?;
    let list: File = diag::from_toml(file, text)?;
    list.key.into_iter().map(|key| read_key(name, file, text, key)).collect()
}

/// A key that stands in a file. `name`: of its list.
pub(super) fn read_key(name: &str, file: &str, text: &str, key: toml::Spanned<Key>) -> Result<ListedKey, Problem> {
    let at = key.span();
    let Key { rid, index, modulus, exponent, checksum, expires, status, source } = key.into_inner();
    let mut ca_key = CaKey::new(rid.0, u8::from_be_bytes(index.0), &modulus.0, &exponent.0)
        .map_err(|error| Problem::at(file, text, at.clone(), format!("not a usable RSA key: {error:?}")))?;
    if ca_key.checksum() != checksum.0 {
        let message = format!("the checksum of CA key {} {} does not fit", Hex(&rid.0), Hex(&index.0));
        return Err(Problem::at(file, text, at, message).hint(format!("computed {}", Hex(&ca_key.checksum()))));
    }
    ca_key.expires = expires.map(|date| date.0);
    Ok(ListedKey { list: name.to_owned(), key: ca_key, status, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_list_is_read_and_no_list_has_a_key_twice() {
        for name in names() {
            let keys = builtin(name).unwrap().unwrap();
            assert!(!keys.is_empty(), "{name}");
            let mut seen = std::collections::BTreeSet::new();
            for ListedKey { key, source, .. } in &keys {
                assert!(seen.insert((key.rid, key.index)), "{name} {:02X}", key.index);
                assert!(!source.is_empty(), "{name} {:02X}", key.index);
            }
        }
    }

    /// Checksums as the schemes publish them (EMV Book 2, 11.2.2), collected apart from the moduli.
    #[test]
    fn keys_are_the_published_ones() {
        for (list, index, bits, checksum) in [
            ("visa", 0x08, 1408, "20D213126955DE205ADC2FD2822BD22DE21CF9A8"),
            ("visa", 0x09, 1984, "1FF80A40173F52D7D27E0F26A146A1C8CCB29046"),
            ("visa", 0x92, 1408, "429C954A3859CEF91295F663C963E582ED6EB253"),
            ("mastercard", 0x05, 1408, "EBFA0D5D06D8CE702DA3EAE890701D45E274C845"),
            ("mastercard", 0x06, 1984, "F910A1504D5FFB793D94F3B500765E1ABCAD72D9"),
            ("mastercard", 0xF5, 1984, "C2239804C8098170BE52D6D5D4159E81CE8466BF"),
            ("amex", 0x10, 1984, "C729CF2FD262394ABC4CC173506502446AA9B9FD"),
            ("amex", 0xA1, 1152, "6E8C1C5EF66CC92F40A1721937A33873AF63BE5B"),
        ] {
            let keys = builtin(list).unwrap().unwrap();
            let found = keys.iter().find(|listed| listed.key.index == index).unwrap();
            assert_eq!(Hex(&found.key.checksum()).to_string(), checksum, "{list} {index:02X}");
            assert_eq!(found.key.key.modulus().len() * 8, bits);
        }
    }

    #[test]
    fn a_wrong_digit_is_found_out() {
        let text = BUILTIN.get_file("visa.toml").unwrap().contents_utf8().unwrap().replacen("D9FD6E", "D9FD6F", 1);
        let problem = read("visa", "x.toml", &text).unwrap_err();
        assert_eq!(problem.message, "the checksum of CA key A000000003 08 does not fit");
    }
}
