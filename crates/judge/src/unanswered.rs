//! Why an answer says nothing about the contract: the target is down, hides behind a page, has no quota left, or does not
//! take our token. None of this is drift.

use super::expect::is_uncoded;
use http::header::RETRY_AFTER;
use vigie_contract::model::{Answer, Operation};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Response;
use vigie_scenario::recorded::is_json;
use vigie_scenario::{Case, Refusal};

/// How much of a page is looked at for what it is.
const HEAD: usize = 64 << 10;

/// Why an answer cannot be judged, if it cannot. An answer that the case expects always can.
#[must_use]
pub fn unanswered(response: &Response, case: &Case, operation: &Operation) -> Option<Deviation> {
    if case.payload.as_ref().is_some_and(|stored| *response.body == stored.as_bytes()) {
        return None;
    }
    let code = response.status.as_u16();
    let answer: Option<&Answer> = operation.answer(code);
    let is_page = response.media_type().is_some_and(|media_type| media_type == "text/html")
        && !answer.is_some_and(|answer| answer.content.contains_key("text/html"));
    let is_cut = response.media_type().as_deref().is_some_and(is_json) && response.body.is_cut_off();
    let is_empty = response.body.is_empty() && answer.is_some_and(|answer| !answer.content.is_empty());
    let expected = code == case.status;
    let is_failure = !case.expect.uncoded && is_uncoded(operation, response);
    let told =
        |kind, reason: String| Some(Deviation::new(kind, Location::Whole, "an answer that can be judged", reason));
    if code == 409
        && let Some(busy) = busy(response, case)
    {
        return told(Kind::RateLimited, format!("status 409, {busy}: the same request is under way elsewhere"));
    }
    match code {
        429 if !expected => told(Kind::RateLimited, "status 429".into()),
        503 if !expected && response.headers.contains_key(RETRY_AFTER) => {
            told(Kind::Maintenance, "status 503 and when to come back".into())
        }
        // Many come with a page for who does not follow them.
        300..400 if !expected => told(Kind::Redirected, format!("status {code}")),
        _ if is_page && speaks_of_maintenance(&response.body) => {
            told(Kind::Maintenance, format!("a web page about maintenance with status {code}"))
        }
        _ if is_page => told(Kind::WebPage, format!("a web page with status {code}")),
        500.. if !expected => told(Kind::ServerError, format!("status {code}")),
        _ if is_failure => told(Kind::ErrorUncoded, format!("errors without a code, with status {code}")),
        _ if is_cut => told(Kind::AnswerBroken, format!("the JSON with status {code} ends early")),
        _ if is_empty => told(Kind::AnswerEmpty, format!("an empty body with status {code}")),
        _ => None,
    }
}

/// Whether a real host does not take our one good token (any more), or not for this operation: that is a matter of the
/// token.
#[must_use]
pub fn refused(response: &Response, case: &Case) -> Option<Deviation> {
    if case.credential != case.dialect.credential() {
        return None;
    }
    let status = response.status.as_u16();
    let body = response.body.json_or_null();
    let code = case.dialect.codes.iter().find_map(|pointer| body.pointer(pointer)?.as_str());
    let known = code.filter(|code| case.expect.code.as_deref() != Some(*code));
    let known = known.and_then(|code| case.dialect.refusal(code));
    let known = known.map(|(own, refusal)| (format!("status {status}, {own}"), refusal));
    let by_status = || (status == 401 && case.status != 401).then(|| ("status 401".to_owned(), Refusal::Unclear));
    let (reason, refusal) = known.or_else(by_status)?;
    let kind = match refusal {
        Refusal::Expired => Kind::TokenExpired,
        Refusal::Revoked => Kind::TokenRevoked,
        Refusal::Unknown | Refusal::Unclear | Refusal::Address => Kind::TokenRefused,
        Refusal::NoRight => Kind::ScopeMissing,
    };
    Some(Deviation::new(kind, Location::Whole, "an answer to a good token", reason))
}

/// The code that says that somebody else sends the same request at the same time, unless the case expects it.
fn busy(response: &Response, case: &Case) -> Option<&'static str> {
    let body = response.body.json_or_null();
    let code = case.dialect.codes.iter().find_map(|pointer| body.pointer(pointer)?.as_str())?;
    let busy = case.dialect.busy.iter().copied().find(|own| *own == code)?;
    (case.expect.code.as_deref() != Some(busy) && !case.is_twin()).then_some(busy)
}

fn speaks_of_maintenance(page: &[u8]) -> bool {
    let head = &page[..page.len().min(HEAD)];
    String::from_utf8_lossy(head).to_lowercase().contains("maintenance")
}

#[cfg(test)]
mod tests {
    use super::unanswered;
    use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
    use serde_json::json;
    use vigie_contract::model::Contract;
    use vigie_drift::deviation::Kind;
    use vigie_exchange::Response;
    use vigie_scenario::{Case, Dialect};

    /// What is told of an answer to a case that expects 200 and JSON.
    fn told(status: u16, media_type: &'static str, body: &'static str) -> Option<Kind> {
        let answers = json!({"200": {"content": {"application/json": {}}}});
        let paths = json!({"/cars": {"get": {"operationId": "cars", "responses": answers}}});
        let contract = Contract::new("t/v1", json!({"paths": paths}));
        let case = Case { status: 200, ..Case::call("cars", &Dialect::PLAIN) };
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
        let status = StatusCode::from_u16(status).expect("a status");
        let response = Response { status, headers, body: body.into() };
        unanswered(&response, &case, &contract.operations[0]).map(|reason| reason.kind)
    }

    #[test]
    fn a_redirect_is_one_whatever_page_comes_with_it() {
        assert_eq!(told(302, "text/html", "<h1>302 Found</h1>"), Some(Kind::Redirected));
        assert_eq!(told(301, "text/html", "moved for maintenance"), Some(Kind::Redirected));
        assert_eq!(told(308, "application/json", "{}"), Some(Kind::Redirected));
        assert_eq!(told(200, "text/html", "<h1>Portail</h1>"), Some(Kind::WebPage));
    }

    #[test]
    fn json_that_ends_early_is_broken_and_what_is_none_is_judged() {
        for cut in [r#"{"data": {"a"#, r#"{"data""#, "[1,", "\"abc", "tru", " "] {
            assert_eq!(told(200, "application/json; charset=utf-8", cut), Some(Kind::AnswerBroken), "{cut}");
            assert_eq!(told(404, "application/problem+json", cut), Some(Kind::AnswerBroken), "{cut}");
            assert_eq!(told(200, "text/plain", cut), None, "{cut}");
        }
        for whole in ["{}", "{}}", "{'a': 1}", "Service indisponible", "{\"a\": 1,}", "{\"a\": 1} {"] {
            assert_eq!(told(200, "application/json", whole), None, "{whole}");
        }
        assert_eq!(told(200, "application/json", ""), Some(Kind::AnswerEmpty));
        assert_eq!(told(500, "application/json", "{"), Some(Kind::ServerError));
    }
}
