//! What a user can get wrong at the door of `vigie diff`: names, revisions, folders, outputs. The error says what and
//! where, and how to mend it; nothing is half done.
#![cfg(feature = "harness")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use vigie::runner::Pending;

const OLD: &str = "openapi: 3.0.3
info: {title: Fleet, version: 1.0.0}
paths:
  /cars: {get: {operationId: cars, responses: {'200': {description: ok}}}}
  /vans: {get: {operationId: vans, responses: {'200': {description: ok}}}}
  /buses: {get: {operationId: buses, responses: {'200': {description: ok}}}}
";

fn vigie(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let Output { status, stdout, stderr } =
        command.current_dir(folder).arg("diff").args(arguments).output().expect("it starts");
    (status.code(), [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat())
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "protocol.file.allow=always"];
    let done = Command::new("git").current_dir(folder).args(identity).args(arguments).output().expect("git starts");
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn documents() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("old.yml"), OLD).expect("written");
    std::fs::write(folder.path().join("new.yml"), OLD.replace("operationId: cars", "operationId: autos"))
        .expect("written");
    folder
}

#[test]
fn every_name_that_is_no_document_is_told_with_what_would_be_right() {
    let folder = documents();
    std::fs::create_dir(folder.path().join("empty")).expect("made");
    for (arguments, parts) in [
        (&["gone.yml", "new.yml"][..], &["gone.yml", "No such file"][..]),
        (&["empty", "new.yml"], &["empty: it is a folder", "--history"]),
        (&["", "new.yml"], &["not the name of a file"]),
        (&["-", "new.yml"], &["-: not the name of a file", "/dev/stdin"]),
        (&["C:\\docs\\api.yml", "new.yml"], &["C:\\docs\\api.yml: No such file"]),
        (&["HEAD:old.yml", "new.yml"], &["HEAD:old.yml: no such file, and git says"]),
        (&["--", "--output=x:old.yml", "new.yml"], &["a revision does not begin with `-`"]),
        (&["--history", "empty"], &["empty: ", "there are 0", "*.yml"]),
        (&["--history", "old.yml"], &["old.yml: it is a file", "`--history old.yml@git`"]),
        (&["--history", "gone"], &["gone: No such file"]),
        (&["--history", "old.yml@git"], &["old.yml@git: ", "git says"]),
        (&["old.yml", "new.yml", "--used-by", "gone"], &["--used-by gone: no such folder"]),
        (&["old.yml", "new.yml", "--config", "gone"], &["--config gone: No such file"]),
    ] {
        let (code, said) = vigie(folder.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{arguments:?}: {part:?} is missing in {said}");
        }
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_history_follows_a_renaming_and_a_revision_names_files_alone() {
    let folder = documents();
    let path = folder.path();
    let name = "dossier é/le contrat.yml";
    std::fs::create_dir(path.join("dossier é")).expect("made");
    git(path, &["init", "-q", "-b", "main"]);
    for file in ["old.yml", "new.yml"] {
        std::fs::copy(path.join(file), path.join(name)).expect("copied");
        git(path, &["add", name]);
        git(path, &["commit", "-q", "-m", file]);
    }
    git(path, &["mv", name, "fleet.yml"]);
    git(path, &["commit", "-q", "-m", "moved"]);

    assert_eq!(vigie(path, &[&format!("HEAD~2:{name}"), "HEAD:fleet.yml"]).0, Some(0));
    let (code, said) = vigie(path, &["--history", "fleet.yml@git"]);
    assert_eq!(code, Some(0), "{said}");
    let changed = said.find("operation-id-changed").expect("the first step changes an id");
    assert!(said[changed..].contains("fleet.yml (Fleet 1.0.0)\n  no change"), "the oldest comes first: {said}");

    git(path, &["-c", "advice.addEmbeddedRepo=false", "submodule", "--quiet", "add", "./.git", "sub"]);
    git(path, &["commit", "-q", "-m", "sub"]);
    for (document, part) in [
        ("HEAD:", "it is no file in that revision"),
        ("HEAD~2:dossier é", "it is no file in that revision"),
        ("HEAD:sub", "it is no file in that revision"),
        ("HEAD:sub/fleet.yml", "sub/fleet.yml"),
        ("HEAD:gone.yml", "'gone.yml' does not exist in 'HEAD'"),
        ("HEAD~9:fleet.yml", "HEAD~9"),
    ] {
        let (code, said) = vigie(path, &[document, "fleet.yml"]);
        assert!(code == Some(2) && said.contains(part) && said.lines().count() == 1, "{document}: {code:?} {said}");
    }

    let shallow = path.join("shallow");
    let url = format!("file://{}", path.display());
    git(path, &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let (code, said) = vigie(&shallow, &["--history", "fleet.yml@git"]);
    assert!(code == Some(2) && said.contains("shallow clone"), "{said}");
    // A bare repository has no files, and every revision.
    git(path, &["clone", "-q", "--bare", &url, "bare"]);
    assert_eq!(vigie(&path.join("bare"), &[&format!("HEAD~3:{name}"), "HEAD:fleet.yml"]).0, Some(0));
}

#[cfg(unix)]
#[test]
fn an_output_that_is_full_is_an_error_and_one_that_is_closed_is_not() {
    let folder = documents();
    let diff = |arguments: &[&str], out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let done = command.current_dir(folder.path()).args(arguments).stdout(out).stderr(Stdio::piped()).output();
        let done = done.expect("it starts");
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    for arguments in [&["diff", "old.yml", "new.yml"][..], &["explain", "--list"], &["list"]] {
        if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
            let (code, said) = diff(arguments, full.into());
            assert!(
                code == Some(2) && said.contains("the output could not be written"),
                "{arguments:?}: {code:?} {said}"
            );
        }
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        assert_eq!(diff(arguments, writer.into()), (Some(0), String::new()), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_no_absence_of_exceptions() {
    let folder = documents();
    std::os::unix::fs::symlink("nowhere", folder.path().join("vigie.toml")).expect("linked");
    let (code, said) = vigie(folder.path(), &["old.yml", "new.yml"]);
    assert!(code == Some(2) && said.contains("vigie.toml"), "{code:?} {said}");
}

#[test]
fn what_was_written_after_the_decision_is_not_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = |body: &str| format!("---\nsource: a\n---\nstatus: 200\nmedia-type: a/b\nbody:\n{body}\n");
    let (accepted, new) = (folder.path().join("case.snap"), folder.path().join("case.snap.new"));
    std::fs::write(&accepted, snapshot(r#"{"annee": "2025"}"#)).expect("written");
    std::fs::write(&new, snapshot(r#"{"annee": "2026"}"#)).expect("written");
    let pending = Pending::read(folder.path()).expect("it reads");
    let ids: Vec<String> = pending.causes.iter().map(|cause| cause.id.clone()).collect();
    assert_eq!(ids.len(), 1);

    std::fs::write(&new, snapshot("{}")).expect("written");
    let error = pending.accept(&ids).expect_err("another one waits").to_string();
    assert!(error.contains("case.snap.new") && error.contains("it changed"), "{error}");
    let kept = std::fs::read_to_string(&accepted).expect("it reads");
    assert!(kept.contains("2025") && new.exists(), "{kept}");

    let pending = Pending::read(folder.path()).expect("it reads");
    let ids: Vec<String> = pending.causes.iter().map(|cause| cause.id.clone()).collect();
    assert_eq!(pending.accept(&ids).expect("it is accepted").accepted.len(), 1);
    assert!(!new.exists());
}
