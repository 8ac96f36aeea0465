//! Two `OpenAPI` documents, raw or canonical: every change that a consumer could meet, once, at its place.
//!
//! Nothing here judges. Prose, order, `$ref` against inline, and the ways of saying "or null" make no difference.

mod answers;
mod applicators;
mod bodies;
mod callbacks;
mod codes;
mod credible;
mod cut;
mod direction;
mod document;
mod facets;
mod graph;
mod keys;
mod keywords;
mod media;
mod memo;
mod moves;
mod names;
mod number;
mod operations;
mod parameters;
mod properties;
pub(super) mod rename;
mod rest;
mod same;
mod schema;
mod security;
mod servers;
mod subtypes;
#[cfg(test)]
mod tests;
mod texts;
mod types;
mod variants;

use crate::deviation::{Deviation, Kind};
use crate::location::Location;
pub use credible::credible;
pub use cut::cut_short;
use document::Document;
use graph::Graph;
use memo::Memo;
pub use names::names;
use operations::{Operation, Surface};
pub(crate) use operations::{split as split_url, template as without_names};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Schemas, references and values that one comparison may visit: more than any real document has by far.
const MOST_STEPS: usize = 6_000_000;
/// What the comparison of a pair of schemas counts for.
const STEPS: usize = 8;
/// How many of them may be spent on comparing schemas anew that differ and are listed at another location.
const MOST_REPEATS: usize = 2_000_000;

/// What two documents have apart.
#[derive(Debug, Default)]
pub struct Difference {
    /// Every change, operation by operation.
    pub deviations: Vec<Deviation>,
    /// What was tolerated.
    pub notes: Vec<String>,
}

/// Compares two documents.
///
/// Whether the new one is [`credible`] is asked first: a document that was cut off has a removal for all that it lacks.
///
/// ```
/// use serde_json::json;
/// use vigie_drift::diff::{credible, diff};
/// use vigie_drift::{causes, find};
/// use vigie_drift::finding::Class;
///
/// let contract = |required: bool| {
///     let page = json!({"name": "page", "in": "query", "required": required, "schema": {"type": "integer"}});
///     json!({"paths": {"/cars": {"get": {"parameters": [page], "responses": {"200": {"description": "cars"}}}}}})
/// };
/// let (old, new) = (contract(false), contract(true));
/// assert_eq!(credible(&old, &new), Ok(()));
/// let findings: Vec<_> = diff(&old, &new).deviations.into_iter().map(|fact| find(fact, |_| None)).collect();
/// let causes = causes::group(&findings);
/// assert_eq!((causes[0].rule.id, causes[0].class), ("parameter-became-required", Class::Breaking));
/// assert_eq!(causes[0].places[0].location.to_string(), "query:page");
/// ```
#[must_use]
pub fn diff(old: &Value, new: &Value) -> Difference {
    diff_listing(old, new, Listing::Messages)
}

/// Compares two documents, and lists what differs in shared schemas at so many locations.
#[must_use]
pub fn diff_listing(old: &Value, new: &Value, listing: Listing) -> Difference {
    let differ = Differ::new(old, new, listing);
    let mut deviations = differ.run();
    // What leads nowhere hides what stands there, also where nothing is compared: in what is new.
    for (reference, place) in credible::newly_dangling(&differ) {
        let reason = rest::leads_nowhere(&reference);
        if !deviations.iter().any(|known| known.not_compared.as_ref() == Some(&reason)) {
            let told = rest::stated("$ref", Some(&reference.into()));
            deviations.push(rest::not_compared(Location::pointer(place), reason, Value::Null, told).of("*"));
        }
    }
    let mut notes = Vec::new();
    for (side, document) in [("old", &differ.old), ("new", &differ.new)] {
        notes.extend(document.notes.borrow().iter().map(|note| format!("{side}: {note}")));
    }
    if differ.repeats.get() == 0 {
        notes.push("schemas refer to each other very often: a change of one is listed once in each message, and not at every location".into());
    }
    Difference { deviations, notes }
}

/// Where a change of shared schemas is listed when they refer to each other very often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Once in each message that it shows in, after the first of them.
    Messages,
    /// At every location.
    Locations,
}

struct Differ<'a> {
    old: Document<'a>,
    new: Document<'a>,
    /// What is known of pairs of schemas.
    memo: RefCell<Memo>,
    /// What differs in each pair, for the locations at which it is not compared anew.
    graph: RefCell<Graph>,
    /// How many steps pairs may take that are listed once more.
    repeats: Cell<usize>,
}

impl<'a> Differ<'a> {
    fn new(old: &'a Value, new: &'a Value, listing: Listing) -> Self {
        Self {
            old: Document::new(old),
            new: Document::new(new),
            memo: RefCell::default(),
            graph: RefCell::default(),
            repeats: Cell::new(if listing == Listing::Locations { usize::MAX } else { MOST_REPEATS }),
        }
    }

    fn run(&self) -> Vec<Deviation> {
        let [old, new] = Surface::both(&self.old, &self.new);
        let mut deviations = self.servers(&old, &new);
        deviations.extend(self.sections(&old, &new));
        let mut matching = old.matching(&new);
        // Where a path leads out of the document, nobody knows which operations it has.
        let is_seen = |operation: &Operation<'a>, document: &Document<'a>, items: &Surface<'a>| {
            let item = items.items.get(operation.template());
            operation.callback || item.is_none_or(|item| document.follow(item.raw).stuck.is_none())
        };
        matching.removed.retain(|position| is_seen(&old.operations[*position], &self.new, &new));
        matching.added.retain(|position| is_seen(&new.operations[*position], &self.old, &old));
        self.pair_moved(&old, &new, &mut matching);
        let twins = self.twins(&old, &new, &matching.removed, &matching.added);
        for position in matching.removed {
            let operation = &old.operations[position];
            let twin = twins.iter().find(|(gone, _)| *gone == position).map(|(_, come)| &new.operations[*come]);
            let id = operation.id.map_or(Value::Null, Value::from);
            let removed = Deviation::new(Kind::OperationRemoved, Location::Whole, id, Value::Null).of(&operation.name);
            deviations.push(Deviation { twin: twin.map(|twin| twin.path.clone()), ..removed });
        }
        let used: HashSet<&str> = old.operations.iter().map(|operation| operation.key.as_str()).collect();
        for position in matching.added {
            let operation = &new.operations[position];
            let twin = twins.iter().find(|(_, come)| *come == position).map(|(gone, _)| &old.operations[*gone]);
            let id = operation.id.map_or(Value::Null, Value::from);
            let kind = callbacks::kind_of_added(operation, &used);
            let added = Deviation::new(kind, Location::Whole, Value::Null, id).of(&operation.name);
            deviations.push(Deviation { twin: twin.map(|twin| twin.path.clone()), ..added });
        }
        for (old_position, new_position) in matching.pairs.into_iter().chain(matching.moved) {
            let (old, new) = (&old.operations[old_position], &new.operations[new_position]);
            let mut own = url_and_id(old, new);
            own.extend(self.content_of(old, new));
            rest::once(&mut own);
            deviations.extend(own.into_iter().map(|deviation| deviation.of(&old.name)));
        }
        deviations
    }

    /// What concerns no operation more than another: sections of the documents, and what of a path is not compared.
    fn sections(&self, old: &Surface<'a>, new: &Surface<'a>) -> Vec<Deviation> {
        let mut deviations = self.rest(&keys::DOCUMENT, &Location::Whole, self.old.root, self.new.root);
        let (was, is) = (self.old.root.get("jsonSchemaDialect"), self.new.root.get("jsonSchemaDialect"));
        let is_read = |dialect: Option<&Value>| dialect.is_none_or(keys::is_read_dialect);
        if was != is && !(is_read(was) && is_read(is)) {
            let reason = "the keywords are those of a dialect that is not read";
            let told = |dialect| rest::stated("jsonSchemaDialect", dialect);
            deviations.push(rest::not_compared(Location::Whole, reason, told(was), told(is)));
        }
        if old.is_cut || new.is_cut {
            let reason = "there are too many operations, or their names are too long; the others were not compared";
            deviations.push(rest::not_compared(Location::Whole, reason, Value::Null, Value::Null));
        }
        let paths: BTreeSet<&String> = old.items.keys().chain(new.items.keys()).collect();
        for path in paths {
            let (was, is) = (old.items.get(path), new.items.get(path));
            let location = Location::pointer(was.or(is).map_or("", |item| item.path));
            match (was, is) {
                (Some(was), Some(is)) => deviations.extend(self.rest(&keys::PATH_ITEM, &location, was.raw, is.raw)),
                (was, is) => {
                    let stuck = |document: &Document<'a>, item: Option<&operations::Item<'a>>| {
                        item.and_then(|item| document.follow(item.raw).stuck)
                    };
                    rest::stuck(&location, stuck(&self.old, was), stuck(&self.new, is), &mut deviations);
                }
            }
        }
        let hooks = |document: &Document<'a>| document.entries(document.root, "webhooks").collect::<BTreeMap<_, _>>();
        let (was, is) = (hooks(&self.old), hooks(&self.new));
        for (name, hook) in &was {
            if let Some(other) = is.get(name) {
                deviations.extend(self.rest(
                    &keys::PATH_ITEM,
                    &Location::name(operations::shortened(name)),
                    hook,
                    other,
                ));
            }
        }
        deviations.into_iter().map(|deviation| deviation.of("*")).collect()
    }

    /// What of the callbacks of an operation cannot be seen.
    fn callbacks(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let stuck = |document: &Document<'a>, operation: &Operation<'a>| -> BTreeMap<&'a String, &'a str> {
            let callbacks = document.entries(operation.node, "callbacks");
            callbacks.filter_map(|(name, callback)| Some((name, document.follow(callback).stuck?))).collect()
        };
        let (was, is) = (stuck(&self.old, old), stuck(&self.new, new));
        let names: BTreeSet<&&String> = was.keys().chain(is.keys()).collect();
        let mut deviations = Vec::new();
        for name in names {
            let name_of = operations::shortened(name).into_owned();
            let location = Location::Callback { what: "callback".into(), name: name_of };
            rest::stuck(&location, was.get(*name).copied(), is.get(*name).copied(), &mut deviations);
        }
        deviations
    }

    /// Everything about one operation but its URL and its id.
    fn content_of(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let object = if old.callback { &keys::CALLBACK } else { &keys::OPERATION };
        let mut deviations = self.rest(object, &Location::Whole, old.raw, new.raw);
        let (was, is) = (old.node["deprecated"] == true, new.node["deprecated"] == true);
        if was != is {
            deviations.push(Deviation::new(Kind::OperationDeprecatedChanged, Location::Whole, was, is));
        }
        let (was, is) = (&old.node["x-sunset"], &new.node["x-sunset"]);
        if was != is {
            deviations.push(Deviation::new(Kind::OperationSunsetChanged, Location::Whole, was.clone(), is.clone()));
        }
        if old.callback {
            if old.cause.is_some() {
                deviations.extend(self.rest(&keys::PATH_ITEM, &Location::Whole, old.item, new.item));
            }
            deviations.extend(self.callback(old, new));
            return deviations;
        }
        deviations.extend(self.callbacks(old, new));
        deviations.extend(self.own_servers(old, new));
        deviations.extend(self.security(old, new));
        deviations.extend(self.schemes(old, new));
        deviations.extend(self.parameters(old, new));
        deviations.extend(self.request_bodies(old, new));
        deviations.extend(self.answers(old, new));
        deviations
    }

    /// Removed and added operations that are most likely one, renamed: like paths, and the same answers.
    fn twins(&self, old: &Surface<'a>, new: &Surface<'a>, gone: &[usize], come: &[usize]) -> Vec<(usize, usize)> {
        let names = |surface: &Surface<'a>, positions: &[usize]| -> Vec<String> {
            positions.iter().map(|position| surface.operations[*position].name.clone()).collect()
        };
        let is_same =
            |one: usize, other: usize| self.answer_alike(&old.operations[gone[one]], &new.operations[come[other]]);
        let pairs = rename::pairs(&names(old, gone), &names(new, come), is_same);
        pairs.into_iter().map(|(one, other)| (gone[one], come[other])).collect()
    }

    /// Counts a comparison; an error says that there were too many.
    fn step(&self) -> Result<(), String> {
        self.old.step(STEPS);
        if self.steps() > MOST_STEPS {
            return Err(format!("the comparison was given up after {MOST_STEPS} steps"));
        }
        Ok(())
    }

    fn steps(&self) -> usize {
        self.old.steps.get().saturating_add(self.new.steps.get())
    }

    /// Counts what one more comparison of a pair took.
    fn repeated(&self, steps: usize) {
        self.repeats.set(self.repeats.get().saturating_sub(steps));
    }
}

/// The word for whether something may be left out.
fn requiredness(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// URL and id of one operation.
fn url_and_id(old: &Operation<'_>, new: &Operation<'_>) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    if operations::has_moved(old, new) {
        deviations.push(Deviation::new(
            Kind::OperationPathChanged,
            Location::Whole,
            old.name.as_str(),
            new.name.as_str(),
        ));
    }
    // The address of a callback is taken from what the expression names.
    if old.callback && old.path != new.path {
        deviations.push(Deviation::new(
            Kind::OperationPathChanged,
            Location::Whole,
            old.path.as_str(),
            new.path.as_str(),
        ));
    }
    // A client names an operation without an id after its place: an id that comes or goes gives it another name, unless it
    // is that very one. A callback has no method.
    if old.id != new.id && !old.callback && old.method() != new.method() {
        let stated = |id: Option<&str>| id.map_or(Value::Null, Value::from);
        deviations.push(Deviation::new(Kind::OperationIdChanged, Location::Whole, stated(old.id), stated(new.id)));
    }
    deviations
}
