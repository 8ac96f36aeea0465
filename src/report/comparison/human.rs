//! For people: one entry a cause, worst first, and a summary.

use crate::comparison::{Cause, Comparison, Effect, Impact, Semver, Side};
use crate::finding::{Certainty, Class, text};
use crate::report::human::ignored_line;
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use std::io::{self, Write};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
const BOLD: Style = Style::new().bold();
/// Places that a cause names.
const NAMED: usize = 4;
/// Compatible causes of one rule that are told one by one.
const TOLD: usize = 3;

pub(in crate::report) fn one(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let mut rest: &[Cause] = &comparison.causes;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|cause| cause.rule == first.rule && cause.class == first.class).count();
        let (group, others) = rest.split_at(same);
        rest = others;
        let told = if first.class == Class::Compatible && group.len() > TOLD { 1 } else { group.len() };
        for cause in &group[..told] {
            draw(cause, out)?;
        }
        if told < group.len() {
            writeln!(
                out,
                "{BLUE}note[{}]{BLUE:#}: {} more of the same rule; `--format json` lists them\n",
                first.rule,
                group.len() - told
            )?;
        }
    }
    for note in &comparison.notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{}", heading(comparison))?;
    summary(comparison, out)
}

pub(in crate::report) fn many(comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
    for comparison in comparisons {
        writeln!(out, "{BOLD}{}{BOLD:#}", heading(comparison))?;
        for cause in &comparison.causes {
            let (label, style) = label(cause.class);
            let first = &cause.places[0];
            let more =
                if cause.places.len() > 1 { format!(" and {} more", cause.places.len() - 1) } else { String::new() };
            let place = format!("{} {}", first.operation, first.location);
            writeln!(out, "  {style}{label}{style:#} {}: {}{more}{}", cause.rule, place.trim(), change(cause, ": "))?;
        }
        write!(out, "  ")?;
        summary(comparison, out)?;
    }
    Ok(())
}

fn heading(comparison: &Comparison) -> String {
    let side = |side: &Side| match (&side.title, &side.version) {
        (Some(title), Some(version)) => format!("{} ({title} {version})", side.name),
        _ => side.name.clone(),
    };
    format!("{} -> {}", side(&comparison.old), side(&comparison.new))
}

fn label(class: Class) -> (&'static str, Style) {
    match class {
        Class::Breaking => ("breaking", RED),
        Class::Implausible => ("implausible", YELLOW),
        Class::Uncertain => ("uncertain", YELLOW),
        Class::Data => ("data", BLUE),
        _ => ("compatible", BLUE),
    }
}

fn draw(cause: &Cause, out: &mut dyn Write) -> io::Result<()> {
    let (label, style) = label(cause.class);
    let sure =
        if cause.class == Class::Breaking && cause.certainty == Certainty::Conditional { " (conditional)" } else { "" };
    writeln!(out, "{style}{label}[{}]{style:#}{BOLD}: {}{BOLD:#}{sure}", cause.rule, cause.title)?;
    for place in cause.places.iter().take(NAMED) {
        let place = format!("{} {}", place.operation, place.location);
        writeln!(out, "  {BLUE}-->{BLUE:#} {}", place.trim_end())?;
    }
    if cause.places.len() > NAMED {
        writeln!(out, "   {BLUE}|{BLUE:#}  and {} more places", cause.places.len() - NAMED)?;
    }
    let line = |out: &mut dyn Write, what: &str, said: &str| writeln!(out, "   {BLUE}={BLUE:#} {what}: {said}");
    match change(cause, "") {
        change if change.is_empty() => {}
        change => line(out, "change", &change)?,
    }
    if let Some(evidence) = &cause.evidence {
        line(out, "evidence", evidence)?;
    }
    if cause.class == Class::Breaking {
        line(out, "why it matters", cause.why)?;
        line(out, "for example", &cause.witness)?;
    }
    if let Some(impact) = &cause.impact {
        line(out, "client", &client(impact))?;
    }
    match cause.used.as_deref() {
        None => {}
        Some([]) => line(out, "used", "nowhere in the given sources")?,
        Some(places) => line(out, "used", &places.join(", "))?,
    }
    writeln!(out)
}

/// What both sides state, on one line.
fn change(cause: &Cause, lead: &str) -> String {
    match (&cause.expected, &cause.observed) {
        (Value::Null, Value::Null) => String::new(),
        (Value::Null, after) => format!("{lead}now {}", text(after)),
        (before, Value::Null) => format!("{lead}was {}", text(before)),
        (before, after) => format!("{lead}{} -> {}", text(before), text(after)),
    }
}

fn client(impact: &Impact) -> String {
    let effect = |effect| match effect {
        Effect::Works => "works",
        Effect::MayFail => "may fail",
        Effect::Fails => "fails",
    };
    let bump = match impact.semver {
        Semver::Patch => "patch",
        Semver::Minor => "minor",
        Semver::Major => "major",
    };
    let said = format!("request {}, decode {}; {bump} version", effect(impact.request), effect(impact.decode));
    let names: Vec<String> = impact.methods.iter().chain(&impact.types).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    match &names[..names.len().min(NAMED)] {
        [] => said,
        first => format!("{said}; {}{more}", first.join(", ")),
    }
}

fn summary(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    if !comparison.ignored.is_empty() {
        writeln!(out, "{}", ignored_line(&comparison.ignored))?;
    }
    if comparison.changes.is_empty() {
        let but = if comparison.ignored.is_empty() { "" } else { " but those that are ignored" };
        return writeln!(out, "{GREEN}no change of the contract{but}{GREEN:#}");
    }
    let mut parts = Vec::new();
    for class in [Class::Implausible, Class::Breaking, Class::Uncertain, Class::Compatible, Class::Data] {
        let changes = comparison.changes.iter().filter(|change| change.class == class).count();
        let causes = comparison.causes.iter().filter(|cause| cause.class == class).count();
        if class == Class::Implausible && changes > 0 {
            return writeln!(out, "{YELLOW}the document is not credible; nothing was compared{YELLOW:#}");
        }
        if changes > 0 {
            let (label, style) = label(class);
            let of = if causes == changes { String::new() } else { format!(" of {causes} cause{}", plural(causes)) };
            parts.push(format!("{style}{changes} {label}{style:#}{of}"));
        }
    }
    writeln!(out, "{}", parts.join(", "))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
