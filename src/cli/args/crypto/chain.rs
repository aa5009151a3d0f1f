//! The arguments of `emvtap crypto oda` and `cert`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::How;
use crate::{
    cli::{
        args::{CLOCK, TERMINAL},
        values::{Override, moment, object},
    },
    time::DateTime,
};

/// Offline data authentication.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit code 1 if a step does not hold.\n\nExamples:\n  emvtap pay 20 --card visa-debit-offline --terminal \
    retail-offline --record tap.jsonl && emvtap crypto oda tap.jsonl\n  emvtap crypto oda --tlv 8F…90…9F32…9F46…5A… --aid \
    A0000000031010 --signed 5F24…"
)]
pub struct Oda {
    /// A recording, or a log of another tool
    #[arg(value_name = "FILE", required_unless_present = "tlv")]
    pub file: Option<PathBuf>,

    /// The card's data objects instead, one after the other
    #[arg(long, value_name = "HEX", conflicts_with = "file", requires = "aid")]
    pub tlv: Option<String>,

    /// The application's AID
    #[arg(long, value_name = "HEX")]
    pub aid: Option<String>,

    /// Static data to be authenticated, without the AIP that 9F4A adds
    #[arg(long, value_name = "HEX", requires = "tlv")]
    pub signed: Option<String>,

    /// What the terminal put into the dynamic signature: the data that DDA hashes, or 9F37, 9F02 and 5F2A for fDDA
    #[arg(long, value_name = "TAG=HEX", value_parser = object)]
    pub set: Vec<Override>,

    /// The data that the card was told with INTERNAL AUTHENTICATE (DDA)
    #[arg(long, value_name = "HEX", requires = "tlv")]
    pub ddol_data: Option<String>,

    /// The terminal whose CA public keys are taken: a built-in name, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = TERMINAL)]
    pub terminal: String,

    /// The CA public key itself, of the index that the card names, before any of the terminal's
    #[arg(long, value_name = "HEX")]
    pub ca_modulus: Option<String>,

    /// Its exponent
    #[arg(long, value_name = "HEX", default_value = "03", requires = "ca_modulus")]
    pub ca_exponent: String,

    /// The date by which certificates expire, RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment, default_value = CLOCK)]
    pub clock: DateTime,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// Certificates and the keys above them.
#[derive(Clone, Debug, Subcommand)]
pub enum LookAtCertificates {
    /// Make a CA, an issuer and a card from a seed, with their certificates: for tests only
    Build(Box<BuildChain>),
    /// Look at CA public keys: length, exponent, checksum, fingerprint of faulty key generators
    Inspect(Box<InspectKeys>),
}

/// A chain of test certificates.
#[derive(Clone, Debug, Args)]
pub struct BuildChain {
    /// Bits of the CA key
    #[arg(long, value_name = "BITS", default_value_t = 1984)]
    pub ca: usize,

    /// Bits of the issuer key
    #[arg(long, value_name = "BITS", default_value_t = 1408)]
    pub issuer: usize,

    /// Bits of the card key
    #[arg(long, value_name = "BITS", default_value_t = 1152)]
    pub card: usize,

    /// The exponent of all three: 03 or 010001
    #[arg(long, value_name = "HEX", default_value = "03")]
    pub exponent: String,

    /// The same seed gives the same keys
    #[arg(long, value_name = "SEED", default_value = "1")]
    pub seed: String,

    /// Registered application provider identifier
    #[arg(long, value_name = "HEX", default_value = "A000000003")]
    pub rid: String,

    /// Index of the CA key (8F)
    #[arg(long, value_name = "HEX", default_value = "E7")]
    pub index: String,

    /// The account number, in a published test range
    #[arg(long, value_name = "DIGITS", default_value = "4761739001010010")]
    pub pan: String,

    /// Last month of both certificates, MMYY
    #[arg(long, value_name = "MMYY", default_value = "1235")]
    pub expiry: String,

    /// Serial number of both certificates
    #[arg(long, value_name = "HEX", default_value = "000001")]
    pub serial: String,

    /// Static data that the card certificate authenticates
    #[arg(long, value_name = "HEX", default_value = "")]
    pub signed: String,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// CA public keys.
#[derive(Clone, Debug, Args)]
pub struct InspectKeys {
    /// The modulus [default: all keys of --terminal]
    #[arg(long, value_name = "HEX", requires = "exponent")]
    pub modulus: Option<String>,

    /// The exponent: 03 or 010001
    #[arg(long, value_name = "HEX", requires = "modulus")]
    pub exponent: Option<String>,

    /// Registered application provider identifier, which the checksum covers
    #[arg(long, value_name = "HEX", requires_all = ["modulus", "index"])]
    pub rid: Option<String>,

    /// Index, which the checksum covers
    #[arg(long, value_name = "HEX", requires = "rid")]
    pub index: Option<String>,

    /// The checksum to verify
    #[arg(long, value_name = "HEX", requires = "rid")]
    pub checksum: Option<String>,

    /// The terminal whose keys are looked at: a built-in name, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = TERMINAL)]
    pub terminal: String,

    /// Output
    #[command(flatten)]
    pub how: How,
}
