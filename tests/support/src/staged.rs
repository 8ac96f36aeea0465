//! API Particulier, with a host of the test's own in the place of its stages.

use std::time::Duration;
use vigie::clients::Credentials;
use vigie_contract::model::{Contract, Operation};
use vigie_harness::providers::{Access, Provider, Retired, Stage, Tokens, Variable, provider};
use vigie_sandbox::{Options, Sandbox, SandboxError};
use vigie_scenario::{Case, Corpus, Dialect};

/// The provider, somewhere else.
pub struct Staged {
    url: &'static str,
    timeout: Duration,
}

fn real() -> &'static dyn Provider {
    provider("api-particulier").expect("ours")
}

impl Staged {
    /// A plan takes a provider that lives as long as the program.
    pub fn within(url: String, timeout: Duration) -> &'static dyn Provider {
        Box::leak(Box::new(Self { url: url.leak(), timeout }))
    }
}

impl Provider for Staged {
    fn name(&self) -> &'static str {
        real().name()
    }

    fn dialect(&self) -> &'static Dialect {
        real().dialect()
    }

    fn double(&self, contracts: &[Contract], corpus: &Corpus, options: &Options) -> Result<Sandbox, SandboxError> {
        real().double(contracts, corpus, options)
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
        Ok(self.url)
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn canary(&self) -> Option<&'static str> {
        real().canary()
    }

    fn invents_people(&self, stage: Stage) -> bool {
        real().invents_people(stage)
    }

    fn credentials(&self, operation: &Operation, case: &Case, tokens: &Tokens) -> Option<Credentials> {
        real().credentials(operation, case, tokens)
    }
}
