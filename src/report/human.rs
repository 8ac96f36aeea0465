//! For people, in the manner of a compiler: what drifted, where, what was expected, who says so, how to accept it.

use crate::finding::{CaseReport, Class, Finding, RunReport, Verdict, text};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::io::{self, Write};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const BLUE: Style = AnsiColor::BrightBlue.on_default();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BOLD: Style = Style::new().bold();

/// How many cases of one cause are named; the JSON report has all.
const NAMED: usize = 3;

/// Findings of one cause: the same rule, with the same expectation and observation, at the same place.
struct Cause<'a> {
    finding: &'a Finding,
    cases: Vec<&'a CaseReport>,
}

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    for cause in causes(report) {
        draw(&cause, out)?;
    }
    summary(report, out)
}

/// Causes that a reader must see, worst first. What only proves nothing is counted in the summary.
fn causes(report: &RunReport) -> Vec<Cause<'_>> {
    let mut causes: BTreeMap<(Class, &str, String, &str, String, String), Cause<'_>> = BTreeMap::new();
    for case in &report.cases {
        for finding in case.findings.iter().filter(|finding| shown(finding.class)) {
            let place = without_positions(&finding.pointer);
            let operation = if finding.class == Class::Outage { "" } else { case.operation.as_str() };
            let key = (finding.class, finding.rule, place, operation, text(&finding.expected), text(&finding.observed));
            causes.entry(key).or_insert_with(|| Cause { finding, cases: Vec::new() }).cases.push(case);
        }
    }
    causes.into_values().collect()
}

fn shown(class: Class) -> bool {
    !matches!(class, Class::Compatible | Class::Masked)
}

fn draw(cause: &Cause<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Cause { finding, cases } = cause;
    let (label, style) = match finding.class {
        Class::Breaking => ("error", RED),
        Class::Outage => ("outage", YELLOW),
        _ => ("note", BLUE),
    };
    writeln!(out, "{style}{label}[{}]{style:#}{BOLD}: {}{BOLD:#}", finding.rule, finding.title)?;
    for case in cases.iter().take(NAMED) {
        writeln!(out, "  {BLUE}-->{BLUE:#} {}", case.file)?;
    }
    if cases.len() > NAMED {
        writeln!(out, "   {BLUE}|{BLUE:#}  and {} more cases", cases.len() - NAMED)?;
    }
    let first = cases[0];
    if !first.request.is_empty() {
        let status = first.status.map(|status| format!(" -> {status}")).unwrap_or_default();
        let place = if finding.pointer.is_empty() { String::new() } else { format!(", at {}", finding.pointer) };
        writeln!(out, "   {BLUE}|{BLUE:#}  {}{status}{place}", first.request)?;
    }
    writeln!(out, "   {BLUE}={BLUE:#} expected: {}", text(&finding.expected))?;
    writeln!(out, "   {BLUE}={BLUE:#} observed: {}", text(&finding.observed))?;
    writeln!(out, "   {BLUE}={BLUE:#} why it matters: {}", finding.why)?;
    if let Some(contract) = &finding.contract {
        writeln!(out, "   {BLUE}={BLUE:#} contract: {contract}")?;
    }
    if let Some(pending) = &first.pending {
        writeln!(out, "   {BLUE}={BLUE:#} accept it: `cargo insta review` ({pending})")?;
    }
    writeln!(out)
}

fn summary(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let verdicts = report.verdicts();
    let conform = verdicts.get(&Verdict::Conforms).copied().unwrap_or(0);
    let fails: Vec<String> = verdicts
        .iter()
        .filter(|(verdict, _)| **verdict != Verdict::Conforms)
        .map(|(verdict, count)| format!("{count} {}", format!("{verdict:?}").to_lowercase()))
        .collect();
    let (style, total) = (if fails.is_empty() { GREEN } else { RED }, report.cases.len());
    write!(out, "{style}{conform} of {total} cases conform{style:#} (target: {})", report.target)?;
    if !fails.is_empty() {
        write!(out, "; not: {}", fails.join(", "))?;
    }
    writeln!(out)?;
    let undocumented = report.cases.iter().filter(|case| !case.undocumented.is_empty()).count();
    if undocumented > 0 {
        writeln!(out, "{undocumented} answers carry properties that the contract does not list")?;
    }
    let never: usize = report.never_observed.values().map(Vec::len).sum();
    if never > 0 {
        writeln!(
            out,
            "{never} documented properties were in no answer, in {} operations",
            report.never_observed.len()
        )?;
    }
    let quiet =
        |class| report.cases.iter().flat_map(|case| &case.findings).filter(|finding| finding.class == class).count();
    let masked = quiet(Class::Masked);
    if masked > 0 {
        writeln!(out, "{masked} keys are absent because the token lacks their scope")?;
    }
    if undocumented + never + masked > 0 {
        writeln!(out, "`--format json` lists them")?;
    }
    Ok(())
}

/// `/a/0/b/12` is `/a/*/b/*`: the same place in every element.
fn without_positions(pointer: &str) -> String {
    let is_position = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|token| if is_position(token) { "*" } else { token }).collect::<Vec<_>>().join("/")
}
