//! The calls that a provider makes: what it sends is what a consumer reads, so a change means what it means in an answer.
//! What the consumer answers is what a caller sends.

use super::answers::{answers, covering};
use super::direction::{REQUEST, RESPONSE};
use super::document::{Document, NOTHING};
use super::operations::{Operation, shortened};
use super::parameters::Parameter;
use super::{Differ, keys, requiredness};
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// The place of what a provider sends, as `200` is that of an answer.
const SENT: Location = Location::Body(Part::Whole);

/// What a new operation is. A call that the provider newly makes, by itself or because of an operation that consumers use
/// already, must be answered by them; because of a new operation, by nobody yet.
pub(super) fn kind_of_added(operation: &Operation<'_>, used: &HashSet<&str>) -> Kind {
    let is_used = |cause: &String| used.contains(cause.as_str());
    let is_answered = operation.node["responses"].as_object().is_some_and(|answers| !answers.is_empty());
    if operation.callback && is_answered && operation.cause.as_ref().is_none_or(is_used) {
        Kind::CallbackAdded
    } else {
        Kind::OperationAdded
    }
}

impl<'a> Differ<'a> {
    /// Body, headers and query of one call, and what the consumer may answer.
    pub(super) fn callback(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let body = |document: &Document<'a>, operation: &Operation<'a>| {
            document.resolve(operation.node.get("requestBody").unwrap_or(&Value::Null))
        };
        let raw = |operation: &Operation<'a>| operation.node.get("requestBody").unwrap_or(&NOTHING);
        let mut deviations = self.rest(&keys::REQUEST_BODY, &SENT, raw(old), raw(new));
        let (one, other) = (body(&self.old, old), body(&self.new, new));
        let (was, is) = (one["required"] == true, other["required"] == true);
        if was != is && one.is_object() && other.is_object() {
            let kind = if is { RESPONSE.became_required } else { RESPONSE.became_optional };
            deviations.push(Deviation::new(kind, SENT, requiredness(was), requiredness(is)));
        }
        deviations.extend(self.content(&RESPONSE, &SENT, one, other));
        deviations.extend(self.parameters(old, new));
        deviations.extend(self.answers_of_consumer(old, new));
        deviations
    }

    /// A consumer that answers as the old contract says must be right by the new one: the direction of a request.
    fn answers_of_consumer(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let responses = |operation: &Operation<'a>| operation.node.get("responses").unwrap_or(&NOTHING);
        if self.leads_out(responses(old), responses(new)) {
            return Vec::new();
        }
        let (old, new) = (answers(&self.old, old), answers(&self.new, new));
        let restricted =
            |status: &str| Deviation::new(RESTRICTED, Location::answer(shortened(status)), Value::Null, Value::Null);
        if old.is_empty() {
            return new.keys().map(|status| restricted(status)).collect();
        }
        let mut deviations = Vec::new();
        for (status, old) in &old {
            // A range that was split up into its statuses takes fewer of them.
            match covering(&new, status).or_else(|| new.get("default").copied()) {
                Some(new) => deviations.extend(self.answer_of_consumer(&Location::answer(shortened(status)), old, new)),
                None => deviations.push(restricted(status)),
            }
        }
        for status in
            new.keys().filter(|status| covering(&old, status).or_else(|| old.get("default").copied()).is_none())
        {
            let location = Location::answer(shortened(status));
            deviations.push(Deviation::new(Kind::ResponseStatusAdded, location, Value::Null, Value::Null));
        }
        deviations
    }

    fn answer_of_consumer(&self, status: &Location, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let mut deviations = self.rest(&keys::RESPONSE, status, old, new);
        if self.leads_out(old, new) {
            return deviations;
        }
        let (old, new) = (self.old.resolve(old), self.new.resolve(new));
        deviations.extend(self.headers_of_consumer(status, old, new));
        deviations.extend(self.links(status, old, new));
        let has_content = |document: &Document<'a>, answer| document.entries(answer, "content").next().is_some();
        match (has_content(&self.old, old), has_content(&self.new, new)) {
            (false, true) => {
                let required = requiredness(true);
                deviations.push(Deviation::new(Kind::RequestBodyAddedRequired, status.clone(), Value::Null, required));
            }
            (true, true) => {
                deviations.extend(self.content(&REQUEST, status, old, new));
            }
            (true, false) => {
                let required = requiredness(false);
                deviations.push(Deviation::new(Kind::RequestBodyRemoved, status.clone(), required, Value::Null));
            }
            (false, false) => {}
        }
        deviations
    }

    /// Headers that the consumer sends, in an answer or beside a part of a form.
    pub(super) fn headers_of_consumer(&self, status: &Location, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let stated = |document: &Document<'a>, name, header| Parameter::header(name, document.resolve(header), header);
        let headers = |document: &Document<'a>, answer: &'a Value| -> BTreeMap<String, Parameter<'a>> {
            let headers = document.entries(answer, "headers");
            headers.map(|(name, header)| (name.to_lowercase(), stated(document, name, header))).collect()
        };
        let (old, new) = (headers(&self.old, old), headers(&self.new, new));
        let place = |header: &Parameter<'a>| status.at(Part::Header(shortened(header.name).into_owned()));
        let mut deviations = Vec::new();
        for (key, header) in &old {
            match new.get(key) {
                Some(other) => deviations.extend(self.parameter(&REQUEST, &place(header), header, other)),
                None => deviations.push(header.removed(&REQUEST, place(header))),
            }
        }
        let come = new.iter().filter(|(key, _)| !old.contains_key(*key));
        deviations.extend(come.map(|(_, header)| header.added(&REQUEST, place(header))));
        deviations
    }
}

/// What a consumer may answer is less than before.
const RESTRICTED: Kind = Kind::CallbackAnswerRestricted;

#[cfg(test)]
mod tests {
    use crate::deviation::Kind;
    use crate::diff::diff;
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
        found.map(|one| (one.kind, one.operation, one.location.to_string())).collect()
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

    #[test]
    fn what_a_consumer_must_newly_answer_is_told() {
        let with =
            |answers: Value| contract(&json!({"check": {"{$request.body#/url}": {"get": {"responses": answers}}}}));
        let found = |old: &Value, new: &Value| -> Vec<(Kind, String)> {
            kinds(old, new).into_iter().map(|(kind, _, place)| (kind, place)).collect()
        };
        let told = |kind, place: &str| vec![(kind, place.to_owned())];
        let none = contract(&json!({}));
        let any = with(json!({"200": {}, "204": {}}));
        assert_eq!(found(&none, &any), told(Kind::CallbackAdded, ""));
        // What comes with a new operation is answered by nobody yet, and what needs no answer by nobody at all.
        let added = found(&json!({"paths": {}}), &any);
        assert_eq!(added, [(Kind::OperationAdded, String::new()), (Kind::OperationAdded, String::new())]);
        assert_eq!(found(&none, &with(json!({}))), told(Kind::OperationAdded, ""));

        assert_eq!(found(&any, &with(json!({"200": {}}))), told(Kind::CallbackAnswerRestricted, "204"));
        assert_eq!(found(&with(json!({})), &with(json!({"200": {}}))), told(Kind::CallbackAnswerRestricted, "200"));
        for wider in [json!({"2XX": {}}), json!({"default": {}}), json!({"200": {}, "202": {}, "204": {}})] {
            let found = found(&any, &with(wider.clone()));
            assert!(found.iter().all(|(kind, _)| *kind == Kind::ResponseStatusAdded), "{wider}: {found:?}");
            assert_eq!(found.len(), 1, "{wider}");
        }
        let answer = |schema: Value| with(json!({"200": {"content": {"application/json": {"schema": schema}}}}));
        let object = json!({"type": "object", "properties": {"token": {"type": "string"}}});
        let demanding =
            answer(json!({"type": "object", "required": ["token"], "properties": {"token": {"type": "string"}}}));
        let empty = with(json!({"200": {}}));
        assert_eq!(found(&empty, &answer(object.clone())), told(Kind::RequestBodyAddedRequired, "200"));
        assert_eq!(found(&answer(object.clone()), &empty), told(Kind::RequestBodyRemoved, "200"));
        assert_eq!(found(&answer(object), &demanding), told(Kind::RequestPropertyBecameRequired, "200 token"));
        let header = |required: bool| with(json!({"200": {"headers": {"X-Token": {"required": required}}}}));
        assert_eq!(found(&empty, &header(true)), told(Kind::ParameterAddedRequired, "200 header X-Token"));
        assert_eq!(found(&header(false), &header(true)), told(Kind::ParameterBecameRequired, "200 header X-Token"));
        assert_eq!(found(&empty, &header(false)), told(Kind::ParameterAddedOptional, "200 header X-Token"));
        assert_eq!(found(&header(true), &empty), told(Kind::ParameterRemoved, "200 header X-Token"));
    }

    #[test]
    fn a_callback_is_found_again_when_a_parameter_of_its_path_has_another_name() {
        let at = |path: &str| {
            let callbacks = json!({"event": {"{$request.body#/url}": {"post": {"responses": {"200": {}}}}}});
            json!({"paths": {path: {"post": {"operationId": "hook", "callbacks": callbacks, "responses": {"200": {}}}}}})
        };
        assert_eq!(kinds(&at("/hooks/{id}"), &at("/hooks/{hookId}")), []);
    }
}
