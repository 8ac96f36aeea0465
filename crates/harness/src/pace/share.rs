//! Which part of a provider's rate is ours: several machines may share one token, and none sees what the others send.

use super::{PaceError, Rate};
use std::num::NonZeroU32;
use std::time::Duration;

/// The environment variable that says how many machines share the token.
pub const SHARDS: &str = "VIGIE_SHARDS";

/// A rate, and among how many machines it is divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    rate: Rate,
    machines: NonZeroU32,
}

impl Share {
    /// The whole of a rate, unless the environment says that others have their part of it.
    pub(super) fn from_env(rate: Rate) -> Result<Self, PaceError> {
        let Some(text) = std::env::var_os(SHARDS).filter(|text| !text.is_empty()) else {
            return Ok(Self::of(rate, NonZeroU32::MIN));
        };
        let machines = text.to_str().and_then(|text| text.trim().parse().ok());
        let machines = machines.ok_or_else(|| PaceError::Shards(text.to_string_lossy().into_owned()))?;
        Ok(Self::of(rate, machines))
    }

    pub(super) fn of(rate: Rate, machines: NonZeroU32) -> Self {
        Self { rate, machines }
    }

    /// How many the provider allows in a second, of all machines together.
    pub(super) fn per_second(self) -> u32 {
        self.rate.per_second
    }

    /// The time between two requests of ours where all machines may send so many in a second: nine tenths of a whole number,
    /// so that a second has no more even where all machines begin at one instant. Where there are more machines than requests, it
    /// is longer than a second.
    pub(super) fn spacing(self, per_second: u32) -> Duration {
        match per_second.max(1) / self.machines {
            0 => Duration::from_secs(10).saturating_mul(self.machines.get()) / per_second.max(1).saturating_mul(9),
            own => Duration::from_secs(10) / own.saturating_mul(9),
        }
    }

    /// The time between two requests in the long run, and how many may go at once after a rest: together no more than is
    /// allowed in a minute.
    pub(super) fn in_a_minute(self) -> (Duration, u32) {
        let per_minute = self.rate.per_minute.max(1);
        let between = Duration::from_secs(600).saturating_mul(self.machines.get()) / per_minute.saturating_mul(9);
        (between, (per_minute / 10 / self.machines).max(1))
    }

    /// Our part of what is left of a quota. The others are told the same number.
    pub(super) fn of_what_is_left(self, remaining: u64) -> u64 {
        remaining / u64::from(self.machines.get())
    }
}

#[cfg(test)]
mod tests {
    use super::Share;
    use crate::pace::Rate;
    use std::num::NonZeroU32;
    use std::time::Duration;

    #[test]
    fn all_machines_together_stay_below_what_is_allowed() {
        let rate = Rate { per_second: 20, per_minute: 1000 };
        for machines in [1, 2, 5, 7, 11, 40, 1000] {
            let share = Share::of(rate, NonZeroU32::new(machines).expect("not 0"));
            let all = |between: Duration| f64::from(machines) / between.as_secs_f64();
            assert!((9.0..=18.1).contains(&all(share.spacing(rate.per_second))), "{machines}");
            let (between, burst) = share.in_a_minute();
            assert!((890.0..=901.0).contains(&(60.0 * all(between))), "{machines}");
            assert!(burst == 1 || burst * machines <= 100, "{machines}");
            assert!(share.of_what_is_left(19) * u64::from(machines) <= 19);
        }
    }
}
