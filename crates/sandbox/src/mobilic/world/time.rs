//! Days and instants, in UTC.

use crate::calendar::date_of;

/// The instant at which every world stands still: 2026-03-16T15:00:00Z, a Monday.
pub(in super::super) const NOW: i64 = 1_773_673_200;

/// Seconds of a day.
pub(in super::super) const DAY: i64 = 86_400;

/// The day of an instant, counted from 1970-01-01.
pub(in super::super) fn day_of(instant: i64) -> i64 {
    instant.div_euclid(DAY)
}

/// The day of today.
pub(in super::super) fn today() -> i64 {
    day_of(NOW)
}

/// `2026-03-16`
pub(in super::super) fn day_text(day: i64) -> String {
    let (year, month, day) = date_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-03-16 15:00:00`, as cursors have it.
pub(in super::super) fn instant_text(instant: i64) -> String {
    let rest = instant.rem_euclid(DAY);
    format!("{} {:02}:{:02}:{:02}", day_text(day_of(instant)), rest / 3_600, rest / 60 % 60, rest % 60)
}

/// The day of a text in the form `2026-03-16`.
pub(in super::super) fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    // Howard Hinnant's `days_from_civil`: years begin on 1 March.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let count = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // A day that no month has comes back as another one.
    (date_of(count) == (year, month, day)).then_some(count)
}

/// The instant of a text that [`instant_text`] wrote, or of a day alone.
pub(in super::super) fn parse_instant(text: &str) -> Option<i64> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let mut parts = time.split(':').map(str::parse::<i64>);
    let (hours, minutes, seconds) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some(parse_day(day)? * DAY + hours * 3_600 + minutes * 60 + seconds)
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
