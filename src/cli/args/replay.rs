//! The arguments of `emvtap replay`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Output;
use crate::{
    cli::values::{Expected, Override, expected, overriding},
    link::Match,
};

/// Showing a recording, or running it again.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Alone it shows what happened then. With --terminal, --set or --match the kernel runs again, against the \
    recorded answers of card and issuer, and with the recorded unpredictable numbers.\n\n\
    Examples:\n  emvtap replay shop.tap.jsonl -v\n  emvtap replay shop.tap.jsonl --match strict          is it still the \
    same?\n  emvtap replay shop.tap.jsonl --set 9F66=36004000     what if the terminal had another TTQ?\n  emvtap replay \
    shop.tap.jsonl --redact -o share.tap.jsonl"
)]
pub struct Replay {
    /// The recording
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Run it at this terminal: a built-in name, or a file [default: the recorded one]
    #[arg(long, value_name = "NAME|FILE")]
    pub terminal: Option<String>,

    /// Run it with another value of a terminal data object; may be repeated
    #[arg(long, value_name = "TAG=HEX", value_parser = overriding)]
    pub set: Vec<Override>,

    /// Run it, and compare commands: strict by bytes, meaning by what they ask for [default: meaning]
    #[arg(long = "match", value_enum, value_name = "HOW")]
    pub matching: Option<Matching>,

    /// Exit with 1 unless the transaction ends like this
    #[arg(long, value_name = "OUTCOME", value_parser = expected)]
    pub expect: Option<Expected>,

    /// Write the recording with another account number, name and tracks, and say what can no longer verify
    #[arg(long, conflicts_with_all = ["terminal", "set", "matching", "expect", "format", "unmask"])]
    pub redact: bool,

    /// Where output goes, and how
    #[command(flatten)]
    pub output: Output,
}

/// How equal commands have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Matching {
    /// The same bytes
    Strict,
    /// The same command for the same object; other values of the terminal are accepted and said
    Meaning,
}

impl From<Matching> for Match {
    fn from(matching: Matching) -> Self {
        match matching {
            Matching::Strict => Self::Strict,
            Matching::Meaning => Self::Meaning,
        }
    }
}
