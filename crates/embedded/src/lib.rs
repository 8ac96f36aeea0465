//! What the binary carries: contracts, own cases, accepted snapshots, fixtures of rules. `build.rs` wrote the tables.

use vigie_contract::model::Contract;
use vigie_scenario::{Corpus, Dialect, ScenarioError};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The contracts of a provider.
///
/// # Panics
/// Never: `build.rs` wrote the documents as JSON.
#[must_use]
pub fn contracts(provider: &str) -> Vec<Contract> {
    let own = CONTRACTS.iter().filter(|(name, ..)| name.split('/').next() == Some(provider));
    own.map(|(name, json, _)| Contract::new(name, serde_json::from_str(json).expect("build.rs wrote JSON"))).collect()
}

/// The canonical text of a contract, for lines.
#[must_use]
pub fn contract_text(name: &str) -> Option<&'static str> {
    CONTRACTS.iter().find(|(own, ..)| *own == name).map(|(_, _, text)| *text)
}

/// A file of `specs/` that is no contract itself, by its path there.
#[must_use]
pub fn spec(path: &str) -> Option<&'static str> {
    SPECS.iter().find(|(own, _)| *own == path).map(|(_, text)| *text)
}

/// Whether a contract of the provider has a GraphQL schema, without reading it.
#[must_use]
pub fn has_schema(provider: &str) -> bool {
    let own = SPECS.iter().filter_map(|(path, _)| path.strip_prefix(provider)?.strip_prefix('/'));
    own.map(std::path::Path::new).any(|path| path.extension().is_some_and(|extension| extension == "graphql"))
}

/// Our own scenarios of a provider, or of one topic: of an operation, its cases.
pub fn scenarios(provider: &str, dialect: &'static Dialect, only: Option<&str>) -> Result<Corpus, ScenarioError> {
    let mut corpus = Corpus::new(dialect);
    for (path, text) in SCENARIOS {
        let Some((topic, _)) = path.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')?.split_once('/'))
        else {
            continue;
        };
        if only.is_some_and(|only| only != topic) {
            continue;
        }
        corpus.add(topic, &format!("tests/scenarios/{path}"), text)?;
    }
    Ok(corpus)
}

/// Names of our own scenarios of a provider, `topic/name`, of an operation's cases `operation/case`, without reading them.
pub fn scenario_names(provider: &str) -> impl Iterator<Item = &'static str> {
    SCENARIOS.iter().filter_map(move |(path, _)| path.strip_prefix(provider)?.strip_prefix('/')?.strip_suffix(".yml"))
}

/// An accepted snapshot, by its path below `snapshots/`.
#[must_use]
pub fn snapshot(path: &str) -> Option<&'static str> {
    SNAPSHOTS.binary_search_by(|(own, _)| (*own).cmp(path)).ok().map(|position| SNAPSHOTS[position].1)
}

/// The files of a rule's fixture: path below its folder, and text.
#[must_use]
pub fn fixture(rule: &str) -> Vec<(&'static str, &'static str)> {
    let inside = |path: &'static str| path.strip_prefix(rule)?.strip_prefix('/');
    FIXTURES.iter().filter_map(|(path, text)| Some((inside(path)?, *text))).collect()
}
