//! The workflows hold what they promise: pinned actions, least rights, secrets where they are needed alone, and commands that
//! exist.

use serde_yaml::{Mapping, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    support::root()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A workflow: its file, its text, and what YAML makes of it.
struct Workflow {
    path: PathBuf,
    text: String,
    yaml: Value,
}

fn workflows() -> Vec<Workflow> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).expect("it is there");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("it reads").path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 2);
    let workflow = |path: PathBuf| {
        let text = read(&path);
        let yaml = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Workflow { path, text, yaml }
    };
    paths.into_iter().map(workflow).collect()
}

fn mapping(value: &Value) -> &Mapping {
    value.as_mapping().unwrap_or_else(|| panic!("not a mapping: {value:?}"))
}

fn jobs(workflow: &Workflow) -> impl Iterator<Item = (&str, &Value)> {
    mapping(&workflow.yaml["jobs"]).iter().map(|(name, job)| (name.as_str().expect("a name"), job))
}

fn steps(job: &Value) -> &[Value] {
    job["steps"].as_sequence().expect("steps")
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[test]
fn actions_are_pinned_to_a_commit_and_say_which_version_it_is() {
    let mut pins = BTreeSet::new();
    for Workflow { path, text, .. } in workflows() {
        for line in text.lines().filter(|line| line.trim_start().trim_start_matches("- ").starts_with("uses:")) {
            let (action, commit) =
                line.split_once("uses: ").and_then(|(_, used)| used.split_once('@')).expect("an action");
            let (commit, version) = commit.split_once(" # v").unwrap_or_else(|| panic!("{}: {line}", path.display()));
            assert!(commit.len() == 40 && is_hex(commit), "{}: {line}", path.display());
            assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3, "{line}");
            pins.insert((action.to_owned(), commit.to_owned()));
        }
    }
    let actions: BTreeSet<&String> = pins.iter().map(|(action, _)| action).collect();
    assert!(actions.len() >= 4 && actions.len() == pins.len(), "one commit an action: {pins:?}");
}

#[test]
fn rights_are_the_least() {
    let read_only: Value = serde_yaml::from_str("contents: read").expect("it is YAML");
    let tracker: Value = serde_yaml::from_str("{contents: read, issues: write}").expect("it is YAML");
    for workflow in workflows() {
        assert_eq!(workflow.yaml["permissions"], read_only, "{}", workflow.path.display());
        for (name, job) in jobs(&workflow) {
            let own = &job["permissions"];
            assert!(own.is_null() || (name == "tracker" && *own == tracker), "{name}: {own:?}");
            assert!(job["timeout-minutes"].is_u64() && job["runs-on"] == "ubuntu-24.04", "{name}");
            for step in steps(job).iter().filter(|step| uses(step, "actions/checkout")) {
                assert_eq!(step["with"]["persist-credentials"], Value::Bool(false), "{name}");
            }
        }
        assert!(workflow.yaml["concurrency"]["group"].is_string());
        // Such a workflow would run the code of strangers with our secrets.
        assert!(!workflow.text.contains("pull_request_target") && !workflow.text.contains("workflow_run"));
    }
}

fn uses(step: &Value, action: &str) -> bool {
    step["uses"].as_str().is_some_and(|used| used.starts_with(action))
}

#[test]
fn secrets_are_in_the_environment_of_steps_that_run_our_commands() {
    let mut seen = 0;
    for Workflow { path, text, yaml } in workflows() {
        let all = text.matches("secrets.").count();
        let jobs = mapping(&yaml["jobs"]).values();
        let mut allowed = 0;
        for step in jobs.flat_map(steps) {
            for (name, value) in step["env"].as_mapping().into_iter().flatten() {
                let (name, value) = (name.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
                if value.contains("secrets.") {
                    // Under its own name: nothing is renamed into something that is printed.
                    assert_eq!(value, format!("${{{{ secrets.{name} }}}}"), "{}", path.display());
                    assert!(step["run"].as_str().is_some_and(|run| run.starts_with("cargo xtask nightly ")));
                    allowed += 1;
                }
            }
            // An expression in a command line would be put in as text, before any shell could quote it.
            assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{}: {step:?}", path.display());
        }
        assert_eq!(all, allowed, "{}: a secret outside of a step's environment", path.display());
        seen += all;
    }
    assert!(seen >= 3);
}

/// The commands of GitHub's workflows, and those of GitLab's jobs.
fn commands() -> [Vec<String>; 2] {
    let workflows = workflows();
    let ours = workflows.iter().flat_map(jobs).flat_map(|(_, job)| {
        let include = job["strategy"]["matrix"]["include"].as_sequence().into_iter().flatten();
        steps(job).iter().map(|step| &step["run"]).chain(include.map(|entry| &entry["command"]))
    });
    let theirs: Value = serde_yaml::from_str(&read(&root().join(".gitlab-ci.yml"))).expect("it is YAML");
    let scripts = mapping(&theirs).values().flat_map(|job| [&job["before_script"], &job["script"]]);
    let lines = |commands: Vec<&Value>| {
        let texts = commands.into_iter().filter_map(Value::as_str).flat_map(str::lines);
        texts.flat_map(|line| line.split(" || ")).map(str::to_owned).collect::<Vec<_>>()
    };
    [lines(ours.collect()), lines(scripts.filter_map(Value::as_sequence).flatten().collect())]
}

#[test]
fn every_command_is_one_that_there_is() {
    for commands in commands() {
        let (mut steps, mut checked) = (BTreeSet::new(), 0);
        for command in commands {
            if let Some(arguments) = command.strip_prefix("cargo xtask ") {
                let filled = arguments.replace("\"$TARGET\"", "staging").replace("\"$SHARD\"", "1/4");
                let filled = filled.replace("\"$CI_NODE_INDEX/$CI_NODE_TOTAL\"", "1/4");
                // With `--help` at the end, what stands before it is parsed and nothing is done.
                let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
                let output = xtask.args(filled.split(' ')).arg("--help").output().expect("xtask runs");
                assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
                let words: Vec<&str> = filled.split(' ').collect();
                steps.extend(words.windows(2).filter(|pair| pair[0] == "--step").map(|pair| pair[1].to_owned()));
                checked += 1;
            } else if command == ".ci/run" {
                assert!(root().join(".ci/run").is_file());
                checked += 1;
            }
        }
        let all = ["check", "diff", "doctor", "fetch", "merge", "tracker"].map(str::to_owned);
        assert_eq!(steps, BTreeSet::from(all), "a night does all its steps");
        assert!(checked >= 5);
    }
}

#[test]
fn a_command_that_there_is_not_would_be_seen() {
    for wrong in ["nightly --provider mobilic --step sleep", "nightly --providers mobilic", "nightli"] {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = xtask.args(wrong.split(' ')).arg("--help").output().expect("xtask runs");
        assert!(!output.status.success(), "{wrong}");
    }
}

#[test]
fn tools_are_pinned_and_the_same_everywhere() {
    let [ours, theirs] = [".github/workflows/nightly.yml", ".gitlab-ci.yml"].map(|path| read(&root().join(path)));
    for tool in ["NEXTEST: ", "CARGO_FUZZ: "] {
        let version = |text: &str| text.lines().find_map(|line| line.trim().strip_prefix(tool).map(str::to_owned));
        assert!(version(&ours).is_some_and(|version| version.split('.').count() == 3), "{tool}");
        assert_eq!(version(&ours), version(&theirs), "{tool}");
    }
    for commands in commands() {
        let installs: Vec<String> =
            commands.into_iter().filter(|command| command.starts_with("cargo install")).collect();
        let pinned = [("nextest", "NEXTEST"), ("fuzz", "CARGO_FUZZ")];
        let pinned = pinned.map(|(tool, pin)| format!("cargo install cargo-{tool} --locked --version \"${pin}\""));
        assert_eq!(installs, pinned);
    }
    // The oldest Rust is the one that the workspace promises.
    let manifest = read(&root().join("Cargo.toml"));
    let promised = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("it is promised");
    let promised = promised.trim_matches('"');
    assert!(read(&root().join(".github/workflows/ci.yml")).contains(&format!("toolchain: '{promised}'")));
    assert!(theirs.contains(&format!("image: rust:{promised}-")));
}

#[test]
fn nights_do_not_begin_on_the_hour_and_never_two_at_once() {
    let nightly = workflows().pop().expect("there are two");
    // YAML 1.1 reads the key `on` as a truth; this reader does not.
    let cron = nightly.yaml["on"]["schedule"][0]["cron"].as_str().expect("a schedule");
    let minute: u32 = cron.split(' ').next().and_then(|minute| minute.parse().ok()).expect("a minute");
    assert!(!minute.is_multiple_of(5), "{cron}");
    assert_eq!(nightly.yaml["concurrency"]["cancel-in-progress"], Value::Bool(false));
    // The parts of the matrix are all of them, and the reports are merged from as many.
    let shards = nightly.yaml["jobs"]["check"]["strategy"]["matrix"]["shard"].as_sequence().expect("shards");
    let expected: Vec<String> = (1..=shards.len()).map(|number| format!("{number}/{}", shards.len())).collect();
    assert_eq!(shards.iter().filter_map(Value::as_str).collect::<Vec<_>>(), expected);
    let theirs: Value = serde_yaml::from_str(&read(&root().join(".gitlab-ci.yml"))).expect("it is YAML");
    assert_eq!(theirs["check"]["parallel"].as_u64(), Some(shards.len() as u64));
    // All machines that run at once share the tokens: the shards, and the one that asks the doctor.
    for variables in [&nightly.yaml["env"], &theirs["variables"]] {
        assert_eq!(variables["VIGIE_SHARDS"].as_u64(), Some(shards.len() as u64 + 1));
    }
    for commands in commands() {
        let merge = commands.iter().find(|command| command.contains("--step merge")).expect("shards are merged");
        assert!(merge.ends_with(&format!("--shards {}", shards.len())), "{merge}");
    }
    // A cached report would pass for tonight's.
    let cached = nightly.yaml["jobs"].as_mapping().expect("jobs").values().flat_map(steps);
    for step in cached.filter(|step| uses(step, "actions/cache")) {
        let path = step["with"]["path"].as_str().expect("a path");
        assert!(path.lines().all(|line| line != "target" && !line.contains("nightly")), "{path}");
    }
}
