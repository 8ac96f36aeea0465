//! The canonical form of an `OpenAPI` document: facts only, sorted, the same bytes for the same facts.
//!
//! Kept: paths, operation ids, callbacks, parameters, statuses, headers, media types, schemas with types, formats, enums,
//! bounds, required and nullable, webhooks, security, and the error codes that only named examples have (`x-error-codes`).
//! Dropped: all prose (descriptions, summaries, titles, examples, tags) and what says nothing (`enum: [true, false]`).

use super::hoist;
use super::inline::{inline, is_bounded};
use super::lower::shared_prefix;
use super::members;
use super::operations::{OTHERS, is_method, operations};
use super::subschemas::{each_object, map_schemas};
use super::types::{is_type, note_of_type};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The canonical form of a document. It expects a document that passed the plausibility gate.
///
/// References to parameters, responses and headers are resolved; those to schemas stay.
#[must_use]
pub fn canonical(document: &Value) -> Value {
    of_resolved(&inline(document))
}

/// The canonical form of a document; `None` where references lead in rings, or to more than a document may have.
#[must_use]
pub fn canonical_whole(document: &Value) -> Option<Value> {
    is_bounded(document).then(|| of_resolved(&inline(document)))
}

fn of_resolved(document: &Value) -> Value {
    let all = object(document, "paths").flat_map(|(_, item)| operations(item));
    let stated: Vec<&str> = all.filter_map(|(_, operation)| stated_operation_id(operation)).collect();
    let prefix = shared_prefix(&stated);
    let paths = canonical_items(object(document, "paths"), |path, method, operation| {
        // One that states no id must not take away what the names of all others leave out.
        let own = if stated_operation_id(operation).is_none() { prefix } else { "" };
        format!("{own}{}", operation_id(path, method, operation))
    });
    let webhooks = canonical_items(object(document, "webhooks"), operation_id);
    let mut result = Map::new();
    result.insert("openapi".into(), document["openapi"].clone());
    result.insert("info".into(), pick(&document["info"], &["title", "version"]));
    result.insert("paths".into(), paths.into());
    if !webhooks.is_empty() {
        result.insert("webhooks".into(), webhooks.into());
    }
    if let Some(servers) = document["servers"].as_array() {
        let servers = servers.iter().map(|server| pick(server, &["url"])).collect();
        result.insert("servers".into(), servers);
    }
    for key in ["security", "x-graphql"] {
        if let Some(fact) = document.get(key) {
            result.insert(key.into(), fact.clone());
        }
    }
    result.insert("components".into(), canonical_components(&document["components"]));
    let mut result = Value::Object(result);
    hoist::hoist(&mut result);
    result
}

/// Path items by their paths, or by the names of webhooks. What names an operation takes path and method.
fn canonical_items<'a>(
    items: impl Iterator<Item = (&'a String, &'a Value)>,
    id: impl Fn(&str, &str, &Value) -> String,
) -> Map<String, Value> {
    let item = |path: &str, item: &Value| {
        let (mut methods, mut others) = (Map::new(), Map::new());
        for (method, operation) in operations(item) {
            let operation = canonical_operation(id(path, method, operation), operation, item.get("parameters"));
            let holder = if is_method(method) { &mut methods } else { &mut others };
            holder.insert(method.to_owned(), operation);
        }
        if !others.is_empty() {
            methods.insert(OTHERS.into(), others.into());
        }
        Value::Object(methods)
    };
    items.map(|(path, inner)| (path.clone(), item(path, inner))).collect()
}

/// The id of an operation: its own, else the one that some providers write into `responses.200`, else method and path.
#[must_use]
pub fn operation_id(path: &str, method: &str, operation: &Value) -> String {
    if let Some(id) = stated_operation_id(operation) {
        id.to_owned()
    } else {
        let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        std::iter::once(method.to_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
    }
}

/// The id that a document states for an operation, where some providers write it or where it belongs.
#[must_use]
pub fn stated_operation_id(operation: &Value) -> Option<&str> {
    let inside = || operation.pointer("/responses/200/x-operationId");
    operation.get("operationId").or_else(inside).and_then(Value::as_str)
}

fn canonical_operation(id: String, operation: &Value, shared: Option<&Value>) -> Value {
    let mut result = Map::new();
    let callbacks = canonical_callbacks(&id, operation);
    if !callbacks.is_empty() {
        result.insert("callbacks".into(), callbacks.into());
    }
    result.insert("operationId".into(), id.into());
    if operation["deprecated"] == true {
        result.insert("deprecated".into(), true.into());
    }
    for key in ["x-sunset", "x-graphql"] {
        if let Some(fact) = operation.get(key) {
            result.insert(key.into(), fact.clone());
        }
    }
    let mut parameters: Vec<Value> = [shared, operation.get("parameters")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .map(canonical_parameter)
        .collect();
    parameters.sort_by_cached_key(|parameter| (parameter["in"].to_string(), parameter["name"].to_string()));
    if !parameters.is_empty() {
        result.insert("parameters".into(), parameters.into());
    }
    if let Some(body) = operation.get("requestBody") {
        let mut canonical_body = flags(body, &["required"]);
        canonical_body.insert("content".into(), canonical_content(body));
        result.insert("requestBody".into(), canonical_body.into());
    }
    if let Some(security) = operation.get("security") {
        result.insert("security".into(), security.clone());
    }
    let responses =
        object(operation, "responses").map(|(status, response)| (status.clone(), canonical_response(response)));
    result.insert("responses".into(), Value::Object(responses.collect()));
    result.into()
}

/// The calls that the provider makes because of an operation with this id, by their names and addresses.
fn canonical_callbacks(id: &str, operation: &Value) -> Map<String, Value> {
    let calls = |name: &str, addresses: &Value| {
        let own = |_: &str, method: &str, inner: &Value| operation_id(&format!("{id}/{name}"), method, inner);
        canonical_items(members(addresses), own).into()
    };
    object(operation, "callbacks").map(|(name, addresses)| (name.clone(), calls(name, addresses))).collect()
}

fn canonical_parameter(parameter: &Value) -> Value {
    let mut result = flags(parameter, &["required", "deprecated", "allowReserved", "allowEmptyValue"]);
    for key in ["name", "in", "style"] {
        if let Some(value) = parameter.get(key) {
            result.insert(key.into(), value.clone());
        }
    }
    // Whether a list repeats its name is a fact where it is not what its style says anyway.
    let style = parameter["style"].as_str().unwrap_or(match parameter["in"].as_str() {
        Some("query" | "cookie") => "form",
        _ => "simple",
    });
    if let Some(explode) = parameter["explode"].as_bool().filter(|explode| *explode != (style == "form")) {
        result.insert("explode".into(), explode.into());
    }
    if let Some(schema) = parameter.get("schema") {
        result.insert("schema".into(), canonical_schema(schema));
    }
    result.into()
}

fn canonical_response(response: &Value) -> Value {
    let mut result = Map::new();
    if response.get("content").is_some() {
        result.insert("content".into(), canonical_content(response));
    }
    let headers: Map<String, Value> = object(response, "headers")
        .map(|(name, header)| {
            let mut canonical_header = flags(header, &["required", "deprecated", "explode"]);
            canonical_header.insert("schema".into(), canonical_schema(&header["schema"]));
            (name.clone(), canonical_header.into())
        })
        .collect();
    if !headers.is_empty() {
        result.insert("headers".into(), headers.into());
    }
    result.extend(response.get("links").map(|links| ("links".to_owned(), links.clone())));
    result.into()
}

fn canonical_content(holder: &Value) -> Value {
    object(holder, "content")
        .map(|(media_type, content)| {
            let mut result = Map::new();
            if let Some(schema) = content.get("schema") {
                result.insert("schema".into(), canonical_schema(schema));
            }
            if let Some(items) = content.get("itemSchema") {
                result.insert("itemSchema".into(), canonical_schema(items));
            }
            result.extend(content.get("encoding").map(|encoding| ("encoding".to_owned(), encoding.clone())));
            let codes = error_codes(content);
            if !codes.is_empty() {
                result.insert("x-error-codes".into(), codes.into_iter().collect());
            }
            (media_type.clone(), Value::Object(result))
        })
        .collect::<Map<_, _>>()
        .into()
}

/// Codes of the named examples: `errors[].code` of the structured form, `error` of the flat one, and the codes that a
/// document already in canonical form lists.
fn error_codes(content: &Value) -> BTreeSet<String> {
    let mut codes: BTreeSet<String> =
        content["x-error-codes"].as_array().into_iter().flatten().filter_map(text).collect();
    for (_, example) in object(content, "examples") {
        let value = &example["value"];
        codes.extend(value["errors"].as_array().into_iter().flatten().filter_map(|error| text(&error["code"])));
        codes.extend(text(&value["error"]));
    }
    codes
}

fn canonical_components(components: &Value) -> Value {
    let mut result = Map::new();
    let schemas: Map<String, Value> =
        object(components, "schemas").map(|(name, schema)| (name.clone(), canonical_schema(schema))).collect();
    result.insert("schemas".into(), schemas.into());
    let security_schemes: Map<String, Value> = object(components, "securitySchemes")
        .map(|(name, scheme)| {
            // `name` and `in` belong to `apiKey` only; the v3 documents write them into an http scheme.
            let keys: &[&str] = match scheme["type"].as_str() {
                Some("apiKey") => &["type", "name", "in"],
                Some("oauth2") => &["type", "flows"],
                Some("openIdConnect") => &["type", "openIdConnectUrl"],
                _ => &["type", "scheme"],
            };
            (name.clone(), pick(scheme, keys))
        })
        .collect();
    if !security_schemes.is_empty() {
        result.insert("securitySchemes".into(), security_schemes.into());
    }
    result.into()
}

/// A schema with its facts only.
#[must_use]
pub fn canonical_schema(schema: &Value) -> Value {
    // A flag says that any value fits, or none.
    if schema.is_boolean() {
        return schema.clone();
    }
    let mut result = Map::new();
    for (key, value) in members(schema) {
        if let Some(fact) = keyword(key, value, schema) {
            result.insert(key.clone(), fact);
        }
    }
    // A comparison takes it for the same: `diff` and the contract must not say two things.
    if let Some(name) = odd_type(schema.get("type")) {
        result.insert("type".into(), "string".into());
        result.insert("format".into(), name.into());
    }
    // Several notations say "or null", and `nullable` is the one that tools understand.
    let has_null = schema["enum"].as_array().map(|values| values.contains(&Value::Null));
    let is_made_of_others = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|keyword| schema.get(*keyword).is_some());
    let mut said = has_null == Some(true) || schema["x-nullable"] == true;
    if let Some([Value::String(one), Value::String(other)]) = schema["type"].as_array().map(Vec::as_slice)
        && (one == "null") != (other == "null")
        && has_null != Some(false)
        && !is_made_of_others
    {
        result.insert("type".into(), if one == "null" { other } else { one }.as_str().into());
        said = true;
    }
    if said {
        result.insert("nullable".into(), true.into());
    }
    result.into()
}

/// `type: date`, which is no type and was seen in published documents.
fn odd_type(named: Option<&Value>) -> Option<&str> {
    named?.as_str().filter(|name| !is_type(name))
}

/// What had to be taken for something else on the way to the canonical form, as a comparison says it.
#[must_use]
pub fn tolerated(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in [&document["paths"], &document["components"]["schemas"]] {
        each_object(part, true, &mut |map| found.extend(odd_type(map.get("type")).map(note_of_type)));
    }
    found
}

/// What a keyword of a schema states; `None` for prose, and for what states nothing.
fn keyword(key: &str, value: &Value, schema: &Value) -> Option<Value> {
    match key {
        "nullable" | "readOnly" | "writeOnly" | "deprecated" => (*value == true).then(|| true.into()),
        "type" | "format" | "pattern" | "minLength" | "maxLength" | "minimum" | "maximum" | "exclusiveMinimum"
        | "exclusiveMaximum" | "multipleOf" | "minItems" | "maxItems" | "uniqueItems" | "minProperties"
        | "maxProperties" | "default" | "$ref" | "const" | "minContains" | "maxContains" | "dependentRequired"
        | "contentEncoding" | "contentMediaType" | "discriminator" | "xml" | "x-extensible-enum" => Some(value.clone()),
        "enum" => {
            let mut values: Vec<Value> = value.as_array()?.iter().filter(|value| !value.is_null()).cloned().collect();
            values.sort_by_cached_key(Value::to_string);
            values.dedup();
            let says_nothing = schema["type"] == "boolean" && values == [json!(false), json!(true)];
            (!says_nothing).then(|| values.into())
        }
        "required" => {
            let names: BTreeSet<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
            (!names.is_empty()).then(|| names.into_iter().collect())
        }
        _ => map_schemas(key, value, canonical_schema),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Booleans that are facts only when they are true.
fn flags(holder: &Value, keys: &[&str]) -> Map<String, Value> {
    keys.iter().filter(|key| holder[**key] == true).map(|key| ((*key).to_owned(), true.into())).collect()
}

fn pick(holder: &Value, keys: &[&str]) -> Value {
    keys.iter().filter_map(|key| Some(((*key).to_owned(), holder.get(*key)?.clone()))).collect::<Map<_, _>>().into()
}

fn object<'a>(holder: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    holder.get(key).into_iter().flat_map(members)
}

#[cfg(test)]
mod tests;
