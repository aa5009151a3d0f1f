//! The data objects of a transaction.

use super::index::{SLOTS, TAGS, slot};
use crate::tlv::{self, Budget, Object, Tag};

/// Who gave a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The terminal's or reader's configuration.
    Terminal,
    /// The transaction: amount, date, unpredictable number.
    Transaction,
    /// The card.
    Card,
    /// The kernel.
    Kernel,
    /// The issuer.
    Issuer,
}

impl Source {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Transaction => "transaction",
            Self::Card => "card",
            Self::Kernel => "kernel",
            Self::Issuer => "issuer",
        }
    }
}

/// Absent, empty and present are three things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nobody gave the object.
    Absent,
    /// Somebody gave it with length zero.
    Empty,
    /// It has a value.
    Present,
}

/// Where a value lies in the arena, and who gave it.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The place counts only while this is the store's own generation.
    generation: u32,
    source: Source,
    start: usize,
    length: usize,
}

const NOWHERE: Place = Place { generation: 0, source: Source::Terminal, start: 0, length: 0 };

/// The data objects of a transaction: one slot a tag of the dictionary, and a short list for tags it does not know.
///
/// Values are copied into memory that the store keeps for its life, so that a second transaction allocates nothing.
///
/// ```
/// use emvtap::data::{Presence, Source, Store, dictionary::AIP_82};
///
/// let mut store = Store::new();
/// assert_eq!(store.presence(AIP_82), Presence::Absent);
/// store.put(AIP_82, &[0x20, 0x00], Source::Card);
/// assert_eq!(store.array(AIP_82), Some([0x20, 0x00]));
/// assert_eq!(store.source(AIP_82), Some(Source::Card));
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    generation: u32,
    places: Box<[Place; SLOTS]>,
    /// Tags that the dictionary does not know, in ascending order.
    unknown: Vec<(Tag, Place)>,
    arena: Vec<u8>,
}

impl Default for Store {
    fn default() -> Self {
        Self { generation: 1, places: Box::new([NOWHERE; SLOTS]), unknown: Vec::new(), arena: Vec::new() }
    }
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets every object; keeps the memory.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.unknown.clear();
        self.generation = self.generation.wrapping_add(1);
        if self.generation == 0 {
            self.places.fill(NOWHERE);
            self.generation = 1;
        }
    }

    /// Gives the object a value, in place of one it may have. An empty value makes the object empty, not absent.
    #[inline]
    pub fn put(&mut self, tag: Tag, value: &[u8], source: Source) {
        let Some(place) = slot(tag).and_then(|slot| self.places.get_mut(slot)) else {
            return self.put_unknown(tag, value, source);
        };
        let start = match place.generation == self.generation && value.len() <= place.length {
            true => overwrite(&mut self.arena, place.start, value),
            false => append(&mut self.arena, value),
        };
        *place = Place { generation: self.generation, source, start, length: value.len() };
    }

    #[cold]
    fn put_unknown(&mut self, tag: Tag, value: &[u8], source: Source) {
        let start = match self.place(tag) {
            Some(&Place { start, length, .. }) if value.len() <= length => overwrite(&mut self.arena, start, value),
            _ => append(&mut self.arena, value),
        };
        self.set_unknown(tag, Place { generation: self.generation, source, start, length: value.len() });
    }

    #[cold]
    fn set_unknown(&mut self, tag: Tag, place: Place) {
        match self.unknown.binary_search_by_key(&tag, |(tag, _)| *tag) {
            Ok(at) => self.unknown.get_mut(at).into_iter().for_each(|entry| entry.1 = place),
            Err(at) => self.unknown.insert(at, (tag, place)),
        }
    }

    /// Makes the object absent.
    pub fn remove(&mut self, tag: Tag) {
        match slot(tag).and_then(|slot| self.places.get_mut(slot)) {
            Some(place) => *place = NOWHERE,
            None => self.unknown.retain(|(known, _)| *known != tag),
        }
    }

    #[inline]
    fn place(&self, tag: Tag) -> Option<&Place> {
        match slot(tag) {
            Some(slot) => self.places.get(slot).filter(|place| place.generation == self.generation),
            None => {
                let at = self.unknown.binary_search_by_key(&tag, |(tag, _)| *tag).ok()?;
                self.unknown.get(at).map(|(_, place)| place)
            }
        }
    }

    #[inline]
    fn value(&self, place: &Place) -> &[u8] {
        self.arena.get(place.start..).and_then(|rest| rest.get(..place.length)).unwrap_or_default()
    }

    /// The value, which may be empty; `None` if the object is absent.
    #[inline]
    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.place(tag).map(|place| self.value(place))
    }

    /// The value if the object is present and has exactly `N` bytes.
    pub fn array<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        self.get(tag)?.try_into().ok()
    }

    /// Absent, empty or present.
    pub fn presence(&self, tag: Tag) -> Presence {
        match self.place(tag) {
            None => Presence::Absent,
            Some(Place { length: 0, .. }) => Presence::Empty,
            Some(_) => Presence::Present,
        }
    }

    /// Whether the object has a value: neither absent nor empty.
    pub fn is_present(&self, tag: Tag) -> bool {
        self.presence(tag) == Presence::Present
    }

    /// Who gave the value; `None` if the object is absent.
    #[inline]
    pub fn source(&self, tag: Tag) -> Option<Source> {
        self.place(tag).map(|place| place.source)
    }

    /// All objects that are not absent, in ascending order of tags.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8], Source)> {
        let mut unknown = self.unknown.iter().copied().peekable();
        let mut known = TAGS
            .iter()
            .zip(self.places.iter())
            .filter(|(_, place)| place.generation == self.generation)
            .map(|(slot, place)| (slot.tag, *place))
            .peekable();
        core::iter::from_fn(move || {
            let (tag, place) = match (known.peek(), unknown.peek()) {
                (Some((first, _)), Some((second, _))) if second < first => unknown.next(),
                (Some(_), _) => known.next(),
                (None, _) => unknown.next(),
            }?;
            Some((tag, self.value(&place), place.source))
        })
    }

    /// Puts every primitive object of `bytes`, BER-TLV, that `keep` accepts.
    ///
    /// `keep` sees each object before it is put, constructed ones too, with its level from 0 and the store as it is then: a
    /// duplicate is an object that is already there from [`Source::Card`]. `Ok(false)` leaves the object out, and a constructed
    /// one with all that is in it.
    ///
    /// # Errors
    /// The first error of `keep` or of the TLV structure ends loading; what was put before it stays.
    #[inline]
    pub fn load<E: From<tlv::Error>>(
        &mut self,
        bytes: &[u8],
        source: Source,
        mut keep: impl FnMut(&Self, usize, &Object<'_>) -> Result<bool, E>,
    ) -> Result<(), E> {
        // One copy of everything costs less than one of every value.
        let base = append(&mut self.arena, bytes);
        let mut walk = tlv::walk(bytes, Budget::default());
        while let Some(object) = walk.next() {
            let (level, object) = object?;
            let wanted = keep(self, level, &object)?;
            match object.tag.is_constructed() {
                true if !wanted => walk.skip_inside(&object),
                false if wanted => {
                    let (start, length) = (base + object.value_at, object.value.len());
                    let place = Place { generation: self.generation, source, start, length };
                    match slot(object.tag).and_then(|slot| self.places.get_mut(slot)) {
                        Some(known) => *known = place,
                        None => self.set_unknown(object.tag, place),
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Copies the value to the end of the arena. Gives where it starts.
#[inline]
fn append(arena: &mut Vec<u8>, value: &[u8]) -> usize {
    let start = arena.len();
    arena.extend_from_slice(value);
    start
}

/// Copies the value over one that is no shorter. Gives where it starts.
#[inline]
fn overwrite(arena: &mut [u8], start: usize, value: &[u8]) -> usize {
    if let Some(room) = arena.get_mut(start..).and_then(|rest| rest.get_mut(..value.len())) {
        room.copy_from_slice(value);
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::dictionary::{AFL_94, AIP_82, PAN_5A, TVR_95};

    const TEST_FLAGS: Tag = Tag::new(0xDF01);

    #[test]
    fn absent_empty_and_present_are_three_things_for_known_and_unknown_tags() {
        for tag in [AIP_82, TEST_FLAGS] {
            let mut store = Store::new();
            assert_eq!((store.presence(tag), store.get(tag), store.source(tag)), (Presence::Absent, None, None));
            store.put(tag, &[], Source::Card);
            assert_eq!((store.presence(tag), store.get(tag)), (Presence::Empty, Some(&[][..])));
            store.put(tag, &[1, 2], Source::Kernel);
            assert_eq!(store.presence(tag), Presence::Present);
            assert_eq!((store.array(tag), store.array::<3>(tag)), (Some([1, 2]), None));
            assert_eq!(store.source(tag), Some(Source::Kernel));
            store.remove(tag);
            assert_eq!(store.presence(tag), Presence::Absent);
        }
    }

    #[test]
    fn longer_and_shorter_values_replace_without_touching_their_neighbours() {
        let mut store = Store::new();
        store.put(AIP_82, &[1, 1], Source::Card);
        store.put(AFL_94, &[2, 2, 2, 2], Source::Card);
        store.put(AIP_82, &[3, 3, 3], Source::Card);
        store.put(AFL_94, &[4], Source::Card);
        store.put(AFL_94, &[5, 5], Source::Card);
        assert_eq!(store.get(AIP_82), Some(&[3, 3, 3][..]));
        assert_eq!(store.get(AFL_94), Some(&[5, 5][..]));
    }

    #[test]
    fn a_cleared_store_is_empty_and_keeps_its_memory() {
        let mut store = Store::new();
        store.put(TVR_95, &[0; 5], Source::Kernel);
        store.put(TEST_FLAGS, &[0; 40], Source::Terminal);
        let capacity = store.arena.capacity();
        store.clear();
        assert_eq!(store.iter().count(), 0);
        assert_eq!(store.arena.capacity(), capacity);
        store.generation = u32::MAX;
        store.put(TVR_95, &[0; 5], Source::Kernel);
        store.clear();
        assert_eq!((store.get(TVR_95), store.generation), (None, 1));
    }

    #[test]
    fn objects_come_in_the_order_of_their_tags() {
        let mut store = Store::new();
        for tag in [0x9F02, 0xDF01, 0x5A, 0xD3, 0x82, 0x9F28] {
            store.put(Tag::new(tag), &[1], Source::Card);
        }
        let tags: Vec<u32> = store.iter().map(|(tag, ..)| tag.number()).collect();
        assert_eq!(tags, [0x5A, 0x82, 0xD3, 0x9F02, 0x9F28, 0xDF01]);
    }

    #[derive(Debug, PartialEq)]
    enum Fault {
        Tlv(tlv::Error),
        Twice(Tag),
    }

    impl From<tlv::Error> for Fault {
        fn from(error: tlv::Error) -> Self {
            Self::Tlv(error)
        }
    }

    #[test]
    fn a_caller_sees_every_object_and_may_refuse_some() {
        let response = [0x77, 0x10, 0x82, 2, 0x20, 0, 0x95, 1, 0xFF, 0xA5, 3, 0x50, 1, 0x41, 0xDF, 0x01, 1, 7];
        let mut store = Store::new();
        store.put(TVR_95, &[0; 5], Source::Terminal);
        let mut seen = Vec::new();
        let keep = |store: &Store, level: usize, object: &Object<'_>| {
            seen.push((level, object.tag.number()));
            Ok::<_, tlv::Error>(store.source(object.tag) != Some(Source::Terminal) && object.tag.number() != 0xA5)
        };
        store.load(&response, Source::Card, keep).unwrap();
        assert_eq!(seen, [(0, 0x77), (1, 0x82), (1, 0x95), (1, 0xA5), (1, 0xDF01)]);
        assert_eq!(store.array(TVR_95), Some([0; 5]));
        assert_eq!(store.array(TEST_FLAGS), Some([7]));
        assert_eq!(store.iter().count(), 3);
    }

    #[test]
    fn a_kernel_can_stop_at_a_duplicate_or_at_broken_bytes() {
        let once = |store: &Store, _: usize, object: &Object<'_>| {
            let twice = store.source(object.tag) == Some(Source::Card);
            if twice { Err(Fault::Twice(object.tag)) } else { Ok(true) }
        };
        let mut store = Store::new();
        assert_eq!(store.load(&[0x70, 6, 0x5A, 1, 1, 0x5A, 1, 2], Source::Card, once), Err(Fault::Twice(PAN_5A)));
        assert_eq!(store.array(PAN_5A), Some([1]));
        let error = store.load(&[0x70, 2, 0x82, 5], Source::Card, once).unwrap_err();
        assert!(matches!(error, Fault::Tlv(error) if error.at == 4), "{error:?}");
    }
}
