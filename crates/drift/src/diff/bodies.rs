//! What stands in a message: request bodies, and the media types of both directions.

use super::direction::{Direction, REQUEST};
use super::document::{Document, NOTHING};
use super::operations::{Operation, shortened};
use super::rest::{not_compared, stated};
use super::schema::Comparer;
use super::{Differ, keys, requiredness};
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Kinds for a media type that came and one that went.
pub(super) struct MediaKinds {
    pub(super) added: Kind,
    pub(super) removed: Kind,
}

/// The body of a request as a whole.
const BODY: Location = Location::Body(Part::Whole);

impl<'a> Differ<'a> {
    pub(super) fn request_bodies(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let raw = |operation: &Operation<'a>| operation.node.get("requestBody");
        let mut deviations = Vec::new();
        if let (Some(old), Some(new)) = (raw(old), raw(new)) {
            deviations.extend(self.rest(&keys::REQUEST_BODY, &BODY, old, new));
            if self.leads_out(old, new) {
                return deviations;
            }
        }
        let body =
            |document: &Document<'a>, operation: &Operation<'a>| raw(operation).map(|body| document.resolve(body));
        let mut push = |kind, before: Value, after: Value| deviations.push(Deviation::new(kind, BODY, before, after));
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
                deviations.extend(self.content(&REQUEST, &BODY, &kinds, old, new));
            }
        }
        deviations
    }

    /// Media types, and the schemas of those that both sides have.
    pub(super) fn content(
        &self,
        direction: &'static Direction,
        root: &Location,
        kinds: &MediaKinds,
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        if self.leads_out(old.get("content").unwrap_or(&NOTHING), new.get("content").unwrap_or(&NOTHING)) {
            return Vec::new();
        }
        let names = |document: &Document<'a>, message: &'a Value| {
            document.entries(message, "content").map(|(media_type, _)| bare(media_type)).collect::<Vec<_>>()
        };
        let shared = shared(&[names(&self.old, old), names(&self.new, new)]);
        let (old, new) = (media_types(&self.old, old, &shared), media_types(&self.new, new, &shared));
        let mut deviations = Vec::new();
        let place = |media_type: &str| root.at(Part::MediaType(shortened(media_type).into_owned()));
        for media_type in old.keys().filter(|media_type| !new.contains_key(*media_type)) {
            deviations.push(Deviation::new(kinds.removed, place(media_type), media_type.as_str(), Value::Null));
        }
        for media_type in new.keys().filter(|media_type| !old.contains_key(*media_type)) {
            deviations.push(Deviation::new(kinds.added, place(media_type), Value::Null, media_type.as_str()));
        }
        let mut pairs: Vec<(&str, &Value, &Value)> = old
            .iter()
            .filter_map(|(media_type, schema)| Some((media_type.as_str(), *schema, *new.get(media_type)?)))
            .collect();
        // The only JSON of each side is the same body under another name.
        if pairs.is_empty()
            && let (Some(old), Some(new)) = (only_json(&old), only_json(&new))
        {
            pairs.push(("application/json", old, new));
        }
        // The same schema stands below every media type of most documents: what it says is said once.
        let mut told = HashSet::new();
        for (media_type, old, new) in pairs {
            deviations.extend(self.rest(&keys::MEDIA_TYPE, &place(media_type), old, new));
            if self.leads_out(old, new) {
                continue;
            }
            let (old, new) = (self.old.resolve(old), self.new.resolve(new));
            let mut found = Comparer::new(self, direction, root).run(old.get("schema"), new.get("schema"));
            found.retain(|deviation| {
                let stated = (deviation.expected.to_string(), deviation.observed.to_string());
                told.insert((deviation.kind, deviation.location.clone(), stated, deviation.not_compared.clone()))
            });
            deviations.extend(found);
        }
        deviations
    }
}

impl<'a> Differ<'a> {
    /// A parameter or a header, whose value has a schema or is written as a media type.
    pub(super) fn value(
        &self,
        direction: &'static Direction,
        root: &Location,
        kinds: &MediaKinds,
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        if old.get("content").is_some() && new.get("content").is_some() {
            return self.content(direction, root, kinds, old, new);
        }
        let mut found = Vec::new();
        if old.get("content").is_some() != new.get("content").is_some() {
            let reason = "whether it is written in a style or as a media type is not compared";
            let told = |holder: &'a Value| stated("content", holder.get("content"));
            found.push(not_compared(root.clone(), reason, told(old), told(new)));
        }
        let (old, new) = (schema_of(&self.old, old), schema_of(&self.new, new));
        found.extend(Comparer::new(self, direction, root).run(Some(old), Some(new)));
        found
    }

    /// Whether one of the two stands in another document, or nowhere.
    pub(super) fn leads_out(&self, old: &'a Value, new: &'a Value) -> bool {
        self.old.follow(old).stuck.is_some() || self.new.follow(new).stuck.is_some()
    }
}

/// The schema of a parameter or a header: below `schema`, below the one media type of `content`, or beside the name, as
/// Swagger 2.0 and some documents have it.
pub(super) fn schema_of<'a>(document: &Document<'a>, holder: &'a Value) -> &'a Value {
    let content =
        || document.entries(holder, "content").next().and_then(|(_, content)| document.resolve(content).get("schema"));
    holder.get("schema").or_else(content).unwrap_or(holder)
}

/// A media type in lower case and without parameters.
fn bare(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Names that several media types of one side have, apart from their parameters: there the parameters count.
fn shared(sides: &[Vec<String>]) -> BTreeSet<String> {
    let mut shared = BTreeSet::new();
    for names in sides {
        let mut known = BTreeSet::new();
        shared.extend(names.iter().filter(|name| !known.insert(*name)).cloned());
    }
    shared
}

/// By name, in lower case; with parameters where they tell media types apart.
fn media_types<'a>(
    document: &Document<'a>,
    message: &'a Value,
    shared: &BTreeSet<String>,
) -> BTreeMap<String, &'a Value> {
    let name = |media_type: &str| match bare(media_type) {
        name if shared.contains(&name) => media_type.to_lowercase().replace(' ', ""),
        name => name,
    };
    document.entries(message, "content").map(|(media_type, content)| (name(media_type), content)).collect()
}

fn only_json<'a>(content: &BTreeMap<String, &'a Value>) -> Option<&'a Value> {
    let mut json = content.iter().filter(|(name, _)| *name == "application/json" || name.ends_with("+json"));
    json.next().filter(|_| json.next().is_none()).map(|(_, content)| *content)
}
