//! What a caller sends: types of a request's own, named after its operation, which never are those of an answer.

use super::answer::is_json;
use super::kind::only;
use super::{DEEPEST, Lowering, Side, members, object, pascal};
use crate::schema::Schema;
use serde_json::Value;

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
        let json = media_types.iter().find(|(media_type, _)| is_json(media_type));
        let form = media_types.iter().find(|(media_type, _)| *media_type == FORM);
        let typed = |media_type: &str, schema: Value| {
            let content = object([(media_type, object([("schema", schema)]))]);
            Some(Body { lowered: object([("required", true.into()), ("content", content)]), media_type: None })
        };
        if operation.get("x-graphql").is_some() {
            // The query is the operation itself: what is left to say are its variables.
            let schema = json.and_then(|(_, content)| Some(Schema::new(self.contract, content.get("schema")?)));
            let Some(variables) = schema.and_then(|schema| schema.property("variables")) else { return Ok(None) };
            let variables = self.schema(variables, &format!("{}Variables", pascal(id)), Side::Sent)?;
            return Ok(typed("application/json", variables));
        }
        if let Some((media_type, (_, content))) =
            json.map(|json| ("application/json", json)).or(form.map(|form| (FORM, form)))
        {
            // All of a form is text on the wire.
            self.texts = media_type == FORM;
            let schema = Schema::new(self.contract, &content["schema"]);
            let schema = self.schema(schema, &format!("{}Body", pascal(id)), Side::Sent);
            self.texts = false;
            return Ok(typed(media_type, schema?));
        }
        let Some((media_type, _)) = media_types.first() else { return Ok(None) };
        let bytes = object([("type", "string".into()), ("format", "binary".into())]);
        let own = Some((*media_type).clone()).filter(|media_type| media_type != BYTES && !media_type.contains('*'));
        Ok(typed(BYTES, bytes).map(|body| Body { media_type: own, ..body }))
    }

    /// What a reference leads to, in its place, so that types are named after their operation.
    pub(super) fn sent_reference(&mut self, target: &'a str, name: &str) -> Result<Value, String> {
        if self.open.contains(&target) || self.open.len() == DEEPEST {
            // What contains itself has no type of finite size under names of its places: any JSON.
            return Ok(object([]));
        }
        self.open.push(target);
        let lowered = self.schema(self.at(target), name, Side::Sent)?;
        self.open.pop();
        Ok(lowered)
    }
}

/// What a caller reads of a property: its description, and the values that the contract lists.
pub(super) fn said(schema: Schema<'_>) -> Option<String> {
    let target = only(schema).unwrap_or(schema).resolved();
    let description = [schema, target].into_iter().find_map(|schema| schema.keyword("description").as_str());
    let values = target.keyword("enum").as_array().into_iter().flatten().filter_map(Value::as_str);
    let values: Vec<String> = values.map(|one| format!("`{one}`")).collect();
    let listed = (!values.is_empty()).then(|| format!("One of {}.", values.join(", ")));
    let parts: Vec<String> = description.map(|text| text.trim().to_owned()).into_iter().chain(listed).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}
