//! The parameters of one operation: query, headers, cookies, and path parameters by their position.

use super::direction::REQUEST;
use super::operations::{Operation, path_parameters};
use super::schema::Comparer;
use super::{Differ, Document, rename, requiredness};
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// One parameter, by where it goes and its name there.
#[derive(Debug)]
struct Parameter<'a> {
    /// The name that the document gives it.
    name: &'a str,
    place: &'a str,
    node: &'a Value,
}

/// `query:recipient`; headers in lower case; parameters of a path by their position.
type Key = (String, String);

impl<'a> Parameter<'a> {
    fn is_required(&self) -> bool {
        self.place == "path" || self.node["required"] == true
    }

    /// Below `schema`, below the one media type of `content`, or beside the name, as some documents have it.
    fn schema(&self) -> &'a Value {
        let content = || self.node["content"].as_object()?.values().next()?.get("schema");
        self.node.get("schema").or_else(content).unwrap_or(self.node)
    }

    fn location(&self) -> String {
        let name = if self.place == "header" { self.name.to_lowercase() } else { self.name.to_owned() };
        format!("{}:{name}", self.place)
    }

    /// How a list or an object is written.
    fn style(&self) -> String {
        let default = if ["query", "cookie"].contains(&self.place) { "form" } else { "simple" };
        let style = self.node["style"].as_str().unwrap_or(default);
        let explode = self.node["explode"].as_bool().unwrap_or(style == "form");
        if explode { format!("{style}, exploded") } else { style.to_owned() }
    }
}

fn parameters<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeMap<Key, Parameter<'a>> {
    let positions = path_parameters(&operation.path);
    let mut parameters = BTreeMap::new();
    for holder in [operation.item, operation.node] {
        for node in holder["parameters"].as_array().into_iter().flatten() {
            let node = document.resolve(node);
            let (Some(name), Some(place)) = (node["name"].as_str(), node["in"].as_str()) else { continue };
            // OpenAPI leaves these to media types and security.
            if place == "header" && ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str())
            {
                continue;
            }
            let key = match (place, positions.iter().position(|other| *other == name)) {
                ("path", Some(position)) => position.to_string(),
                ("header", _) => name.to_lowercase(),
                _ => name.to_owned(),
            };
            parameters.insert((place.to_owned(), key), Parameter { name, place, node });
        }
    }
    parameters
}

impl<'a> Differ<'a> {
    pub(super) fn parameters(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let (old, new) = (parameters(&self.old, old), parameters(&self.new, new));
        let mut deviations = Vec::new();
        let twins = self.parameter_twins(&old, &new);
        for (key, parameter) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            let twin = twins.iter().find(|(gone, _)| gone == key).map(|(_, come)| new[come].name.to_owned());
            let stated = requiredness(parameter.is_required());
            let removed = Deviation::new(Kind::ParameterRemoved, parameter.location(), stated, Value::Null);
            deviations.push(Deviation { twin, ..removed });
        }
        for (key, parameter) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            let twin = twins.iter().find(|(_, come)| come == key).map(|(gone, _)| old[gone].name.to_owned());
            let required = parameter.is_required();
            let kind = if required { Kind::ParameterAddedRequired } else { Kind::ParameterAddedOptional };
            let added = Deviation::new(kind, parameter.location(), Value::Null, requiredness(required));
            deviations.push(Deviation { twin, ..added });
        }
        for (key, old) in &old {
            if let Some(new) = new.get(key) {
                deviations.extend(self.parameter(old, new));
            }
        }
        deviations
    }

    fn parameter(&self, old: &Parameter<'a>, new: &Parameter<'a>) -> Vec<Deviation> {
        let mut deviations = Vec::new();
        let location = old.location();
        let mut push = |kind, before: Value, after: Value| {
            deviations.push(Deviation::new(kind, location.as_str(), before, after));
        };
        let (was, is) = (old.is_required(), new.is_required());
        if was != is {
            let kind = if is { Kind::ParameterBecameRequired } else { Kind::ParameterBecameOptional };
            push(kind, was.into(), is.into());
        }
        let (was, is) = (old.node["deprecated"] == true, new.node["deprecated"] == true);
        if was != is {
            push(Kind::ParameterDeprecatedChanged, was.into(), is.into());
        }
        // A plain value looks the same in every style.
        let is_plain = |document: &Document<'a>, parameter: &Parameter<'a>| {
            let schema = document.resolve(parameter.schema());
            schema["type"] != "array" && schema["type"] != "object" && schema.get("properties").is_none()
        };
        let (was, is) = (old.style(), new.style());
        if was != is && !is_plain(&self.old, old) && !is_plain(&self.new, new) {
            push(Kind::ParameterStyleChanged, was.into(), is.into());
        }
        let schemas = Comparer::new(self, &REQUEST, &location).run(Some(old.schema()), Some(new.schema()));
        deviations.extend(schemas);
        deviations
    }

    fn parameter_twins(
        &self,
        old: &BTreeMap<Key, Parameter<'a>>,
        new: &BTreeMap<Key, Parameter<'a>>,
    ) -> Vec<(Key, Key)> {
        let mut twins = Vec::new();
        for place in ["query", "header", "cookie"] {
            let less = |these: &BTreeMap<Key, Parameter<'a>>, those: &BTreeMap<Key, Parameter<'a>>| -> Vec<Key> {
                these.keys().filter(|key| key.0 == place && !those.contains_key(*key)).cloned().collect()
            };
            let (gone, come) = (less(old, new), less(new, old));
            let names = |keys: &[Key]| -> Vec<String> { keys.iter().map(|key| key.1.clone()).collect() };
            let is_same = |one: usize, other: usize| {
                let (one, other) = (old[&gone[one]].schema(), new[&come[other]].schema());
                Comparer::new(self, &REQUEST, "").run(Some(one), Some(other)).is_empty()
            };
            let pairs = rename::pairs(&names(&gone), &names(&come), is_same);
            twins.extend(pairs.into_iter().map(|(one, other)| (gone[one].clone(), come[other].clone())));
        }
        twins
    }
}
