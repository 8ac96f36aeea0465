//! What a caller must show: alternatives, each a set of schemes.

use super::operations::Operation;
use super::{Differ, Document};
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::BTreeSet;

/// The schemes of one alternative, by what they ask of a caller.
type Alternative = BTreeSet<String>;

impl<'a> Differ<'a> {
    pub(super) fn security(&self, old: &Operation<'a>, new: &Operation<'a>) -> Option<Deviation> {
        let (old, new) = (alternatives(&self.old, old), alternatives(&self.new, new));
        if old == new {
            return None;
        }
        // What was enough is still enough: then nobody is refused.
        let is_enough = |credentials: &Alternative| new.iter().any(|needed| needed.is_subset(credentials));
        let kind =
            if old.iter().all(is_enough) { Kind::OperationSecurityRelaxed } else { Kind::OperationSecurityChanged };
        Some(Deviation::new(kind, "", stated(&old), stated(&new)))
    }
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
    let stated = operation.node.get("security").or_else(|| document.root.get("security"));
    let listed = stated.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let alternative = |needed: &Value| -> Alternative {
        let schemes = needed.as_object().into_iter().flatten();
        schemes.map(|(name, scopes)| describe(document, name, scopes)).collect()
    };
    if listed.is_empty() { BTreeSet::from([Alternative::new()]) } else { listed.iter().map(alternative).collect() }
}

/// A scheme by what it asks for: its name in the document is nobody's business.
fn describe(document: &Document<'_>, name: &str, scopes: &Value) -> String {
    let Some(scheme) = document.root["components"]["securitySchemes"].get(name) else {
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
