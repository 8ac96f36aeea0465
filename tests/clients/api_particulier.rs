//! The typed clients against the sandbox, over real HTTP: what they keep, what they refuse, what they never show.

use std::path::Path;
use vigie::clients::api_particulier::{v2, v3};
use vigie::clients::{Credentials, Error, Open};
use vigie::finding::Verdict;
use vigie::providers::provider;
use vigie::runner::Plan;
use vigie::sandbox::{Options, Running};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const INE: &str = "1234567890G";
const RECIPIENT: &str = "13002526500013";

/// A sandbox with one case of ours.
async fn sandbox(operation: &str, params: &str, status: u16, payload: &str) -> Running {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(operation);
    std::fs::create_dir(&path).expect("it is made");
    let payload = payload.replace('\'', "''");
    let case = format!("params: {params}\nstatus: {status}\npayload: '{payload}'\n");
    std::fs::write(path.join("case.yml"), case).expect("it is written");
    start(folder.path()).await
}

async fn start(folder: &Path) -> Running {
    let provider = provider("api-particulier").expect("it is one of ours");
    let plan = Plan::new(provider, Some(folder)).expect("the cases are good");
    let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &Options::default());
    sandbox.expect("it is made").start(([127, 0, 0, 1], 0).into()).await.expect("a free port")
}

fn student(est_inscrit: &str, code: &str) -> String {
    format!(
        r#"{{"data": {{"identite": {{"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-30"}}, "admissions": [{{"date_debut": "2025-09-01", "date_fin": "2026-08-31", "est_inscrit": {est_inscrit}, "regime_formation": {{"libelle": "formation initiale", "code": "{code}"}}, "code_cog_insee_commune": "29019", "etablissement_etudes": {{"uai": "0290119X", "nom": "IUT"}}, "nouveau": [1]}}]}}, "links": {{}}, "meta": {{}}}}"#
    )
}

#[tokio::test]
async fn unknown_enum_values_and_unknown_properties_are_kept_and_a_bad_date_refuses_nothing() {
    let running = sandbox(STUDENT, "{ine: 1234567890G}", 200, &student("true", "RF99")).await;
    let client = v3::Client::connect(&running.base_url(), Credentials::bearer("sandbox-token")).expect("a base URL");
    let answer =
        client.v3_mesri_statut_etudiant_with_ine().recipient(RECIPIENT).ine(INE).send().await.expect("an answer");
    let admission = &answer.data.admissions.as_ref().expect("a list")[0];
    let regime = admission.regime_formation.as_ref().expect("it is there");
    assert_eq!(regime.code, Some(Open::Other("RF99".into())));
    assert!(matches!(regime.libelle, Some(Open::Known(_))));
    assert_eq!(admission.extra["nouveau"], serde_json::json!([1]));
    assert_eq!(
        answer.data.identite.as_ref().and_then(|identite| identite.date_naissance.as_deref()),
        Some("2004-02-30")
    );
}

#[tokio::test]
async fn an_unknown_error_code_and_its_extras_are_kept_and_no_message_shows_the_body() {
    let payload = r#"{"errors": [{"code": "25777", "title": "Nouveau", "detail": "Nolwenn LE GOFF", "source": null, "meta": {"provider": "MESRI"}}]}"#;
    let running = sandbox(STUDENT, "{ine: 1234567890G}", 502, payload).await;
    let client = v3::Client::connect(&running.base_url(), Credentials::bearer("sandbox-token")).expect("a base URL");
    let error =
        client.v3_mesri_statut_etudiant_with_ine().recipient(RECIPIENT).ine(INE).send().await.expect_err("a 502");
    let body = error.api().expect("a typed error");
    assert_eq!(body.errors[0].code, "25777");
    assert_eq!(body.errors[0].extra["meta"]["provider"], "MESRI");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert!(!format!("{error} {error:?}").contains("GOFF"), "{error:?}");
}

#[tokio::test]
async fn a_masked_answer_decodes_and_its_absent_keys_are_none() {
    let running = sandbox(STUDENT, "{ine: 1234567890G}", 200, &student("false", "RF1")).await;
    let token = Credentials::bearer("sandbox-scopes:mesri_identite");
    let client = v3::Client::connect(&running.base_url(), token).expect("a base URL");
    let answer =
        client.v3_mesri_statut_etudiant_with_ine().recipient(RECIPIENT).ine(INE).send().await.expect("an answer");
    assert!(answer.data.identite.is_some());
    assert_eq!(answer.data.admissions, None, "absent is not empty");
}

#[tokio::test]
async fn a_null_stays_a_null_in_v2() {
    let operation = "api_particulier_v2_cnav_allocation_adulte_handicape";
    let params = "{nomNaissance: LE GOFF, prenoms: [Nolwenn], sexe: F, codePaysLieuDeNaissance: '99100', codeInseeLieuDeNaissance: '29019'}";
    let running = sandbox(operation, params, 200, r#"{"status": "non_beneficiaire", "dateDebut": null}"#).await;
    let client = v2::Client::connect(&running.base_url(), Credentials::api_key("sandbox-token")).expect("a base URL");
    let call = client
        .cnav_allocation_adulte_handicape()
        .nom_naissance("LE GOFF")
        .prenoms(vec!["Nolwenn".to_owned()])
        .sexe("F");
    let call = call.code_pays_lieu_de_naissance("99100").code_insee_lieu_de_naissance("29019");
    let answer = call.send().await.expect("an answer");
    let json = serde_json::to_value(&*answer).expect("it serializes");
    assert_eq!(json, serde_json::json!({"status": "non_beneficiaire", "dateDebut": null}));
}

#[tokio::test]
async fn the_tap_gives_the_raw_bytes_of_its_own_call_without_the_token() {
    let payload = student("true", "RF1");
    let running = sandbox(STUDENT, "{ine: 1234567890G}", 200, &payload).await;
    let client = v3::Client::connect(&running.base_url(), Credentials::bearer("sandbox-token")).expect("a base URL");
    let (first, second) = (client.tapped(), client.tapped());
    first.v3_mesri_statut_etudiant_with_ine().recipient(RECIPIENT).ine(INE).send().await.expect("an answer");
    assert!(second.exchange().is_none());
    let exchange = first.exchange().expect("it was kept");
    assert_eq!(exchange.response.body, payload.as_bytes());
    assert_eq!(exchange.request.target, format!("/v3/mesri/statut_etudiant/ine?ine={INE}&recipient={RECIPIENT}"));
    assert!(!format!("{exchange:?} {first:?}").contains("sandbox-token"));
}

#[tokio::test]
async fn a_call_without_a_required_parameter_is_not_sent() {
    let client = v3::Client::connect("http://127.0.0.1:9", Credentials::default()).expect("a base URL");
    let error = client.v3_mesri_statut_etudiant_with_ine().ine(INE).send().await.expect_err("recipient is required");
    assert!(matches!(error, Error::Request(_)), "{error}");
    assert!(v3::Client::connect("particulier.api.gouv.fr", Credentials::default()).is_err());
}

/// The witness: every payload of the official corpus goes through the generated types and loses nothing.
#[tokio::test]
async fn the_official_corpus_survives_the_generated_types() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("left out: VIGIE_UPSTREAM is not set");
        return;
    };
    let provider = provider("api-particulier").expect("it is one of ours");
    let run = async |folder: &str| {
        let plan = Plan::new(provider, Some(&Path::new(&upstream).join(folder))).expect("the corpus reads");
        plan.start(|_| true).await.expect("the sandbox starts").run(|_| {}).await.expect("it runs")
    };
    let report = run("api-particulier/sandbox").await;
    assert_eq!(report.cases.len(), 610);
    for case in &report.cases {
        let losses: Vec<_> = case.findings.iter().filter(|finding| finding.rule.starts_with("client-")).collect();
        assert!(losses.is_empty(), "{}: {losses:?}", case.file);
        assert!(case.status.is_some(), "{}: nothing was decoded", case.file);
    }
    let count = |verdict| report.cases.iter().filter(|case| case.verdict == verdict).count();
    assert_eq!((count(Verdict::Conforms), count(Verdict::Params), count(Verdict::Body)), (586, 18, 6));
    assert_eq!(report.cases.iter().filter(|case| !case.undocumented.is_empty()).count(), 213);

    // The repository as a clone has it: these cases, newer ones, and those of another provider.
    let official = run("official").await;
    assert_eq!(official.cases.len(), 645);
    let elsewhere: Vec<_> = official.elsewhere.iter().map(|own| (own.provider.as_str(), own.cases)).collect();
    assert_eq!(elsewhere, [("API Entreprise", 185)]);
    assert!(official.unknown_keys.is_empty(), "{:?}", official.unknown_keys);
    for case in official.cases.iter().filter(|case| case.status.is_some()) {
        assert!(!case.findings.iter().any(|finding| finding.rule.starts_with("client-")), "{}", case.file);
    }
}
