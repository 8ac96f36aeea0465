//! A folder of `tests/drifts/`: its files, and what must be found.

use libtest_mimic::Failed;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const DRIFTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/drifts");

/// What a fixture is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `old.yml` and `new.yml`: two contracts, with a `witness.yml`.
    Contracts,
    /// `old.graphql` and `new.graphql`: two GraphQL schemas, with a `witness.yml`.
    Schemas,
    /// `old.json` and `new.json`: an accepted answer and a later one.
    Answers,
    /// `cases/<operation>/case.yml`, and `answer.yml` where a target answers it; the embedded sandbox does without one. With
    /// a `contract.yml`, a provider of that contract which never calls back.
    Exchange,
    /// `schema.graphql` and `queries/`: a schema, and what a consumer asks.
    Queries,
    /// `contract.yml` and `recorded.yml`: a contract, and a recorded exchange.
    Recorded,
    /// No folder, or none of these.
    None,
}

/// The fixture of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    folder: PathBuf,
}

/// The names of all folders.
pub(crate) fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(DRIFTS).expect("tests/drifts is there");
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

impl Fixture {
    pub(crate) fn new(rule: &str) -> Self {
        Self { folder: Path::new(DRIFTS).join(rule) }
    }

    pub(crate) fn rule(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    pub(crate) fn form(&self) -> Form {
        let has = |name| self.path(name).exists();
        match () {
            () if has("old.yml") => Form::Contracts,
            () if has("old.graphql") => Form::Schemas,
            () if has("old.json") => Form::Answers,
            () if has("cases") => Form::Exchange,
            () if has("queries") => Form::Queries,
            () if has("recorded.yml") => Form::Recorded,
            () => Form::None,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<String, Failed> {
        std::fs::read_to_string(self.path(name)).map_err(|error| format!("{name}: {error}").into())
    }

    pub(crate) fn yaml<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failed> {
        serde_yaml::from_str(&self.text(name)?).map_err(|error| format!("{name}: {error}").into())
    }

    /// Compares findings with `expected.yml`, whatever their order: none may be missing, and none may be too many.
    pub(crate) fn compare(&self, found: &[Value]) -> Result<(), Failed> {
        let expected: Vec<Value> = self.yaml("expected.yml")?;
        let rule = self.rule();
        if !expected.iter().any(|finding| finding["rule"] == *rule) {
            return Err(format!("expected.yml does not expect `{rule}`").into());
        }
        let mut extra = found.to_vec();
        let missing: Vec<&Value> = expected
            .iter()
            .filter(|finding| match extra.iter().position(|other| other == *finding) {
                Some(position) => {
                    extra.remove(position);
                    false
                }
                None => true,
            })
            .collect();
        if missing.is_empty() && extra.is_empty() {
            return Ok(());
        }
        let missing = missing.into_iter().map(|finding| format!("expected, and not found: {finding}"));
        let extra = extra.iter().map(|finding| format!("found, and not expected: {finding}"));
        let message = missing.chain(extra).collect::<Vec<_>>().join("\n");
        Err(message.into())
    }
}

/// A finding in the words of `expected.yml`, from a report that may call them otherwise. What is empty is left out.
pub(crate) fn finding(reported: &Value, [location, before, after]: [&str; 3]) -> Value {
    let fields = [
        ("rule", "rule"),
        ("class", "class"),
        ("certainty", "certainty"),
        ("operation", "operation"),
        ("location", location),
        ("before", before),
        ("after", after),
    ];
    let fields = fields.into_iter().filter_map(|(name, reported_as)| Some((name, reported.get(reported_as)?)));
    let stated = fields.filter(|(_, value)| !value.is_null() && **value != "");
    stated.map(|(name, value)| (name.to_owned(), value.clone())).collect::<Map<_, _>>().into()
}
