//! The profile as it is written: one field a key, unknown keys refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{RecordId, Scheme, mchip::MchipFile, values::ObjectName};
use crate::{
    card::fault::Fault,
    data::text::{HexArray, HexText, ObjectValue},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ProfileFile {
    #[serde(rename = "schema")]
    pub _schema: Spanned<String>,
    /// Followed before anything else is read.
    #[serde(rename = "extends")]
    pub _extends: Option<String>,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub scheme: Scheme,
    #[serde(default, rename = "allow_any_pan", alias = "allow-any-pan")]
    pub allow_any_pan: bool,
    pub ppse: Option<Vec<PpseFile>>,
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
    pub application: BTreeMap<String, ApplicationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PpseFile {
    pub aid: HexText,
    pub label: Option<String>,
    pub priority: Option<u8>,
    pub kernel_identifier: Option<HexText>,
    pub extended_selection: Option<HexText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ApplicationFile {
    pub aid: Spanned<HexText>,
    pub label: Option<String>,
    pub priority: Option<u8>,
    pub kernel_identifier: Option<HexText>,
    pub extended_selection: Option<HexText>,
    #[serde(default)]
    pub data: BTreeMap<ObjectName, Spanned<ObjectValue>>,
    #[serde(default)]
    pub fci: FciFile,
    pub gpo: GpoFile,
    #[serde(default)]
    pub records: BTreeMap<RecordId, RecordFile>,
    pub keys: KeysFile,
    #[serde(default)]
    pub certificates: CertificatesFile,
    pub cryptogram: CryptogramFile,
    pub risk: RiskFile,
    #[serde(default)]
    pub counters: CountersFile,
    #[serde(default)]
    pub get_data: Vec<ObjectName>,
    pub mchip: Option<Spanned<MchipFile>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FciFile {
    pub proprietary: Option<Vec<Spanned<ObjectName>>>,
    pub discretionary: Option<Vec<Spanned<ObjectName>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct GpoFile {
    pub format: Option<Spanned<u8>>,
    pub online: Vec<Spanned<ObjectName>>,
    pub offline: Option<Vec<Spanned<ObjectName>>>,
    pub decline: Option<Vec<Spanned<ObjectName>>>,
    #[serde(default)]
    pub refuse: Vec<HexArray<2>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RecordFile {
    #[serde(default)]
    pub oda: bool,
    pub objects: Vec<Spanned<ObjectName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct KeysFile {
    pub ca: Option<Spanned<String>>,
    pub issuer: Option<Spanned<String>>,
    pub card: Option<Spanned<String>>,
    pub master: Spanned<String>,
    pub messaging: Option<Spanned<String>>,
    pub cvc3: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct CertificatesFile {
    pub expiry: HexArray<2>,
    pub issuer_serial: HexArray<3>,
    pub card_serial: HexArray<3>,
}

impl Default for CertificatesFile {
    fn default() -> Self {
        Self { expiry: HexArray([0x12, 0x35]), issuer_serial: HexArray([0, 0, 1]), card_serial: HexArray([0, 0, 2]) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CryptogramFile {
    pub version: Spanned<u8>,
    #[serde(default = "one")]
    pub key_index: u8,
    pub discretionary: Option<Spanned<HexText>>,
}

const fn one() -> u8 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RiskFile {
    pub decision: super::Decision,
    pub offline_limit: Option<u64>,
    pub offline_total: Option<u64>,
    pub currency: Option<Spanned<u16>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CountersFile {
    #[serde(default)]
    pub atc: u16,
}

/// A key, one a file. Which fields it needs depends on its kind.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct KeyFile {
    #[serde(rename = "schema")]
    pub _schema: Spanned<String>,
    #[serde(rename = "title")]
    pub _title: String,
    pub test: Option<Spanned<bool>>,
    pub kind: super::KeyKind,
    #[serde(rename = "rid")]
    pub _rid: Option<HexArray<5>>,
    pub index: Option<HexArray<1>>,
    pub exponent: Option<HexText>,
    pub p: Option<HexText>,
    pub q: Option<HexText>,
    pub value: Option<HexText>,
}
