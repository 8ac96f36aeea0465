use super::is_foreign;
use crate::exchange::Response;
use crate::judge::Judge;
use crate::providers::provider;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};

fn foreign(operation: &str, status: u16, media_type: &'static str, body: &'static str) -> bool {
    let provider = provider("api-particulier").expect("ours");
    let judges: Vec<Judge> = provider.contracts().into_iter().map(Judge::new).collect();
    let mut known = judges.iter().filter_map(|judge| Some((judge, judge.contract.operation(operation)?)));
    let (judge, operation) = known.next().expect("it is in a contract");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
    let status = StatusCode::from_u16(status).expect("a status");
    is_foreign(judge, operation, provider.dialect(), &Response { status, headers, body: body.into() })
}

#[test]
fn what_has_nothing_of_the_contract_is_of_another_api() {
    let (student, json) = ("api_particulier_v3_mesri_statut_etudiant_with_ine", "application/json");
    for (status, media_type, body) in [
        (404, json, r#"{"detail": "Not Found"}"#),
        (404, json, r#"{"error": "Not Found"}"#),
        (200, json, r#"{"hello": "world"}"#),
        // Half of all APIs answer that.
        (200, json, r#"{"data": {"identite": null}}"#),
        (418, json, "[]"),
        (404, "text/plain", "no such page"),
    ] {
        assert!(foreign(student, status, media_type, body), "{status} {body}");
    }
    for (status, media_type, body) in [
        (200, json, r#"{"data": {"identite": null}, "meta": {}}"#),
        (200, "application/vnd.api+json", r#"{"data": {}, "links": {}, "meta": {}}"#),
        // An operation that is gone, an error at another status, a code that nobody knows.
        (410, "text/plain", "Gone"),
        (404, json, r#"{"errors": [{"code": "99999"}]}"#),
        (418, json, r#"{"errors": [{"code": "99999"}]}"#),
        (200, "text/csv", "nom;prenom"),
        // A broken body is one of the provider's.
        (200, json, r#"{"data": {"#),
    ] {
        assert!(!foreign(student, status, media_type, body), "{status} {body}");
    }
    let v2 = "api_particulier_v2_mesri_student_status";
    assert!(!foreign(v2, 404, json, r#"{"error": "not_found", "reason": "r", "message": "m"}"#));
    assert!(foreign(v2, 404, json, r#"{"message": "no route matched"}"#));
    assert!(!foreign("api_particulier_v2_ping", 200, json, r#""pong""#));
    assert!(foreign("api_particulier_v2_ping", 404, json, r#"{"detail": "Not Found"}"#));
}
