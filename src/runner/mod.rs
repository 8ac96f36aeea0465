//! Floor 4: the one place where the floors meet. Cases in, a report out.

mod plan;
mod store;

pub use plan::{Plan, PlanError, Target, Tokens};
pub use store::Store;

use crate::clients::Credentials;
use crate::contract::locate::line_of;
use crate::contract::model::Operation;
use crate::deviation::{Deviation, Kind};
use crate::drift;
use crate::embedded;
use crate::exchange::Exchange;
use crate::finding::{CaseReport, RunReport};
use crate::judge::{Decoded, Evidence, Judge, Observed, Typed, misfits};
use crate::providers::Provider;
use crate::sandbox::{self, Running};
use crate::scenario::{Bound, Case, Credential, Misfit, bind};
use crate::snapshot::Observation;
use crate::transport::{Outage, Transport};
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What every case of a run shares.
struct Context {
    provider: &'static dyn Provider,
    judges: Vec<Judge>,
    transport: Transport,
    tokens: Tokens,
    snapshots: Store,
}

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
    cases: Vec<Case>,
    target: Target,
    jobs: usize,
    running: Option<Running>,
}

impl Session {
    /// How many cases it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether no case was wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Judges one case, by `operation/name`.
    pub async fn case(&self, key: &str) -> Option<Judged> {
        let case = self.cases.iter().find(|case| key.split_once('/') == Some((&case.operation, &case.name)))?;
        Some(self.context.case(case).await)
    }

    /// Sends one bound case and has the typed client read the answer.
    pub async fn call(&self, case: &Case) -> Result<Option<(Exchange, Typed)>, Outage> {
        let Some((judge, operation)) = self.context.find(&case.operation) else { return Ok(None) };
        let bound = bind(case, operation);
        let Some(exchange) = self.context.send(case, operation, &bound).await? else { return Ok(None) };
        let typed = self.context.provider.typed(&judge.contract.name, operation, &bound, &exchange.response).await;
        Ok(Some((exchange, typed)))
    }

    /// Judges every case. `progress` is told of each one as it ends.
    pub async fn run(self, mut progress: impl FnMut(&CaseReport)) -> RunReport {
        let mut running = stream::iter(chains(self.cases))
            .map(|chain| {
                let context = Arc::clone(&self.context);
                tokio::spawn(async move { context.chain(chain).await })
            })
            .buffer_unordered(self.jobs.max(1));
        let mut report = RunReport { target: self.target.to_string(), ..RunReport::default() };
        let mut seen: BTreeMap<String, Observed> = BTreeMap::new();
        while let Some(chain) = running.next().await {
            // A panic in a case is a defect of ours: it must not pass for a result.
            let chain = chain.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            for judged in chain {
                progress(&judged.report);
                if let Some(paths) = judged.seen {
                    seen.entry(judged.report.operation.clone()).or_default().extend(paths);
                }
                report.cases.push(judged.report);
            }
        }
        drop(running);
        report.cases.sort_by(|a, b| a.file.cmp(&b.file));
        report.never_observed = self.context.never_observed(&seen);
        if let Some(running) = self.running {
            running.stop().await;
        }
        report
    }
}

/// Cases in groups that may run beside each other: the provider refuses two identical requests at once (409).
fn chains(cases: Vec<Case>) -> Vec<Vec<Case>> {
    let mut chains: BTreeMap<(String, String, bool), Vec<Case>> = BTreeMap::new();
    for case in cases {
        let params = serde_json::to_string(&case.params).unwrap_or_default().to_lowercase();
        chains.entry((case.operation.clone(), params, case.credential.is_france_connect())).or_default().push(case);
    }
    chains.into_values().collect()
}

impl Context {
    fn find(&self, operation: &str) -> Option<(&Judge, &Operation)> {
        self.judges.iter().find_map(|judge| Some((judge, judge.contract.operation(operation)?)))
    }

    async fn chain(&self, cases: Vec<Case>) -> Vec<Judged> {
        let mut judged = Vec::with_capacity(cases.len());
        for case in &cases {
            judged.push(self.case(case).await);
        }
        judged
    }

    async fn case(&self, case: &Case) -> Judged {
        let mut report = CaseReport {
            file: case.file.clone(),
            operation: case.operation.clone(),
            case: case.name.clone(),
            status: None,
            verdict: crate::finding::Verdict::Conforms,
            findings: Vec::new(),
            undocumented: Vec::new(),
            request: String::new(),
            pending: None,
        };
        let Some((judge, operation)) = self.find(&case.operation) else {
            let unknown = Deviation::new(Kind::CaseNotSent, "", "an operation of the contracts", &*case.operation);
            return conclude(report, vec![unknown], "");
        };
        report.request = format!("{} {}", operation.method, operation.path);
        let contract = judge.contract.name.as_str();
        let bound = self.prepare(case, operation);
        let mut deviations = misfits(&bound, operation);
        let exchange = match self.send(case, operation, &bound).await {
            Ok(Some(exchange)) => exchange,
            Ok(None) => {
                if !unfit(&bound) {
                    deviations.push(Deviation::new(
                        Kind::CaseNotSent,
                        "",
                        "a request that the target can answer",
                        format!("{:?}", case.credential),
                    ));
                }
                return conclude(report, deviations, contract);
            }
            Err(outage) => {
                deviations.push(Deviation::new(Kind::NoAnswer, "", "an answer", outage.to_string()));
                return conclude(report, deviations, contract);
            }
        };
        report.status = Some(exchange.response.status.as_u16());
        let typed = self.typed(contract, operation, case, &bound, &exchange).await;
        let masked = case.scopes.as_deref().map(|scopes| self.provider.masked(operation, scopes)).unwrap_or_default();
        let evidence = Evidence { case, operation, exchange: &exchange, typed: typed.as_ref(), masked: &masked };
        let judgement = judge.judge(&evidence);
        deviations.extend(judgement.deviations);
        report.undocumented = judgement.undocumented;
        let observation = Observation::of(&exchange.response, operation, judgement.body.as_ref());
        self.compare(&mut report, &mut deviations, &observation);
        let seen = (report.status == Some(200)).then_some(judgement.observed);
        Judged { observation: Some(observation), seen, ..conclude(report, deviations, contract) }
    }

    /// Binds a case. A refusal may lack what it is refused for.
    fn prepare(&self, case: &Case, operation: &Operation) -> Bound {
        let mut bound = bind(case, operation);
        if case.expects_refusal() {
            bound.misfits.retain(|misfit| !matches!(misfit, Misfit::Missing(_)));
        }
        if unfit(&bound) && matches!(self.tokens, Tokens::Sandbox) {
            // No caller can provoke the stored answer, but it can be judged all the same.
            bound.headers.push(("Prefer".into(), format!("example={}", case.name)));
        }
        bound
    }

    /// Sends a case's request; `None` if the target cannot provoke the case.
    async fn send(&self, case: &Case, operation: &Operation, bound: &Bound) -> Result<Option<Exchange>, Outage> {
        let token = match &self.tokens {
            Tokens::Sandbox => sandbox::token(case),
            Tokens::Real(_) if unfit(bound) || case.headers.contains_key("Prefer") => return Ok(None),
            Tokens::Real(token) => match case.credential {
                Credential::Token => Some(secrecy::ExposeSecret::expose_secret(token).to_owned()),
                Credential::None => None,
                Credential::Unknown => Some("unknown".to_owned()),
                _ => return Ok(None),
            },
        };
        let credentials: Credentials = self.provider.credentials(operation, case, token);
        if !case.credential.is_twin() {
            return self.transport.send(bound, &credentials).await.map(Some);
        }
        let (first, second) =
            tokio::join!(self.transport.send(bound, &credentials), self.transport.send(bound, &credentials));
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
        if unfit(bound) || bound.headers.iter().any(|(name, _)| name == "Prefer") {
            typed.request = None;
        }
        (!(case.expects_refusal() && matches!(typed.decoded, Decoded::Unfit(_)))).then_some(typed)
    }

    /// Compares with the accepted snapshot, and proposes the new observation where they differ.
    fn compare(&self, report: &mut CaseReport, deviations: &mut Vec<Deviation>, observation: &Observation) {
        if matches!(self.snapshots, Store::Off) {
            return;
        }
        let key = format!("{}/{}/{}", self.provider.name(), report.operation, report.case);
        let mut compare = || -> std::io::Result<()> {
            let changes = match self.snapshots.accepted(&key)? {
                Some(accepted) => observation.changes_from(&accepted),
                None => vec![Deviation::new(Kind::SnapshotMissing, "", "an accepted snapshot", "none")],
            };
            if changes.is_empty() {
                self.snapshots.withdraw(&key)?;
            } else {
                report.pending = self.snapshots.propose(&key, observation)?;
            }
            deviations.extend(changes);
            Ok(())
        };
        if let Err(error) = compare() {
            deviations.push(Deviation::new(Kind::SnapshotMissing, "", "a readable snapshot folder", error.to_string()));
        }
    }

    fn never_observed(&self, observed: &BTreeMap<String, Observed>) -> BTreeMap<String, Vec<String>> {
        let missing = |(id, seen): (&String, &Observed)| {
            let (judge, operation) = self.find(id)?;
            let never: Vec<String> = judge.documented(operation).difference(seen).cloned().collect();
            (!never.is_empty()).then(|| (id.clone(), never))
        };
        observed.iter().filter_map(missing).collect()
    }
}

/// Whether a case cannot be said in the operation's parameters.
fn unfit(bound: &Bound) -> bool {
    bound.misfits.iter().any(|misfit| matches!(misfit, Misfit::Unknown(_) | Misfit::Missing(_)))
}

/// Turns the facts about a case into findings and a verdict.
fn conclude(mut report: CaseReport, deviations: Vec<Deviation>, contract: &str) -> Judged {
    report.verdict = drift::verdict(&deviations);
    let locate = |pointer: &str| {
        let line = line_of(embedded::contract_text(contract)?, pointer);
        Some(format!("specs/{contract}/open-api.yml:{line}"))
    };
    report.findings = deviations.into_iter().map(|deviation| drift::find(deviation, locate)).collect();
    report.findings.sort_by_key(|finding| finding.class);
    Judged { report, observation: None, seen: None }
}
