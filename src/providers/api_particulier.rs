//! API Particulier: two token headers, FranceConnect, scopes.

use super::Provider;
use crate::clients::api_particulier::{v2, v3};
use crate::clients::replay::{Outcome, Parameters, Unfit};
use crate::clients::{Credentials, Tap};
use crate::contract::model::{Contract, Operation};
use crate::embedded;
use crate::exchange::Response;
use crate::judge::{Decoded, Typed};
use crate::sandbox::{Options, Sandbox, SandboxError};
use crate::scenario::{Bound, Case, Corpus};
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The provider.
pub(super) struct ApiParticulier;

/// Operation → scope → JSON pointers that it opens.
pub(crate) type Scopes = BTreeMap<String, BTreeMap<String, Vec<String>>>;

static SCOPES: LazyLock<Scopes> =
    LazyLock::new(|| serde_yaml::from_str(scopes()).expect("a test reads specs/api-particulier/scopes.yml"));

/// The text of the list of scopes.
fn scopes() -> &'static str {
    embedded::spec("api-particulier/scopes.yml").unwrap_or_default()
}

/// One HTTP client for all replays: it never sends anything.
static HTTP: OnceLock<reqwest::Client> = OnceLock::new();

/// Typed replays need a base URL, and never call it.
const NOWHERE: &str = "http://127.0.0.1";

impl Provider for ApiParticulier {
    fn name(&self) -> &'static str {
        "api-particulier"
    }

    fn contracts(&self) -> Vec<Contract> {
        embedded::contracts(self.name())
    }

    fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        Sandbox::new(contracts, scopes(), corpus, options)
    }

    fn token_variable(&self) -> &'static str {
        "VIGIE_API_PARTICULIER_TOKEN"
    }

    fn introspection(&self) -> &'static str {
        "api_particulier_v2_introspect"
    }

    /// v2 takes `X-Api-Key`; v3, and FranceConnect in every version, take `Authorization: Bearer`.
    fn credentials(&self, operation: &Operation, case: &Case, token: Option<String>) -> Credentials {
        match token {
            None => Credentials::Anonymous,
            Some(token) if case.credential.is_france_connect() || !operation.path.starts_with("/api/") => {
                Credentials::bearer(token)
            }
            Some(token) => Credentials::api_key(token),
        }
    }

    fn is_france_connect(&self, operation: &Operation) -> bool {
        operation.path.ends_with("/france_connect")
    }

    fn masked(&self, operation: &Operation, scopes: &[String]) -> Vec<String> {
        let Some(table) = SCOPES.get(&operation.id) else { return Vec::new() };
        let held =
            |pointer: &String| table.iter().any(|(scope, opened)| scopes.contains(scope) && opened.contains(pointer));
        let mut masked: Vec<String> = table.values().flatten().filter(|pointer| !held(pointer)).cloned().collect();
        masked.sort();
        masked.dedup();
        masked
    }

    fn typed<'a>(
        &'a self,
        contract: &'a str,
        operation: &'a Operation,
        bound: &'a Bound,
        response: &'a Response,
    ) -> BoxFuture<'a, Typed> {
        Box::pin(async move {
            let http = match http() {
                Ok(http) => http,
                Err(reason) => return Typed { request: None, decoded: Decoded::Unfit(reason) },
            };
            let (parameters, complete) = complete(bound, operation);
            let parameters = Parameters(&parameters);
            let tap = Tap::replaying(response.clone());
            let outcome = if contract.ends_with("/v2") {
                v2::replay(&v2::Client::new_with_client(NOWHERE, http, tap.clone()), &operation.id, &parameters).await
            } else {
                v3::replay(&v3::Client::new_with_client(NOWHERE, http, tap.clone()), &operation.id, &parameters).await
            };
            let request = tap.exchange().filter(|_| complete).map(|exchange| exchange.request);
            Typed { request, decoded: decoded(outcome) }
        })
    }
}

fn http() -> Result<reqwest::Client, String> {
    if let Some(client) = HTTP.get() {
        return Ok(client.clone());
    }
    let nowhere = crate::clients::base_url(NOWHERE);
    let client = nowhere.and_then(|url| crate::clients::http_client(&url)).map_err(|error| error.to_string())?;
    Ok(HTTP.get_or_init(|| client).clone())
}

fn decoded(outcome: Result<Outcome, Unfit>) -> Decoded {
    match outcome {
        Ok(Outcome::Answer(value) | Outcome::Error(value)) => Decoded::Value(value),
        Ok(Outcome::Refused(reason)) => Decoded::Refused(reason),
        Err(Unfit(reason)) => Decoded::Unfit(reason),
    }
}

/// A builder refuses to build without its required parameters: to read an answer all the same, they are made up.
fn complete(bound: &Bound, operation: &Operation) -> (Map<String, Value>, bool) {
    let mut parameters = bound.parameters.clone();
    let mut complete = true;
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        if !parameters.contains_key(&parameter.name) {
            complete = false;
            let made_up = match parameter.schema["type"].as_str() {
                Some("integer") => json!(1),
                Some("array") => json!(["x"]),
                _ => json!("x"),
            };
            parameters.insert(parameter.name.clone(), made_up);
        }
    }
    (parameters, complete)
}

#[cfg(test)]
mod tests {
    use super::{ApiParticulier, SCOPES};
    use crate::providers::Provider;

    #[test]
    fn every_scope_belongs_to_an_operation_of_the_contracts() {
        let contracts = ApiParticulier.contracts();
        for id in SCOPES.keys() {
            assert!(contracts.iter().any(|contract| contract.operation(id).is_some()), "{id}");
        }
    }

    #[test]
    fn a_scope_masks_what_the_others_open() {
        let contracts = ApiParticulier.contracts();
        let id = "api_particulier_v3_cnav_quotient_familial_with_civility";
        let operation = contracts.iter().find_map(|contract| contract.operation(id)).expect("it is in v3");
        let masked = ApiParticulier.masked(operation, &["cnaf_enfants".into()]);
        assert_eq!(masked, ["/data/adresse", "/data/allocataires", "/data/quotient_familial"]);
    }
}
