use super::{Likeness, Origin};
use crate::providers::provider;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use vigie_exchange::Response;
use vigie_judge::Judge;

fn likeness(name: &str, operation: &str, (status, media_type, body): (u16, &'static str, &'static str)) -> Likeness {
    let provider = provider(name).expect("ours");
    let judges: Vec<Judge> = provider.contracts().into_iter().map(Judge::new).collect();
    let mut known = judges.iter().filter_map(|judge| Some((judge, judge.contract.operation(operation)?)));
    let (judge, operation) = known.next().expect("it is in a contract");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
    let status = StatusCode::from_u16(status).expect("a status");
    Origin::of(judge, operation, provider.dialect, &Response { status, headers, body: body.into() }).likeness
}

const JSON: &str = "application/json";

#[test]
fn what_has_nothing_of_the_contract_is_of_another_api() {
    let like = |answer| likeness("api-particulier", "api_particulier_v3_mesri_statut_etudiant_with_ine", answer);
    for answer in [
        (404, JSON, r#"{"detail": "Not Found"}"#),
        (404, JSON, r#"{"error": "Not Found"}"#),
        (200, JSON, r#"{"hello": "world"}"#),
        // Half of all APIs answer that.
        (200, JSON, r#"{"data": {"identite": null}}"#),
        (418, JSON, "[]"),
        (404, "text/plain", "no such page"),
    ] {
        assert_eq!(like(answer), Likeness::Foreign, "{answer:?}");
    }
    for answer in [
        (200, JSON, r#"{"data": {"identite": null}, "meta": {}}"#),
        (200, "application/vnd.api+json", r#"{"data": {}, "links": {}, "meta": {}}"#),
        // An operation that is gone, an error at another status, a code that nobody knows.
        (410, "text/plain", "Gone"),
        (404, JSON, r#"{"errors": [{"code": "99999"}]}"#),
        (418, JSON, r#"{"errors": [{"code": "99999"}]}"#),
    ] {
        assert_eq!(like(answer), Likeness::Own, "{answer:?}");
    }
    // The operation may have become that, or something in between answers so.
    for answer in
        [(200, "text/csv", "nom;prenom"), (200, JSON, r#"{"data": {"#), (200, JSON, "[]"), (200, JSON, "null")]
    {
        assert_eq!(like(answer), Likeness::Unclear, "{answer:?}");
    }
    let student = |answer| likeness("api-particulier", "api_particulier_v2_mesri_student_status", answer);
    assert_eq!(student((404, JSON, r#"{"error": "not_found", "reason": "r", "message": "m"}"#)), Likeness::Own);
    assert_eq!(student((404, JSON, r#"{"message": "no route matched"}"#)), Likeness::Foreign);
    let ping = |answer| likeness("api-particulier", "api_particulier_v2_ping", answer);
    assert_eq!(ping((200, JSON, r#""pong""#)), Likeness::Unclear);
    assert_eq!(ping((404, JSON, r#"{"detail": "Not Found"}"#)), Likeness::Foreign);
}

#[test]
fn the_data_of_a_query_is_an_answer_of_its_api() {
    let company = |body| likeness("mobilic", "company", (200, JSON, body));
    for own in [
        r#"{"data": {"company": {"id": "a text by now"}}}"#,
        r#"{"data": {"company": null}}"#,
        r#"{"errors": [{"message": "m"}], "data": null}"#,
        r#"{"data": {"company": []}, "extensions": {}}"#,
    ] {
        assert_eq!(company(own), Likeness::Own, "{own}");
    }
    for foreign in [
        r#"{"data": {}}"#,
        r#"{"data": {"cars": []}}"#,
        r#"{"data": {"company": 1}, "page": 1}"#,
        r#"{"status": "ok"}"#,
    ] {
        assert_eq!(company(foreign), Likeness::Foreign, "{foreign}");
    }
    assert_eq!(company("[]"), Likeness::Unclear);
    let webinars = |body| likeness("mobilic", "nextWebinars", (200, JSON, body));
    assert_eq!(webinars("[]"), Likeness::Unclear);
    assert_eq!(webinars(r#"[{"title": "t"}]"#), Likeness::Unclear);
}
