//! `emvtap explain`: what a tag, a value, a status word, a message, an application, a kernel or a rule means.

use serde_json::json;

use super::{
    args::{Explain, ListFormat, Target},
    exit::Exit,
    failure::Failure,
    out::{Environment, Out},
};
use crate::{
    apdu::StatusWord,
    data::{
        Scope,
        bits::Bit,
        dictionary::{self, NameError},
        text::HexText,
    },
    diag::suggest,
    kernel::outcome::{MessageId, OutcomeResult},
    tlv::Tag,
};

pub(super) mod case;
mod page;
mod parts;
mod rule;
mod status;
mod tag;
mod words;

use page::Page;
pub use status::After;
use tag::Question;

/// What the first word may say to force a meaning.
const KINDS: [&str; 10] =
    ["tag", "sw", "message", "aid", "kernel", "rule", "outcome", "currency", "case", "requirement"];

/// Runs the verb.
pub fn run(explain: &Explain, environment: &Environment) -> Result<Exit, Failure> {
    let asked = Asked::of(explain)?;
    let (pages, other) = asked.pages()?;
    let out = write(&pages, explain.format, &explain.target, environment)?;
    if let Some(other) = other {
        out.talk("note", &other);
    }
    Ok(Exit::SUCCESS)
}

/// Writes pages.
pub(super) fn write(
    pages: &[Page],
    format: ListFormat,
    target: &Target,
    environment: &Environment,
) -> Result<Out, Failure> {
    let mut out = Out::open(target, environment, false)?;
    let text = match format {
        ListFormat::Text => {
            let pages: Vec<String> = pages.iter().map(|page| page.text(out.width(), out.paint())).collect();
            pages.join("\n")
        }
        ListFormat::Json => {
            let explanations: Vec<_> = pages.iter().map(Page::json).collect();
            let whole = json!({ "schema": "emvtap.explain/1", "explanations": explanations });
            format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
        }
    };
    out.data(&text)?;
    Ok(out)
}

/// What a person wants to know.
struct Asked<'a> {
    kind: Option<&'a str>,
    words: Vec<&'a str>,
    after: Option<After>,
    kernel: Option<u8>,
}

/// Pages, and how to ask for another meaning of the same words.
type Found = (Vec<Page>, Option<String>);

impl<'a> Asked<'a> {
    fn of(explain: &'a Explain) -> Result<Self, Failure> {
        let words: Vec<&str> = explain.subject.iter().flat_map(|word| word.split_whitespace()).collect();
        let (kind, words) = match words.as_slice() {
            [kind, rest @ ..] if KINDS.contains(kind) && !rest.is_empty() => (Some(*kind), rest.to_vec()),
            [kind] if KINDS.contains(kind) => {
                return Err(Failure::usage(format!("which {kind}? write it behind the word")));
            }
            [] => return Err(Failure::usage("nothing to explain")),
            words => (None, words.to_vec()),
        };
        Ok(Self { kind, words, after: explain.after, kernel: explain.kernel })
    }

    fn scope(&self) -> Option<Scope> {
        self.kernel.and_then(Scope::kernel)
    }

    fn pages(&self) -> Result<Found, Failure> {
        let Some(kind) = self.kind else { return self.guess() };
        let text = self.words.join(" ");
        let first = self.words.first().copied().unwrap_or_default();
        let pages = match kind {
            "tag" => self.object()?,
            "rule" => self.rule()?,
            "sw" => one(self.status(first)),
            "message" => one(byte(first).and_then(words::message)),
            "aid" => one(hex(&text).as_deref().and_then(words::aid)),
            "kernel" => one(kernel_bytes(&text).as_deref().and_then(words::kernel)),
            "case" => case::pages(first, &case::builtin()?)?,
            "requirement" => one(case::requirement(first)?),
            "outcome" => one(outcome(&text)),
            _ => one(words::currency(first)),
        };
        match pages.is_empty() {
            true => Err(unknown(kind, &text)),
            false => Ok((pages, None)),
        }
    }

    /// Without a kind the first of these that the words can be: an Outcome's name; a case's id; a
    /// requirement's; a rule, which has its book before it; a kernel's name; a tag that the dictionary knows; a status word of four digits; an application identifier of ten digits or
    /// more; a message identifier of two; the name of a data object; a currency.
    fn guess(&self) -> Result<Found, Failure> {
        let text = self.words.join(" ");
        let first = self.words.first().copied().unwrap_or_default();
        let alone = self.words.len() == 1;
        if let Some(page) = outcome(&text) {
            return Ok((vec![page], None));
        }
        if alone && case::is_id(first) {
            return Ok((case::pages(first, &case::builtin()?)?, None));
        }
        if alone
            && first.contains('/')
            && let Some(page) = case::requirement(first)?
        {
            return Ok((vec![page], None));
        }
        if rule::book(first).is_some() && !alone {
            return Ok((self.rule()?, None));
        }
        if alone && first.to_uppercase().starts_with("C-") {
            let page = kernel_bytes(first).as_deref().and_then(words::kernel);
            return page.map(|page| (vec![page], None)).ok_or_else(|| unknown("kernel", first));
        }
        if is_known_tag(first) {
            let other = byte(first).filter(|_| alone).and_then(|byte| MessageId(byte).text()).map(|_| "message");
            return Ok((self.object()?, other.map(|kind| forced(first, kind))));
        }
        if alone {
            let digits = hex(first).map_or(0, |bytes| 2 * bytes.len());
            let (page, other) = match digits {
                4 => (self.status(first), None),
                10.. => (hex(first).as_deref().and_then(words::aid), None),
                2 => (byte(first).and_then(words::message), Some("kernel")),
                _ => (None, None),
            };
            if let Some(page) = page {
                return Ok((vec![page], other.map(|kind| forced(first, kind))));
            }
        }
        match self.object() {
            Err(failure) => match words::currency(first).filter(|_| alone) {
                Some(page) => Ok((vec![page], None)),
                None => Err(failure),
            },
            Ok(pages) => Ok((pages, None)),
        }
    }

    /// A data object by tag or name, with up to two values, or one of its bits.
    fn object(&self) -> Result<Vec<Page>, Failure> {
        let text = self.words.join(" ");
        let named = |name: &str| dictionary::tag_named(name, self.scope());
        let first = self.words.first().copied().unwrap_or_default();
        let (name, rest) = match named(&text) {
            Ok(_) => (text.as_str(), &[][..]),
            Err(_) => (first, self.words.get(1..).unwrap_or_default()),
        };
        // Words that are no values belong to the name.
        let of_name = rest.iter().any(|word| hex(word).is_none() && bit(rest).is_none());
        let whole = if of_name { text.as_str() } else { name };
        let tag = named(name).or_else(|_| named(whole)).map_err(|hint| Failure::Usage {
            message: format!("nobody knows `{text}`"),
            hint: Some(match hint {
                NameError::Unknown(near) if near.is_empty() => {
                    format!("write a tag in hex, a name, or what it is before it: {}", KINDS.join(", "))
                }
                hint => hint.to_string(),
            }),
        })?;
        let bit = bit(rest);
        let values = if bit.is_some() { Vec::new() } else { values(rest)? };
        // A name has one meaning, where a tag may have several.
        let row = dictionary::by_name(name, self.scope()).ok().filter(|row| row.tag == tag);
        let pages = tag::pages(&Question { tag, named: row, scope: self.scope(), values: &values, bit });
        match pages.is_empty() {
            true if bit.is_some() => Err(Failure::usage(format!("nobody knows this bit of {tag}"))),
            true => Err(unknown("tag", &text)),
            false => Ok(pages),
        }
    }

    fn rule(&self) -> Result<Vec<Page>, Failure> {
        let book = self.words.first().and_then(|first| rule::book(first)).filter(|_| self.words.len() > 1);
        let number = if book.is_some() { self.words.get(1..).unwrap_or_default() } else { &self.words };
        let number = number.join(" ");
        rule::pages(book, &number).map_err(|hint| Failure::Usage {
            message: format!("no rule {}{number} is cited", book.map(|book| format!("{book} ")).unwrap_or_default()),
            hint: Some(hint),
        })
    }

    fn status(&self, text: &str) -> Option<Page> {
        let [high, low] = <[u8; 2]>::try_from(hex(text)?).ok()?;
        status::page(StatusWord(u16::from_be_bytes([high, low])), self.after, self.kernel)
    }
}

fn one(page: Option<Page>) -> Vec<Page> {
    page.into_iter().collect()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    text.parse().ok().map(|HexText(bytes)| bytes).filter(|bytes: &Vec<u8>| !bytes.is_empty())
}

fn byte(text: &str) -> Option<u8> {
    match hex(text)?.as_slice() {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// `03`, `810978`, `C-3`, `3`.
fn kernel_bytes(text: &str) -> Option<Vec<u8>> {
    let number = text.to_uppercase().strip_prefix("C-").unwrap_or(text).to_owned();
    hex(&number).or_else(|| number.parse().ok().map(|number: u8| vec![number]))
}

fn outcome(text: &str) -> Option<Page> {
    let wanted = text.to_lowercase().replace(' ', "-");
    if wanted == "request-online-pin" {
        return Some(words::request_online_pin());
    }
    OutcomeResult::ALL.into_iter().find(|result| result.name() == wanted).map(words::outcome)
}

fn is_known_tag(text: &str) -> bool {
    text.parse().is_ok_and(|tag: Tag| !dictionary::rows(tag).is_empty())
}

/// `byte 2 bit 7`.
fn bit(words: &[&str]) -> Option<Bit> {
    let [byte, number, bit, place] = words else { return None };
    let (number, place) = (number.parse().ok()?, place.parse().ok()?);
    (byte.eq_ignore_ascii_case("byte") && bit.eq_ignore_ascii_case("bit") && number > 0 && (1..=8).contains(&place))
        .then(|| Bit::new(number, place))
}

fn values(words: &[&str]) -> Result<Vec<Vec<u8>>, Failure> {
    if words.len() > 2 {
        return Err(Failure::usage("one value is explained, two are compared; write their bytes without spaces"));
    }
    let value = |word: &&str| hex(word).ok_or_else(|| Failure::usage(format!("`{word}` is no value in hex")));
    words.iter().map(value).collect()
}

fn forced(text: &str, kind: &str) -> String {
    format!("`emvtap explain {kind} {text}` explains {text} as a {kind}")
}

fn unknown(kind: &str, text: &str) -> Failure {
    let outcomes = || OutcomeResult::ALL.map(|result| result.name());
    let hint = match kind {
        "outcome" => suggest(text, outcomes()),
        "message" => {
            let ids: Vec<String> = MessageId::ALL.iter().map(|(id, _)| id.to_string()).collect();
            suggest(text, ids.iter().map(String::as_str))
        }
        "sw" => "a status word has four hex digits, like 6985".to_owned(),
        "aid" if hex(text).is_some_and(|name| (5..=16).contains(&name.len())) => {
            "none of the well-known applications begins like this".to_owned()
        }
        "aid" => "an application identifier begins with five bytes in hex, like A000000003".to_owned(),
        "kernel" => "a kernel identifier is 01 to 08, or up to 8 bytes as in 9F2A".to_owned(),
        "currency" => "a currency of ISO 4217 has three letters or three digits: EUR or 978".to_owned(),
        _ => "write the tag in hex, or the object's name".to_owned(),
    };
    Failure::Usage { message: format!("nobody knows the {kind} `{text}`"), hint: Some(hint) }
}
