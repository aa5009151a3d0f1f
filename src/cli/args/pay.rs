//! `pay`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CARD, HOST, Output, SEED, TERMINAL, TornLog};
use crate::{
    cli::{
        reader::args::InReader,
        values::{Expected, Override, currency, expected, moment, overriding},
    },
    terminal::Currency,
    time::DateTime,
};

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
