//! The flags of everything that has to do with readers.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Subcommand};

use super::super::{
    args::{CARD, Colour, ListFormat, TERMINAL, Target},
    values::moment,
};
use crate::{
    data::text::HexText,
    link::{
        pcsc::{Patience, Wanted},
        vpcd,
    },
    time::DateTime,
};

/// The card in a reader.
#[derive(Clone, Debug, Default, Args)]
pub struct InReader {
    /// The card in a PC/SC reader: its number, its name or a part of it [default: the contactless one]
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", conflicts_with = "card")]
    pub reader: Option<String>,

    /// How long to wait for a card
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "reader")]
    pub timeout: u64,
}

impl InReader {
    /// Whether the card is in a reader.
    pub const fn is_wanted(&self) -> bool {
        self.reader.is_some()
    }

    /// Which reader.
    pub fn wanted(&self) -> Wanted {
        match self.reader.as_deref() {
            None | Some("") => Wanted::Any,
            Some(name) => Wanted::Called(name.to_owned()),
        }
    }

    /// How long to wait.
    pub fn patience(&self) -> Patience {
        Patience { card: Duration::from_secs(self.timeout), ..Patience::default() }
    }
}

/// Looking at readers.
#[derive(Clone, Debug, Subcommand)]
pub enum LookAtReaders {
    /// Name the readers and what is in them
    List(ListReaders),
    /// Find out why a reader does not work, and what cures that
    Doctor(Doctor),
    /// Tell when cards and readers come and go, until Ctrl-C
    Watch(WatchReaders),
}

impl LookAtReaders {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::List(list) => list.target.color,
            Self::Doctor(doctor) => doctor.target.color,
            Self::Watch(watch) => watch.target.color,
        }
    }
}

/// Naming the readers.
#[derive(Clone, Debug, Args)]
pub struct ListReaders {
    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// More: ATR, protocol, the longest command, firmware
    #[arg(short, long)]
    pub verbose: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Finding out why a reader does not work.
#[derive(Clone, Debug, Args)]
pub struct Doctor {
    /// Where /proc, /sys and /etc are, to look at another machine
    #[arg(long, value_name = "DIR", default_value = "/", hide = true)]
    pub root: PathBuf,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Telling what changes.
#[derive(Clone, Debug, Args)]
pub struct WatchReaders {
    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Reading a card.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Nothing is asked for that a card answers with a cryptogram: SELECT, GET DATA and READ RECORD only. Most \
    cards give their records and certificates only after GET PROCESSING OPTIONS, which --gpo sends: it counts as a \
    transaction of the card, and Visa cards answer it with a cryptogram.\n\n\
    With --replay nothing is asked: what a recording, or a log of another tool, holds is sorted, decoded and verified.\n\n\
    Examples:\n  emvtap card read --reader\n  emvtap card read --reader ACR --gpo\n  emvtap card read --card visa-phone --gpo\n  \
    emvtap card read --replay their.log"
)]
pub struct ReadCard {
    /// A built-in card, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = CARD)]
    pub card: String,

    /// The card in a reader
    #[command(flatten)]
    pub reader: InReader,

    /// A card that was recorded, or that a log of another tool is of
    #[arg(long, value_name = "FILE", conflicts_with_all = ["card", "reader", "gpo", "record"])]
    pub replay: Option<PathBuf>,

    /// Send GET PROCESSING OPTIONS too: raises the card's transaction counter, and may make it compute a cryptogram
    #[arg(long)]
    pub gpo: bool,

    /// Send INTERNAL AUTHENTICATE too, if the card has a key: no counter of it is known that this would raise
    #[arg(long, requires = "gpo")]
    pub dda: bool,

    /// The date by which certificates have expired, RFC 3339 [default: now for a real card; the recorded one with --replay]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub clock: Option<DateTime>,

    /// Write down every command and response, as it happens, for `emvtap replay`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub record: Option<PathBuf>,

    /// Whose data the card is sent, and whose CA keys count
    #[arg(long, value_name = "NAME|FILE", default_value = TERMINAL)]
    pub terminal: String,

    /// What to write: text for people, json for programs
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Show account numbers, tracks, names and objects nobody knows
    #[arg(long)]
    pub unmask: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// Putting a virtual card into a reader.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Needs the virtual reader of vsmartcard in the PC/SC service: apt-get install pcscd vsmartcard-vpcd\n\n\
    Examples:\n  emvtap card serve visa-credit                 until one tap is over\n  \
    emvtap card serve visa-credit --repeat        until Ctrl-C"
)]
pub struct Serve {
    /// A built-in card, or a file
    #[arg(value_name = "NAME|FILE")]
    pub card: String,

    /// Let something go wrong with the card: a name of `emvtap card list --faults`; may be repeated
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,

    /// Where the virtual reader listens
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,

    /// The port of its first slot
    #[arg(long, default_value_t = vpcd::PORT)]
    pub port: u16,

    /// Which slot, from 1: each has the port after the one before
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub slot: u16,

    /// Leave the card in the reader after a tap, and put it back whenever the service restarts
    #[arg(long)]
    pub repeat: bool,

    /// How long to wait for the virtual reader
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub timeout: u64,

    /// The card's UID: 4, 7 or 10 bytes [default: 08 and three bytes of the seed]
    #[arg(long, value_name = "HEX", value_parser = hex)]
    pub uid: Option<HexText>,

    /// The historical bytes of its ATS, which become part of the ATR [default: none, like most phones]
    #[arg(long, value_name = "HEX", value_parser = hex, default_value = "")]
    pub historical: HexText,

    /// Of the card's random numbers and its UID
    #[arg(long, value_name = "N", default_value_t = super::super::args::SEED)]
    pub seed: u64,

    /// Write every command and response here, unmasked: it is a test card
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,

    /// Say nothing while it works
    #[arg(short, long)]
    pub quiet: bool,

    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub color: Colour,
}

fn hex(text: &str) -> Result<HexText, String> {
    text.parse().map_err(|wrong| format!("not hex: {wrong}"))
}
