//! `vigie accept`: the pending snapshots of a cause, all at once.

use super::check::{DEFAULT_PROVIDER, find_provider};
use super::error::CliError;
use super::terminal::stdout;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use vigie_drift::comparison::Cause;
use vigie_drift::finding::{Conclusion, counted, text};
use vigie_harness::accept::{Accepted, Pending};
use vigie_harness::runner::{Plan, Store};
use vigie_report::visible::whole;

/// How many characters of a value a line of the list shows.
const SHOWN: usize = 40;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Ids of causes, from `vigie check` or the list. Without any, list the causes.
    #[arg(value_name = "CAUSE")]
    causes: Vec<String>,
    /// List the causes of the pending snapshots, and accept nothing.
    #[arg(long, conflicts_with = "causes")]
    list: bool,
    /// Remove the accepted snapshots that belong to no case.
    #[arg(long, conflicts_with_all = ["causes", "list"])]
    prune: bool,
    /// With `--prune`: the cases, in the place of the embedded ones.
    #[arg(long, value_name = "DIR", requires = "prune")]
    corpus: Option<PathBuf>,
    /// With `--prune`: the provider of the cases.
    #[arg(long, default_value = DEFAULT_PROVIDER, requires = "prune")]
    provider: String,
    /// The folder of the snapshots.
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Conclusion, CliError> {
    if !args.snapshots.is_dir() {
        let folder = args.snapshots.display();
        return Err(CliError::Usage(format!(
            "{folder}: no such folder; name the folder of the snapshots with --snapshots DIR"
        )));
    }
    if args.prune {
        return prune(args);
    }
    let pending = Pending::read(&args.snapshots)?;
    let mut out = io::BufWriter::new(stdout());
    if args.causes.is_empty() {
        list(&pending, &mut out)?;
        out.flush()?;
        return Ok(Conclusion::Conformant);
    }
    let ids: Vec<String> = args.causes.iter().map(|id| meant(id, &pending)).collect::<Result<_, _>>()?;
    let outcome = pending.accept(&ids)?;
    tell(&outcome, &pending, &mut out)?;
    out.flush()?;
    Ok(if outcome.accepted.is_empty() { Conclusion::Drift } else { Conclusion::Conformant })
}

/// Removes the snapshots of no case. Where no snapshot belongs to one, these are hardly the cases that were meant.
fn prune(args: &Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let mut plan = Plan::new(provider, args.corpus.as_deref())?;
    plan.snapshots = Store::Folder(args.snapshots.clone());
    let (orphans, known) = plan.orphans()?;
    if known == 0 && !orphans.is_empty() {
        return Err(CliError::Usage(format!(
            "none of the {} of {} belongs to one of these cases; name yours with --corpus DIR and --provider NAME",
            counted(orphans.len(), "snapshot"),
            provider.name
        )));
    }
    let mut out = io::BufWriter::new(stdout());
    for file in &orphans {
        std::fs::remove_file(file)
            .map_err(|error| CliError::Usage(format!("{}: cannot be removed: {error}", file.display())))?;
        writeln!(out, "{}", whole(&file.display().to_string()))?;
    }
    writeln!(out, "{} removed", counted(orphans.len(), "snapshot"))?;
    out.flush()?;
    Ok(Conclusion::Conformant)
}

/// The pending cause that an id, or the beginning of one, names.
fn meant(id: &str, pending: &Pending) -> Result<String, CliError> {
    let all: Vec<&str> = pending.causes.iter().map(|cause| cause.id.as_str()).collect();
    let named: Vec<&str> = all.iter().copied().filter(|own| !id.is_empty() && own.starts_with(id)).collect();
    match named[..] {
        [only] => Ok(only.to_owned()),
        [] => Err(unknown(id, pending)),
        _ => Err(CliError::Usage(format!("`{id}` begins several ids: {}", named.join(", ")))),
    }
}

fn unknown(id: &str, pending: &Pending) -> CliError {
    let known: Vec<&str> = pending.causes.iter().map(|cause| cause.id.as_str()).collect();
    CliError::Usage(if known.is_empty() {
        format!("no pending cause `{id}`: no new snapshot waits; `vigie check` writes one for each answer that differs")
    } else {
        format!("no pending cause `{id}`; pending: {}", known.join(", "))
    })
}

fn list(pending: &Pending, out: &mut dyn Write) -> io::Result<()> {
    for cause in &pending.causes {
        writeln!(out, "{}  {}  {}", cause.id, summary(cause), counted(snapshots(cause), "snapshot"))?;
    }
    for file in &pending.foreign {
        let file = whole(file);
        writeln!(out, "{file}: not a snapshot of vigie, or the accepted one is not; `cargo insta review` shows it")?;
    }
    if pending.is_empty() {
        return writeln!(out, "no new snapshot waits");
    }
    let (snapshots, causes) = (counted(pending.len(), "snapshot"), counted(pending.causes.len(), "cause"));
    writeln!(out, "{snapshots} of {causes}; `vigie accept CAUSE..` accepts, `cargo insta review` shows each")
}

fn tell(outcome: &Accepted, pending: &Pending, out: &mut dyn Write) -> io::Result<()> {
    for file in &outcome.accepted {
        writeln!(out, "{}", whole(file))?;
    }
    writeln!(out, "{} accepted", counted(outcome.accepted.len(), "snapshot"))?;
    for (file, others) in &outcome.left {
        let named = others.iter().map(|id| {
            let cause = pending.causes.iter().find(|cause| cause.id == *id);
            cause.map_or_else(|| id.clone(), |cause| format!("{id}: {}", summary(cause)))
        });
        let accept = if others.len() == 1 { "accept both" } else { "accept all" };
        let file = whole(file);
        writeln!(out, "left: {file}, also {}; {accept}", named.collect::<Vec<_>>().join(", also "))?;
    }
    Ok(())
}

/// `breaking value-form-changed at /data/annee: year-year -> year`
fn summary(cause: &Cause) -> String {
    let place = cause.places.first().map(|place| place.location.to_string()).unwrap_or_default();
    let at = if place.is_empty() { String::new() } else { format!(" at {}", whole(&place)) };
    let short = |value| {
        let value = whole(&text(value));
        match value.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value,
        }
    };
    format!("{} {}{at}: {} -> {}", cause.class, cause.rule, short(&cause.expected), short(&cause.observed))
}

/// How many snapshots a cause has; one may show it at several places.
fn snapshots(cause: &Cause) -> usize {
    cause.places.iter().filter_map(|place| place.case.as_ref()).collect::<BTreeSet<_>>().len()
}
