//! The arguments of `emvtap card new`.

use std::path::PathBuf;

use clap::Args;

use super::{CARD, Target};

/// A new card profile.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Examples:\n  emvtap card new \"our debit card\" --extends visa-debit-offline -o debit.toml\n  emvtap card new \
    \"from the lab\" --from lab.tap.jsonl -o lab.toml && emvtap pay 12.50 --card lab.toml"
)]
pub struct NewCard {
    /// The title of the card
    #[arg(value_name = "NAME")]
    pub name: String,

    /// The built-in card it is a variant of
    #[arg(long, value_name = "CARD", default_value = CARD)]
    pub extends: String,

    /// A recording, or a log of another tool, of the card; its keys become test keys
    #[arg(long, value_name = "FILE", conflicts_with = "extends")]
    pub from: Option<PathBuf>,

    /// Also take an account number that is in no published test range
    #[arg(long, requires = "from")]
    pub allow_any_pan: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}
