//! A provider of a test's own: any contract, any sandbox.

use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use vigie::clients::Credentials;
use vigie_contract::model::{Contract, Operation};
use vigie_harness::pace::Rate;
use vigie_harness::providers::{Access, Hooks, Hosts, Provider, Tokens, Variable};
use vigie_sandbox::{Host, Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus, Dialect, Identity};

/// How its cases are written.
static DIALECT: Dialect = Dialect {
    credentials: &["none", "key"],
    twins: &[],
    defaults: &[],
    identity: Identity::NONE,
    fallback: None,
    codes: &["/code", "/errors/0/extensions/code"],
    refusals: &[],
    busy: &[],
    decided: &[],
};

/// Answers a request that came to the host of a role.
pub type Answer = dyn Fn(&'static str, Request) -> BoxFuture<'static, Response> + Send + Sync;
/// Makes the answers of a sandbox, which knows its base URLs.
pub type Furnish = dyn Fn(&[String]) -> Arc<Answer> + Send + Sync;

/// What the provider computes. Its sandbox has two hosts.
pub struct Tiny {
    /// What it promises, as `OpenAPI`.
    pub contract: Value,
    /// Makes what its hosts answer.
    pub furnish: Arc<Furnish>,
}

struct Named {
    role: &'static str,
    answer: Arc<Answer>,
}

impl Host for Named {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        (self.answer)(self.role, request)
    }
}

/// A variable that is always there: a test cannot set one for itself alone.
pub(crate) static ACCESS: Access = Access {
    token: Variable { name: "CARGO_PKG_NAME", what: "", how: "" },
    further: &[],
    steps: "",
    scope: None,
    staging: None,
};

impl Tiny {
    /// A plan takes a provider that lives as long as the program.
    pub fn leak(self) -> &'static Provider {
        const NOWHERE: &str = "http://127.0.0.1:9";
        Box::leak(Box::new(Provider {
            name: "tiny",
            dialect: &DIALECT,
            access: &ACCESS,
            hosts: Hosts::Open { staging: NOWHERE, production: NOWHERE },
            timeout: Duration::from_secs(5),
            rate: Rate::UNTOLD,
            failing: None,
            error_codes: &[],
            hallmark: None,
            canary: None,
            token_checks: &[],
            introspection: None,
            staging_is_invented: false,
            formats: vigie_harness::providers::Formats::NONE,
            login: None,
            hooks: Box::leak(Box::new(self)),
        }))
    }
}

const ROLES: &[&str] = &["token", "endpointUrl"];

impl Hooks for Tiny {
    fn contracts(&self, name: &str) -> Vec<Contract> {
        vec![Contract::new(name, self.contract.clone())]
    }

    fn sandbox(&self, _: &[Contract], _: &Corpus, _: &Options) -> Result<Sandbox, SandboxError> {
        let furnish = Arc::clone(&self.furnish);
        Ok(Sandbox::of_hosts(ROLES, move |urls| {
            let answer = furnish(urls);
            let host = |role: &&'static str| Arc::new(Named { role, answer: Arc::clone(&answer) }) as Arc<dyn Host>;
            ROLES.iter().map(host).collect()
        }))
    }

    fn greeting(&self) -> String {
        String::new()
    }

    fn credentials(&self, _: &Operation, case: &Case, _: &Tokens) -> Option<Credentials> {
        Some(if case.credential.name() == "key" { Credentials::api_key("tiny") } else { Credentials::anonymous() })
    }
}
