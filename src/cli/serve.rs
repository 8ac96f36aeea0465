//! `vigie serve`: the embedded sandbox, until Ctrl-C.

use super::check::{DEFAULT_PROVIDER, find_provider};
use super::error::CliError;
use crate::finding::Conclusion;
use crate::runner::Plan;
use crate::sandbox::Options;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Whose API is served.
    #[arg(long, default_value = DEFAULT_PROVIDER)]
    provider: String,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Serve the cases of this folder instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Requests per second per token, as in production; 0 lifts the quota.
    #[arg(long, default_value_t = 20)]
    quota: u32,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let plan = Plan::new(provider, args.corpus.as_deref())?;
    let cases = plan.corpus.cases().count();
    let options = Options { quota: (args.quota > 0).then_some(args.quota) };
    let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &options)?;
    let running = sandbox.start(SocketAddr::new(args.host, args.port)).await?;
    let hosts: Vec<(&str, String)> = running.hosts().collect();
    let address = match &hosts[..] {
        [(_, url)] => url.clone(),
        several => several.iter().map(|(role, url)| format!("{url} ({role})")).collect::<Vec<_>>().join(", "),
    };
    let (name, help) = (provider.name(), provider.greeting());
    let greeting = format!("{name} sandbox on {address} ({cases} cases)\n{help}\nCtrl-C stops it\n");
    // A reader that goes away after the first line must not stop the server.
    anstream::stdout().write_all(greeting.as_bytes()).ok();
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(Conclusion::Conformant)
}
