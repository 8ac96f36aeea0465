//! What a caller must show: alternatives, each a set of schemes.

use super::keys::SECURITY_SCHEME;
use super::operations::Operation;
use super::{Differ, Document};
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::members;

/// The schemes of one alternative, by what they ask of a caller.
type Alternative = BTreeSet<String>;

impl<'a> Differ<'a> {
    pub(super) fn security(&self, old: &Operation<'a>, new: &Operation<'a>) -> Option<Deviation> {
        let (old, new) = (alternatives(&self.old, old), alternatives(&self.new, new));
        let (was, is) = (asked(&old), asked(&new));
        if was == is {
            return None;
        }
        // What was enough is still enough: then nobody is refused.
        let is_enough = |credentials: &Alternative| is.iter().any(|needed| needed.is_subset(credentials));
        let kind =
            if was.iter().all(is_enough) { Kind::OperationSecurityRelaxed } else { Kind::OperationSecurityChanged };
        Some(Deviation::new(kind, Location::Whole, stated(&old), stated(&new)))
    }
}

impl<'a> Differ<'a> {
    /// What the schemes of both sides say of where a credential comes from.
    pub(super) fn schemes(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let (was, is) = (schemes(&self.old, old), schemes(&self.new, new));
        let mut deviations = Vec::new();
        for (described, named) in &was {
            let Some(others) = is.get(described) else { continue };
            for (name, scheme) in named {
                // A name in the document is nobody's business, but where two ask for the same.
                let other = others.iter().find(|(other, _)| other == name).or(others.first());
                if let Some((_, other)) = other {
                    deviations.extend(self.rest(&SECURITY_SCHEME, &Location::Whole, scheme, other));
                }
            }
        }
        deviations
    }
}

/// Schemes by what they ask for, each with its name.
type Schemes<'a> = BTreeMap<String, Vec<(&'a str, &'a Value)>>;

fn schemes<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Schemes<'a> {
    let mut schemes = Schemes::new();
    let names: BTreeSet<&str> =
        listed(document, operation).iter().flat_map(members).map(|(name, _)| name.as_str()).collect();
    for name in names {
        let defined = document.member(&document.root["components"], "securitySchemes").node.get(name);
        if let Some(scheme) = defined {
            schemes.entry(describe(document, name, &Value::Null)).or_default().push((name, scheme));
        }
    }
    schemes
}

/// What a caller is asked for: the name of a header has no case, that of a query parameter has.
fn asked(alternatives: &BTreeSet<Alternative>) -> BTreeSet<Alternative> {
    let plain =
        |scheme: &String| if scheme.starts_with("apiKey:header:") { scheme.to_lowercase() } else { scheme.clone() };
    alternatives.iter().map(|alternative| alternative.iter().map(plain).collect()).collect()
}

/// `["apiKey:header:X-Api-Key+http:bearer"]`; no credentials are an alternative of their own.
fn stated(alternatives: &BTreeSet<Alternative>) -> Value {
    let text = |alternative: &Alternative| match alternative.len() {
        0 => "none".to_owned(),
        _ => alternative.iter().cloned().collect::<Vec<_>>().join("+"),
    };
    alternatives.iter().map(text).collect()
}

fn alternatives<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeSet<Alternative> {
    let listed = listed(document, operation);
    let alternative = |needed: &Value| -> Alternative {
        members(needed).map(|(name, scopes)| describe(document, name, scopes)).collect()
    };
    if listed.is_empty() { BTreeSet::from([Alternative::new()]) } else { listed.iter().map(alternative).collect() }
}

fn listed<'a>(document: &Document<'a>, operation: &Operation<'a>) -> &'a [Value] {
    let stated = operation.node.get("security").or_else(|| document.root.get("security"));
    stated.map(|stated| document.resolve(stated)).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A scheme by what it asks for: its name in the document is nobody's business.
fn describe(document: &Document<'_>, name: &str, scopes: &Value) -> String {
    let Some(scheme) = document.member(&document.root["components"], "securitySchemes").node.get(name) else {
        document.note(format!("the security scheme `{name}` is not defined"));
        return format!("undefined:{name}");
    };
    let scheme = document.resolve(scheme);
    let text = |key: &str| scheme[key].as_str().unwrap_or_default();
    if text("type") == "http" && (scheme.get("name").is_some() || scheme.get("in").is_some()) {
        document.note(format!(
            "the http security scheme `{name}` has `name` or `in`, which only apiKey has; they are ignored"
        ));
    }
    let mut described = match text("type") {
        "apiKey" => format!("apiKey:{}:{}", text("in"), text("name")),
        "http" => format!("http:{}", text("scheme").to_lowercase()),
        other => other.to_owned(),
    };
    let mut scopes: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    scopes.sort_unstable();
    if !scopes.is_empty() {
        described = format!("{described}({})", scopes.join(" "));
    }
    described
}

#[cfg(test)]
mod tests {
    use super::super::diff;
    use serde_json::{Value, json};

    fn secured(place: &str, name: &str) -> Value {
        json!({
            "paths": {"/a": {"get": {"security": [{"key": []}], "responses": {"200": {}}}}},
            "components": {"securitySchemes": {"key": {"type": "apiKey", "in": place, "name": name}}},
        })
    }

    #[test]
    fn the_name_of_a_header_has_no_case_and_that_of_a_query_parameter_has() {
        let changes = |place| diff(&secured(place, "X-Api-Key"), &secured(place, "x-api-key")).deviations.len();
        assert_eq!((changes("header"), changes("query")), (0, 1));
    }
}
