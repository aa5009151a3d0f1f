//! What a card told somebody else: a recording, or a log of another tool.

use super::{
    look::{Application, Exchange, Look},
    objects::Objects,
};
use crate::{
    apdu::CommandHeader,
    data::dictionary::DF_NAME_84,
    entry::Aid,
    report::replayed,
    tlv::{self, Budget},
};

/// The names of the directories, of the contactless and the contact side (Book B, 3.3.2; Book 1, 12.2).
const DIRECTORIES: [&[u8]; 2] = [b"2PAY.SYS.", b"1PAY.SYS."];

impl Look {
    /// Sorts commands and responses, in order, by the application that was selected.
    pub fn follow(exchanges: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        let mut look = Self::default();
        let mut selected = false;
        for (command, response) in exchanges {
            let exchange = Exchange { name: name(&command), command, response };
            if exchange.command.get(1) == Some(&0xA4) {
                selected = look.select(exchange);
            } else if let Some(application) = look.applications.last_mut().filter(|_| selected) {
                application.take(exchange);
            } else {
                look.others.push(exchange);
            }
        }
        look
    }

    /// Whether an application is selected now.
    fn select(&mut self, exchange: Exchange) -> bool {
        let wanted = CommandHeader::parse(&exchange.command).map_or(&[][..], |command| command.data);
        let response = exchange.parsed();
        let mut objects = tlv::walk(response.data, Budget::default()).map_while(Result::ok).map(|(_, object)| object);
        let name = objects.find(|object| object.tag == DF_NAME_84).map(|name| name.value);
        let aid = Aid::new(name.filter(|name| name.starts_with(wanted)).unwrap_or(wanted));
        let is_directory = DIRECTORIES.iter().any(|directory| wanted.starts_with(directory));
        match aid.filter(|_| response.status.is_ok() && !is_directory) {
            Some(aid) => {
                let mut application = Application { aid, exchanges: Vec::new(), objects: Objects::default() };
                application.take(exchange);
                self.applications.push(application);
                true
            }
            None if is_directory && response.status.is_ok() && self.directory.is_none() => {
                self.directory = Some(exchange);
                false
            }
            None => {
                self.others.push(exchange);
                false
            }
        }
    }
}

/// The command for people, with what it is about.
fn name(command: &[u8]) -> String {
    let name = replayed::name(command);
    match *command {
        [_, 0xB2, number, file, ..] => format!("{name} {}.{number}", file >> 3),
        [_, 0xCA, high, low, ..] => format!("{name} {high:02X}{low:02X}"),
        [_, 0xAE, kind, ..] => {
            format!("{name} ({})", ["AAC", "TC", "ARQC", "?"].get(usize::from(kind >> 6)).unwrap_or(&"?"))
        }
        _ if name == "command" => format!("command {}", crate::bytes::Hex(command.get(..2).unwrap_or(command))),
        _ => name.to_owned(),
    }
}
