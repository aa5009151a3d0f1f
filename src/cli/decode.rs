//! `emvtap decode`: bytes in, meaning out.

use std::{
    fs,
    io::{self, IsTerminal, Read},
    path::Path,
};

use clap::{Args, ValueEnum};

use super::{
    args::{ListFormat, Target},
    exit::Exit,
    failure::{Failure, words},
    out::{Environment, Out},
};
use crate::{
    data::{Scope, dictionary},
    diag::Problem,
    dump,
    report::decode::{How, Options, Page, Source, read},
    tlv::Tag,
};

/// Bytes to explain.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "What the input is, is found out: a log by the marks on its lines (>, C-APDU:, APDU:, SW:, pyscard, pcscd, \
    proxmark3, emvtap recordings, or hex lines in turn); hex is a command if its instruction is known and its lengths fit, \
    else a response if it ends with 9000 behind data objects, else data objects if it reads as such to the end, else a data object list if all its tags are known, else a response if \
    it ends with another status word, else data objects as far as they go. --as decides where that is wrong.\n\n\
    Examples:\n  emvtap decode 9F66 36004000                one object: tag or name, and value\n  \
    emvtap decode 6F1A840E325041592E...        data objects\n  emvtap decode --dol 9F66049F02069F37049F6A04\n  \
    emvtap decode 80A8000002830000 6700        a command and its response\n  \
    emvtap decode tap.log -v                   a log, with every bit\n  \
    emvtap pay 5 --format jsonl | emvtap decode -"
)]
pub struct Decode {
    /// Hex, a file, or - for stdin; two inputs are a tag (or name) and its value, or a command and its response
    #[arg(value_name = "INPUT")]
    pub input: Vec<String>,

    /// What the input is [default: find out]
    #[arg(long = "as", value_enum, value_name = "WHAT")]
    pub how: Option<As>,

    /// The input is a data object list: the same as --as dol
    #[arg(long, conflicts_with_all = ["how", "tag"])]
    pub dol: bool,

    /// The input is the value of this object, by tag or by name
    #[arg(long, value_name = "TAG", conflicts_with = "how")]
    pub tag: Option<String>,

    /// Whose meaning of tags counts: 1 to 8, or contact [default: from the application identifiers in the input]
    #[arg(long, value_name = "KERNEL", value_parser = kernel)]
    pub kernel: Option<Scope>,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Also bits that are 0, reserved bits, and the fields of commands
    #[arg(short, long)]
    pub verbose: bool,

    /// Show account numbers, tracks, names and PINs
    #[arg(long)]
    pub unmask: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// Data objects
    Tlv,
    /// A data object list
    Dol,
    /// A command or a response
    Apdu,
    /// A log of exchanges
    Log,
    /// A tag and its value
    Tag,
}

/// Reads `--kernel`.
fn kernel(text: &str) -> Result<Scope, String> {
    let word = text.to_ascii_lowercase();
    let number = word.trim_start_matches("kernel").trim_start_matches("c-").trim_start_matches('k').trim();
    let numbered = number.parse().ok().and_then(Scope::kernel);
    let named = Scope::ALL.into_iter().find(|scope| scope.name().eq_ignore_ascii_case(text));
    numbered.or(named).ok_or_else(|| "wanted a kernel from 1 to 8, or contact".to_owned())
}

/// Runs the verb.
pub fn run(verb: &Decode, environment: &Environment) -> Result<Exit, Failure> {
    let input = Input::read(verb)?;
    let options = Options { how: how(verb), scope: verb.kernel, unmasked: verb.unmask };
    let reading = read(input.source(), &options).map_err(|why| input.failure(&why))?;
    let mut out = Out::open(&verb.target, environment, verb.unmask)?;
    let page = Page { width: out.width(), paint: out.paint(), everything: verb.verbose };
    let mut text = String::new();
    let mut put = |piece: &str| {
        text.push_str(piece);
        if text.len() < PIECE { Ok(()) } else { out.data(&core::mem::take(&mut text)) }
    };
    match verb.format {
        ListFormat::Json => reading.json(verb.verbose, &mut put)?,
        ListFormat::Text => reading.text(page, &mut put)?,
    }
    out.data(&text)?;
    Ok(Exit::SUCCESS)
}

/// As many bytes of output are gathered before they are written.
const PIECE: usize = 0x10000;

const fn how(verb: &Decode) -> Option<How> {
    match verb.how {
        _ if verb.dol => Some(How::Dol),
        Some(As::Tlv) => Some(How::Tlv),
        Some(As::Dol) => Some(How::Dol),
        Some(As::Apdu) => Some(How::Apdu),
        Some(As::Log) => Some(How::Log),
        Some(As::Tag) | None => None,
    }
}

/// What was given.
enum Input {
    Text { name: String, text: String },
    Bytes { name: String, bytes: Vec<u8> },
    Pair(Vec<u8>, Vec<u8>),
    Value(Tag, Vec<u8>),
}

impl Input {
    fn read(verb: &Decode) -> Result<Self, Failure> {
        if let Some(name) = &verb.tag {
            return Self::value(name, &verb.input, verb.kernel);
        }
        match verb.input.as_slice() {
            [] if io::stdin().is_terminal() => Err(Failure::Usage {
                message: "nothing to decode".into(),
                hint: Some("give hex, a file, or pipe something in".into()),
            }),
            [] => Self::open("-"),
            [name, values @ ..] if verb.how == Some(As::Tag) => Self::value(name, values, verb.kernel),
            [only] if dump::hexadecimal(only).is_ok() => Ok(Self::Text { name: "input".into(), text: only.clone() }),
            [only] => Self::open(only),
            [first, second] if verb.how.is_none() && !verb.dol => Self::two(first, second, verb.kernel),
            [command, response] if verb.how == Some(As::Apdu) => Ok(Self::Pair(bytes(command)?, bytes(response)?)),
            all => Ok(Self::Text { name: "input".into(), text: all.join(" ") }),
        }
    }

    /// A tag, by number or name, and its value; or a command and its response.
    fn two(first: &str, second: &str, scope: Option<Scope>) -> Result<Self, Failure> {
        if let Ok(tag) = dictionary::tag_named(first, scope) {
            return Ok(Self::Value(tag, bytes(second)?));
        }
        match dump::hexadecimal(first) {
            Ok(command) => Ok(Self::Pair(command, bytes(second)?)),
            Err(_) => Self::value(first, &[second.to_owned()], scope),
        }
    }

    fn value(name: &str, values: &[String], scope: Option<Scope>) -> Result<Self, Failure> {
        let tag = dictionary::tag_named(name, scope).map_err(|hint| Failure::Usage {
            message: format!("no single data object is called `{name}`"),
            hint: Some(hint.to_string()),
        })?;
        match values {
            [] => match Self::open("-")? {
                Self::Text { text, .. } => Ok(Self::Value(tag, bytes(&text)?)),
                Self::Bytes { bytes, .. } => Ok(Self::Value(tag, bytes)),
                other => Ok(other),
            },
            values => Ok(Self::Value(tag, bytes(&values.join(" "))?)),
        }
    }

    fn open(name: &str) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let read = if name == "-" {
            io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
        } else {
            fs::read(name).map(|read| bytes = read)
        };
        let label = if name == "-" { "stdin" } else { name };
        if let Err(error) = read {
            return Err(unreadable(label, &error));
        }
        Ok(match dump::text(bytes) {
            Ok(text) => Self::Text { name: label.to_owned(), text },
            Err(bytes) => Self::Bytes { name: label.to_owned(), bytes },
        })
    }

    fn source(&self) -> Source<'_> {
        match self {
            Self::Text { text, .. } => Source::Text(text),
            Self::Bytes { bytes, .. } => Source::Bytes(bytes),
            Self::Pair(command, response) => Source::Pair(command, response),
            Self::Value(tag, value) => Source::Value(*tag, value),
        }
    }

    fn failure(&self, why: &crate::report::decode::Undecodable) -> Failure {
        let hint = "hex or a log is wanted; --as says what it is";
        match self {
            Self::Text { name, text } => {
                let end =
                    text.get(why.at..).and_then(|rest| rest.chars().next()).map_or(why.at, |c| why.at + c.len_utf8());
                Problem::at(name, text, why.at..end, &why.message).hint(hint).into()
            }
            Self::Bytes { name, .. } => Problem::file(name, &why.message).hint(hint).into(),
            Self::Pair(..) | Self::Value(..) => Problem::file("input", &why.message).into(),
        }
    }
}

/// Something that is neither hex nor a file that can be read.
fn unreadable(name: &str, error: &io::Error) -> Failure {
    if !Path::new(name).exists()
        && let Err(wrong) = dump::hexadecimal(name)
        && !name.contains(['/', '\\', '.'])
    {
        let at = wrong.at();
        let end = name.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
        return Problem::at("input", name, at..end, format!("{wrong}, and there is no such file")).into();
    }
    Problem::file(name, format!("cannot be read: {}", words(error))).into()
}

fn bytes(text: &str) -> Result<Vec<u8>, Failure> {
    dump::hexadecimal(text).map_err(|wrong| {
        let at = wrong.at();
        let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
        Problem::at("input", text, at..end, wrong.to_string()).into()
    })
}
