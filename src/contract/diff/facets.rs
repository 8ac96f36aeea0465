//! What a schema states, whatever way it says so: references followed, `allOf` merged, every way of saying "or null" the
//! same, types read off keywords that imply them.

use super::Document;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// References, `allOf` and variants that are followed from one place.
const DEEPEST: usize = 32;

/// Whether a name is a type of `OpenAPI`, or of JSON Schema.
pub(in crate::contract) fn is_type(name: &str) -> bool {
    name == "null" || Types::named(name).is_some()
}

/// What is said of a type that is none.
pub(in crate::contract) fn note_of_type(name: &str) -> String {
    format!("`type: {name}` is no type of OpenAPI; it is taken for a string of that format")
}

/// JSON types as a set of bits; null is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    const NAMES: [(&'static str, u8); 6] = [
        ("string", 1),
        // Every integer is a number.
        ("number", 2 | 4),
        ("integer", 4),
        ("boolean", 8),
        ("array", 16),
        ("object", 32),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, bits)| Self(*bits))
    }

    pub(super) fn is_integer(self) -> bool {
        self.0 == 4
    }

    pub(super) fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some value fits both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// As a document would list them.
    pub(super) fn to_json(self) -> Value {
        let mut left = self.0;
        let mut names = Vec::new();
        for (name, bits) in Self::NAMES {
            if left & bits == bits {
                left &= !bits;
                names.push(Value::from(name));
            }
        }
        names.into()
    }
}

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
    /// Enum or const, in the document's order, null included.
    pub(super) values: Option<Vec<&'a Value>>,
    pub(super) format: Option<&'a str>,
    pub(super) pattern: Option<&'a str>,
    pub(super) default: Option<&'a Value>,
    /// Bounds by keyword.
    pub(super) bounds: BTreeMap<&'static str, f64>,
    pub(super) properties: BTreeMap<&'a str, Vec<&'a Value>>,
    pub(super) required: BTreeSet<&'a str>,
    pub(super) items: Vec<&'a Value>,
    pub(super) additional: Additional<'a>,
    /// What must not fit.
    pub(super) excluded: Vec<&'a Value>,
    /// Alternatives of `oneOf` and `anyOf`, null left out.
    pub(super) variants: Vec<&'a Value>,
}

/// Keywords of bounds, with whether a greater number is narrower.
pub(super) const BOUNDS: [(&str, bool); 12] = [
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
];

impl<'a> Facets<'a> {
    pub(super) fn of(document: &Document<'a>, schemas: &[&'a Value]) -> Self {
        let mut facets = Self::default();
        for schema in schemas {
            facets.collect(document, schema, 0);
        }
        // A flag on a bound, as OpenAPI 3.0 writes it, makes an exclusive bound of it.
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let is_flag = schemas.iter().any(|schema| document.resolve(schema)[flag] == true);
            if let Some(value) = facets.bounds.get(bound).copied().filter(|_| is_flag) {
                facets.bounds.remove(bound);
                facets.bounds.insert(flag, value);
            }
        }
        facets
    }

    /// Nothing is stated: any value fits.
    pub(super) fn is_any(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.variants.is_empty()
    }

    fn collect(&mut self, document: &Document<'a>, schema: &'a Value, depth: usize) {
        let Some(map) = schema.as_object() else { return };
        if depth > DEEPEST {
            document.note("a schema refers to itself without end; it is taken for any value there".into());
            return;
        }
        if let Some(target) = document.target(schema) {
            self.collect(document, target, depth + 1);
        }
        for (key, value) in map {
            match key.as_str() {
                "type" => self.add_types(document, value),
                "nullable" | "x-nullable" => self.nullable |= *value == true,
                "enum" => self.add_values(value.as_array().map(Vec::as_slice).unwrap_or_default().iter()),
                "const" => self.add_values(std::iter::once(value)),
                "format" => self.format = value.as_str().or(self.format),
                "pattern" => self.pattern = value.as_str().or(self.pattern),
                "default" => self.default = Some(value),
                "properties" => {
                    for (name, property) in value.as_object().into_iter().flatten() {
                        self.properties.entry(name).or_default().push(property);
                    }
                }
                "required" => match value.as_array() {
                    Some(names) => self.required.extend(names.iter().filter_map(Value::as_str)),
                    None => document.note("`required` inside a schema is not a list of names; it is ignored".into()),
                },
                "items" => self.items.push(value),
                "not" => self.excluded.push(value),
                "additionalProperties" => match value {
                    Value::Bool(true) => {}
                    Value::Bool(false) => self.additional = Additional::Closed,
                    schema if schema.as_object().is_some_and(serde_json::Map::is_empty) => {}
                    schema => self.additional = Additional::Schema(vec![schema]),
                },
                "allOf" => {
                    for part in value.as_array().into_iter().flatten() {
                        self.collect(document, part, depth + 1);
                    }
                }
                "oneOf" | "anyOf" => self.add_variants(document, value, depth),
                key => self.add_bound(key, value),
            }
        }
        self.infer_type();
    }

    fn add_types(&mut self, document: &Document<'a>, value: &'a Value) {
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
                self.format = Some(name);
            }
        }
        if types.0 != 0 {
            // Schemas that must all hold: what all of them allow, unless they contradict each other.
            let both = self.types.map_or(types, |known| Types(known.0 & types.0));
            self.types = Some(if both.0 == 0 { types } else { both });
        }
    }

    fn add_values(&mut self, values: impl Iterator<Item = &'a Value>) {
        let values: Vec<&Value> = values.collect();
        self.nullable |= values.iter().any(|value| value.is_null());
        // Schemas that must all hold: what all of them list.
        let known = self.values.take();
        self.values = Some(match known {
            Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
            None => values,
        });
    }

    /// Alternatives but null; a lone one beside null is the schema itself.
    fn add_variants(&mut self, document: &Document<'a>, value: &'a Value, depth: usize) {
        let variants: Vec<&Value> = value.as_array().into_iter().flatten().collect();
        let rest: Vec<&Value> =
            variants.iter().copied().filter(|variant| !says_null(document, variant, true)).collect();
        self.nullable |= rest.len() < variants.len();
        if let [only] = rest[..] {
            self.collect(document, only, depth + 1);
        } else {
            self.nullable |= rest.iter().any(|variant| document.resolve(variant)["nullable"] == true);
            self.variants.extend(rest);
        }
    }

    fn add_bound(&mut self, key: &str, value: &Value) {
        let number = if *value == true && key == "uniqueItems" { Some(1.0) } else { value.as_f64() };
        if let (Some((keyword, _)), Some(number)) = (BOUNDS.iter().find(|(known, _)| *known == key), number) {
            // What says nothing is no bound.
            if !(number == 0.0 && ["minLength", "minItems", "minProperties"].contains(keyword)) {
                self.bounds.insert(keyword, number);
            }
        }
    }

    fn infer_type(&mut self) {
        if self.types.is_none() {
            let is_object = !self.properties.is_empty() || !matches!(self.additional, Additional::Open);
            self.types = match () {
                () if is_object => Types::named("object"),
                () if !self.items.is_empty() => Types::named("array"),
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

/// Whether an alternative is null in one of its notations, or holds nothing but such ones, one level deep: generators
/// wrap null once, and a bomb would wrap it without end.
fn says_null<'a>(document: &Document<'a>, variant: &'a Value, may_wrap: bool) -> bool {
    let variant = document.resolve(variant);
    let inner = ["oneOf", "anyOf"].iter().find_map(|key| variant[*key].as_array());
    variant["type"] == "null"
        || variant["enum"].as_array().is_some_and(|values| values.iter().all(Value::is_null))
        || (variant["nullable"] == true && variant.as_object().is_some_and(|map| map.len() == 1))
        || (may_wrap && inner.is_some_and(|inner| inner.iter().all(|variant| says_null(document, variant, false))))
}

#[cfg(test)]
mod tests {
    use super::Facets;
    use crate::contract::diff::Document;
    use serde_json::json;

    #[test]
    fn enums_that_must_all_hold_leave_what_they_share() {
        let schema = json!({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c", null]}], "const": "b"});
        let facets = Facets::of(&Document::new(&schema), &[&schema]);
        assert_eq!(facets.values, Some(vec![&json!("b")]));
    }
}
