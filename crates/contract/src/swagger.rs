//! Swagger 2.0 as the `OpenAPI` 3 document that says the same, so that one comparison serves both.

use super::members;
use super::operations::{is_method, operations};
use super::schema::follow;
use super::subschemas::each_object_mut;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Values that what is shared may be copied to.
const MOST_VALUES: usize = 300_000;

/// Converts a document. What has no counterpart stays as it is, for the comparison to find where it differs; prose and
/// extensions are left out. An error says that shared parts are copied to more than a document may have.
pub fn convert(document: &Value) -> Result<Value, String> {
    let swagger = Swagger { document, left: Cell::new(MOST_VALUES) };
    let mut paths = Map::new();
    for (path, item) in members(&document["paths"]) {
        let mut converted = swagger.others(item, &["parameters"]);
        for (method, operation) in operations(item) {
            converted.insert(method.to_owned(), swagger.operation(item, operation));
        }
        paths.insert(path.clone(), converted.into());
    }
    let mut result = swagger.others(document, &SECTIONS);
    let own = json!({
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
    result.extend(own.as_object().cloned().unwrap_or_default());
    if swagger.left.get() == 0 {
        return Err(format!("its shared parts are copied to more than {MOST_VALUES} values"));
    }
    let mut result = Value::Object(result);
    redirect(&mut result);
    Ok(result)
}

/// Sections of a document that have a counterpart, or whose parts are copied to where they are used.
const SECTIONS: [&str; 12] = [
    "swagger",
    "info",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "paths",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
];

/// Keys that say nothing of what is sent and answered.
const PROSE: [&str; 6] = ["description", "summary", "tags", "externalDocs", "example", "examples"];

/// The document that is converted.
struct Swagger<'a> {
    document: &'a Value,
    /// Values that may still be copied.
    left: Cell<usize>,
}

fn servers(document: &Value) -> Value {
    let base = document["basePath"].as_str().unwrap_or_default();
    let Some(host) = document["host"].as_str() else { return json!([{ "url": base }]) };
    let schemes = strings(&document["schemes"]);
    let schemes = if schemes.is_empty() { vec!["https"] } else { schemes };
    schemes.iter().map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") })).collect()
}

impl Swagger<'_> {
    /// A copy, which counts.
    fn copy(&self, value: &Value) -> Value {
        if self.left.get() == 0 {
            return Value::Null;
        }
        self.left.set(self.left.get() - 1);
        match value {
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.copy(value))).collect::<Map<_, _>>().into()
            }
            Value::Array(items) => items.iter().map(|item| self.copy(item)).collect(),
            value => value.clone(),
        }
    }

    /// The keys of an object that are not converted.
    fn others(&self, holder: &Value, converted: &[&str]) -> Map<String, Value> {
        let is_other =
            |key: &str| !key.starts_with("x-") && !PROSE.contains(&key) && !is_method(key) && !converted.contains(&key);
        let others = members(holder).filter(|(key, _)| is_other(key));
        others.map(|(key, value)| (key.clone(), self.copy(value))).collect()
    }

    fn operation(&self, item: &Value, operation: &Value) -> Value {
        let mut result = self.others(operation, &["parameters", "responses", "consumes", "produces"]);
        if let Some(sunset) = operation.get("x-sunset") {
            result.insert("x-sunset".into(), sunset.clone());
        }
        let media_types = |key: &str| {
            let own = operation.get(key).or_else(|| self.document.get(key)).map(strings).unwrap_or_default();
            if own.is_empty() { vec!["application/json"] } else { own }
        };
        let shared = item["parameters"].as_array().into_iter().flatten();
        let own = operation["parameters"].as_array().into_iter().flatten();
        // What an operation says of a parameter stands before what its path says.
        let mut parameters: BTreeMap<(String, String), Value> = BTreeMap::new();
        let mut unread: Vec<Value> = Vec::new();
        let mut form = Map::new();
        let mut form_required = Vec::new();
        for parameter in shared.chain(own).map(|parameter| self.resolve(parameter)) {
            let Some(place) = parameter["in"].as_str() else {
                // A reference out of the document, or none of the kinds of parameters.
                unread.push(self.copy(parameter));
                continue;
            };
            let name = parameter["name"].as_str().unwrap_or_default();
            match place {
                "body" => {
                    let content = self.content(&media_types("consumes"), &parameter["schema"]);
                    let required = parameter["required"] == true;
                    result.insert("requestBody".into(), json!({"required": required, "content": content}));
                }
                "formData" => {
                    form.insert(name.to_owned(), self.field(parameter));
                    if parameter["required"] == true {
                        form_required.push(Value::from(name));
                    }
                }
                place => {
                    parameters.insert((place.to_owned(), name.to_owned()), self.parameter(name, place, parameter));
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
            let content = self.content(&consumes, &schema);
            result.insert("requestBody".into(), json!({"required": is_required, "content": content}));
        }
        result.insert("parameters".into(), parameters.into_values().chain(unread).collect());
        let responses = members(&operation["responses"]).map(|(status, response)| {
            (status.clone(), self.response(&media_types("produces"), self.resolve(response)))
        });
        result.insert("responses".into(), Value::Object(responses.collect()));
        result.into()
    }

    fn parameter(&self, name: &str, place: &str, parameter: &Value) -> Value {
        let mut converted = Map::from_iter([
            ("name".to_owned(), name.into()),
            ("in".to_owned(), place.into()),
            ("required".to_owned(), (parameter["required"] == true).into()),
            ("schema".to_owned(), self.schema(parameter)),
        ]);
        let (style, explode) = match parameter["collectionFormat"].as_str() {
            Some("multi") => ("form", true),
            Some("ssv") => ("spaceDelimited", false),
            Some("pipes") => ("pipeDelimited", false),
            // OpenAPI 3 has no such style.
            Some("tsv") => ("tabDelimited", false),
            _ if place == "query" => ("form", false),
            _ => ("simple", false),
        };
        if parameter["type"] == "array" {
            converted.extend([("style".to_owned(), style.into()), ("explode".to_owned(), explode.into())]);
        }
        if let Some(allows) = parameter.get("allowEmptyValue") {
            converted.insert("allowEmptyValue".into(), allows.clone());
        }
        converted.into()
    }

    fn response(&self, media_types: &[&str], response: &Value) -> Value {
        if response.get("$ref").is_some() {
            return response.clone();
        }
        let mut converted = self.others(response, &["schema", "headers"]);
        if let Some(schema) = response.get("schema") {
            converted.insert("content".into(), self.content(media_types, schema));
        }
        let headers: Map<String, Value> = members(&response["headers"])
            .map(|(name, header)| (name.clone(), json!({ "schema": self.field(header) })))
            .collect();
        converted.insert("headers".into(), headers.into());
        converted.into()
    }

    fn content(&self, media_types: &[&str], schema: &Value) -> Value {
        let media_type = |media_type: &&str| ((*media_type).to_owned(), json!({ "schema": self.copy(schema) }));
        media_types.iter().map(media_type).collect::<Map<_, _>>().into()
    }

    /// What a parameter or header says of its value: `OpenAPI` 3 has it in a schema.
    fn schema(&self, holder: &Value) -> Value {
        let mut schema = self.others(holder, &["name", "in", "required", "collectionFormat", "allowEmptyValue"]);
        if let Some(nullable) = holder.get("x-nullable") {
            schema.insert("x-nullable".into(), nullable.clone());
        }
        schema.into()
    }

    /// The same of a field of a form and of a header, whose style `OpenAPI` 3 has elsewhere; commas are the common one.
    fn field(&self, holder: &Value) -> Value {
        let mut schema = self.schema(holder);
        if let Some(style) = holder.get("collectionFormat").filter(|style| *style != "csv")
            && let Some(map) = schema.as_object_mut()
        {
            map.insert("collectionFormat".into(), style.clone());
        }
        schema
    }

    /// What a node stands for; one whose reference leads nowhere stands for itself.
    fn resolve<'b>(&'b self, node: &'b Value) -> &'b Value {
        follow(self.document, node).node
    }
}

fn security_scheme(scheme: &Value) -> Value {
    match scheme["type"].as_str() {
        Some("basic") => json!({"type": "http", "scheme": "basic"}),
        Some("oauth2") => {
            let name = match scheme["flow"].as_str() {
                Some("accessCode") => "authorizationCode",
                Some("application") => "clientCredentials",
                other => other.unwrap_or_default(),
            };
            let is_of_flow = |key: &str| ["authorizationUrl", "tokenUrl", "scopes"].contains(&key);
            let flow: Map<String, Value> = members(scheme)
                .filter(|(key, _)| is_of_flow(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            json!({"type": "oauth2", "flows": {name: flow}})
        }
        _ => scheme.clone(),
    }
}

/// Definitions stand elsewhere in `OpenAPI` 3, and a file is a binary string.
fn redirect(document: &mut Value) {
    each_object_mut(document, false, &mut |map| {
        if map.get("type").is_some_and(|kind| kind == "file") {
            *map = Map::from_iter([("type".into(), "string".into()), ("format".into(), "binary".into())]);
        }
        if let Some(Value::String(reference)) = map.get_mut("$ref") {
            *reference = reference.replacen("#/definitions/", "#/components/schemas/", 1);
        }
    });
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
        let converted = convert(&swagger).expect("it is small");
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
    fn a_file_is_bytes_and_what_is_data_stays() {
        let own = json!({"$ref": "#/definitions/B", "type": "file"});
        let swagger = json!({"definitions": {"A": {"default": own, "properties": {"default": {"$ref": "#/definitions/B"}, "x": {"type": "file"}}}}});
        let converted = convert(&swagger).expect("it is small");
        let schema = &converted["components"]["schemas"]["A"];
        assert_eq!(schema["default"], own);
        assert_eq!(schema["properties"]["default"]["$ref"], "#/components/schemas/B");
        assert_eq!(schema["properties"]["x"], json!({"type": "string", "format": "binary"}));
    }

    #[test]
    fn a_form_is_required_if_one_of_its_fields_is() {
        for required in [true, false] {
            let field = json!({"name": "f", "in": "formData", "type": "string", "required": required});
            let swagger = json!({"paths": {"/a": {"post": {"parameters": [field], "responses": {}}}}});
            assert_eq!(
                convert(&swagger).expect("it is small")["paths"]["/a"]["post"]["requestBody"]["required"],
                required
            );
        }
    }
}
