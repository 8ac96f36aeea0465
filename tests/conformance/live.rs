//! Trials against a target: each is a run of one scenario, as `vigie check` makes it.

use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use vigie_drift::finding::{Class, Conclusion, text};
use vigie_drift::run::RunReport;
use vigie_harness::providers::{PROVIDERS, Provider, provider};
use vigie_harness::runner::{Plan, Store};
use vigie_harness::targets::Settings;
use vigie_judge::exceptions::Exceptions;
use vigie_report::Format;

/// The trial of a provider's live schemas as a whole.
const SCHEMAS: &str = "introspection";
/// Exceptions and targets.
const CONFIG: &str = "vigie.toml";

/// What the environment says.
pub(crate) struct Live {
    /// `VIGIE_TARGET`: `sandbox`, `staging`, `production`, a base URL, or a name of `vigie.toml`.
    target: String,
    /// `VIGIE_PROVIDER`: the only one that is checked.
    providers: Vec<&'static Provider>,
    /// `VIGIE_REPORTS`: the folder of the trials' reports.
    reports: Option<PathBuf>,
    runtime: Runtime,
    /// Trials of one process take turns: each has a pace of its own, and the target would meet the sum of them.
    turn: Mutex<()>,
}

impl Live {
    /// `None` without `VIGIE_TARGET`.
    pub(crate) fn from_env() -> Result<Option<Arc<Self>>, String> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(target) = variable("VIGIE_TARGET") else { return Ok(None) };
        let providers = match variable("VIGIE_PROVIDER") {
            None => PROVIDERS.to_vec(),
            Some(name) => vec![provider(&name).ok_or_else(|| {
                let known: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
                format!("VIGIE_PROVIDER: no provider `{name}`; known: {}", known.join(", "))
            })?],
        };
        let reports = variable("VIGIE_REPORTS").map(PathBuf::from);
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        Ok(Some(Arc::new(Self { target, providers, reports, runtime, turn: Mutex::default() })))
    }

    /// A trial for each scenario, and one for the live schemas where there are some. Nothing is read or sent for the list.
    pub(crate) fn trials(self: &Arc<Self>) -> Vec<Trial> {
        let mut trials = Vec::new();
        for provider in &self.providers {
            let schemas = vigie_embedded::has_schema(provider.name).then_some(SCHEMAS);
            for key in vigie_embedded::scenario_names(provider.name).chain(schemas) {
                let (live, provider) = (Arc::clone(self), *provider);
                let name = format!("{}/{key}", provider.name);
                trials.push(Trial::test(name, move || live.judge(provider, key)));
            }
        }
        trials
    }

    fn judge(&self, provider: &'static Provider, key: &str) -> Result<(), Failed> {
        let turn = self.turn.lock().map_err(|_| "an earlier trial panicked")?;
        let report = self.runtime.block_on(self.run(provider, key))?;
        drop(turn);
        if let Some(folder) = &self.reports {
            write(&report, &folder.join(provider.name).join(format!("{key}.json")))?;
        }
        match report.conclusion() {
            Conclusion::Drift => Err(told(&report, &|class| class == Class::Breaking).into()),
            Conclusion::Inconclusive => {
                // A scenario that is left out on purpose leaves nothing open, and says why.
                let is_open = |class: Class| class.is_inconclusive() || report.is_empty();
                eprintln!("not judged: {key}\n{}", told(&report, &is_open));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn run(&self, provider: &'static Provider, key: &str) -> Result<RunReport, Failed> {
        let (mut plan, name) = match key.split_once('/') {
            Some((topic, name)) => (Plan::of_topic(provider, topic)?, name),
            None => (Plan::of_schemas(provider)?, ""),
        };
        plan.target = self.target.parse()?;
        plan.snapshots = Store::find(provider.name);
        (plan.exceptions, plan.settings) = config()?;
        let session = plan.start(|scenario| scenario.name == name).await?;
        Ok(session.run().await?)
    }
}

/// What `./vigie.toml` says if it is there, as `vigie check` finds it.
fn config() -> Result<(Exceptions, Settings), Failed> {
    match std::fs::read_to_string(CONFIG) {
        Ok(text) => {
            Ok((Exceptions::parse(CONFIG, &text, chrono::Utc::now().date_naive())?, Settings::parse(CONFIG, &text)?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Default::default()),
        Err(error) => Err(format!("{CONFIG}: {error}").into()),
    }
}

/// A report is whole or not there: the trial may be stopped at any time.
fn write(report: &RunReport, path: &Path) -> Result<(), Failed> {
    let refused = |error: std::io::Error| Failed::from(format!("VIGIE_REPORTS: {}: {error}", path.display()));
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(refused)?;
    let mut text = Vec::new();
    Format::Json.render(report, &mut text).and_then(|()| vigie_contract::files::replace(path, &text)).map_err(refused)
}

fn told(report: &RunReport, wanted: &dyn Fn(Class) -> bool) -> String {
    let mut lines = report.notes.clone();
    for case in &report.cases {
        for finding in case.findings.iter().filter(|finding| wanted(finding.class)) {
            let (rule, title, place) = (finding.rule, finding.rule.title, &finding.fact.location);
            let [expected, observed] = [&finding.fact.expected, &finding.fact.observed].map(text);
            let at = if place.is_whole() { String::new() } else { format!(" at `{place}`") };
            lines.push(format!("{}: {rule}: {title}{at}: expected {expected}, observed {observed}", case.file));
        }
    }
    lines.join("\n")
}
