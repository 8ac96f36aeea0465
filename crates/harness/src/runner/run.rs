//! A run: every case once, then again what failed, until it is known whether it lasts.

use super::aside::Aside;
use super::attempts::{Attempts, RunAttempts, most};
use super::context::Context;
use super::error::PlanError;
use super::events::Event;
use super::outcome::{Outcome, Reply};
use super::schedule::Schedule;
use super::witness::ByCase;
use crate::targets::Target;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use vigie_drift::causes;
use vigie_drift::finding::{Class, counted};
use vigie_drift::run::RunReport;
use vigie_judge::Observed;
use vigie_judge::exceptions::Exceptions;
use vigie_sandbox::Running;
use vigie_scenario::Scenario;

/// What a reader of class `client` should know.
const OUR_DEFECT: &str = concat!(
    "class `client` is a bug in vigie, not in the provider: contract and answer agree, and the generated client does not; ",
    "please report it at ",
    env!("CARGO_PKG_REPOSITORY"),
    "/issues"
);

/// A plan that is under way: the target answers.
pub struct Run {
    pub(crate) context: Arc<Context>,
    pub(crate) schedule: Schedule,
    /// What of the corpus is not judged.
    pub(crate) aside: Aside,
    pub(super) target: Target,
    pub(super) exceptions: Exceptions,
    pub(crate) running: Option<Running>,
}

impl Run {
    /// How many cases it has: each step is one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.schedule.scenarios.iter().flat_map(Scenario::cases).count()
    }

    /// Whether no case was wanted, not even one that cannot be read or that is another provider's.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.schedule.scenarios.is_empty() && self.aside.is_empty()
    }
}

impl Run {
    /// How often a failing case is attempted. Shards of one night keep its promise together, so each of them attempts as often
    /// as one run of all cases. A double of ours in this process is a function: it answers tomorrow what it answers today.
    fn most(&self) -> usize {
        if self.context.peer.is_deterministic() { 1 } else { most(self.schedule.whole) }
    }

    /// Judges the cases of one scenario, by `topic/name`, and those that fail again.
    pub async fn scenario(&self, key: &str) -> Option<Result<Vec<Outcome>, PlanError>> {
        let is_meant = |own: &&Scenario| key.split_once('/') == Some((&own.topic, &own.name));
        let scenario = self.schedule.scenarios.iter().find(is_meant)?;
        Some(self.until_settled(scenario).await)
    }

    /// Judges the cases of a scenario, and those that fail again.
    pub(crate) async fn until_settled(&self, scenario: &Scenario) -> Result<Vec<Outcome>, PlanError> {
        let (most, mut attempts) = (self.most(), Attempts::default());
        for attempt in 1.. {
            match self.context.attempt(scenario, attempt).await? {
                cases if cases.is_empty() => break,
                cases => attempts.add(cases, &self.exceptions),
            }
            if !attempts.needs_another(most) {
                break;
            }
        }
        scenario.cases().for_each(|case| self.done(&case.operation, &case.name));
        Ok(attempts.settle(most == 1, most).map(|settled| settled.judged).collect())
    }

    /// Reports that nothing more is sent for a case.
    fn done(&self, operation: &str, case: &str) {
        self.context.events.report(Event::CaseDone { operation, case });
    }

    /// Judges every case, and those that fail again.
    pub async fn run(self) -> Result<RunReport, PlanError> {
        let most = self.most();
        let all: Vec<usize> = (0..self.schedule.scenarios.len()).collect();
        let scenarios = all.iter().map(|_| Attempts::default()).collect();
        let mut seen = RunAttempts { schemas: Attempts::default(), scenarios, most };
        self.attempt(&mut seen, all, 1).await?;
        let mut notes = Vec::new();
        let foreign = most > 1 && Box::pin(self.context.is_wrong_host(&seen, &self.schedule.scenarios)).await;
        if most > 1 && !foreign && self.context.peer.outage().is_none() {
            notes.extend(self.probe_again(&seen).await);
            for attempt in 2..=most {
                let again: Vec<usize> = (0..seen.scenarios.len()).filter(|own| seen.needs_another(*own)).collect();
                if again.is_empty() && !seen.schemas.needs_another(most) {
                    break;
                }
                self.attempt(&mut seen, again, attempt).await?;
            }
        }
        notes.extend(self.is_down());
        self.report(seen, foreign, notes).await
    }

    /// Attempts some scenarios, side by side, and before them the schemas, if they are in doubt too.
    async fn attempt(&self, seen: &mut RunAttempts, wanted: Vec<usize>, number: usize) -> Result<(), PlanError> {
        if self.schedule.schemas && (seen.schemas.is_empty() || seen.schemas.needs_another(seen.most)) {
            let schemas = self.context.schemas().await;
            seen.schemas.add(schemas.into_iter().map(Outcome::of).collect(), &self.exceptions);
        }
        let mut running = stream::iter(self.schedule.chains(wanted))
            .map(|chain| {
                let (context, scenarios) = (Arc::clone(&self.context), Arc::clone(&self.schedule.scenarios));
                tokio::spawn(async move { context.chain(&scenarios, chain, number).await })
            })
            .buffer_unordered(self.schedule.jobs);
        while let Some(chain) = running.next().await {
            // A panic in a case is a defect of ours: it must not pass for a result.
            let chain = chain.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            for (position, judged) in chain? {
                seen.scenarios[position].add(judged, &self.exceptions);
                if !seen.needs_another(position) {
                    let done = |judged: &Outcome| self.done(&judged.report.operation, &judged.report.case);
                    seen.scenarios[position].last().for_each(done);
                }
            }
        }
        Ok(())
    }

    /// What counts of everything that was seen.
    async fn report(self, seen: RunAttempts, foreign: bool, notes: Vec<String>) -> Result<RunReport, PlanError> {
        let mut report = RunReport { target: self.target.to_string(), ..RunReport::default() };
        let mut observed: BTreeMap<String, Observed> = BTreeMap::new();
        let mut heard = ByCase::new();
        let mut unwritten = None;
        let enough = foreign || seen.most == 1;
        let late: Vec<bool> = (0..seen.scenarios.len()).map(|position| seen.needs_another(position)).collect();
        let settled = seen.schemas.settle(enough, seen.most).map(|settled| (settled, false));
        let most = seen.most;
        let of_cases = seen.scenarios.into_iter().zip(late);
        let of_cases =
            of_cases.flat_map(|(attempts, late)| attempts.settle(enough, most).map(move |settled| (settled, late)));
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
                self.done(&judged.report.operation, &judged.report.case);
            }
            if let Reply::Answer(answer) = judged.reply {
                if let Some(paths) = answer.seen {
                    observed.entry(judged.report.operation.clone()).or_default().extend(paths);
                }
                // What nobody confirmed is no testimony.
                if let Some(own) = answer.heard.filter(|_| settled.unconfirmed.is_none()) {
                    heard.insert((judged.report.file.clone(), judged.report.case.clone()), own);
                }
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
        self.exceptions.apply_to_run(&mut report, self.schedule.scope);
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
        report.notes.extend(self.context.peer.pace.notes());
        if let Some(running) = self.running {
            running.stop().await;
        }
        Ok(report)
    }

    /// Asks once more for a target that answered none of the cases, or none of the last ones, before anything is sent again.
    async fn probe_again(&self, seen: &RunAttempts) -> Option<String> {
        let cancellation = &self.context.cancellation;
        let was_down = cancellation.is_down();
        let silence = seen.silence().filter(|_| cancellation.reason().is_none());
        if !was_down && silence.is_none() {
            return None;
        }
        if self.context.peer.pace.probe(&self.context.peer.transport).await.is_ok() {
            cancellation.release();
            let told = "the target did not answer for a while; the cases that were left out then were sent later";
            return was_down.then(|| format!("{}: {told}", self.target));
        }
        if let Some(reason) = silence {
            cancellation.stop(reason);
        }
        None
    }

    /// What a reader should know where nobody answers.
    fn is_down(&self) -> Option<String> {
        let target = &self.target;
        let probed = self.context.peer.outage();
        let never = probed
            .map(|outage| format!("{target}: {outage}; is it running? `vigie serve` starts a sandbox on this machine"));
        never.or_else(|| {
            let told = format!("{target}: it stopped answering, so nothing more was sent");
            self.context.cancellation.is_down().then_some(told)
        })
    }
}
