//! What a client reads: types that lose nothing of an answer, and refuse nothing that a consumer can use.

use super::{DEEPEST, Kind, Lowering, Side, members, nullable, object, pascal, reference};
use crate::schema::Schema;
use serde_json::Value;

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
#[must_use]
pub fn json_schema(response: &Value) -> Option<&Value> {
    json_content_of(response)?.get("schema")
}

fn json_content_of(response: &Value) -> Option<&Value> {
    members(&response["content"]).find(|(media_type, _)| is_json(media_type)).map(|(_, content)| content)
}

/// Whether a body of a media type is one JSON value: not several of them, one a line.
pub(super) fn is_json(media_type: &str) -> bool {
    let is_sequence =
        ["ndjson", "jsonl", "json-lines", "json-seq", "stream+json"].iter().any(|name| media_type.contains(name));
    media_type.contains("json") && !is_sequence
}

impl<'a> Lowering<'a> {
    /// Lowers what a reference leads to, once.
    pub(super) fn reference(&mut self, target: &'a str, masked: bool) -> Result<Value, String> {
        if let Some(lowered) = self.done.get(&(target, masked)) {
            return Ok(lowered.clone());
        }
        let name = component_name(target);
        if self.open.contains(&target) {
            return Ok(self.ahead(target));
        }
        if self.open.len() == DEEPEST {
            return Err(format!("`{name}` is the end of more than {DEEPEST} references"));
        }
        self.open.push(target);
        let lowered = self.schema(self.at(target), &name, Side::Read { masked })?;
        self.open.pop();
        self.done.insert((target, masked), lowered.clone());
        Ok(lowered)
    }

    /// What a reference becomes that is being lowered: its component is not there yet. What contains itself and is no component has
    /// no type of finite size: any JSON.
    fn ahead(&self, target: &'a str) -> Value {
        let end = self.end(self.at(target));
        match Kind::of(end.schema) {
            Kind::Object => nullable(end.is_nullable, reference(&component_name(end.reference.unwrap_or(target)))),
            _ => object([]),
        }
    }

    /// An enum, which becomes a component.
    pub(super) fn known_values(&mut self, schema: Schema<'a>, name: &str, values: Vec<&str>) -> Result<Value, String> {
        let lowered = object([("type", "string".into()), ("enum", values.into())]);
        let lowered = self.answered(schema, name, lowered)?;
        self.enums.extend(lowered["$ref"].as_str().and_then(|target| target.rsplit('/').next()).map(str::to_owned));
        Ok(lowered)
    }
}

/// The name of the component that a reference leads to.
fn component_name(target: &str) -> String {
    pascal(target.rsplit('/').next().unwrap_or(target))
}
