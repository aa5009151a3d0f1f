//! Commands: what they are called, what their parameters say, and what their data are.

use super::{Entry, Kind, Scope, Session, Tag, find, session::hex, tags, title, values};
use crate::apdu::CommandHeader;

/// The name of a command by class and instruction; `None` if cards of this field do not know it.
pub const fn name(cla: u8, ins: u8) -> Option<&'static str> {
    Some(match (cla & 0xF0, ins) {
        (0x00, 0xA4) => "SELECT",
        (0x00, 0xB2) => "READ RECORD",
        (0x00, 0xB0) => "READ BINARY",
        (0x00, 0xC0) => "GET RESPONSE",
        (0x00, 0x20) => "VERIFY",
        (0x00, 0x84) => "GET CHALLENGE",
        (0x00, 0x88) => "INTERNAL AUTHENTICATE",
        (0x00, 0x82) => "EXTERNAL AUTHENTICATE",
        (0x00, 0xDC) => "UPDATE RECORD",
        (0x00 | 0x80, 0xCA) => "GET DATA",
        (0x80, 0xA8) => "GET PROCESSING OPTIONS",
        (0x80, 0xAE) => "GENERATE AC",
        (0x80, 0x2A) => "COMPUTE CRYPTOGRAPHIC CHECKSUM",
        (0x80, 0xEA) => "EXCHANGE RELAY RESISTANCE DATA",
        (0x80, 0xD0) => "RECOVER AC",
        (0x00 | 0x80, 0xDA) => "PUT DATA",
        (0x80, 0x1E) => "APPLICATION BLOCK",
        (0x80, 0x18) => "APPLICATION UNBLOCK",
        (0x80, 0x16) => "CARD BLOCK",
        (0x80, 0x24) => "PIN CHANGE/UNBLOCK",
        (0x80, 0xE2) => "UPDATE RECORD (contactless log)",
        _ => return None,
    })
}

impl Session {
    /// A command with its fields.
    pub fn command(&mut self, bytes: &[u8]) -> Entry {
        let mut entry = Entry { length: Some(bytes.len()), value: Some(bytes.to_vec()), ..Entry::new(Kind::Command) };
        let Some(command) = CommandHeader::parse(bytes) else {
            entry.name = "unknown command".to_owned();
            entry.children.push(Entry::wrong("the lengths do not fit: no short command"));
            return self.masked(entry);
        };
        entry.name =
            name(command.cla, command.ins).map_or_else(|| format!("command {:02X}", command.ins), str::to_owned);
        entry.children.push(Entry::part("CLA INS", &[command.cla, command.ins], class(command.cla)));
        entry.children.push(Entry::part("P1 P2", &[command.p1, command.p2], parameters(&command, self)));
        if !command.data.is_empty() {
            let length = u8::try_from(command.data.len()).unwrap_or(u8::MAX);
            entry.children.push(Entry::part("Lc", &[length], lengths(command.data.len())));
        }
        if self.mask().is_on() && is_secret(command.ins) {
            entry.value = None;
            entry.children.push(Entry::note("data masked"));
        } else {
            let data = self.data(&command);
            entry.children.extend(data);
        }
        if let Some(le) = command.le {
            let words = if le == 0 { "up to 256 bytes".to_owned() } else { lengths(le.into()) };
            entry.children.push(Entry::part("Le", &[le], words));
        }
        self.masked(entry)
    }

    fn masked(&self, mut entry: Entry) -> Entry {
        if let Some(value) = &mut entry.value {
            let shown = self.mask().bytes(value).into_owned();
            entry.masked = shown != *value;
            *value = shown;
        } else {
            entry.masked = true;
        }
        entry
    }

    fn data(&mut self, command: &CommandHeader<'_>) -> Vec<Entry> {
        let data = command.data;
        match command.ins {
            0xA4 => {
                self.select(data);
                vec![self.lens().object(&values::decode_value(tags::DF_NAME_84, data, self.scope()))]
            }
            0xA8 => self.options(data),
            0xAE => {
                let list = self.next_cryptogram();
                self.answers(list, data)
            }
            0x88 => self.answers(tags::DDOL_9F49, data),
            0x2A => self.answers(tags::UDOL_9F69, data),
            0x82 if !data.is_empty() => {
                vec![self.lens().object(&values::decode_value(tags::ISSUER_AUTHENTICATION_DATA_91, data, self.scope()))]
            }
            0xEA => vec![Entry::part("entropy", data, "relay resistance entropy of the terminal")],
            _ if data.is_empty() => Vec::new(),
            _ => vec![Entry::part("data", &self.mask().bytes(data), "")],
        }
    }

    /// The data of GET PROCESSING OPTIONS: the values for the PDOL in a template 83 (Book 3, 6.5.8).
    fn options(&mut self, data: &[u8]) -> Vec<Entry> {
        let inside = find(data, tags::COMMAND_TEMPLATE_83).map(<[u8]>::to_vec);
        match inside {
            Some(values) if data.starts_with(&[0x83]) => {
                let list = self.answers(tags::PDOL_9F38, &values);
                let length = Some(values.len());
                let name = "Command Template: values for the PDOL".to_owned();
                let tag = Some(tags::COMMAND_TEMPLATE_83);
                vec![Entry { tag, name, length, children: list, ..Entry::new(Kind::Object) }]
            }
            _ => vec![
                Entry::part("data", &self.mask().bytes(data), ""),
                Entry::wrong("the values for the PDOL must stand in a template 83 whose length fits"),
            ],
        }
    }
}

/// Commands whose data hold a PIN.
const fn is_secret(ins: u8) -> bool {
    matches!(ins, 0x20 | 0x24)
}

/// The bytes before it are hex, which people take for decimal.
fn lengths(length: usize) -> String {
    format!("{length} byte{}", if length == 1 { "" } else { "s" })
}

fn class(cla: u8) -> String {
    let who = if cla & 0x80 == 0 { "ISO 7816" } else { "EMV or proprietary" };
    let secure = if cla & 0x0C == 0 { "" } else { ", secure messaging" };
    format!("{who}{secure}")
}

fn parameters(command: &CommandHeader<'_>, session: &Session) -> String {
    let CommandHeader { ins, p1, p2, .. } = *command;
    match ins {
        0xA4 if p1 == 0x04 => match p2 & 0x03 {
            0x00 => "by name, first or only occurrence".to_owned(),
            0x02 => "by name, next occurrence".to_owned(),
            _ => "by name".to_owned(),
        },
        0xB2 => format!("record {p1}, SFI {}", p2 >> 3),
        0xAE => {
            let kind = match p1 >> 6 {
                0 => "AAC",
                1 => "TC",
                2 => "ARQC",
                _ => "reserved kind",
            };
            let signed = match p1 & 0x18 {
                0x10 => ", CDA signature requested",
                0x08 => ", XDA signature requested",
                _ => "",
            };
            format!("{kind} requested{signed}")
        }
        0xCA | 0xDA => {
            let number = if p1 == 0 { u32::from(p2) } else { u32::from(p1) << 8 | u32::from(p2) };
            match Tag::new(number) {
                // By GET DATA this tag is what GlobalPlatform's cards have.
                tag @ tags::CPLC_DATA_9F7F => title(tag, Some(Scope::GlobalPlatform)),
                tag => title(tag, session.scope()),
            }
        }
        0x20 if p2 == 0x80 => "plaintext PIN".to_owned(),
        0x20 if p2 == 0x88 => "enciphered PIN".to_owned(),
        0xDC => format!("record {p1}, SFI {}", p2 >> 3),
        _ => String::new(),
    }
}

/// What a command is called in one line of a log: with the record, or the name that is selected.
pub fn gist(entry: &Entry) -> String {
    let part = |name: &str| entry.children.iter().find(|child| child.name == name);
    match entry.name.as_str() {
        "READ RECORD" => part("P1 P2").map(|part| part.text.clone()).unwrap_or_default(),
        "SELECT" => entry
            .children
            .iter()
            .find(|child| child.kind == Kind::Object)
            .map(|child| {
                if child.text.is_empty() { hex(child.value.as_deref().unwrap_or_default()) } else { child.text.clone() }
            })
            .unwrap_or_default(),
        "GET DATA" | "GENERATE AC" => part("P1 P2").map(|part| part.text.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}
