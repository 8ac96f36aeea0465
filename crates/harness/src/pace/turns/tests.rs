//! Time stands still here and jumps to the next thing that happens.

use super::{Quota, Turns};
use crate::pace::Rate;
use crate::pace::share::Share;
use crate::transport::Outage;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::Instant;
use vigie_exchange::Response;

const RATE: Rate = Rate { per_second: 20, per_minute: 1000 };
const SECOND: Duration = Duration::from_secs(1);

fn answer(status: StatusCode, headers: &[(&'static str, &'static str)]) -> Response {
    let headers = headers.iter();
    let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    Response { status, headers: headers.collect::<HeaderMap>(), body: Bytes::new().into() }
}

fn turns() -> Turns {
    turns_of(1)
}

/// The turns of one of so many machines.
fn turns_of(machines: u32) -> Turns {
    Turns::new(Share::of(RATE, NonZeroU32::new(machines).expect("not 0")), None)
}

fn later() -> Instant {
    Instant::now() + 600 * SECOND
}

/// When each of so many turns of some tokens came, all of them asked for at once.
async fn times(turns: &Turns, tokens: u8, count: usize) -> Vec<Instant> {
    let wait = |number: usize| async move {
        let token = u8::try_from(number % usize::from(tokens)).expect("few tokens");
        turns.turn([token; 8], later()).await.map(|_| Instant::now())
    };
    let mut times = futures::future::try_join_all((0..count).map(wait)).await.expect("none is refused");
    times.sort();
    times
}

/// How many of them lie in the fullest window of a length.
fn most(times: &[Instant], window: Duration) -> usize {
    let within = |start: &Instant| times.iter().filter(|time| *time >= start && **time - *start < window).count();
    times.iter().map(within).max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn requests_leave_evenly_and_no_more_than_a_minute_has_room_for() {
    for tokens in [1, 5] {
        let times = times(&turns(), tokens, 1500).await;
        assert!((15..=20).contains(&most(&times, SECOND)), "{}", most(&times, SECOND));
        assert!(most(&times, SECOND / 4) <= 5);
        assert!((900..=1000).contains(&most(&times, 60 * SECOND)), "{}", most(&times, 60 * SECOND));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_a_quota_is_all_that_is_sent_before_it_is_renewed() {
    let turns = turns();
    let start = Instant::now();
    let first = turns.turn([0; 8], later()).await.expect("its turn");
    first.heed(&answer(StatusCode::OK, &[("ratelimit-remaining", "2"), ("ratelimit-reset", "30")])).await;
    let after = times(&turns, 1, 3).await;
    assert!(after[1] - start < SECOND && after[2] - start >= 30 * SECOND, "{after:?}");
    // Another token has a quota of its own.
    let now = Instant::now();
    turns.turn([1; 8], later()).await.expect("its turn");
    assert!(Instant::now() - now < SECOND);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_under_way_may_not_be_counted_yet() {
    let turns = turns();
    let (first, second) = (turns.turn([0; 8], later()).await, turns.turn([0; 8], later()).await);
    let none_left = answer(StatusCode::OK, &[("ratelimit-remaining", "1"), ("ratelimit-reset", "30")]);
    second.expect("its turn").heed(&none_left).await;
    let now = Instant::now();
    turns.turn([0; 8], later()).await.expect("its turn");
    assert!(Instant::now() - now >= 29 * SECOND, "the one that is left is the first, which has no answer yet");
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn a_lower_limit_slows_down() {
    let turns = turns();
    let first = turns.turn([0; 8], later()).await.expect("its turn");
    first.heed(&answer(StatusCode::OK, &[("ratelimit-limit", "2")])).await;
    let fullest = most(&times(&turns, 1, 20).await, 10 * SECOND);
    assert!(fullest <= 20, "{fullest}");
    assert!(most(&times(&turns, 1, 20).await, SECOND) <= 3);
}

#[tokio::test(start_paused = true)]
async fn a_429_is_the_end_and_the_report_says_when_to_come_back() {
    let turns = turns();
    assert!(turns.notes().is_empty());
    let first = turns.turn([0; 8], later()).await.expect("its turn");
    first.heed(&answer(StatusCode::TOO_MANY_REQUESTS, &[("retry-after", "42")])).await;
    for token in [0, 1] {
        assert_eq!(turns.turn([token; 8], later()).await.err(), Some(Outage::Stopped));
    }
    assert!(turns.notes()[0].contains("42 s"), "{:?}", turns.notes());
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_would_come_too_late_is_refused_at_once() {
    let turns = turns();
    let first = turns.turn([0; 8], later()).await.expect("its turn");
    first.heed(&answer(StatusCode::OK, &[("ratelimit-remaining", "0"), ("ratelimit-reset", "3600")])).await;
    let start = Instant::now();
    assert_eq!(turns.turn([0; 8], start + 60 * SECOND).await.err(), Some(Outage::TooLate));
    assert_eq!(Instant::now(), start);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_word_about_quotas_changes_nothing() {
    let quota = Quota::of(&HeaderMap::new());
    assert_eq!((quota.limit, quota.remaining), (None, None));
    let turns = turns();
    turns.turn([0; 8], later()).await.expect("its turn").heed(&answer(StatusCode::OK, &[])).await;
    assert!(most(&times(&turns, 1, 40).await, SECOND) > 15);
}

#[tokio::test(start_paused = true)]
async fn machines_that_share_a_token_stay_together_below_what_it_may_do() {
    for machines in [2_u8, 5, 7, 11, 20] {
        let all: Vec<Turns> = (0..machines).map(|_| turns_of(machines.into())).collect();
        let sent = all.iter().map(|turns| times(turns, 1, 1500 / usize::from(machines)));
        let mut sent: Vec<Instant> = futures::future::join_all(sent).await.into_iter().flatten().collect();
        sent.sort();
        assert!((11..=20).contains(&most(&sent, SECOND)), "{machines}: {}", most(&sent, SECOND));
        assert!((500..=1000).contains(&most(&sent, 60 * SECOND)), "{machines}: {}", most(&sent, 60 * SECOND));
    }
}

#[tokio::test(start_paused = true)]
async fn of_what_is_left_of_a_quota_each_machine_takes_its_part() {
    for (left, sent) in [("9", 2), ("3", 0)] {
        let turns = turns_of(4);
        let start = Instant::now();
        let first = turns.turn([0; 8], later()).await.expect("its turn");
        first.heed(&answer(StatusCode::OK, &[("ratelimit-remaining", left), ("ratelimit-reset", "30")])).await;
        let times = times(&turns, 1, 4).await;
        let soon = times.iter().filter(|time| **time - start < 29 * SECOND).count();
        assert_eq!(soon, sent, "{left} left: {times:?}");
    }
}
