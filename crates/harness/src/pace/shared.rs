//! One pace for all runs on a machine: a small file for each host says when the next request may go. A test runner that starts a
//! process for each case has no other way to keep it.

use super::share::Share;
use super::{PACE_DIR, PaceError};
use crate::transport::Outage;
use fs4::FileExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vigie_contract::files::{self, open_in_place};

/// The least time for which nobody sends anything after a 429: longer than the shards of one check are apart.
const STOP: Duration = Duration::from_secs(10 * 60);
/// The longest: a ban. What stands in the file and is later than that was not written by us.
pub(super) const BAN: Duration = Duration::from_secs(12 * 60 * 60);
/// Who has the file writes a few bytes. Who keeps it for longer than this hangs.
const LOCKED: Duration = Duration::from_secs(5);
/// A row of processes that wait for their turn is shorter than this.
const ROW: Duration = Duration::from_secs(10 * 60);
/// The rest after a file that says nothing: as if somebody had just sent all that a second has room for.
const REST: Duration = Duration::from_secs(1);
/// How long the scopes of a token are known: a check of many processes asks for them a few times, and a new grant is seen soon.
const KNOWN: Duration = Duration::from_secs(10 * 60);
/// How long a pause there is between two looks at a file that another one has.
const LOOK: Duration = Duration::from_millis(5);

/// The file of a host.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    path: PathBuf,
}

/// What the file holds; instants are microseconds since 1970.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Book {
    /// When this was written. A clock that says less has gone back.
    written: u64,
    /// When the next request may go.
    next: u64,
    /// Until when nothing is left of the quota.
    held: u64,
    /// Where all requests are, as if they had been spread evenly over their minutes.
    even: u64,
    /// What the provider allows, where it is less than what it says to everybody.
    per_second: Option<u32>,
    /// Until when nobody sends anything.
    stopped: u64,
    /// Scopes of tokens, by their digests.
    scopes: BTreeMap<String, Scopes>,
}

/// The scopes of a token.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Scopes {
    /// Until when they are known.
    until: u64,
    names: Vec<String>,
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
            |source| PaceError::Folder { path, source }
        };
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let name = format!("{}-{}", host.host_str().unwrap_or_default(), host.port_or_known_default().unwrap_or(0));
        let name = name.replace(|character: char| !character.is_ascii_alphanumeric() && !"-.".contains(character), "_");
        let path = folder.join(format!("{name}.json"));
        open_in_place(&path).map_err(failed(&path))?;
        Ok(Self { path })
    }

    /// A place in the row, unless it is further away than `patience`.
    pub(super) async fn place(&self, share: Share, patience: Duration) -> Result<Place, Outage> {
        self.change(move |book, now| book.place(share, patience, now)).await
    }

    /// Takes note of an answer. What cannot be noted is not told: the next place tells.
    pub(super) async fn heed(&self, answered: Answered) {
        self.change(move |book, now| book.heed(answered, now)).await.ok();
    }

    /// The scopes of a token, if they are known.
    pub(super) async fn scopes(&self, token: [u8; 8]) -> Option<Vec<String>> {
        let known = move |book: &mut Book, now| {
            let scopes = book.scopes.get(&key(token))?;
            (scopes.until > now).then(|| scopes.names.clone())
        };
        self.change(known).await.ok().flatten()
    }

    /// Keeps the scopes of a token. What cannot be kept is asked for again.
    pub(super) async fn tell_scopes(&self, token: [u8; 8], names: Vec<String>) {
        let tell = move |book: &mut Book, now| {
            book.scopes.insert(key(token), Scopes { until: now + micros(KNOWN), names });
        };
        self.change(tell).await.ok();
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

fn change_file<T>(path: &Path, change: impl FnOnce(&mut Book, u64) -> T) -> io::Result<T> {
    let mut file = open_in_place(path)?;
    let start = std::time::Instant::now();
    while FileExt::try_lock(&file).is_err() {
        if start.elapsed() > LOCKED {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(LOOK);
    }
    let bytes = files::bounded(&mut file, files::MOST_TEXT)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros);
    let mut book = Book::read(&bytes, now);
    let changed = change(&mut book, now);
    book.written = now;
    // Over the old text, and only then cut: who is killed in between leaves a whole book, with something after it.
    let text = serde_json::to_vec(&book)?;
    file.rewind()?;
    file.write_all(&text)?;
    file.set_len(text.len() as u64)?;
    // The lock ends with the file.
    Ok(changed)
}

fn key(token: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(token))
}

impl Book {
    /// What a file holds now.
    fn read(bytes: &[u8], now: u64) -> Self {
        let mut books = serde_json::Deserializer::from_slice(bytes).into_iter();
        let mut book: Self = match books.next() {
            Some(Ok(book)) => book,
            None => Self::default(),
            // Nobody knows what was sent just now.
            Some(Err(_)) => Self { next: now + micros(REST), ..Self::default() },
        };
        book.set_back(now);
        book.forget(now);
        book
    }

    fn place(&mut self, share: Share, patience: Duration, now: u64) -> Place {
        if self.stopped > now {
            return Place::Stopped;
        }
        let (between, burst) = share.in_a_minute();
        // Who rested may take a few at once, no more than so many.
        let even = self.even.saturating_sub(micros(between * (burst - 1)));
        let at = now.max(self.next).max(self.held).max(even);
        let wait = Duration::from_micros(at - now);
        if wait > patience {
            return Place::TooLate;
        }
        let per_second = self.per_second.map_or(share.per_second(), |said| said.min(share.per_second()));
        self.next = at + micros(share.spacing(per_second));
        self.even = self.even.max(at) + micros(between);
        Place::In(wait)
    }

    fn heed(&mut self, answered: Answered, now: u64) {
        if let Some(after) = answered.stop {
            self.stopped = self.stopped.max(now + micros(after.clamp(STOP, BAN)));
        }
        self.per_second = answered.limit.or(self.per_second);
        if let Some(hold) = answered.hold {
            self.held = self.held.max(now + micros(hold.min(BAN)));
        }
    }

    /// Where the clock went back, everything is as far away as it was when it was written.
    fn set_back(&mut self, now: u64) {
        let back = self.written.saturating_sub(now);
        let of_scopes = self.scopes.values_mut().map(|scopes| &mut scopes.until);
        let own = [&mut self.next, &mut self.held, &mut self.even, &mut self.stopped];
        own.into_iter().chain(of_scopes).for_each(|instant| *instant = instant.saturating_sub(back));
    }

    /// Forgets what is over, and what nobody can have meant.
    fn forget(&mut self, now: u64) {
        for (instant, longest) in
            [(&mut self.next, ROW), (&mut self.held, BAN), (&mut self.even, ROW), (&mut self.stopped, BAN)]
        {
            *instant = if *instant <= now + micros(longest) { *instant } else { 0 };
        }
        self.scopes.retain(|_, scopes| scopes.until > now && scopes.until <= now + micros(KNOWN));
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Answered, BAN, Book, Place, REST, STOP, Scopes, Shared, change_file, micros, open_in_place};
    use crate::pace::Rate;
    use crate::pace::share::Share;
    use std::num::NonZeroU32;
    use std::time::Duration;

    const NOW: u64 = 1_767_225_600_000_000;
    const QUIET: Answered = Answered { hold: None, limit: None, stop: None };
    const PATIENCE: Duration = Duration::from_secs(600);

    fn share() -> Share {
        Share::of(Rate { per_second: 10, per_minute: 600 }, NonZeroU32::MIN)
    }

    fn waits(book: &mut Book, count: usize) -> Vec<Duration> {
        let places = (0..count).map(|_| book.place(share(), PATIENCE, NOW));
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
        assert_eq!(book.place(share(), Duration::from_secs(8), NOW), Place::TooLate);
        let waits = waits(&mut book, 2);
        assert_eq!(waits[0], Duration::from_secs(9));
        assert!(waits[1] > Duration::from_secs(10), "{waits:?}");
        book.heed(Answered { stop: Some(Duration::from_secs(3)), ..QUIET }, NOW);
        assert_eq!(book.place(share(), PATIENCE, NOW), Place::Stopped);
        assert_eq!(book.place(share(), PATIENCE, NOW + micros(STOP)), Place::In(Duration::ZERO));
    }

    fn place(book: &mut Book, now: u64) -> Place {
        book.place(share(), PATIENCE, now)
    }

    #[test]
    fn a_file_that_is_damaged_begins_with_a_rest_and_one_of_no_sense_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("host.json");
        let ahead = u64::MAX / 2;
        let strange = format!(r#"{{"next": {ahead}, "even": {ahead}, "held": {ahead}, "stopped": {ahead}}}"#);
        for (content, rests) in [
            (&b"\xff\xfe"[..], true),
            (b"{", true),
            (br#"{"next": "a word, in another version"}"#, true),
            (b"", false),
            (strange.as_bytes(), false),
        ] {
            std::fs::write(&path, content).expect("it is written");
            let place = change_file(&path, place).expect("it can be read");
            assert_eq!(place, Place::In(if rests { REST } else { Duration::ZERO }), "{content:?}");
            let read = std::fs::read_to_string(&path).expect("it is there");
            assert!(serde_json::from_str::<Book>(&read).expect("a book").next > NOW, "{read}");
        }
    }

    #[test]
    fn who_is_killed_while_it_writes_takes_no_stop_with_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("host.json");
        let stop = Answered { stop: Some(BAN), ..QUIET };
        let tell =
            |book: &mut Book, now| book.scopes.insert("long".repeat(99), Scopes { until: now, names: Vec::new() });
        change_file(&path, tell).expect("it is written");
        let before = std::fs::read(&path).expect("it is there");
        std::fs::remove_file(&path).expect("it is there");
        change_file(&path, |book, now| book.heed(stop, now)).expect("it is written");
        // Written over the longer one, and not yet cut.
        let mut both = std::fs::read(&path).expect("it is there");
        both.extend(&before[both.len()..]);
        std::fs::write(&path, both).expect("it is written");
        assert_eq!(change_file(&path, place).expect("it can be read"), Place::Stopped);
        let read = std::fs::read_to_string(&path).expect("it is there");
        assert!(serde_json::from_str::<Book>(&read).is_ok(), "{read}");
    }

    #[test]
    fn a_clock_that_goes_back_makes_nobody_wait_for_longer_and_forgets_no_stop() {
        const HOUR: u64 = 3_600_000_000;
        let mut book = Book { written: NOW, ..Book::default() };
        book.heed(Answered { hold: Some(Duration::from_secs(9)), ..QUIET }, NOW);
        let read = |book: &Book, now| Book::read(&serde_json::to_vec(book).expect("it is a book"), now);
        assert_eq!(place(&mut read(&book, NOW - HOUR), NOW - HOUR), Place::In(Duration::from_secs(9)));
        book.heed(Answered { stop: Some(STOP), ..QUIET }, NOW);
        for (now, is_stopped) in [(NOW - HOUR, true), (NOW + micros(STOP) - 1, true), (NOW + micros(STOP), false)] {
            assert_eq!(place(&mut read(&book, now), now) == Place::Stopped, is_stopped, "{now}");
        }
    }

    #[tokio::test]
    async fn scopes_are_known_to_all_for_a_while() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = "http://127.0.0.1:1".parse().expect("a URL");
        let [one, other] = [(); 2].map(|()| Shared::open(folder.path(), &url).expect("it is made"));
        assert_eq!(other.scopes([7; 8]).await, None);
        one.tell_scopes([7; 8], vec!["a_scope".into()]).await;
        assert_eq!(other.scopes([7; 8]).await, Some(vec!["a_scope".into()]));
        assert_eq!(other.scopes([8; 8]).await, None);
        let file =
            std::fs::read_dir(folder.path()).expect("it is there").next().expect("a file").expect("a file").path();
        let much_later = |book: &mut Book, now| {
            *book = Book::read(&serde_json::to_vec(book).expect("a book"), now + 2 * micros(STOP));
        };
        change_file(&file, much_later).expect("it is written");
        assert_eq!(other.scopes([7; 8]).await, None);
    }

    #[test]
    fn who_hangs_with_the_file_in_hand_makes_nobody_else_hang() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("host.json");
        let held = open_in_place(&path).expect("it is made");
        fs4::FileExt::lock(&held).expect("nobody else has it");
        let error = change_file(&path, place).expect_err("it is locked");
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        drop(held);
        assert!(change_file(&path, place).is_ok());
    }
}
