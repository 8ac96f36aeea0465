//! Floor 3: what the harness must know of a provider that no contract says.

mod api_particulier;

use crate::clients::Credentials;
use crate::contract::model::{Contract, Operation};
use crate::exchange::Response;
use crate::judge::Typed;
use crate::sandbox::{Options, Sandbox, SandboxError};
use crate::scenario::{Bound, Case, Corpus};
use futures::future::BoxFuture;

/// An API family. A new one is a folder in `specs/`, a file here, and a line in [`PROVIDERS`].
pub trait Provider: Sync {
    /// `api-particulier`
    fn name(&self) -> &'static str;

    /// The contracts that the binary carries.
    fn contracts(&self) -> Vec<Contract>;

    /// The embedded sandbox that behaves like this provider.
    fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError>;

    /// The environment variable that holds a token for real targets.
    fn token_variable(&self) -> &'static str;

    /// The operation that tells a token's scopes, by its id.
    fn introspection(&self) -> &'static str;

    /// How an operation takes a token.
    fn credentials(&self, operation: &Operation, case: &Case, token: Option<String>) -> Credentials;

    /// Whether callers of an operation identify a person by FranceConnect only.
    fn is_france_connect(&self, operation: &Operation) -> bool;

    /// JSON pointers of an operation's answer that these scopes do not open.
    fn masked(&self, operation: &Operation, scopes: &[String]) -> Vec<String>;

    /// The typed client's side of an exchange: fed with the recorded answer, nothing is sent.
    fn typed<'a>(
        &'a self,
        contract: &'a str,
        operation: &'a Operation,
        bound: &'a Bound,
        response: &'a Response,
    ) -> BoxFuture<'a, Typed>;
}

/// Every provider.
pub const PROVIDERS: &[&dyn Provider] = &[&api_particulier::ApiParticulier];

/// A provider by name.
#[must_use]
pub fn provider(name: &str) -> Option<&'static dyn Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name() == name)
}
