//! `card` and `terminal`: looking at what is built in, or on disk.

use clap::{Args, Subcommand, ValueEnum};

use super::{CLOCK, Colour, NewCard, NewTerminal, Target};
use crate::{
    cli::{
        reader::args::{ReadCard, Serve},
        values::moment,
    },
    time::DateTime,
};

/// Looking at terminals.
#[derive(Clone, Debug, Subcommand)]
pub enum Look {
    /// Name what is built in
    List(List),
    /// Print one as it is written, after checking it: to read, or to start a file of your own
    Show(ShowTerminal),
    /// Start a file of your own, with everything that a terminal says
    New(NewTerminal),
    /// Look for what is inconsistent, or against the books; exit code 6 if there are errors
    Check(Check),
}

impl Look {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::List(list) => list.target.color,
            Self::Show(show) => show.show.target.color,
            Self::New(new) => new.target.color,
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
