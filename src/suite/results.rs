//! What a run leaves behind (`emvtap.results/1`): what reports read, and what shards are merged from.
//!
//! The file is one JSON object written as the run goes, one case a line, so that what a crash leaves can still be read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::seen::Seen;

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.results/1";

/// A whole run.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Results {
    /// [`SCHEMA`].
    pub schema: String,
    /// What was run.
    pub run: Run,
    /// What came of each case, in the order of the suites.
    pub cases: Vec<CaseResult>,
    /// How it came to an end; `None` if nobody saw the end, because the run crashed or was killed.
    #[serde(default)]
    pub end: Option<End>,
    /// Why these are not the results of a whole run, where whoever makes a report of them has not said that this is meant.
    #[serde(skip)]
    pub lacks: Vec<String>,
}

/// What was run, how, and against whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Run {
    /// Version of emvtap.
    pub emvtap: String,
    /// `builtin`, `shim:CMD`, `pcsc`.
    pub subject: String,
    /// The subject's name.
    pub name: String,
    /// The subject's version.
    pub version: String,
    /// What the subject says it can do.
    pub capabilities: Vec<String>,
    /// The ICS: item → value.
    pub ics: BTreeMap<String, String>,
    /// SHA-256 of the ICS in its canonical form.
    pub ics_digest: String,
    /// Suite → SHA-256 of its file.
    pub suites: BTreeMap<String, String>,
    /// Seed of the unpredictable numbers.
    pub seed: u64,
    /// When it began, RFC 3339; the only thing that differs between two runs of the same suite, with the times.
    pub started: String,
    /// `2/5` if this is one of several shards.
    pub shard: Option<String>,
    /// The command that runs it again.
    pub command: String,
    /// Whether account numbers, tracks, names and unknown objects are masked in what was seen.
    #[serde(default)]
    pub masked: bool,
    /// Whether warnings count as failures, and so do expectations that mean no case.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub strict: bool,
    /// Expectations that mean no case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
    /// Every requirement of the catalogue that the run's suites could cover: id → what reports show.
    pub requirements: BTreeMap<String, RequirementNote>,
}

/// How a run came to an end. It stands behind the cases, so that the file can be written as the run goes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct End {
    /// How long it took.
    pub duration_us: u64,
    /// Whether it was interrupted before its last case.
    #[serde(default)]
    pub interrupted: bool,
}

/// A requirement as reports show it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct RequirementNote {
    /// `A`, `B`, `C-3`.
    pub book: String,
    /// The edition.
    pub edition: String,
    /// The section.
    pub section: String,
    /// `must`, `should`.
    pub level: String,
    /// One line in our words.
    pub text: String,
    /// Why no case can assert it, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untestable: Option<String>,
}

/// What came of one variant of a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct CaseResult {
    /// `C3-CVM-014`, or `C3-CVM-014/below`.
    pub id: String,
    /// The case's title.
    pub title: String,
    /// More for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The suite: `c3/cvm`.
    pub suite: String,
    /// The case's tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The expression of applicability; empty: always.
    #[serde(default)]
    pub applies: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, where the verdict needs one: N/A, SKIP, UNSUPPORTED, INCONCLUSIVE, ERROR, XFAIL.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The taps, with what was put in and what was seen.
    #[serde(default)]
    pub taps: Vec<TapResult>,
    /// Every statement that was judged.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The command that runs it again.
    pub again: String,
    /// How long it took.
    #[serde(default)]
    pub duration_us: u64,
}

/// One tap.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct TapResult {
    /// What was put in, in words: card, terminal, amount, … → value.
    pub inputs: BTreeMap<String, String>,
    /// What was seen.
    pub seen: Seen,
}

/// One statement of a check, judged.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Finding {
    /// The tap it is about, from 0.
    pub tap: usize,
    /// The aspect.
    pub aspect: Aspect,
    /// What was looked at: `cvm`, `data record 9F26`, `GPO 9F66`, …
    pub what: String,
    /// What must be seen.
    pub expected: String,
    /// What was seen.
    pub observed: String,
    /// Whether it held: PASS, FAIL, WARN (a should), INCONCLUSIVE (could not be looked at).
    pub verdict: Verdict,
    /// The requirements that say so.
    pub requirements: Vec<String>,
    /// Why they lead to this here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
    /// The step at which it was seen: index into the tap's steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// Where a value differs, bit by bit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// A bit, a byte whose bits have no names, or a length that is not what it must be.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Difference {
    /// `byte 2 bit 7`, `byte 3`, [`Difference::LENGTH`].
    pub at: String,
    /// What the bit says when it is 1; of a length, what the matter is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
    /// `1`, two hex digits, or a count of bytes.
    pub expected: String,
    /// The same.
    pub observed: String,
}

impl Difference {
    /// Where a difference is that is one of length.
    pub const LENGTH: &str = "length";
}

/// What is judged apart.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// The Final Outcome.
    Outcome,
    /// What was sent to the card.
    Commands,
    /// Data record, discretionary data, online request.
    Data,
    /// User Interface Requests.
    Ui,
    /// Times.
    Timing,
}

/// The verdicts.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Everything held.
    #[serde(rename = "PASS")]
    Pass,
    /// Something that must hold did not.
    #[serde(rename = "FAIL")]
    Fail,
    /// Something that should hold did not.
    #[serde(rename = "WARN")]
    Warn,
    /// The case's preconditions did not come about.
    #[serde(rename = "INCONCLUSIVE")]
    Inconclusive,
    /// Not applicable, by the ICS.
    #[serde(rename = "N/A")]
    NotApplicable,
    /// The subject says that it does not do this.
    #[serde(rename = "UNSUPPORTED")]
    Unsupported,
    /// Not run: deselected after the run began, or the run was stopped.
    #[default]
    #[serde(rename = "SKIP")]
    Skip,
    /// Failed, as the expectations say.
    #[serde(rename = "XFAIL")]
    ExpectedFail,
    /// Passed, although the expectations say that it fails.
    #[serde(rename = "XPASS")]
    UnexpectedPass,
    /// emvtap failed.
    #[serde(rename = "ERROR")]
    Error,
}
