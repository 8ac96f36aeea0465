//! The command line, on the real binary: what a user sees, and the exit status a CI reads.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

fn vigie(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder).env_remove("VIGIE_API_PARTICULIER_TOKEN").output().expect("vigie runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A corpus of student cases: name, YAML of the parameters, status, payload.
fn corpus(cases: &[(&str, &str, u16, &str)]) -> tempfile::TempDir {
    let folder = empty();
    let operation = folder.path().join(STUDENT);
    std::fs::create_dir(&operation).expect("it is made");
    for (name, params, status, payload) in cases {
        let text = format!("params: {params}\nstatus: {status}\npayload: '{}'\n", payload.replace('\'', "''"));
        std::fs::write(operation.join(format!("{name}.yml")), text).expect("it is written");
    }
    folder
}

fn check_json(folder: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["check", "--corpus", ".", "--format", "json"];
    arguments.extend(more);
    let output = vigie(&arguments, folder);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", err(&output)));
    (output.status.code(), report)
}

#[test]
fn the_embedded_cases_conform_in_any_folder_and_nothing_is_written() {
    let folder = empty();
    let output = vigie(&["check"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("cases conform (target: sandbox)"), "{}", out(&output));
    assert!(!out(&output).contains('\u{1b}') && err(&output).is_empty(), "no colours and no progress bar in a pipe");
    assert_eq!(std::fs::read_dir(folder.path()).expect("it reads").count(), 0);
    let forced = vigie(&["check", "--color", "always", "--case", "404*"], folder.path());
    assert!(out(&forced).contains('\u{1b}'));
}

#[test]
fn each_kind_of_defect_has_its_verdict_its_place_and_its_line() {
    let bad_date = GOOD.replace("2004-02-12", "2004-02-30");
    let closed = GOOD.replace(r#""admissions": []"#, r#""admissions": [], "surplus": 1"#);
    let without = GOOD.replace(r#", "admissions": []"#, "");
    let extra = GOOD.replace(r#""prenom": "Nolwenn""#, r#""prenom": "Nolwenn", "surnom": "N""#);
    let folder = corpus(&[
        ("a-good", "{ine: 1234567890A}", 200, GOOD),
        ("b-date", "{ine: 1234567890B}", 200, &bad_date),
        ("c-closed", "{ine: 1234567890C}", 200, &closed),
        ("d-required", "{ine: 1234567890D}", 200, &without),
        ("e-extra", "{ine: 1234567890E}", 200, &extra),
        ("f-unknown", "{ine: 1234567890F, inee: x}", 200, GOOD),
        ("g-missing", "{}", 200, GOOD),
        ("h-status", "{ine: 1234567890H}", 418, "{}"),
        ("i-cut", "{ine: 1234567890I}", 200, "{\"data\": "),
        ("j-empty", "{ine: 1234567890J}", 200, ""),
    ]);
    let (code, report) = check_json(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert_eq!((&report["version"], &report["conclusion"]), (&Value::from(1), &Value::from("drift")));
    let cases = report["cases"].as_array().expect("a list");
    let verdicts: Vec<&str> = cases.iter().filter_map(|case| case["verdict"].as_str()).collect();
    assert_eq!(
        verdicts,
        ["conforms", "body", "body", "body", "conforms", "params", "params", "status", "body", "body"]
    );
    let finding = |case: usize, field: &str| cases[case]["findings"][0][field].as_str().unwrap_or_default().to_owned();
    assert_eq!(finding(1, "rule"), "body-invalid");
    assert_eq!(finding(1, "pointer"), "/data/identite/date_naissance");
    assert_eq!(finding(1, "expected"), "format `date`");
    assert_eq!(finding(3, "pointer"), "/data/admissions");
    assert_eq!(finding(5, "rule"), "case-parameter-unknown");
    assert_eq!(finding(6, "rule"), "case-parameter-missing");
    assert_eq!(finding(7, "rule"), "status-undocumented");
    assert_eq!(finding(8, "rule"), "body-not-json");
    assert_eq!(cases[4]["undocumented"], serde_json::json!(["/data/identite/surnom"]));

    // The line that the report names says what the report says.
    let place = finding(1, "contract");
    let (file, line) = place.rsplit_once(':').expect("file:line");
    let text = std::fs::read_to_string(support::root().join(file)).expect("it is in the tree");
    let line: usize = line.parse().expect("a number");
    assert_eq!(text.lines().nth(line - 1).map(str::trim), Some("format: date"));
}

#[test]
fn an_operation_that_no_contract_has_is_told_and_hides_no_other() {
    let folder = corpus(&[("case", "{ine: 1234567890A}", 200, GOOD)]);
    let (known, unknown) = (folder.path().join(STUDENT), folder.path().join("api_particulier_v9_nothing"));
    std::fs::create_dir(&unknown).expect("it is made");
    std::fs::copy(known.join("case.yml"), unknown.join("case.yml")).expect("it is copied");
    let (code, report) = check_json(folder.path(), &[]);
    assert_eq!((code, &report["conclusion"]), (Some(3), &Value::from("inconclusive")));
    assert_eq!(report["summary"]["verdicts"], serde_json::json!({"conforms": 1, "skipped": 1}));
    std::fs::remove_dir_all(known).expect("it is removed");
    let (code, report) = check_json(folder.path(), &[]);
    assert_eq!((code, &report["cases"][0]["findings"][0]["rule"]), (Some(3), &Value::from("operation-unknown")));
}

#[test]
fn human_output_reads_like_a_compilers() {
    let folder = corpus(&[("b-date", "{ine: 1234567890B}", 200, &GOOD.replace("2004-02-12", "2004-02-30"))]);
    let output = vigie(&["check", "--corpus", "."], folder.path());
    let text = out(&output);
    for part in [
        "error[body-invalid]: the body does not fit the contract",
        "b-date.yml",
        "GET /v3/mesri/statut_etudiant/ine -> 200, at /data/identite/date_naissance",
        "= expected: format `date`",
        "= observed: \"2004-02-30\"",
        "= contract: specs/api-particulier/v3/open-api.yml:",
        "0 of 1 cases conform",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

#[test]
fn snapshots_are_proposed_accepted_and_tell_shape_from_data() {
    let folder = corpus(&[("case", "{ine: 1234567890A}", 200, GOOD)]);
    let file = folder.path().join(STUDENT).join("case.yml");
    let accepted = folder.path().join(format!("snaps/api-particulier/{STUDENT}/case.snap"));
    let proposed = accepted.with_extension("snap.new");
    std::fs::create_dir(folder.path().join("snaps")).expect("it is made");
    let check = || check_json(folder.path(), &["--snapshots", "snaps"]);
    let rules = |report: &Value| -> Vec<String> {
        let findings = report["cases"][0]["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().filter_map(|finding| finding["rule"].as_str().map(str::to_owned)).collect()
    };

    let (code, report) = check();
    assert_eq!((code, rules(&report)), (Some(0), vec!["snapshot-missing".to_owned()]));
    std::fs::rename(&proposed, &accepted).expect("it was proposed");
    let (code, report) = check();
    assert_eq!((code, rules(&report), proposed.exists()), (Some(0), vec![], false));

    let text = std::fs::read_to_string(&file).expect("it reads");
    for (changed, code, rule) in [
        (text.replace("LE GOFF", "LE BRAS"), 0, "data-changed"),
        (text.replace("LE GOFF", "Le Goff"), 1, "value-form-changed"),
        (text.replace("Nolwenn", ""), 0, "value-null"),
        (text.replace("\"LE GOFF\"", "null"), 1, "body-invalid"),
    ] {
        std::fs::write(&file, &changed).expect("it is written");
        let (status, report) = check();
        assert_eq!(status, Some(code), "{report}");
        assert_eq!(rules(&report).iter().filter(|told| *told == rule).count(), 1, "{rule}: {report}");
        assert!(proposed.exists());
    }
    // A token with fewer scopes: no key is removed, it is told once, and the snapshot that has the key stays.
    std::fs::write(&file, format!("scopes: [mesri_identite]\n{text}")).expect("it is written");
    let (code, report) = check();
    assert_eq!((code, rules(&report), proposed.exists()), (Some(0), vec!["scope-masked".to_owned()], false));
    std::fs::write(&file, &text).expect("it is written");
    assert_eq!(check().0, Some(0));
    assert!(!proposed.exists(), "a proposal that no longer differs is taken back");
    let snapshot = std::fs::read_to_string(&accepted).expect("it reads");
    assert!(!snapshot.contains("sandbox-token") && !snapshot.contains("ratelimit-reset:"), "{snapshot}");
}

#[test]
fn bad_input_gets_one_message_with_place_and_mend() {
    let folder = empty();
    let bad = folder.path().join(format!("bad/{STUDENT}"));
    std::fs::create_dir_all(&bad).expect("it is made");
    std::fs::write(bad.join("a.yml"), "status: 200\nparams:\n  ine: [\n").expect("it is written");
    let header = folder.path().join(format!("header/{STUDENT}"));
    std::fs::create_dir_all(&header).expect("it is made");
    let text = "status: 200\nheaders:\n  X-Key: \"a\\nb\"\n";
    std::fs::write(header.join("a.yml"), text).expect("it is written");
    std::fs::create_dir(folder.path().join("large")).expect("it is made");
    std::fs::write(folder.path().join("large/q.graphql"), vec![b' '; 2 << 20]).expect("it is written");
    let nested = "{a,".repeat(2000) + &"}".repeat(2000);
    std::fs::create_dir(folder.path().join("hollow")).expect("it is made");
    std::fs::create_dir(folder.path().join("stray")).expect("it is made");
    std::fs::write(folder.path().join("stray/stray.yml"), "status: 200\n").expect("it is written");
    let busy = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = busy.local_addr().expect("it has one").port().to_string();
    let cases: &[(&[&str], i32, &[&str])] = &[
        (
            &["check", "--operation", "statut_etudiant_with_ine"],
            2,
            &["no operation", "did you mean", "vigie list operations"],
        ),
        (&["check", "--provider", "nobody"], 2, &["no provider `nobody`", "api-particulier"]),
        (&["check", "--case", "nothing-like-it"], 2, &["no case matches"]),
        (&["check", "--case", "["], 2, &["--case"]),
        (&["check", "--corpus", "bad"], 2, &["a.yml", "a.yml:4:1"]),
        (&["check", "--corpus", "hollow"], 2, &["hollow", "no cases"]),
        (&["check", "--corpus", "missing"], 2, &["missing"]),
        (&["check", "--target", "ftp://example.org"], 2, &["ftp://example.org", "sandbox"]),
        (&["check", "--jobs", "0"], 2, &["--jobs"]),
        (&["serve", "--port", &port], 2, &[&port]),
        (&["call", STUDENT], 2, &["`ine` is required", "ine=VALUE"]),
        (&["call", STUDENT, "ine=1234567890G", "inee=x"], 2, &["no parameter `inee`", "ine (required)"]),
        (&["call", STUDENT, "ine"], 2, &["name=value"]),
        (&["call", "nothing"], 2, &["no operation `nothing`"]),
        (&["check", "--corpus", "stray"], 2, &["stray.yml", "not in the folder of an operation"]),
        (&["check", "--snapshots", "stray/stray.yml"], 2, &["stray.yml", "not a folder"]),
        (&["check", "--target", "http://me:secret@127.0.0.1:9"], 2, &["password"]),
        (&["check", "--target", "http://me:secret@127.0.0.1:99999"], 2, &["password"]),
        (&["check", "--target", "http://127.0.0.1:9/#secret"], 2, &["use only the base URL"]),
        (&["check", "--case", &nested], 2, &["--case: a pattern of more than 1000 bytes"]),
        (&["check", "--provider", "mobilic", "--case", "nothing"], 2, &["vigie list cases --provider mobilic"]),
        (&["check", "--provider", "nobody", "--operations", "."], 2, &["no provider `nobody`"]),
        (&["check", "--operations", "large"], 2, &["q.graphql", "larger than 1 MiB"]),
        (&["check", "--corpus", "header"], 2, &["a.yml:3:3", "the header `X-Key` has a value"]),
        (&["explain", "respnse-type-changed"], 2, &["no rule", "did you mean `response-type-changed`", "--list"]),
        (&["explain", "zzz"], 2, &["no rule `zzz`; `vigie explain --list`"]),
        (&["explain"], 2, &["RULE"]),
        (&["frobnicate"], 2, &["frobnicate"]),
    ];
    for (arguments, code, parts) in cases {
        let output = vigie(arguments, folder.path());
        let message = err(&output);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {message}");
        for part in *parts {
            assert!(message.contains(part), "{arguments:?}: {part:?} is missing in\n{message}");
        }
        assert!(!message.contains("secret"), "{message}");
        assert!(!message.contains("panicked") && !message.contains("stack backtrace"), "{arguments:?}: {message}");
    }
}

/// That a target is down is found out by asking it, so it is a report like any other, and says how to mend it.
#[test]
fn a_target_that_is_down_is_told_in_the_report_with_its_mend() {
    let folder = empty();
    // A port that was free a moment ago, and that nobody listens on.
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("it has one");
    let closed = format!("http://{closed}");
    let asked = ["check", "--target", &closed, "--report", "summary=summary.md"];
    let output = vigie(&asked, folder.path());
    let text = out(&output);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(3), ""), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(
        last.starts_with(&format!("note: {closed}: ")) && last.contains("`vigie serve` starts a sandbox"),
        "{text}"
    );
    assert!(text.contains("outage[host-refused]"), "{text}");
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).expect("it is written");
    assert!(summary.contains(&closed) && summary.contains("vigie serve"), "{summary}");
}

#[test]
fn list_names_what_there_is_and_a_reader_may_go_away() {
    let folder = empty();
    let operations = out(&vigie(&["list"], folder.path()));
    assert!(operations.contains("GET /v3/mesri/statut_etudiant/ine"), "{operations}");
    let counted = format!("api-particulier  {} operations", operations.matches("api_particulier_").count());
    assert!(out(&vigie(&["list", "providers"], folder.path())).contains(&counted), "{counted}");
    let cases = out(&vigie(&["list", "cases", "--operation", STUDENT], folder.path()));
    assert!(cases.lines().count() >= 8 && cases.lines().all(|line| line.starts_with(STUDENT)), "{cases}");

    for command in [&["list"][..], &["explain", "--list"], &["explain", "body-invalid"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("vigie runs");
        drop(child.stdout.take());
        let mut message = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut message).expect("it reads");
        assert!(child.wait().expect("it ends").success() && message.is_empty(), "{message}");
    }
}

#[test]
fn every_rule_is_explained_in_any_folder_with_its_example() {
    let folder = empty();
    let list = vigie(&["explain", "--list"], folder.path());
    let list = out(&list);
    let rules: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert_eq!(rules.len(), vigie_drift::rules::all().count());
    assert!(list.starts_with("Operations and servers\n  operation-added "), "{list}");
    for rule in rules {
        let output = vigie(&["explain", rule], folder.path());
        assert_eq!(output.status.code(), Some(0), "{rule}: {}", err(&output));
    }
    let text = out(&vigie(&["explain", "response-type-changed"], folder.path()));
    for part in [
        "response-type-changed: the type of a value changed\nbreaking, definite\n",
        "Detects: A type that",
        "Why it matters: a typed parser fails\n",
        "Example: GET /v1/foyer answers with the type string at 200 loyer",
        "\n  -                  loyer: {type: number}\n  +                  loyer: {type: string}\n",
        "\n  old: refuses\n  new: accepts\n",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    let case = out(&vigie(&["explain", "body-invalid"], folder.path()));
    assert!(case.contains("\nWhat the target answers\n  status: 200\n"), "{case}");
    let forced = out(&vigie(&["explain", "response-type-changed", "--color", "always"], folder.path()));
    assert!(forced.contains("\u{1b}[32m+"), "what came is green");
}

/// A served sandbox, stopped when it goes out of scope.
struct Served {
    child: Child,
    url: String,
    /// Kept open, as a terminal would be.
    _stdout: BufReader<std::process::ChildStdout>,
}

impl Served {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let mut child = command
            .args(["serve", "--port", "0"])
            .args(more)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("vigie runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut line).expect("it says where it is");
        let url = line.split(' ').find(|word| word.starts_with("http://")).expect("a URL").to_owned();
        Self { child, url, _stdout: stdout }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn a_served_sandbox_is_a_target_like_any_other() {
    let folder = corpus(&[("case", "{ine: 1234567890A}", 200, GOOD)]);
    let served = Served::start(folder.path(), &["--corpus", ".", "--quota", "0"]);
    let (code, report) = check_json(folder.path(), &["--target", &served.url]);
    assert_eq!((code, &report["cases"][0]["verdict"]), (Some(0), &Value::from("conforms")));
    let call = vigie(&["call", STUDENT, "ine=1234567890A", "--target", &served.url], folder.path());
    assert_eq!(call.status.code(), Some(0), "{}", err(&call));
    assert!(
        out(&call).contains("-> 200 OK application/vnd.api+json") && out(&call).contains("LE GOFF"),
        "{}",
        out(&call)
    );
    let raw = vigie(&["call", STUDENT, "ine=1234567890A", "--raw", "--target", &served.url], folder.path());
    assert_eq!(out(&raw), GOOD);
}

#[test]
fn a_call_that_the_api_refuses_shows_its_typed_error() {
    let output = vigie(&["call", STUDENT, "ine=short"], empty().path());
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("422") && out(&output).contains("00360"), "{}", out(&output));
    // Of a query the refusal comes under status 200.
    let output = vigie(&["call", "--provider", "mobilic", "user", "id=999999999"], empty().path());
    assert_eq!(output.status.code(), Some(1), "{}", out(&output));
    assert!(out(&output).contains("200 OK") && out(&output).contains("\"errors\""), "{}", out(&output));
}
