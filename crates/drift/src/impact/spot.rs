//! A place of an answer in the types of a client.

use super::client::Client;
use crate::location::Step;
use serde_json::Value;
use std::collections::BTreeSet;
use vigie_contract::lower::{Prefix, ident};
use vigie_contract::schema::Schema;

/// Where a way into a body ends.
#[derive(Debug)]
pub(super) struct Spot<'a> {
    /// The struct that has the field, and the field's name on the wire; `None` for the body as a whole.
    field: Option<(&'a str, &'a str)>,
    /// The Rust type that is declared there.
    declared: String,
    /// The lowered schema.
    pub(super) schema: Schema<'a>,
    /// Whether the client takes an answer without it.
    pub(super) may_be_absent: bool,
    /// Whether the client takes null there.
    pub(super) may_be_null: bool,
    /// The named types on the way, outermost first, that of the place included.
    pub(super) chain: Vec<&'a str>,
}

impl<'a> Spot<'a> {
    /// Follows a way; `None` where the client has no types: below a map, below alternatives, or where nothing is.
    pub(super) fn find(client: &'a Client, root: Schema<'a>, steps: &[Step<'_>]) -> Option<Self> {
        let mut spot = Self {
            field: None,
            declared: declared(client, root, true),
            schema: root,
            may_be_absent: false,
            may_be_null: is_option(root, true),
            chain: root.component().into_iter().collect(),
        };
        for step in steps {
            match step {
                Step::Items => {
                    spot.schema = spot.schema.own_items()?;
                    spot.may_be_null = is_option(spot.schema, true);
                }
                Step::Values => return None,
                Step::Property(name) => {
                    let owner = spot.schema.component()?;
                    let object = client.component(owner);
                    let (name, property) = object.own_properties().find(|(own, _)| own == name)?;
                    let required = is_required(object, name);
                    spot.field = Some((owner, name));
                    spot.declared = declared(client, property, required);
                    spot.may_be_absent = may_be_absent(property, required);
                    spot.may_be_null = is_option(property, required);
                    spot.schema = property;
                }
            }
            spot.chain.extend(spot.schema.component());
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
        let mut schema = self.schema;
        while let Some(items) = schema.own_items() {
            schema = items;
        }
        let name = schema.component().filter(|name| client.lowered.enums.contains(*name))?;
        let values = client.component(name).enum_values().into_iter().flatten();
        Some((name, values.filter_map(Value::as_str).collect()))
    }
}

/// Whether the client takes an object without a property. What may be null may also be absent: the code is changed so.
pub(super) fn may_be_absent(property: Schema<'_>, required: bool) -> bool {
    !required || property.own_nullable()
}

/// Whether a schema is declared as an `Option`, which takes null. An absent map is an empty one.
pub(super) fn is_option(schema: Schema<'_>, required: bool) -> bool {
    schema.own_nullable() || !required && schema.keyword("type") != "object"
}

pub(super) fn is_required(object: Schema<'_>, property: &str) -> bool {
    object.own_required().any(|name| name == property)
}

/// The Rust type of a schema as typify declares it, less its paths.
pub(super) fn declared(client: &Client, schema: Schema<'_>, required: bool) -> String {
    let base = match (schema.component(), schema.own_types().next()) {
        (Some(name), _) if client.lowered.enums.contains(name) => format!("Open<{name}>"),
        (Some(name), _) => name.to_owned(),
        (None, Some("array")) => {
            let items = schema.own_items().map_or_else(|| "Value".to_owned(), |items| declared(client, items, true));
            format!("Vec<{items}>")
        }
        (None, Some("object")) => "Map<String, Value>".to_owned(),
        (None, Some("string")) => "String".to_owned(),
        (None, Some("integer")) => "i64".to_owned(),
        (None, Some("number")) => "f64".to_owned(),
        (None, Some("boolean")) => "bool".to_owned(),
        (None, _) => "Value".to_owned(),
    };
    // Any JSON may be null already.
    let is_option = if base == "Value" { !required } else { is_option(schema, required) };
    if is_option { format!("Option<{base}>") } else { base }
}

/// Every named type that is used from a schema on.
pub(super) fn reachable<'a>(client: &'a Client, schema: Schema<'a>, found: &mut BTreeSet<&'a str>) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        open.extend(schema.own_items());
        if let Some(name) = schema.component()
            && found.insert(name)
        {
            open.extend(client.component(name).own_properties().map(|(_, property)| property));
        }
    }
}

/// Pairs of names that the types of two like bodies have, at like places.
pub(super) fn pairs(
    (old, old_body): (&Client, Schema<'_>),
    (new, new_body): (&Client, Schema<'_>),
    seen: &mut BTreeSet<(String, String)>,
) {
    let mut open = vec![(old_body, new_body)];
    while let Some((one, other)) = open.pop() {
        if let (Some(one), Some(other)) = (one.component(), other.component()) {
            if seen.insert((one.to_owned(), other.to_owned())) {
                let (one, other) = (old.component(one), new.component(other));
                open.extend(one.own_properties().filter_map(|(name, inner)| Some((inner, other.own_property(name)?))));
            }
        } else if let (Some(one), Some(other)) = (one.own_items(), other.own_items()) {
            open.push((one, other));
        }
    }
}
