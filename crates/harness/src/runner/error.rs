//! Why a run could not be made.

use crate::pace::PaceError;
use crate::targets::{TargetError, TokenError};
use vigie::clients::ConnectError;
use vigie_contract::model::{Contract, Operation};
use vigie_sandbox::SandboxError;
use vigie_scenario::{ScenarioError, near_operation};

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A scenario file or folder.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The embedded sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// There is no such target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// It is no URL that a client can be made for.
    #[error("--target: {0}")]
    Connect(#[from] ConnectError),
    /// There is no token for it.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The folder of the pace.
    #[error(transparent)]
    Pace(#[from] PaceError),
    /// No port to be called back on.
    #[error("a scenario waits for a callback, but no port of the loopback interface is free: {0}")]
    Listener(std::io::Error),
    /// A snapshot, or the folder of snapshots.
    #[error("{path}: {reason}")]
    Snapshots {
        /// The file or folder.
        path: String,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// No contract has the operation.
    #[error("no operation `{id}`{}; `vigie list operations --provider {provider}` lists them all", hint(.near.as_deref()))]
    Operation {
        /// Whose operations were looked at.
        provider: &'static str,
        /// The id.
        id: String,
        /// One that looks like it.
        near: Option<String>,
    },
}

/// An operation by its id, with its contract's name.
pub(super) fn known_operation<'a>(
    provider: &'static str,
    contracts: &'a [Contract],
    id: &str,
) -> Result<(&'a str, &'a Operation), PlanError> {
    let found = contracts.iter().find_map(|contract| Some((contract.name.as_str(), contract.operation(id)?)));
    found.ok_or_else(|| PlanError::Operation { provider, id: id.to_owned(), near: near_to(contracts.iter(), id) })
}

/// An operation id that looks like this one.
pub(crate) fn near_to<'a>(contracts: impl Iterator<Item = &'a Contract> + Clone, id: &str) -> Option<String> {
    let known = contracts.flat_map(|contract| &contract.operations).map(|operation| &*operation.id);
    near_operation(id, known).map(str::to_owned)
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}
