//! The arguments of `emvtap card new` and `emvtap terminal new`.

use std::path::PathBuf;

use clap::Args;

use super::{CARD, TERMINAL, Target};

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

    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// A new terminal.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "For example:\n  emvtap terminal new \"our till\" --like retail-offline -o till.toml && emvtap pay 12.50 \
    --terminal till.toml"
)]
pub struct NewTerminal {
    /// The title of the terminal
    #[arg(value_name = "NAME")]
    pub name: String,

    /// The built-in terminal, or file, that it begins as
    #[arg(long, value_name = "TERMINAL", default_value = TERMINAL)]
    pub like: String,

    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}
