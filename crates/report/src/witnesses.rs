//! For people: where published document, served answers and accepted contract do not agree.

use crate::visible::whole;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use vigie_drift::finding::counted;
use vigie_drift::run::{RunReport, Seen, Testimony, Witness};

const BLUE: Style = AnsiColor::BrightBlue.on_default();
const BOLD: Style = Style::new().bold();

/// How many of one testimony are named; the JSON report has all.
const NAMED: usize = 5;

/// Those that say something, by what they say; what was not shown is counted.
pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    for these in report.witnesses.chunk_by(|a, b| a.testimony == b.testimony) {
        let (count, testimony) = (these.len(), these[0].testimony);
        if !says_something(testimony) {
            writeln!(out, "{BLUE}witnesses{BLUE:#}: {} ({})", testimony.advice(), counted(count, "change"))?;
            continue;
        }
        writeln!(out, "{BLUE}witnesses{BLUE:#}{BOLD}: {}{BOLD:#}", testimony.advice())?;
        for witness in these.iter().take(NAMED) {
            writeln!(out, "  {BLUE}-->{BLUE:#} {}", whole(&line(witness)))?;
        }
        if count > NAMED {
            writeln!(out, "   {BLUE}|{BLUE:#}  and {} more", count - NAMED)?;
        }
    }
    Ok(())
}

/// Whether it says anything about who is right.
pub(super) fn says_something(testimony: Testimony) -> bool {
    !matches!(testimony, Testimony::NotShown | Testimony::NotSeen)
}

/// `0a1b2c3d response-enum-value-added in the document of p/v1: GET /v1/a 200 nom and 2 more places`
pub(super) fn line(witness: &Witness) -> String {
    let seen = match witness.seen {
        Seen::InAnswers => "in the answers",
        Seen::InDocument => "in the document",
    };
    let place = format!("{} {}", witness.operation, witness.location);
    let more = match witness.places {
        0 | 1 => String::new(),
        places => format!(" and {}", counted(places - 1, "more location")),
    };
    format!("{} {} {seen} of {}: {}{more}", witness.cause, witness.rule, witness.contract, place.trim_end())
}
