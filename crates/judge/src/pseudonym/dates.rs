//! Years, months and days: each has a pseudonym of its own, so that a date agrees with its parts wherever they are told
//! apart, and exists.

use super::keyed::Keyed;

/// Years that trade places, first and last: the century stays, and so does on which side of the middle of it.
const SPANS: [(u64, u64); 3] = [(1900, 1949), (1950, 1999), (2000, 2019)];
/// Years that may not be over: they become years of the twenty before, so that nobody is born tomorrow.
const RECENT: (u64, u64) = (2020, 2039);
/// The last day that every month has.
const EVERY_MONTH: u64 = 28;
/// Months of thirty days.
const SHORT: [u64; 4] = [4, 6, 9, 11];

impl Keyed {
    /// What is no year of a living person stays: a case may want it refused.
    pub(super) fn year(&self, year: u64) -> u64 {
        if (RECENT.0..=RECENT.1).contains(&year) {
            return RECENT.0 - 20 + self.moved("recent-year", year - RECENT.0, 20);
        }
        let span = SPANS.iter().find(|(first, last)| (*first..=*last).contains(&year));
        span.map_or(year, |(first, last)| first + self.moved("year", year - first, last - first + 1))
    }

    /// A thirteenth month stays what it is.
    pub(super) fn month(&self, month: u64) -> u64 {
        if (1..=12).contains(&month) { 1 + self.moved("month", month - 1, 12) } else { month }
    }

    /// Days that not every month has become others, which every month has.
    pub(super) fn day(&self, day: u64) -> u64 {
        match day {
            1..=EVERY_MONTH => 1 + self.moved("day", day - 1, EVERY_MONTH),
            29..=31 => 1 + self.moved("late-day", day - 29, EVERY_MONTH),
            _ => day,
        }
    }

    /// A date that exists becomes one that exists, and one that does not becomes another that does not.
    pub(super) fn date(&self, (year, month, day): (u64, u64, u64)) -> (u64, u64, u64) {
        let pseudonym = self.year(year);
        if exists(year, month, day) || !(29..=31).contains(&day) {
            return (pseudonym, self.month(month), self.day(day));
        }
        if let Some(place) = SHORT.iter().position(|short| *short == month) {
            let other = self.moved("short-month", place as u64, SHORT.len() as u64);
            return (pseudonym, SHORT[usize::try_from(other).unwrap_or(place)], day);
        }
        // The end of February: a year without a 29th, for there may be one in another year.
        let is_other = |other: &u64| !exists(*other, month, day) && *other != year;
        ((pseudonym..pseudonym + 4).find(is_other).unwrap_or(pseudonym), month, day)
    }
}

fn exists(year: u64, month: u64, day: u64) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        month if SHORT.contains(&month) => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Whether eight digits are a date of somebody's life.
pub(super) fn is_date(year: u64, month: u64, day: u64) -> bool {
    (SPANS[0].0..=RECENT.1).contains(&year) && exists(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::super::keyed::Keyed;
    use super::exists;
    use std::collections::BTreeSet;

    #[test]
    fn every_date_that_exists_becomes_another_that_exists_and_agrees_with_its_parts() {
        let keyed = Keyed::new(b"key");
        let (mut seen, mut of) = (BTreeSet::new(), 0);
        for year in 1900..=2039 {
            for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
                let date @ (y, m, d) = keyed.date((year, month, day));
                assert_eq!(exists(y, m, d), exists(year, month, day), "{year}-{month}-{day} -> {date:?}");
                assert_ne!(date, (year, month, day));
                assert_eq!(y / 100, year / 100);
                if exists(year, month, day) {
                    assert_eq!(date, (keyed.year(year), keyed.month(month), keyed.day(day)));
                    if year < 2020 && day <= 28 {
                        seen.insert(date);
                        of += 1;
                    }
                }
            }
        }
        assert_eq!(seen.len(), of);
    }

    #[test]
    fn what_is_no_part_of_a_date_stays() {
        let keyed = Keyed::new(b"key");
        assert_eq!((keyed.year(1899), keyed.year(2999), keyed.month(13), keyed.day(32)), (1899, 2999, 13, 32));
        assert_eq!(keyed.date((0, 0, 0)), (0, 0, 0));
        assert!((2020..=2039).all(|year| (2000..=2019).contains(&keyed.year(year))));
    }
}
