//! The answers of one operation: statuses, headers, bodies, error codes.

use super::direction::RESPONSE;
use super::document::NOTHING;
use super::facets::Facets;
use super::operations::{Operation, shortened};
use super::parameters::Parameter;
use super::rest::stated;
use super::{Differ, Document, codes, keys};
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Answers by status; `default` and ranges such as `4XX` are statuses too.
pub(super) type Answers<'a> = BTreeMap<String, &'a Value>;

pub(super) fn answers<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Answers<'a> {
    let responses = document.entries(operation.node, "responses");
    let status = |status: &str| if status == "default" { status.to_owned() } else { status.to_uppercase() };
    let answers = responses.filter(|(name, _)| !name.starts_with("x-"));
    answers.map(|(name, response)| (status(name), response)).collect()
}

/// The answer for a status: its own, that of its range, or the default. A success is never the default: a consumer waits
/// for it by its number.
pub(super) fn covering<'a>(answers: &Answers<'a>, status: &str) -> Option<&'a Value> {
    let range = || format!("{}XX", status.chars().next().unwrap_or_default());
    let default = || if status.starts_with('2') { None } else { answers.get("default") };
    answers.get(status).or_else(|| answers.get(&range())).or_else(default).copied()
}

/// What an older document says of a status that it does not have: of a success it may be the default, where that is all
/// that it says of success.
fn former<'a>(answers: &Answers<'a>, status: &str) -> Option<&'a Value> {
    let has_success = || answers.keys().any(|other| other.starts_with('2'));
    covering(answers, status).or_else(|| if has_success() { None } else { answers.get("default").copied() })
}

/// Whether a range has a status of its own in a document that does not have the range: `2XX` that was split up is not gone.
fn is_split(range: &str, answers: &Answers<'_>) -> bool {
    let first = |status: &str| status.chars().next();
    range.ends_with("XX") && answers.keys().any(|other| first(other) == first(range))
}

impl<'a> Differ<'a> {
    pub(super) fn answers(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let responses = |operation: &Operation<'a>| operation.node.get("responses").unwrap_or(&NOTHING);
        if self.leads_out(responses(old), responses(new)) {
            return Vec::new();
        }
        let (old, new) = (answers(&self.old, old), answers(&self.new, new));
        let mut deviations = Vec::new();
        for (status, answer) in &old {
            match covering(&new, status) {
                Some(other) => deviations.extend(self.answer(status, answer, other)),
                None if is_split(status, &new) => {}
                None => {
                    let kind = if status.starts_with('2') {
                        Kind::ResponseSuccessRemoved
                    } else {
                        Kind::ResponseStatusRemoved
                    };
                    deviations.push(Deviation::new(kind, place(status), Value::Null, Value::Null));
                }
            }
        }
        for (status, answer) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
            match former(&old, status) {
                // It was a part of what a range or the default says.
                Some(other) => deviations.extend(self.answer(status, other, answer)),
                None if is_split(status, &old) => {}
                None => {
                    deviations.push(Deviation::new(Kind::ResponseStatusAdded, place(status), Value::Null, Value::Null));
                }
            }
        }
        deviations
    }

    fn answer(&self, status: &str, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let status = &place(status);
        let mut deviations = self.rest(&keys::RESPONSE, status, old, new);
        if self.leads_out(old, new) {
            return deviations;
        }
        let (old, new) = (self.old.resolve(old), self.new.resolve(new));
        deviations.extend(self.headers(status, old, new));
        deviations.extend(self.content(&RESPONSE, status, old, new));
        deviations.extend(codes::compare(status, (&self.old, old), (&self.new, new)));
        deviations.extend(self.links(status, old, new));
        deviations
    }

    pub(super) fn links(&self, status: &Location, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let links = |document: &Document<'a>, answer: &'a Value| -> BTreeMap<&'a String, &'a Value> {
            document.entries(answer, "links").filter(|(name, _)| !name.starts_with("x-")).collect()
        };
        let (was, is) = (links(&self.old, old), links(&self.new, new));
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).copied().collect();
        let mut deviations = Vec::new();
        for name in names {
            let (before, after) = (was.get(name).copied(), is.get(name).copied());
            if !self.is_same(before.unwrap_or(&NOTHING), after.unwrap_or(&NOTHING), false) {
                let (before, after) = (stated(name, before), stated(name, after));
                deviations.push(Deviation::new(Kind::LinkChanged, status.clone(), before, after));
            }
        }
        deviations
    }

    pub(super) fn headers(&self, status: &Location, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let headers = |document: &Document<'a>, answer: &'a Value| -> BTreeMap<String, (&'a str, &'a Value)> {
            let headers = document.entries(answer, "headers");
            headers.map(|(name, header)| (name.to_lowercase(), (name.as_str(), header))).collect()
        };
        if self.leads_out(old.get("headers").unwrap_or(&NOTHING), new.get("headers").unwrap_or(&NOTHING)) {
            return Vec::new();
        }
        let (old, new) = (headers(&self.old, old), headers(&self.new, new));
        let place = |name: &str| status.at(Part::Header(shortened(name).into_owned()));
        let mut deviations = Vec::new();
        for (key, (name, old)) in &old {
            let Some((_, new)) = new.get(key) else {
                deviations.push(Deviation::new(Kind::ResponseHeaderRemoved, place(name), Value::Null, Value::Null));
                continue;
            };
            let root = place(name);
            // As Swagger 2.0 has it, the schema may stand in the header itself.
            let is_plain =
                |header: &Value| header.is_object() && header.get("schema").or(header.get("content")).is_none();
            let raw = (*old, *new);
            let (old, new) = (self.old.resolve(old), self.new.resolve(new));
            if !is_plain(old) && !is_plain(new) {
                deviations.extend(self.rest(&keys::HEADER, &root, raw.0, raw.1));
            }
            if self.leads_out(raw.0, raw.1) {
                continue;
            }
            let (was, is) = (old["required"] == true, new["required"] == true);
            if was != is {
                let kind = if is { Kind::ResponseHeaderBecameRequired } else { Kind::ResponseHeaderBecameOptional };
                deviations.push(Deviation::new(kind, place(name), was, is));
            }
            let (was, is) = (old["deprecated"] == true, new["deprecated"] == true);
            if was != is {
                deviations.push(Deviation::new(Kind::ParameterDeprecatedChanged, place(name), was, is));
            }
            let both = [(old, raw.0), (new, raw.1)].map(|(node, raw)| Parameter::header(name, node, raw));
            deviations.extend(self.styles(&root, &both[0], &both[1]));
            deviations.extend(self.value(&RESPONSE, &root, [false, false], old, new));
        }
        for (name, _) in new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, header)| header) {
            deviations.push(Deviation::new(Kind::ResponseHeaderAdded, place(name), Value::Null, Value::Null));
        }
        deviations
    }

    /// Whether the success answers of two operations have most of their properties in common.
    pub(super) fn answer_alike(&self, old: &Operation<'a>, new: &Operation<'a>) -> bool {
        let (old, new) = (properties(&self.old, old), properties(&self.new, new));
        let shared = old.intersection(&new).count();
        old.union(&new).count() * 2 <= shared * 3
    }
}

fn place(status: &str) -> Location {
    Location::answer(shortened(status))
}

/// Names of the properties of success answers, two objects deep.
pub(super) fn properties<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeSet<&'a str> {
    let successes = answers(document, operation);
    let contents = successes.iter().filter(|(status, _)| status.starts_with('2')).map(|(_, answer)| *answer);
    let media_types = contents.flat_map(|answer| document.entries(answer, "content"));
    let mut names = BTreeSet::new();
    for schema in media_types.filter_map(|(_, content)| document.resolve(content).get("schema")) {
        let outer = Facets::of(document, &[schema]);
        let items = Facets::of(document, &outer.items);
        for (name, inner) in outer.properties.iter().chain(&items.properties) {
            names.insert(*name);
            names.extend(Facets::of(document, inner).properties.into_keys());
        }
    }
    names
}
