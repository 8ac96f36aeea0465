//! `vigie serve`: the embedded sandbox, until Ctrl-C.

use super::check::{DEFAULT_PROVIDER, find_provider};
use super::error::CliError;
use super::terminal::stdout;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use vigie_drift::finding::{Conclusion, counted};
use vigie_harness::runner::Plan;
use vigie_sandbox::Options;
use vigie_sandbox::faults::{Fault, Faults, Kind};

#[derive(clap::Args)]
#[command(after_long_help = kinds())]
pub(super) struct Args {
    /// The provider whose API is served.
    #[arg(long, default_value = DEFAULT_PROVIDER)]
    provider: String,
    /// Port; 0 chooses a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Serve the cases of this folder instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Requests per second per token, as in production; 0 means no limit.
    #[arg(long, default_value_t = 20)]
    quota: u32,
    /// Misbehave: `[OPERATION=]KIND[:RATE]`, such as `stall`, `any:5%`, or `api_particulier_v3_*=error:1x` for the first
    /// request of these operations. May be repeated; the first matching fault wins.
    #[arg(long, value_name = "SPEC")]
    fault: Vec<Fault>,
    /// The seed of the random draws of `--fault`: the same seed and the same requests give the same faults.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "fault")]
    fault_seed: u64,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let plan = Plan::new(provider, args.corpus.as_deref())?;
    let cases = plan.corpus.cases().count();
    let faults = Faults { faults: args.fault, seed: args.fault_seed };
    let options = Options { quota: (args.quota > 0).then_some(args.quota), faults };
    let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &options)?;
    let running = sandbox.start(SocketAddr::new(args.host, args.port)).await?;
    let hosts: Vec<(&str, String)> = running.hosts().collect();
    let address = match &hosts[..] {
        [(_, url)] => url.clone(),
        several => several.iter().map(|(role, url)| format!("{url} ({role})")).collect::<Vec<_>>().join(", "),
    };
    let (name, help) = (provider.name, provider.hooks.greeting());
    let greeting = format!("{name} sandbox on {address} ({})\n{help}\nCtrl-C stops it\n", counted(cases, "case"));
    // A reader that goes away after the first line must not stop the server.
    stdout().write_all(greeting.as_bytes()).ok();
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(Conclusion::Conformant)
}

/// The kinds of faults, for `--help`.
fn kinds() -> String {
    let lines = Kind::ALL.map(|kind| format!("  {:<16}{}\n", kind.name(), kind.about()));
    format!("Kinds of faults:\n  {:<16}each of these equally likely\n{}", "any", lines.concat())
}
