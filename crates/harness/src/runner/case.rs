//! One case: bound, sent, judged, compared.

use super::accepted::Snapshots;
use super::brake::{Brake, Met};
use super::chain::writes;
use super::flow::{Flow, Worlds};
use super::foreign::Origin;
use super::guests::{Guests, forgive};
use super::judged::mark;
use super::looks::most;
use super::plan::near_to;
use super::redact::{Keys, redact};
use super::unsent;
use super::{Judged, PlanError, Published};
use crate::pace::{Pace, Repeat};
use crate::providers::{Provider, Tokens};
use crate::transport::{Outage, Transport};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vigie_contract::locate::Locator;
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Finding, text};
use vigie_exchange::Exchange;
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;
use vigie_judge::{Decoded, Evidence, Judge, Observed, Typed, misfits, refused, unanswered};
use vigie_scenario::{Bound, Case, Misfit, bind};

/// What every case of a run shares.
pub(super) struct Context {
    pub(super) provider: &'static Provider,
    pub(super) judges: Vec<Judge>,
    pub(super) transport: Transport,
    /// The hosts of a double of ours: role and base URL.
    pub(super) hosts: Vec<(String, String)>,
    pub(super) worlds: Worlds,
    pub(super) tokens: Tokens,
    /// The scopes of a real token, when its provider tells.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) pace: Pace,
    pub(super) snapshots: Snapshots,
    /// The published documents that judge beside the contracts.
    pub(super) published: Published,
    pub(super) locators: HashMap<String, Locator>,
    /// Why nobody can be asked at all.
    pub(super) down: Option<Outage>,
    /// Whether a vigie sandbox answers.
    pub(super) ours: bool,
    /// Whom our own cases may name there.
    pub(super) guests: Guests,
    /// Whether the cases are our own, made for the sandbox.
    pub(super) own: bool,
    pub(super) brake: Brake,
}

/// The header that asks a vigie sandbox for a stored answer by its name.
pub(super) const PREFER: &str = "Prefer";

impl Context {
    /// Whether it is a host whose answers are people's.
    pub(super) fn is_real(&self) -> bool {
        matches!(self.tokens, Tokens::Real(_))
    }

    pub(super) fn find(&self, operation: &str) -> Option<(&Judge, &Operation)> {
        self.judges.iter().find_map(|judge| Some((judge, judge.contract.operation(operation)?)))
    }

    /// Judges a case whose placeholders are filled. What it captures goes into the flow.
    pub(super) async fn case(&self, case: &Case, flow: &mut Flow) -> Result<Judged, PlanError> {
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
        let exchange = match self.provoke(case, known, &mut bound, &mut deviations, flow).await {
            Ok(Some(exchange)) => exchange,
            Ok(None) => {
                // Whatever becomes of the findings about its request, nothing was judged.
                deviations.push(self.unprovoked(case, unfit(&bound)));
                return Ok(self.conclude(report, deviations, contract, None));
            }
            Err(outage) => {
                let reason = outage.deviation();
                let met = Met::instead(&reason);
                deviations.push(reason);
                return Ok(Judged { met, ..self.conclude(report, deviations, contract, None) });
            }
        };
        let met = Met::Somebody;
        report.status = Some(exchange.response.status.as_u16());
        let refused = || matches!(self.tokens, Tokens::Real(_)).then(|| refused(&exchange.response, case)).flatten();
        if let Some(reason) = unanswered(&exchange.response, case, operation).or_else(refused) {
            deviations.push(reason);
            return Ok(Judged { met, ..self.conclude(report, deviations, contract, None) });
        }
        let typed = self.typed(contract, operation, case, &bound, &exchange).await;
        let scopes = case.scopes.as_deref().or(self.scopes.as_deref());
        let masked = scopes.map(|scopes| self.provider.masked(&operation.id, scopes)).unwrap_or_default();
        let evidence = Evidence { case, operation, exchange: &exchange, typed: typed.as_ref(), masked: &masked };
        let judgement = judge.judge(&evidence);
        let schema = judge.schema(operation, exchange.response.status.as_u16());
        let keys = self.is_real().then(|| self.keys(&report, judgement.body.as_ref()));
        let told = |pointer: &str| keys.as_ref().map_or_else(|| pointer.to_owned(), |keys| keys.pointer(pointer));
        let heard = self.published.hear(contract, &evidence, &judgement, &told);
        deviations.extend(judgement.deviations);
        for differs in deviations.iter_mut().filter(|deviation| deviation.kind == Kind::ErrorCodeDiffers) {
            differs.expected = flow.code.as_deref().map_or_else(|| differs.expected.take(), Value::from);
        }
        report.undocumented = judgement.undocumented.iter().map(|pointer| told(pointer)).collect();
        flow.capture(case, judgement.body.as_ref(), &exchange.response.headers);
        self.remember_servers(case, flow);
        let stable = judgement.body.as_ref().map(|body| flow.stable(body));
        let observation = Observation::of(&exchange.response, operation, stable.as_ref());
        let terms = Terms { schema, masked: &masked };
        let successor = if self.guests.is_stranger(case, operation) {
            forgive(&mut deviations, case, operation, &exchange.response);
            None
        } else {
            self.compare(&report, &mut deviations, &observation, &terms)
        };
        let seen = (report.status == Some(200)).then_some(judgement.observed);
        let origin = Some(Origin::of(judge, operation, case.dialect, &exchange.response));
        let judged = self.conclude(report, deviations, contract, judgement.body.as_ref());
        let answer = Some(exchange.response);
        Ok(Judged { observation: Some(observation), answer, seen, heard, successor, met, origin, ..judged })
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
        if is_unsendable || (unfit(&bound) && matches!(self.tokens, Tokens::Sandbox)) {
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
        flow: &Flow,
    ) -> Result<Option<Exchange>, Outage> {
        let Some(exchange) = self.send(case, known, bound, flow).await? else { return Ok(None) };
        let hidden = |exchange: &Exchange| {
            case.scopes.is_none()
                && case.payload.as_ref().is_some_and(|payload| exchange.response.body != payload.as_bytes())
        };
        let is_answer = unanswered(&exchange.response, case, known.1).is_none();
        if !matches!(self.tokens, Tokens::Sandbox) || asks_by_name(bound) || !is_answer || !hidden(&exchange) {
            return Ok(Some(exchange));
        }
        let plain = bound.clone();
        prefer(bound, case);
        let named = match self.send(case, known, bound, flow).await? {
            Some(named) if !hidden(&named) => named,
            _ => return Ok(Some(exchange)),
        };
        // Nothing gets lost on the way to a double in this process.
        let again = if self.ours { 1..most(1) } else { 1..1 };
        for _ in again {
            if let Ok(Some(own)) = self.send(case, known, &plain, flow).await
                && !hidden(&own)
            {
                *bound = plain;
                return Ok(Some(exchange));
            }
        }
        let place = "its stored answer".to_owned();
        let other = format!("another {}", exchange.response.status);
        deviations.push(Deviation::new(Kind::CaseShadowed, "", place, other));
        Ok(Some(named))
    }

    /// Sends a case's request; `None` if the target cannot provoke the case.
    pub(super) async fn send(
        &self,
        case: &Case,
        known: (&Judge, &Operation),
        bound: &Bound,
        flow: &Flow,
    ) -> Result<Option<Exchange>, Outage> {
        if matches!(self.tokens, Tokens::Real(_)) && (unfit(bound) || asks_by_name(bound)) {
            return Ok(None);
        }
        if let Some(outage) = &self.down {
            return Err(outage.clone());
        }
        let Some(envelope) = self.envelope(case, known, flow)? else { return Ok(None) };
        let request = self.transport.prepare(bound, &envelope)?;
        if case.is_twin() {
            let (first, second) = self.pace.twins(&self.transport, &request).await?;
            return Ok(Some(if first.response.status.as_u16() == case.status { first } else { second }));
        }
        let repeat = Repeat { is_safe: !writes(known.1), expected: case.status..=case.status };
        self.pace.send(&self.transport, &request, &repeat).await.map(Some)
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
            let mut causes: Vec<String> = changes.iter().map(|change| cause_of(change, &report.operation)).collect();
            causes.sort();
            causes.dedup();
            matches!(self.tokens, Tokens::Sandbox).then_some(causes)
        };
        // What the contract told of a key is not told again by the snapshot.
        let told: BTreeSet<String> =
            deviations.iter().filter(|told| hidden(told)).map(|told| told.pointer.clone()).collect();
        deviations.extend(changes.into_iter().filter(|change| !hidden(change) || !told.contains(&change.pointer)));
        successor
    }

    /// Proposes what counts in the end in the place of the accepted snapshot, or takes back what no longer differs.
    pub(super) fn propose(&self, judged: &mut Judged) -> Result<(), PlanError> {
        let key = self.key(&judged.report);
        match (judged.successor.take(), &judged.observation) {
            (Some(causes), _) if causes.is_empty() => self.snapshots.withdraw(&key),
            (Some(causes), Some(observation)) => {
                judged.report.pending = self.snapshots.propose(&key, observation)?;
                if judged.report.pending.is_some() {
                    judged.report.pending_causes = causes;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The snapshot of a case.
    pub(super) fn key(&self, report: &CaseReport) -> String {
        snapshot_key(self.provider, &report.operation, &report.case)
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
    ) -> Judged {
        let keys = self.keys(&report, body);
        if self.is_real() {
            deviations = deviations.into_iter().map(|deviation| redact(deviation, &keys)).collect();
        }
        let key = |deviation: &Deviation| {
            (deviation.kind, deviation.pointer.clone(), text(&deviation.expected), text(&deviation.observed))
        };
        deviations.sort_by_cached_key(key);
        deviations.dedup();
        report.verdict = vigie_drift::verdict(&deviations);
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
        Judged { marks, ..Judged::of(report) }
    }
}

/// What another look must have in common to have seen the same: of values, their type and form. A moment or a count may be
/// another one in each answer.
fn mark_of(deviation: &Deviation, keys: &Keys<'_>) -> String {
    let mut common = redact(deviation.clone(), keys);
    if common.kind == Kind::AnswerLate {
        common.observed = Value::Null;
    }
    mark(&vigie_drift::find(common, |_| None))
}

/// The key of a case's snapshot, which is its path in a folder of snapshots without the ending.
pub(super) fn snapshot_key(provider: &Provider, operation: &str, case: &str) -> String {
    format!("{}/{operation}/{case}", provider.name)
}

/// The id by which `vigie accept` knows a change from an accepted snapshot.
pub(super) fn cause_of(change: &Deviation, operation: &str) -> String {
    vigie_drift::causes::id(&vigie_drift::find(change.clone(), |_| None), operation)
}

/// The lines of every contract of a provider.
pub(super) fn locators(judges: &[Judge]) -> HashMap<String, Locator> {
    let name = |judge: &Judge| judge.contract.name.clone();
    judges
        .iter()
        .filter_map(|judge| Some((name(judge), Locator::new(vigie_embedded::contract_text(&judge.contract.name)?))))
        .collect()
}

/// Whether a case cannot be said in the operation's parameters.
fn unfit(bound: &Bound) -> bool {
    !bound.misfits.is_empty()
}

fn prefer(bound: &mut Bound, case: &Case) {
    bound.headers.push((PREFER.into(), format!("example=\"{}\"", case.name)));
}

fn asks_by_name(bound: &Bound) -> bool {
    bound.headers.iter().any(|(name, _)| name == PREFER)
}

pub(super) fn empty_report(case: &Case) -> CaseReport {
    CaseReport {
        file: case.file.clone(),
        operation: case.operation.clone(),
        case: case.name.clone(),
        ..CaseReport::nameless()
    }
}
