//! A provider of a test's own: any contract, any double.

use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use vigie::clients::Credentials;
use vigie_contract::model::{Contract, Operation};
use vigie_harness::providers::{Access, Provider, Retired, Stage, Tokens, Variable};
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
/// Makes the answers of a double, which knows its base URLs.
pub type Furnish = dyn Fn(&[String]) -> Arc<Answer> + Send + Sync;

/// The provider. Its double has two hosts.
pub struct Tiny {
    /// What it promises, as `OpenAPI`.
    pub contract: Value,
    /// Makes what its hosts answer.
    pub furnish: Arc<Furnish>,
}

struct Room {
    role: &'static str,
    answer: Arc<Answer>,
}

impl Host for Room {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        (self.answer)(self.role, request)
    }
}

impl Tiny {
    /// A plan takes a provider that lives as long as the program.
    pub fn leak(self) -> &'static dyn Provider {
        Box::leak(Box::new(self))
    }
}

const ROLES: &[&str] = &["token", "endpointUrl"];

impl Provider for Tiny {
    fn name(&self) -> &'static str {
        "tiny"
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn contracts(&self) -> Vec<Contract> {
        vec![Contract::new("tiny", self.contract.clone())]
    }

    fn double(&self, _: &[Contract], _: &Corpus, _: &Options) -> Result<Sandbox, SandboxError> {
        let furnish = Arc::clone(&self.furnish);
        Ok(Sandbox::of_hosts(ROLES, move |urls| {
            let answer = furnish(urls);
            let room = |role: &&'static str| Arc::new(Room { role, answer: Arc::clone(&answer) }) as Arc<dyn Host>;
            ROLES.iter().map(room).collect()
        }))
    }

    fn greeting(&self) -> String {
        String::new()
    }

    /// One that is always there: a test cannot set one for itself alone.
    fn access(&self) -> &'static Access {
        static ACCESS: Access = Access {
            token: Variable { name: "CARGO_PKG_NAME", what: "", how: "" },
            further: &[],
            steps: "",
            staging: None,
        };
        &ACCESS
    }

    fn host(&self, _: Stage) -> Result<&'static str, Retired> {
        Ok("http://127.0.0.1:9")
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn credentials(&self, _: &Operation, case: &Case, _: &Tokens) -> Option<Credentials> {
        Some(if case.credential.name() == "key" { Credentials::api_key("tiny") } else { Credentials::anonymous() })
    }
}
