//! `vigie login`: a token of a provider, or how to get one by hand.

use super::check::find_provider;
use super::error::CliError;
use super::signals::broken_off;
use super::terminal::{stderr, stdout};
use std::path::PathBuf;
use vigie_drift::finding::Conclusion;
use vigie_harness::auth::TokenFile;
use vigie_harness::providers::login::{Place, Wishes};
use vigie_harness::runner::Target;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The provider.
    provider: String,
    /// `staging` or `production` of the provider, or the base URL of another host.
    #[arg(long, value_name = "staging|production|URL", default_value = "staging")]
    target: Target,
    /// Store the token in this file, which only you may read. Without it, nothing is stored.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Print the token.
    #[arg(long)]
    print: bool,
    /// The number of your software (Mobilic).
    #[arg(long, value_name = "NUMBER")]
    client_id: Option<u64>,
    /// Where the browser returns to, on this machine, exactly as registered (Mobilic).
    #[arg(long, value_name = "URL", default_value = "http://localhost:8766/callback")]
    redirect_uri: String,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let Some(login) = provider.login else {
        let (name, variable) = (provider.name, provider.token_variable());
        return Err(CliError::Usage(format!("{name} has no login: set {variable} to your token")));
    };
    let place = match args.target {
        Target::Stage(stage) => Place::Stage(stage),
        Target::Url(url) => Place::Url(url),
        // A login may need the provider's website, which is another host: a table has no place for it.
        Target::Named(name) => {
            return Err(CliError::Usage(format!("--target: `{name}` is neither `staging`, `production` nor a URL")));
        }
        Target::Sandbox => {
            let name = provider.name;
            return Err(CliError::Usage(format!("--target: start `vigie serve --provider {name}`, and give its URL")));
        }
    };
    let wishes = Wishes {
        place,
        store: args.store.map(TokenFile::at),
        print: args.print,
        client_id: args.client_id,
        redirect_uri: args.redirect_uri,
        environment: |variable| std::env::var(variable).ok().filter(|value| !value.is_empty()),
    };
    let (mut guide, mut out) = (stderr(), stdout());
    // Whoever breaks off leaves nothing behind: what was begun is dropped, and takes its file with it.
    tokio::select! {
        // In this order: the signals are caught before anything is begun.
        biased;
        () = broken_off() => return Err(CliError::Usage("interrupted; nothing is stored".into())),
        told = login(&wishes, &mut guide, &mut out) => told?,
    }
    Ok(Conclusion::Conformant)
}
