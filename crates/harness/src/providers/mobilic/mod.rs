//! Mobilic: GraphQL with errors under 200, three kinds of token, and a key for software.

mod login;

use super::{Hallmark, Hooks, Hosts, Provider, Tokens};
use crate::pace::Rate;
use secrecy::ExposeSecret;
use vigie::clients::Credentials;
use vigie::clients::mobilic::{self, PRODUCTION, SANDBOX};
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::mobilic::seed::{
    self, CLIENT, FORMER, INACTIVE, LINKED_EMPLOYMENT, MANAGER, OTHER_CLIENT, OUTSIDER, TEAMMATE, WORKER,
};
use vigie_sandbox::mobilic::{self as sandbox, dialect};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus};

pub(super) static PROVIDER: Provider = Provider {
    name: "mobilic",
    dialect: &dialect::DIALECT,
    access: &login::ACCESS,
    hosts: Hosts::Open { staging: SANDBOX, production: PRODUCTION },
    timeout: mobilic::TIMEOUT,
    rate: Rate::UNTOLD,
    failing: None,
    error_codes: mobilic::ERROR_CODES,
    hallmark: Some(Hallmark::QueryType { path: "/graphql", name: "Queries" }),
    canary: Some("nextWebinars"),
    token_checks: &["checkAuth"],
    introspection: None,
    staging_is_invented: false,
    formats: super::formats::FRENCH,
    login: Some(|wishes, guide, out| Box::pin(login::login(wishes, guide, out))),
    hooks: &Mobilic,
};

struct Mobilic;

impl Hooks for Mobilic {
    fn sandbox(&self, _contracts: &[Contract], _corpus: &Corpus, _options: &Options) -> Result<Sandbox, SandboxError> {
        let schema = |name: &str| vigie_embedded::spec(&format!("mobilic/{name}.graphql")).unwrap_or_default();
        Ok(sandbox::sandbox(schema("schema"), schema("protected")))
    }

    fn greeting(&self) -> String {
        let token = seed::user_token(WORKER, CLIENT);
        format!("a worker's token: {token} (`Authorization: Bearer {token}`, `X-CLIENT-ID: {CLIENT}`)")
    }

    fn is_of_sandbox(&self, text: &str) -> bool {
        seed::is_own(text)
    }

    /// A real token is a user's: it stands for the first credential alone.
    fn credentials(&self, _operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials> {
        match (tokens, case.credential.name()) {
            (_, "none") => Some(Credentials::anonymous()),
            (_, "unknown") => Some(Credentials::bearer("7c1d9a42-0000-4000-a000-000000000000")),
            (Tokens::Real(token), "worker") => Some(real(token.expose_secret())),
            (Tokens::Real(_), _) => None,
            (Tokens::Sandbox, name) => played(name),
        }
    }
}

/// What the sandbox knows under a name.
fn played(name: &str) -> Option<Credentials> {
    let software = |client: i64| Credentials::of("x-client-id", client.to_string());
    let user = |id: i64| Credentials::bearer(seed::user_token(id, CLIENT)).and(software(CLIENT));
    let session = |id: i64| Credentials::bearer(seed::known_session(id, false));
    let employment = || Credentials::of("x-employment-token", seed::employment_token(LINKED_EMPLOYMENT, CLIENT));
    Some(match name {
        "worker" => user(WORKER),
        "manager" => user(MANAGER),
        "teammate" => user(TEAMMATE),
        "former" => user(FORMER),
        "outsider" => user(OUTSIDER),
        "worker-session" => session(WORKER),
        "manager-session" => session(MANAGER),
        "teammate-session" => session(TEAMMATE),
        "inactive-session" => session(INACTIVE),
        "expired-session" => Credentials::bearer(seed::known_session(WORKER, true)),
        "refresh" => Credentials::bearer(seed::known_refresh(WORKER)),
        "revoked" => Credentials::bearer(seed::user_token(WORKER, OTHER_CLIENT)).and(software(OTHER_CLIENT)),
        "employment-token" => employment().and(software(CLIENT)),
        "employment-token-alone" => employment(),
        "employment-token-of-other-software" => employment().and(software(OTHER_CLIENT)),
        "software" => Credentials::api_key(seed::api_key(CLIENT)).and(software(CLIENT)),
        "other-software" => Credentials::api_key(seed::api_key(OTHER_CLIENT)).and(software(OTHER_CLIENT)),
        "software-wrong-key" => Credentials::api_key(seed::api_key(OTHER_CLIENT)).and(software(CLIENT)),
        "controller" => Credentials::of("impersonation-token", seed::read_token()),
        "certifier" => Credentials::of("x-mobilic-certification-key", sandbox::certification_key()),
        _ => return None,
    })
}

/// What the variable holds: a user's token, or `client_id:token`. The number of the software is documented as mandatory,
/// and a server that never asked for it may begin to.
fn real(token: &str) -> Credentials {
    match token.split_once(':').map(|(number, token)| (number.parse(), token)) {
        Some((Ok(client_id), token)) => mobilic::user(token, client_id),
        _ => Credentials::bearer(token),
    }
}

#[cfg(test)]
mod tests {
    use super::{dialect::DIALECT, played, real};

    #[test]
    fn a_real_token_may_come_with_the_number_of_its_software() {
        let names = |token: &str| {
            let headers = real(token).headers().expect("headers");
            headers
                .into_iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
                .collect::<Vec<_>>()
        };
        assert_eq!(names("264810537:t0ken"), ["authorization: Bearer t0ken", "x-client-id: 264810537"]);
        assert_eq!(names("t0ken"), ["authorization: Bearer t0ken"]);
    }

    #[test]
    fn the_sandbox_knows_every_credential_but_those_that_are_none() {
        let unplayed: Vec<&str> = DIALECT.credentials.iter().copied().filter(|name| played(name).is_none()).collect();
        assert_eq!(unplayed, ["none", "unknown"]);
    }
}
