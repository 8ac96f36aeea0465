//! Floor 3: where requests go and by whose token: what `vigie.toml` and the environment say of a target.
//!
//! A token belongs to a target. That of a table in `vigie.toml` goes there and nowhere else; that of the environment goes
//! wherever no table says otherwise, but never where a table of another target has claimed its variable, and never without
//! TLS to another machine.

mod parse;
mod source;
mod token;
mod variables;

pub use source::Source;
pub(crate) use source::own_variables;
pub use token::{TokenError, TokenPlace};
pub use variables::{Owner, Read, variables};

use crate::pace::Rate;
use crate::providers::{Provider, Retired, Stage};
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;
use vigie::clients::{ConnectError, base_url};

/// Where requests go, as a person says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The embedded sandbox, started for the run.
    Sandbox,
    /// One of the provider's own hosts.
    Stage(Stage),
    /// A name of `vigie.toml`.
    Named(String),
    /// A base URL.
    Url(String),
}

impl FromStr for Target {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "sandbox" => Self::Sandbox,
            "staging" => Self::Stage(Stage::Staging),
            "production" => Self::Stage(Stage::Production),
            name if is_name(name) => Self::Named(name.to_owned()),
            url => Self::Url(url.to_owned()),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox => formatter.write_str("sandbox"),
            Self::Stage(Stage::Staging) => formatter.write_str("staging"),
            Self::Stage(Stage::Production) => formatter.write_str("production"),
            Self::Named(text) | Self::Url(text) => formatter.write_str(text),
        }
    }
}

/// Whether a text can be the name of a target: no URL can.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// What `vigie.toml` says of targets. The default says nothing.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The file, as a person finds it.
    file: String,
    /// By provider and name.
    tables: BTreeMap<(&'static str, String), Table>,
}

/// One `[target.PROVIDER.NAME]`.
#[derive(Debug, Clone)]
struct Table {
    /// Line of the file, from 1.
    line: usize,
    url: Option<String>,
    token: Option<Source>,
    scopes: Option<Vec<String>>,
    timeout: Option<Duration>,
    requests_per_second: Option<NonZeroU32>,
}

/// A target with everything that is said of it.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Where it listens.
    pub base_url: String,
    /// Which of the provider's own stages it is; `None` for a host of one's own.
    pub stage: Option<Stage>,
    /// Where its token comes from.
    pub token: TokenPlace,
    /// The scopes that its token is said to have, in case the provider does not tell.
    pub scopes: Option<Vec<String>>,
    /// How long a call may take.
    pub timeout: Duration,
    /// How often it may be asked: what the provider allows, or less where that is wished for.
    pub rate: Rate,
    /// Its table in `vigie.toml`, `vigie.toml:3`, if it has one.
    pub table: Option<String>,
}

/// Why a target cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It is no URL.
    #[error("--target: {0}, or `sandbox`, `staging`, `production`, or a name of `vigie.toml`")]
    Url(#[from] ConnectError),
    /// No table has the name.
    #[error("--target: no target `{name}`: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// What would be right.
        known: String,
    },
    /// There is no such host any more.
    #[error("{name} {retired}")]
    Retired {
        /// The provider.
        name: &'static str,
        /// When and why.
        retired: Retired,
    },
}

impl Resolved {
    /// Whether others can read on the way what is sent there.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        token::is_clear(&self.base_url)
    }
}

impl Settings {
    /// What is said of a target; `None` for the embedded sandbox, of which there is nothing to say.
    pub fn resolve(&self, provider: &Provider, target: &Target) -> Result<Option<Resolved>, TargetError> {
        let table = self.tables.get(&(provider.name, target.to_string()));
        let own = table.and_then(|table| table.url.clone());
        let (base_url, stage) = match target {
            Target::Sandbox => return Ok(None),
            Target::Stage(stage) => (own.map_or_else(|| host(provider, *stage), Ok)?, Some(*stage)),
            Target::Named(name) => (own.ok_or_else(|| self.unknown(provider, name))?, None),
            Target::Url(url) => (base_url(url).map(|_| url.clone())?, None),
        };
        let token = match table.and_then(|table| table.token.clone()) {
            Some(source) => TokenPlace::of_table(source).withholding(self.variables()),
            None => TokenPlace::of_environment(provider.token_variable(), self.claim(provider), &base_url),
        };
        Ok(Some(Resolved {
            base_url,
            stage,
            token,
            scopes: table.and_then(|table| table.scopes.clone()),
            timeout: table.and_then(|table| table.timeout).unwrap_or(provider.timeout),
            rate: table
                .and_then(|table| table.requests_per_second)
                .map_or(provider.rate, |wished| Rate { per_second: wished.get(), ..provider.rate }),
            table: table.map(|table| format!("{}:{}", self.file, table.line)),
        }))
    }

    /// The table that has claimed the provider's variable for its target.
    fn claim(&self, provider: &Provider) -> Option<String> {
        let variable = provider.token_variable();
        let claims = |table: &Table| matches!(&table.token, Some(Source::Variable(name)) if name == variable);
        let mut own = self.tables.iter().filter(|((owner, _), _)| *owner == provider.name);
        let ((_, name), table) = own.find(|(_, table)| claims(table))?;
        Some(format!("the target `{name}` ({}:{})", self.file, table.line))
    }

    /// Every variable that a table names for a token: the tables of other targets, where one takes its own from a command.
    fn variables(&self) -> Vec<String> {
        let named = self.tables.values().filter_map(|table| match &table.token {
            Some(Source::Variable(name)) => Some(name.clone()),
            _ => None,
        });
        named.collect()
    }

    fn unknown(&self, provider: &Provider, name: &str) -> TargetError {
        let names = self.tables.keys().filter(|(owner, _)| *owner == provider.name).map(|(_, name)| name.as_str());
        let stages = ["sandbox", "staging", "production"];
        let own: Vec<&str> = names.filter(|own| !stages.contains(own)).collect();
        let quoted = stages.iter().chain(&own).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let table = format!("[target.{}.{name}]", provider.name);
        let known = format!("write {quoted}, a URL with http:// or https://, or a table `{table}` in `vigie.toml`");
        TargetError::Unknown { name: name.to_owned(), known }
    }
}

fn host(provider: &Provider, stage: Stage) -> Result<String, TargetError> {
    let host = provider.host(stage).map_err(|retired| TargetError::Retired { name: provider.name, retired })?;
    Ok(host.to_owned())
}
