//! Every own scenario as a trial of its own, so that `cargo nextest run --partition` shards them over machines.
//!
//! The trials use the same runner, the same sandbox and the same snapshots as `vigie check`. insta asserts the snapshot,
//! so that `cargo insta test` and `cargo insta review` work on what a trial leaves. With `VIGIE_TARGET` each trial sends
//! its scenario to that target instead, and can leave its report for `vigie merge`: see docs/reports.md.

#[path = "conformance/live.rs"]
mod live;

use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use vigie_drift::finding::{CaseReport, Class};
use vigie_harness::providers::{PROVIDERS, Provider};
use vigie_harness::runner::{Outcome, Plan, Run};

const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match live::Live::from_env() {
        Ok(Some(live)) => live.trials(),
        Ok(None) => in_the_sandbox(),
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Every scenario of every provider, in the sandbox of this process.
fn in_the_sandbox() -> Vec<Trial> {
    let sessions =
        Arc::new(Sessions { runtime: Runtime::new().expect("the runtime starts"), started: Mutex::default() });
    let trials = PROVIDERS
        .iter()
        .flat_map(|provider| vigie_embedded::scenario_names(provider.name).map(move |key| (*provider, key)));
    let trials = trials.map(|(provider, key)| {
        let sessions = Arc::clone(&sessions);
        Trial::test(format!("{}/{key}", provider.name), move || sessions.judge(provider, key))
    });
    trials.collect()
}

/// One session a topic, started by the first trial that needs it: a shard of one trial reads one operation's cases.
struct Sessions {
    runtime: Runtime,
    started: Mutex<HashMap<String, Arc<Run>>>,
}

impl Sessions {
    fn judge(&self, provider: &'static Provider, key: &str) -> Result<(), Failed> {
        let topic = key.split('/').next().unwrap_or_default();
        let session = self.session(provider, topic)?;
        let judged = self.runtime.block_on(session.scenario(key)).ok_or("the scenario is gone")??;
        for outcome in &judged {
            let Some(observation) = outcome.observation() else { continue };
            let CaseReport { operation, case, .. } = &outcome.report;
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(format!("{SNAPSHOTS}/{}/{operation}", provider.name));
            settings.set_prepend_module_to_snapshot(false);
            let expression = format!("{operation}/{case}");
            settings.bind(|| insta::assert_snapshot!(case.as_str(), observation.content(), &expression));
        }
        no_doubt(&judged)
    }

    fn session(&self, provider: &'static Provider, topic: &str) -> Result<Arc<Run>, Failed> {
        let mut started = self.started.lock().map_err(|_| "an earlier trial panicked while it started its session")?;
        let key = format!("{}/{topic}", provider.name);
        if let Some(session) = started.get(&key) {
            return Ok(Arc::clone(session));
        }
        // Its own snapshots are off: insta asserts the same observation against the same files.
        let plan = Plan::of_topic(provider, topic)?;
        let session = Arc::new(self.runtime.block_on(plan.start(|_| true))?);
        started.insert(key, Arc::clone(&session));
        Ok(session)
    }
}

/// Our own cases must hold without a doubt: nothing may break, and nothing may be unknown.
fn no_doubt(judged: &[Outcome]) -> Result<(), Failed> {
    let mut doubts = Vec::new();
    for Outcome { report, .. } in judged {
        let doubtful = |class| !matches!(class, Class::Compatible | Class::Masked);
        for finding in report.findings.iter().filter(|finding| doubtful(finding.class)) {
            let (rule, title, place) = (finding.rule, finding.rule.title, &finding.fact.location);
            let [expected, observed] = [&finding.fact.expected, &finding.fact.observed].map(vigie_drift::finding::text);
            let case = &report.case;
            doubts.push(format!("{case}: {rule}: {title} at `{place}`: expected {expected}, observed {observed}"));
        }
    }
    let file = judged.first().map_or("", |judged| judged.report.file.as_str());
    if doubts.is_empty() { Ok(()) } else { Err(format!("{file}\n{}", doubts.join("\n")).into()) }
}
