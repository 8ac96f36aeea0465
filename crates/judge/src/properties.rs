//! Which properties of an answer its contract does not list, and which of those that it lists the answer has: also below
//! `oneOf`, `anyOf` and `allOf`.

use super::Judgement;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashSet};
use vigie_contract::model::escape;
use vigie_contract::schema::{Branches, Schema, address};

/// Paths of properties, with `*` for elements.
pub type Observed = BTreeSet<String>;

/// Forms of one value that are told apart. Alternatives within alternatives may be a hundred thousand: of so many, nothing is said.
const MOST_FORMS: usize = 200;

/// Paths of all the properties that a value of a translated schema may have, by whatever alternative. A property of two alternatives
/// is one. What contains itself is listed down to where it is met again.
pub(super) fn documented(schema: &Value) -> Observed {
    let mut paths = Observed::new();
    // References lead nowhere in an empty document: a translated schema has them only to definitions that contain themselves.
    collect(Schema::new(&Value::Null, schema), &mut String::new(), &mut paths);
    paths
}

fn collect(schema: Schema<'_>, path: &mut String, paths: &mut Observed) {
    let end = path.len();
    for branch in schema.branches() {
        for (name, property) in branch.own_properties() {
            path.extend(["/", &escape(name)]);
            collect(property, path, paths);
            paths.insert(path.clone());
            path.truncate(end);
        }
        if let Some(items) = branch.own_items() {
            path.push_str("/*");
            collect(items, path, paths);
            path.truncate(end);
        }
    }
}

/// Collects the properties of a body that its translated schema does not list, and those that it does.
pub(super) fn walk(schema: &Value, body: &Value, judgement: &mut Judgement) {
    let mut walk = Walk { judgement, pointer: String::new(), path: String::new() };
    walk.visit(&Forms::of([vec![Schema::whole(schema)]]), body);
}

struct Walk<'w> {
    judgement: &'w mut Judgement,
    /// The JSON pointer of where the walk stands.
    pointer: String,
    /// The same with `*` for elements.
    path: String,
}

impl Walk<'_> {
    fn visit(&mut self, alternatives: &Forms<'_>, body: &Value) {
        match body {
            Value::Object(map) => self.object(alternatives, map),
            Value::Array(items) => {
                let (inner, ends) = (alternatives.items(), (self.pointer.len(), self.path.len()));
                self.path.push_str("/*");
                for (position, item) in items.iter().enumerate() {
                    self.pointer.extend(["/", &position.to_string()]);
                    self.visit(&inner, item);
                    self.pointer.truncate(ends.0);
                }
                self.path.truncate(ends.1);
            }
            _ => {}
        }
    }

    fn object(&mut self, alternatives: &Forms<'_>, map: &Map<String, Value>) {
        let (takes_any, ends) = (alternatives.take_any_key(), (self.pointer.len(), self.path.len()));
        for (key, value) in map {
            let (property, token) = (alternatives.property(key), escape(key));
            self.pointer.extend(["/", &token]);
            self.path.extend(["/", &token]);
            if !property.is_unlisted {
                self.visit(&property, value);
                self.judgement.observed.insert(self.path.clone());
            } else if !takes_any {
                self.judgement.undocumented.push(self.pointer.clone());
            }
            self.pointer.truncate(ends.0);
            self.path.truncate(ends.1);
        }
    }
}

/// The alternatives that a value may have: each is a list of schemas that all hold for it.
#[derive(Default)]
struct Forms<'d> {
    all: Vec<Vec<Schema<'d>>>,
    /// No form says anything of it.
    is_unlisted: bool,
    /// There are more alternatives than are told apart.
    is_cut: bool,
}

impl<'d> Forms<'d> {
    /// `groups` are alternatives of schemas that all hold; what stands in two of them is one.
    fn of(groups: impl IntoIterator<Item = Vec<Schema<'d>>>) -> Self {
        let mut alternatives = Self { is_unlisted: true, ..Self::default() };
        let mut known = HashSet::new();
        for group in groups.into_iter().filter(|group| !group.is_empty()) {
            alternatives.is_unlisted = false;
            if known.insert(group.iter().map(|schema| address(schema.node())).collect::<Vec<_>>()) {
                alternatives.add(&[], &group);
            }
        }
        alternatives
    }

    /// Adds the alternatives of schemas that hold beside others, whose own alternatives are told apart already.
    fn add(&mut self, around: &[Schema<'d>], schemas: &[Schema<'d>]) {
        if self.all.len() == MOST_FORMS {
            self.is_cut = true;
            return;
        }
        let mut form = around.to_vec();
        form.extend(schemas.iter().copied().flat_map(Schema::parts));
        let members: Vec<Schema<'_>> =
            schemas.iter().flat_map(|schema| schema.members()).map(|(_, member)| member).collect();
        let is_within = |member: &Schema<'_>| form.iter().any(|one| std::ptr::eq(one.node(), member.node()));
        let mut members = members.into_iter().filter(|member| !is_within(member)).peekable();
        if members.peek().is_some() {
            members.for_each(|member| self.add(&form, &[member]));
        } else {
            self.all.push(form);
        }
    }

    fn property(&self, name: &str) -> Self {
        let of_form = |form: &Vec<Schema<'d>>| form.iter().filter_map(|schema| schema.own_property(name)).collect();
        Self::of(self.all.iter().map(of_form))
    }

    fn items(&self) -> Self {
        let of_form = |form: &Vec<Schema<'d>>| form.iter().copied().filter_map(Schema::own_items).collect();
        Self::of(self.all.iter().map(of_form))
    }

    /// Whether an object may have any key: in a form that lists no property, or says what the others are.
    fn take_any_key(&self) -> bool {
        let takes_objects = |schema: &Schema<'_>| {
            let mut types = schema.own_types().peekable();
            types.peek().is_none() || types.any(|name| name == "object")
        };
        let is_free = |form: &Vec<Schema<'_>>| {
            form.iter().all(takes_objects)
                && (form.iter().all(|schema| schema.own_properties().next().is_none())
                    || form.iter().any(|schema| schema.keyword("additionalProperties").is_object()))
        };
        self.is_cut || self.all.is_empty() || self.all.iter().any(is_free)
    }
}

/// The names of all members that an object may have, by whatever alternative of its schema.
#[must_use]
pub fn members(schema: &Value) -> BTreeSet<&str> {
    Branches::of(Schema::whole(schema)).names()
}

#[cfg(test)]
mod tests {
    use super::{documented, members, walk};
    use crate::Judgement;
    use crate::unfold::translate;
    use serde_json::{Value, json};

    /// What a body has that is not documented, and what it lacks that is.
    fn told(schema: &Value, body: &Value) -> (Vec<String>, Vec<String>) {
        let schema = translate(schema, schema);
        let mut judgement = Judgement::default();
        walk(&schema, body, &mut judgement);
        let never = documented(&schema).difference(&judgement.observed).cloned().collect();
        (judgement.undocumented, never)
    }

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn properties_below_alternatives_and_parts_are_documented() {
        let (a, b) = (object(&json!({"a": {"type": "string"}})), object(&json!({"b": object(&json!({"c": {}}))})));
        for keyword in ["oneOf", "anyOf", "allOf"] {
            let schema = json!({"type": "object", "properties": {"id": {}}, keyword: [a, b]});
            assert_eq!(told(&schema, &json!({"id": 1, "a": "x"})), (vec![], texts(&["/b", "/b/c"])), "{keyword}");
            let body = json!({"id": 1, "b": {"c": 1, "d": 2}, "x": 3});
            assert_eq!(told(&schema, &body), (texts(&["/b/d", "/x"]), texts(&["/a"])), "{keyword}");
            let list = json!({"type": "array", "items": {keyword: [a, b]}});
            assert_eq!(told(&list, &json!([{"a": 1}, {"b": {}, "e": 1}])), (texts(&["/1/e"]), texts(&["/*/b/c"])));
        }
    }

    #[test]
    fn each_alternative_has_its_own_properties_below_one_name() {
        let of = |value: &Value| object(&json!({"kind": {}, "value": value}));
        let schema =
            json!({"oneOf": [of(&object(&json!({"x": {}}))), of(&object(&json!({"y": {}}))), {"type": "null"}]});
        let body = json!({"kind": 1, "value": {"x": 1}});
        assert_eq!(told(&schema, &body), (vec![], texts(&["/value/y"])));
        let body = json!({"kind": 1, "value": {"y": 1, "z": 1}});
        assert_eq!(told(&schema, &body), (texts(&["/value/z"]), texts(&["/value/x"])));
    }

    #[test]
    fn references_and_nullable_wrappings_hide_nothing() {
        let schema = json!({
            "In": object(&json!({"a": {}})), "Out": object(&json!({"b": {}})),
            "properties": {
                "one": {"nullable": true, "allOf": [{"$ref": "#/In"}, {"$ref": "#/Out"}]},
                "other": {"anyOf": [{"$ref": "#/In"}, {"type": "null"}]},
            },
        });
        let body = json!({"one": {"a": 1, "b": 1, "c": 1}, "other": {"a": 1, "b": 1}});
        assert_eq!(told(&schema, &body), (texts(&["/one/c", "/other/b"]), vec![]));
    }

    #[test]
    fn an_alternative_that_lists_nothing_takes_any_key() {
        let a = object(&json!({"a": {}}));
        for (free, undocumented) in [
            (json!({"type": "object"}), false),
            (json!({}), false),
            (json!({"type": "object", "properties": {"c": {}}, "additionalProperties": {"type": "string"}}), false),
            (json!({"type": "string"}), true),
            (json!({"type": "array", "items": {}}), true),
        ] {
            let (told, _) = told(&json!({"oneOf": [a, free]}), &json!({"b": 1}));
            assert_eq!(told == ["/b"], undocumented, "{free}");
        }
        // Beside properties, alternatives may say only which of them go together.
        let schema = json!({"properties": {"a": {}, "b": {}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]});
        assert_eq!(told(&schema, &json!({"a": 1, "c": 1})), (texts(&["/c"]), texts(&["/b"])));
        // A general part says nothing of what a special one lists.
        let general = object(&json!({"data": {"type": "object"}}));
        let schema = json!({"allOf": [general, object(&json!({"data": a}))]});
        assert_eq!(told(&schema, &json!({"data": {"a": 1, "b": 1}})), (texts(&["/data/b"]), vec![]));
    }

    #[test]
    fn what_contains_itself_is_walked_and_listed_once() {
        let schema = json!({"$ref": "#/Node", "Node": object(&json!({"name": {}, "next": {"oneOf": [{"$ref": "#/Node"}, {"type": "null"}]}}))});
        let body = json!({"next": {"next": {"name": 1, "other": 1}}});
        let (undocumented, never) = told(&schema, &body);
        assert_eq!(undocumented, texts(&["/next/next/other"]));
        assert_eq!(never, texts(&["/name"]));
    }

    #[test]
    fn more_forms_than_are_told_apart_say_nothing() {
        let rung = |number: usize| {
            let next = json!({"$ref": format!("#/r{}", number + 1)});
            let own = object(&json!({"a": {}}));
            (format!("r{number}"), json!({"oneOf": [next, {"anyOf": [next, own]}]}))
        };
        let mut ladder: serde_json::Map<String, Value> = (0..12).map(rung).collect();
        ladder.insert("r12".into(), object(&json!({"b": {}})));
        ladder.insert("$ref".into(), "#/r0".into());
        let (undocumented, _) = told(&ladder.into(), &json!({"a": 1, "b": 1, "c": 1}));
        assert!(undocumented.is_empty(), "{undocumented:?}");
    }

    #[test]
    fn members_are_those_of_every_alternative() {
        let schema = json!({"properties": {"a": {}}, "oneOf": [{"properties": {"b": {}}}, {"$ref": "#/$defs/0"}], "$defs": {"0": {"properties": {"c": {}}}}});
        assert_eq!(members(&schema).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
