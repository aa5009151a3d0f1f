//! Commands in words: `SELECT PPSE`, `GPO`, `READ RECORD 2.1`, `GENERATE AC ARQC`, `GET DATA 9F5D`.
//!
//! A case may say less than a command's whole name: `READ RECORD` is any of them, `SELECT` too.

use crate::{apdu::CommandHeader, bytes::Hex, diag, tlv::Tag};

/// The names, by the high half of the class and the instruction. The first of two names is the one that is shown.
const NAMES: &[(&[u8], u8, &str)] = &[
    (&[0x00], 0xA4, "SELECT"),
    (&[0x80], 0xA8, "GPO"),
    (&[0x00], 0xB2, "READ RECORD"),
    (&[0x00, 0x80], 0xCA, "GET DATA"),
    // Issuer scripts carry it with secure messaging.
    (&[0x00, 0x80, 0x04, 0x84], 0xDA, "PUT DATA"),
    (&[0x80], 0xAE, "GENERATE AC"),
    (&[0x00], 0x82, "EXTERNAL AUTHENTICATE"),
    (&[0x00], 0x88, "INTERNAL AUTHENTICATE"),
    (&[0x80], 0x2A, "COMPUTE CRYPTOGRAPHIC CHECKSUM"),
    (&[0x80], 0xEA, "EXCHANGE RELAY RESISTANCE DATA"),
    // Implementations of C-2 differ about its class.
    (&[0x80, 0x00], 0xD0, "RECOVER AC"),
    (&[0x00], 0x84, "GET CHALLENGE"),
    (&[0x00], 0x20, "VERIFY"),
    (&[0x00], 0xC0, "GET RESPONSE"),
];

/// Names that mean the same.
const ALIASES: &[(&str, &str)] =
    &[("GET PROCESSING OPTIONS", "GPO"), ("SELECT 325041592E5359532E4444463031", "SELECT PPSE")];

const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// The whole name of a command. One that has none is `COMMAND` with class, instruction, parameters: `COMMAND 841E0000`.
pub fn name(bytes: &[u8]) -> String {
    let unnamed = || format!("COMMAND {}", Hex(bytes.get(..4).unwrap_or(bytes)));
    let Some(command) = CommandHeader::parse(bytes) else { return unnamed() };
    let known = |(classes, ins, _): &&(&[u8], u8, &str)| classes.contains(&(command.cla & 0xFC)) && *ins == command.ins;
    match NAMES.iter().find(known) {
        Some((_, _, name)) => format!("{name}{}", detail(name, &command)),
        None => unnamed(),
    }
}

/// What stands behind the verb.
fn detail(name: &str, command: &CommandHeader<'_>) -> String {
    let tag = Tag::new(u32::from(u16::from_be_bytes([command.p1, command.p2])));
    match name {
        "SELECT" if command.data == PPSE => " PPSE".to_owned(),
        "SELECT" if command.p2 & 0x03 == 0x02 => format!(" {} NEXT", Hex(command.data)),
        "SELECT" => format!(" {}", Hex(command.data)),
        "READ RECORD" => format!(" {}.{}", command.p2 >> 3, command.p1),
        "GET DATA" | "PUT DATA" => format!(" {tag}"),
        "GENERATE AC" => {
            let kind = match command.p1 & 0xC0 {
                0x00 => " AAC",
                0x40 => " TC",
                0x80 => " ARQC",
                _ => " RFU",
            };
            format!("{kind}{}", if command.p1 & 0x10 == 0 { "" } else { " CDA" })
        }
        _ => String::new(),
    }
}

/// A command, and which of several: `GPO #2` is the second. The first where no number stands behind it.
pub fn numbered(text: &str) -> (&str, usize) {
    let numbered = text.rsplit_once(" #").and_then(|(name, number)| Some((name, number.parse().ok()?)));
    numbered.filter(|(_, number)| *number > 0).unwrap_or((text, 1))
}

/// A command as a case names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(String);

impl Wanted {
    /// Whether a command with this whole [`name`] is meant.
    pub fn is(&self, name: &str) -> bool {
        name.strip_prefix(self.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// The name, in its first spelling.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Reads a name; capitals and spaces do not matter.
impl core::str::FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<String> = text.split_whitespace().map(str::to_uppercase).collect();
        let mut text = words.join(" ");
        for (alias, name) in ALIASES {
            if let Some(rest) = text.strip_prefix(alias).filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
                text = format!("{name}{rest}");
            }
        }
        let verbs = || NAMES.iter().map(|(_, _, name)| *name).chain(["COMMAND"]);
        let begins =
            |verb: &&str| text.strip_prefix(*verb).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let Some(verb) = verbs().find(begins) else {
            return Err(format!("unknown command `{text}`; {}", nearest(&text, &verbs().collect::<Vec<_>>())));
        };
        let rest = text.strip_prefix(verb).unwrap_or_default().trim_start();
        match wrong_detail(verb, rest) {
            Some(wanted) if !rest.is_empty() => Err(format!("`{rest}` cannot stand behind {verb}: {wanted}")),
            _ => Ok(Self(text)),
        }
    }
}

/// The verb that a name may have meant to begin with.
fn nearest(text: &str, verbs: &[&str]) -> String {
    let ends: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]).collect();
    let mut beginnings = ends.iter().rev().filter_map(|end| text.get(..*end));
    let meant = beginnings.find_map(|begin| {
        let hint = diag::suggest(begin, verbs.iter().copied());
        hint.starts_with("did you mean").then_some(hint)
    });
    meant.unwrap_or_else(|| diag::suggest(text, verbs.iter().copied()))
}

/// What should stand behind a verb, if something else does.
fn wrong_detail(verb: &str, rest: &str) -> Option<&'static str> {
    let is_hex = |text: &str| !text.is_empty() && hex::decode(text).is_ok();
    let number = |text: &str| text.parse::<u8>().is_ok();
    let (right, wanted) = match verb {
        "SELECT" => {
            (rest == "PPSE" || is_hex(rest.strip_suffix(" NEXT").unwrap_or(rest)), "PPSE or an application identifier")
        }
        "READ RECORD" => {
            let right = rest.split_once('.').is_some_and(|(file, record)| number(file) && number(record));
            (right, "file and record, 2.1")
        }
        "GET DATA" | "PUT DATA" => (rest.parse::<Tag>().is_ok(), "a tag"),
        "GENERATE AC" => (
            ["AAC", "TC", "ARQC", "RFU"].contains(&rest.trim_end_matches(" CDA")),
            "ARQC, TC or AAC, and CDA if it is asked for",
        ),
        "COMMAND" => (is_hex(rest) && rest.len() == 8, "class, instruction, P1 and P2"),
        _ => (false, "nothing"),
    };
    (!right).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apdu::Command;

    #[test]
    fn commands_have_the_names_of_the_field() {
        let select = |name: &[u8]| self::name(Command::select(name).unwrap().bytes());
        assert_eq!(select(PPSE), "SELECT PPSE");
        assert_eq!(select(&[0xA0, 0, 0, 0, 3]), "SELECT A000000003");
        assert_eq!(name(&[0x00, 0xA4, 0x04, 0x02, 0x02, 0xA0, 0x01, 0x00]), "SELECT A001 NEXT");
        assert_eq!(name(Command::get_processing_options(&[]).unwrap().bytes()), "GPO");
        assert_eq!(name(Command::read_record(2, 1).bytes()), "READ RECORD 2.1");
        assert_eq!(name(&[0x80, 0xCA, 0x9F, 0x5D, 0x00]), "GET DATA 9F5D");
        assert_eq!(name(&[0x80, 0xAE, 0x90, 0x00, 0x01, 0x00, 0x00]), "GENERATE AC ARQC CDA");
        assert_eq!(name(&[0x84, 0x1E, 0x00, 0x00, 0x01, 0x00]), "COMMAND 841E0000");
        assert_eq!(name(&[0x00]), "COMMAND 00");
    }

    #[test]
    fn a_case_may_say_less() {
        let is = |wanted: &str, name: &str| wanted.parse::<Wanted>().unwrap().is(name);
        assert!(is("read record", "READ RECORD 2.1") && is("READ RECORD 2.1", "READ RECORD 2.1"));
        assert!(!is("READ RECORD 2.1", "READ RECORD 2.10") && !is("GPO", "GET DATA 9F5D"));
        assert!(is("get processing options", "GPO") && is("SELECT", "SELECT PPSE"));
        assert!(is("generate ac arqc", "GENERATE AC ARQC CDA"));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for text in
            ["", "SELCT PPSE", "READ RECORD 2", "SELECT PSE", "GET DATA 9F", "GPO 1", "GENERATE AC ARQ", "COMMAND 80"]
        {
            assert!(text.parse::<Wanted>().is_err(), "{text}");
        }
        assert!("SELCT".parse::<Wanted>().unwrap_err().contains("SELECT"));
    }
}
