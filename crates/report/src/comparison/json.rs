//! One JSON document. `changes` are elementary, `causes` what made them. `version` changes when a reader could fail on it.

use crate::visible::json;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use vigie_drift::comparison::{Cause, Comparison, Side};
use vigie_drift::finding::{Certainty, Class, Conclusion, Finding, Ignored};
use vigie_drift::location::Location;
use vigie_drift::rules::Rule;

/// The version of the document's form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a, T> {
    version: u32,
    tool: &'static str,
    conclusion: Conclusion,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct Compared<'a> {
    old: &'a Side,
    new: &'a Side,
    summary: BTreeMap<Class, usize>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    changes: Vec<Change<'a>>,
    causes: &'a [Cause],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored: Vec<IgnoredChange<'a>>,
}

/// A change that an exception takes out.
#[derive(Serialize)]
struct IgnoredChange<'a> {
    #[serde(flatten)]
    change: Change<'a>,
    reason: &'a str,
    until: &'a str,
    exception: &'a str,
}

impl<'a> IgnoredChange<'a> {
    fn of(ignored: &'a Ignored) -> Self {
        let Ignored { finding, reason, until, exception, .. } = ignored;
        Self { change: Change::of(finding), reason, until, exception }
    }
}

#[derive(Serialize)]
struct Timeline<'a> {
    comparisons: Vec<Compared<'a>>,
}

/// A change in the words of the labelled histories.
#[derive(Serialize)]
struct Change<'a> {
    rule: &'static Rule,
    class: Class,
    label: &'static str,
    certainty: Certainty,
    operation: &'a str,
    location: &'a Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<&'a str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    before: &'a Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    after: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_compared: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe_renamed_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe_renamed_to: Option<&'a str>,
}

impl<'a> Change<'a> {
    fn of(finding: &'a Finding) -> Self {
        // What came has nothing before it, and what went has nothing after it.
        let fact = &finding.fact;
        let (came, twin) = (fact.expected.is_null(), fact.twin.as_deref());
        Self {
            rule: finding.rule,
            class: finding.class,
            label: match finding.class {
                Class::Breaking => "breaking",
                Class::Compatible if !finding.rule.info => "non-breaking",
                _ => "info",
            },
            certainty: finding.certainty,
            operation: &fact.operation,
            location: &fact.location,
            component: fact.component.as_deref(),
            before: &fact.expected,
            after: &fact.observed,
            not_compared: fact.not_compared.as_deref(),
            maybe_renamed_from: twin.filter(|_| came),
            maybe_renamed_to: twin.filter(|_| !came),
        }
    }
}

/// Every change; one of shared schemas at the locations where they were compared, the others are named by its cause.
fn elementary(changes: &[Finding]) -> impl Iterator<Item = &Finding> {
    let key = |change: &Finding| {
        let fact = &change.fact;
        (change.rule.id, fact.location.leaf(), fact.expected.to_string(), fact.observed.to_string())
    };
    let listed: HashSet<_> = if changes.iter().any(|change| change.fact.is_repeated) {
        changes.iter().filter(|change| !change.fact.is_repeated).map(key).collect()
    } else {
        HashSet::new()
    };
    changes.iter().filter(move |change| !change.fact.is_repeated || !listed.contains(&key(change)))
}

impl<'a> Compared<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let mut summary = BTreeMap::new();
        for change in &comparison.changes {
            *summary.entry(change.class).or_default() += 1;
        }
        Self {
            old: &comparison.old,
            new: &comparison.new,
            summary,
            notes: &comparison.notes,
            changes: elementary(&comparison.changes).map(Change::of).collect(),
            causes: &comparison.causes,
            ignored: comparison.ignored.iter().map(IgnoredChange::of).collect(),
        }
    }
}

pub(crate) fn one(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    write(comparison.conclusion(), &Compared::of(comparison), out)
}

pub(crate) fn many(comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
    let timeline = Timeline { comparisons: comparisons.iter().map(Compared::of).collect() };
    write(Comparison::conclude(comparisons), &timeline, out)
}

fn write(conclusion: Conclusion, content: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let document =
        Document { version: VERSION, tool: concat!("vigie ", env!("CARGO_PKG_VERSION")), conclusion, content };
    json(&document, out)?;
    writeln!(out)
}
