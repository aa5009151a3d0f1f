//! The real clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::{Date, DateTime};

/// Now in UTC; `None` if the system clock stands before 1970 or beyond four digits.
pub fn utc_now() -> Option<DateTime> {
    at(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// The date and time of a number of seconds since 1970-01-01T00:00:00Z. Days become dates by Howard Hinnant's
/// `civil_from_days` (2013): years begin in March, so that the leap day ends them, and 400 of them have 146,097 days.
fn at(seconds: u64) -> Option<DateTime> {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let date = Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    let second = seconds % 86_400;
    let time = [second / 3_600, second / 60 % 60, second % 60];
    let [hour, minute, second] = time.map(|part| u8::try_from(part).unwrap_or_default());
    Some(DateTime { date, time: [hour, minute, second] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from GNU `date -u -d @N`.
    #[test]
    fn seconds_become_dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_400, "2000-02-29T00:00:00"),
            (1_709_164_799, "2024-02-28T23:59:59"),
            (1_798_761_600, "2027-01-01T00:00:00"),
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] {
            assert_eq!(at(seconds).unwrap().to_string(), text);
        }
    }
}
