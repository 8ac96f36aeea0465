//! Second looks: a case that fails is sent again at the end of the run, and only what lasts counts. Pure.
//!
//! A provider that keeps its promise fails one request in twenty, and such a failure may look like anything, drift too.
//! One look that conforms refutes all the others: an answer that is as promised cannot come from a provider that changed
//! its contract. What two looks saw alike, where none conformed, is drift.

use super::Judged;
use crate::providers::failing;
use std::collections::{BTreeMap, BTreeSet};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{Class, Finding, Verdict};
use vigie_drift::run::Doubt;
use vigie_judge::exceptions::Exceptions;

/// How likely a run may end with a false alarm, were every failure to look like drift: less than once in the 2,700 years
/// of a million nights.
const ALARM: f64 = 1e-6;
/// A look that waits for an answer in vain costs the whole time limit.
const TIMEOUTS: usize = 3;
/// A token that was refused twice is not taken, and asking on may lock it out.
const REFUSALS: usize = 2;

/// How often a failing case of a run with so many cases is looked at: the smallest `R` with `n * p^R < 10^-6`, where `p` is
/// the share of requests that may fail: 5 %. Of 512
/// cases 7, of one alone 5. A case that conforms is looked at once.
pub(super) fn most(cases: usize) -> usize {
    let mut chance = f64::from(u32::try_from(cases.max(1)).unwrap_or(u32::MAX));
    let (lost, mut looks) = (failing(), 0);
    while chance >= ALARM {
        chance *= lost;
        looks += 1;
    }
    looks
}

/// What one look saw of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Nothing that fails it.
    Holds,
    /// Something that breaks a consumer.
    Breaks,
    /// Why it could not be judged.
    Neutral(Class),
    /// It was not sent.
    Nothing,
}

/// One look at a case.
struct Look {
    judged: Judged,
    sight: Sight,
    /// Whether each of its findings breaks a consumer here.
    breaking: Vec<bool>,
}

/// The looks at the cases of one scenario: each look is a new run of all its steps.
#[derive(Default)]
pub(super) struct Looks {
    cases: Vec<Vec<Look>>,
}

/// What counts of a case in the end.
pub(super) struct Settled {
    pub(super) judged: Judged,
    /// What it failed, and that it held all the same.
    pub(super) held: Option<Doubt>,
    /// What it failed once, and nobody knows whether it would again.
    pub(super) unconfirmed: Option<Doubt>,
}

impl Looks {
    /// Adds a look at every case of the scenario, in their order.
    pub(super) fn add(&mut self, look: Vec<Judged>, exceptions: &Exceptions) {
        self.cases.resize_with(look.len().max(self.cases.len()), Vec::new);
        for (case, judged) in self.cases.iter_mut().zip(look) {
            case.push(Look::new(judged, exceptions));
        }
    }

    /// Whether nothing was looked at yet.
    pub(super) fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether a case has to be looked at again.
    pub(super) fn doubtful(&self, most: usize) -> bool {
        self.cases.iter().any(|looks| doubtful(looks, most))
    }

    /// The last look at each case.
    pub(super) fn last(&self) -> impl Iterator<Item = &Judged> {
        self.cases.iter().filter_map(|looks| looks.last()).map(|look| &look.judged)
    }

    /// What counts of at `most` so many looks. Where one look is `enough`, it does.
    pub(super) fn settle(self, enough: bool, most: usize) -> impl Iterator<Item = Settled> {
        self.cases.into_iter().filter_map(move |mut looks| match looks.len() {
            0 => None,
            // A server that always fails in the same way has changed.
            count if count >= most && looks.iter().all(|look| look.has(Kind::ErrorUncoded)) => {
                looks.pop().map(|look| Settled::plain(lasting(look.judged)))
            }
            1 if enough => looks.pop().map(|look| Settled::plain(look.judged)),
            _ => Some(settle(looks)),
        })
    }
}

impl Look {
    fn new(judged: Judged, exceptions: &Exceptions) -> Self {
        let report = &judged.report;
        let classes: Vec<_> = report.findings.iter().map(|found| exceptions.class_here(report, found)).collect();
        let has = |class| classes.contains(&Some(class));
        // What is wrong with a case stays, whatever is answered.
        let breaking: Vec<bool> = classes
            .iter()
            .zip(&report.findings)
            .map(|(class, found)| *class == Some(Class::Breaking) && !is_of_case(found))
            .collect();
        let unsent = [Kind::CaseNotSent, Kind::CaseLeftOut, Kind::OperationUnknown]
            .map(|kind| vigie_drift::rules::rule(kind).id);
        let sight = if breaking.contains(&true) {
            Sight::Breaks
        } else if let Some(class) = [Class::Outage, Class::Setup, Class::Implausible].into_iter().find(|own| has(*own))
        {
            Sight::Neutral(class)
        } else if report.findings.iter().any(|found| unsent.contains(&found.rule)) {
            Sight::Nothing
        } else {
            Sight::Holds
        };
        Self { judged, sight, breaking }
    }

    fn has(&self, kind: Kind) -> bool {
        let rule = vigie_drift::rules::rule(kind).id;
        self.judged.report.findings.iter().any(|found| found.rule == rule)
    }

    /// What it saw that breaks a consumer, each once.
    fn marks(&self) -> impl Iterator<Item = &String> {
        self.judged.marks.iter().zip(&self.breaking).filter_map(|(mark, breaks)| breaks.then_some(mark))
    }

    /// The rules that it failed.
    fn rules(&self) -> impl Iterator<Item = String> {
        let findings = self.judged.report.findings.iter();
        let neutral = matches!(self.sight, Sight::Neutral(_));
        let failing = findings.zip(&self.breaking).filter(move |(found, breaks)| **breaks || (neutral && fails(found)));
        failing.map(|(found, _)| found.rule.to_string())
    }
}

fn fails(found: &Finding) -> bool {
    matches!(found.class, Class::Outage | Class::Setup | Class::Implausible)
}

/// Whether a finding is about the case itself, and no answer can mend it.
fn is_of_case(found: &Finding) -> bool {
    let of_case = [Kind::CaseParameterUnknown, Kind::CaseParameterMissing];
    of_case.iter().any(|kind| vigie_drift::rules::rule(*kind).id == found.rule)
}

fn doubtful(looks: &[Look], most: usize) -> bool {
    let count = |is: &dyn Fn(&Look) -> bool| looks.iter().filter(|look| is(look)).count();
    let fails = count(&|look| !matches!(look.sight, Sight::Holds | Sight::Nothing));
    let breaks = count(&|look| look.sight == Sight::Breaks);
    fails > 0
        && looks.len() < most
        && count(&|look| look.sight == Sight::Holds) == 0
        && count(&|look| look.has(Kind::CaseNotReached)) == 0
        && count(&|look| look.has(Kind::AnswerTimeout)) < TIMEOUTS
        && (breaks > 0 || count(&|look| look.sight == Sight::Neutral(Class::Setup)) < REFUSALS)
}

/// What counts of the looks at one case, of which there is one at least.
fn settle(mut looks: Vec<Look>) -> Settled {
    let held = looks.iter().position(|look| look.sight == Sight::Holds);
    if let Some(position) = held {
        let failed = looks[..position].iter().any(|look| look.sight != Sight::Nothing);
        let doubt = failed.then(|| doubt(&looks, &looks[position].judged));
        let judged = looks.swap_remove(position).judged;
        return Settled { judged, held: doubt, unconfirmed: None };
    }
    let seen = seen_alike(&looks);
    let breaks = looks.iter().filter(|look| look.sight == Sight::Breaks).count();
    if breaks == 0 {
        let first = looks.iter().position(|look| look.sight != Sight::Nothing).unwrap_or_default();
        return Settled::plain(looks.swap_remove(first).judged);
    }
    if !seen.is_empty() {
        return Settled::plain(confirmed(looks, &seen));
    }
    let doubt = doubt(&looks, &looks[0].judged);
    let reason = looks.iter().find_map(Look::not_reached);
    let neutral = looks.iter().position(|look| matches!(look.sight, Sight::Neutral(_)));
    let judged = match (reason, neutral) {
        // It might have been told, had there been time.
        (Some(reason), _) => broken(looks).with(reason),
        (None, Some(neutral)) if breaks == 1 => looks.swap_remove(neutral).judged,
        _ => {
            let told = format!("{breaks} looks, and each saw something else");
            let unsteady = Deviation::new(Kind::AnswerUnsteady, "", "two looks that see the same", told);
            broken(looks).with(vigie_drift::find(unsteady, |_| None))
        }
    };
    Settled { judged, held: None, unconfirmed: Some(doubt) }
}

/// What counts, of all that looks saw: what two saw alike. What only few of them saw, beside something that more of them
/// saw, is a failure on top of drift.
fn seen_alike(looks: &[Look]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for look in looks.iter().filter(|look| look.sight == Sight::Breaks) {
        let mut marks: Vec<&String> = look.marks().collect();
        marks.sort();
        marks.dedup();
        for mark in marks {
            *counts.entry(mark).or_default() += 1;
        }
    }
    let breaks = looks.iter().filter(|look| look.sight == Sight::Breaks).count();
    counts.retain(|_, count| *count >= 2);
    if counts.values().any(|count| count * 2 >= breaks) {
        counts.retain(|_, count| *count * 2 >= breaks);
    }
    counts.into_keys().cloned().collect()
}

/// The look that saw most of what counts and least of what does not, with the rest of what counts, and without what does
/// not.
fn confirmed(mut looks: Vec<Look>, seen: &[String]) -> Judged {
    let seen: BTreeSet<&String> = seen.iter().collect();
    looks.retain(|look| look.sight == Sight::Breaks);
    let worth = |look: &Look| {
        let (counts, flukes): (Vec<_>, Vec<_>) = look.marks().partition(|mark| seen.contains(mark));
        (counts.len(), std::cmp::Reverse(flukes.len()))
    };
    let best = (0..looks.len()).max_by_key(|position| worth(&looks[*position])).unwrap_or_default();
    let Look { mut judged, breaking, .. } = looks.swap_remove(best);
    let counts: Vec<bool> =
        breaking.iter().zip(&judged.marks).map(|(breaks, mark)| !breaks || seen.contains(&mark)).collect();
    let mut clean = !counts.contains(&false);
    judged.retain(&counts);
    let mut told: BTreeSet<String> = judged.marks.iter().cloned().collect();
    for look in looks {
        for ((finding, mark), breaks) in
            look.judged.report.findings.into_iter().zip(look.judged.marks).zip(look.breaking)
        {
            if breaks && seen.contains(&&mark) && told.insert(mark.clone()) {
                judged.report.findings.push(finding);
                judged.marks.push(mark);
                clean = false;
            }
        }
    }
    // Nobody may accept an answer that has more, or less, than what is told of it.
    if !clean {
        judged.successor = None;
    }
    judged
}

/// A failure that every look saw.
fn lasting(judged: Judged) -> Judged {
    let mut report = judged.report;
    let outage = vigie_drift::rules::rule(Kind::ErrorUncoded).id;
    report.findings.retain(|found| found.rule != outage);
    let told = "an error without a code, in every attempt";
    let lasts = vigie_drift::find(Deviation::new(Kind::ErrorUnexpected, "/errors", "no error", told), |_| None);
    report.verdict = Verdict::Expectation;
    Judged { answer: judged.answer, met: judged.met, ..Judged::of(report) }.with(lasts)
}

/// The first look that saw something break, without what it saw.
fn broken(mut looks: Vec<Look>) -> Judged {
    looks.retain(|look| look.sight == Sight::Breaks);
    let Look { mut judged, breaking, .. } = looks.swap_remove(0);
    let counts: Vec<bool> = breaking.iter().map(|breaks| !breaks).collect();
    judged.retain(&counts);
    judged.successor = None;
    judged
}

/// The rules that a case failed in some look.
fn doubt(looks: &[Look], judged: &Judged) -> Doubt {
    let report = &judged.report;
    let mut rules: Vec<String> = looks.iter().flat_map(Look::rules).collect();
    rules.sort();
    rules.dedup();
    Doubt { file: report.file.clone(), case: report.case.clone(), operation: report.operation.clone(), rules }
}

impl Look {
    fn not_reached(&self) -> Option<Finding> {
        let rule = vigie_drift::rules::rule(Kind::CaseNotReached).id;
        self.judged.report.findings.iter().find(|found| found.rule == rule).cloned()
    }
}

impl Settled {
    fn plain(judged: Judged) -> Self {
        Self { judged, held: None, unconfirmed: None }
    }
}

#[cfg(test)]
mod tests;
