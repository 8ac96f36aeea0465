//! A run: every case once, then again what failed, until it is known whether it lasts.

use super::chain::chains;
use super::judged::Judged;
use super::looks::{Looks, most};
use super::{PlanError, Session, Target};
use crate::deviation::{Deviation, Kind};
use crate::drift::{self, causes};
use crate::finding::{CaseReport, Class};
use crate::judge::Observed;
use crate::run::RunReport;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was seen of a run so far.
struct Seen {
    /// Of the schemas as a whole.
    schemas: Looks,
    /// Of each scenario, in their order.
    scenarios: Vec<Looks>,
    /// How often a failing case may be looked at.
    most: usize,
}

impl Session {
    /// Judges every case, and those that fail again. `progress` is told of each one as it ends.
    pub async fn run(self, mut progress: impl FnMut(&CaseReport)) -> Result<RunReport, PlanError> {
        // A double of ours in this process is a function: it answers tomorrow what it answers today.
        let most = if self.target == Target::Sandbox { 1 } else { most(self.len()) };
        let scenarios = self.scenarios.iter().map(|_| Looks::default()).collect();
        let mut seen = Seen { schemas: Looks::default(), scenarios, most };
        self.look(&mut seen, (0..self.scenarios.len()).collect(), &mut progress).await?;
        let foreign = most > 1 && self.is_wrong_host(&seen).await;
        let mut notes = self.target_down(most > 1).await;
        if !foreign && self.context.down.is_none() {
            for _ in 1..most {
                let again: Vec<usize> = (0..seen.scenarios.len()).filter(|own| seen.is_doubtful(*own)).collect();
                if again.is_empty() && !seen.schemas.doubtful(most) {
                    break;
                }
                self.look(&mut seen, again, &mut progress).await?;
            }
        }
        self.report(seen, foreign, &mut notes, progress).await
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
        notes: &mut Vec<String>,
        mut progress: impl FnMut(&CaseReport),
    ) -> Result<RunReport, PlanError> {
        let (exceptions, scope) = self.exceptions;
        let mut report = RunReport { target: self.target.to_string(), ..RunReport::default() };
        let mut observed: BTreeMap<String, Observed> = BTreeMap::new();
        let enough = foreign || seen.most == 1;
        let late: Vec<bool> = (0..seen.scenarios.len()).map(|position| seen.is_doubtful(position)).collect();
        let settled = seen.schemas.settle(enough).map(|settled| (settled, false));
        let of_cases = seen.scenarios.into_iter().zip(late);
        let of_cases = of_cases.flat_map(|(looks, late)| looks.settle(enough).map(move |settled| (settled, late)));
        for (mut settled, late) in settled.chain(of_cases) {
            if foreign {
                settled.judged = self.context.disown(settled.judged);
            }
            self.context.propose(&mut settled.judged)?;
            let judged = settled.judged;
            if late {
                progress(&judged.report);
            }
            if let Some(paths) = judged.seen {
                observed.entry(judged.report.operation.clone()).or_default().extend(paths);
            }
            report.held.extend(settled.held);
            report.unconfirmed.extend(settled.unconfirmed);
            report.cases.push(judged.report);
        }
        report.cases.sort_by(|a, b| a.file.cmp(&b.file));
        for case in &mut report.cases {
            self.context.provider.name().clone_into(&mut case.provider);
        }
        report.never_observed = self.context.never_observed(&observed);
        report.observed = observed.into_keys().collect();
        exceptions.apply_to_run(&mut report, scope);
        report.causes = causes::in_cases(&report.cases);
        self.context.published.testify(&mut report);
        report.notes.append(notes);
        if let Some(running) = self.running {
            running.stop().await;
        }
        Ok(report)
    }

    /// What a reader should know where nobody answers. One who came back while the rest of the run was left out is asked
    /// again, if that is `worth` it.
    async fn target_down(&self, worth: bool) -> Vec<String> {
        let (target, context) = (&self.target, &self.context);
        if let Some(outage) = &context.down {
            return vec![format!("{target}: {outage}; is it running? `vigie serve` starts a sandbox here")];
        }
        if !context.brake.is_down() {
            return Vec::new();
        }
        if worth && context.transport.probe().await.is_ok() {
            context.brake.release();
            return vec![format!("{target}: nobody answered for a while, and what was left out then was sent again")];
        }
        vec![format!("{target}: nobody answered any more, so the rest was not sent")]
    }

    /// Whether another API answers. Nothing that was judged has anything of the contract, and neither has what the provider
    /// answers to everybody; where it has nothing like that, a case is sent again.
    async fn is_wrong_host(&self, seen: &Seen) -> bool {
        let judged = || seen.scenarios.iter().flat_map(Looks::last).filter_map(|judged| judged.foreign);
        let context = &self.context;
        if context.is_ours() || judged().next().is_none() || !judged().all(|foreign| foreign) {
            return false;
        }
        let first = seen.scenarios.iter().position(|looks| looks.last().any(|judged| judged.foreign.is_some()));
        for _ in 1..seen.most {
            let answer = match context.canary().await {
                Some(answer) => answer,
                None => match first.map(|position| context.scenario(&self.scenarios[position])) {
                    Some(look) => match look.await {
                        Ok(look) => look.into_iter().find_map(|judged| judged.foreign),
                        Err(_) => None,
                    },
                    None => None,
                },
            };
            if answer == Some(false) {
                return false;
            }
        }
        true
    }
}

impl Seen {
    fn is_doubtful(&self, position: usize) -> bool {
        self.scenarios[position].doubtful(self.most)
    }
}

impl super::case::Context {
    /// What was judged of another API's answer: nothing of it says anything.
    fn disown(&self, judged: Judged) -> Judged {
        if judged.foreign.is_none() || !judged.report.findings.iter().any(|found| found.class == Class::Breaking) {
            return judged;
        }
        let expected = format!("an answer of {}", self.provider.name());
        let told = "no answer of the run is in a form of the contract";
        let wrong = Deviation::new(Kind::WrongHost, "", expected, told);
        let mut report = judged.report;
        report.findings.clear();
        report.undocumented.clear();
        Judged::of(report).instead(drift::find(wrong, |_| None))
    }
}
