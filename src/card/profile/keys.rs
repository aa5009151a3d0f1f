//! Key files (`emvtap.key/1`): one key a file, every one marked as a test key.

use core::fmt;

use serde::Deserialize;
use toml::Spanned;

use super::{
    file::KeyFile,
    source::{Sources, Texts},
};
use crate::{
    card::{builtin, memory::Memory},
    data::text::HexText,
    diag::{self, Problem},
};

const SCHEMA: &str = "emvtap.key/1";

/// Key files by their text: most cards have the same keys.
static READ: Memory<KeyFile> = Memory::new();

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeyKind {
    Ca,
    Issuer,
    Card,
    IssuerMaster,
    Secret,
}

impl KeyKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Issuer => "issuer",
            Self::Card => "card",
            Self::IssuerMaster => "issuer-master",
            Self::Secret => "secret",
        }
    }
}

/// A private RSA key as it is stored. Never printed.
#[derive(Clone)]
pub struct RsaKey {
    /// 03 or 010001.
    pub exponent: Vec<u8>,
    /// One prime.
    pub p: Vec<u8>,
    /// The other.
    pub q: Vec<u8>,
}

/// A certification authority's key.
#[derive(Clone, Debug)]
pub struct CaKeyPair {
    /// The index (8F).
    pub index: u8,
    /// The private key.
    pub key: RsaKey,
}

/// A two-key triple DES master key of an issuer. Never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey(pub [u8; 16]);

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaKey(..)")
    }
}

impl MasterKey {
    /// Reads a key file of kind `issuer-master`. `name`: of the file, for messages.
    ///
    /// # Errors
    /// What is wrong with the file, at its place; a key of another kind, or that is not marked as a test key.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let file = parse(name, text)?;
        match file.kind {
            KeyKind::IssuerMaster => Self::of(name, file),
            other => Err(Problem::file(name, format!("a key of kind {}, wanted issuer-master", other.name()))),
        }
    }

    fn of(name: &str, file: KeyFile) -> Result<Self, Problem> {
        let value = file.value.ok_or_else(|| Problem::file(name, "an issuer-master key needs a `value`"))?.0;
        let wrong = || {
            Problem::file(name, format!("an issuer-master key has 16 bytes (EMV Book 2, A1), found {}", value.len()))
        };
        value.as_slice().try_into().map(Self).map_err(|_| wrong())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey(..)")
    }
}

/// Reads the key files that a profile refers to.
pub(super) struct KeyRing<'a> {
    pub sources: &'a Sources,
    pub texts: Texts<'a>,
}

impl KeyRing<'_> {
    pub fn ca(&self, name: &Spanned<String>) -> Result<CaKeyPair, Problem> {
        let file = self.read(name, KeyKind::Ca)?;
        let index = file.index.map(|index| index.0);
        let [index] = index.ok_or_else(|| Problem::file(name.get_ref(), "a ca key needs an `index`"))?;
        Ok(CaKeyPair { index, key: rsa(name.get_ref(), file)? })
    }

    pub fn rsa(&self, name: &Spanned<String>, kind: KeyKind) -> Result<RsaKey, Problem> {
        rsa(name.get_ref(), self.read(name, kind)?)
    }

    pub fn master(&self, name: &Spanned<String>) -> Result<MasterKey, Problem> {
        MasterKey::of(name.get_ref(), self.read(name, KeyKind::IssuerMaster)?)
    }

    fn read(&self, name: &Spanned<String>, wanted: KeyKind) -> Result<KeyFile, Problem> {
        let text = match builtin::key(name.get_ref()) {
            Some(text) => text.to_owned(),
            None => (self.texts)(name.get_ref()).ok_or_else(|| {
                self.sources
                    .problem(name.span(), format!("there is no key `{}`", name.get_ref()))
                    .hint(diag::suggest(name.get_ref(), builtin::key_names().iter().map(String::as_str)))
            })?,
        };
        let file = READ.recall(&[text.as_bytes()], || parse(name.get_ref(), &text))?;
        if file.kind != wanted {
            let message =
                format!("`{}` is a key of kind {}, wanted {}", name.get_ref(), file.kind.name(), wanted.name());
            return Err(self.sources.problem(name.span(), message));
        }
        Ok(file)
    }
}

/// A symmetric key as it is stored, with whether it is marked as a test key. Never printed.
pub struct SecretKey {
    /// The bytes.
    pub value: zeroize::Zeroizing<Vec<u8>>,
    /// `test = true`.
    pub test: bool,
}

/// Reads a symmetric key from a key file, marked as a test key or not. `name`: of the file, for messages.
///
/// # Errors
/// What is wrong with the file, at its place; a key file of an RSA key.
pub fn secret_key(name: &str, text: &str) -> Result<SecretKey, Problem> {
    let file = read(name, text)?;
    let kind = file.kind.name();
    let value = file.value.ok_or_else(|| Problem::file(name, format!("a key of kind {kind} has no `value`")))?;
    Ok(SecretKey { value: zeroize::Zeroizing::new(value.0), test: file.test.is_some_and(|test| *test.get_ref()) })
}

fn read(name: &str, text: &str) -> Result<KeyFile, Problem> {
    diag::expect_schema(name, text, SCHEMA)?;
    diag::from_toml(name, text)
}

fn parse(name: &str, text: &str) -> Result<KeyFile, Problem> {
    let file = read(name, text)?;
    match &file.test {
        Some(test) if *test.get_ref() => Ok(file),
        Some(test) => Err(Problem::at(name, text, test.span(), "the key is not a test key")),
        None => Err(Problem::file(name, "the key is not marked as a test key")),
    }
    .map_err(|problem| problem.hint("cards are made with test keys only; a key made for tests says `test = true`"))
}

fn rsa(name: &str, file: KeyFile) -> Result<RsaKey, Problem> {
    let need = |part: Option<HexText>, what| {
        part.map(|bytes| bytes.0).ok_or_else(|| Problem::file(name, format!("an RSA key needs `{what}`")))
    };
    Ok(RsaKey { exponent: need(file.exponent, "exponent")?, p: need(file.p, "p")?, q: need(file.q, "q")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_marked_as_a_test_key_is_refused() {
        let text = "schema = \"emvtap.key/1\"\ntitle = \"live\"\nkind = \"issuer-master\"\nvalue = \"00112233445566778899AABBCCDDEEFF\"\n";
        let problem = parse("live.toml", text).map(|_| ()).unwrap_err();
        assert_eq!(problem.message, "the key is not marked as a test key");
        let problem = parse("live.toml", &format!("{text}test = false\n")).map(|_| ()).unwrap_err();
        assert_eq!(problem.position.unwrap().line, 5);
    }

    #[test]
    fn no_key_is_printed() {
        let key = MasterKey([0x5A; 16]);
        let rsa = RsaKey { exponent: vec![3], p: vec![0x5A], q: vec![0x5A] };
        assert_eq!(format!("{key:?} {rsa:?}"), "MasterKey(..) RsaKey(..)");
    }
}
