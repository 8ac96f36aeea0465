//! Days and instants, in UTC.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// The instant at which every state stands still: 2026-03-16T15:00:00Z, a Monday.
pub(crate) const NOW: i64 = 1_773_673_200;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The day of an instant, counted from 1970-01-01.
pub(crate) fn day_of(instant: i64) -> i64 {
    instant.div_euclid(DAY)
}

/// The day of today.
pub(crate) fn today() -> i64 {
    day_of(NOW)
}

/// `2026-03-16`
pub(crate) fn day_text(day: i64) -> String {
    at(day.saturating_mul(DAY)).format("%Y-%m-%d").to_string()
}

/// `2026-03-16 15:00:00`, as cursors have it.
pub(crate) fn instant_text(instant: i64) -> String {
    at(instant).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A caller may give any number as an instant.
fn at(instant: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(instant, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The day of a text in the form `2026-03-16`.
pub(crate) fn parse_day(text: &str) -> Option<i64> {
    // The crate takes `2026-3-16` too.
    let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text)?;
    Some(date.to_epoch_days().into())
}

/// The instant of a text that [`instant_text`] wrote, or of a day alone.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    let of_day = || parse_day(text).map(|day| day * DAY);
    let instant = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    instant.map(|instant| instant.and_utc().timestamp()).or_else(of_day)
}

#[cfg(test)]
mod tests {
    use super::{NOW, day_text, instant_text, parse_day, parse_instant, today};

    #[test]
    fn texts_and_counts_are_inverse() {
        for day in [-1, 0, 11_016, 19_782, 20_528] {
            assert_eq!(parse_day(&day_text(day)), Some(day));
        }
        assert_eq!(instant_text(NOW), "2026-03-16 15:00:00");
        assert_eq!(parse_instant("2026-03-16 15:00:00"), Some(NOW));
        assert_eq!(day_text(today()), "2026-03-16");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-3-1", "16/03/2026", ""] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
