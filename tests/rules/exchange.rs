//! A case and the answer to it, through `vigie check` and a server on the loopback interface.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::host;
use support::staged;
use vigie_harness::providers::Stage;
use vigie_harness::runner::{Plan, Target};

/// What the target answers, whatever it is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// The scopes of the token, which the target tells when it is asked; without them it does not tell.
    scopes: Option<Vec<String>>,
    /// Whose API it is; API Particulier's without it.
    #[serde(default = "default_provider")]
    provider: String,
    /// Another base URL than that of the server.
    target: Option<String>,
    /// The scheme of the base URL, whatever the server speaks.
    scheme: Option<String>,
    /// Whether the answer never comes.
    #[serde(default)]
    silent: bool,
    /// How many bytes of the answer are sent; all of them without it.
    cut: Option<usize>,
    /// How often the body is repeated.
    #[serde(default = "once")]
    times: usize,
    /// How long the run may take.
    budget: Option<String>,
    /// Whether the target is the provider's own staging, and the case one of ours.
    #[serde(default)]
    staging: bool,
    #[serde(default)]
    status: u16,
    /// Statuses of the answers, one after the other, in place of the one.
    #[serde(default)]
    statuses: Vec<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
}

fn default_provider() -> String {
    "api-particulier".to_owned()
}

fn once() -> usize {
    1
}

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let work = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let variables = ["VIGIE_API_PARTICULIER_TOKEN", "VIGIE_MOBILIC_TOKEN"];
    command.current_dir(&work).env_remove(variables[0]).env_remove(variables[1]);
    command.args(["check", "--case", "case", "--format", "json", "--corpus"]).arg(fixture.path("cases"));
    if fixture.path("answer.yml").exists() {
        let answer: Answer = fixture.yaml("answer.yml")?;
        command.args(["--provider", &answer.provider]).envs(variables.map(|variable| (variable, "token")));
        if answer.staging {
            return staged(fixture, answer);
        }
        command.args(answer.budget.iter().flat_map(|budget| ["--budget", budget]));
        let (target, scheme) = (answer.target.clone(), answer.scheme.clone());
        let served = serve(answer);
        let served = scheme.map_or_else(|| served.clone(), |scheme| served.replacen("http", &scheme, 1));
        command.args(["--target", &target.unwrap_or(served)]);
    }
    if fixture.path("snapshots").exists() {
        // A copy: what differs is proposed beside it.
        copy(&fixture.path("snapshots"), &work.path().join("accepted"))?;
        command.args(["--snapshots", "accepted"]);
    }
    let output = command.output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr)))?;
    let cases = report["cases"].as_array().ok_or("the report has no cases")?;
    Ok(findings(cases))
}

fn findings(cases: &[Value]) -> Vec<Value> {
    let findings = cases.iter().filter_map(|case| case["findings"].as_array()).flatten();
    findings.map(|found| finding(found, ["pointer", "expected", "observed"])).collect()
}

/// Runs the case as one of our own at a stage of the provider.
fn staged(fixture: &Fixture, answer: Answer) -> Result<Vec<Value>, Failed> {
    let mut plan = Plan::new(staged::within(serve(answer), Duration::from_secs(5)), Some(&fixture.path("cases")))?;
    (plan.target, plan.own) = (Target::Stage(Stage::Staging), true);
    let report = tokio::runtime::Runtime::new()?.block_on(async { plan.start(|_| true).await?.run().await })?;
    let cases = report.cases.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()?;
    Ok(findings(&cases))
}

/// Starts a target that gives this answer.
fn serve(answer: Answer) -> String {
    let turn = AtomicUsize::new(0);
    host::start(move |first| {
        let json = |status, body: &str| host::http(status, [("Content-Type", "application/json")], body);
        match &answer.scopes {
            _ if first.starts_with("HEAD") => host::http("204 ", [], ""),
            Some(scopes) if first.starts_with("GET /api/introspect") => {
                json("200 ", &serde_json::json!({"scopes": scopes}).to_string())
            }
            None if first.starts_with("GET /api/introspect") => json("404 ", "{}"),
            // What no API has: only a gateway answers it.
            _ if first.starts_with("GET /vigie/") => json("404 ", "{}"),
            _ if answer.silent => loop {
                std::thread::park();
            },
            _ => {
                let headers = answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                let status = answer.statuses.get(turn % answer.statuses.len().max(1)).unwrap_or(&answer.status);
                let mut whole = host::http(&format!("{status} "), headers, &answer.body.repeat(answer.times));
                whole.truncate(answer.cut.unwrap_or(whole.len()));
                whole
            }
        }
    })
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
