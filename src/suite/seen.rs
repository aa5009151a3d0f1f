//! What was seen of a subject: on the wire, and at its outputs. Nothing else counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One tap, as it was seen from outside.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Seen {
    /// Everything in the order in which it happened.
    pub steps: Vec<Step>,
    /// How it came to an end.
    pub ended: Ended,
    /// The final word after the host: `approved`, `declined`, `none`. Empty: the subject does not tell, and nobody else knows.
    #[serde(default)]
    pub disposition: String,
    /// How often the subject waited until the card had left.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removals: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Something that happened, with microseconds since the tap began.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at_us: u64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened. Bytes are upper-case hex without spaces.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// The field was switched on.
    FieldOn,
    /// The field was switched off.
    FieldOff,
    /// A command went to the card.
    Command {
        /// All its bytes.
        hex: String,
    },
    /// The card answered.
    Response {
        /// All bytes, status word included.
        hex: String,
        /// Time from command to response.
        us: u64,
    },
    /// Nothing, or something broken, came instead, or nothing that can be used was polled: `timeout`, `transmission`, `protocol`,
    /// `collision`, `no-card`, `contact-card`.
    Lost {
        /// What.
        reason: String,
    },
    /// A User Interface Request.
    Ui(UiSeen),
    /// The issuer was asked.
    Online {
        /// Data objects of the request, tag → value.
        tags: BTreeMap<String, String>,
    },
    /// The issuer answered.
    Host {
        /// Two characters; `null` if it could not be reached.
        response_code: Option<String>,
        /// What it found out about the cryptogram: `valid`, `wrong`, `unverifiable`; `null` if it did not look.
        cryptogram: Option<String>,
        /// In words.
        note: String,
    },
    /// A kernel asked the terminal for data objects and told it some (C-2, the signal DEK).
    DataExchange {
        /// Tags of Data Needed.
        needed: Vec<String>,
        /// Data To Send, tag → value.
        to_send: BTreeMap<String, String>,
    },
    /// A Final Outcome.
    Outcome(OutcomeSeen),
}

/// A Final Outcome, in the words of `emvtap.tap/1`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct OutcomeSeen {
    /// `approved`, `declined`, `online-request`, `try-another-interface`, `end-application`.
    pub result: String,
    /// `A` to `D`.
    #[serde(default)]
    pub start: Option<String>,
    /// `no-cvm`, `signature`, `online-pin`, `confirmation-code-verified`.
    #[serde(default)]
    pub cvm: Option<String>,
    /// `none`, `emv-data`, `any`.
    #[serde(default = "none")]
    pub online_response_data: String,
    /// `contact-chip`, `mag-stripe`.
    #[serde(default)]
    pub alternate_interface: Option<String>,
    /// Whether a receipt is asked for.
    #[serde(default)]
    pub receipt: bool,
    /// Field off request.
    #[serde(default)]
    pub field_off_ms: Option<u32>,
    /// Removal time-out.
    #[serde(default)]
    pub removal_timeout_ms: u32,
    /// Data record: tag → value.
    #[serde(default)]
    pub data_record: BTreeMap<String, String>,
    /// Discretionary data: tag → value.
    #[serde(default)]
    pub discretionary_data: BTreeMap<String, String>,
    /// The Outcome as data objects, of kernels whose book codes it (C-2: DF8129, DF8116): tag → value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coded: BTreeMap<String, String>,
}

fn none() -> String {
    "none".to_owned()
}

/// A User Interface Request.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct UiSeen {
    /// Two hex digits.
    #[serde(default)]
    pub message: Option<String>,
    /// In the words of `emvtap.tap/1`.
    #[serde(default)]
    pub status: Option<String>,
    /// Hold time.
    #[serde(default)]
    pub hold_ms: Option<u32>,
    /// Language preference.
    #[serde(default)]
    pub language: Option<String>,
    /// `amount`, `balance`.
    #[serde(default)]
    pub qualifier: Option<String>,
    /// Minor units.
    #[serde(default)]
    pub value: Option<u64>,
}

/// How a tap came to an end.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(tag = "how", content = "why", rename_all = "kebab-case")]
pub enum Ended {
    /// With a Final Outcome that asks for nothing more, or with none because the link ended.
    #[default]
    Done,
    /// The subject said that it does not do this.
    Unsupported(String),
    /// The subject broke the protocol, died, or said nonsense: that is a failure of the subject.
    Misbehaved(String),
    /// The subject took too long.
    TimedOut(String),
    /// What the tap needs was not there (reader, card, process could not be started): nobody's verdict.
    Broken(String),
}

impl Ended {
    /// What went wrong, as it follows "it"; empty if nothing did.
    pub fn why(&self) -> &str {
        match self {
            Self::Done => "",
            Self::Unsupported(why) | Self::Misbehaved(why) | Self::TimedOut(why) | Self::Broken(why) => why,
        }
    }
}
