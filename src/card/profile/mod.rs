//! What a card is: read from TOML (`emvtap.card/1`), checked, with nothing left to look up.
//!
//! ```
//! use emvtap::card::Profile;
//!
//! let text = "extends = 'visa/credit'\nschema = 'emvtap.card/1'\n[application.visa.data]\nCTQ = '8000'\n";
//! let profile = Profile::parse("mine.toml", text, &|_| None).unwrap();
//! assert_eq!(profile.applications[0].aid, [0xA0, 0, 0, 0, 0x03, 0x10, 0x10]);
//! ```

mod file;
mod guard;
mod keys;
mod mchip;
mod resolve;
mod source;
mod values;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fault::Fault;
use crate::{
    apdu::StatusWord,
    crypto::cryptogram::VisaCvn,
    data::{
        Scope,
        dictionary::{NATC_TRACK2_9F67, PCVC3_TRACK2_9F65, PUNATC_TRACK2_9F66},
    },
    diag::{Places, Problem},
    tlv::Tag,
};

pub use guard::is_test_pan;
pub(in crate::card) use guard::real_pans;
pub use keys::{CaKeyPair, MasterKey, RsaKey, SecretKey, secret_key};
pub use mchip::{DeviceVerification, Mchip, Recovery, Relay, Storage, Summary, Times};
pub use source::Texts;
pub use values::{ObjectName, RecordId};

use keys::KeyKind;

/// A card, ready to be issued.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file, as the person named it.
    pub file: String,
    /// What the card is, in a few words.
    pub title: String,
    /// What it is good for.
    pub description: String,
    /// The directory entries of the PPSE, in order.
    pub ppse: Vec<PpseEntry>,
    /// The applications, best priority first.
    pub applications: Vec<Application>,
    /// What goes wrong with it, for a [`Faulty`](crate::link::Faulty) link.
    pub faults: Vec<Fault>,
}

impl Profile {
    /// Reads a profile and what it extends. `file`: its name for messages; `texts` gives the text of a profile or key that
    /// is not built in, by the name the profile uses.
    pub fn parse(file: &str, text: &str, texts: Texts<'_>) -> Result<Self, Problem> {
        resolve::profile(file, text, texts)
    }

    /// Where everything in a profile stands, what it extends included: data objects by their tags, everything else by its keys.
    pub fn places(file: &str, text: &str, texts: Texts<'_>) -> Result<Places, Problem> {
        resolve::places(file, text, texts)
    }

    /// A built-in profile by its name, `visa-credit` or `visa/credit`.
    pub fn builtin(name: &str) -> Result<Self, Problem> {
        let text = super::builtin::builtin(name).ok_or_else(|| super::builtin::unknown(name))?;
        Self::parse(name, text, &|_| None)
    }

    /// The PAN prefixes (eight digits) and master keys of the card's issuers, for an issuer that is to verify its cryptograms.
    pub fn issuer_keys(&self) -> impl Iterator<Item = (String, MasterKey)> {
        self.applications.iter().map(|application| {
            let digits: String = application.pan_digits().chars().take(8).collect();
            (digits, application.keys.master)
        })
    }

    /// The same for cards in mag-stripe mode, whose track 2 shows a CVC3.
    pub fn checksum_keys(&self) -> impl Iterator<Item = ChecksumKey> {
        self.applications.iter().filter_map(ChecksumKey::of)
    }
}

/// One directory entry (tag 61) of the PPSE (Book B, table 3-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PpseEntry {
    /// 4F, 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// 50.
    pub label: Option<String>,
    /// 87.
    pub priority: Option<u8>,
    /// 9F2A.
    pub kernel_identifier: Option<Vec<u8>>,
    /// 9F29.
    pub extended_selection: Option<Vec<u8>>,
}

/// What an issuer must know of a card to verify the CVC3 of its track 2.
#[derive(Clone, Debug)]
pub struct ChecksumKey {
    /// PAN prefix, eight digits.
    pub prefix: String,
    /// Master key for CVC3.
    pub key: MasterKey,
    /// PCVC3(Track2) (9F65): the digits of the checksum.
    pub pcvc3: [u8; 2],
    /// PUNATC(Track2) (9F66): the digits of unpredictable number and counter.
    pub punatc: [u8; 2],
    /// NATC(Track2) (9F67): how many of them are the counter's.
    pub natc: u8,
}

impl ChecksumKey {
    fn of(application: &Application) -> Option<Self> {
        let Personality::Mchip(mchip) = &application.personality else { return None };
        let data = |tag| application.data.get(&tag).map(Vec::as_slice);
        Some(Self {
            prefix: application.pan_digits().chars().take(8).collect(),
            key: mchip.cvc3?,
            pcvc3: data(PCVC3_TRACK2_9F65)?.try_into().ok()?,
            punatc: data(PUNATC_TRACK2_9F66)?.try_into().ok()?,
            natc: *data(NATC_TRACK2_9F67)?.first()?,
        })
    }
}

/// Whose rules a card follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Kernel 3.
    Visa,
    /// Kernel 2.
    Mastercard,
}

impl Scheme {
    /// Whose names and meanings of data objects count.
    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Visa => Scope::K3,
            Self::Mastercard => Scope::K2,
        }
    }
}

/// How an application behaves, with what only this kind of application has.
#[derive(Clone, Debug)]
pub enum Personality {
    /// Visa in EMV mode.
    Qvsdc(VisaCvn),
    /// Mastercard's M/Chip.
    Mchip(Box<Mchip>),
}

/// One application of a card.
#[derive(Clone, Debug)]
pub struct Application {
    /// The name the profile gives it.
    pub name: String,
    /// The AID, 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// 9F2A: the kernel the card wants.
    pub kernel_identifier: Option<Vec<u8>>,
    /// 9F29: what a terminal appends to the AID when it selects.
    pub extended_selection: Option<Vec<u8>>,
    /// Objects with a stated value. What is stated here is sent as it stands, also in place of what the card would compute.
    pub data: BTreeMap<Tag, Vec<u8>>,
    /// Objects of A5 in the answer to SELECT, in order.
    pub fci: Vec<Tag>,
    /// Objects of BF0C inside A5, in order.
    pub fci_discretionary: Vec<Tag>,
    /// Objects of the answer to GET PROCESSING OPTIONS.
    pub gpo: GpoAnswer,
    /// The records and the objects in them.
    pub records: BTreeMap<RecordId, Record>,
    /// The keys.
    pub keys: Keys,
    /// What the certificates say.
    pub certificates: Certificates,
    /// How it behaves, and how its cryptograms are computed.
    pub personality: Personality,
    /// What its issuer application data say.
    pub cryptogram: Cryptogram,
    /// What the card decides.
    pub risk: Risk,
    /// The application transaction counter before the first transaction.
    pub atc: u16,
    /// Objects that GET DATA gives.
    pub get_data: Vec<Tag>,
}

impl Application {
    /// Whose rules it follows.
    pub const fn scheme(&self) -> Scheme {
        match self.personality {
            Personality::Qvsdc(_) => Scheme::Visa,
            Personality::Mchip(_) => Scheme::Mastercard,
        }
    }

    /// Whether 5A and 57, as far as there are any, hold numbers that are published for tests.
    pub fn has_test_pan(&self) -> bool {
        real_pans(self.scheme(), &self.data).next().is_none()
    }

    /// The PAN as F-padded cn: 5A, or the digits of 57 or 9F6B.
    pub fn pan(&self) -> Vec<u8> {
        guard::pan(&self.data)
    }

    /// Every object that a terminal may get to see after selection.
    pub fn shown(&self) -> impl Iterator<Item = Tag> {
        let GpoAnswer { online, offline, decline, .. } = &self.gpo;
        let records = self.records.values().flat_map(|record| &record.objects);
        records.chain(online).chain(offline).chain(decline).copied()
    }

    /// The digits of the PAN.
    pub fn pan_digits(&self) -> String {
        crate::bytes::Hex(&self.pan()).to_string().trim_end_matches('F').to_owned()
    }
}

/// What GET PROCESSING OPTIONS answers, by the card's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpoAnswer {
    /// Template 80 with AIP and AFL only, or template 77.
    pub format: GpoFormat,
    /// With an ARQC.
    pub online: Vec<Tag>,
    /// With a TC.
    pub offline: Vec<Tag>,
    /// With an AAC.
    pub decline: Vec<Tag>,
    /// Status words of the first answers, one each; the card does nothing else for these.
    pub refuse: Vec<StatusWord>,
}

/// The response message templates (EMV Book 3, 6.5.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GpoFormat {
    /// 80.
    One,
    /// 77.
    Two,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whether it is signed by the card certificate.
    pub oda: bool,
    /// Its objects, in order.
    pub objects: Vec<Tag>,
}

/// The keys of an application.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Signs the issuer certificate.
    pub ca: Option<CaKeyPair>,
    /// Signs the card certificate.
    pub issuer: Option<RsaKey>,
    /// Signs dynamic data.
    pub card: Option<RsaKey>,
    /// The issuer's master key for application cryptograms.
    pub master: MasterKey,
    /// The issuer's master key for the MAC of script commands; without it the card believes them.
    pub messaging: Option<MasterKey>,
}

/// What certificates say beside the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// `MMYY`.
    pub expiry: [u8; 2],
    /// Serial number of the issuer certificate.
    pub issuer_serial: [u8; 3],
    /// Serial number of the card certificate.
    pub card_serial: [u8; 3],
}

/// What the issuer application data (9F10) say beside the card's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cryptogram {
    /// The derivation key index, one byte of 9F10.
    pub key_index: u8,
    /// Issuer discretionary data of 9F10: what follows the card verification results.
    pub discretionary: Vec<u8>,
}

/// The card's mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Risk {
    /// What it wants.
    pub decision: Decision,
    /// Amounts above go online, in minor units.
    pub offline_limit: Option<u64>,
    /// The sum of offline amounts above which it goes online, in minor units.
    pub offline_total: Option<u64>,
    /// Other currencies go online (ISO 4217, n3 in two bytes).
    pub currency: Option<[u8; 2]>,
}

/// What a card wants to do with a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Ask the issuer.
    Online,
    /// Approve, within its limits.
    Offline,
    /// Decline.
    Decline,
}
