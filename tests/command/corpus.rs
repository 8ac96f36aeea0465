//! The official repository as a clone has it: cases of two providers, keys that are not ours, folders of its own.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GRANT: &str = "api_particulier_v3_cnous_etudiant_boursier_with_ine";
const BODY: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;

/// A clone, in miniature: `apistration/mocks/payloads`.
struct Clone(tempfile::TempDir);

impl Clone {
    fn new() -> Self {
        let clone = Self(tempfile::tempdir().expect("a temporary folder"));
        let case =
            |ine: &str, more: &str| format!("---\nparams:\n  ine: {ine}\nstatus: 200\n{more}payload: |-\n  {BODY}\n");
        let documented = "title: 'A student'\nexample: true\ndescription: |-\n  ## Enrolled\n";
        for (file, text) in [
            (format!("{STUDENT}/200.yaml"), case("1234567890A", documented)),
            (format!("{STUDENT}/other.yml"), case("1234567890B", "api_path: /v3/x\nexpects: {code: '1'}\n")),
            (format!("{STUDENT}/third.yml"), case("1234567890C", "expects: {code: '2'}\n")),
            (format!("{STUDENT}/README.md"), "# Students\n".to_owned()),
            ("api_entreprise_v3_insee_successions/200.yaml".to_owned(), "title: ['not', 'ours\nparams: [".to_owned()),
            ("api_entreprise_v3_insee_successions/404.yml".to_owned(), "status: 404\n".to_owned()),
            ("api_entreprise_v4_mi_unites_legales/200.yaml".to_owned(), "status: 200\n".to_owned()),
            ("README.md".to_owned(), "# Payloads\n".to_owned()),
        ] {
            clone.write(&format!("apistration/mocks/payloads/{file}"), &text);
        }
        clone.write("apistration/mocks/tokens/default", "a-token");
        clone
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }

    fn vigie(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let output = command.args(arguments).current_dir(self.path()).output().expect("vigie runs");
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (output.status.code(), out, err)
    }

    fn check(&self, more: &[&str]) -> (Option<i32>, String, String) {
        self.vigie(&[&["check", "--corpus", "apistration"], more].concat())
    }

    fn json(&self, more: &[&str]) -> (Option<i32>, Value) {
        let (code, out, err) = self.check(&[&["--format", "json"], more].concat());
        (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
    }
}

#[test]
fn a_clone_works_as_it_is_from_its_root_its_mocks_and_its_payloads() {
    let clone = Clone::new();
    let (code, whole, err) = clone.check(&[]);
    assert_eq!(code, Some(0), "{whole}{err}");
    let lines = [
        "3 of 3 cases conform (target: sandbox)",
        "3 cases of API Entreprise: no contract here",
        "note: unknown key `api_path` ignored in 1 case, first at \
         apistration/mocks/payloads/api_particulier_v3_mesri_statut_etudiant_with_ine/other.yml:5",
        "note: unknown key `expects` ignored in 2 cases, first at \
         apistration/mocks/payloads/api_particulier_v3_mesri_statut_etudiant_with_ine/other.yml:6; did you mean `expect`?",
    ];
    for line in lines {
        assert_eq!(whole.lines().filter(|own| *own == line).count(), 1, "{line}\n{whole}");
    }
    assert!(!whole.contains("insee") && !whole.contains("title"), "not one entry a case: {whole}");
    for folder in ["apistration/mocks", "apistration/mocks/payloads", "./apistration/"] {
        let (code, out, err) = clone.vigie(&["check", "--corpus", folder]);
        assert_eq!((code, out.lines().next()), (Some(0), whole.lines().next()), "{folder}: {err}");
    }
}

#[test]
fn what_is_not_chosen_is_not_parsed() {
    let clone = Clone::new();
    clone.write(&format!("apistration/mocks/payloads/{GRANT}/broken.yaml"), "status: [\n");
    clone.write("apistration/mocks/payloads/france_connect/broken.yml", "params: [\n");
    clone.write(&format!("apistration/mocks/payloads/{STUDENT}/broken.yaml"), "status: [\n");
    clone.write("apistration/mocks/payloads/topic/broken.yaml", "steps: [\n");
    let (code, report) = clone.json(&[]);
    assert_eq!((code, &report["summary"]["verdicts"]["skipped"]), (Some(3), &4.into()), "{report}");
    let (code, report) = clone.json(&["--operation", STUDENT, "--case", "200"]);
    assert_eq!((code, &report["summary"]["cases"]), (Some(0), &1.into()), "{report}");
    assert!(report.get("elsewhere").is_none() && report.get("unknown_keys").is_none(), "{report}");
    let (code, report) = clone.json(&["--operation", STUDENT]);
    assert_eq!((code, &report["summary"]["verdicts"]["skipped"]), (Some(3), &1.into()), "{report}");
    assert_eq!(report["unknown_keys"][1]["places"].as_array().map(Vec::len), Some(2), "{report}");
    let (code, report) = clone.json(&["--case", "api_entreprise_v3*/404"]);
    assert_eq!((code, &report["elsewhere"][0]["cases"]), (Some(3), &1.into()), "nothing was judged: {report}");
}

/// A stored answer that hides another one does it in every part of a corpus.
#[test]
fn shards_of_a_corpus_merge_to_the_report_of_one_run() {
    let clone = Clone::new();
    let hidden = BODY.replace("Nolwenn", "Annaig");
    let text = format!("params: {{ine: 1234567890A}}\nstatus: 200\nparam: 1\npayload: '{hidden}'\n");
    clone.write(&format!("apistration/mocks/payloads/{STUDENT}/zz-hidden.yml"), &text);
    clone.write(&format!("apistration/mocks/payloads/{STUDENT}/broken.yml"), "status: [\n");
    clone.write("apistration/mocks/payloads/api_particulier_v9_nothing/404.yml", &text);
    assert_eq!(clone.check(&["--report", "json=whole.json"]).0, Some(3));
    for (shard, cases) in [("1", "*/2*"), ("2", "*/[o4z]*"), ("3", "*/[tb]*")] {
        let report = format!("json=shards/{shard}.json");
        std::fs::create_dir_all(clone.path().join("shards")).expect("it is made");
        let (code, out, err) = clone.check(&["--case", cases, "--report", &report]);
        assert!(matches!(code, Some(0 | 3)), "{cases}: {out}{err}");
    }
    let (code, merged, err) = clone.vigie(&["merge", "shards", "--expect", "3", "--format", "json"]);
    assert_eq!((code, err.as_str()), (Some(3), ""));
    let whole = std::fs::read_to_string(clone.path().join("whole.json")).expect("it is there");
    assert!(whole.contains("case-shadowed") && whole.contains("api_entreprise_v4") && whole.contains("\"param\""));
    assert_eq!(merged, whole);
    // Overlapping parts count nothing twice.
    let (_, twice, _) = clone.vigie(&["merge", "shards", "whole.json", "--format", "json"]);
    assert_eq!(twice, whole);
}

#[test]
fn another_provider_of_ours_is_named_and_judged_by_nobody() {
    let clone = Clone::new();
    let (code, out, _) = clone.check(&["--provider", "mobilic"]);
    assert_eq!(code, Some(3), "{out}");
    assert!(out.contains("3 cases of API Particulier: use `--provider api-particulier` for them"), "{out}");
}

#[test]
fn what_serves_lists_and_records_a_clone_reads_it_too() {
    let clone = Clone::new();
    let (code, out, err) = clone.vigie(&["list", "cases", "--corpus", "apistration"]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out.lines().count(), 4, "{out}");
    assert_eq!(out.lines().last(), Some("3 cases of API Entreprise: no contract here"));
    let key = "a key that is long enough to be one, is it not";
    std::fs::write(clone.path().join("key"), key).expect("it is written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = clone.path().join("key");
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
    }
    let arguments = ["record", "--corpus", "apistration", "--target", "sandbox", "--out", "out", "--key-file", "key"];
    let (code, out, err) = clone.vigie(&arguments);
    assert!(code == Some(0) && out.contains("3 cases of API Entreprise: no contract here"), "{out}{err}");
}
