//! What is accepted as parameters, with the codes of the provider.

use super::common::{CIVIL, QF, RECIPIENT, Site};
use vigie_sandbox::Options;
use vigie_sandbox::api_particulier::TOKEN;

async fn site() -> Site {
    Site::new(&[], &Options::default()).await
}

/// `CIVIL` with one part replaced, or left out when `value` is `None`.
fn civil(name: &str, value: Option<&str>) -> String {
    let parts = CIVIL.split('&').filter(|part| !part.starts_with(&format!("{name}=")));
    let kept: Vec<String> = parts.map(str::to_owned).chain(value.map(|value| format!("{name}={value}"))).collect();
    kept.join("&")
}

#[tokio::test]
async fn the_recipient_of_v3_is_required_and_has_a_checksum() {
    let site = site().await;
    for query in ["", "recipient=", "recipient=13002526500014", "recipient=1300252650001", "recipient=%ff"] {
        let seen = site.bearer(&format!("{QF}?{CIVIL}&{query}"), TOKEN).await;
        assert_eq!((seen.status, seen.code().as_str()), (422, "00210"), "{query}");
        assert_eq!(seen.parameter(), "recipient");
    }
}

#[tokio::test]
async fn the_recipient_of_v2_counts_only_when_it_is_there() {
    let site = site().await;
    let path = "/api/v2/situations-pole-emploi?identifiant=x";
    assert_eq!(site.key(path, TOKEN).await.status, 404);
    assert_eq!(site.key(&format!("{path}&{RECIPIENT}"), TOKEN).await.status, 404);
    let seen = site.key(&format!("{path}&recipient=1"), TOKEN).await;
    assert_eq!((seen.status, seen.code().as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn each_parameter_of_v3_has_its_code() {
    let site = site().await;
    for (name, value, code) in [
        ("sexeEtatCivil", None, "00427"),
        ("sexeEtatCivil", Some(""), "00427"),
        ("sexeEtatCivil", Some("X"), "00366"),
        ("nomNaissance", None, "00366"),
        ("prenoms[]", None, "00366"),
        ("codeCogInseePaysNaissance", Some("9910"), "00366"),
        ("codeCogInseeCommuneNaissance", Some("751111"), "00366"),
        ("moisDateNaissance", Some("13"), "00366"),
        ("jourDateNaissance", Some("32"), "00366"),
        ("anneeDateNaissance", Some("hier"), "00366"),
        ("mois", Some("13"), "00353"),
        ("mois", Some("0"), "00353"),
        ("mois", Some("mai"), "00353"),
        ("annee", Some("1850"), "00354"),
        ("annee", Some("2999"), "00354"),
    ] {
        let seen = site.get(QF, &civil(name, value)).await;
        assert_eq!((seen.status, seen.code().as_str()), (422, code), "{name}={value:?}");
        assert_eq!(seen.parameter(), name, "{name}={value:?}");
    }
    let four = format!("{CIVIL}&prenoms[]=B&prenoms[]=C&prenoms[]=D");
    assert_eq!(site.get(QF, &four).await.code(), "00366");
}

#[tokio::test]
async fn identifiers_have_codes_of_their_own() {
    let site = site().await;
    for (path, query, code) in [
        ("/v3/mesri/statut_etudiant/ine", "ine=1234567890", "00360"),
        ("/v3/mesri/statut_etudiant/ine", "", "00360"),
        ("/v3/mesri/statut_etudiant/ine", "ine=1234567890%20", "00360"),
        ("/v3/sdh/statut_sportif/identifiant", "", "00380"),
        ("/v3/sdh/statut_sportif/identifiant", "identifiant=", "00380"),
    ] {
        let seen = site.get(path, query).await;
        assert_eq!((seen.status, seen.code().as_str()), (422, code), "{path} {query}");
    }
    let pupil = format!("{CIVIL}&anneeScolaire=2025-2026&codeEtablissement=0298464T");
    let path = "/v3/men/scolarites/identite";
    assert_eq!(site.get(path, &pupil).await.status, 404);
    assert_eq!(site.get(path, &format!("{pupil}&codesBcnRegions[]=01")).await.code(), "00419");
    assert_eq!(site.get(path, &format!("{pupil}&codesBcnDepartements[]=029")).await.code(), "00419");
}

#[tokio::test]
async fn v2_answers_400_also_where_its_schema_says_nothing() {
    let site = site().await;
    for target in [
        "/api/v2/composition-familiale-v2?mois=13",
        "/api/v2/composition-familiale-v2?annee=1850",
        "/api/v2/composition-familiale-v2?sexe=femme",
        "/api/v2/etudiants-boursiers?nom=A&prenoms=B",
        "/api/v2/etudiants-boursiers?ine=123",
        "/api/v2/etudiants?dateDeNaissance=01/02/2003",
        "/api/v2/situations-pole-emploi",
        "/api/v2/scolarites?nom=A&prenom=B&sexe=x&dateNaissance=C&codeEtablissement=D&anneeScolaire=E",
    ] {
        let seen = site.key(target, TOKEN).await;
        assert_eq!((seen.status, seen.code().as_str()), (400, "bad_request"), "{target}");
    }
    let pupil = "/api/v2/scolarites?nom=A&prenom=B&sexe=M&dateNaissance=C&codeEtablissement=D&anneeScolaire=E";
    assert_eq!(site.key(pupil, TOKEN).await.status, 404);
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_a_bad_request() {
    let site = site().await;
    for query in ["nomUsage=%ff", "nomUsage=%zz", "nomUsage=%", "%ff=1"] {
        let seen = site.get(QF, &format!("{CIVIL}&{query}")).await;
        assert_eq!((seen.status, seen.code().as_str()), (422, "00366"), "{query}");
        let flat = site.key(&format!("/api/v2/etudiants?{query}"), TOKEN).await;
        assert_eq!((flat.status, flat.code().as_str()), (400, "bad_request"), "{query}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let site = site().await;
    let seen = site.get(QF, &format!("{CIVIL}&inconnu=1&prenoms=sans-crochets")).await;
    assert_eq!(seen.status, 404, "{}", seen.text);
}
