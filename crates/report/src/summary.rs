//! Markdown for the summary of a CI step: what is concluded, what made it, worst first, what could not be judged, and how
//! to accept it. Every value stands in a code span, where nothing of it is Markdown, HTML, a link or a mention.

use super::doubts::{fates, rules};
use super::human::{NOTHING_JUDGED, ignored_line, shown};
use super::witnesses;
use crate::visible::line;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use vigie_drift::comparison::{Cause, Comparison, Place};
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{Class, Conclusion, Ignored, counted, counted_with, text};
use vigie_drift::run::{RunReport, UnknownKey, Witness};

/// Causes and notes that a section lists. GitHub refuses a summary of more than 1 MiB: three sections of these stay below,
/// each cause with at most seven values of at most four bytes a character, and so do those of [`ASIDE`] beside them.
const LISTED: usize = 50;
/// Entries of a section that decides nothing about the provider.
const ASIDE: usize = 20;
/// Characters of a value.
const VALUE: usize = 200;

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let cases = report.cases.len();
    let conform = report.cases.iter().filter(|case| case.conforms()).count();
    writeln!(out, "## vigie: {}\n", conclusion(report.conclusion()))?;
    writeln!(out, "{conform} of {cases} cases conform (target: {}).\n", code(&report.target))?;
    writeln!(out, "| verdict | cases |\n|---|---:|")?;
    for (verdict, count) in report.verdicts() {
        writeln!(out, "| {verdict} | {count} |")?;
    }
    for elsewhere in &report.elsewhere {
        writeln!(out, "\n{}", code(&elsewhere.line()))?;
    }
    causes(&report.causes, LISTED, out)?;
    doubts(report, out)?;
    testimonies(report, out)?;
    ignored(&report.ignored, out)?;
    let of_keys = report.unknown_keys.iter().map(UnknownKey::line);
    let empty = report.is_empty().then(|| NOTHING_JUDGED.to_owned());
    let all: Vec<String> = report.notes.iter().cloned().chain(of_keys).chain(empty).collect();
    notes(&all, LISTED, out)?;
    how_to_accept(report, out)
}

pub(super) fn comparisons(comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## vigie diff: {}", conclusion(Comparison::conclude(comparisons)))?;
    let is_told = |one: &&Comparison| comparisons.len() == 1 || !one.causes.is_empty() || !one.notes.is_empty();
    let told: Vec<&Comparison> = comparisons.iter().filter(is_told).collect();
    if comparisons.len() > 1 {
        writeln!(out, "\n{} of {} comparisons found something.", told.len(), comparisons.len())?;
    }
    let each = (LISTED / told.len().max(1)).max(1);
    for comparison in told.iter().take(LISTED) {
        writeln!(out, "\n### {} → {}", code(&comparison.old.name), code(&comparison.new.name))?;
        writeln!(out, "\n{}", counts(&comparison.causes))?;
        causes(&comparison.causes, each, out)?;
        ignored(&comparison.ignored, out)?;
        notes(&comparison.notes, each, out)?;
    }
    more(told.len(), LISTED, "comparisons", out)
}

/// `2 breaking, 1 compatible`, by cause.
fn counts(causes: &[Cause]) -> String {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for cause in causes {
        *counts.entry(cause.class).or_default() += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(class, count)| format!("{count} {class}")).collect();
    if parts.is_empty() { "No change.".to_owned() } else { format!("Causes: {}.", parts.join(", ")) }
}

fn conclusion(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Conformant => "conformant, nothing breaks a consumer",
        Conclusion::Drift => "drift, something breaks a consumer",
        Conclusion::Inconclusive => "inconclusive, not everything could be judged",
        Conclusion::Unable => "could not run",
    }
}

/// What a section lists.
type Wanted<'a> = &'a dyn Fn(&Cause) -> bool;

/// Causes in sections, by what a reader has to do about them. What only proves nothing is not listed.
fn causes(causes: &[Cause], most: usize, out: &mut dyn Write) -> io::Result<()> {
    let unjudged = |cause: &Cause| cause.class.leaves_open();
    let left_out = |cause: &Cause| cause.rule.kind == Kind::CaseLeftOut;
    let breaks = |cause: &Cause| cause.class == Class::Breaking;
    let ours = |cause: &Cause| cause.class == Class::Client;
    let rest = |cause: &Cause| !breaks(cause) && !unjudged(cause) && !left_out(cause) && !ours(cause);
    let sections: [(&str, usize, Wanted<'_>); 5] = [
        ("Breaks a consumer", most, &breaks),
        ("Could not be judged", most, &unjudged),
        ("Bugs of the client that vigie generates", most.min(ASIDE), &ours),
        ("Not sent, on purpose", most, &left_out),
        ("Worth a look", most, &|cause| shown(cause.class) && rest(cause)),
    ];
    for (title, most, wanted) in sections {
        let causes: Vec<&Cause> = causes.iter().filter(|cause| wanted(cause)).collect();
        if causes.is_empty() {
            continue;
        }
        writeln!(out, "\n### {title} ({})\n", causes.len())?;
        for cause in causes.iter().take(most) {
            draw(cause, out)?;
        }
        more(causes.len(), most, "causes", out)?;
    }
    Ok(())
}

/// `- **breaking** `rule` `id`: what is wrong, 3 places`, and below it one place and what both sides state.
fn draw(cause: &Cause, out: &mut dyn Write) -> io::Result<()> {
    let places = counted(cause.places.len(), "location");
    let (class, rule, id) = (cause.class, code(cause.rule.id), code(&cause.id));
    writeln!(out, "- **{class}** {rule} {id}: {}, {places}", cause.rule.title)?;
    if let Some(place) = cause.places.first().map(words).filter(|words| !words.is_empty()) {
        writeln!(out, "  - {place}")?;
    }
    match (&cause.expected, &cause.observed) {
        (Value::Null, Value::Null) => {}
        (Value::Null, after) => writeln!(out, "  - now {}", code(&text(after)))?,
        (before, Value::Null) => writeln!(out, "  - was {}", code(&text(before)))?,
        (before, after) => writeln!(out, "  - {} → {}", code(&text(before)), code(&text(after)))?,
    }
    if let Some(evidence) = &cause.evidence {
        writeln!(out, "  - {}", code(evidence))?;
    }
    match cause.used.as_deref() {
        None => Ok(()),
        Some([]) => writeln!(out, "  - used nowhere in the given sources"),
        Some(places) => writeln!(out, "  - used: {}", code(&places.join(", "))),
    }
}

fn words(place: &Place) -> String {
    let location = place.location.to_string();
    let parts = [place.case.as_deref().unwrap_or_default(), place.operation.as_str(), location.as_str()];
    parts.iter().filter(|part| !matches!(**part, "" | "*")).map(|part| code(part)).collect::<Vec<_>>().join(" ")
}

/// Cases whose failure does not count, each with the rules that it failed.
fn doubts(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    for fate in fates(report).iter().filter(|fate| !fate.doubts.is_empty()) {
        writeln!(out, "\n### {} ({})\n", fate.title, fate.doubts.len())?;
        for doubt in fate.doubts.iter().take(ASIDE) {
            writeln!(out, "- {} {}: {}", code(&doubt.file), code(&doubt.case), code(&rules(doubt)))?;
        }
        more(fate.doubts.len(), ASIDE, "cases", out)?;
    }
    Ok(())
}

/// Where published document, served answers and accepted contract do not agree; what says nothing is counted.
fn testimonies(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    if report.witnesses.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Published, served, accepted\n")?;
    let (said, quiet): (Vec<&Witness>, Vec<_>) =
        report.witnesses.iter().partition(|witness| witnesses::says_something(witness.testimony));
    for witness in said.iter().take(ASIDE) {
        writeln!(out, "- {}\n  - {}", witness.testimony.advice(), code(&witnesses::line(witness)))?;
    }
    for these in quiet.chunk_by(|a, b| a.testimony == b.testimony) {
        writeln!(out, "- {} ({})", these[0].testimony.advice(), counted(these.len(), "change"))?;
    }
    more(said.len(), ASIDE, "of them", out)
}

fn ignored(ignored: &[Ignored], out: &mut dyn Write) -> io::Result<()> {
    if ignored.is_empty() { Ok(()) } else { writeln!(out, "\n{}", code(&ignored_line(ignored))) }
}

fn notes(notes: &[String], most: usize, out: &mut dyn Write) -> io::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Notes\n")?;
    for note in notes.iter().take(most) {
        writeln!(out, "- {}", code(note))?;
    }
    more(notes.len(), most, "notes", out)
}

fn more(all: usize, most: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    if all > most { writeln!(out, "\nand {} more {what}; `--format json` lists them", all - most) } else { Ok(()) }
}

/// What can be done about it: there is a new snapshot, or there is drift to except for a time.
fn how_to_accept(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let pending = report.cases.iter().filter(|case| case.pending.is_some()).count();
    let drift = report.conclusion() == Conclusion::Drift;
    if pending == 0 && !drift {
        return Ok(());
    }
    writeln!(out, "\n### To accept it\n")?;
    if pending > 0 {
        writeln!(
            out,
            "- {}: `vigie accept` lists the causes, `vigie accept ID` accepts one.",
            counted_with(pending, "new snapshot", "waits", "wait")
        )?;
    }
    if drift {
        writeln!(
            out,
            "- `vigie explain RULE` explains a rule; an `[[ignore]]` in `vigie.toml`, with a reason and a last day, ignores a \
             finding for a time."
        )?;
    }
    Ok(())
}

/// A value in a code span. Its fence is longer than any run of backticks in it; a space keeps them apart.
fn code(text: &str) -> String {
    let text = line(text, VALUE);
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let edge = |character: Option<char>| matches!(character, Some('`' | ' '));
    let pad = if edge(text.chars().next()) || edge(text.chars().last()) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{VALUE, code};

    #[test]
    fn a_value_cannot_leave_its_code_span() {
        for (text, shown) in [
            ("plain", "`plain`"),
            ("a|b <b>@you</b> [x](y)", "`a|b <b>@you</b> [x](y)`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            (" x ", "`  x  `"),
            ("a\n\n# b\r\n- c", "`a  # b - c`"),
            ("", "(empty)"),
        ] {
            assert_eq!(code(text), shown);
        }
        assert_eq!(code(&"`".repeat(5000)).chars().filter(|character| *character == '…').count(), 1);
        assert!(code(&"`".repeat(5000)).chars().count() <= 3 * VALUE + 8);
    }
}
