//! What a caller must show: alternatives, each a set of schemes.

use super::keys::SECURITY_SCHEME;
use super::operations::Operation;
use super::{Differ, Document};
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::members;

/// The schemes of one alternative, by what they ask of a caller, each with the scopes that a token must have.
type Alternative = BTreeMap<String, BTreeSet<String>>;

impl<'a> Differ<'a> {
    pub(super) fn security(&self, old: &Operation<'a>, new: &Operation<'a>) -> Option<Deviation> {
        let (old, new) = (alternatives(&self.old, old), alternatives(&self.new, new));
        let (was, is) = (asked(&old), asked(&new));
        if was == is {
            return None;
        }
        // What was enough is still enough: then nobody is refused.
        let has = |credentials: &Alternative, (scheme, scopes): (&String, &BTreeSet<String>)| {
            credentials.get(scheme).is_some_and(|known| scopes.is_subset(known))
        };
        let is_enough =
            |credentials: &Alternative| is.iter().any(|needed| needed.iter().all(|one| has(credentials, one)));
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
                    let (was, is) = (self.old.resolve(scheme), self.new.resolve(other));
                    let (was, is) = (was["deprecated"] == true, is["deprecated"] == true);
                    if was != is {
                        deviations.push(Deviation::new(Kind::ParameterDeprecatedChanged, Location::Whole, was, is));
                    }
                    self.scheme(scheme, other, &mut deviations);
                }
            }
        }
        deviations
    }

    /// Where the tokens of one scheme come from, and what they can be asked for.
    fn scheme(&self, old: &'a Value, new: &'a Value, deviations: &mut Vec<Deviation>) {
        let mut urls = |of: Option<&str>, old: &Value, new: &Value| {
            for key in URLS {
                let told = |holder: &Value| match (holder.get(key), of) {
                    (None, _) => Value::Null,
                    (Some(url), None) => json!({ key: url }),
                    (Some(url), Some(flow)) => json!({ flow: { key: url } }),
                };
                let (was, is) = (told(old), told(new));
                // A URL that is new, and none that a caller has to go to, is one way more.
                if was.is_null() && !is.is_null() {
                    deviations.push(Deviation::new(Kind::SecurityFlowAdded, Location::Whole, was, is));
                } else if was != is {
                    deviations.push(Deviation::new(Kind::SecurityUrlChanged, Location::Whole, was, is));
                }
            }
        };
        urls(None, self.old.resolve(old), self.new.resolve(new));
        let flows = |document: &Document<'a>, scheme: &'a Value| -> BTreeMap<&'a String, &'a Value> {
            document.entries(scheme, "flows").filter(|(name, _)| !name.starts_with("x-")).collect()
        };
        let (was, is) = (flows(&self.old, old), flows(&self.new, new));
        for (name, flow) in &was {
            if let Some(other) = is.get(name) {
                urls(Some(name), self.old.resolve(flow), self.new.resolve(other));
            }
        }
        // Each flow, and each of its scopes.
        let offers = |document: &Document<'a>, flows: &BTreeMap<&'a String, &'a Value>| -> BTreeSet<String> {
            let scopes = |(name, flow): (&&'a String, &&'a Value)| {
                let scopes = document.entries(flow, "scopes").map(|(scope, _)| format!("{name}: {scope}"));
                scopes.chain([(*name).clone()]).collect::<Vec<_>>()
            };
            flows.iter().flat_map(scopes).collect()
        };
        let (before, after) = (offers(&self.old, &was), offers(&self.new, &is));
        // Of a flow that is there on one side alone, nothing more is said.
        let is_of_other = |way: &str, flows: &BTreeMap<&'a String, &'a Value>| {
            way.split_once(": ").is_none_or(|(flow, _)| flows.keys().any(|known| *known == flow))
        };
        for way in before.difference(&after).filter(|way| is_of_other(way, &is)) {
            deviations.push(Deviation::new(Kind::SecurityFlowRemoved, Location::Whole, way.as_str(), Value::Null));
        }
        for way in after.difference(&before).filter(|way| is_of_other(way, &was)) {
            deviations.push(Deviation::new(Kind::SecurityFlowAdded, Location::Whole, Value::Null, way.as_str()));
        }
    }
}

/// Keys of a scheme or a flow that say where a caller goes for its token.
const URLS: [&str; 6] =
    ["openIdConnectUrl", "oauth2MetadataUrl", "authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"];

/// Schemes by what they ask for, each with its name.
type Schemes<'a> = BTreeMap<String, Vec<(&'a str, &'a Value)>>;

fn schemes<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Schemes<'a> {
    let mut schemes = Schemes::new();
    let names: BTreeSet<&str> =
        listed(document, operation).iter().flat_map(members).map(|(name, _)| name.as_str()).collect();
    for name in names {
        let defined = document.member(&document.root["components"], "securitySchemes").node.get(name);
        if let Some(scheme) = defined {
            schemes.entry(describe(document, name)).or_default().push((name, scheme));
        }
    }
    schemes
}

/// What a caller is asked for: the name of a header has no case, that of a query parameter has.
fn asked(alternatives: &BTreeSet<Alternative>) -> BTreeSet<Alternative> {
    let plain =
        |scheme: &String| if scheme.starts_with("apiKey:header:") { scheme.to_lowercase() } else { scheme.clone() };
    let asked = |alternative: &Alternative| {
        alternative.iter().map(|(scheme, scopes)| (plain(scheme), scopes.clone())).collect()
    };
    alternatives.iter().map(asked).collect()
}

/// `["apiKey:header:X-Api-Key+http:bearer"]`; no credentials are an alternative of their own.
fn stated(alternatives: &BTreeSet<Alternative>) -> Value {
    let scheme = |(scheme, scopes): (&String, &BTreeSet<String>)| match scopes.len() {
        0 => scheme.clone(),
        _ => format!("{scheme}({})", scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")),
    };
    let text = |alternative: &Alternative| match alternative.len() {
        0 => "none".to_owned(),
        _ => alternative.iter().map(scheme).collect::<Vec<_>>().join("+"),
    };
    alternatives.iter().map(text).collect()
}

fn alternatives<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeSet<Alternative> {
    let listed = listed(document, operation);
    let alternative = |needed: &Value| -> Alternative {
        let mut alternative = Alternative::new();
        for (name, scopes) in members(needed) {
            let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            alternative.entry(describe(document, name)).or_default().extend(scopes);
        }
        alternative
    };
    if listed.is_empty() { BTreeSet::from([Alternative::new()]) } else { listed.iter().map(alternative).collect() }
}

fn listed<'a>(document: &Document<'a>, operation: &Operation<'a>) -> &'a [Value] {
    let stated = operation.node.get("security").or_else(|| document.root.get("security"));
    stated.map(|stated| document.resolve(stated)).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A scheme by what it asks for: its name in the document is nobody's business.
fn describe(document: &Document<'_>, name: &str) -> String {
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
    match text("type") {
        "apiKey" => format!("apiKey:{}:{}", text("in"), text("name")),
        "http" => format!("http:{}", text("scheme").to_lowercase()),
        other => other.to_owned(),
    }
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
