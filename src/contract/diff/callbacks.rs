//! The calls that a provider makes: what it sends is what a consumer reads, so a change means what it means in an answer.

use super::Differ;
use super::bodies::MediaKinds;
use super::direction::RESPONSE;
use super::operations::Operation;
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// The place of what a provider sends, as `200` is that of an answer.
const SENT: &str = "body";

impl<'a> Differ<'a> {
    /// Body, headers and query of one call. What a consumer may answer is not compared: any success will do for the callbacks
    /// that are in use.
    pub(super) fn callback(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let body = |document: &super::Document<'a>, operation: &Operation<'a>| {
            document.resolve(operation.node.get("requestBody").unwrap_or(&Value::Null))
        };
        let kinds = MediaKinds { added: Kind::ResponseMediaTypeAdded, removed: Kind::ResponseMediaTypeRemoved };
        let mut deviations = self.content(&RESPONSE, SENT, &kinds, body(&self.old, old), body(&self.new, new));
        for (location, place, removed, added) in [
            ("header", format!("{SENT} header"), Kind::ResponseHeaderRemoved, Kind::ResponseHeaderAdded),
            ("query", "query".to_owned(), Kind::ResponsePropertyRemoved, Kind::ResponsePropertyAdded),
        ] {
            let (old, new) = (self.old.sent(location, old), self.new.sent(location, new));
            let less = |these: &BTreeMap<String, &str>, those: &BTreeMap<String, &str>, kind: Kind| -> Vec<Deviation> {
                let own = these.iter().filter(|(key, _)| !those.contains_key(*key));
                own.map(|(_, name)| Deviation::new(kind, format!("{place} {name}"), Value::Null, Value::Null)).collect()
            };
            deviations.extend(less(&old, &new, removed));
            deviations.extend(less(&new, &old, added));
        }
        deviations
    }
}

impl<'a> super::Document<'a> {
    /// What a call has in its headers or its query. Names of headers are compared in lower case.
    fn sent(&self, location: &str, operation: &Operation<'a>) -> BTreeMap<String, &'a str> {
        let holders = [operation.item, operation.node].into_iter();
        let parameters = holders.flat_map(|holder| holder["parameters"].as_array().into_iter().flatten());
        let own = parameters.map(|node| self.resolve(node)).filter(|node| node["in"] == location);
        let key = |name: &str| if location == "header" { name.to_lowercase() } else { name.to_owned() };
        own.filter_map(|node| node["name"].as_str()).map(|name| (key(name), name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::diff::diff;
    use crate::deviation::Kind;
    use serde_json::{Value, json};

    fn contract(callbacks: &Value) -> Value {
        json!({"paths": {"/hooks": {"post": {"operationId": "hook", "callbacks": callbacks, "responses": {"200": {}}}}}})
    }

    fn event(schema: &Value, header: &str) -> Value {
        let parameters = json!([{"in": "header", "name": header, "schema": {"type": "string"}}]);
        let body = json!({"content": {"application/json": {"schema": schema}}});
        contract(&json!({"event": {"{$request.body#/url}": {"post": {"parameters": parameters, "requestBody": body}}}}))
    }

    fn kinds(old: &Value, new: &Value) -> Vec<(Kind, String, String)> {
        let found = diff(old, new).deviations.into_iter();
        found.map(|one| (one.kind, one.operation, one.pointer)).collect()
    }

    #[test]
    fn what_a_call_has_in_its_query_is_read_as_well() {
        let with = |names: &[&str]| {
            let parameters: Vec<Value> = names.iter().map(|name| json!({"in": "query", "name": name})).collect();
            contract(&json!({"check": {"{$request.body#/url}": {"get": {"parameters": parameters}}}}))
        };
        let told =
            |kind, name: &str| vec![(kind, "GET callback check of POST /hooks".to_owned(), format!("query {name}"))];
        assert_eq!(kinds(&with(&["token"]), &with(&[])), told(Kind::ResponsePropertyRemoved, "token"));
        assert_eq!(kinds(&with(&["token"]), &with(&["token", "more"])), told(Kind::ResponsePropertyAdded, "more"));
    }

    #[test]
    fn what_a_provider_sends_is_what_a_consumer_reads() {
        let name = "POST callback event of POST /hooks".to_owned();
        let old = event(&json!({"type": "object", "properties": {"id": {"type": "string"}}}), "X-Token");
        let new = event(&json!({"type": "object", "properties": {}}), "x-token");
        assert_eq!(kinds(&old, &new), [(Kind::ResponsePropertyRemoved, name.clone(), "body id".to_owned())]);
        assert_eq!(kinds(&new, &old), [(Kind::ResponsePropertyAdded, name.clone(), "body id".to_owned())]);
        let other = event(&json!({"type": "object", "properties": {}}), "X-Other");
        let headers = [
            (Kind::ResponseHeaderRemoved, name.clone(), "body header x-token".to_owned()),
            (Kind::ResponseHeaderAdded, name.clone(), "body header X-Other".to_owned()),
        ];
        assert_eq!(kinds(&new, &other), headers);
        assert_eq!(kinds(&new, &contract(&json!({}))), [(Kind::OperationRemoved, name, String::new())]);
        assert_eq!(kinds(&old, &old), []);
    }
}
