//! Owned copies of events, for reports that need the whole transaction before they can write its first line.

use crate::{
    apdu::LinkFault,
    kernel::{
        event::{Event, Sink},
        outcome::{Outcome, UiRequest},
    },
    time::Micros,
};

/// The events of a transaction that its reports look back at.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Every command, with what came of it.
    pub exchanges: Vec<Exchange>,
    /// What the display was asked to show, in the order of asking; the time is that of showing.
    pub ui: Vec<(Micros, UiRequest)>,
    /// Every rule that decided something.
    pub rules: Vec<Rule>,
    /// The kernel that was activated last.
    pub kernel: Option<Activated>,
    /// The last attempt at offline data authentication.
    pub oda: Option<Oda>,
    /// The last answer of the issuer.
    pub host: Option<Host>,
    /// The Outcomes that left Entry Point, in order.
    pub outcomes: Vec<Outcome>,
}

/// A command and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The name people know the command by.
    pub name: &'static str,
    /// All bytes of the command.
    pub command: Vec<u8>,
    /// What came back.
    pub reply: Reply,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The transaction ended before anything came.
    Nothing,
    /// All bytes of the response, and the time it took.
    Response(Vec<u8>, Micros),
    /// The air interface failed.
    Fault(LinkFault),
}

/// A rule that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The book: `B`, `C-3`.
    pub book: &'static str,
    /// The section or requirement.
    pub rule: &'static str,
    /// What it decided, and on what grounds.
    pub note: String,
}

/// A kernel at work for a combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The kernel identifier.
    pub kernel: Vec<u8>,
    /// The reader's application.
    pub aid: Vec<u8>,
    /// The card's application, as it was selected.
    pub adf_name: Vec<u8>,
}

/// Offline data authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oda {
    /// `sda`, `dda`, `cda`, `fdda`.
    pub method: &'static str,
    /// Why it failed; `None` if it did not.
    pub failure: Option<String>,
}

/// What the issuer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The authorisation response code; `None` if the issuer could not be reached.
    pub response_code: Option<[u8; 2]>,
    /// `valid`, `wrong`, `unverifiable`; `None` if nobody looked.
    pub cryptogram: Option<&'static str>,
    /// The version it was checked by: `CVN 18`.
    pub cryptogram_version: Option<String>,
    /// The authorisation response cryptogram.
    pub arpc: Option<Vec<u8>>,
    /// The reason, in words.
    pub note: String,
}

impl Sink for Log {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        match event {
            Event::Command { name, bytes } => {
                self.exchanges.push(Exchange { name, command: bytes.to_vec(), reply: Reply::Nothing });
            }
            Event::Response { bytes, elapsed } => self.reply(Reply::Response(bytes.to_vec(), *elapsed)),
            Event::LinkFault(fault) => self.reply(Reply::Fault(*fault)),
            Event::Rule { book, rule, note } => self.rules.push(Rule { book, rule, note: note.to_string() }),
            Event::Ui(request) => self.ui.push((at, **request)),
            Event::KernelActivated { kernel, aid, adf_name, .. } => {
                let [kernel, aid, adf_name] = [*kernel, *aid, *adf_name].map(<[u8]>::to_vec);
                self.kernel = Some(Activated { kernel, aid, adf_name });
            }
            Event::Oda { method, failure } => {
                self.oda = Some(Oda { method, failure: failure.as_ref().map(ToString::to_string) });
            }
            Event::Host { answer } => {
                self.host = Some(Host {
                    response_code: answer.response_code,
                    cryptogram: answer.cryptogram.map(|check| check.name()),
                    cryptogram_version: answer.cryptogram_version.map(str::to_owned),
                    arpc: answer.arpc.map(<[u8]>::to_vec),
                    note: answer.note.to_owned(),
                });
            }
            Event::Outcome { outcome, is_final: true } => self.outcomes.push((*outcome).clone()),
            _ => {}
        }
    }
}

impl Log {
    /// A fault without a command (nobody in the field, a collision) belongs to no exchange.
    fn reply(&mut self, reply: Reply) {
        if let Some(exchange) = self.exchanges.last_mut().filter(|exchange| exchange.reply == Reply::Nothing) {
            exchange.reply = reply;
        }
    }
}
