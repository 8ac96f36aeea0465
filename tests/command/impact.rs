//! What is said of the generated client when a contract drifts, beside what the compiled client does with answers of the
//! drifted contract. One test a drift.

use serde_json::{Value, json};
use vigie_contract::model::{Contract, unescape};
use vigie_drift::comparison::{Effect, Impact, Semver};
use vigie_drift::diff::diff;
use vigie_drift::{causes, find, impact::Clients};
use vigie_exchange::Response;
use vigie_harness::providers::provider;
use vigie_judge::Decoded;
use vigie_scenario::Bound;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const METHOD: &str = "v3_mesri_statut_etudiant_with_ine()";
const PATH: &str = "/paths/~1v3~1mesri~1statut_etudiant~1ine/get";
const ANSWER: &str = "/components/schemas/V3MesriStatutEtudiantAnswer";
const ADMISSION: &str = "/components/schemas/Admissions/properties";

fn contract() -> Contract {
    let contracts = provider("api-particulier").expect("it is one of ours").contracts();
    contracts.into_iter().find(|contract| contract.operation(STUDENT).is_some()).expect("v3")
}

/// The contract with another value at a pointer; null takes away what is there.
fn drifted(document: &Value, edits: &[(String, Value)]) -> Value {
    let mut document = document.clone();
    for (pointer, value) in edits {
        let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
        let key = unescape(key);
        match document.pointer_mut(holder).expect("its holder is there") {
            Value::Object(map) if value.is_null() => drop(map.remove(&key).expect("it is there")),
            Value::Object(map) => drop(map.insert(key, value.clone())),
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => drop(items.remove(key.parse().expect("a position"))),
            _ => panic!("{holder} holds nothing"),
        }
    }
    document
}

/// The impact of the one cause of a rule.
fn impact(old: &Value, new: &Value, rule: &str) -> Impact {
    let findings: Vec<_> = diff(old, new).deviations.into_iter().map(|deviation| find(deviation, |_| None)).collect();
    let mut causes = causes::group(&findings);
    let told: Vec<&str> = causes.iter().map(|cause| cause.rule.id).collect();
    assert_eq!(told.iter().filter(|told| **told == rule).count(), 1, "{told:?}");
    causes.retain(|cause| cause.rule.id == rule);
    Clients::new(old, new).impact(&causes[0]).expect("both documents give clients")
}

/// Whether the compiled client, which is that of the old contract, reads an answer.
async fn reads(contract: &Contract, status: u16, body: &str) -> bool {
    let operation = contract.operation(STUDENT).expect("it is in v3");
    let bound = Bound {
        method: operation.method.clone(),
        path: operation.path.clone(),
        query: vec![],
        headers: vec![],
        body: None,
        parameters: serde_json::Map::new(),
        misfits: vec![],
    };
    let status = http::StatusCode::from_u16(status).expect("a status");
    let response = Response {
        status,
        headers: http::HeaderMap::new(),
        body: bytes::Bytes::copy_from_slice(body.as_bytes()).into(),
    };
    let typed = vigie_replay::replay(&contract.name, operation, &bound, &response).await;
    match typed.expect("it has a client").decoded {
        Decoded::Value(_) => true,
        Decoded::Refused(_) => false,
        Decoded::Unfit(reason) => panic!("{reason}"),
    }
}

/// Answers that the drifted contract allows, decoded by the old client: all, some or none of them work.
async fn observed(contract: &Contract, answers: &[(u16, Value)]) -> Effect {
    let mut read = 0;
    for (status, body) in answers {
        let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        read += usize::from(reads(contract, *status, &body).await);
    }
    match read {
        0 => Effect::Fails,
        all if all == answers.len() => Effect::Works,
        _ => Effect::MayFail,
    }
}

fn admission() -> Value {
    json!({
        "date_debut": "2025-09-01", "date_fin": "2026-08-31", "est_inscrit": true, "code_cog_insee_commune": "29019",
        "regime_formation": {"libelle": "formation initiale", "code": "RF1"},
        "etablissement_etudes": {"uai": "0290119X", "nom": "IUT"},
    })
}

/// A good answer with another value at a pointer.
fn answer(pointer: &str, value: Value) -> Value {
    let mut answer = json!({
        "data": {
            "identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-30"},
            "admissions": [admission()],
        },
        "links": {}, "meta": {},
    });
    if let Some(place) = answer.pointer_mut(pointer) {
        *place = value;
    } else {
        let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
        answer.pointer_mut(holder).expect("its holder is there")[key] = value;
    }
    answer
}

fn without(pointer: &str) -> Value {
    let mut answer = answer("/links", json!({}));
    let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
    answer.pointer_mut(holder).and_then(Value::as_object_mut).expect("an object").remove(key).expect("it is there");
    answer
}

fn good() -> Value {
    answer("/links", json!({}))
}

fn error(code: &Value) -> Value {
    json!({"errors": [{"code": code, "title": "t", "detail": "d"}]})
}

/// A drift of what is answered: `rule: edits of the contract; new answers; what changes and the version it takes`.
macro_rules! answers {
    ($($name:ident: $rule:literal, $edits:expr, $answers:expr, $types:expr, $methods:expr, $semver:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let contract = contract();
            let edits: Vec<(String, Value)> = $edits.into_iter().map(|(pointer, value)| (pointer.into(), value)).collect();
            let impact = impact(&contract.document, &drifted(&contract.document, &edits), $rule);
            let types: &[&str] = &$types;
            let methods: &[&str] = &$methods;
            assert_eq!((&impact.types[..], &impact.methods[..]), (&own(types)[..], &own(methods)[..]));
            assert_eq!((impact.request, impact.semver), (Effect::Works, Semver::$semver));
            assert_eq!(impact.decode, observed(&contract, &$answers).await, "said, and done by the client");
        }
    )*};
}

fn own(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

answers! {
    a_null_where_keys_are_optional: "response-nullable-added",
        [(format!("{ANSWER}/properties/data/properties/identite/properties/prenom/nullable"), json!(true))],
        [(200, answer("/data/identite/prenom", Value::Null)), (200, good())],
        [], [], Patch;
    a_null_where_the_key_is_required: "response-nullable-added",
        [(format!("{ANSWER}/properties/links/nullable"), json!(true))],
        [(200, answer("/links", Value::Null)), (200, good())],
        ["V3MesriStatutEtudiantAnswer.links"], [], Major;
    a_null_in_an_error: "response-nullable-added",
        [("/components/schemas/Error/properties/errors/items/properties/code/nullable".to_owned(), json!(true))],
        [(404, error(&Value::Null)), (404, error(&json!("25003")))],
        ["ErrorErrorsItem.code"], [], Major;
    a_null_among_the_elements_of_a_list: "response-nullable-added",
        [(format!("{ANSWER}/properties/data/properties/admissions/items"), json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Admissions"}]}))],
        [(200, answer("/data/admissions/0", Value::Null)), (200, good())],
        ["V3MesriStatutEtudiantAnswerData.admissions"], [], Major;
    a_removed_property_that_may_be_absent: "response-property-removed",
        [(format!("{ANSWER}/properties/data/properties/admissions"), Value::Null),
         (format!("{ANSWER}/properties/data/required/0"), Value::Null)],
        [(200, without("/data/admissions"))],
        ["V3MesriStatutEtudiantAnswerData.admissions"], [], Major;
    a_removed_property_that_is_required: "response-property-removed",
        [(format!("{ANSWER}/properties/links"), Value::Null), (format!("{ANSWER}/required/1"), Value::Null)],
        [(200, without("/links"))],
        ["V3MesriStatutEtudiantAnswer.links"], [], Major;
    a_property_that_became_optional_in_the_envelope: "response-property-became-optional",
        [(format!("{ANSWER}/required/2"), Value::Null)],
        [(200, without("/meta")), (200, good())],
        ["V3MesriStatutEtudiantAnswer.meta"], [], Major;
    a_property_that_became_optional_below_data: "response-property-became-optional",
        [(format!("{ANSWER}/properties/data/required/1"), Value::Null)],
        [(200, without("/data/identite")), (200, good())],
        [], [], Patch;
    a_new_property: "response-property-added",
        [(format!("{ADMISSION}/niveau"), json!({"type": "object", "properties": {"code": {"type": "string"}}}))],
        [(200, answer("/data/admissions/0/niveau", json!({"code": "L3"}))), (200, good())],
        ["Admissions.niveau", "AdmissionsNiveau"], [], Minor;
    a_renamed_property: "property-renamed",
        [(format!("{ADMISSION}/date_fin"), Value::Null),
         (format!("{ADMISSION}/date_fins"), json!({"type": "string", "format": "date"}))],
        [(200, answer("/data/admissions/0/date_fins", json!("2026-08-31"))), (200, without("/data/admissions/0/date_fin"))],
        ["Admissions.date_fin", "Admissions.date_fins"], [], Major;
    a_new_value_of_an_enum: "response-enum-value-added",
        [(format!("{ADMISSION}/regime_formation/properties/code/enum/-"), json!("RF8"))],
        [(200, answer("/data/admissions/0/regime_formation/code", json!("RF8"))), (200, good())],
        ["AdmissionsRegimeFormationCode"], [], Minor;
    a_lost_value_of_an_enum: "response-enum-value-removed",
        [(format!("{ADMISSION}/regime_formation/properties/code/enum/6"), Value::Null)],
        [(200, good())],
        ["AdmissionsRegimeFormationCode"], [], Major;
    an_enum_that_is_gone: "response-enum-constraint-removed",
        [(format!("{ADMISSION}/regime_formation/properties/code/enum"), Value::Null)],
        [(200, answer("/data/admissions/0/regime_formation/code", json!("any"))), (200, good())],
        ["AdmissionsRegimeFormation.code", "AdmissionsRegimeFormationCode"], [], Major;
    another_type: "response-type-changed",
        [(format!("{ADMISSION}/est_inscrit/type"), json!("string"))],
        [(200, answer("/data/admissions/0/est_inscrit", json!("oui")))],
        ["Admissions.est_inscrit"], [], Major;
    one_more_type: "response-variant-added",
        [(format!("{ADMISSION}/date_debut"), json!({"oneOf": [{"type": "string", "format": "date"}, {"type": "integer"}]}))],
        [(200, answer("/data/admissions/0/date_debut", json!(2025))), (200, good())],
        ["Admissions.date_debut"], [], Major;
    a_pattern_and_a_format_are_not_decoded: "response-format-changed",
        [(format!("{ADMISSION}/date_debut/format"), json!("date-time"))],
        [(200, answer("/data/admissions/0/date_debut", json!("2025-09-01T00:00:00Z"))), (200, good())],
        [], [], Patch;
    an_error_with_a_known_form: "response-status-added",
        [(format!("{PATH}/responses/418"), json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}))],
        [(418, error(&json!("x"))), (200, good())],
        [], [], Patch;
    an_error_with_another_form: "response-status-added",
        [(format!("{PATH}/responses/418"), json!({"content": {"application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}}}}))],
        [(418, json!({"message": "x"})), (200, good())],
        ["Error"], [METHOD], Major;
    an_error_without_json: "response-status-added",
        [(format!("{PATH}/responses/418"), json!({"content": {"text/html": {"schema": {"type": "string"}}}}))],
        [(418, json!("<p>")), (200, good())],
        [], [], Patch;
    a_second_success: "response-status-added",
        [(format!("{PATH}/responses/203"), json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/V3MesriStatutEtudiantAnswer"}}}}))],
        [(203, good()), (200, good())],
        ["V3MesriStatutEtudiantAnswer"], [METHOD], Major;
    a_lost_error: "response-status-removed",
        [(format!("{PATH}/responses/404"), Value::Null)],
        [(200, good())],
        [], [], Patch;
    no_json_any_more: "response-media-type-removed",
        [(format!("{PATH}/responses/200/content"), json!({"text/csv": {"schema": {"type": "string"}}}))],
        [(200, json!("nom;prenom"))],
        ["V3MesriStatutEtudiantAnswer"], [METHOD], Major;
}

/// A drift of what is asked for.
macro_rules! requests {
    ($($name:ident: $rule:literal, $edits:expr, $request:ident, $methods:expr, $semver:ident;)*) => {$(
        #[test]
        fn $name() {
            let contract = contract();
            let edits: Vec<(String, Value)> = $edits.into_iter().map(|(pointer, value)| (pointer.into(), value)).collect();
            let impact = impact(&contract.document, &drifted(&contract.document, &edits), $rule);
            let methods: &[&str] = &$methods;
            assert_eq!((impact.request, impact.decode), (Effect::$request, Effect::Works));
            assert_eq!((&impact.methods[..], impact.semver), (&own(methods)[..], Semver::$semver));
        }
    )*};
}

fn parameter(name: &str, required: bool) -> Value {
    json!({"in": "query", "name": name, "required": required, "schema": {"type": "string"}})
}

requests! {
    a_new_required_parameter: "parameter-added-required",
        [(format!("{PATH}/parameters/-"), parameter("annee", true))],
        Fails, ["v3_mesri_statut_etudiant_with_ine().annee()"], Major;
    a_new_optional_parameter: "parameter-added-optional",
        [(format!("{PATH}/parameters/-"), parameter("annee[]", false))],
        Works, ["v3_mesri_statut_etudiant_with_ine().annee()"], Minor;
    a_removed_parameter: "parameter-removed",
        [(format!("{PATH}/parameters/0"), Value::Null)],
        MayFail, ["v3_mesri_statut_etudiant_with_ine().ine()"], Major;
    a_parameter_that_became_optional: "parameter-became-optional",
        [(format!("{PATH}/parameters/0/required"), json!(false))],
        Works, [], Patch;
    values_of_a_parameter: "request-enum-constraint-added",
        [(format!("{PATH}/parameters/0/schema/enum"), json!(["1234567890G"]))],
        MayFail, [], Patch;
    another_type_of_a_parameter: "request-type-changed",
        [(format!("{PATH}/parameters/0/schema"), json!({"type": "integer"}))],
        MayFail, ["v3_mesri_statut_etudiant_with_ine().ine()"], Major;
    a_removed_operation: "operation-removed",
        [("/paths/~1v3~1mesri~1statut_etudiant~1ine".to_owned(), Value::Null)],
        Fails, [METHOD], Major;
    another_id: "operation-id-changed",
        [(format!("{PATH}/operationId"), json!("api_particulier_v3_mesri_etudiant"))],
        Works, ["v3_mesri_etudiant()", METHOD], Major;
}

#[test]
fn a_credential_is_no_setter() {
    let scheme = json!({"key": {"type": "apiKey", "in": "header", "name": "X-Fleet-Key"}});
    let old = drifted(
        &contract().document,
        &[("/components/securitySchemes".to_owned(), scheme), (format!("{PATH}/security"), json!([{"key": []}]))],
    );
    for (name, setters, semver) in [
        ("X-Fleet-Key", vec![], Semver::Patch),
        ("X-Other-Key", vec![format!("{}.x_other_key()", METHOD)], Semver::Major),
    ] {
        let parameter = json!({"in": "header", "name": name, "required": true, "schema": {"type": "string"}});
        let new = drifted(&old, &[(format!("{PATH}/parameters/-"), parameter)]);
        let impact = impact(&old, &new, "parameter-added-required");
        assert_eq!((&impact.methods, impact.semver), (&setters, semver), "{name}");
    }
}

#[test]
fn a_document_without_a_client_has_no_impact() {
    let contract = contract();
    let mut twice = contract.document.clone();
    let copy = twice["paths"]["/v3/mesri/statut_etudiant/ine"].clone();
    twice["paths"]["/v3/copy"] = copy;
    let findings: Vec<_> =
        diff(&contract.document, &twice).deviations.into_iter().map(|deviation| find(deviation, |_| None)).collect();
    let causes = causes::group(&findings);
    assert!(!causes.is_empty());
    let clients = Clients::new(&contract.document, &twice);
    assert!(causes.iter().all(|cause| clients.impact(cause).is_none()), "two operations share an id");
}
