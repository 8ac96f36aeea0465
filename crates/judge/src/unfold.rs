//! A schema of a contract as one JSON schema: references in place, and what contains itself by definitions of its own.

use serde_json::{Map, Value, json};
use vigie_contract::schema::{lookup, reference};
use vigie_contract::subschemas::{Of, map_schemas, subschemas};

/// References that stand in each other's place: what is deeper has a definition.
const DEEPEST: usize = 12;
/// Schemas that are put in the place of references. Once they are spent, a reference leads to a definition: ten schemas that all
/// refer to each other can be put in each other's place in four million ways.
const MOST_IN_PLACE: usize = 20_000;
/// Schemas that stand together at one place, of which no definition can be made: a ladder of alternatives doubles them at each rung.
const MOST_AT_ONCE: usize = 100_000;
/// References that lead to a reference.
const LONGEST_CHAIN: usize = 64;

/// Keywords that say nothing of a value, or that the unfolded schema has no use for: it is one, without a name of its own.
const IDLE: [&str; 9] =
    ["nullable", "description", "title", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "$comment"];

/// A schema of `OpenAPI` as JSON Schema: references in place, `nullable` as a type.
pub(super) fn translate(schema: &Value, document: &Value) -> Value {
    // Up to 3.0, whatever stands beside a reference says nothing.
    let version = document["openapi"].as_str().unwrap_or("3.0");
    let alone = version.starts_with("3.0");
    let mut unfolding = Unfolding { document, alone, stack: Vec::new(), schemas: 0, defined: Vec::new() };
    let mut translated = unfolding.of(schema, 0);
    let mut definitions = Map::new();
    while let Some((reference, nullable)) = unfolding.defined.get(definitions.len()).copied() {
        let target = lookup(document, reference).unwrap_or(&Value::Null);
        unfolding.stack = vec![reference];
        let mut definition = unfolding.of(target, 0);
        if nullable {
            allow_null(&mut definition);
        }
        definitions.insert(definitions.len().to_string(), definition);
    }
    if let Some(translated) = translated.as_object_mut().filter(|_| !definitions.is_empty()) {
        translated.insert("$defs".into(), definitions.into());
    }
    translated
}

/// A translation under way.
struct Unfolding<'a> {
    document: &'a Value,
    /// Whether a reference counts alone.
    alone: bool,
    /// The references in whose place the schema stands that is translated.
    stack: Vec<&'a str>,
    /// How many schemas were translated.
    schemas: usize,
    /// What has a definition, and whether null is allowed there.
    defined: Vec<(&'a str, bool)>,
}

impl<'a> Unfolding<'a> {
    /// `above` is how many references of the stack lead to a value that this one is only a part of.
    fn of(&mut self, schema: &'a Value, above: usize) -> Value {
        self.schemas += 1;
        let nullable = schema["nullable"] == true;
        if let Some(reference) = reference(schema).filter(|_| self.alone) {
            return self.target(reference, nullable, above);
        }
        let mut said = schema.as_object().into_iter().flatten().filter(|(key, _)| !IDLE.contains(&key.as_str()));
        match (said.next(), said.next()) {
            (Some((key, Value::String(reference))), None) if ["$ref", "$dynamicRef"].contains(&key.as_str()) => {
                self.target(reference, nullable, above)
            }
            // The reference that carries a `nullable`, which it could not have beside it.
            (Some((key, Value::Array(parts))), None) if key == "allOf" && parts.len() == 1 => {
                match reference(&parts[0]).filter(|_| self.alone) {
                    Some(reference) => self.target(reference, nullable, above),
                    None => self.keywords(schema, above),
                }
            }
            _ => self.keywords(schema, above),
        }
    }

    fn target(&mut self, reference: &'a str, nullable: bool, above: usize) -> Value {
        let (around, here) = self.stack.split_at(above);
        if here.contains(&reference) {
            // It says of the same value what it says of it: nothing more.
            return json!({});
        }
        if here.len() > LONGEST_CHAIN || self.schemas > MOST_AT_ONCE {
            // What cannot be judged in whole fits nothing.
            return json!(false);
        }
        let is_known = around.contains(&reference) || self.stack.len() >= DEEPEST || self.schemas > MOST_IN_PLACE;
        if here.is_empty() && is_known {
            let known = self.defined.iter().position(|one| *one == (reference, nullable));
            let number = known.unwrap_or_else(|| {
                self.defined.push((reference, nullable));
                self.defined.len() - 1
            });
            return json!({"$ref": format!("#/$defs/{number}")});
        }
        let target = lookup(self.document, reference).unwrap_or(&Value::Null);
        self.stack.push(reference);
        let mut translated = self.of(target, above);
        self.stack.pop();
        if nullable {
            allow_null(&mut translated);
        }
        translated
    }

    fn keywords(&mut self, schema: &'a Value, above: usize) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        let (mut result, mut parts) = (Map::new(), Vec::new());
        for (key, value) in map {
            let value = match key.as_str() {
                idle if IDLE.contains(&idle) => continue,
                "$ref" | "$dynamicRef" if value.is_string() => {
                    let target = self.target(value.as_str().unwrap_or_default(), false, above);
                    parts.push(target);
                    continue;
                }
                // OpenAPI 3.0 writes a flag beside the bound; JSON Schema writes the bound itself.
                "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
                "minimum" if map.get("exclusiveMinimum") == Some(&Value::Bool(true)) => {
                    result.insert("exclusiveMinimum".into(), value.clone());
                    continue;
                }
                "maximum" if map.get("exclusiveMaximum") == Some(&Value::Bool(true)) => {
                    result.insert("exclusiveMaximum".into(), value.clone());
                    continue;
                }
                keyword => match subschemas(keyword) {
                    None => value.clone(),
                    Some((_, Of::Nothing)) => continue,
                    Some((_, of)) => {
                        let above = if of == Of::Same { above } else { self.stack.len() };
                        map_schemas(keyword, value, |inner| self.of(inner, above)).unwrap_or_default()
                    }
                },
            };
            result.insert(key.clone(), value);
        }
        // JSON Schema has no such format; what it means is a range.
        if map.get("format").is_some_and(|format| format == "int32") {
            parts.push(json!({"minimum": i32::MIN, "maximum": i32::MAX}));
        }
        if !parts.is_empty()
            && let Some(all) = result.entry("allOf").or_insert_with(|| json!([])).as_array_mut()
        {
            all.append(&mut parts);
        }
        let mut result = Value::Object(result);
        if schema["nullable"] == true {
            if map.contains_key("allOf") && !map.contains_key("type") {
                return json!({"anyOf": [result, {"type": "null"}]});
            }
            allow_null(&mut result);
        }
        result
    }
}

fn allow_null(schema: &mut Value) {
    if let Some(kind) = schema["type"].as_str() {
        schema["type"] = json!([kind, "null"]);
    }
    for (key, null) in [("enum", Value::Null), ("oneOf", json!({"type": "null"})), ("anyOf", json!({"type": "null"}))] {
        if let Some(alternatives) = schema.get_mut(key).and_then(Value::as_array_mut) {
            alternatives.push(null);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::translate;
    use serde_json::{Map, Value, json};

    #[test]
    fn null_is_a_type_an_enum_value_and_an_alternative() {
        let document = json!({"components": {"schemas": {"A": {"type": "string", "enum": ["x"]}}}});
        let reference = json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}]});
        assert_eq!(translate(&reference, &document), json!({"type": ["string", "null"], "enum": ["x", null]}));
        let choice = json!({"nullable": true, "oneOf": [{"type": "string"}]});
        assert_eq!(translate(&choice, &document), json!({"oneOf": [{"type": "string"}, {"type": "null"}]}));
    }

    #[test]
    fn a_flag_beside_a_bound_becomes_the_bound() {
        let flagged =
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false});
        assert_eq!(translate(&flagged, &json!({})), json!({"type": "number", "exclusiveMinimum": 0, "maximum": 9}));
    }

    /// Whether a schema of a document of this version accepts a value, with `A` an object that needs `a`.
    fn accepts(version: &str, schema: &Value, value: &Value) -> bool {
        let a = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "next": schema}});
        let document = json!({"openapi": version, "components": {"schemas": {"A": a, "S": {"type": "string"}}}});
        jsonschema::validator_for(&translate(schema, &document)).expect("it compiles").is_valid(value)
    }

    #[test]
    fn what_stands_beside_an_all_of_counts() {
        let schema = json!({"allOf": [{"$ref": "#/components/schemas/A"}], "required": ["b"]});
        for version in ["3.0.3", "3.1.0"] {
            assert!(accepts(version, &schema, &json!({"a": "", "b": 1})));
            assert!(!accepts(version, &schema, &json!({"a": ""})), "{version}");
            assert!(!accepts(version, &schema, &json!({"b": ""})), "{version}");
            assert!(!accepts(version, &schema, &Value::Null));
        }
        let nullable = json!({"allOf": [{"$ref": "#/components/schemas/A"}], "required": ["b"], "nullable": true});
        assert!(accepts("3.0.3", &nullable, &Value::Null));
        assert!(!accepts("3.0.3", &nullable, &json!({"a": ""})));
        let ranged = json!({"format": "int32", "allOf": [{"minimum": 0}]});
        assert!(accepts("3.0.3", &ranged, &json!(1)));
        assert!(!accepts("3.0.3", &ranged, &json!(-1)) && !accepts("3.0.3", &ranged, &json!(1_u64 << 31)));
    }

    #[test]
    fn what_stands_beside_a_reference_counts_since_3_1() {
        let schema = json!({"$ref": "#/components/schemas/A", "required": ["b"], "description": "prose"});
        assert!(accepts("3.0.3", &schema, &json!({"a": ""})));
        assert!(!accepts("3.1.0", &schema, &json!({"a": ""})));
        assert!(accepts("3.1.0", &schema, &json!({"a": "", "b": ""})));
        assert!(!accepts("3.1.0", &schema, &json!({"a": "", "b": "", "next": {"a": ""}})), "within itself too");
    }

    #[test]
    fn references_are_followed_in_every_keyword() {
        let text = json!({"$ref": "#/components/schemas/S"});
        for (schema, fits, fails) in [
            (json!({"prefixItems": [{}, text]}), json!([1, "x"]), json!(["x", 1])),
            (json!({"contains": text}), json!([1, "x"]), json!([1])),
            (json!({"patternProperties": {"^a": text}}), json!({"b": 1, "a": "x"}), json!({"ab": 1})),
            (json!({"propertyNames": {"allOf": [text, {"minLength": 2}]}}), json!({"ab": 1}), json!({"a": 1})),
            (json!({"dependentSchemas": {"a": {"properties": {"b": text}}}}), json!({"b": 1}), json!({"a": 1, "b": 1})),
            (json!({"if": text, "then": {"minLength": 2}, "else": {"minimum": 2}}), json!(2), json!("x")),
            (
                json!({"properties": {"a": {}}, "unevaluatedProperties": text}),
                json!({"a": 1, "b": "x"}),
                json!({"b": 1}),
            ),
            (json!({"prefixItems": [{}], "unevaluatedItems": text}), json!([1, "x"]), json!([1, 1])),
            (json!({"not": text}), json!(1), json!("x")),
            (
                json!({"$id": "https://q.example/s", "items": text, "$defs": {"unused": {"$ref": "#/nowhere"}}}),
                json!(["x"]),
                json!([1]),
            ),
            (json!({"items": false}), json!([]), json!([1])),
        ] {
            assert!(accepts("3.1.0", &schema, &fits), "{schema} {fits}");
            assert!(!accepts("3.1.0", &schema, &fails), "{schema} {fails}");
        }
    }

    /// A value of `depth` objects in each other, below `key`.
    fn nested(key: &str, depth: usize, innermost: Value) -> Value {
        (0..depth).fold(innermost, |inner, _| json!({key: inner}))
    }

    #[test]
    fn a_schema_that_contains_itself_is_judged_at_any_depth() {
        let properties = |names: &[&str]| -> Value {
            names.iter().map(|name| ((*name).to_owned(), json!({"$ref": "#/a"}))).collect::<Map<_, _>>().into()
        };
        for names in [&["again"][..], &["again", "b"], &["again", "b", "c", "d", "e"]] {
            let document = json!({"a": {"type": "object", "properties": properties(names)}});
            let translated = translate(&json!({"$ref": "#/a"}), &document);
            let validator = jsonschema::validator_for(&translated).expect("it compiles");
            for depth in [1, 2, 14, 60] {
                assert!(validator.is_valid(&nested("again", depth, json!({}))), "{depth}");
                assert!(!validator.is_valid(&nested("again", depth, json!("text"))), "{depth}");
                assert!(!validator.is_valid(&nested("again", depth, Value::Null)), "{depth}");
            }
            assert!(translated.to_string().len() < 1_000, "{translated}");
        }
    }

    #[test]
    fn null_is_allowed_where_the_reference_says_so() {
        let next = json!({"nullable": true, "allOf": [{"$ref": "#/a"}]});
        let document = json!({"a": {"type": "object", "properties": {"next": next, "own": {"$ref": "#/a"}}}});
        let translated = translate(&json!({"$ref": "#/a"}), &document);
        let validator = jsonschema::validator_for(&translated).expect("it compiles");
        for depth in [1, 2, 20] {
            assert!(validator.is_valid(&nested("next", depth, Value::Null)));
            assert!(!validator.is_valid(&nested("own", depth, Value::Null)));
        }
    }

    #[test]
    fn schemas_that_all_refer_to_each_other_are_judged_whole() {
        let reference = |number: usize| (format!("p{number}"), json!({"$ref": format!("#/s{number}")}));
        let schema = || json!({"type": "object", "properties": (0..12).map(reference).collect::<Map<_, _>>()});
        let document = Value::Object((0..12).map(|number| (format!("s{number}"), schema())).collect());
        let translated = translate(&json!({"$ref": "#/s0"}), &document);
        let validator = jsonschema::validator_for(&translated).expect("it compiles");
        assert!(validator.is_valid(&nested("p7", 50, json!({}))));
        assert!(!validator.is_valid(&nested("p7", 50, json!(1))));
    }

    #[test]
    fn what_refers_to_itself_at_the_same_place_says_nothing_more() {
        let document = json!({
            "ring": {"$ref": "#/other"},
            "other": {"$ref": "#/ring"},
            "all": {"allOf": [{"$ref": "#/all"}, {"type": "string"}], "properties": {"in": {"$ref": "#/all"}}},
        });
        for (name, value, fits) in [("ring", json!(1), true), ("all", json!("a"), true), ("all", json!(1), false)] {
            let translated = translate(&json!({"$ref": format!("#/{name}")}), &document);
            let validator = jsonschema::validator_for(&translated).expect("it compiles");
            assert_eq!(validator.is_valid(&value), fits, "{name}: {translated}");
        }
    }

    #[test]
    fn ladders_of_alternatives_and_long_chains_are_bounded_and_never_fit() {
        let rung = |number: usize| {
            let next = json!({"$ref": format!("#/r{}", number + 1)});
            (format!("r{number}"), json!({"oneOf": [next.clone(), {"allOf": [next, {"type": "string"}]}]}))
        };
        let mut ladder: Map<String, Value> = (0..40).map(rung).collect();
        ladder.insert("r40".into(), json!({"type": "integer"}));
        let translated = translate(&json!({"$ref": "#/r0"}), &ladder.into());
        assert!(translated.to_string().len() < 20_000_000);
        let link = |number: usize| (format!("c{number}"), json!({"$ref": format!("#/c{}", number + 1)}));
        let chain: Map<String, Value> = (0..30_000).map(link).collect();
        assert_eq!(translate(&json!({"$ref": "#/c0"}), &chain.into()), json!(false));
    }
}
