//! Two schemas of one place, in one direction.

use super::direction::Direction;
use super::facets::{Additional, Facets};
use super::{Differ, Document, Place, keywords, rename, requiredness};
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::BTreeSet;

/// Objects within objects that are compared from one place.
const DEEPEST: usize = 100;

/// The comparison of the schemas of one place: a body, a header, a parameter.
pub(super) struct Comparer<'d, 'a> {
    pub(super) differ: &'d Differ<'a>,
    pub(super) direction: &'static Direction,
    /// `200`, `body`, `query:sexe`: what the places below begin with.
    pub(super) root: &'d str,
    /// `data`, `[]`, `identite`: the way from there.
    pub(super) path: Vec<String>,
    pub(super) found: Vec<Deviation>,
    /// Pairs of schemas that are being compared: a schema may contain itself.
    open: Vec<(Place, Place)>,
    /// The outermost open pair that was met again.
    leans_on: usize,
}

/// Every bare reference to one schema is one place; a reference with something beside it says more.
fn place_of<'a>(document: &Document<'a>, schemas: &[&'a Value]) -> Place {
    let is_bare = |schema: &Value| schema.as_object().is_some_and(|map| map.len() == 1 && map.contains_key("$ref"));
    let place = |schema: &&'a Value| if is_bare(schema) { document.resolve(schema) } else { *schema };
    schemas.iter().map(|schema| std::ptr::from_ref::<Value>(place(schema)) as usize).collect()
}

impl<'d, 'a> Comparer<'d, 'a> {
    pub(super) fn new(differ: &'d Differ<'a>, direction: &'static Direction, root: &'d str) -> Self {
        Self { differ, direction, root, path: Vec::new(), found: Vec::new(), open: Vec::new(), leans_on: usize::MAX }
    }

    /// What differs between two schemas; an absent one allows anything.
    pub(super) fn run(mut self, old: Option<&'a Value>, new: Option<&'a Value>) -> Vec<Deviation> {
        self.compare(old.as_slice(), new.as_slice());
        self.found
    }

    /// What differs between two schemas, at whatever place.
    fn inner(&self, old: &[&'a Value], new: &[&'a Value]) -> Vec<Deviation> {
        let mut inner = Comparer::new(self.differ, self.direction, self.root);
        inner.open.clone_from(&self.open);
        inner.compare(old, new);
        inner.found
    }

    pub(super) fn push(&mut self, kind: Kind, old: impl Into<Value>, new: impl Into<Value>) {
        let deviation = Deviation::new(kind, self.location(), old, new);
        self.found.push(deviation);
    }

    fn location(&self) -> String {
        let mut location = self.root.to_owned();
        for (position, segment) in self.path.iter().enumerate() {
            match (position, segment.as_str()) {
                (_, "[]") if position > 0 || self.direction.is_request => location.push_str("[]"),
                (0, segment) => location.extend([" ", segment]),
                (_, segment) => location.extend([".", segment]),
            }
        }
        location
    }

    fn compare(&mut self, old: &[&'a Value], new: &[&'a Value]) {
        let key = (place_of(&self.differ.old, old), place_of(&self.differ.new, new));
        if let Some(at) = self.open.iter().position(|open| *open == key) {
            self.leans_on = self.leans_on.min(at);
            return;
        }
        if self.path.len() > DEEPEST
            || self.differ.is_known_equal(self.direction, &key)
            || !self.differ.may_go_on(self.found.len())
        {
            return;
        }
        let own = self.open.len();
        let before = (self.found.len(), std::mem::replace(&mut self.leans_on, usize::MAX));
        self.open.push(key.clone());
        self.compare_facets(old, new);
        self.open.pop();
        // Equality that rests on a pair further up, which is still open, is no fact yet.
        let rests_on_itself = self.leans_on >= own;
        if self.found.len() == before.0 && rests_on_itself {
            self.differ.remember_equal(self.direction, key);
        }
        self.leans_on = before.1.min(if rests_on_itself { usize::MAX } else { self.leans_on });
    }

    fn compare_facets(&mut self, old_schemas: &[&'a Value], new_schemas: &[&'a Value]) {
        let direction = self.direction;
        let old = &Facets::of(&self.differ.old, old_schemas);
        let new = &Facets::of(&self.differ.new, new_schemas);
        if old.nullable != new.nullable && !old.is_any() && !new.is_any() {
            let kind = if new.nullable { direction.nullable_added } else { direction.nullable_removed };
            self.push(kind, old.nullable, new.nullable);
        }
        let narrows = |with: &Facets<'a>, without: &Facets<'a>| {
            !with.variants.is_empty() && !with.properties.is_empty() && !without.properties.is_empty()
        };
        if old.variants.is_empty() != new.variants.is_empty() && (narrows(old, new) || narrows(new, old)) {
            // Alternatives beside properties only say which of them go together.
            let kind = if new.variants.is_empty() { direction.bounds_loosened } else { direction.bounds_tightened };
            let stated = |facets: &Facets<'a>| match facets.variants.len() {
                0 => Value::Null,
                count => serde_json::json!({"alternatives": count}),
            };
            self.push(kind, stated(old), stated(new));
        } else if !old.variants.is_empty() || !new.variants.is_empty() {
            // A schema without alternatives is the only one.
            let forms = |facets: &Facets<'a>, schemas: &[&'a Value]| match facets.variants.len() {
                0 => vec![schemas.to_vec()],
                _ => facets.variants.iter().map(|variant| vec![*variant]).collect(),
            };
            self.compare_variants(&forms(old, old_schemas), forms(new, new_schemas));
            if old.variants.is_empty() || new.variants.is_empty() {
                return;
            }
        }
        if !self.compare_types(old, new) {
            return;
        }
        for (kind, before, after) in keywords::compare(direction, old, new) {
            self.push(kind, before, after);
        }
        self.compare_properties(old, new);
        if !old.items.is_empty() || !new.items.is_empty() {
            self.inside("[]", |inner| inner.compare(&old.items, &new.items));
        }
        self.compare_additional(old, new);
    }

    /// False if no value fits both: then nothing below can be compared.
    fn compare_types(&mut self, old: &Facets<'a>, new: &Facets<'a>) -> bool {
        let direction = self.direction;
        match (old.types, new.types) {
            (None, None) => {}
            (None, Some(new)) => self.push(direction.type_declared, Value::Null, new.to_json()),
            (Some(old), None) => self.push(direction.type_undeclared, old.to_json(), Value::Null),
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let adapted = if direction.is_request { new.includes(old) } else { old.includes(new) };
                let kind = if adapted { direction.type_adapted } else { direction.type_changed };
                self.push(kind, old.to_json(), new.to_json());
                return old.meets(new);
            }
        }
        true
    }

    fn compare_properties(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let direction = self.direction;
        // What only travels the other way is no part of this one.
        let other_way = if direction.is_request { "readOnly" } else { "writeOnly" };
        let seen = |facets: &Facets<'a>, document: &Document<'a>| -> BTreeSet<&'a str> {
            let travels = |schemas: &[&'a Value]| !document.any_states(schemas, other_way);
            facets.properties.iter().filter(|(_, schemas)| travels(schemas)).map(|(name, _)| *name).collect()
        };
        let (old_names, new_names) = (seen(old, &self.differ.old), seen(new, &self.differ.new));
        let gone: Vec<&str> = old_names.difference(&new_names).copied().collect();
        let come: Vec<&str> = new_names.difference(&old_names).copied().collect();
        let twins = rename::pairs(&gone, &come, |one, other| {
            // What was renamed may have changed a little as well, such as to be null.
            let found = self.inner(&old.properties[gone[one]], &new.properties[come[other]]);
            found.iter().all(|deviation| deviation.pointer == self.root && deviation.kind != direction.type_changed)
        });
        for (position, name) in gone.iter().enumerate() {
            let twin = twins.iter().find(|(one, _)| *one == position).map(|(_, other)| come[*other].to_owned());
            let stated = requiredness(old.required.contains(name));
            self.inside(name, |inner| inner.push(direction.property_removed, stated, Value::Null));
            self.set_twin(twin);
        }
        for (position, name) in come.iter().enumerate() {
            let twin = twins.iter().find(|(_, other)| *other == position).map(|(one, _)| gone[*one].to_owned());
            let required = new.required.contains(name);
            let kind = if required { direction.property_added_required } else { direction.property_added_optional };
            self.inside(name, |inner| inner.push(kind, Value::Null, requiredness(required)));
            self.set_twin(twin);
        }
        // Required, and not described on either side: it may be anything, but must be there.
        for name in old.required.symmetric_difference(&new.required) {
            let is_described = |names: &BTreeSet<&str>, facets: &Facets<'_>| {
                names.contains(name) || facets.properties.contains_key(name)
            };
            if !is_described(&old_names, old) && !is_described(&new_names, new) {
                let is = new.required.contains(name);
                let kind = if is { direction.became_required } else { direction.became_optional };
                self.inside(name, |inner| inner.push(kind, requiredness(!is), requiredness(is)));
            }
        }
        for name in old_names.intersection(&new_names) {
            let (was, is) = (old.required.contains(name), new.required.contains(name));
            self.inside(name, |inner| {
                if was != is {
                    let kind = if is { direction.became_required } else { direction.became_optional };
                    inner.push(kind, requiredness(was), requiredness(is));
                }
                let was = inner.differ.old.any_states(&old.properties[name], "deprecated");
                let is = inner.differ.new.any_states(&new.properties[name], "deprecated");
                if was != is {
                    inner.push(Kind::PropertyDeprecatedChanged, was, is);
                }
                inner.compare(&old.properties[name], &new.properties[name]);
            });
        }
    }

    fn set_twin(&mut self, twin: Option<String>) {
        if let Some(last) = self.found.last_mut() {
            last.twin = twin;
        }
    }

    fn compare_additional(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let (was, is) = (!matches!(old.additional, Additional::Closed), !matches!(new.additional, Additional::Closed));
        if was != is && old.types.is_some() && new.types.is_some() {
            let kind = if is { self.direction.opened } else { self.direction.closed };
            self.push(kind, was, is);
        }
        let schemas = |additional: &Additional<'a>| match additional {
            Additional::Schema(schemas) => Some(schemas.clone()),
            Additional::Open => Some(Vec::new()),
            Additional::Closed => None,
        };
        if let (Some(old), Some(new)) = (schemas(&old.additional), schemas(&new.additional))
            && !(old.is_empty() && new.is_empty())
        {
            self.inside("*", |inner| inner.compare(&old, &new));
        }
    }

    /// Alternatives are brought together by what they say, whatever their order; then by name, then by kinship.
    fn compare_variants(&mut self, old: &[Vec<&'a Value>], mut left: Vec<Vec<&'a Value>>) {
        let mut open: Vec<&Vec<&'a Value>> = Vec::new();
        for form in old {
            match left.iter().position(|other| self.are_alike(form, other)) {
                Some(at) => drop(left.remove(at)),
                None => open.push(form),
            }
        }
        let mut gone = Vec::new();
        let rivals = open.clone();
        for form in open {
            let name = stated_name(form);
            let by_name = left.iter().position(|other| name.is_some() && stated_name(other) == name);
            let by_kin = || left.iter().position(|other| self.are_kin(form, other));
            // The only number of each side, or the only text, is one form that says more or less now.
            let is_only = |other: &Vec<&'a Value>| {
                self.are_scalars_of_one_type(form, other)
                    && rivals.iter().filter(|rival| self.are_scalars_of_one_type(rival, other)).count() == 1
                    && left.iter().filter(|rival| self.are_scalars_of_one_type(form, rival)).count() == 1
            };
            match by_name.or_else(by_kin).or_else(|| left.iter().position(is_only)) {
                Some(at) => {
                    let other = left.remove(at);
                    self.compare(form, &other);
                }
                None => gone.push(form),
            }
        }
        for form in gone {
            let name = describe(&self.differ.old, form);
            self.push(self.direction.variant_removed, name, Value::Null);
        }
        for form in left {
            let name = describe(&self.differ.new, &form);
            self.push(self.direction.variant_added, Value::Null, name);
        }
    }

    /// Equal, but that one of them may be null: that is told of the place as a whole.
    fn are_alike(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let found = self.inner(old, new);
        let only_null = [self.direction.nullable_added, self.direction.nullable_removed];
        found.iter().all(|deviation| deviation.pointer == self.root && only_null.contains(&deviation.kind))
    }

    /// Objects that share more than half of their properties.
    fn are_kin(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        let shared = old.properties.keys().filter(|name| new.properties.contains_key(*name)).count();
        old.types == new.types && shared * 2 > old.properties.len().max(new.properties.len())
    }

    /// Whether both are values of one type, without members.
    fn are_scalars_of_one_type(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        let is_scalar = |facets: &Facets<'a>| {
            facets.properties.is_empty()
                && facets.items.is_empty()
                && facets.variants.is_empty()
                && facets.types.is_some()
        };
        is_scalar(&old) && is_scalar(&new) && old.types == new.types
    }

    fn inside(&mut self, segment: &str, visit: impl FnOnce(&mut Self)) {
        self.path.push(segment.to_owned());
        visit(self);
        self.path.pop();
    }
}

/// The name that a document gives an alternative.
fn stated_name<'a>(form: &[&'a Value]) -> Option<&'a str> {
    let [only] = form else { return None };
    only["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).or_else(|| only["title"].as_str())
}

/// What a reader can tell an alternative by: its name, its properties, its types.
fn describe<'a>(document: &Document<'a>, form: &[&'a Value]) -> String {
    if let Some(name) = stated_name(form) {
        return name.to_owned();
    }
    let facets = Facets::of(document, form);
    if !facets.properties.is_empty() {
        return format!("object of {}", facets.properties.into_keys().collect::<Vec<_>>().join(", "));
    }
    let types = facets.types.map_or(Value::Null, super::facets::Types::to_json);
    types.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use crate::contract::diff::diff;
    use crate::deviation::Kind;
    use serde_json::{Value, json};

    fn kinds(old: &Value, new: &Value) -> Vec<Kind> {
        let contract = |schema: &Value| {
            let body = json!({"content": {"application/json": {"schema": schema}}});
            json!({"paths": {"/a": {"post": {"requestBody": body, "responses": {"200": {}}}}}})
        };
        diff(&contract(old), &contract(new)).deviations.into_iter().map(|deviation| deviation.kind).collect()
    }

    #[test]
    fn a_value_that_becomes_one_of_two_is_still_taken() {
        let number = json!({"type": "integer", "format": "int32"});
        let either = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        assert_eq!(kinds(&number, &either), [Kind::RequestFormatRemoved, Kind::RequestVariantAdded]);
        assert_eq!(kinds(&either, &number), [Kind::RequestFormatAdded, Kind::RequestVariantRemoved]);
        // Which of two texts a third one was, nobody can tell.
        let texts = json!({"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "minLength": 9}]});
        let other = json!({"oneOf": [{"type": "string", "maxLength": 5}, {"type": "integer"}]});
        let found = kinds(&texts, &other);
        assert!(found.contains(&Kind::RequestVariantRemoved), "{found:?}");
        assert!(!found.contains(&Kind::RequestBoundsLoosened), "{found:?}");
    }
}
