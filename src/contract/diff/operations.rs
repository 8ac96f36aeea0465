//! The operations of a document, by what a caller sees of them: method and effective URL.

use super::Document;
use crate::contract::canonical::{METHODS, operation_id, stated_operation_id};
use crate::contract::lower::{Prefix, ident};
use serde_json::Value;
use std::collections::HashMap;

/// One operation.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// `GET /api/v2/etudiants`, the server's path included.
    pub(super) name: String,
    /// `/api/v2/etudiants`
    pub(super) path: String,
    /// As the document states it.
    pub(super) id: Option<&'a str>,
    /// Its path as the document writes it.
    written: &'a str,
    pub(super) node: &'a Value,
    /// What the operations of one path share.
    pub(super) item: &'a Value,
    /// How it is found again: method and path, path parameters without their names.
    key: String,
    /// The same without the server's path.
    bare: String,
    /// The operation because of which the provider makes the call, if it makes it: what it sends is then what a consumer
    /// reads.
    pub(super) cause: Option<String>,
}

/// A document's operations and servers.
#[derive(Debug)]
pub(super) struct Surface<'a> {
    pub(super) operations: Vec<Operation<'a>>,
    /// Base URLs without the path that the operations carry.
    pub(super) servers: Vec<String>,
}

/// Operations that are one and the same, and those without a counterpart.
#[derive(Debug, Default)]
pub(super) struct Matching {
    pub(super) pairs: Vec<(usize, usize)>,
    /// Pairs that only their id brings together, or their path below another server path.
    pub(super) moved: Vec<(usize, usize)>,
    pub(super) removed: Vec<usize>,
    pub(super) added: Vec<usize>,
}

impl Operation<'_> {
    /// How a generated client calls it: by its id, or after its place where it has none.
    pub(super) fn method(&self) -> String {
        let verb = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        ident(&operation_id(self.written, &verb, self.node), Prefix::Underscore)
    }
}

impl<'a> Surface<'a> {
    pub(super) fn of(document: &Document<'a>) -> Self {
        let urls = server_urls(document.root);
        let base = urls.first().map(|url| split(url).1.to_owned()).unwrap_or_default();
        let servers = urls
            .iter()
            .map(|url| match split(url) {
                (origin, path) if path == base => origin.to_owned(),
                _ => url.clone(),
            })
            .filter(|server| !server.is_empty())
            .collect();
        let mut operations = Vec::new();
        for (written, item) in document.root["paths"].as_object().into_iter().flatten() {
            let item = document.resolve(item);
            for method in METHODS {
                let Some(node) = item.get(method).filter(|node| node.is_object()) else { continue };
                // Servers of its own stand in for those of the document.
                let own = [node, item].into_iter().find_map(|holder| server_urls(holder).first().cloned());
                let prefix = own.as_deref().map_or(base.as_str(), |url| split(url).1);
                let method = method.to_uppercase();
                let own_key = format!("{method} {}", template(written));
                let path = format!("{prefix}{written}");
                let key = format!("{method} {}", template(&path));
                callbacks(document, [&format!("{method} {path}"), &key], node, &mut operations);
                operations.push(Operation {
                    name: format!("{method} {path}"),
                    path,
                    id: stated_operation_id(node),
                    written,
                    node,
                    item,
                    key,
                    bare: own_key,
                    cause: None,
                });
            }
        }
        Self { operations, servers }
    }

    /// Brings the operations of two documents together: by URL, then by id.
    pub(super) fn matching(&self, new: &Self) -> Matching {
        let mut matching = Matching::default();
        let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, operation) in new.operations.iter().enumerate() {
            free.entry(&operation.key).or_default().push(position);
        }
        let mut without = Vec::new();
        for (position, operation) in self.operations.iter().enumerate() {
            let candidates = free.get_mut(operation.key.as_str()).filter(|candidates| !candidates.is_empty());
            let Some(candidates) = candidates else {
                without.push(position);
                continue;
            };
            // Two paths may differ only in the names of their parameters: the very same one comes first.
            let same = candidates.iter().position(|other| new.operations[*other].name == operation.name);
            matching.pairs.push((position, candidates.remove(same.unwrap_or(0))));
        }
        let mut left: Vec<usize> = free.into_values().flatten().collect();
        left.sort_unstable();
        for position in without {
            let operation = &self.operations[position];
            let same = |other: &usize| operation.id.is_some() && new.operations[*other].id == operation.id;
            // Without an id, the same path below another server path.
            let below = |other: &usize| {
                let other = &new.operations[*other];
                other.bare == operation.bare && (operation.id.is_none() || other.id.is_none())
            };
            match left.iter().position(same).or_else(|| left.iter().position(below)) {
                Some(at) => matching.moved.push((position, left.remove(at))),
                None => matching.removed.push(position),
            }
        }
        matching.added = left;
        matching
    }
}

/// The calls that a provider makes because of one operation, by their names: the address is the consumer's own. The
/// operation has a name, and a key by which it is found again.
fn callbacks<'a>(
    document: &Document<'a>,
    [cause, cause_key]: [&str; 2],
    node: &'a Value,
    operations: &mut Vec<Operation<'a>>,
) {
    for (name, items) in node["callbacks"].as_object().into_iter().flatten() {
        for (expression, item) in document.resolve(items).as_object().into_iter().flatten() {
            let item = document.resolve(item);
            for method in METHODS {
                let Some(node) = item.get(method).filter(|node| node.is_object()) else { continue };
                let own = format!("{} callback {name} of", method.to_uppercase());
                let key = format!("{own} {cause_key}");
                operations.push(Operation {
                    name: format!("{own} {cause}"),
                    path: expression.clone(),
                    id: stated_operation_id(node),
                    written: expression,
                    node,
                    item,
                    bare: key.clone(),
                    key,
                    cause: Some(cause.to_owned()),
                });
            }
        }
    }
}

/// Whether a caller must change the URL or the method.
pub(super) fn has_moved(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    old.key != new.key
}

/// URLs of servers, variables at their defaults.
fn server_urls(holder: &Value) -> Vec<String> {
    let url = |server: &Value| {
        let mut url = server["url"].as_str()?.trim_end_matches('/').to_owned();
        for (name, variable) in server["variables"].as_object().into_iter().flatten() {
            url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap_or_default());
        }
        Some(url)
    };
    holder["servers"].as_array().into_iter().flatten().filter_map(url).collect()
}

/// `https://host/api` is `https://host` and `/api`.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    url.split_at(path)
}

/// A path whose parameters have no names: names are no part of a URL.
pub(crate) fn template(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        result.push_str(before);
        result.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    result + rest
}

/// Names of the parameters of a path, in order.
pub(super) fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{path_parameters, split, template};

    #[test]
    fn urls_and_templates_are_taken_apart() {
        assert_eq!(split("https://host:1/api/v1"), ("https://host:1", "/api/v1"));
        assert_eq!(split("https://host"), ("https://host", ""));
        assert_eq!(split("/v1"), ("", "/v1"));
        assert_eq!(template("/a/{id}/b/{other}.json"), "/a/{}/b/{}.json");
        assert_eq!(path_parameters("/a/{id}/b/{other}.json"), ["id", "other"]);
    }

    #[test]
    fn another_server_path_moves_operations_that_have_no_id() {
        let document =
            |url: &str| serde_json::json!({"servers": [{"url": url}], "paths": {"/a": {"get": {}}, "/b": {"get": {}}}});
        let found = super::super::diff(&document("https://host/v1"), &document("https://host/v2")).deviations;
        let kinds: Vec<_> = found.iter().map(|deviation| deviation.kind).collect();
        assert_eq!(kinds, [crate::deviation::Kind::OperationPathChanged; 2]);
    }
}
