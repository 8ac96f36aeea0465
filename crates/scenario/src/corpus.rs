//! Cases that belong together: our own, or those of a folder.

use super::parse::{Page, parse_file};
use super::{Case, Choice, Credential, Dialect, Published, Scenario, ScenarioError};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vigie_contract::model::Operation;
use vigie_contract::schema::Schema;
use vigie_drift::run::{Elsewhere, UnknownKey};

/// Scenarios, and the identities that the provider publishes.
#[derive(Debug)]
pub struct Corpus {
    /// How its cases are written.
    pub dialect: &'static Dialect,
    /// Sorted by topic, then by name. Beside those that are wanted there may be others of the same operations, which a
    /// sandbox has to know.
    pub scenarios: Vec<Scenario>,
    /// Identity claims by token word (`cnaf_qfv2`).
    pub identities: BTreeMap<String, Map<String, Value>>,
    /// Files that are wanted and cannot be read.
    pub unread: Vec<Unread>,
    /// Wanted cases of other providers.
    pub elsewhere: Vec<Elsewhere>,
    /// Keys of wanted cases that nobody knows.
    pub unknown_keys: Vec<UnknownKey>,
    /// How many files are not wanted, and were not read.
    pub passed_over: usize,
    /// Folders that are named after an operation and hold no case.
    pub hollow: Vec<String>,
}

/// A file that cannot be read.
#[derive(Debug)]
pub struct Unread {
    /// The name of its folder.
    pub topic: String,
    /// Its name without its extension.
    pub name: String,
    /// What is wrong with it.
    pub error: ScenarioError,
}

impl Corpus {
    /// No cases yet.
    #[must_use]
    pub fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            scenarios: Vec::new(),
            identities: BTreeMap::new(),
            unread: Vec::new(),
            elsewhere: Vec::new(),
            unknown_keys: Vec::new(),
            passed_over: 0,
            hollow: Vec::new(),
        }
    }

    /// Whether a choice leaves anything to report: a scenario, a file that cannot be read, or cases of another provider.
    #[must_use]
    pub fn has_any(&self, choice: &Choice) -> bool {
        let is_any = self.scenarios.iter().any(|scenario| choice.takes(scenario));
        is_any || !self.unread.is_empty() || !self.elsewhere.is_empty()
    }

    /// Every case: a scenario's steps and its cleanup, in their order.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.scenarios.iter().flat_map(Scenario::cases)
    }

    fn cases_mut(&mut self) -> impl Iterator<Item = &mut Case> {
        self.scenarios.iter_mut().flat_map(Scenario::cases_mut)
    }

    /// Adds one file: `topic` is the name of its folder.
    pub fn add(&mut self, topic: &str, file: &str, text: &str) -> Result<(), ScenarioError> {
        if let Some(published) = self.published(topic) {
            return self.add_identity(file, text, published);
        }
        let (scenario, unknown_keys) = parse_file(topic, file, text, self.dialect)?;
        self.unknown_keys.extend(unknown_keys);
        self.push(scenario);
        Ok(())
    }

    /// How the files of a folder hold identities, if they are no cases.
    pub(super) fn published(&self, topic: &str) -> Option<Published> {
        self.dialect.identity.published.filter(|published| published.folder == topic)
    }

    /// Adds a published identity.
    pub(super) fn add_identity(&mut self, file: &str, text: &str, published: Published) -> Result<(), ScenarioError> {
        Page { file, text, dialect: self.dialect }.check()?;
        let (token, claims) = parse_identity(file, text, self.dialect.identity.name, published)?;
        self.identities.insert(token, claims);
        Ok(())
    }

    /// Adds a scenario. `a.yml` beside `a.yaml`: the later one keeps its whole name, so that each has its own.
    pub(super) fn push(&mut self, mut scenario: Scenario) {
        let is_last = |last: &Scenario| (&last.topic, &last.name) == (&scenario.topic, &scenario.name);
        if self.scenarios.last().is_some_and(is_last) {
            let whole = scenario.file.rsplit(['/', '\\']).next().unwrap_or(&scenario.file).to_owned();
            scenario.rename(&whole);
        }
        self.scenarios.push(scenario);
    }

    /// Whole numbers that YAML 1.2 reads as text (`07`) become the numbers that they are.
    pub fn read_integers<'a>(&mut self, operation: impl Fn(&str) -> Option<&'a Operation>) {
        for case in self.cases_mut() {
            let Some(operation) = operation(&case.operation) else { continue };
            for (name, value) in &mut case.params {
                let is_integer = || {
                    operation
                        .parameter(name)
                        .is_some_and(|parameter| Schema::whole(&parameter.schema).only_type() == Some("integer"))
                };
                if let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok())
                    && is_integer()
                {
                    *value = number.into();
                }
            }
        }
    }

    /// Official cases do not say who calls: an operation, or the names of a case's parameters, may need another credential.
    pub fn infer_credentials(&mut self, credential: impl Fn(&str, &[&str]) -> Option<&'static str>) {
        let default = self.dialect.credential();
        for case in self.cases_mut().filter(|case| case.credential == default) {
            let names: Vec<&str> = case.params.keys().map(String::as_str).collect();
            if let Some(name) = credential(&case.operation, &names) {
                case.credential = Credential::Named(name.to_owned());
            }
        }
    }
}

fn parse_identity(
    file: &str,
    text: &str,
    name: &str,
    published: Published,
) -> Result<(String, Map<String, Value>), ScenarioError> {
    let syntax = |message: &str| ScenarioError::Syntax {
        file: file.to_owned(),
        text: text.to_owned(),
        offset: None,
        message: message.to_owned(),
    };
    let document: Value = serde_yaml::from_str(text).map_err(|error| syntax(&error.to_string()))?;
    let token = document["params"]["token"].as_str();
    let token = token.ok_or_else(|| syntax(&format!("an identity of {name} needs `params.token`")))?;
    let payload = document["payload"].as_str().unwrap_or_default();
    let payload: Value =
        serde_json::from_str(payload).map_err(|error| syntax(&format!("the payload is not JSON: {error}")))?;
    match payload[published.claims].as_object() {
        Some(claims) => Ok((token.to_owned(), claims.clone())),
        None => Err(syntax(&format!("the payload has no `{}`", published.claims))),
    }
}
