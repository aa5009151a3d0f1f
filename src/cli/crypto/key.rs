//! Keys and PINs from wherever they are: files, environment, stdin, arguments. They are wiped after use, and no message repeats
//! one.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use zeroize::Zeroizing;

use crate::{
    bytes::Hex,
    card::{builtin, profile},
    cli::{
        failure::{Failure, words},
        out::say,
    },
    crypto::{
        SymmetricKey,
        aes::AesKey,
        check_value::{aes_check_value, des_check_value},
        tdea::Tdea,
        test_keys::is_well_known,
    },
    diag::{Problem, suggest},
};

/// A key and what is known about it.
pub struct Secret {
    /// The bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether it is AES; decides the check value.
    pub aes: bool,
}

impl Secret {
    /// A key of a calculation.
    pub fn of(key: &SymmetricKey) -> Self {
        Self { bytes: Zeroizing::new(key.as_bytes().to_vec()), aes: matches!(key, SymmetricKey::Aes(_)) }
    }

    /// A key of these bytes.
    pub fn new(bytes: &[u8], aes: bool) -> Self {
        Self { bytes: Zeroizing::new(bytes.to_vec()), aes }
    }

    /// Three bytes: of CMAC for AES, of a block of zeros for triple DES.
    pub fn check_value(&self) -> String {
        let value = if self.aes {
            AesKey::from_bytes(&self.bytes).and_then(|key| aes_check_value(&key).first_chunk().copied())
        } else {
            des_check_value(&self.bytes)
        };
        value.map_or_else(|| "none".to_owned(), |value: [u8; 3]| Hex(&value).to_string())
    }

    /// The key for a calculation of EMV's with this cipher: triple DES has two parts there.
    pub fn symmetric(&self, flag: &str, aes: bool) -> Result<SymmetricKey, Failure> {
        let (key, wanted) = match aes {
            true => (SymmetricKey::aes(&self.bytes), "an AES key has 16, 24 or 32 bytes"),
            false => (SymmetricKey::triple_des(&self.bytes), "a triple DES key of EMV has 16: two parts (Book 2, A1)"),
        };
        key.ok_or_else(|| Failure::Usage {
            message: format!("--{flag} has {} bytes; {wanted}", self.bytes.len()),
            hint: (!aes && self.bytes.len() == 24).then(|| {
                "a key of three parts is for pinblock, keys, keyblock, and `arqc --key-is session --mac triple --data …`"
                    .to_owned()
            }),
        })
    }

    /// The triple DES key, of two or three parts.
    pub fn tdea(&self, flag: &str) -> Result<Tdea, Failure> {
        let wrong =
            || Failure::usage(format!("--{flag} has {} bytes; a triple DES key has 16 or 24", self.bytes.len()));
        Tdea::from_bytes(&self.bytes).ok_or_else(wrong)
    }

    /// The AES key.
    pub fn aes(&self, flag: &str) -> Result<AesKey, Failure> {
        let wrong = || Failure::usage(format!("--{flag} has {} bytes; an AES key has 16, 24 or 32", self.bytes.len()));
        AesKey::from_bytes(&self.bytes).ok_or_else(wrong)
    }
}

/// Reads the keys of one command, and whatever else it takes from stdin.
pub struct KeyReader {
    allow: bool,
    /// What stdin was read for.
    stdin: Option<String>,
    /// What alone it may be read for.
    kept: Option<&'static str>,
    warned: bool,
}

/// What was found where a key should be, before anybody asks whether it may be used.
struct Found {
    bytes: Zeroizing<Vec<u8>>,
    test: bool,
}

impl KeyReader {
    /// `allow`: keys that are not marked as test keys are taken.
    pub const fn new(allow: bool) -> Self {
        Self { allow, stdin: None, kept: None, warned: false }
    }

    /// The key that `--flag` names.
    pub fn read(&mut self, flag: &str, source: &str, aes: bool) -> Result<Secret, Failure> {
        let found = self.find(flag, source)?;
        if !found.test && !self.allow {
            return Err(Failure::Usage {
                message: format!("--{flag} is not known to be a test key"),
                hint: Some(
                    "mark it (test:HEX, or `test = true` in its file); --allow-production-keys takes it as it is, and then \
                     this machine has to be fit to see it"
                        .to_owned(),
                ),
            });
        }
        Ok(Secret { bytes: found.bytes, aes })
    }

    fn find(&mut self, flag: &str, source: &str) -> Result<Found, Failure> {
        if source == "-" {
            return inside(flag, "stdin", &self.stdin(flag)?);
        }
        if let Some(name) = source.strip_prefix("env:") {
            return inside(flag, &format!("variable {name}"), &variable(flag, name)?);
        }
        if let Some(text) = builtin::key(source) {
            return inside(flag, source, text);
        }
        let hex = source.strip_prefix("test:").unwrap_or(source);
        if hex.len() >= 16 && hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            self.warn(flag, "a file, env:NAME");
            return plain(flag, "the argument", source);
        }
        let path = Path::new(source);
        if path.exists() {
            let text = fs::read_to_string(path).map(Zeroizing::new);
            let text = text.map_err(|error| Problem::file(source, format!("cannot be read: {}", words(&error))))?;
            return inside(flag, source, &text);
        }
        // What is no name of anything may be a key with a mistake in it: it is not repeated.
        let names = builtin::key_names();
        let hint = suggest(source, names.iter().map(String::as_str));
        let message = format!("--{flag} is neither hex of 16 digits or more nor a file nor a built-in key");
        Err(Failure::Usage { message, hint: Some(hint) })
    }

    /// The PIN that `--flag` names.
    pub fn pin(&mut self, flag: &str, source: &str) -> Result<Zeroizing<String>, Failure> {
        let text = match source.strip_prefix("env:") {
            Some(name) => variable(flag, name)?,
            None if source == "-" => self.stdin(flag)?,
            None => {
                self.warn(flag, "env:NAME");
                return Ok(Zeroizing::new(source.to_owned()));
            }
        };
        Ok(Zeroizing::new(text.trim().to_owned()))
    }

    /// Keeps stdin for a key that is read after other things, which could otherwise take it for themselves, and show it.
    pub fn keep(&mut self, flag: &'static str, source: Option<&str>) {
        self.kept = source.filter(|source| *source == "-").map(|_| flag);
    }

    /// Everything that comes from stdin, which only one argument can have.
    pub fn stdin(&mut self, flag: &str) -> Result<Zeroizing<String>, Failure> {
        let other = self.kept.filter(|kept| *kept != flag).map(str::to_owned).or_else(|| self.stdin.clone());
        if let Some(other) = other {
            return Err(Failure::usage(format!("--{flag}: stdin is for --{other} already")));
        }
        self.stdin = Some(flag.to_owned());
        let mut text = Zeroizing::new(String::new());
        io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|error| Problem::file("stdin", format!("cannot be read: {}", words(&error))))?;
        Ok(text)
    }

    /// Said once.
    fn warn(&mut self, flag: &str, private: &str) {
        if !self.warned {
            self.warned = true;
            say(&format!(
                "note: --{flag}: other users of this machine can see arguments; {private} or - (stdin) is private"
            ));
        }
    }
}

fn variable(flag: &str, name: &str) -> Result<Zeroizing<String>, Failure> {
    let value = std::env::var(name).map(Zeroizing::new);
    value.map_err(|_| Failure::usage(format!("--{flag}: there is no variable {name}")))
}

/// A key file, or bare hex.
fn inside(flag: &str, name: &str, text: &str) -> Result<Found, Failure> {
    if !text.contains("schema") {
        return plain(flag, name, text);
    }
    let stored = profile::secret_key(name, text).map_err(|problem| Problem {
        // The line might be the key.
        position: None,
        ..problem
    })?;
    Ok(Found { test: stored.test, bytes: stored.value })
}

fn plain(flag: &str, place: &str, text: &str) -> Result<Found, Failure> {
    let text = text.trim();
    let (marked, digits) = text.strip_prefix("test:").map_or((false, text), |digits| (true, digits));
    let digits = Zeroizing::new(digits.split_whitespace().collect::<String>());
    let wrong = |what: String| Failure::usage(format!("--{flag}: {what} in {place}"));
    let bytes = hex::decode(digits.as_bytes()).map(Zeroizing::new);
    let bytes = bytes
        .map_err(|_| wrong(if digits.len() % 2 == 1 { "an odd number of digits" } else { "no hex" }.to_owned()))?;
    if !matches!(bytes.len(), 8 | 16 | 24 | 32) {
        return Err(wrong(format!("a key of {} bytes; keys have 8, 16, 24 or 32", bytes.len())));
    }
    let test = marked || is_well_known(&bytes) || is_built_in(&bytes);
    Ok(Found { bytes, test })
}

fn is_built_in(key: &[u8]) -> bool {
    let texts = builtin::key_names();
    let mut keys = texts.iter().filter_map(|name| profile::secret_key(name, builtin::key(name)?).ok());
    keys.any(|stored| stored.value.as_slice() == key)
}
