//! `cargo xtask nightly` on the real binary, with a cargo of the test in place of the real one: which commands a night is made
//! of, and how it ends by them.
#![cfg(unix)]

use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// Notes how it was called, and ends as `codes/<command>` says. As `vigie merge` it writes the reports that it is asked for; as
/// nextest, the report of one case.
const CARGO: &str = r#"#!/bin/sh
folder=$(dirname "$0")
case "$*" in
  *nextest*) name=nextest; mkdir -p "$VIGIE_REPORTS/$VIGIE_PROVIDER"; echo "{}" > "$VIGIE_REPORTS/$VIGIE_PROVIDER/case.json";;
  *" doctor "*) name=doctor;;
  *" merge "*) name=merge;;
esac
echo "$name $VIGIE_PROVIDER $VIGIE_TARGET $*" >> "$folder/calls"
echo "$name $VIGIE_SHARDS $VIGIE_PACE_DIR" >> "$folder/paces"
if [ $name = merge ]; then
  for argument in "$@"; do
    case "$argument" in
      json=*) cat "$folder/report.json" > "${argument#json=}";;
      summary=*) echo "merged" > "${argument#summary=}";;
    esac
  done
fi
exit "$(cat "$folder/codes/$name" 2> /dev/null || echo 0)"
"#;
const REPORT: &str = r#"{"version": 1, "target": "t", "cases": [], "causes": [], "ignored": []}"#;

struct Night {
    folder: tempfile::TempDir,
}

impl Night {
    fn new(codes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("cargo"), CARGO).expect("it is written");
        std::fs::set_permissions(path("cargo"), PermissionsExt::from_mode(0o755)).expect("it is set");
        std::fs::write(path("report.json"), REPORT).expect("it is written");
        std::fs::create_dir(path("codes")).expect("it is made");
        for (name, code) in codes {
            std::fs::write(path("codes").join(name), code).expect("it is written");
        }
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Everything but what needs the network.
    fn run(&self, more: &[&str]) -> Output {
        self.run_with(more, &[])
    }

    fn run_with(&self, more: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["nightly", "--provider", "mobilic"]).args(more).arg("--out").arg(self.path().join("out"));
        if !more.contains(&"--step") {
            command.args(["--step", "doctor", "--step", "check", "--step", "merge", "--step", "tracker"]);
        }
        for name in ["GITHUB_REPOSITORY", "CI_PROJECT_ID", "VIGIE_PACE_DIR", "VIGIE_SHARDS"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        command.env("CARGO", self.path().join("cargo")).env("GITHUB_STEP_SUMMARY", self.path().join("summary.md"));
        command.output().expect("xtask runs")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }
}

/// The column of results, without heading and rule.
fn results(output: &Output) -> Vec<String> {
    let told = String::from_utf8_lossy(&output.stdout);
    let rows = told.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.filter_map(|row| Some(row.split('|').nth(3)?.trim().to_owned())).collect()
}

#[test]
fn a_night_is_made_of_its_steps() {
    let night = Night::new(&[]);
    let output = night.run(&["--provider", "api-particulier", "--target", "production", "--shards", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = night.read("calls");
    let calls: Vec<&str> = calls.lines().collect();
    assert_eq!(calls.len(), 8, "{calls:#?}");
    assert!(calls[0].ends_with("-- doctor --provider mobilic --target production"), "{}", calls[0]);
    assert!(calls[2].starts_with("nextest mobilic production nextest run --profile nightly"), "{}", calls[2]);
    let parts: Vec<bool> = calls[2..6].iter().map(|call| call.contains("--partition count:1/2")).collect();
    assert_eq!(parts, [true, true, false, false], "{calls:#?}");
    for (call, provider) in calls[6..].iter().zip(["mobilic", "api-particulier"]) {
        for wanted in ["shards/1/", "shards/2/", "--report json=", "--report junit=", "--report summary="] {
            assert!(call.contains(wanted) && call.contains(&format!("/out/{provider}.json")), "{wanted}: {call}");
        }
    }
    assert_eq!(results(&output).len(), 9);
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("no cause that breaks consumers"),
        "the tracker was asked"
    );
    let summary = night.read("summary.md");
    assert!(summary.starts_with("| step") && summary.ends_with("merged\nmerged\n"), "{summary}");
}

#[test]
fn what_a_night_starts_is_in_the_workspace() {
    let night = Night::new(&[]);
    night.run(&[]);
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(support::root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let calls = night.read("calls");
    let (mut binaries, mut tests) = (0, 0);
    for call in calls.lines() {
        let (own, _) = call.split_once(" -- ").unwrap_or((call, ""));
        let words: Vec<&str> = own.split(' ').collect();
        let after = |option| words.iter().position(|word| *word == option).map(|position| words[position + 1]);
        for (option, kind, count) in [("--bin", "bin", &mut binaries), ("--test", "test", &mut tests)] {
            let Some(name) = after(option) else { continue };
            let is_asked = |package: &&Value| after("--package").is_none_or(|asked| package["name"] == asked);
            let targets = packages.iter().filter(is_asked).filter_map(|package| package["targets"].as_array());
            let found = targets.flatten().filter(|target| target["name"] == name && target["kind"][0] == kind).count();
            assert_eq!(found, 1, "{call}");
            *count += 1;
        }
    }
    assert!(binaries > 0 && tests > 0, "{calls}");
}

#[test]
fn a_night_ends_as_its_worst_step_and_does_all_that_it_can() {
    let inconclusive = "inconclusive".to_owned();
    for (codes, code, expected) in [
        (vec![("doctor", "3")], 3, [inconclusive.clone(), "fine".into(), "fine".into(), "fine".into()]),
        (
            vec![("nextest", "100"), ("merge", "1")],
            1,
            ["fine".into(), inconclusive.clone(), "drift".into(), "fine".into()],
        ),
        (
            vec![("nextest", "100"), ("merge", "3")],
            3,
            ["fine".into(), inconclusive.clone(), inconclusive, "fine".into()],
        ),
    ] {
        let output = Night::new(&codes).run(&[]);
        assert_eq!((output.status.code(), &results(&output)[..]), (Some(code), &expected[..]), "{codes:?}");
    }
    // Trials that could not be built left nothing to merge, and nothing to say about issues.
    let output = Night::new(&[("nextest", "101")]).run(&[]);
    let told = results(&output);
    assert_eq!((output.status.code(), &*told[1]), (Some(3), "not run: nextest ended with 101"));
    assert!(told[2].starts_with("not run: shards that did not finish: [1]"), "{told:?}");
}

#[test]
fn a_shard_that_is_missing_is_told_and_old_reports_are_not_tonights() {
    let night = Night::new(&[]);
    for shard in ["1/3", "2/3", "3/3"] {
        assert_eq!(night.run(&["--step", "check", "--shard", shard]).status.code(), Some(0));
    }
    assert_eq!(night.run(&["--step", "merge", "--shards", "3"]).status.code(), Some(0));
    // A trial that failed without a report was not judged, whatever the others say.
    std::fs::write(night.path().join("codes/nextest"), "100").expect("it is written");
    assert_eq!(night.run(&["--step", "check", "--shard", "3/3"]).status.code(), Some(3));
    let output = night.run(&["--step", "merge", "--shards", "3"]);
    let told = "not run: tests failed without a report, in shards [3]";
    assert_eq!((output.status.code(), &*results(&output)[0]), (Some(3), told));
    std::fs::remove_dir_all(night.path().join("out/shards/2")).expect("it is there");
    let output = night.run(&["--step", "merge", "--shards", "3"]);
    assert_eq!((output.status.code(), &*results(&output)[0]), (Some(3), "not run: shards that did not finish: [2]"));
    assert!(night.path().join("out/mobilic.json").is_file(), "what is there is merged all the same");
    std::fs::remove_dir_all(night.path().join("out/shards")).expect("it is there");
    let output = night.run(&["--step", "merge", "--step", "tracker", "--shards", "3"]);
    assert_eq!(results(&output), ["not run: no shard has a report", "not run: no provider has a report"]);
    assert!(!night.path().join("out/mobilic.json").exists());
}

#[test]
fn all_that_asks_the_target_keeps_one_pace_and_a_shard_a_part_of_it() {
    let paces = |more: &[&str], variables: &[(&str, &str)]| {
        let night = Night::new(&[]);
        night.run_with(more, variables);
        let asking = |line: &&str| line.starts_with("doctor") || line.starts_with("nextest");
        let own = night.path().join("out/pace").display().to_string();
        let told = night.read("paces").replace(&own, "OWN");
        told.lines().filter(asking).map(str::to_owned).collect::<Vec<_>>()
    };
    // The shards of one machine run one after the other.
    assert_eq!(paces(&["--shards", "2"], &[]), ["doctor 1 OWN", "nextest 1 OWN", "nextest 1 OWN"]);
    assert_eq!(paces(&["--step", "check", "--shard", "2/4"], &[]), ["nextest 4 OWN"]);
    let told = [("VIGIE_SHARDS", "5"), ("VIGIE_PACE_DIR", "/else/where")];
    assert_eq!(paces(&["--step", "check", "--shard", "2/4"], &told), ["nextest 5 /else/where"]);
}

#[test]
fn a_provider_that_is_none_is_told_first() {
    let night = Night::new(&[]);
    let output = night.run(&["--provider", "mobilik"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no provider `mobilik`"));
    assert_eq!(night.read("calls"), "");
}
