//! An exchange against the contract, the generated client and the case's expectation. Pure: no IO.
//!
//! Every check runs, and all deviations are reported, not the first.

mod call;
mod client;
mod draft4;
pub mod exceptions;
mod expect;
mod header;
mod media_type;
mod promise;
mod properties;
pub mod pseudonym;
mod queries;
mod recorded;
mod request;
mod schema;
pub mod shape;
pub mod snapshot;
mod spelling;
mod status;
mod twice;
mod unanswered;
mod unfold;

pub use call::Call;
pub use client::{Decoded, Typed};
pub use draft4::Draft4;
pub use expect::UNCODED;
pub use properties::{Observed, members};
pub use queries::Queries;
pub use recorded::{Reading, operation_of};
pub use schema::Schemas;
pub use unanswered::{refused, unanswered};

use serde_json::Value;
use std::sync::{Arc, OnceLock};
use vigie_contract::model::{Contract, Operation};
use vigie_contract::vocabulary::Vocabulary;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::{Location, Part};
use vigie_exchange::Exchange;
use vigie_scenario::recorded::is_json;
use vigie_scenario::{Bound, Case, Misfit};

/// Judges exchanges of one contract. Validators are compiled when an answer first needs them.
#[derive(Debug)]
pub struct Judge {
    /// The contract that is judged against.
    pub contract: Contract,
    schemas: Schemas,
    vocabulary: OnceLock<Vocabulary>,
}

/// What is judged: the case, what was sent, what came back, what the typed client made of it.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its operation.
    pub operation: &'a Operation,
    /// The raw exchange.
    pub exchange: &'a Exchange,
    /// The typed client's side, if it was asked.
    pub typed: Option<&'a Typed>,
    /// JSON pointers that the token's scopes do not open; empty for a token with every scope.
    pub masked: &'a [String],
}

/// What a judgement says.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Every fact.
    pub deviations: Vec<Deviation>,
    /// JSON pointers of properties that the contract does not list.
    pub undocumented: Vec<String>,
    /// Documented properties that the body has, as paths with `*` for elements.
    pub observed: Observed,
    /// The body, if it is JSON.
    pub body: Option<Arc<Value>>,
}

impl Judge {
    /// A judge of a contract.
    #[must_use]
    pub fn new(contract: Contract) -> Self {
        let schemas = Schemas::new(&contract);
        Self { contract, schemas, vocabulary: OnceLock::new() }
    }

    /// Judges one exchange.
    #[must_use]
    pub fn judge(&self, evidence: &Evidence<'_>) -> Judgement {
        let mut judgement = Judgement::default();
        let response = &evidence.exchange.response;
        let code = response.status.as_u16();
        judgement.deviations.extend(status::judge(evidence));
        let answer = evidence.operation.answer(code);
        if let Some(answer) = answer {
            judgement.deviations.extend(media_type::judge(response, answer));
            judgement.deviations.extend(header::judge(response, answer));
            judgement.deviations.extend(promise::judge(evidence.exchange, answer));
        }
        if response.media_type().as_deref().is_some_and(is_json) {
            match response.body.json() {
                Ok(body) => {
                    if let Some(answer) = answer {
                        self.schemas.judge(&self.contract, answer, body, evidence.masked, &mut judgement);
                    }
                    if evidence.operation.graphql.is_some() && code == 200 {
                        judgement.deviations.extend(promise::data(body));
                    }
                    judgement.body = Some(Arc::clone(body));
                }
                Err(error) => {
                    let place = format!("line {}, column {}", error.line(), error.column());
                    judgement.deviations.push(Deviation::new(
                        Kind::BodyNotJson,
                        Location::Whole,
                        "JSON",
                        format!("not JSON at {place}"),
                    ));
                }
            }
        }
        let schema = self.schema(evidence.operation, code);
        judgement.deviations.extend(expect::judge(evidence, judgement.body.as_deref(), schema));
        if let Some(typed) = evidence.typed {
            let mut of_client = client::judge(typed, evidence, judgement.body.as_deref());
            for deviation in &mut of_client {
                deviation.beyond_contract = match deviation.kind {
                    Kind::ClientRequestDiffers => self.refuses(evidence),
                    _ => !fits(&judgement.deviations) || twice::has_key_twice(&response.body),
                };
            }
            judgement.deviations.extend(of_client);
        }
        judgement
    }

    /// Whether the contract does not allow the request that was sent.
    fn refuses(&self, evidence: &Evidence<'_>) -> bool {
        let request = call::recorded(&evidence.exchange.request);
        let found = request::judge(&self.contract, &self.schemas, evidence.operation, &request);
        found.iter().any(|deviation| deviation.kind == Kind::RequestInvalid)
    }

    /// The JSON schema of an operation's answer, references in place; null without one.
    #[must_use]
    pub fn schema(&self, operation: &Operation, status: u16) -> &Value {
        operation.answer(status).map_or(&Value::Null, |answer| self.schemas.schema(answer))
    }

    /// The words of the contract.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::of(&self.contract.document))
    }

    /// A schema of the contract as a JSON schema, references in place.
    #[must_use]
    pub fn resolved(&self, schema: &Value) -> Value {
        unfold::translate(schema, &self.contract.document)
    }

    /// Documented properties of the 200 answers of an operation, as paths with `*` for elements.
    #[must_use]
    pub fn documented(&self, operation: &Operation) -> Observed {
        operation.responses.get(&200).map(|answer| self.schemas.documented(answer)).unwrap_or_default()
    }
}

/// Whether an answer is one that the contract allows.
fn fits(deviations: &[Deviation]) -> bool {
    let refuses = |kind| {
        matches!(
            kind,
            Kind::BodyInvalid
                | Kind::BodyNotJson
                | Kind::StatusUndocumented
                | Kind::OperationGone
                | Kind::MediaTypeUndocumented
        )
    };
    !deviations.iter().any(|deviation| refuses(deviation.kind))
}

/// The body of a request as a whole.
const BODY: Location = Location::Body(Part::Whole);

/// What of a case does not fit its operation, as deviations.
#[must_use]
pub fn misfits(bound: &Bound, operation: &Operation) -> Vec<Deviation> {
    let known = || {
        let variables = operation.graphql.iter().flat_map(|graphql| graphql.variables.keys().map(String::as_str));
        let parameters = operation.parameters.iter().map(vigie_contract::model::Parameter::internal_name);
        parameters.chain(variables).collect::<Vec<_>>().join(", ")
    };
    let deviation = |misfit: &Misfit| match misfit {
        Misfit::Unknown(name) => Deviation::new(
            Kind::CaseParameterUnknown,
            Location::name(name),
            format!("one of {}", known()),
            name.as_str(),
        ),
        Misfit::Missing(name) => {
            Deviation::new(Kind::CaseParameterMissing, Location::name(name), "a value (required)", "none")
        }
        Misfit::UnknownBody => Deviation::new(Kind::CaseParameterUnknown, BODY, "no body", "a body"),
        Misfit::MissingBody => Deviation::new(Kind::CaseParameterMissing, BODY, "a body (required)", "none"),
        Misfit::UnknownIdentityPart(name, known) => {
            Deviation::new(Kind::CaseIdentityUnknown, Location::name(name), format!("one of {known}"), name.as_str())
        }
        Misfit::IdentityFormat(name, how) => {
            Deviation::new(Kind::CaseIdentityUnknown, Location::name(name), *how, "another format")
        }
    };
    let place = |misfit: &Misfit| match (misfit, &operation.body) {
        (Misfit::UnknownBody | Misfit::MissingBody, body) => {
            body.as_ref().map_or(&operation.pointer, |body| &body.pointer).clone()
        }
        (_, Some(body)) if operation.graphql.is_some() => body.pointer.clone(),
        _ => format!("{}/parameters", operation.pointer),
    };
    bound.misfits.iter().map(|misfit| deviation(misfit).stated_at(place(misfit))).collect()
}
