//! `cargo xtask simulate`: nightly checks of a target that misbehaves now and then. Some nights the API has drifted as well.
//!
//! A night that finds drift where there is none is a false alarm; one that finds none where there is some has missed it.
//! The target is our own double behind a URL, with one fault in so many requests; a drift is one stored answer that is
//! changed in one place, in a way that breaks a consumer (`xtask/trials/src/kind.rs`), or a key that is gone. The same seed
//! draws the same drifts, and the same faults for the same order of requests.
//!
//! It is a binary of its own package and not part of `xtask`, which must build when a client does not.

mod drift;
#[cfg(target_os = "linux")]
mod kinds;
mod night;
mod tally;

use clap::Parser;
use drift::Drifts;
use futures::stream::{self, StreamExt};
use night::Night;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;
use tally::Tally;
use vigie_harness::providers::{Provider, provider};
use vigie_sandbox::faults::{Fault, Faults};

/// Simulate runs against a sandbox that misbehaves, and count false alarms and missed drifts.
#[derive(Parser)]
#[command(name = "cargo xtask simulate")]
struct Args {
    /// Runs without any drift.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    runs: u64,
    /// Runs with one drift each.
    #[arg(long, value_name = "N", default_value_t = 100)]
    drifts: u64,
    /// The fault to inject, and how often: `[OPERATION=]KIND[:RATE]`, as for `vigie serve`; `any` draws a kind each time.
    #[arg(long, value_name = "FAULT", default_value = "any:5%")]
    fault: Fault,
    /// The seed of the random draws.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The provider to check.
    #[arg(long, default_value = "api-particulier")]
    provider: String,
    /// Check as a real host is checked: with one token, within the provider's rate limit, and no further after a 429. A drift
    /// that is not requested any more, or that this token cannot request, counts as missed.
    #[arg(long)]
    real: bool,
    /// How long a call may take, such as `2s`, if the provider's own limit makes runs needlessly long.
    #[arg(long, value_name = "TIME")]
    timeout: Option<String>,
    /// How many runs to simulate at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Simulate no runs: for each kind of fault, check an operation that always has it, and print the result and the cost.
    #[cfg(target_os = "linux")]
    #[arg(long, conflicts_with_all = ["runs", "drifts", "fault", "seed", "provider", "real", "timeout", "jobs"])]
    kinds: bool,
}

/// Exit status 0 without a false alarm and with every drift found, 1 when not, 2 without a result.
fn main() -> ExitCode {
    let args = Args::parse();
    #[cfg(target_os = "linux")]
    if args.kinds {
        return match kinds::draw(&mut std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::from(2)
            }
        };
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(spend(&args)));
    match result {
        Ok(tally) => {
            // A reader that went away (`| head`) must not hide the exit status.
            tally.draw(&mut std::io::stdout().lock()).ok();
            ExitCode::from(u8::from(!tally.is_enough()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Spends the nights, some at once.
async fn spend(args: &Args) -> Result<Tally, String> {
    let provider: &'static Provider =
        provider(&args.provider).ok_or_else(|| format!("no provider `{}`", args.provider))?;
    let variable = provider.token_variable();
    if std::env::var_os(variable).is_some() {
        return Err(format!("with {variable} set, the sandbox would be treated as a real host; unset it"));
    }
    let drifts = Drifts::new(provider)?;
    if args.drifts > 0 && drifts.is_empty() {
        return Err(format!("the sandbox of {} has no answer that could drift", args.provider));
    }
    let token = token().map_err(|error| error.to_string())?;
    let start = Instant::now();
    let numbers = (0..args.runs).map(|_| None).chain((0..args.drifts).map(Some));
    let nights = (0_u64..).zip(numbers).map(|(number, drift)| {
        let faults = Faults { seed: draw((args.seed, number)), ..args.fault.clone().into() };
        let drift = drift.map(|number| drifts.pick(number, args.seed));
        let timeout = args.timeout.iter().map(|timeout| format!("timeout = {timeout:?}\n"));
        let token = args.real.then(|| format!("token_file = '{}'\n", token.path().display()));
        let settings = timeout.chain(token).collect();
        let night = tokio::spawn(Night { number, provider, faults, drift, settings }.spend());
        async { night.await.map_err(|error| error.to_string())? }
    });
    // A night begins when it is asked for, not before.
    let mut nights = stream::iter(nights).buffer_unordered(usize::from(args.jobs));
    let mut tally = Tally::default();
    while let Some(night) = nights.next().await {
        tally.add(night?);
    }
    tally.elapsed = start.elapsed();
    Ok(tally)
}

/// A token that the doubles know, in a file.
fn token() -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(b"sandbox-token")?;
    Ok(file)
}

/// A number that a seed and a place always give.
fn draw(from: (u64, u64)) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(from)
}

#[cfg(test)]
mod tests {
    use super::{Args, spend};
    use clap::Parser;

    fn args(more: &[&str]) -> Args {
        Args::parse_from([&["nights"], more].concat())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_drift_is_found_and_a_good_night_is_quiet() {
        // The one request that a fault befalls may still be lost to it; which of the kinds does not matter here.
        let tally = spend(&args(&["--runs", "1", "--drifts", "2", "--fault", "any:1x"])).await.expect("nights");
        let mut table = Vec::new();
        tally.draw(&mut table).expect("a vector takes everything");
        let table = String::from_utf8(table).expect("it is text");
        assert!(table.contains("drifts found"), "{table}");
        assert_eq!((tally.quiet.count, tally.drifted.count, tally.found), (1, 2, 2), "{table}");
        assert_eq!(tally.quiet.strikes.kinds.values().sum::<u64>(), 1, "{table}");
        assert!(tally.quiet.strikes.requests > 500, "{table}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_stores_no_answers_can_lose_a_key_of_them() {
        let kaizala = ["--provider", "kaizala", "--runs", "1", "--drifts", "1", "--fault", "any:1x"];
        let tally = spend(&args(&kaizala)).await.expect("nights");
        assert_eq!((tally.false_alarms, tally.found), (0, 1), "{tally:?}");
    }

    #[tokio::test]
    async fn nobody_is_no_provider() {
        assert!(spend(&args(&["--provider", "nobody"])).await.is_err());
    }
}
