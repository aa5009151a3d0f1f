//! The messages of the shim protocol: JSON objects, one a line. `docs/shim.md` explains them, `shim.schema.json` defines them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::configuration::TerminalMessage;
use crate::suite::seen::{OutcomeSeen, UiSeen};

/// The name of the protocol.
pub const PROTOCOL: &str = "emvtap.shim/1";
/// The exit status of a subject that does not do what it is asked for.
pub const UNIMPLEMENTED: i32 = 89;

/// From the runner to the subject.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToSubject {
    /// The first message.
    Hello {
        /// [`PROTOCOL`].
        protocol: String,
        /// The version of emvtap.
        #[serde(default)]
        emvtap: String,
    },
    /// The terminal to be from now on.
    Configure {
        /// The terminal.
        terminal: Box<TerminalMessage>,
        /// Whether to forget all taps before: torn transactions, counters.
        #[serde(default = "yes")]
        reset: bool,
    },
    /// A tap begins.
    Start(Box<Start>),
    /// Instead of a tap: kernels forget torn transactions that are too old (C-2: CLEAN), and an Outcome says which.
    Clean {
        /// The terminal's date and time, RFC 3339.
        now: String,
    },
    /// The answer to `field` on: a card is in the field.
    Card {
        /// The time that took.
        #[serde(default)]
        us: u64,
    },
    /// The answer to `command`.
    Response {
        /// All bytes, status word included.
        hex: String,
        /// From command to response.
        #[serde(default)]
        us: u64,
        /// What the terminal has said meanwhile (C-2: DET, STOP), in that order; it comes before the response.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terminal: Vec<SaidMessage>,
    },
    /// The answer to `data_exchange` and `listen`: what the terminal says.
    Terminal {
        /// What.
        #[serde(flatten)]
        said: SaidMessage,
        /// The time that took.
        #[serde(default)]
        us: u64,
    },
    /// The answer to `removal`: the card has left.
    Removed {
        /// The time that took.
        #[serde(default)]
        us: u64,
    },
    /// Instead of an answer of the card.
    Lost {
        /// `timeout`, `transmission`, `protocol`, `collision`, `no-card`, `contact-card`, `cancelled`, `unusable`.
        reason: String,
        /// What the terminal has said meanwhile.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terminal: Vec<SaidMessage>,
    },
    /// The answer to `online`.
    Host {
        /// Two characters; `null` if the issuer could not be reached.
        response_code: Option<String>,
        /// The value of 91.
        issuer_authentication_data: Option<String>,
        /// Whole 71 and 72 objects.
        #[serde(default)]
        scripts: Vec<String>,
        /// How long the answer took.
        #[serde(default)]
        us: u64,
    },
    /// The last message.
    Bye,
}

/// What the merchant wants, and what the reader draws and reads for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// What the merchant wants.
    pub transaction: TransactionMessage,
    /// 9F37 of the first activation of a kernel.
    pub unpredictable_number: String,
    /// 9F37 of each activation of a kernel, the first included.
    #[serde(default)]
    pub unpredictable_numbers: Vec<String>,
    /// 9F6A of each checksum in mag-stripe mode, eight digits; the kernel takes as many of the last ones as the tracks have room
    /// for.
    #[serde(default)]
    pub unpredictable_digits: Vec<String>,
    /// The terminal's date and time, RFC 3339: 9A, 9F21.
    pub now: String,
}

/// What the terminal says to a kernel in data exchange; nothing of it: it has said nothing, and the kernel did not wait.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct SaidMessage {
    /// Data objects, tag → value (C-2: DET).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
    /// The transaction is to end (C-2: STOP).
    #[serde(default, skip_serializing_if = "is_false")]
    pub stop: bool,
    /// The time that the kernel waits is over (C-2: TIMEOUT).
    #[serde(default, skip_serializing_if = "is_false")]
    pub timeout: bool,
}

/// What the merchant wants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TransactionMessage {
    /// The whole amount in minor units, cashback included: 9F02.
    pub amount: u64,
    /// The cashback part in minor units: 9F03.
    #[serde(default)]
    pub other: u64,
    /// 9C.
    pub r#type: String,
    /// ISO 4217 numeric code: 5F2A.
    #[serde(default)]
    pub currency: String,
    /// Decimal places of the currency: 5F36.
    #[serde(default)]
    pub exponent: u8,
    /// Where Entry Point starts: `A`, with pre-processing, or `B`, for a reader that is always on.
    #[serde(default = "start_a")]
    pub start: String,
    /// Further data objects, over those of terminal and combination: tag → value.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

/// From the subject to the runner.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromSubject {
    /// The answer to `hello`.
    Hello {
        /// Its name.
        #[serde(default)]
        name: String,
        /// Its version.
        #[serde(default)]
        version: String,
        /// What it can do, in words of the ICS.
        #[serde(default)]
        capabilities: Vec<String>,
    },
    /// The field goes on or off. On is answered by `card` or `lost`; off is not answered.
    Field {
        /// `on`, `off`.
        state: Field,
        /// Off: for how long. Without it, the time until the next `field` on counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// For the card; answered by `response` or `lost`.
    Command {
        /// All bytes.
        hex: String,
    },
    /// The card is to leave; answered by `removed` or `lost`.
    Removal,
    /// Something is shown.
    Ui(UiSeen),
    /// The terminal is asked and told (C-2: DEK); answered by `terminal`.
    DataExchange {
        /// Data Needed: tags.
        #[serde(default)]
        needed: Vec<String>,
        /// Data To Send: tag → value.
        #[serde(default)]
        to_send: BTreeMap<String, String>,
        /// How long the kernel waits for an answer. Absent: it does not; what has come already is the answer, or nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wait_ms: Option<u64>,
    },
    /// The kernel goes on waiting for the terminal, within what is left of its time; answered by `terminal`.
    Listen,
    /// The issuer is asked; answered by `host`.
    Online {
        /// Data objects: tag → value. Without any, those of the last Outcome's data record.
        #[serde(default)]
        tags: BTreeMap<String, String>,
    },
    /// A Final Outcome.
    Outcome {
        /// The Outcome.
        #[serde(flatten)]
        outcome: Box<OutcomeSeen>,
        /// How long the kernel has held it back after what it heard last, in milliseconds of the simulated clock.
        #[serde(default, skip_serializing_if = "is_zero")]
        held_back_ms: u64,
        /// Whether the tap goes on: online, after a restart, or with messages and the field. Then `done` or an Outcome without it ends it.
        #[serde(default, skip_serializing_if = "is_false")]
        more: bool,
    },
    /// The tap is over.
    Done {
        /// The final word to the merchant, after the issuer if it was asked: `approved`, `declined`, `none`. Absent: the subject does
        /// not tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<String>,
    },
    /// The subject does not do this; ends the tap.
    Unsupported {
        /// What.
        #[serde(default)]
        what: String,
    },
    /// For people; not looked at.
    Log {
        /// Anything.
        #[serde(default)]
        text: String,
    },
}

/// The field's states.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// On.
    On,
    /// Off.
    Off,
}

const fn yes() -> bool {
    true
}

const fn is_false(value: &bool) -> bool {
    !*value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn start_a() -> String {
    "A".to_owned()
}
