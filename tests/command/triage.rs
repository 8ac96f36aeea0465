//! What a user does with what was found, on the real binary: accept it, except it for a time, or look whether it matters.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

/// What a user sees: exit status, stdout, stderr.
struct Seen {
    code: Option<i32>,
    out: String,
    err: String,
}

fn vigie(arguments: &[&str], folder: &Path) -> Seen {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder).env_remove("VIGIE_API_PARTICULIER_TOKEN");
    let output = command.output().expect("vigie runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Seen { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// A folder with student cases below `cases/`.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new(names: &[&str]) -> Self {
        let house = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir_all(house.path(&format!("cases/{STUDENT}"))).expect("it is made");
        std::fs::create_dir(house.path("snapshots")).expect("it is made");
        for (position, name) in names.iter().enumerate() {
            let case = format!("params: {{ine: 123456789{position}A}}\nstatus: 200\npayload: '{GOOD}'\n");
            std::fs::write(house.case(name), case).expect("it is written");
        }
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn case(&self, name: &str) -> PathBuf {
        self.path(&format!("cases/{STUDENT}/{name}.yml"))
    }

    fn snapshot(&self, name: &str) -> PathBuf {
        self.path(&format!("snapshots/api-particulier/{STUDENT}/{name}"))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("it is written");
    }

    fn change(&self, name: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.case(name)).expect("it reads");
        assert!(text.contains(old));
        std::fs::write(self.case(name), text.replace(old, new)).expect("it is written");
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        vigie(arguments, self.folder.path())
    }

    fn check(&self, more: &[&str]) -> Seen {
        let mut arguments = vec!["check", "--corpus", "cases", "--snapshots", "snapshots"];
        arguments.extend(more);
        self.run(&arguments)
    }

    fn report(&self, more: &[&str]) -> (Option<i32>, Value) {
        let mut arguments = vec!["--format", "json"];
        arguments.extend(more);
        let seen = self.check(&arguments);
        (seen.code, serde_json::from_str(&seen.out).unwrap_or_else(|error| panic!("{error}: {}", seen.err)))
    }

    /// The id of the only cause of a rule.
    fn cause(&self, rule: &str) -> String {
        let (_, report) = self.report(&[]);
        let causes: Vec<&Value> =
            report["causes"].as_array().into_iter().flatten().filter(|cause| cause["rule"] == rule).collect();
        assert_eq!(causes.len(), 1, "{report}");
        causes[0]["id"].as_str().expect("a text").to_owned()
    }
}

#[test]
fn one_id_accepts_every_snapshot_of_its_cause_and_none_that_has_another_one_too() {
    let house = House::new(&["a", "b", "c"]);
    let missing = house.cause("snapshot-missing");
    let seen = house.check(&[]);
    assert!(seen.out.contains(&format!("accept it: vigie accept {missing}, or `cargo insta review`")), "{}", seen.out);
    assert!(seen.out.contains("3 new snapshots wait; `vigie accept` lists them by cause"), "{}", seen.out);
    let listed = house.run(&["accept"]);
    assert_eq!((listed.code, listed.out.lines().count()), (Some(0), 2), "{}", listed.out);
    assert!(listed.out.starts_with(&format!("{missing}  uncertain snapshot-missing")), "{}", listed.out);
    assert!(listed.out.contains("3 snapshots of 1 cause"), "{}", listed.out);
    assert_eq!(house.run(&["accept", "--list"]).out, listed.out);

    let accepted = house.run(&["accept", &missing]);
    assert_eq!(accepted.code, Some(0));
    assert!(accepted.out.contains("3 snapshots accepted"), "{}", accepted.out);
    assert!(house.snapshot("a.snap").exists() && !house.snapshot("a.snap.new").exists());
    assert_eq!(house.report(&[]).1["causes"], serde_json::json!([]));

    // Two answers change in one way, and one of them in another way too.
    for name in ["a", "b"] {
        house.change(name, "LE GOFF", "Le Goff");
    }
    house.change("b", "2004-02-12", "2004");
    let (code, report) = house.report(&[]);
    assert_eq!(code, Some(1));
    let of_place = |place: &str| {
        let is_there = |cause: &&Value| cause["places"][0]["location"] == place;
        let cause = report["causes"].as_array().and_then(|causes| causes.iter().find(is_there));
        cause.unwrap_or_else(|| panic!("no cause at {place}: {report}"))
    };
    let form = |cause: &Value, form: &Value| {
        assert_eq!(form["rule"], "value-form-changed", "{cause}");
        (form["id"].as_str().expect("a text").to_owned(), cause["places"].as_array().map(Vec::len))
    };
    let name = of_place("/data/identite/nom_naissance");
    let name = form(name, name);
    // A year does not fit the contract either: that is one event, and one cause.
    let date = of_place("/data/identite/date_naissance");
    assert_eq!(date["rule"], "body-invalid");
    let date = form(date, &date["also"][0]);
    assert_eq!((name.1, date.1), (Some(2), Some(1)));
    assert!(house.check(&[]).out.contains(&format!("accept it: vigie accept {}", date.0)));
    let seen = house.run(&["accept", &name.0]);
    assert_eq!(seen.code, Some(0), "{}", seen.err);
    assert!(seen.out.contains("1 snapshot accepted"), "{}", seen.out);
    let left = seen.out.lines().find(|line| line.starts_with("left: ")).expect("one is left");
    assert!(left.contains("b.snap.new") && left.contains(&format!("also {}: breaking", date.0)), "{left}");
    assert!(left.ends_with("accept both"), "{left}");
    assert!(house.snapshot("b.snap.new").exists());

    // The other one alone accepts nothing; both do.
    let alone = house.run(&["accept", &date.0]);
    assert_eq!(alone.code, Some(1), "{}", alone.out);
    assert!(house.snapshot("b.snap.new").exists());
    assert_eq!(house.run(&["accept", &date.0, &name.0]).code, Some(0));
    let seen = house.run(&["accept"]);
    assert_eq!((seen.code, seen.out.trim()), (Some(0), "no new snapshot waits"));
}

#[test]
fn a_cause_is_the_same_one_where_the_contract_knows_better_than_a_guess() {
    let house = House::new(&["a"]);
    house.change("a", "2004-02-12", "200&-02-12");
    let missing = house.cause("snapshot-missing");
    assert_eq!(house.run(&["accept", &missing]).code, Some(0));
    // The form is another one, and the contract has always promised it.
    house.change("a", "200&-02-12", "2004-02-12");
    let (code, report) = house.report(&[]);
    assert_eq!(code, Some(0), "{report}");
    let seen = house.run(&["accept", &house.cause("data-changed")]);
    assert_eq!(seen.code, Some(0), "{}{}", seen.out, seen.err);
}

#[test]
fn what_cannot_be_accepted_is_told() {
    let house = House::new(&["a"]);
    let seen = house.run(&["accept", "--snapshots", "nowhere"]);
    assert!(seen.code == Some(2) && seen.err.contains("nowhere: no such folder"), "{}", seen.err);
    let missing = house.cause("snapshot-missing");
    let seen = house.run(&["accept", "deadbeef"]);
    assert_eq!(seen.code, Some(2));
    assert!(seen.err.contains("no pending cause `deadbeef`; pending: ") && seen.err.contains(&missing), "{}", seen.err);
    assert!(!house.snapshot("a.snap").exists());

    // A new snapshot of somebody else, and one as insta itself writes it.
    house.write("snapshots/other.snap.new", "---\nsource: x\n---\nsomething else\n");
    let new = house.snapshot("a.snap.new");
    let text = std::fs::read_to_string(&new).expect("it was proposed");
    std::fs::write(&new, text.replacen("\nexpression:", "\nassertion_line: 7\nexpression:", 1)).expect("it is written");
    let listed = house.run(&["accept", "--list"]).out;
    assert!(listed.contains("other.snap.new: not a snapshot of vigie"), "{listed}");
    assert_eq!(house.run(&["accept", &missing]).code, Some(0));
    assert_eq!(std::fs::read_to_string(house.snapshot("a.snap")).expect("it was accepted"), text);
    assert!(house.path("snapshots/other.snap.new").exists());
    let seen = house.run(&["accept", &missing]);
    assert!(seen.code == Some(2) && seen.err.contains("no new snapshot waits"), "{}", seen.err);
}

#[test]
fn an_exception_ends_a_finding_for_a_time_and_the_exit_status_follows() {
    let house = House::new(&["a"]);
    house.change("a", "2004-02-12", "2004-02-30");
    assert_eq!(house.check(&[]).code, Some(1));
    let exception = |until: &str| {
        format!(
            "[[ignore]]\nrule = \"body-invalid\"\noperation = \"GET /v3/mesri/*\"\nlocation = \"200 data.identite.date_naissance\"\nreason = \"ticket 123\"\nuntil = {until}\n"
        )
    };
    house.write("vigie.toml", &exception("2999-12-31"));
    let seen = house.check(&[]);
    assert_eq!(seen.code, Some(0), "{}", seen.out);
    assert!(seen.out.contains("1 of 1 cases conform") && seen.out.contains("1 finding is ignored by vigie.toml"));
    assert!(!seen.out.contains("body-invalid"), "{}", seen.out);
    let (_, report) = house.report(&[]);
    assert_eq!((&report["version"], &report["conclusion"]), (&Value::from(1), &Value::from("conformant")));
    assert_eq!(report["cases"][0]["verdict"], "conforms");
    let ignored = &report["ignored"][0];
    assert_eq!((&ignored["rule"], &ignored["reason"]), (&Value::from("body-invalid"), &Value::from("ticket 123")));
    assert_eq!((&ignored["until"], &ignored["exception"]), (&"2999-12-31".into(), &"vigie.toml:1".into()));

    house.write("old.toml", &exception("2020-01-01"));
    let seen = house.check(&["--config", "old.toml"]);
    assert_eq!(seen.code, Some(1));
    assert!(seen.out.contains("error[body-invalid]"), "{}", seen.out);
    assert!(seen.out.contains("old.toml:1: the exception for `body-invalid` ended on 2020-01-01"), "{}", seen.out);

    house.change("a", "2004-02-30", "2004-02-12");
    let seen = house.check(&[]);
    assert!(seen.code == Some(0) && seen.out.contains("ignored nothing in this run"), "{}", seen.out);
    let seen = house.check(&["--case", "a"]);
    assert!(seen.out.contains("ignored nothing"), "a pattern that chooses every case leaves none out: {}", seen.out);
}

#[test]
fn a_severity_decides_what_fails() {
    let house = House::new(&["a"]);
    assert_eq!(house.check(&[]).code, Some(0));
    house.write("vigie.toml", "[severity]\nsnapshot-missing = \"breaking\"\n");
    let (code, report) = house.report(&[]);
    assert_eq!((code, &report["cases"][0]["verdict"]), (Some(1), &Value::from("snapshot")));
    house.change("a", "2004-02-12", "2004-02-30");
    house.write("vigie.toml", "[severity]\nbody-invalid = \"uncertain\"\n");
    let (code, report) = house.report(&[]);
    assert_eq!((code, &report["cases"][0]["findings"][0]["class"]), (Some(0), &Value::from("uncertain")));
}

#[test]
fn a_bad_vigie_toml_is_told_with_its_line_and_what_would_be_right() {
    let house = House::new(&["a"]);
    for (text, parts) in [
        ("[[ignore]]\nrule = \"body-invald\"\nreason = \"r\"\nuntil = 2999-01-01\n", ["body-invalid", "vigie.toml:2"]),
        ("[[ignore]]\nrule = \"body-invalid\"\nreason = \"r\"\n", ["missing field `until`", "vigie.toml:1"]),
        ("[severity]\nbody-invalid = \"minor\"\n", ["breaking, compatible or uncertain", "vigie.toml:2"]),
    ] {
        house.write("vigie.toml", text);
        for arguments in [vec!["check"], vec!["diff", "a.yml", "b.yml"]] {
            let seen = house.run(&arguments);
            assert_eq!(seen.code, Some(2), "{}", seen.out);
            for part in parts {
                assert!(seen.err.contains(part), "{part:?} is missing in\n{}", seen.err);
            }
        }
    }
    let seen = house.run(&["check", "--config", "none.toml"]);
    assert!(seen.code == Some(2) && seen.err.contains("--config none.toml"), "{}", seen.err);
}

/// Two contracts of two operations, in each of which `nom` goes.
fn contracts(house: &House) {
    let document = |property: &str| {
        let schema = format!("{{type: object, required: [{property}], properties: {{{property}: {{type: string}}}}}}");
        let operation = |id: &str| {
            format!(
                "    get:\n      operationId: {id}\n      responses:\n        '200':\n          description: d\n          content:\n            application/json:\n              schema: {schema}\n"
            )
        };
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /api/students/status:\n{}  /api/students/grants:\n{}",
            operation("student_status"),
            operation("student_grants")
        )
    };
    house.write("old.yml", &document("nom"));
    house.write("new.yml", &document("adresse"));
}

fn diff(house: &House, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["diff", "old.yml", "new.yml", "--format", "json"];
    arguments.extend(more);
    let seen = house.run(&arguments);
    (seen.code, serde_json::from_str(&seen.out).unwrap_or_else(|error| panic!("{error}: {}", seen.err)))
}

#[test]
fn exceptions_hold_for_contracts_too() {
    let house = House::new(&[]);
    contracts(&house);
    assert_eq!(diff(&house, &[]).0, Some(1));
    let exception = |place: &str| {
        format!("[[ignore]]\nrule = \"response-property-removed\"\n{place}reason = \"r\"\nuntil = 2999-01-01\n")
    };
    house.write("vigie.toml", &exception("operation = \"GET /api/students/grants\"\n"));
    let (code, report) = diff(&house, &[]);
    assert_eq!((code, report["ignored"].as_array().map(Vec::len)), (Some(1), Some(1)));
    let removed =
        report["causes"].as_array().into_iter().flatten().find(|cause| cause["rule"] == "response-property-removed");
    assert_eq!(removed.map(|cause| cause["places"].as_array().map(Vec::len)), Some(Some(1)));
    house.write("vigie.toml", &exception("location = \"200 n?m\"\n"));
    assert_eq!(diff(&house, &[]).0, Some(0));
    let seen = house.run(&["diff", "old.yml", "new.yml"]);
    assert!(seen.out.contains("2 findings are ignored by vigie.toml"), "{}", seen.out);
}

#[test]
fn a_change_says_where_the_consumer_uses_it() {
    let house = House::new(&[]);
    contracts(&house);
    let used = |rule: &str| {
        let (code, report) = diff(&house, &["--used-by", "app"]);
        assert_eq!(code, Some(1));
        let cause = report["causes"].as_array().into_iter().flatten().find(|cause| cause["rule"] == rule).cloned();
        (cause.unwrap_or_default()["used"].clone(), report["notes"].clone())
    };
    let seen = house.run(&["diff", "old.yml", "new.yml", "--used-by", "app"]);
    assert!(seen.code == Some(2) && seen.err.contains("--used-by app: no such folder"), "{}", seen.err);
    std::fs::create_dir(house.path("app")).expect("it is made");
    for (text, expected) in [
        ("fn name(client: &Client) {\n    client.student_grants().nom\n}\n", serde_json::json!(["main.rs:2"])),
        ("get(\"/api/students/status\")[\"nom\"]", serde_json::json!(["main.rs:1"])),
        ("get(\"/api/students/status\")[\"prenom\"]", serde_json::json!([])),
    ] {
        house.write("app/main.rs", text);
        assert_eq!(used("response-property-removed"), (expected, Value::Null), "{text}");
    }
    house.write("app/main.rs", "etudiant.nom");
    let (places, notes) = used("response-property-removed");
    assert_eq!(places, serde_json::json!(["main.rs:1"]));
    assert!(notes[0].as_str().is_some_and(|note| note.contains("name no operation")), "{notes}");
    let human = house.run(&["diff", "old.yml", "new.yml", "--used-by", "app"]).out;
    assert!(human.contains("= used: main.rs:1"), "{human}");
}
