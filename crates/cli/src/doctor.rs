//! `vigie doctor`: checks a target, and says how to fix each problem.

use super::check::{DEFAULT_PROVIDER, find_provider};
use super::config;
use super::error::CliError;
use super::terminal::stdout;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;
use vigie_drift::finding::Conclusion;
use vigie_harness::doctor::{Check, Diagnosis, State, Subject};
use vigie_harness::runner::{Plan, Target};
use vigie_report::visible::{json, whole};

/// How many lines of what more there is to a check are shown to people.
const SHOWN: usize = 3;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The provider of the target.
    #[arg(long, default_value = DEFAULT_PROVIDER)]
    provider: String,
    /// The provider's `staging` or `production`, a name from `vigie.toml`, a base URL, or the embedded `sandbox`.
    #[arg(long, value_name = "sandbox|staging|production|NAME|URL", default_value = "staging")]
    target: Target,
    /// Configuration file with the targets. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The format of the output.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For people: one line per check.
    Human,
    /// One versioned JSON document.
    Json,
}

/// The document.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    #[serde(flatten)]
    diagnosis: &'a Diagnosis,
    conclusion: Conclusion,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let mut plan = Plan::new(find_provider(&args.provider)?, None)?;
    plan.target = args.target;
    plan.settings = config::read(args.config.as_deref())?.settings;
    let diagnosis = plan.diagnose().await?;
    let conclusion = if diagnosis.is_well() { Conclusion::Conformant } else { Conclusion::Inconclusive };
    let mut out = io::BufWriter::new(stdout());
    match args.format {
        Format::Human => draw(&diagnosis, &mut out)?,
        Format::Json => {
            let document = Document { version: 1, diagnosis: &diagnosis, conclusion };
            json(&document, &mut out)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(conclusion)
}

fn draw(diagnosis: &Diagnosis, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}, {}", diagnosis.provider, whole(&diagnosis.target))?;
    for Check { check, state, told, mend, details } in &diagnosis.checks {
        writeln!(out, "  {:<9}  {:<14}  {}", word(*state), name(*check), whole(told))?;
        for detail in details.iter().take(SHOWN) {
            writeln!(out, "{:>29}{}", "", whole(detail))?;
        }
        if details.len() > SHOWN {
            writeln!(out, "{:>29}and {} more: `--format json` lists them", "", details.len() - SHOWN)?;
        }
        if let Some(mend) = mend {
            writeln!(out, "{:>29}= {}", "", whole(mend))?;
        }
    }
    match diagnosis.steps {
        Some(steps) => write!(out, "\n{steps}"),
        None => Ok(()),
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Problem => "problem",
        State::NotTried => "skipped",
    }
}

fn name(subject: Subject) -> &'static str {
    match subject {
        Subject::Target => "target",
        Subject::Token => "token",
        Subject::HostName => "host name",
        Subject::Connection => "connection",
        Subject::Tls => "TLS",
        Subject::Api => "API",
        Subject::Clock => "clock",
        Subject::TokenTaken => "token accepted",
        Subject::TokenEnd => "token expires",
        Subject::Scopes => "scopes",
        Subject::RateLimits => "rate limits",
    }
}
