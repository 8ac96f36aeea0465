//! For people, in the manner of a compiler: what drifted, where, what was expected, who says so, how to accept it. What
//! others wrote stands on one line and steers no terminal.

use super::doubts::fates;
use crate::visible::whole;
use anstyle::{AnsiColor, Style};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use vigie_drift::comparison::{Cause, Place};
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{CaseReport, Class, Finding, Ignored, Verdict, counted, counted_as, counted_with, text};
use vigie_drift::location::Location;
use vigie_drift::run::{RunReport, UnknownKey};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const BLUE: Style = AnsiColor::BrightBlue.on_default();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BOLD: Style = Style::new().bold();

/// What a run says that has judged nothing.
pub(super) const NOTHING_JUDGED: &str = "nothing was judged, so the run says nothing about the contract";

/// How many cases of one cause are named; the JSON report has all.
const NAMED: usize = 3;

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    // A file of several steps has several.
    let mut of_file: BTreeMap<&str, Vec<&CaseReport>> = BTreeMap::new();
    for case in &report.cases {
        of_file.entry(&case.file).or_default().push(case);
    }
    let told = Told::of(report);
    // What only proves nothing is counted in the summary.
    for cause in report.causes.iter().filter(|cause| shown(cause.class)) {
        let mut named = BTreeSet::new();
        let places = cause.places.iter().flat_map(|place| told.at(cause, place));
        let mut cases: Vec<&CaseReport> = places.map(|(case, _)| *case).collect();
        cases.retain(|case| named.insert((&case.file, &case.case)));
        let is_step = |case: &CaseReport| of_file.get(case.file.as_str()).is_some_and(|cases| cases.len() > 1);
        let first = cause.places.first().and_then(|place| told.at(cause, place).first());
        let contract = first.and_then(|(_, finding)| finding.contract.as_deref());
        draw(cause, &cases, contract, &is_step, out)?;
    }
    super::witnesses::render(report, out)?;
    summary(report, out)
}

pub(super) fn shown(class: Class) -> bool {
    !matches!(class, Class::Compatible | Class::Masked)
}

/// A finding, and the case that has it.
type OfCase<'a> = (&'a CaseReport, &'a Finding);

/// The findings of a run by file, operation, rule and place.
struct Told<'a>(HashMap<(&'a str, &'a str, Kind, &'a Location), Vec<OfCase<'a>>>);

impl<'a> Told<'a> {
    fn of(report: &'a RunReport) -> Self {
        let mut told: HashMap<_, Vec<_>> = HashMap::new();
        for case in &report.cases {
            for finding in &case.findings {
                let fact = &finding.fact;
                let key = (case.file.as_str(), case.operation.as_str(), fact.kind, &fact.location);
                told.entry(key).or_default().push((case, finding));
            }
        }
        Self(told)
    }

    /// What made a cause at one of its places.
    fn at<'b>(&'b self, cause: &'b Cause, place: &'b Place) -> &'b [OfCase<'b>] {
        let file = place.case.as_deref().unwrap_or_default();
        let key = (file, &*place.operation, cause.rule.kind, &place.location);
        self.0.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

fn draw(
    cause: &Cause,
    cases: &[&CaseReport],
    contract: Option<&str>,
    is_step: &dyn Fn(&CaseReport) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (label, style) = match cause.class {
        Class::Breaking => ("error", RED),
        Class::Outage => ("outage", YELLOW),
        Class::Setup => ("setup", YELLOW),
        Class::Unjudged => ("unjudged", YELLOW),
        Class::Client => ("client", YELLOW),
        _ => ("note", BLUE),
    };
    writeln!(out, "{style}{label}[{}]{style:#}{BOLD}: {}{BOLD:#}", cause.rule, cause.rule.title)?;
    for case in cases.iter().take(NAMED) {
        let step = if is_step(case) { format!(" ({})", whole(&case.case)) } else { String::new() };
        writeln!(out, "  {BLUE}-->{BLUE:#} {}{step}", whole(&case.file))?;
    }
    if cases.len() > NAMED {
        writeln!(out, "   {BLUE}|{BLUE:#}  and {}", counted(cases.len() - NAMED, "more case"))?;
    }
    let (Some(first), Some(place)) = (cases.first(), cause.places.first()) else { return writeln!(out) };
    if !first.request.is_empty() {
        let status = first.status.map(|status| format!(" -> {status}")).unwrap_or_default();
        let place = if place.location.is_whole() { String::new() } else { format!(", at {}", place.location) };
        writeln!(out, "   {BLUE}|{BLUE:#}  {}", whole(&format!("{}{status}{place}", first.request)))?;
    }
    writeln!(out, "   {BLUE}={BLUE:#} expected: {}", whole(&text(&cause.expected)))?;
    writeln!(out, "   {BLUE}={BLUE:#} observed: {}", whole(&text(&cause.observed)))?;
    writeln!(out, "   {BLUE}={BLUE:#} why it matters: {}", cause.rule.why)?;
    if !cause.also.is_empty() {
        let also: BTreeSet<&str> = cause.also.iter().map(|also| also.rule.id).collect();
        let also: Vec<&str> = also.into_iter().collect();
        writeln!(out, "   {BLUE}={BLUE:#} also: {}", also.join(", "))?;
    }
    if let Some(contract) = contract {
        writeln!(out, "   {BLUE}={BLUE:#} contract: {}", whole(contract))?;
    }
    let ids: Vec<&String> = std::iter::once(&cause.id).chain(cause.also.iter().map(|also| &also.id)).collect();
    let pending = |case: &&CaseReport| {
        let id = ids.iter().find(|id| case.pending_causes.contains(id))?;
        Some((*id, case.pending.clone()?))
    };
    if let Some((id, snapshot)) = cases.iter().find_map(pending) {
        let snapshot = whole(&snapshot);
        writeln!(out, "   {BLUE}={BLUE:#} accept it: vigie accept {id}, or `cargo insta review` ({snapshot})")?;
    }
    writeln!(out)
}

fn summary(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let verdicts = report.verdicts();
    let conform = verdicts.get(&Verdict::Conforms).copied().unwrap_or(0);
    let fails: Vec<String> = verdicts
        .iter()
        .filter(|(verdict, _)| **verdict != Verdict::Conforms)
        .enumerate()
        .map(|(position, (verdict, count))| {
            let cases = if position == 0 { counted(*count, "case") } else { count.to_string() };
            format!("{cases} {}", failure(*verdict))
        })
        .collect();
    let is_good = fails.is_empty() && !report.is_empty();
    let (style, total) = (if is_good { GREEN } else { RED }, report.cases.len());
    write!(out, "{style}{conform} of {total} cases conform{style:#} (target: {})", whole(&report.target))?;
    if !fails.is_empty() {
        write!(out, "; {}", fails.join(", "))?;
    }
    writeln!(out)?;
    for elsewhere in &report.elsewhere {
        writeln!(out, "{}", whole(&elsewhere.line()))?;
    }
    let undocumented = report.cases.iter().filter(|case| !case.undocumented.is_empty()).count();
    if undocumented > 0 {
        writeln!(
            out,
            "{} properties that the contract does not list",
            counted_with(undocumented, "answer", "carries", "carry")
        )?;
    }
    let never: usize = report.never_observed.values().map(Vec::len).sum();
    if never > 0 {
        writeln!(
            out,
            "{} never appeared ({})",
            counted_as(never, "documented property", "documented properties"),
            counted(report.never_observed.len(), "operation")
        )?;
    }
    let quiet =
        |class| report.cases.iter().flat_map(|case| &case.findings).filter(|finding| finding.class == class).count();
    let masked = quiet(Class::Masked);
    if masked > 0 {
        writeln!(
            out,
            "{} absent because the token lacks {} scope",
            counted_with(masked, "key", "is", "are"),
            if masked == 1 { "its" } else { "their" }
        )?;
    }
    let fates = fates(report);
    for fate in fates.iter().filter(|fate| !fate.doubts.is_empty()) {
        writeln!(out, "{} {}", counted(fate.doubts.len(), "case"), fate.told)?;
    }
    let ignored = report.ignored.len();
    if ignored > 0 {
        writeln!(out, "{}", ignored_line(&report.ignored))?;
    }
    let pending = report.cases.iter().filter(|case| case.pending.is_some()).count();
    if pending > 0 {
        writeln!(
            out,
            "{}; `vigie accept` lists {} by cause",
            counted_with(pending, "new snapshot", "waits", "wait"),
            if pending == 1 { "it" } else { "them" }
        )?;
    }
    let of_keys = report.unknown_keys.iter().map(UnknownKey::line);
    let empty = report.is_empty().then(|| NOTHING_JUDGED.to_owned());
    for note in report.notes.iter().cloned().chain(of_keys).chain(empty) {
        writeln!(out, "{YELLOW}note{YELLOW:#}: {}", whole(&note))?;
    }
    if undocumented + never + masked + ignored > 0 || fates.iter().any(|fate| !fate.doubts.is_empty()) {
        writeln!(out, "`--format json` lists them")?;
    }
    Ok(())
}

/// What is wrong with a case, after its number: `with an invalid body`.
fn failure(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Outage => "with an outage",
        Verdict::Setup => "with a setup problem",
        Verdict::Params => "with invalid parameters",
        Verdict::Query => "with an invalid query",
        Verdict::Status => "with a wrong status",
        Verdict::Headers => "with wrong headers",
        Verdict::Body => "with an invalid body",
        Verdict::Client => "with a client failure",
        Verdict::Expectation => "with an unexpected answer",
        Verdict::Snapshot => "with a changed answer",
        Verdict::Skipped => "skipped",
        Verdict::Conforms => "conforming",
    }
}

/// `2 findings are ignored by vigie.toml`
pub(super) fn ignored_line(ignored: &[Ignored]) -> String {
    let file = ignored.first().and_then(|one| one.exception.rsplit_once(':')).map_or("", |(file, _)| file);
    format!("{} ignored by {}", counted_with(ignored.len(), "finding", "is", "are"), whole(file))
}
