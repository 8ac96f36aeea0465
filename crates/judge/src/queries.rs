//! A recorded exchange that asks GraphQL: each of its queries against what it selects, in whatever form it was sent.

use super::{Judge, Judgement, Reading};
use crate::shape::describe;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use vigie_contract::graphql::expand::{self, Endpoint, Problem, operation_for};
use vigie_contract::model::Contract;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::graphql::consumer;
use vigie_drift::location::Location;
use vigie_scenario::recorded::{Body, Recorded, Response};

/// A contract that answers queries.
#[derive(Debug, Clone, Copy)]
pub struct Queries<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its document.
    pub document: &'a Value,
    /// What may be asked, and where.
    pub endpoints: &'a [Endpoint],
}

/// How queries were sent.
enum Asked {
    /// One, as JSON.
    Alone(Value),
    /// One, in another form.
    Otherwise(Value),
    /// Several.
    Together(Vec<Value>),
}

impl Queries<'_> {
    /// What the contract as a whole says of an exchange, with what its queries select in place of any data. A query that the
    /// schemas do not answer is held to the contract alone.
    #[must_use]
    pub fn read(&self, recorded: &Recorded, reading: Reading) -> Reading {
        let mut reading = reading;
        let endpoint = self.endpoints.iter().find(|endpoint| endpoint.path == recorded.request.path);
        let Some((endpoint, asked)) = endpoint.and_then(|endpoint| Some((endpoint, asked(recorded)?))) else {
            return reading;
        };
        let body = reading.response.as_ref().and_then(|judgement| judgement.body.clone());
        match &asked {
            Asked::Alone(query) => {
                let alone = sent(recorded, query, recorded.response.clone());
                let own = self.judge(recorded, query);
                if let Err(problems) = &own {
                    reading.request.extend(problems.iter().map(of_record));
                }
                if let Some(own) = own.ok().and_then(|own| own.recorded(&alone)) {
                    let taken = own.response.as_ref().is_some_and(was_taken);
                    reading =
                        Reading { request: own.request.into_iter().map(|found| held(found, taken)).collect(), ..own };
                }
            }
            Asked::Otherwise(query) => self.each(recorded, query, recorded.response.clone(), "", &mut reading),
            Asked::Together(queries) => {
                let answers = body.as_deref().and_then(Value::as_array);
                for (position, query) in queries.iter().enumerate() {
                    let own = answers.and_then(|answers| part(recorded.response.as_ref()?, answers.get(position)?));
                    self.each(recorded, query, own, &format!("/{position}"), &mut reading);
                }
            }
        }
        if endpoint.open_introspection && asked.queries().all(only_introspects) {
            reading.credentials = None;
        }
        if let (Some(judgement), Some(body)) = (&mut reading.response, &body) {
            judgement.deviations.extend(miscounted(&asked, recorded, body));
        }
        reading
    }

    /// The judge of a query, or why the schemas do not answer it.
    fn judge(&self, recorded: &Recorded, query: &Value) -> Result<Judge, Vec<Problem>> {
        let (path, text) = (recorded.request.path.as_str(), query["query"].as_str().unwrap_or_default());
        let own = operation_for(self.document, self.endpoints, path, text, query["operationName"].as_str())?;
        Ok(Judge::new(Contract::new(self.name, own)))
    }

    /// Adds what one query, and its part of the answer, says of its variables and of what it selects.
    fn each(&self, recorded: &Recorded, query: &Value, answer: Option<Response>, at: &str, reading: &mut Reading) {
        let alone = sent(recorded, query, answer);
        let own = self.judge(recorded, query);
        if let Err(problems) = &own {
            reading.request.extend(problems.iter().map(|problem| below(of_record(problem), at)));
        }
        let Some(own) = own.ok().and_then(|own| own.recorded(&alone)) else { return };
        let is_variable = |deviation: &Deviation| is_below_variables(&deviation.location);
        let taken = own.response.as_ref().is_some_and(was_taken);
        let variables = own.request.into_iter().filter(is_variable);
        reading.request.extend(variables.map(|found| below(held(found, taken), at)));
        let (Some(judgement), Some(of_query)) = (&mut reading.response, own.response) else { return };
        add(judgement, of_query, at);
    }
}

impl Asked {
    fn queries(&self) -> impl Iterator<Item = &Value> {
        match self {
            Self::Alone(query) | Self::Otherwise(query) => std::slice::from_ref(query),
            Self::Together(queries) => queries,
        }
        .iter()
    }
}

/// Whether a query asks for the schema alone.
fn only_introspects(query: &Value) -> bool {
    expand::only_introspects(query["query"].as_str().unwrap_or_default(), query["operationName"].as_str())
}

/// What is wrong with a recorded query. What it writes out may be somebody's: names of fields and types are repeated, and
/// no literal.
fn of_record(problem: &Problem) -> Deviation {
    let is_public = |text: &str| !text.contains('"') && !text.bytes().any(|byte| byte.is_ascii_digit());
    let mut problem = problem.clone();
    if !is_public(&problem.message) {
        "it is not a query that the schema answers".clone_into(&mut problem.message);
    }
    if !is_public(&problem.mend) {
        problem.mend.clear();
    }
    consumer::deviation(problem)
}

/// The queries of an exchange.
fn asked(recorded: &Recorded) -> Option<Asked> {
    let request = &recorded.request;
    let of_pairs = |pairs: &[(String, String)]| {
        let member = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        let mut query = json!({"query": member("query")?});
        for name in ["variables", "operationName"] {
            if let Some(value) = member(name) {
                query[name] = value.into();
            }
        }
        Some(plain(&query))
    };
    match &request.body {
        Body::Json { value: Value::Array(queries), .. } => Some(Asked::Together(queries.iter().map(plain).collect())),
        Body::Json { value, .. } => value["query"].is_string().then(|| Asked::Alone(plain(value))),
        Body::Form(pairs) => of_pairs(pairs).map(Asked::Otherwise),
        Body::Text(text) if request.media_type().as_deref() == Some("application/graphql") => {
            Some(Asked::Otherwise(json!({"query": text})))
        }
        Body::Absent if request.method == "GET" => of_pairs(&request.query).map(Asked::Otherwise),
        Body::Text(_) | Body::Parts(_) | Body::Absent => None,
    }
}

/// A query whose variables are an object, if they were sent as the JSON of one. What is null or empty says nothing.
fn plain(query: &Value) -> Value {
    let mut query = query.clone();
    let text = query["variables"].as_str().filter(|text| !text.is_empty());
    if let Some(variables) = text.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()) {
        query["variables"] = variables.into();
    }
    if let Some(members) = query.as_object_mut() {
        let takes_some = members.get("query").and_then(Value::as_str).is_some_and(|text| text.contains('$'));
        let is_nothing = |value: &Value| {
            value.is_null() || value == "" || (!takes_some && value.as_object().is_some_and(Map::is_empty))
        };
        members.retain(|name, value| !matches!(name.as_str(), "variables" | "operationName") || !is_nothing(value));
    }
    query
}

/// The exchange that asks one query as its path is asked.
fn sent(recorded: &Recorded, query: &Value, response: Option<Response>) -> Recorded {
    let mut alone = Recorded { operation: None, response, ..recorded.clone() };
    let is_same = matches!(&recorded.request.body, Body::Json { .. });
    if !is_same {
        let is_type = |name: &String| name.eq_ignore_ascii_case("content-type");
        alone.request.headers =
            alone.request.headers.map(|headers| headers.into_iter().filter(|(name, _)| !is_type(name)).collect());
        alone.request.method = "POST".into();
        alone.request.query.clear();
    }
    alone.request.body = Body::Json { value: query.clone(), relaxed: false };
    alone
}

/// One answer of several: each has the status that it would have alone.
fn part(response: &Response, answer: &Value) -> Option<Response> {
    let is_refused = response.status == Some(400) && answer.get("data").is_none();
    let status = if is_refused { 400 } else { 200 };
    answer.is_object().then(|| Response {
        status: Some(status),
        body: Some(answer.to_string().into_bytes()),
        ..response.clone()
    })
}

/// Whether a query was executed: what it was sent with was taken, also where it then had an error that the API knows.
fn was_taken(judgement: &Judgement) -> bool {
    let is_known = |error: &Value| error["extensions"]["code"].is_string();
    judgement.body.as_ref().is_some_and(|body| {
        body["data"].is_object() && body["errors"].as_array().is_none_or(|errors| errors.iter().all(is_known))
    })
}

/// A variable of another type with which the query was executed is one that the server takes, whatever its contract says.
fn held(found: Deviation, taken: bool) -> Deviation {
    let is_tolerated = taken
        && found.kind == Kind::RequestInvalid
        && found.location.as_pointer() != Some("/variables")
        && is_below_variables(&found.location);
    if is_tolerated { Deviation { kind: Kind::RequestUndocumented, ..found } } else { found }
}

/// Whether it is the variables of a query, or something in them.
fn is_below_variables(location: &Location) -> bool {
    Location::pointer("/variables").holds(location)
}

fn below(mut deviation: Deviation, at: &str) -> Deviation {
    deviation.location = deviation.location.below(at);
    deviation
}

/// Adds what is said of a query's own body; the rest of its answer is the exchange's.
fn add(judgement: &mut Judgement, of_query: Judgement, at: &str) {
    for found in of_query.deviations.into_iter().filter(|deviation| deviation.kind == Kind::BodyInvalid) {
        let found = below(found, at);
        if !judgement.deviations.iter().any(|own| own.kind == found.kind && own.location == found.location) {
            judgement.deviations.push(found);
        }
    }
    let known: BTreeSet<String> = judgement.undocumented.iter().cloned().collect();
    let pointers = of_query.undocumented.into_iter().map(|pointer| format!("{at}{pointer}"));
    judgement.undocumented.extend(pointers.filter(|pointer| !known.contains(pointer)));
}

/// One query has one answer, and a list of them a list; a list that is refused as a whole has one refusal.
fn miscounted(asked: &Asked, recorded: &Recorded, body: &Value) -> Option<Deviation> {
    let is_executed = recorded.response.as_ref().is_some_and(|response| response.status == Some(200));
    let expected = match (asked, body) {
        (Asked::Together(queries), Value::Array(answers)) if queries.len() != answers.len() => {
            format!("{} answers, one for each query", queries.len())
        }
        (Asked::Together(queries), Value::Object(_)) if is_executed => {
            format!("a list of {} answers", queries.len())
        }
        (Asked::Alone(_) | Asked::Otherwise(_), Value::Array(_)) => "one answer to one query".into(),
        _ => return None,
    };
    Some(Deviation::new(Kind::BodyInvalid, Location::Whole, expected, describe(body)))
}
