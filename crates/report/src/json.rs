//! One JSON document. `version` changes when a reader could fail on it.

use crate::visible::json;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use vigie_drift::finding::{Conclusion, Verdict};
use vigie_drift::run::RunReport;

/// The version of the document's form.
pub const VERSION: u64 = 1;
/// This program, as a report names it.
pub(super) const TOOL: &str = concat!("vigie ", env!("CARGO_PKG_VERSION"));

#[derive(Serialize)]
struct Document<'a> {
    version: u64,
    tool: &'static str,
    conclusion: Conclusion,
    summary: Summary,
    #[serde(flatten)]
    report: &'a RunReport,
}

#[derive(Serialize)]
struct Summary {
    cases: usize,
    conform: usize,
    with_undocumented: usize,
    verdicts: BTreeMap<Verdict, usize>,
}

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: TOOL,
        conclusion: report.conclusion(),
        summary: Summary {
            cases: report.cases.len(),
            conform: report.cases.iter().filter(|case| case.conforms()).count(),
            with_undocumented: report.cases.iter().filter(|case| !case.undocumented.is_empty()).count(),
            verdicts: report.verdicts(),
        },
        report,
    };
    json(&document, out)?;
    writeln!(out)
}
