//! What goes with a scenario from step to step: its world, what it captured, where it listens.

use super::listener::Listening;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use vigie_scenario::{CALLBACK, Captures, Case};

/// The state of one scenario in one run. What it captured may be secrets, so it has no `Debug`.
#[derive(Default)]
pub(super) struct Session {
    /// The name of its world in a double.
    pub(super) world: Option<HeaderValue>,
    /// What its steps captured.
    pub(super) captures: Captures,
    /// Addresses that are others in each run, and what stands for them in a snapshot.
    pub(super) addresses: BTreeMap<String, String>,
    /// Where the provider calls back, if the scenario asks for it.
    pub(super) listening: Option<Listening>,
    /// What steps would have captured that were left out on purpose.
    pub(super) left_out: BTreeSet<String>,
    /// The error code that the current step expects, as it is written: what was captured may be a secret.
    pub(super) code: Option<String>,
}

impl Session {
    /// Hands out where a scenario listens.
    pub(super) fn listen(&mut self, listening: Listening) {
        self.addresses.insert(listening.url().to_owned(), CALLBACK.to_owned());
        self.captures.insert(CALLBACK.to_owned(), listening.url().into());
        self.listening = Some(listening);
    }

    /// Keeps what a case captures of an answer.
    pub(super) fn capture(&mut self, case: &Case, body: Option<&Value>, headers: &HeaderMap) {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        for (name, source) in &case.capture {
            if let Some(value) = source.read(body, header) {
                self.captures.insert(name.clone(), value);
            }
        }
    }

    /// The answer as it is in every run.
    pub(super) fn stable(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => self.named(text).into(),
            Value::Array(items) => items.iter().map(|item| self.stable(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, member)| (key.clone(), self.stable(member)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn named(&self, text: &str) -> String {
        self.addresses
            .iter()
            .fold(text.to_owned(), |text, (address, name)| text.replace(address, &format!("{{{{{name}}}}}")))
    }
}

/// Names for worlds, another one for each scenario of each run.
#[derive(Debug)]
pub(super) struct Worlds {
    run: String,
    next: AtomicU64,
}

impl Worlds {
    pub(super) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let run = format!("{:x}-{:x}", std::process::id(), now.as_nanos());
        Self { run, next: AtomicU64::new(0) }
    }

    pub(super) fn next(&self) -> Option<HeaderValue> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        HeaderValue::from_str(&format!("{}-{number}", self.run)).ok()
    }
}
