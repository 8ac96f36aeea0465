//! Why a case was not sent: it could not be, which leaves a run open, or it was not meant to be.

use super::context::Context;
use super::request::PREFER;
use super::scenario_session::Session;
use serde_json::Value;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_scenario::Case;

impl Context {
    /// Why the target cannot provoke a case. Our own cases are made for the sandbox, which has a token for each of them.
    pub(super) fn unprovoked(&self, case: &Case, unfit: bool) -> Deviation {
        if unfit {
            return not_sent("the operation has no such request");
        }
        let needs = match (&case.scopes, case.credential.name()) {
            (Some(scopes), _) => format!("a token with no scope but {}", scopes.join(", ")),
            (None, _) if case.headers.contains_key(PREFER) => {
                "a sandbox that is asked for an answer by its name".into()
            }
            (None, name) => name.to_owned(),
        };
        if self.own { left_out(format!("it needs what the sandbox alone has: {needs}")) } else { not_sent(needs) }
    }
}

/// Why a case could not be sent, and so was not judged.
pub(super) fn not_sent(reason: impl Into<Value>) -> Deviation {
    Deviation::new(Kind::CaseNotSent, Location::Whole, "a request that the target can answer", reason)
}

/// Why a case was not meant to be sent.
pub(super) fn left_out(reason: impl Into<Value>) -> Deviation {
    Deviation::new(Kind::CaseLeftOut, Location::Whole, "a target that the case is meant for", reason)
}

/// A name that no contract has, and the operation that it may mean.
pub(crate) fn unknown_operation(name: &str, near: Option<&str>) -> Deviation {
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Deviation::new(
        Kind::OperationUnknown,
        Location::Whole,
        format!("an operation that `vigie list` names{meant}"),
        name,
    )
}

/// Why a step lacks what no earlier one captured. Where the steps that capture it were left out on purpose, so is this one.
pub(super) fn uncaptured(missing: &[String], session: &Session) -> Deviation {
    let reason = named(missing);
    if missing.iter().all(|name| session.left_out.contains(name)) { left_out(reason) } else { not_sent(reason) }
}

/// A step lacks what the answer to an earlier one should have had.
pub(super) fn lost(missing: &[String]) -> Deviation {
    Deviation::new(Kind::RequestUnbuilt, Location::Whole, "what an earlier answer should have had", named(missing))
}

fn named(missing: &[String]) -> String {
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    format!("no earlier step captured {}", names.join(", "))
}
