//! Reports, one file a format. They see only the typed report of `vigie_drift`, and draw it once,
//! at the end. [`read`] reads the JSON one back.

mod comparison;
mod doubts;
mod human;
mod json;
mod junit;
mod read;
mod summary;
pub mod visible;
mod witnesses;

pub use json::VERSION;
pub use read::{ReadError, read};

use std::io::{self, Write};
use vigie_drift::comparison::Comparison;
use vigie_drift::run::RunReport;

/// How a report is drawn. A new format is a file, and a line for each kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: one entry per cause, and a summary.
    Human,
    /// One versioned JSON document.
    Json,
    /// `JUnit` XML for CI pages: one test per case.
    Junit,
    /// Markdown for the summary of a CI step.
    Summary,
}

impl Format {
    /// Draws a report.
    pub fn render(self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => human::render(report, out),
            Self::Json => json::render(report, out),
            Self::Junit => junit::render(report, out),
            Self::Summary => summary::render(report, out),
        }
    }

    /// Draws how two documents differ.
    pub fn render_comparison(self, comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => comparison::human::one(comparison, out),
            Self::Json => comparison::json::one(comparison, out),
            Self::Junit => junit::comparisons(std::slice::from_ref(comparison), out),
            Self::Summary => summary::comparisons(std::slice::from_ref(comparison), out),
        }
    }

    /// Draws a series.
    pub fn render_timeline(self, comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => comparison::human::many(comparisons, out),
            Self::Json => comparison::json::many(comparisons, out),
            Self::Junit => junit::comparisons(comparisons, out),
            Self::Summary => summary::comparisons(comparisons, out),
        }
    }
}
