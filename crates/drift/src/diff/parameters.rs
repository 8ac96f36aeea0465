//! The parameters of one operation: query, headers, cookies, and path parameters by their position.

use super::bodies::{schema_of, written_in};
use super::direction::{Direction, REQUEST, RESPONSE};
use super::facets::Facets;
use super::keys::PARAMETER;
use super::operations::{Operation, path_parameters, shortened};
use super::rest::{not_compared, stated, stuck};
use super::schema::Comparer;
use super::types::Types;
use super::{Differ, Document, rename, requiredness};
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One parameter, by where it goes and its name there.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    /// The name that the document gives it.
    pub(super) name: &'a str,
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

impl<'a> Parameter<'a> {
    /// A header, which has its name outside.
    pub(super) fn header(name: &'a str, node: &'a Value, raw: &'a Value) -> Self {
        Self { name, place: "header", node, raw }
    }

    /// That it went, as the one who sends it or reads it sees it.
    pub(super) fn removed(&self, direction: &Direction, location: Location) -> Deviation {
        let kind = match (direction.is_request, self.place) {
            (true, _) => Kind::ParameterRemoved,
            (false, "header") => Kind::ResponseHeaderRemoved,
            (false, _) => Kind::ResponsePropertyRemoved,
        };
        let stated = if direction.is_request { requiredness(self.is_required()).into() } else { Value::Null };
        Deviation::new(kind, location, stated, Value::Null)
    }

    /// The same of one that came.
    pub(super) fn added(&self, direction: &Direction, location: Location) -> Deviation {
        let required = self.is_required();
        let kind = match (direction.is_request, self.place) {
            (true, _) if required => Kind::ParameterAddedRequired,
            (true, _) => Kind::ParameterAddedOptional,
            (false, "header") => Kind::ResponseHeaderAdded,
            (false, _) => Kind::ResponsePropertyAdded,
        };
        let stated = if direction.is_request { requiredness(required).into() } else { Value::Null };
        Deviation::new(kind, location, Value::Null, stated)
    }

    fn became_required(&self, direction: &Direction, is: bool) -> Kind {
        match (direction.is_request, self.place, is) {
            (true, _, true) => Kind::ParameterBecameRequired,
            (true, _, false) => Kind::ParameterBecameOptional,
            (false, "header", true) => Kind::ResponseHeaderBecameRequired,
            (false, "header", false) => Kind::ResponseHeaderBecameOptional,
            (false, _, true) => Kind::ResponsePropertyBecameRequired,
            (false, _, false) => Kind::ResponsePropertyBecameOptional,
        }
    }

    fn is_required(&self) -> bool {
        self.place == "path" || self.node["required"] == true
    }

    /// Where it is; of a call that the provider makes, as a part of what it sends.
    fn location(&self, direction: &Direction) -> Location {
        if !direction.is_request {
            let name = shortened(self.name).into_owned();
            return match self.place {
                "header" => Location::Body(Part::Header(name)),
                place => Location::Callback { what: place.into(), name },
            };
        }
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
    /// What a caller sends beside the body; the provider is the caller of a callback.
    pub(super) fn parameters(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let direction = if old.callback { &RESPONSE } else { &REQUEST };
        let (old, new) = (parameters(&self.old, old), parameters(&self.new, new));
        let mut deviations = odd_parameters(&old, &new);
        let is_seen = old.stuck == new.stuck;
        let (old, new) = (old.named, new.named);
        let twins = if is_seen && direction.is_request { self.parameter_twins(&old, &new) } else { Vec::new() };
        // What is missing on one side may be the one that could not be followed there.
        for (key, parameter) in old.iter().filter(|_| is_seen).filter(|(key, _)| !new.contains_key(*key)) {
            let twin = twins.iter().find(|(gone, _)| gone == key).map(|(_, come)| new[come].name.to_owned());
            let removed = parameter.removed(direction, parameter.location(direction));
            deviations.push(Deviation { twin, ..removed });
        }
        for (key, parameter) in new.iter().filter(|_| is_seen).filter(|(key, _)| !old.contains_key(*key)) {
            let twin = twins.iter().find(|(_, come)| come == key).map(|(gone, _)| old[gone].name.to_owned());
            let added = parameter.added(direction, parameter.location(direction));
            deviations.push(Deviation { twin, ..added });
        }
        for (key, old) in &old {
            if let Some(new) = new.get(key) {
                deviations.extend(self.parameter(direction, &old.location(direction), old, new));
            }
        }
        deviations
    }

    /// Two parameters, or two headers that a consumer sends.
    pub(super) fn parameter(
        &self,
        direction: &'static Direction,
        location: &Location,
        old: &Parameter<'a>,
        new: &Parameter<'a>,
    ) -> Vec<Deviation> {
        let is_plain =
            |parameter: &Parameter<'a>| parameter.node.get("schema").or(parameter.node.get("content")).is_none();
        let mut deviations = Vec::new();
        if !is_plain(old) && !is_plain(new) {
            deviations.extend(self.rest(&PARAMETER, location, old.raw, new.raw));
        }
        let mut push = |kind, before: Value, after: Value| {
            deviations.push(Deviation::new(kind, location.clone(), before, after));
        };
        let (was, is) = (old.is_required(), new.is_required());
        if was != is {
            push(old.became_required(direction, is), was.into(), is.into());
        }
        let (was, is) = (old.node["deprecated"] == true, new.node["deprecated"] == true);
        if was != is {
            push(Kind::ParameterDeprecatedChanged, was.into(), is.into());
        }
        deviations.extend(self.styles(location, old, new));
        for (key, is_of_place) in [("allowReserved", true), ("allowEmptyValue", old.place == "query")] {
            deviations.extend(permission(direction, location, key, old.node, new.node).filter(|_| is_of_place));
        }
        let exploded = [old, new].map(|parameter| parameter.style() == "form, exploded");
        deviations.extend(self.value(direction, location, exploded, old.node, new.node));
        deviations
    }

    /// How a value is written, where that can be seen.
    pub(super) fn styles(&self, location: &Location, old: &Parameter<'a>, new: &Parameter<'a>) -> Option<Deviation> {
        let (was, is) = (old.style(), new.style());
        if was == is || (old.node.get("content").is_some() && new.node.get("content").is_some()) {
            return None;
        }
        let names = [&was, &is].map(|style| style.split(',').next().unwrap_or_default());
        // A label or a matrix has a sign before every value, and a simple list looks the same exploded or not.
        let is_marked = names[0] != names[1] && names.iter().any(|name| ["label", "matrix"].contains(name));
        let is_simple = names == ["simple"; 2];
        let is_styled = |document: &Document<'a>, parameter: &Parameter<'a>| {
            may_be(document, parameter, if is_simple { Types::OBJECT } else { Types::COMPOUND })
        };
        match (is_styled(&self.old, old), is_styled(&self.new, new)) {
            (Some(true), Some(true)) => {}
            _ if is_marked => {}
            // A plain value looks the same in every style.
            (Some(false), _) | (_, Some(false)) => return None,
            _ => {
                let reason = "whether its value is written in a style is not known";
                return Some(not_compared(location.clone(), reason, was.into(), is.into()));
            }
        }
        Some(Deviation::new(Kind::ParameterStyleChanged, location.clone(), was, is))
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

/// Whether a value is of some of the types that styles write in several ways; `None` if it may be anything.
fn may_be<'a>(document: &Document<'a>, parameter: &Parameter<'a>, some: Types) -> Option<bool> {
    let facets = Facets::of(document, &[schema_of(document, parameter.node)]);
    match facets.types {
        Some(types) => Some(types.meets(some)),
        None if facets.variants.is_empty() && facets.constraint().is_none() => None,
        None => {
            let types = |variant: &&'a Value| Facets::of(document, &[*variant]).types;
            Some(facets.variants.iter().any(|variant| types(variant).is_none_or(|types| types.meets(some))))
        }
    }
}

/// Something that a flag allows, and that is not allowed without it.
pub(super) fn permission(
    direction: &Direction,
    location: &Location,
    key: &str,
    old: &Value,
    new: &Value,
) -> Option<Deviation> {
    let (was, is) = (old[key] == true, new[key] == true);
    let kind = if is { direction.bounds_loosened } else { direction.bounds_tightened };
    let told = |is_on: bool| if is_on { serde_json::json!({ key: true }) } else { Value::Null };
    (was != is).then(|| Deviation::new(kind, location.clone(), told(was), told(is)))
}
