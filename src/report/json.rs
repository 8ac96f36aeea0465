//! One JSON document. `version` changes when a reader could fail on it.

use crate::run::RunReport;
use serde::Serialize;
use std::io::{self, Write};

/// The version of the document's form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    conclusion: &'static str,
    summary: Summary,
    #[serde(flatten)]
    report: &'a RunReport,
}

#[derive(Serialize)]
struct Summary {
    cases: usize,
    conform: usize,
    with_undocumented: usize,
    verdicts: std::collections::BTreeMap<crate::finding::Verdict, usize>,
}

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    use crate::finding::Conclusion;
    let document = Document {
        version: VERSION,
        tool: concat!("vigie ", env!("CARGO_PKG_VERSION")),
        conclusion: match report.conclusion() {
            Conclusion::Conformant => "conformant",
            Conclusion::Drift => "drift",
            Conclusion::Unable => "unable",
            Conclusion::Inconclusive => "inconclusive",
        },
        summary: Summary {
            cases: report.cases.len(),
            conform: report.cases.iter().filter(|case| case.conforms()).count(),
            with_undocumented: report.cases.iter().filter(|case| !case.undocumented.is_empty()).count(),
            verdicts: report.verdicts(),
        },
        report,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
