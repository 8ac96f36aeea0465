//! The day on which a run is made: exceptions end.

use vigie_judge::exceptions::Date;
use vigie_sandbox::calendar;

/// Today in UTC, so that an exception ends everywhere at once.
#[must_use]
pub fn today() -> Date {
    let (year, month, day) = calendar::today();
    let small = |part: i64| u8::try_from(part).unwrap_or(u8::MAX);
    Date { year: u16::try_from(year).unwrap_or(u16::MAX), month: small(month), day: small(day) }
}
