//! `vigie merge`: the reports of shards in, one report out.

use super::error::CliError;
use super::reports::Reports;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use vigie_drift::finding::Conclusion;
use vigie_harness::merge::{Shard, merge};
use vigie_harness::origin::Origin;

#[derive(clap::Args)]
pub(super) struct Args {
    /// JSON reports of `vigie check`, and folders of them (with sub-folders).
    #[arg(required = true, value_name = "FILE|DIR")]
    reports: Vec<PathBuf>,
    /// How many reports there should be: with fewer, the result is inconclusive.
    #[arg(long, value_name = "N")]
    expect: Option<NonZeroUsize>,
    #[command(flatten)]
    drawn: Reports,
}

pub(super) fn run(args: Args) -> Result<Conclusion, CliError> {
    let ready = args.drawn.prepare()?;
    let expected = args.expect.map(NonZeroUsize::get);
    let (mut shards, mut seen) = (Vec::new(), BTreeSet::new());
    let of_folder = |path: &Path| !ready.writes(path);
    for path in args.reports.iter().map(|path| files(path, of_folder)).collect::<Result<Vec<_>, _>>()?.concat() {
        // A file that is named twice, or beside its folder, is one report: it must not stand in for one that is missing.
        if path.canonicalize().is_ok_and(|path| !seen.insert(path)) {
            continue;
        }
        let Origin { name, bytes, .. } = Origin::read(&path.display().to_string())?;
        let report = vigie_report::read(&name, &bytes)?;
        shards.push(Shard { file: name, report });
    }
    if let Some(expected) = expected.filter(|expected| *expected < shards.len()) {
        let found = shards.len();
        let mend = "does the folder have reports of another run?";
        return Err(CliError::Usage(format!("--expect {expected}: there are {found} reports; {mend}")));
    }
    let merged = merge(&shards, expected);
    ready.draw(|format, out| format.render(&merged, out))?;
    Ok(merged.conclusion())
}

/// The reports of a folder that are wanted, in order; a file is itself.
fn files(path: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    // Nothing is left out: a folder of reports is likely to be in a .gitignore.
    let walk = ignore::WalkBuilder::new(path).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| CliError::Usage(error.to_string()))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "json") && is_wanted(entry.path()) {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        let mend = "`vigie check --report json=FILE` writes one";
        return Err(CliError::Usage(format!("{}: no report (*.json) in this folder; {mend}", path.display())));
    }
    Ok(files)
}
