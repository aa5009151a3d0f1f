//! What was seen, sorted for questions: commands with their answers, and what data object lists asked for.

use std::collections::BTreeMap;

use crate::{
    apdu::{CommandHeader, Response},
    data::{Scope, aids, dictionary as tags},
    suite::{
        command,
        seen::{OutcomeSeen, Seen, UiSeen, What},
    },
    tlv::{self, Budget, Tag},
};

/// A command with what came back.
pub struct Exchange {
    /// Index of the command into the tap's steps.
    pub step: usize,
    /// The whole name.
    pub name: String,
    /// All bytes.
    pub command: Vec<u8>,
    /// All bytes; `None` if nothing whole came back.
    pub response: Option<Vec<u8>>,
}

impl Exchange {
    /// The data field of the command.
    pub fn data(&self) -> &[u8] {
        CommandHeader::parse(&self.command).map_or(&[], |command| command.data)
    }

    /// The data field of the response.
    fn answer(&self) -> &[u8] {
        self.response.as_deref().and_then(Response::parse).map_or(&[], |response| response.data)
    }

    fn is_ok(&self) -> bool {
        self.response.as_deref().and_then(Response::parse).is_some_and(|response| response.status.is_ok())
    }

    fn is_select(&self) -> bool {
        self.name.starts_with("SELECT ")
    }
}

/// One tap.
pub struct Scene<'a> {
    /// The commands, in order.
    pub exchanges: Vec<Exchange>,
    /// The Final Outcomes with their steps.
    pub outcomes: Vec<(usize, &'a OutcomeSeen)>,
    /// The User Interface Requests with their steps.
    pub ui: Vec<(usize, &'a UiSeen)>,
    /// What a kernel asked the terminal and told it.
    pub exchanged: Vec<Exchanged<'a>>,
}

/// One signal DEK.
pub struct Exchanged<'a> {
    /// Index into the tap's steps.
    pub step: usize,
    /// Tags of Data Needed.
    pub needed: &'a [String],
    /// Data To Send.
    pub to_send: &'a BTreeMap<String, String>,
}

/// A value that a command carried for an object.
pub enum Sent<'a> {
    /// These bytes; `None` if the data field ended before it.
    Value(Option<&'a [u8]>),
    /// The card did not ask for the object; says in which list.
    NotAsked(String),
}

impl<'a> Scene<'a> {
    /// Sorts a tap.
    pub fn of(seen: &'a Seen) -> Self {
        let mut scene = Self { exchanges: Vec::new(), outcomes: Vec::new(), ui: Vec::new(), exchanged: Vec::new() };
        for (step, what) in seen.steps.iter().map(|step| &step.what).enumerate() {
            match what {
                What::Command { hex } => {
                    let command = hex::decode(hex).unwrap_or_default();
                    scene.exchanges.push(Exchange { step, name: command::name(&command), command, response: None });
                }
                What::Response { hex, .. } => {
                    if let Some(last) = scene.exchanges.last_mut().filter(|last| last.response.is_none()) {
                        last.response = hex::decode(hex).ok();
                    }
                }
                What::Outcome(outcome) => scene.outcomes.push((step, outcome)),
                What::Ui(request) => scene.ui.push((step, request)),
                What::FieldOn | What::FieldOff | What::Lost { .. } | What::Online { .. } | What::Host { .. } => {}
                What::DataExchange { needed, to_send } => scene.exchanged.push(Exchanged { step, needed, to_send }),
            }
        }
        scene
    }

    /// The first Online Request, or the last Final Outcome.
    pub fn deciding(&self) -> Option<(usize, &'a OutcomeSeen)> {
        let online = self.outcomes.iter().find(|(_, outcome)| outcome.result == "online-request");
        online.or(self.outcomes.last()).copied()
    }

    /// The last SELECT of an application that the card answered with 9000 and that a GPO followed; if none did, the last one
    /// that was answered so.
    pub fn selected(&self) -> Option<&Exchange> {
        let answered =
            |exchange: &&Exchange| exchange.is_select() && exchange.name != "SELECT PPSE" && exchange.is_ok();
        let taken = self.exchanges.windows(2).rev().filter_map(|pair| pair.first().zip(pair.get(1)));
        let taken = taken.filter(|(_, next)| next.name == "GPO").map(|(select, _)| select).find(answered);
        taken.or_else(|| self.exchanges.iter().rev().find(answered))
    }

    /// Whose meaning of tags and bits counts: that of the kernel of the selected application.
    pub fn scope(&self) -> Option<Scope> {
        let number = aids::provider(self.selected()?.data()).map(|provider| provider.kernel)?;
        Scope::kernel(number)
    }

    /// The objects that the command at an index carried, in the order of the list that asked for them: each with its place in the data
    /// field and its length.
    pub fn layout(&self, at: usize) -> Vec<(Tag, usize, usize)> {
        let Some((exchange, (_, Some(list)))) = self.exchanges.get(at).zip(self.list(at)) else { return Vec::new() };
        // The values of a PDOL stand in template 83, behind its tag and length.
        let mut place = match exchange.name.as_str() {
            "GPO" => {
                let value =
                    tlv::find(exchange.data(), Tag::new(0x83)).and_then(Result::ok).map_or(0, |it| it.value.len());
                exchange.data().len().saturating_sub(value)
            }
            _ => 0,
        };
        let mut next = |length: usize| {
            place += length;
            place - length
        };
        tlv::dol_entries(list)
            .map_while(Result::ok)
            .map(|entry| (entry.tag, next(entry.length.into()), entry.length.into()))
            .collect()
    }

    /// The name of the list that the command at an index answers, how many bytes it asks for, and how many the command carried.
    pub fn lengths(&self, at: usize) -> Option<(&'static str, usize, usize)> {
        let (exchange, (name, list)) = (self.exchanges.get(at)?, self.list(at)?);
        let asked = tlv::dol_entries(list?).map_while(Result::ok).map(|entry| usize::from(entry.length)).sum();
        let sent = match name {
            "PDOL" => tlv::find(exchange.data(), Tag::new(0x83))?.ok()?.value.len(),
            _ => exchange.data().len(),
        };
        Some((name, asked, sent))
    }

    /// What the command at an index carried for an object.
    pub fn sent(&self, at: usize, tag: Tag) -> Sent<'_> {
        let Some(exchange) = self.exchanges.get(at) else { return Sent::Value(None) };
        let Some((name, list)) = self.list(at) else {
            return Sent::NotAsked(format!("{} carries no data objects", exchange.name));
        };
        let Some(list) = list else { return Sent::NotAsked(format!("the card has no {name}")) };
        let data = match exchange.name.as_str() {
            "GPO" => tlv::find(exchange.data(), Tag::new(0x83)).and_then(Result::ok).map_or(&[][..], |it| it.value),
            _ => exchange.data(),
        };
        let mut at = 0;
        for entry in tlv::dol_entries(list).map_while(Result::ok) {
            let end = at + usize::from(entry.length);
            if entry.tag == tag {
                return Sent::Value(data.get(at..end));
            }
            at = end;
        }
        Sent::NotAsked(format!("the card's {name} does not ask for {tag}"))
    }

    /// The name of the data object list that a command answers, and the list if there is one.
    fn list(&self, at: usize) -> Option<(&'static str, Option<&[u8]>)> {
        let exchange = self.exchanges.get(at)?;
        let of_card = |tag| self.card_object(at, tag);
        Some(match exchange.name.split(' ').next()? {
            "GPO" => ("PDOL", of_card(tags::PDOL_9F38)),
            "GENERATE" if self.cryptograms_before(at) == 0 => ("CDOL1", of_card(tags::CDOL1_8C)),
            "GENERATE" => ("CDOL2", of_card(tags::CDOL2_8D)),
            // EMV Book 2, 6.5.1; C-2, 4.2: what counts where the card says nothing.
            "INTERNAL" => ("DDOL", of_card(tags::DDOL_9F49).or(Some(&[0x9F, 0x37, 0x04]))),
            "COMPUTE" => ("UDOL", of_card(tags::UDOL_9F69).or(Some(&[0x9F, 0x6A, 0x04]))),
            _ => return None,
        })
    }

    fn cryptograms_before(&self, at: usize) -> usize {
        let since = self.exchanges.iter().take(at).rev().take_while(|exchange| !exchange.is_select());
        since.filter(|exchange| exchange.name.starts_with("GENERATE AC")).count()
    }

    /// An object that the card has sent since its application was selected.
    fn card_object(&self, before: usize, tag: Tag) -> Option<&[u8]> {
        for exchange in self.exchanges.iter().take(before).rev() {
            let found = tlv::walk(exchange.answer(), Budget::default()).map_while(Result::ok);
            if let Some((_, object)) = found.into_iter().find(|(_, object)| object.tag == tag) {
                return Some(object.value);
            }
            if exchange.is_select() {
                return None;
            }
        }
        None
    }
}
