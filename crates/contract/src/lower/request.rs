//! What a caller sends: types of a request's own, named after its operation, which never are those of an answer.

use super::{DEEPEST, Lowering, map, members, nullable, object, only, pascal, reference_of, scalar, with};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The body of a request.
pub(super) struct Body {
    /// The `requestBody` that progenitor takes: one media type, and a schema.
    pub(super) lowered: Value,
    /// The media type of a body that the caller gives as bytes, where progenitor would send another one.
    pub(super) media_type: Option<String>,
}

/// What progenitor says of bytes.
const BYTES: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";

impl<'a> Lowering<'a> {
    /// The body of an operation. Of several media types the first that has types is taken: JSON, then a form.
    pub(super) fn request(&mut self, id: &str, operation: &'a Value) -> Result<Option<Body>, String> {
        let body = self.target(&operation["requestBody"]);
        let media_types: Vec<(&String, &Value)> = members(&body["content"]).collect();
        let json = media_types.iter().find(|(media_type, _)| media_type.contains("json"));
        let form = media_types.iter().find(|(media_type, _)| *media_type == FORM);
        let typed = |media_type: &str, schema: Value| {
            let content = object([(media_type, object([("schema", schema)]))]);
            Some(Body { lowered: object([("required", true.into()), ("content", content)]), media_type: None })
        };
        if operation.get("x-graphql").is_some() {
            // The query is the operation itself: what is left to say are its variables.
            let schema = json.map_or(&Value::Null, |(_, content)| self.target(&content["schema"]));
            let Some(variables) = schema["properties"].get("variables") else { return Ok(None) };
            return Ok(typed("application/json", self.sent(variables, &format!("{}Variables", pascal(id)))?));
        }
        if let Some((media_type, (_, content))) =
            json.map(|json| ("application/json", json)).or(form.map(|form| (FORM, form)))
        {
            // All of a form is text on the wire.
            self.texts = media_type == FORM;
            let schema = self.sent(&content["schema"], &format!("{}Body", pascal(id)));
            self.texts = false;
            return Ok(typed(media_type, schema?));
        }
        let Some((media_type, _)) = media_types.first() else { return Ok(None) };
        let bytes = object([("type", "string".into()), ("format", "binary".into())]);
        let own = Some((*media_type).clone()).filter(|media_type| media_type != BYTES && !media_type.contains('*'));
        Ok(typed(BYTES, bytes).map(|body| Body { media_type: own, ..body }))
    }

    /// Lowers a schema of what is sent. References are followed in place, so that types are named after their operation.
    fn sent(&mut self, schema: &'a Value, name: &str) -> Result<Value, String> {
        self.enter(name)?;
        let lowered = if let Some(target) = reference_of(schema) {
            self.sent_reference(target, name)?
        } else if schema.get("properties").is_some() {
            let lowered = self.sent_object(schema, name)?;
            self.requests.insert(name.to_owned());
            self.component(name, lowered)?
        } else if schema["type"] == "array" {
            let items = self.sent(&schema["items"], &format!("{name}Item"))?;
            object([("type", "array".into()), ("items", items)])
        } else if schema["type"] == "object" {
            map()
        } else if let Some(only) = only(schema).filter(|_| schema.get("type").is_none()) {
            self.sent(only, name)?
        } else if self.texts {
            object([("type", "string".into())])
        } else {
            scalar(schema)
        };
        self.depth -= 1;
        Ok(nullable(schema, lowered))
    }

    fn sent_reference(&mut self, target: &'a str, name: &str) -> Result<Value, String> {
        if self.open.contains(&target) || self.open.len() == DEEPEST {
            // What contains itself has no type of finite size under names of its places: any JSON.
            return Ok(object([]));
        }
        self.open.push(target);
        let contract: &'a Value = self.contract;
        let schema = target.get(1..).and_then(|pointer| contract.pointer(pointer)).unwrap_or(&Value::Null);
        let lowered = self.sent(schema, name)?;
        self.open.pop();
        Ok(lowered)
    }

    fn sent_object(&mut self, schema: &'a Value, name: &str) -> Result<Value, String> {
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut properties = Map::new();
        for (property, inner) in members(&schema["properties"]) {
            let mut lowered = self.sent(inner, &format!("{name}{}", pascal(property)))?;
            if !required.contains(property.as_str()) && ["array", "object"].iter().any(|kind| lowered["type"] == *kind)
            {
                // What is not sent is not what is sent empty.
                lowered["nullable"] = true.into();
            }
            if lowered.get("$ref").is_none()
                && let Some(said) = self.said(inner)
            {
                lowered = with(lowered, "description", said.into());
            }
            properties.insert(property.clone(), lowered);
        }
        let mut lowered =
            Map::from_iter([("type".to_owned(), "object".into()), ("properties".to_owned(), properties.into())]);
        let known = |name: &&str| schema["properties"].get(*name).is_some();
        let required: Vec<Value> = required.into_iter().filter(known).map(Value::from).collect();
        if !required.is_empty() {
            lowered.insert("required".into(), required.into());
        }
        if let Some(description) = schema.get("description") {
            lowered.insert("description".into(), description.clone());
        }
        Ok(lowered.into())
    }

    /// What a caller reads of a property: its description, and the values that the contract lists.
    fn said(&self, schema: &Value) -> Option<String> {
        let target = self.target(only(schema).unwrap_or(schema));
        let description = [schema, target].into_iter().find_map(|schema| schema["description"].as_str());
        let values: Vec<String> = target["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|one| format!("`{one}`"))
            .collect();
        let listed = (!values.is_empty()).then(|| format!("One of {}.", values.join(", ")));
        let parts: Vec<String> = description.map(|text| text.trim().to_owned()).into_iter().chain(listed).collect();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }
}
