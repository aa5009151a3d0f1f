//! What outlives a transaction: the log of torn transactions, and how often a mag-stripe card has failed (C-2, 3.7 and 7.6).
//!
//! The reader keeps it as bytes: the counter, then a Torn Record (FF8101) for each transaction, the oldest first.

use super::{Tap, lists};
use crate::{
    data::{
        Source,
        bits::ids_status,
        dictionary::{
            self as d, DRDOL_9F51, IDS_STATUS_DF8128, MAX_NUMBER_OF_TORN_RECORDS_DF811D, PAN_5A,
            PAN_SEQUENCE_NUMBER_5F34, TORN_RECORD_FF8101, TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21,
        },
    },
    kernel::contract::Cx,
    time::DateTime,
    tlv::{self, Tag, write_object},
};

/// The longest that a mag-stripe failure is held back is 300 ms, doubled so often.
const FAILURES_MAX: u8 = 5;

/// What is kept is no list of Torn Records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("it is no log of torn transactions: a counter of 0 to 5, then Torn Records (FF8101)")
    }
}

impl core::error::Error for Unreadable {}

/// What Kernel 2 keeps from one transaction to the next.
///
/// ```
/// use emvtap::kernel::c2::Kept;
///
/// let kept = Kept::parse(&[0x00, 0xFF, 0x81, 0x01, 0x03, 0x5A, 0x01, 0x54]).unwrap();
/// assert_eq!(kept.torn.len(), 1);
/// assert_eq!(Kept::parse(&kept.to_bytes()), Ok(kept));
/// assert!(Kept::parse(&[0x09]).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Failed MS Cntr, 0 to 5.
    pub failed_mag_stripe: u8,
    /// The torn transactions, the oldest first.
    pub torn: Vec<TornRecord>,
}

impl Kept {
    /// How long a torn transaction is remembered, in seconds, where the reader does not say (C-2, DF811C).
    pub const LIFETIME: u32 = 300;

    /// From bytes; no bytes are nothing kept.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let Some((&failed_mag_stripe, log)) = bytes.split_first() else { return Ok(Self::default()) };
        if failed_mag_stripe > FAILURES_MAX {
            return Err(Unreadable);
        }
        let torn = tlv::objects(log).map(|object| match object {
            Ok(object) if object.tag == TORN_RECORD_FF8101 => Ok(TornRecord(object.value.to_vec())),
            _ => Err(Unreadable),
        });
        Ok(Self { failed_mag_stripe, torn: torn.collect::<Result<_, _>>()? })
    }

    /// The bytes; none if there is nothing to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        let mut bytes = vec![self.failed_mag_stripe];
        self.torn.iter().for_each(|record| write_object(&mut bytes, TORN_RECORD_FF8101, &record.0));
        bytes
    }

    /// How long a mag-stripe failure is held back, in milliseconds; the next one is held back longer.
    pub fn back_off(&mut self) -> u64 {
        let time = 300 << self.failed_mag_stripe.min(FAILURES_MAX);
        self.failed_mag_stripe = (self.failed_mag_stripe + 1).min(FAILURES_MAX);
        time
    }

    /// Takes the records out that are older than `lifetime` seconds (C-2, S1.4 to S1.6, the signal CLEAN). A record without a
    /// time, or from the future, stays.
    pub fn clean(&mut self, now: DateTime, lifetime: u32) -> Vec<TornRecord> {
        let is_old = |record: &TornRecord| {
            record.time().is_some_and(|then| then.seconds() + i64::from(lifetime) < now.seconds())
        };
        let (old, young) = core::mem::take(&mut self.torn).into_iter().partition(is_old);
        self.torn = young;
        old
    }

    /// The torn transaction of this card, if there is one.
    fn find(&self, cx: &Cx<'_>) -> Option<&TornRecord> {
        self.torn.iter().find(|record| record.is_of_card(cx))
    }

    /// Forgets a transaction.
    pub fn delete(&mut self, record: &TornRecord) {
        self.torn.retain(|other| other != record);
    }
}

/// A Torn Record (FF8101): the objects of a transaction whose GENERATE AC was never answered, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornRecord(Vec<u8>);

impl TornRecord {
    /// Of the transaction as it is now.
    pub fn new(tap: &Tap, cx: &Cx<'_>) -> Self {
        Self(lists::write(&lists::TORN_RECORD, &tap.options, cx))
    }

    /// An object of it.
    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        tlv::objects(&self.0).map_while(Result::ok).find(|object| object.tag == tag).map(|object| object.value)
    }

    /// When the transaction was.
    fn time(&self) -> Option<DateTime> {
        let (date, time) = (self.get(TRANSACTION_DATE_9A)?, self.get(TRANSACTION_TIME_9F21)?);
        DateTime::from_bcd(date.try_into().ok()?, time.try_into().ok()?)
    }

    /// The objects, one after the other.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether data storage was to be written.
    pub fn has_ids_write(&self) -> bool {
        self.get(IDS_STATUS_DF8128).is_some_and(|status| ids_status::WRITE.is_set(status))
    }

    /// The same PAN, and the same sequence number or none in both.
    fn is_of_card(&self, cx: &Cx<'_>) -> bool {
        [PAN_5A, PAN_SEQUENCE_NUMBER_5F34].iter().all(|tag| self.get(*tag) == cx.store.get(*tag))
    }

    /// Puts every object back into the store.
    pub fn restore(&self, cx: &mut Cx<'_>) {
        for object in tlv::objects(&self.0).map_while(Result::ok) {
            cx.set(object.tag, object.value, Source::Kernel);
        }
    }
}

/// How many records the log has room for.
fn room(tap: &Tap, cx: &Cx<'_>) -> usize {
    if !tap.options.data_storage {
        return 0;
    }
    super::database::byte(MAX_NUMBER_OF_TORN_RECORDS_DF811D, cx).into()
}

/// Whether torn transactions of this card can be recovered.
pub fn is_recoverable(tap: &Tap, cx: &Cx<'_>) -> bool {
    room(tap, cx) > 0 && cx.store.is_present(DRDOL_9F51)
}

/// The torn transaction of this card, if it can be recovered.
pub fn find(tap: &Tap, cx: &Cx<'_>) -> Option<TornRecord> {
    tap.kept.find(cx).filter(|_| is_recoverable(tap, cx)).cloned()
}

/// Adds the transaction to the log. A full log loses its oldest record, which goes into the discretionary data.
pub fn remember(tap: &mut Tap, cx: &mut Cx<'_>) {
    let drdol = cx.store.get(DRDOL_9F51).unwrap_or_default().to_vec();
    let mut related = Vec::new();
    if super::dol::fill(&drdol, &tap.options, &mut related, cx).is_err() {
        related.clear();
    }
    cx.set(d::DRDOL_RELATED_DATA_DF8113, &related, Source::Kernel);
    let room = room(tap, cx);
    let record = TornRecord::new(tap, cx);
    while tap.kept.torn.len() >= room.max(1) {
        let oldest = tap.kept.torn.remove(0);
        cx.set(TORN_RECORD_FF8101, oldest.bytes(), Source::Kernel);
    }
    tap.kept.torn.push(record);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(date: &str, time: &str) -> TornRecord {
        let mut bytes = Vec::new();
        write_object(&mut bytes, TRANSACTION_DATE_9A, &hex::decode(date).unwrap());
        write_object(&mut bytes, TRANSACTION_TIME_9F21, &hex::decode(time).unwrap());
        TornRecord(bytes)
    }

    #[test]
    fn old_records_are_cleaned_away_across_the_ends_of_months() {
        let (old, young) = (record("260228", "235500"), record("260228", "235501"));
        let mut kept = Kept { torn: vec![old.clone(), young.clone()], ..Kept::default() };
        assert_eq!(kept.clean("2026-03-01T00:00:01".parse().unwrap(), 300), [old]);
        assert_eq!(kept.torn, [young]);
    }

    #[test]
    fn failures_are_held_back_longer_and_longer_up_to_a_limit() {
        let mut kept = Kept::default();
        let times: Vec<u64> = (0..7).map(|_| kept.back_off()).collect();
        assert_eq!(times, [300, 600, 1200, 2400, 4800, 9600, 9600]);
    }

    #[test]
    fn other_bytes_are_no_log() {
        for bytes in [&[6][..], &[0, 0x5A, 1, 1], &[0, 0xFF, 0x81, 0x01, 0x05, 0x5A]] {
            assert_eq!(Kept::parse(bytes), Err(Unreadable), "{bytes:?}");
        }
        assert_eq!(Kept::parse(&[]), Ok(Kept::default()));
        assert!(Kept::default().to_bytes().is_empty());
    }
}
