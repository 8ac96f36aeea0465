//! `cargo xtask mutants`: what the harness catches of every change of one field, and whether it cries wolf.
//!
//! Each 200 answer of a corpus is changed field by field in every way of `kind.rs`, and each mutant goes through the real
//! judge, once against the contract and once against the snapshot of its original. No network, no chance: the same corpus
//! gives the same table.
//!
//! It is a binary of its own package and not part of `xtask`, which must build when a client does not.

mod tally;
mod trial;

use clap::{Parser, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tally::Tally;
use trial::{Outcome, Subject};
use vigie_harness::providers::PROVIDERS;
use vigie_harness::runner::Plan;
use vigie_judge::Judge;

/// Change every field of every 200 answer in every way, and count what the judge detects.
#[derive(Parser)]
#[command(name = "cargo xtask mutants")]
struct Args {
    /// The folder of the cases whose stored answers to change. Default: the embedded ones.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Only cases whose `operation/case` contains this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// The format of the result.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// List each noted mutant, not only their number: those with a wrong result, and changed values that were reported as
    /// uncertain.
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Exit status 0 when the goal is met (99 of 100 breaking changes caught, no false alarm), 1 when not, 2 without a result.
fn main() -> ExitCode {
    let args = Args::parse();
    match tally(args.corpus.as_deref(), args.only.as_deref().unwrap_or_default()) {
        Ok(tally) => {
            let mut out = std::io::stdout().lock();
            // A reader that went away (`| head`) must not hide the exit status.
            match args.format {
                Format::Human => tally.draw(args.list, &mut out).ok(),
                Format::Json => writeln!(out, "{:#}", tally.json()).ok(),
            };
            ExitCode::from(u8::from(!tally.is_enough()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Judges the mutants of a folder's answers, or of our own.
fn tally(corpus: Option<&Path>, only: &str) -> Result<Tally, String> {
    let (mut answers, mut outcomes) = (0, Vec::new());
    for provider in PROVIDERS {
        let plan = Plan::new(provider, corpus).map_err(|error| error.to_string())?;
        let judges: Vec<Judge> = plan.contracts.into_iter().map(Judge::new).collect();
        let wanted = plan.corpus.cases().filter(|case| format!("{}/{}", case.operation, case.name).contains(only));
        let subjects: Vec<Subject<'_>> = wanted.filter_map(|case| Subject::of(case, &judges)).collect();
        answers += subjects.len();
        outcomes.extend(judged(&subjects));
    }
    if answers == 0 {
        return Err(
            "no stored answer of status 200 in JSON; expected `<operation id>/<case>.yml` with a payload".into()
        );
    }
    Ok(Tally::new(answers, outcomes))
}

/// The outcomes in the order of the subjects, on every core.
fn judged(subjects: &[Subject<'_>]) -> Vec<Outcome> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = subjects.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = subjects
            .chunks(share)
            .map(|share| scope.spawn(|| share.iter().flat_map(Subject::outcomes).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a trial does not panic")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::tally;
    use std::path::Path;
    use trials::kind::Due;

    #[test]
    fn one_operation_meets_the_goal_and_the_table_says_so() {
        let tally = tally(None, "api_particulier_v2_cnous_student_scholarship/").expect("it has cases of our own");
        let mut table = Vec::new();
        tally.draw(true, &mut table).expect("a vector takes everything");
        let table = String::from_utf8(table).expect("it is text");
        assert!(tally.is_enough(), "{table}");
        let (breaking, moved) = (tally.sum(Due::Break), tally.sum(Due::Pass));
        assert!(breaking.mutants > 100 && moved.mutants > 20, "{table}");
        assert!(breaking.contract < breaking.caught, "the snapshot adds nothing:\n{table}");
        assert!(table.contains("key dropped") && table.contains("alarms"), "{table}");
        assert_eq!(tally.json()["breaks"]["mutants"], breaking.mutants);
    }

    #[test]
    fn official_answers_meet_the_goal_too() {
        let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
            eprintln!("left out: VIGIE_UPSTREAM is not set");
            return;
        };
        let corpus = Path::new(&upstream).join("api-particulier/sandbox");
        // Lists, nulls and empty texts; `.ci/run` takes every answer, in release.
        let tally = tally(Some(&corpus), "quotient_familial_v2/france_connect_200_msa").expect("the corpus is there");
        let mut table = Vec::new();
        tally.draw(true, &mut table).expect("a vector takes everything");
        assert!(tally.is_enough(), "{}", String::from_utf8_lossy(&table));
    }

    #[test]
    fn a_folder_without_answers_is_no_result() {
        assert!(tally(None, "no such case").is_err());
    }
}
