//! Where output goes, and how: the same for every verb.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

/// Where output goes, and how.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// What to write: text for people, json for programs, jsonl event by event
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// More: -v rules and display, -vv bytes and data objects, -vvv everything
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,

    /// Less: only how it ended
    #[arg(short, long)]
    pub quiet: bool,

    /// Show account numbers, tracks, names and objects nobody knows
    #[arg(long)]
    pub unmask: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Where output goes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Target {
    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub color: Colour,

    /// Write to a file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For programs: one event a line
    Jsonl,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal that can
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
