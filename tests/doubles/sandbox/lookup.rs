//! Which stored case answers.

use super::common::{CIVIL, QF, QF_CASE, QF_ID, RECIPIENT, Site, corpus};
use reqwest::Method;
use serde_json::json;
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::{TOKEN, token};
use vigie_scenario::Corpus;

const CONNECTED: &str = "/v3/dss/quotient_familial/france_connect";
const CONNECTED_ID: &str = "api_particulier_v3_cnav_quotient_familial_with_france_connect";
const THOMAS: &str = "status: 200
params: {nomNaissance: Delatour, prenoms: [Thomas], anneeDateNaissance: 1994, moisDateNaissance: 4,
  jourDateNaissance: 16, sexeEtatCivil: M, codeCogInseeCommuneNaissance: '75111', codeCogInseePaysNaissance: '99100'}
payload: '{\"data\": \"thomas\"}'
";

/// The cases, and the identity of an official FranceConnect word.
fn with_thomas(cases: &[(&str, &str, &str)]) -> Corpus {
    let mut corpus = corpus(cases);
    let claims = json!({
        "family_name": "Delatour", "given_name": "Thomas", "given_name_array": ["Thomas"], "gender": "male",
        "birthdate": "1994-04-16", "birthplace": "75111", "birthcountry": "99100",
    });
    corpus.identities.insert("all_fc".to_owned(), claims.as_object().cloned().unwrap_or_default());
    corpus
}

#[tokio::test]
async fn the_whole_set_of_parameters_must_be_equal_letter_case_aside() {
    let site = Site::new(&[(QF_ID, "200", QF_CASE)], &Options::default()).await;
    let lower = CIVIL.replace("MARTIN", "martin").replace("Jean", "JEAN");
    assert_eq!(site.get(QF, &lower).await.status, 200);
    for more in ["&nomUsage=A", "&prenoms[]=Paul", "&mois=3"] {
        let seen = site.get(QF, &format!("{CIVIL}{more}")).await;
        assert_eq!((seen.status, seen.code().as_str()), (404, "10003"), "{more}");
    }
}

#[tokio::test]
async fn the_case_named_404_answers_strangers() {
    let stranger = "status: 404\nparams: {nomNaissance: X}\npayload: '{\"errors\": [{\"code\": \"35003\"}]}'\n";
    let named = (QF_ID, "404", stranger);
    let longer = (QF_ID, "404-autre", "status: 404\nparams: {nomNaissance: Y}\npayload: '{}'\n");
    let site = Site::new(&[longer, named], &Options::default()).await;
    assert_eq!(site.get(QF, CIVIL).await.code(), "35003");
}

#[tokio::test]
async fn an_official_word_finds_the_case_of_exactly_its_identity() {
    let usage = THOMAS.replace("prenoms", "nomUsage: Delamouette, prenoms").replace("\"thomas\"", "\"usage\"");
    let cases = [(CONNECTED_ID, "a", usage.as_str()), (CONNECTED_ID, "b", THOMAS)];
    let site = Site::of(&with_thomas(&cases), &Options::default()).await;
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}"), "all_fc").await;
    assert_eq!((seen.status, seen.json()), (200, json!({"data": "thomas"})), "its claims name no `nomUsage`");
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}&mois=3"), "all_fc").await;
    assert_eq!(seen.status, 404, "the case has no month of its own");
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}&nomNaissance=AUTRE"), "all_fc").await;
    assert_eq!(seen.status, 200, "the identity is the token's");
}

#[tokio::test]
async fn v2_takes_the_identity_under_its_own_names_and_needs_a_recipient() {
    let cnous = "status: 200\nparams: {given_name: Thomas, family_name: Delatour, birthdate: 16/04/1994, gender: M, \
                 birthplace: '75111'}\npayload: '{\"boursier\": true}'\n";
    let mesri = "status: 200\nparams: {given_name: Thomas, family_name: Delatour, birthdate: '1994-04-16', gender: male, \
                 birthplace: '75111'}\npayload: '{\"inscriptions\": []}'\n";
    let household = "status: 200\nparams: {nomNaissance: DELATOUR, prenoms: [Thomas], anneeDateDeNaissance: 1994, \
                     moisDateDeNaissance: 4, jourDateDeNaissance: 16, sexe: M, codeInseeLieuDeNaissance: '75111', \
                     codePaysLieuDeNaissance: '99100', annee: 2024}\npayload: '{\"quotientFamilial\": 700}'\n";
    let cases = [
        ("api_particulier_v2_cnous_student_scholarship", "a", cnous),
        ("api_particulier_v2_mesri_student_status", "a", mesri),
        ("api_particulier_v2_cnav_quotient_familial_v2", "a", household),
    ];
    let site = Site::of(&with_thomas(&cases), &Options::default()).await;
    for (path, own, body) in [
        ("/api/v2/etudiants-boursiers", "", json!({"boursier": true})),
        ("/api/v2/etudiants", "&ine=1234567890G", json!({"inscriptions": []})),
        ("/api/v2/composition-familiale-v2", "&annee=2024", json!({"quotientFamilial": 700})),
    ] {
        let seen = site.bearer(&format!("{path}?{RECIPIENT}{own}"), "all_fc").await;
        assert_eq!((seen.status, seen.json()), (200, body), "{path}");
        assert_eq!(seen.header("ratelimit-limit"), "", "no bucket counts it");
        let seen = site.bearer(path, "all_fc").await;
        assert_eq!((seen.status, seen.code().as_str()), (400, "bad_request"), "{path}");
    }
}

/// A name of the other generation, a part too many and a part that is missing are all somebody else.
#[tokio::test]
async fn a_case_with_another_set_of_names_is_never_reached() {
    let v4 = "api_particulier_v4_cnous_etudiant_boursier_with_france_connect";
    let student = "nomNaissance: Delatour, prenoms: [Thomas], anneeDateNaissance: 1994, moisDateNaissance: 4, \
                   jourDateNaissance: 16, sexeEtatCivil: M";
    for (more, query, status) in [
        (", codeCogInseeCommuneNaissance: '75111'", "", 200),
        (", codeCogInseeCommuneNaissance: '75111', campaignYear: 2022", "", 404),
        (", codeCogInseeCommuneNaissance: '75111', campaignYear: 2022", "&campaignYear=2022", 200),
        (", codeCogInseeCommuneNaissance: '75111', campaignYear: 2022", "&campaignYear=2023", 404),
        (", codeInseeLieuDeNaissance: '75111'", "", 404),
        (", codeCogInseeCommuneNaissance: '75111', codeCogInseePaysNaissance: '99100'", "", 404),
        ("", "", 404),
    ] {
        let case = format!("status: 200\nparams: {{{student}{more}}}\npayload: '{{}}'\n");
        let site = Site::of(&with_thomas(&[(v4, "a", case.as_str())]), &Options::default()).await;
        let path = "/v4/cnous/etudiant_boursier/france_connect";
        let seen = site.bearer(&format!("{path}?{RECIPIENT}{query}"), "all_fc").await;
        assert_eq!(seen.status, status, "{more}{query}");
    }
}

#[tokio::test]
async fn the_token_of_a_case_finds_that_case() {
    let wide = format!("credential: france-connect\n{THOMAS}");
    let narrow = wide.replace("sexeEtatCivil: M, ", "").replace("\"thomas\"", "\"narrow\"");
    let corpus = corpus(&[(CONNECTED_ID, "a", &wide), (CONNECTED_ID, "b", &narrow)]);
    let site = Site::of(&corpus, &Options::default()).await;
    for (case, data) in corpus.cases().zip(["thomas", "narrow"]) {
        let token = token(case).expect("a token");
        let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}"), &token).await;
        assert_eq!(seen.json(), json!({"data": data}), "{}", case.name);
    }
}

#[tokio::test]
async fn a_preferred_example_is_served_whatever_the_parameters() {
    let site = Site::new(&[(QF_ID, "200 été", QF_CASE)], &Options::default()).await;
    let bearer = format!("Bearer {TOKEN}");
    let prefer = async |name: &str| {
        let headers = [("authorization", bearer.as_str()), ("prefer", name)];
        site.send(Method::GET, QF, &headers).await
    };
    assert_eq!(prefer("example=200 été").await.status, 200);
    assert_eq!(prefer("respond-async, example=\"200 été\"").await.status, 200);
    let unknown = prefer("example=201").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "10003"));
    let closed = site.send(Method::GET, QF, &[("prefer", "example=200 été")]).await;
    assert_eq!(closed.status, 401, "the gate comes first");
}

#[tokio::test]
async fn composition_familiale_is_gone_but_for_its_stored_cases() {
    let case = "status: 200\nparams: {numeroAllocataire: 1234567, codePostal: '75002'}\npayload: '{}'\n";
    let site = Site::new(&[("api_particulier_v2_cnaf_quotient_familial", "a", case)], &Options::default()).await;
    let path = "/api/v2/composition-familiale";
    assert_eq!(site.key(&format!("{path}?numeroAllocataire=1234567&codePostal=75002"), TOKEN).await.status, 200);
    for query in ["", "numeroAllocataire=1234567&codePostal=75003", "numeroAllocataire=x"] {
        let seen = site.key(&format!("{path}?{query}"), TOKEN).await;
        assert_eq!(seen.status, 410, "{query}");
        assert!(seen.header("content-type").starts_with("text/plain"), "{query}");
    }
    assert_eq!(site.key(path, "nobody").await.status, 401);
}
