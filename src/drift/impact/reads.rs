//! Does a client read what another version of its contract promises?
//!
//! The old side is lowered, as the client decodes; the new side is the contract, as the provider answers.

use super::client::{Client, members};
use super::place::Step;
use super::spot::{Spot, component, is_required, plain};
use crate::comparison::Effect;
use serde_json::Value;

/// References and alternatives that are followed from one place.
const DEEPEST: usize = 32;

/// JSON types as bits.
type Kinds = u8;
const NULL: Kinds = 1;
const STRING: Kinds = 2;
const INTEGER: Kinds = 4;
const FRACTION: Kinds = 8;
const BOOLEAN: Kinds = 16;
const ARRAY: Kinds = 32;
const OBJECT: Kinds = 64;
const ANY: Kinds = 127;

/// Whether a client reads one place of new answers; what stands below is a place of its own.
pub(super) fn place(
    client: &Client,
    spot: &Spot<'_>,
    (contract, body): (&Value, &Value),
    steps: &[Step<'_>],
) -> Effect {
    let Some((schema, always)) = find(contract, body, steps) else {
        // It never comes any more.
        return if spot.may_be_absent { Effect::Works } else { Effect::Fails };
    };
    let absent = if always || spot.may_be_absent { Effect::Works } else { Effect::MayFail };
    absent.max(value(client, spot.node, contract, schema))
}

/// Whether a client reads a whole body, to its last property.
pub(super) fn body(client: &Client, node: &Value, contract: &Value, schema: &Value) -> Effect {
    deep((client, node), (contract, schema), 0)
}

fn deep((client, node): (&Client, &Value), (contract, schema): (&Value, &Value), depth: usize) -> Effect {
    let mut effect = value(client, node, contract, schema);
    if depth > DEEPEST || effect == Effect::Fails {
        return effect;
    }
    let mut add = |inner: Effect| effect = effect.max(inner);
    if let Some(items) = plain(node).get("items")
        && let Some((inner, _)) = find(contract, schema, &[Step::Items])
    {
        add(deep((client, items), (contract, inner), depth + 1));
    }
    let object = component(node).map_or(&Value::Null, |name| client.component(name));
    for (name, property) in members(&object["properties"]) {
        let may_be_absent = !is_required(object, name) || property["nullable"] == true;
        match find(contract, schema, &[Step::Property(name)]) {
            None if may_be_absent => {}
            None => add(Effect::Fails),
            Some((inner, always)) => {
                if !always && !may_be_absent {
                    add(Effect::MayFail);
                }
                add(deep((client, property), (contract, inner), depth + 1));
            }
        }
    }
    effect
}

/// Whether a value of a schema decodes, apart from what it holds.
fn value(client: &Client, node: &Value, contract: &Value, schema: &Value) -> Effect {
    let (taken, sent) = (accepted(client, node), kinds(contract, schema, 0));
    if sent & !taken == 0 {
        Effect::Works
    } else if sent & taken & !NULL == 0 {
        // A null that still passes is no answer to go on with.
        Effect::Fails
    } else {
        Effect::MayFail
    }
}

/// What the generated type of a lowered schema takes.
fn accepted(client: &Client, node: &Value) -> Kinds {
    let base = match (component(node), plain(node)["type"].as_str()) {
        // An enum is open: it takes any text.
        (Some(name), _) if client.lowered.enums.contains(name) => STRING,
        (Some(_), _) | (None, Some("object")) => OBJECT,
        (None, Some(kind)) => named(kind, &Value::Null),
        (None, None) => ANY,
    };
    base | null_of(node)
}

fn null_of(node: &Value) -> Kinds {
    if node["nullable"] == true { NULL } else { 0 }
}

/// What a schema of a contract lets through.
fn kinds(contract: &Value, schema: &Value, depth: usize) -> Kinds {
    if depth > DEEPEST {
        return ANY;
    }
    let each = |parts: &Value, one: fn(Kinds, Kinds) -> Kinds, start: Kinds| {
        parts.as_array().into_iter().flatten().fold(start, |all, part| one(all, kinds(contract, part, depth + 1)))
    };
    let mut result = match &schema["type"] {
        Value::String(kind) => named(kind, schema),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).fold(0, |all, kind| all | named(kind, schema)),
        _ if schema.get("properties").is_some() => OBJECT,
        _ if schema.get("items").is_some() => ARRAY,
        _ => ANY,
    };
    if let Some(target) = target(contract, schema) {
        result &= kinds(contract, target, depth + 1);
    }
    for alternatives in ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(*key)) {
        result &= each(alternatives, |all, one| all | one, 0);
    }
    if let Some(parts) = schema.get("allOf") {
        result &= each(parts, |all, one| all & one, ANY);
    }
    result | null_of(schema)
}

fn named(kind: &str, schema: &Value) -> Kinds {
    match kind {
        "null" => NULL,
        "string" => STRING,
        "integer" => INTEGER,
        // Codes with leading zeros, which are text on the wire: the lowering takes them so too.
        "number" if schema["format"] == "string" => STRING,
        "number" => INTEGER | FRACTION,
        "boolean" => BOOLEAN,
        "array" => ARRAY,
        "object" => OBJECT,
        _ => ANY,
    }
}

fn target<'a>(contract: &'a Value, schema: &Value) -> Option<&'a Value> {
    contract.pointer(schema["$ref"].as_str()?.strip_prefix('#')?)
}

/// A place of a body in a contract, and whether it is always there where its holder is.
fn find<'a>(contract: &'a Value, schema: &'a Value, steps: &[Step<'_>]) -> Option<(&'a Value, bool)> {
    let mut found = (schema, true);
    for step in steps {
        found = inside(contract, found.0, *step, 0)?;
    }
    Some(found)
}

fn inside<'a>(contract: &'a Value, schema: &'a Value, step: Step<'_>, depth: usize) -> Option<(&'a Value, bool)> {
    let own = match step {
        Step::Property(name) => schema["properties"].get(name).map(|inner| (inner, is_required(schema, name))),
        Step::Items => schema.get("items").map(|inner| (inner, true)),
        Step::Values => schema.get("additionalProperties").map(|inner| (inner, false)),
    };
    own.or_else(|| {
        let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
        let mut holders = target(contract, schema).into_iter().chain(parts);
        if depth > DEEPEST { None } else { holders.find_map(|part| inside(contract, part, step, depth + 1)) }
    })
}
