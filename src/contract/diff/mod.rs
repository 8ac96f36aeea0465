//! Two `OpenAPI` documents, raw or canonical: every change that a consumer could meet, once, at its place.
//!
//! Nothing here judges. Prose, order, `$ref` against inline, and the ways of saying "or null" make no difference.

mod answers;
mod bodies;
mod callbacks;
mod codes;
mod credible;
mod cut;
mod direction;
mod facets;
mod keywords;
mod names;
mod operations;
mod parameters;
pub(super) mod rename;
mod schema;
mod security;

use crate::deviation::{Deviation, Kind};
pub use credible::credible;
pub(super) use credible::properties_of_answers;
pub use cut::cut_short;
use direction::Direction;
pub use names::names;
use operations::{Operation, Surface};
pub(crate) use operations::{split as split_url, template as without_names};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};

/// Pairs of schemas that one comparison may take: more than any real document has by far.
const MOST_COMPARISONS: usize = 2_000_000;
/// Changes below one place: schemas that refer to each other twice at each level would have a billion of them.
const MOST_CHANGES: usize = 10_000;

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
/// use vigie::contract::diff::{credible, diff};
/// use vigie::drift::{causes, find};
/// use vigie::finding::Class;
///
/// let contract = |required: bool| {
///     let page = json!({"name": "page", "in": "query", "required": required, "schema": {"type": "integer"}});
///     json!({"paths": {"/cars": {"get": {"parameters": [page], "responses": {"200": {"description": "cars"}}}}}})
/// };
/// let (old, new) = (contract(false), contract(true));
/// assert_eq!(credible(&old, &new), Ok(()));
/// let findings: Vec<_> = diff(&old, &new).deviations.into_iter().map(|fact| find(fact, |_| None)).collect();
/// let causes = causes::group(&findings);
/// assert_eq!((causes[0].rule, causes[0].class), ("parameter-became-required", Class::Breaking));
/// assert_eq!(causes[0].places[0].location, "query:page");
/// ```
#[must_use]
pub fn diff(old: &Value, new: &Value) -> Difference {
    let differ = Differ::new(old, new);
    let deviations = differ.run();
    let mut notes = Vec::new();
    for (side, document) in [("old", &differ.old), ("new", &differ.new)] {
        notes.extend(document.notes.borrow().iter().map(|note| format!("{side}: {note}")));
    }
    if differ.left.get() == 0 {
        notes.push("the comparison was cut short: schemas refer to each other too often".into());
    }
    Difference { deviations, notes }
}

/// A document that is compared.
struct Document<'a> {
    root: &'a Value,
    notes: RefCell<BTreeSet<String>>,
}

impl<'a> Document<'a> {
    fn new(root: &'a Value) -> Self {
        Self { root, notes: RefCell::default() }
    }

    fn note(&self, note: String) {
        self.notes.borrow_mut().insert(note);
    }

    /// Where a reference leads; `None` for what is no reference, or one that leads nowhere.
    fn target(&self, node: &Value) -> Option<&'a Value> {
        let reference = node["$ref"].as_str()?;
        let leads = |pointer: &str| self.root.pointer(pointer).or_else(|| self.root.pointer(&unescaped(pointer)));
        let target = reference.strip_prefix('#').and_then(leads);
        if target.is_none() {
            self.note(format!("`$ref: {reference}` leads nowhere in this document; it is taken for anything"));
        }
        target
    }

    /// What a node stands for, references followed.
    fn resolve(&self, node: &'a Value) -> &'a Value {
        let mut node = node;
        // A chain of references that long is a ring.
        for _ in 0..16 {
            match self.target(node) {
                Some(target) => node = target,
                None => break,
            }
        }
        node
    }

    /// Whether one of the schemas sets a flag.
    fn any_states(&self, schemas: &[&'a Value], flag: &str) -> bool {
        schemas.iter().any(|schema| schema[flag] == true || self.resolve(schema)[flag] == true)
    }
}

/// A pointer in a reference may be percent-encoded, since it stands in a URL. What is no such code stands for itself.
fn unescaped(pointer: &str) -> Cow<'_, str> {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let code = || u8::try_from(digit(0)? * 16 + digit(1)?).ok();
        let code = if *byte == b'%' { code() } else { None };
        bytes.push(code.unwrap_or(*byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(pointer), Cow::Owned)
}

/// Schemas that must all hold, by where they stand in memory.
type Place = Vec<usize>;

struct Differ<'a> {
    old: Document<'a>,
    new: Document<'a>,
    /// Pairs of schemas that are known to say the same, for requests and for answers.
    equal: RefCell<HashSet<(bool, Place, Place)>>,
    left: Cell<usize>,
}

impl<'a> Differ<'a> {
    fn new(old: &'a Value, new: &'a Value) -> Self {
        Self {
            old: Document::new(old),
            new: Document::new(new),
            equal: RefCell::default(),
            left: Cell::new(MOST_COMPARISONS),
        }
    }

    fn run(&self) -> Vec<Deviation> {
        let (old, new) = (Surface::of(&self.old), Surface::of(&self.new));
        let mut deviations = servers(&old, &new);
        let matching = old.matching(&new);
        let twins = self.twins(&old, &new, &matching.removed, &matching.added);
        for position in matching.removed {
            let operation = &old.operations[position];
            let twin = twins.iter().find(|(gone, _)| *gone == position).map(|(_, come)| &new.operations[*come]);
            let id = operation.id.map_or(Value::Null, Value::from);
            let removed = Deviation::new(Kind::OperationRemoved, "", id, Value::Null).of(&operation.name);
            deviations.push(Deviation { twin: twin.map(|twin| twin.path.clone()), ..removed });
        }
        for position in matching.added {
            let operation = &new.operations[position];
            let twin = twins.iter().find(|(_, come)| *come == position).map(|(gone, _)| &old.operations[*gone]);
            let id = operation.id.map_or(Value::Null, Value::from);
            let kind = callbacks::kind_of_added(operation, &old);
            let added = Deviation::new(kind, "", Value::Null, id).of(&operation.name);
            deviations.push(Deviation { twin: twin.map(|twin| twin.path.clone()), ..added });
        }
        for (old_position, new_position) in matching.pairs.into_iter().chain(matching.moved) {
            let (old, new) = (&old.operations[old_position], &new.operations[new_position]);
            let mut own = url_and_id(old, new);
            own.extend(self.content_of(old, new));
            deviations.extend(own.into_iter().map(|deviation| deviation.of(&old.name)));
        }
        deviations
    }

    /// Everything about one operation but its URL and its id.
    fn content_of(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        if old.cause.is_some() {
            return self.callback(old, new);
        }
        let mut deviations = Vec::new();
        let (was, is) = (old.node["deprecated"] == true, new.node["deprecated"] == true);
        if was != is {
            deviations.push(Deviation::new(Kind::OperationDeprecatedChanged, "", was, is));
        }
        let (was, is) = (&old.node["x-sunset"], &new.node["x-sunset"]);
        if was != is {
            deviations.push(Deviation::new(Kind::OperationSunsetChanged, "", was.clone(), is.clone()));
        }
        deviations.extend(self.security(old, new));
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

    fn is_known_equal(&self, direction: &Direction, key: &(Place, Place)) -> bool {
        // A lookup needs an owned key; the pairs are short.
        self.equal.borrow().contains(&(direction.is_request, key.0.clone(), key.1.clone()))
    }

    fn remember_equal(&self, direction: &Direction, key: (Place, Place)) {
        self.equal.borrow_mut().insert((direction.is_request, key.0, key.1));
    }

    /// Counts a comparison; false when there were too many, or too many changes at one place.
    fn may_go_on(&self, found: usize) -> bool {
        let left = if found > MOST_CHANGES { 0 } else { self.left.get().saturating_sub(1) };
        self.left.set(left);
        left > 0
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
        deviations.push(Deviation::new(Kind::OperationPathChanged, "", old.name.as_str(), new.name.as_str()));
    }
    // A client names an operation without an id after its place: an id that comes or goes gives it another name, unless it
    // is that very one. A callback has no method.
    if old.id != new.id && old.cause.is_none() && old.method() != new.method() {
        let stated = |id: Option<&str>| id.map_or(Value::Null, Value::from);
        deviations.push(Deviation::new(Kind::OperationIdChanged, "", stated(old.id), stated(new.id)));
    }
    deviations
}

fn servers(old: &Surface<'_>, new: &Surface<'_>) -> Vec<Deviation> {
    let less = |these: &[String], those: &[String], kind: Kind| -> Vec<Deviation> {
        let own: BTreeSet<&String> = these.iter().filter(|server| !those.contains(server)).collect();
        own.into_iter().map(|server| Deviation::new(kind, server, Value::Null, Value::Null).of("*")).collect()
    };
    let mut deviations = less(&old.servers, &new.servers, Kind::ServerRemoved);
    deviations.extend(less(&new.servers, &old.servers, Kind::ServerAdded));
    deviations
}
