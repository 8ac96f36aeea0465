//! What a change does to the generated client: whether requests still go through, whether answers still decode, which
//! Rust types and methods change, and which version bump that is.
//!
//! Nothing here is guessed from the rule alone: both documents are put in canonical form and lowered as `build.rs` does
//! it, and the two clients are compared as far as their declarations go.

mod client;
mod reads;
mod report;
mod site;
mod spot;

use crate::comparison::{Cause, Effect, Impact};
use crate::deviation::Kind;
use crate::finding::{Certainty, Class};
use client::Client;
use report::Report;
use serde_json::Value;
use site::Site;
use spot::pairs;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use vigie_contract::bounds::values;

/// The clients of two documents. They are made when the first impact is asked for: alike documents cost nothing.
#[derive(Debug)]
pub struct Clients<'a> {
    documents: (&'a Value, &'a Value),
    pair: OnceCell<Result<Pair, String>>,
    /// How many more places are compared.
    left: Cell<usize>,
    /// What was asked for, and neither client has a method for.
    left_out: RefCell<BTreeSet<String>>,
}

/// Places of one comparison that are compared, worst causes first: each may take as long as its document is large.
const MOST_PLACES: usize = 3_000;

/// Values of a document whose client is made: it takes as much memory as the document, and more.
const MOST_VALUES: usize = 400_000;

/// Two versions of a client.
#[derive(Debug)]
struct Pair {
    old: Client,
    new: Client,
    /// Names of one and the same type, old and new: hoisting names a type by where else its shape stands.
    renamed: BTreeSet<(String, String)>,
}

impl<'a> Clients<'a> {
    /// The clients of two `OpenAPI` documents, raw or canonical.
    #[must_use]
    pub fn new(old: &'a Value, new: &'a Value) -> Self {
        Self {
            documents: (old, new),
            pair: OnceCell::new(),
            left: Cell::new(MOST_PLACES),
            left_out: RefCell::default(),
        }
    }

    /// Whether no client is made, since a document is too large.
    fn are_too_large(&self) -> bool {
        [self.documents.0, self.documents.1].iter().any(|document| values(document) > MOST_VALUES)
    }

    /// What a cause does to the client of the old document; `None` if either document gives no client, for what is no
    /// change of a contract, and where there are too many places.
    #[must_use]
    pub fn impact(&self, cause: &Cause) -> Option<Impact> {
        if matches!(cause.class, Class::Implausible | Class::Outage) || cause.not_compared.is_some() {
            return None;
        }
        let (old, new) = self.documents;
        let client = |side, document| {
            Client::of(document)
                .map_err(|reason| format!("no client can be generated from the {side} document: {reason}"))
        };
        let pair = || {
            if self.are_too_large() {
                return Err("the documents are too large for a client to be generated".to_owned());
            }
            Ok(Pair::of(client("old", old)?, client("new", new)?))
        };
        let pair = self.pair.get_or_init(pair).as_ref().ok()?;
        let cost: usize = cause.places.iter().map(|place| pair.cost(&place.operation)).sum();
        self.left.set(self.left.get().checked_sub(cost)?);
        let has_method = |operation: &str| {
            let is_left_out = pair.old.leaves_out(operation) || pair.new.leaves_out(operation);
            if is_left_out {
                self.left_out.borrow_mut().insert(operation.to_owned());
            }
            !is_left_out
        };
        // The provider makes these calls, and the client has nothing of them.
        let mut places = cause
            .places
            .iter()
            .filter(|place| !is_callback(&place.operation) && has_method(&place.operation))
            .peekable();
        if !cause.places.is_empty() {
            places.peek()?;
        }
        let mut report = Report::new(pair);
        for place in places {
            let site = Site::of(&place.location);
            if !matches!(site, Site::Answer(..) | Site::Header) {
                report.request(sent(cause, &site));
            }
            match site {
                Site::Answer(status, steps) => report.answer(&place.operation, status, &steps, renaming(cause)),
                Site::Parameter(whither, name) => report.parameter(&place.operation, whither, name, renaming(cause)),
                Site::Operation => report.operation(&place.operation, renaming(cause)),
                Site::Body(steps) => report.body(&place.operation, &steps, renaming(cause)),
                Site::Header => {}
            }
        }
        Some(report.into_impact())
    }

    /// What the impacts so far leave open, in words.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let left_out = self.left_out.borrow();
        let left_out = left_out.iter().map(|operation| format!("a generated client has no method for `{operation}`"));
        let failed = self.pair.get().and_then(|pair| pair.as_ref().err()).cloned();
        failed.into_iter().chain(left_out).map(|reason| format!("{reason}; the impact on it is unknown")).collect()
    }
}

/// Whether an operation is a call that the provider makes: `POST callback event of POST /hooks`, `POST webhook event`.
fn is_callback(operation: &str) -> bool {
    operation.split_once(' ').is_some_and(|(_, rest)| rest.starts_with("callback ") || rest.starts_with("webhook "))
}

/// What the provider makes of the requests of the old client: its side of the contract is the new document.
fn sent(cause: &Cause, site: &Site<'_>) -> Effect {
    match (cause.class, cause.certainty, cause.rule.kind) {
        // Text in a URL may still be what the new type wants.
        (Class::Breaking, _, Kind::RequestTypeChanged) if matches!(site, Site::Parameter(..)) => Effect::MayFail,
        (
            Class::Breaking,
            Certainty::Definite,
            Kind::OperationRemoved
            | Kind::OperationPathChanged
            | Kind::ParameterAddedRequired
            | Kind::ParameterRenamed
            | Kind::PropertyRenamed
            | Kind::RequestBodyAddedRequired
            | Kind::RequestPropertyAddedRequired
            | Kind::RequestTypeChanged,
        ) => Effect::Fails,
        // Callers that left something out, or sent some value.
        (Class::Breaking, ..) => Effect::MayFail,
        _ => Effect::Works,
    }
}

/// The new name of what has another name.
fn renaming(cause: &Cause) -> Option<&str> {
    let renamings = [Kind::PropertyRenamed, Kind::ParameterRenamed, Kind::OperationPathChanged];
    let is_renaming = renamings.contains(&cause.rule.kind);
    cause.observed.as_str().filter(|_| is_renaming)
}

impl Pair {
    fn of(old: Client, new: Client) -> Self {
        let mut renamed = BTreeSet::new();
        for (key, call) in &old.calls {
            let Some(counterpart) = old.counterpart(key, call, &new) else { continue };
            for status in old.statuses(call) {
                if let (Some(one), Some(other)) = (old.body(call, status), new.body(counterpart, status)) {
                    pairs((&old, one), (&new, other), &mut renamed);
                }
            }
        }
        renamed.retain(|(one, other)| one != other);
        Self { old, new, renamed }
    }

    /// What comparing one place costs: a parameter is searched among all of its operation.
    fn cost(&self, operation: &str) -> usize {
        let parameters = |client: &Client| {
            let (_, call) = client.call(operation)?;
            client.lowered(call)["parameters"].as_array().map(Vec::len)
        };
        1 + [&self.old, &self.new].into_iter().filter_map(parameters).sum::<usize>() / 20
    }
}

#[cfg(test)]
mod tests;
