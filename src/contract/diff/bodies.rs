//! What stands in a message: request bodies, and the media types of both directions.

use super::direction::{Direction, REQUEST};
use super::operations::Operation;
use super::schema::Comparer;
use super::{Differ, requiredness};
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds for a media type that came and one that went.
pub(super) struct MediaKinds {
    pub(super) added: Kind,
    pub(super) removed: Kind,
}

impl<'a> Differ<'a> {
    pub(super) fn request_bodies(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let body = |document: &super::Document<'a>, operation: &Operation<'a>| {
            operation.node.get("requestBody").map(|body| document.resolve(body))
        };
        let mut deviations = Vec::new();
        let mut push = |kind, before: Value, after: Value| deviations.push(Deviation::new(kind, "body", before, after));
        match (body(&self.old, old), body(&self.new, new)) {
            (None, None) => {}
            (Some(old), None) => {
                push(Kind::RequestBodyRemoved, requiredness(old["required"] == true).into(), Value::Null);
            }
            (None, Some(new)) => {
                let required = new["required"] == true;
                let kind = if required { Kind::RequestBodyAddedRequired } else { Kind::RequestBodyAddedOptional };
                push(kind, Value::Null, requiredness(required).into());
            }
            (Some(old), Some(new)) => {
                let (was, is) = (old["required"] == true, new["required"] == true);
                if was != is {
                    let kind = if is { Kind::RequestBodyBecameRequired } else { Kind::RequestBodyBecameOptional };
                    push(kind, was.into(), is.into());
                }
                let kinds = MediaKinds { added: Kind::RequestMediaTypeAdded, removed: Kind::RequestMediaTypeRemoved };
                deviations.extend(self.content(&REQUEST, "body", &kinds, old, new));
            }
        }
        deviations
    }

    /// Media types, and the schemas of those that both sides have.
    pub(super) fn content(
        &self,
        direction: &'static Direction,
        root: &str,
        kinds: &MediaKinds,
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        let (old, new) = (media_types(old), media_types(new));
        let mut deviations = Vec::new();
        let place = |media_type: &str| format!("{root} media type {media_type}");
        for media_type in old.keys().filter(|media_type| !new.contains_key(*media_type)) {
            deviations.push(Deviation::new(kinds.removed, place(media_type), media_type.as_str(), Value::Null));
        }
        for media_type in new.keys().filter(|media_type| !old.contains_key(*media_type)) {
            deviations.push(Deviation::new(kinds.added, place(media_type), Value::Null, media_type.as_str()));
        }
        let mut pairs: Vec<(&Value, &Value)> =
            old.iter().filter_map(|(media_type, schema)| Some((*schema, *new.get(media_type)?))).collect();
        // The only JSON of each side is the same body under another name.
        if pairs.is_empty()
            && let (Some(old), Some(new)) = (only_json(&old), only_json(&new))
        {
            pairs.push((old, new));
        }
        // The same schema stands below every media type of most documents: what it says is said once.
        let mut told = BTreeSet::new();
        for (old, new) in pairs {
            let mut found = Comparer::new(self, direction, root).run(old.get("schema"), new.get("schema"));
            found.retain(|deviation| {
                let stated = (deviation.expected.to_string(), deviation.observed.to_string());
                told.insert((deviation.kind, deviation.pointer.clone(), stated))
            });
            deviations.extend(found);
        }
        deviations
    }
}

/// By name, in lower case and without parameters.
fn media_types(message: &Value) -> BTreeMap<String, &Value> {
    let name = |media_type: &str| media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let content = message["content"].as_object().into_iter().flatten();
    content.map(|(media_type, content)| (name(media_type), content)).collect()
}

fn only_json<'a>(content: &BTreeMap<String, &'a Value>) -> Option<&'a Value> {
    let mut json = content.iter().filter(|(name, _)| *name == "application/json" || name.ends_with("+json"));
    json.next().filter(|_| json.next().is_none()).map(|(_, content)| *content)
}
