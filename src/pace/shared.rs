//! One pace for all runs on a machine: a small file for each host says when the next request may go. A test runner that starts a
//! process for each case has no other way to keep it.

use super::turns::{in_a_minute, spacing};
use super::{PACE_DIR, Rate};
use crate::transport::Outage;
use fs4::FileExt;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The least time for which nobody sends anything after a 429: longer than the shards of one check are apart.
const STOP: Duration = Duration::from_secs(10 * 60);
/// The longest: a ban. What stands in the file and is later than that was written by another clock.
const BAN: Duration = Duration::from_secs(12 * 60 * 60);
/// Who has the file writes a few bytes. Who keeps it for longer than this hangs.
const LOCKED: Duration = Duration::from_secs(5);
/// How long a pause there is between two looks at a file that another one has.
const LOOK: Duration = Duration::from_millis(5);

/// A folder of paces cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {path}: {source}; set it to a folder that can be written, or to nothing", PACE_DIR)]
pub struct PaceError {
    /// The folder or file.
    path: String,
    source: io::Error,
}

/// The file of a host.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    path: PathBuf,
}

/// What the file holds; instants are microseconds since 1970.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Book {
    /// When the next request may go.
    next: u64,
    /// Where all requests are, as if they had been spread evenly over their minutes.
    even: u64,
    /// What the provider allows, where it is less than what it says to everybody.
    per_second: Option<u32>,
    /// Until when nobody sends anything.
    stopped: u64,
}

/// When a request may go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// After so long. The place is kept.
    In(Duration),
    /// Not at all: somebody was answered 429.
    Stopped,
    /// Later than the caller can wait.
    TooLate,
}

/// What an answer said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    /// How long nothing is left of the quota.
    pub(super) hold: Option<Duration>,
    /// How many there are in a period.
    pub(super) limit: Option<u32>,
    /// A 429, and how long it asked to stay away.
    pub(super) stop: Option<Duration>,
}

impl Shared {
    /// The file of a host, which is made where there is none.
    pub(super) fn open(folder: &Path, host: &reqwest::Url) -> Result<Self, PaceError> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            |source| PaceError { path, source }
        };
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let name = format!("{}-{}", host.host_str().unwrap_or_default(), host.port_or_known_default().unwrap_or(0));
        let name = name.replace(|character: char| !character.is_ascii_alphanumeric() && !"-.".contains(character), "_");
        let path = folder.join(format!("{name}.json"));
        file(&path).map_err(failed(&path))?;
        Ok(Self { path })
    }

    /// A place in the row, unless it is further away than `patience`.
    pub(super) async fn place(&self, rate: Rate, patience: Duration) -> Result<Place, Outage> {
        self.change(move |book, now| book.place(rate, patience, now)).await
    }

    /// Takes note of an answer. What cannot be noted is not told: the next place tells.
    pub(super) async fn heed(&self, answered: Answered) {
        self.change(move |book, now| book.heed(answered, now)).await.ok();
    }

    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Book, u64) -> T + Send + 'static,
    ) -> Result<T, Outage> {
        let path = self.path.clone();
        let changed = tokio::task::spawn_blocking(move || change_file(&path, change)).await;
        let changed = changed.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        changed.map_err(|error| Outage::Request(format!("the file in {PACE_DIR} fails: {}", error.kind())))
    }
}

fn file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn change_file<T>(path: &Path, change: impl FnOnce(&mut Book, u64) -> T) -> io::Result<T> {
    let mut file = file(path)?;
    let start = std::time::Instant::now();
    while FileExt::try_lock(&file).is_err() {
        if start.elapsed() > LOCKED {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(LOOK);
    }
    let mut text = String::new();
    // What is no text is no book either, and begins anew.
    let mut book: Book = match file.read_to_string(&mut text) {
        Ok(_) => serde_json::from_str(&text).unwrap_or_default(),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Book::default(),
        Err(error) => return Err(error),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros);
    let changed = change(&mut book, now);
    file.set_len(0)?;
    file.rewind()?;
    // The lock ends with the file.
    file.write_all(serde_json::to_string(&book)?.as_bytes())?;
    Ok(changed)
}

impl Book {
    fn place(&mut self, rate: Rate, patience: Duration, now: u64) -> Place {
        self.forget(now);
        if self.stopped > now {
            return Place::Stopped;
        }
        let (between, burst) = in_a_minute(rate.per_minute);
        // Who rested may take a few at once, no more than so many.
        let even = self.even.saturating_sub(micros(between * (burst - 1)));
        let at = now.max(self.next).max(even);
        let wait = Duration::from_micros(at - now);
        if wait > patience {
            return Place::TooLate;
        }
        let per_second = self.per_second.map_or(rate.per_second, |said| said.min(rate.per_second));
        self.next = at + micros(spacing(per_second));
        self.even = self.even.max(at) + micros(between);
        Place::In(wait)
    }

    fn heed(&mut self, answered: Answered, now: u64) {
        if let Some(after) = answered.stop {
            self.stopped = self.stopped.max(now + micros(after.clamp(STOP, BAN)));
        }
        self.per_second = answered.limit.or(self.per_second);
        if let Some(hold) = answered.hold {
            self.next = self.next.max(now + micros(hold.min(BAN)));
        }
    }

    /// Forgets what is over, and what only another clock can have written.
    fn forget(&mut self, now: u64) {
        let is_sound = |instant: u64| instant <= now + micros(BAN);
        for instant in [&mut self.next, &mut self.even, &mut self.stopped] {
            *instant = if is_sound(*instant) { *instant } else { 0 };
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Answered, BAN, Book, Place, STOP, change_file};
    use crate::pace::Rate;
    use std::time::Duration;

    const RATE: Rate = Rate { per_second: 10, per_minute: 600 };
    const NOW: u64 = 1_767_225_600_000_000;
    const QUIET: Answered = Answered { hold: None, limit: None, stop: None };
    const PATIENCE: Duration = Duration::from_secs(600);

    fn waits(book: &mut Book, count: usize) -> Vec<Duration> {
        let places = (0..count).map(|_| book.place(RATE, PATIENCE, NOW));
        places.filter_map(|place| if let Place::In(wait) = place { Some(wait) } else { None }).collect()
    }

    #[test]
    fn places_are_apart_and_as_many_as_a_minute_has() {
        let waits = waits(&mut Book::default(), 700);
        assert_eq!(waits.len(), 700);
        assert!(waits[0].is_zero() && waits[2] > Duration::from_millis(200), "{waits:?}");
        let within = |seconds| waits.iter().filter(|wait| **wait < Duration::from_secs(seconds)).count();
        assert!((8..=10).contains(&within(1)), "{}", within(1));
        assert!((500..=600).contains(&within(60)), "{}", within(60));
    }

    #[test]
    fn what_an_answer_says_holds_for_everybody_who_reads_the_file() {
        let mut book = Book::default();
        book.heed(Answered { hold: Some(Duration::from_secs(9)), limit: Some(1), ..QUIET }, NOW);
        assert_eq!(book.place(RATE, Duration::from_secs(8), NOW), Place::TooLate);
        let waits = waits(&mut book, 2);
        assert_eq!(waits[0], Duration::from_secs(9));
        assert!(waits[1] > Duration::from_secs(10), "{waits:?}");
        book.heed(Answered { stop: Some(Duration::from_secs(3)), ..QUIET }, NOW);
        assert_eq!(book.place(RATE, PATIENCE, NOW), Place::Stopped);
        assert_eq!(book.place(RATE, PATIENCE, NOW + super::micros(STOP)), Place::In(Duration::ZERO));
    }

    #[test]
    fn a_file_that_is_damaged_or_of_another_clock_begins_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("host.json");
        let ahead = NOW + 2 * super::micros(BAN);
        let strange = format!(r#"{{"next": {ahead}, "even": {ahead}, "stopped": {ahead}}}"#);
        for content in [&b"\xff\xfe"[..], b"{", b"", strange.as_bytes()] {
            std::fs::write(&path, content).expect("it is written");
            let place = change_file(&path, |book, _| book.place(RATE, PATIENCE, NOW));
            assert_eq!(place.expect("it can be read"), Place::In(Duration::ZERO));
        }
        let read = std::fs::read_to_string(&path).expect("it is there");
        assert!(serde_json::from_str::<Book>(&read).expect("a book").next > NOW, "{read}");
    }
}
