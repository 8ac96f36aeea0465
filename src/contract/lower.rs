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

use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

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
    let mut lowering =
        Lowering { contract, components: Map::new(), enums: BTreeSet::new(), open: Vec::new(), done: HashMap::new() };
    let items = members(&contract["paths"]).flat_map(|(_, item)| members(item));
    let ids: Vec<&str> = items.filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    let prefix = shared_prefix(&ids);
    let mut paths = Map::new();
    let mut operations: Vec<(String, String)> = Vec::new();
    let mut known = BTreeSet::new();
    for (path, item) in members(&contract["paths"]) {
        let mut lowered_item = Map::new();
        for (method, operation) in members(item) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let short = id.strip_prefix(prefix).unwrap_or(id);
            if !known.insert(id) {
                return Err(format!("two operations have the id `{id}`"));
            }
            operations.push((id.to_owned(), short.to_owned()));
            lowered_item.insert(method.clone(), lowering.operation(short, operation)?);
        }
        paths.insert(path.clone(), lowered_item.into());
    }
    let types = lowering.components.keys().cloned().collect();
    let document = object([
        ("openapi", "3.0.3".into()),
        ("info", contract["info"].clone()),
        ("paths", paths.into()),
        ("components", object([("schemas", lowering.components.into())])),
    ]);
    Ok(Lowered { document, enums: lowering.enums, types, operations })
}

/// The words that all operation ids begin with (`api_particulier_v2_`): the module says them already.
pub(super) fn shared_prefix<'a>(ids: &[&'a str]) -> &'a str {
    let Some(first) = ids.first() else { return "" };
    let ends = first.match_indices('_').map(|(at, _)| &first[..=at]);
    ends.rev().find(|head| ids.iter().all(|id| id.starts_with(head) && id.len() > head.len())).unwrap_or("")
}

/// References that may lead from one to the next.
const DEEPEST: usize = 200;

struct Lowering<'a> {
    contract: &'a Value,
    components: Map<String, Value>,
    enums: BTreeSet<String>,
    /// References that are being followed: a schema may contain itself.
    open: Vec<&'a str>,
    /// What references became, by whether keys may be absent: most components stand in many answers.
    done: HashMap<(&'a str, bool), Value>,
}

impl<'a> Lowering<'a> {
    fn operation(&mut self, id: &str, operation: &'a Value) -> Result<Value, String> {
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
                    Some(schema) => json_content(self.schema(schema, &name, true)?),
                    None => object([]),
                };
                responses.insert(status.clone(), object([("description", "".into()), ("content", content)]));
            } else if let Some(schema) = schema
                && !errors.contains(&schema)
            {
                errors.push(schema);
            }
        }
        let error = match errors[..] {
            [error] => self.schema(error, &format!("{}Error", pascal(id)), false)?,
            // Several forms: the caller gets the JSON as it is.
            _ => object([]),
        };
        // Ranges, not `default`: progenitor takes a default for one more success type.
        for range in ["4XX", "5XX"] {
            let content = json_content(error.clone());
            responses.insert(range.into(), object([("description", "".into()), ("content", content)]));
        }
        result.insert("responses".into(), responses.into());
        Ok(result.into())
    }

    /// Lowers a schema; objects and enums become components named `name`. `masked` says that keys may be absent.
    fn schema(&mut self, schema: &'a Value, name: &str, masked: bool) -> Result<Value, String> {
        let lowered = if let Some(target) = reference_of(schema) {
            self.reference(target, masked)?
        } else if schema.get("properties").is_some() {
            let lowered = self.object(schema, name, masked)?;
            self.component(name, lowered)?
        } else if schema["type"] == "string" && schema["enum"].as_array().is_some_and(|values| !values.is_empty()) {
            self.enums.insert(name.to_owned());
            self.component(name, object([("type", "string".into()), ("enum", schema["enum"].clone())]))?
        } else if schema["type"] == "array" {
            let items = self.schema(&schema["items"], &format!("{name}Item"), masked)?;
            object([("type", "array".into()), ("items", items)])
        } else if schema["type"] == "object" {
            object([("type", "object".into()), ("additionalProperties", true.into())])
        } else {
            scalar(schema)
        };
        Ok(match (schema["nullable"] == true, lowered.get("$ref").is_some()) {
            (false, _) => lowered,
            (true, true) => object([("nullable", true.into()), ("allOf", Value::Array(vec![lowered]))]),
            (true, false) => with(lowered, "nullable", true.into()),
        })
    }

    /// Lowers what a reference leads to, once.
    fn reference(&mut self, target: &'a str, masked: bool) -> Result<Value, String> {
        if let Some(lowered) = self.done.get(&(target, masked)) {
            return Ok(lowered.clone());
        }
        let name = pascal(target.rsplit('/').next().unwrap_or(target));
        if self.open.contains(&target) {
            return Ok(reference(&name));
        }
        if self.open.len() == DEEPEST {
            return Err(format!("`{name}` is the end of more than {DEEPEST} references"));
        }
        self.open.push(target);
        let contract: &'a Value = self.contract;
        let schema = target.get(1..).and_then(|pointer| contract.pointer(pointer)).unwrap_or(&Value::Null);
        let lowered = self.schema(schema, &name, masked)?;
        self.open.pop();
        self.done.insert((target, masked), lowered.clone());
        Ok(lowered)
    }

    fn object(&mut self, schema: &'a Value, name: &str, masked: bool) -> Result<Value, String> {
        let stated: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut properties = Map::new();
        let mut required = BTreeSet::new();
        for (property, inner) in members(&schema["properties"]) {
            // Below `data` a scope may be missing. A key that may be null counts as required for serde: that keeps its null.
            let envelope = !masked || ["data", "links", "meta"].contains(&property.as_str());
            if inner["nullable"] == true || (envelope && stated.contains(property.as_str())) {
                required.insert(property.clone());
            }
            let mut lowered = self.schema(inner, &format!("{name}{}", pascal(property)), masked)?;
            if lowered["type"] == "array" && !required.contains(property) {
                // An absent list is not an empty one: "you may not know" is not "there are none".
                lowered["nullable"] = true.into();
            }
            properties.insert(property.clone(), lowered);
        }
        let mut lowered = Map::from_iter([
            ("type".to_owned(), "object".into()),
            ("properties".to_owned(), properties.into()),
            ("additionalProperties".to_owned(), true.into()),
        ]);
        if !required.is_empty() {
            lowered.insert("required".into(), required.into_iter().collect());
        }
        if let Some(description) = schema.get("description") {
            lowered.insert("description".into(), description.clone());
        }
        Ok(lowered.into())
    }

    /// Puts a component under its name. The same name for another shape is the defect that this module exists against.
    fn component(&mut self, name: &str, schema: Value) -> Result<Value, String> {
        match self.components.get(name) {
            Some(other) if *other != schema => Err(format!("two shapes claim the type name `{name}`")),
            _ => {
                self.components.insert(name.to_owned(), schema);
                Ok(reference(name))
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
        Some("array") => object([("type", "array".into()), ("items", scalar(&schema["items"]))]),
        _ => scalar(schema),
    };
    with(parameter.clone(), "schema", schema)
}

/// Type only. `type: number, format: string` (codes with leading zeros) is text.
fn scalar(schema: &Value) -> Value {
    match schema["type"].as_str() {
        Some("integer") => object([("type", "integer".into()), ("format", "int64".into())]),
        Some("number") if schema["format"] == "string" => object([("type", "string".into())]),
        Some("number") => object([("type", "number".into()), ("format", "double".into())]),
        Some(kind) => object([("type", kind.into())]),
        None => object([]),
    }
}

fn json_schema(response: &Value) -> Option<&Value> {
    members(&response["content"]).find(|(media_type, _)| media_type.contains("json"))?.1.get("schema")
}

fn json_content(schema: Value) -> Value {
    object([("application/json", object([("schema", schema)]))])
}

fn reference(name: &str) -> Value {
    object([("$ref", format!("#/components/schemas/{name}").into())])
}

/// An object of these members. `json!` would copy each of them.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>().into()
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
