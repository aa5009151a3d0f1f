//! The form of commands: class, parameters, lengths (EMV Book 3, 6.3.2 and 6.5; Book 1, 11.3; C-2, chapter 5).
//!
//! What an issuer's script says goes to the card as it is, so what comes after the issuer's answer is not looked at.

use super::{Judge, Look, scene::Scene};
use crate::{
    apdu::CommandHeader,
    bytes::Hex,
    suite::{
        results::{Aspect, Finding, Verdict},
        seen::{Seen, What},
    },
};

/// The requirement that every command has the form of its definition.
pub const REQUIREMENT: &str = "3/6.3.2-form";

/// How many bytes of a command that is none are shown.
const BYTES_SHOWN: usize = 24;

/// A command as it is defined.
struct Form {
    name: &'static str,
    /// The class; `None` where implementations differ.
    class: Option<u8>,
    /// The parameters that are the same in every command of this name.
    parameters: [Option<u8>; 2],
    /// Whether it carries data. A list of the card's may be empty: then it carries none.
    data: Data,
    /// Whether it asks for data, with Le 00.
    le: bool,
}

#[derive(PartialEq, Eq)]
enum Data {
    Always,
    Never,
    Maybe,
}

const FORMS: &[Form] = &[
    Form { name: "SELECT", class: Some(0x00), parameters: [Some(0x04), None], data: Data::Always, le: true },
    Form { name: "GPO", class: Some(0x80), parameters: [Some(0); 2], data: Data::Always, le: true },
    Form { name: "READ RECORD", class: Some(0x00), parameters: [None; 2], data: Data::Never, le: true },
    Form { name: "GET DATA", class: Some(0x80), parameters: [None; 2], data: Data::Never, le: true },
    Form { name: "GENERATE AC", class: Some(0x80), parameters: [None, Some(0)], data: Data::Maybe, le: true },
    Form { name: "INTERNAL AUTHENTICATE", class: Some(0x00), parameters: [Some(0); 2], data: Data::Maybe, le: true },
    Form {
        name: "COMPUTE CRYPTOGRAPHIC CHECKSUM",
        class: Some(0x80),
        parameters: [Some(0x8E), Some(0x80)],
        data: Data::Maybe,
        le: true,
    },
    Form {
        name: "EXCHANGE RELAY RESISTANCE DATA",
        class: Some(0x80),
        parameters: [Some(0); 2],
        data: Data::Always,
        le: true,
    },
    Form { name: "RECOVER AC", class: None, parameters: [Some(0); 2], data: Data::Maybe, le: true },
    Form { name: "PUT DATA", class: Some(0x80), parameters: [None; 2], data: Data::Maybe, le: false },
];

/// Judges what the check says about it.
pub fn judge(judge: &mut Judge<'_>) {
    if judge.check.well_formed == Some(true) {
        let wrong = wrong(judge.scene, judge.seen);
        let step = wrong.as_ref().map(|(step, _)| *step);
        let holds = wrong.is_none() && !judge.scene.exchanges.is_empty();
        let observed = wrong.map_or_else(|| format!("{} commands", judge.scene.exchanges.len()), |(_, what)| what);
        let look = Look { aspect: Aspect::Commands, what: "form of the commands".to_owned(), step };
        judge.find(look, holds, "that of their definitions".to_owned(), observed);
    }
}

/// What is wrong with the form of a command, whatever the case is about and however the tap ended.
pub fn always(scene: &Scene<'_>, seen: &Seen, blank: &Finding) -> Option<Finding> {
    let (step, observed) = wrong(scene, seen)?;
    Some(Finding {
        aspect: Aspect::Commands,
        what: "form of the commands".to_owned(),
        expected: "that of their definitions".to_owned(),
        observed,
        verdict: Verdict::Fail,
        requirements: vec![REQUIREMENT.to_owned()],
        step: Some(step),
        ..blank.clone()
    })
}

/// The first command whose form is wrong, by its step, and how.
fn wrong(scene: &Scene<'_>, seen: &Seen) -> Option<(usize, String)> {
    let answered = seen.steps.iter().position(|step| matches!(step.what, What::Host { .. })).unwrap_or(usize::MAX);
    let mine = scene.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.step < answered);
    mine.filter_map(|(at, exchange)| {
        if let Some(why) = no_short_command(&exchange.command) {
            return Some((exchange.step, format!("command {}, {}: {why}", at + 1, shown(&exchange.command))));
        }
        let form = FORMS.iter().find(|form| {
            exchange.name.strip_prefix(form.name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
        Some((exchange.step, format!("{}: {}", exchange.name, form.wrong(&exchange.command)?)))
    })
    .next()
}

/// Why bytes are no short command APDU (ISO 7816-3, 12.1.3): these are the only ones that EMV has.
fn no_short_command(bytes: &[u8]) -> Option<String> {
    if CommandHeader::parse(bytes).is_some() {
        return None;
    }
    Some(match bytes.get(4..) {
        None => format!("{} of the 4 bytes of a header", bytes.len()),
        Some([0, _, _]) => "Le of extended length".to_owned(),
        Some([0, high, low, rest @ ..]) => {
            let length = u16::from_be_bytes([*high, *low]);
            format!("Lc 00, as of an extended length of {length} bytes, {} follow", rest.len())
        }
        Some([lc, rest @ ..]) => format!("Lc says {lc} bytes, {} follow", rest.len()),
        Some([]) => "no command".to_owned(),
    })
}

/// Bytes of a command, to the longest that a case needs to see.
fn shown(bytes: &[u8]) -> String {
    match bytes.get(..BYTES_SHOWN).filter(|_| bytes.len() > BYTES_SHOWN) {
        Some(head) => format!("{}… ({} bytes)", Hex(head), bytes.len()),
        None => Hex(bytes).to_string(),
    }
}

impl Form {
    fn wrong(&self, bytes: &[u8]) -> Option<String> {
        let command = CommandHeader::parse(bytes)?;
        if let Some(class) = self.class.filter(|class| *class != command.cla) {
            return Some(format!("class {:02X} and not {class:02X}", command.cla));
        }
        let [p1, p2] = self.parameters;
        for (number, wanted, found) in [(1, p1, command.p1), (2, p2, command.p2)] {
            if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
                return Some(format!("P{number} {found:02X} and not {wanted:02X}"));
            }
        }
        match (&self.data, command.data.is_empty()) {
            (Data::Never, false) => return Some("data, where there are none".to_owned()),
            (Data::Always, true) => return Some("no data".to_owned()),
            _ => {}
        }
        match (self.le, command.le) {
            (true, Some(0)) | (false, None) => None,
            // An empty value has Lc 00.
            (false, Some(0)) if command.data.is_empty() => None,
            (true, None) => Some("no Le".to_owned()),
            (true, Some(le)) => Some(format!("Le {le:02X} and not 00")),
            (false, Some(_)) => Some("Le, where nothing is asked for".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::command;

    #[test]
    fn a_command_has_the_form_of_its_definition() {
        for (hex, said) in [
            ("00A404000E325041592E5359532E444446303100", None),
            ("00A404000E325041592E5359532E4444463031", Some("SELECT PPSE: no Le")),
            ("00A404000E325041592E5359532E4444463031FF", Some("SELECT PPSE: Le FF and not 00")),
            ("00A402000E325041592E5359532E444446303100", Some("SELECT PPSE: P1 02 and not 04")),
            ("80A8000002830000", None),
            ("80A80000028300", Some("GPO: no Le")),
            ("80A8000100", Some("GPO: P2 01 and not 00")),
            ("80A8000000", Some("GPO: no data")),
            ("00B2011400", None),
            ("00B20114", Some("READ RECORD 2.1: no Le")),
            ("00B201140100", Some("READ RECORD 2.1: data, where there are none")),
            ("80AE900000", None),
            ("80AE9000021122", Some("GENERATE AC ARQC CDA: no Le")),
            ("80AE900002112200", None),
            ("80CA9F3600", None),
            ("00CA9F3600", Some("GET DATA 9F36: class 00 and not 80")),
            ("80DA9F75021122", None),
            ("80DA9F7500", None),
            ("80DA9F7502112200", Some("PUT DATA 9F75: Le, where nothing is asked for")),
            ("00D000000411223344", Some("RECOVER AC: no Le")),
            ("841E000006112233445566", None),
            ("80A8", Some("command 1, 80A8: 2 of the 4 bytes of a header")),
            ("", Some("command 1, : 0 of the 4 bytes of a header")),
            ("80A8000005830000", Some("command 1, 80A8000005830000: Lc says 5 bytes, 3 follow")),
            ("80A80000028300FF00", Some("command 1, 80A80000028300FF00: Lc says 2 bytes, 4 follow")),
            ("80A800000000", Some("command 1, 80A800000000: Lc says 0 bytes, 1 follow")),
            ("00B20114000100", Some("command 1, 00B20114000100: Le of extended length")),
            (
                "80A8000000000283000000",
                Some("command 1, 80A8000000000283000000: Lc 00, as of an extended length of 2 bytes, 4 follow"),
            ),
            // Also one that nobody knows.
            ("841E00000411223344556677", Some("command 1, 841E00000411223344556677: Lc says 4 bytes, 7 follow")),
            (
                "00A404000E325041592E5359532E44444630310000112233445566",
                Some(
                    "command 1, 00A404000E325041592E5359532E44444630310000112233… (27 bytes): Lc says 14 bytes, 22 follow",
                ),
            ),
        ] {
            let seen = |hex: &str| Seen {
                steps: vec![crate::suite::seen::Step { at_us: 0, what: What::Command { hex: hex.to_owned() } }],
                ..Seen::default()
            };
            let seen = seen(hex);
            let found = wrong(&Scene::of(&seen), &seen).map(|(_, what)| what);
            assert_eq!(found.as_deref(), said, "{hex} {}", command::name(&hex::decode(hex).unwrap()));
        }
    }
}
