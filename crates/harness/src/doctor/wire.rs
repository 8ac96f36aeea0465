//! The few requests of a doctor, one after the other, no faster than those of a check.

use super::{Check, Subject};
use crate::pace::{Pace, Repeat};
use crate::providers::{Hallmark, Provider, Tokens};
use crate::runner::media_type;
use crate::transport::{Envelope, Outage, Prepared, Transport};
use http::HeaderMap;
use serde_json::{Value, json};
use std::time::SystemTime;
use vigie_drift::finding::Class;
use vigie_exchange::{Exchange, Request, Response};
use vigie_judge::{Evidence, Judge};
use vigie_scenario::{Case, Credential, bind};

/// A target that answers.
pub(super) struct Wire {
    pub(super) provider: &'static Provider,
    pub(super) judges: Vec<Judge>,
    pub(super) transport: Transport,
    pub(super) pace: Pace,
}

impl Wire {
    /// Whether it is the right API; when it answered, and with what headers.
    pub(super) async fn hallmark(&self) -> (Check, Option<(SystemTime, HeaderMap)>) {
        let subject = Subject::Api;
        let (asked, wanted) = match self.provider.hallmark {
            None => {
                let told = "this API has no public endpoint to recognise it by";
                return (Check::not_tried(subject, told), None);
            }
            Some(Hallmark::Operation(id)) => (self.ask(id, None).await, Wanted::Documented(id)),
            Some(Hallmark::QueryType { path, name }) => (self.query(path).await, Wanted::QueryType(name)),
        };
        let at = SystemTime::now();
        let exchange = match asked {
            Ok(exchange) => exchange,
            Err(outage) => {
                let mend = "try again later";
                return (Check::problem(subject, format!("no answer: {outage}"), mend), None);
            }
        };
        let Request { method, target, .. } = &exchange.request;
        let place = format!("{method} {}", target.split('?').next().unwrap_or(target));
        let check = if self.is_wanted(&exchange, &wanted) {
            Check::ok(subject, format!("{place} answers as {} does", self.provider.name))
        } else {
            let told = format!("{place} does not answer as {} does: {}", self.provider.name, seen(&exchange.response));
            let mend = "check the host and path, and that no portal, proxy or maintenance page answers instead";
            Check::problem(subject, told, mend)
        };
        (check, Some((at, exchange.response.headers)))
    }

    /// Asks an operation, without a token if there is none, and for nobody: parameters about people stay away.
    pub(super) async fn ask(&self, id: &str, tokens: Option<&Tokens>) -> Result<Exchange, Outage> {
        let unbuilt = |reason: String| Outage::Request(reason);
        let operation = self.judges.iter().find_map(|judge| judge.contract.operation(id));
        let operation = operation.ok_or_else(|| unbuilt(format!("no contract has `{id}`")))?;
        let case = self.case(id, tokens.is_none());
        let credentials = tokens.and_then(|tokens| self.provider.hooks.credentials(operation, &case, tokens));
        let headers = credentials.unwrap_or_default().headers().map_err(|error| unbuilt(error.to_string()))?;
        let envelope = Envelope { base_url: None, headers: headers.into_iter().collect() };
        self.send(&self.transport.prepare(&bind(&case, operation), &envelope)?).await
    }

    fn case(&self, id: &str, anonymous: bool) -> Case {
        let mut case = Case::call(id, self.provider.dialect);
        if anonymous {
            case.credential = Credential::Named("none".into());
        }
        case
    }

    async fn query(&self, path: &str) -> Result<Exchange, Outage> {
        self.send(&self.transport.prepare_post(path, &json!({"query": "{ __typename }"}))?).await
    }

    async fn send(&self, request: &Prepared) -> Result<Exchange, Outage> {
        self.pace.send(&self.transport, request, &Repeat { is_safe: true, expected: 200..=200 }).await
    }

    fn is_wanted(&self, exchange: &Exchange, wanted: &Wanted) -> bool {
        if exchange.response.status != http::StatusCode::OK {
            return false;
        }
        match wanted {
            Wanted::QueryType(name) => body(&exchange.response)["data"]["__typename"] == *name,
            Wanted::Documented(id) => {
                let found = self.judges.iter().find_map(|judge| Some((judge, judge.contract.operation(id)?)));
                found.is_some_and(|(judge, operation)| {
                    let case = self.case(id, true);
                    let evidence = Evidence { case: &case, operation, exchange, typed: None, masked: &[] };
                    let judgement = judge.judge(&evidence);
                    let is_good = |finding: vigie_drift::finding::Finding| finding.class != Class::Breaking;
                    let findings =
                        judgement.deviations.into_iter().map(|deviation| vigie_drift::find(deviation, |_| None));
                    judgement.body.is_some() && findings.into_iter().all(is_good)
                })
            }
        }
    }
}

enum Wanted {
    Documented(&'static str),
    QueryType(&'static str),
}

/// The JSON of an answer; null if it is none.
pub(super) fn body(response: &Response) -> Value {
    response.body.json_or_null().clone()
}

/// An answer in a few words, without anything of its body.
pub(super) fn seen(response: &Response) -> String {
    let told = response.media_type();
    let media_type = told.as_deref().map_or("no media type", media_type);
    format!("status {}, {media_type}", response.status.as_u16())
}
