//! What moves on a terminal while a run is under way, and why nothing moves. A pipe sees nothing of it.

use indicatif::{ProgressBar, ProgressStyle};
use vigie_harness::runner::{Event, Events};
use vigie_report::visible::whole;

/// The bar of a run.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} cases{wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// What draws the events of a run.
    pub(super) fn events(&self) -> Events {
        let bar = self.0.clone();
        Events::to(move |event| {
            bar.set_message(words(event));
            if let Event::CaseDone { .. } = event {
                bar.inc(1);
            }
        })
    }

    /// So many cases will be done.
    pub(super) fn begin(&self, cases: usize) {
        self.0.set_length(cases as u64);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// What stands beside the bar: nothing as long as it moves.
fn words(event: Event<'_>) -> String {
    match event {
        Event::CaseDone { .. } => String::new(),
        Event::WaitingForRateLimit { host, time } => {
            format!(", waiting {} s for the rate limit of {}", time.as_secs_f64().ceil(), whole(host))
        }
        Event::Retry { operation, case, attempt } => {
            format!(", attempt {attempt} of {}/{}", whole(operation), whole(case))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use std::time::Duration;
    use vigie_harness::runner::Event;

    #[test]
    fn a_person_reads_why_nothing_moves_and_no_name_steers_the_terminal() {
        let waiting = Event::WaitingForRateLimit { host: "example.org", time: Duration::from_millis(41_200) };
        assert_eq!(words(waiting), ", waiting 42 s for the rate limit of example.org");
        let retry = Event::Retry { operation: "getThing", case: "a\u{1b}[2Jb", attempt: 2 };
        assert_eq!(words(retry), ", attempt 2 of getThing/a\u{fffd}[2Jb");
        assert_eq!(words(Event::CaseDone { operation: "getThing", case: "a" }), "");
    }
}
