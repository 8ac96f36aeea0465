//! Green means judged: a case that could not be judged makes a run inconclusive, unless somebody said why it may pass. What
//! is kept from a target on purpose is reported, and does not.

use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const BODY: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
const TOKEN: &str = "VIGIE_API_PARTICULIER_TOKEN";

/// A folder, and what `vigie` says in it.
struct Site(tempfile::TempDir);

struct Told {
    code: Option<i32>,
    text: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl Site {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
        self
    }

    /// Good cases of an operation.
    fn good(&self, operation: &str, count: usize) -> &Self {
        for number in 0..count {
            let text = format!("params: {{ine: '12345678{number:02}A'}}\nstatus: 200\npayload: '{BODY}'\n");
            self.write(&format!("cases/{operation}/good-{number}.yml"), text);
        }
        self
    }

    fn vigie(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(arguments).current_dir(self.path()).env_remove(TOKEN).env_remove("VIGIE_MOBILIC_TOKEN");
        let output = command.envs(variables.iter().copied()).output().expect("vigie runs");
        let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        Told { code: output.status.code(), text }
    }

    fn check(&self, more: &[&str]) -> Told {
        self.vigie(&[&["check", "--corpus", "cases"], more].concat(), &[])
    }
}

fn ignore(rule: &str) -> String {
    format!("[[ignore]]\nrule = \"{rule}\"\nreason = \"agreed\"\nuntil = 2999-12-31\n")
}

/// A double of a provider with our own cases, as a program of its own would serve it.
async fn double(name: &str) -> Running {
    let plan = Plan::new(provider(name).expect("ours"), None).expect("our own cases");
    let sandbox = plan.provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    sandbox.start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port")
}

#[test]
fn a_misspelt_folder_is_not_green_and_is_told_what_it_may_mean() {
    let site = Site::new();
    site.good(STUDENT, 13).good("api_particulier_v3_mesri_statut_etudiante_with_ine", 13);
    let told = site.check(&[]);
    assert_eq!(told.code, Some(3), "{}", told.text);
    for part in [
        "13 of 26 cases conform",
        "; 13 cases skipped",
        "unjudged[operation-unknown]",
        &format!("did you mean `{STUDENT}`?"),
    ] {
        assert!(told.text.contains(part), "{part}: {}", told.text);
    }
    // Who says that they may pass has to say why, for all runs or for one.
    let allowed = site.check(&["--allow-skipped"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.text);
    assert!(allowed.text.contains("; 13 cases skipped") && allowed.text.contains("did you mean"), "{}", allowed.text);
    site.write("vigie.toml", ignore("operation-unknown"));
    let excepted = site.check(&[]);
    assert_eq!(excepted.code, Some(0), "{}", excepted.text);
    assert!(excepted.text.contains("13 findings are ignored by vigie.toml"), "{}", excepted.text);
    site.write("vigie.toml", "[severity]\noperation-unknown = \"compatible\"\n");
    let refused = site.check(&[]);
    assert!(refused.code == Some(2) && refused.text.contains("--allow-skipped"), "{}", refused.text);
    // Nothing that was judged is left, and no word of anybody makes that green.
    std::fs::remove_dir_all(site.path().join("cases").join(STUDENT)).expect("it is there");
    site.write("vigie.toml", ignore("operation-unknown"));
    for more in [&["--allow-skipped"][..], &[]] {
        let told = site.check(more);
        assert!(told.code == Some(3) && told.text.contains("nothing was judged"), "{}", told.text);
    }
}

#[test]
fn drift_outranks_what_could_not_be_judged() {
    let site = Site::new();
    let drift = format!("params: {{ine: 1234567890B}}\nstatus: 200\npayload: '{}'\n", BODY.replace("02-12", "02-30"));
    site.good("api_particulier_v9_nothing", 1).write(&format!("cases/{STUDENT}/date.yml"), drift);
    assert_eq!(site.check(&[]).code, Some(1));
}

#[test]
fn a_file_that_cannot_be_read_ends_no_run_and_is_not_green() {
    let site = Site::new();
    site.good(STUDENT, 2);
    let bad: [(&str, &[u8], &str); 5] = [
        ("syntax.yml", b"status: 200\nparams: [\n", "2:9: params: "),
        ("text.yml", &[0x73, 0xff, 0xfe], "UTF-8"),
        ("status.yml", b"params: {}\n", "missing field `status`"),
        ("expect.yml", b"status: 200\nexpect: {cod: 1}\n", "2:10: expect: unknown field `cod`"),
        ("steps.yml", b"steps:\n- operation: api_particulier_v2_pin\n", "did you mean `api_particulier_v2_ping`?"),
    ];
    for (name, text, told) in bad {
        let path = format!("cases/{STUDENT}/{name}");
        site.write(&path, text);
        let report = site.check(&[]);
        assert_eq!(report.code, Some(3), "{name}: {}", report.text);
        for part in ["unjudged[case-unreadable]", &format!("--> {path}"), told, "2 of 3 cases conform"] {
            assert!(report.text.contains(part), "{name}: {part} is missing in\n{}", report.text);
        }
        assert_eq!(site.check(&["--allow-skipped"]).code, Some(0), "{name}");
        // It is not asked for: it may be as broken as it likes.
        for more in [&["--case", "good-*"][..], &["--case", &format!("{STUDENT}/good-1")]] {
            assert_eq!(site.check(more).code, Some(0), "{name}: {more:?}: {}", site.check(more).text);
        }
        std::fs::remove_file(site.path().join(path)).expect("it is there");
    }
    // In another folder, beside the folders, and below one.
    for path in ["cases/api_particulier_v2_ping/x.yml", "cases/x.yml", &format!("cases/{STUDENT}/below/x.yml")] {
        site.write(path, "status: [\n");
        assert_eq!(site.check(&[]).code, Some(3), "{path}");
        assert_eq!(site.check(&["--case", "good-*"]).code, Some(0), "{path}");
        std::fs::remove_file(site.path().join(path)).expect("it is there");
    }
    site.write("cases/api_particulier_v2_ping/x.yml", "status: [\n");
    assert_eq!(site.check(&["--operation", STUDENT]).code, Some(0));
    let none = site.check(&["--operation", "api_particulier_v2_ping"]);
    assert_eq!(none.code, Some(2), "not one file that is asked for can be read: {}", none.text);
    #[cfg(unix)]
    {
        std::fs::remove_dir_all(site.path().join("cases/api_particulier_v2_ping")).expect("it is there");
        let link = site.path().join("cases").join(STUDENT).join("gone.yml");
        std::os::unix::fs::symlink("/nowhere/at/all.yml", link).expect("a link");
        let told = site.check(&[]);
        assert!(told.code == Some(3) && told.text.contains("No such file or directory"), "{}", told.text);
        std::fs::remove_file(site.path().join("cases").join(STUDENT).join("gone.yml")).expect("it is there");
        std::os::unix::fs::symlink("/nowhere", site.path().join("cases/api_particulier_v2_ping")).expect("a link");
        let told = site.check(&[]);
        assert!(told.code == Some(3) && told.text.contains("the link leads nowhere"), "{}", told.text);
    }
}

#[test]
fn an_empty_folder_of_an_operation_is_told() {
    let site = Site::new();
    site.good(STUDENT, 1).write("cases/api_particulier_v2_ping/case.json", "{}").write("cases/notes/a.md", "");
    let told = site.check(&[]);
    assert!(told.text.contains("note: cases/api_particulier_v2_ping: no case (`*.yml`)"), "{}", told.text);
    assert!(!told.text.contains("notes"), "{}", told.text);
}

/// Whoever gives cases of their own means them to be sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_the_token_cannot_provoke_is_not_green() {
    let running = double("api-particulier").await;
    let site = Site::new();
    let case = |more: &str| format!("{more}params: {{}}\nstatus: 200\n");
    site.write("cases/api_particulier_v2_ping/good.yml", case(""));
    for more in ["credential: expired\n", "scopes: [mesri_identite]\n"] {
        site.write("cases/api_particulier_v2_introspect/other.yml", case(more));
        let arguments = ["check", "--corpus", "cases", "--target", &running.base_url(), "--format", "json"];
        let check = |more: &[&str]| site.vigie(&[&arguments, more].concat(), &[(TOKEN, "sandbox-token")]);
        let told = check(&[]);
        let report = told.json();
        assert_eq!((told.code, &report["summary"]["verdicts"]["skipped"]), (Some(3), &1.into()), "{}", told.text);
        assert_eq!(report["cases"][0]["findings"][0]["rule"], "case-not-sent", "{}", told.text);
        assert_eq!(check(&["--allow-skipped"]).code, Some(0));
        site.write("except.toml", ignore("case-not-sent"));
        assert_eq!(check(&["--config", "except.toml"]).code, Some(0));
    }
    // An exception for what is wrong with its request is none for its answer, which nobody saw.
    site.write("cases/api_particulier_v2_introspect/other.yml", "params: {x: 1}\nstatus: 200\n");
    site.write("except.toml", ignore("case-parameter-unknown"));
    let arguments = ["check", "--corpus", "cases", "--target", &running.base_url(), "--config", "except.toml"];
    let told = site.vigie(&arguments, &[(TOKEN, "sandbox-token")]);
    assert!(told.code == Some(3) && told.text.contains("1 of 2 cases conform"), "{}", told.text);
}

/// The same of a recording.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_meant_to_be_recorded_and_was_not_is_not_green() {
    let running = double("api-particulier").await;
    let site = Site::new();
    site.write("cases/api_particulier_v2_ping/good.yml", "status: 200\n");
    let variables = [(TOKEN, "sandbox-token"), ("VIGIE_RECORD_KEY", "a key that is as long as a key has to be")];
    let arguments = ["record", "--corpus", "cases", "--target", &running.base_url(), "--out", "out"];
    let record = |more: &[&str]| site.vigie(&[&arguments, more].concat(), &variables);
    assert_eq!(record(&[]).code, Some(0), "{}", record(&[]).text);
    for (file, text) in [
        ("api_particulier_v2_introspect/other.yml", "credential: expired\nstatus: 401\n"),
        ("api_particulier_v2_introspect/bad.yml", "status: [\n"),
        ("api_particulier_v2_pingg/x.yml", "status: 200\n"),
    ] {
        site.write(&format!("cases/{file}"), text);
        let told = record(&[]);
        let key = file.trim_end_matches(".yml");
        assert!(told.code == Some(3) && told.text.contains(&format!("left out  {key}: ")), "{file}: {}", told.text);
        assert_eq!(record(&["--allow-skipped"]).code, Some(0), "{file}");
        std::fs::remove_file(site.path().join("cases").join(file)).expect("it is there");
    }
    site.write("cases/api_particulier_v2_introspect/other.yml", "credential: expired\nstatus: 401\n");
    let nothing = record(&["--allow-skipped", "--case", "other"]);
    assert_eq!(nothing.code, Some(3), "nothing was recorded: {}", nothing.text);
}

/// Our own cases are made for the sandbox: what a stage cannot provoke, or must not be asked, does not spoil each night.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_from_a_stage_on_purpose_is_reported_and_green() {
    for (name, variable, token, stages) in [
        ("api-particulier", TOKEN, Some("sandbox-token"), &["staging", "production"][..]),
        ("mobilic", "VIGIE_MOBILIC_TOKEN", None, &["staging", "production"]),
    ] {
        let running = double(name).await;
        let greeting = provider(name).expect("ours").hooks.greeting();
        let shown = || greeting.split([' ', '`']).find(|word| word.len() > 20).expect("it shows a token");
        let token = token.unwrap_or_else(shown);
        for stage in stages {
            let site = Site::new();
            site.write("vigie.toml", format!("[target.{name}.{stage}]\nurl = \"{}\"\n", running.base_url()));
            let check = ["check", "--provider", name, "--target", stage, "--format", "json"];
            let told = site.vigie(&check, &[(variable, token)]);
            let report = told.json();
            let rules = |case: &Value| case["findings"].as_array().cloned().unwrap_or_default();
            let skipped: Vec<String> = report["cases"]
                .as_array()
                .expect("cases")
                .iter()
                .filter(|case| case["verdict"] == "skipped")
                .flat_map(rules)
                .map(|finding| format!("{} {}", finding["rule"], finding["class"]).replace('"', ""))
                .collect();
            assert!(skipped.len() > 20, "{name} {stage}: {}", skipped.len());
            assert!(skipped.iter().all(|told| told == "case-left-out uncertain"), "{name} {stage}: {skipped:?}");
            assert_eq!(told.code, Some(0), "{name} {stage}: {}", report["summary"]);
            // Nothing but what is kept out.
            let only =
                [&check[..], &["--case", if name == "mobilic" { "mission/*" } else { "200-jeton-partiel" }]].concat();
            if *stage == "production" {
                let told = site.vigie(&only, &[(variable, token)]);
                assert_eq!(told.code, Some(3), "{name} {stage}: nothing was judged: {}", told.json()["summary"]);
            }
        }
    }
}

#[test]
fn recorded_exchanges_that_were_not_judged_are_not_green() {
    let site = Site::new();
    let good = "request: {method: GET, path: /api/ping}\nresponse: {status: 200}\n";
    let check = |more: &[&str]| site.vigie(&[&["check", "--exchanges", "records"], more].concat(), &[]);
    site.write("records/good.yaml", good);
    assert_eq!(check(&[]).code, Some(0), "{}", check(&[]).text);
    for (path, text, told) in [
        (
            "records/other.yaml",
            "operation: api_particulier_v2_pingg\nrequest: {method: GET, path: /x}\n",
            "did you mean",
        ),
        ("records/bad.yaml", "request: {method: GET}\n", "`request.path` is absent"),
        ("records/below/good.yaml", good, "it lies in a folder below"),
        ("records/BIG.YAML", "request: [", "case-unreadable"),
        ("records/no-status.yaml", "request: {method: GET, path: /api/ping}\nresponse: {body: {a: 1}}\n", "no status"),
    ] {
        site.write(path, text);
        let report = check(&[]);
        assert!(report.code == Some(3) && report.text.contains(told), "{path}: {}", report.text);
        assert_eq!(check(&["--allow-skipped"]).code, Some(0), "{path}");
        std::fs::remove_file(site.path().join(path)).expect("it is there");
    }
}

#[test]
fn queries_that_were_not_read_are_not_green() {
    let site = Site::new();
    let check = |more: &[&str]| site.vigie(&[&["check", "--operations", "queries"], more].concat(), &[]);
    site.write("queries/good.graphql", "query me { me { id } }\n");
    assert_eq!(check(&[]).code, Some(0), "{}", check(&[]).text);
    // A schema is no query, however large, and types of a client's own may stand before its queries.
    let schema = "type Query { a: Int }\n".to_owned() + &"# a comment\n".repeat(100_000);
    site.write("queries/schema.graphql", schema);
    assert_eq!(check(&[]).code, Some(0), "{}", check(&[]).text);
    site.write("queries/large.graphql", vec![b' '; 2 << 20]);
    let told = check(&[]);
    assert!(told.code == Some(3) && told.text.contains("larger than 1 MiB"), "{}", told.text);
    assert_eq!(check(&["--allow-skipped"]).code, Some(0));
    std::fs::remove_file(site.path().join("queries/large.graphql")).expect("it is there");
    site.write("queries/local.graphql", "extend type Query { isOnline: Boolean }\nquery bad { me { emial } }\n");
    let told = check(&[]);
    assert!(told.code == Some(1) && told.text.contains("emial"), "{}", told.text);
}
