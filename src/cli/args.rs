//! The command line as plain data: no I/O, nothing is looked up.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::{
    decode::Decode,
    exit,
    explain::After,
    reader::args::{InReader, LookAtReaders, ReadCard, Serve},
    values::{Expected, Override, currency, expected, moment, object, overriding},
};
use crate::{terminal::Currency, time::DateTime};

pub use crate::run::usual::{CARD, CLOCK, HOST, SEED, TERMINAL};

mod cases;
pub mod crypto;
mod new_card;
mod replay;
mod report;
mod test;
mod torn_log;

pub use cases::{LintCases, ListCases, NewCase, ShowCases};
pub use new_card::NewCard;
pub use replay::{Matching, Replay};
pub use report::{BuildReport, DiffResults, MergeResults, Report, ReportKind, ShowCoverage, Wanted, wanted};
pub use test::{BUILTIN, RunFormat, RunTests, Selection, Test};
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

/// What to explain.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Without a kind before it (tag, sw, message, aid, kernel, rule, outcome, currency, case, requirement) SUBJECT is \
    the first of these that it can be: an Outcome, a case, a requirement, a rule with its book, a kernel's name, a known tag, a status word (4 digits), an \
    application identifier (10 digits or more), a message identifier (2 digits), the name of a data object, a currency.\n\n\
    Examples:\n  emvtap explain 9F66                        a tag, or its name: TTQ\n  \
    emvtap explain 9F66 36004000               what a value says, bit by bit\n  \
    emvtap explain 9F66 36004000 36204000      what differs between two\n  \
    emvtap explain TTQ byte 2 bit 7            one bit\n  \
    emvtap explain 6984 --after gpo --kernel 3 a status word, and what follows\n  \
    emvtap explain message 1C                  a message on the display\n  \
    emvtap explain A0000000031010              an application, or a provider: A000000003\n  \
    emvtap explain kernel 810978               a kernel identifier, as 9F2A has it\n  \
    emvtap explain C-3 5.4.2.1                 a rule, or a section: B 3.1.1\n  \
    emvtap explain C3-CVM-001                  a case of the conformance suites\n  \
    emvtap explain try-again                   an Outcome"
)]
pub struct Explain {
    /// What: see below
    #[arg(required = true, value_name = "SUBJECT")]
    pub subject: Vec<String>,

    /// The command a status word came after
    #[arg(long, value_enum, value_name = "COMMAND")]
    pub after: Option<After>,

    /// Only what it means to this kernel, 1 to 8
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub kernel: Option<u8>,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
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
#[command(after_help = "For example:\n  emvtap schema shim                         the messages of foreign subjects")]
pub struct Schema {
    /// Which: shim
    pub name: String,
}

/// Looking at files that are built in, or on disk.
#[derive(Clone, Debug, Subcommand)]
pub enum Look {
    /// Name what is built in
    List(List),
    /// Print one as it is written, after checking it: to read, or to start a file of your own
    Show(ShowTerminal),
    /// Look for what is inconsistent, or against the books; exit code 6 if there are errors
    Check(Check),
}

impl Look {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::List(list) => list.target.color,
            Self::Show(show) => show.show.target.color,
            Self::Check(check) => check.target.color,
        }
    }
}

/// Looking at cards.
#[derive(Clone, Debug, Subcommand)]
pub enum LookAtCards {
    /// Name what is built in
    List(ListCards),
    /// Print one as it is written, after checking it: to read, or to start a file of your own
    Show(Show),
    /// Start a profile of your own: a variant of a built-in card, or a card from a recording
    New(NewCard),
    /// Look for what is inconsistent, or against the books; exit code 6 if there are errors
    Check(Check),
    /// Read a card without paying: directory, applications, records, certificates
    Read(Box<ReadCard>),
    /// Put a virtual card into a PC/SC reader, for any software to use
    Serve(Box<Serve>),
}

impl LookAtCards {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::List(list) => list.list.target.color,
            Self::Show(show) => show.target.color,
            Self::New(new) => new.target.color,
            Self::Check(check) => check.target.color,
            Self::Read(read) => read.target.color,
            Self::Serve(serve) => serve.color,
        }
    }
}

/// Printing a terminal, or the keys it trusts.
#[derive(Clone, Debug, Args)]
pub struct ShowTerminal {
    /// The CA public keys it trusts instead of its file
    #[arg(long)]
    pub keys: bool,

    /// Which, and how
    #[command(flatten)]
    pub show: Show,
}

/// Naming the cards that are built in, or what may go wrong with them.
#[derive(Clone, Debug, Args)]
pub struct ListCards {
    /// The faults for `pay --fault` instead of the cards
    #[arg(long)]
    pub faults: bool,

    /// How
    #[command(flatten)]
    pub list: List,
}

/// Naming what is built in.
#[derive(Clone, Debug, Args)]
pub struct List {
    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Printing one.
#[derive(Clone, Debug, Args)]
pub struct Show {
    /// A built-in name, or a file
    #[arg(value_name = "NAME|FILE")]
    pub name: String,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Looking for what is inconsistent.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// Built-in names, or files [default: all that is built in]
    #[arg(value_name = "NAME|FILE")]
    pub names: Vec<String>,

    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,

    /// The date by which something has expired, RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment, default_value = CLOCK)]
    pub clock: DateTime,

    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// How to write a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// One transaction.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Without flags everything is built in and repeatable: two runs give the same bytes.\n\n\
    Examples:\n  emvtap pay 12.50\n  emvtap pay 12.50 -v                        every rule that decided something\n  \
    emvtap pay 60 --expect declined            exit code 1 if it is not\n  \
    emvtap pay 12.50 --set 9F66=36004000       another TTQ\n  emvtap pay 12.50 --format json | jq .outcome")]
pub struct Pay {
    /// The amount authorised, as people write it: 25 or 25.00
    pub amount: String,

    /// ISO 4217 currency, by its letters or its number [default: the terminal's]
    #[arg(long, value_parser = currency)]
    pub currency: Option<Currency>,

    /// The kind of transaction
    #[arg(long = "type", value_enum, default_value_t = Kind::Purchase)]
    pub kind: Kind,

    /// The cashback part of the amount
    #[arg(long, value_name = "AMOUNT")]
    pub other: Option<String>,

    /// A built-in card, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = CARD)]
    pub card: String,

    /// The card in a reader
    #[command(flatten)]
    pub reader: InReader,

    /// Let something go wrong with the card: a name of `emvtap card list --faults`; may be repeated
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,

    /// A recorded card instead: it answers what it answered then
    #[arg(long, value_name = "FILE", conflicts_with_all = ["card", "reader"])]
    pub replay: Option<PathBuf>,

    /// A built-in terminal, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = TERMINAL)]
    pub terminal: String,

    /// Give a terminal data object another value; by hex or by name (TTQ=36004000); may be repeated
    #[arg(long, value_name = "TAG=HEX", value_parser = overriding)]
    pub set: Vec<Override>,

    /// Who answers online requests: sim, decline, offline, or a file [default: sim; offline with --reader]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,

    /// Where unpredictable numbers come from: the same seed gives the same numbers [default: 1; real entropy with --reader]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// The terminal's date and time, RFC 3339 [default: the terminal file's, else 2026-06-15T12:00:00Z; now with --reader]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub clock: Option<DateTime>,

    /// Real entropy and the real date (UTC) instead of --seed and --clock
    #[arg(long, conflicts_with_all = ["seed", "clock"])]
    pub live: bool,

    /// Exit with 1 unless the transaction ends like this: approved, declined, online-request, try-another-interface,
    /// end-application, or none
    #[arg(long, value_name = "OUTCOME", value_parser = expected)]
    pub expect: Option<Expected>,

    /// What outlives the run
    #[command(flatten)]
    pub kept: TornLog,

    /// Write down everything that happens, as it happens, for `emvtap replay`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub record: Option<PathBuf>,

    /// Where output goes, and how
    #[command(flatten)]
    pub output: Output,
}

impl Pay {
    /// Who answers online requests. A live card is nothing to a simulated issuer, so with a reader nobody does unless named.
    pub fn host(&self) -> &str {
        let unnamed = if self.reader.is_wanted() { OFFLINE } else { HOST };
        self.host.as_deref().unwrap_or(unnamed)
    }

    /// The seed of unpredictable numbers; `None` for real entropy.
    pub fn seed(&self) -> Option<u64> {
        let live = self.live || self.reader.is_wanted();
        self.seed.or((!live).then_some(SEED))
    }

    /// Whether the terminal's clock is the real one.
    pub const fn is_now(&self) -> bool {
        self.live || (self.reader.is_wanted() && self.clock.is_none())
    }
}

/// The host where a card is real.
pub const OFFLINE: &str = "offline";

/// The kind of transaction (9C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Goods and services
    Purchase,
    /// Goods and cash
    Cashback,
    /// Money back
    Refund,
    /// Cash
    Cash,
}

impl Kind {
    /// The word of the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Cashback => "cashback",
            Self::Refund => "refund",
            Self::Cash => "cash",
        }
    }
}

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
