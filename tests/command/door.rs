//! What a user can get wrong at the door of `vigie diff`: names, revisions, folders, outputs. The error says what and
//! where, and how to mend it; nothing is half done.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use vigie_harness::accept::Pending;

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
        (&["--", "--output=x:old.yml", "new.yml"], &["a revision must not start with `-`"]),
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
        ("HEAD:", "in that revision, not a file"),
        ("HEAD~2:dossier é", "in that revision, not a file"),
        ("HEAD:sub", "in that revision, not a file"),
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

/// The names of a step of a history, and the rules of its changes.
type Step = (String, String, Vec<String>);

/// A history of these texts, in order: the exit status, and the steps.
fn history(texts: &[&str]) -> (Option<i32>, Vec<Step>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number:02}.yml")), text).expect("written");
    }
    std::fs::write(folder.path().join("notes.json"), "{}").expect("written");
    let (code, report) = vigie(folder.path(), &["--history", ".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{error}: {report}"));
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let step = |step: &serde_json::Value| {
        let name = |side: &str| text(&step[side]["name"]).trim_start_matches("./").trim_end_matches(".yml").to_owned();
        let changes = step["changes"].as_array().into_iter().flatten();
        (name("old"), name("new"), changes.map(|change| text(&change["rule"])).collect())
    };
    (code, report["comparisons"].as_array().expect("comparisons").iter().map(step).collect())
}

/// Four operations in the place of those of `OLD`.
fn restructured(more: &str) -> String {
    let path = |name: &str| format!("  /v2/{name}: {{get: {{responses: {{'200': {{description: ok}}}}}}}}\n");
    let paths: String = ["lorries", "drivers", "trips"].map(path).concat();
    format!("openapi: 3.0.3\ninfo: {{title: Fleet, version: 1.1.0}}\npaths:\n{paths}{more}")
}

const IMPLAUSIBLE: &str = "document-implausible";

#[test]
fn a_history_goes_on_after_what_cannot_be_read_and_names_it() {
    let next = OLD.replace("cars, ", "autos, ");
    let typo = OLD.replace("/vans: {", "/vans: {{");
    let broken =
        [typo.as_str(), "<html></html>", "swagger: '1.2'\npaths: {}\n", "type Query { a: Int", "", "openapi: [\n"];
    for broken in broken {
        let (code, steps) = history(&[OLD, broken, &next]);
        let told = |old: &str, new: &str, rule: &str| (old.to_owned(), new.to_owned(), vec![rule.to_owned()]);
        assert_eq!(
            (code, steps),
            (Some(3), vec![told("00", "01", IMPLAUSIBLE), told("00", "02", "operation-id-changed")]),
            "{broken}"
        );
        // Nothing stands before the first one.
        let (code, steps) = history(&[broken, OLD, &next]);
        assert_eq!(
            (code, steps),
            (Some(3), vec![told("00", "00", IMPLAUSIBLE), told("01", "02", "operation-id-changed")]),
            "{broken}"
        );
    }
    // What breaks is worse than what cannot be read.
    let less: String = OLD.split_inclusive('\n').filter(|line| !line.contains("/vans")).collect();
    assert_eq!(history(&[OLD, &typo, &less]).0, Some(1));
    // One contract is no history, whatever lies beside it.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.yml"), OLD).expect("written");
    std::fs::write(folder.path().join("compose.yml"), "services: {}\n").expect("written");
    let (code, said) = vigie(folder.path(), &["--history", "."]);
    assert!(code == Some(2) && said.contains("there are 1"), "{code:?} {said}");
}

#[test]
fn a_restructure_that_the_next_version_builds_on_is_compared_with_the_last_credible_one() {
    let first = restructured("");
    let second = restructured("  /v2/fuel: {get: {responses: {'200': {description: ok}}}}\n");
    let (code, steps) = history(&[OLD, &first, &second, &second]);
    assert_eq!(code, Some(1), "{steps:?}");
    let of = |at: usize| (steps[at].0.as_str(), steps[at].1.as_str());
    assert_eq!((of(0), of(1), of(2), of(3)), (("00", "01"), ("00", "02"), ("01", "02"), ("02", "03")));
    assert_eq!(steps[0].2, [IMPLAUSIBLE]);
    // Nothing that is gone is hidden, and all that came is there.
    let count = |rule: &str| steps[1].2.iter().filter(|own| *own == rule).count();
    assert_eq!((count("operation-removed"), count("operation-added")), (3, 4), "{steps:?}");
    assert_eq!((steps[2].2.as_slice(), steps[3].2.as_slice()), (&["operation-added".to_owned()][..], &[][..]));
    // What came with the first and went with the second was there for somebody to use.
    let other = restructured("").replace("/v2/trips", "/v2/tours");
    let (_, steps) = history(&[OLD, &first, &other]);
    assert!(steps[2].2.contains(&"operation-removed".to_owned()), "{steps:?}");
}

#[test]
fn a_series_reports_a_move_once_and_goes_on_from_it() {
    let moved = OLD.replace("  /", "  /v2/");
    // Both of the two that cannot be read are named, and neither hides what is around it.
    let typo = moved.replace("/v2/vans: {", "/v2/vans: {{");
    let next = moved.clone() + "  /v2/fuel: {get: {operationId: fuel, responses: {'200': {description: ok}}}}\n";
    for (old, moved, next) in [
        (OLD.to_owned(), moved.clone(), next.clone()),
        // Without ids, only the paths tell.
        (without_ids(OLD), without_ids(&moved), without_ids(&next)),
    ] {
        let (code, steps) = history(&[&old, &moved, &typo, &moved, &next, ""]);
        let told: Vec<_> =
            steps.iter().map(|(old, new, rules)| (old.as_str(), new.as_str(), rules.join(" "))).collect();
        let path_changed = ["operation-path-changed"; 3].join(" ");
        let expected = [
            ("00", "01", path_changed),
            ("01", "02", IMPLAUSIBLE.to_owned()),
            ("01", "03", String::new()),
            ("03", "04", "operation-added".to_owned()),
            ("04", "05", IMPLAUSIBLE.to_owned()),
        ];
        assert_eq!((code, told), (Some(1), expected.to_vec()));
    }
}

#[test]
fn a_series_of_which_nothing_can_be_read_could_not_be_judged() {
    let typo = OLD.replace("/vans: {", "/vans: {{");
    let (code, steps) = history(&[&typo, "", &typo]);
    assert_eq!(code, Some(3));
    assert!(steps.len() == 3 && steps.iter().all(|step| step.2 == [IMPLAUSIBLE]), "{steps:?}");
}

fn without_ids(text: &str) -> String {
    text.lines()
        .map(|line| {
            line.split_once("operationId").map_or(line.to_owned(), |(head, rest)| {
                head.to_owned() + rest.split_once(", ").map_or("", |(_, rest)| rest)
            }) + "\n"
        })
        .collect()
}

#[test]
fn what_was_published_by_mistake_and_taken_back_raises_no_alarm() {
    let first = restructured("");
    let next = OLD.replace("cars, ", "autos, ");
    // Once, the same again, and two mistakes of which none builds on the other.
    let empty = "openapi: 3.0.3\ninfo: {title: Fleet, version: 1.0.0}\npaths: {}\n";
    let other =
        first.replace("/v2/lorries", "/mail").replace("/v2/drivers", "/x/y/billing").replace("/v2/trips", "/zone");
    for mistakes in [&[first.as_str()][..], &[&first, &first], &[empty, "paths: {", empty], &[&first, &other]] {
        let series = [&[OLD], mistakes, &[&next]].concat();
        let (code, steps) = history(&series);
        assert_eq!(code, Some(3), "{steps:?}");
        let (last, before) = steps.split_last().expect("steps");
        assert_eq!(last.2, ["operation-id-changed"]);
        assert!(before.len() == mistakes.len() && before.iter().all(|step| step.2 == [IMPLAUSIBLE]), "{steps:?}");
    }
}

#[test]
fn every_revision_of_a_file_is_meant_as_a_version_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"]);
    let commit = |text: &str| {
        std::fs::write(path.join("api.json"), text).expect("written");
        git(path, &["add", "-A"]);
        git(path, &["commit", "-q", "-m", "change"]);
    };
    let document = r#"{"openapi": "3.0.3", "info": {"title": "Fleet", "version": "1.0.0"}, "paths": {"/cars": {"get": {"responses": {"200": {"description": "ok"}}}}}}"#;
    commit(document);
    commit(r#"{"message": "not found"}"#);
    git(path, &["rm", "-q", "api.json"]);
    git(path, &["commit", "-q", "-m", "gone"]);
    commit("type Query { cars: Int }");
    commit(&document.replace("/cars", "/cars/"));
    let (code, said) = vigie(path, &["--history", "api.json@git"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("it is a GraphQL schema, which the version before is not"), "{said}");
    assert!(
        said.contains("it is a recorded answer and not a contract") && said.contains("operation-path-changed"),
        "{said}"
    );
}

#[test]
fn a_configuration_of_any_size_and_kind_is_answered() {
    let folder = documents();
    let path = folder.path();
    let write = |name: &str, text: &str| std::fs::write(path.join(name), text).expect("written");
    let entry = |place: &str| {
        format!("[[ignore]]\nrule = \"data-changed\"\nreason = \"r\"\nuntil = 2099-12-31\nlocation = \"{place}\"\n")
    };
    write("column.toml", &format!("severity = {{ {} x }}\n", " ".repeat(70_000)));
    write("glob.toml", &entry(&"?".repeat(200_000)));
    write("brackets.toml", &format!("a = {}\n", "[".repeat(100_000)));
    write("rule.toml", &format!("[severity]\n{} = \"breaking\"\n", "x".repeat(500_000)));
    write("large.toml", &"# \n".repeat(1 << 19));
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/zero", path.join("endless.toml")).expect("a link");
    for (name, told) in [
        ("column.toml", "(column 700"),
        ("glob.toml", "more than 1000 bytes"),
        ("brackets.toml", "recur"),
        ("rule.toml", "no rule"),
        ("large.toml", "larger than 1 MiB"),
        #[cfg(unix)]
        ("endless.toml", "not a regular file"),
    ] {
        let (code, said) = vigie(path, &["old.yml", "new.yml", "--config", name]);
        assert!(code == Some(2) && said.contains(told) && said.contains(name), "{code:?} {said}");
        // What is wrong is shown, and not the file.
        assert!(said.len() < 2_000, "{name}: {}", said.len());
    }
}
