//! Two schemas of one place, in one direction.

use super::Differ;
use super::direction::Direction;
use super::document::{Document, address};
use super::facets::{Additional, Facets};
use super::graph::Node;
use super::keywords;
use super::memo::{Leans, Level, MOST_OPEN, Notation, Outcome, Pair};
use super::number::identity;
use super::rest::not_compared;
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::HashSet;

/// Changes below one place: schemas that refer to each other twice at each level would have a billion of them.
const MOST_CHANGES: usize = 10_000;
/// Bytes of a location that are printed: names may be of any length, and stand in each location below them.
const LONGEST: usize = 400;

/// The comparison of the schemas of one place: a body, a header, a parameter.
pub(super) struct Comparer<'d, 'a> {
    pub(super) differ: &'d Differ<'a>,
    pub(super) direction: &'static Direction,
    /// `200`, `body`, `query:sexe`: what the places below begin with.
    pub(super) root: &'d Location,
    pub(super) notation: Notation,
    /// The media types of a form on both sides, which say how its fields are written.
    form: Option<[&'a Value; 2]>,
    /// `data`, `[]`, `identite`: the way from there.
    pub(super) path: Vec<String>,
    /// The steps of it that lead to what is written as a text.
    text_begins: usize,
    pub(super) found: Vec<Deviation>,
    /// Forms that came or went and were reported by the values that tell them apart, by where they stand in memory.
    pub(super) subtypes: HashSet<usize>,
    /// Values that went from one alternative to another, each with the way to it.
    pub(super) moved: Vec<(Vec<String>, String)>,
    /// What is known of the pair that is being compared.
    pub(super) outcome: Outcome,
    /// Only the outcome counts: nothing is reported.
    pub(super) is_trial: bool,
    /// Pairs of schemas that are being compared: a schema may contain itself.
    pub(super) open: Vec<Pair>,
    /// The open pairs that were met again.
    leans: Leans,
    /// The pairs of the graph that are being compared, each with how many steps lead to it.
    pub(super) nodes: Vec<(usize, Node)>,
    /// Numbers of the pairs whose changes are listed below this place.
    pub(super) listed: HashSet<usize>,
    /// The causes of what is listed, from when on a cause is listed once.
    pub(super) causes: Option<HashSet<(Kind, String, String)>>,
    /// There were too many changes, or no steps were left.
    pub(super) cut: Option<String>,
}

impl<'d, 'a> Comparer<'d, 'a> {
    pub(super) fn new(differ: &'d Differ<'a>, direction: &'static Direction, root: &'d Location) -> Self {
        Self {
            differ,
            direction,
            root,
            notation: Notation::Json,
            form: None,
            path: Vec::new(),
            text_begins: 0,
            found: Vec::new(),
            subtypes: HashSet::new(),
            moved: Vec::new(),
            outcome: Outcome::SAME,
            is_trial: false,
            open: Vec::new(),
            leans: Leans::default(),
            nodes: Vec::new(),
            listed: HashSet::new(),
            causes: None,
            cut: None,
        }
    }

    /// The same of values in another notation than JSON.
    pub(super) fn written(self, notation: Notation) -> Self {
        Self { notation, ..self }
    }

    /// The same of the fields of a form.
    pub(super) fn in_form(self, form: [&'a Value; 2]) -> Self {
        Self { notation: Notation::Form(form.map(address)), form: Some(form), ..self }
    }

    /// What differs between two schemas; an absent one allows anything.
    pub(super) fn run(self, old: Option<&'a Value>, new: Option<&'a Value>) -> Vec<Deviation> {
        self.finish(|comparer| comparer.compare(old.as_slice(), new.as_slice()))
    }

    /// The same of the items of a stream.
    pub(super) fn run_items(self, old: Option<&'a Value>, new: Option<&'a Value>) -> Vec<Deviation> {
        self.finish(|comparer| {
            comparer.inside("[]", |inner| inner.compare_stated("itemSchema", old.as_slice(), new.as_slice()));
        })
    }

    fn finish(mut self, compare: impl FnOnce(&mut Self)) -> Vec<Deviation> {
        compare(&mut self);
        if let Some(reason) = self.cut {
            self.found.push(not_compared(self.root.clone(), reason, Value::Null, Value::Null));
        }
        self.found
    }

    /// Whether two schemas say the same, as far as that can be told.
    pub(super) fn are_same(mut self, old: &'a Value, new: &'a Value) -> bool {
        self.attempt(&[old], &[new]) == Outcome::SAME
    }

    /// What a comparison at this place would come to.
    pub(super) fn attempt(&mut self, old: &[&'a Value], new: &[&'a Value]) -> Outcome {
        let was_trial = std::mem::replace(&mut self.is_trial, true);
        let outer = std::mem::take(&mut self.outcome);
        self.compare(old, new);
        self.is_trial = was_trial;
        std::mem::replace(&mut self.outcome, outer)
    }

    /// Whether it is the value of a parameter, a header or a field, and nothing within it.
    pub(super) fn is_at_root(&self) -> bool {
        self.path.len() == self.text_begins
    }

    /// Compares the values of a property, which in a form is a field with a notation of its own.
    pub(super) fn compare_property(&mut self, name: &str, old: &[&'a Value], new: &[&'a Value]) {
        let outer = self.notation;
        if let (Notation::Form(_), Some(form)) = (outer, self.form) {
            self.notation = self.differ.notation_of_field(name, form, [old, new]);
            self.text_begins = self.path.len();
        }
        self.compare(old, new);
        self.notation = outer;
    }

    pub(super) fn is_trial(&self) -> bool {
        self.is_trial
    }

    /// Something within differs.
    pub(super) fn decide(&mut self) {
        self.outcome.level = Level::Deep;
    }

    /// Whether an attempt knows all that it can.
    pub(super) fn is_decided(&self) -> bool {
        self.is_trial && self.outcome.level == Level::Deep
    }

    pub(super) fn push(&mut self, kind: Kind, old: impl Into<Value>, new: impl Into<Value>) {
        self.push_half(kind, old, new, None);
    }

    /// A change that may be the half of a renaming.
    pub(super) fn push_half(&mut self, kind: Kind, old: impl Into<Value>, new: impl Into<Value>, twin: Option<String>) {
        let direction = self.direction;
        let level = match kind {
            kind if [direction.nullable_added, direction.nullable_removed].contains(&kind) => Level::Null,
            kind if kind == direction.type_changed => Level::Deep,
            _ => Level::Own,
        };
        self.outcome.level = self.outcome.level.max(level);
        self.list(kind, old.into(), new.into(), twin, None);
    }

    /// Something that cannot be compared here, with what both sides state.
    pub(super) fn push_blind(&mut self, reason: impl Into<String>, old: Value, new: Value) {
        self.outcome.blind = true;
        self.list(Kind::NotCompared, old, new, None, Some(reason.into()));
    }

    /// Lists a change of the pair that is being compared.
    fn list(&mut self, kind: Kind, old: Value, new: Value, twin: Option<String>, not_compared: Option<String>) {
        if self.is_trial || !self.has_room() {
            return;
        }
        self.note(kind, &old, &new, twin.as_deref(), not_compared.as_deref());
        let component = self.nodes.last().and_then(|(_, node)| node.component.clone());
        self.found.push(Deviation { twin, not_compared, component, ..Deviation::new(kind, self.location(), old, new) });
    }

    pub(super) fn has_room(&mut self) -> bool {
        if self.found.len() >= MOST_CHANGES && self.cut.is_none() {
            self.cut = Some(format!("there are more than {MOST_CHANGES} changes here; the others are not listed"));
        }
        self.cut.is_none()
    }

    pub(super) fn location(&self) -> Location {
        let Some(first) = self.path.first() else { return self.root.clone() };
        let length: usize = self.path.iter().map(|segment| segment.len() + 1).sum();
        let mut left_out = length.saturating_sub(LONGEST);
        let mut steps = String::new();
        for (position, segment) in self.path.iter().enumerate() {
            if left_out > 0 && position > 0 {
                // The end says what changed.
                if position == 1 {
                    steps.push_str(" …");
                }
                left_out = left_out.saturating_sub(segment.len() + 1);
                continue;
            }
            let name: &str = match segment.char_indices().nth(LONGEST) {
                Some((end, _)) => &segment[..end],
                None => segment,
            };
            match (position, name) {
                (0, name) => steps.push_str(name),
                (_, "[]") => steps.push_str("[]"),
                (_, name) => steps.extend([".", name]),
            }
        }
        self.root.at(Part::Path { steps, attached: first == "[]" && self.direction.is_request })
    }

    /// Every bare reference to one schema is one place; a reference with something beside it says more.
    pub(super) fn pair(&self, old: &[&'a Value], new: &[&'a Value]) -> Pair {
        let place = |document: &Document<'a>, schemas: &[&'a Value]| {
            let is_bare =
                |schema: &Value| schema.as_object().is_some_and(|map| map.len() == 1 && map.contains_key("$ref"));
            let own = |schema: &&'a Value| address(if is_bare(schema) { document.resolve(schema) } else { schema });
            let mut place: Vec<usize> = schemas.iter().map(own).collect();
            place.sort_unstable();
            place.dedup();
            place
        };
        let (old, new) = (place(&self.differ.old, old), place(&self.differ.new, new));
        Pair { is_request: self.direction.is_request, notation: self.notation, old, new }
    }

    pub(super) fn compare(&mut self, old: &[&'a Value], new: &[&'a Value]) {
        if self.cut.is_some() || self.is_decided() {
            return;
        }
        let pair = self.pair(old, new);
        if let Some(at) = self.open.iter().position(|open| *open == pair) {
            self.leans.insert(at);
            return self.note_inner(&pair);
        }
        let known = self.differ.memo.borrow().get(&pair);
        if let Some((outcome, leans)) = known
            && (self.is_trial || !is_of_interest(outcome, leans) || self.is_listed_enough(&pair, outcome))
        {
            if is_of_interest(outcome, leans) {
                self.note_inner(&pair);
            }
            if outcome != Outcome::SAME && !self.is_trial {
                self.list_again(&pair);
            }
            self.leans.join(leans);
            self.outcome.join(outcome);
            return;
        }
        let own = self.open.len();
        if own == MOST_OPEN {
            let reason = format!("more than {MOST_OPEN} schemas stand within each other");
            return self.push_blind(reason, Value::Null, Value::Null);
        }
        if let Err(reason) = self.differ.step() {
            self.outcome.blind = true;
            if !self.is_trial {
                self.cut = Some(reason);
            }
            return;
        }
        let before = self.differ.steps();
        let outer = (std::mem::take(&mut self.outcome), std::mem::take(&mut self.leans));
        let mark = self.differ.memo.borrow().mark();
        self.open.push(pair);
        if !self.is_trial {
            let outer = self.nodes.last().map(|(_, node)| node);
            let node = Node::within(outer, &[old, new].concat());
            self.nodes.push((self.path.len(), node));
        }
        self.compare_facets(old, new);
        let (outcome, leans) = (self.outcome, self.leans);
        let node = if self.is_trial { None } else { self.nodes.pop() };
        if let Some(pair) = self.open.pop() {
            match node {
                Some((_, node)) if is_of_interest(outcome, leans) => self.close(&pair, node, before),
                // It may have been met while it was open.
                Some(_) => self.differ.graph.borrow_mut().keep_same(&pair),
                None => {}
            }
            self.differ.memo.borrow_mut().settle(pair, outcome, leans, own, mark);
        }
        self.outcome.join(outer.0);
        self.leans = outer.1;
        self.leans.join(leans.without(own));
    }

    fn compare_facets(&mut self, old_schemas: &[&'a Value], new_schemas: &[&'a Value]) {
        let direction = self.direction;
        let old = &Facets::of(&self.differ.old, old_schemas);
        let new = &Facets::of(&self.differ.new, new_schemas);
        if !self.compare_stuck(old, new) {
            return;
        }
        self.compare_rest(old, new);
        if old.is_never() != new.is_never() {
            let change = self.listed(old.is_never(), new.is_never());
            let told = |facets: &Facets<'a>| facets.is_never().then_some(&Value::Bool(false));
            return self.push_change(change, "schema", told(old), told(new));
        }
        self.compare_default(old, new);
        if self.notation == Notation::Xml {
            self.compare_xml(old, new);
        }
        self.compare_subtypes(old, new);
        if old.nullable != new.nullable && !old.is_any() && !new.is_any() {
            let kind = if new.nullable { direction.nullable_added } else { direction.nullable_removed };
            self.push(kind, old.nullable, new.nullable);
        }
        if !self.compare_alternatives((old, old_schemas), (new, new_schemas))
            || !self.compare_types((old, old_schemas), (new, new_schemas))
        {
            return;
        }
        self.compare_excluded(old, new);
        for (kind, before, after) in keywords::compare(direction, old, new) {
            let (was, is) = self.less_moved_values(kind, before.clone(), after.clone());
            if was == is {
                // Other places that use this schema do not have the alternative that the values are of now.
                self.outcome.level = self.outcome.level.max(Level::Own);
                if !self.is_trial {
                    self.note(kind, &before, &after, None, None);
                }
            } else {
                self.push(kind, was, is);
            }
        }
        self.compare_properties(old, new);
        self.compare_elements(old, new);
        self.compare_additional(old, new);
        self.compare_applicators(old, new);
    }

    /// What a value means that is left out.
    fn compare_default(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        if old.default == new.default {
            return;
        }
        let kind = match (old.default, new.default) {
            _ if !self.direction.is_request => Kind::ResponseDefaultChanged,
            (Some(_), Some(_)) => Kind::RequestDefaultChanged,
            _ => Kind::RequestDefaultDeclared,
        };
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        self.push(kind, value(old.default), value(new.default));
    }

    /// Names, namespaces and nesting of elements. A prefix stands for its namespace.
    fn compare_xml(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let says = |facets: &Facets<'a>| -> Value {
            let said = facets.xml.and_then(Value::as_object).into_iter().flatten();
            let said = said.filter(|(key, value)| {
                *key != "prefix" && !key.starts_with("x-") && **value != false && !value.is_null()
            });
            let said: serde_json::Map<String, Value> = said.map(|(key, value)| (key.clone(), value.clone())).collect();
            if said.is_empty() { Value::Null } else { said.into() }
        };
        let (was, is) = (says(old), says(new));
        if was != is {
            self.push(Kind::XmlChanged, was, is);
        }
    }

    /// Both sides of a change without the values that only went from one alternative to another.
    pub(super) fn less_moved_values(&self, kind: Kind, old: Value, new: Value) -> (Value, Value) {
        let direction = self.direction;
        match kind {
            kind if kind == direction.enum_removed && direction.is_request => (self.less_moved(old), new),
            kind if kind == direction.enum_added && !direction.is_request => (old, self.less_moved(new)),
            _ => (old, new),
        }
    }

    /// Listed values without those that another alternative has; null if none is left.
    fn less_moved(&self, values: Value) -> Value {
        let is_moved = |value: &Value| {
            let value = identity(value);
            self.moved.iter().any(|(path, moved)| *path == self.path && *moved == value)
        };
        match values {
            Value::Array(values) if values.iter().all(is_moved) => Value::Null,
            Value::Array(values) => values.into_iter().filter(|value| !is_moved(value)).collect(),
            other => other,
        }
    }

    /// The way to a property of what is compared, or to itself.
    pub(super) fn path_to(&self, property: Option<String>) -> Vec<String> {
        self.path.iter().cloned().chain(property).collect()
    }

    /// False if no value fits both: then nothing below can be compared.
    fn compare_types(
        &mut self,
        (old, old_schemas): (&Facets<'a>, &[&'a Value]),
        (new, new_schemas): (&Facets<'a>, &[&'a Value]),
    ) -> bool {
        let direction = self.direction;
        match (old.types, new.types) {
            (Some(was), Some(is)) if was != is && self.is_text_adapted((old, old_schemas), (new, new_schemas)) => {
                self.push(direction.type_adapted, was.to_json(), is.to_json());
                return false;
            }
            (None, None) => {}
            (None, Some(new)) => self.push(direction.type_declared, Value::Null, new.to_json()),
            (Some(old), None) => self.push(direction.type_undeclared, old.to_json(), Value::Null),
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let adapted = if direction.is_request { new.includes(old) } else { old.includes(new) };
                let kind = if adapted { direction.type_adapted } else { direction.type_changed };
                self.push(kind, old.to_json(), new.to_json());
                return old.meets(new);
            }
        }
        true
    }

    fn compare_additional(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let (was, is) = (!matches!(old.additional, Additional::Closed), !matches!(new.additional, Additional::Closed));
        if was != is && old.types.is_some() && new.types.is_some() {
            let kind = if is { self.direction.opened } else { self.direction.closed };
            self.push(kind, was, is);
        }
        let schemas = |additional: &Additional<'a>| match additional {
            Additional::Schema(schemas) => Some(schemas.clone()),
            Additional::Open => Some(Vec::new()),
            Additional::Closed => None,
        };
        if let (Some(old), Some(new)) = (schemas(&old.additional), schemas(&new.additional))
            && !(old.is_empty() && new.is_empty())
        {
            self.inside("*", |inner| inner.compare_stated("additionalProperties", &old, &new));
        }
    }

    /// Compares one step further in: whatever differs there, this place differs within.
    pub(super) fn inside(&mut self, segment: &str, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.outcome);
        self.path.push(segment.to_owned());
        visit(self);
        self.path.pop();
        if self.outcome.level != Level::Same {
            self.outcome.level = Level::Deep;
        }
        self.outcome.join(outer);
    }
}

/// Whether a pair differs, or rests on an open one, which may.
fn is_of_interest(outcome: Outcome, leans: Leans) -> bool {
    outcome != Outcome::SAME || leans != Leans::default()
}

#[cfg(test)]
mod tests {
    use crate::deviation::Kind;
    use crate::diff::diff;
    use serde_json::{Value, json};

    fn kinds(old: &Value, new: &Value) -> Vec<Kind> {
        let contract = |schema: &Value| {
            let body = json!({"content": {"application/json": {"schema": schema}}});
            json!({"paths": {"/a": {"post": {"requestBody": body, "responses": {"200": {}}}}}})
        };
        diff(&contract(old), &contract(new)).deviations.into_iter().map(|deviation| deviation.kind).collect()
    }

    #[test]
    fn a_value_that_becomes_one_of_two_is_still_taken() {
        let number = json!({"type": "integer", "format": "int32"});
        let either = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        assert_eq!(kinds(&number, &either), [Kind::RequestFormatRemoved, Kind::RequestVariantAdded]);
        assert_eq!(kinds(&either, &number), [Kind::RequestFormatAdded, Kind::RequestVariantRemoved]);
        // Of two texts, the one that still fits is the one that says more now.
        let texts = json!({"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "minLength": 9}]});
        let other = json!({"oneOf": [{"type": "string", "maxLength": 5}, {"type": "integer"}]});
        let found = kinds(&texts, &other);
        assert_eq!(found, [Kind::RequestBoundsLoosened, Kind::RequestVariantRemoved, Kind::RequestVariantAdded]);
    }
}
