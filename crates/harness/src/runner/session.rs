//! A run: every case once, then again what failed, until it is known whether it lasts.

use super::brake::Met;
use super::chain::chains;
use super::judged::Judged;
use super::looks::{Looks, most};
use super::witness::ByCase;
use super::{PlanError, Session};
use crate::targets::Target;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use vigie_drift::causes;
use vigie_drift::deviation::Deviation;
use vigie_drift::finding::{CaseReport, Class, counted};
use vigie_drift::run::RunReport;
use vigie_judge::Observed;
use vigie_scenario::Scenario;

/// What a reader of class `client` should know.
const OUR_DEFECT: &str = concat!(
    "class `client` is a defect of vigie, not of the provider: contract and answer agree, and the generated client does not; ",
    "please report it at ",
    env!("CARGO_PKG_REPOSITORY"),
    "/issues"
);

/// What was seen of a run so far.
pub(super) struct Seen {
    /// Of the schemas as a whole.
    pub(super) schemas: Looks,
    /// Of each scenario, in their order.
    pub(super) scenarios: Vec<Looks>,
    /// How often a failing case may be looked at.
    pub(super) most: usize,
}

impl Session {
    /// How often a failing case is looked at. Shards of one night keep its promise together, so each of them looks as often
    /// as one run of all cases. A double of ours in this process is a function: it answers tomorrow what it answers today.
    fn most(&self) -> usize {
        if self.target == Target::Sandbox { 1 } else { most(self.whole) }
    }

    /// Judges the cases of one scenario, by `topic/name`, and those that fail again.
    pub async fn scenario(&self, key: &str) -> Option<Result<Vec<Judged>, PlanError>> {
        let is_meant = |own: &&Scenario| key.split_once('/') == Some((&own.topic, &own.name));
        let scenario = self.scenarios.iter().find(is_meant)?;
        Some(self.until_settled(scenario).await)
    }

    /// Judges the cases of a scenario, and those that fail again.
    pub(super) async fn until_settled(&self, scenario: &Scenario) -> Result<Vec<Judged>, PlanError> {
        let (most, mut looks) = (self.most(), Looks::default());
        while looks.is_empty() || looks.doubtful(most) {
            match self.context.scenario(scenario).await? {
                look if look.is_empty() => break,
                look => looks.add(look, &self.exceptions.0),
            }
        }
        Ok(looks.settle(most == 1, most).map(|settled| settled.judged).collect())
    }

    /// Judges every case, and those that fail again. `progress` is told of each one as it ends.
    pub async fn run(self, mut progress: impl FnMut(&CaseReport)) -> Result<RunReport, PlanError> {
        let most = self.most();
        let scenarios = self.scenarios.iter().map(|_| Looks::default()).collect();
        let mut seen = Seen { schemas: Looks::default(), scenarios, most };
        self.look(&mut seen, (0..self.scenarios.len()).collect(), &mut progress).await?;
        let mut notes = Vec::new();
        let foreign = most > 1 && Box::pin(self.is_wrong_host(&seen)).await;
        if most > 1 && !foreign && self.context.down.is_none() {
            notes.extend(self.probe_again(&seen).await);
            for _ in 1..most {
                let again: Vec<usize> = (0..seen.scenarios.len()).filter(|own| seen.is_doubtful(*own)).collect();
                if again.is_empty() && !seen.schemas.doubtful(most) {
                    break;
                }
                self.look(&mut seen, again, &mut progress).await?;
            }
        }
        notes.extend(self.is_down());
        self.report(seen, foreign, notes, progress).await
    }

    /// Looks at some scenarios, side by side; first at the schemas, if they are in doubt too.
    async fn look(
        &self,
        seen: &mut Seen,
        wanted: Vec<usize>,
        progress: &mut impl FnMut(&CaseReport),
    ) -> Result<(), PlanError> {
        let (exceptions, _) = &self.exceptions;
        if self.schemas && (seen.schemas.is_empty() || seen.schemas.doubtful(seen.most)) {
            let schemas = self.context.schemas().await;
            seen.schemas.add(schemas.into_iter().map(Judged::of).collect(), exceptions);
        }
        let mut running = stream::iter(chains(&self.scenarios, wanted))
            .map(|chain| {
                let (context, scenarios) = (Arc::clone(&self.context), Arc::clone(&self.scenarios));
                tokio::spawn(async move { context.chain(&scenarios, chain).await })
            })
            .buffer_unordered(self.jobs.max(1));
        while let Some(chain) = running.next().await {
            // A panic in a case is a defect of ours: it must not pass for a result.
            let chain = chain.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            for (position, judged) in chain? {
                seen.scenarios[position].add(judged, exceptions);
                if !seen.is_doubtful(position) {
                    seen.scenarios[position].last().for_each(|judged| progress(&judged.report));
                }
            }
        }
        Ok(())
    }

    /// What counts of everything that was seen.
    async fn report(
        self,
        seen: Seen,
        foreign: bool,
        notes: Vec<String>,
        mut progress: impl FnMut(&CaseReport),
    ) -> Result<RunReport, PlanError> {
        let (exceptions, scope) = self.exceptions;
        let mut report = RunReport { target: self.target.to_string(), ..RunReport::default() };
        let mut observed: BTreeMap<String, Observed> = BTreeMap::new();
        let mut heard = ByCase::new();
        let mut unwritten = None;
        let enough = foreign || seen.most == 1;
        let late: Vec<bool> = (0..seen.scenarios.len()).map(|position| seen.is_doubtful(position)).collect();
        let settled = seen.schemas.settle(enough, seen.most).map(|settled| (settled, false));
        let most = seen.most;
        let of_cases = seen.scenarios.into_iter().zip(late);
        let of_cases =
            of_cases.flat_map(|(looks, late)| looks.settle(enough, most).map(move |settled| (settled, late)));
        for (mut settled, late) in settled.chain(of_cases) {
            if foreign {
                settled.judged = self.context.disown(settled.judged);
            }
            // What was measured is reported, whatever becomes of the files.
            if let Err(error) = self.context.propose(&mut settled.judged) {
                report.unwritten_snapshots += 1;
                unwritten.get_or_insert(error.to_string());
            }
            let judged = settled.judged;
            if late {
                progress(&judged.report);
            }
            if let Some(paths) = judged.seen {
                observed.entry(judged.report.operation.clone()).or_default().extend(paths);
            }
            // What nobody confirmed is no testimony.
            if let Some(own) = judged.heard.filter(|_| settled.unconfirmed.is_none()) {
                heard.insert((judged.report.file.clone(), judged.report.case.clone()), own);
            }
            report.held.extend(settled.held);
            report.unconfirmed.extend(settled.unconfirmed);
            report.cases.push(judged.report);
        }
        self.aside.put(&mut report);
        report.cases.sort_by(|a, b| a.file.cmp(&b.file));
        report.held.sort_by(|a, b| a.file.cmp(&b.file));
        report.unconfirmed.sort_by(|a, b| a.file.cmp(&b.file));
        for case in &mut report.cases {
            self.context.provider.name.clone_into(&mut case.provider);
        }
        report.never_observed = self.context.never_observed(&observed);
        report.observed = observed.into_keys().collect();
        exceptions.apply_to_run(&mut report, scope);
        report.causes = causes::in_cases(&report.cases);
        self.context.published.testify(&mut report, &heard);
        report.notes.extend(notes);
        report.notes.extend(unwritten.map(|reason| {
            let count = counted(report.unwritten_snapshots, "new snapshot");
            format!("{count} could not be written; the first: {reason}")
        }));
        let findings = || report.cases.iter().flat_map(|case| &case.findings);
        if findings().any(|finding| finding.class == Class::Client) {
            report.notes.push(OUR_DEFECT.to_owned());
        }
        report.notes.extend(self.context.pace.notes());
        if let Some(running) = self.running {
            running.stop().await;
        }
        Ok(report)
    }

    /// Asks once more for a target that answered none of the cases, or none of the last ones, before anything is sent again.
    async fn probe_again(&self, seen: &Seen) -> Option<String> {
        let brake = &self.context.brake;
        let was_down = brake.is_down();
        let silence = seen.silence().filter(|_| brake.reason().is_none());
        if !was_down && silence.is_none() {
            return None;
        }
        if self.context.pace.probe(&self.context.transport).await.is_ok() {
            brake.release();
            let told = "nobody answered for a while, and what was left out then was sent again";
            return was_down.then(|| format!("{}: {told}", self.target));
        }
        if let Some(reason) = silence {
            brake.stop(reason);
        }
        None
    }

    /// What a reader should know where nobody answers.
    fn is_down(&self) -> Option<String> {
        let target = &self.target;
        let probed = self.context.down.as_ref();
        let never =
            probed.map(|outage| format!("{target}: {outage}; is it running? `vigie serve` starts a sandbox here"));
        never.or_else(|| {
            let told = format!("{target}: nobody answered any more, so nothing more was sent");
            self.context.brake.is_down().then_some(told)
        })
    }
}

impl Seen {
    fn is_doubtful(&self, position: usize) -> bool {
        self.scenarios[position].doubtful(self.most)
    }

    /// Why nobody answered, if not one case that was sent had an answer.
    fn silence(&self) -> Option<Deviation> {
        let mut reason = None;
        for judged in self.scenarios.iter().flat_map(Looks::last) {
            match &judged.met {
                Met::Nobody => {}
                Met::Somebody => return None,
                Met::Silence(own) => reason = Some(own.clone()),
            }
        }
        reason
    }
}
