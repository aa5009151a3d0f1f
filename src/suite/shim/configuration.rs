//! A terminal in the words of the shim protocol, with everything resolved: who reads it needs no table and no file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bytes::Hex,
    crypto::{CaKey, Exception, Revocation},
    data::Amount,
    entry::DynamicLimits,
    terminal::{Combination, Terminal},
    tlv::Tag,
};

/// Data objects: tag → value, in hex.
pub type Objects = BTreeMap<String, String>;

/// A terminal. Amounts are in minor units of its currency; a flag or limit that is absent or `null` is absent in the
/// configuration, too, which means something (Book A, table 5-2).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TerminalMessage {
    /// For people.
    #[serde(default)]
    pub title: String,
    /// Decimal places of its currency: one unit of currency is 10 to this power.
    #[serde(default)]
    pub exponent: u8,
    /// Data objects of the terminal: 9F1A, 5F2A, 5F36, 9F35, …
    #[serde(default)]
    pub data: Objects,
    /// Reader combinations, in the order of preference.
    pub combinations: Vec<CombinationMessage>,
    /// CA public keys.
    #[serde(default)]
    pub ca_keys: Vec<CaKeyMessage>,
    /// Revoked issuer certificates.
    #[serde(default)]
    pub revoked: Vec<RevokedMessage>,
    /// The exception file.
    #[serde(default)]
    pub exceptions: Vec<ExceptionMessage>,
    /// Options of kernels, as `[kernel.c3]` of a terminal profile has them; what is not said is as documented there.
    #[serde(default)]
    pub kernels: serde_json::Map<String, serde_json::Value>,
    /// Choices of Entry Point, as `[entry]` of a terminal profile has them; what is not said is as documented there.
    #[serde(default)]
    pub entry: serde_json::Map<String, serde_json::Value>,
}

/// A reader combination.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CombinationMessage {
    /// The application, 5 to 16 bytes.
    pub aid: String,
    /// The kernel identifier, 1 or 3 bytes.
    pub kernel: String,
    /// The kernel that does the work, where that is another: for cases about Entry Point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implemented_by: Option<String>,
    /// Transaction types (9C) that it serves.
    pub types: Vec<String>,
    /// 9F66.
    #[serde(default)]
    pub ttq: Option<String>,
    /// Status Check Support flag.
    #[serde(default)]
    pub status_check: Option<bool>,
    /// Zero Amount Allowed flag.
    #[serde(default)]
    pub zero_amount_allowed: Option<bool>,
    /// Reader Contactless Transaction Limit.
    #[serde(default)]
    pub transaction_limit: Option<u64>,
    /// Reader Contactless Floor Limit.
    #[serde(default)]
    pub floor_limit: Option<u64>,
    /// Terminal Floor Limit (9F1B).
    #[serde(default)]
    pub terminal_floor_limit: Option<u32>,
    /// Reader CVM Required Limit.
    #[serde(default)]
    pub cvm_required_limit: Option<u64>,
    /// Extended Selection Support flag.
    #[serde(default)]
    pub extended_selection: Option<bool>,
    /// Limits by the card's program (9F5A); `null` if the reader has no Dynamic Reader Limits.
    #[serde(default)]
    pub dynamic_limits: Option<Vec<ProgramMessage>>,
    /// Kernel configuration data, over the terminal's data objects.
    #[serde(default)]
    pub data: Objects,
}

/// The limits of one program (C-3, 5.1.2).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProgramMessage {
    /// The beginning of 9F5A.
    pub program_id: String,
    /// Status check.
    #[serde(default)]
    pub status_check: bool,
    /// Zero amount: option 1 (`true`), option 2 (`false`).
    #[serde(default)]
    pub zero_amount_allowed: Option<bool>,
    /// Transaction limit.
    #[serde(default)]
    pub transaction_limit: Option<u64>,
    /// Floor limit.
    #[serde(default)]
    pub floor_limit: Option<u64>,
    /// CVM required limit.
    #[serde(default)]
    pub cvm_required_limit: Option<u64>,
}

/// A CA public key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CaKeyMessage {
    /// Five bytes.
    pub rid: String,
    /// 8F.
    pub index: String,
    /// 64 to 248 bytes.
    pub modulus: String,
    /// 03 or 010001.
    pub exponent: String,
    /// Last day of validity, `YYYY-MM-DD`, if it is known.
    #[serde(default)]
    pub expires: Option<String>,
}

/// A revoked issuer certificate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RevokedMessage {
    /// Five bytes.
    pub rid: String,
    /// Index of the CA key.
    pub index: String,
    /// Serial number of the certificate, three bytes.
    pub serial: String,
}

/// A card on the exception file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ExceptionMessage {
    /// Digits.
    pub pan: String,
    /// 5F34; `null`: every card of the account.
    #[serde(default)]
    pub sequence_number: Option<String>,
}

fn hexadecimal(bytes: &[u8]) -> String {
    Hex(bytes).to_string()
}

pub(super) fn objects<'a>(objects: impl IntoIterator<Item = (&'a Tag, &'a Vec<u8>)>) -> Objects {
    objects.into_iter().map(|(tag, value)| (tag.to_string(), hexadecimal(value))).collect()
}

impl TerminalMessage {
    /// A terminal. `profile`: the text of its profile, for the options of kernels.
    pub fn new(terminal: &Terminal, profile: &toml::Table) -> Self {
        let trust = terminal.trust();
        let said = |table: &str| serde_json::to_value(profile.get(table)?).ok()?.as_object().cloned();
        Self {
            title: terminal.title.clone(),
            exponent: terminal.currency.exponent(),
            data: objects(terminal.data().iter().map(|(tag, value)| (tag, value))),
            combinations: terminal.combinations.iter().flat_map(combinations).collect(),
            ca_keys: trust.ca_keys.iter().map(Into::into).collect(),
            revoked: trust.revoked.iter().map(Into::into).collect(),
            exceptions: trust.exceptions.iter().map(Into::into).collect(),
            kernels: said("kernel").unwrap_or_default(),
            entry: said("entry").unwrap_or_default(),
        }
    }
}

/// One for each application.
fn combinations(combination: &Combination) -> Vec<CombinationMessage> {
    let entry = combination.entry();
    let minor = |amount: Option<Amount>| amount.map(Amount::minor_units);
    let common = CombinationMessage {
        aid: String::new(),
        kernel: hexadecimal(combination.kernel.get_ref().bytes()),
        implemented_by: combination.implemented_by.as_ref().map(|kernel| hexadecimal(kernel.get_ref().bytes())),
        types: combination.types().iter().map(|kind| hexadecimal(&[kind.code()])).collect(),
        ttq: entry.ttq.map(|ttq| hexadecimal(&ttq)),
        status_check: entry.status_check,
        zero_amount_allowed: entry.zero_amount_allowed,
        transaction_limit: minor(entry.transaction_limit),
        floor_limit: minor(entry.floor_limit),
        terminal_floor_limit: entry.terminal_floor_limit,
        cvm_required_limit: minor(entry.cvm_required_limit),
        extended_selection: entry.extended_selection,
        dynamic_limits: entry
            .dynamic_reader_limits
            .then(|| combination.dynamic_limits().iter().map(Into::into).collect()),
        data: objects(combination.data()),
    };
    let one = |aid: &crate::entry::Aid| CombinationMessage { aid: hexadecimal(aid.bytes()), ..common.clone() };
    combination.aids.iter().map(one).collect()
}

impl From<&DynamicLimits> for ProgramMessage {
    fn from(limits: &DynamicLimits) -> Self {
        Self {
            program_id: hexadecimal(&limits.program_id),
            status_check: limits.status_check,
            zero_amount_allowed: limits.zero_amount_allowed,
            transaction_limit: limits.transaction_limit.map(Amount::minor_units),
            floor_limit: limits.floor_limit.map(Amount::minor_units),
            cvm_required_limit: limits.cvm_required_limit.map(Amount::minor_units),
        }
    }
}

impl From<&CaKey> for CaKeyMessage {
    fn from(key: &CaKey) -> Self {
        Self {
            rid: hexadecimal(&key.rid),
            index: hexadecimal(&[key.index]),
            modulus: hexadecimal(key.key.modulus()),
            exponent: hexadecimal(key.key.exponent()),
            expires: key.expires.map(|date| date.to_string()),
        }
    }
}

impl From<&Revocation> for RevokedMessage {
    fn from(entry: &Revocation) -> Self {
        Self { rid: hexadecimal(&entry.rid), index: hexadecimal(&[entry.index]), serial: hexadecimal(&entry.serial) }
    }
}

impl From<&Exception> for ExceptionMessage {
    fn from(entry: &Exception) -> Self {
        Self {
            pan: entry.pan.reveal().to_owned(),
            sequence_number: entry.sequence_number.map(|number| hexadecimal(&[number])),
        }
    }
}
