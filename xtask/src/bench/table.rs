//! The figures as a plain table: what was measured, what is wanted, what it is.

use std::io::Write;

/// Rows of three texts; a heading names each column.
pub(super) struct Table {
    rows: Vec<[String; 3]>,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { rows: vec![["measure", "goal", "result"].map(str::to_owned)] }
    }

    /// Adds a row. A goal may be empty: then the figure is for information.
    pub(super) fn row(&mut self, measure: impl Into<String>, goal: &str, result: impl Into<String>) {
        let goal = if goal.is_empty() { "-" } else { goal };
        self.rows.push([measure.into(), goal.to_owned(), result.into()]);
    }

    /// Draws it, columns aligned, a rule below the heading.
    pub(super) fn draw(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths = [width(0), width(1), width(2)];
        for (position, row) in self.rows.iter().enumerate() {
            let [measure, goal, result] = row;
            let line = format!("{measure:0$}  {goal:1$}  {result}", widths[0], widths[1]);
            writeln!(out, "{}", line.trim_end())?;
            if position == 0 {
                writeln!(out, "{}", widths.map(|width| "-".repeat(width)).join("  "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_are_as_wide_as_their_widest_text_in_characters() {
        let mut table = Table::new();
        table.row("p50", "", "320 µs");
        table.row("première réponse", "< 50 ms", "9.1 ms");
        let mut out = Vec::new();
        table.draw(&mut out).expect("a vector takes everything");
        let lines = [
            "measure           goal     result",
            "----------------  -------  ------",
            "p50               -        320 µs",
            "première réponse  < 50 ms  9.1 ms",
            "",
        ];
        assert_eq!(String::from_utf8_lossy(&out), lines.join("\n"));
    }
}
