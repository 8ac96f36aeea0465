//! A folder of cases: our own layout, and the official sandbox repository as it is.

use super::parse::Page;
use super::{Case, Credential, Dialect, Scenario, ScenarioError, parse_scenario};
use crate::contract::model::Operation;
use crate::files;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Scenarios, and the FranceConnect identities that the official repository publishes.
#[derive(Debug)]
pub struct Corpus {
    /// How its cases are written.
    pub dialect: &'static Dialect,
    /// Sorted by topic, then by name.
    pub scenarios: Vec<Scenario>,
    /// Identity claims by token word (`cnaf_qfv2`).
    pub identities: BTreeMap<String, Map<String, Value>>,
}

/// The name of the case that answers what no other case matches.
pub const FALLBACK: &str = "404";

/// The folder of the official repository that holds identities, not cases.
const IDENTITIES: &str = "france_connect";

/// Reads `DIR/<operation>/<case>.yml`, or `DIR/payloads/<operation>/<case>.yml` as the official repository has it.
///
/// A case that would be passed over in silence is an error: one outside a folder of an operation, or in a folder below.
pub fn read_corpus(folder: &Path, dialect: &'static Dialect) -> Result<Corpus, ScenarioError> {
    let payloads = folder.join("payloads");
    let root = if payloads.is_dir() { payloads } else { folder.to_owned() };
    let mut corpus = Corpus::new(dialect);
    for entry in sorted_entries(&root)? {
        if !entry.is_dir() {
            if is_yaml(&entry) {
                return Err(misplaced(&entry));
            }
            continue;
        }
        let operation = name_of(&entry);
        for file in sorted_entries(&entry)? {
            if file.is_dir() {
                if let Some(case) = sorted_entries(&file)?.iter().find(|path| is_yaml(path)) {
                    return Err(misplaced(case));
                }
            } else if is_yaml(&file) {
                let text = files::text(&file, files::MOST_TEXT).map_err(|source| unreadable(&file, source))?;
                corpus.add(&operation, &file.to_string_lossy(), &text)?;
            }
        }
    }
    if corpus.scenarios.is_empty() {
        return Err(ScenarioError::Empty { path: folder.display().to_string() });
    }
    Ok(corpus)
}

fn misplaced(path: &Path) -> ScenarioError {
    ScenarioError::Misplaced { path: path.display().to_string() }
}

impl Corpus {
    /// No cases yet.
    #[must_use]
    pub fn new(dialect: &'static Dialect) -> Self {
        Self { dialect, scenarios: Vec::new(), identities: BTreeMap::new() }
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
        if topic == IDENTITIES {
            Page { file, text, dialect: self.dialect }.check()?;
            let (token, claims) = parse_identity(file, text)?;
            self.identities.insert(token, claims);
        } else {
            let mut scenario = parse_scenario(topic, file, text, self.dialect)?;
            // `a.yml` beside `a.yaml`: the later one keeps its whole name, so that each has its own.
            let is_last = |last: &Scenario| (&last.topic, &last.name) == (&scenario.topic, &scenario.name);
            if self.scenarios.last().is_some_and(is_last) {
                let whole = file.rsplit(['/', '\\']).next().unwrap_or(file);
                scenario.rename(whole);
            }
            self.scenarios.push(scenario);
        }
        Ok(())
    }

    /// Whole numbers that YAML 1.2 reads as text (`07`) become the numbers that they are.
    pub fn read_integers<'a>(&mut self, operation: impl Fn(&str) -> Option<&'a Operation>) {
        for case in self.cases_mut() {
            let Some(operation) = operation(&case.operation) else { continue };
            for (name, value) in &mut case.params {
                let is_integer =
                    || operation.parameter(name).is_some_and(|parameter| parameter.schema["type"] == "integer");
                if let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok())
                    && is_integer()
                {
                    *value = number.into();
                }
            }
        }
    }

    /// Official cases do not say who calls: an operation may have a credential of its own.
    pub fn infer_credentials(&mut self, credential: impl Fn(&str) -> Option<&'static str>) {
        let default = self.dialect.credential();
        for case in self.cases_mut().filter(|case| case.credential == default) {
            if let Some(name) = credential(&case.operation) {
                case.credential = Credential::Named(name.to_owned());
            }
        }
    }
}

/// `params.token` names the token; the payload's `token_introspection` holds the claims.
fn parse_identity(file: &str, text: &str) -> Result<(String, Map<String, Value>), ScenarioError> {
    let syntax = |message: &str| ScenarioError::Syntax {
        file: file.to_owned(),
        text: text.to_owned(),
        offset: None,
        message: message.to_owned(),
    };
    let document: Value = serde_yaml::from_str(text).map_err(|error| syntax(&error.to_string()))?;
    let token =
        document["params"]["token"].as_str().ok_or_else(|| syntax("a FranceConnect identity needs `params.token`"))?;
    let payload = document["payload"].as_str().unwrap_or_default();
    let payload: Value =
        serde_json::from_str(payload).map_err(|error| syntax(&format!("the payload is not JSON: {error}")))?;
    match payload["token_introspection"].as_object() {
        Some(claims) => Ok((token.to_owned(), claims.clone())),
        None => Err(syntax("the payload has no `token_introspection`")),
    }
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, ScenarioError> {
    let entries = std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| unreadable(folder, source))?;
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, source: std::io::Error) -> ScenarioError {
    ScenarioError::Unreadable { path: path.display().to_string(), source }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["yml", "yaml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml)))
}
