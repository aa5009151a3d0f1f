//! Where the log of torn transactions is kept.

use std::path::PathBuf;

use clap::Args;

/// The log of torn transactions.
#[derive(Clone, Debug, Default, Args)]
pub struct TornLog {
    /// Keep the torn transactions of kernel 2 in this file, so that a later run recovers them
    #[arg(long, value_name = "FILE")]
    pub torn_log: Option<PathBuf>,
}
