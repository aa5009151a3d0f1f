//! Who answers the online requests of a case.

use crate::{
    card::Profile,
    host::{Decline, Host, Issuer, Offline, Policy},
    run::issuer_keys,
};

/// The words for hosts, as in `pay --host`.
pub(super) const WORDS: [&str; 3] = ["sim", "decline", "offline"];

/// Who answers: a description from which a new host is opened for every run.
#[derive(Clone, Debug)]
pub enum HostPlan {
    /// The issuer of the card.
    Issuer(Box<Policy>),
    /// Declines everything.
    Decline,
    /// Nobody.
    Offline,
}

impl HostPlan {
    /// From the word; `None` if it is none.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "sim" => Some(Self::Issuer(Box::default())),
            "decline" => Some(Self::Decline),
            "offline" => Some(Self::Offline),
            _ => None,
        }
    }

    /// Opens it. A simulated issuer has the keys of the card's issuers.
    pub fn open(&self, card: &Profile) -> Box<dyn Host + Send> {
        match self {
            Self::Issuer(policy) => Box::new(Issuer::new(issuer_keys(card), Policy::clone(policy))),
            Self::Decline => Box::new(Decline),
            Self::Offline => Box::new(Offline),
        }
    }
}
