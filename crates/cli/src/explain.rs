//! `vigie explain`: what a rule detects, why it matters, and an example.

use super::error::CliError;
use super::terminal::stdout;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use vigie_drift::example::Example;
use vigie_drift::finding::Conclusion;
use vigie_drift::rules::{Rule, SUBJECTS, by_id, near};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

#[derive(clap::Args)]
pub(super) struct Args {
    /// The rule's id, as reports name it.
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    rule: Option<String>,
    /// List every rule by subject.
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &Args) -> Result<Conclusion, CliError> {
    let mut out = io::BufWriter::new(stdout());
    match &args.rule {
        Some(id) => explain(by_id(id).ok_or_else(|| unknown(id))?, &mut out)?,
        None => list(&mut out)?,
    }
    out.flush()?;
    Ok(Conclusion::Conformant)
}

fn unknown(id: &str) -> CliError {
    let near = near(id).iter().map(|near| format!("`{near}`")).collect::<Vec<_>>().join(" or ");
    let hint = if near.is_empty() { String::new() } else { format!(", did you mean {near}?") };
    CliError::Usage(format!("no rule `{id}`{hint}; `vigie explain --list` lists all rules"))
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    for (position, subject) in SUBJECTS.iter().enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{BOLD}{}{BOLD:#}", subject.title)?;
        for rule in subject.rules {
            let Rule { id, class, sure, title, .. } = rule;
            writeln!(out, "  {id:<38} {:<11} {:<20} {title}", class.to_string(), sure.to_string())?;
        }
    }
    Ok(())
}

fn explain(rule: &Rule, out: &mut dyn Write) -> Result<(), CliError> {
    let example = Example::new(rule, &vigie_embedded::fixture(rule.id))
        .map_err(|reason| CliError::Usage(format!("the fixture of `{}`: {reason}", rule.id)))?;
    let Rule { id, class, sure, title, sees, why, .. } = rule;
    writeln!(out, "{BOLD}{id}{BOLD:#}: {title}\n{class}, {sure}\n")?;
    for (name, text) in [("Detects", *sees), ("Why it matters", *why), ("Example", &example.witness)] {
        writeln!(out, "{BOLD}{name}:{BOLD:#} {text}")?;
    }
    for part in &example.parts {
        writeln!(out, "\n{BOLD}{}{BOLD:#}", part.caption)?;
        for line in part.text.lines() {
            let style = match line.chars().next() {
                Some('-') if part.language == "diff" => RED,
                Some('+') if part.language == "diff" => GREEN,
                _ => Style::new(),
            };
            writeln!(out, "  {style}{line}{style:#}")?;
        }
    }
    Ok(())
}
