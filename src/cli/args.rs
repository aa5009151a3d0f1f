//! The command line as plain data: no I/O, nothing is looked up.

use clap::{Args, Parser, Subcommand};

use super::{decode::Decode, exit, reader::args::LookAtReaders};

pub use crate::run::usual::{CARD, CLOCK, HOST, SEED, TERMINAL};

mod cases;
pub mod crypto;
mod explain;
mod host;
mod look;
mod new;
mod output;
mod pay;
mod replay;
mod report;
mod test;
mod torn_log;

pub use cases::{LintCases, ListCases, NewCase, ShowCases};
pub use explain::Explain;
pub use host::{HostVerb, ServeHost};
pub use look::{Check, List, ListCards, ListFormat, Look, LookAtCards, Show, ShowTerminal};
pub use new::{NewCard, NewTerminal};
pub use output::{Colour, Format, Output, Target};
pub use pay::{Kind, OFFLINE, Pay};
pub use replay::{Matching, Replay};
pub use report::{BuildReport, DiffResults, MergeResults, Report, ReportKind, ShowCoverage, Wanted, wanted};
pub use test::{BUILTIN, RunFormat, RunTests, Selection, TIMEOUT, Test};
pub use torn_log::TornLog;

/// The whole command line.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "emvtap",
    version,
    about = "EMV contactless terminal, card and issuer in one tool: see what is decided, and why",
    after_help = exit::help(),
    max_term_width = 100,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Command {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Verb {
    /// Run one transaction: card × terminal × issuer, told while it happens
    Pay(Box<Pay>),
    /// Explain bytes: data objects, lists, commands, responses, whole logs
    Decode(Box<Decode>),
    /// Show a recording, run it against a kernel again, or make it fit to share
    Replay(Box<Replay>),
    /// Judge a terminal: run conformance suites
    #[command(subcommand)]
    Test(Test),
    /// Look at card profiles and cards
    #[command(subcommand)]
    Card(LookAtCards),
    /// Look at terminal configurations
    #[command(subcommand)]
    Terminal(Look),
    /// Be the issuer for other programs, or check a host file
    #[command(subcommand)]
    Host(HostVerb),
    /// Look at PC/SC readers
    #[command(subcommand)]
    Reader(LookAtReaders),
    /// Make reports of test results, merge and compare them
    #[command(subcommand)]
    Report(Report),
    /// Compute, verify and diagnose what cards and issuers compute: cryptograms, keys, certificates
    #[command(subcommand)]
    Crypto(crypto::Crypto),
    /// Say what a tag, value, status word, message, application, kernel or rule means
    Explain(Explain),
    /// Write a completion script for a shell to stdout
    Completions(Completions),
    /// Write a manual page to stdout
    Man(Man),
    /// Write a JSON Schema to stdout
    Schema(Schema),
}

/// A completion script.
#[derive(Clone, Copy, Debug, Args)]
#[command(after_help = "For example in bash:\n  source <(emvtap completions bash)")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// A manual page.
#[derive(Clone, Debug, Args)]
#[command(after_help = "For example:\n  emvtap man pay | man -l -")]
pub struct Man {
    /// The verb, and what stands behind it: pay, or card list
    #[arg(value_name = "VERB")]
    pub verb: Vec<String>,
}

/// A JSON Schema.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "For example:\n  emvtap schema shim                         the messages of foreign subjects\n  \
    emvtap schema crypto                       what crypto --format json writes"
)]
pub struct Schema {
    /// Which: shim, crypto
    pub name: String,
}
