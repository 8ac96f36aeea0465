//! The typed clients against the sandbox, over real HTTP: what they keep, what they refuse, what they never show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vigie::clients::api_particulier::{v2, v3};
use vigie::clients::{Credentials, Error, Open};
use vigie_drift::finding::{CaseReport, Verdict};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

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
    assert_eq!(*exchange.response.body, payload.as_bytes());
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

/// The cases of the official corpus that nobody can ask for, and why. All are known from how the server matches.
const UNREACHABLE: [(&str, &str, &[&str]); 17] = [
    // A civil identity with a name that the operation does not have, or without one that it requires.
    ("v2_cnav_quotient_familial_v2", "200-couple-2_enfants-cas-etranger-qf_msa_600", &["nomNaissange"]),
    ("v2_cnav_quotient_familial_v2", "200-identite-cas-etranger-qf_424", &["nomNaissange"]),
    (
        "v3_cnav_complementaire_sante_solidaire_with_civility",
        "200-giraud-ines-feminin-enfant",
        &["codeCogInseePaysNaissance"],
    ),
    (
        "v3_cnav_complementaire_sante_solidaire_with_civility",
        "beneficiaire_sans_participation_financiere_homme_200",
        &["anneeNateNaissance"],
    ),
    ("v3_cnav_revenu_solidarite_active_with_civility", "429", MISTYPED_DATE),
    ("v3_cnav_revenu_solidarite_active_with_civility", "502", MISTYPED_DATE),
    ("v3_cnav_revenu_solidarite_active_with_civility", "504", MISTYPED_DATE),
    ("v3_men_scolarites_with_civility", "504", &["sexe", "sexeEtatCivil"]),
    // CNOUS of v2 builds five parts, and writes the date and the sex in its own way.
    (
        "v2_cnous_student_scholarship",
        "fake_france_connect_cnous_with_less_scopes",
        &["birthcountry", "birthdate", "gender", "preferred_username"],
    ),
    (
        "v2_cnous_student_scholarship",
        "france_connect_cnous",
        &["birthcountry", "birthdate", "gender", "preferred_username"],
    ),
    // MESRI of v2 builds five parts.
    (
        "v2_mesri_student_status",
        "fake_france_connect_mesri_2",
        &[
            "anneeDateDeNaissance",
            "codeInseeLieuDeNaissance",
            "codePaysLieuDeNaissance",
            "jourDateDeNaissance",
            "moisDateDeNaissance",
            "nomNaissance",
            "nomUsage",
            "prenoms",
            "sexe",
        ],
    ),
    // Since v3: names of v2, names that nothing has, and parts that CNOUS does not build.
    (
        "v3_cnav_allocation_adulte_handicape_with_france_connect",
        "france_connect_cnaf",
        &["codeInseeLieuDaissance", "codePaysLieuDaissance"],
    ),
    (
        "v3_cnav_allocation_enfant_handicape_with_france_connect",
        "france_connect_cnaf",
        &["codeInseeLieuDeNaissance", "codePaysLieuDeNaissance"],
    ),
    ("v3_cnav_revenu_solidarite_active_with_france_connect", "france_connect_cnaf", &["codePaysLieuDaissance"]),
    ("v3_cnous_etudiant_boursier_with_france_connect", "fake_france_connect_cnous_2", &["prenom"]),
    (
        "v4_cnous_etudiant_boursier_with_france_connect",
        "fake_france_connect",
        &["codeCogInseePaysNaissance", "nomUsage"],
    ),
    (
        "v4_cnous_etudiant_boursier_with_france_connect",
        "france_connect",
        &["codeInseeLieuDeNaissance", "codePaysLieuDeNaissance"],
    ),
];
const MISTYPED_DATE: &[&str] = &["anneeDateDaissance", "jourDateDaissance", "moisDateDaissance"];

/// The cases of the official corpus whose answer has a date that does not exist.
const BAD_DATES: [(&str, &str); 6] = [
    ("v2_mesri_student_status", "ine"),
    ("v2_mesri_student_status", "ine_655888578AE"),
    ("v2_mesri_student_status", "ine_660309901AG"),
    ("v2_mesri_student_status", "ine_675773666AD"),
    ("v3_mesri_statut_etudiant_with_ine", "ine"),
    ("v3_mesri_statut_etudiant_with_ine", "ine_655888578AE"),
];

/// The witness: every payload of the official corpus goes through the generated types and loses nothing.
#[tokio::test]
async fn the_official_corpus_survives_the_generated_types() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("skipped: VIGIE_UPSTREAM is not set");
        return;
    };
    let provider = provider("api-particulier").expect("it is one of ours");
    let run = async |folder: &str| {
        let plan = Plan::new(provider, Some(&Path::new(&upstream).join(folder))).expect("the corpus reads");
        plan.start(|_| true).await.expect("the sandbox starts").run().await.expect("it runs")
    };
    let report = run("api-particulier/sandbox").await;
    assert_eq!(report.cases.len(), 610);
    for case in &report.cases {
        let losses: Vec<_> = case.findings.iter().filter(|finding| finding.rule.id.starts_with("client-")).collect();
        assert!(losses.is_empty(), "{}: {losses:?}", case.file);
        assert!(case.status.is_some(), "{}: nothing was decoded", case.file);
    }
    let id = |case: &CaseReport| (case.operation.replace("api_particulier_", ""), case.case.clone());
    let of = |verdict| report.cases.iter().filter(move |case| case.verdict == verdict);
    let wrong = |case: &CaseReport| -> BTreeSet<String> {
        case.findings
            .iter()
            .filter(|found| found.rule.id.starts_with("case-"))
            .map(|found| found.fact.location.to_string())
            .collect()
    };
    let found: BTreeMap<_, _> = of(Verdict::Params).map(|case| (id(case), wrong(case))).collect();
    let expected: BTreeMap<_, _> = UNREACHABLE
        .iter()
        .map(|(id, name, wrong)| (((*id).into(), (*name).into()), wrong.iter().map(|name| (*name).into()).collect()))
        .collect();
    assert_eq!(found, expected);
    let found: BTreeSet<_> = of(Verdict::Body).map(id).collect();
    assert_eq!(found, BAD_DATES.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect());
    assert_eq!(of(Verdict::Conforms).count(), 610 - 17 - 6);
    assert_eq!(report.cases.iter().filter(|case| !case.undocumented.is_empty()).count(), 213);

    // The repository as a clone has it: these cases, newer ones, and those of another provider.
    let official = run("official").await;
    assert_eq!(official.cases.len(), 645);
    let elsewhere: Vec<_> = official.elsewhere.iter().map(|own| (own.provider.as_str(), own.cases)).collect();
    assert_eq!(elsewhere, [("API Entreprise", 185)]);
    assert!(official.unknown_keys.is_empty(), "{:?}", official.unknown_keys);
    for case in official.cases.iter().filter(|case| case.status.is_some()) {
        assert!(!case.findings.iter().any(|finding| finding.rule.id.starts_with("client-")), "{}", case.file);
    }
}
