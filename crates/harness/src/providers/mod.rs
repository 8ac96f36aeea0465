//! What the harness must know of a provider that no contract says.

mod access;
pub mod api_particulier;
pub mod kaizala;
pub mod login;
pub mod mobilic;

pub use access::{Access, Hallmark, Variable};

use crate::pace::Rate;
use secrecy::SecretString;
use std::time::Duration;
use vigie::clients::Credentials;
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus, Dialect};

/// An API family. A new one is a folder in `specs/`, a room here, and a line in [`PROVIDERS`].
pub trait Provider: Sync {
    /// `api-particulier`
    fn name(&self) -> &'static str;

    /// How its cases are written.
    fn dialect(&self) -> &'static Dialect;

    /// The contracts that the binary carries.
    fn contracts(&self) -> Vec<Contract> {
        vigie_embedded::contracts(self.name())
    }

    /// The double that behaves like this provider, as long as it behaves.
    fn double(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError>;

    /// The double, with the faults that were asked for.
    fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        self.double(contracts, corpus, options)?.with_faults(contracts, &options.faults)
    }

    /// How to call the double by hand: the lines that `vigie serve` prints beside its addresses.
    fn greeting(&self) -> String;

    /// Codes of its errors, beside those that its contract lists.
    fn error_codes(&self) -> &'static [&'static str] {
        &[]
    }

    /// How people get in.
    fn access(&self) -> &'static Access;

    /// The environment variable that holds a token for real targets.
    fn token_variable(&self) -> &'static str {
        self.access().token.name
    }

    /// Where the provider itself listens, unless nothing can be asked of it any more.
    fn host(&self, stage: Stage) -> Result<&'static str, Retired>;

    /// How long a call may take: what the provider advises, as its client has it.
    fn timeout(&self) -> Duration;

    /// How often it lets itself be asked, as it says, or less where it says nothing.
    fn rate(&self) -> Rate {
        Rate::UNTOLD
    }

    /// How a person gets a token, where a program can help.
    fn login(&self) -> Option<login::Login> {
        None
    }

    /// What only this API answers, asked without a token.
    fn hallmark(&self) -> Option<Hallmark> {
        None
    }

    /// Operations that tell whether a token is taken and read nobody's data, by their ids; a later one may tell why not.
    fn token_checks(&self) -> &'static [&'static str] {
        &[]
    }

    /// The operation that tells a token's scopes, by its id.
    fn introspection(&self) -> Option<&'static str> {
        None
    }

    /// An operation without parameters that answers everybody, by its id: who does not know it is not the provider.
    fn canary(&self) -> Option<&'static str> {
        match self.hallmark() {
            Some(Hallmark::Operation(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether everybody whom a stage knows is invented, so that asking for anybody there harms nobody.
    fn invents_people(&self, _stage: Stage) -> bool {
        false
    }

    /// Whether a text is the id or the address of somebody, or of something, that only the sandbox has. Ids that may be
    /// others' elsewhere are none.
    fn is_of_sandbox(&self, _text: &str) -> bool {
        false
    }

    /// The credentials of a case; `None` where no token that we have can provoke it.
    fn credentials(&self, operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials>;

    /// The credential that an operation, or a case with parameters of these names, needs where it names none, if it is not
    /// the first of the dialect.
    fn credential_of(&self, _operation: &Operation, _names: &[&str]) -> Option<&'static str> {
        None
    }

    /// The scopes that let a token in to an operation, one is enough; none where it asks for none, or where nobody knows.
    fn scopes(&self, _operation: &str) -> Vec<&'static str> {
        Vec::new()
    }

    /// JSON pointers of an operation's answer that these scopes do not open.
    fn masked(&self, _operation: &Operation, _scopes: &[String]) -> Vec<String> {
        Vec::new()
    }
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
pub const PROVIDERS: &[&dyn Provider] = &[&api_particulier::ApiParticulier, &kaizala::Kaizala, &mobilic::Mobilic];

/// A provider by name.
#[must_use]
pub fn provider(name: &str) -> Option<&'static dyn Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name() == name)
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
            let corpus = scenarios(provider.name(), provider.dialect(), None).expect("our own cases are good");
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
