//! Every environment variable that is read, for `vigie list --env`.

use super::token::is_set;
use super::{Settings, Source};
use crate::pace::{PACE_DIR, SHARDS};
use crate::providers::{PROVIDERS, Provider, Variable};

/// Whose a variable is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A provider's, by name.
    Provider(&'static str),
    /// That of vigie itself, or of the libraries that speak to the network and to the terminal.
    Everybody,
}

/// A variable that is read.
#[derive(Debug, Clone)]
pub struct Read {
    /// Whose it is.
    pub owner: Owner,
    /// Its name.
    pub name: String,
    /// Whether it is set to anything. What it holds is not told.
    pub is_set: bool,
    /// What it holds, in a line.
    pub what: String,
    /// How one gets that, in a line.
    pub how: String,
}

/// What is read whoever the provider is: by vigie itself, and by the libraries that send requests and draw.
const EVERYBODYS: [Variable; 10] = [
    Variable {
        name: PACE_DIR,
        what: "a folder through which all runs on this machine share one rate limit per host, and stop together at a 429",
        how: "any writable folder; `cargo xtask nightly` sets it",
    },
    Variable {
        name: SHARDS,
        what: "how many machines share the token: each uses only its part of the rate limit",
        how: "the number of CI jobs that run at once; `cargo xtask nightly` sets it if it can",
    },
    Variable {
        name: "VIGIE_RECORD_KEY",
        what: "the key of the pseudonyms that `vigie record` writes",
        how: "at least 32 characters, shared by your team and in no repository",
    },
    Variable {
        name: "HTTPS_PROXY",
        what: "the proxy for https:// requests",
        how: "ask your network administrator; also https_proxy",
    },
    Variable {
        name: "HTTP_PROXY",
        what: "the proxy for http:// requests",
        how: "ask your network administrator; also http_proxy",
    },
    Variable {
        name: "ALL_PROXY",
        what: "the proxy for both, unless they have one of their own",
        how: "ask your network administrator; also all_proxy",
    },
    Variable {
        name: "NO_PROXY",
        what: "hosts that are reached without a proxy",
        how: "names separated by commas; also no_proxy",
    },
    Variable {
        name: "SSL_CERT_FILE",
        what: "certificates to trust instead of this machine's",
        how: "a PEM file of your own certificate authority",
    },
    Variable {
        name: "SSL_CERT_DIR",
        what: "the same, as a folder",
        how: "file names are hashes, as `openssl rehash` makes them",
    },
    Variable { name: "NO_COLOR", what: "any value switches colours off", how: "like `--color never`" },
];

/// Every variable that is read, in the order of the providers. Those that the tables of `settings` name come after the
/// provider's own.
#[must_use]
pub fn variables(settings: &Settings) -> Vec<Read> {
    let mut all: Vec<Read> = PROVIDERS.iter().flat_map(|provider| of_provider(provider, settings)).collect();
    all.extend(EVERYBODYS.iter().map(|variable| read(Owner::Everybody, variable)));
    all
}

fn of_provider(provider: &Provider, settings: &Settings) -> Vec<Read> {
    let owner = || Owner::Provider(provider.name);
    let access = provider.access;
    let token = read(owner(), &access.token);
    let name = format!("{}_FILE", token.name);
    let file = Read {
        owner: owner(),
        is_set: is_set(&name),
        what: format!("a file with the token, instead of {}", token.name),
        how: "such as a container secret; others must not be able to write it".to_owned(),
        name,
    };
    let mut all = vec![token, file];
    all.extend(access.further.iter().map(|variable| read(owner(), variable)));
    for ((of, target), table) in &settings.tables {
        let Some(Source::Variable(name)) = table.token.as_ref().filter(|_| *of == provider.name) else { continue };
        let what = format!("the token of the target `{target}`");
        match all.iter_mut().find(|known| known.name == *name) {
            Some(known) => known.what = format!("{}; {what} alone", known.what),
            None => all.push(Read {
                owner: owner(),
                name: name.clone(),
                is_set: is_set(name),
                what,
                how: format!("{}:{} names it", settings.file, table.line),
            }),
        }
    }
    all
}

fn read(owner: Owner, variable: &Variable) -> Read {
    let Variable { name, what, how } = *variable;
    Read { owner, name: name.to_owned(), is_set: is_set(name), what: what.to_owned(), how: how.to_owned() }
}
