//! What the harness must know of a provider that no contract says: data, and a few hooks for what data cannot say.

mod access;
pub mod api_particulier;
mod formats;
pub mod kaizala;
pub mod login;
pub mod mobilic;
mod scopes;

pub use access::{Access, Hallmark, Variable};
pub use vigie_judge::pseudonym::{Formats, ValueFormat};

use crate::pace::Rate;
use secrecy::SecretString;
use std::time::Duration;
use vigie::clients::Credentials;
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus, Dialect};

/// An API family. A new one is a folder in `specs/`, a folder here, and a line in [`PROVIDERS`].
#[derive(Clone, Copy)]
pub struct Provider {
    /// `api-particulier`
    pub name: &'static str,
    /// How its cases are written.
    pub dialect: &'static Dialect,
    /// How people get a token, and the variables that hold it.
    pub access: &'static Access,
    /// Its own hosts.
    pub hosts: Hosts,
    /// How long a call may take: what the provider advises, as its client has it.
    pub timeout: Duration,
    /// The rate that it allows, or [`Rate::UNTOLD`].
    pub rate: Rate,
    /// The share of requests that may fail while it keeps its promise, where it makes one.
    pub failing: Option<f64>,
    /// Codes of its errors, beside those that its contract lists.
    pub error_codes: &'static [&'static str],
    /// What only this API answers, asked without a token.
    pub hallmark: Option<Hallmark>,
    /// An operation without parameters that answers everybody, by its id: a host that does not know it is another API's.
    pub canary: Option<&'static str>,
    /// Operations that show whether a token is accepted and read nobody's data, by their ids; a later one may show why not.
    pub token_checks: &'static [&'static str],
    /// The operation that lists a token's scopes, by its id.
    pub introspection: Option<&'static str>,
    /// Whether everybody whom the staging knows is invented, so that asking for anybody there harms nobody.
    pub staging_is_invented: bool,
    /// Formats of its values, beside those that every API has.
    pub formats: Formats,
    /// How a person gets a token, where a program can help.
    pub login: Option<login::Login>,
    /// What data cannot say.
    pub hooks: &'static dyn Hooks,
}

/// What a provider computes.
pub trait Hooks: Sync {
    /// The contracts of the provider: those that the binary carries.
    fn contracts(&self, name: &str) -> Vec<Contract> {
        vigie_embedded::contracts(name)
    }

    /// The sandbox that behaves like this provider, without faults.
    fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError>;

    /// How to call the sandbox by hand: the lines that `vigie serve` prints beside its addresses.
    fn greeting(&self) -> String;

    /// The credentials of a case; `None` where no token that we have can provoke it.
    fn credentials(&self, operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials>;

    /// The credential that an operation, or a case with parameters of these names, needs where it names none, if it is not
    /// the first of the dialect.
    fn credential_of(&self, _operation: &Operation, _names: &[&str]) -> Option<&'static str> {
        None
    }

    /// Whether a text is the id or the address of somebody, or of something, that only the sandbox has. Ids that may be
    /// others' elsewhere are none.
    fn is_of_sandbox(&self, _text: &str) -> bool {
        false
    }
}

impl Provider {
    /// Its contracts.
    #[must_use]
    pub fn contracts(&self) -> Vec<Contract> {
        self.hooks.contracts(self.name)
    }

    /// The sandbox, with the faults that were asked for.
    pub fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        self.hooks.sandbox(contracts, corpus, options)?.with_faults(contracts, &options.faults)
    }

    /// The environment variable that holds a token for real targets.
    #[must_use]
    pub const fn token_variable(&self) -> &'static str {
        self.access.token.name
    }

    /// One of its own hosts, unless the provider is retired.
    pub const fn host(&self, stage: Stage) -> Result<&'static str, Retired> {
        match (self.hosts, stage) {
            (Hosts::Open { staging, .. }, Stage::Staging) => Ok(staging),
            (Hosts::Open { production, .. }, Stage::Production) => Ok(production),
            (Hosts::Retired(retired), _) => Err(retired),
        }
    }

    /// The scopes that let a token in to an operation, one is enough; none where it asks for none, or where nobody knows.
    #[must_use]
    pub fn scopes(&self, operation: &str) -> Vec<&'static str> {
        scopes::of(self.name, operation).map(|opened| opened.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// JSON pointers of an operation's answer that these scopes do not open.
    #[must_use]
    pub fn masked(&self, operation: &str, held: &[String]) -> Vec<String> {
        scopes::of(self.name, operation).map(|opened| scopes::masked(opened, held)).unwrap_or_default()
    }
}

/// A provider's own hosts.
#[derive(Debug, Clone, Copy)]
pub enum Hosts {
    /// Both answer.
    Open {
        /// Base URL of the staging.
        staging: &'static str,
        /// Base URL of the production.
        production: &'static str,
    },
    /// Neither does any more.
    Retired(Retired),
}

/// Whose tokens a target knows.
#[derive(Debug, Clone)]
pub enum Tokens {
    /// A vigie sandbox: every credential of a case has a token.
    Sandbox,
    /// A real host: one good token, and what needs no other.
    Real(SecretString),
}

/// One of a provider's own hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Where a developer may try.
    Staging,
    /// Where people's data is.
    Production,
}

/// The end of a provider.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error(
    "was retired on {since}: {reason}; use its sandbox (`--target sandbox`) or a host of your own (`--target URL`)"
)]
pub struct Retired {
    /// The day, `2023-08-31`.
    pub since: &'static str,
    /// What happened, as the end of a sentence.
    pub reason: &'static str,
}

/// Every provider.
pub static PROVIDERS: &[&Provider] = &[&api_particulier::PROVIDER, &kaizala::PROVIDER, &mobilic::PROVIDER];

/// The largest share of requests that may fail while any provider keeps its promise.
pub(crate) fn failing() -> f64 {
    PROVIDERS.iter().filter_map(|provider| provider.failing).fold(0.0, f64::max)
}

/// A provider by name.
#[must_use]
pub fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name == name)
}

#[cfg(test)]
mod tests {
    use super::PROVIDERS;
    use std::collections::BTreeSet;
    use vigie_embedded::{contracts, scenarios, snapshot};
    use vigie_sandbox::api_particulier::dialect::DIALECT;

    #[test]
    fn every_documented_status_of_every_operation_is_reached_by_a_case() {
        let corpus = scenarios("api-particulier", &DIALECT, None).expect("our own cases are good");
        let reached: BTreeSet<(&str, u16)> =
            corpus.cases().map(|case| (case.operation.as_str(), case.status)).collect();
        let contracts = contracts("api-particulier");
        let operations = contracts.iter().flat_map(|contract| &contract.operations);
        let documented: BTreeSet<(&str, u16)> = operations
            .flat_map(|operation| operation.responses.keys().map(|status| (operation.id.as_str(), *status)))
            .collect();
        assert!(documented.len() > 300, "{} statuses", documented.len());
        let missing: Vec<_> = documented.difference(&reached).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn our_own_cases_have_no_key_that_nobody_knows() {
        for provider in PROVIDERS {
            let corpus = scenarios(provider.name, provider.dialect, None).expect("our own cases are good");
            assert!(corpus.unknown_keys.is_empty(), "{:?}", corpus.unknown_keys);
        }
    }

    #[test]
    fn every_case_has_its_accepted_snapshot() {
        let corpus = scenarios("api-particulier", &DIALECT, None).expect("our own cases are good");
        let without = |case: &&vigie_scenario::Case| {
            snapshot(&format!("api-particulier/{}/{}.snap", case.operation, case.name)).is_none()
        };
        let missing: Vec<&str> = corpus.cases().filter(without).map(|case| case.file.as_str()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
