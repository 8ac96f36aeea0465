//! Whether what was recorded can be replayed: the embedded sandbox serves it, and a check of it finds no more than was found
//! at the target.

use super::Record;
use super::draft::Draft;
use super::folder::Folder;
use crate::providers::Provider;
use crate::runner::{Plan, PlanError, Store};
use std::collections::BTreeMap;
use std::io::Error;
use vigie_drift::finding::{CaseReport, Class, Finding, Verdict};

/// A case that is left out may be one that hid another.
const ROUNDS: usize = 4;

/// Leaves out what does not replay, and the snapshots of what the double answers otherwise than the target.
pub(super) async fn verify(
    provider: &'static Provider,
    is_real: bool,
    drafts: &mut Vec<Draft>,
    record: &mut Record,
) -> Result<(), PlanError> {
    for _ in 0..ROUNDS {
        if drafts.is_empty() {
            return Ok(());
        }
        let found = replayed(provider, drafts).await?;
        let before = (drafts.len(), snapshots(drafts));
        drafts.retain_mut(|draft| match draft.differs(&found, is_real) {
            None => true,
            Some(reason) => {
                record.leave_out(&draft.origin, reason);
                false
            }
        });
        if before == (drafts.len(), snapshots(drafts)) {
            return Ok(());
        }
    }
    Ok(())
}

fn snapshots(drafts: &[Draft]) -> usize {
    drafts.iter().flat_map(|draft| &draft.observations).flatten().count()
}

/// What a check of the drafts finds, by operation and case.
async fn replayed(
    provider: &'static Provider,
    drafts: &[Draft],
) -> Result<BTreeMap<(String, String), CaseReport>, PlanError> {
    let unusable = |error: Error| crate::runner::unusable(&std::env::temp_dir(), &error);
    let folder = tempfile::tempdir().map_err(unusable)?;
    let own = Folder::at(folder.path(), provider);
    for draft in drafts {
        own.put(draft, true)?;
    }
    let mut plan = Plan::new(provider, Some(folder.path()))?;
    plan.snapshots = Store::Folder(folder.path().join("snapshots"));
    let report = plan.start(|_| true).await?.run().await?;
    Ok(report.cases.into_iter().map(|case| ((case.operation.clone(), case.case.clone()), case)).collect())
}

impl Draft {
    /// Why it does not replay. What the sandbox answers from its own data is no record of the target: the snapshot of a real
    /// host is kept for checks of that host, and that of a sandbox is dropped.
    fn differs(&mut self, found: &BTreeMap<(String, String), CaseReport>, is_real: bool) -> Option<String> {
        let scenario = &self.scenario;
        for ((case, known), snapshot) in scenario.cases().zip(&self.found).zip(&mut self.observations) {
            let Some(report) = found.get(&(case.operation.clone(), case.name.clone())) else {
                return Some("a replay does not reach its answer".to_owned());
            };
            let is_new = |finding: &&Finding| {
                (finding.class == Class::Breaking || finding.class.is_inconclusive())
                    && !known.contains(&(finding.fact.kind, finding.fact.location.clone()))
            };
            let Some(finding) = report.findings.iter().find(is_new) else { continue };
            if case.payload.is_none() && report.verdict == Verdict::Snapshot && snapshot.is_some() {
                let what = if is_real { "its snapshot fits the target alone" } else { "no snapshot written" };
                let note = format!("{}: {what}, because the embedded sandbox answers in another shape", case.name);
                if !is_real {
                    *snapshot = None;
                }
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                continue;
            }
            return Some(format!("a replay fails: {} {}", finding.rule, finding.fact.location).trim_end().to_owned());
        }
        None
    }
}
