//! A scenario: its steps in their order, then its cleanup.

use super::brake::Met;
use super::case::{Context, empty_report};
use super::flow::Flow;
use super::listener::Listening;
use super::unsent::{left_out, lost, not_sent, uncaptured};
use super::{Judged, PlanError};
use crate::providers::Tokens;
use std::collections::BTreeMap;
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::Verdict;
use vigie_drift::location::Location;
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;
use vigie_scenario::{CALLBACK, Case, Scenario, fill};

impl Context {
    /// Judges scenarios one after the other, by their places in the list.
    pub(super) async fn chain(
        &self,
        scenarios: &[Scenario],
        chain: Vec<usize>,
    ) -> Result<Vec<(usize, Vec<Judged>)>, PlanError> {
        let mut judged = Vec::with_capacity(chain.len());
        for position in chain {
            judged.push((position, self.scenario(&scenarios[position]).await?));
        }
        Ok(judged)
    }

    /// Judges every case of a scenario, each time in a new world. What a step captures is for the steps after it. What is
    /// not reached any more is told so.
    pub(super) async fn scenario(&self, scenario: &Scenario) -> Result<Vec<Judged>, PlanError> {
        if let Some(reason) = self.refuses(scenario) {
            return Ok(scenario.cases().map(|case| self.unsent(case, left_out(reason.as_str()))).collect());
        }
        let mut flow = self.flow();
        if scenario.listens() {
            flow.listen(Listening::start(scenario.listener).await.map_err(PlanError::Listener)?);
        }
        let mut judged = Vec::with_capacity(scenario.steps.len());
        for case in scenario.cases() {
            let step = match self.brake.unless_pulled(self.step(case, scenario, &judged, &mut flow)).await {
                Ok(step) => step?,
                Err(reason) => self.unsent(case, reason),
            };
            self.brake.note(&step);
            if step.report.findings.iter().any(|finding| finding.fact.kind == Kind::CaseLeftOut) {
                flow.left_out.extend(case.capture.iter().map(|(name, _)| name.clone()));
            }
            judged.push(step);
        }
        Ok(judged)
    }

    async fn step(
        &self,
        case: &Case,
        scenario: &Scenario,
        before: &[Judged],
        flow: &mut Flow,
    ) -> Result<Judged, PlanError> {
        let operation = self.find(&case.operation).map(|(_, operation)| operation);
        let kept = operation.and_then(|operation| self.guests.keep_out(case, operation, self.provider));
        if let Some(reason) = kept {
            return Ok(self.unsent(case, left_out(reason)));
        }
        if !scenario.has_steps() {
            return self.case(case, flow).await;
        }
        if let Some(name) = self.unknown_host(case, scenario, &flow.captures).filter(|_| !case.callback) {
            return Ok(self.without(case, &[name], scenario, before, flow));
        }
        flow.code.clone_from(&case.expect.code);
        match fill(case, &flow.captures) {
            Ok(case) if case.callback => self.awaited(&case, flow).await,
            Ok(case) => self.case(&case, flow).await,
            Err(missing) => Ok(self.without(case, &missing, scenario, before, flow)),
        }
    }

    /// A step that needs what no earlier one captured. Where one that should have was sent, its answer lacks it: then this
    /// step is none that the target cannot provoke. What cleans up is sent as far as there is something to clean up.
    fn without(&self, case: &Case, names: &[String], scenario: &Scenario, before: &[Judged], flow: &Flow) -> Judged {
        let captures = |own: &Case| own.capture.iter().any(|(name, _)| names.contains(name));
        let mut sources = scenario.steps.iter().zip(before).filter(|(own, _)| captures(own));
        let is_step = before.len() < scenario.steps.len();
        let is_lost = is_step && sources.any(|(_, judged)| judged.report.verdict != Verdict::Skipped);
        self.unsent(case, if is_lost { lost(names) } else { uncaptured(names, flow) })
    }

    /// Waits for a call of the provider, and judges its request.
    async fn awaited(&self, case: &Case, flow: &mut Flow) -> Result<Judged, PlanError> {
        let (Some((judge, operation)), Some(listening)) = (self.find(&case.operation), &flow.listening) else {
            return Ok(self.unsent(case, not_sent("no such callback")));
        };
        let mut report = empty_report(case);
        report.request = format!("{} {}", operation.method, operation.path);
        let contract = judge.contract.name.as_str();
        let Some(call) = listening.next(&operation.method).await else {
            let call = format!("{} to {{{{{CALLBACK}}}}}", operation.method);
            let missing = Deviation::new(Kind::CallbackMissing, Location::Whole, call, "none in time")
                .stated_at(&operation.pointer);
            return Ok(self.conclude(report, vec![missing], contract, None));
        };
        let call = judge.call(operation, &call.request, call.status);
        flow.capture(case, call.body.as_ref(), &call.as_response.headers);
        let stable = call.body.as_ref().map(|body| flow.stable(body));
        let observation = Observation::of(&call.as_response, operation, stable.as_ref());
        let mut deviations = call.deviations;
        let successor = self.compare(&report, &mut deviations, &observation, &Terms::NONE);
        let judged = self.conclude(report, deviations, contract, call.body.as_ref());
        Ok(Judged { observation: Some(observation), successor, met: Met::Somebody, ..judged })
    }

    /// Why nothing of a scenario is sent: it is about people whom only the sandbox has, or it would change people's data.
    fn refuses(&self, scenario: &Scenario) -> Option<String> {
        let kept = |case: &Case| self.guests.keep_all_out(case, self.find(&case.operation)?.1, self.provider);
        if let Some(reason) = scenario.cases().find_map(kept) {
            return Some(reason.to_owned());
        }
        if !matches!(self.tokens, Tokens::Real(_)) {
            return None;
        }
        let writes =
            |case: &&Case| case.callback || self.find(&case.operation).is_some_and(|(_, operation)| writes(operation));
        let writing = scenario.cases().find(writes)?;
        Some(format!("`{}` writes, and a check changes nothing on a real host", writing.operation))
    }

    /// A case that was not sent, or given up.
    fn unsent(&self, case: &Case, reason: Deviation) -> Judged {
        let mut report = empty_report(case);
        let known = self.find(&case.operation);
        if let Some((_, operation)) = known {
            report.request = format!("{} {}", operation.method, operation.path);
        }
        let contract = known.map_or("", |(judge, _)| judge.contract.name.as_str());
        self.conclude(report, vec![reason], contract, None)
    }
}

/// Scenarios in groups that may run beside each other, by their places in the list: the provider refuses two identical
/// requests at once (409).
pub(super) fn chains(scenarios: &[Scenario], wanted: Vec<usize>) -> Vec<Vec<usize>> {
    let mut chains: BTreeMap<(&str, String, bool), Vec<usize>> = BTreeMap::new();
    let mut alone = Vec::new();
    for position in wanted {
        let scenario = &scenarios[position];
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

/// Whether a call changes anything.
pub(super) fn writes(operation: &Operation) -> bool {
    match &operation.graphql {
        Some(graphql) => graphql.writes,
        None => !matches!(operation.method.as_str(), "GET" | "HEAD"),
    }
}
