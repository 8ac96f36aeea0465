//! What a schema states, whatever way it says so: references followed, `allOf` merged, every way of saying "or null" the
//! same, types read off keywords that imply them.

use super::document::{Document, address, reference};
use super::keys::{is_idle, is_read_dialect};
use super::number::{identity, order};
use super::types::Types;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use vigie_contract::schema::{Choice, Schema};
use vigie_contract::types::note_of_type;

/// The schema that every value fits.
static ANYTHING: Value = Value::Bool(true);

/// What an object says of properties that it does not list.
#[derive(Debug, Clone, Default)]
pub(super) enum Additional<'a> {
    /// Nothing: they are allowed.
    #[default]
    Open,
    /// `false`.
    Closed,
    /// They have this schema.
    Schema(Vec<&'a Value>),
}

/// What several schemas that must all hold state together.
#[derive(Debug, Default)]
pub(super) struct Facets<'a> {
    pub(super) types: Option<Types>,
    pub(super) nullable: bool,
    /// Null is allowed whatever the list of values says.
    is_null_stated: bool,
    /// Enum or const, in the document's order, null included.
    pub(super) values: Option<Vec<&'a Value>>,
    /// Values of a list that is not closed.
    pub(super) listed: Option<&'a Vec<Value>>,
    pub(super) formats: BTreeSet<&'a str>,
    pub(super) patterns: BTreeSet<&'a str>,
    pub(super) default: Option<&'a Value>,
    /// Bounds by keyword.
    pub(super) bounds: BTreeMap<&'static str, Number>,
    pub(super) properties: BTreeMap<&'a str, Vec<&'a Value>>,
    pub(super) required: BTreeSet<&'a str>,
    pub(super) items: Vec<&'a Value>,
    pub(super) additional: Additional<'a>,
    /// Schemas of properties by the pattern of their names.
    pub(super) patterned: BTreeMap<&'a str, Vec<&'a Value>>,
    /// What the names of all properties must fit.
    pub(super) names: Vec<&'a Value>,
    /// Names that must be there if another one is.
    pub(super) dependent_required: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// What an object must fit if a name is there.
    pub(super) dependent: BTreeMap<&'a str, Vec<&'a Value>>,
    /// Schemas of the first elements, by position; `items` are those of the others.
    pub(super) prefix: Vec<Vec<&'a Value>>,
    /// What some elements must fit.
    pub(super) contains: Vec<&'a Value>,
    pub(super) conditions: Vec<Condition<'a>>,
    /// What is written in a text.
    pub(super) content: Vec<&'a Value>,
    /// What must not fit.
    pub(super) excluded: Vec<&'a Value>,
    /// Alternatives of `oneOf` and `anyOf`, null left out.
    pub(super) variants: Vec<&'a Value>,
    /// A value fits one of them only.
    pub(super) exclusive: bool,
    /// What tells subtypes apart, where values of all of them may stand here.
    pub(super) discriminator: Option<&'a Value>,
    /// Keywords that are not read here, and those whose value is not one that they have.
    pub(super) rest: BTreeMap<&'a str, Vec<&'a Value>>,
    /// How it is written as XML.
    pub(super) xml: Option<&'a Value>,
    /// References that lead nowhere in the document: what stands there is not known.
    pub(super) stuck: BTreeSet<&'a str>,
}

/// `if`, and what must fit then and else; what is absent allows anything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition<'a> {
    pub(super) of: &'a Value,
    pub(super) then: &'a Value,
    pub(super) otherwise: &'a Value,
}

/// Keywords of bounds, with whether a greater number is narrower.
pub(super) const BOUNDS: [(&str, bool); 14] = [
    ("minLength", true),
    ("maxLength", false),
    ("minimum", true),
    ("maximum", false),
    ("exclusiveMinimum", true),
    ("exclusiveMaximum", false),
    ("multipleOf", true),
    ("minItems", true),
    ("maxItems", false),
    ("minProperties", true),
    ("maxProperties", false),
    ("uniqueItems", true),
    ("minContains", true),
    ("maxContains", false),
];

impl<'a> Facets<'a> {
    pub(super) fn of(document: &Document<'a>, schemas: &[&'a Value]) -> Self {
        let mut facets = Self::default();
        let mut seen = HashSet::new();
        let mut open: Vec<(&'a Value, bool)> = schemas.iter().rev().map(|schema| (*schema, false)).collect();
        // What a schema is made of comes before what it says itself.
        while let Some((schema, is_entered)) = open.pop() {
            let Some(map) = schema.as_object() else {
                match schema {
                    Value::Bool(true) => {}
                    // No value fits `false`.
                    Value::Bool(false) => facets.excluded.push(&ANYTHING),
                    other => facets.add_rest("", other),
                }
                continue;
            };
            if is_entered {
                facets.add_own(document, map);
                continue;
            }
            document.step(1 + map.len());
            let is_made_of_others =
                ["$ref", "$dynamicRef", "allOf", "oneOf", "anyOf"].iter().any(|key| map.contains_key(*key));
            if is_made_of_others && !seen.insert(address(schema)) {
                continue;
            }
            open.push((schema, true));
            if !is_made_of_others {
                continue;
            }
            let lone = |choice| document.schema(schema).lone(choice);
            open.extend(Choice::ALL.into_iter().filter_map(lone).map(|only| (only.node(), false)));
            let parts = map.get("allOf").and_then(Value::as_array).into_iter().flatten();
            open.extend(parts.rev().map(|part| (part, false)));
            if let Some(reference) = reference(schema) {
                match document.lookup(reference) {
                    Some(target) => open.push((target, false)),
                    None => drop(facets.stuck.insert(reference)),
                }
            }
        }
        // That of a base says nothing of its subtypes.
        if facets.discriminator.is_some() {
            facets.discriminator = schemas.iter().find_map(|schema| document.discriminator(schema));
        }
        if schemas.iter().any(|schema| Types::confines(schema)) {
            facets.confine();
        }
        // A list of values without null takes back what a list of types allows; `nullable` was always meant beside it.
        let has_null = |values: &Vec<&Value>| values.iter().any(|value| value.is_null());
        facets.nullable &= facets.is_null_stated || facets.values.as_ref().is_none_or(has_null);
        facets
    }

    /// Leaves out what is about values of other types.
    fn confine(&mut self) {
        let is = |name: &str| Types::named(name).zip(self.types).is_some_and(|(one, own)| one.includes(own));
        let (text, number, list, object) = (is("string"), is("number"), is("array"), is("object"));
        self.bounds.retain(|keyword, _| match *keyword {
            "minLength" | "maxLength" => text,
            "minItems" | "maxItems" | "uniqueItems" | "minContains" | "maxContains" => list,
            "minProperties" | "maxProperties" => object,
            _ => number,
        });
        let is_of_number = |format: &str| ["int32", "int64", "float", "double"].contains(&format);
        self.formats.retain(|format| if is_of_number(format) { number } else { text });
        if !text {
            self.patterns.clear();
        }
        if !list {
            (self.items, self.prefix, self.contains) = Default::default();
        }
        if !object {
            (self.properties, self.patterned, self.required) = Default::default();
            (self.additional, self.names, self.dependent_required, self.dependent) = Default::default();
        }
        if let Some(values) = &mut self.values {
            values.retain(|value| match value {
                Value::String(_) => text,
                Value::Number(_) => number,
                Value::Array(_) => list,
                Value::Object(_) => object,
                Value::Bool(_) => !(text || number || list || object),
                Value::Null => true,
            });
        }
    }

    /// Whether no value fits.
    pub(super) fn is_never(&self) -> bool {
        self.excluded.iter().any(|excluded| std::ptr::eq(*excluded, &raw const ANYTHING))
    }

    /// Whether types, values, bounds and properties say it all.
    pub(super) fn is_plain(&self) -> bool {
        let schemas = [&self.names, &self.contains, &self.content, &self.excluded, &self.variants];
        schemas.iter().all(|schemas| schemas.is_empty())
            && self.patterns.is_empty()
            && self.patterned.is_empty()
            && self.dependent_required.is_empty()
            && self.dependent.is_empty()
            && self.conditions.is_empty()
            && self.rest.is_empty()
            && self.stuck.is_empty()
    }

    /// Whether nothing is stated of the values, null aside.
    pub(super) fn is_any(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.variants.is_empty()
    }

    fn add_rest(&mut self, key: &'a str, value: &'a Value) {
        self.rest.entry(key).or_default().push(value);
    }

    /// What a schema says itself. A keyword with a value that no keyword of that name has is kept as it stands.
    fn add_own(&mut self, document: &Document<'a>, map: &'a Map<String, Value>) {
        let is_out = |key: &str| match key {
            // A flag on a bound, as OpenAPI 3.0 writes it, makes an exclusive bound of it.
            "minimum" if map.get("exclusiveMinimum") == Some(&Value::Bool(true)) => Some("exclusiveMinimum"),
            "maximum" if map.get("exclusiveMaximum") == Some(&Value::Bool(true)) => Some("exclusiveMaximum"),
            _ => None,
        };
        for (key, value) in map {
            let is_known = match key.as_str() {
                "type" => self.add_types(document, value),
                "nullable" | "x-nullable" => {
                    self.nullable |= *value == true;
                    self.is_null_stated |= *value == true;
                    value.is_boolean()
                }
                "enum" => value.as_array().map(|values| self.add_values(document, values.iter().collect())).is_some(),
                "const" => {
                    self.add_values(document, vec![value]);
                    true
                }
                "x-extensible-enum" => {
                    self.listed = value.as_array().or(self.listed);
                    true
                }
                "format" => value.as_str().map(|format| self.formats.insert(format)).is_some(),
                "pattern" => value.as_str().map(|pattern| self.patterns.insert(pattern)).is_some(),
                "default" => {
                    self.default = Some(value);
                    true
                }
                "properties" => self.add_properties(document, value),
                "required" => {
                    if value.is_boolean() {
                        document.note("`required` inside a schema is not a list of names; it is ignored".into());
                    }
                    let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    self.required.extend(names);
                    value.is_array() || value.is_boolean()
                }
                "items" | "prefixItems" if value.is_array() => {
                    for (position, item) in value.as_array().into_iter().flatten().enumerate() {
                        if self.prefix.len() == position {
                            self.prefix.push(Vec::new());
                        }
                        push_once(&mut self.prefix[position], item);
                    }
                    true
                }
                "items" => push_once(&mut self.items, value),
                // It is about elements behind a list of schemas alone.
                "additionalItems" => {
                    !map.get("items").is_some_and(Value::is_array) || push_once(&mut self.items, value)
                }
                // Beside these, no element and no property is left for it.
                "unevaluatedItems" => {
                    map.get("items").is_some_and(|items| !items.is_array()) || push_once(&mut self.items, value)
                }
                "unevaluatedProperties" => map.contains_key("additionalProperties") || self.add_additional(value),
                "not" => push_once(&mut self.excluded, value),
                "propertyNames" => push_once(&mut self.names, value),
                "contains" => push_once(&mut self.contains, value),
                "contentSchema" => push_once(&mut self.content, value),
                // As `OpenAPI` 3.0 wrote it.
                "contentEncoding" | "contentMediaType" => {
                    let format = match value.as_str() {
                        Some("base64") => Some("byte"),
                        Some("application/octet-stream") => Some("binary"),
                        other => other,
                    };
                    self.types = self.types.or(Types::named("string"));
                    format.map(|format| self.formats.insert(format)).is_some()
                }
                "if" => {
                    let side = |key| map.get(key).unwrap_or(&ANYTHING);
                    let condition = Condition { of: value, then: side("then"), otherwise: side("else") };
                    if map.contains_key("then") || map.contains_key("else") {
                        self.conditions.push(condition);
                    }
                    true
                }
                // Without `if` they say nothing.
                "then" | "else" => true,
                "patternProperties" => add_named(&mut self.patterned, value),
                "dependentSchemas" | "dependentRequired" | "dependencies" => self.add_dependencies(value),
                "$schema" => is_read_dialect(value),
                "xml" => {
                    self.xml = Some(value);
                    value.is_object()
                }
                "discriminator" => {
                    self.discriminator = Some(value);
                    value.is_string() || value.is_object()
                }
                "additionalProperties" => self.add_additional(value),
                "allOf" => value.is_array(),
                "oneOf" | "anyOf" => self.add_variants(document, key, value),
                "$ref" | "$dynamicRef" => value.is_string(),
                key => is_idle(key) || self.add_bound(is_out(key).unwrap_or(key), value),
            };
            if !is_known {
                self.add_rest(key, value);
            }
        }
        self.infer_type();
    }

    fn add_properties(&mut self, document: &Document<'a>, value: &'a Value) -> bool {
        let followed = document.follow(value);
        self.stuck.extend(followed.stuck);
        let Some(properties) = followed.node.as_object() else { return false };
        document.step(properties.len());
        add_named(&mut self.properties, followed.node)
    }

    fn add_additional(&mut self, value: &'a Value) -> bool {
        match (value, &mut self.additional) {
            (Value::Bool(true), _) | (Value::Bool(false), Additional::Closed) => {}
            (Value::Bool(false), Additional::Open) => self.additional = Additional::Closed,
            (schema, _) if schema.as_object().is_some_and(Map::is_empty) => {}
            (Value::Object(_), Additional::Open) => self.additional = Additional::Schema(vec![value]),
            (Value::Object(_), Additional::Schema(schemas)) => drop(push_once(schemas, value)),
            // Closed in one part and of a schema in another one: which holds depends on what else the parts say.
            _ => return false,
        }
        true
    }

    /// A list of names, or a schema, by the name that brings it in.
    fn add_dependencies(&mut self, value: &'a Value) -> bool {
        for (name, dependent) in value.as_object().into_iter().flatten() {
            match dependent {
                Value::Array(names) => {
                    let names = names.iter().filter_map(Value::as_str);
                    self.dependent_required.entry(name).or_default().extend(names);
                }
                schema => drop(push_once(self.dependent.entry(name).or_default(), schema)),
            }
        }
        value.is_object()
    }

    fn add_types(&mut self, document: &Document<'a>, value: &'a Value) -> bool {
        let names = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        let mut types = Types(0);
        for name in names.iter().filter_map(Value::as_str) {
            if name == "null" {
                self.nullable = true;
            } else if let Some(one) = Types::named(name) {
                types.0 |= one.0;
            } else {
                // Seen in the wild: `type: date`. It can only mean a text in that form.
                document.note(note_of_type(name));
                types.0 |= 1;
                self.formats.insert(name);
            }
        }
        let mut is_known = !names.is_empty() && names.iter().all(Value::is_string);
        if types.0 != 0 {
            // Schemas that must all hold: what all of them allow, unless they contradict each other.
            let both = self.types.map_or(types, |known| Types(known.0 & types.0));
            is_known &= both.0 != 0;
            self.types = Some(if both.0 == 0 { types } else { both });
        }
        is_known
    }

    fn add_values(&mut self, document: &Document<'a>, values: Vec<&'a Value>) {
        document.step(values.len());
        self.nullable |= values.iter().any(|value| value.is_null());
        // Schemas that must all hold: what all of them list.
        let known = self.values.take();
        self.values = Some(match known {
            Some(known) => {
                let values: HashSet<String> = values.into_iter().map(identity).collect();
                known.into_iter().filter(|value| values.contains(&identity(value))).collect()
            }
            None => values,
        });
    }

    /// Alternatives but null; a lone one beside null is no alternative.
    fn add_variants(&mut self, document: &Document<'a>, key: &'a str, value: &'a Value) -> bool {
        let Some(variants) = value.as_array().filter(|variants| !variants.is_empty()) else { return false };
        document.step(variants.len());
        let rest: Vec<&'a Value> = variants.iter().filter(|variant| !document.schema(variant).says_null()).collect();
        let mut is_nullable = rest.len() < variants.len();
        if rest.len() > 1 {
            let lists_others = |variant: &&'a Value| {
                let variant = document.resolve(variant);
                let is_flagged = ["nullable", "x-nullable"].iter().any(|flag| variant[flag] == true);
                !is_flagged && variant["enum"].as_array().is_some_and(|values| !values.contains(&Value::Null))
            };
            let may_be_null = |one: &&'a Value| document.schema(one).parts().into_iter().any(Schema::own_nullable);
            is_nullable |= rest.iter().any(|one| may_be_null(one) && !lists_others(one));
            self.exclusive |= key == "oneOf";
            self.variants.extend(rest);
        }
        self.nullable |= is_nullable;
        self.is_null_stated |= is_nullable;
        true
    }

    fn add_bound(&mut self, key: &str, value: &Value) -> bool {
        let Some((keyword, greater_is_narrower)) = BOUNDS.iter().find(|(known, _)| *known == key) else { return false };
        let bound = match value {
            Value::Bool(is_on) if *keyword == "uniqueItems" => is_on.then(|| Number::from(1)),
            // In OpenAPI 3.0 it says of the bound beside it whether the number itself is out.
            Value::Bool(_) if keyword.starts_with("exclusive") => None,
            Value::Number(number) => Some(number.clone()),
            _ => return false,
        };
        // What says nothing is no bound.
        let says_nothing = |number: &Number| {
            number.as_f64() == Some(0.0) && ["minLength", "minItems", "minProperties"].contains(keyword)
        };
        if let Some(bound) = bound.filter(|number| !says_nothing(number)) {
            // Schemas that must all hold: the narrower one. Of two steps, neither says it all.
            let narrower = if *greater_is_narrower { Ordering::Greater } else { Ordering::Less };
            match self.bounds.get(keyword).map(|known| order(&bound, known)) {
                None => drop(self.bounds.insert(keyword, bound)),
                Some(Ordering::Equal) => {}
                Some(_) if *keyword == "multipleOf" => return false,
                Some(order) if order == narrower => drop(self.bounds.insert(keyword, bound)),
                Some(_) => {}
            }
        }
        true
    }

    fn infer_type(&mut self) {
        if self.types.is_none() {
            let is_object = !self.properties.is_empty() || !matches!(self.additional, Additional::Open);
            self.types = match () {
                () if is_object || !self.patterned.is_empty() => Types::named("object"),
                () if !self.items.is_empty() || !self.prefix.is_empty() => Types::named("array"),
                () => None,
            };
        }
    }

    /// The values of an enum that says something, without null.
    pub(super) fn constraint(&self) -> Option<Vec<&'a Value>> {
        let values: Vec<&Value> = self.values.as_ref()?.iter().copied().filter(|value| !value.is_null()).collect();
        let has = |value: bool| values.iter().any(|known| **known == value);
        let says_nothing = values.is_empty() || (has(true) && has(false));
        (!says_nothing).then_some(values)
    }
}

/// Adds a schema; it is read then.
fn push_once<'a>(schemas: &mut Vec<&'a Value>, schema: &'a Value) -> bool {
    if !schemas.iter().any(|known| std::ptr::eq(*known, schema)) {
        schemas.push(schema);
    }
    true
}

/// Adds schemas by their names, if they are such.
fn add_named<'a>(named: &mut BTreeMap<&'a str, Vec<&'a Value>>, value: &'a Value) -> bool {
    for (name, schema) in value.as_object().into_iter().flatten() {
        push_once(named.entry(name).or_default(), schema);
    }
    value.is_object()
}

#[cfg(test)]
mod tests {
    use super::Facets;
    use crate::diff::document::Document;
    use serde_json::json;

    #[test]
    fn enums_that_must_all_hold_leave_what_they_share() {
        let schema = json!({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c", null]}], "const": "b"});
        let facets = Facets::of(&Document::new(&schema), &[&schema]);
        assert_eq!(facets.values, Some(vec![&json!("b")]));
    }
}
