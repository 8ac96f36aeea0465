//! Kaizala: three headers for an access token, an endpoint that the answer names, and the end of it all in 2023.

mod login;

use super::{Hooks, Hosts, Provider, Retired, Tokens};
use crate::pace::Rate;
use secrecy::ExposeSecret;
use vigie::clients::{Credentials, kaizala};
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::kaizala::{self as sandbox, dialect};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus};

pub(super) static PROVIDER: Provider = Provider {
    name: "kaizala",
    dialect: &dialect::DIALECT,
    access: &login::ACCESS,
    hosts: Hosts::Retired(Retired {
        since: "2023-08-31",
        reason: "Microsoft ended Kaizala, and its hosts no longer answer",
    }),
    timeout: kaizala::TIMEOUT,
    // A hundred calls a minute of one connector; of a second, nothing was said.
    rate: Rate { per_minute: 100, ..Rate::UNTOLD },
    failing: None,
    error_codes: kaizala::ERROR_CODES,
    hallmark: None,
    canary: None,
    token_checks: &[],
    introspection: None,
    staging_is_invented: false,
    formats: super::formats::FRENCH,
    login: Some(|wishes, guide, out| Box::pin(login::login(wishes, guide, out))),
    hooks: &Kaizala,
};

struct Kaizala;

/// What a call is let in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    /// The three headers of a connector.
    Connector,
    /// An access token.
    AccessToken,
    /// Nothing in a header.
    Open,
}

impl Gate {
    /// The operations of OAuth and of sign-in by phone have what they need in themselves.
    fn of(operation: &Operation) -> Self {
        match operation.id.as_str() {
            "getAccessToken" => Self::Connector,
            "generatePin" | "loginWithPinAndApplicationId" | "oauthAuthorize" | "oauthToken" => Self::Open,
            _ => Self::AccessToken,
        }
    }
}

impl Hooks for Kaizala {
    fn sandbox(&self, _: &[Contract], _: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        sandbox::sandbox(options)
    }

    fn greeting(&self) -> String {
        let (id, secret) = (sandbox::CONNECTOR, sandbox::SECRET);
        format!(
            "GET /v1/accessToken with applicationId: {id}, applicationSecret: {secret}, refreshToken: {}",
            dialect::refresh_token("tenant-token")
        )
    }

    fn is_of_sandbox(&self, text: &str) -> bool {
        sandbox::is_own(text)
    }

    fn credentials(&self, operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials> {
        let name = case.credential.name();
        let gate = Gate::of(operation);
        if gate == Gate::Open || name == "none" {
            return Some(Credentials::anonymous());
        }
        match (tokens, gate) {
            (Tokens::Sandbox, Gate::Connector) => headers(name),
            (Tokens::Sandbox, _) => header("accessToken", &dialect::access_token(name)),
            (Tokens::Real(token), gate) => real(gate, name, token.expose_secret()),
        }
    }
}

/// Of a real host there is what the variable holds: `connector id:secret:refresh token` for the token service, or an
/// access token for the endpoint.
fn real(gate: Gate, name: &str, token: &str) -> Option<Credentials> {
    let good = name == dialect::DIALECT.credentials[0];
    let unknown = name == "unknown";
    let parts: Vec<&str> = token.splitn(3, ':').collect();
    match (gate, &parts[..]) {
        (Gate::Connector, [id, secret, _]) if unknown => three(id, secret, "unknown"),
        (Gate::Connector, [id, secret, token]) if good => three(id, secret, token),
        (Gate::AccessToken, _) if unknown => header("accessToken", "unknown"),
        (Gate::AccessToken, [token]) if good => header("accessToken", token),
        _ => None,
    }
}

/// The headers of the token service.
fn three(id: &str, secret: &str, token: &str) -> Option<Credentials> {
    let (id, secret) = (header("applicationId", id)?, header("applicationSecret", secret)?);
    Some(id.and(secret).and(header("refreshToken", token)?))
}

fn header(name: &str, value: &str) -> Option<Credentials> {
    Credentials::header(name, value).ok()
}

/// The headers of the token service that a credential stands for.
fn headers(name: &str) -> Option<Credentials> {
    let token = dialect::refresh_token(name);
    match name {
        "spent" => three(sandbox::SPENT_CONNECTOR, sandbox::SECRET, &token),
        "deleted" => three(sandbox::DELETED_CONNECTOR, sandbox::SECRET, &token),
        "wrong-connector" => three("c0000000-0000-4000-8000-000000000009", sandbox::SECRET, &token),
        "wrong-secret" => three(sandbox::CONNECTOR, "wrong", &token),
        "no-secret" => {
            let id = Credentials::header("applicationId", sandbox::CONNECTOR).ok()?;
            Some(id.and(Credentials::header("refreshToken", token).ok()?))
        }
        // `other` too, which is a good token of another connector than the one that sends it.
        _ => three(sandbox::CONNECTOR, sandbox::SECRET, &token),
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, PROVIDER, dialect};
    use crate::providers::{Stage, Tokens};
    use vigie_contract::model::Operation;
    use vigie_scenario::{Case, Credential, Scenario};

    /// Names of the headers that a case sends, or `None` where it is not sent.
    fn names(operation: &Operation, credential: &str, tokens: &Tokens) -> Option<Vec<String>> {
        let mut case = Case::call(&operation.id, &dialect::DIALECT);
        case.credential = Credential::Named(credential.to_owned());
        let headers = PROVIDER.hooks.credentials(operation, &case, tokens)?.headers().expect("they are header values");
        Some(headers.into_iter().map(|(name, _)| name.to_string()).collect())
    }

    #[test]
    fn every_operation_of_the_contract_has_the_gate_that_its_security_says() {
        let contracts = PROVIDER.contracts();
        for operation in contracts[0].operations.iter().filter(|operation| !operation.callback) {
            let document = &contracts[0].document;
            let own = document.pointer(&format!("{}/security", operation.pointer));
            let schemes = own.unwrap_or(&document["security"]).get(0).and_then(|one| one.as_object());
            let gate = match schemes.map(serde_json::Map::len) {
                None => Gate::Open,
                Some(1) => Gate::AccessToken,
                Some(_) => Gate::Connector,
            };
            assert_eq!(Gate::of(operation), gate, "{}", operation.id);
        }
    }

    #[test]
    fn every_credential_is_sent_to_the_sandbox() {
        let contracts = PROVIDER.contracts();
        let operation = |id: &str| contracts[0].operation(id).expect("it is in the contract");
        for name in dialect::DIALECT.credentials {
            for id in ["getAccessToken", "listGroups", "generatePin"] {
                assert!(names(operation(id), name, &Tokens::Sandbox).is_some(), "{name} at {id}");
            }
        }
    }

    #[test]
    fn of_a_real_host_only_what_the_variable_holds_is_sent() {
        let contracts = PROVIDER.contracts();
        let operation = |id: &str| contracts[0].operation(id).expect("it is in the contract");
        let connector = Tokens::Real("id:secret:token".to_owned().into());
        let access = Tokens::Real("token".to_owned().into());
        let three = ["applicationid", "applicationsecret", "refreshtoken"].map(str::to_owned).to_vec();
        assert_eq!(names(operation("getAccessToken"), "tenant-token", &connector), Some(three));
        assert_eq!(names(operation("listGroups"), "tenant-token", &connector), None);
        assert_eq!(names(operation("listGroups"), "tenant-token", &access), Some(vec!["accesstoken".to_owned()]));
        assert_eq!(names(operation("getAccessToken"), "tenant-token", &access), None);
        assert_eq!(names(operation("listGroups"), "expired", &access), None);
        assert_eq!(names(operation("listGroups"), "none", &access), Some(Vec::new()));
    }

    #[test]
    fn every_operation_and_every_credential_is_in_a_scenario() {
        let corpus = vigie_embedded::scenarios("kaizala", &dialect::DIALECT, None).expect("our own scenarios are good");
        let cases = || corpus.scenarios.iter().flat_map(Scenario::cases);
        let contracts = PROVIDER.contracts();
        let without = |id: &&str| !cases().any(|case| case.operation == *id);
        let operations = contracts[0].operations.iter().map(|operation| operation.id.as_str());
        assert_eq!(operations.filter(without).collect::<Vec<&str>>(), [""; 0]);
        let unused = |name: &&&str| !cases().any(|case| case.credential.name() == **name);
        assert_eq!(dialect::DIALECT.credentials.iter().filter(unused).collect::<Vec<_>>(), [&""; 0]);
    }

    #[test]
    fn nothing_can_be_asked_of_it_any_more() {
        let refused = PROVIDER.host(Stage::Production).expect_err("it is gone");
        assert_eq!(refused.since, "2023-08-31");
    }
}
