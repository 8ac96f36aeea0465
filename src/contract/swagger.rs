//! Swagger 2.0 as the `OpenAPI` 3 document that says the same, so that one comparison serves both.

use super::canonical::METHODS;
use super::members;
use serde_json::{Map, Value, json};

/// Keywords of a Swagger parameter or header that `OpenAPI` 3 has in its schema.
const SCHEMA_KEYWORDS: [&str; 17] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "x-nullable",
];

/// Converts a document. What has no counterpart is left out.
#[must_use]
pub fn convert(document: &Value) -> Value {
    let mut paths = Map::new();
    for (path, item) in members(&document["paths"]) {
        let mut converted = Map::new();
        for (method, operation) in members(item).filter(|(key, _)| METHODS.contains(&key.as_str())) {
            converted.insert(method.clone(), operation_of(document, item, operation));
        }
        paths.insert(path.clone(), converted.into());
    }
    let mut result = json!({
        "openapi": "3.0.3",
        "info": document["info"],
        "servers": servers(document),
        "paths": paths,
        "components": {
            "schemas": document["definitions"],
            "securitySchemes": members(&document["securityDefinitions"])
                .map(|(name, scheme)| (name.clone(), security_scheme(scheme)))
                .collect::<Map<_, _>>(),
        },
    });
    if let Some(security) = document.get("security") {
        result["security"] = security.clone();
    }
    redirect(&mut result);
    result
}

fn servers(document: &Value) -> Value {
    let base = document["basePath"].as_str().unwrap_or_default();
    let Some(host) = document["host"].as_str() else { return json!([{ "url": base }]) };
    let schemes = strings(&document["schemes"]);
    let schemes = if schemes.is_empty() { vec!["https"] } else { schemes };
    schemes.iter().map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") })).collect()
}

fn operation_of(document: &Value, item: &Value, operation: &Value) -> Value {
    let mut result = Map::new();
    for key in ["operationId", "deprecated", "security", "x-sunset"] {
        if let Some(value) = operation.get(key) {
            result.insert(key.into(), value.clone());
        }
    }
    let media_types = |key: &str| {
        let own = operation.get(key).or_else(|| document.get(key)).map(strings).unwrap_or_default();
        if own.is_empty() { vec!["application/json"] } else { own }
    };
    let shared = item["parameters"].as_array().into_iter().flatten();
    let own = operation["parameters"].as_array().into_iter().flatten();
    let mut parameters: Vec<Value> = Vec::new();
    let mut form = Map::new();
    let mut form_required = Vec::new();
    for parameter in shared.chain(own).map(|parameter| resolve(document, parameter)) {
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str() {
            Some("body") => {
                let schema = &parameter["schema"];
                let content = content(&media_types("consumes"), schema);
                result.insert(
                    "requestBody".into(),
                    json!({"required": parameter["required"] == true, "content": content}),
                );
            }
            Some("formData") => {
                form.insert(name.to_owned(), schema_of(parameter));
                if parameter["required"] == true {
                    form_required.push(Value::from(name));
                }
            }
            _ => {
                let mut converted = json!({"name": name, "in": parameter["in"], "schema": schema_of(parameter)});
                converted["required"] = (parameter["required"] == true).into();
                let (style, explode) = match parameter["collectionFormat"].as_str() {
                    Some("multi") => ("form", true),
                    Some("ssv") => ("spaceDelimited", false),
                    Some("pipes") => ("pipeDelimited", false),
                    _ if parameter["in"] == "query" => ("form", false),
                    _ => ("simple", false),
                };
                if parameter["type"] == "array" {
                    converted["style"] = style.into();
                    converted["explode"] = explode.into();
                }
                // What an operation says of a parameter stands before what its path says.
                parameters.retain(|other| other["name"] != converted["name"] || other["in"] != converted["in"]);
                parameters.push(converted);
            }
        }
    }
    if !form.is_empty() {
        // Without a field that it needs, a form may be left out.
        let is_required = !form_required.is_empty();
        let schema = json!({"type": "object", "properties": form, "required": form_required});
        let consumes = media_types("consumes");
        let is_form = |media_type: &&str| media_type.contains("form");
        let consumes: Vec<&str> = consumes.into_iter().filter(is_form).collect();
        let consumes = if consumes.is_empty() { vec!["application/x-www-form-urlencoded"] } else { consumes };
        result.insert("requestBody".into(), json!({"required": is_required, "content": content(&consumes, &schema)}));
    }
    result.insert("parameters".into(), parameters.into());
    let responses = members(&operation["responses"]).map(|(status, response)| {
        let response = resolve(document, response);
        let mut converted = Map::new();
        if let Some(schema) = response.get("schema") {
            converted.insert("content".into(), content(&media_types("produces"), schema));
        }
        let headers: Map<String, Value> = members(&response["headers"])
            .map(|(name, header)| (name.clone(), json!({ "schema": schema_of(header) })))
            .collect();
        converted.insert("headers".into(), headers.into());
        (status.clone(), Value::Object(converted))
    });
    result.insert("responses".into(), Value::Object(responses.collect()));
    result.into()
}

fn content(media_types: &[&str], schema: &Value) -> Value {
    media_types
        .iter()
        .map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema })))
        .collect::<Map<_, _>>()
        .into()
}

fn schema_of(holder: &Value) -> Value {
    let keyword = |key: &&str| Some(((*key).to_owned(), holder.get(*key)?.clone()));
    SCHEMA_KEYWORDS.iter().filter_map(keyword).collect::<Map<_, _>>().into()
}

fn security_scheme(scheme: &Value) -> Value {
    match scheme["type"].as_str() {
        Some("basic") => json!({"type": "http", "scheme": "basic"}),
        _ => scheme.clone(),
    }
}

/// Definitions stand elsewhere in `OpenAPI` 3, and a file is a binary string.
fn redirect(node: &mut Value) {
    if node["type"] == "file" {
        *node = json!({"type": "string", "format": "binary"});
    }
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        *reference = reference.replacen("#/definitions/", "#/components/schemas/", 1);
                    }
                    value => redirect(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redirect),
        _ => {}
    }
}

fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let target = node["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(node)
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::convert;
    use serde_json::json;

    #[test]
    fn a_document_says_the_same_in_openapi_3() {
        let swagger = json!({
            "swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h", "basePath": "/v1", "schemes": ["https"],
            "produces": ["application/json"],
            "paths": {"/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}],
                "post": {
                    "operationId": "a",
                    "parameters": [
                        {"name": "b", "in": "body", "required": true, "schema": {"$ref": "#/definitions/B"}},
                        {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}, "collectionFormat": "multi"}
                    ],
                    "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/B"}, "headers": {"X": {"type": "integer"}}}}
                }
            }},
            "definitions": {"B": {"type": "object"}},
            "securityDefinitions": {"s": {"type": "basic"}}
        });
        let reference = json!({"$ref": "#/components/schemas/B"});
        let body = json!({"application/json": {"schema": reference}});
        let converted = convert(&swagger);
        assert_eq!(converted["servers"], json!([{"url": "https://h/v1"}]));
        let operation = &converted["paths"]["/a/{id}"]["post"];
        assert_eq!(operation["requestBody"], json!({"required": true, "content": body}));
        assert_eq!(
            operation["parameters"],
            json!([
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "ids", "in": "query", "required": false, "style": "form", "explode": true,
                 "schema": {"type": "array", "items": {"type": "integer"}}}
            ])
        );
        assert_eq!(
            operation["responses"]["200"],
            json!({"content": body, "headers": {"X": {"schema": {"type": "integer"}}}})
        );
        assert_eq!(converted["components"]["securitySchemes"]["s"], json!({"type": "http", "scheme": "basic"}));
    }

    #[test]
    fn a_form_is_required_if_one_of_its_fields_is() {
        for required in [true, false] {
            let field = json!({"name": "f", "in": "formData", "type": "string", "required": required});
            let swagger = json!({"paths": {"/a": {"post": {"parameters": [field], "responses": {}}}}});
            assert_eq!(convert(&swagger)["paths"]["/a"]["post"]["requestBody"]["required"], required);
        }
    }
}
