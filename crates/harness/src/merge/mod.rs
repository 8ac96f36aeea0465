//! Reports of shards, made one: what a run of all their cases would have told.

mod witnesses;

use std::collections::{BTreeMap, BTreeSet};
use vigie_drift::causes;
use vigie_drift::finding::{CaseReport, Class, Ignored, Verdict};
use vigie_drift::run::{Doubt, Elsewhere, RunReport, UnknownKey};

/// A report of a shard.
#[derive(Debug)]
pub struct Shard {
    /// Its file, as the user named it.
    pub file: String,
    /// What it says.
    pub report: RunReport,
}

/// What one report says of a file of cases: steps need each other, so they stay together.
struct Told<'a> {
    shard: &'a str,
    cases: Vec<&'a CaseReport>,
    ignored: Vec<&'a Ignored>,
    held: Vec<&'a Doubt>,
    unconfirmed: Vec<&'a Doubt>,
}

impl<'a> Told<'a> {
    fn new(shard: &'a str) -> Self {
        Self { shard, cases: Vec::new(), ignored: Vec::new(), held: Vec::new(), unconfirmed: Vec::new() }
    }
}

/// One report of all. Of a case that two of them have, the worse counts. With fewer reports than `expected` nothing can
/// be said of the whole, unless it is drift.
#[must_use]
pub fn merge(shards: &[Shard], expected: Option<usize>) -> RunReport {
    let reports = || shards.iter().map(|shard| &shard.report);
    let own = expected.unwrap_or(0).saturating_sub(shards.len());
    let before: usize = reports().map(|report| report.missing_reports).sum();
    let unwritten_snapshots = reports().map(|report| report.unwritten_snapshots).sum();
    let mut merged = RunReport { missing_reports: own + before, unwritten_snapshots, ..RunReport::default() };
    let targets: BTreeSet<&str> = reports().map(|report| report.target.as_str()).collect();
    merged.target = targets.iter().copied().collect::<Vec<_>>().join(", ");
    let mut seen = BTreeSet::new();
    merged.notes.extend(reports().flat_map(|report| &report.notes).filter(|note| seen.insert(*note)).cloned());
    if targets.len() > 1 {
        merged.notes.push(format!("the reports are of {} targets: {}", targets.len(), merged.target));
    }
    if let Some(expected) = expected.filter(|_| own > 0) {
        let mend = "did a shard stop before writing its report?";
        merged.notes.push(format!("{own} of {expected} reports missing, so the result is incomplete: {mend}"));
    }
    for (file, told) in by_file(shards) {
        let (worst, twice) = worst(file, &told);
        merged.cases.extend(worst.cases.iter().copied().cloned());
        merged.ignored.extend(worst.ignored.iter().copied().cloned());
        merged.held.extend(worst.held.iter().copied().cloned());
        merged.unconfirmed.extend(worst.unconfirmed.iter().copied().cloned());
        merged.notes.extend(twice);
    }
    (merged.observed, merged.never_observed) = observed(shards);
    merged.witnesses = witnesses::witnesses(shards);
    merged.elsewhere = Elsewhere::joined(reports().flat_map(|report| report.elsewhere.iter().cloned()));
    merged.unknown_keys = UnknownKey::joined(reports().flat_map(|report| report.unknown_keys.iter().cloned()));
    merged.causes = causes::in_cases(&merged.cases);
    merged
}

/// The files in the order of a run, each with what every report says of it. Two providers may have files of one name.
fn by_file<'a>(shards: &'a [Shard]) -> impl Iterator<Item = (&'a str, Vec<Told<'a>>)> {
    let mut files: BTreeMap<(&str, &str), Vec<Told<'_>>> = BTreeMap::new();
    for Shard { file: shard, report } in shards {
        let mut own: BTreeMap<(&'a str, &'a str), Told<'a>> = BTreeMap::new();
        for case in &report.cases {
            own.entry((&case.file, &case.provider)).or_insert_with(|| Told::new(shard)).cases.push(case);
        }
        // What does not count names no provider, and counts once: with the first that has the file.
        let mut of = |file: &'a str, add: &mut dyn FnMut(&mut Told<'a>)| {
            if let Some((_, told)) = own.range_mut((file, "")..).next().filter(|((own, _), _)| *own == file) {
                add(told);
            }
        };
        for ignored in &report.ignored {
            if let Some(file) = &ignored.case {
                of(file, &mut |told| told.ignored.push(ignored));
            }
        }
        for doubt in &report.held {
            of(&doubt.file, &mut |told| told.held.push(doubt));
        }
        for doubt in &report.unconfirmed {
            of(&doubt.file, &mut |told| told.unconfirmed.push(doubt));
        }
        for (file, told) in own {
            files.entry(file).or_default().push(told);
        }
    }
    files.into_iter().map(|((file, _), told)| (file, told))
}

/// What counts of a file that several reports have, and a note where they differ.
fn worst<'a, 'b>(file: &str, told: &'b [Told<'a>]) -> (&'b Told<'a>, Option<String>) {
    // What they say, to the letter: the order of the reports decides nothing.
    let said = |told: &Told<'_>| {
        let parts = (&told.cases, &told.ignored, &told.held, &told.unconfirmed);
        serde_json::to_string(&parts).unwrap_or_default()
    };
    let mut ranked: Vec<(u8, String, &Told<'_>)> =
        told.iter().map(|told| (badness(&told.cases), said(told), told)).collect();
    ranked.sort_by(|a, b| (a.0, &a.1, a.2.shard).cmp(&(b.0, &b.1, b.2.shard)));
    ranked.dedup_by(|a, b| a.1 == b.1);
    let worst = ranked[0].2;
    let others: Vec<&str> = ranked[1..].iter().map(|(.., told)| told.shard).collect();
    let note = (!others.is_empty()).then(|| {
        let (shard, others) = (worst.shard, others.join(", "));
        format!("{file}: reports differ; the worse one counts ({shard}, not {others})")
    });
    (worst, note)
}

/// Drift was seen; what kept a case from being judged comes next; a case that was left out on purpose says least.
fn badness(cases: &[&CaseReport]) -> u8 {
    let any = |wanted: &dyn Fn(Class) -> bool| {
        cases.iter().flat_map(|case| &case.findings).any(|finding| wanted(finding.class))
    };
    match () {
        () if any(&|class| class == Class::Breaking) => 0,
        () if any(&|class| class.is_inconclusive() && class != Class::Unjudged) => 1,
        () if cases.iter().any(|case| !matches!(case.verdict, Verdict::Conforms | Verdict::Skipped)) => 2,
        () if any(&|class| class == Class::Unjudged) => 3,
        () if cases.iter().any(|case| case.conforms()) => 4,
        () => 5,
    }
}

/// Which operations answered, and what none of the answers had: a property that one shard saw was seen.
fn observed(shards: &[Shard]) -> (BTreeSet<String>, BTreeMap<String, Vec<String>>) {
    let mut never: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for Shard { report, .. } in shards {
        for operation in report.observed.iter().chain(report.never_observed.keys()).collect::<BTreeSet<_>>() {
            let own: BTreeSet<&String> = report.never_observed.get(operation).into_iter().flatten().collect();
            never.entry(operation).and_modify(|all| all.retain(|path| own.contains(path))).or_insert(own);
        }
    }
    let observed = never.keys().copied().cloned().collect();
    let unseen = never.into_iter().filter(|(_, paths)| !paths.is_empty());
    (observed, unseen.map(|(operation, paths)| (operation.clone(), paths.into_iter().cloned().collect())).collect())
}
