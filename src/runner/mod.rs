//! Floor 4: the one place where the floors meet. Scenarios in, a report out.

mod case;
mod chain;
mod compare;
mod day;
mod doctor;
mod flow;
mod introspect;
mod listener;
mod merge;
mod operations;
mod pending;
mod plan;
mod recorded;
mod redact;
mod store;
mod witness;

pub use crate::targets::Target;
pub use compare::{CompareError, Pair, timeline};
pub use day::today;
pub use doctor::{Check, Diagnosis, State, Subject};
pub use introspect::{Promised, introspect};
pub use merge::{MergeError, Shard, merge};
pub use operations::{OperationsError, Queryable};
pub use pending::{Accepted, Pending};
pub use plan::{Plan, PlanError};
pub use recorded::recorded;
pub use store::Store;
pub use witness::{Published, PublishedError};

use crate::drift::causes;
use crate::exceptions::{Exceptions, Scope};
use crate::exchange::Exchange;
use crate::finding::CaseReport;
use crate::judge::{Observed, Typed};
use crate::run::RunReport;
use crate::sandbox::Running;
use crate::scenario::{Case, Scenario, bind};
use crate::snapshot::Observation;
use crate::transport::Outage;
use case::Context;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A case that was judged.
pub struct Judged {
    /// What was found.
    pub report: CaseReport,
    /// What a snapshot keeps of the answer; `None` without an answer.
    pub observation: Option<Observation>,
    /// Documented properties that a 200 answer had.
    seen: Option<Observed>,
}

/// A plan that is under way: the target answers.
pub struct Session {
    context: Arc<Context>,
    scenarios: Vec<Scenario>,
    /// Whether the live schemas as a whole are asked for.
    schemas: bool,
    target: Target,
    jobs: usize,
    exceptions: (Exceptions, Scope),
    running: Option<Running>,
}

impl Session {
    /// How many cases it has: each step is one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scenarios.iter().flat_map(Scenario::cases).count()
    }

    /// Whether no case was wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty()
    }

    /// Judges the cases of one scenario, by `topic/name`.
    pub async fn scenario(&self, key: &str) -> Option<Result<Vec<Judged>, PlanError>> {
        let is_meant = |own: &&Scenario| key.split_once('/') == Some((&own.topic, &own.name));
        let scenario = self.scenarios.iter().find(is_meant)?;
        Some(self.context.scenario(scenario).await)
    }

    /// Sends one bound case and has the typed client read the answer.
    pub async fn call(&self, case: &Case) -> Result<Option<(Exchange, Typed)>, Outage> {
        let Some(known @ (judge, operation)) = self.context.find(&case.operation) else { return Ok(None) };
        let bound = bind(case, operation);
        let flow = self.context.flow();
        let Some(exchange) = self.context.send(case, known, &bound, &flow).await? else { return Ok(None) };
        let typed = self.context.provider.typed(&judge.contract.name, operation, &bound, &exchange.response).await;
        Ok(Some((exchange, typed)))
    }

    /// Judges every case. `progress` is told of each one as it ends.
    pub async fn run(self, mut progress: impl FnMut(&CaseReport)) -> Result<RunReport, PlanError> {
        let mut running = stream::iter(chains(self.scenarios))
            .map(|chain| {
                let context = Arc::clone(&self.context);
                tokio::spawn(async move { context.chain(&chain).await })
            })
            .buffer_unordered(self.jobs.max(1));
        let (exceptions, scope) = self.exceptions;
        let mut report = RunReport { target: self.target.to_string(), ..RunReport::default() };
        if self.schemas {
            report.cases = self.context.schemas().await;
        }
        let mut seen: BTreeMap<String, Observed> = BTreeMap::new();
        while let Some(chain) = running.next().await {
            // A panic in a case is a defect of ours: it must not pass for a result.
            let chain = chain.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            for judged in chain? {
                progress(&judged.report);
                if let Some(paths) = judged.seen {
                    seen.entry(judged.report.operation.clone()).or_default().extend(paths);
                }
                report.cases.push(judged.report);
            }
        }
        drop(running);
        report.cases.sort_by(|a, b| a.file.cmp(&b.file));
        for case in &mut report.cases {
            self.context.provider.name().clone_into(&mut case.provider);
        }
        report.never_observed = self.context.never_observed(&seen);
        report.observed = seen.into_keys().collect();
        exceptions.apply_to_run(&mut report, scope);
        report.causes = causes::in_cases(&report.cases);
        self.context.published.testify(&mut report);
        if let Some(outage) = &self.context.down {
            let target = &self.target;
            report.notes.push(format!("{target}: {outage}; is it running? `vigie serve` starts a sandbox here"));
        }
        if let Some(running) = self.running {
            running.stop().await;
        }
        Ok(report)
    }
}

/// Scenarios in groups that may run beside each other: the provider refuses two identical requests at once (409).
fn chains(scenarios: Vec<Scenario>) -> Vec<Vec<Scenario>> {
    let mut chains: BTreeMap<(String, String, bool), Vec<Scenario>> = BTreeMap::new();
    let mut alone = Vec::new();
    for scenario in scenarios {
        match &scenario.steps[..] {
            [case] if !scenario.has_steps() => {
                let params = serde_json::to_string(&case.params).unwrap_or_default().to_lowercase();
                let key = (case.operation.clone(), params, case.has_identity());
                chains.entry(key).or_default().push(scenario);
            }
            _ => alone.push(vec![scenario]),
        }
    }
    // What takes longest begins first.
    alone.extend(chains.into_values());
    alone
}
