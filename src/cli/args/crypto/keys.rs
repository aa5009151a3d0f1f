//! The arguments of `emvtap crypto keys`, `dukpt` and `keyblock`.

use clap::{Args, ValueEnum};

use super::{DerivationOption, Filler, How, KEYS, SecretText, Session};

/// Derived keys.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Keys {
    /// The key
    #[arg(long, value_name = "KEY", required_unless_present = "generate")]
    pub key: Option<SecretText>,

    /// Make a test key instead: the same seed gives the same key
    #[arg(long, value_name = "SEED", conflicts_with = "key")]
    pub generate: Option<String>,

    /// How many bytes it has
    #[arg(long, value_name = "N", default_value_t = 16, requires = "generate")]
    pub bytes: usize,

    /// It is an AES key
    #[arg(long)]
    pub aes: bool,

    /// Derive the card's key of this account number
    #[arg(long, value_name = "DIGITS")]
    pub pan: Option<String>,

    /// And this PAN sequence number [default: 00]
    #[arg(long, value_name = "NN", requires = "pan")]
    pub psn: Option<String>,

    /// How the card's key is derived [default: A; C with --aes]
    #[arg(long, value_enum, value_name = "OPTION", requires = "pan")]
    pub option: Option<DerivationOption>,

    /// Derive the session key of this transaction counter
    #[arg(long, value_name = "HEX")]
    pub atc: Option<String>,

    /// And this unpredictable number [default: 00000000]
    #[arg(long, value_name = "HEX", requires = "atc")]
    pub un: Option<String>,

    /// How the session key is derived [default: common]
    #[arg(long, value_enum, value_name = "HOW", requires = "atc")]
    pub session: Option<Session>,

    /// Derive the session keys for scripts that answer this cryptogram
    #[arg(long, value_name = "HEX")]
    pub arqc: Option<String>,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// AES DUKPT.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Dukpt {
    /// The base derivation key
    #[arg(long, value_name = "KEY", required_unless_present = "ik")]
    pub bdk: Option<SecretText>,

    /// The initial key, instead of the base derivation key
    #[arg(long, value_name = "KEY", conflicts_with = "bdk")]
    pub ik: Option<SecretText>,

    /// The key serial number: 8 bytes of initial key identifier, 4 bytes of counter
    #[arg(long, value_name = "HEX")]
    pub ksn: String,

    /// What kind of keys [default: as the base derivation key]
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: Option<DukptType>,

    /// Only the key for this: pin-encryption, mac-generation, … [default: all]
    #[arg(long, value_name = "USAGE")]
    pub usage: Option<String>,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// What kind of key a transaction has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DukptType {
    /// Two-key triple DES
    #[value(name = "2tdea")]
    TwoKey,
    /// Three-key triple DES
    #[value(name = "3tdea")]
    ThreeKey,
    /// AES, 128 bits
    Aes128,
    /// AES, 192 bits
    Aes192,
    /// AES, 256 bits
    Aes256,
}

/// A key block.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct KeyBlock {
    /// The key block protection key
    #[arg(long, value_name = "KEY")]
    pub kbpk: SecretText,

    /// The block to open, a file that has it, or - for stdin
    #[arg(value_name = "BLOCK|FILE", required_unless_present = "wrap")]
    pub block: Option<String>,

    /// The key to put into a block
    #[arg(long, value_name = "KEY", conflicts_with = "block")]
    pub wrap: Option<SecretText>,

    /// What it is for
    #[arg(long, value_name = "XX", requires = "wrap", default_value = "D0")]
    pub usage: String,

    /// Its algorithm: A is AES, T triple DES
    #[arg(long, value_name = "X", requires = "wrap", default_value_t = 'A')]
    pub algorithm: char,

    /// What may be done with it: N is anything
    #[arg(long, value_name = "X", requires = "wrap", default_value_t = 'N')]
    pub mode: char,

    /// Its version number
    #[arg(long, value_name = "NN", requires = "wrap", default_value = "00")]
    pub key_version: String,

    /// E exportable, N not, S sensitive
    #[arg(long, value_name = "X", requires = "wrap", default_value_t = 'N')]
    pub exportability: char,

    /// An optional block; may be repeated
    #[arg(long, value_name = "ID=TEXT", requires = "wrap")]
    pub optional: Vec<String>,

    /// Hide the length of the key: fill up to so many bytes
    #[arg(long, value_name = "N", requires = "wrap", default_value_t = 0)]
    pub fill: usize,

    /// Filler
    #[command(flatten)]
    pub filler: Filler,

    /// Output
    #[command(flatten)]
    pub how: How,
}
