//! The sandbox's clock stands still, so that its answers are always the same. Times are seconds since 1970 until they
//! are written, in one of the provider's five ways.

use chrono::{DateTime, SecondsFormat, Utc};

/// The only instant that the sandbox knows: 2035-06-15T08:00:00Z. It lies ahead of every caller's clock, to which new
/// tokens would otherwise have expired before they came.
pub const NOW: i64 = 2_065_507_200;

pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Ticks of .NET in a second, and seconds between its year 1 and 1970.
const TICKS: i64 = 10_000_000;
const YEAR_ONE: i64 = 62_135_596_800;

/// Milliseconds since 1970.
pub(super) fn millis(seconds: i64) -> i64 {
    seconds.saturating_mul(1_000)
}

/// `2023-06-15T08:00:00Z`
pub(super) fn iso(seconds: i64) -> String {
    let instant = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Ticks of .NET: tenths of microseconds since the year 1.
pub(super) fn ticks(seconds: i64) -> i64 {
    (seconds + YEAR_ONE) * TICKS
}

/// Seconds since 1970 of a number that is a time in milliseconds or in seconds: no time in seconds has twelve digits.
pub(super) fn either(number: i64) -> i64 {
    if number.abs() >= 100_000_000_000 { number / 1_000 } else { number }
}

/// So many hours from now; a hundred years at most.
pub(super) fn hours_from_now(hours: i64) -> i64 {
    NOW + hours.clamp(0, 876_600) * HOUR
}

/// Whether a text begins as a date and a time of ISO 8601.
pub(super) fn is_iso(text: &str) -> bool {
    let form = b"0000-00-00T00:00";
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    text.len() >= form.len() && text.bytes().collect::<Vec<u8>>().iter().zip(form).all(fits)
}

#[cfg(test)]
mod tests {
    use super::{NOW, either, is_iso, iso, millis, ticks};

    #[test]
    fn one_instant_in_each_way() {
        assert_eq!(iso(NOW), "2035-06-15T08:00:00Z");
        assert_eq!(millis(NOW), 2_065_507_200_000);
        // 2018-07-17T06:24:40Z
        assert_eq!(ticks(1_531_808_680), 636_674_054_800_000_000);
        assert_eq!((either(NOW), either(millis(NOW))), (NOW, NOW));
    }

    #[test]
    fn a_time_of_iso_8601_has_a_date_and_a_time() {
        assert!(is_iso("2023-06-15T08:00:00.000+02:00"));
        assert!(!is_iso("2023-06-15"));
        assert!(!is_iso("15/06/2023T08:00"));
    }
}
