//! What every case of a run shares.

use super::cancellation::Cancellation;
use super::events::Events;
use super::peer::Peer;
use super::policy::Policy;
use super::scenario_session::Worlds;
use super::snapshots::Snapshots;
use super::witness::Published;
use crate::providers::Provider;
use std::collections::HashMap;
use vigie_contract::locate::Locator;
use vigie_contract::model::Operation;
use vigie_drift::finding::CaseReport;
use vigie_judge::Judge;

/// What every case of a run shares.
pub(crate) struct Context {
    pub(crate) provider: &'static Provider,
    pub(crate) judges: Vec<Judge>,
    pub(crate) peer: Peer,
    pub(super) worlds: Worlds,
    pub(super) snapshots: Snapshots,
    /// The published documents that judge beside the contracts.
    pub(super) published: Published,
    pub(super) locators: HashMap<String, Locator>,
    /// Whom our own cases may name there.
    pub(super) policy: Policy,
    /// Whether the cases are our own, made for the sandbox.
    pub(super) own: bool,
    pub(super) cancellation: Cancellation,
    pub(super) events: Events,
}

impl Context {
    pub(crate) fn find(&self, operation: &str) -> Option<(&Judge, &Operation)> {
        self.judges.iter().find_map(|judge| Some((judge, judge.contract.operation(operation)?)))
    }

    /// The snapshot of a case.
    pub(super) fn key(&self, report: &CaseReport) -> String {
        snapshot_key(self.provider, &report.operation, &report.case)
    }
}

/// The key of a case's snapshot, which is its path in a folder of snapshots without the ending.
pub(super) fn snapshot_key(provider: &Provider, operation: &str, case: &str) -> String {
    format!("{}/{operation}/{case}", provider.name)
}

/// The lines of every contract of a provider.
pub(crate) fn locators(judges: &[Judge]) -> HashMap<String, Locator> {
    let name = |judge: &Judge| judge.contract.name.clone();
    judges
        .iter()
        .filter_map(|judge| Some((name(judge), Locator::new(vigie_embedded::contract_text(&judge.contract.name)?))))
        .collect()
}
