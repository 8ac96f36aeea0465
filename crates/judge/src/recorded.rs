//! A recorded exchange: its request and its answer, each against the operation that it means.

use super::{Evidence, Judge, Judgement, request};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vigie_contract::model::{Contract, Operation};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Exchange;
use vigie_scenario::recorded::{Body, Recorded, Request, Response, is_placeholder};
use vigie_scenario::{Case, Dialect};

/// A record says nothing beyond its request and its answer.
static PLAIN: Dialect = Dialect { credentials: &[], ..Dialect::PLAIN };

/// What a judge says of a recorded exchange.
#[derive(Debug)]
pub struct Reading {
    /// The operation.
    pub operation: String,
    /// Facts about the request.
    pub request: Vec<Deviation>,
    /// The credentials that it lacks.
    pub credentials: Option<Deviation>,
    /// Facts about the answer; `None` where none was recorded.
    pub response: Option<Judgement>,
}

/// The operation that a recorded exchange means: the one that its file names, if the contract has it; else the one of its
/// method and path. Of the operations that share a path, a GraphQL document takes its own, and any other the plain one.
#[must_use]
pub fn operation_of<'a>(contract: &'a Contract, recorded: &Recorded) -> Option<&'a Operation> {
    if let Some(named) = recorded.operation.as_deref().and_then(|id| contract.operation(id)) {
        return Some(named);
    }
    // A slash at the end says nothing, unless the answer says that there is nothing.
    let is_nowhere = recorded.response.as_ref().is_some_and(|response| response.status == Some(404));
    if is_nowhere && recorded.request.path.len() > 1 && recorded.request.path.ends_with('/') {
        return None;
    }
    let query = match &recorded.request.body {
        Body::Json { value, .. } => value["query"].as_str(),
        _ => None,
    };
    contract.meant(&recorded.request.method, &recorded.request.path, query)
}

impl Judge {
    /// Judges a recorded exchange; `None` if the contract has no operation for it.
    #[must_use]
    pub fn recorded(&self, recorded: &Recorded) -> Option<Reading> {
        let operation = operation_of(&self.contract, recorded)?;
        let request = request::judge(&self.contract, &self.schemas, operation, &recorded.request);
        let credentials = request::credentials(&self.contract, operation, &recorded.request);
        let response = recorded.response.as_ref().and_then(|response| self.answer(operation, recorded, response));
        Some(Reading { operation: operation.id.clone(), request, credentials, response })
    }

    fn answer(&self, operation: &Operation, recorded: &Recorded, response: &Response) -> Option<Judgement> {
        let status = response.status.or_else(|| of_default(operation))?;
        let exchange = exchange(&recorded.request, response, status)?;
        let case = Case { status, ..Case::call(&operation.id, &PLAIN) };
        let evidence = Evidence { case: &case, operation, exchange: &exchange, typed: None, masked: &[] };
        let mut judgement = self.judge(&evidence);
        let missing = missing_bytes(response);
        let unknown = |deviation: &Deviation| match deviation.kind {
            // What was not recorded says nothing.
            Kind::MediaTypeUndocumented => response.header("content-type").is_none(),
            Kind::HeaderMissing => response.headers.is_empty(),
            Kind::BodyInvalid => {
                let value = judgement.body.as_ref().and_then(|body| body.pointer(deviation.location.as_pointer()?));
                response.body.is_none() || value.and_then(|value| value.as_str()).is_some_and(is_placeholder)
            }
            Kind::BodyNotJson => response.body.is_none() || missing.is_some(),
            // A record expects nothing.
            Kind::ErrorUnexpected | Kind::AnswerEmpty => true,
            _ => false,
        };
        let known = judgement.deviations.iter().filter(|deviation| !unknown(deviation)).cloned().collect();
        let is_cut = judgement.deviations.iter().any(|deviation| deviation.kind == Kind::BodyNotJson);
        judgement.deviations = known;
        if let Some((length, there)) = missing.filter(|_| is_cut) {
            let expected = format!("a body of {length} bytes, as Content-Length says");
            let observed = format!("{there} bytes");
            judgement.deviations.push(Deviation::new(Kind::CaseUnreadable, Location::Whole, expected, observed));
        }
        Some(judgement)
    }
}

/// How many bytes an answer had, and how many of them the record has, if those are fewer.
fn missing_bytes(response: &Response) -> Option<(usize, usize)> {
    let length = response.header("content-length")?.trim().parse().ok()?;
    let there = response.body.as_ref()?.len();
    (there < length && response.header("content-encoding").is_none()).then_some((length, there))
}

/// A status that only the default speaks of: an answer whose status is not known is a refusal of some kind.
fn of_default(operation: &Operation) -> Option<u16> {
    let default = operation.default.as_ref()?;
    (400..500).find(|status| operation.answer(*status).is_some_and(|answer| answer.pointer == default.pointer))
}

/// The exchange as the judge knows it. `None` if a method or a header is none that HTTP has.
fn exchange(request: &Request, response: &Response, status: u16) -> Option<Exchange> {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> =
        request.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let target = format!("{}{query}", request.path);
    let mut headers = HeaderMap::new();
    for (name, value) in &response.headers {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    Some(Exchange {
        request: vigie_exchange::Request::new(Method::try_from(request.method.as_str()).ok()?, target),
        response: vigie_exchange::Response {
            status: StatusCode::from_u16(status).ok()?,
            headers,
            body: response.body.clone().unwrap_or_default().into(),
        },
        elapsed: response.after,
    })
}
