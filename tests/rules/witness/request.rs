//! What a contract says of a request: its operation, parameters, body and credentials.

use super::Request;
use super::opinion::Opinion;
use super::side::Side;
use serde_json::Value;
use vigie_contract::model::{Location, Operation, Parameter, escape};
use vigie_drift::finding::text;

pub(super) fn judge(side: &Side, request: &Request) -> Opinion {
    let mut opinion = Opinion::default();
    let Some(operation) = side.operation(&request.operation) else {
        opinion.undocumented(format!("operation {}", request.operation));
        return opinion;
    };
    if let Some(server) = &request.server
        && !side.stated("/servers").as_array().into_iter().flatten().any(|known| known["url"] == **server)
    {
        opinion.undocumented(format!("server {server}"));
    }
    parameters(side, operation, request, &mut opinion);
    body(side, operation, request, &mut opinion);
    security(side, operation, request, &mut opinion);
    opinion.reasons.sort();
    opinion
}

fn parameters(side: &Side, operation: &Operation, request: &Request, opinion: &mut Opinion) {
    for parameter in &operation.parameters {
        match given(request, parameter) {
            Some(value) => side.value(&parameter.schema, &read(parameter, value, true), &place(parameter), opinion),
            None if parameter.required => opinion.absent(&place(parameter)),
            None => {}
        }
    }
    let known = |location: Location, name: &str| {
        let mut of_location = operation.parameters.iter().filter(|parameter| parameter.location == location);
        of_location.any(|parameter| parameter.name.eq_ignore_ascii_case(name))
    };
    for name in request.query.keys().filter(|name| !known(Location::Query, name)) {
        opinion.undocumented(format!("parameter query:{name}"));
    }
    let credentials: Vec<String> =
        schemes(side, operation).into_iter().flatten().filter_map(|scheme| scheme.header).collect();
    let is_credential = |name: &str| credentials.iter().any(|header| header.eq_ignore_ascii_case(name));
    let unknown = |name: &&String| !known(Location::Header, name) && !is_credential(name) && *name != "Authorization";
    for name in request.headers.keys().filter(unknown) {
        opinion.undocumented(format!("parameter header:{}", name.to_ascii_lowercase()));
    }
}

/// What the request says for a parameter.
pub(super) fn given<'a>(request: &'a Request, parameter: &Parameter) -> Option<&'a Value> {
    match parameter.location {
        Location::Query => request.query.get(&parameter.name),
        Location::Header => {
            let mut headers = request.headers.iter();
            headers.find(|(name, _)| name.eq_ignore_ascii_case(&parameter.name)).map(|(_, value)| value)
        }
        // The path of a witness is that of the contract, so it has no values.
        Location::Path => None,
    }
}

/// The value that the contract reads out of a parameter's text, or out of its texts where its name repeats.
pub(super) fn read(parameter: &Parameter, given: &Value, explode: bool) -> Value {
    if !parameter.is_list() {
        return scalar(&parameter.schema, given);
    }
    let texts = given.as_array().map_or_else(|| vec![given.clone()], Clone::clone);
    let split = |value: &Value| text(value).split(',').map(Value::from).collect::<Vec<_>>();
    let texts = if explode { texts } else { texts.iter().flat_map(split).collect() };
    texts.iter().map(|item| scalar(&parameter.schema["items"], item)).collect()
}

/// A text that is no value of the type stays a text, and the schema refuses it.
fn scalar(schema: &Value, given: &Value) -> Value {
    let written = text(given);
    let value = match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(&written).ok(),
        _ => None,
    };
    value.unwrap_or_else(|| written.into())
}

fn place(parameter: &Parameter) -> String {
    match parameter.location {
        Location::Query => format!("query:{}", parameter.name),
        Location::Header => format!("header:{}", parameter.name.to_ascii_lowercase()),
        Location::Path => format!("path:{}", parameter.name),
    }
}

fn body(side: &Side, operation: &Operation, request: &Request, opinion: &mut Opinion) {
    let stated = side.stated(&format!("{}/requestBody", operation.pointer));
    match &request.body {
        None if stated["required"] == true => opinion.absent("body"),
        None => {}
        Some(_) if stated.is_null() => opinion.undocumented("request body"),
        Some(body) => {
            let media_type = &request.media_type;
            match stated.pointer(&format!("/content/{}", escape(media_type))) {
                None => opinion.undocumented(format!("media type {media_type}")),
                Some(content) => side.value(&content["schema"], body, "body", opinion),
            }
        }
    }
}

/// One credential that a request may need.
struct Scheme {
    /// `apiKey:header:X-Api-Key`
    name: String,
    /// The header that carries it, if one does.
    header: Option<String>,
    /// How the header's value begins.
    prefix: String,
}

/// The alternatives of an operation, each with all that it needs.
fn schemes(side: &Side, operation: &Operation) -> Vec<Vec<Scheme>> {
    let own = side.stated(&format!("{}/security", operation.pointer));
    let alternatives = if own.is_null() { side.stated("/security") } else { own };
    let needed = alternatives.as_array().into_iter().flatten().filter_map(Value::as_object);
    needed.map(|alternative| alternative.keys().map(|name| scheme(side, name)).collect()).collect()
}

fn scheme(side: &Side, name: &str) -> Scheme {
    let scheme = side.stated(&format!("/components/securitySchemes/{}", escape(name)));
    let field = |key: &str| scheme[key].as_str().unwrap_or_default().to_owned();
    match scheme["type"].as_str() {
        Some("apiKey") => Scheme {
            name: format!("apiKey:{}:{}", field("in"), field("name")),
            header: (scheme["in"] == "header").then(|| field("name")),
            prefix: String::new(),
        },
        kind => Scheme {
            name: format!("{}:{}", kind.unwrap_or_default(), field("scheme")),
            header: Some("Authorization".to_owned()),
            prefix: format!("{} ", field("scheme")),
        },
    }
}

fn security(side: &Side, operation: &Operation, request: &Request, opinion: &mut Opinion) {
    let alternatives = schemes(side, operation);
    let carries = |scheme: &Scheme| {
        request.headers.iter().any(|(name, value)| {
            let value = text(value).to_ascii_lowercase();
            let named = scheme.header.as_ref().is_some_and(|header| header.eq_ignore_ascii_case(name));
            named && value.starts_with(&scheme.prefix)
        })
    };
    if alternatives.is_empty() || alternatives.iter().any(|needed| needed.iter().all(carries)) {
        return;
    }
    let names = |needed: &Vec<Scheme>| needed.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join("+");
    let names: Vec<String> = alternatives.iter().map(names).collect();
    opinion.refused(format!("security: none of {}", names.join(", ")));
}
