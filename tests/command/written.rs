//! What is written: beside the old file and put in its place, never through a link, and nothing is left of a run that was killed.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
const OWN: &str = "a file of the user";

/// A folder with cases of a student, and a file of the user outside of it.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new(cases: usize) -> Self {
        let house = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir_all(house.path("work/cases").join(STUDENT)).expect("it is made");
        std::fs::create_dir(house.path("work/snapshots")).expect("it is made");
        for number in 0..cases {
            let case = format!("params: {{ine: {number:010}G}}\nstatus: 200\npayload: '{GOOD}'\n");
            let file = house.path("work/cases").join(STUDENT).join(format!("case-{number}.yml"));
            std::fs::write(file, case).expect("it is written");
        }
        std::fs::write(house.path("own"), OWN).expect("it is written");
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn snapshots(&self) -> PathBuf {
        self.path("work/snapshots/api-particulier").join(STUDENT)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(arguments).current_dir(self.path("work")).env_remove("VIGIE_API_PARTICULIER_TOKEN");
        command.env_remove("VIGIE_RECORD_KEY");
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        told(&self.command(arguments).output().expect("vigie runs"))
    }

    fn check(&self) -> (Option<i32>, String) {
        self.run(&["check", "--corpus", "cases", "--snapshots", "snapshots"])
    }

    /// The user's file is as it was, and nothing came beside it.
    fn assert_untouched(&self) {
        assert_eq!(std::fs::read_to_string(self.path("own")).expect("it is there"), OWN);
        let mut names: Vec<String> = names(self.folder.path());
        names.retain(|name| name != "elsewhere");
        assert_eq!(names, ["own", "work"]);
        assert_eq!(names_of(&self.path("elsewhere")), [""; 0]);
    }
}

fn told(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    (output.status.code(), text)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("it reads").flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn names_of(folder: &Path) -> Vec<String> {
    if folder.is_dir() { names(folder) } else { Vec::new() }
}

#[test]
fn a_proposal_replaces_a_link_and_an_accepted_snapshot_is_none() {
    let house = House::new(2);
    std::fs::create_dir_all(house.snapshots()).expect("it is made");
    let new = |name: &str| house.snapshots().join(name);
    symlink(house.path("own"), new("case-0.snap.new")).expect("it is made");
    symlink(house.path("missing"), new("case-1.snap.new")).expect("it is made");
    let (code, text) = house.check();
    assert_eq!(code, Some(0), "{text}");
    house.assert_untouched();
    for name in ["case-0.snap.new", "case-1.snap.new"] {
        let text = std::fs::read_to_string(new(name)).expect("it is a snapshot");
        assert!(!new(name).is_symlink() && text.starts_with("---\nsource:"), "{name}");
    }
    // A link that comes after the check is none of ours, and an accepted snapshot that is one is replaced.
    std::fs::rename(new("case-1.snap.new"), house.path("work/moved")).expect("it is moved");
    symlink(house.path("work/moved"), new("case-1.snap.new")).expect("it is made");
    std::fs::write(house.path("elsewhere.snap"), "").expect("it is written");
    std::fs::remove_file(house.path("elsewhere.snap")).expect("it is removed");
    let (code, text) = house.run(&["accept"]);
    assert!(code == Some(0) && text.contains("case-1.snap.new: not a snapshot of vigie"), "{text}");
    let id = text.split(' ').next().expect("a cause").to_owned();
    let (code, text) = house.run(&["accept", &id]);
    assert!(code == Some(0) && text.contains("1 snapshot accepted"), "{text}");
    assert!(new("case-0.snap").is_file() && !new("case-0.snap").is_symlink() && !new("case-0.snap.new").exists());
    assert!(!new("case-1.snap").exists());
    house.assert_untouched();
}

#[test]
fn an_accepted_snapshot_that_is_a_link_is_replaced() {
    let house = House::new(1);
    assert_eq!(house.check().0, Some(0));
    std::fs::write(house.path("own"), OWN).expect("it is written");
    let accepted = house.snapshots().join("case-0.snap");
    // Where it leads, there is a snapshot of before.
    let old = std::fs::read_to_string(house.snapshots().join("case-0.snap.new")).expect("it is there");
    let old = old.replace("LE GOFF", "le-goff 12");
    std::fs::write(house.path("work/old.snap"), &old).expect("it is written");
    symlink(house.path("work/old.snap"), &accepted).expect("it is made");
    let (_, text) = house.run(&["accept"]);
    let id = text.split(' ').next().expect("a cause").to_owned();
    let (code, text) = house.run(&["accept", &id]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!accepted.is_symlink(), "{text}");
    assert_eq!(std::fs::read_to_string(house.path("work/old.snap")).expect("it is there"), old);
}

#[test]
fn no_folder_of_ours_leads_elsewhere() {
    let house = House::new(1);
    let elsewhere = house.path("elsewhere");
    std::fs::create_dir(&elsewhere).expect("it is made");
    let link = |name: &str| {
        let path = house.path("work").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        symlink(&elsewhere, &path).expect("it is made");
    };
    link("snapshots/api-particulier");
    let (code, text) = house.check();
    // The result is reported, and the run is not green.
    assert!(code == Some(3) && text.contains("is a symbolic link"), "{text}");
    house.assert_untouched();

    // The key, and what git ignores.
    link(".vigie");
    let record = ["record", "--corpus", "cases", "--target", "sandbox", "--out", "out"];
    let (code, text) = house.run(&record);
    assert!(code == Some(2) && text.contains(".vigie is a symbolic link"), "{text}");
    house.assert_untouched();
    std::fs::remove_file(house.path("work/.vigie")).expect("it is removed");
    std::fs::create_dir(house.path("work/.vigie")).expect("it is made");
    symlink(house.path("own"), house.path("work/.vigie/.gitignore")).expect("it is made");
    symlink(house.path("missing"), house.path("work/.vigie/record.key")).expect("it is made");
    let (code, text) = house.run(&record);
    assert!(code == Some(2) && text.contains("record.key is a symbolic link"), "{text}");
    house.assert_untouched();

    // The cases and snapshots of a recording.
    std::fs::remove_file(house.path("work/.vigie/record.key")).expect("it is removed");
    link(&format!("out/{STUDENT}"));
    let (code, text) = house.run(&record);
    assert!(code == Some(2) && text.contains("is a symbolic link"), "{text}");
    house.assert_untouched();
    std::fs::remove_file(house.path("work/out").join(STUDENT)).expect("it is removed");
    std::fs::create_dir(house.path("work/out").join(STUDENT)).expect("it is made");
    symlink(house.path("missing"), house.path("work/out").join(STUDENT).join("case-0.yml")).expect("it is made");
    let (code, text) = house.run(&record);
    assert!(code == Some(0) && text.contains("files written"), "{text}");
    house.assert_untouched();
}

#[test]
fn the_file_of_a_pace_is_no_link() {
    let house = House::new(1);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("it has one").port();
    std::fs::create_dir(house.path("work/pace")).expect("it is made");
    for target in ["own", "missing"] {
        let file = house.path("work/pace").join(format!("127.0.0.1-{port}.json"));
        symlink(house.path(target), &file).expect("it is made");
        let url = format!("http://127.0.0.1:{port}");
        let mut command = house.command(&["check", "--corpus", "cases", "--target", &url]);
        let (code, text) = told(&command.env("VIGIE_PACE_DIR", "pace").output().expect("vigie runs"));
        assert!(code == Some(2) && text.contains("is a symbolic link"), "{text}");
        house.assert_untouched();
        std::fs::remove_file(file).expect("it is removed");
    }
}

#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_cleans_up() {
    let house = House::new(60);
    let arguments = [
        "check",
        "--corpus",
        "cases",
        "--snapshots",
        "snapshots",
        "--report",
        "json=report.json",
        "--report",
        "junit=r.xml",
    ];
    for pause in (0..12).map(|turn| 20 * turn) {
        let mut child =
            house.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("vigie runs");
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().expect("it is ours");
        child.wait().expect("it ended");
        for name in names_of(&house.snapshots()).iter().filter(|name| name.ends_with(".snap.new")) {
            let text = std::fs::read_to_string(house.snapshots().join(name)).expect("it reads");
            assert!(text.starts_with("---\n") && text.trim_end().ends_with('}'), "{name}: {text}");
        }
        // Whatever is left is no proposal.
        if house.snapshots().is_dir() {
            let (code, text) = house.run(&["accept"]);
            assert!(code == Some(0) && !text.contains("not a snapshot"), "{text}");
        }
    }
    let (code, text) = told(&house.command(&arguments).output().expect("vigie runs"));
    assert_eq!(code, Some(0), "{text}");
    let left = |folder: &Path| names(folder).into_iter().filter(|name| name.starts_with(".vigie-")).collect::<Vec<_>>();
    assert_eq!([left(&house.path("work")), left(&house.snapshots())].concat(), [""; 0]);
    assert_eq!(names(&house.snapshots()).len(), 60);
}
