//! One case: bound, sent, judged, compared.

use super::flow::{Flow, Worlds};
use super::plan::near_to;
use super::redact::redact;
use super::{Judged, PlanError, Published, Store};
use crate::contract::locate::Locator;
use crate::contract::model::Operation;
use crate::deviation::{Deviation, Kind};
use crate::drift;
use crate::embedded;
use crate::exchange::Exchange;
use crate::finding::{CaseReport, Verdict, text};
use crate::judge::{Decoded, Evidence, Judge, Observed, Typed, misfits, refused, unanswered};
use crate::pace::Pace;
use crate::providers::{Provider, Tokens};
use crate::scenario::{Bound, Case, FALLBACK, Misfit, bind};
use crate::shape::Terms;
use crate::snapshot::Observation;
use crate::transport::{Outage, Transport};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// What every case of a run shares.
pub(super) struct Context {
    pub(super) provider: &'static dyn Provider,
    pub(super) judges: Vec<Judge>,
    pub(super) transport: Transport,
    /// The hosts of a double of ours: role and base URL.
    pub(super) hosts: Vec<(String, String)>,
    pub(super) worlds: Worlds,
    pub(super) tokens: Tokens,
    /// The scopes of a real token, when its provider tells.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) pace: Pace,
    pub(super) snapshots: Store,
    /// The published documents that judge beside the contracts.
    pub(super) published: Published,
    pub(super) locators: HashMap<String, Locator>,
    /// Why nobody can be asked at all.
    pub(super) down: Option<Outage>,
}

/// The header that asks a vigie sandbox for a stored answer by its name.
const PREFER: &str = "Prefer";

impl Context {
    pub(super) fn find(&self, operation: &str) -> Option<(&Judge, &Operation)> {
        self.judges.iter().find_map(|judge| Some((judge, judge.contract.operation(operation)?)))
    }

    /// Asks which scopes a real token has. `None` when the provider does not tell: then nothing counts as masked.
    pub(super) async fn introspect(&self) -> Option<Vec<String>> {
        let known = self.find(self.provider.introspection()?)?;
        let case = Case::call(&known.1.id, self.provider.dialect());
        let exchange = self.send(&case, known, &bind(&case, known.1), &Flow::default()).await.ok()??;
        let body: Value = serde_json::from_slice(&exchange.response.body).ok()?;
        body["scopes"].as_array()?.iter().map(|scope| scope.as_str().map(str::to_owned)).collect()
    }

    /// Judges a case whose placeholders are filled. What it captures goes into the flow.
    pub(super) async fn case(&self, case: &Case, flow: &mut Flow) -> Result<Judged, PlanError> {
        let mut report = empty_report(case);
        let Some(known @ (judge, operation)) = self.find(&case.operation) else {
            let near = near_to(self.judges.iter().map(|judge| &judge.contract), &case.operation);
            let expected = near.unwrap_or_else(|| "an operation that `vigie list` names".to_owned());
            let unknown = Deviation::new(Kind::OperationUnknown, "", expected, &*case.operation);
            return Ok(self.conclude(report, vec![unknown], "", None));
        };
        report.request = format!("{} {}", operation.method, operation.path);
        let contract = judge.contract.name.as_str();
        let mut bound = self.prepare(case, operation);
        let mut deviations = misfits(&bound, operation);
        let exchange = match self.provoke(case, known, &mut bound, &mut deviations, flow).await {
            Ok(Some(exchange)) => exchange,
            Ok(None) => {
                if !unfit(&bound) {
                    deviations.push(not_sent(case.credential.name()));
                }
                return Ok(self.conclude(report, deviations, contract, None));
            }
            Err(outage) => {
                deviations.push(outage.deviation());
                return Ok(self.conclude(report, deviations, contract, None));
            }
        };
        report.status = Some(exchange.response.status.as_u16());
        let refused = || matches!(self.tokens, Tokens::Real(_)).then(|| refused(&exchange.response, case)).flatten();
        if let Some(reason) = unanswered(&exchange.response, case, operation).or_else(refused) {
            deviations.push(reason);
            return Ok(self.conclude(report, deviations, contract, None));
        }
        let typed = self.typed(contract, operation, case, &bound, &exchange).await;
        let scopes = case.scopes.as_deref().or(self.scopes.as_deref());
        let masked = scopes.map(|scopes| self.provider.masked(operation, scopes)).unwrap_or_default();
        let evidence = Evidence { case, operation, exchange: &exchange, typed: typed.as_ref(), masked: &masked };
        let judgement = judge.judge(&evidence);
        self.published.hear(contract, &evidence, &judgement);
        deviations.extend(judgement.deviations);
        for differs in deviations.iter_mut().filter(|deviation| deviation.kind == Kind::ErrorCodeDiffers) {
            differs.expected = flow.code.as_deref().map_or_else(|| differs.expected.take(), Value::from);
        }
        report.undocumented = judgement.undocumented;
        flow.capture(case, judgement.body.as_ref(), &exchange.response.headers);
        self.remember_servers(case, flow);
        let stable = judgement.body.as_ref().map(|body| flow.stable(body));
        let observation = Observation::of(&exchange.response, operation, stable.as_ref());
        let schema = judge.schema(operation, exchange.response.status.as_u16());
        let terms = Terms { schema, masked: &masked };
        self.compare(&mut report, &mut deviations, &observation, &terms)?;
        let seen = (report.status == Some(200)).then_some(judgement.observed);
        let judged = self.conclude(report, deviations, contract, judgement.body.as_ref());
        Ok(Judged { observation: Some(observation), seen, ..judged })
    }

    /// Binds a case. A refusal may lack what it is refused for, and the official `404` answers every request that no
    /// other case matches, so many of them lack what a request needs. What no caller can provoke is asked for by name.
    fn prepare(&self, case: &Case, operation: &Operation) -> Bound {
        let mut bound = bind(case, operation);
        let fallback = case.name == FALLBACK && bound.missing().next().is_some();
        if case.expects_refusal() || fallback {
            bound.misfits.retain(|misfit| !matches!(misfit, Misfit::Missing(_) | Misfit::MissingBody));
        }
        if (unfit(&bound) || fallback) && matches!(self.tokens, Tokens::Sandbox) {
            prefer(&mut bound, case);
        }
        bound
    }

    /// Sends a case's request until it is answered by the case: a stored answer that another one hides is asked for by name.
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
        if !matches!(self.tokens, Tokens::Sandbox) || asks_by_name(bound) || !hidden(&exchange) {
            return Ok(Some(exchange));
        }
        prefer(bound, case);
        match self.send(case, known, bound, flow).await? {
            Some(named) if !hidden(&named) => {
                let place = "its stored answer".to_owned();
                deviations.push(Deviation::new(
                    Kind::CaseShadowed,
                    "",
                    place,
                    format!("another {}", exchange.response.status),
                ));
                Ok(Some(named))
            }
            _ => Ok(Some(exchange)),
        }
    }

    /// Sends a case's request; `None` if the target cannot provoke the case.
    pub(super) async fn send(
        &self,
        case: &Case,
        known: (&Judge, &Operation),
        bound: &Bound,
        flow: &Flow,
    ) -> Result<Option<Exchange>, Outage> {
        if matches!(self.tokens, Tokens::Real(_)) && (unfit(bound) || case.headers.contains_key(PREFER)) {
            return Ok(None);
        }
        if let Some(outage) = &self.down {
            return Err(outage.clone());
        }
        let Some(envelope) = self.envelope(case, known, flow)? else { return Ok(None) };
        self.pace.wait().await?;
        if !case.is_twin() {
            let exchange = self.transport.send(bound, &envelope).await?;
            self.pace.heed(exchange.response.status.as_u16());
            return Ok(Some(exchange));
        }
        let (first, second) =
            tokio::join!(self.transport.send(bound, &envelope), self.transport.send(bound, &envelope));
        let (first, second) = (first?, second?);
        Ok(Some(if first.response.status.as_u16() == case.status { first } else { second }))
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
        let mut typed = self.provider.typed(contract, operation, bound, &exchange.response).await;
        if asks_by_name(bound) {
            typed.request = None;
        }
        (!(case.expects_refusal() && matches!(typed.decoded, Decoded::Unfit(_)))).then_some(typed)
    }

    /// Compares with the accepted snapshot, and proposes the new observation where they differ: never from a real host,
    /// whose values are people's.
    pub(super) fn compare(
        &self,
        report: &mut CaseReport,
        deviations: &mut Vec<Deviation>,
        observation: &Observation,
        terms: &Terms<'_>,
    ) -> Result<(), PlanError> {
        if matches!(self.snapshots, Store::Off) {
            return Ok(());
        }
        let key = format!("{}/{}/{}", self.provider.name(), report.operation, report.case);
        let changes = observation.changes_since(self.snapshots.accepted(&key)?.as_ref(), terms);
        // An answer without the keys of a scope is no successor of one that has them.
        let hidden = |deviation: &Deviation| deviation.kind == Kind::ScopeMasked;
        if changes.iter().all(hidden) {
            self.snapshots.withdraw(&key)?;
        } else if matches!(self.tokens, Tokens::Sandbox) {
            report.pending = self.snapshots.propose(&key, observation)?;
            if report.pending.is_some() {
                report.pending_causes = changes.iter().map(|change| cause_of(change, &report.operation)).collect();
                report.pending_causes.sort();
                report.pending_causes.dedup();
            }
        }
        // What the contract told of a key is not told again by the snapshot.
        let told: Vec<String> =
            deviations.iter().filter(|told| hidden(told)).map(|told| told.pointer.clone()).collect();
        deviations.extend(changes.into_iter().filter(|change| !hidden(change) || !told.contains(&change.pointer)));
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
    ) -> Judged {
        if matches!(self.tokens, Tokens::Real(_)) {
            deviations = deviations.into_iter().map(|deviation| redact(deviation, body)).collect();
        }
        let key = |deviation: &Deviation| {
            (deviation.kind, deviation.pointer.clone(), text(&deviation.expected), text(&deviation.observed))
        };
        deviations.sort_by_cached_key(key);
        deviations.dedup();
        report.verdict = drift::verdict(&deviations);
        let queried = self.find(&report.operation).and_then(|(_, operation)| operation.graphql.as_ref());
        let locate = |pointer: &str| {
            if let Some(graphql) = queried {
                return Some(format!("specs/{contract}/{}", graphql.source));
            }
            let line = self.locators.get(contract)?.line_of(pointer);
            Some(format!("specs/{contract}/open-api.yml:{line}"))
        };
        report.findings = deviations.into_iter().map(|deviation| drift::find(deviation, locate)).collect();
        report.findings.sort_by_key(|finding| finding.class);
        Judged { report, observation: None, seen: None }
    }
}

/// Why a case was left out.
pub(super) fn not_sent(reason: impl Into<Value>) -> Deviation {
    Deviation::new(Kind::CaseNotSent, "", "a request that the target can answer", reason)
}

/// The id by which `vigie accept` knows a change from an accepted snapshot.
pub(super) fn cause_of(change: &Deviation, operation: &str) -> String {
    drift::causes::id(&drift::find(change.clone(), |_| None), operation)
}

/// The lines of every contract of a provider.
pub(super) fn locators(judges: &[Judge]) -> HashMap<String, Locator> {
    let name = |judge: &Judge| judge.contract.name.clone();
    judges
        .iter()
        .filter_map(|judge| Some((name(judge), Locator::new(embedded::contract_text(&judge.contract.name)?))))
        .collect()
}

/// Whether a case cannot be said in the operation's parameters.
fn unfit(bound: &Bound) -> bool {
    bound.misfits.iter().any(|misfit| !matches!(misfit, Misfit::UnknownIdentityPart(_)))
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
        provider: String::new(),
        operation: case.operation.clone(),
        case: case.name.clone(),
        status: None,
        verdict: Verdict::Conforms,
        findings: Vec::new(),
        undocumented: Vec::new(),
        request: String::new(),
        pending: None,
        pending_causes: Vec::new(),
    }
}
