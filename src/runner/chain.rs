//! A scenario: its steps in their order, then its cleanup.

use super::case::{Context, empty_report, not_sent};
use super::flow::Flow;
use super::listener::Listening;
use super::{Judged, PlanError};
use crate::contract::model::Operation;
use crate::deviation::{Deviation, Kind};
use crate::providers::Tokens;
use crate::scenario::{CALLBACK, Case, Scenario, fill};
use crate::shape::Terms;
use crate::snapshot::Observation;

impl Context {
    /// Judges scenarios one after the other.
    pub(super) async fn chain(&self, scenarios: &[Scenario]) -> Result<Vec<Judged>, PlanError> {
        let mut judged = Vec::with_capacity(scenarios.len());
        for scenario in scenarios {
            judged.extend(self.scenario(scenario).await?);
        }
        Ok(judged)
    }

    /// Judges every case of a scenario. What a step captures is for the steps after it.
    pub(super) async fn scenario(&self, scenario: &Scenario) -> Result<Vec<Judged>, PlanError> {
        if let Some(reason) = self.refuses(scenario) {
            return Ok(scenario.cases().map(|case| self.left_out(case, &reason)).collect());
        }
        let mut flow = self.flow();
        if scenario.listens() {
            flow.listen(Listening::start(scenario.listener).await.map_err(PlanError::Listener)?);
        }
        let mut judged = Vec::with_capacity(scenario.steps.len());
        for case in scenario.cases() {
            judged.push(self.step(case, scenario, &mut flow).await?);
        }
        Ok(judged)
    }

    async fn step(&self, case: &Case, scenario: &Scenario, flow: &mut Flow) -> Result<Judged, PlanError> {
        if !scenario.has_steps() {
            return self.case(case, flow).await;
        }
        flow.code.clone_from(&case.expect.code);
        match fill(case, &flow.captures) {
            Ok(case) if case.callback => self.awaited(&case, flow).await,
            Ok(case) => self.case(&case, flow).await,
            Err(missing) => {
                let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
                Ok(self.left_out(case, &format!("no earlier step captured {}", names.join(", "))))
            }
        }
    }

    /// Waits for a call of the provider, and judges its request.
    async fn awaited(&self, case: &Case, flow: &mut Flow) -> Result<Judged, PlanError> {
        let (Some((judge, operation)), Some(listening)) = (self.find(&case.operation), &flow.listening) else {
            return Ok(self.left_out(case, "no such callback"));
        };
        let mut report = empty_report(case);
        report.request = format!("{} {}", operation.method, operation.path);
        let contract = judge.contract.name.as_str();
        let Some(call) = listening.next(&operation.method).await else {
            let call = format!("{} to {{{{{CALLBACK}}}}}", operation.method);
            let missing = Deviation::new(Kind::CallbackMissing, "", call, "none in time").stated_at(&operation.pointer);
            return Ok(self.conclude(report, vec![missing], contract, None));
        };
        let call = judge.call(operation, &call.request, call.status);
        flow.capture(case, call.body.as_ref(), &call.as_response.headers);
        let stable = call.body.as_ref().map(|body| flow.stable(body));
        let observation = Observation::of(&call.as_response, operation, stable.as_ref());
        let mut deviations = call.deviations;
        self.compare(&mut report, &mut deviations, &observation, &Terms::NONE)?;
        let judged = self.conclude(report, deviations, contract, call.body.as_ref());
        Ok(Judged { observation: Some(observation), ..judged })
    }

    /// Why nothing of a scenario is sent: a check does not change people's data.
    fn refuses(&self, scenario: &Scenario) -> Option<String> {
        if !matches!(self.tokens, Tokens::Real(_)) {
            return None;
        }
        let writes =
            |case: &&Case| case.callback || self.find(&case.operation).is_some_and(|(_, operation)| writes(operation));
        let writing = scenario.cases().find(writes)?;
        Some(format!("`{}` writes, and a check changes nothing on a real host", writing.operation))
    }

    fn left_out(&self, case: &Case, reason: &str) -> Judged {
        let mut report = empty_report(case);
        let known = self.find(&case.operation);
        if let Some((_, operation)) = known {
            report.request = format!("{} {}", operation.method, operation.path);
        }
        let contract = known.map_or("", |(judge, _)| judge.contract.name.as_str());
        self.conclude(report, vec![not_sent(reason)], contract, None)
    }
}

/// Whether a call changes anything.
fn writes(operation: &Operation) -> bool {
    match &operation.graphql {
        Some(graphql) => graphql.writes,
        None => !matches!(operation.method.as_str(), "GET" | "HEAD"),
    }
}
