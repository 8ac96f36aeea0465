//! Whom our own cases may name at a provider's own host: they name people of the sandbox, whom nobody else knows.

use crate::contract::model::Operation;
use crate::deviation::{Deviation, Kind};
use crate::exchange::Response;
use crate::scenario::{Case, Credential};

/// Credentials with which a service refuses any request.
const NOBODY: [&str; 2] = ["none", "unknown"];

/// Whom cases may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guests {
    /// Anybody: the target is a sandbox, or who gave the cases answers for them.
    Known,
    /// Anybody, and nobody knows them: the people there are invented too, and other ones.
    Strangers,
    /// Nobody: the people there are real.
    KeptOut,
}

impl Guests {
    /// Whether a case may not be sent.
    pub(super) fn keep_out(self, case: &Case, operation: &Operation) -> bool {
        self == Self::KeptOut && asks_for_somebody(case, operation)
    }

    /// Whether a case names somebody whom the target does not know: what it expects is what the sandbox knows of them.
    pub(super) fn is_stranger(self, case: &Case, operation: &Operation) -> bool {
        self == Self::Strangers && asks_for_somebody(case, operation)
    }
}

/// Takes back what a case expects, where the answer is another documented one.
pub(super) fn forgive(deviations: &mut Vec<Deviation>, case: &Case, operation: &Operation, response: &Response) {
    let status = response.status.as_u16();
    let expected = |deviation: &Deviation| matches!(deviation.kind, Kind::StatusDiffers | Kind::ErrorCodeDiffers);
    if operation.answer(status).is_none() || !deviations.iter().any(expected) {
        return;
    }
    deviations.retain(|deviation| !expected(deviation));
    let other = if status == case.status { " with another code" } else { "" };
    let (before, after) = (format!("status {}", case.status), format!("status {status}{other}"));
    deviations.push(Deviation::new(Kind::CaseUnknownThere, "", before, after));
}

/// Whether the answer to a case hangs on what a service knows of somebody.
fn asks_for_somebody(case: &Case, operation: &Operation) -> bool {
    let is_default = |name: &str| case.dialect.defaults.iter().any(|(own, _)| *own == name);
    let names_somebody = case.body.is_some()
        || case.has_identity()
        || matches!(case.credential, Credential::Headers(_))
        || case.params.iter().any(|(name, value)| !value.is_null() && !is_default(name));
    names_somebody && !is_decided(case, operation)
}

/// Whether a service refuses a case before it looks for whom it names.
fn is_decided(case: &Case, operation: &Operation) -> bool {
    let table = case.dialect.decided;
    let statuses = table.iter().find(|(prefix, _)| operation.path.starts_with(prefix)).map(|(_, statuses)| *statuses);
    let by_status = || statuses.is_some_and(|statuses| statuses.contains(&case.status));
    case.expects_refusal() && (NOBODY.contains(&case.credential.name()) || by_status())
}

#[cfg(test)]
mod tests;
