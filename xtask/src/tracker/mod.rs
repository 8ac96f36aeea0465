//! `cargo xtask tracker`: one issue for each cause that breaks consumers, opened once and closed when the drift is gone.
//!
//! Two nights in a row make no second issue, and nothing is said about what has not changed. What was not judged, for an
//! outage or because a part of the run is missing, closes nothing. Runs at the same time are kept apart by the workflow.

mod forge;
mod markdown;
mod memory;
mod night;
mod plan;
mod text;

use forge::{Failure, Forge};
use night::Night;
use plan::Step;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie_contract::files;
use vigie_drift::run::RunReport;

/// The label of our issues. Only who may set labels can make one that counts, and an issue that lost it is not found again.
const LABEL: &str = "contract-drift";
/// The most issues that one night opens: when everything drifts, the first are enough to know. The others come next night.
const MOST: usize = 50;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A JSON report of `vigie check` or `vigie merge`; one for each provider and target.
    #[arg(long, value_name = "FILE", required = true)]
    report: Vec<PathBuf>,
    /// Only print what would be done: issues are read, if the environment names a tracker, and none is changed.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let reports = args.report.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let forge = forge::find(&variable, args.dry_run)?;
    let run = forge::run_url(&variable);
    match track(&Night::new(reports), forge.as_deref(), run.as_deref(), args.dry_run, out) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            crate::complain(&failure);
            Ok(ExitCode::from(3))
        }
    }
}

/// The report of a run against one target.
fn read(path: &Path) -> Result<RunReport, String> {
    let name = path.display().to_string();
    let bytes = files::read(path, files::MOST_TEXT).map_err(|error| format!("{name}: {error}"))?;
    vigie_report::read(&name, &bytes).map_err(|error| error.to_string())
}

fn track(
    night: &Night,
    forge: Option<&dyn Forge>,
    run: Option<&str>,
    dry_run: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let issues = forge.map_or_else(|| Ok(Vec::new()), Forge::issues)?;
    let mut opened = 0;
    for (id, step) in plan::plan(night, &issues, run) {
        if matches!(step, Step::Open { .. }) {
            opened += 1;
            if opened > MOST {
                continue;
            }
        }
        let line = match forge {
            Some(forge) if !dry_run => apply(forge, step)?,
            _ => describe(&step),
        };
        // A reader that went away must not stop the work.
        writeln!(out, "{id}  {line}").ok();
    }
    if opened > MOST {
        writeln!(out, "{} more causes have no issue yet: the limit is {MOST} a night", opened - MOST).ok();
    }
    if opened == 0 && issues.is_empty() {
        writeln!(out, "no cause that breaks consumers, and no open issue").ok();
    }
    Ok(())
}

/// Does one step. The state comes before the comment: if the second fails, the next night does not say it again.
fn apply(forge: &dyn Forge, step: Step) -> Result<String, Failure> {
    let told = describe(&step);
    match step {
        Step::Open { title, body } => {
            let number = forge.open(&title, &body)?;
            return Ok(format!("opened #{number}"));
        }
        Step::Edit { number, body, comment } => {
            forge.edit(number, &body)?;
            if let Some(comment) = comment {
                forge.comment(number, &comment)?;
            }
        }
        Step::Reopen { number, body, comment } => {
            forge.reopen(number, &body)?;
            forge.comment(number, &comment)?;
        }
        Step::Close { number, comment } => {
            forge.close(number)?;
            forge.comment(number, &comment)?;
        }
        Step::Leave { .. } => {}
    }
    Ok(told)
}

fn describe(step: &Step) -> String {
    match step {
        Step::Open { title, body } => format!("opens an issue: {title}\n\n{body}"),
        Step::Edit { number, .. } => format!("updates #{number}: other locations than before"),
        Step::Reopen { number, .. } => format!("reopens #{number}: the drift is back"),
        Step::Close { number, .. } => format!("closes #{number}: the drift is gone"),
        Step::Leave { number, reason } => format!("leaves #{number}: {}", markdown::title(reason)),
    }
}
