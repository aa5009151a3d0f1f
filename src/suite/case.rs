//! What a case file says (`emvtap.case/1`).

use std::{collections::BTreeMap, num::NonZeroUsize};

use serde::Deserialize;
use toml::Spanned;

/// A file of cases: one suite of one book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseFile {
    /// `emvtap.case/1`.
    #[serde(rename = "schema")]
    _schema: String,
    /// What the cases have in common, in a line.
    pub title: String,
    /// An expression over the ICS that every case needs, beside its own.
    pub applies: Option<Spanned<String>>,
    /// Words to select every case by, beside its own.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What holds for every tap of the file that does not say otherwise.
    #[serde(default)]
    pub given: Setup,
    /// Card profiles for this file's cases, by name: fragments of `emvtap.card/1`, nearly always with `extends`.
    #[serde(default)]
    pub cards: BTreeMap<String, Spanned<toml::Table>>,
    /// Terminal profiles for this file's cases: `extends` names a terminal, the rest is laid over it.
    #[serde(default)]
    pub terminals: BTreeMap<String, Spanned<toml::Table>>,
    /// The cases.
    #[serde(rename = "case", default)]
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// `C3-CVM-014`: never changed, never used again.
    pub id: Spanned<String>,
    /// What is tested, in a line.
    pub title: String,
    /// More for people: why, and what a failure means.
    #[serde(default)]
    pub description: String,
    /// An expression over the ICS; the case is N/A where it does not hold.
    pub applies: Option<Spanned<String>>,
    /// Words to select by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The first tap: what is tapped with what.
    #[serde(default)]
    pub given: Setup,
    /// The first tap, in every variant: what must be seen.
    #[serde(rename = "check", default)]
    pub checks: Vec<Check>,
    /// Further taps, of the same subject and, unless they name another, the same card.
    #[serde(default)]
    pub then: Vec<Tap>,
    /// Axes of variation: axis → value → what it changes. One axis gives its values; several are combined.
    #[serde(default)]
    pub vary: BTreeMap<String, BTreeMap<String, Tap>>,
    /// How several axes are combined.
    #[serde(default)]
    pub combine: Combine,
}

/// How several axes are combined.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Combine {
    /// Every pair of values of two axes occurs in some variant.
    #[default]
    Pairwise,
    /// Every combination.
    All,
}

/// One tap: how it is set up, and what must be seen. In a variation: what it changes, and what must be seen besides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tap {
    /// What is tapped with what.
    #[serde(default)]
    pub given: Setup,
    /// What must be seen.
    #[serde(rename = "check", default)]
    pub checks: Vec<Check>,
}

/// What is tapped with what. What is not said comes from the case (for a further tap: from the tap before it), then from
/// the file; what nobody says is as in `emvtap pay`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Setup {
    /// A card of this file, a built-in card, or a file beside this one.
    pub card: Option<Spanned<String>>,
    /// A fragment of a card profile, laid over the card as `extends` does.
    pub card_with: Option<Spanned<toml::Table>>,
    /// A terminal of this file, a built-in one, or a file beside this one.
    pub terminal: Option<Spanned<String>>,
    /// A fragment of a terminal profile, laid over the terminal. A table where the terminal has an array of tables
    /// (`combination`) is laid over each of them; an array takes the array's place.
    pub terminal_with: Option<Spanned<toml::Table>>,
    /// Terminal data objects with other values, as `pay --set`: name or tag → hex.
    pub set: Option<BTreeMap<String, Spanned<String>>>,
    /// Amount in major units: `12.50`.
    pub amount: Option<Spanned<String>>,
    /// The cashback part.
    pub other: Option<Spanned<String>>,
    /// `purchase`, `cashback`, `refund`, `cash`.
    pub r#type: Option<Spanned<String>>,
    /// Faults of the card, by the names of `card list --faults` or as tables of the card profile.
    pub faults: Option<Vec<Spanned<toml::Value>>>,
    /// `sim`, `decline`, `offline`, or a table of `emvtap.host/1`.
    pub host: Option<Spanned<toml::Value>>,
    /// The terminal's date and time, RFC 3339.
    pub clock: Option<Spanned<String>>,
    /// The Unpredictable Number of each kernel activation, in order; drawn from the seed where none is given.
    pub unpredictable_numbers: Option<Vec<Spanned<String>>>,
    /// Whether the reader is always on (Start B) instead of waiting for an amount (Start A).
    pub autorun: Option<bool>,
    /// Whether nothing is tapped, but the kernel cleans its log of torn transactions (C-2, the signal CLEAN).
    pub clean: Option<bool>,
}

/// What must be seen, and which requirement says so. Everything that is stated must hold. Empty text and lists state something;
/// what is left out states nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Check {
    /// Ids of the catalogue; the first one's level (must, should) is the check's.
    pub requirement: Vec<Spanned<String>>,
    /// Why the requirement leads to this here, for people; shown when the check fails.
    #[serde(default)]
    pub because: String,

    // Outcome: of the Final Outcome that decides (the first Online Request, or the last).
    /// Another one, counted from 1: with a restart there are several.
    pub final_outcome: Option<NonZeroUsize>,
    /// The result; several where the books leave a choice.
    pub outcome: Option<OneOf>,
    /// The results of all Final Outcomes, in order.
    pub outcomes: Option<Vec<String>>,
    /// The final word: `approved`, `declined`, `none`.
    pub disposition: Option<OneOf>,
    /// `no-cvm`, `signature`, `online-pin`, `confirmation-code-verified`, `none`.
    pub cvm: Option<OneOf>,
    /// `A` to `D`, `none`.
    pub start: Option<OneOf>,
    /// `none`, `emv-data`, `any`.
    pub online_response_data: Option<OneOf>,
    /// `contact-chip`, `mag-stripe`, `none`.
    pub alternate_interface: Option<OneOf>,
    /// Whether a receipt is asked for.
    pub receipt: Option<bool>,
    /// Field off request in milliseconds; -1: none.
    pub field_off_ms: Option<i64>,
    /// Removal time-out in milliseconds.
    pub removal_timeout_ms: Option<i64>,
    /// Objects of the data record: name or tag → pattern.
    pub data_record: Option<BTreeMap<String, Pattern>>,
    /// Objects of the discretionary data.
    pub discretionary_data: Option<BTreeMap<String, Pattern>>,
    /// Objects of the discretionary data of the last Final Outcome: after a restart it is not the one that decides.
    pub last_discretionary_data: Option<BTreeMap<String, Pattern>>,
    /// The Outcome as data objects (C-2: Outcome Parameter Set DF8129, User Interface Request Data DF8116), of subjects that give it so.
    pub coded: Option<BTreeMap<String, Pattern>>,
    /// Whether the issuer was asked.
    pub online: Option<bool>,
    /// Objects that the issuer was asked with, the first time: name or tag → pattern.
    pub online_data: Option<BTreeMap<String, Pattern>>,
    /// What the issuer found out about the cryptogram: `valid`, `wrong`, `unverifiable`.
    pub cryptogram: Option<OneOf>,

    // Commands, in words: `SELECT PPSE`, `SELECT A0000000031010`, `GPO`, `READ RECORD 2.1`, `GET DATA 9F5D`, …
    /// All commands of the tap, in order.
    pub commands: Option<Vec<String>>,
    /// Commands that are sent, in this order, others between them or not.
    pub sends: Option<Vec<String>>,
    /// Commands that are not sent.
    pub never_sends: Option<Vec<String>>,
    /// Command in words → name or tag → pattern: what the card's PDOL, CDOL1, DDOL … asked for and got in the first such command; in the second: `GPO #2`.
    pub sent: Option<BTreeMap<String, BTreeMap<String, Pattern>>>,
    /// Command in words → pattern over its data field.
    pub sent_data: Option<BTreeMap<String, Pattern>>,
    /// Whether every command must have the form of its definition: class, parameters, lengths, Le. Where one has not, the case fails in
    /// any case; `true` says that this one is about it.
    pub well_formed: Option<bool>,
    /// The application of the last SELECT that a card answered with 9000 and a kernel took.
    pub selected: Option<String>,

    // Data exchange with the terminal (C-2).
    /// Objects that the kernel asks the terminal for, in this order, others between them or not: names or tags.
    pub needs: Option<Vec<String>>,
    /// Objects that it does not ask for.
    pub never_needs: Option<Vec<String>>,
    /// Objects that the kernel gives the terminal: name or tag → pattern; the first value where one is given more than once.
    pub tells: Option<BTreeMap<String, Pattern>>,
    /// Objects that it does not give it, whatever their value.
    pub never_tells: Option<Vec<String>>,

    // User interface.
    /// Requests that are shown, in this order, others between them or not.
    pub ui: Option<Vec<Ui>>,
    /// All requests that are shown, in order.
    pub uis: Option<Vec<Ui>>,
    /// Requests that are not shown.
    pub never_ui: Option<Vec<Ui>>,

    /// How often the subject waits until the card has left.
    pub removals: Option<usize>,

    // Timing.
    /// Milliseconds from Field Off to Field On at a restart, at the least.
    pub field_off_for_ms: Option<u64>,
    /// Milliseconds from the card's last answer to the first Final Outcome, or the one that the check is about, at the least.
    pub held_back_ms: Option<u64>,
}

/// One text, or several of which one must hold.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum OneOf {
    /// This.
    One(String),
    /// One of these.
    Of(Vec<String>),
}

/// What a value must be: one statement, or several that must all hold.
///
/// A statement is hex where `?` stands for any digit and spaces do not count (`9F02 ??00`), or one of `present`, `absent`, `empty`,
/// `length 8`, `byte 2 bit 8 = 1`, `not 00000000`, `one of 00 40 80`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum Pattern {
    /// This.
    One(String),
    /// All of these.
    All(Vec<String>),
}

/// A User Interface Request; what is not said is not looked at.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ui {
    /// Message identifier, two hex digits; `none`.
    pub message: Option<String>,
    /// `ready-to-read`, `card-read-successfully`, …; `none`.
    pub status: Option<String>,
    /// Hold time.
    pub hold_ms: Option<u32>,
    /// Language preference, two letters a language; `none`.
    pub language: Option<String>,
    /// Value qualifier: `amount`, `balance`, `none`.
    pub qualifier: Option<String>,
    /// The value in minor units.
    pub value: Option<u64>,
}
