//! What a command could not do: one message with the place and the mend, and an exit status.

use super::snippet::Snippet;
use std::io;
use vigie_drift::finding::{Conclusion, shortened};
use vigie_harness::compare::CompareError;
use vigie_harness::origin::OriginError;
use vigie_harness::providers::login::LoginError;
use vigie_harness::queries::OperationsError;
use vigie_harness::runner::{PlanError, PublishedError};
use vigie_harness::usages::UsagesError;
use vigie_judge::exceptions::ConfigError;
use vigie_report::ReadError;
use vigie_report::visible::{of_same_length, whole};
use vigie_sandbox::SandboxError;
use vigie_scenario::ScenarioError;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("the async runtime did not start: {0}")]
    Runtime(#[source] io::Error),
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Published(#[from] PublishedError),
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error(transparent)]
    Operations(#[from] OperationsError),
    #[error(transparent)]
    Report(#[from] ReadError),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("--used-by {0}")]
    Usages(#[from] UsagesError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Outage(String),
}

impl CliError {
    /// Bad arguments and files are 2; a target that does not answer is 3.
    pub(super) fn conclusion(&self) -> Conclusion {
        match self {
            Self::Login(error) if error.is_outage() => Conclusion::Inconclusive,
            Self::Plan(PlanError::Token(error)) if error.is_outage() => Conclusion::Inconclusive,
            Self::Outage(_) => Conclusion::Inconclusive,
            _ => Conclusion::Unable,
        }
    }

    /// Prints the error to stderr; with the line of the file that is wrong, where a person wrote it.
    pub(super) fn print(&self) {
        use std::io::Write;
        let mut stderr = super::terminal::stderr();
        let (file, text, span, message) = match self {
            Self::Plan(PlanError::Scenario(ScenarioError::Syntax { file, text, offset: Some(offset), message })) => {
                (file, text, *offset..*offset, message)
            }
            // A file with targets may hold what should not be in it, and is not shown.
            Self::Config(ConfigError { file, text, span, message, .. }) if !text.contains("target") => {
                (file, text, span.clone(), message)
            }
            other => {
                // What was read may have line breaks: no line of it passes for one of ours.
                let message = shortened(&other.to_string()).replace("\r\n", "\n").replace('\n', "\n  ");
                writeln!(stderr, "error: {message}").ok();
                return;
            }
        };
        let Snippet { text, span, column } = Snippet::new(text, &span);
        let column = column.map(|column| format!(" (column {column})")).unwrap_or_default();
        let message = shortened(message).replace('\n', " ");
        let report = miette::miette!(labels = vec![miette::LabeledSpan::at(span, "here")], "{message}{column}")
            .with_source_code(miette::NamedSource::new(whole(file), of_same_length(&text)));
        writeln!(stderr, "{report:?}").ok();
    }
}
