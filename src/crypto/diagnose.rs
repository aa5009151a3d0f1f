//! Why a cryptogram does not verify: tries what people mix up, one thing at a time, every value that a data object with few
//! values can have, then two things, then three; last every counter.
//!
//! A [`Change`] is one thing done in another way: another key derivation, another PAN sequence number, other data. The first
//! set of changes that gives the wanted cryptogram is the answer; with 8 bytes none fits by chance.

use std::borrow::Cow;

use super::{
    cryptogram::CryptogramData,
    method::{CardKey, Input, Mac, Method, PARTS, SessionKey},
    scheme::{VERSIONS, Version},
    symmetric::SymmetricKey,
};

mod change;
mod field;
mod near;

pub use change::Change;
pub use field::Field;
pub use near::Near;

/// What the given key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holds {
    /// The issuer's master key
    IssuerMaster,
    /// The card's master key
    Card,
    /// The session key
    Session,
}

/// A cryptogram that should verify.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The key
    pub key: &'a SymmetricKey,
    /// What it is
    pub holds: Holds,
    /// PAN, F-padded cn; empty if the key is the card's
    pub pan: &'a [u8],
    /// PAN sequence number
    pub psn: u8,
    /// How it is computed
    pub method: Method,
    /// Over what
    pub data: CryptogramData<'a>,
    /// The cryptogram
    pub wanted: [u8; 8],
}

/// One way to compute a cryptogram.
#[derive(Clone, Copy, Debug)]
struct Setup<'a> {
    holds: Holds,
    swapped: bool,
    psn: u8,
    method: Method,
    data: CryptogramData<'a>,
    order: Order,
    /// Another high half for the byte of the Card Verification Results that says which cryptograms there were.
    types: Option<u8>,
    /// Bits of 9F10 that are turned: byte and mask.
    turned: Option<(usize, u8)>,
}

/// What is done with the parts of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    AsIs,
    Exchanged(usize, usize),
    Without(usize),
    Cut(usize),
    Reversed,
    IadFirst,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What has to change so that the cryptogram verifies: empty if nothing does, `None` if nothing was found.
    pub changes: Option<Vec<Change>>,
    /// How many ways were tried.
    pub tried: usize,
}

/// Looks for what was mixed up.
pub fn diagnose(question: &Question<'_>) -> Diagnosis {
    let all = change::all(question);
    let few: Vec<Change> = all.iter().copied().filter(Change::is_about_method).collect();
    let mut search = Search { question, tried: 0 };
    let changes = search
        .with(&[])
        .or_else(|| all.iter().find_map(|one| search.with(&[*one])))
        .or_else(|| near::all(&question.data).find_map(|one| search.with(&[one])))
        .or_else(|| search.pairs(&all))
        .or_else(|| search.triples(&few))
        .or_else(|| (0..=u16::MAX).find_map(|atc| search.with(&[Change::Counter(atc)])));
    Diagnosis { changes, tried: search.tried }
}

struct Search<'q> {
    question: &'q Question<'q>,
    tried: usize,
}

impl Search<'_> {
    fn pairs(&mut self, changes: &[Change]) -> Option<Vec<Change>> {
        for (at, first) in changes.iter().enumerate() {
            for second in changes.iter().skip(at + 1).filter(|second| second.axis() != first.axis()) {
                if let Some(found) = self.with(&[*first, *second]) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn triples(&mut self, changes: &[Change]) -> Option<Vec<Change>> {
        for (at, first) in changes.iter().enumerate() {
            let after: Vec<Change> =
                changes.iter().skip(at + 1).copied().filter(|other| other.axis() != first.axis()).collect();
            for (at, second) in after.iter().enumerate() {
                for third in after.iter().skip(at + 1).filter(|third| third.axis() != second.axis()) {
                    if let Some(found) = self.with(&[*first, *second, *third]) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// The changes, if they give the cryptogram.
    fn with(&mut self, changes: &[Change]) -> Option<Vec<Change>> {
        self.tried += 1;
        let question = self.question;
        let mut setup = Setup {
            holds: question.holds,
            swapped: false,
            psn: question.psn,
            method: question.method,
            data: question.data,
            order: Order::AsIs,
            types: None,
            turned: None,
        };
        // A whole version first, so that what differs from it counts.
        changes.iter().for_each(|change| change.apply(&mut setup));
        (setup.cryptogram(question) == Some(question.wanted)).then(|| changes.to_vec())
    }
}

impl Setup<'_> {
    fn cryptogram(&self, question: &Question<'_>) -> Option<[u8; 8]> {
        let key = question.key.of_cipher(matches!(self.method.mac, Mac::Cmac))?;
        let key = if self.swapped { swapped(&key) } else { key };
        let card = match self.holds {
            Holds::IssuerMaster => self.method.card_key.derive(&key, question.pan, self.psn)?,
            Holds::Card | Holds::Session => key,
        };
        let session = match self.holds {
            Holds::Session => card,
            _ => self.method.session_key.derive(&card, self.data.atc, self.data.unpredictable_number)?,
        };
        let iad = self.iad();
        let data = CryptogramData { iad: &iad, ..self.data };
        let mut parts = self.method.input.parts(&data)?;
        match self.order {
            Order::AsIs => {}
            Order::Exchanged(one, other) => parts.swap(one, other),
            Order::Without(one) => parts.get_mut(one).into_iter().for_each(|part| *part = &[]),
            Order::Reversed => parts.reverse(),
            // Issuer Application Data are the last two parts.
            Order::IadFirst => parts.rotate_right(2),
            Order::Cut(length) => {
                let whole = parts.concat();
                return self.method.mac.compute(&session, &[whole.get(..length)?]);
            }
        }
        self.method.mac.compute(&session, &parts)
    }

    fn set_types(&mut self, types: u8) {
        self.types = Some(types);
    }

    /// Issuer Application Data, their types of cryptograms changed: in byte 5 of Visa's formats, 4 of the Common Core
    /// Definitions, 3 of M/Chip.
    fn iad(&self) -> Cow<'_, [u8]> {
        if let Some((byte, mask)) = self.turned {
            let mut iad = self.data.iad.to_vec();
            iad.iter_mut().skip(byte).take(1).for_each(|byte| *byte ^= mask);
            return Cow::Owned(iad);
        }
        let Some(types) = self.types else { return Cow::Borrowed(self.data.iad) };
        let at = match self.data.iad.first() {
            Some(0x06 | 0x07 | 0x1F) => 4,
            Some(0x0F) => 3,
            _ => 2,
        };
        let mut iad = self.data.iad.to_vec();
        iad.iter_mut().skip(at).take(1).for_each(|byte| *byte = *byte & 0x0F | types);
        Cow::Owned(iad)
    }
}

/// Right half before left half.
fn swapped(key: &SymmetricKey) -> SymmetricKey {
    match key {
        SymmetricKey::TripleDes(key) => {
            SymmetricKey::TripleDes(u128::from_be_bytes(*key).rotate_left(64).to_be_bytes())
        }
        other => other.clone(),
    }
}
