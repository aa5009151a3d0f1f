//! What stands here in a build without the feature `pcsc`: names nobody can get a value of.

use core::convert::Infallible;

use super::{Patience, Properties, Reader, Tell, Trouble, Wanted};
use crate::{
    apdu::LinkFault,
    link::{Link, Stop},
    time::Micros,
};

/// The PC/SC service; there is none in this build.
#[derive(Debug)]
pub struct Service(Infallible);

/// A card in a reader; there is none in this build.
#[derive(Debug)]
pub struct PcscLink(Infallible);

impl Service {
    /// Always fails.
    ///
    /// # Errors
    /// [`Trouble::NotBuilt`].
    pub const fn open() -> Result<Self, Trouble> {
        Err(Trouble::NotBuilt)
    }

    /// The readers.
    ///
    /// # Errors
    /// None: there is no service to ask.
    pub fn readers(&self) -> Result<Vec<Reader>, Trouble> {
        match self.0 {}
    }

    /// What the driver says about a reader.
    pub fn properties(&self, _: &Reader) -> Properties {
        match self.0 {}
    }

    /// Tells what changes.
    ///
    /// # Errors
    /// None: there is no service to ask.
    pub fn watch(&self, _: &Stop, _: &mut dyn FnMut(&Reader) -> Result<(), Trouble>) -> Result<(), Trouble> {
        match self.0 {}
    }

    /// A link to the card in a reader.
    ///
    /// # Errors
    /// None: there is no service to ask.
    pub fn link(self, _: &Wanted, _: Patience, _: Stop, _: Tell) -> Result<PcscLink, Trouble> {
        match self.0 {}
    }
}

impl PcscLink {
    /// The reader's name.
    pub fn reader(&self) -> &str {
        match self.0 {}
    }

    /// What PC/SC said about the last fault.
    pub fn said(&self) -> Option<&str> {
        match self.0 {}
    }

    /// The ATR of the card.
    pub fn atr(&self) -> &[u8] {
        match self.0 {}
    }

    /// The UID of the card.
    pub fn uid(&mut self) -> Option<Vec<u8>> {
        match self.0 {}
    }
}

impl Link for PcscLink {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        match self.0 {}
    }

    fn exchange(&mut self, _: &[u8], _: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        match self.0 {}
    }

    fn deactivate(&mut self, _: Micros) {
        match self.0 {}
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        match self.0 {}
    }
}
