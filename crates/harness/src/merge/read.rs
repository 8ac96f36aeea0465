//! Reads what `--format json` of `vigie check` wrote. The words of a rule come from the rule, its class from the report:
//! exceptions may have changed it.

use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::bounds;
use vigie_drift::finding::{CaseReport, Certainty, Class, Finding, Ignored, Verdict, text};
use vigie_drift::rules::by_id;
use vigie_drift::run::{Doubt, Elsewhere, RunReport, UnknownKey, Witness};

/// The version of the document's form that is read.
const VERSION: u64 = 1;
/// Values that a report may have: those of a hundred thousand findings.
const MOST_VALUES: usize = 2_000_000;
/// This program, as a report names it.
const TOOL: &str = concat!("vigie ", env!("CARGO_PKG_VERSION"));

/// Why a report cannot be merged.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct MergeError {
    /// The file, as the user named it.
    pub file: String,
    /// What is wrong with it, and how to mend it.
    pub reason: String,
}

#[derive(Deserialize)]
struct Document {
    target: String,
    cases: Vec<CaseMirror>,
    causes: Vec<CauseMirror>,
    #[serde(default)]
    ignored: Vec<IgnoredMirror>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    never_observed: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    observed: BTreeSet<String>,
    #[serde(default)]
    held: Vec<Doubt>,
    #[serde(default)]
    unconfirmed: Vec<Doubt>,
    #[serde(default)]
    witnesses: Vec<Witness>,
    #[serde(default)]
    elsewhere: Vec<Elsewhere>,
    #[serde(default)]
    unknown_keys: Vec<UnknownKey>,
    #[serde(default)]
    missing_reports: usize,
    #[serde(default)]
    unwritten_snapshots: usize,
}

#[derive(Deserialize)]
struct CaseMirror {
    file: String,
    #[serde(default)]
    provider: String,
    operation: String,
    case: String,
    status: Option<u16>,
    verdict: Verdict,
    findings: Vec<FindingMirror>,
    #[serde(default)]
    undocumented: Vec<String>,
    #[serde(default)]
    request: String,
    pending: Option<String>,
    #[serde(default)]
    pending_causes: Vec<String>,
}

#[derive(Deserialize)]
struct FindingMirror {
    rule: String,
    class: Class,
    certainty: Certainty,
    #[serde(default)]
    operation: String,
    pointer: String,
    expected: String,
    observed: String,
    contract: Option<String>,
}

#[derive(Deserialize)]
struct IgnoredMirror {
    #[serde(flatten)]
    finding: FindingMirror,
    case: Option<String>,
    reason: String,
    until: String,
    exception: String,
}

/// A cause has what a finding states as it was, where the finding has it as a text: ids are made of the former.
#[derive(Deserialize)]
struct CauseMirror {
    rule: String,
    class: Class,
    places: Vec<PlaceMirror>,
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
}

#[derive(Deserialize)]
struct PlaceMirror {
    operation: String,
    location: String,
    case: Option<String>,
}

/// What a finding of a case has in common with its cause: file, operation, place, rule, class, and what both sides state of it.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str, Class, Cow<'a, str>, Cow<'a, str>);
/// The same as values.
type Stated<'a> = (&'a Value, &'a Value);

/// Reads the JSON report of a run.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<RunReport, MergeError> {
    let wrong = |reason: String| MergeError { file: file.to_owned(), reason };
    if bytes.trim_ascii().is_empty() {
        return Err(wrong("it is empty: its run did not finish; run it again".into()));
    }
    if bounds::is_beyond(bytes, MOST_VALUES) {
        return Err(wrong(format!("it has more than {MOST_VALUES} values, so it is not the report of a run")));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let mend =
            if error.is_eof() { "it is truncated: run the command that wrote it again" } else { "it is not JSON" };
        wrong(format!("{mend} ({error})"))
    })?;
    let tool = value["tool"].as_str().unwrap_or("another program").to_owned();
    match &value["version"] {
        Value::Number(version) if version.as_u64() == Some(VERSION) => {}
        Value::Null => return Err(wrong(not_ours("it has no `version`"))),
        version => {
            let mend = format!("merge with {tool}, which wrote it, or write it again with this one");
            return Err(wrong(format!("a report of version {version}, and {TOOL} reads version {VERSION}: {mend}")));
        }
    }
    if value["conclusion"] == "unable" {
        return Err(wrong("its run failed to start, so it has no results: run it again".into()));
    }
    let document: Document = serde_json::from_value(value).map_err(|error| wrong(not_ours(&error.to_string())))?;
    document.report().map_err(|rule| {
        wrong(format!("{TOOL} has no rule `{rule}`; {tool} wrote the report: merge with the same version"))
    })
}

fn not_ours(why: &str) -> String {
    format!("not the report of a run ({why}); `vigie check --report json=FILE` writes one")
}

impl Document {
    /// The report, or the rule that is not known.
    fn report(self) -> Result<RunReport, String> {
        let mut stated: BTreeMap<Key<'_>, Stated<'_>> = BTreeMap::new();
        for cause in &self.causes {
            for place in &cause.places {
                let file = place.case.as_deref().unwrap_or_default();
                let (operation, location) = (place.operation.as_str(), place.location.as_str());
                let (before, after) = (text(&cause.before).into(), text(&cause.after).into());
                let key = (file, operation, location, cause.rule.as_str(), cause.class, before, after);
                stated.entry(key).or_insert((&cause.before, &cause.after));
            }
        }
        let cases = self.cases.into_iter().map(|case| case.report(&stated)).collect::<Result<_, _>>()?;
        // Every field is named, so that none that is added is forgotten here.
        Ok(RunReport {
            target: self.target,
            cases,
            causes: Vec::new(),
            ignored: self.ignored.into_iter().map(IgnoredMirror::ignored).collect::<Result<_, _>>()?,
            notes: self.notes,
            never_observed: self.never_observed,
            observed: self.observed,
            held: self.held,
            unconfirmed: self.unconfirmed,
            witnesses: self.witnesses,
            elsewhere: self.elsewhere,
            unknown_keys: self.unknown_keys,
            missing_reports: self.missing_reports,
            unwritten_snapshots: self.unwritten_snapshots,
        })
    }
}

impl CaseMirror {
    fn report(self, stated: &BTreeMap<Key<'_>, Stated<'_>>) -> Result<CaseReport, String> {
        let finding = |mirror: FindingMirror| {
            let (expected, observed) = (mirror.expected.as_str().into(), mirror.observed.as_str().into());
            let (file, operation, pointer) = (self.file.as_str(), self.operation.as_str(), mirror.pointer.as_str());
            let key: Key<'_> = (file, operation, pointer, &*mirror.rule, mirror.class, expected, observed);
            let both = stated.get(&key).map(|(before, after)| ((*before).clone(), (*after).clone()));
            mirror.finding(both)
        };
        let findings = self.findings.into_iter().map(finding).collect::<Result<_, _>>()?;
        Ok(CaseReport {
            file: self.file,
            provider: self.provider,
            operation: self.operation,
            case: self.case,
            status: self.status,
            verdict: self.verdict,
            findings,
            undocumented: self.undocumented,
            request: self.request,
            pending: self.pending,
            pending_causes: self.pending_causes,
        })
    }
}

impl FindingMirror {
    fn finding(self, stated: Option<(Value, Value)>) -> Result<Finding, String> {
        let Some(rule) = by_id(&self.rule) else { return Err(self.rule) };
        let (expected, observed) = stated.unwrap_or((self.expected.into(), self.observed.into()));
        Ok(Finding {
            rule: rule.id,
            class: self.class,
            certainty: self.certainty,
            info: rule.info,
            operation: self.operation,
            title: rule.title,
            pointer: self.pointer,
            why: rule.why,
            witness: rule.witness,
            expected,
            observed,
            twin: None,
            not_compared: None,
            contract: self.contract,
        })
    }
}

impl IgnoredMirror {
    fn ignored(self) -> Result<Ignored, String> {
        let Self { finding, case, reason, until, exception } = self;
        Ok(Ignored { finding: finding.finding(None)?, case, reason, until, exception })
    }
}
