//! What made the findings: the same change in many places is one cause.
//!
//! A cause is a rule, the leaf of its place, and what both sides state: a pattern that changed under `allocataires[]` and
//! under `enfants[]`, in eight operations or in fifty answers, is decided once.

mod renames;

use crate::comparison::{Also, Cause, Place};
use crate::deviation::{Deviation, Kind};
use crate::finding::{CaseReport, Certainty, Class, Finding, text};
use crate::rules::rule;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vigie_contract::yaml;

pub use renames::renaming;

/// The causes of the changes between two documents, worst first, whatever the order of the findings. What went and what
/// came under another name is one renaming.
#[must_use]
pub fn group(findings: &[Finding]) -> Vec<Cause> {
    let change = |(finding, evidence): (Cow<'_, Finding>, Option<String>)| {
        let place =
            Place { operation: finding.fact.operation.clone(), location: finding.fact.location.clone(), case: None };
        Change { finding: finding.into_owned(), place, evidence, also: Vec::new() }
    };
    gather(renames::join(findings).into_iter().map(change))
}

/// The causes of what the cases of a run found; each place names its case's file.
#[must_use]
pub fn in_cases(cases: &[CaseReport]) -> Vec<Cause> {
    let place = |case: &CaseReport, finding: &Finding| Place {
        operation: case.operation.clone(),
        location: finding.fact.location.clone(),
        case: Some(case.file.clone()),
    };
    gather(cases.iter().flat_map(|case| {
        let change = move |(finding, also): (&Finding, Vec<Also>)| Change {
            finding: finding.clone(),
            place: place(case, finding),
            evidence: None,
            also,
        };
        one_per_event(&case.findings, &case.operation).into_iter().map(change)
    }))
}

/// The findings of a case, each with those that show the same event once more.
fn one_per_event<'f>(findings: &'f [Finding], operation: &str) -> Vec<(&'f Finding, Vec<Also>)> {
    let events = Events::of(findings);
    let mut also: BTreeMap<usize, Vec<Also>> = BTreeMap::new();
    let mut first = Vec::with_capacity(findings.len());
    for (position, finding) in findings.iter().enumerate() {
        match events.shown_by(finding).find(|event| findings[*event].class <= finding.class) {
            Some(event) => {
                let again = Also { rule: finding.rule, id: id(&finding.fact, operation) };
                also.entry(event).or_default().push(again);
            }
            None => first.push((position, finding)),
        }
    }
    first.into_iter().map(|(position, finding)| (finding, also.remove(&position).unwrap_or_default())).collect()
}

/// What other findings of the same answer follow from, by their positions. A status that a case does not expect is another one
/// than the accepted one, and may be undocumented; a body that does not fit the contract cannot be read, and at that location it
/// is not what was accepted.
#[derive(Default)]
struct Events {
    status: Option<usize>,
    undocumented_status: Option<usize>,
    media_type: Option<usize>,
    body: Option<usize>,
    /// The faults of the body by their location.
    faults: HashMap<String, usize>,
}

impl Events {
    fn of(findings: &[Finding]) -> Self {
        let mut events = Self::default();
        for (position, finding) in findings.iter().enumerate() {
            let event = match finding.fact.kind {
                Kind::StatusDiffers => &mut events.status,
                Kind::StatusUndocumented => &mut events.undocumented_status,
                Kind::MediaTypeUndocumented => &mut events.media_type,
                Kind::BodyInvalid => {
                    if let Some(location) = finding.fact.location.in_words() {
                        events.faults.entry(location).or_insert(position);
                    }
                    &mut events.body
                }
                _ => continue,
            };
            event.get_or_insert(position);
        }
        events
    }

    /// What a finding follows from, the best first.
    fn shown_by(&self, finding: &Finding) -> impl Iterator<Item = usize> {
        let events = match finding.fact.kind {
            Kind::StatusUndocumented => [self.status, None],
            Kind::ResponseStatusChanged => [self.status, self.undocumented_status],
            Kind::ResponseMediaTypeChanged => [self.media_type, None],
            Kind::ClientDecodeFailed => [self.body, None],
            Kind::ResponseTypeChanged
            | Kind::ValueFormChanged
            | Kind::ValueFormUncertain
            | Kind::ValueNull
            | Kind::ResponsePropertyRemoved
            | Kind::PropertySometimesAbsent => {
                let location = finding.fact.location.in_words();
                [location.and_then(|location| self.faults.get(&location).copied()), None]
            }
            _ => [None, None],
        };
        events.into_iter().flatten()
    }
}

/// The id of the cause of one fact: eight hexadecimal digits over rule, leaf and both statements, but no value of an answer.
/// `operation` is the fact's own, or its case's.
#[must_use]
pub fn id(fact: &Deviation, operation: &str) -> String {
    let leaf = leaf(fact, operation);
    // JSON keeps the four apart, whatever characters they hold.
    let (expected, observed) = match fact.kind {
        // A value that does not fit is another one in each answer.
        Kind::BodyInvalid | Kind::RequestInvalid => (&fact.expected, &Value::Null),
        Kind::ClientDecodeLossy => (&Value::Null, &Value::Null),
        _ => (&fact.expected, &fact.observed),
    };
    let mut key = vec![rule(fact.kind).id.into(), leaf.into(), expected.clone(), placeless(observed).into_owned()];
    key.extend(fact.not_compared.as_deref().map(Value::from));
    let key = Value::Array(key).to_string();
    let mut id = yaml::sha256(key.as_bytes());
    id.truncate(8);
    id
}

/// What stays the same when the same fact shows elsewhere. Other credentials are one decision of the provider, in however many
/// operations; every other change of an operation is that operation's.
fn leaf(fact: &Deviation, operation: &str) -> String {
    let is_of_security = matches!(fact.kind, Kind::OperationSecurityChanged | Kind::OperationSecurityRelaxed);
    if fact.kind.is_of_operation() && !is_of_security { operation.to_owned() } else { fact.location.leaf() }
}

/// A statement without the line and column of an answer's body: the same change is at another one in each answer.
fn placeless(statement: &Value) -> Cow<'_, Value> {
    const MARK: &str = "line ";
    let Some(text) = statement.as_str().filter(|text| text.contains(" column ")) else {
        return Cow::Borrowed(statement);
    };
    let end = text.find(MARK).unwrap_or(text.len());
    Cow::Owned(text[..end].into())
}

/// One finding at one place.
struct Change {
    finding: Finding,
    place: Place,
    evidence: Option<String>,
    /// What shows the same event once more.
    also: Vec<Also>,
}

fn gather(changes: impl Iterator<Item = Change>) -> Vec<Cause> {
    // The class is not in the id, so that an exception that lowers it leaves the id as it is.
    let mut causes: BTreeMap<(Class, String), Vec<Change>> = BTreeMap::new();
    for change in changes {
        let id = id(&change.finding.fact, &change.place.operation);
        causes.entry((change.finding.class, id)).or_default().push(change);
    }
    let mut causes: Vec<Cause> = causes.into_iter().map(|((_, id), changes)| cause(id, changes)).collect();
    causes.sort_by(|a, b| (a.class, a.rule, &a.places, &a.id).cmp(&(b.class, b.rule, &b.places, &b.id)));
    causes
}

fn cause(id: String, mut changes: Vec<Change>) -> Cause {
    changes.sort_by(|a, b| a.place.cmp(&b.place));
    let definite = changes.iter().any(|change| change.finding.certainty == Certainty::Definite);
    let first = &changes[0];
    let finding = &first.finding;
    let mut cause = Cause {
        id,
        rule: finding.rule,
        class: finding.class,
        certainty: if definite { Certainty::Definite } else { Certainty::Conditional },
        witness: witness(finding.rule.witness, &first.place, &finding.fact.expected, &finding.fact.observed),
        places: Vec::new(),
        components: changes
            .iter()
            .map(|change| change.finding.fact.component.clone())
            .collect::<Option<BTreeSet<String>>>()
            .map(Vec::from_iter)
            .unwrap_or_default(),
        expected: finding.fact.expected.clone(),
        observed: finding.fact.observed.clone(),
        not_compared: finding.fact.not_compared.clone(),
        evidence: first.evidence.clone(),
        impact: None,
        used: None,
        also: changes
            .iter()
            .flat_map(|change| change.also.iter().cloned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    };
    cause.places = changes.into_iter().map(|change| change.place).collect();
    cause.places.dedup();
    cause
}

/// A rule's witness at one place. What is filled in is not read again: a pattern may hold `{before}`.
pub(super) fn witness(template: &str, place: &Place, before: &Value, after: &Value) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        filled.push_str(head);
        let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
        let (name, absent) = name.split_once('|').map_or((name, None), |(name, absent)| (name, Some(absent)));
        let stated = |statement: &Value| match absent {
            Some(absent) if statement.is_null() => absent.to_owned(),
            _ => words(statement),
        };
        filled.push_str(&match name {
            "operation" => Cow::from(&place.operation),
            "location" => place.location.to_string().into(),
            "before" => stated(before).into(),
            "after" => stated(after).into(),
            other => format!("{{{other}}}").into(),
        });
        rest = tail;
    }
    filled + rest
}

/// A statement as it stands in a sentence: `string or integer`, `maxLength 40`.
fn words(statement: &Value) -> String {
    match statement {
        Value::Array(alternatives) => alternatives.iter().map(words).collect::<Vec<_>>().join(" or "),
        Value::Object(bounds) => {
            bounds.iter().map(|(name, bound)| format!("{name} {}", words(bound))).collect::<Vec<_>>().join(", ")
        }
        statement => text(statement),
    }
}

#[cfg(test)]
mod tests;
