//! Second attempts: a case that fails is sent again at the end of the run, and only what lasts counts. Pure.
//!
//! A provider that keeps its promise fails one request in twenty, and such a failure may look like anything, drift too.
//! One attempt that conforms refutes all the others: an answer that is as promised cannot come from a provider that changed
//! its contract. What two attempts saw alike, where none conformed, is drift.

use super::outcome::{Outcome, Reply};
use crate::providers::failing;
use std::collections::{BTreeMap, BTreeSet};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{Class, Finding};
use vigie_drift::location::Location;
use vigie_drift::rules::Rule;
use vigie_drift::run::Doubt;
use vigie_judge::exceptions::Exceptions;

/// How likely a run may end with a false alarm, were every failure to look like drift: less than once in the 2,700 years
/// of a million nights.
const ALARM: f64 = 1e-6;
/// An attempt that waits for an answer in vain costs the whole time limit.
const TIMEOUTS: usize = 3;
/// A token that was refused twice is not taken, and asking on may lock it out.
const REFUSALS: usize = 2;

/// How often a failing case of a run with so many cases is attempted: the smallest `R` with `n * p^R < 10^-6`, where
/// `p` is the share of requests that may fail while a provider keeps its promise: 5 %. Of 512
/// cases 7, of one alone 5. A case that conforms is attempted once.
pub(super) fn most(cases: usize) -> usize {
    let mut chance = f64::from(u32::try_from(cases.max(1)).unwrap_or(u32::MAX));
    let (lost, mut attempts) = (failing(), 0);
    while chance >= ALARM {
        chance *= lost;
        attempts += 1;
    }
    attempts
}

/// What one attempt saw of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Showed {
    /// Nothing that fails it.
    Conforms,
    /// Something that breaks a consumer.
    Breaks,
    /// Why it could not be judged.
    Unjudged(Class),
    /// It was not sent.
    Unsent,
}

/// One attempt at a case.
struct Attempt {
    judged: Outcome,
    showed: Showed,
    /// Whether each of its findings breaks a consumer here.
    breaking: Vec<bool>,
}

/// The attempts at the cases of one scenario: each attempt is a new run of all its steps.
#[derive(Default)]
pub(super) struct Attempts {
    cases: Vec<Vec<Attempt>>,
}

/// What counts of a case in the end.
pub(super) struct Settled {
    pub(super) judged: Outcome,
    /// What it failed, and that it held all the same.
    pub(super) held: Option<Doubt>,
    /// What it failed once, and nobody knows whether it would again.
    pub(super) unconfirmed: Option<Doubt>,
}

/// The attempts of a run so far.
pub(super) struct RunAttempts {
    /// Of the schemas as a whole.
    pub(super) schemas: Attempts,
    /// Of each scenario, in their order.
    pub(super) scenarios: Vec<Attempts>,
    /// How often a failing case may be attempted.
    pub(super) most: usize,
}

impl Attempts {
    /// Adds an attempt at every case of the scenario, in their order.
    pub(super) fn add(&mut self, attempt: Vec<Outcome>, exceptions: &Exceptions) {
        self.cases.resize_with(attempt.len().max(self.cases.len()), Vec::new);
        for (case, judged) in self.cases.iter_mut().zip(attempt) {
            case.push(Attempt::new(judged, exceptions));
        }
    }

    /// Whether nothing was attempted yet.
    pub(super) fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether a case has to be sent again.
    pub(super) fn needs_another(&self, most: usize) -> bool {
        self.cases.iter().any(|attempts| needs_another(attempts, most))
    }

    /// The last attempt at each case.
    pub(super) fn last(&self) -> impl Iterator<Item = &Outcome> {
        self.cases.iter().filter_map(|attempts| attempts.last()).map(|attempt| &attempt.judged)
    }

    /// What counts of `most` attempts or fewer. Where one attempt is `enough`, it does.
    pub(super) fn settle(self, enough: bool, most: usize) -> impl Iterator<Item = Settled> {
        self.cases.into_iter().filter_map(move |mut attempts| match attempts.len() {
            0 => None,
            // A server that always fails in the same way has changed.
            count if count >= most && attempts.iter().all(|attempt| attempt.has(Kind::ErrorUncoded)) => {
                attempts.pop().map(|attempt| Settled::plain(lasting(attempt.judged)))
            }
            1 if enough => attempts.pop().map(|attempt| Settled::plain(attempt.judged)),
            _ => Some(settle(attempts)),
        })
    }
}

impl RunAttempts {
    pub(super) fn needs_another(&self, position: usize) -> bool {
        self.scenarios[position].needs_another(self.most)
    }

    /// Why nobody answered, if not one case that was sent had an answer.
    pub(super) fn silence(&self) -> Option<Deviation> {
        let mut reason = None;
        for judged in self.scenarios.iter().flat_map(Attempts::last) {
            match &judged.reply {
                Reply::Unsent => {}
                Reply::Silence(own) => reason = Some(own.clone()),
                Reply::Unjudged | Reply::Answer(_) | Reply::Call(_) => return None,
            }
        }
        reason
    }
}

impl Attempt {
    fn new(judged: Outcome, exceptions: &Exceptions) -> Self {
        let report = &judged.report;
        let classes: Vec<_> = report.findings.iter().map(|found| exceptions.class_here(report, found)).collect();
        let has = |class| classes.contains(&Some(class));
        // What is wrong with a case stays, whatever is answered.
        let breaking: Vec<bool> = classes
            .iter()
            .zip(&report.findings)
            .map(|(class, found)| *class == Some(Class::Breaking) && !is_of_case(found))
            .collect();
        let unsent = [Kind::CaseNotSent, Kind::CaseLeftOut, Kind::OperationUnknown];
        let showed = if breaking.contains(&true) {
            Showed::Breaks
        } else if let Some(class) = [Class::Outage, Class::Setup, Class::Implausible].into_iter().find(|own| has(*own))
        {
            Showed::Unjudged(class)
        } else if report.findings.iter().any(|found| unsent.contains(&found.fact.kind)) {
            Showed::Unsent
        } else {
            Showed::Conforms
        };
        Self { judged, showed, breaking }
    }

    fn has(&self, kind: Kind) -> bool {
        self.judged.report.findings.iter().any(|found| found.fact.kind == kind)
    }

    /// What it saw that breaks a consumer, each once.
    fn marks(&self) -> impl Iterator<Item = &String> {
        self.judged.marks.iter().zip(&self.breaking).filter_map(|(mark, breaks)| breaks.then_some(mark))
    }

    /// The rules that it failed.
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let findings = self.judged.report.findings.iter();
        let neutral = matches!(self.showed, Showed::Unjudged(_));
        let failing = findings.zip(&self.breaking).filter(move |(found, breaks)| **breaks || (neutral && fails(found)));
        failing.map(|(found, _)| found.rule)
    }
}

fn fails(found: &Finding) -> bool {
    matches!(found.class, Class::Outage | Class::Setup | Class::Implausible)
}

/// Whether a finding is about the case itself, and no answer can mend it.
fn is_of_case(found: &Finding) -> bool {
    matches!(found.fact.kind, Kind::CaseParameterUnknown | Kind::CaseParameterMissing)
}

fn needs_another(attempts: &[Attempt], most: usize) -> bool {
    let count = |is: &dyn Fn(&Attempt) -> bool| attempts.iter().filter(|attempt| is(attempt)).count();
    let fails = count(&|attempt| !matches!(attempt.showed, Showed::Conforms | Showed::Unsent));
    let breaks = count(&|attempt| attempt.showed == Showed::Breaks);
    fails > 0
        && attempts.len() < most
        && count(&|attempt| attempt.showed == Showed::Conforms) == 0
        && count(&|attempt| attempt.has(Kind::CaseNotReached)) == 0
        && count(&|attempt| attempt.has(Kind::AnswerTimeout)) < TIMEOUTS
        && (breaks > 0 || count(&|attempt| attempt.showed == Showed::Unjudged(Class::Setup)) < REFUSALS)
}

/// What counts of the attempts at one case, of which there is one at least.
fn settle(mut attempts: Vec<Attempt>) -> Settled {
    let held = attempts.iter().position(|attempt| attempt.showed == Showed::Conforms);
    if let Some(position) = held {
        let failed = attempts[..position].iter().any(|attempt| attempt.showed != Showed::Unsent);
        let doubt = failed.then(|| doubt(&attempts, &attempts[position].judged));
        let judged = attempts.swap_remove(position).judged;
        return Settled { judged, held: doubt, unconfirmed: None };
    }
    let seen = seen_alike(&attempts);
    let breaks = attempts.iter().filter(|attempt| attempt.showed == Showed::Breaks).count();
    if breaks == 0 {
        let first = attempts.iter().position(|attempt| attempt.showed != Showed::Unsent).unwrap_or_default();
        return Settled::plain(attempts.swap_remove(first).judged);
    }
    if !seen.is_empty() {
        return Settled::plain(confirmed(attempts, &seen));
    }
    let doubt = doubt(&attempts, &attempts[0].judged);
    let reason = attempts.iter().find_map(Attempt::not_reached);
    let neutral = attempts.iter().position(|attempt| matches!(attempt.showed, Showed::Unjudged(_)));
    let judged = match (reason, neutral) {
        // It might have been told, had there been time.
        (Some(reason), _) => broken(attempts).with(reason),
        (None, Some(neutral)) if breaks == 1 => attempts.swap_remove(neutral).judged,
        _ => {
            let told = format!("{breaks} looks, and each saw something else");
            let unsteady = Deviation::new(Kind::AnswerUnsteady, Location::Whole, "two looks that see the same", told);
            broken(attempts).with(vigie_drift::find(unsteady, |_| None))
        }
    };
    Settled { judged, held: None, unconfirmed: Some(doubt) }
}

/// What counts, of all that attempts saw: what two saw alike. What only few of them saw, beside something that more of them
/// saw, is a failure on top of drift.
fn seen_alike(attempts: &[Attempt]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for attempt in attempts.iter().filter(|attempt| attempt.showed == Showed::Breaks) {
        let mut marks: Vec<&String> = attempt.marks().collect();
        marks.sort();
        marks.dedup();
        for mark in marks {
            *counts.entry(mark).or_default() += 1;
        }
    }
    let breaks = attempts.iter().filter(|attempt| attempt.showed == Showed::Breaks).count();
    counts.retain(|_, count| *count >= 2);
    if counts.values().any(|count| count * 2 >= breaks) {
        counts.retain(|_, count| *count * 2 >= breaks);
    }
    counts.into_keys().cloned().collect()
}

/// The attempt that saw most of what counts and least of what does not, with the rest of what counts, and without what does
/// not.
fn confirmed(mut attempts: Vec<Attempt>, seen: &[String]) -> Outcome {
    let seen: BTreeSet<&String> = seen.iter().collect();
    attempts.retain(|attempt| attempt.showed == Showed::Breaks);
    let worth = |attempt: &Attempt| {
        let (counts, flukes): (Vec<_>, Vec<_>) = attempt.marks().partition(|mark| seen.contains(mark));
        (counts.len(), std::cmp::Reverse(flukes.len()))
    };
    let best = (0..attempts.len()).max_by_key(|position| worth(&attempts[*position])).unwrap_or_default();
    let Attempt { mut judged, breaking, .. } = attempts.swap_remove(best);
    let counts: Vec<bool> =
        breaking.iter().zip(&judged.marks).map(|(breaks, mark)| !breaks || seen.contains(&mark)).collect();
    let mut clean = !counts.contains(&false);
    judged.retain(&counts);
    let mut told: BTreeSet<String> = judged.marks.iter().cloned().collect();
    for attempt in attempts {
        for ((finding, mark), breaks) in
            attempt.judged.report.findings.into_iter().zip(attempt.judged.marks).zip(attempt.breaking)
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
        judged.forbid();
    }
    judged
}

/// A failure that every attempt saw.
fn lasting(judged: Outcome) -> Outcome {
    let mut report = judged.report;
    report.findings.retain(|found| found.fact.kind != Kind::ErrorUncoded);
    let told = "an error without a code, in every attempt";
    let lasts = vigie_drift::find(
        Deviation::new(Kind::ErrorUnexpected, Location::pointer("/errors"), "no error", told),
        |_| None,
    );
    Outcome { reply: Reply::Unjudged, ..Outcome::of(report) }.with(lasts)
}

/// The first attempt that saw something break, without what it saw.
fn broken(mut attempts: Vec<Attempt>) -> Outcome {
    attempts.retain(|attempt| attempt.showed == Showed::Breaks);
    let Attempt { mut judged, breaking, .. } = attempts.swap_remove(0);
    let counts: Vec<bool> = breaking.iter().map(|breaks| !breaks).collect();
    judged.retain(&counts);
    judged.forbid();
    judged
}

/// The rules that a case failed in some attempt.
fn doubt(attempts: &[Attempt], judged: &Outcome) -> Doubt {
    let report = &judged.report;
    let mut rules: Vec<&Rule> = attempts.iter().flat_map(Attempt::rules).collect();
    rules.sort();
    rules.dedup();
    Doubt { file: report.file.clone(), case: report.case.clone(), operation: report.operation.clone(), rules }
}

impl Attempt {
    fn not_reached(&self) -> Option<Finding> {
        self.judged.report.findings.iter().find(|found| found.fact.kind == Kind::CaseNotReached).cloned()
    }
}

impl Settled {
    fn plain(judged: Outcome) -> Self {
        Self { judged, held: None, unconfirmed: None }
    }
}

#[cfg(test)]
mod tests;
