//! The arguments of `emvtap crypto`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Colour, ListFormat, Target};
use crate::cli::values::{Override, object};

mod chain;
mod keys;
mod numbers;
mod secret;

pub use chain::{BuildChain, InspectKeys, LookAtCertificates, Oda};
pub use keys::{Dukpt, DukptType, KeyBlock, Keys};
pub use numbers::{CardMaster, Cvc3, Dcvv, IsoFormat, PinBlock, Script};
pub use secret::SecretText;

/// What to compute or verify.
#[derive(Clone, Debug, Subcommand)]
pub enum Crypto {
    /// Compute or verify an application cryptogram; say what was mixed up
    Arqc(Box<Arqc>),
    /// Compute or verify an issuer's response cryptogram
    Arpc(Box<Arpc>),
    /// Derive keys, check values, parity; generate test keys
    Keys(Box<Keys>),
    /// Compute or verify the CVC3 of Mastercard's magnetic stripe mode
    Cvc3(Box<Cvc3>),
    /// Compute or verify the dCVV of Visa's magnetic stripe mode
    Dcvv(Box<Dcvv>),
    /// Protect a command of an issuer script, or open one: MAC and encipherment
    Script(Box<Script>),
    /// Make or open a PIN block of ISO 9564-1
    Pinblock(Box<PinBlock>),
    /// Verify certificates and signatures of a card, step by step
    Oda(Box<Oda>),
    /// Make a chain of test certificates, or look at CA public keys
    #[command(subcommand)]
    Cert(LookAtCertificates),
    /// Derive the keys of a transaction between terminal and backend: AES DUKPT (ANSI X9.24-3)
    Dukpt(Box<Dukpt>),
    /// Open a key block of version B or D, or make one of version D (ANSI X9.143, TR-31)
    Keyblock(Box<KeyBlock>),
}

impl Crypto {
    /// How its results are written.
    pub const fn how(&self) -> &How {
        match self {
            Self::Arqc(verb) => &verb.how,
            Self::Arpc(verb) => &verb.how,
            Self::Keys(verb) => &verb.how,
            Self::Cvc3(verb) => &verb.how,
            Self::Dcvv(verb) => &verb.how,
            Self::Script(verb) => &verb.how,
            Self::Pinblock(verb) => &verb.how,
            Self::Oda(verb) => &verb.how,
            Self::Cert(LookAtCertificates::Build(verb)) => &verb.how,
            Self::Cert(LookAtCertificates::Inspect(verb)) => &verb.how,
            Self::Dukpt(verb) => &verb.how,
            Self::Keyblock(verb) => &verb.how,
        }
    }

    /// When to colour.
    pub const fn colour(&self) -> Colour {
        self.how().target.color
    }
}

/// Where keys may be.
pub const KEYS: &str = "KEY is hex, a built-in key (visa-master-a), a key file, env:NAME, or - for stdin. Arguments are visible to \
    other users of the machine; files, environment and stdin are not. A key that is not known to be a test key is refused \
    unless it says so (test:HEX, or `test = true` in its file), or --allow-production-keys is given.";

/// How results are written, and which keys are taken.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct How {
    /// What to write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// Write keys out; otherwise only their check values
    #[arg(long)]
    pub show_keys: bool,

    /// Show account numbers and PINs
    #[arg(long)]
    pub unmask: bool,

    /// Take keys that are not marked as test keys
    #[arg(long)]
    pub allow_production_keys: bool,

    /// Where it goes, and how
    #[command(flatten)]
    pub target: Target,
}

/// The card that keys belong to.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Card")]
pub struct Card {
    /// The account number, in digits [default: from the data, 5A or 57]
    #[arg(long, value_name = "DIGITS")]
    pub pan: Option<String>,

    /// The PAN sequence number [default: from the data, 5F34; else 00]
    #[arg(long, value_name = "NN")]
    pub psn: Option<String>,

    /// What the key is
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = KeyIs::Issuer)]
    pub key_is: KeyIs,
}

/// Random filler.
#[derive(Clone, Copy, Debug, Args)]
pub struct Filler {
    /// Repeatable filler instead of real entropy
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// Which key of the chain was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyIs {
    /// The issuer's master key: the card's is derived from it
    Issuer,
    /// The card's master key
    Card,
    /// The session key
    Session,
}

/// How it is computed: a version, or what differs from it.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Method")]
pub struct Method {
    /// The cryptogram version: visa-18, mastercard-16, ccd-a5, …; `list` names all [default: what 9F10 says]
    #[arg(long, value_name = "VERSION")]
    pub method: Option<String>,

    /// How the card's key is derived
    #[arg(long, value_enum, value_name = "OPTION")]
    pub option: Option<DerivationOption>,

    /// How the session key is derived
    #[arg(long, value_enum, value_name = "HOW")]
    pub session: Option<Session>,

    /// What of 9F10 follows the data: iad (all of it), none, or byte ranges from 1: 4-7, or 3-8,11-18
    #[arg(long, value_name = "PART")]
    pub iad_part: Option<String>,

    /// The MAC
    #[arg(long, value_enum, value_name = "WHICH")]
    pub mac: Option<MacKind>,

    /// How the last block is filled
    #[arg(long, value_enum, value_name = "HOW")]
    pub padding: Option<PaddingKind>,
}

/// How a card's master key is derived from the issuer's (EMV Book 2, A1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DerivationOption {
    /// Triple DES, 16 digits
    A,
    /// Triple DES, a hash for long account numbers
    B,
    /// AES
    C,
}

/// How a session key is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Session {
    /// There is none
    None,
    /// The common session key over the ATC
    Common,
    /// Mastercard's SKD over ATC and unpredictable number
    Mastercard,
    /// The EMV 2000 tree, branch factor 4
    Tree,
    /// The EMV 2000 tree, branch factor 2
    #[value(name = "tree-2")]
    Tree2,
    /// UnionPay's over the ATC and its complement
    Unionpay,
}

/// Which MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MacKind {
    /// ISO 9797-1 algorithm 3
    Retail,
    /// ISO 9797-1 algorithm 1 with triple DES
    Triple,
    /// AES CMAC
    Cmac,
}

/// How the last block is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PaddingKind {
    /// Zeros, if any (method 1)
    Zero,
    /// 80, then zeros (method 2)
    Iso,
}

/// Where the data of a transaction come from; later ones win.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct Data {
    /// A recording, or the JSON of `pay --unmask`; - for stdin
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    /// Data objects as an authorisation request has them (DE 55): hex, a file, or - for stdin
    #[arg(long, value_name = "HEX|FILE")]
    pub de55: Option<String>,

    /// One data object, by tag or name; may be repeated
    #[arg(long, value_name = "TAG=HEX", value_parser = object)]
    pub set: Vec<Override>,
}

/// A transaction: its data, its card, and how its cryptogram is computed.
#[derive(Clone, Debug, Args)]
pub struct Transaction {
    /// The data
    #[command(flatten)]
    pub source: Data,

    /// The card
    #[command(flatten)]
    pub card: Card,

    /// The method
    #[command(flatten)]
    pub method: Method,
}

/// An application cryptogram.
#[derive(Clone, Debug, Args)]
#[command(after_help = arqc_help())]
pub struct Arqc {
    /// The key
    #[arg(long, value_name = "KEY", required_unless_present = "list")]
    pub key: Option<SecretText>,

    /// Name the cryptogram versions
    #[arg(long)]
    pub list: bool,

    /// The cryptogram to verify [default: 9F26 of the data; without one it is computed]
    #[arg(long, value_name = "HEX")]
    pub arqc: Option<String>,

    /// If it does not verify, say what was mixed up
    #[arg(long)]
    pub diagnose: bool,

    /// The whole input of the MAC, instead of data objects
    #[arg(long, value_name = "HEX", conflicts_with_all = ["de55", "from", "diagnose", "iad_part"])]
    pub data: Option<String>,

    /// The transaction
    #[command(flatten)]
    pub of: Transaction,

    /// Output
    #[command(flatten)]
    pub how: How,
}

fn arqc_help() -> String {
    format!(
        "{KEYS}\n\nExit code 1 if the cryptogram does not verify.\n\nExamples:\n  emvtap pay 25 --format json --unmask > tap.json && \
         emvtap crypto arqc --key visa-master-a --from tap.json\n  emvtap crypto arqc --key env:IMK --pan 4761739001010010 --psn \
         01 --de55 9F02…9F26… --diagnose\n  emvtap crypto arqc --key - --key-is session --data 0000… < session.key"
    )
}

/// An issuer's response cryptogram.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Arpc {
    /// The key
    #[arg(long, value_name = "KEY")]
    pub key: SecretText,

    /// The cryptogram that is answered [default: 9F26 of the data]
    #[arg(long, value_name = "HEX")]
    pub arqc: Option<String>,

    /// The response code (8A), as two characters or four hex digits
    #[arg(long, value_name = "CODE", conflicts_with = "csu")]
    pub arc: Option<String>,

    /// The Card Status Update of method 2
    #[arg(long, value_name = "HEX")]
    pub csu: Option<String>,

    /// Proprietary authentication data of method 2, 0 to 8 bytes
    #[arg(long, value_name = "HEX", requires = "csu", conflicts_with = "arc")]
    pub proprietary: Option<String>,

    /// The response cryptogram to verify, alone or as 91 has it
    #[arg(long, value_name = "HEX")]
    pub arpc: Option<String>,

    /// The transaction
    #[command(flatten)]
    pub of: Transaction,

    /// Output
    #[command(flatten)]
    pub how: How,
}
