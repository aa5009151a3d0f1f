//! Digits in track data: the checksum with number and counter in mag-stripe mode (S13.18 to S13.22), and what an unsigned
//! cryptogram tells the issuer of relay resistance (S910.39).

use core::ops::{Deref, DerefMut};

use super::database;
use crate::{
    data::{
        Source,
        dictionary::{self as d, ATC_9F36, TRACK_1_DATA_56, TRACK_2_DATA_9F6B, TRACK_2_EQUIVALENT_DATA_57},
    },
    kernel::contract::Cx,
    tlv::Tag,
};

/// The longest track: 56 has at most 76 characters, 57 and 9F6B at most 38 digits (C-2, Annex A). Longer values of the card are
/// parsing errors and do not get here.
const LENGTH_MAX: usize = 76;

/// Characters of a track in memory of their own, which may be read while the store is written to.
#[derive(Clone, Copy)]
pub struct Characters {
    buffer: [u8; LENGTH_MAX],
    length: usize,
}

impl Characters {
    /// `None` if they are more than a track has.
    fn collect(characters: impl Iterator<Item = u8>) -> Option<Self> {
        let mut collected = Self { buffer: [0; LENGTH_MAX], length: 0 };
        for one in characters {
            *collected.buffer.get_mut(collected.length)? = one;
            collected.length += 1;
        }
        Some(collected)
    }

    /// Half-bytes as bytes, the last one filled with F.
    fn packed(nibbles: &[u8]) -> Option<Self> {
        Self::collect(nibbles.chunks(2).map(|pair| match pair {
            [high, low, ..] => high << 4 | low,
            [high] => high << 4 | 0x0F,
            [] => 0xFF,
        }))
    }
}

impl Deref for Characters {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

impl DerefMut for Characters {
    fn deref_mut(&mut self) -> &mut [u8] {
        self.buffer.get_mut(..self.length).unwrap_or_default()
    }
}

/// A track of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// ASCII characters, in 56.
    One,
    /// Digits, in 9F6B.
    Two,
}

/// The objects that belong to a track.
struct Objects {
    data: Tag,
    checksum: Tag,
    checksum_map: Tag,
    number_map: Tag,
    counter_digits: Tag,
}

impl Track {
    const fn objects(self) -> Objects {
        match self {
            Self::One => Objects {
                data: TRACK_1_DATA_56,
                checksum: d::CVC3_TRACK1_9F60,
                checksum_map: d::PCVC3_TRACK1_9F62,
                number_map: d::PUNATC_TRACK1_9F63,
                counter_digits: d::NATC_TRACK1_9F64,
            },
            Self::Two => Objects {
                data: TRACK_2_DATA_9F6B,
                checksum: d::CVC3_TRACK2_9F61,
                checksum_map: d::PCVC3_TRACK2_9F65,
                number_map: d::PUNATC_TRACK2_9F66,
                counter_digits: d::NATC_TRACK2_9F67,
            },
        }
    }

    /// The characters, digits and separators, of the track; padding left out.
    fn characters(self, cx: &Cx<'_>) -> Option<Characters> {
        let value = cx.store.get(self.objects().data).filter(|value| !value.is_empty())?;
        match self {
            Self::One => Characters::collect(value.iter().copied()),
            Self::Two => Characters::collect(unpadded(value)),
        }
    }

    /// Where the discretionary data begin: after the last separator, expiry date and service code.
    fn discretionary_start(self, characters: &[u8]) -> Option<usize> {
        let separator = match self {
            Self::One => characters.iter().enumerate().filter(|(_, one)| **one == b'^').nth(1)?.0,
            Self::Two => characters.iter().position(|one| *one == 0x0D)?,
        };
        Some(separator + 1 + 4 + 3).filter(|start| *start <= characters.len())
    }

    /// A decimal digit as the track has it.
    const fn digit(self, digit: u8) -> u8 {
        match self {
            Self::One => b'0' + digit,
            Self::Two => digit,
        }
    }
}

/// The half-bytes before the padding.
fn unpadded(value: &[u8]) -> impl Iterator<Item = u8> {
    value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).take_while(|nibble| *nibble != 0x0F)
}

/// How many bits of a map are set.
fn ones(tag: Tag, cx: &Cx<'_>) -> u32 {
    cx.store.get(tag).unwrap_or_default().iter().map(|byte| byte.count_ones()).sum()
}

/// nUN: the digits that the map has room for, less those of the counter. `None` if there are fewer.
pub fn digits_of_number(track: Track, cx: &Cx<'_>) -> Option<u8> {
    let objects = track.objects();
    let digits = ones(objects.number_map, cx).checked_sub(u32::from(database::byte(objects.counter_digits, cx)))?;
    u8::try_from(digits).ok()
}

/// Whether the card has sent all maps of the track.
pub fn has_maps(track: Track, cx: &Cx<'_>) -> bool {
    let Objects { checksum_map, number_map, counter_digits, .. } = track.objects();
    [checksum_map, number_map, counter_digits].iter().all(|tag| cx.store.is_present(*tag))
}

/// Whether every position of the maps is one of the discretionary data, which must be there for the last digit at least. With
/// `is_lenient`, positions beyond them are none.
pub fn has_room(is_lenient: bool, cx: &Cx<'_>) -> bool {
    let fits = |track: Track| {
        let Some(characters) = track.characters(cx) else { return track == Track::One };
        let Some(start) = track.discretionary_start(&characters) else { return false };
        let room = characters.len() - start;
        let objects = track.objects();
        let maps = [objects.checksum_map, objects.number_map];
        room > 0 && (is_lenient || maps.iter().all(|map| positions(*map, cx).all(|position| position < room)))
    };
    fits(Track::One) && fits(Track::Two)
}

/// The positions of a map, from the right and from 0, the lowest first.
fn positions(map: Tag, cx: &Cx<'_>) -> impl Iterator<Item = usize> {
    let bytes = cx.store.get(map).unwrap_or_default().iter().rev();
    let bits = bytes.flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
    bits.enumerate().filter(|(_, set)| *set).map(|(position, _)| position)
}

/// The discretionary data as the card has them: characters of track 1, digits of track 2 padded with F to whole bytes.
pub fn discretionary_data(track: Track, cx: &Cx<'_>) -> Option<Characters> {
    let characters = track.characters(cx)?;
    let data = characters.get(track.discretionary_start(&characters)?..)?;
    match track {
        Track::One => Characters::collect(data.iter().copied()),
        Track::Two => Characters::packed(data),
    }
}

/// The decimal digits of a number, the lowest first; zeros without end.
fn digits_of(number: u64) -> impl Iterator<Item = u8> {
    core::iter::successors(Some(number), |rest| Some(rest / 10)).map(|rest| u8::try_from(rest % 10).unwrap_or_default())
}

/// Puts the checksum, the unpredictable number, the counter and the number's length into the discretionary data of a track.
pub fn fill(track: Track, digits_of_number: u8, last: u8, cx: &mut Cx<'_>) {
    let Some(mut characters) = track.characters(cx) else { return };
    let Some(start) = track.discretionary_start(&characters) else { return };
    let objects = track.objects();
    let checksum = u64::from(database::word(objects.checksum, cx));
    let number = database::number(cx.store.get(d::UNPREDICTABLE_NUMBER_NUMERIC_9F6A).unwrap_or_default());
    let counter = u64::from(database::word(ATC_9F36, cx));
    let digits = usize::from(digits_of_number);
    let changes = (positions(objects.checksum_map, cx).zip(digits_of(checksum)))
        .chain(positions(objects.number_map, cx).take(digits).zip(digits_of(number)))
        .chain(positions(objects.number_map, cx).skip(digits).zip(digits_of(counter)))
        .chain([(0, last)]);
    let data = characters.get_mut(start..).unwrap_or_default();
    for (position, digit) in changes {
        if let Some(character) = data.iter_mut().rev().nth(position) {
            *character = track.digit(digit);
        }
    }
    let value = match track {
        Track::One => Some(characters),
        Track::Two => Characters::packed(&characters),
    };
    let Some(value) = value else { return };
    cx.set(objects.data, &value, Source::Kernel);
}

/// Writes the CA key, the exchanges, the card's entropy and its time into the discretionary data of Track 2 Equivalent Data (57).
pub fn tell_relay_resistance(cx: &mut Cx<'_>) {
    let value = cx.store.get(TRACK_2_EQUIVALENT_DATA_57).unwrap_or_default();
    let Some(characters) = Characters::collect(unpadded(value)) else { return };
    let Some(start) = Track::Two.discretionary_start(&characters) else { return };
    let long = characters.iter().position(|one| *one == 0x0D).is_some_and(|digits| digits <= 16);
    let key = cx.store.array(d::CA_PUBLIC_KEY_INDEX_8F).map_or(0, |[index]| if index < 0x0A { index } else { 0 });
    let [_, third, high, low]: [u8; 4] = cx.store.array(d::DEVICE_RR_ENTROPY_DF8302).unwrap_or_default();
    let entropy = u64::from(u16::from_be_bytes([high, low]));
    let time = u64::from(database::word(d::MEASURED_RR_PROCESSING_TIME_DF8306, cx) / 10).min(999);
    let data = [key, database::byte(d::RRP_COUNTER_DF8307, cx)]
        .into_iter()
        .chain(decimal(entropy, 5))
        .chain(decimal(third.into(), if long { 3 } else { 0 }))
        .chain(decimal(time, 3));
    let filled = Characters::collect(characters.iter().copied().take(start).chain(data));
    let Some(value) = filled.and_then(|filled| Characters::packed(&filled)) else { return };
    cx.set(TRACK_2_EQUIVALENT_DATA_57, &value, Source::Kernel);
}

/// A number in so many decimal digits, the highest first.
fn decimal(number: u64, length: u32) -> impl Iterator<Item = u8> {
    (0..length).rev().map(move |place| u8::try_from(number / 10_u64.pow(place) % 10).unwrap_or_default())
}
