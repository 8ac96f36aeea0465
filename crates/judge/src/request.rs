//! A recorded request against its operation: path, credentials, parameters, media type, body.
//!
//! Values are never told: a request may hold a secret or a person's data.

use super::schema::{Compiled, Schemas, body_pointer, expected, more};
use super::spelling::Speller;
use crate::shape::describe;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};
use vigie_contract::model::{Contract, Location as Carrier, Operation, Parameter, RequestBody, escape};
use vigie_contract::route::Fit;
use vigie_contract::schema::{Schema, locate};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_scenario::recorded::{Body, Part, Request, is_json, is_placeholder};

/// What a fault at a choice itself says against a branch: more than all the faults within. It is hardly the one that was meant.
const BESIDE_THE_POINT: usize = 1_000;
/// No pointer is this: outside of a choice nothing speaks against a branch.
const NO_CHOICE: &str = "-";
/// What a member says against a branch that is for other values of it.
const ANOTHER_CASE: usize = 2_000;

/// All but the credentials, which the requests of a run are kept without.
pub(super) fn judge(
    contract: &Contract,
    schemas: &Schemas,
    operation: &Operation,
    request: &Request,
) -> Vec<Deviation> {
    let mut deviations: Vec<Deviation> = route(contract, operation, request).into_iter().collect();
    deviations.extend(parameters(contract, operation, request));
    match &operation.body {
        Some(body) => deviations.extend(self::body(contract, schemas, operation, body, request)),
        None if request.body != Body::Absent => {
            deviations.push(undocumented(Location::Whole, "no body", "a body").stated_at(&operation.pointer));
        }
        None => {}
    }
    deviations
}

fn invalid(location: Location, expected: impl Into<Value>, observed: impl Into<Value>) -> Deviation {
    Deviation::new(Kind::RequestInvalid, location, expected, observed)
}

fn undocumented(location: Location, expected: impl Into<Value>, observed: impl Into<Value>) -> Deviation {
    Deviation::new(Kind::RequestUndocumented, location, expected, observed)
}

/// Is it this operation that was called?
fn route(contract: &Contract, operation: &Operation, request: &Request) -> Option<Deviation> {
    let expected = || format!("{} {}", operation.method, operation.route());
    let fit = contract.fit(operation, &request.path);
    let deviation = match fit {
        Some(_) if !operation.method.eq_ignore_ascii_case(&request.method) => {
            invalid(Location::Whole, expected(), format!("method {}", request.method))
        }
        Some((Fit::Own, _)) => return None,
        Some((Fit::Tolerated, _)) => undocumented(Location::Whole, expected(), "a path that is only tolerated"),
        None => invalid(Location::Whole, expected(), "another path"),
    };
    Some(deviation.stated_at(&operation.pointer))
}

/// Are the credentials there that one of the alternatives asks for? What they are worth is the provider's to say.
pub(super) fn credentials(contract: &Contract, operation: &Operation, request: &Request) -> Option<Deviation> {
    request.headers.as_ref()?;
    let own = contract.document.pointer(&operation.pointer).and_then(|operation| operation.get("security"));
    let alternatives = own.unwrap_or(&contract.document["security"]).as_array()?;
    let lacking = |alternative: &Value| -> Vec<String> {
        let schemes = alternative.as_object().into_iter().flatten().map(|(name, _)| name);
        schemes.filter_map(|name| absent(&contract.document["components"]["securitySchemes"][name], request)).collect()
    };
    let lacking: Vec<Vec<String>> = alternatives.iter().map(lacking).collect();
    let nearest = lacking.iter().min_by_key(|names| names.len()).filter(|names| !names.is_empty())?;
    Some(
        invalid(Location::name(nearest.join(", ")), "present (credential)", "absent")
            .stated_at(format!("{}/security", operation.pointer)),
    )
}

/// The name of a credential that a request does not have.
fn absent(scheme: &Value, request: &Request) -> Option<String> {
    let named = scheme["name"].as_str().unwrap_or_default();
    let (name, is_there) = match scheme["in"].as_str() {
        Some("query") => (named, request.query.iter().any(|(name, _)| name == named)),
        Some("cookie") => {
            let cookies = request.header("cookie").unwrap_or_default();
            (named, cookies.split(';').any(|cookie| cookie.trim().split('=').next() == Some(named)))
        }
        Some("header") => (named, request.header(named).is_some()),
        _ => ("authorization", request.header("authorization").is_some()),
    };
    (!is_there).then(|| name.to_owned())
}

fn parameters(contract: &Contract, operation: &Operation, request: &Request) -> Vec<Deviation> {
    let place = format!("{}/parameters", operation.pointer);
    let path = path_values(contract, operation, request);
    let mut deviations = Vec::new();
    let in_query = |name: &str| request.query.iter().any(|(own, _)| own == name);
    for parameter in &operation.parameters {
        let values: Vec<&str> = match parameter.location {
            Carrier::Query => {
                for spelling in parameter.tolerated.iter().filter(|spelling| in_query(spelling)) {
                    let expected = format!("`{}`", parameter.name);
                    deviations
                        .push(undocumented(Location::name(spelling), expected, "another spelling").stated_at(&place));
                }
                let is_it = |name: &String| *name == parameter.name || parameter.tolerated.contains(name);
                request.query.iter().filter(|(name, _)| is_it(name)).map(|(_, value)| value.as_str()).collect()
            }
            Carrier::Header if request.headers.is_none() => continue,
            Carrier::Header => request.header(&parameter.name).into_iter().collect(),
            Carrier::Path if path.is_empty() => continue,
            Carrier::Path => path.get(&parameter.name).and_then(Value::as_str).into_iter().collect(),
        };
        if values.is_empty() {
            if parameter.required && !parameter.unless.iter().any(|other| in_query(other)) {
                deviations
                    .push(invalid(Location::name(&parameter.name), "present (required)", "absent").stated_at(&place));
            }
            continue;
        }
        let compiled = Compiled::new(&parameter.schema, contract);
        let mut speller = Speller { without_case: false, told: Vec::new() };
        let value = speller.body(
            &compiled.schema,
            &coerced(parameter, &values, Schema::whole(&compiled.schema)),
            &parameter.name,
        );
        deviations.extend(speller.told.into_iter().map(|told| told.stated_at(&place)));
        for fault in faults(&compiled, &value) {
            deviations
                .push(invalid(Location::name(&parameter.name), fault.expected, describe(&value)).stated_at(&place));
        }
    }
    let names = || operation.parameters.iter().filter(|parameter| parameter.location == Carrier::Query);
    let is_known =
        |name: &str| names().any(|known| known.name == name || known.tolerated.iter().any(|own| own == name));
    for (name, _) in request.query.iter().filter(|(name, _)| !is_known(name)) {
        deviations.push(
            undocumented(Location::name(name), "a parameter that the contract lists", "another one").stated_at(&place),
        );
    }
    deviations
}

/// What the path says for its parameters: the record's own values stand for its placeholders.
fn path_values(contract: &Contract, operation: &Operation, request: &Request) -> Map<String, Value> {
    let values = contract.path_values(operation, &request.path).into_iter();
    let told = |(name, text): (String, String)| {
        let placeholder = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let value = placeholder.and_then(|own| request.path_params.get(own)).cloned().unwrap_or(text);
        (name, value.into())
    };
    values.map(told).collect()
}

/// Texts as the value that they stand for by the parameter's type.
fn coerced(parameter: &Parameter, values: &[&str], schema: Schema<'_>) -> Value {
    if parameter.is_list() {
        let items = schema.items();
        return values.iter().map(|value| typed(value, items)).collect();
    }
    typed(values.last().unwrap_or(&""), Some(schema))
}

/// A text as the value that it stands for by a schema's type; the text itself if it stands for none.
fn typed(text: &str, schema: Option<Schema<'_>>) -> Value {
    let value = match schema.and_then(Schema::only_type) {
        Some("integer" | "number") => serde_json::from_str(text).ok().filter(Value::is_number),
        Some("boolean") => text.parse().ok().map(Value::Bool),
        _ => None,
    };
    value.unwrap_or_else(|| text.into())
}

fn body(
    contract: &Contract,
    schemas: &Schemas,
    operation: &Operation,
    body: &RequestBody,
    request: &Request,
) -> Vec<Deviation> {
    if request.body == Body::Absent {
        let absent = invalid(Location::Whole, "a body (required)", "absent").stated_at(&body.pointer);
        return body.required.then_some(absent).into_iter().collect();
    }
    let mut deviations = Vec::new();
    let place = format!("{}/content", body.pointer);
    let Some(observed) = request.media_type() else { return deviations };
    let fits = |known: &&String| **known == observed || (*known == "application/json" && is_json(&observed));
    let Some(media_type) = body.content.keys().find(fits) else {
        let known = body.content.keys().cloned().collect::<Vec<_>>().join(", ");
        deviations.push(invalid(Location::name("content-type"), known, observed).stated_at(place));
        return deviations;
    };
    let root = body_pointer(body, media_type);
    let Some(compiled) = schemas.body(&root) else { return deviations };
    let value = match &request.body {
        Body::Absent => return deviations,
        Body::Json { value, relaxed } => {
            if *relaxed {
                deviations.push(undocumented(Location::Whole, "JSON", "almost JSON").stated_at(&place));
            }
            value.clone()
        }
        Body::Text(_) if is_json(media_type) => {
            deviations.push(undocumented(Location::Whole, "JSON", "a text that is no JSON").stated_at(place));
            return deviations;
        }
        Body::Text(text) => text.as_str().into(),
        Body::Form(pairs) => {
            let schema = Schema::whole(&compiled.schema);
            let field = |(name, text): &(String, String)| (name.clone(), typed(text, schema.property(name)));
            Value::Object(pairs.iter().map(field).collect())
        }
        Body::Parts(parts) => parts.iter().map(|part| (part.name.clone(), "".into())).collect::<Map<_, _>>().into(),
    };
    let without_case = contract.document["x-keys-without-case"] == "requests" && !operation.callback;
    let mut speller = Speller { without_case, told: Vec::new() };
    let value = speller.body(&compiled.schema, &value, "");
    deviations.extend(speller.told.into_iter().map(|told| told.stated_at(&root)));
    for fault in faults(compiled, &value) {
        let stated = locate(&contract.document, &root, &fault.schema_path);
        deviations.push(invalid(Location::pointer(fault.pointer), fault.expected, fault.observed).stated_at(stated));
    }
    if let Body::Parts(parts) = &request.body {
        let place = format!("{place}/{}/encoding", escape(media_type));
        deviations.extend(media_types(contract, compiled, &place, parts));
    }
    deviations
}

/// Has each part the media type that the contract wants of it?
fn media_types(contract: &Contract, compiled: &Compiled, place: &str, parts: &[Part]) -> Vec<Deviation> {
    let Some(encodings) = contract.document.pointer(place) else { return Vec::new() };
    let wrong = |part: &Part| {
        let types = encodings[field(compiled, &part.name)]["contentType"].as_str()?;
        let observed = match &part.media_type {
            Some(own) if types.split(',').any(|range| within(range.trim(), own)) => return None,
            Some(own) => own,
            None => "no media type of its own",
        };
        Some(invalid(Location::name(&part.name), types, observed).stated_at(place))
    };
    parts.iter().filter_map(wrong).collect()
}

/// The contract's name of a part.
fn field<'a>(compiled: &'a Compiled, part: &'a str) -> &'a str {
    let others = compiled.schema["x-tolerated"].as_object().into_iter().flatten();
    let mut of_part =
        others.filter(|(_, others)| others.as_array().is_some_and(|others| others.iter().any(|other| other == part)));
    of_part.next().map_or(part, |(name, _)| name.as_str())
}

/// Whether a media type is within a range: `image/png` within `image/*`.
fn within(range: &str, media_type: &str) -> bool {
    let own = media_type.split(';').next().unwrap_or_default().trim();
    match range.strip_suffix('*') {
        Some("*/") => true,
        Some(main) => own.get(..main.len()).is_some_and(|start| start.eq_ignore_ascii_case(main)),
        None => own.eq_ignore_ascii_case(range),
    }
}

/// What of a value does not fit its schema.
struct Fault {
    pointer: String,
    expected: String,
    observed: String,
    schema_path: String,
    /// How much it says against the branch of a choice that it was found in.
    weight: usize,
}

fn faults(compiled: &Compiled, value: &Value) -> Vec<Fault> {
    let Ok(validator) = compiled.validator() else { return Vec::new() };
    let mut faults = Vec::new();
    for error in validator.iter_errors(value) {
        collect(&error, NO_CHOICE, &mut faults);
    }
    faults
}

/// The faults of an error: of a choice, those of the branch that was probably meant. `choice` is where the choice stands.
fn collect(error: &ValidationError<'_>, choice: &str, faults: &mut Vec<Fault>) {
    if error.instance().as_str().is_some_and(is_placeholder) {
        return;
    }
    let pointer = error.instance_path().to_string();
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
        let mut branches: Vec<Vec<Fault>> = context.iter().map(|errors| branch(errors, &pointer)).collect();
        let weight = |branch: &Vec<Fault>| branch.iter().map(|fault| fault.weight).sum::<usize>();
        branches.sort_by_key(weight);
        match branches.as_slice() {
            [] => {}
            // Only what was not recorded speaks against it.
            [best, ..] if best.is_empty() => return,
            [best, second, ..] if weight(best) == weight(second) => {}
            _ => {
                faults.extend(branches.swap_remove(0));
                return;
            }
        }
    }
    let is_member = pointer.rsplit_once('/').is_some_and(|(outer, _)| outer == choice);
    let weight = match error.kind() {
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Not { .. } if is_member => ANOTHER_CASE,
        _ if pointer == choice => BESIDE_THE_POINT,
        _ => 1,
    };
    let schema_path = error.schema_path().to_string();
    let (pointer, expected, observed) = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let key = escape(property.as_str().unwrap_or_default());
            (format!("{pointer}/{key}"), "present (required)".to_owned(), "absent".to_owned())
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            (pointer, "one of the alternatives".to_owned(), "more than one of them".to_owned())
        }
        kind => (pointer, expected(kind), more(kind).unwrap_or_else(|| describe(error.instance()))),
    };
    faults.push(Fault { pointer, expected, observed, schema_path, weight });
}

fn branch(errors: &[ValidationError<'_>], choice: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in errors {
        collect(error, choice, &mut faults);
    }
    faults
}

#[cfg(test)]
mod tests {
    use crate::Judge;
    use serde_json::{Value, json};
    use vigie_contract::model::Contract;
    use vigie_drift::rules::rule;
    use vigie_scenario::recorded::parse;

    /// Rule and place of everything that is found in a request to one of two operations.
    fn found(request: &str) -> Vec<String> {
        let kind = |name: &str| json!({"properties": {"kind": {"enum": [name]}}});
        let mut rope = kind("rope");
        rope["required"] = json!(["metres"]);
        let body = json!({"type": "object", "required": ["kind"], "oneOf": [kind("knot"), rope],
            "properties": {"metres": {"type": "integer", "maximum": 9}}});
        let parameter = |name: &str, place: &str, schema: Value| json!({"name": name, "in": place, "schema": schema});
        let mut page = parameter("page", "query", json!({"type": "integer"}));
        page["required"] = json!(true);
        page["x-unless"] = json!(["all"]);
        let parameters = json!([
            page,
            parameter("all", "query", json!({"type": "boolean"})),
            parameter("id", "path", json!({"type": "string", "maxLength": 3}))
        ]);
        let files = json!({"schema": {"type": "object"}, "encoding": {"files": {"contentType": "image/*"}}});
        let contract = Contract::new(
            "ropes",
            json!({
                "security": [{"key": []}],
                "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
                "paths": {
                    "/ropes/{id}": {"get": {"operationId": "get", "parameters": parameters}},
                    "/ropes": {"post": {"operationId": "post", "security": [], "requestBody": {
                        "required": true, "content": {"application/json": {"schema": body}, "multipart/form-data": files}}}},
                },
            }),
        );
        let record = parse("f", &format!("request: {request}")).expect("it is a record");
        let reading = Judge::new(contract).recorded(&record).expect("the contract has the operation");
        let told = |deviation: &vigie_drift::deviation::Deviation| {
            format!("{} {}", rule(deviation.kind).id, deviation.location)
        };
        reading.request.iter().chain(&reading.credentials).map(told).collect()
    }

    #[test]
    fn what_a_request_lacks_or_has_otherwise_is_told_with_its_place() {
        for (request, expected) in [
            ("{method: GET, path: '/ropes/7?page=1', headers: {x-key: k}}", &[][..]),
            ("{method: GET, path: '/ropes/7?all=true'}", &[]),
            ("{method: GET, path: '/ropes/7?page=1', headers: {}}", &["request-invalid X-Key"]),
            ("{method: GET, path: '/ropes/7'}", &["request-invalid page"]),
            ("{method: GET, path: '/ropes/7?page=one&size=2'}", &["request-invalid page", "request-undocumented size"]),
            ("{method: GET, path: '/ropes/{id}', path_params: {id: long}, query: {page: 1}}", &["request-invalid id"]),
            ("{method: POST, path: /ropes}", &["request-invalid "]),
            ("{method: POST, path: /ropes, body: {kind: knot}}", &[]),
            ("{method: POST, path: /ropes, body: {kind: rope}}", &["request-invalid /metres"]),
            ("{method: POST, path: /ropes, body: {kind: rope, metres: 10}}", &["request-invalid /metres"]),
            ("{method: POST, path: /ropes, body: {kind: rope, metres: '{{n}}'}}", &[]),
            ("{method: POST, path: /ropes, body_raw: '{kind: knot}', body: {kind: knot}}", &["request-undocumented "]),
            (
                "{method: POST, path: /ropes, body_raw: '{kind: knot}', headers: {content-type: application/json}}",
                &["request-undocumented "],
            ),
            ("{method: POST, path: /ropes, form: {kind: knot}}", &["request-invalid content-type"]),
            ("{method: POST, path: /ropes, multipart: [{name: files, content_type: image/png}]}", &[]),
            ("{method: POST, path: /ropes, multipart: [{name: files}]}", &["request-invalid files"]),
        ] {
            assert_eq!(found(request), expected, "{request}");
        }
    }
}
