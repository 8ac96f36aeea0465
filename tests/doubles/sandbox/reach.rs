//! Which FranceConnect cases a caller can reach: those that have exactly the names that their operation compares.

use vigie_drift::finding::Verdict;
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;

/// An identity under the names of v3, as far as every operation compares it.
const CIVIL: &str =
    "nomNaissance: LE GOFF, prenoms: [Nolwenn], anneeDateNaissance: 2004, moisDateNaissance: 2, jourDateNaissance: 9";
/// Its place of birth and sex.
const BORN: &str = "sexeEtatCivil: F, codeCogInseeCommuneNaissance: '29019'";
const COUNTRY: &str = "codeCogInseePaysNaissance: '99100'";
/// The same under the names of the household operations of v2, which take them without FranceConnect too.
const CIVIL_V2: &str = "nomNaissance: LE GOFF, prenoms: [Nolwenn], anneeDateDeNaissance: 2004, moisDateDeNaissance: 2, jourDateDeNaissance: 9, sexe: F, codeInseeLieuDeNaissance: '29019', codePaysLieuDeNaissance: '99100'";
const CNOUS_V2: &str =
    "given_name: 'Nolwenn, Anne', family_name: LE GOFF, birthdate: 09/02/2004, gender: F, birthplace: '29019'";
const MESRI_V2: &str =
    "given_name: Nolwenn, family_name: LE GOFF, birthdate: '2004-02-09', gender: female, birthplace: '29019'";

/// The verdict on a stored answer with these parameters, and the names that nobody compares.
async fn judged(operation: &str, name: &str, credential: &str, params: &str) -> (Verdict, Vec<String>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(operation);
    std::fs::create_dir(&path).expect("it is made");
    // An error that every operation of its generation documents, so that nothing but the parameters can be wrong.
    let (status, error) = match name {
        _ if operation.contains("_v2_") => (503, r#"{"error": "error", "reason": "r", "message": "m"}"#),
        "404" => (404, r#"{"errors": [{"code": "35003", "title": "t", "detail": "d"}]}"#),
        _ => (409, r#"{"errors": [{"code": "26015", "title": "t", "detail": "d"}]}"#),
    };
    let case = format!("{credential}params: {{{params}}}\nstatus: {status}\npayload: '{error}'\n");
    std::fs::write(path.join(format!("{name}.yml")), case).expect("it is written");
    let provider = provider("api-particulier").expect("it is one of ours");
    let plan = Plan::new(provider, Some(folder.path())).expect("the case is good");
    let report = plan.start(|_| true).await.expect("the sandbox starts").run().await.expect("it runs");
    let [case] = &report.cases[..] else { panic!("{} cases", report.cases.len()) };
    let misfits = case.findings.iter().filter(|finding| finding.rule.id.starts_with("case-"));
    (case.verdict, misfits.map(|finding| format!("{} {}", finding.rule, finding.fact.location)).collect())
}

/// Every family of operations in every generation: what it compares is reached, and with one name more or another one it is
/// not.
#[tokio::test]
async fn a_case_is_reached_by_exactly_the_names_that_its_operation_compares() {
    let household = format!("{CIVIL}, {BORN}, {COUNTRY}");
    let usage = format!("{household}, nomUsage: RIOU");
    let student = format!("{CIVIL}, {BORN}");
    let v3 = |name: &str| format!("api_particulier_v3_{name}_with_france_connect");
    let v2 = |name: &str| format!("api_particulier_v2_{name}");
    let (plate, year) = ("immatriculation: HB-482-QT".to_owned(), "annee: 2024, mois: 3");
    let quotient = format!("{household}, {year}");
    let campaign = format!("{student}, campaignYear: 2022");
    let table: Vec<(String, &str, Vec<&str>)> = vec![
        (v3("cnav_quotient_familial"), &quotient, vec!["codeInseeLieuDeNaissance", "campaignYear", "prenom", "gender"]),
        (v3("cnav_complementaire_sante_solidaire"), &usage, vec!["codePaysLieuDeNaissance", "annee"]),
        (v3("cnav_allocation_adulte_handicape"), &usage, vec!["codeInseeLieuDaissance", "sexe"]),
        (v3("cnav_allocation_soutien_familial"), &household, vec!["anneeDateDeNaissance", "birthplace"]),
        (v3("cnav_allocation_enfant_handicape"), &household, vec!["codeInseeLieuDeNaissance", "mois"]),
        (v3("cnav_revenu_solidarite_active"), &household, vec!["anneeDateDaissance", "family_name"]),
        (v3("cnav_prime_activite"), &household, vec!["jourDateDeNaissance", "nomNaissange"]),
        (v3("cnav_participation_familiale_eaje"), &usage, vec!["given_name", "birthcountry"]),
        (v3("cnous_etudiant_boursier"), &student, vec!["prenom", "codeCogInseePaysNaissance", "nomUsage"]),
        (v3("cnous_etudiant_boursier").replace("v3", "v4"), &student, vec!["codeInseeLieuDeNaissance", "nomUsage"]),
        (v3("cnous_etudiant_boursier").replace("v3", "v4"), &campaign, vec!["codePaysLieuDeNaissance", "annee"]),
        (v3("mesri_statut_etudiant"), &student, vec!["given_name", "codeCogInseePaysNaissance", "ine"]),
        (v3("gip_mds_service_civique"), CIVIL, vec!["sexeEtatCivil", "codeCogInseeCommuneNaissance"]),
        (v3("dsnj_service_national"), &household, vec!["codePaysLieuDeNaissance", "nomUsage"]),
        (v3("ants_extrait_immatriculation_vehicule"), &plate, vec!["nomNaissance", "prenoms"]),
        (v2("cnous_student_scholarship"), CNOUS_V2, vec!["birthcountry", "preferred_username", "ine", "nomNaissance"]),
        (v2("mesri_student_status"), MESRI_V2, vec!["preferred_username", "nomNaissance", "ine"]),
    ];
    for (operation, right, wrong) in &table {
        assert_eq!(judged(operation, "own", "", right).await, (Verdict::Conforms, vec![]), "{operation}");
        for name in wrong {
            let found = judged(operation, "own", "", &format!("{right}, {name}: A")).await;
            assert_eq!(found, (Verdict::Params, vec![format!("case-identity-unknown {name}")]), "{operation}");
        }
    }
}

/// The household operations of v2 have one set of names for both tokens, so a case says whose it is.
#[tokio::test]
async fn households_of_v2_are_reached_by_either_token() {
    let connected = "credential: france-connect\n";
    for name in [
        "allocation_adulte_handicape",
        "allocation_soutien_familial",
        "complementaire_sante_solidaire",
        "prime_activite",
        "quotient_familial_v2",
        "revenu_solidarite_active",
    ] {
        let operation = format!("api_particulier_v2_cnav_{name}");
        for credential in ["", connected] {
            assert_eq!(judged(&operation, "own", credential, CIVIL_V2).await.0, Verdict::Conforms, "{operation}");
        }
        let month = judged(&operation, "own", connected, &format!("{CIVIL_V2}, annee: 2024, mois: 3")).await.0;
        let has_month = name == "quotient_familial_v2";
        assert_eq!(month, if has_month { Verdict::Conforms } else { Verdict::Params }, "{operation}");
        let wrong = judged(&operation, "own", connected, &CIVIL_V2.replace("nomNaissance", "nomNaissange")).await;
        assert_eq!(wrong, (Verdict::Params, vec!["case-identity-unknown nomNaissange".to_owned()]), "{operation}");
        let wrong = judged(&operation, "own", "", &CIVIL_V2.replace("nomNaissance", "nomNaissange")).await;
        assert_eq!(wrong, (Verdict::Params, vec!["case-parameter-unknown nomNaissange".to_owned()]), "{operation}");
    }
}

/// CNOUS writes a date and a sex as it likes them, MESRI takes the claims as they come.
#[tokio::test]
async fn a_part_in_the_format_of_another_operation_is_never_reached() {
    let (cnous, mesri) = ("api_particulier_v2_cnous_student_scholarship", "api_particulier_v2_mesri_student_status");
    for (operation, params, wrong) in [
        (cnous, CNOUS_V2.replace("09/02/2004", "'2004-02-09'"), "birthdate"),
        (cnous, CNOUS_V2.replace("gender: F", "gender: female"), "gender"),
        (mesri, MESRI_V2.replace("gender: female", "gender: F"), "gender"),
    ] {
        let found = judged(operation, "own", "", &params).await;
        assert_eq!(found, (Verdict::Params, vec![format!("case-identity-unknown {wrong}")]), "{operation}");
    }
    for (operation, params) in
        [(cnous, CNOUS_V2.replace("gender: F", "gender: f")), (mesri, MESRI_V2.replace("female", "FEMALE"))]
    {
        assert_eq!(judged(operation, "own", "", &params).await.0, Verdict::Conforms, "letter case does not count");
    }
}

/// A parameter that is compared in another version only is none that a caller can send.
#[tokio::test]
async fn a_campaign_is_asked_for_where_the_contract_has_it() {
    for (operation, right) in [
        ("api_particulier_v2_cnous_student_scholarship", CNOUS_V2.to_owned()),
        ("api_particulier_v3_cnous_etudiant_boursier_with_france_connect", format!("{CIVIL}, {BORN}")),
    ] {
        let found = judged(operation, "own", "", &format!("{right}, campaignYear: 2022")).await;
        assert_eq!(found, (Verdict::Params, vec!["case-identity-unknown campaignYear".to_owned()]), "{operation}");
    }
}

/// Whatever its parameters are: they are not compared.
#[tokio::test]
async fn the_case_named_404_is_reached_by_whoever_matches_no_other() {
    let wrong = format!("{CIVIL}, codePaysLieuDaissance: '99100'");
    for operation in [
        "api_particulier_v3_cnav_revenu_solidarite_active_with_france_connect",
        "api_particulier_v3_cnav_revenu_solidarite_active_with_civility",
        "api_particulier_v3_mesri_statut_etudiant_with_ine",
    ] {
        assert_eq!(judged(operation, "404", "", &wrong).await, (Verdict::Conforms, vec![]), "{operation}");
        assert_eq!(judged(operation, "404-autre", "", &wrong).await.0, Verdict::Params, "{operation}");
    }
}
