//! Whom cases may name at a host that is no sandbox of ours: our own name people of the sandbox, whom nobody else knows.

use crate::providers::{Provider, Stage};
use crate::targets::Target;
use serde_json::Value;
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Response;
use vigie_scenario::{Case, Credential};

/// Credentials with which a service refuses any request.
const NOBODY: [&str; 2] = ["none", "unknown"];

/// Whom cases may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Anybody: the target is a sandbox of ours.
    Known,
    /// Anybody but those whom only the sandbox has: whoever gave the cases answers for them.
    Theirs,
    /// Anybody, and nobody knows them: the people there are invented too, and other ones.
    Strangers,
    /// Nobody: the cases are our own, and the people there are real, or whoever they are.
    KeptOut,
}

/// Why a case stays here.
const OF_SANDBOX: &str = "it names people or ids that only the sandbox has";
const REAL: &str = "it names people, and this host has real ones; --corpus gives cases of your own";

impl Policy {
    /// Whom cases may name at a target that answers as a sandbox of ours or not, if they are our own or not.
    pub(super) fn at(target: &Target, is_sandbox: bool, own: bool, provider: &Provider) -> Self {
        match target {
            _ if is_sandbox => Self::Known,
            _ if !own => Self::Theirs,
            Target::Stage(Stage::Staging) if provider.staging_is_invented => Self::Strangers,
            _ => Self::KeptOut,
        }
    }

    /// Why a case may not be sent.
    pub(super) fn keep_out(self, case: &Case, operation: &Operation, provider: &Provider) -> Option<&'static str> {
        match self {
            Self::KeptOut if asks_for_somebody(case, operation) => Some(REAL),
            _ => self.keep_all_out(case, operation, provider),
        }
    }

    /// Why nothing of a scenario may be sent that has such a step: its other steps are about the same people.
    pub(super) fn keep_all_out(self, case: &Case, operation: &Operation, provider: &Provider) -> Option<&'static str> {
        let is_elsewhere = matches!(self, Self::KeptOut | Self::Theirs);
        (is_elsewhere && names_sandbox(case, provider) && !is_decided(case, operation)).then_some(OF_SANDBOX)
    }

    /// Whether a case names somebody whom the target does not know: what it expects is what the sandbox knows of them.
    pub(super) fn is_stranger(self, case: &Case, operation: &Operation) -> bool {
        self == Self::Strangers && asks_for_somebody(case, operation)
    }
}

/// Whether a call changes anything.
pub(super) fn writes(operation: &Operation) -> bool {
    match &operation.graphql {
        Some(graphql) => graphql.writes,
        None => !matches!(operation.method.as_str(), "GET" | "HEAD"),
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
    deviations.push(Deviation::new(Kind::CaseUnknownThere, Location::Whole, before, after));
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

/// Whether a case says a text or a number that only the sandbox has.
fn names_sandbox(case: &Case, provider: &Provider) -> bool {
    fn says(value: &Value, is_own: &dyn Fn(&str) -> bool) -> bool {
        match value {
            Value::String(text) => is_own(text),
            Value::Number(number) => is_own(&number.to_string()),
            Value::Array(items) => items.iter().any(|item| says(item, is_own)),
            Value::Object(members) => members.values().any(|member| says(member, is_own)),
            Value::Null | Value::Bool(_) => false,
        }
    }
    let is_own = |text: &str| provider.hooks.is_of_sandbox(text);
    let headers = match &case.credential {
        Credential::Headers(headers) => Some(headers),
        Credential::Named(_) => None,
    };
    case.params.values().chain(&case.body).any(|value| says(value, &is_own))
        || case.headers.values().chain(headers.into_iter().flat_map(|own| own.values())).any(|text| is_own(text))
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
