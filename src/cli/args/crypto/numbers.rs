//! The arguments of `emvtap crypto cvc3`, `dcvv`, `script` and `pinblock`.

use clap::{Args, ValueEnum};

use super::{Card, DerivationOption, Filler, How, KEYS, SecretText};

/// A key, and how the card's comes from it.
#[derive(Clone, Debug, Args)]
pub struct CardMaster {
    /// The issuer's master key: for CVC3, or for application cryptograms (dCVV)
    #[arg(long, value_name = "KEY")]
    pub key: SecretText,

    /// How the card's key is derived
    #[arg(long, value_enum, value_name = "OPTION", default_value = "a")]
    pub option: DerivationOption,

    /// The card
    #[command(flatten)]
    pub card: Card,
}

/// CVC3.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Cvc3 {
    /// The key for CVC3
    #[command(flatten)]
    pub master: CardMaster,

    /// The static part of the track: hex of track 2 (9F6B), or the characters of track 1 (56) with --text
    #[arg(long, value_name = "HEX|TEXT", required_unless_present = "ivcvc3")]
    pub track: Option<String>,

    /// The track is text
    #[arg(long, requires = "track")]
    pub text: bool,

    /// IVCVC3 itself (9F68's neighbours DC and DD of the profile), instead of a track
    #[arg(long, value_name = "HEX", conflicts_with = "track")]
    pub ivcvc3: Option<String>,

    /// The unpredictable number, as 4 bytes of digits (9F6A)
    #[arg(long, value_name = "DIGITS", default_value = "00000000")]
    pub un: String,

    /// The transaction counter, hex; 0000 for cards that leave it out
    #[arg(long, value_name = "HEX", default_value = "0000")]
    pub atc: String,

    /// The CVC3 to verify: four hex digits, or its last decimal digits with --digits
    #[arg(long, value_name = "HEX|DIGITS")]
    pub cvc3: Option<String>,

    /// How many decimal digits the track shows
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub digits: u8,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// dCVV.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Dcvv {
    /// The key for application cryptograms
    #[command(flatten)]
    pub master: CardMaster,

    /// Expiry date, YYMM
    #[arg(long, value_name = "YYMM")]
    pub expiry: String,

    /// Service code
    #[arg(long, value_name = "DIGITS")]
    pub service_code: String,

    /// The transaction counter, decimal as the track has it
    #[arg(long, value_name = "DECIMAL")]
    pub atc: u16,

    /// How many digits of the account number the counter covers
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(0..=8))]
    pub overlay: u8,

    /// The dCVV to verify
    #[arg(long, value_name = "DIGITS")]
    pub dcvv: Option<String>,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// A command of an issuer script.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct Script {
    /// The cryptogram version whose secure messaging it is; `list` names all
    #[arg(long, value_name = "VERSION")]
    pub method: String,

    /// The key for MACs
    #[arg(long, value_name = "KEY", required_unless_present = "cipher_key")]
    pub mac_key: Option<SecretText>,

    /// The key for encipherment: the data are enciphered
    #[arg(long, value_name = "KEY")]
    pub cipher_key: Option<SecretText>,

    /// The key for application cryptograms, which Visa's PIN block needs
    #[arg(long, value_name = "KEY", requires = "pin")]
    pub ac_key: Option<SecretText>,

    /// CLA INS P1 P2; Lc is computed if it is left out
    #[arg(long, value_name = "HEX")]
    pub header: Option<String>,

    /// Command data in clear
    #[arg(long, value_name = "HEX", default_value = "")]
    pub data: String,

    /// A PIN CHANGE to this PIN; env:NAME and - as for keys
    #[arg(long, value_name = "PIN", conflicts_with_all = ["data", "header"], requires = "cipher_key")]
    pub pin: Option<SecretText>,

    /// The current PIN, where Visa's PIN CHANGE has it
    #[arg(long, value_name = "PIN", requires = "pin")]
    pub current_pin: Option<SecretText>,

    /// Decipher the data instead
    #[arg(long, requires = "cipher_key", conflicts_with_all = ["pin", "mac_key"])]
    pub decipher: bool,

    /// The transaction counter (9F36)
    #[arg(long, value_name = "HEX")]
    pub atc: String,

    /// The cryptogram of the transaction (9F26)
    #[arg(long, value_name = "HEX")]
    pub arqc: String,

    /// The MAC of the command before, all eight bytes, if this is not the first [default: what --arqc says]
    #[arg(long, value_name = "HEX", requires = "mac_key")]
    pub chaining: Option<String>,

    /// How many bytes of the MAC the command carries
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(4..=8))]
    pub mac_length: u8,

    /// The MAC to verify
    #[arg(long, value_name = "HEX", requires = "mac_key")]
    pub mac: Option<String>,

    /// The card
    #[command(flatten)]
    pub card: Card,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// A PIN block.
#[derive(Clone, Debug, Args)]
#[command(after_help = KEYS)]
pub struct PinBlock {
    /// The format of ISO 9564-1
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub iso: IsoFormat,

    /// The PIN, or env:NAME, or - for stdin
    #[arg(long, value_name = "PIN", required_unless_present = "block")]
    pub pin: Option<SecretText>,

    /// The block to open
    #[arg(long, value_name = "HEX", conflicts_with = "pin")]
    pub block: Option<String>,

    /// The account number, for formats 0, 3 and 4
    #[arg(long, value_name = "DIGITS")]
    pub pan: Option<String>,

    /// The key: triple DES of 16 or 24 bytes, or AES for format 4; without one the block is in clear
    #[arg(long, value_name = "KEY")]
    pub key: Option<SecretText>,

    /// Filler
    #[command(flatten)]
    pub filler: Filler,

    /// Output
    #[command(flatten)]
    pub how: How,
}

/// A PIN block format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IsoFormat {
    /// Filled with F, with the account number
    #[value(name = "0")]
    Iso0,
    /// Filled at random, without account number
    #[value(name = "1")]
    Iso1,
    /// Filled with F, for cards
    #[value(name = "2")]
    Iso2,
    /// Filled at random, with the account number
    #[value(name = "3")]
    Iso3,
    /// 16 bytes, AES
    #[value(name = "4")]
    Iso4,
}
