//! A real host's answers are people's: whatever is wrong with them, no report and no file tells a value.

use std::path::Path;
use std::process::Command;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const V2_STUDENT: &str = "api_particulier_v2_mesri_student_status";
const TOKEN: &str = "s3cret-token-of-a-town";

/// What the sandbox answers, and what was accepted.
const STORED: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

/// Answers of a real host, each with something wrong in another way, and what must never be told of them.
const ANSWERS: [(u16, &str, &[&str]); 10] = [
    // Formats, types, enums, lists, and a property that nobody knows.
    (
        200,
        r#"{"data": {"identite": {"nom_naissance": {"brut": "OSTERMANN"}, "prenom": ["Mathilde"], "date_naissance": "2007-08-32", "surnom": "Thilde"}, "admissions": "Brestoise"}, "links": {}, "meta": {}}"#,
        &["OSTERMANN", "Mathilde", "2007-08-32", "Thilde", "Brestoise"],
    ),
    (
        200,
        r#"{"data": {"identite": {"nom_naissance": "OSTERMANN", "prenom": "Mathilde", "date_naissance": "2007-08-22"}, "admissions": [{"date_debut": "2026-06-31", "est_inscrit": "peut-etre", "regime_formation": {"libelle": "Alternance de Brest", "code": "secret-regime"}, "code_cog_insee_commune": 29019.5, "etablissement_etudes": {"nom": 4711471147}}]}, "links": {}, "meta": {}}"#,
        &[
            "OSTERMANN",
            "Mathilde",
            "2007-08-22",
            "2026-06-31",
            "peut-etre",
            "Brest",
            "secret-regime",
            "29019",
            "4711471147",
        ],
    ),
    // Only values moved.
    (200, PLAIN, &["OSTERMANN", "Mathilde", "2007-08-22"]),
    // No object, no code, another status, no JSON.
    (200, r#"["OSTERMANN", 1980575116001]"#, &["OSTERMANN", "1980575116001"]),
    (200, r#""OSTERMANN Mathilde""#, &["OSTERMANN", "Mathilde"]),
    (
        404,
        r#"{"errors": [{"code": "OSTERMANN", "title": "Mathilde", "detail": {"ine": "1138578326T"}, "meta": {"nir": 1980575116001}}]}"#,
        &["OSTERMANN", "Mathilde", "1138578326T", "1980575116001"],
    ),
    // Cut off, which is no drift; whole, and no JSON.
    (200, r#"{"data": {"nom": "OSTERMANN", "#, &["OSTERMANN"]),
    (200, r#"{"data": {"nom": OSTERMANN}}"#, &["OSTERMANN"]),
    // Keys and codes that are somebody's.
    (
        200,
        r#"{"data": {"identite": {"nom_naissance": "OSTERMANN", "prenom": "x", "date_naissance": "2007-08-22", "dossier_ostermann": {"OSTERMANN": 1}}, "admissions": [{"Mathilde": {"Brest": [{"0601020304": 1}]}}]}, "links": {"OSTERMANN Mathilde": null}, "meta": {"m@ostermann.fr": 1}}"#,
        &["OSTERMANN", "ostermann", "Mathilde", "0601020304", "Brest"],
    ),
    (
        404,
        r#"{"errors": [{"code": "ostermann", "title": "t", "detail": "d", "source": null, "meta": {}}]}"#,
        &["ostermann"],
    ),
];
const PLAIN: &str = r#"{"data": {"identite": {"nom_naissance": "OSTERMANN", "prenom": "Mathilde", "date_naissance": "2007-08-22"}, "admissions": []}, "links": {}, "meta": {}}"#;

/// A host that gives one answer to every case. What no case asks for it does not know, as only gateways do.
fn answering(status: u16, body: &'static str) -> String {
    support::host::start(move |first| {
        let is_case = first.contains("ine=");
        let (status, body) = if is_case { (status, body) } else { (404, "{}") };
        support::host::http(&format!("{status} X"), [("Content-Type", "application/json")], body)
    })
}

fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = |operation: &str, name: &str, text: &str| {
        let operation = folder.path().join("cases").join(operation);
        std::fs::create_dir_all(&operation).expect("it is made");
        std::fs::write(operation.join(name), text).expect("it is written");
    };
    case(STUDENT, "good.yml", &format!("params: {{ine: 1234567890G}}\nstatus: 200\npayload: '{STORED}'\n"));
    let error = r#"{"errors": [{"code": "00366", "title": "t", "detail": "d", "source": null, "meta": {}}]}"#;
    let expects = "expect: {code: '00366'}";
    case(STUDENT, "404.yml", &format!("params: {{ine: 1234567890H}}\nstatus: 404\npayload: '{error}'\n{expects}\n"));
    case(V2_STUDENT, "none.yml", "params: {ine: 1234567890H}\nstatus: 404\nexpect: {error: not_found}\n");
    std::fs::create_dir(folder.path().join("snaps")).expect("it is made");
    folder
}

fn check(folder: &Path, more: &[&str], token: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", "cases", "--snapshots", "snaps"]).args(more).current_dir(folder);
    command.env_remove("VIGIE_API_PARTICULIER_TOKEN").env("RUST_BACKTRACE", "1");
    command.envs(token.map(|token| ("VIGIE_API_PARTICULIER_TOKEN", token)));
    let output = command.output().expect("vigie runs");
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code(), text)
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("it reads") {
        let path = entry.expect("it reads").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).expect("it reads")));
        }
    }
    found.sort();
}

#[test]
fn no_report_and_no_file_tells_a_value_of_a_real_host() {
    let folder = corpus();
    // The accepted snapshots are those of the sandbox, so that values and shapes have something to differ from.
    assert_eq!(check(folder.path(), &[], None).0, Some(0), "{}", check(folder.path(), &[], None).1);
    let mut before = Vec::new();
    files(folder.path(), &mut before);
    for (new, _) in before.drain(..) {
        if let Some(accepted) = new.strip_suffix(".new") {
            std::fs::rename(&new, accepted).expect("it is renamed");
        }
    }
    // An exception tells what it takes out.
    let ignored = "[[ignore]]\nrule = \"data-changed\"\nreason = \"r\"\nuntil = 2999-12-31\n";
    std::fs::write(folder.path().join("ignore.toml"), ignored).expect("it is written");
    files(folder.path(), &mut before);
    let mut rules = String::new();
    for (status, body, values) in ANSWERS {
        let target = answering(status, body);
        for more in
            [&["--format", "human"][..], &["--format", "json"], &["--format", "json", "--config", "ignore.toml"]]
        {
            let (code, text) = check(folder.path(), &[&["--target", &target], more].concat(), Some(TOKEN));
            assert!(matches!(code, Some(0 | 1 | 3)), "{code:?}: {text}");
            for value in values.iter().chain(&[TOKEN]) {
                assert!(!text.to_lowercase().contains(&value.to_lowercase()), "`{value}` is told of {body}:\n{text}");
            }
            rules += &text;
        }
        let mut after = Vec::new();
        files(folder.path(), &mut after);
        assert_eq!(before, after, "a file was written or changed");
    }
    // Each rule that would have told one has met it.
    for rule in
        ["body-invalid", "data-changed", "client-decode-failed", "error-code-differs", "body-not-json", "value-"]
    {
        assert!(rules.contains(rule), "{rule} was not met");
    }
    assert!(
        rules.contains("a string that looks like: date") && rules.contains("an object"),
        "types and forms stay: {rules}"
    );
}

#[test]
fn values_of_the_sandbox_and_of_an_own_corpus_stay() {
    let folder = corpus();
    let case = folder.path().join("cases").join(STUDENT).join("good.yml");
    let text = std::fs::read_to_string(&case).expect("it reads").replace("2004-02-12", "2004-02-30");
    std::fs::write(case, text).expect("it is written");
    let (code, text) = check(folder.path(), &[], None);
    assert_eq!(code, Some(1));
    assert!(text.contains("2004-02-30"), "{text}");
}
