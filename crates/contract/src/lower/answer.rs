//! What a client reads: types that lose nothing of an answer, and refuse nothing that a consumer can use.

use super::{DEEPEST, Lowering, map, members, nullable, object, only, pascal, reference, reference_of, scalar};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The members of a JSON:API document: a scope opens what is below them, and they are there without it.
const ENVELOPE: [&str; 3] = ["data", "links", "meta"];

/// The one form that all successes of an operation have in a client.
pub(super) enum Success<'a> {
    /// JSON of this schema.
    Json(&'a Value),
    /// JSON of more schemas than one, or of none: the caller gets it as it is.
    AnyJson,
    /// Something else, or now this and now that.
    Bytes,
    /// No body at all.
    Nothing,
}

impl<'a> Success<'a> {
    pub(super) fn of(responses: impl Iterator<Item = &'a Value>) -> Self {
        let form = |response: &'a Value| match json_content_of(response) {
            Some(content) => content.get("schema").map_or(Self::AnyJson, Self::Json),
            None if members(&response["content"]).next().is_some() => Self::Bytes,
            None => Self::Nothing,
        };
        responses.map(form).reduce(Self::both).unwrap_or(Self::Nothing)
    }

    fn both(self, other: Self) -> Self {
        match (self, other) {
            (Self::Json(one), Self::Json(other)) if one == other => Self::Json(one),
            (Self::Json(_) | Self::AnyJson, Self::Json(_) | Self::AnyJson) => Self::AnyJson,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
            _ => Self::Bytes,
        }
    }
}

/// The schema of an answer in JSON.
pub(super) fn json_schema(response: &Value) -> Option<&Value> {
    json_content_of(response)?.get("schema")
}

fn json_content_of(response: &Value) -> Option<&Value> {
    members(&response["content"]).find(|(media_type, _)| media_type.contains("json")).map(|(_, content)| content)
}

impl<'a> Lowering<'a> {
    /// Lowers a schema; objects and enums become components named `name`. `masked` says that keys may be absent.
    pub(super) fn schema(&mut self, schema: &'a Value, name: &str, masked: bool) -> Result<Value, String> {
        self.enter(name)?;
        let lowered = if let Some(target) = reference_of(schema) {
            self.reference(target, masked)?
        } else if schema.get("properties").is_some() {
            let lowered = self.object(schema, name, masked)?;
            self.answered(schema, name, lowered)?
        } else if schema["type"] == "string" && schema["enum"].as_array().is_some_and(|values| !values.is_empty()) {
            let lowered = object([("type", "string".into()), ("enum", schema["enum"].clone())]);
            let lowered = self.answered(schema, name, lowered)?;
            self.enums.extend(lowered["$ref"].as_str().and_then(|target| target.rsplit('/').next()).map(str::to_owned));
            lowered
        } else if schema["type"] == "array" {
            let items = self.schema(&schema["items"], &format!("{name}Item"), masked)?;
            object([("type", "array".into()), ("items", items)])
        } else if schema["type"] == "object" {
            map()
        } else if let Some(only) = only(schema).filter(|_| schema.get("type").is_none()) {
            self.schema(only, name, masked)?
        } else {
            scalar(schema)
        };
        self.depth -= 1;
        Ok(nullable(schema, lowered))
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
            // Below `data` of JSON:API a scope may be missing. A key that may be null counts as required for serde: that keeps its null.
            let envelope = !masked || ENVELOPE.contains(&property.as_str());
            if inner["nullable"] == true || (envelope && stated.contains(property.as_str())) {
                required.insert(property.clone());
            }
            let mut lowered = self.schema(inner, &format!("{name}{}", pascal(property)), masked)?;
            if ["array", "object"].iter().any(|kind| lowered["type"] == *kind) && !required.contains(property) {
                // An absent list or map is not an empty one: "you may not know" is not "there are none".
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
}
