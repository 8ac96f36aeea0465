//! For people: one entry a cause, worst first, and a summary.

use crate::human::ignored_line;
use crate::visible::whole;
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use std::io::{self, Write};
use vigie_drift::comparison::{Cause, Comparison, Effect, Form, Impact, Place, Semver, Side};
use vigie_drift::finding::{Certainty, Class, counted, text};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
const BOLD: Style = Style::new().bold();
/// Places that a cause names.
const NAMED: usize = 4;
/// Compatible causes of one rule that are told one by one.
const TOLD: usize = 3;

pub(crate) fn one(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let mut rest: &[Cause] = &comparison.causes;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|cause| cause.rule == first.rule && cause.class == first.class).count();
        let (group, others) = rest.split_at(same);
        rest = others;
        let told = if first.class == Class::Compatible && group.len() > TOLD { 1 } else { group.len() };
        for (position, cause) in group[..told].iter().enumerate() {
            draw(cause, position == 0, out)?;
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
        writeln!(out, "note: {}", whole(note))?;
    }
    writeln!(out, "{}", whole(&heading(comparison, "")))?;
    summary(comparison, out)
}

pub(crate) fn many(comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
    let folder = folder(comparisons);
    for comparison in comparisons {
        writeln!(out, "{BOLD}{}{BOLD:#}", whole(&heading(comparison, &folder)))?;
        for cause in &comparison.causes {
            let (class, style) = (cause.class, style(cause.class));
            let more =
                if cause.places.len() > 1 { format!(" and {} more", cause.places.len() - 1) } else { String::new() };
            let place = format!("{}{more}", words(&cause.places[0]));
            let reason = cause.not_compared.clone().unwrap_or_default();
            let parts = [place, change(cause), reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            writeln!(out, "  {style}{class}{style:#} {}: {}", cause.rule, whole(&parts.join(": ")))?;
        }
        for note in &comparison.notes {
            writeln!(out, "  note: {}", whole(note))?;
        }
        write!(out, "  ")?;
        summary(comparison, out)?;
    }
    Ok(())
}

/// The folder that every document of a series is in, with its `/`: the names in it say enough.
fn folder(comparisons: &[Comparison]) -> String {
    let folder = |side: &Side| side.name.rfind('/').map_or("", |end| &side.name[..=end]).to_owned();
    let mut folders = comparisons.iter().flat_map(|comparison| [folder(&comparison.old), folder(&comparison.new)]);
    let first = folders.next().unwrap_or_default();
    if folders.all(|other| other == first) { first } else { String::new() }
}

/// `old.yml -> new.yml (Menus 1.2.0)`; both titles where they differ.
fn heading(comparison: &Comparison, folder: &str) -> String {
    let name = |side: &Side| side.name.strip_prefix(folder).unwrap_or(&side.name).to_owned();
    let title = |side: &Side| match (&side.title, &side.version) {
        (Some(title), Some(version)) => format!(" ({title} {version})"),
        _ => String::new(),
    };
    let (old, new) = (title(&comparison.old), title(&comparison.new));
    let before = if old == new { "" } else { &old };
    format!("{}{before} -> {}{new}", name(&comparison.old), name(&comparison.new))
}

fn style(class: Class) -> Style {
    match class {
        Class::Breaking => RED,
        Class::Implausible | Class::Uncertain | Class::Outage | Class::Setup | Class::Unjudged | Class::Client => {
            YELLOW
        }
        Class::Compatible | Class::Data | Class::Masked => BLUE,
    }
}

/// One cause; why it matters is told of the `first` of its rule alone.
fn draw(cause: &Cause, first: bool, out: &mut dyn Write) -> io::Result<()> {
    let (class, style) = (cause.class, style(cause.class));
    let sure =
        if cause.class == Class::Breaking && cause.certainty == Certainty::Conditional { " (conditional)" } else { "" };
    writeln!(out, "{style}{class}[{}]{style:#}{BOLD}: {}{BOLD:#}{sure}", cause.rule, cause.rule.title)?;
    for place in cause.places.iter().take(NAMED).map(words).filter(|place| !place.is_empty()) {
        writeln!(out, "  {BLUE}-->{BLUE:#} {}", whole(&place))?;
    }
    if cause.places.len() > NAMED {
        writeln!(out, "   {BLUE}|{BLUE:#}  and {}", counted(cause.places.len() - NAMED, "more location"))?;
        let (named, more) = cause.components.split_at(cause.components.len().min(NAMED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        if !named.is_empty() {
            writeln!(out, "   {BLUE}={BLUE:#} shared schema: {}{more}", whole(&named.join(", ")))?;
        }
    }
    let line =
        |out: &mut dyn Write, what: &str, said: &str| writeln!(out, "   {BLUE}={BLUE:#} {what}: {}", whole(said));
    match change(cause) {
        change if change.is_empty() => {}
        change => line(out, "change", &change)?,
    }
    if let Some(reason) = &cause.not_compared {
        line(out, "reason", reason)?;
    }
    if let Some(evidence) = &cause.evidence {
        line(out, "evidence", evidence)?;
    }
    if first && cause.class == Class::Breaking {
        line(out, "why it matters", cause.rule.why)?;
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

/// A place as a person says it: what concerns no operation more than another names none.
fn words(place: &Place) -> String {
    match (place.operation.as_str(), place.location.to_string().as_str()) {
        ("*" | "", location) => location.to_owned(),
        (operation, "") => operation.to_owned(),
        (operation, location) => format!("{operation} {location}"),
    }
}

/// What both sides state, on one line.
pub(crate) fn change(cause: &Cause) -> String {
    match (&cause.expected, &cause.observed) {
        (Value::Null, Value::Null) => String::new(),
        (Value::Null, after) => format!("now {}", text(after)),
        (before, Value::Null) => format!("was {}", text(before)),
        (before, after) => format!("{} -> {}", text(before), text(after)),
    }
}

fn client(impact: &Impact) -> String {
    let request = match impact.request {
        Effect::Works => "requests still work",
        Effect::MayFail => "requests may fail",
        Effect::Fails => "requests fail",
    };
    let decode = match impact.decode {
        Effect::Works => "answers still parse",
        Effect::MayFail => "answers may not parse",
        Effect::Fails => "answers do not parse",
    };
    let bump = match impact.semver {
        Semver::Patch => "patch",
        Semver::Minor => "minor",
        Semver::Major => "major",
    };
    let said = format!("{request}, {decode}; needs a {bump} release of the client");
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
        let of = if matches!(comparison.new.kind, Form::Response | Form::Exchange) { "answer" } else { "contract" };
        let but = if comparison.ignored.is_empty() { "" } else { " except the ignored ones" };
        return writeln!(out, "{GREEN}no change of the {of}{but}{GREEN:#}");
    }
    let mut parts = Vec::new();
    for class in [Class::Implausible, Class::Breaking, Class::Uncertain, Class::Compatible, Class::Data] {
        let changes = comparison.changes.iter().filter(|change| change.class == class).count();
        let causes = comparison.causes.iter().filter(|cause| cause.class == class).count();
        if class == Class::Implausible && changes > 0 {
            return writeln!(out, "{YELLOW}the document is not credible; nothing was compared{YELLOW:#}");
        }
        if changes > 0 {
            let style = style(class);
            // The halves of a renaming are one cause, of the worse class: the other half has none of its own.
            let of = if causes == changes || causes == 0 {
                String::new()
            } else {
                format!(" of {}", counted(causes, "cause"))
            };
            parts.push(format!("{style}{changes} {class}{style:#}{of}"));
        }
    }
    let but = if comparison.is_whole() { "" } else { "; not everything was compared" };
    writeln!(out, "{}{but}", parts.join(", "))
}
