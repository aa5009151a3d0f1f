//! A card to talk to: simulated, or in a reader.

use super::args::InReader;
use crate::{
    apdu::LinkFault,
    card::{Card, Profile},
    cli::{failure::Failure, out},
    link::{
        Link, Stop, VirtualCard,
        pcsc::{Notice, PcscLink, Service},
    },
    time::Micros,
};

/// Where the card is.
pub enum Medium {
    /// In this program.
    Virtual(Box<VirtualCard>),
    /// In a reader.
    Reader(Box<PcscLink>),
}

impl Medium {
    /// The card in the reader if one is wanted, else the one of the profile.
    pub fn open(reader: &InReader, profile: &Profile, seed: u64, stop: &Stop) -> Result<Self, Failure> {
        if reader.is_wanted() {
            return Ok(Self::Reader(Box::new(open_reader(reader, stop)?)));
        }
        Ok(Self::Virtual(Box::new(VirtualCard::new(Card::new(profile, seed)?))))
    }

    /// What the reader said about the last fault.
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::Virtual(_) => None,
            Self::Reader(link) => link.said(),
        }
    }
}

impl Medium {
    fn link(&mut self) -> &mut dyn Link {
        match self {
            Self::Virtual(link) => link.as_mut(),
            Self::Reader(link) => link.as_mut(),
        }
    }
}

impl Link for Medium {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.link().activate()
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.link().exchange(command, response)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.link().deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.link().wait_for_removal()
    }
}

fn open_reader(reader: &InReader, stop: &Stop) -> Result<PcscLink, Failure> {
    let tell = |notice: Notice| out::say(&format!("note: {notice}"));
    let service = Service::open()?;
    Ok(service.link(&reader.wanted(), reader.patience(), stop.clone(), Box::new(tell))?)
}
