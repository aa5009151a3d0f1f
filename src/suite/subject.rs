//! Who is judged.

use std::time::Instant;

use super::seen::Seen;
use crate::{card::Profile, host::Host, link::Link, run::Transaction, terminal::Terminal};

/// What a subject says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it says it can do, in words of the ICS; empty if it says nothing.
    pub capabilities: Vec<String>,
}

/// One tap for a subject.
pub struct Assignment<'a> {
    /// The terminal it is to be.
    pub terminal: &'a Terminal,
    /// The same as the text of a terminal profile, for whoever configures a foreign kernel.
    pub terminal_toml: &'a toml::Table,
    /// What the merchant wants.
    pub transaction: &'a Transaction,
    /// Whether the reader is always on.
    pub autorun: bool,
    /// Whether nothing is tapped, but the kernel cleans its log of torn transactions, at the time of the transaction.
    pub clean: bool,
    /// The Unpredictable Numbers of the kernel activations, in order, then those of `seed`.
    pub unpredictable_numbers: &'a [Vec<u8>],
    /// See `unpredictable_numbers`.
    pub seed: u64,
    /// When patience with the subject ends. It is the wall clock's time, not the tap's.
    pub deadline: Instant,
    /// The card's profile, for subjects that bring a card of their own making.
    pub card: &'a Profile,
}

/// A terminal under test: Entry Point and kernels, ours or somebody else's. A subject keeps its state (torn transactions) from one
/// tap to the next until [`Subject::reset`]. It lives in one thread.
pub trait Subject {
    /// Who it is. The error says why nobody knows.
    fn describe(&mut self) -> Result<Description, String>;

    /// Forgets everything; called before every case.
    fn reset(&mut self);

    /// Does one tap. Never panics on what a subject does; what went wrong is in [`Seen::ended`].
    fn tap(&mut self, assignment: &Assignment<'_>, link: &mut dyn Link, host: &mut dyn Host) -> Seen;
}
