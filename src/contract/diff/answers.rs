//! The answers of one operation: statuses, headers, bodies, error codes.

use super::bodies::MediaKinds;
use super::direction::RESPONSE;
use super::facets::Facets;
use super::operations::Operation;
use super::schema::Comparer;
use super::{Differ, Document, codes};
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Answers by status; `default` and ranges such as `4XX` are statuses too.
pub(super) type Answers<'a> = BTreeMap<String, &'a Value>;

pub(super) fn answers<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Answers<'a> {
    let responses = operation.node["responses"].as_object().into_iter().flatten();
    let status = |status: &str| if status == "default" { status.to_owned() } else { status.to_uppercase() };
    let answers = responses.filter(|(name, _)| !name.starts_with("x-"));
    answers.map(|(name, response)| (status(name), document.resolve(response))).collect()
}

/// The answer for a status: its own, that of its range, or the default. A success is never the default: a consumer waits
/// for it by its number.
pub(super) fn covering<'a>(answers: &Answers<'a>, status: &str) -> Option<&'a Value> {
    let range = || format!("{}XX", status.chars().next().unwrap_or_default());
    let default = || if status.starts_with('2') { None } else { answers.get("default") };
    answers.get(status).or_else(|| answers.get(&range())).or_else(default).copied()
}

impl<'a> Differ<'a> {
    pub(super) fn answers(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let (old, new) = (answers(&self.old, old), answers(&self.new, new));
        let mut deviations = Vec::new();
        for (status, answer) in &old {
            match covering(&new, status) {
                Some(other) => deviations.extend(self.answer(status, answer, other)),
                // A range that was split up into its statuses is not gone.
                None if status.ends_with("XX") && new.keys().any(|other| other.starts_with(&status[..1])) => {}
                None => {
                    let kind = if status.starts_with('2') {
                        Kind::ResponseSuccessRemoved
                    } else {
                        Kind::ResponseStatusRemoved
                    };
                    deviations.push(Deviation::new(kind, status.as_str(), Value::Null, Value::Null));
                }
            }
        }
        for status in new.keys().filter(|status| covering(&old, status).is_none()) {
            if status.ends_with("XX") && old.keys().any(|other| other.starts_with(&status[..1])) {
                continue;
            }
            deviations.push(Deviation::new(Kind::ResponseStatusAdded, status.as_str(), Value::Null, Value::Null));
        }
        deviations
    }

    fn answer(&self, status: &str, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let mut deviations = self.headers(status, old, new);
        let kinds = MediaKinds { added: Kind::ResponseMediaTypeAdded, removed: Kind::ResponseMediaTypeRemoved };
        deviations.extend(self.content(&RESPONSE, status, &kinds, old, new));
        deviations.extend(codes::compare(status, (&self.old, old), (&self.new, new)));
        deviations
    }

    fn headers(&self, status: &str, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let headers = |document: &Document<'a>, answer: &'a Value| -> BTreeMap<String, (&'a str, &'a Value)> {
            let headers = answer["headers"].as_object().into_iter().flatten();
            headers.map(|(name, header)| (name.to_lowercase(), (name.as_str(), document.resolve(header)))).collect()
        };
        let (old, new) = (headers(&self.old, old), headers(&self.new, new));
        let place = |name: &str| format!("{status} header {name}");
        let mut deviations = Vec::new();
        for (key, (name, old)) in &old {
            let Some((_, new)) = new.get(key) else {
                deviations.push(Deviation::new(Kind::ResponseHeaderRemoved, place(name), Value::Null, Value::Null));
                continue;
            };
            let (was, is) = (old["required"] == true, new["required"] == true);
            if was != is {
                let kind = if is { Kind::ResponseHeaderBecameRequired } else { Kind::ResponseHeaderBecameOptional };
                deviations.push(Deviation::new(kind, place(name), was, is));
            }
            let schema = |header: &'a Value| header.get("schema").unwrap_or(header);
            let root = place(name);
            deviations.extend(Comparer::new(self, &RESPONSE, &root).run(Some(schema(old)), Some(schema(new))));
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

/// Names of the properties of success answers, two objects deep.
fn properties<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeSet<&'a str> {
    let successes = answers(document, operation);
    let contents = successes.iter().filter(|(status, _)| status.starts_with('2')).map(|(_, answer)| &answer["content"]);
    let schemas = contents.flat_map(|content| content.as_object().into_iter().flatten());
    let mut names = BTreeSet::new();
    for schema in schemas.filter_map(|(_, content)| content.get("schema")) {
        let outer = Facets::of(document, &[schema]);
        let items = Facets::of(document, &outer.items);
        for (name, inner) in outer.properties.iter().chain(&items.properties) {
            names.insert(*name);
            names.extend(Facets::of(document, inner).properties.into_keys());
        }
    }
    names
}
