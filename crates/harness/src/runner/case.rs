//! One case: bound, sent, judged, compared.

use super::attempts::most;
use super::context::Context;
use super::error::{PlanError, near_to};
use super::likeness::Origin;
use super::outcome::{Accepting, Answer, Outcome, Reply, empty_report, mark};
use super::policy::forgive;
use super::redaction::{Keys, redact};
use super::request::{asks_by_name, prefer, unfit};
use super::scenario_session::Session;
use super::unsent;
use crate::transport::Outage;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::model::Operation;
use vigie_drift::causes;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Finding, text};
use vigie_drift::location::Location;
use vigie_exchange::{Exchange, Response};
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;
use vigie_judge::{Decoded, Evidence, Judge, Observed, Typed, misfits, refused, unanswered};
use vigie_scenario::{Bound, Case, Misfit, bind};

impl Context {
    /// Judges a case whose placeholders are filled. What it captures goes into the session.
    pub(super) async fn case(&self, case: &Case, session: &mut Session) -> Result<Outcome, PlanError> {
        let mut report = empty_report(case);
        let Some(known @ (judge, operation)) = self.find(&case.operation) else {
            let near = near_to(self.judges.iter().map(|judge| &judge.contract), &case.operation);
            return Ok(self.conclude(
                report,
                vec![unsent::unknown_operation(&case.operation, near.as_deref())],
                "",
                None,
            ));
        };
        report.request = format!("{} {}", operation.method, operation.path);
        let contract = judge.contract.name.as_str();
        let mut bound = self.prepare(case, operation);
        let mut deviations = misfits(&bound, operation);
        let exchange = match self.provoke(case, known, &mut bound, &mut deviations, session).await {
            Ok(Some(exchange)) => exchange,
            Ok(None) => {
                // Whatever becomes of the findings about its request, nothing was judged.
                deviations.push(self.unprovoked(case, unfit(&bound)));
                return Ok(self.conclude(report, deviations, contract, None));
            }
            Err(outage) => {
                let reason = outage.deviation();
                let reply = Reply::instead(&reason);
                deviations.push(reason);
                return Ok(Outcome { reply, ..self.conclude(report, deviations, contract, None) });
            }
        };
        report.status = Some(exchange.response.status.as_u16());
        let refused = || self.peer.is_real().then(|| refused(&exchange.response, case)).flatten();
        if let Some(reason) = unanswered(&exchange.response, case, operation).or_else(refused) {
            deviations.push(reason);
            return Ok(Outcome { reply: Reply::Unjudged, ..self.conclude(report, deviations, contract, None) });
        }
        let typed = self.typed(contract, operation, case, &bound, &exchange).await;
        let scopes = case.scopes.as_deref().or(self.peer.scopes.as_deref());
        let masked = scopes.map(|scopes| self.provider.masked(&operation.id, scopes)).unwrap_or_default();
        let evidence = Evidence { case, operation, exchange: &exchange, typed: typed.as_ref(), masked: &masked };
        let judgement = judge.judge(&evidence);
        let schema = judge.schema(operation, exchange.response.status.as_u16());
        let keys = self.peer.is_real().then(|| self.keys(&report, judgement.body.as_deref()));
        let told = |location: Location| match &keys {
            Some(keys) => keys.location(location),
            None => location,
        };
        let heard = self.published.hear(contract, &evidence, &judgement, &told);
        deviations.extend(judgement.deviations);
        for differs in deviations.iter_mut().filter(|deviation| deviation.kind == Kind::ErrorCodeDiffers) {
            differs.expected = session.code.as_deref().map_or_else(|| differs.expected.take(), Value::from);
        }
        report.undocumented =
            judgement.undocumented.iter().map(|pointer| told(Location::pointer(pointer)).to_string()).collect();
        session.capture(case, judgement.body.as_deref(), &exchange.response.headers);
        self.remember_servers(case, session);
        let stable = judgement.body.as_deref().map(|body| session.stable(body));
        let observation = Observation::of(&exchange.response, operation, stable.as_ref());
        let terms = Terms { schema, masked: &masked };
        let successor = if self.policy.is_stranger(case, operation) {
            forgive(&mut deviations, case, operation, &exchange.response);
            None
        } else {
            self.compare(&report, &mut deviations, &observation, &terms)
        };
        let seen = (report.status == Some(200)).then_some(judgement.observed);
        let origin = Origin::of(judge, operation, case.dialect, &exchange.response);
        let accepting = Accepting { observation, successor };
        // An outcome lives as long as its run; what was parsed is needed until here.
        let response = Response { body: exchange.response.body.unparsed(), ..exchange.response };
        let answer = Answer { accepting, response, seen, heard, origin };
        let outcome = self.conclude(report, deviations, contract, judgement.body.as_deref());
        Ok(Outcome { reply: Reply::Answer(Box::new(answer)), ..outcome })
    }

    /// Binds a case. A refusal may lack what it is refused for. What no caller can provoke is asked for by name, and so is a
    /// fallback whose parameters make no request: whatever they are, it answers every request that no other case matches.
    fn prepare(&self, case: &Case, operation: &Operation) -> Bound {
        let mut bound = bind(case, operation);
        let is_unsendable = case.is_fallback() && bound.missing().next().is_some();
        if case.is_fallback() {
            bound.misfits.clear();
        } else if case.expects_refusal() {
            bound.misfits.retain(|misfit| !matches!(misfit, Misfit::Missing(_) | Misfit::MissingBody));
        }
        if is_unsendable || (unfit(&bound) && self.peer.plays_cases()) {
            prefer(&mut bound, case);
        }
        bound
    }

    /// Sends a case's request until it is answered by the case: a stored answer that another one hides is asked for by
    /// name. What is hidden stays hidden: where the request alone gets it after all, the first answer was a failure.
    async fn provoke(
        &self,
        case: &Case,
        known: (&Judge, &Operation),
        bound: &mut Bound,
        deviations: &mut Vec<Deviation>,
        session: &Session,
    ) -> Result<Option<Exchange>, Outage> {
        let Some(exchange) = self.send(case, known, bound, session).await? else { return Ok(None) };
        let hidden = |exchange: &Exchange| {
            case.scopes.is_none()
                && case.payload.as_ref().is_some_and(|payload| *exchange.response.body != payload.as_bytes())
        };
        let is_answer = unanswered(&exchange.response, case, known.1).is_none();
        if !self.peer.plays_cases() || asks_by_name(bound) || !is_answer || !hidden(&exchange) {
            return Ok(Some(exchange));
        }
        let plain = bound.clone();
        prefer(bound, case);
        let named = match self.send(case, known, bound, session).await? {
            Some(named) if !hidden(&named) => named,
            _ => return Ok(Some(exchange)),
        };
        let again = if self.peer.is_deterministic() { 1..1 } else { 1..most(1) };
        for _ in again {
            if let Ok(Some(own)) = self.send(case, known, &plain, session).await
                && !hidden(&own)
            {
                *bound = plain;
                return Ok(Some(exchange));
            }
        }
        let place = "its stored answer".to_owned();
        let other = format!("another {}", exchange.response.status);
        deviations.push(Deviation::new(Kind::CaseShadowed, Location::Whole, place, other));
        Ok(Some(named))
    }

    /// The typed client's side. A request that must be refused may be one that the typed builder cannot express.
    async fn typed(
        &self,
        contract: &str,
        operation: &Operation,
        case: &Case,
        bound: &Bound,
        exchange: &Exchange,
    ) -> Option<Typed> {
        let mut typed = vigie_replay::replay(contract, operation, bound, &exchange.response).await?;
        if asks_by_name(bound) {
            typed.request = None;
        }
        (!(case.expects_refusal() && matches!(typed.decoded, Decoded::Unfit(_)))).then_some(typed)
    }

    /// Compares with the accepted snapshot. Returns the causes that must be accepted for the new observation to take its
    /// place; `None` where it may not: never from a real host, whose values are people's.
    pub(super) fn compare(
        &self,
        report: &CaseReport,
        deviations: &mut Vec<Deviation>,
        observation: &Observation,
        terms: &Terms<'_>,
    ) -> Option<Vec<String>> {
        if self.snapshots.are_off() {
            return None;
        }
        let changes = observation.changes_since(self.snapshots.accepted(&self.key(report)), terms);
        // An answer without the keys of a scope is no successor of one that has them.
        let hidden = |deviation: &Deviation| deviation.kind == Kind::ScopeMasked;
        let successor = if changes.iter().all(hidden) {
            Some(Vec::new())
        } else {
            // By these ids `vigie accept` knows the changes.
            let mut causes: Vec<String> = changes.iter().map(|change| causes::id(change, &report.operation)).collect();
            causes.sort();
            causes.dedup();
            self.peer.plays_cases().then_some(causes)
        };
        // What the contract told of a key is not told again by the snapshot.
        let told: BTreeSet<Location> =
            deviations.iter().filter(|told| hidden(told)).map(|told| told.location.clone()).collect();
        deviations.extend(changes.into_iter().filter(|change| !hidden(change) || !told.contains(&change.location)));
        successor
    }

    /// Proposes what counts in the end in the place of the accepted snapshot, or takes back what no longer differs.
    pub(super) fn propose(&self, outcome: &mut Outcome) -> Result<(), PlanError> {
        let key = self.key(&outcome.report);
        let Some((observation, causes)) = outcome.proposal() else { return Ok(()) };
        if causes.is_empty() {
            return self.snapshots.withdraw(&key);
        }
        if let Some(file) = self.snapshots.propose(&key, observation)? {
            (outcome.report.pending_causes, outcome.report.pending) = (causes.to_vec(), Some(file));
        }
        Ok(())
    }

    pub(super) fn never_observed(&self, observed: &BTreeMap<String, Observed>) -> BTreeMap<String, Vec<String>> {
        let missing = |(id, seen): (&String, &Observed)| {
            let (judge, operation) = self.find(id)?;
            let never: Vec<String> = judge.documented(operation).difference(seen).cloned().collect();
            (!never.is_empty()).then(|| (id.clone(), never))
        };
        observed.iter().filter_map(missing).collect()
    }

    /// Turns the facts about a case into findings and a verdict. The same fact may be seen by two checks: it is one. No
    /// value of a real host's answer, its `body`, gets past here: what draws, groups or writes comes after it.
    pub(super) fn conclude(
        &self,
        mut report: CaseReport,
        mut deviations: Vec<Deviation>,
        contract: &str,
        body: Option<&Value>,
    ) -> Outcome {
        let keys = self.keys(&report, body);
        if self.peer.is_real() {
            deviations = deviations.into_iter().map(|deviation| redact(deviation, &keys)).collect();
        }
        let key = |deviation: &Deviation| {
            (deviation.kind.rank(), deviation.location.clone(), text(&deviation.expected), text(&deviation.observed))
        };
        deviations.sort_by_cached_key(key);
        deviations.dedup();
        let queried = self.find(&report.operation).and_then(|(_, operation)| operation.graphql.as_ref());
        let locate = |pointer: &str| {
            if let Some(graphql) = queried {
                return Some(format!("specs/{contract}/{}", graphql.source));
            }
            let line = self.locators.get(contract)?.line_of(pointer);
            Some(format!("specs/{contract}/open-api.yml:{line}"))
        };
        let mut found: Vec<(Finding, String)> = deviations
            .into_iter()
            .map(|deviation| {
                let mark = mark_of(&deviation, &keys);
                (vigie_drift::find(deviation, locate), mark)
            })
            .collect();
        found.sort_by_key(|(finding, _)| finding.class);
        let marks;
        (report.findings, marks) = found.into_iter().unzip();
        report.decide(&[]);
        Outcome { marks, ..Outcome::of(report) }
    }
}

/// What another attempt must have in common to have seen the same: of values, their type and form. A moment or a count may be
/// another one in each answer.
fn mark_of(deviation: &Deviation, keys: &Keys<'_>) -> String {
    let mut common = redact(deviation.clone(), keys);
    if common.kind == Kind::AnswerLate {
        common.observed = Value::Null;
    }
    mark(&common)
}
