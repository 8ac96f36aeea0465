//! A live GraphQL schema beside the contract's own: asked for once, compared as two documents are.

use super::context::Context;
use super::redaction;
use crate::pace::{Pace, Repeat};
use crate::transport::{Outage, Transport};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::slice;
use std::sync::Arc;
use vigie_contract::graphql::expand::EXTENSION;
use vigie_contract::graphql::{self, credible};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Finding, text};
use vigie_drift::graphql::diff;
use vigie_drift::location::Location;
use vigie_exchange::Exchange;
use vigie_judge::shape::describe;

/// The name of the case that an introspection is in a report.
const CASE: &str = "introspection";

/// A schema that a contract promises at a path.
#[derive(Debug, Clone, Copy)]
pub struct Promised<'a> {
    /// Where it is asked: `/graphql`.
    pub path: &'a str,
    /// Its file, as a person finds it: `specs/mobilic/schema.graphql`.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Context {
    /// The live schemas beside those of the contracts. What was not reached any more is told so.
    pub(super) async fn schemas(&self) -> Vec<CaseReport> {
        let mut reports = Vec::new();
        for contract in self.judges.iter().map(|judge| &judge.contract) {
            for entry in contract.document[EXTENSION].as_array().into_iter().flatten() {
                let (Some(path), Some(schema)) = (entry["path"].as_str(), entry["schema"].as_str()) else { continue };
                let name = format!("{}/{schema}", contract.name);
                let Some(text) = vigie_embedded::spec(&name) else { continue };
                let file = format!("specs/{name}");
                let promised = Promised { path, file: &file, text };
                let asked = introspect(&self.peer.pace, &self.peer.transport, slice::from_ref(&promised));
                let mut own = match self.peer.outage() {
                    None => match self.cancellation.unless_cancelled(asked).await {
                        Ok(reports) => reports,
                        Err(reason) => vec![report(&promised, None, vec![reason])],
                    },
                    Some(outage) => vec![report(&promised, None, vec![outage.deviation()])],
                };
                own.iter_mut().flat_map(|report| &mut report.findings).for_each(|finding| self.conceal(finding));
                reports.append(&mut own);
            }
        }
        reports
    }
}

impl Context {
    /// Takes out of a finding what holds the token: the names of a schema are public, as long as it is one.
    fn conceal(&self, Finding { fact, .. }: &mut Finding) {
        let Some(token) = self.peer.token() else { return };
        let token = token.expose_secret().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&token);
        if holds(&fact.operation) {
            "*".clone_into(&mut fact.operation);
        }
        if holds(&fact.location.to_string()) {
            fact.location = Location::name("*");
        }
        for value in [&mut fact.expected, &mut fact.observed] {
            if holds(&text(value)) {
                *value = "a text that holds the token".into();
            }
        }
        fact.twin = fact.twin.take().filter(|twin| !holds(twin));
    }
}

/// Asks a target for each schema and compares it with the promised one. What is no schema is no drift: the target did
/// not answer, or what it answered is not credible.
pub async fn introspect(pace: &Pace, transport: &Transport, schemas: &[Promised<'_>]) -> Vec<CaseReport> {
    let mut reports = Vec::with_capacity(schemas.len());
    for promised in schemas {
        let asked = ask(pace, transport, promised.path).await;
        let status = asked.as_ref().ok().map(|exchange| exchange.response.status.as_u16());
        let deviations =
            match asked.map_err(|outage| Box::new(outage.deviation())).and_then(|exchange| answer(&exchange)) {
                Ok(answer) => compare(promised, &answer),
                Err(reason) => vec![*reason],
            };
        reports.push(report(promised, status, deviations));
    }
    reports
}

async fn ask(pace: &Pace, transport: &Transport, path: &str) -> Result<Exchange, Outage> {
    let request = transport.prepare_post(path, &json!({"query": graphql::INTROSPECTION, "operationName": CASE}))?;
    pace.send(transport, &request, &Repeat { is_safe: true, expected: 200..=200 }).await
}

/// The JSON of an answer that has a schema in it. An error says why there is none, in words of ours.
fn answer(exchange: &Exchange) -> Result<Arc<Value>, Box<Deviation>> {
    let response = &exchange.response;
    let status = response.status.as_u16();
    let own = response.media_type();
    let media_type = own.as_deref().map_or("no media type", redaction::media_type);
    let kind = match status {
        429 => Kind::RateLimited,
        500.. => Kind::ServerError,
        300..400 => Kind::Redirected,
        _ if media_type == "text/html" => Kind::WebPage,
        _ => Kind::SchemaUntold,
    };
    let untold = |reason: String| {
        Box::new(Deviation::new(kind, Location::Whole, "an introspection", format!("status {status}, and {reason}")))
    };
    let body = response.body.json().map_err(|_| untold(format!("no JSON ({media_type})")))?;
    if graphql::is_introspection(body) {
        return Ok(Arc::clone(body));
    }
    let refused = body["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    Err(untold(if refused { "errors in place of a schema" } else { "JSON that is no introspection" }.into()))
}

/// What the promised and the live schema have apart, or why the live one is not to be believed.
fn compare(promised: &Promised<'_>, answer: &Value) -> Vec<Deviation> {
    let implausible = |reason: String| {
        vec![Deviation::new(Kind::DocumentImplausible, Location::Whole, "a whole schema of the same API", reason)]
    };
    let own = match graphql::read(promised.text) {
        Ok(own) => own,
        Err(error) => return implausible(format!("{} cannot be read: {error}", promised.file)),
    };
    let live = match graphql::from_introspection(answer) {
        Ok(live) => live,
        // What is wrong with it may quote it.
        Err(graphql::ReadError::Broken(_)) => return implausible("its schema is cut off or broken".to_owned()),
        Err(error) => return implausible(error.to_string()),
    };
    match credible(&own, &live) {
        Ok(()) => diff(&own, &live).into_iter().map(without_values).collect(),
        Err(reason) => implausible(reason.to_string()),
    }
}

/// Names are public, and so are kinds of types. A default is a value.
fn without_values(mut deviation: Deviation) -> Deviation {
    if matches!(deviation.kind, Kind::RequestDefaultChanged | Kind::RequestDefaultDeclared) {
        deviation.observed = describe(&deviation.observed).into();
    }
    deviation
}

fn report(promised: &Promised<'_>, status: Option<u16>, deviations: Vec<Deviation>) -> CaseReport {
    let findings = deviations.into_iter().map(|found| vigie_drift::find(found, |_| None)).collect();
    let mut report = CaseReport::new(promised.file, promised.path.trim_start_matches('/'), CASE);
    report.status = status;
    report.request = format!("POST {}", promised.path);
    report.with(findings)
}
