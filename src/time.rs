//! Dates and durations as values: nothing here reads a clock.

use core::fmt;

/// A span of time, or a moment since the start of a transaction, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

impl Micros {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `units` of 100 ms, the unit of hold times and time-outs in Book A.
    pub const fn tenths(units: u64) -> Self {
        Self(units.saturating_mul(100_000))
    }
}

impl core::ops::Add for Micros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl core::ops::AddAssign for Micros {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// A calendar date. Ordered; always a date that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The date, or `None` if there is no such day.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if month == 0 || month > 12 || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// Reads `YYMMDD` in BCD (n6, as in tags 5F24, 5F25 and 9A). Years 50 to 99 are 19xx (EMV Book 4, 6.7.3).
    pub fn from_bcd([yy, mm, dd]: [u8; 3]) -> Option<Self> {
        let yy = from_bcd_byte(yy)?;
        let century = if yy >= 50 { 1900 } else { 2000 };
        Self::new(century + u16::from(yy), from_bcd_byte(mm)?, from_bcd_byte(dd)?)
    }

    /// The last day of a certificate's `MMYY` in BCD (EMV Book 2, tables 6 and 14).
    pub fn end_of_month([mm, yy]: [u8; 2]) -> Option<Self> {
        let yy = from_bcd_byte(yy)?;
        let year = u16::from(yy) + if yy >= 50 { 1900 } else { 2000 };
        let month = from_bcd_byte(mm)?;
        if month == 0 || month > 12 {
            return None;
        }
        Self::new(year, month, days_in_month(year, month))
    }

    /// `YYMMDD` in BCD.
    pub fn to_bcd(self) -> [u8; 3] {
        let [_, yy] = (self.year % 100).to_be_bytes();
        [to_bcd_byte(yy), to_bcd_byte(self.month), to_bcd_byte(self.day)]
    }

    /// The year, with its century.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01 by the Gregorian calendar, negative before: Howard Hinnant's `days_from_civil` (2013). Years begin in
    /// March, so that the leap day ends them, and 400 of them have 146,097 days.
    pub fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The date of a number of [`days`](Self::days); `None` beyond the years 0 to 65,535. Hinnant's `civil_from_days`.
    pub fn from_days(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A date and a time of day, as a terminal knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime {
    /// The date.
    pub date: Date,
    /// Hour, minute, second.
    pub time: [u8; 3],
}

impl DateTime {
    /// From `YYMMDD` and `HHMMSS` in BCD (tags 9A and 9F21); `None` if there is no such moment.
    pub fn from_bcd(date: [u8; 3], [hour, minute, second]: [u8; 3]) -> Option<Self> {
        let below = |byte: u8, end: u8| from_bcd_byte(byte).filter(|value| *value < end);
        Some(Self { date: Date::from_bcd(date)?, time: [below(hour, 24)?, below(minute, 60)?, below(second, 60)?] })
    }

    /// Seconds since 1970-01-01T00:00:00, negative before. Days have 86,400.
    pub fn seconds(self) -> i64 {
        let [hour, minute, second] = self.time.map(i64::from);
        ((self.date.days() * 24 + hour) * 60 + minute) * 60 + second
    }

    /// The moment of a number of [`seconds`](Self::seconds); `None` beyond the years 0 to 65,535.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let date = Date::from_days(seconds.div_euclid(86_400))?;
        let second = seconds.rem_euclid(86_400);
        let time = [second / 3_600, second / 60 % 60, second % 60];
        Some(Self { date, time: time.map(|part| u8::try_from(part).unwrap_or_default()) })
    }

    /// The time of day as `HHMMSS` in BCD (tag 9F21).
    pub fn time_bcd(self) -> [u8; 3] {
        self.time.map(to_bcd_byte)
    }
}

/// Reads RFC 3339 (`2026-11-21T12:00:00Z`); the offset is accepted and ignored, because a terminal works in local time.
impl core::str::FromStr for DateTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "wanted a date and time like 2026-11-21T12:00:00Z";
        let number = |range: core::ops::Range<usize>| -> Result<u16, Self::Err> {
            let digits = text.get(range).ok_or(WANTED)?;
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(WANTED);
            }
            digits.parse().map_err(|_| WANTED)
        };
        let small = |range| number(range).and_then(|value| u8::try_from(value).map_err(|_| WANTED));
        let separators = [(4, "-"), (7, "-"), (13, ":"), (16, ":")];
        if separators.iter().any(|&(at, sign)| text.get(at..at + 1) != Some(sign))
            || !matches!(text.get(10..11), Some("T" | "t" | " "))
        {
            return Err(WANTED);
        }
        let zone = text.get(19..).unwrap_or_default();
        let offset = |zone: &str| {
            let bytes = zone.as_bytes();
            bytes.len() == 6
                && matches!(bytes.first(), Some(b'+' | b'-'))
                && bytes.get(3) == Some(&b':')
                && [1, 2, 4, 5].iter().all(|&at| bytes.get(at).is_some_and(u8::is_ascii_digit))
        };
        let zone = zone.strip_prefix('.').map_or(zone, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        if !(matches!(zone, "" | "Z" | "z") || offset(zone)) {
            return Err(WANTED);
        }
        let date = Date::new(number(0..4)?, small(5..7)?, small(8..10)?).ok_or("there is no such day")?;
        let time = [small(11..13)?, small(14..16)?, small(17..19)?];
        let [hour, minute, second] = time;
        if hour > 23 || minute > 59 || second > 59 {
            return Err("there is no such time of day");
        }
        Ok(Self { date, time })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [hour, minute, second] = self.time;
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", self.date)
    }
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const fn to_bcd_byte(value: u8) -> u8 {
    value / 10 % 10 * 16 + value % 10
}

const fn from_bcd_byte(byte: u8) -> Option<u8> {
    let (high, low) = (byte >> 4, byte & 0x0F);
    if high > 9 || low > 9 { None } else { Some(high * 10 + low) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digit_years_split_at_fifty() {
        assert_eq!(Date::from_bcd([0x49, 0x12, 0x31]), Date::new(2049, 12, 31));
        assert_eq!(Date::from_bcd([0x50, 0x01, 0x01]), Date::new(1950, 1, 1));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for bad in [[0x26, 0x02, 0x29], [0x26, 0x13, 0x01], [0x26, 0x00, 0x10], [0x26, 0x04, 0x31], [0x2A, 0x01, 0x01]]
        {
            assert_eq!(Date::from_bcd(bad), None, "{bad:02X?}");
        }
        assert_eq!(Date::from_bcd([0x24, 0x02, 0x29]), Date::new(2024, 2, 29));
    }

    /// Expected values from GNU `date -u -d @N`.
    #[test]
    fn seconds_and_dates_become_one_another() {
        for (seconds, text) in [
            (-631_152_000, "1950-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59"),
            (0, "1970-01-01T00:00:00"),
            (951_782_400, "2000-02-29T00:00:00"),
            (1_709_164_799, "2024-02-28T23:59:59"),
            (1_798_761_600, "2027-01-01T00:00:00"),
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] {
            let moment = DateTime::from_seconds(seconds).unwrap();
            assert_eq!(moment.to_string(), text);
            assert_eq!(text.parse::<DateTime>().unwrap().seconds(), seconds);
        }
        assert_eq!(Date::from_days(i64::MAX), None);
    }

    #[test]
    fn every_day_of_two_centuries_follows_the_one_before() {
        let first = Date::new(1900, 1, 1).unwrap().days();
        let days = Date::new(2100, 12, 31).unwrap().days() - first;
        assert_eq!(days, 201 * 365 + 49 - 1);
        let mut day = Date::from_days(first).unwrap();
        for number in first + 1..=first + days {
            let next = Date::from_days(number).unwrap();
            assert!(next > day && next.days() == number, "{next}");
            day = next;
        }
    }

    #[test]
    fn moments_come_from_bcd() {
        let noon = DateTime::from_bcd([0x26, 0x11, 0x21], [0x12, 0x34, 0x56]).unwrap();
        assert_eq!(noon.to_string(), "2026-11-21T12:34:56");
        for time in [[0x24, 0x00, 0x00], [0x00, 0x60, 0x00], [0x00, 0x00, 0x60], [0x0A, 0x00, 0x00]] {
            assert_eq!(DateTime::from_bcd([0x26, 0x11, 0x21], time), None, "{time:02X?}");
        }
        assert_eq!(DateTime::from_bcd([0x26, 0x02, 0x29], [0; 3]), None);
    }

    #[test]
    fn a_certificate_is_valid_to_the_last_day_of_its_month() {
        assert_eq!(Date::end_of_month([0x02, 0x28]), Date::new(2028, 2, 29));
        assert_eq!(Date::end_of_month([0x13, 0x28]), None);
    }

    #[test]
    fn rfc3339_is_read_and_nonsense_is_not() {
        let noon: DateTime = "2026-11-21T12:34:56Z".parse().unwrap();
        assert_eq!(noon.to_string(), "2026-11-21T12:34:56");
        assert_eq!(noon.time_bcd(), [0x12, 0x34, 0x56]);
        assert_eq!("2026-11-21T12:34:56.123+01:00".parse(), Ok(noon));
        for bad in [
            "",
            "2026-11-21",
            "2026-11-21T25:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-11-21T12:00:00ZZ",
            "２026-11-21T12:00:00Z",
        ] {
            assert!(bad.parse::<DateTime>().is_err(), "{bad}");
        }
    }
}
