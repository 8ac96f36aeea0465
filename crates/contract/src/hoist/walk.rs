//! Where schemas stand that are hoisted, or contain others that are.

use crate::members;
use crate::model::escape;
use crate::operations::{operations, pointer};
use crate::subschemas::Child;
use serde_json::Value;

/// A schema of a response body, or a component.
pub(super) struct Root {
    /// Where it stands, as a JSON pointer.
    pub(super) pointer: String,
    /// How the path of a name begins: with the operation id and the status of a body, with the name of a component.
    pub(super) words: Vec<String>,
    /// Whether it is a component: it stays, what it contains may be hoisted.
    pub(super) is_component: bool,
}

pub(super) fn roots(document: &Value) -> Vec<Root> {
    let mut roots = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in operations(item) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            for (status, response) in members(&operation["responses"]) {
                let suffix = if status == "200" { "answer" } else { status };
                let holder = format!("/paths/{}{}/responses/{}", escape(path), pointer(method), escape(status));
                for (media_type, _) in
                    members(&response["content"]).filter(|(_, content)| content.get("schema").is_some())
                {
                    let pointer = format!("{holder}/content/{}/schema", escape(media_type));
                    roots.push(Root { pointer, words: vec![id.to_owned(), suffix.to_owned()], is_component: false });
                }
            }
        }
    }
    let component = |name: &String| {
        let pointer = format!("/components/schemas/{}", escape(name));
        Root { pointer, words: vec![name.clone()], is_component: true }
    };
    roots.extend(members(&document["components"]["schemas"]).map(|(name, _)| component(name)));
    roots
}

/// The word of a schema within another one in the path of its name.
pub(super) fn word<'a>(child: &Child<'a>) -> &'a str {
    child.name.unwrap_or(match child.keyword {
        "items" => "item",
        "additionalProperties" => "value",
        "allOf" | "anyOf" | "oneOf" => "part",
        keyword => keyword,
    })
}
