//! The real clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::DateTime;

/// Now in UTC; `None` if the system clock stands before 1970 or far beyond four digits.
pub fn utc_now() -> Option<DateTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    DateTime::from_seconds(i64::try_from(since.as_secs()).ok()?)
}
