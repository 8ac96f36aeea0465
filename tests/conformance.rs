//! Every own case as a trial of its own, so that `cargo nextest run --partition` shards them over machines.
//!
//! The trials use the same runner, the same sandbox and the same snapshots as `vigie check`. insta asserts the snapshot,
//! so that `cargo insta test` and `cargo insta review` work on what a trial leaves.

use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use vigie::embedded;
use vigie::finding::{CaseReport, Class};
use vigie::providers::{PROVIDERS, Provider};
use vigie::runner::{Plan, Session};

const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let sessions =
        Arc::new(Sessions { runtime: Runtime::new().expect("the runtime starts"), started: Mutex::default() });
    let trials =
        PROVIDERS.iter().flat_map(|provider| embedded::case_names(provider.name()).map(move |case| (*provider, case)));
    let trials = trials.map(|(provider, case)| {
        let sessions = Arc::clone(&sessions);
        Trial::test(format!("{}/{case}", provider.name()), move || sessions.judge(provider, case))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// One session an operation, started by the first trial that needs it: a shard of one trial reads one operation's cases.
struct Sessions {
    runtime: Runtime,
    started: Mutex<HashMap<String, Arc<Session>>>,
}

impl Sessions {
    fn judge(&self, provider: &'static dyn Provider, case: &str) -> Result<(), Failed> {
        let operation = case.split('/').next().unwrap_or_default();
        let session = self.session(provider, operation)?;
        let judged = self.runtime.block_on(session.case(case)).ok_or("the case is gone")??;
        if let Some(observation) = &judged.observation {
            let (folder, name) = case.split_once('/').unwrap_or(("", case));
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(format!("{SNAPSHOTS}/{}/{folder}", provider.name()));
            settings.set_prepend_module_to_snapshot(false);
            settings.bind(|| insta::assert_snapshot!(name, observation.content(), case));
        }
        no_doubt(&judged.report)
    }

    fn session(&self, provider: &'static dyn Provider, operation: &str) -> Result<Arc<Session>, Failed> {
        let mut started = self.started.lock().map_err(|_| "an earlier trial panicked while it started its session")?;
        if let Some(session) = started.get(operation) {
            return Ok(Arc::clone(session));
        }
        // Its own snapshots are off: insta asserts the same observation against the same files.
        let plan = Plan::of_operation(provider, operation)?;
        let session = Arc::new(self.runtime.block_on(plan.start(|_| true))?);
        started.insert(operation.to_owned(), Arc::clone(&session));
        Ok(session)
    }
}

/// Our own cases must hold without a doubt: nothing may break, and nothing may be unknown.
fn no_doubt(report: &CaseReport) -> Result<(), Failed> {
    let doubts: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| !matches!(finding.class, Class::Compatible | Class::Masked))
        .map(|finding| {
            let (rule, title, place) = (finding.rule, finding.title, &finding.pointer);
            format!(
                "{rule}: {title} at `{place}`: expected {}, observed {}",
                vigie::finding::text(&finding.expected),
                vigie::finding::text(&finding.observed)
            )
        })
        .collect();
    if doubts.is_empty() { Ok(()) } else { Err(format!("{}\n{}", report.file, doubts.join("\n")).into()) }
}
