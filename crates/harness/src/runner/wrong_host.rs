//! Whether it was another API that answered a run: then nothing that was judged says anything about the contract.
//!
//! One answer that has something of the contract is enough for the provider, and one operation that has changed is drift.

use super::attempts::{Attempts, RunAttempts};
use super::context::Context;
use super::likeness::{Likeness, Origin};
use super::outcome::Outcome;
use std::collections::BTreeSet;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::Class;
use vigie_drift::location::Location;
use vigie_scenario::Scenario;

impl Context {
    /// Whether another API answers: nothing of what was judged, and nothing that the provider answers to everybody, has
    /// anything of the contract.
    pub(super) async fn is_wrong_host(&self, seen: &RunAttempts, scenarios: &[Scenario]) -> bool {
        let judged = || seen.scenarios.iter().flat_map(Attempts::last);
        let origins: Vec<&Origin> = judged().filter_map(Outcome::origin).collect();
        let is = |likeness| move |origin: &&Origin| origin.likeness == likeness;
        if !self.peer.may_be_another_api()
            || self.cancellation.reason().is_some()
            || origins.is_empty()
            || origins.iter().any(is(Likeness::Own))
            || knows_schema(seen)
        {
            return false;
        }
        if origins.iter().all(is(Likeness::Foreign)) {
            let answered = judged().filter(|judged| judged.origin().is_some());
            let operations: BTreeSet<&String> = answered.map(|judged| &judged.report.operation).collect();
            return Box::pin(self.is_foreign(seen, scenarios, operations.len())).await;
        }
        // What has the status of a success may be an operation that has changed. A gateway answers anything in this way.
        for _ in 1..seen.most {
            match self.canary().await {
                Some(Some(Likeness::Own)) => return false,
                Some(None) => {}
                _ => break,
            }
        }
        let anything = self.answers_anything(seen.most).await;
        anything.is_some_and(|form| origins.iter().all(|origin| origin.form == form))
    }

    /// Whether answers of so many operations that have nothing of the contract are another API's.
    async fn is_foreign(&self, seen: &RunAttempts, scenarios: &[Scenario], operations: usize) -> bool {
        let judged = |attempts: &Attempts| attempts.last().any(|judged| judged.origin().is_some());
        let first = seen.scenarios.iter().position(judged);
        let mut silent = true;
        for _ in 1..seen.most {
            let answer = if let Some(answer) = self.canary().await {
                silent &= answer.is_none();
                answer
            } else {
                // Where nothing is answered to everybody, a case is sent again.
                silent = false;
                let Some(position) = first else { continue };
                let again = self.scenario(&scenarios[position]).await.unwrap_or_default();
                again.iter().find_map(Outcome::origin).map(|origin| origin.likeness)
            };
            if matches!(answer, Some(Likeness::Own | Likeness::Unclear)) {
                return false;
            }
        }
        // One operation may have changed while the other is down.
        !silent || operations > 1
    }
}

/// Whether the target has told a schema that was compared with the contract's.
fn knows_schema(seen: &RunAttempts) -> bool {
    let is_told = |judged: &Outcome| {
        judged.report.status.is_some() && !judged.report.findings.iter().any(|found| found.class.leaves_open())
    };
    seen.schemas.last().any(is_told)
}

impl Context {
    /// What was judged of another API's answer: nothing of it says anything.
    pub(super) fn disown(&self, judged: Outcome) -> Outcome {
        let says = |class: Class| class == Class::Breaking || class.leaves_open();
        if judged.origin().is_none() || !judged.report.findings.iter().any(|found| says(found.class)) {
            return judged;
        }
        let expected = format!("an answer of {}", self.provider.name);
        let told = "no answer of the run is in a form of the contract";
        let wrong = Deviation::new(Kind::WrongHost, Location::Whole, expected, told);
        let mut report = judged.report;
        report.findings.clear();
        report.undocumented.clear();
        Outcome::of(report).with(vigie_drift::find(wrong, |_| None))
    }
}
