//! The data of a transaction: from a recording, from DE 55, from arguments.

use std::{fs, path::Path};

use serde_json::Value;
use zeroize::Zeroizing;

use super::{chain::Shown, key::KeyReader};
use crate::{
    cli::{
        args::crypto::{Data, Filler},
        failure::{Failure, words},
    },
    data::dictionary::{
        AID_TERMINAL_9F06, APPLICATION_CRYPTOGRAM_9F26, DF_NAME_84, IAD_9F10, PAN_5A, TRACK_2_EQUIVALENT_DATA_57,
    },
    diag::Problem,
    dump,
    host::Record,
    report::{Log, Recorded},
    run::{Entropy, Random, Seeded},
    tlv::{self, Tag, write_object},
};

/// Data objects one after the other; of two with the same tag the first counts.
#[derive(Debug, Default)]
pub struct Input {
    objects: Vec<u8>,
    aid: Option<Vec<u8>>,
}

impl Input {
    /// Reads everything that is named.
    pub fn read(data: &Data, keys: &mut KeyReader) -> Result<Self, Failure> {
        let mut input = Self::default();
        for over in &data.set {
            write_object(&mut input.objects, over.tag, &over.value);
        }
        if let Some(text) = &data.de55 {
            input.objects.extend(objects("de55", text, keys)?);
        }
        if let Some(path) = &data.from {
            input.file(path, keys)?;
        }
        Ok(input)
    }

    /// The objects.
    pub fn record(&self) -> Record<'_> {
        Record(&self.objects)
    }

    /// The value of an object.
    pub fn value(&self, tag: Tag) -> Option<&[u8]> {
        self.record().value(tag)
    }

    /// The first five bytes of the application's AID, if it is known.
    pub fn rid(&self) -> Option<[u8; 5]> {
        let aid = self.aid.as_deref().or_else(|| self.value(DF_NAME_84)).or_else(|| self.value(AID_TERMINAL_9F06));
        aid.and_then(|aid| aid.first_chunk().copied())
    }

    /// The cryptogram, if there is one.
    pub fn cryptogram(&self) -> Option<[u8; 8]> {
        self.value(APPLICATION_CRYPTOGRAM_9F26)?.try_into().ok()
    }

    /// Issuer Application Data.
    pub fn iad(&self) -> Option<&[u8]> {
        self.value(IAD_9F10)
    }

    fn file(&mut self, path: &Path, keys: &mut KeyReader) -> Result<(), Failure> {
        let piped = path == Path::new("-");
        let name = if piped { "stdin".to_owned() } else { path.display().to_string() };
        let wrong = |what: &str| Problem::file(&name, what);
        let text = if piped { keys.stdin("from")? } else { read(path)? };
        if let Ok(tap) = serde_json::from_str::<Value>(&text) {
            self.tap(&tap).ok_or_else(|| wrong("no data record in it: wanted the JSON of `pay`, or a recording"))?;
        } else {
            let recorded = Recorded::read(&name, &text)?;
            let mut log = Log::default();
            recorded.tell(&mut log);
            self.aid = log.kernel.as_ref().map(|activated| activated.aid.clone());
            let found = log.outcomes.iter().rev().find_map(|outcome| outcome.data_record.as_ref());
            match found {
                Some(record) => self.objects.extend(record),
                None => {
                    self.conversation(&recorded).ok_or_else(|| wrong("the card answered with no cryptogram in it"))?
                }
            }
        }
        if self.is_masked() {
            let hint = "`pay --format json --unmask` and `pay --record FILE` keep card data";
            return Err(wrong("card data are masked in it").hint(hint).into());
        }
        Ok(())
    }

    /// What terminal and card told each other, where no kernel wrote a data record: the transaction ended otherwise, or another tool
    /// recorded it.
    fn conversation(&mut self, recorded: &Recorded) -> Option<()> {
        let shown = Shown::collect(recorded.exchanges())?;
        let objects = shown.objects();
        Record(&objects).value(APPLICATION_CRYPTOGRAM_9F26)?;
        self.aid.get_or_insert(shown.aid);
        self.objects.extend(objects);
        Some(())
    }

    /// The JSON of one transaction.
    fn tap(&mut self, tap: &Value) -> Option<()> {
        self.aid = tap.get("aid").and_then(Value::as_str).and_then(|aid| hex::decode(aid).ok());
        for (tag, value) in tap.get("data_record")?.as_object()? {
            let tag = hex::decode(tag).ok()?;
            let tag = Tag::read(&mut crate::bytes::Cursor::new(&tag)).ok()?;
            write_object(&mut self.objects, tag, &hex::decode(value.as_str()?).ok()?);
        }
        Some(())
    }

    /// Whether an account number has F between its digits.
    fn is_masked(&self) -> bool {
        let masked = |value: &[u8]| {
            let text = hex::encode_upper(value);
            let digits = text.split('D').next().unwrap_or_default().trim_end_matches('F');
            digits.contains('F') || digits.is_empty()
        };
        [PAN_5A, TRACK_2_EQUIVALENT_DATA_57].into_iter().filter_map(|tag| self.value(tag)).any(masked)
    }
}

/// The text of a file.
pub fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let wrong = |error| Problem::file(&path.display().to_string(), format!("cannot be read: {}", words(&error)));
    Ok(Zeroizing::new(fs::read_to_string(path).map_err(wrong)?))
}

/// Objects in hex, or in a file or in stdin that has hex.
fn objects(flag: &str, text: &str, keys: &mut KeyReader) -> Result<Vec<u8>, Failure> {
    let path = Path::new(text);
    let (name, text) = match text {
        "-" => ("stdin", keys.stdin(flag)?),
        _ if path.is_file() => (text, read(path)?),
        _ => (flag, Zeroizing::new(text.to_owned())),
    };
    let bytes = dump::hexadecimal(&text).map_err(|wrong| {
        // The line has card data in it: it is not repeated.
        let before = text.get(..wrong.at()).unwrap_or_default();
        let (line, column) =
            (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        Problem::file(&format!("{name}:{line}:{column}"), wrong.to_string())
    })?;
    match tlv::objects(&bytes).find_map(Result::err) {
        None => Ok(bytes),
        Some(error) => Err(Problem::file(name, format!("no data objects: {error}")).into()),
    }
}

/// Hex of an argument, with any number of bytes.
pub fn hex_of(flag: &str, text: &str) -> Result<Vec<u8>, Failure> {
    let bytes: Result<crate::data::text::HexText, _> = text.parse();
    bytes.map(|hex| hex.0).map_err(|wrong| Failure::usage(format!("--{flag}: {wrong}")))
}

/// Hex of an argument with exactly `N` bytes.
pub fn array_of<const N: usize>(flag: &str, text: &str) -> Result<[u8; N], Failure> {
    let bytes = hex_of(flag, text)?;
    bytes.as_slice().try_into().map_err(|_| Failure::usage(format!("--{flag} has {N} bytes, found {}", bytes.len())))
}

/// Filler: repeatable from a seed, else real entropy.
pub fn fill(filler: Filler, bytes: &mut [u8]) -> Result<(), Failure> {
    match filler.seed {
        Some(seed) => Seeded::new(seed).fill(bytes),
        None => Entropy::open().map_err(|error| Failure::Environment(format!("no entropy: {error}")))?.fill(bytes),
    }
    Ok(())
}

/// Digits of an account number as F-padded cn.
pub fn pan_of(digits: &str) -> Result<Vec<u8>, Failure> {
    let pan = crate::data::Pan::parse(digits).filter(|pan| pan.len() >= 8);
    pan.map(|pan| pan.to_cn()).ok_or_else(|| Failure::usage("--pan has 8 to 19 digits"))
}

/// A PAN sequence number.
pub fn psn_of(digits: &str) -> Result<u8, Failure> {
    let wrong = || Failure::usage(format!("--psn has two digits, found `{digits}`"));
    let fits = digits.len() <= 2 && !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    u8::from_str_radix(digits, 16).ok().filter(|_| fits).ok_or_else(wrong)
}
