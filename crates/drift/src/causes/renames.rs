//! What went and what came under another name, joined to one renaming.

use crate::deviation::{Deviation, Kind};
use crate::finding::Finding;
use crate::location::Location;
use crate::rules::{Rule, rule};
use std::borrow::Cow;
use std::collections::HashMap;

/// The rule of the renaming that a finding is one half of; `None` if it is none.
#[must_use]
pub fn renaming(finding: &Finding) -> Option<&'static Rule> {
    finding.fact.twin.as_ref()?;
    let (kind, _) = half(finding)?;
    Some(rule(kind))
}

/// Which half of which renaming a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Went,
    Came,
}

fn half(finding: &Finding) -> Option<(Kind, Half)> {
    Some(match finding.fact.kind {
        Kind::ResponsePropertyRemoved | Kind::RequestPropertyRemoved => (Kind::PropertyRenamed, Half::Went),
        Kind::ResponsePropertyAdded | Kind::RequestPropertyAddedRequired | Kind::RequestPropertyAddedOptional => {
            (Kind::PropertyRenamed, Half::Came)
        }
        Kind::ParameterRemoved => (Kind::ParameterRenamed, Half::Went),
        Kind::ParameterAddedRequired | Kind::ParameterAddedOptional => (Kind::ParameterRenamed, Half::Came),
        Kind::OperationRemoved => (Kind::OperationPathChanged, Half::Went),
        Kind::OperationAdded => (Kind::OperationPathChanged, Half::Came),
        _ => return None,
    })
}

/// Every finding as it is, except that the two halves of a renaming are one finding, with its evidence.
pub(super) fn join(findings: &[Finding]) -> Vec<(Cow<'_, Finding>, Option<String>)> {
    let mut taken = vec![false; findings.len()];
    let mut joined = Vec::new();
    // What came, by the operation it came to; a renamed operation came under another name.
    let mut came: HashMap<(Kind, &str), Vec<usize>> = HashMap::new();
    for (position, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.fact.twin.is_some()) {
        if let Some((kind, Half::Came)) = half(finding) {
            came.entry((kind, beside(kind, finding))).or_default().push(position);
        }
    }
    for (position, went) in findings.iter().enumerate() {
        let Some((kind, Half::Went)) = half(went) else { continue };
        let candidates = came.get(&(kind, other_side(kind, went))).into_iter().flatten();
        let other = |at: &&usize| !taken[**at] && is_pair(kind, went, &findings[**at]);
        let Some(&at) = { candidates }.find(other) else { continue };
        let came = &findings[at];
        (taken[position], taken[at]) = (true, true);
        let (renamed, evidence) = renamed(kind, went, came);
        joined.push((Cow::Owned(renamed), Some(evidence)));
    }
    let alone = findings.iter().zip(&taken).filter(|(_, taken)| !**taken);
    joined.extend(alone.map(|(finding, _)| (Cow::Borrowed(finding), None)));
    joined
}

/// The path of an operation that came; the operation in which something else came.
fn beside(kind: Kind, finding: &Finding) -> &str {
    if kind == Kind::OperationPathChanged { path(&finding.fact.operation) } else { &finding.fact.operation }
}

/// The `beside` of what may have come for what went.
fn other_side(kind: Kind, went: &Finding) -> &str {
    if kind == Kind::OperationPathChanged {
        path(went.fact.twin.as_deref().unwrap_or_default())
    } else {
        &went.fact.operation
    }
}

/// `GET /a` without its method, or a path as it is.
fn path(operation: &str) -> &str {
    operation.split_once(' ').map_or(operation, |(_, path)| path)
}

/// Whether each names the other as its twin, in the same object of the same operation.
fn is_pair(kind: Kind, went: &Finding, came: &Finding) -> bool {
    let names = |finding: &Finding, other: &Finding| {
        let twin = finding.fact.twin.as_deref();
        twin.is_some_and(|twin| {
            twin == name(kind, other) || twin == place(kind, other) || method_less(kind, other, twin)
        })
    };
    let beside = kind == Kind::OperationPathChanged
        || (went.fact.operation == came.fact.operation && parent(kind, went) == parent(kind, came));
    half(came) == Some((kind, Half::Came)) && beside && names(went, came) && names(came, went)
}

/// A twin may be a path alone.
fn method_less(kind: Kind, finding: &Finding, twin: &str) -> bool {
    kind == Kind::OperationPathChanged && finding.fact.operation.split_once(' ').is_some_and(|(_, path)| path == twin)
}

/// The whole place: an operation, or a place in one.
fn place(kind: Kind, finding: &Finding) -> String {
    if kind == Kind::OperationPathChanged { finding.fact.operation.clone() } else { finding.fact.location.to_string() }
}

/// What has another name, and what stands before it: `nom` and `200 data.` of `200 data.nom`, `nom` and `query:` of `query:nom`.
fn named(kind: Kind, finding: &Finding) -> (String, String) {
    let location = &finding.fact.location;
    match (kind, location) {
        (Kind::OperationPathChanged, _) => (finding.fact.operation.clone(), String::new()),
        (Kind::ParameterRenamed, Location::Parameter { .. }) | (Kind::PropertyRenamed, _) => location.named(),
        _ => (location.to_string(), String::new()),
    }
}

fn name(kind: Kind, finding: &Finding) -> String {
    named(kind, finding).0
}

fn parent(kind: Kind, finding: &Finding) -> String {
    named(kind, finding).1
}

fn renamed(kind: Kind, went: &Finding, came: &Finding) -> (Finding, String) {
    let rule = rule(kind);
    let (old, new) = (name(kind, went), name(kind, came));
    let evidence = match kind {
        Kind::OperationPathChanged => format!("{old} went and {new} came with like paths and the same answers"),
        _ => format!("`{new}` was added where `{old}` was removed, with a similar name and the same schema"),
    };
    // The certainty of a renaming hangs on what the old side stated of the old name.
    let certainty = rule.certainty(&went.fact);
    let finding = Finding {
        fact: Deviation { kind, expected: old.into(), observed: new.into(), twin: None, ..went.fact.clone() },
        rule,
        // The class of a half is that of its rule unless an exception changed it; then so is the renaming's.
        class: went.class.min(came.class),
        certainty,
        contract: went.contract.clone(),
    };
    (finding, evidence)
}
