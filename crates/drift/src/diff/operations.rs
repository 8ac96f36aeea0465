//! The operations of a document, by what a caller sees of them: method and effective URL.

use super::document::Document;
use super::servers::Paths;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vigie_contract::canonical::{operation_id, stated_operation_id};
use vigie_contract::lower::{Prefix, ident};

/// Bytes that the names of a document's operations may take.
const MOST_BYTES: usize = 64 << 20;

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
    /// The same before references are followed.
    pub(super) raw: &'a Value,
    /// What the operations of one path share.
    pub(super) item: &'a Value,
    /// How it is found again: method and path, path parameters without their names.
    pub(super) key: String,
    /// The same without the server's path.
    bare: String,
    /// Whether the provider makes the call: what it sends is then what a consumer reads.
    pub(super) callback: bool,
    /// The operation because of which the provider makes it, by its key.
    pub(super) cause: Option<String>,
}

/// A document's operations and servers.
#[derive(Debug, Default)]
pub(super) struct Surface<'a> {
    pub(super) operations: Vec<Operation<'a>>,
    /// The path of the servers that the operations carry.
    pub(super) base: String,
    /// The path items by their paths, path parameters without their names.
    pub(super) items: BTreeMap<String, Item<'a>>,
    /// There were too many operations, and the others are missing.
    pub(super) is_cut: bool,
    /// Bytes that further names may take.
    room: usize,
}

/// A path item before references are followed.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) path: &'a str,
    pub(super) raw: &'a Value,
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

impl<'a> Surface<'a> {
    pub(super) fn of(document: &Document<'a>) -> Self {
        let paths = Paths::of(document);
        Self::with(document, &paths, &paths)
    }

    /// Those of two documents, whose servers may be in another order.
    pub(super) fn both(old: &Document<'a>, new: &Document<'a>) -> [Self; 2] {
        let (before, after) = (Paths::of(old), Paths::of(new));
        [Self::with(old, &before, &after), Self::with(new, &after, &before)]
    }

    fn with(document: &Document<'a>, paths: &Paths, others: &Paths) -> Self {
        let base = paths.base(others);
        let mut surface = Self { base: base.to_owned(), room: MOST_BYTES, ..Self::default() };
        for (written, raw) in document.entries(document.root, "paths").filter(|(path, _)| !path.starts_with("x-")) {
            let followed = document.follow(raw);
            surface.items.insert(template(written), Item { path: written, raw });
            for (method, raw) in methods(document, followed.node) {
                let node = document.resolve(raw);
                if !node.is_object() {
                    continue;
                }
                let own_key = format!("{method} {}", template(written));
                // Servers of its own stand in for those of the document.
                let prefix = paths.base_of(&own_key, others).unwrap_or(base);
                if !surface.has_room(prefix.len() + written.len()) {
                    return surface;
                }
                let path = format!("{prefix}{written}");
                let key = format!("{method} {}", template(&path));
                surface.callbacks(document, [&format!("{method} {path}"), &key], node);
                surface.operations.push(Operation {
                    name: shortened(&format!("{method} {path}")).into_owned(),
                    path,
                    id: stated_operation_id(node),
                    written,
                    node,
                    raw,
                    item: followed.node,
                    key,
                    bare: own_key,
                    callback: false,
                    cause: None,
                });
            }
        }
        surface.hooks(document);
        surface
    }

    /// The calls that a provider makes because of one operation, by their names: the address is the consumer's own. The
    /// operation has a name, and a key by which it is found again.
    fn callbacks(&mut self, document: &Document<'a>, [cause, key]: [&str; 2], node: &'a Value) {
        for (name, items) in document.entries(node, "callbacks") {
            if self.is_cut {
                return;
            }
            for (expression, item) in document.resolve(items).as_object().into_iter().flatten() {
                let names = |method: &str| {
                    let own = format!("{method} callback {name} of");
                    [format!("{own} {cause}"), format!("{own} {key}")]
                };
                self.calls(document, names, (expression, item), Some(key));
            }
        }
    }

    /// The calls that a provider makes without being asked to, by their names.
    fn hooks(&mut self, document: &Document<'a>) {
        for (name, item) in document.entries(document.root, "webhooks") {
            let names = |method: &str| {
                let own = format!("{method} webhook {name}");
                [own.clone(), own]
            };
            self.calls(document, names, (name, item), None);
        }
    }

    /// The calls of one path item, each with its name and its key.
    fn calls(
        &mut self,
        document: &Document<'a>,
        names: impl Fn(&str) -> [String; 2],
        (written, item): (&'a str, &'a Value),
        cause: Option<&str>,
    ) {
        let item = document.resolve(item);
        for (method, raw) in methods(document, item) {
            let node = document.resolve(raw);
            let [name, key] = names(method);
            if !node.is_object() || !self.has_room(key.len() + written.len()) {
                continue;
            }
            self.operations.push(Operation {
                name: shortened(&name).into_owned(),
                path: written.to_owned(),
                id: stated_operation_id(node),
                written,
                node,
                raw,
                item,
                bare: key.clone(),
                key,
                callback: true,
                cause: cause.map(str::to_owned),
            });
        }
    }

    /// Whether there is room for one more operation whose names are this long; several stand for each of it.
    fn has_room(&mut self, size: usize) -> bool {
        let left = self.room.checked_sub(4 * size + 500);
        self.is_cut |= left.is_none();
        self.room = left.unwrap_or(0);
        !self.is_cut
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
            let is_same = |other: &Operation<'a>| other.name == operation.name && other.path == operation.path;
            let same = candidates.iter().position(|other| is_same(&new.operations[*other]));
            matching.pairs.push((position, candidates.remove(same.unwrap_or(0))));
        }
        let mut left: BTreeSet<usize> = free.into_values().flatten().collect();
        let (mut by_id, mut by_path) = (HashMap::<&str, Vec<usize>>::new(), HashMap::<&str, Vec<usize>>::new());
        for position in left.iter().rev() {
            let operation = &new.operations[*position];
            by_path.entry(&operation.bare).or_default().push(*position);
            if let Some(id) = operation.id {
                by_id.entry(id).or_default().push(*position);
            }
        }
        for position in without {
            let operation = &self.operations[position];
            let same = operation.id.and_then(|id| by_id.get(id)).into_iter().flatten().rev();
            // Without an id, the same path below another server path.
            let is_without = |other: &&usize| operation.id.is_none() || new.operations[**other].id.is_none();
            let below = by_path.get(operation.bare.as_str()).into_iter().flatten().rev().filter(is_without);
            match same.chain(below).find(|other| left.contains(*other)) {
                Some(at) => {
                    left.remove(at);
                    matching.moved.push((position, *at));
                }
                None => matching.removed.push(position),
            }
        }
        matching.added = left.into_iter().collect();
        matching
    }
}

/// The operations of a path item, each with its method.
pub(super) fn methods<'a>(document: &Document<'a>, item: &'a Value) -> Vec<(&'a str, &'a Value)> {
    const NAMES: [(&str, &str); 9] = [
        ("get", "GET"),
        ("put", "PUT"),
        ("post", "POST"),
        ("delete", "DELETE"),
        ("options", "OPTIONS"),
        ("head", "HEAD"),
        ("patch", "PATCH"),
        ("trace", "TRACE"),
        ("query", "QUERY"),
    ];
    let named = NAMES.iter().filter_map(|(key, method)| Some((*method, item.get(key)?)));
    let others = document.entries(item, "additionalOperations").map(|(method, node)| (method.as_str(), node));
    named.chain(others).collect()
}

/// A name that is printed: names may be of any length, and stand in every change of what they name.
pub(super) fn shortened(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 500;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]).into(),
        None => name.into(),
    }
}

impl Operation<'_> {
    /// How a generated client calls it: by its id, or after its location where it has none.
    pub(super) fn method(&self) -> String {
        let verb = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        ident(&operation_id(self.written, &verb, self.node), Prefix::Underscore)
    }

    /// The path of its server.
    pub(super) fn base(&self) -> &str {
        self.path.strip_suffix(self.written).unwrap_or_default()
    }

    /// The path as the document has it, path parameters without their names.
    pub(super) fn template(&self) -> &str {
        self.bare.split_once(' ').map_or("", |(_, path)| path)
    }
}

/// Whether a caller must change the URL or the method.
pub(super) fn has_moved(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    old.key != new.key
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
