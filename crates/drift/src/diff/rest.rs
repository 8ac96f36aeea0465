//! What is not compared: it is found where two documents differ in it, and reported with its place and the reason.

use super::Differ;
use super::applicators::Change;
use super::document::NOTHING;
use super::facets::Facets;
use super::keys::{Object, Shape};
use super::memo::Level;
use super::same::same;
use super::schema::Comparer;
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

/// Letters of a statement that are printed.
const LONGEST: usize = 200;

/// What an object says that says nothing.
static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// Pairs of schemas of one place that are held against each other.
const MOST_PAIRS: usize = 10_000;

/// Something at a place that could not be compared.
pub(super) fn not_compared(location: Location, reason: impl Into<String>, old: Value, new: Value) -> Deviation {
    Deviation { not_compared: Some(reason.into()), ..Deviation::new(Kind::NotCompared, location, old, new) }
}

/// What a key says, as far as a reader wants to see it; null where it is not there.
pub(super) fn stated(key: &str, value: Option<&Value>) -> Value {
    let Some(value) = value else { return Value::Null };
    Value::Object(Map::from_iter([(key.to_owned(), excerpt(value))]))
}

fn excerpt(value: &Value) -> Value {
    /// Stops where a reader stops: a value may be as large as its document.
    struct Short(Vec<u8>);
    impl std::io::Write for Short {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.extend_from_slice(bytes);
            if self.0.len() > 4 * LONGEST { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut short = Short(Vec::new());
    let is_whole = serde_json::to_writer(&mut short, value).is_ok();
    let text = String::from_utf8_lossy(&short.0);
    if is_whole && text.chars().count() <= LONGEST {
        value.clone()
    } else {
        format!("{}…", text.chars().take(LONGEST).collect::<String>()).into()
    }
}

pub(super) fn leads_nowhere(reference: &str) -> String {
    let shown: String = reference.chars().take(LONGEST).collect();
    format!("`$ref: {shown}` leads nowhere in the document")
}

/// Why a reference cannot be followed, where that hides something: what leads nowhere on both sides hides nothing.
fn unfollowed(reference: &str, both: bool) -> Option<String> {
    match reference.strip_prefix('#') {
        Some(_) if both => None,
        Some(_) => Some(leads_nowhere(reference)),
        None => {
            let shown: String = reference.chars().take(LONGEST).collect();
            Some(format!("`$ref: {shown}` names another document, which was not read"))
        }
    }
}

/// Reports references that lead nowhere; false where no more can be said of what they stand for.
pub(super) fn stuck(location: &Location, old: Option<&str>, new: Option<&str>, found: &mut Vec<Deviation>) -> bool {
    let references: BTreeSet<&str> = old.into_iter().chain(new).collect();
    for reference in references {
        let told = |side: Option<&str>| stated("$ref", side.filter(|own| *own == reference).map(Value::from).as_ref());
        if let Some(reason) = unfollowed(reference, old == new) {
            found.push(not_compared(location.clone(), reason, told(old), told(new)));
        }
    }
    old.is_none() && new.is_none()
}

/// Keeps one of the findings that say the same of one operation. A schema that cannot be read is met twice: by the object that has
/// it, such as a media type, and by the comparison of schemas, whose locations are those of the message.
pub(super) fn once(found: &mut Vec<Deviation>) {
    type Key = (Location, String, [String; 2]);
    let key = |location: Location, deviation: &Deviation| -> Option<Key> {
        let stated = [&deviation.expected, &deviation.observed].map(ToString::to_string);
        Some((location, deviation.not_compared.clone()?, stated))
    };
    let is_of_type = |location: &Location| match location {
        Location::Parameter { part, .. } | Location::Body(part) | Location::Answer { part, .. } => {
            matches!(part, Part::MediaType(_))
        }
        _ => false,
    };
    let of_messages = found.iter().filter(|deviation| !is_of_type(&deviation.location));
    let of_messages: HashSet<Key> =
        of_messages.filter_map(|deviation| key(deviation.location.clone(), deviation)).collect();
    let mut seen = HashSet::new();
    found.retain(|deviation| {
        let location = &deviation.location;
        let of_message = is_of_type(location).then(|| key(location.at(Part::Whole), deviation)).flatten();
        !of_message.is_some_and(|key| of_messages.contains(&key))
            && key(location.clone(), deviation).is_none_or(|key| seen.insert(key))
    });
}

impl<'a> Differ<'a> {
    /// What differs between two objects in keys that are not compared, and what of them cannot be seen.
    pub(super) fn rest(&self, object: &Object, location: &Location, old: &'a Value, new: &'a Value) -> Vec<Deviation> {
        let (one, other) = (self.old.follow(old), self.new.follow(new));
        let mut found = Vec::new();
        if !stuck(location, one.stuck, other.stuck, &mut found) {
            return found;
        }
        // An object of nothing but prose is read as null.
        let map = |node: &'a Value| node.as_object().or_else(|| node.is_null().then(|| &*EMPTY));
        let (Some(was), Some(is)) = (map(one.node), map(other.node)) else {
            if !self.is_same(one.node, other.node, false) {
                let reason = format!("one of the two is not an object, as a {} has to be", object.name);
                found.push(not_compared(
                    location.clone(),
                    reason,
                    stated(object.name, Some(one.node)),
                    stated(object.name, Some(other.node)),
                ));
            }
            return found;
        };
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys.into_iter().filter(|key| !key.starts_with("x-") && !object.idle.contains(&key.as_str())) {
            let (before, after) = (was.get(key), is.get(key));
            let (had, has) = (before.unwrap_or(&NOTHING), after.unwrap_or(&NOTHING));
            let shape = object.compared.iter().find(|(known, _)| known == key).map(|(_, shape)| *shape);
            let reason = match shape {
                Some(shape) => {
                    let (one, other) = (self.old.follow(had), self.new.follow(has));
                    if !stuck(location, one.stuck, other.stuck, &mut found) {
                        continue;
                    }
                    let fits = |value: &Value| value.is_null() || shape.fits(value);
                    if fits(one.node) && fits(other.node) {
                        continue;
                    }
                    format!("`{key}` of a {} is not read in this form", object.name)
                }
                None if key == "$ref" => continue,
                None => format!("`{key}` of a {} is not compared", object.name),
            };
            if !self.is_same(had, has, super::keys::OF_NAMES.contains(&key.as_str())) {
                found.push(not_compared(location.clone(), reason, stated(key, before), stated(key, after)));
            }
        }
        // A reference in an object counts alone; some readers take what stands beside it as well.
        for (holder, document, is_old) in [(old, &self.old, true), (new, &self.new, false)] {
            let beside = super::document::reference(holder).and(holder.as_object()).into_iter().flatten();
            let says = |key: &str| key != "$ref" && !key.starts_with("x-") && !object.idle.contains(&key);
            for (key, value) in beside.filter(|(key, _)| says(key)) {
                let own = document.resolve(holder).get(key);
                let mirror = if is_old { new } else { old }.get(key);
                if own != Some(value) && mirror != Some(value) {
                    let reason = format!("`{key}` stands beside a `$ref`, which counts alone");
                    let told = stated(key, Some(value));
                    let (before, after) = if is_old { (told, Value::Null) } else { (Value::Null, told) };
                    found.push(not_compared(location.clone(), reason, before, after));
                }
            }
        }
        found
    }

    pub(super) fn is_same(&self, old: &'a Value, new: &'a Value, of_names: bool) -> bool {
        same((&self.old, old), (&self.new, new), of_names)
    }
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Map => value.is_object(),
            Self::List => value.is_array(),
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Any => true,
        }
    }
}

impl<'a> Comparer<'_, 'a> {
    /// Reports references that lead nowhere; false where the two schemas lack other ones, so that nothing can be said.
    pub(super) fn compare_stuck(&mut self, old: &Facets<'a>, new: &Facets<'a>) -> bool {
        for reference in old.stuck.union(&new.stuck) {
            let told = |facets: &Facets<'a>| {
                stated("$ref", facets.stuck.get(reference).map(|reference| Value::from(*reference)).as_ref())
            };
            let both = old.stuck.contains(reference) && new.stuck.contains(reference);
            if let Some(reason) = unfollowed(reference, both) {
                self.push_blind(reason, told(old), told(new));
            }
        }
        old.stuck == new.stuck
    }

    /// Keywords that are not compared, where they differ.
    pub(super) fn compare_rest(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let keys: BTreeSet<&str> = old.rest.keys().chain(new.rest.keys()).copied().collect();
        for key in keys {
            let list = |facets: &Facets<'a>| facets.rest.get(key).cloned().unwrap_or_default();
            let (before, after) = (list(old), list(new));
            if !self.is_rest_same(key, &before, &after) {
                let reason = match key {
                    "" => "what stands here is no schema".to_owned(),
                    key => format!("the keyword `{key}` is not compared"),
                };
                let told = |values: &[&'a Value]| stated(key, values.first().copied());
                self.push_blind(reason, told(&before), told(&after));
            }
        }
    }

    fn is_rest_same(&mut self, key: &str, old: &[&'a Value], new: &[&'a Value]) -> bool {
        if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > MOST_PAIRS {
            return false;
        }
        let is_in = |value: &'a Value, others: &[&'a Value], is_old: bool| {
            others.iter().any(|other| {
                let (old, new) = if is_old { (value, *other) } else { (*other, value) };
                self.differ.is_same(old, new, super::keys::OF_NAMES.contains(&key))
            })
        };
        old.iter().all(|value| is_in(value, new, true)) && new.iter().all(|value| is_in(value, old, false))
    }

    /// What must not fit narrows a schema, and what is taken back widens it.
    pub(super) fn compare_excluded(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        if old.excluded.is_empty() && new.excluded.is_empty() {
            return;
        }
        if old.excluded.len().saturating_mul(new.excluded.len()) > MOST_PAIRS {
            return self.push_blind("too many schemas must not fit here", Value::Null, Value::Null);
        }
        let mut come: Vec<&'a Value> = new.excluded.clone();
        let mut gone: Vec<&'a Value> = Vec::new();
        let mut change = Change::None;
        for excluded in &old.excluded {
            match come.iter().position(|other| self.attempt(&[*excluded], &[*other]).level == Level::Same) {
                Some(at) => {
                    let other = come.remove(at);
                    if self.attempt(&[*excluded], &[other]).blind {
                        change = Change::Blind;
                    }
                }
                None => gone.push(excluded),
            }
        }
        change = match (&gone[..], &come[..]) {
            ([], []) => change,
            // What fits the one and not the other counts the other way round.
            ([old], [new]) if self.breaks(self.direction, &[*new], &[*old]) => Change::Harmful,
            ([_], [_]) => Change::Harmless,
            (gone, come) => self.listed(!gone.is_empty(), !come.is_empty()),
        };
        let list = |excluded: &[&'a Value]| -> Option<Value> {
            (!excluded.is_empty()).then(|| excluded.iter().copied().cloned().collect())
        };
        self.push_change(change, "not", list(&old.excluded).as_ref(), list(&new.excluded).as_ref());
    }
}
