//! What a command writes to is checked before the first request, and a file that cannot be written costs no result.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

/// A folder with `cases` of students, each answered well.
fn corpus(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let operation = folder.path().join("cases").join(STUDENT);
    std::fs::create_dir_all(&operation).expect("it is made");
    for (position, name) in names.iter().enumerate() {
        let text = format!("params: {{ine: 123456789{position}G}}\nstatus: 200\npayload: '{GOOD}'\n");
        std::fs::write(operation.join(format!("{name}.yml")), text).expect("it is written");
    }
    folder
}

fn vigie(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder).env("VIGIE_API_PARTICULIER_TOKEN", "t0ken");
    command.env("VIGIE_RECORD_KEY", "0123456789abcdef0123456789abcdef").output().expect("vigie runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

#[test]
fn what_cannot_be_written_to_ends_the_command_before_the_first_request() {
    let folder = corpus(&["case"]);
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("other/place")).expect("it is made");
    std::fs::create_dir_all(path("damaged/api-particulier").join(STUDENT)).expect("it is made");
    std::fs::write(path("damaged/api-particulier").join(STUDENT).join("case.snap"), "no snapshot").expect("written");
    std::fs::create_dir(path("published")).expect("it is made");
    std::fs::write(path("file"), "").expect("it is written");
    let before = std::fs::read_dir(folder.path()).expect("it reads").count();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let target = support::host::start(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        support::host::http("200 OK", [("Content-Type", "application/json")], GOOD)
    });
    let check = ["check", "--corpus", "cases", "--target", &target];
    let record = ["record", "--corpus", "cases", "--target", &target];
    for (command, option, parts) in [
        (check, ["--snapshots", "snapshotz"], ["there is no folder snapshotz", "mkdir snapshotz"]),
        (check, ["--snapshots", "other"], ["other has other files", "other/api-particulier"]),
        (check, ["--snapshots", "damaged"], ["case.snap", "not a snapshot of vigie"]),
        (check, ["--snapshots", "file"], ["file is a file", "not a folder"]),
        (check, ["--report", "junit=nowhere/out.xml"], ["--report: nowhere/out.xml", "create it first"]),
        (check, ["--published", "published"], ["--published published", "cargo xtask fetch"]),
        (check, ["--published", "publishd.yml"], ["--published publishd.yml", "No such file"]),
        (record, ["--out", "file/below"], ["--out: file/below", "Not a directory"]),
        (record, ["--out", "file"], ["--out: file", "not a folder"]),
    ] {
        let output = vigie(folder.path(), &[&command[..], &option].concat());
        let said = text(&output);
        assert_eq!(output.status.code(), Some(2), "{option:?}: {said}");
        assert!(parts.iter().all(|part| said.contains(part)), "{option:?}: {said}");
    }
    assert_eq!(requests.load(Ordering::Relaxed), 0);
    assert_eq!(std::fs::read_dir(folder.path()).expect("it reads").count(), before, "nothing was made");
}

#[test]
fn a_snapshot_that_cannot_be_written_loses_no_result_and_is_not_green() {
    let folder = corpus(&["first", "second"]);
    let snapshots = folder.path().join("snaps/api-particulier").join(STUDENT);
    // Something is in its place.
    std::fs::create_dir_all(snapshots.join("first.snap.new/in-the-way")).expect("it is made");
    let arguments =
        ["check", "--corpus", "cases", "--snapshots", "snaps", "--format", "json", "--report", "junit=out.xml"];
    let output = vigie(folder.path(), &arguments);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
    assert_eq!((output.status.code(), &report["conclusion"]), (Some(3), &Value::from("inconclusive")), "{report}");
    assert_eq!((&report["summary"]["conform"], &report["unwritten_snapshots"]), (&Value::from(2), &Value::from(1)));
    let note = report["notes"][0].as_str().unwrap_or_default();
    assert!(note.contains("1 new snapshot could not be written") && note.contains("first.snap.new"), "{note}");
    assert!(snapshots.join("second.snap.new").is_file());
    let junit = std::fs::read_to_string(folder.path().join("out.xml")).expect("it is written");
    assert!(junit.contains("every new snapshot is written"), "{junit}");

    // Merged, it is no greener; drift wins.
    std::fs::write(folder.path().join("report.json"), &output.stdout).expect("it is written");
    assert_eq!(vigie(folder.path(), &["merge", "report.json"]).status.code(), Some(3));
    let drifted = folder.path().join("cases").join(STUDENT).join("second.yml");
    let bad = std::fs::read_to_string(&drifted).expect("it reads").replace("2004-02-12", "2004-02-31");
    std::fs::write(&drifted, bad).expect("it is written");
    assert_eq!(vigie(folder.path(), &arguments).status.code(), Some(1));
}

#[test]
fn one_file_that_cannot_be_written_costs_only_itself() {
    let folder = corpus(&["first", "second"]);
    // A case in the folder of the recording that nobody can read.
    let recorded = folder.path().join("out").join(STUDENT);
    std::fs::create_dir_all(recorded.join("first.yml/in-the-way")).expect("it is made");
    let output = vigie(folder.path(), &["record", "--corpus", "cases", "--target", "sandbox", "--out", "out"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("left out") && said.contains("first.yml"), "{said}");
    assert!(recorded.join("second.yml").is_file() && said.contains("1 case left out"), "{said}");
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_sent() {
    let folder = corpus(&["case"]);
    // Nobody answers there: a run that began would be inconclusive.
    let check = ["check", "--corpus", "cases", "--target", "http://127.0.0.1:9"];
    for (report, part) in [
        ("junit=missing/j.xml", "there is no folder missing; create it first"),
        ("junit=.", "it is a folder"),
        ("junit", "write FORMAT=FILE"),
        ("junit=", "names no file"),
        ("xml=j.xml", "no format `xml`; the formats are human, json, junit, summary"),
    ] {
        let output = vigie(folder.path(), &[&check[..], &["--report", report]].concat());
        let err = text(&output);
        assert_eq!(output.status.code(), Some(2), "{report}: {err}");
        assert!(err.contains("--report") && err.contains(part), "{report}: {err}");
    }
    std::fs::create_dir(folder.path().join("sub")).expect("it is made");
    for again in ["junit=r", "junit=./r", "junit=sub/../r"] {
        let twice = ["--report", "json=r", "--report", again];
        let output = vigie(folder.path(), &[&check[..], &twice].concat());
        let err = text(&output);
        assert!(output.status.code() == Some(2) && err.contains("r is named twice"), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_keeps_no_other_back() {
    let folder = corpus(&["case"]);
    let full = ["check", "--corpus", "cases", "--report", "json=/dev/full", "--report", "junit=out.xml"];
    let output = vigie(folder.path(), &full);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("1 of 1 cases conform") && text(&output).contains("/dev/full"), "{}", text(&output));
    assert!(folder.path().join("out.xml").is_file());
}
