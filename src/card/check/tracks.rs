//! Mag-stripe mode of Kernel 2: the tracks, and the maps that say where checksum, number and counter go (C-2, S7.20 to S7.24).

use super::{Notes, Subject, rules};
use crate::{
    data::{
        Pan, Track2,
        dictionary::{
            NATC_TRACK1_9F64, NATC_TRACK2_9F67, PAN_5A, PCVC3_TRACK1_9F62, PCVC3_TRACK2_9F65, PUNATC_TRACK1_9F63,
            PUNATC_TRACK2_9F66, TRACK_1_DATA_56, TRACK_2_DATA_9F6B, TRACK_2_EQUIVALENT_DATA_57,
        },
    },
    tlv::Tag,
};

/// The most digits an unpredictable number has.
const DIGITS_MAX: u32 = 8;

/// A track, and the objects that belong to it.
struct Track {
    data: Tag,
    checksum_map: Tag,
    number_map: Tag,
    counter_digits: Tag,
    /// Takes its value apart.
    read: fn(&[u8]) -> Option<Written>,
}

const ONE: Track = Track {
    data: TRACK_1_DATA_56,
    checksum_map: PCVC3_TRACK1_9F62,
    number_map: PUNATC_TRACK1_9F63,
    counter_digits: NATC_TRACK1_9F64,
    read: track_1,
};
const TWO: Track = Track {
    data: TRACK_2_DATA_9F6B,
    checksum_map: PCVC3_TRACK2_9F65,
    number_map: PUNATC_TRACK2_9F66,
    counter_digits: NATC_TRACK2_9F67,
    read: track_2,
};

/// What a track holds: account number, expiry date (YYMM), and how many characters of discretionary data.
struct Written {
    pan: String,
    expiry: String,
    room: usize,
}

pub(super) fn check(subject: &Subject<'_>, notes: &mut Notes<'_>) {
    let second = digits(subject, &TWO, notes);
    let first = digits(subject, &ONE, notes);
    if let (Some(first), Some(second)) = (first, second)
        && first != second
    {
        let message = format!("track 1 has room for {first} digits of the unpredictable number, track 2 for {second}");
        notes.say(
            rules::TRACK_MAPS,
            &subject.data(NATC_TRACK1_9F64),
            message,
            "let both have room for the same number",
        );
    }
    for track in [&ONE, &TWO] {
        let Some(value) = subject.stated(track.data).filter(|_| subject.shows(track.data)) else { continue };
        match (track.read)(value) {
            Some(written) => contents(subject, track, &written, notes),
            None => {
                let message = format!("{} is no track: no account number, expiry date and service code", track.data);
                notes.say(rules::TRACK_DATA, &subject.data(track.data), message, "write it as ISO/IEC 7813 does");
            }
        }
    }
}

/// How many digits of the unpredictable number the track takes, if it is there with its maps.
fn digits(subject: &Subject<'_>, track: &Track, notes: &mut Notes<'_>) -> Option<u32> {
    subject.stated(track.data).filter(|_| subject.shows(track.data))?;
    let sent = |tag| subject.stated(tag).filter(|_| subject.shows(tag));
    let maps = [track.checksum_map, track.number_map, track.counter_digits];
    if let Some(missing) = maps.into_iter().find(|tag| sent(*tag).is_none()) {
        // Those of track 2 are mandatory, and have been noted.
        if track.data == TRACK_1_DATA_56 {
            let message = format!("track 1 (56) comes without {missing}");
            notes.say(rules::TRACK_MAPS, &subject.data(track.data), message, "send it, or leave track 1 out");
        }
        return None;
    }
    let ones: u32 = sent(track.number_map)?.iter().map(|byte| byte.count_ones()).sum();
    let counter = u32::from(*sent(track.counter_digits)?.first()?);
    let place = subject.data(track.counter_digits);
    let (map, natc) = (track.number_map, track.counter_digits);
    match ones.checked_sub(counter) {
        Some(digits) if digits <= DIGITS_MAX => Some(digits),
        Some(digits) => {
            let message =
                format!("{map} leaves room for {digits} digits of the unpredictable number, at most {DIGITS_MAX} are");
            notes.say(rules::TRACK_MAPS, &place, message, "clear bits of the map");
            None
        }
        None => {
            let message =
                format!("{natc} wants {counter} digits of the counter, {map} has room for {ones} digits in all");
            notes.say(rules::TRACK_MAPS, &place, message, "a kernel ends the application; make the number smaller");
            None
        }
    }
}

/// The track against its maps, and against the application's account number and expiry date.
fn contents(subject: &Subject<'_>, track: &Track, written: &Written, notes: &mut Notes<'_>) {
    let tag = track.data;
    for map in [track.checksum_map, track.number_map] {
        let highest = subject.stated(map).and_then(highest);
        if highest.is_some_and(|position| position >= written.room) {
            let message =
                format!("{map} has positions beyond the {} digits of discretionary data in {tag}", written.room);
            notes.say(rules::TRACK_MAPS, &subject.data(map), message, "clear them, or lengthen the track");
        }
    }
    let own = subject.stated(TRACK_2_EQUIVALENT_DATA_57).and_then(|value| Track2::parse(value).ok());
    let pan = subject.stated(PAN_5A).and_then(Pan::from_cn).or(own.as_ref().map(|own| own.pan));
    if pan.is_some_and(|pan| pan.reveal() != written.pan) {
        let message = format!("{tag} has another account number than the application");
        notes.say(rules::TRACK_PAN, &subject.data(tag), message, "use one number in all of them");
    }
    if own.is_some_and(|own| own.expiry() != written.expiry) {
        let message = format!("{tag} expires in {} (YYMM), track 2 of EMV mode (57) at another time", written.expiry);
        notes.say(rules::TRACK_EXPIRY, &subject.data(tag), message, "use one date in both");
    }
}

/// The highest position of a map, from the right and from 0.
fn highest(map: &[u8]) -> Option<usize> {
    let bits = map.iter().rev().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
    bits.enumerate().filter(|(_, set)| *set).map(|(position, _)| position).last()
}

/// `B`, account number, `^`, name, `^`, YYMM, service code, discretionary data.
fn track_1(value: &[u8]) -> Option<Written> {
    let text = core::str::from_utf8(value).ok()?;
    let mut parts = text.strip_prefix('B')?.splitn(3, '^');
    let (pan, _, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (head, discretionary) = rest.split_at_checked(7)?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=19).contains(&pan.len()) && is_number(pan) && is_number(head);
    let expiry = head.get(..4)?.to_owned();
    fits.then(|| Written { pan: pan.to_owned(), expiry, room: discretionary.len() })
}

fn track_2(value: &[u8]) -> Option<Written> {
    let track = Track2::parse(value).ok()?;
    let pan = track.pan.reveal().to_owned();
    Some(Written { pan, expiry: track.expiry().to_owned(), room: track.discretionary().len() })
}
