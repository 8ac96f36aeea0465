//! API Particulier: two token headers, FranceConnect, scopes.

mod access;

use super::{Hallmark, Hooks, Hosts, Provider, Tokens};
use crate::pace::Rate;
use secrecy::ExposeSecret;
use vigie::clients::Credentials;
use vigie::clients::api_particulier::{PRODUCTION, STAGING, TIMEOUT};
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::api_particulier::{self as sandbox, dialect, france_connect};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus};

pub(super) static PROVIDER: Provider = Provider {
    name: "api-particulier",
    dialect: &dialect::DIALECT,
    access: &access::ACCESS,
    hosts: Hosts::Open { staging: STAGING, production: PRODUCTION },
    timeout: TIMEOUT,
    rate: Rate { per_second: 20, per_minute: 1000 },
    // 95 % of its requests are promised to succeed.
    failing: Some(0.05),
    error_codes: &[],
    hallmark: Some(Hallmark::Operation("api_particulier_v2_ping")),
    canary: Some("api_particulier_v2_ping"),
    // Introspection answers as v2 does, without codes. An operation of v3 checks the token before anything else, and is
    // asked for nobody.
    token_checks: &["api_particulier_v2_introspect", "api_particulier_v3_mesri_statut_etudiant_with_ine"],
    introspection: Some("api_particulier_v2_introspect"),
    // Its sandbox answers from published files.
    staging_is_invented: true,
    formats: super::formats::FRENCH,
    login: None,
    hooks: &ApiParticulier,
};

struct ApiParticulier;

impl Hooks for ApiParticulier {
    fn sandbox(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        let scopes = vigie_embedded::spec("api-particulier/scopes.yml").unwrap_or_default();
        sandbox::sandbox(contracts, scopes, corpus, options)
    }

    fn greeting(&self) -> String {
        let token = sandbox::TOKEN;
        format!("token: {token} (v2: `X-Api-Key: {token}`, v3: `Authorization: Bearer {token}`)")
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
}
