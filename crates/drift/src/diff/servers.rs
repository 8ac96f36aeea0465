//! The servers of a document and of an operation.

use super::Differ;
use super::document::Document;
use super::keys::SERVER;
use super::operations::{Operation, Surface, methods, split, template};
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Letters of a URL with its variables filled in: defaults may be long, and stand in it many times.
const LONGEST: usize = 10_000;

/// URLs of servers, variables at their defaults.
pub(super) fn urls<'a>(document: &Document<'a>, holder: &'a Value) -> impl Iterator<Item = String> + use<'a> {
    document.items(holder, "servers").filter_map(url)
}

/// A default is a text, in which braces are braces.
fn url(server: &Value) -> Option<String> {
    let template = server["url"].as_str()?.trim_end_matches('/');
    let mut url = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        url.push_str(before);
        match server["variables"].get(name) {
            Some(variable) => url.push_str(variable["default"].as_str().unwrap_or_default()),
            None => url.extend(["{", name, "}"]),
        }
        if url.len() > LONGEST {
            return Some(template.to_owned());
        }
        rest = behind;
    }
    Some(url + rest)
}

/// Base URLs without the path that the operations carry.
fn bases(urls: &[String], path: &str) -> Vec<String> {
    let base = |url: &String| match split(url) {
        (origin, own) if own == path => origin.to_owned(),
        _ => url.clone(),
    };
    urls.iter().map(base).filter(|server| !server.is_empty()).collect()
}

/// The paths of the servers of a document, and of those of its operations that have servers of their own.
#[derive(Debug, Default)]
pub(super) struct Paths {
    document: Vec<String>,
    /// By method and path of the operation, path parameters without their names.
    operations: HashMap<String, Vec<String>>,
}

impl Paths {
    pub(super) fn of<'a>(document: &Document<'a>) -> Self {
        let paths = |holder: &'a Value| urls(document, holder).map(|url| split(&url).1.to_owned()).collect::<Vec<_>>();
        let mut operations = HashMap::new();
        for (written, raw) in document.entries(document.root, "paths").filter(|(path, _)| !path.starts_with("x-")) {
            let item = document.resolve(raw);
            for (method, raw) in methods(document, item) {
                let own = holder(document, document.resolve(raw), item).map(paths);
                operations.extend(own.map(|own| (format!("{method} {}", template(written)), own)));
            }
        }
        Self { document: paths(document.root), operations }
    }

    /// The path that the names of the document's operations carry beside another document. Servers are a set: the first
    /// one counts only where the two have no path in common.
    pub(super) fn base(&self, other: &Self) -> &str {
        shared(&self.document, &other.document)
    }

    /// The same of an operation with servers of its own.
    pub(super) fn base_of(&self, operation: &str, other: &Self) -> Option<&str> {
        let own = self.operations.get(operation)?;
        Some(shared(own, other.operations.get(operation).unwrap_or(&other.document)))
    }
}

fn shared<'p>(own: &'p [String], others: &[String]) -> &'p str {
    let first = own.first().map_or("", String::as_str);
    if others.first().is_some_and(|other| other == first) {
        return first;
    }
    own.iter().filter(|path| others.contains(path)).min().map_or(first, String::as_str)
}

/// Where the servers of an operation stand, if it or its path has any.
fn holder<'a>(document: &Document<'a>, operation: &'a Value, item: &'a Value) -> Option<&'a Value> {
    [operation, item].into_iter().find(|holder| document.items(holder, "servers").next().is_some())
}

impl<'a> Differ<'a> {
    /// The servers of the documents.
    pub(super) fn servers(&self, old: &Surface<'a>, new: &Surface<'a>) -> Vec<Deviation> {
        let bases = |document: &Document<'a>, surface: &Surface<'a>| {
            let mut bases = bases(&urls(document, document.root).collect::<Vec<_>>(), &surface.base);
            // The host of a Swagger 2.0 document that has parameters in it.
            let template = document.root["x-ms-parameterized-host"]["hostTemplate"].as_str();
            bases.extend(template.map(|template| template.trim_end_matches('/').to_owned()));
            bases
        };
        let mut deviations = moved(&bases(&self.old, old), &bases(&self.new, new));
        deviations.extend(self.variables(self.old.root, self.new.root));
        deviations.into_iter().map(|deviation| deviation.of("*")).collect()
    }

    /// Servers of an operation's own, which stand in for those of the document.
    pub(super) fn own_servers(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let own = |document: &Document<'a>, operation: &Operation<'a>| holder(document, operation.node, operation.item);
        let (was, is) = (own(&self.old, old), own(&self.new, new));
        if was.is_none() && is.is_none() {
            return Vec::new();
        }
        let list = |document: &Document<'a>, holder: Option<&'a Value>, operation: &Operation<'a>| {
            bases(&urls(document, holder.unwrap_or(document.root)).collect::<Vec<_>>(), operation.base())
        };
        let mut deviations = moved(&list(&self.old, was, old), &list(&self.new, is, new));
        deviations.extend(self.variables(was.unwrap_or(self.old.root), is.unwrap_or(self.new.root)));
        deviations
    }

    /// What the servers of one URL say of their variables.
    fn variables(&self, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let mut come: Vec<&Value> = self.new.items(new, "servers").collect();
        let mut deviations = Vec::new();
        for server in self.old.items(old, "servers") {
            if let Some(at) = come.iter().position(|other| other["url"] == server["url"]) {
                let url: String = server["url"].as_str().unwrap_or_default().chars().take(LONGEST).collect();
                let (location, other) = (Location::Server(url), come.remove(at));
                deviations.extend(self.rest(&SERVER, &location, server, other));
                deviations.extend(values(&location, &server["variables"], &other["variables"]));
            }
        }
        deviations
    }
}

/// The values that a caller may put in for a variable. Without a list, these are all.
fn values(location: &Location, old: &Value, new: &Value) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    for (name, variable) in old.as_object().into_iter().flatten() {
        let list = |variable: &Value| variable["enum"].as_array().cloned();
        let Some(other) = new.get(name) else { continue };
        let (kinds, old, new) = match (list(variable), list(other)) {
            (None, None) => continue,
            (None, Some(new)) => ([Kind::RequestEnumConstraintAdded; 2], Vec::new(), new),
            (Some(old), None) => ([Kind::RequestEnumConstraintRemoved; 2], old, Vec::new()),
            (Some(old), Some(new)) => ([Kind::RequestEnumValueAdded, Kind::RequestEnumValueRemoved], old, new),
        };
        let less = |these: &[Value], those: &[Value]| -> Value {
            let own: Vec<Value> = these.iter().filter(|value| !those.contains(value)).cloned().collect();
            if own.is_empty() { Value::Null } else { serde_json::json!({ name: own }) }
        };
        let (come, gone) = (less(&new, &old), less(&old, &new));
        if !come.is_null() {
            deviations.push(Deviation::new(kinds[0], location.clone(), Value::Null, come));
        }
        if !gone.is_null() {
            deviations.push(Deviation::new(kinds[1], location.clone(), gone, Value::Null));
        }
    }
    deviations
}

fn moved(old: &[String], new: &[String]) -> Vec<Deviation> {
    let less = |these: &[String], those: &[String], kind: Kind| -> Vec<Deviation> {
        let those: BTreeSet<&String> = those.iter().collect();
        let own: BTreeSet<&String> = these.iter().filter(|server| !those.contains(server)).collect();
        own.into_iter()
            .map(|server| Deviation::new(kind, Location::Server(server.clone()), Value::Null, Value::Null))
            .collect()
    };
    let mut deviations = less(old, new, Kind::ServerRemoved);
    deviations.extend(less(new, old, Kind::ServerAdded));
    deviations
}

#[cfg(test)]
mod tests {
    use super::url;
    use serde_json::{Value, json};

    #[test]
    fn defaults_of_variables_are_texts() {
        let server = |url: &str, variables: Value| json!({"url": url, "variables": variables});
        let named = json!({"a": {"default": "{b}{b}"}, "b": {"default": "x"}});
        assert_eq!(url(&server("https://{a}.{b}/{c}/", named)).as_deref(), Some("https://{b}{b}.x/{c}"));
        let long = json!({"a": {"default": "x".repeat(1_000_000)}});
        let template = "{a}".repeat(1_000_000);
        assert_eq!(url(&server(&template, long)), Some(template));
    }
}
