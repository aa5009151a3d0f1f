//! Faults of cards, as data: what goes wrong, at which command, and which time.
//!
//! Any card can have them: a profile lists them as `[[fault]]`, and the [catalogue] names those that are worth naming. What
//! concerns the data objects of an answer is done here ([`Edit`]); what concerns the air interface and the answer's bytes is
//! done by [`link::Faulty`](crate::link::Faulty), which also decides when.

mod catalogue;
mod edit;
mod target;
mod words;

use serde::Deserialize;

pub use catalogue::{catalogue, named, unknown};
pub use edit::{Edit, Lengths, Put};
pub use target::{Occurrence, Target};

use crate::data::text::HexText;

/// One thing that goes wrong.
///
/// ```
/// use emvtap::card::Profile;
///
/// let text = "schema = 'emvtap.card/1'\nextends = 'visa/credit'\n\
///             [[fault]]\nname = 'torn'\ncommand = 'READ RECORD 2.1'\nkind = { tear = 'middle' }\n";
/// let profile = Profile::parse("mine.toml", text, &|_| None).unwrap();
/// assert_eq!(profile.faults[0].name, "torn");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// What people call it. Several faults may share a name: they happen together.
    pub name: String,
    /// What it is, in a line.
    #[serde(default)]
    pub text: String,
    /// The command whose exchange it spoils.
    pub command: Target,
    /// Which of these commands in a tap; the first if it does not say.
    #[serde(default)]
    pub occurrence: Occurrence,
    /// What goes wrong.
    pub kind: Kind,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The card leaves the field. It comes back when the reader polls again.
    Tear(Moment),
    /// More than one card answers a poll.
    Collision,
    /// No card answers a poll: nobody comes, and the tap is over.
    Absent,
    /// The answer comes later, by so many milliseconds.
    DelayMs(u32),
    /// Another status word. A warning (62xx, 63xx) leaves the data, an error takes them away.
    Status(HexText),
    /// So many bytes less at the end of the data.
    Truncate(usize),
    /// Only so many bytes of the answer arrive, status word included.
    Keep(usize),
    /// These bytes more at the end of the data.
    Extend(HexText),
    /// This bit of the data is wrong: counted from the first, and from there again if there are fewer.
    FlipBit(usize),
    /// This bit of what the card hears is wrong: counted from the last bit of the command's data, which usually belongs to
    /// the unpredictable number. The card then signs, with its own key, something else than the terminal sent.
    FlipCommandBit(usize),
    /// These data with 9000 in place of the card's answer.
    Answer(HexText),
    /// The data objects of the answer are other ones.
    Objects(Edit),
}

/// When a card leaves the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Before the command: the card never gets it.
    Before,
    /// In the middle of the answer: the card has done what it was asked, the reader gets damaged bytes.
    Middle,
    /// After the answer, which arrives.
    After,
}
