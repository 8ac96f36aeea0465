//! A scenario: its steps in their order, then its cleanup.

use super::context::Context;
use super::error::PlanError;
use super::events::Event;
use super::listener::Listening;
use super::outcome::{Accepting, Outcome, Reply, empty_report};
use super::policy::writes;
use super::scenario_session::Session;
use super::unsent::{left_out, lost, not_sent, uncaptured};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::Verdict;
use vigie_drift::location::Location;
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;
use vigie_scenario::{CALLBACK, Case, Scenario, fill};

impl Context {
    /// Judges scenarios one after the other, by their places in the list; for which time, from 1.
    pub(super) async fn chain(
        &self,
        scenarios: &[Scenario],
        chain: Vec<usize>,
        attempt: usize,
    ) -> Result<Vec<(usize, Vec<Outcome>)>, PlanError> {
        let mut judged = Vec::with_capacity(chain.len());
        for position in chain {
            judged.push((position, self.attempt(&scenarios[position], attempt).await?));
        }
        Ok(judged)
    }

    /// Judges a scenario for the first time, or again.
    pub(super) async fn attempt(&self, scenario: &Scenario, attempt: usize) -> Result<Vec<Outcome>, PlanError> {
        if attempt > 1 && self.cancellation.reason().is_none() {
            self.events.report(Event::Retry { operation: &scenario.topic, case: &scenario.name, attempt });
        }
        self.scenario(scenario).await
    }

    /// Judges every case of a scenario, each time in a new world. What a step captures is for the steps after it. What is
    /// not reached any more is told so.
    pub(super) async fn scenario(&self, scenario: &Scenario) -> Result<Vec<Outcome>, PlanError> {
        if let Some(reason) = self.refuses(scenario) {
            return Ok(scenario.cases().map(|case| self.unsent(case, left_out(reason.as_str()))).collect());
        }
        let mut session = self.session();
        if scenario.listens() {
            session.listen(Listening::start(scenario.listener).await.map_err(PlanError::Listener)?);
        }
        let mut judged = Vec::with_capacity(scenario.steps.len());
        for case in scenario.cases() {
            let step = match self.cancellation.unless_cancelled(self.step(case, scenario, &judged, &mut session)).await
            {
                Ok(step) => step?,
                Err(reason) => self.unsent(case, reason),
            };
            match &step.reply {
                Reply::Unsent => {}
                Reply::Silence(reason) => self.cancellation.unanswered(reason),
                Reply::Unjudged | Reply::Answer(_) | Reply::Call(_) => self.cancellation.answered(),
            }
            if step.report.findings.iter().any(|finding| finding.fact.kind == Kind::CaseLeftOut) {
                session.left_out.extend(case.capture.iter().map(|(name, _)| name.clone()));
            }
            judged.push(step);
        }
        Ok(judged)
    }

    async fn step(
        &self,
        case: &Case,
        scenario: &Scenario,
        before: &[Outcome],
        session: &mut Session,
    ) -> Result<Outcome, PlanError> {
        let operation = self.find(&case.operation).map(|(_, operation)| operation);
        let kept = operation.and_then(|operation| self.policy.keep_out(case, operation, self.provider));
        if let Some(reason) = kept {
            return Ok(self.unsent(case, left_out(reason)));
        }
        if !scenario.has_steps() {
            return self.case(case, session).await;
        }
        if let Some(name) = self.unknown_host(case, scenario, &session.captures).filter(|_| !case.callback) {
            return Ok(self.without(case, &[name], scenario, before, session));
        }
        session.code.clone_from(&case.expect.code);
        match fill(case, &session.captures) {
            Ok(case) if case.callback => self.awaited(&case, session).await,
            Ok(case) => self.case(&case, session).await,
            Err(missing) => Ok(self.without(case, &missing, scenario, before, session)),
        }
    }

    /// A step that needs what no earlier one captured. Where one that should have was sent, its answer lacks it: then this
    /// step is none that the target cannot provoke. What cleans up is sent as far as there is something to clean up.
    fn without(
        &self,
        case: &Case,
        names: &[String],
        scenario: &Scenario,
        before: &[Outcome],
        session: &Session,
    ) -> Outcome {
        let captures = |own: &Case| own.capture.iter().any(|(name, _)| names.contains(name));
        let mut sources = scenario.steps.iter().zip(before).filter(|(own, _)| captures(own));
        let is_step = before.len() < scenario.steps.len();
        let is_lost = is_step && sources.any(|(_, judged)| judged.report.verdict != Verdict::Skipped);
        self.unsent(case, if is_lost { lost(names) } else { uncaptured(names, session) })
    }

    /// Waits for a call of the provider, and judges its request.
    async fn awaited(&self, case: &Case, session: &mut Session) -> Result<Outcome, PlanError> {
        let (Some((judge, operation)), Some(listening)) = (self.find(&case.operation), &session.listening) else {
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
        session.capture(case, call.body.as_ref(), &call.as_response.headers);
        let stable = call.body.as_ref().map(|body| session.stable(body));
        let observation = Observation::of(&call.as_response, operation, stable.as_ref());
        let mut deviations = call.deviations;
        let successor = self.compare(&report, &mut deviations, &observation, &Terms::NONE);
        let judged = self.conclude(report, deviations, contract, call.body.as_ref());
        Ok(Outcome { reply: Reply::Call(Accepting { observation, successor }), ..judged })
    }

    /// Why nothing of a scenario is sent: it is about people whom only the sandbox has, or it would change people's data.
    fn refuses(&self, scenario: &Scenario) -> Option<String> {
        let kept = |case: &Case| self.policy.keep_all_out(case, self.find(&case.operation)?.1, self.provider);
        if let Some(reason) = scenario.cases().find_map(kept) {
            return Some(reason.to_owned());
        }
        if !self.peer.is_real() {
            return None;
        }
        let writes =
            |case: &&Case| case.callback || self.find(&case.operation).is_some_and(|(_, operation)| writes(operation));
        let writing = scenario.cases().find(writes)?;
        Some(format!("`{}` writes, and a check changes nothing on a real host", writing.operation))
    }

    /// A case that was not sent, or given up.
    fn unsent(&self, case: &Case, reason: Deviation) -> Outcome {
        let mut report = empty_report(case);
        let known = self.find(&case.operation);
        if let Some((_, operation)) = known {
            report.request = format!("{} {}", operation.method, operation.path);
        }
        let contract = known.map_or("", |(judge, _)| judge.contract.name.as_str());
        self.conclude(report, vec![reason], contract, None)
    }
}
