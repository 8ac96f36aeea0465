//! What a contract promises beyond `OpenAPI`: a body that echoes the request (`x-body`), and a time limit (`x-within-seconds`).

use crate::shape::describe;
use serde_json::Value;
use std::time::Duration;
use vigie_contract::model::Answer;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Exchange;
use vigie_scenario::recorded::decode_form;

/// The runtime expression for a parameter of the query.
const QUERY: &str = "$request.query.";

pub(super) fn judge(exchange: &Exchange, answer: &Answer) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    let sent = answer.body.as_deref().and_then(|expression| {
        let query = decode_form(exchange.request.target.split_once('?')?.1);
        let name = expression.strip_prefix(QUERY)?;
        query.into_iter().find(|(own, _)| own == name).map(|(_, value)| (expression, value))
    });
    if let Some((expression, value)) = sent
        && *exchange.response.body != value.as_bytes()
    {
        let observed = String::from_utf8_lossy(&exchange.response.body).into_owned();
        let place = format!("{}/x-body", answer.pointer);
        let observed = format!("another text, {}", describe(&observed.into()));
        deviations.push(Deviation::new(Kind::BodyInvalid, Location::Whole, expression, observed).stated_at(place));
    }
    if let Some(limit) = answer.within
        && exchange.elapsed > Duration::from_secs(limit)
    {
        let place = format!("{}/x-within-seconds", answer.pointer);
        let observed = format!("after {} s", exchange.elapsed.as_secs_f64());
        deviations.push(
            Deviation::new(Kind::AnswerLate, Location::Whole, format!("within {limit} s"), observed).stated_at(place),
        );
    }
    deviations
}

/// A query that was executed has data, or errors that say why it has none: what GraphQL promises and no schema can say.
pub(super) fn data(body: &Value) -> Option<Deviation> {
    let is_told = body["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    let is_null = body.get("data").is_some_and(Value::is_null);
    (is_null && !is_told).then(|| {
        Deviation::new(Kind::BodyInvalid, Location::pointer("/data"), "data, or errors that say why not", "null")
    })
}

#[cfg(test)]
mod tests {
    use super::judge;
    use serde_json::json;
    use std::time::Duration;
    use vigie_contract::model::Contract;
    use vigie_drift::deviation::Kind;
    use vigie_exchange::{Exchange, Request, Response};

    fn kinds(target: &str, body: &'static str, seconds: u64) -> Vec<Kind> {
        let answer = json!({"x-body": "$request.query.token", "x-within-seconds": 5});
        let paths = json!({"/": {"get": {"operationId": "echo", "responses": {"200": answer}}}});
        let contract = Contract::new("echo", json!({ "paths": paths }));
        let answer = contract.operations[0].answer(200).expect("it is documented");
        let exchange = Exchange {
            request: Request::new(http::Method::GET, target),
            response: Response { status: http::StatusCode::OK, headers: http::HeaderMap::new(), body: body.into() },
            elapsed: Duration::from_secs(seconds),
        };
        judge(&exchange, answer).into_iter().map(|deviation| deviation.kind).collect()
    }

    #[test]
    fn an_echo_is_word_for_word_and_in_time() {
        assert_eq!(kinds("/?token=a%2Bb", "a+b", 5), []);
        assert_eq!(kinds("/?token=a", "\"a\"", 0), [Kind::BodyInvalid]);
        assert_eq!(kinds("/?token=a", "a", 6), [Kind::AnswerLate]);
    }
}
