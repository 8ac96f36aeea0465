//! `cargo xtask nightly`: the steps of a night, as the workflows run them, against whatever target is given.
//!
//! A step that fails does not hide those after it that can still run. Each is a command of its own, so that what a step
//! does can be tried alone; the workflows name the steps that a machine has to do.

mod outcome;
mod shards;

use crate::bench::{BINARY, cargo_command};
use crate::specs::{self, workspace};
use outcome::{Outcome, Row};
use serde_json::Value;
use shards::{Found, Shard};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The target: `staging`, `production`, `sandbox`, a URL, or a name from `vigie.toml`.
    #[arg(long, default_value = "staging")]
    target: String,
    /// A provider with this target. May be repeated.
    #[arg(long, required = true)]
    provider: Vec<String>,
    /// How many shards the cases are split into.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    shards: u16,
    /// Run only this shard, such as `1/4`, if each machine runs one.
    #[arg(long, value_name = "NUMBER/COUNT", conflicts_with = "shards")]
    shard: Option<Shard>,
    /// Run only these steps. Default: all steps.
    #[arg(long, value_enum)]
    step: Vec<Step>,
    /// Where to write reports: for each provider `<provider>.json`, `.junit.xml` and `.md`, and `.published.json`.
    #[arg(long, value_name = "DIR", default_value = "target/nightly")]
    out: PathBuf,
    /// Only print what would be done with issues. This is the default if the environment names no tracker.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// Fetch the published documents.
    Fetch,
    /// Print what they change in the accepted contracts.
    Diff,
    /// Test whether the target can be checked: hosts, tokens, rights.
    Doctor,
    /// Check the cases.
    Check,
    /// Merge the reports of all shards.
    Merge,
    /// Open and close issues.
    Tracker,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let mut night = Night::new(args)?;
    for step in [Step::Fetch, Step::Diff, Step::Doctor, Step::Check, Step::Merge, Step::Tracker] {
        if args.step.is_empty() || args.step.contains(&step) {
            night.step(step)?;
        }
    }
    let table = outcome::table(&night.rows);
    // A reader that went away must not change how the night ended.
    write!(out, "\n{table}").ok();
    night.summarise(&table)?;
    Ok(outcome::worst(&night.rows))
}

struct Night<'a> {
    args: &'a Args,
    /// Absolute: trials run in the folder of their package.
    out: PathBuf,
    cargo: PathBuf,
    /// What is told to everything that asks the target: variables that are set already stay.
    pace: [(&'static str, OsString); 2],
    rows: Vec<Row>,
}

impl<'a> Night<'a> {
    fn new(args: &'a Args) -> Result<Self, String> {
        // A name that is no provider's is told before anything is done.
        for provider in &args.provider {
            specs::find_all(Some(provider))?;
        }
        let out = std::path::absolute(&args.out).map_err(|error| format!("{}: {error}", args.out.display()))?;
        std::fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let pace = pace(&out, args.shard);
        Ok(Self { args, out, cargo, pace, rows: Vec::new() })
    }

    fn step(&mut self, step: Step) -> Result<(), String> {
        let providers = &self.args.provider;
        match step {
            Step::Fetch => {
                self.of_each(providers, "fetch", |_, provider| ended(own_command().args(["fetch", provider])));
            }
            Step::Diff => self.of_each(providers, "diff", Self::diff),
            Step::Doctor => self.of_each(providers, "doctor", |night, provider| {
                night.vigie(&["doctor", "--provider", provider, "--target", &night.args.target])
            }),
            Step::Check => {
                for shard in self.args.shard.map_or_else(|| shards::all(self.args.shards), |shard| vec![shard]) {
                    let reports =
                        shards::clear(&self.out, shard).map_err(|error| format!("{}: {error}", self.out.display()))?;
                    for provider in providers {
                        let subject = format!("{provider} {}/{}", shard.number, shard.of);
                        self.row("check", subject, |night| night.check(provider, shard, &reports));
                    }
                }
            }
            Step::Merge => self.of_each(providers, "merge", Self::merge),
            Step::Tracker => self.row("tracker", String::new(), Self::tracker),
        }
        Ok(())
    }

    fn of_each(&mut self, providers: &[String], step: &'static str, act: impl Fn(&Self, &str) -> Outcome) {
        for provider in providers {
            self.row(step, provider.clone(), |night| act(night, provider));
        }
    }

    fn row(&mut self, step: &'static str, subject: String, act: impl FnOnce(&Self) -> Outcome) {
        eprintln!("\n== {step} {subject}");
        let start = Instant::now();
        let outcome = act(self);
        self.rows.push(Row { step, subject, outcome, time: start.elapsed() });
    }

    /// What the published documents change. A change that breaks nothing wakes nobody.
    fn diff(&self, provider: &str) -> Outcome {
        if specs::find(Some(provider)).is_err() {
            return Outcome::LeftOut("its contract is written by hand".into());
        }
        let path = self.report(provider, PUBLISHED);
        std::fs::remove_file(&path).ok();
        match ended(own_command().args(["regenerate", provider, "--report"]).arg(&path)) {
            Outcome::Drift => match std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
                Some(report) if Value::get(&report, "conclusion") == Some(&Value::from("drift")) => Outcome::Drift,
                Some(_) => Outcome::Fine,
                None => Outcome::Unable("no report of the changes was written".into()),
            },
            outcome => outcome,
        }
    }

    fn check(&self, provider: &str, shard: Shard, reports: &Path) -> Outcome {
        let mut command = cargo_command(&self.cargo);
        command.args(["nextest", "run", "--profile", "nightly", "--package", "vigie", "--test", "conformance"]);
        command.args(["--no-tests", "pass", "--partition", &format!("count:{}/{}", shard.number, shard.of)]);
        command.arg("--manifest-path").arg(workspace().join("Cargo.toml"));
        command.env("VIGIE_TARGET", &self.args.target).env("VIGIE_PROVIDER", provider).env("VIGIE_REPORTS", reports);
        command.envs(self.pace.clone());
        let status = match command.status() {
            Ok(status) => status,
            Err(error) => return Outcome::Unable(format!("{}: {error}", self.cargo.display())),
        };
        let outcome = match status.code() {
            Some(0) => Outcome::Fine,
            // Trials failed. Whether it is drift or an outage stands in their reports, and `merge` tells it.
            Some(100) => Outcome::Inconclusive,
            Some(code) => return Outcome::Unable(format!("nextest ended with {code}")),
            None => return Outcome::of(None),
        };
        match shards::end(&self.out, shard, provider, outcome != Outcome::Fine) {
            Ok(()) => outcome,
            Err(error) => Outcome::Unable(format!("{}: {error}", reports.display())),
        }
    }

    fn merge(&self, provider: &str) -> Outcome {
        let count = self.args.shard.map_or(self.args.shards, |shard| shard.of);
        let Found { folders, missing, failed } = shards::found(&self.out, count, provider);
        // A report of an earlier night must not pass for tonight's.
        for kind in [JSON, JUNIT, SUMMARY] {
            std::fs::remove_file(self.report(provider, kind)).ok();
        }
        if folders.is_empty() {
            return Outcome::Unable("no shard has a report".into());
        }
        let mut command = self.vigie_command();
        command.arg("merge").args(folders);
        for (format, kind) in [("json", JSON), ("junit", JUNIT), ("summary", SUMMARY)] {
            command.arg("--report").arg(format!("{format}={}", self.report(provider, kind).display()));
        }
        match ended(&mut command) {
            Outcome::Fine if !missing.is_empty() => Outcome::Unable(format!("shards that did not finish: {missing:?}")),
            // A trial fails by drift, or because its scenario could not be run at all: then no report has it.
            Outcome::Fine if !failed.is_empty() => {
                Outcome::Unable(format!("tests failed without a report, in shards {failed:?}"))
            }
            outcome => outcome,
        }
    }

    fn tracker(&self) -> Outcome {
        let both = |provider: &String| [PUBLISHED, JSON].map(|kind| self.report(provider, kind));
        let reports: Vec<PathBuf> = self.args.provider.iter().flat_map(both).filter(|path| path.is_file()).collect();
        if reports.is_empty() {
            return Outcome::Unable("no provider has a report".into());
        }
        let mut command = own_command();
        command.arg("tracker");
        for report in reports {
            command.arg("--report").arg(report);
        }
        let is_named = ["GITHUB_REPOSITORY", "CI_PROJECT_ID"].iter().any(|name| std::env::var_os(name).is_some());
        if self.args.dry_run || !is_named {
            command.arg("--dry-run");
        }
        ended(&mut command)
    }

    fn report(&self, provider: &str, kind: &str) -> PathBuf {
        self.out.join(format!("{provider}.{kind}"))
    }

    fn vigie(&self, arguments: &[&str]) -> Outcome {
        ended(self.vigie_command().args(arguments))
    }

    fn vigie_command(&self) -> Command {
        let mut command = cargo_command(&self.cargo);
        command.args(["run", "--quiet"]).args(BINARY).arg("--manifest-path");
        command.arg(workspace().join("Cargo.toml")).arg("--").envs(self.pace.clone());
        command
    }

    /// What GitHub shows on the page of a run: the table, and each provider's summary.
    fn summarise(&self, table: &str) -> Result<(), String> {
        let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
            return Ok(());
        };
        let merged = self.rows.iter().filter(|row| row.step == "merge").map(|row| self.report(&row.subject, SUMMARY));
        let mut text = format!("{table}\n");
        text.extend(merged.filter_map(|path| std::fs::read_to_string(path).ok()));
        let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| format!("GITHUB_STEP_SUMMARY: {}: {error}", Path::new(&path).display()))
    }
}

/// The folder of the paces, and among how many machines they are divided: the same names as vigie reads.
const PACE_DIR: &str = "VIGIE_PACE_DIR";
const SHARDS: &str = "VIGIE_SHARDS";
const PUBLISHED: &str = "published.json";
const JSON: &str = "json";
const JUNIT: &str = "junit.xml";
const SUMMARY: &str = "md";

/// How often the target may be asked: all that runs here keeps one pace, and stops together at a 429; it also holds for a night
/// that is begun again soon, so the folder is never emptied. The other shards are taken to run at the same time.
fn pace(out: &Path, shard: Option<Shard>) -> [(&'static str, OsString); 2] {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let machines = shard.map_or(1, |shard| shard.of).to_string();
    [
        (PACE_DIR, set(PACE_DIR).unwrap_or_else(|| out.join("pace").into())),
        (SHARDS, set(SHARDS).unwrap_or_else(|| machines.into())),
    ]
}

/// This program.
fn own_command() -> Command {
    Command::new(std::env::current_exe().unwrap_or_else(|_| "xtask".into()))
}

fn ended(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) => Outcome::of(status.code()),
        Err(error) => Outcome::Unable(format!("{}: {error}", command.get_program().display())),
    }
}
