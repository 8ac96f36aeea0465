//! The parameters of one operation: query, headers, cookies, and path parameters by their position.

use super::bodies::{schema_of, written_in};
use super::direction::REQUEST;
use super::facets::Facets;
use super::keys::PARAMETER;
use super::operations::{Operation, path_parameters, shortened};
use super::rest::{not_compared, stated, stuck};
use super::schema::Comparer;
use super::types::Types;
use super::{Differ, Document, rename, requiredness};
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One parameter, by where it goes and its name there.
#[derive(Debug)]
struct Parameter<'a> {
    /// The name that the document gives it.
    name: &'a str,
    place: &'a str,
    node: &'a Value,
    /// The same before references are followed.
    raw: &'a Value,
}

/// The parameters of one operation.
#[derive(Debug, Default)]
struct Parameters<'a> {
    named: BTreeMap<Key, Parameter<'a>>,
    /// References to parameters that lead nowhere.
    stuck: BTreeSet<&'a str>,
    /// What is no parameter.
    others: Vec<&'a Value>,
}

/// `query:recipient`; headers in lower case; parameters of a path by their position.
type Key = (String, String);

impl Parameter<'_> {
    fn is_required(&self) -> bool {
        self.place == "path" || self.node["required"] == true
    }

    fn location(&self) -> Location {
        let name = if self.place == "header" { self.name.to_lowercase() } else { self.name.to_owned() };
        Location::parameter(self.place, shortened(&name))
    }

    /// How a list or an object is written.
    fn style(&self) -> String {
        let default = if ["query", "cookie"].contains(&self.place) { "form" } else { "simple" };
        let style = self.node["style"].as_str().unwrap_or(default);
        written_in(style, self.node["explode"].as_bool())
    }
}

fn parameters<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Parameters<'a> {
    let positions: HashMap<&str, usize> =
        path_parameters(&operation.path).into_iter().enumerate().map(|(position, name)| (name, position)).collect();
    let mut parameters = Parameters::default();
    for holder in [operation.item, operation.node] {
        for raw in document.items(holder, "parameters") {
            let followed = document.follow(raw);
            let node = followed.node;
            if followed.stuck.is_some() {
                parameters.stuck.extend(followed.stuck);
                continue;
            }
            let (Some(name), Some(place)) = (node["name"].as_str(), node["in"].as_str()) else {
                parameters.others.push(node);
                continue;
            };
            // OpenAPI leaves these to media types and security.
            if place == "header" && ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str())
            {
                continue;
            }
            let key = match (place, positions.get(name)) {
                ("path", Some(position)) => position.to_string(),
                ("header", _) => name.to_lowercase(),
                _ => name.to_owned(),
            };
            parameters.named.insert((place.to_owned(), key), Parameter { name, place, node, raw });
        }
    }
    parameters
}

/// References that lead nowhere, and what has no name or no place.
fn odd_parameters<'a>(old: &Parameters<'a>, new: &Parameters<'a>) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    for reference in old.stuck.union(&new.stuck) {
        let side = |parameters: &Parameters<'a>| parameters.stuck.get(reference).copied();
        stuck(&Location::Whole, side(old), side(new), &mut deviations);
    }
    let texts = |parameters: &Parameters<'a>| parameters.others.iter().map(ToString::to_string).collect();
    let (was, is): (BTreeSet<String>, BTreeSet<String>) = (texts(old), texts(new));
    if was != is {
        let told = |these: &[&Value]| stated("parameters", these.first().copied());
        let reason = "an entry without `name` and `in` is not a parameter, and is ignored";
        deviations.push(not_compared(Location::Whole, reason, told(&old.others), told(&new.others)));
    }
    deviations
}

impl<'a> Differ<'a> {
    pub(super) fn parameters(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let (old, new) = (parameters(&self.old, old), parameters(&self.new, new));
        let mut deviations = odd_parameters(&old, &new);
        let is_seen = old.stuck == new.stuck;
        let (old, new) = (old.named, new.named);
        let twins = if is_seen { self.parameter_twins(&old, &new) } else { Vec::new() };
        // What is missing on one side may be the one that could not be followed there.
        for (key, parameter) in old.iter().filter(|_| is_seen).filter(|(key, _)| !new.contains_key(*key)) {
            let twin = twins.iter().find(|(gone, _)| gone == key).map(|(_, come)| new[come].name.to_owned());
            let stated = requiredness(parameter.is_required());
            let removed = Deviation::new(Kind::ParameterRemoved, parameter.location(), stated, Value::Null);
            deviations.push(Deviation { twin, ..removed });
        }
        for (key, parameter) in new.iter().filter(|_| is_seen).filter(|(key, _)| !old.contains_key(*key)) {
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
        let location = old.location();
        let is_plain =
            |parameter: &Parameter<'a>| parameter.node.get("schema").or(parameter.node.get("content")).is_none();
        let mut deviations = Vec::new();
        if !is_plain(old) && !is_plain(new) {
            deviations.extend(self.rest(&PARAMETER, &location, old.raw, new.raw));
        }
        let mut push = |kind, before: Value, after: Value| {
            deviations.push(Deviation::new(kind, location.clone(), before, after));
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
        let (was, is) = (old.style(), new.style());
        if was != is {
            let styled = (is_styled(&self.old, old), is_styled(&self.new, new));
            match styled {
                (Some(true), Some(true)) => push(Kind::ParameterStyleChanged, was.into(), is.into()),
                // A plain value looks the same in every style.
                (Some(false), _) | (_, Some(false)) => {}
                _ => {
                    let reason = "whether its value is written in a style is not known";
                    deviations.push(not_compared(location.clone(), reason, was.into(), is.into()));
                }
            }
        }
        let exploded = [old, new].map(|parameter| parameter.style() == "form, exploded");
        deviations.extend(self.value(&REQUEST, &location, exploded, old.node, new.node));
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
                let one = schema_of(&self.old, old[&gone[one]].node);
                let other = schema_of(&self.new, new[&come[other]].node);
                Comparer::new(self, &REQUEST, &Location::Whole).are_same(one, other)
            };
            let pairs = rename::pairs(&names(&gone), &names(&come), is_same);
            twins.extend(pairs.into_iter().map(|(one, other)| (gone[one].clone(), come[other].clone())));
        }
        twins
    }
}

/// Whether a value is a list or an object, which styles write in several ways; `None` if it may be anything.
fn is_styled<'a>(document: &Document<'a>, parameter: &Parameter<'a>) -> Option<bool> {
    let facets = Facets::of(document, &[schema_of(document, parameter.node)]);
    match facets.types {
        Some(types) => Some(types.may_be_compound()),
        None if facets.variants.is_empty() && facets.constraint().is_none() => None,
        None => {
            let types = |variant: &&'a Value| Facets::of(document, &[*variant]).types;
            Some(facets.variants.iter().any(|variant| types(variant).is_none_or(Types::may_be_compound)))
        }
    }
}
