//! Application File Locator (94): which records to read (EMV Book 3, 10.2).

use core::fmt;

/// A list of files and records that has been checked as a whole. It may be empty.
///
/// ```
/// use emvtap::data::Afl;
///
/// let afl = Afl::parse(&[0x08, 0x01, 0x02, 0x01]).unwrap();
/// let records: Vec<_> = afl.records().map(|record| (record.sfi, record.number, record.signed)).collect();
/// assert_eq!(records, [(1, 1, true), (1, 2, false)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Afl<'a> {
    entries: &'a [[u8; 4]],
}

/// A run of records of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AflEntry {
    /// Short file identifier, 1 to 30.
    pub sfi: u8,
    /// First record, from 1.
    pub first: u8,
    /// Last record, at least `first`.
    pub last: u8,
    /// How many records, from the first on, are signed; at most as many as there are.
    pub signed: u8,
}

/// One record to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AflRecord {
    /// Short file identifier, 1 to 30.
    pub sfi: u8,
    /// Record number, from 1.
    pub number: u8,
    /// Whether it takes part in offline data authentication.
    pub signed: bool,
}

/// What is wrong with an AFL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AflError {
    /// The entry, from 1.
    pub entry: usize,
    /// What is wrong with it.
    pub kind: AflErrorKind,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AflErrorKind {
    /// The length is no multiple of four; so many bytes are left for the last entry.
    Length(usize),
    /// Bits 3-1 of the first byte are not zero.
    ReservedBits(u8),
    /// The short file identifier is 0 or 31.
    Sfi(u8),
    /// The first record is 0.
    FirstRecord,
    /// The last record comes before the first.
    LastRecord {
        /// The first record.
        first: u8,
        /// The last record.
        last: u8,
    },
    /// More records are signed than there are.
    Signed {
        /// The signed records.
        signed: u8,
        /// The records.
        records: u16,
    },
}

impl fmt::Display for AflError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: ", self.entry)?;
        match self.kind {
            AflErrorKind::Length(left) => write!(f, "four bytes wanted, {left} found"),
            AflErrorKind::ReservedBits(byte) => write!(f, "bits 3-1 of the file byte {byte:02X} are not zero"),
            AflErrorKind::Sfi(sfi) => write!(f, "short file identifier {sfi} is not 1 to 30"),
            AflErrorKind::FirstRecord => write!(f, "the first record is 0"),
            AflErrorKind::LastRecord { first, last } => {
                write!(f, "the last record {last} comes before the first record {first}")
            }
            AflErrorKind::Signed { signed, records } => write!(f, "{signed} of {records} records are signed"),
        }
    }
}

impl core::error::Error for AflError {}

impl<'a> Afl<'a> {
    /// Checks the value of a 94.
    ///
    /// # Errors
    /// The first entry that is wrong, and why.
    pub fn parse(value: &'a [u8]) -> Result<Self, AflError> {
        let (entries, left) = value.as_chunks::<4>();
        let fail = |position: usize, kind| AflError { entry: position + 1, kind };
        for (position, entry) in entries.iter().enumerate() {
            AflEntry::parse(*entry).map_err(|kind| fail(position, kind))?;
        }
        match left.len() {
            0 => Ok(Self { entries }),
            left => Err(fail(entries.len(), AflErrorKind::Length(left))),
        }
    }

    /// The entries, in order.
    pub fn entries(self) -> impl Iterator<Item = AflEntry> {
        self.entries.iter().filter_map(|entry| AflEntry::parse(*entry).ok())
    }

    /// Every record, in the order in which they are read.
    pub fn records(self) -> impl Iterator<Item = AflRecord> {
        self.entries().flat_map(AflEntry::records)
    }
}

impl AflEntry {
    /// Checks one entry.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse([file, first, last, signed]: [u8; 4]) -> Result<Self, AflErrorKind> {
        let sfi = file >> 3;
        let records = (u16::from(last) + 1).saturating_sub(first.into());
        match () {
            () if file & 0x07 != 0 => Err(AflErrorKind::ReservedBits(file)),
            () if !(1..=30).contains(&sfi) => Err(AflErrorKind::Sfi(sfi)),
            () if first == 0 => Err(AflErrorKind::FirstRecord),
            () if last < first => Err(AflErrorKind::LastRecord { first, last }),
            () if u16::from(signed) > records => Err(AflErrorKind::Signed { signed, records }),
            () => Ok(Self { sfi, first, last, signed }),
        }
    }

    /// The four bytes.
    pub const fn to_bytes(self) -> [u8; 4] {
        [self.sfi << 3, self.first, self.last, self.signed]
    }

    /// The records, in order.
    pub fn records(self) -> impl Iterator<Item = AflRecord> {
        (self.first..=self.last).map(move |number| AflRecord {
            sfi: self.sfi,
            number,
            signed: number - self.first < self.signed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_in_order_with_the_signed_ones_first() {
        let afl = Afl::parse(&[0x08, 1, 1, 0, 0x10, 2, 4, 2, 0xF0, 255, 255, 1]).unwrap();
        let records: Vec<_> = afl.records().map(|record| (record.sfi, record.number, record.signed)).collect();
        assert_eq!(records, [(1, 1, false), (2, 2, true), (2, 3, true), (2, 4, false), (30, 255, true)]);
        assert_eq!(afl.entries().nth(1).unwrap().to_bytes(), [0x10, 2, 4, 2]);
        assert_eq!(Afl::parse(&[]).unwrap().records().count(), 0);
    }

    #[test]
    fn each_mistake_is_named_with_its_entry() {
        for (entry, text) in [
            (&[0x08, 1, 1][..], "entry 2: four bytes wanted, 3 found"),
            (&[0x0A, 1, 1, 0], "entry 2: bits 3-1 of the file byte 0A are not zero"),
            (&[0x00, 1, 1, 0], "entry 2: short file identifier 0 is not 1 to 30"),
            (&[0xF8, 1, 1, 0], "entry 2: short file identifier 31 is not 1 to 30"),
            (&[0x08, 0, 1, 0], "entry 2: the first record is 0"),
            (&[0x08, 3, 2, 0], "entry 2: the last record 2 comes before the first record 3"),
            (&[0x08, 1, 2, 3], "entry 2: 3 of 2 records are signed"),
        ] {
            let afl = [&[0x08, 1, 1, 0], entry].concat();
            assert_eq!(Afl::parse(&afl).unwrap_err().to_string(), text);
        }
    }
}
