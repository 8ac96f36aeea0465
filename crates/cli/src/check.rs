//! `vigie check`: cases in, a report out.

use super::config::{self, Config};
use super::error::CliError;
use super::folders;
use super::progress::Progress;
use super::reports::{Ready, Reports};
use super::signals::broken_off;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vigie_drift::finding::{Conclusion, counted_with};
use vigie_drift::run::RunReport;
use vigie_harness::exchanges::recorded;
use vigie_harness::providers::{PROVIDERS, Provider, provider};
use vigie_harness::queries::Queryable;
use vigie_harness::runner::{Plan, PlanError, Published, Store, Target};
use vigie_judge::exceptions::Exceptions;
use vigie_scenario::Choice;
use vigie_scenario::recorded::read_folder;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The provider to check. Default: `api-particulier`, or with `--operations` the one with a GraphQL API.
    #[arg(long)]
    provider: Option<String>,
    /// Check only the operation with this id, and scenarios that call it.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// Check only cases whose name, or `operation/name`, matches, and scenarios with such a name or step.
    #[arg(long, value_name = "GLOB")]
    case: Option<String>,
    /// `sandbox` (embedded), the provider's `staging` or `production`, a name from `vigie.toml`, or a base URL. A real host
    /// needs a token: `vigie list --env` lists the variables.
    #[arg(long, value_name = "sandbox|staging|production|NAME|URL", default_value = "sandbox")]
    target: Target,
    /// Replay the cases of this folder instead of the embedded ones: `DIR/<operation>/<case>.yml`, or the official
    /// repository's `payloads/`.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Send nothing: check the GraphQL queries of a consumer (the `.graphql` and `.gql` files of this folder) against the
    /// schemas of the contract, and report what the server would reject.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["operation", "case", "target", "corpus", "snapshots", "jobs"])]
    operations: Option<PathBuf>,
    /// Send nothing: judge the recorded exchanges of this folder, one `.yaml` file each.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["operation", "case", "target", "corpus", "snapshots", "jobs"])]
    exchanges: Option<PathBuf>,
    /// Also compare answers with a published document: files, or a folder that `cargo xtask fetch` filled. The report says
    /// which two of published document, answers and accepted contract agree; the exit status does not depend on it.
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["operations", "exchanges"])]
    published: Vec<PathBuf>,
    /// The folder of accepted snapshots. Default: `./snapshots` if it exists, otherwise those of the binary; none with
    /// `--corpus`.
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// Configuration file with exceptions, severities and targets. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    reports: Reports,
    /// How long the whole run may take, retries included: `90s`, `10m`, `1h 30m`. Cases that are left then are not sent.
    #[arg(long, value_name = "TIME", value_parser = budget, conflicts_with_all = ["operations", "exchanges"])]
    budget: Option<Duration>,
    /// Let cases pass that could not be judged: an unknown operation, a file that cannot be read, a missing credential.
    /// They are still reported, and a run in which nothing was judged is still inconclusive.
    #[arg(long)]
    allow_skipped: bool,
    /// How many requests to send at once.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
}

/// The exit status of a program that a person ends, as shells have it.
const BROKEN_OFF: i32 = 130;

/// Whose contracts are meant if nothing is said: those that a consumer is most likely to depend on.
pub(super) const DEFAULT_PROVIDER: &str = "api-particulier";

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let ready = args.reports.prepare()?;
    let Config { mut exceptions, settings } = config::read(args.config.as_deref())?;
    if args.allow_skipped {
        exceptions.allow_skipped();
    }
    if let Some(folder) = &args.exchanges {
        return exchanges(folder, args.provider.as_deref(), &exceptions, ready);
    }
    if let Some(folder) = &args.operations {
        if let Some(name) = &args.provider {
            find_provider(name)?;
        }
        let contract = Queryable::embedded(args.provider.as_deref())?;
        return draw(&contract.check(folder, &exceptions)?, ready);
    }
    let provider = find_provider(args.provider.as_deref().unwrap_or(DEFAULT_PROVIDER))?;
    let choice = choice(args.operation.as_deref(), args.case.as_deref())?;
    let mut plan = Plan::chosen(provider, args.corpus.as_deref(), &choice)?;
    plan.target = args.target;
    plan.jobs = usize::from(args.jobs);
    (plan.exceptions, plan.settings) = (exceptions, settings);
    plan.published = Published::read(&args.published, &plan.contracts)?;
    plan.snapshots = match (args.snapshots, args.corpus) {
        (Some(folder), _) => {
            // No new snapshot is ever written of a provider's own host.
            folders::snapshots(&folder, !matches!(plan.target, Target::Stage(_)))?;
            Store::Folder(folder)
        }
        (None, Some(_)) => Store::Off,
        (None, None) => Store::find(provider.name),
    };
    if let Some(id) = &args.operation {
        plan.operation(id)?;
    }
    // Before anybody is asked anything, with a token or without.
    if !plan.corpus.has_any(&choice) {
        let of = format!("--provider {}", provider.name);
        return Err(CliError::Usage(format!("no case matches; `vigie list cases {of}` lists them")));
    }
    let cancellation = plan.cancellation.clone();
    if let Some(budget) = args.budget {
        cancellation.cancel_after(budget, format!("the budget of {} is spent", humantime::format_duration(budget)));
    }
    tokio::spawn(async move {
        broken_off().await;
        cancellation.cancel("the run was broken off");
        // Who asks twice does not wait for the report.
        broken_off().await;
        std::process::exit(BROKEN_OFF);
    });
    let is_whole = args.operation.is_none() && args.case.is_none();
    let orphans = if is_whole { plan.orphans()?.0 } else { Vec::new() };
    let progress = Progress::new();
    plan.events = progress.events();
    let session = plan.start(|scenario| choice.takes(scenario)).await?;
    progress.begin(session.len());
    let report = session.run().await;
    progress.end();
    let mut report = report?;
    report.notes.extend(orphans.first().map(|first| {
        let (count, first) = (counted_with(orphans.len(), "accepted snapshot", "belongs", "belong"), first.display());
        format!("{count} to no case, such as {first}; `vigie accept --prune` removes them")
    }));
    draw(&report, ready)
}

/// A time that is not over before it began.
fn budget(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => Err("the budget must be greater than zero, such as `90s`".into()),
        Ok(budget) => Ok(budget),
        Err(error) => Err(format!("{error}; write `90s`, `10m` or `1h 30m`")),
    }
}

/// Which scenarios are wanted.
pub(super) fn choice(operation: Option<&str>, pattern: Option<&str>) -> Result<Choice, CliError> {
    Choice::new(operation, pattern).map_err(|reason| CliError::Usage(format!("--case: {reason}")))
}

/// Judges recorded exchanges. Any provider whose contract is embedded will do: no client and no sandbox is needed.
fn exchanges(
    folder: &Path,
    provider: Option<&str>,
    exceptions: &Exceptions,
    ready: Ready,
) -> Result<Conclusion, CliError> {
    let name = provider.unwrap_or(DEFAULT_PROVIDER);
    let contracts = vigie_embedded::contracts(name);
    if contracts.is_empty() {
        find_provider(name)?;
    }
    let (exchanges, mut unread) = partition(read_folder(folder).map_err(PlanError::from)?);
    if exchanges.is_empty() && !unread.is_empty() {
        return Err(PlanError::from(unread.remove(0)).into());
    }
    let queryable = Queryable::embedded(Some(name)).ok();
    let endpoints = queryable.as_ref().map(Queryable::endpoints).transpose()?.unwrap_or_default();
    let queries = queryable.as_ref().map(|queryable| queryable.queries(&endpoints));
    draw(&recorded(contracts, queries, (&exchanges, &unread), exceptions), ready)
}

/// What could be read, and why the rest could not.
fn partition<T, E>(read: Vec<Result<T, E>>) -> (Vec<T>, Vec<E>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(one) => good.push(one),
            Err(error) => bad.push(error),
        }
    }
    (good, bad)
}

fn draw(report: &RunReport, ready: Ready) -> Result<Conclusion, CliError> {
    ready.draw(|format, out| format.render(report, out))?;
    Ok(report.conclusion())
}

/// A provider by name, or an error that names the known ones.
pub(super) fn find_provider(name: &str) -> Result<&'static Provider, CliError> {
    provider(name).ok_or_else(|| {
        let known: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        CliError::Usage(format!("no provider `{name}`; known: {}", known.join(", ")))
    })
}
