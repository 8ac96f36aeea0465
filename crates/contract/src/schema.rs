//! One view of a schema: what it says, whichever way a document writes it.
//!
//! References are followed, `allOf` is combined, every notation of "or null" means the same, and the alternatives of `oneOf` and
//! `anyOf` are known. The view borrows: nothing of the document is copied. A schema that contains itself ends where it is met
//! again at the same location, so that no question runs on without end.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A schema of a document, in which its references lead.
#[derive(Debug, Clone, Copy)]
pub struct Schema<'d> {
    document: &'d Value,
    node: &'d Value,
}

/// Where a chain of references ends.
#[derive(Debug, Clone, Copy)]
pub struct Followed<'d> {
    /// What stands there; the first node of a ring.
    pub node: &'d Value,
    /// The reference that leads nowhere in this document.
    pub stuck: Option<&'d str>,
    /// Whether references lead to each other in a ring.
    pub is_ring: bool,
}

/// How alternatives are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// `oneOf`: a value fits exactly one.
    One,
    /// `anyOf`: a value may fit several.
    Any,
}

impl Choice {
    /// Both, in the order in which they are read.
    pub const ALL: [Self; 2] = [Self::One, Self::Any];

    /// The keyword.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::One => "oneOf",
            Self::Any => "anyOf",
        }
    }
}

/// What an object says of properties that it does not list.
#[derive(Debug, Clone, Copy)]
pub enum Additional<'d> {
    /// Nothing: they are allowed.
    Open,
    /// `false`: there are none.
    Closed,
    /// They have this schema.
    Schema(Schema<'d>),
}

impl<'d> Schema<'d> {
    /// A schema that stands in a document.
    #[must_use]
    pub fn new(document: &'d Value, node: &'d Value) -> Self {
        Self { document, node }
    }

    /// A schema that is a document of its own: its references lead into itself.
    #[must_use]
    pub fn whole(node: &'d Value) -> Self {
        Self { document: node, node }
    }

    /// The schema at a JSON pointer of a document.
    #[must_use]
    pub fn at(document: &'d Value, pointer: &str) -> Option<Self> {
        Some(Self { document, node: document.pointer(pointer)? })
    }

    /// The schema as it is written.
    #[must_use]
    pub fn node(self) -> &'d Value {
        self.node
    }

    /// Another schema of the same document.
    fn beside(self, node: &'d Value) -> Self {
        Self { node, ..self }
    }

    /// A keyword of this schema alone, as it is written; null without it.
    #[must_use]
    pub fn keyword(self, keyword: &str) -> &'d Value {
        self.node.get(keyword).unwrap_or(&Value::Null)
    }

    /// The schemas in a list below a keyword.
    fn listed(self, keyword: &str) -> impl DoubleEndedIterator<Item = Self> + use<'d> {
        let list = self.node.get(keyword).and_then(Value::as_array);
        list.into_iter().flatten().map(move |node| self.beside(node))
    }

    /// What a reference of this schema leads to.
    #[must_use]
    pub fn target(self) -> Option<Self> {
        lookup(self.document, reference(self.node)?).map(|node| self.beside(node))
    }

    /// What the schema stands for, however long the chain of references. One that leads nowhere stands for itself.
    #[must_use]
    pub fn resolved(self) -> Self {
        self.beside(follow(self.document, self.node).node)
    }

    /// The schemas that `allOf` of this schema alone lists.
    #[must_use]
    pub fn all_of(self) -> impl DoubleEndedIterator<Item = Self> + use<'d> {
        self.listed("allOf")
    }

    /// The alternatives that this schema alone lists, null among them.
    pub fn alternatives(self) -> impl Iterator<Item = (Choice, Self)> + use<'d> {
        Choice::ALL.into_iter().flat_map(move |choice| self.listed(choice.keyword()).map(move |one| (choice, one)))
    }

    /// This schema and all that must hold beside it: what it refers to, the parts of `allOf`, and theirs. A lone alternative beside
    /// null is the schema itself. Each stands there once, the outermost first.
    #[must_use]
    pub fn parts(self) -> Vec<Self> {
        self.collect(false)
    }

    /// This schema and all that must or may hold beside it: its [`parts`](Self::parts), their alternatives, and the parts of these.
    #[must_use]
    pub fn branches(self) -> Vec<Self> {
        self.collect(true)
    }

    fn collect(self, with_alternatives: bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![self];
        while let Some(schema) = open.pop() {
            let Some(map) = schema.node.as_object() else { continue };
            found.push(schema);
            let is_made_of_others =
                ["$ref", "$dynamicRef", "allOf", "oneOf", "anyOf"].iter().any(|key| map.contains_key(*key));
            if !is_made_of_others {
                continue;
            }
            if !seen.insert(address(schema.node)) {
                // It contains itself, or stands here twice.
                found.pop();
                continue;
            }
            let from = open.len();
            open.extend(schema.target());
            open.extend(schema.all_of());
            if with_alternatives {
                open.extend(schema.alternatives().map(|(_, one)| one));
            } else {
                open.extend(Choice::ALL.into_iter().filter_map(|choice| schema.lone(choice)));
            }
            open[from..].reverse();
        }
        found
    }

    /// The alternatives of this schema and its parts, null left out. A lone one is none: see [`parts`](Self::parts).
    #[must_use]
    pub fn members(self) -> Vec<(Choice, Self)> {
        let lists = |part: Self| {
            Choice::ALL.into_iter().flat_map(move |choice| {
                let some: Vec<Self> = part.listed(choice.keyword()).filter(|one| !one.says_null()).collect();
                let some = if some.len() > 1 { some } else { Vec::new() };
                some.into_iter().map(move |one| (choice, one))
            })
        };
        self.parts().into_iter().flat_map(lists).collect()
    }

    /// The alternative that is left beside null: it is the schema itself.
    #[must_use]
    pub fn lone(self, choice: Choice) -> Option<Self> {
        let mut rest = self.listed(choice.keyword()).filter(|one| !one.says_null());
        rest.next().filter(|_| rest.next().is_none())
    }

    /// Whether the schema takes null and nothing else, in one of the notations: `type: null`, `enum: [null]`, a `nullable` alone,
    /// or alternatives that are all of these. Generators wrap null once, and a bomb would wrap it without end: one level is read.
    #[must_use]
    pub fn says_null(self) -> bool {
        self.says_only_null(true)
    }

    fn says_only_null(self, may_wrap: bool) -> bool {
        let schema = self.resolved();
        let has_null_alone = |values: &Vec<Value>| values.iter().all(Value::is_null);
        let mut inner = Choice::ALL.into_iter().filter(|choice| schema.keyword(choice.keyword()).is_array());
        schema.keyword("type") == "null"
            || schema.keyword("enum").as_array().is_some_and(has_null_alone)
            || (schema.states_null() && schema.node.as_object().is_some_and(|map| map.len() == 1))
            || (may_wrap
                && inner
                    .next()
                    .is_some_and(|choice| schema.listed(choice.keyword()).all(|one| one.says_only_null(false))))
    }

    /// Whether this schema alone has the flag of `OpenAPI` 3.0, or that of Swagger.
    fn states_null(self) -> bool {
        ["nullable", "x-nullable"].iter().any(|flag| self.keyword(flag) == true)
    }

    /// Whether a value may be null, whichever way that is said: `nullable` (also beside the reference or `allOf` that it is about),
    /// a list of types with `null`, an enum with null, or an alternative that is null.
    #[must_use]
    pub fn is_nullable(self) -> bool {
        let says = |schema: &Self| {
            let types = schema.keyword("type");
            schema.states_null()
                || types == "null"
                || types.as_array().is_some_and(|names| names.iter().any(|name| name == "null"))
                || schema.keyword("enum").as_array().is_some_and(|values| values.contains(&Value::Null))
                || schema.node.get("const").is_some_and(Value::is_null)
        };
        let one_is_null = |part: &Self| part.alternatives().any(|(_, one)| one.says_null() || says(&one.resolved()));
        self.parts().iter().any(|part| says(part) || one_is_null(part))
    }

    /// The types that a value may have, null aside, as far as the schema and its parts say: what all of them allow. A type is read
    /// off properties and items where none is said. Empty where nothing is said.
    #[must_use]
    pub fn types(self) -> BTreeSet<&'d str> {
        let mut types: Option<BTreeSet<&str>> = None;
        let parts = self.parts();
        for part in &parts {
            let own = part.own_types().filter(|name| *name != "null").collect::<BTreeSet<_>>();
            if !own.is_empty() {
                types = Some(types.map_or_else(|| own.clone(), |known| known.intersection(&own).copied().collect()));
            }
        }
        types.unwrap_or_else(|| {
            let has = |keywords: &[&str]| {
                parts.iter().any(|part| keywords.iter().any(|keyword| part.node.get(*keyword).is_some()))
            };
            let implied = if has(&["properties", "additionalProperties"]) {
                Some("object")
            } else {
                has(&["items"]).then_some("array")
            };
            implied.into_iter().collect()
        })
    }

    /// The type that a value has, null aside, if it can have only one.
    #[must_use]
    pub fn only_type(self) -> Option<&'d str> {
        let types = self.types();
        let mut types = types.into_iter();
        types.next().filter(|_| types.next().is_none())
    }

    /// The types that this schema alone names, `null` among them.
    pub fn own_types(self) -> impl Iterator<Item = &'d str> {
        let types = self.keyword("type");
        types.as_array().map_or_else(|| std::slice::from_ref(types), Vec::as_slice).iter().filter_map(Value::as_str)
    }

    /// The properties that this schema alone lists.
    pub fn own_properties(self) -> impl Iterator<Item = (&'d str, Self)> {
        let map = self.node.get("properties").and_then(Value::as_object);
        map.into_iter().flatten().map(move |(name, node)| (name.as_str(), self.beside(node)))
    }

    /// The properties of the schema and its parts, each with all that must hold for it.
    #[must_use]
    pub fn properties(self) -> BTreeMap<&'d str, Vec<Self>> {
        let mut properties: BTreeMap<&str, Vec<Self>> = BTreeMap::new();
        for (name, property) in self.parts().into_iter().flat_map(Self::own_properties) {
            properties.entry(name).or_default().push(property);
        }
        properties
    }

    /// What the schema and its parts say of a property: the outermost that says something.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Self> {
        self.parts().into_iter().find_map(|part| part.own_property(name))
    }

    /// What this schema alone says of a property.
    #[must_use]
    pub fn own_property(self, name: &str) -> Option<Self> {
        self.node.get("properties")?.get(name).map(|node| self.beside(node))
    }

    /// What the schema and its parts say of the elements of a list: the outermost that says something.
    #[must_use]
    pub fn items(self) -> Option<Self> {
        self.parts().into_iter().find_map(Self::own_items)
    }

    /// What this schema alone says of the elements of a list. A list of schemas, one for each position, says nothing of all.
    #[must_use]
    pub fn own_items(self) -> Option<Self> {
        self.node.get("items").filter(|items| !items.is_array()).map(|node| self.beside(node))
    }

    /// What this schema alone says of properties that it does not list.
    #[must_use]
    pub fn own_additional(self) -> Additional<'d> {
        match self.node.get("additionalProperties") {
            Some(Value::Bool(false)) => Additional::Closed,
            Some(node @ Value::Object(_)) => Additional::Schema(self.beside(node)),
            _ => Additional::Open,
        }
    }

    /// What the schema and its parts say of properties that they do not list: closed if one of them is.
    #[must_use]
    pub fn additional(self) -> Additional<'d> {
        let mut all = Additional::Open;
        for own in self.parts().into_iter().map(Self::own_additional) {
            match own {
                Additional::Closed => return own,
                Additional::Schema(_) if matches!(all, Additional::Open) => all = own,
                _ => {}
            }
        }
        all
    }

    /// Whether the schema is an object without any keyword that an answer could fail.
    fn allows_anything(self) -> bool {
        const PROSE: [&str; 8] =
            ["title", "description", "example", "examples", "default", "deprecated", "nullable", "$comment"];
        self.node.as_object().is_some_and(|map| map.keys().all(|key| PROSE.contains(&&**key) || key.starts_with("x-")))
    }

    /// The names that the schema and its parts require.
    #[must_use]
    pub fn required(self) -> BTreeSet<&'d str> {
        self.parts().into_iter().flat_map(Self::own_required).collect()
    }

    /// The names that this schema alone requires.
    pub fn own_required(self) -> impl Iterator<Item = &'d str> {
        self.node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// The values that the schema and its parts list, null aside; `None` where none of them lists any.
    #[must_use]
    pub fn enum_values(self) -> Option<Vec<&'d Value>> {
        let mut values: Option<Vec<&Value>> = None;
        for part in self.parts() {
            let own: Vec<&Value> = match (part.node.get("const"), part.keyword("enum").as_array()) {
                (Some(only), _) => vec![only],
                (None, Some(own)) => own.iter().collect(),
                (None, None) => continue,
            };
            values = Some(match values {
                Some(known) => known.into_iter().filter(|value| own.contains(value)).collect(),
                None => own,
            });
        }
        values.map(|values| values.into_iter().filter(|value| !value.is_null()).collect())
    }
}

/// All that must or may hold for the values of one location: the [`branches`](Schema::branches) of one or several schemas.
#[derive(Debug, Clone, Default)]
pub struct Branches<'d>(Vec<Schema<'d>>);

impl<'d> Branches<'d> {
    /// Those of one schema.
    #[must_use]
    pub fn of(schema: Schema<'d>) -> Self {
        Self(schema.branches())
    }

    fn of_all(schemas: impl Iterator<Item = Schema<'d>>) -> Self {
        Self(schemas.flat_map(Schema::branches).collect())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Schema<'d>> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing is said of this location.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the keys of an object here are data, and no names: one of them says what any property is and lists none, or all
    /// of them allow any value.
    #[must_use]
    pub fn is_map(&self) -> bool {
        let lists_none = |schema: Schema<'_>| {
            matches!(schema.own_additional(), Additional::Schema(_)) && schema.keyword("properties").is_null()
        };
        self.iter().any(lists_none) || (!self.is_empty() && self.iter().all(Schema::allows_anything))
    }

    /// The names of all properties that one of them lists.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&'d str> {
        self.iter().flat_map(Schema::own_properties).map(|(name, _)| name).collect()
    }

    /// Whether one of them lists a property.
    #[must_use]
    pub fn lists(&self, name: &str) -> bool {
        self.iter().any(|schema| schema.own_property(name).is_some())
    }

    /// All that is said of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Self {
        Self::of_all(self.iter().filter_map(|schema| schema.own_property(name)))
    }

    /// All that is said of the elements of a list.
    #[must_use]
    pub fn items(&self) -> Self {
        Self::of_all(self.iter().filter_map(Schema::own_items))
    }

    /// All that is said of properties that are not listed.
    #[must_use]
    pub fn additional(&self) -> Self {
        Self::of_all(self.iter().filter_map(|schema| match schema.own_additional() {
            Additional::Schema(inner) => Some(inner),
            Additional::Open | Additional::Closed => None,
        }))
    }

    /// All that is said of a member of an object: as a property, or else as any other key.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let listed = self.property(name);
        if listed.is_empty() { self.additional() } else { listed }
    }
}

/// The text of a reference. A dynamic one leads to its anchor here, as it does wherever no schema around it has the same.
#[must_use]
pub fn reference(node: &Value) -> Option<&str> {
    ["$ref", "$dynamicRef"].iter().find_map(|key| node.get(*key)?.as_str())
}

/// What a reference names in a document.
#[must_use]
pub fn lookup<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = reference.strip_prefix('#')?;
    document.pointer(pointer).or_else(|| match unescaped(pointer) {
        Cow::Borrowed(_) => None,
        Cow::Owned(pointer) => document.pointer(&pointer),
    })
}

/// What a node stands for, however long the chain of references.
#[must_use]
pub fn follow<'d>(document: &'d Value, node: &'d Value) -> Followed<'d> {
    follow_by(node, |reference| lookup(document, reference))
}

/// The same, with a way of one's own to look a reference up.
pub fn follow_by<'d>(start: &'d Value, lookup: impl Fn(&'d str) -> Option<&'d Value>) -> Followed<'d> {
    let (mut node, mut mark, mut power, mut length) = (start, start, 1_usize, 0_usize);
    while let Some(reference) = reference(node) {
        let Some(target) = lookup(reference) else { return Followed { node, stuck: Some(reference), is_ring: false } };
        node = target;
        if std::ptr::eq(node, mark) {
            return Followed { node: start, stuck: None, is_ring: true };
        }
        length += 1;
        // Brent's way to find a ring: the mark moves ahead in steps that double.
        if length == power {
            (mark, power, length) = (node, power * 2, 0);
        }
    }
    Followed { node, stuck: None, is_ring: false }
}

/// The JSON pointer in the document of what a path of keywords leads to from a location, references followed on the way: as far
/// as the document has it. A path as validators give it may name the references that it goes through, or leave them out.
#[must_use]
pub fn locate(document: &Value, root: &str, path: &str) -> String {
    let mut location = root.to_owned();
    for token in path.split('/').skip(1) {
        let mut seen = HashSet::new();
        let mut node = document.pointer(&location);
        while let Some(target) = node.and_then(carried).filter(|target| seen.insert(*target)) {
            target.trim_start_matches('#').clone_into(&mut location);
            node = document.pointer(&location);
        }
        let inner = format!("{location}/{token}");
        if document.pointer(&inner).is_none() {
            if token == "$ref" {
                continue;
            }
            break;
        }
        location = inner;
    }
    location
}

/// The reference that a schema is: its own, or the only one below the `allOf` that carries a `nullable`.
#[must_use]
pub fn carried(node: &Value) -> Option<&str> {
    reference(node).or_else(|| match node.get("allOf")?.as_array()?.as_slice() {
        [only] => reference(only),
        _ => None,
    })
}

/// The address of a node: two schemas at one address are one.
#[must_use]
pub fn address(node: &Value) -> usize {
    std::ptr::from_ref(node) as usize
}

/// A pointer in a reference may be percent-encoded, since it stands in a URL. What is no such code stands for itself.
fn unescaped(pointer: &str) -> Cow<'_, str> {
    percent_decode_str(pointer).decode_utf8().unwrap_or(Cow::Borrowed(pointer))
}

#[cfg(test)]
mod tests {
    use super::{Additional, Branches, Choice, Schema, locate};
    use serde_json::{Value, json};

    fn document() -> Value {
        json!({"components": {"schemas": {
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Base"}}},
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Null": {"type": "null"},
            "a b": {"type": "boolean"},
            "Ring": {"$ref": "#/components/schemas/Other"},
            "Other": {"$ref": "#/components/schemas/Ring"},
            "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}, {"type": "string"}]},
        }}})
    }

    fn to(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    #[test]
    fn every_notation_of_null_is_one() {
        let document = document();
        for (schema, types) in [
            (json!({"type": "string", "nullable": true}), ["string"].as_slice()),
            (json!({"type": "string", "x-nullable": true}), &["string"]),
            (json!({"type": ["string", "null"]}), &["string"]),
            (json!({"type": "string", "enum": ["a", null]}), &["string"]),
            (json!({"nullable": true, "allOf": [to("Kind")]}), &["string"]),
            (json!({"anyOf": [to("Kind"), {"type": "null"}]}), &["string"]),
            (json!({"oneOf": [{"type": "null"}, to("Kind")]}), &["string"]),
            (json!({"oneOf": [to("Null"), to("Kind")]}), &["string"]),
            (json!({"oneOf": [{"enum": [null]}, {"type": "integer"}]}), &["integer"]),
            (json!({"anyOf": [{"nullable": true}, {"type": "integer"}]}), &["integer"]),
            (json!({"anyOf": [{"oneOf": [{"type": "null"}]}, {"type": "integer"}]}), &["integer"]),
            (json!({"allOf": [{"type": ["integer", "null"]}]}), &["integer"]),
        ] {
            let schema = Schema::new(&document, &schema);
            assert!(schema.is_nullable(), "{schema:?}");
            assert_eq!(schema.types().into_iter().collect::<Vec<_>>(), types, "{schema:?}");
            assert!(schema.members().is_empty(), "null is no alternative: {schema:?}");
        }
        for schema in
            [json!({"type": "string"}), json!({"nullable": false, "allOf": [to("Kind")]}), json!({}), to("Base")]
        {
            assert!(!Schema::new(&document, &schema).is_nullable(), "{schema}");
        }
    }

    #[test]
    fn all_of_is_combined_and_references_are_followed() {
        let document = document();
        let schema = json!({
            "allOf": [to("Base"), {"properties": {"kind": to("Kind")}, "required": ["kind"], "additionalProperties": false}],
            "properties": {"id": {"minimum": 1}},
        });
        let schema = Schema::new(&document, &schema);
        let properties = schema.properties();
        assert_eq!(properties.keys().copied().collect::<Vec<_>>(), ["id", "kind", "next"]);
        assert_eq!(properties["id"].len(), 2);
        assert_eq!(schema.required().into_iter().collect::<Vec<_>>(), ["id", "kind"]);
        assert_eq!(schema.only_type(), Some("object"));
        assert!(matches!(schema.additional(), Additional::Closed));
        let kind = schema.property("kind").expect("it is listed");
        assert_eq!(kind.enum_values(), Some(vec![&json!("a"), &json!("b")]));
        assert_eq!(
            schema.property("next").and_then(|next| next.property("next")).map(|next| next.required().len()),
            Some(1)
        );
        assert!(schema.property("other").is_none());
    }

    #[test]
    fn alternatives_are_known_with_their_kind() {
        let document = document();
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let schema = json!({"allOf": [{"oneOf": [to("Base"), list, {"type": "null"}]}], "anyOf": [{"required": ["a"]}, {"required": ["b"]}]});
        let schema = Schema::new(&document, &schema);
        let kinds: Vec<Choice> = schema.members().into_iter().map(|(choice, _)| choice).collect();
        assert_eq!(kinds, [Choice::Any, Choice::Any, Choice::One, Choice::One]);
        assert!(schema.items().is_none() && schema.properties().is_empty(), "what may hold is no part of what must");
        let branches = Branches::of(schema);
        assert_eq!(branches.names().into_iter().collect::<Vec<_>>(), ["id", "next"]);
        assert_eq!(branches.items().iter().map(Schema::only_type).collect::<Vec<_>>(), [Some("integer")]);
        assert!(branches.lists("id") && !branches.lists("kind"));
    }

    #[test]
    fn members_of_a_map_have_its_schema() {
        let map = json!({"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}});
        let branches = Branches::of(Schema::whole(&map));
        let type_of = |name: &str| branches.member(name).iter().find_map(Schema::only_type);
        assert_eq!((type_of("a"), type_of("b")), (Some("string"), Some("integer")));
        for (additional, is_open) in [(json!(true), true), (json!({}), false), (json!(false), false)] {
            let map = json!({"additionalProperties": additional});
            assert_eq!(matches!(Schema::whole(&map).additional(), Additional::Open), is_open, "{map}");
        }
    }

    #[test]
    fn rings_and_references_that_lead_nowhere_end() {
        let document = document();
        for (schema, types) in [
            (to("Ring"), vec![]),
            (to("Self"), vec!["string"]),
            (to("Missing"), vec![]),
            (to("a%20b"), vec!["boolean"]),
        ] {
            let schema = Schema::new(&document, &schema);
            assert_eq!(schema.types().into_iter().collect::<Vec<_>>(), types);
            assert!(schema.resolved().node().is_object() && !schema.is_nullable());
        }
    }

    #[test]
    fn types_that_no_part_allows_are_none_and_others_are_what_all_allow() {
        for (schema, types) in [
            (json!({"allOf": [{"type": ["string", "integer"]}, {"type": ["integer", "boolean"]}]}), vec!["integer"]),
            (json!({"items": {}}), vec!["array"]),
            (json!({"properties": {}}), vec!["object"]),
            (json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}), vec![]),
        ] {
            assert_eq!(Schema::whole(&schema).types().into_iter().collect::<Vec<_>>(), types, "{schema}");
        }
        let both = json!({"allOf": [{"enum": ["a", "b", null]}], "enum": ["b", "c", null]});
        assert_eq!(Schema::whole(&both).enum_values(), Some(vec![&json!("b")]));
    }

    #[test]
    fn a_path_through_references_ends_in_the_document() {
        let mut document = document();
        document["root"] = json!({"nullable": true, "allOf": [to("Base")]});
        let base = "/components/schemas/Base/properties";
        assert_eq!(locate(&document, "/root", "/properties/id/type"), format!("{base}/id/type"));
        assert_eq!(locate(&document, "/root", "/properties/next/$ref/properties/id"), format!("{base}/id"));
        assert_eq!(locate(&document, "/root", "/properties/id/maximum"), format!("{base}/id"));
        document["root"] = to("Ring");
        assert!(locate(&document, "/root", "/properties/id").starts_with("/components/schemas/"));
    }
}
