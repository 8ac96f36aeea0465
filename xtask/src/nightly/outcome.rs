//! How the steps of a night ended, and how the night ends by them.

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Duration;

/// How one step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing is wrong.
    Fine,
    /// Something breaks a consumer.
    Drift,
    /// Nothing can be said, for a reason that the step told.
    Inconclusive,
    /// The step could not be done.
    Unable(String),
    /// The step has nothing to do.
    LeftOut(String),
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) step: &'static str,
    /// The provider, and the shard of a check.
    pub(super) subject: String,
    pub(super) outcome: Outcome,
    pub(super) time: Duration,
}

impl Outcome {
    /// The meaning of an exit status of ours.
    pub(super) fn of(code: Option<i32>) -> Self {
        match code {
            Some(0) => Self::Fine,
            Some(1) => Self::Drift,
            Some(3) => Self::Inconclusive,
            Some(code) => Self::Unable(format!("ended with {code}")),
            None => Self::Unable("ended by a signal".into()),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Fine => "fine".into(),
            Self::Drift => "drift".into(),
            Self::Inconclusive => "inconclusive".into(),
            Self::Unable(reason) => format!("not run: {reason}"),
            Self::LeftOut(reason) => format!("skipped: {reason}"),
        }
    }
}

/// The exit status of a night: what was seen was seen, and only a night without any doubt is a good one. One whose steps all
/// had nothing to do has shown nothing.
pub(super) fn worst(rows: &[Row]) -> ExitCode {
    let any = |wanted: fn(&Outcome) -> bool| rows.iter().any(|row| wanted(&row.outcome));
    if any(|outcome| *outcome == Outcome::Drift) {
        ExitCode::from(1)
    } else if any(|outcome| matches!(outcome, Outcome::Inconclusive | Outcome::Unable(_)))
        || !any(|outcome| *outcome == Outcome::Fine)
    {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
}

/// The table that ends a night, which is one of Markdown too.
pub(super) fn table(rows: &[Row]) -> String {
    let heading = ["step", "of", "result", "time"].map(str::to_owned);
    let cells = rows.iter().map(|row| {
        [row.step.to_owned(), row.subject.clone(), row.outcome.words(), format!("{} s", row.time.as_secs())]
    });
    let cells: Vec<[String; 4]> = std::iter::once(heading).chain(cells).collect();
    let widths: [usize; 4] =
        std::array::from_fn(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let mut table = String::new();
    for (position, row) in cells.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(table, "| {cell:width$} ");
        }
        table.push_str("|\n");
        if position == 0 {
            table.extend(widths.map(|width| format!("|{}", "-".repeat(width + 2))));
            table.push_str("|\n");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Row, table, worst};
    use std::process::ExitCode;
    use std::time::Duration;

    fn rows(outcomes: &[Outcome]) -> Vec<Row> {
        let row = |outcome: &Outcome| Row {
            step: "check",
            subject: "mobilic 1/4".into(),
            outcome: outcome.clone(),
            time: Duration::from_millis(61_400),
        };
        outcomes.iter().map(row).collect()
    }

    #[test]
    fn drift_outranks_doubt_and_doubt_outranks_success() {
        let unable = || Outcome::Unable("x".into());
        let left_out = || Outcome::LeftOut("x".into());
        for (outcomes, expected) in [
            (vec![Outcome::Fine, left_out()], ExitCode::SUCCESS),
            (vec![Outcome::Inconclusive, Outcome::Fine], ExitCode::from(3)),
            (vec![unable(), Outcome::Fine], ExitCode::from(3)),
            (vec![left_out(), left_out()], ExitCode::from(3)),
            (vec![], ExitCode::from(3)),
            (vec![unable(), Outcome::Drift, Outcome::Inconclusive], ExitCode::from(1)),
        ] {
            assert_eq!(worst(&rows(&outcomes)), expected, "{outcomes:?}");
        }
        assert_eq!(Outcome::of(Some(101)), Outcome::Unable("ended with 101".into()));
    }

    #[test]
    fn the_table_is_one_of_markdown() {
        let lines = [
            "| step  | of          | result | time |",
            "|-------|-------------|--------|------|",
            "| check | mobilic 1/4 | fine   | 61 s |",
            "",
        ];
        assert_eq!(table(&rows(&[Outcome::Fine])), lines.join("\n"));
    }
}
