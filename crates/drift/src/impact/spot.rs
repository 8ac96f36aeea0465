//! A place of an answer in the types of a client.

use super::client::Client;
use crate::location::Step;
use serde_json::Value;
use std::collections::BTreeSet;
use vigie_contract::lower::{Prefix, ident};
use vigie_contract::members;

/// Where a way into a body ends.
#[derive(Debug)]
pub(super) struct Spot<'a> {
    /// The struct that has the field, and the field's name on the wire; `None` for the body as a whole.
    field: Option<(&'a str, &'a str)>,
    /// The Rust type that is declared there.
    declared: String,
    /// The lowered schema.
    pub(super) node: &'a Value,
    /// Whether the client takes an answer without it.
    pub(super) may_be_absent: bool,
    /// Whether the client takes null there.
    pub(super) may_be_null: bool,
    /// The named types on the way, outermost first, that of the place included.
    pub(super) chain: Vec<&'a str>,
}

impl<'a> Spot<'a> {
    /// Follows a way; `None` where the client has no types: below a map, below alternatives, or where nothing is.
    pub(super) fn find(client: &'a Client, root: &'a Value, steps: &[Step<'_>]) -> Option<Self> {
        let mut spot = Self {
            field: None,
            declared: declared(client, root, true),
            node: root,
            may_be_absent: false,
            may_be_null: is_option(root, true),
            chain: component(root).into_iter().collect(),
        };
        for step in steps {
            match step {
                Step::Items => {
                    spot.node = plain(spot.node).get("items")?;
                    spot.may_be_null = is_option(spot.node, true);
                }
                Step::Values => return None,
                Step::Property(name) => {
                    let owner = component(spot.node)?;
                    let object = client.component(owner);
                    let (name, node) = object["properties"].as_object()?.get_key_value(*name)?;
                    let required = is_required(object, name);
                    spot.field = Some((owner, name));
                    spot.declared = declared(client, node, required);
                    spot.may_be_absent = may_be_absent(object, name);
                    spot.may_be_null = is_option(node, required);
                    spot.node = node;
                }
            }
            spot.chain.extend(component(spot.node));
        }
        Some(spot)
    }

    /// The field's name on the wire, and its type.
    pub(super) fn declaration(&self) -> (Option<&'a str>, &str) {
        (self.field.map(|(_, name)| name), &self.declared)
    }

    /// `Adresse.code_postal`; for a whole body the name of its type.
    pub(super) fn name(&self) -> Option<String> {
        match self.field {
            Some((owner, field)) => Some(format!("{owner}.{}", ident(field, Prefix::X))),
            None => self.chain.last().map(|name| (*name).to_owned()),
        }
    }

    /// The enum that is declared there, itself or as the elements of lists.
    pub(super) fn variants(&self, client: &'a Client) -> Option<(&'a str, BTreeSet<&'a str>)> {
        let mut node = self.node;
        while let Some(items) = plain(node).get("items") {
            node = items;
        }
        let name = component(node).filter(|name| client.lowered.enums.contains(*name))?;
        let values = client.component(name)["enum"].as_array().into_iter().flatten();
        Some((name, values.filter_map(Value::as_str).collect()))
    }
}

/// A schema without the wrapping that says that it may be null.
pub(super) fn plain(node: &Value) -> &Value {
    node.get("allOf").map_or(node, |parts| &parts[0])
}

/// The named type that a schema is, if it has one of its own.
pub(super) fn component(node: &Value) -> Option<&str> {
    plain(node)["$ref"].as_str()?.rsplit('/').next()
}

/// Whether the client takes an object without a property. What may be null may also be absent: the code is changed so.
pub(super) fn may_be_absent(object: &Value, property: &str) -> bool {
    !is_required(object, property) || object["properties"][property]["nullable"] == true
}

/// Whether a schema is declared as an `Option`, which takes null. An absent map is an empty one.
pub(super) fn is_option(node: &Value, required: bool) -> bool {
    node["nullable"] == true || !required && node["type"] != "object"
}

pub(super) fn is_required(object: &Value, property: &str) -> bool {
    object["required"].as_array().is_some_and(|names| names.iter().any(|name| name == property))
}

/// The Rust type of a schema as typify declares it, less its paths.
pub(super) fn declared(client: &Client, node: &Value, required: bool) -> String {
    let base = match (component(node), node["type"].as_str()) {
        (Some(name), _) if client.lowered.enums.contains(name) => format!("Open<{name}>"),
        (Some(name), _) => name.to_owned(),
        (None, Some("array")) => format!("Vec<{}>", declared(client, &node["items"], true)),
        (None, Some("object")) => "Map<String, Value>".to_owned(),
        (None, Some("string")) => "String".to_owned(),
        (None, Some("integer")) => "i64".to_owned(),
        (None, Some("number")) => "f64".to_owned(),
        (None, Some("boolean")) => "bool".to_owned(),
        (None, _) => "Value".to_owned(),
    };
    // Any JSON may be null already.
    let is_option = if base == "Value" { !required } else { is_option(node, required) };
    if is_option { format!("Option<{base}>") } else { base }
}

/// Every named type that is used from a schema on.
pub(super) fn reachable<'a>(client: &'a Client, node: &'a Value, found: &mut BTreeSet<&'a str>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        open.extend(plain(node).get("items"));
        if let Some(name) = component(node)
            && found.insert(name)
        {
            open.extend(members(&client.component(name)["properties"]).map(|(_, property)| property));
        }
    }
}

/// Pairs of names that the types of two like bodies have, at like places.
pub(super) fn pairs(
    (old, old_body): (&Client, &Value),
    (new, new_body): (&Client, &Value),
    seen: &mut BTreeSet<(String, String)>,
) {
    let mut open = vec![(old_body, new_body)];
    while let Some((one, other)) = open.pop() {
        if let (Some(one), Some(other)) = (component(one), component(other)) {
            if seen.insert((one.to_owned(), other.to_owned())) {
                let (one, other) = (&old.component(one)["properties"], &new.component(other)["properties"]);
                open.extend(members(one).filter_map(|(name, property)| Some((property, other.get(name)?))));
            }
        } else if let (Some(one), Some(other)) = (plain(one).get("items"), plain(other).get("items")) {
            open.push((one, other));
        }
    }
}
