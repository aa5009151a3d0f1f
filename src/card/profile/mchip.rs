//! What only an M/Chip application has: `[application.….mchip]`.

use serde::Deserialize;
use toml::Spanned;

use super::{MasterKey, file::CryptogramFile, resolve::Resolver, values::ObjectName};
use crate::{
    crypto::scheme::{VERSIONS, Version},
    diag::Problem,
    time::Micros,
    tlv::Tag,
};

/// The settings of an M/Chip application.
#[derive(Clone, Debug)]
pub struct Mchip {
    /// The cryptogram version.
    pub version: &'static Version,
    /// The issuer's master key for CVC3; without it there is no mag-stripe mode.
    pub cvc3: Option<MasterKey>,
    /// Whether GENERATE AC without a signature answers in template 80.
    pub plain_answer: bool,
    /// Whether the card's owner is verified on the card itself, as on a phone.
    pub device_verification: DeviceVerification,
    /// Relay resistance.
    pub relay: Option<Relay>,
    /// Integrated data storage.
    pub storage: Option<Storage>,
    /// What PUT DATA may write.
    pub put_data: Vec<Tag>,
    /// Which transaction RECOVER AC gives back.
    pub recovery: Recovery,
}

/// Whether the owner is verified on the device that the card is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceVerification {
    /// The card cannot do that.
    #[default]
    Never,
    /// It has been done before the tap.
    Done,
    /// It is done after a first tap that needs it, so that a second one succeeds.
    SecondTap,
}

/// How the card answers EXCHANGE RELAY RESISTANCE DATA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relay {
    /// What it says.
    pub told: Times,
    /// What it signs; a relay that changes the answer on its way makes the two differ.
    pub signed: Times,
    /// How long it takes to answer.
    pub takes: Micros,
}

/// The times of relay resistance, in units of 100 µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// Minimum time for processing (DF8303).
    pub min: u16,
    /// Maximum time for processing (DF8304).
    pub max: u16,
    /// Estimated transmission time of the response (DF8305).
    pub estimate: u16,
}

/// The data storage of the card: one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// The operator whose data are in the slot (9F5C); empty: nobody's.
    pub operator: Vec<u8>,
    /// Its data (9F54).
    pub content: Vec<u8>,
    /// Whether the card takes what it is sent.
    pub writable: bool,
    /// What its summaries tell apart. How a card makes them no public source says.
    pub summary: Summary,
}

/// What the summaries of the data storage tell apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Summary {
    /// Operator and content: the same data written again leave it as it is.
    #[default]
    Content,
    /// Every write as well.
    Writes,
}

/// Which transaction RECOVER AC gives back. No public source says what a card makes of the DRDOL data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// The last one, if the DRDOL data agree with what was said in it.
    #[default]
    Described,
    /// The last one, whatever the DRDOL data are.
    Last,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct MchipFile {
    answer_format: Option<Spanned<u8>>,
    device_verification: DeviceVerification,
    relay: Option<RelayFile>,
    storage: Option<StorageFile>,
    put_data: Vec<ObjectName>,
    recovery: Recovery,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RelayFile {
    told: Times,
    signed: Option<Times>,
    takes_us: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct StorageFile {
    #[serde(default)]
    operator: Option<crate::data::text::HexArray<8>>,
    #[serde(default)]
    content: Option<crate::data::text::HexText>,
    #[serde(default = "yes")]
    writable: bool,
    #[serde(default)]
    summary: Summary,
}

const fn yes() -> bool {
    true
}

/// The payment system whose cryptogram versions count.
const RID: [u8; 5] = [0xA0, 0x00, 0x00, 0x00, 0x04];

impl Resolver<'_> {
    /// The settings, with the keys and versions they name.
    pub(super) fn mchip(
        &self,
        cryptogram: &CryptogramFile,
        cvc3: Option<&Spanned<String>>,
        written: Option<&MchipFile>,
    ) -> Result<Mchip, Problem> {
        let none = MchipFile::default();
        let written = written.unwrap_or(&none);
        let plain_answer = match &written.answer_format {
            None => false,
            Some(number) => match number.get_ref() {
                1 => true,
                2 => false,
                _ => return Err(self.sources.problem(number.span(), "wanted response format 1 or 2")),
            },
        };
        let relay = |relay: &RelayFile| Relay {
            told: relay.told,
            signed: relay.signed.unwrap_or(relay.told),
            takes: Micros(relay.takes_us),
        };
        let storage = |storage: &StorageFile| Storage {
            operator: storage.operator.as_ref().map(|operator| operator.0.to_vec()).unwrap_or_default(),
            content: storage.content.as_ref().map(|content| content.0.clone()).unwrap_or_default(),
            writable: storage.writable,
            summary: storage.summary,
        };
        Ok(Mchip {
            version: self.mchip_version(&cryptogram.version)?,
            cvc3: cvc3.map(|name| self.keys.master(name)).transpose()?,
            plain_answer,
            device_verification: written.device_verification,
            relay: written.relay.as_ref().map(relay),
            storage: written.storage.as_ref().map(storage),
            put_data: written.put_data.iter().map(|name| name.0).collect(),
            recovery: written.recovery,
        })
    }

    fn mchip_version(&self, number: &Spanned<u8>) -> Result<&'static Version, Problem> {
        let name = format!("mastercard-{}", number.get_ref());
        let found = Version::named(&name).filter(|version| version.name == name);
        found.ok_or_else(|| {
            let ours = VERSIONS.iter().filter(|version| version.rid.contains(&RID));
            let numbers: Vec<&str> = ours.filter_map(|version| version.name.strip_prefix("mastercard-")).collect();
            let message = format!("wanted a cryptogram version of Mastercard, in decimal: {}", numbers.join(", "));
            self.sources.problem(number.span(), message)
        })
    }
}
