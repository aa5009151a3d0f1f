//! Which exchange a fault is about.

use serde::{Deserialize, Deserializer, de};

use crate::{apdu::CommandHeader, card::files::PPSE, card::profile::RecordId};

/// A command, as people name it: `SELECT PPSE`, `SELECT` (of an application), `GPO`, `READ RECORD`, `READ RECORD 2.1`,
/// `GET DATA`, `EXTERNAL AUTHENTICATE`, the commands of Kernel 2, `ANY`; or `POLL`, which is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The reader polls for cards.
    Poll,
    /// Every command.
    Any,
    /// SELECT of the PPSE.
    SelectPpse,
    /// SELECT of anything else.
    Select,
    /// GET PROCESSING OPTIONS.
    Gpo,
    /// READ RECORD, of any record or of this one.
    ReadRecord(Option<RecordId>),
    /// GET DATA.
    GetData,
    /// EXTERNAL AUTHENTICATE.
    ExternalAuthenticate,
    /// GENERATE AC.
    GenerateAc,
    /// RECOVER AC.
    RecoverAc,
    /// COMPUTE CRYPTOGRAPHIC CHECKSUM.
    ComputeChecksum,
    /// EXCHANGE RELAY RESISTANCE DATA.
    ExchangeRelayResistance,
    /// PUT DATA.
    PutData,
}

/// Names of commands; a record may follow `READ RECORD`.
const NAMES: &[(&str, Target)] = &[
    ("POLL", Target::Poll),
    ("ANY", Target::Any),
    ("SELECT PPSE", Target::SelectPpse),
    ("SELECT", Target::Select),
    ("GPO", Target::Gpo),
    ("READ RECORD", Target::ReadRecord(None)),
    ("GET DATA", Target::GetData),
    ("EXTERNAL AUTHENTICATE", Target::ExternalAuthenticate),
    ("GENERATE AC", Target::GenerateAc),
    ("RECOVER AC", Target::RecoverAc),
    ("COMPUTE CRYPTOGRAPHIC CHECKSUM", Target::ComputeChecksum),
    ("EXCHANGE RELAY RESISTANCE DATA", Target::ExchangeRelayResistance),
    ("PUT DATA", Target::PutData),
];

impl Target {
    /// Whether this command is meant. A poll never is.
    pub fn covers(self, command: &[u8]) -> bool {
        let Some(header) = CommandHeader::parse(command) else { return self == Self::Any };
        let is = |ins| header.ins == ins;
        match self {
            Self::Poll => false,
            Self::Any => true,
            Self::SelectPpse => is(0xA4) && header.data == PPSE,
            Self::Select => is(0xA4) && header.data != PPSE,
            Self::Gpo => is(0xA8),
            Self::ReadRecord(None) => is(0xB2),
            Self::ReadRecord(Some(RecordId { sfi, record })) => {
                is(0xB2) && header.p1 == record && header.p2 >> 3 == sfi
            }
            Self::GetData => is(0xCA),
            Self::ExternalAuthenticate => is(0x82),
            Self::GenerateAc => is(0xAE),
            Self::RecoverAc => is(0xD0),
            Self::ComputeChecksum => is(0x2A),
            Self::ExchangeRelayResistance => is(0xEA),
            Self::PutData => is(0xDA),
        }
    }
}

impl core::fmt::Display for Target {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::ReadRecord(Some(record)) => write!(f, "READ RECORD {record}"),
            _ => f.write_str(NAMES.iter().find(|(_, target)| target == self).map_or("", |(name, _)| name)),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some((_, target)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(*target);
        }
        let record = text.strip_prefix("READ RECORD ").ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            de::Error::custom(format!("`{text}` is no command; wanted one of {}", names.join(", ")))
        })?;
        RecordId::deserialize(de::value::StrDeserializer::new(record)).map(|id| Self::ReadRecord(Some(id)))
    }
}

/// Which of several such commands in a tap: a number from 1, or `"every"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// All of them.
    Every,
    /// One of them, counted from 1.
    Number(usize),
}

impl Default for Occurrence {
    fn default() -> Self {
        Self::Number(1)
    }
}

impl Occurrence {
    /// Whether the command with this number is meant.
    pub fn covers(self, number: usize) -> bool {
        self == Self::Every || self == Self::Number(number)
    }
}

impl<'de> Deserialize<'de> for Occurrence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Occurrence;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a number from 1, or \"every\"")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Occurrence, E> {
                let positive = usize::try_from(number).ok().filter(|number| *number > 0);
                positive.map(Occurrence::Number).ok_or_else(|| E::invalid_value(de::Unexpected::Signed(number), &self))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Occurrence, E> {
                match text {
                    "every" => Ok(Occurrence::Every),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Row {
        command: Target,
        occurrence: Occurrence,
    }

    #[test]
    fn commands_are_named_and_counted() {
        let row: Row = toml::from_str("command = 'READ RECORD 2.1'\noccurrence = 'every'").unwrap();
        assert_eq!(row.command.to_string(), "READ RECORD 2.1");
        assert!(row.command.covers(&[0x00, 0xB2, 0x01, 0x14, 0x00]));
        assert!(!row.command.covers(&[0x00, 0xB2, 0x02, 0x14, 0x00]));
        assert!(row.occurrence.covers(1) && row.occurrence.covers(7));
        assert!(Target::SelectPpse.covers(b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00"));
        assert!(!Target::Select.covers(b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00"));
        for wrong in ["command = 'READ RECORD 31.1'\noccurrence = 1", "command = 'GPO'\noccurrence = 0"] {
            assert!(toml::from_str::<Row>(wrong).is_err(), "{wrong}");
        }
    }
}
