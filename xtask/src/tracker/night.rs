//! What tonight's reports say: which causes break consumers, and which places were judged at all.

use crate::regenerate::report::PUBLISHED;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vigie_drift::comparison::Cause;
use vigie_drift::finding::{CaseReport, Class, Finding, Verdict};
use vigie_drift::location::Location;
use vigie_drift::rules::Rule;
use vigie_drift::run::RunReport;

/// Where a cause shows, among all targets. In an issue it is a row of four.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(String, String, String, Option<String>)", into = "(String, String, String, Option<String>)")]
pub(super) struct Place {
    pub(super) target: String,
    pub(super) operation: String,
    pub(super) location: Location,
    pub(super) case: Option<String>,
}

/// A cause that breaks consumers, with its places of all reports.
#[derive(Debug)]
pub(super) struct Drift {
    pub(super) cause: Cause,
    pub(super) places: Vec<Place>,
}

/// All reports of one night, one a provider and target.
pub(super) struct Night {
    reports: Vec<RunReport>,
}

impl Night {
    pub(super) fn new(reports: Vec<RunReport>) -> Self {
        Self { reports }
    }

    /// The causes that break consumers, by id.
    pub(super) fn drifts(&self) -> BTreeMap<&str, Drift> {
        let mut drifts: BTreeMap<&str, Drift> = BTreeMap::new();
        for (report, cause) in self.causes().filter(|(_, cause)| cause.class == Class::Breaking) {
            let drift = drifts.entry(&cause.id).or_insert_with(|| Drift { cause: cause.clone(), places: Vec::new() });
            drift.places.extend(cause.places.iter().map(|spot| Place {
                target: report.target.clone(),
                operation: spot.operation.clone(),
                location: spot.location.clone(),
                case: spot.case.clone(),
            }));
        }
        for drift in drifts.values_mut() {
            drift.places.sort();
            drift.places.dedup();
        }
        drifts
    }

    /// The class of a cause that is told as something milder tonight, by a severity of `vigie.toml`.
    pub(super) fn milder(&self, id: &str) -> Option<Class> {
        self.causes().find(|(_, cause)| cause.id == id && cause.class != Class::Breaking).map(|(_, cause)| cause.class)
    }

    /// Whether every case of these targets was judged, so that nothing was left out of the run.
    pub(super) fn is_whole(&self, targets: &[&str]) -> bool {
        let sought = |report: &&RunReport| targets.contains(&report.target.as_str());
        self.reports.iter().filter(sought).flat_map(|report| &report.cases).all(|case| !unjudged(case))
    }

    /// How many cases were sent to these targets.
    pub(super) fn cases(&self, targets: &[&str]) -> usize {
        let sought = |report: &&RunReport| targets.contains(&report.target.as_str());
        self.reports.iter().filter(sought).map(|report| report.cases.len()).sum()
    }

    /// Why it cannot be said that the drift of a rule is gone from a place where it was; `None` if it can.
    pub(super) fn doubt(&self, rule: Option<&Rule>, place: &Place) -> Option<String> {
        let named = place.case.as_deref().unwrap_or(&place.operation);
        let reports: Vec<&RunReport> = self.reports.iter().filter(|report| report.target == place.target).collect();
        if reports.is_empty() {
            return Some(format!("{} was not checked", place.target));
        }
        // A published document is judged as a whole: an operation that is gone from both sides was accepted as such.
        let is_whole = place.target == PUBLISHED;
        let of_place = |case: &&CaseReport| {
            (is_whole || case.operation == place.operation) && place.case.as_ref().is_none_or(|file| *file == case.file)
        };
        let cases: Vec<&CaseReport> = reports.iter().flat_map(|report| &report.cases).filter(of_place).collect();
        if cases.is_empty() {
            return Some(format!("{named} was not in the run"));
        }
        if cases.iter().any(|case| unjudged(case)) {
            return Some(format!("{named} could not be judged"));
        }
        let excepted = reports.iter().flat_map(|report| &report.ignored).find(|ignored| {
            Some(ignored.finding.rule) == rule
                && ignored.finding.fact.location == place.location
                && (place.case.is_none() || ignored.case == place.case)
        });
        if let Some(ignored) = excepted {
            return Some(format!("ignored by {}", ignored.exception));
        }
        let hides = |finding: &&Finding| match finding.class {
            // What proves nothing of an object or a list proves nothing of what is in it.
            Class::Uncertain | Class::Masked => finding.fact.location.holds(&place.location),
            // What drifted there itself is a cause of its own; what drifted around it leaves nothing to look at.
            Class::Breaking => finding.fact.location != place.location && finding.fact.location.holds(&place.location),
            _ => false,
        };
        let hidden = cases.iter().flat_map(|case| &case.findings).any(|finding| hides(&finding));
        hidden.then(|| format!("{named} proves nothing about {}", display(&place.location)))
    }

    fn causes(&self) -> impl Iterator<Item = (&RunReport, &Cause)> {
        self.reports.iter().flat_map(|report| report.causes.iter().map(move |cause| (report, cause)))
    }
}

/// Whether nothing can be said of a case's answer: it did not come, or was not the one that the case asks for. Verdicts that come
/// before the body prove nothing about it.
fn unjudged(case: &CaseReport) -> bool {
    let judged = matches!(
        case.verdict,
        Verdict::Headers
            | Verdict::Body
            | Verdict::Client
            | Verdict::Expectation
            | Verdict::Snapshot
            | Verdict::Conforms
    );
    let silent = |class| matches!(class, Class::Outage | Class::Setup | Class::Implausible);
    !judged || case.findings.iter().any(|finding| silent(finding.class))
}

/// A location in words.
fn display(location: &Location) -> String {
    if location.is_whole() { "the answer".to_owned() } else { location.to_string() }
}

impl From<(String, String, String, Option<String>)> for Place {
    fn from((target, operation, location, case): (String, String, String, Option<String>)) -> Self {
        let Ok(location) = location.parse();
        Self { target, operation, location, case }
    }
}

impl From<Place> for (String, String, String, Option<String>) {
    fn from(place: Place) -> Self {
        (place.target, place.operation, place.location.to_string(), place.case)
    }
}
