//! What runs: the scenarios of a run, how they are grouped, and how much of the whole they are.

use std::collections::BTreeMap;
use std::sync::Arc;
use vigie_judge::exceptions::Scope;
use vigie_scenario::{Corpus, Scenario};

/// What a plan has of its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All scenarios of a folder, or of ours, and the live schemas as a whole.
    All,
    /// The scenarios of a topic.
    Topic,
    /// The live schemas.
    Schemas,
}

/// The scenarios of a run.
pub(crate) struct Schedule {
    pub(crate) scenarios: Arc<[Scenario]>,
    /// How many cases there are with those of other shards.
    pub(super) whole: usize,
    /// Whether the live schemas as a whole are asked for.
    pub(super) schemas: bool,
    /// Whether exceptions of answers that the run does not have are stale.
    pub(super) scope: Scope,
    /// How many groups are under way at once, at least one.
    pub(crate) jobs: usize,
}

impl Schedule {
    /// The `wanted` scenarios of a corpus.
    pub(super) fn new(
        part: Part,
        provider: &str,
        corpus: Corpus,
        jobs: usize,
        wanted: impl Fn(&Scenario) -> bool,
    ) -> Self {
        let cases = corpus.cases().count() + corpus.passed_over;
        let whole = match part {
            Part::All => cases,
            Part::Topic | Part::Schemas => cases.max(vigie_embedded::scenario_names(provider).count()),
        };
        let (all, passed_over) = (corpus.scenarios.len(), corpus.passed_over);
        let scenarios: Arc<[Scenario]> = corpus.scenarios.into_iter().filter(wanted).collect();
        let is_whole = part == Part::All && scenarios.len() == all && passed_over == 0;
        // Where there is no case to judge, the schemas must not stand in for cases.
        let schemas = (is_whole && !scenarios.is_empty()) || part == Part::Schemas;
        let scope = if is_whole { Scope::Answers } else { Scope::Part };
        Self { scenarios, whole, schemas, scope, jobs: jobs.max(1) }
    }

    /// Scenarios in groups that may run beside each other, by their places in the list: the provider refuses two identical
    /// requests at once (409).
    pub(crate) fn chains(&self, wanted: Vec<usize>) -> Vec<Vec<usize>> {
        let mut chains: BTreeMap<(&str, String, bool), Vec<usize>> = BTreeMap::new();
        let mut alone = Vec::new();
        for position in wanted {
            let scenario = &self.scenarios[position];
            match &scenario.steps[..] {
                [case] if !scenario.has_steps() => {
                    let params = serde_json::to_string(&case.params).unwrap_or_default().to_lowercase();
                    chains.entry((&case.operation, params, case.has_identity())).or_default().push(position);
                }
                _ => alone.push(vec![position]),
            }
        }
        // What takes longest begins first.
        alone.extend(chains.into_values());
        alone
    }
}
