//! Why an answer says nothing about the contract: the target is down, hides behind a page, has no quota left, or does not
//! take our token. None of this is drift.

use crate::contract::model::{Answer, Operation};
use crate::deviation::{Deviation, Kind};
use crate::exchange::Response;
use crate::scenario::{Case, Refusal};
use http::header::RETRY_AFTER;
use serde_json::Value;

/// How much of a page is looked at for what it is.
const HEAD: usize = 64 << 10;

/// Why an answer cannot be judged, if it cannot. An answer that the case expects always can.
#[must_use]
pub fn unanswered(response: &Response, case: &Case, operation: &Operation) -> Option<Deviation> {
    if case.payload.as_ref().is_some_and(|stored| response.body == stored.as_bytes()) {
        return None;
    }
    let code = response.status.as_u16();
    let answer: Option<&Answer> = operation.answer(code);
    let is_page = response.media_type().is_some_and(|media_type| media_type == "text/html")
        && !answer.is_some_and(|answer| answer.content.contains_key("text/html"));
    let is_empty = response.body.is_empty() && answer.is_some_and(|answer| !answer.content.is_empty());
    let expected = code == case.status;
    let told = |kind, reason: String| Some(Deviation::new(kind, "", "an answer that can be judged", reason));
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
        _ if is_page && speaks_of_maintenance(&response.body) => {
            told(Kind::Maintenance, format!("a web page about maintenance with status {code}"))
        }
        _ if is_page => told(Kind::WebPage, format!("a web page with status {code}")),
        500.. if !expected => told(Kind::ServerError, format!("status {code}")),
        300..400 if !expected => told(Kind::Redirected, format!("status {code}")),
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
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
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
    Some(Deviation::new(kind, "", "an answer to a good token", reason))
}

/// The code that says that somebody else sends the same request at the same time, unless the case expects it.
fn busy(response: &Response, case: &Case) -> Option<&'static str> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = case.dialect.codes.iter().find_map(|pointer| body.pointer(pointer)?.as_str())?;
    let busy = case.dialect.busy.iter().copied().find(|own| *own == code)?;
    (case.expect.code.as_deref() != Some(busy) && !case.is_twin()).then_some(busy)
}

fn speaks_of_maintenance(page: &[u8]) -> bool {
    let head = &page[..page.len().min(HEAD)];
    String::from_utf8_lossy(head).to_lowercase().contains("maintenance")
}
