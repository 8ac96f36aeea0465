//! The servers of a document and of an operation.

use super::Differ;
use super::document::Document;
use super::keys::SERVER;
use super::operations::{Operation, Surface, split};
use crate::deviation::{Deviation, Kind};
use crate::location::Location;
use serde_json::Value;
use std::collections::BTreeSet;

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
pub(super) fn bases(urls: &[String]) -> Vec<String> {
    let path = urls.first().map(|url| split(url).1).unwrap_or_default();
    let base = |url: &String| match split(url) {
        (origin, own) if own == path => origin.to_owned(),
        _ => url.clone(),
    };
    urls.iter().map(base).filter(|server| !server.is_empty()).collect()
}

impl<'a> Differ<'a> {
    /// The servers of the documents.
    pub(super) fn servers(&self, old: &Surface<'a>, new: &Surface<'a>) -> Vec<Deviation> {
        let mut deviations = moved(&old.servers, &new.servers);
        deviations.extend(self.variables(self.old.root, self.new.root));
        deviations.into_iter().map(|deviation| deviation.of("*")).collect()
    }

    /// Servers of an operation's own, which stand in for those of the document.
    pub(super) fn own_servers(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let holder = |document: &Document<'a>, operation: &Operation<'a>| {
            [operation.node, operation.item]
                .into_iter()
                .find(|holder| document.items(holder, "servers").next().is_some())
        };
        let (was, is) = (holder(&self.old, old), holder(&self.new, new));
        if was.is_none() && is.is_none() {
            return Vec::new();
        }
        let list = |document: &Document<'a>, holder: Option<&'a Value>| {
            bases(&urls(document, holder.unwrap_or(document.root)).collect::<Vec<_>>())
        };
        let mut deviations = moved(&list(&self.old, was), &list(&self.new, is));
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
                deviations.extend(self.rest(&SERVER, &Location::Server(url), server, come.remove(at)));
            }
        }
        deviations
    }
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
