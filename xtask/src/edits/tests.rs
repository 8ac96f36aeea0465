//! The law by itself, and the data against a validator that knows nothing of either.

use super::law::{Effect, Role, class};
use super::model::{Edits, Made, Model};
use super::{BASE, EDITS, faults, make, metamodel, of_version, tasks};
use serde_json::{Value, json};
use std::collections::HashSet;
use vigie_drift::finding::Class;

fn edits(text: &str) -> Edits {
    serde_yaml::from_str(text).expect("edits")
}

/// How many edits are wrong, and how many are made.
fn wrong(text: &str) -> (usize, usize) {
    let model = metamodel().expect("the metamodel");
    let base: Value = serde_yaml::from_str(BASE).expect("the base");
    let (edits, base) = (edits(text), of_version(&model, &base, "3.1"));
    let table = make(&tasks("3.1", &model, &edits, &base, None, &mut HashSet::new()));
    (table.all.wrong, table.all.made)
}

#[test]
fn the_class_follows_from_role_and_effect() {
    let both = |effect| [class(Role::Sent, effect), class(Role::Received, effect)];
    let (breaking, compatible) = (Some(Class::Breaking), Some(Class::Compatible));
    assert_eq!(both(Effect::Fewer), [breaking, compatible]);
    assert_eq!(both(Effect::More), [compatible, breaking]);
    assert_eq!(both(Effect::Others), [breaking, breaking]);
    assert_eq!(both(Effect::Lost), [breaking, breaking]);
    assert_eq!(both(Effect::Demanded), [breaking, compatible]);
    assert_eq!(both(Effect::MoreUnlisted), [compatible, compatible]);
    assert_eq!(both(Effect::Unknown), [Some(Class::Uncertain); 2]);
    assert_eq!(both(Effect::Nothing), [None, None]);
}

#[test]
fn what_the_law_and_the_diff_see_differently_is_wrong() {
    let (count, made) = wrong("schema: {maxLength: [{in: {type: string}, narrows: [9, 5]}]}");
    assert!(count == 0 && made > 100, "{count} of {made}");
    let (count, made) = wrong("schema: {maxLength: [{in: {type: string}, narrows: [5, 9]}]}");
    assert!(count > made / 2, "{count} of {made}");
    let (count, made) = wrong("schema: {maxLength: [{in: {type: string}, neutral: [5, 9], because: nothing}]}");
    assert_eq!(count, made);
    let (count, made) = wrong("operation: {summary: [{noted: [A, B]}]}");
    assert_eq!(count, made, "what is not reported is wrong unless it is neutral");
}

#[test]
fn a_field_without_an_edit_is_a_fault() {
    let model: Model = serde_yaml::from_str("tag: {name: {}, kind: {}}").expect("a model");
    let own = edits("tag: {name: [{neutral: [A, B], because: prose}, {neutral: [A, B]}, {noted: [A]}]}");
    let faults = faults(&model, &own);
    assert_eq!(
        faults,
        ["tag.kind: no edit of it is made", "tag.name: it gives no reason", "tag.name: it has fewer than two values"]
    );
}

/// Values of every kind that the edits of schemas tell apart.
fn values() -> Vec<Value> {
    let mut values =
        vec![Value::Null, json!(true), json!([]), json!({}), json!([1]), json!([true]), json!(["a", true])];
    values.extend([-9, -5, -1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 15].map(Value::from));
    values.extend([0.01, 0.1, 0.5, 0.015, 1.5, 1.7, 2.5, 4.5, 5.5].map(Value::from));
    values.extend([9_007_199_254_740_993_i64, 9_007_199_254_740_992, 9_100_000_000_000_000].map(Value::from));
    values.extend(["", "a", "b", "c", "d", "bbb", "abcdef", "abcdefgh", "abcdefghijkl", "2026-01-01"].map(Value::from));
    values.extend(["2026-01-01T00:00:00Z", "a@a.example", "https://a.example/"].map(Value::from));
    values.push("67e55044-10b1-426f-9247-bb680e5fe0c8".into());
    for size in 1..5 {
        values.push((0..size).map(|at| Value::from(format!("t{at}"))).collect());
    }
    values.extend([json!(["a", "a"]), json!(["abcdef"]), json!([true, "a"]), json!(["a", 1]), json!([true, 1])]);
    for object in [
        json!({"a": "a"}),
        json!({"b": "b"}),
        json!({"a": true}),
        json!({"a": "a", "b": "b"}),
        json!({"a": "a", "b": "b", "c": 1}),
        json!({"a": "abcdef"}),
        json!({"b": true}),
        json!({"xa": 1}),
        json!({"xa": "a"}),
        json!({"xa": "abcdef"}),
        json!({"abcdef": 1}),
        json!({"abcdefghijkl": 1}),
    ] {
        values.push(object);
    }
    values
}

/// Edits that say that values come or go do so for a validator of JSON Schema 2020-12 too.
#[test]
fn a_validator_sees_what_the_edits_of_schemas_say() {
    let edits = edits(EDITS[0]);
    let values = values();
    let accepted = |schema: &serde_json::Map<String, Value>| -> HashSet<usize> {
        let schema = Value::Object(schema.clone());
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        (0..values.len()).filter(|at| validator.is_valid(&values[*at])).collect()
    };
    // References, notations of OpenAPI 3.0 and what no validator asserts.
    let is_beyond = |field: &str| {
        ["$ref", "$dynamicRef", "nullable", "discriminator", "default", "xml", "deprecated", "$schema", "$id"]
            .contains(&field)
            || field.starts_with("x-")
            || field.starts_with("content")
            || ["readOnly", "writeOnly", "$vocabulary", "unheardOf"].contains(&field)
    };
    let (mut checked, mut unseen) = (0, Vec::new());
    for (field, list) in edits["schema"].iter().filter(|(field, _)| !is_beyond(field)) {
        for edit in list.iter().filter(|edit| edit.is_of_validators()) {
            // The formats of numbers are those of OpenAPI.
            let is_of_numbers = |made: &Made| field == "format" && made.old["type"] != "string";
            for made in edit.all(field).into_iter().filter(|made| !is_of_numbers(made)) {
                let (old, new) = (accepted(&made.old), accepted(&made.new));
                let (gone, come) = (old.difference(&new).count() > 0, new.difference(&old).count() > 0);
                let is_seen = match made.effect {
                    Effect::Fewer | Effect::FewerUnlisted => gone && !come,
                    Effect::More | Effect::MoreUnlisted => come && !gone,
                    Effect::Others => gone && come,
                    Effect::Nothing => !gone && !come,
                    _ => continue,
                };
                checked += 1;
                if !is_seen {
                    unseen.push(format!("{} -> {}: gone {gone}, come {come}", json!(made.old), json!(made.new)));
                }
            }
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
    assert!(checked > 200, "{checked}");
}
