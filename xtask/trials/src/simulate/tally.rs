//! The table of many nights.

use crate::drift::Drift;
use crate::night::Morning;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;
use vigie_drift::finding::{Class, Conclusion};
use vigie_sandbox::faults::Strikes;

/// What came of the nights.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Those without drift.
    pub(crate) quiet: Nights,
    /// Those with one.
    pub(crate) drifted: Nights,
    /// Nights that told of drift where there was none: beside their own drift, if they had one.
    pub(crate) false_alarms: u64,
    /// What they told, with the number of the night.
    alarms: Vec<(u64, String)>,
    /// Drifts that were told of.
    pub(crate) found: u64,
    /// Those that were not, with the number of the night and how it ended.
    missed: Vec<(u64, Drift, Conclusion)>,
    /// How long all of them took together.
    pub(crate) elapsed: Duration,
}

/// Nights of one sort.
#[derive(Debug, Default)]
pub(crate) struct Nights {
    pub(crate) count: u64,
    pub(crate) strikes: Strikes,
    /// By exit status.
    statuses: [u64; 4],
    /// Findings that are none of the drift's.
    others: BTreeMap<(Class, String), u64>,
    /// Cases that failed and held when they were sent again.
    held: u64,
    /// Nights in which one of those would have been an alarm.
    would_alarm: u64,
    longest: Duration,
}

impl Nights {
    fn add(&mut self, night: &Morning) {
        self.count += 1;
        self.statuses[night.conclusion as usize] += 1;
        self.held += night.held;
        self.would_alarm += u64::from(night.would_alarm);
        self.longest = self.longest.max(night.elapsed);
        self.strikes.requests += night.strikes.requests;
        for (kind, count) in &night.strikes.kinds {
            *self.strikes.kinds.entry(*kind).or_default() += count;
        }
        for (other, count) in &night.others {
            *self.others.entry(other.clone()).or_default() += count;
        }
    }

    fn draw(&self, title: &str, out: &mut dyn Write) -> io::Result<()> {
        let struck: u64 = self.strikes.kinds.values().sum();
        writeln!(out, "{title}: {}", self.count)?;
        let [conformant, drift, unable, inconclusive] = self.statuses;
        writeln!(out, "  exit status                   0: {conformant}, 1: {drift}, 2: {unable}, 3: {inconclusive}")?;
        writeln!(out, "  requests                      {}, of which {struck} had a fault", self.strikes.requests)?;
        writeln!(out, "  cases that failed and passed  {}", self.held)?;
        writeln!(out, "  alarms without any retry      {}", self.would_alarm)?;
        writeln!(out, "  longest run                   {:.1} s", self.longest.as_secs_f64())?;
        for ((class, rule), count) in &self.others {
            writeln!(out, "  {rule:29} {count} ({class})")?;
        }
        Ok(())
    }
}

impl Tally {
    pub(crate) fn add(&mut self, night: Morning) {
        let nights = if night.drift.is_some() { &mut self.drifted } else { &mut self.quiet };
        nights.add(&night);
        self.false_alarms += u64::from(!night.false_alarms.is_empty());
        self.alarms.extend(night.false_alarms.into_iter().map(|alarm| (night.number, alarm)));
        match night.drift {
            None => {}
            Some(_) if night.found => self.found += 1,
            Some(drift) => self.missed.push((night.number, drift, night.conclusion)),
        }
    }

    /// Whether there was no false alarm, and every drift was found.
    pub(crate) fn is_enough(&self) -> bool {
        self.false_alarms == 0 && self.missed.is_empty()
    }

    pub(crate) fn draw(&self, out: &mut dyn Write) -> io::Result<()> {
        self.quiet.draw("runs without drift", out)?;
        self.drifted.draw("\nruns with one drift", out)?;
        writeln!(out, "  drifts found                  {} of {}", self.found, self.drifted.count)?;
        for (number, drift, conclusion) in &self.missed {
            writeln!(out, "  missed in run {number} (exit {}): {drift}", *conclusion as usize)?;
        }
        let count = self.quiet.count + self.drifted.count;
        writeln!(out, "\nruns with a false alarm         {} of {count}", self.false_alarms)?;
        for (number, alarm) in &self.alarms {
            writeln!(out, "  run {number}: {alarm}")?;
        }
        writeln!(out, "\n{:.0} s in total", self.elapsed.as_secs_f64())
    }
}
