//! `vigie diff`: two documents in, classified changes out.

use super::config;
use super::error::CliError;
use super::reports::Reports;
use std::path::PathBuf;
use vigie_drift::comparison::Comparison;
use vigie_drift::diff::Listing;
use vigie_drift::finding::Conclusion;
use vigie_harness::compare::Pair;
use vigie_harness::history::timeline;
use vigie_harness::origin::{self, Origin};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The old document: a file, or `REV:path` in the git repository of this folder.
    #[arg(required_unless_present = "history", requires = "new")]
    old: Option<String>,
    /// The new document. Both are `OpenAPI`, Swagger 2.0 or GraphQL contracts, or recorded answers.
    new: Option<String>,
    /// Compare each version of a series with the one before it: the files of a folder by name, or `path@git` for every
    /// revision of a file.
    #[arg(long, value_name = "DIR|path@git", conflicts_with_all = ["old", "new"])]
    history: Option<String>,
    /// A folder that references of the documents may lead to, beside the folder or repository that each is in. It can be given
    /// several times.
    #[arg(long, value_name = "DIR")]
    allow_refs: Vec<PathBuf>,
    /// A folder of sources: the report says where they use what changed.
    #[arg(long, value_name = "DIR", conflicts_with = "history")]
    used_by: Option<PathBuf>,
    /// List a change of shared schemas at every location. Where schemas refer to each other very often, it is otherwise listed
    /// once in each message.
    #[arg(long, conflicts_with = "history")]
    all_locations: bool,
    /// Configuration file with exceptions and severities. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    reports: Reports,
}

pub(super) fn run(args: Args) -> Result<Conclusion, CliError> {
    let ready = args.reports.prepare()?;
    let exceptions = config::read(args.config.as_deref())?.exceptions;
    let comparisons = match (&args.history, &args.old, &args.new) {
        (Some(history), ..) => timeline(origin::history(history, &args.allow_refs)?, &exceptions)?,
        (None, Some(old), Some(new)) => {
            let pair = {
                let read = |name: &str| Ok::<_, CliError>(Origin::read(name)?.allowing(&args.allow_refs));
                Pair::read(&read(old)?, &read(new)?)?
            };
            let listing = if args.all_locations { Listing::Locations } else { Listing::Messages };
            let mut comparison = pair.compare(&exceptions, listing)?;
            if let Some(folder) = &args.used_by {
                pair.mark_used(&mut comparison, folder)?;
            }
            vec![comparison]
        }
        _ => return Err(CliError::Usage("two documents are needed: `vigie diff OLD NEW`".into())),
    };
    let conclusion = Comparison::conclude(&comparisons);
    ready.draw(|format, out| match (&comparisons[..], args.history.is_some()) {
        ([comparison], false) => format.render_comparison(comparison, out),
        (comparisons, _) => format.render_timeline(comparisons, out),
    })?;
    Ok(conclusion)
}
