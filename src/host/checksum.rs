//! CVC3: what an issuer reads from a track 2 of mag-stripe mode (C-2, 6.3: the track as S13.18 to S13.20 fill it).
//!
//! An issuer knows its cards: which digits of the track a terminal overwrites, and that they are zeros on the card.

use crate::{
    bytes::Hex,
    crypto::{
        cvc3::{cvc3, cvc3_digits, ivcvc3},
        derive::{MasterKeyOption, master_key},
    },
};

/// The name of the check for people.
pub(super) const NAME: &str = "CVC3";

/// Where the digits stand: the lowest bit is the rightmost digit of the discretionary data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Positions {
    pub pcvc3: u16,
    /// The counter has the highest bits, the unpredictable number the lowest.
    pub punatc: u16,
    /// How many are the counter's.
    pub natc: u8,
}

/// Why a track is not good.
pub(super) enum Bad {
    /// It cannot be read; in words.
    Unreadable(&'static str),
    /// The checksum is another one.
    Wrong,
}

/// The counter of a good track 2 (9F6B). `pan` as F-padded cn; `seen`: the highest counter so far, above which the next one is.
pub(super) fn verify(
    track_2: &[u8],
    positions: &Positions,
    key: &[u8; 16],
    pan: &[u8],
    seen: Option<u16>,
) -> Result<u16, Bad> {
    let digits = Hex(track_2).to_string();
    let unreadable = || Bad::Unreadable("track 2 has no discretionary data for a CVC3");
    // Separator, expiry date and service code stand between account number and discretionary data.
    let start = digits.find('D').map(|separator| separator + 8).ok_or_else(unreadable)?;
    let end = digits.find('F').unwrap_or(digits.len());
    let filled = digits.get(start..end).filter(|data| !data.is_empty()).ok_or_else(unreadable)?;
    let at = |bit: u32| filled.len().checked_sub(1 + usize::try_from(bit).ok()?).and_then(|at| filled.get(at..=at));
    let read = |map: u16| {
        let bits = (0..u16::BITS).rev().filter(|bit| map >> bit & 1 == 1);
        bits.map(at).collect::<Option<String>>().ok_or_else(unreadable)
    };
    let checksum = read(positions.pcvc3)?;
    let both = read(positions.punatc)?;
    let (counter, number) = both.split_at_checked(positions.natc.into()).ok_or_else(unreadable)?;
    let mut unpredictable_number = [0; 4];
    hex::decode_to_slice(format!("{number:0>8}"), &mut unpredictable_number).map_err(|_| unreadable())?;
    // The last digit is always the terminal's: how long the number is.
    let dynamic = positions.pcvc3 | positions.punatc | 1;
    let plain = original(&digits, start..end, dynamic).ok_or_else(unreadable)?;
    // A track has no sequence number, so the key is derived with 00.
    let card_key = master_key(MasterKeyOption::A, key, pan, 0);
    let iv = ivcvc3(&card_key, &plain);
    counters(counter, seen)
        .find(|atc| {
            cvc3_digits(cvc3(&card_key, iv, unpredictable_number, atc.to_be_bytes()), checksum.len()) == checksum
        })
        .ok_or(Bad::Wrong)
}

/// The counters that end in these digits: of a card that has been seen the next one, of another one all of them.
fn counters(digits: &str, seen: Option<u16>) -> impl Iterator<Item = u16> {
    let fits = {
        let digits = digits.to_owned();
        move |atc: &u16| format!("{atc:0>5}").ends_with(&digits)
    };
    let first = seen.map_or(0, |seen| seen.saturating_add(1));
    let most = if seen.is_some() { 1 } else { usize::MAX };
    (first..=u16::MAX).filter(fits).take(most)
}

/// The track as it is on the card: zeros in the places that a terminal fills.
fn original(digits: &str, data: core::ops::Range<usize>, dynamic: u16) -> Option<Vec<u8>> {
    let plain = digits.chars().enumerate().map(|(at, digit)| {
        let bit = data.end.checked_sub(at + 1).filter(|_| data.contains(&at)).and_then(|bit| u32::try_from(bit).ok());
        let filled = bit.and_then(|bit| dynamic.checked_shr(bit)).is_some_and(|rest| rest & 1 == 1);
        if filled { '0' } else { digit }
    });
    hex::decode(plain.collect::<String>()).ok()
}
