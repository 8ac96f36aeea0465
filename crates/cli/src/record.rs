//! `vigie record`: answers of a target in, cases and snapshots out, without a value of anybody's.

use super::check::{DEFAULT_PROVIDER, choice, find_provider};
use super::config;
use super::error::CliError;
use super::folders;
use super::key::project_key;
use super::progress::Progress;
use super::terminal::{stderr, stdout};
use secrecy::ExposeSecret;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use vigie_drift::finding::{Conclusion, counted};
use vigie_harness::providers::{Provider, Stage};
use vigie_harness::record::{Record, Recording, Redaction};
use vigie_harness::runner::{Plan, PlanError, Store, Target};
use vigie_harness::targets::Resolved;
use vigie_judge::pseudonym::Pseudonyms;
use vigie_report::visible::whole;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The provider to record. Default: `api-particulier`.
    #[arg(long)]
    provider: Option<String>,
    /// `sandbox` (embedded), the provider's `staging` or `production`, a name from `vigie.toml`, or a base URL. For
    /// production, only snapshots of types, keys and formats are written: no values and no pseudonyms.
    #[arg(long, value_name = "sandbox|staging|production|NAME|URL")]
    target: Target,
    /// Where to write the cases: `DIR/<operation>/<case>.yml`, and `DIR/snapshots/`. Existing ones are refreshed.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Record only the operation with this id, and scenarios that call it.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// Record only cases whose name, or `operation/name`, matches.
    #[arg(long, value_name = "GLOB")]
    case: Option<String>,
    /// Send the cases of this folder instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// The project's key: the same key gives the same pseudonyms. Default: `VIGIE_RECORD_KEY`, otherwise `.vigie/record.key`,
    /// which is created if it is missing.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Configuration file with the targets. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Exit with 0 even if cases were left out that should have been recorded.
    #[arg(long)]
    allow_skipped: bool,
    /// How many requests to send at once.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(args.provider.as_deref().unwrap_or(DEFAULT_PROVIDER))?;
    if args.out.is_file() {
        return Err(CliError::Usage(format!("--out: {} is a file, not a folder", args.out.display())));
    }
    if args.corpus.as_ref().is_some_and(|corpus| same(corpus, &args.out)) {
        let message = "--out: the cases there have pseudonyms, which no target knows; record from your own cases again";
        return Err(CliError::Usage(message.into()));
    }
    let choice = choice(args.operation.as_deref(), args.case.as_deref())?;
    let mut plan = Plan::chosen(provider, args.corpus.as_deref(), &choice)?;
    plan.target = args.target;
    plan.settings = config::read(args.config.as_deref())?.settings;
    plan.jobs = usize::from(args.jobs);
    plan.snapshots = Store::Off;
    if let Some(id) = &args.operation {
        plan.operation(id)?;
    }
    if !plan.corpus.scenarios.iter().any(|scenario| choice.takes(scenario)) {
        let of = format!("--provider {}", provider.name);
        return Err(CliError::Usage(format!("no case matches; `vigie list cases {of}` lists them")));
    }
    let resolved = plan.settings.resolve(provider, &plan.target).map_err(PlanError::from)?;
    let redaction = if resolved.is_some_and(|target| is_production(provider, &target)) {
        Redaction::Outlines
    } else {
        let key = project_key(args.key_file, &args.out, &mut stderr())?;
        Redaction::Pseudonyms(Box::new(Pseudonyms::new(key.expose_secret().as_bytes(), provider.formats)))
    };
    let refused = |error: io::Error| CliError::Usage(format!("--out: {}: {error}", args.out.display()));
    folders::writable(&args.out).map_err(refused)?;
    // What is recorded is replayed in a temporary folder before it is written.
    let temporary = std::env::temp_dir();
    folders::writable(&temporary)
        .map_err(|error| CliError::Usage(format!("{}, the temporary folder: {error}", temporary.display())))?;
    let (target, outlined) = (plan.target.to_string(), matches!(redaction, Redaction::Outlines));
    let progress = Progress::new();
    plan.events = progress.events();
    let session = plan.start(|scenario| choice.takes(scenario)).await?;
    progress.begin(session.len());
    let recording = Recording { out: args.out.clone(), redaction, public: args.corpus.is_none() };
    let record = session.record(recording).await;
    progress.end();
    let record = record?;
    let what = if outlined { "only shapes, no values" } else { "pseudonyms for every value" };
    let mut out = stdout();
    writeln!(out, "{} from {target} into {}: {what}", provider.name, args.out.display())?;
    draw(&record, &mut out)?;
    out.flush()?;
    let lacks = record.is_empty() || record.outage || (record.incomplete && !args.allow_skipped);
    Ok(match () {
        () if record.unwritten => Conclusion::Unable,
        () if lacks => Conclusion::Inconclusive,
        () => Conclusion::Conformant,
    })
}

fn draw(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    for path in &record.written {
        writeln!(out, "  wrote     {}", whole(path))?;
    }
    for (case, note) in &record.notes {
        writeln!(out, "  note      {}: {}", whole(case), whole(note))?;
    }
    for (case, reason) in &record.left_out {
        writeln!(out, "  left out  {}: {}", whole(case), whole(reason))?;
    }
    for elsewhere in &record.elsewhere {
        writeln!(out, "  left out  {}", elsewhere.line())?;
    }
    let (written, unchanged, left_out) = (record.written.len(), record.unchanged, record.left_out.len());
    writeln!(out, "{} written, {unchanged} unchanged, {} left out", counted(written, "file"), counted(left_out, "case"))
}

/// Whether a target is the provider's production, however it is called.
fn is_production(provider: &Provider, target: &Resolved) -> bool {
    let host = |url: &str| reqwest::Url::parse(url).ok()?.host_str().map(|host| host.trim_end_matches('.').to_owned());
    let production = provider.host(Stage::Production).ok().and_then(host);
    target.stage == Some(Stage::Production) || (production.is_some() && production == host(&target.base_url))
}

/// Whether two paths are one folder.
fn same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
