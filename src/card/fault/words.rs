//! Faults as people read them.

use core::fmt;

use super::{Edit, Fault, Kind, Lengths, Moment, Occurrence, Put, Target};
use crate::{bytes::Hex, data::text::HexText};

/// What cases call faults that need no name, as they stand in their files.
const NAMELESS: [&str; 2] = ["fault", Fault::OF_A_CASE];

impl Fault {
    /// The name of a fault of a case that gives it none.
    pub const OF_A_CASE: &str = "of the case";
}

/// `wrong-status (SELECT PPSE: status word 6A82)`; without a name what stands in parentheses.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.occurrence {
            Occurrence::Every if self.command == Target::Any => "every command".to_owned(),
            Occurrence::Every => format!("every {}", self.command),
            Occurrence::Number(1) => self.command.to_string(),
            Occurrence::Number(number) => format!("{} number {number}", self.command),
        };
        match NAMELESS.contains(&self.name.as_str()) {
            true => write!(f, "{place}: {}", self.kind),
            false => write!(f, "{} ({place}: {})", self.name, self.kind),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tear(Moment::Before) => f.write_str("the card leaves the field before it gets the command"),
            Self::Tear(Moment::Middle) => f.write_str("the card leaves the field in the middle of its answer"),
            Self::Tear(Moment::After) => f.write_str("the card leaves the field after its answer"),
            Self::Collision => f.write_str("more than one card answers"),
            Self::Absent => f.write_str("no card answers"),
            Self::DelayMs(ms) => write!(f, "the answer comes {ms} ms later"),
            Self::Status(word) => write!(f, "status word {}", Hex(&word.0)),
            Self::Truncate(count) => write!(f, "the data end {count} bytes early"),
            Self::Keep(count) => write!(f, "only the first {count} bytes of the answer arrive"),
            Self::Extend(more) => write!(f, "{} follows the data", Hex(&more.0)),
            Self::FlipBit(bit) => write!(f, "bit {bit} of the data, from the first, is wrong"),
            Self::FlipCommandBit(bit) => {
                write!(f, "the card hears bit {bit} of the command's data, from the last, wrong")
            }
            Self::Answer(data) => write!(f, "the answer is {} 9000", Hex(&data.0)),
            Self::Objects(edit) => edit.fmt(f),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Omit(name) => write!(f, "{} is missing", name.0),
            Self::Duplicate(name) => write!(f, "{} comes twice", name.0),
            Self::Empty(name) => write!(f, "{} has no value", name.0),
            Self::Corrupt(name) => write!(f, "{} has a wrong bit in the middle of its value", name.0),
            Self::Oversize(name) => write!(f, "{} goes on with zeros to {} bytes", name.0, super::edit::OVERSIZE),
            Self::Set(Put { object, value }) => write!(f, "{} has {}", object.0, valued(value)),
            Self::Add(Put { object, value }) => write!(f, "{} with {} comes besides", object.0, valued(value)),
            Self::Reverse => f.write_str("the objects come in the opposite order"),
            Self::Lengths(lengths) => lengths.fmt(f),
        }
    }
}

fn valued(value: &HexText) -> String {
    if value.0.is_empty() { "no value".to_owned() } else { format!("the value {}", Hex(&value.0)) }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Long => "the template's length is coded in three bytes",
            Self::FiveBytes => "the template's length is coded in five bytes",
            Self::Indefinite => "the template's length is 80, indefinite",
            Self::OneMore => "the template's length is one too large",
            Self::OneLess => "the template's length is one too small",
            Self::None => "the answer ends after the template's tag",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_it_does() {
        for (text, said) in [
            ("name = 'fault'\ncommand = 'GPO'\nkind = { status = '6985' }", "GPO: status word 6985"),
            (
                "name = 'fault'\ncommand = 'READ RECORD 2.4'\nkind = { objects = { set = { object = 'CTQ', value = '8000' } } }",
                "READ RECORD 2.4: 9F6C has the value 8000",
            ),
            (
                "name = 'fault'\ncommand = 'GPO'\nkind = { objects = { add = { object = '9F10', value = '' } } }",
                "GPO: 9F10 with no value comes besides",
            ),
            (
                "name = 'torn'\ncommand = 'READ RECORD'\noccurrence = 2\nkind = { tear = 'middle' }",
                "torn (READ RECORD number 2: the card leaves the field in the middle of its answer)",
            ),
            (
                "name = 'fault'\ncommand = 'ANY'\noccurrence = 'every'\nkind = { delay-ms = 5 }",
                "every command: the answer comes 5 ms later",
            ),
        ] {
            let fault: Fault = toml::from_str(text).unwrap();
            assert_eq!(fault.to_string(), said);
        }
    }
}
