//! The header of a key block: what the key is for and who may do what with it.

use super::KeyBlockError;

/// Characters of the fixed part.
const FIXED: usize = 16;

/// The attributes of a key. Every field is the text that the block has; [`Header::words`] says what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Version of the block: A, B, C, D or E
    pub version: char,
    /// Two characters: `P0`, PIN encryption
    pub usage: String,
    /// `A`: AES, `T`: triple DES, …
    pub algorithm: char,
    /// `E`: encrypt only, `N`: anything, …
    pub mode: char,
    /// Two characters; 00 is none
    pub key_version: String,
    /// `E`, `N` or `S`
    pub exportability: char,
    /// Optional blocks, without the padding block
    pub optional: Vec<OptionalBlock>,
}

/// A block of the header with an identifier of two characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalBlock {
    /// `KS`, `KV`, …
    pub identifier: String,
    /// Its text
    pub data: String,
}

impl Header {
    /// Reads a header; what follows it comes back with it.
    pub(super) fn read(block: &str) -> Result<(Self, &str), KeyBlockError> {
        let found = block.len();
        if !block.is_ascii() {
            return Err(KeyBlockError::Field("text", "not ASCII".to_owned()));
        }
        let text = |from: usize, to: usize| block.get(from..to).ok_or(KeyBlockError::Length { said: FIXED, found });
        let one = |at: usize| text(at, at + 1).map(|text| text.chars().next().unwrap_or_default());
        let version = one(0)?;
        let number = |name, from, to| {
            let text = text(from, to)?;
            let digits = text.bytes().all(|digit| digit.is_ascii_digit());
            text.parse::<usize>().ok().filter(|_| digits).ok_or_else(|| KeyBlockError::Field(name, text.to_owned()))
        };
        let said = number("length", 1, 5)?;
        if said != found {
            return Err(KeyBlockError::Length { said, found });
        }
        let count = number("number of optional blocks", 12, 14)?;
        let mut rest = block.get(FIXED..).unwrap_or_default();
        let mut optional = Vec::new();
        for _ in 0..count {
            let (read, after) = optional_block(rest)?;
            rest = after;
            if read.identifier != "PB" {
                optional.push(read);
            }
        }
        let header = Self {
            version,
            usage: text(5, 7)?.to_owned(),
            algorithm: one(7)?,
            mode: one(8)?,
            key_version: text(9, 11)?.to_owned(),
            exportability: one(11)?,
            optional,
        };
        Ok((header, rest))
    }

    /// The text of the header for `data` bytes after it, with a padding block where optional blocks need one.
    pub(super) fn write(&self, version: char, data: usize) -> Result<String, KeyBlockError> {
        let two = |name, text: &str| match text.len() == 2 && text.bytes().all(|c| c.is_ascii_alphanumeric()) {
            true => Ok(text.to_owned()),
            false => Err(KeyBlockError::Field(name, text.to_owned())),
        };
        let one = |name, c: char| match c.is_ascii_alphanumeric() {
            true => Ok(c),
            false => Err(KeyBlockError::Field(name, c.to_string())),
        };
        let mut blocks = String::new();
        let mut count = self.optional.len();
        for block in &self.optional {
            let identifier = two("identifier of an optional block", &block.identifier)?;
            if !block.data.bytes().all(|c| (0x20..0x7F).contains(&c)) {
                return Err(KeyBlockError::Field("optional block", block.data.clone()));
            }
            let length = match block.data.len() + 4 {
                short @ ..=0xFF => format!("{short:02X}"),
                // Four digits that follow their own length in bytes.
                long => format!("0002{:04X}", long + 6),
            };
            blocks.push_str(&format!("{identifier}{length}{}", block.data));
        }
        let missing = blocks.len().next_multiple_of(16) - blocks.len();
        if missing > 0 {
            let length = if missing < 4 { missing + 16 } else { missing };
            blocks.push_str(&format!("PB{length:02X}{}", "0".repeat(length - 4)));
            count += 1;
        }
        let whole = FIXED + blocks.len() + 2 * data;
        if whole > 9999 || count > 99 {
            return Err(KeyBlockError::Length { said: 9999, found: whole });
        }
        Ok(format!(
            "{version}{whole:04}{}{}{}{}{}{count:02}00{blocks}",
            two("key usage", &self.usage)?,
            one("algorithm", self.algorithm)?,
            one("mode of use", self.mode)?,
            two("key version number", &self.key_version)?,
            one("exportability", self.exportability)?,
        ))
    }

    /// Each attribute with its name and what it means; `?` if that is not known here.
    pub fn words(&self) -> Vec<(&'static str, String, &'static str)> {
        let algorithm = match self.algorithm {
            'A' => "AES",
            'D' => "DES",
            'E' => "elliptic curve",
            'H' => "HMAC",
            'R' => "RSA",
            'S' => "DSA",
            'T' => "triple DES",
            _ => "?",
        };
        let mode = match self.mode {
            'B' => "both encrypt and decrypt",
            'C' => "both generate and verify",
            'D' => "decrypt only",
            'E' => "encrypt only",
            'G' => "generate only",
            'N' => "no restrictions",
            'S' => "signature only",
            'T' => "both sign and decrypt",
            'V' => "verify only",
            'X' => "derive keys",
            'Y' => "create key variants",
            _ => "?",
        };
        let exportability = match self.exportability {
            'E' => "exportable under a key block protection key",
            'N' => "not exportable",
            'S' => "sensitive: exportable under other protection",
            _ => "?",
        };
        vec![
            ("usage", self.usage.clone(), usage(&self.usage)),
            ("algorithm", self.algorithm.to_string(), algorithm),
            ("mode of use", self.mode.to_string(), mode),
            ("key version", self.key_version.clone(), if self.key_version == "00" { "none" } else { "" }),
            ("exportability", self.exportability.to_string(), exportability),
        ]
    }
}

fn usage(code: &str) -> &'static str {
    match code {
        "B0" => "base derivation key",
        "B1" => "initial key of DUKPT",
        "B2" => "base key variant",
        "B3" => "key derivation key",
        "C0" => "card verification key",
        "D0" => "data encryption, symmetric",
        "D1" => "data encryption, asymmetric",
        "D2" => "data encryption for decimalisation tables",
        "D3" => "data encryption of sensitive data",
        "E0" => "issuer master key: application cryptograms",
        "E1" => "issuer master key: secure messaging, confidentiality",
        "E2" => "issuer master key: secure messaging, integrity",
        "E3" => "issuer master key: data authentication code",
        "E4" => "issuer master key: dynamic numbers",
        "E5" => "issuer master key: card personalisation",
        "E6" => "issuer master key: other",
        "I0" => "initialisation vector",
        "K0" => "key encryption or wrapping",
        "K1" => "key block protection key",
        "K2" => "asymmetric key for key exchange",
        "K3" => "asymmetric key for key agreement",
        "K4" => "key block protection key, ISO 20038",
        "M0" => "MAC, ISO 16609 algorithm 1",
        "M1" => "MAC, ISO 9797-1 algorithm 1",
        "M2" => "MAC, ISO 9797-1 algorithm 2",
        "M3" => "MAC, ISO 9797-1 algorithm 3",
        "M4" => "MAC, ISO 9797-1 algorithm 4",
        "M5" => "MAC, ISO 9797-1 algorithm 5",
        "M6" => "MAC, ISO 9797-1 algorithm 5: CMAC",
        "M7" => "HMAC",
        "M8" => "MAC, ISO 9797-1 algorithm 6",
        "P0" => "PIN encryption",
        "P1" => "PIN generation",
        "S0" => "asymmetric key pair for signatures",
        "S1" => "asymmetric key pair, CA",
        "S2" => "asymmetric key pair, other",
        "V0" => "PIN verification",
        "V1" => "PIN verification, IBM 3624",
        "V2" => "PIN verification, Visa PVV",
        "V3" => "PIN verification, X9.132 algorithm 1",
        "V4" => "PIN verification, X9.132 algorithm 2",
        _ => "?",
    }
}

fn optional_block(text: &str) -> Result<(OptionalBlock, &str), KeyBlockError> {
    let wrong = || KeyBlockError::Field("optional block", text.chars().take(8).collect());
    let identifier = text.get(..2).ok_or_else(wrong)?;
    let short = usize::from_str_radix(text.get(2..4).ok_or_else(wrong)?, 16).map_err(|_| wrong())?;
    // A length of 00 says that a longer length follows: how many digits it has, and these.
    let (start, length) = match short {
        0 => {
            let digits = usize::from_str_radix(text.get(4..6).ok_or_else(wrong)?, 16).map_err(|_| wrong())? * 2;
            let field = text.get(6..6 + digits).ok_or_else(wrong)?;
            (6 + digits, usize::from_str_radix(field, 16).map_err(|_| wrong())?)
        }
        length => (4, length),
    };
    let data = text.get(start..length).ok_or_else(wrong)?;
    let block = OptionalBlock { identifier: identifier.to_owned(), data: data.to_owned() };
    Ok((block, text.get(length..).unwrap_or_default()))
}
