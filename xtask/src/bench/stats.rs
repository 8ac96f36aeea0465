//! Middles and ends of samples, and how figures are written.

use std::time::Duration;

/// The middle of a sample and its ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spread<T> {
    pub(super) median: T,
    pub(super) least: T,
    pub(super) most: T,
}

impl<T: Copy + Ord> Spread<T> {
    /// `None` for an empty sample.
    pub(super) fn of(samples: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut sorted: Vec<T> = samples.into_iter().collect();
        sorted.sort_unstable();
        Some(Self { median: percentile(&sorted, 50)?, least: *sorted.first()?, most: *sorted.last()? })
    }

    /// `12.3 ms (11.0 ms to 14.1 ms)`.
    pub(super) fn show(&self, write: impl Fn(T) -> String) -> String {
        format!("{} ({} to {})", write(self.median), write(self.least), write(self.most))
    }
}

/// The smallest value that at least `percent` of a sorted sample do not exceed (nearest rank).
pub(super) fn percentile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// A time with three digits and its unit.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds >= 100.0 => format!("{seconds:.0} s"),
        _ if seconds >= 10.0 => format!("{seconds:.1} s"),
        _ if seconds >= 1.0 => format!("{seconds:.2} s"),
        _ if seconds >= 0.1 => format!("{:.0} ms", seconds * 1e3),
        _ if seconds >= 0.01 => format!("{:.1} ms", seconds * 1e3),
        _ if seconds >= 0.001 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.0} µs", seconds * 1e6),
    }
}

/// Bytes as mebibytes.
pub(super) fn memory(bytes: u64) -> String {
    let tenths = (bytes * 10 + (1 << 19)) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// A number with a comma after each three digits.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Spread, count, memory, percentile, time};
    use std::time::Duration;

    #[test]
    fn percentiles_are_values_of_the_sample() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(
            [50, 99, 100, 0].map(|percent| percentile(&hundred, percent)),
            [Some(50), Some(99), Some(100), Some(1)]
        );
        assert_eq!([50, 99].map(|percent| percentile(&[7, 9], percent)), [Some(7), Some(9)]);
        assert_eq!(percentile(&[7], 99), Some(7));
        assert_eq!(percentile::<u32>(&[], 50), None);
    }

    #[test]
    fn the_order_of_the_runs_does_not_matter() {
        let spread = Spread::of([5, 1, 9]);
        assert_eq!(spread, Some(Spread { median: 5, least: 1, most: 9 }));
        assert_eq!(spread.map(|spread| spread.show(|number| number.to_string())).as_deref(), Some("5 (1 to 9)"));
        assert_eq!(Spread::<u32>::of([]), None);
    }

    #[test]
    fn figures_keep_three_digits_and_their_unit() {
        let times = [95, 1_234, 12_340, 123_400, 1_234_000, 12_340_000, 123_400_000];
        let shown = times.map(|micros| time(Duration::from_micros(micros)));
        assert_eq!(shown, ["95 µs", "1.23 ms", "12.3 ms", "123 ms", "1.23 s", "12.3 s", "123 s"]);
        assert_eq!([0, 1 << 20, 41_400_000].map(memory), ["0.0 MiB", "1.0 MiB", "39.5 MiB"]);
        assert_eq!([0, 999, 1_000, 43_210, 1_234_567].map(count), ["0", "999", "1,000", "43,210", "1,234,567"]);
    }
}
