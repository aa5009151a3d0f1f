//! Readers that PC/SC knows: naming them, watching them, and a [`Link`](super::Link) to the card in one.
//!
//! Needs the feature `pcsc`. Without it the same names exist, and [`Service::open`] says what is missing.
//!
//! The card is connected to exclusively and inside a transaction, so that no other program talks to it in between. All
//! calls that may hang are made on a thread of their own: a driver that does not come back costs the tap, not the program.

#[cfg(not(feature = "pcsc"))]
mod absent;
#[cfg(feature = "pcsc")]
mod card;
mod choice;
#[cfg(feature = "pcsc")]
mod faults;
#[cfg(feature = "pcsc")]
mod link;
pub mod machine;
#[cfg(feature = "pcsc")]
mod service;
mod trouble;
#[cfg(feature = "pcsc")]
mod worker;

use core::fmt;
use std::time::Duration;

#[cfg(not(feature = "pcsc"))]
pub use absent::{PcscLink, Service};
pub use choice::{Interface, Wanted};
#[cfg(feature = "pcsc")]
pub use link::PcscLink;
#[cfg(feature = "pcsc")]
pub use service::Service;
pub use trouble::Trouble;

/// One reader as PC/SC sees it now. A device with two interfaces is two readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its place in PC/SC's list, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub state: State,
    /// The ATR of the card in it; PC/SC makes one up for contactless cards (PC/SC part 3, 3.1.3.2.3).
    pub atr: Vec<u8>,
}

impl Reader {
    /// What kind of card it takes, by its name and the card in it.
    pub fn interface(&self) -> Interface {
        Interface::guess(&self.name, &self.atr)
    }
}

/// What is in a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Empty,
    /// A card.
    Card,
    /// A card that another program is using.
    InUse,
    /// A card that does not answer.
    Mute,
    /// The reader has gone.
    Gone,
}

impl State {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Card => "card present",
            Self::InUse => "card in use by another program",
            Self::Mute => "card does not answer",
            Self::Gone => "reader gone",
        }
    }
}

/// What a driver says about its reader (PC/SC part 10, TLV properties). What it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The most data bytes in a command; 0 if the reader knows short APDUs only.
    pub apdu_data_max: Option<u32>,
    /// USB vendor and product.
    pub usb: Option<(u16, u16)>,
    /// Firmware, as the vendor writes it.
    pub firmware: Option<String>,
    /// Protocol the card speaks now: `T=0` or `T=1`.
    pub protocol: Option<&'static str>,
}

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a card to come, and for one to leave.
    pub card: Duration,
    /// For the driver to come back from one exchange. Then the card counts as gone, whatever the driver does.
    pub exchange: Duration,
}

impl Default for Patience {
    /// Half a minute for people; 10 s for a card, twice what ISO 14443-4 lets it take for a frame (FWI 14: 4.95 s).
    fn default() -> Self {
        Self { card: Duration::from_secs(30), exchange: Duration::from_secs(10) }
    }
}

/// What the person at the reader should know while a link waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A card is wanted in this reader.
    Present(String),
    /// There is one that does not answer.
    Mute(String),
    /// Another program has the reader.
    InUse(String),
    /// The card should be taken away.
    Remove(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(reader) => write!(f, "present a card to {reader}"),
            Self::Mute(reader) => write!(f, "the card in {reader} does not answer: lift it and present it again"),
            Self::InUse(reader) => write!(f, "another program is using the card in {reader}: waiting for it"),
            Self::Remove(reader) => write!(f, "take the card away from {reader}"),
        }
    }
}

/// Takes notices; called on another thread.
pub type Tell = Box<dyn FnMut(Notice) + Send>;
