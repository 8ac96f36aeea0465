//! API Particulier: two token headers, FranceConnect, scopes.

mod access;

use super::{Access, Hallmark, Provider, Retired, Stage, Tokens};
use crate::pace::Rate;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;
use vigie::clients::Credentials;
use vigie::clients::api_particulier::{PRODUCTION, STAGING, TIMEOUT};
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::api_particulier::{self as sandbox, dialect, france_connect};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus, Dialect};

/// The provider.
pub(super) struct ApiParticulier;

/// Operation → scope → JSON pointers that it opens.
pub(crate) type Scopes = BTreeMap<String, BTreeMap<String, Vec<String>>>;

static SCOPES: LazyLock<Scopes> =
    LazyLock::new(|| serde_yaml::from_str(scopes()).expect("a test reads specs/api-particulier/scopes.yml"));

/// The text of the list of scopes.
fn scopes() -> &'static str {
    vigie_embedded::spec("api-particulier/scopes.yml").unwrap_or_default()
}

impl Provider for ApiParticulier {
    fn name(&self) -> &'static str {
        "api-particulier"
    }

    fn dialect(&self) -> &'static Dialect {
        &dialect::DIALECT
    }

    fn double(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        sandbox::sandbox(contracts, scopes(), corpus, options)
    }

    fn greeting(&self) -> String {
        let token = sandbox::TOKEN;
        format!("token: {token} (v2: `X-Api-Key: {token}`, v3: `Authorization: Bearer {token}`)")
    }

    fn access(&self) -> &'static Access {
        &access::ACCESS
    }

    fn host(&self, stage: Stage) -> Result<&'static str, Retired> {
        Ok(match stage {
            Stage::Staging => STAGING,
            Stage::Production => PRODUCTION,
        })
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    fn hallmark(&self) -> Option<Hallmark> {
        Some(Hallmark::Operation("api_particulier_v2_ping"))
    }

    /// Introspection answers in the form of v2, which has no codes. An operation of v3 looks at the token before it looks at
    /// anything else, and is asked for nobody.
    fn token_checks(&self) -> &'static [&'static str] {
        &["api_particulier_v2_introspect", "api_particulier_v3_mesri_statut_etudiant_with_ine"]
    }

    fn rate(&self) -> Rate {
        Rate { per_second: 20, per_minute: 1000 }
    }

    fn introspection(&self) -> Option<&'static str> {
        Some("api_particulier_v2_introspect")
    }

    /// Its sandbox answers from published files.
    fn invents_people(&self, stage: Stage) -> bool {
        stage == Stage::Staging
    }

    /// v2 takes `X-Api-Key`; v3, and FranceConnect in every version, take `Authorization: Bearer`.
    fn credentials(&self, operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials> {
        let token = match (tokens, case.credential.name()) {
            (Tokens::Sandbox, _) => sandbox::token(case),
            (Tokens::Real(token), "token") if case.scopes.is_none() => Some(token.expose_secret().to_owned()),
            (Tokens::Real(_), "none") => None,
            (Tokens::Real(_), "unknown") => Some("unknown".to_owned()),
            (Tokens::Real(_), _) => return None,
        };
        Some(match token {
            None => Credentials::default(),
            Some(token) if case.has_identity() || !operation.path.starts_with("/api/") => Credentials::bearer(token),
            Some(token) => Credentials::api_key(token),
        })
    }

    fn credential_of(&self, operation: &Operation, names: &[&str]) -> Option<&'static str> {
        france_connect::credential(operation, names)
    }

    fn scopes(&self, operation: &str) -> Vec<&'static str> {
        SCOPES.get(operation).map(|table| table.keys().map(String::as_str).collect()).unwrap_or_default()
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
