//! One generated client, as far as its declarations go: methods, setters, types. It comes from the same canonical form
//! and the same lowering as the code itself.

use super::spot::{declared, reachable};
use crate::diff::{split_url, without_names};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::canonical::canonical_whole;
use vigie_contract::lower::{Lowered, Operation, Prefix, ident, lower};
use vigie_contract::members;
use vigie_contract::schema::Schema;

/// A client that could be generated from a document.
#[derive(Debug)]
pub(super) struct Client {
    /// The document in canonical form.
    pub(super) contract: Value,
    /// What progenitor would take.
    pub(super) lowered: Lowered,
    /// Its calls, by method and URL, path parameters without their names.
    pub(super) calls: BTreeMap<String, Call>,
    /// The operations that it has no method for, by the same keys.
    left_out: BTreeSet<String>,
    /// Where the call of an operation id stands among them.
    by_id: BTreeMap<String, String>,
}

/// One method of a client.
#[derive(Debug)]
pub(super) struct Call {
    path: String,
    verb: String,
    /// The operation id.
    pub(super) id: String,
    /// The Rust method.
    pub(super) name: String,
}

impl Client {
    /// An error says why no client can be generated from the document.
    pub(super) fn of(document: &Value) -> Result<Self, String> {
        // What is written by hand is lowered as it stands.
        let contract =
            if document["x-hand-written"] == true { Some(document.clone()) } else { canonical_whole(document) };
        let contract = contract.ok_or("its references lead in rings, or to more values than a document may have")?;
        let lowered = lower(&contract)?;
        let base = contract["servers"][0]["url"].as_str().map(base_path).unwrap_or_default();
        let key_of = |operation: &Operation| key(&operation.method, &format!("{base}{}", operation.path));
        let left_out = lowered.left_out.iter().map(key_of).collect();
        let (mut calls, mut by_id) = (BTreeMap::new(), BTreeMap::new());
        for operation in &lowered.operations {
            let Operation { id, name, path, method } = operation.clone();
            let (key, name) = (key_of(operation), ident(&name, Prefix::Underscore));
            by_id.insert(id.clone(), key.clone());
            calls.insert(key, Call { path, verb: method, id, name });
        }
        Ok(Self { contract, lowered, calls, left_out, by_id })
    }

    /// The call that a place names, `GET /v3/..`, and its key.
    pub(super) fn call(&self, operation: &str) -> Option<(&str, &Call)> {
        let (verb, path) = operation.split_once(' ')?;
        let (key, call) = self.calls.get_key_value(&key(verb, path))?;
        Some((key, call))
    }

    /// Whether it has no method for the call that a place names, since no HTTP library here has one for its HTTP method.
    pub(super) fn leaves_out(&self, operation: &str) -> bool {
        operation.split_once(' ').is_some_and(|(verb, path)| self.left_out.contains(&key(verb, path)))
    }

    /// The same call in another version of the client: by its URL, else by its id.
    pub(super) fn counterpart<'a>(&self, key: &str, call: &Call, other: &'a Self) -> Option<&'a Call> {
        other.calls.get(key).or_else(|| {
            let moved = other.by_id.get(&call.id).filter(|key| !self.calls.contains_key(*key))?;
            other.calls.get(moved)
        })
    }

    /// Documented statuses of a call.
    pub(super) fn statuses(&self, call: &Call) -> impl Iterator<Item = &str> {
        members(&self.operation(call)["responses"]).map(|(status, _)| status.as_str())
    }

    /// The documented answer with a status, or with its range.
    pub(super) fn answer(&self, call: &Call, status: &str) -> Option<&Value> {
        let answers = self.operation(call)["responses"].as_object()?;
        let range = |other: &str| {
            matches!(
                (other.as_bytes(), status.as_bytes()),
                ([first, b'X' | b'x', b'X' | b'x'], [own, ..]) if first == own
            )
        };
        let own = answers.get(status).or_else(|| answers.get(&status.to_lowercase()));
        own.or_else(|| answers.iter().find(|(other, _)| range(other)).map(|(_, answer)| answer))
    }

    /// Every named type of a call's answers, and of what it sends.
    pub(super) fn used(&self, call: &Call) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for body in self.statuses(call).filter_map(|status| self.body(call, status)).chain(self.sent(call)) {
            reachable(self, body, &mut found);
        }
        found
    }

    /// The words that all operation ids begin with.
    pub(super) fn prefix(&self) -> &str {
        self.lowered.operations.first().map_or("", |first| first.id.strip_suffix(&*first.name).unwrap_or(""))
    }

    /// The operation in canonical form.
    pub(super) fn operation(&self, call: &Call) -> &Value {
        &self.contract["paths"][call.path.as_str()][call.verb.as_str()]
    }

    /// The operation as lowered.
    pub(super) fn lowered(&self, call: &Call) -> &Value {
        &self.lowered.document["paths"][call.path.as_str()][call.verb.as_str()]
    }

    /// The lowered schema that the client decodes an answer with; `None` where it reads no body.
    pub(super) fn body(&self, call: &Call, status: &str) -> Option<Schema<'_>> {
        let arm = match status.as_bytes().first() {
            Some(b'2') => status,
            // Every error has the one error type of the operation.
            Some(b'4' | b'5' | b'd') => "4XX",
            _ => return None,
        };
        let responses = &self.lowered(call)["responses"];
        let response = responses.get(arm).or_else(|| responses.get("2XX").filter(|_| arm.starts_with('2')))?;
        Some(self.schema(response["content"]["application/json"].get("schema")?))
    }

    /// What a call returns: its success, and its error.
    pub(super) fn returned(&self, call: &Call) -> (String, String) {
        let responses = &self.lowered(call)["responses"];
        let success = members(responses).find(|(status, _)| status.starts_with('2')).map(|(_, response)| response);
        // Progenitor makes bytes of a success of which the contract says nothing.
        let success = success.map_or_else(|| BYTES.to_owned(), |response| form(self, &response["content"]));
        (success, form(self, &responses["4XX"]["content"]))
    }

    /// The lowered schema of what a call sends; `None` if its builder takes no body.
    pub(super) fn sent(&self, call: &Call) -> Option<Schema<'_>> {
        Some(self.schema(members(&self.lowered(call)["requestBody"]["content"]).next()?.1.get("schema")?))
    }

    /// The type of the body that a builder takes.
    pub(super) fn taken(&self, call: &Call) -> Option<String> {
        let content = &self.lowered(call)["requestBody"]["content"];
        let media_type = members(content).next()?.0;
        if media_type == "application/octet-stream" {
            return Some(BYTES.to_owned());
        }
        self.sent(call).map(|schema| declared(self, schema, true))
    }

    /// Whether a call sends a GraphQL document, whose variables are its body.
    pub(super) fn is_graphql(&self, call: &Call) -> bool {
        self.operation(call).get("x-graphql").is_some()
    }

    /// A component, by its name.
    pub(super) fn component(&self, name: &str) -> Schema<'_> {
        self.schema(&self.lowered.document["components"]["schemas"][name])
    }

    /// A schema of the lowered document.
    fn schema<'a>(&'a self, node: &'a Value) -> Schema<'a> {
        Schema::new(&self.lowered.document, node)
    }
}

/// A body that is no JSON.
const BYTES: &str = "Bytes";

/// The type of an answer with this content.
fn form(client: &Client, content: &Value) -> String {
    match members(content).next() {
        Some((media_type, content)) if media_type == "application/json" => {
            declared(client, client.schema(&content["schema"]), true)
        }
        Some(_) => BYTES.to_owned(),
        None => "()".to_owned(),
    }
}

/// `GET /v3/{id}` and `get /v3/{other}` are one call.
fn key(verb: &str, path: &str) -> String {
    format!("{} {}", verb.to_lowercase(), without_names(path))
}

/// The path of a server's URL, which every operation begins with.
fn base_path(url: &str) -> &str {
    split_url(url.trim_end_matches('/')).1
}

#[cfg(test)]
mod tests {
    use super::{base_path, key};

    #[test]
    fn a_call_is_known_by_its_whole_url() {
        assert_eq!(key("GET", "/a/{id}/b"), key("get", "/a/{other}/b"));
        assert_eq!(base_path("https://host/api/"), "/api");
        assert_eq!(base_path("https://host"), "");
    }
}
