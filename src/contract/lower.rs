//! Lowering: the copy of a contract that progenitor generates a client from.
//!
//! The judge works on the full contract; this copy only has to give types that lose nothing and refuse nothing that
//! a consumer can use. Each step answers a defect of generated code that was met on real documents:
//!
//! - every object and enum gets a component of its own, with a unique name (types are looked up by name alone);
//! - one error type an operation; statuses without a body and statuses with other bodies become that one;
//! - response formats, patterns and bounds go (one impossible date must not refuse a whole answer);
//! - parameter enums, patterns and bounds go (a caller must be able to provoke a 422);
//! - keys inside an answer are optional, since a token without their scope does not get them;
//! - unknown properties and unknown enum values are kept.
//!
//! `build.rs` includes this file as it is, so it uses nothing else of the crate.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A lowered contract.
#[derive(Debug)]
pub struct Lowered {
    /// An `OpenAPI` 3.0 document for progenitor.
    pub document: Value,
    /// Names of the components that are enums: fields of theirs stay open for other values.
    pub enums: BTreeSet<String>,
    /// Names of every component, unique.
    pub types: BTreeSet<String>,
    /// Operation ids: full and lowered (the name of the client's method).
    pub operations: Vec<(String, String)>,
}

/// Lowers a contract in canonical form. An error names the two schemas that would share one type name, or the two
/// operations that share one id.
pub fn lower(contract: &Value) -> Result<Lowered, String> {
    let mut lowering = Lowering { contract, components: Map::new(), enums: BTreeSet::new(), open: Vec::new() };
    let items = members(&contract["paths"]).flat_map(|(_, item)| members(item));
    let ids: Vec<&str> = items.filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    let prefix = shared_prefix(&ids);
    let mut paths = Map::new();
    let mut operations = Vec::new();
    for (path, item) in members(&contract["paths"]) {
        let mut lowered_item = Map::new();
        for (method, operation) in members(item) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let short = id.strip_prefix(prefix).unwrap_or(id);
            if operations.iter().any(|(known, _)| known == id) {
                return Err(format!("two operations have the id `{id}`"));
            }
            operations.push((id.to_owned(), short.to_owned()));
            lowered_item.insert(method.clone(), lowering.operation(short, operation)?);
        }
        paths.insert(path.clone(), lowered_item.into());
    }
    let types = lowering.components.keys().cloned().collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": contract["info"],
        "paths": paths,
        "components": {"schemas": lowering.components},
    });
    Ok(Lowered { document, enums: lowering.enums, types, operations })
}

/// The words that all operation ids begin with (`api_particulier_v2_`): the module says them already.
pub(super) fn shared_prefix<'a>(ids: &[&'a str]) -> &'a str {
    let Some(first) = ids.first() else { return "" };
    let ends = first.match_indices('_').map(|(at, _)| &first[..=at]);
    ends.rev().find(|head| ids.iter().all(|id| id.starts_with(head) && id.len() > head.len())).unwrap_or("")
}

struct Lowering<'a> {
    contract: &'a Value,
    components: Map<String, Value>,
    enums: BTreeSet<String>,
    /// References that are being followed: a schema may contain itself.
    open: Vec<String>,
}

impl Lowering<'_> {
    fn operation(&mut self, id: &str, operation: &Value) -> Result<Value, String> {
        let mut result = Map::new();
        result.insert("operationId".into(), id.into());
        for key in ["description", "summary", "deprecated"] {
            if let Some(value) = operation.get(key) {
                result.insert(key.into(), value.clone());
            }
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        // Credentials are the client's own matter: it sets them, never the caller.
        let parameters = parameters.filter(|parameter| !is_credential(&parameter["name"]));
        result.insert("parameters".into(), parameters.map(lower_parameter).collect());

        let mut responses = Map::new();
        let mut errors: Vec<&Value> = Vec::new();
        for (status, response) in members(&operation["responses"]) {
            let schema = json_schema(response);
            if status.starts_with('2') {
                let name = format!("{}Answer", pascal(id));
                let content = match schema {
                    Some(schema) => json_content(&self.schema(schema, &name, true)?),
                    None => json!({}),
                };
                responses.insert(status.clone(), json!({"description": "", "content": content}));
            } else if let Some(schema) = schema
                && !errors.contains(&schema)
            {
                errors.push(schema);
            }
        }
        let error = match errors[..] {
            [error] => self.schema(error, &format!("{}Error", pascal(id)), false)?,
            // Several forms: the caller gets the JSON as it is.
            _ => json!({}),
        };
        // Ranges, not `default`: progenitor takes a default for one more success type.
        for range in ["4XX", "5XX"] {
            responses.insert(range.into(), json!({"description": "", "content": json_content(&error)}));
        }
        result.insert("responses".into(), responses.into());
        Ok(result.into())
    }

    /// Lowers a schema; objects and enums become components named `name`. `masked` says that keys may be absent.
    fn schema(&mut self, schema: &Value, name: &str, masked: bool) -> Result<Value, String> {
        let nullable = schema["nullable"] == true;
        let lowered = if let Some(reference) = reference_of(schema) {
            let target = self.contract.pointer(&reference[1..]).cloned().unwrap_or_default();
            let own_name = pascal(reference.rsplit('/').next().unwrap_or(reference));
            if self.open.iter().any(|open| open == reference) {
                json!({"$ref": format!("#/components/schemas/{own_name}")})
            } else {
                self.open.push(reference.to_owned());
                let lowered = self.schema(&target, &own_name, masked)?;
                self.open.pop();
                lowered
            }
        } else if schema.get("properties").is_some() {
            let object = self.object(schema, name, masked)?;
            self.component(name, object)?
        } else if schema["type"] == "string" && schema["enum"].as_array().is_some_and(|values| !values.is_empty()) {
            self.enums.insert(name.to_owned());
            self.component(name, json!({"type": "string", "enum": schema["enum"]}))?
        } else if schema["type"] == "array" {
            json!({"type": "array", "items": self.schema(&schema["items"], &format!("{name}Item"), masked)?})
        } else if schema["type"] == "object" {
            json!({"type": "object", "additionalProperties": true})
        } else {
            scalar(schema)
        };
        Ok(match (nullable, lowered.get("$ref")) {
            (false, _) => lowered,
            (true, Some(_)) => json!({"nullable": true, "allOf": [lowered]}),
            (true, None) => with(lowered, "nullable", true.into()),
        })
    }

    fn object(&mut self, schema: &Value, name: &str, masked: bool) -> Result<Value, String> {
        let mut properties = Map::new();
        let mut required = BTreeSet::new();
        for (property, inner) in members(&schema["properties"]) {
            let stated = schema["required"].as_array().is_some_and(|names| names.contains(&json!(property)));
            // Below `data` a scope may be missing. A key that may be null counts as required for serde: that keeps its null.
            let envelope = !masked || ["data", "links", "meta"].contains(&property.as_str());
            if inner["nullable"] == true || (stated && envelope) {
                required.insert(property.clone());
            }
            let mut lowered = self.schema(inner, &format!("{name}{}", pascal(property)), masked)?;
            if lowered["type"] == "array" && !required.contains(property) {
                // An absent list is not an empty one: "you may not know" is not "there are none".
                lowered["nullable"] = true.into();
            }
            properties.insert(property.clone(), lowered);
        }
        let mut object = json!({"type": "object", "properties": properties, "additionalProperties": true});
        if !required.is_empty() {
            object["required"] = required.into_iter().collect();
        }
        if let Some(description) = schema.get("description") {
            object["description"] = description.clone();
        }
        Ok(object)
    }

    /// Puts a component under its name. The same name for another shape is the defect that this module exists against.
    fn component(&mut self, name: &str, schema: Value) -> Result<Value, String> {
        match self.components.get(name) {
            Some(other) if *other != schema => Err(format!("two shapes claim the type name `{name}`")),
            _ => {
                self.components.insert(name.to_owned(), schema);
                Ok(json!({"$ref": format!("#/components/schemas/{name}")}))
            }
        }
    }
}

/// `$ref`, plain or below the `allOf` that carries a `nullable`.
fn reference_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().or_else(|| match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only["$ref"].as_str(),
        _ => None,
    })
}

fn is_credential(name: &Value) -> bool {
    name.as_str()
        .is_some_and(|name| name.eq_ignore_ascii_case("x-api-key") || name.eq_ignore_ascii_case("authorization"))
}

fn lower_parameter(parameter: &Value) -> Value {
    let schema = &parameter["schema"];
    let schema = match schema["type"].as_str() {
        Some("array") => json!({"type": "array", "items": scalar(&schema["items"])}),
        _ => scalar(schema),
    };
    with(parameter.clone(), "schema", schema)
}

/// Type only. `type: number, format: string` (codes with leading zeros) is text.
fn scalar(schema: &Value) -> Value {
    match schema["type"].as_str() {
        Some("integer") => json!({"type": "integer", "format": "int64"}),
        Some("number") if schema["format"] == "string" => json!({"type": "string"}),
        Some("number") => json!({"type": "number", "format": "double"}),
        Some(kind) => json!({ "type": kind }),
        None => json!({}),
    }
}

fn json_schema(response: &Value) -> Option<&Value> {
    members(&response["content"]).find(|(media_type, _)| media_type.contains("json"))?.1.get("schema")
}

fn json_content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn with(mut value: Value, key: &str, member: Value) -> Value {
    value[key] = member;
    value
}

/// The name of a type, as progenitor writes it.
fn pascal(text: &str) -> String {
    heck::ToPascalCase::to_pascal_case(text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").as_str())
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::lower;
    use serde_json::{Value, json};

    fn contract(schema: &Value) -> Value {
        json!({
            "info": {"title": "T", "version": "1.0.0"},
            "paths": {
                "/one": {"get": {"operationId": "api_one", "parameters": [
                    {"in": "header", "name": "X-Api-Key", "schema": {"type": "string"}},
                    {"in": "query", "name": "sexe", "schema": {"type": "string", "enum": ["F", "M"], "minLength": 1}},
                    {"in": "query", "name": "codePostal", "schema": {"type": "number", "format": "string"}},
                ], "responses": {
                    "200": {"content": {"application/json": {"schema": schema}}},
                    "401": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
                    "410": {"content": {"text/plain": {"schema": {"type": "string"}}}},
                }}},
                "/two": {"get": {"operationId": "api_two", "responses": {"200": {}}}},
            },
            "components": {"schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}},
        })
    }

    #[test]
    fn parameters_lose_what_would_hide_a_422_and_credentials_go() {
        let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
        let parameters = &lowered.document["paths"]["/one"]["get"]["parameters"];
        let names: Vec<&str> =
            parameters.as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
        assert_eq!(names, ["sexe", "codePostal"]);
        assert_eq!(parameters[0]["schema"], json!({"type": "string"}));
        assert_eq!(parameters[1]["schema"], json!({"type": "string"}));
    }

    #[test]
    fn one_error_type_for_every_status_and_the_shared_prefix_goes() {
        let lowered = lower(&contract(&json!({"type": "string"}))).expect("it lowers");
        let operation = &lowered.document["paths"]["/one"]["get"];
        assert_eq!(operation["operationId"], "one");
        assert_eq!(lowered.operations[0], ("api_one".to_owned(), "one".to_owned()));
        let statuses: Vec<&String> = operation["responses"].as_object().expect("an object").keys().collect();
        assert_eq!(statuses, ["200", "4XX", "5XX"]);
        let error = &operation["responses"]["4XX"]["content"]["application/json"]["schema"];
        assert_eq!(error["$ref"], "#/components/schemas/Error");
    }

    #[test]
    fn answers_keep_nulls_unknown_keys_and_absent_keys() {
        let schema = json!({"type": "object", "required": ["data"], "properties": {"data": {
            "type": "object", "additionalProperties": false, "required": ["nom", "date"], "properties": {
                "nom": {"type": "string", "nullable": true}, "date": {"type": "string", "format": "date"}}}}});
        let lowered = lower(&contract(&schema)).expect("it lowers");
        let schemas = &lowered.document["components"]["schemas"];
        assert_eq!(schemas["OneAnswer"]["required"], json!(["data"]));
        let data = &schemas["OneAnswerData"];
        assert_eq!(data["required"], json!(["nom"]));
        assert_eq!(data["additionalProperties"], true);
        assert_eq!(data["properties"]["date"], json!({"type": "string"}));
    }

    #[test]
    fn a_schema_that_contains_itself_is_one_component() {
        let mut contract = contract(&json!({"$ref": "#/components/schemas/Node"}));
        contract["components"]["schemas"]["Node"] = json!({"type": "object", "properties": {
            "next": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Node"}]}}});
        let lowered = lower(&contract).expect("it lowers");
        let next = &lowered.document["components"]["schemas"]["Node"]["properties"]["next"];
        assert_eq!(next["allOf"][0]["$ref"], "#/components/schemas/Node");
    }

    #[test]
    fn two_operations_with_one_id_are_refused() {
        let mut contract = contract(&json!({"type": "string"}));
        contract["paths"]["/two"]["get"]["operationId"] = "api_one".into();
        assert!(lower(&contract).is_err());
    }

    #[test]
    fn two_shapes_with_one_type_name_are_refused() {
        let schema = json!({"type": "object", "properties": {
            "a_b": {"type": "object", "properties": {"x": {"type": "string"}}},
            "a-b": {"type": "object", "properties": {"y": {"type": "string"}}}}});
        let error = lower(&contract(&schema)).expect_err("both are OneAnswerAb");
        assert!(error.contains("`OneAnswerAB`"), "{error}");
    }
}
