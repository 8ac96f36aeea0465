//! Which stored case answers.

use crate::support::{CIVIL, QF, QF_CASE, QF_ID, RECIPIENT, Site, corpus};
use reqwest::Method;
use serde_json::json;
use vigie::providers::api_particulier::sandbox::{TOKEN, token};
use vigie::sandbox::Options;
use vigie::scenario::Corpus;

const CONNECTED: &str = "/v3/dss/quotient_familial/france_connect";
const CONNECTED_ID: &str = "api_particulier_v3_cnav_quotient_familial_with_france_connect";
const THOMAS: &str = "status: 200
params: {nomNaissance: Delatour, nomUsage: Delamouette, prenoms: [Thomas], anneeDateNaissance: 1994,
  moisDateNaissance: 4, jourDateNaissance: 16, sexeEtatCivil: M, codeCogInseeCommuneNaissance: '75111'}
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
async fn an_official_word_finds_the_first_case_that_does_not_contradict_it() {
    let other = THOMAS.replace("Thomas", "Tom");
    let cases = [(CONNECTED_ID, "a", other.as_str()), (CONNECTED_ID, "b", THOMAS)];
    let site = Site::of(&with_thomas(&cases), &Options::default()).await;
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}"), "all_fc").await;
    assert_eq!((seen.status, seen.json()), (200, json!({"data": "thomas"})));
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}&mois=3"), "all_fc").await;
    assert_eq!(seen.status, 404, "the case has no month of its own");
    let seen = site.bearer(&format!("{CONNECTED}?{RECIPIENT}&nomNaissance=AUTRE"), "all_fc").await;
    assert_eq!(seen.status, 200, "the identity is the token's");
}

#[tokio::test]
async fn v2_takes_the_identity_under_its_own_names_and_needs_a_recipient() {
    let case = "status: 200\nparams: {given_name: Thomas, family_name: Delatour, birthdate: 16/04/1994, gender: M}\n\
                payload: '{\"boursier\": true}'\n";
    let cases = [("api_particulier_v2_cnous_student_scholarship", "a", case)];
    let site = Site::of(&with_thomas(&cases), &Options::default()).await;
    let path = "/api/v2/etudiants-boursiers";
    let seen = site.bearer(&format!("{path}?{RECIPIENT}"), "all_fc").await;
    assert_eq!((seen.status, seen.json()), (200, json!({"boursier": true})));
    assert_eq!(seen.header("ratelimit-limit"), "", "no bucket counts it");
    let seen = site.bearer(path, "all_fc").await;
    assert_eq!((seen.status, seen.code().as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn the_token_of_a_case_finds_that_case() {
    let wide = format!("credential: france-connect\n{THOMAS}");
    let narrow = wide.replace("nomUsage: Delamouette, ", "").replace("\"thomas\"", "\"narrow\"");
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
    assert_eq!(closed.status, 401, "the door comes first");
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
