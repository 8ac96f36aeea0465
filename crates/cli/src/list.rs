//! `vigie list`: what there is.

use super::check::{DEFAULT_PROVIDER, choice, find_provider};
use super::config;
use super::error::CliError;
use super::terminal::stdout;
use std::io::{self, Write};
use std::path::PathBuf;
use vigie_drift::finding::{Conclusion, counted};
use vigie_harness::providers::PROVIDERS;
use vigie_harness::runner::{Plan, PlanError};
use vigie_harness::targets::{Owner, Read, variables};
use vigie_report::visible::whole;
use vigie_scenario::Scenario;

#[derive(clap::Args)]
pub(super) struct Args {
    /// What to list.
    #[arg(value_enum, default_value = "operations")]
    what: What,
    /// The provider. Default: `api-particulier`; with `--env`, all of them.
    #[arg(long)]
    provider: Option<String>,
    /// Only the operation with this id.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// Use the cases of this folder instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// List the environment variables that vigie reads, what each is for, and whether it is set; never its value.
    #[arg(long, conflicts_with_all = ["what", "operation", "corpus"])]
    env: bool,
    /// With `--env`: configuration file with the targets. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE", requires = "env")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    Providers,
    Operations,
    Cases,
}

pub(super) fn run(args: &Args) -> Result<Conclusion, CliError> {
    if args.env {
        return environment(args);
    }
    let provider = find_provider(args.provider.as_deref().unwrap_or(DEFAULT_PROVIDER))?;
    let choice = choice(args.operation.as_deref(), None)?;
    let mut plan = Plan::chosen(provider, args.corpus.as_deref(), &choice)?;
    if let Some(unread) = plan.corpus.unread.pop() {
        return Err(PlanError::from(unread.error).into());
    }
    if let Some(id) = &args.operation {
        plan.operation(id)?;
    }
    let wanted = |id: &str| args.operation.as_deref().is_none_or(|only| only == id);
    let mut out = std::io::BufWriter::new(stdout());
    match args.what {
        What::Providers => {
            for provider in PROVIDERS {
                let contracts = provider.contracts();
                let operations: usize = contracts.iter().map(|contract| contract.operations.len()).sum();
                let names: Vec<&str> = contracts.iter().map(|contract| contract.name.as_str()).collect();
                writeln!(out, "{}  {} in {}", provider.name, counted(operations, "operation"), names.join(", "))?;
            }
        }
        What::Operations => {
            let operations = plan.contracts.iter().flat_map(|contract| &contract.operations);
            for operation in operations.filter(|operation| wanted(&operation.id)) {
                let deprecated = if operation.deprecated { " (deprecated)" } else { "" };
                writeln!(
                    out,
                    "{}{deprecated}\n    {} {}\n    {}",
                    operation.id, operation.method, operation.path, operation.summary
                )?;
            }
        }
        What::Cases => {
            for scenario in plan.corpus.scenarios.iter().filter(|scenario| choice.takes(scenario)) {
                draw(scenario, &mut out)?;
            }
            for elsewhere in &plan.corpus.elsewhere {
                writeln!(out, "{}", elsewhere.line())?;
            }
        }
    }
    out.flush()?;
    Ok(Conclusion::Conformant)
}

/// Every variable that is read, by whose it is.
fn environment(args: &Args) -> Result<Conclusion, CliError> {
    let only = args.provider.as_deref().map(find_provider).transpose()?.map(|provider| provider.name);
    let settings = config::read(args.config.as_deref())?.settings;
    let mut out = std::io::BufWriter::new(stdout());
    for Read { owner, name, is_set, what, how } in variables(&settings) {
        let owner = match owner {
            Owner::Provider(name) => name,
            Owner::Everybody => "everybody",
        };
        if only.is_none_or(|only| only == owner) {
            let state = if is_set { "set" } else { "not set" };
            writeln!(out, "{name}  {state}  ({owner})\n    {what}\n    {how}")?;
        }
    }
    out.flush()?;
    Ok(Conclusion::Conformant)
}

/// A case in a line; of a scenario its own line, and one for each step.
fn draw(scenario: &Scenario, out: &mut dyn Write) -> io::Result<()> {
    let first_line = |text: &str| whole(text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default());
    let Scenario { topic, name, description, .. } = scenario;
    let (topic, name) = (whole(topic), whole(name));
    if let ([case], false) = (&scenario.steps[..], scenario.has_steps()) {
        return writeln!(out, "{topic}/{name}  {}  {}", case.status, first_line(description));
    }
    let count = scenario.cases().count();
    writeln!(out, "{topic}/{name}  {}  {}", counted(count, "step"), first_line(description))?;
    for case in scenario.cases() {
        let outcome = if case.callback { "expected".to_owned() } else { case.status.to_string() };
        writeln!(
            out,
            "    {}/{}  {outcome}  {}",
            whole(&case.operation),
            whole(&case.name),
            first_line(&case.description)
        )?;
    }
    Ok(())
}
