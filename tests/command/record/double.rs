//! The embedded sandbox as a target of its own, and the program as its user runs it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Output};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

/// A double that serves a corpus, until it is dropped.
pub(crate) struct Double {
    pub(crate) url: String,
    running: Option<Running>,
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl Double {
    pub(crate) fn of(corpus: &Path) -> Self {
        let provider = provider("api-particulier").expect("it is known");
        let plan = Plan::new(provider, Some(corpus)).expect("the corpus is good");
        let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let running = runtime.block_on(sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))).expect("a free port");
        Self { url: running.base_url(), running: Some(running), runtime }
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

/// How a run ended, and all that it printed.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        Self { code: output.status.code(), text }
    }
}

pub(crate) fn vigie(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("VIGIE_API_PARTICULIER_TOKEN")
        .env_remove("VIGIE_RECORD_KEY");
    command.envs(variables.iter().copied()).output().expect("vigie runs").into()
}
