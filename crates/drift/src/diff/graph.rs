//! What differs in each pair of schemas by itself, and which pairs stand within it. A pair is compared once; where it is met
//! again and there are too many locations to compare all anew, its changes are read from here.

use super::memo::{Outcome, Pair};
use super::schema::Comparer;
use crate::deviation::{Deviation, Kind};
use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use vigie_contract::model::unescape;

/// Changes of one place from which on a pair of schemas is not compared again below it.
const MANY_CHANGES: usize = 1_000;

/// The pairs that were compared, each under a number.
#[derive(Debug, Default)]
pub(super) struct Graph {
    numbers: HashMap<Pair, usize>,
    nodes: Vec<Option<Node>>,
}

/// One pair of schemas.
#[derive(Debug, Default, Clone)]
pub(super) struct Node {
    /// The component that it is, or is part of.
    pub(super) component: Option<String>,
    /// What differs in it, but in no pair within it.
    pub(super) changes: Vec<Change>,
    /// The pairs within it that differ, each with the way from here to there.
    pub(super) inner: Vec<(Vec<String>, usize)>,
}

impl Node {
    /// That of schemas within another one, of which one may be referred to by name.
    pub(super) fn within(outer: Option<&Self>, schemas: &[&Value]) -> Self {
        let name = |schema: &&Value| Some(schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")?.to_owned());
        let own = schemas.iter().find_map(name).map(|name| unescape(&name));
        Self { component: own.or_else(|| outer?.component.clone()), ..Self::default() }
    }
}

/// A change, by the way to it from its pair.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) steps: Vec<String>,
    pub(super) kind: Kind,
    pub(super) old: Value,
    pub(super) new: Value,
    pub(super) twin: Option<String>,
    pub(super) not_compared: Option<String>,
}

impl Graph {
    /// The number of a pair.
    pub(super) fn number(&mut self, pair: &Pair) -> usize {
        if let Some(number) = self.numbers.get(pair) {
            return *number;
        }
        self.nodes.push(None);
        self.numbers.insert(pair.clone(), self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// The number of a pair that has one.
    pub(super) fn number_of(&self, pair: &Pair) -> Option<usize> {
        self.numbers.get(pair).copied()
    }

    /// The number of a pair whose changes are known.
    pub(super) fn kept(&self, pair: &Pair) -> Option<usize> {
        self.number_of(pair).filter(|number| self.nodes[*number].is_some())
    }

    /// A pair that was compared to its end.
    pub(super) fn node(&self, number: usize) -> Option<&Node> {
        self.nodes[number].as_ref()
    }

    /// Keeps that nothing differs in a pair, if another one leads to it.
    pub(super) fn keep_same(&mut self, pair: &Pair) {
        if let Some(number) = self.number_of(pair) {
            self.keep(number, Node::default());
        }
    }

    /// Keeps what a pair came to. The first comparison of it counts: true where there was one.
    pub(super) fn keep(&mut self, number: usize, node: Node) -> bool {
        let was_kept = self.nodes[number].is_some();
        self.nodes[number].get_or_insert(node);
        was_kept
    }
}

impl Comparer<'_, '_> {
    /// Keeps a change of the pair that is being compared for the other locations of that pair.
    pub(super) fn note(
        &mut self,
        kind: Kind,
        old: &Value,
        new: &Value,
        twin: Option<&str>,
        not_compared: Option<&str>,
    ) {
        let Some((depth, node)) = self.nodes.last_mut() else { return };
        node.changes.push(Change {
            steps: self.path[*depth..].to_vec(),
            kind,
            old: old.clone(),
            new: new.clone(),
            twin: twin.map(str::to_owned),
            not_compared: not_compared.map(str::to_owned),
        });
    }

    /// Keeps that a pair stands within the one that is being compared.
    pub(super) fn note_inner(&mut self, pair: &Pair) {
        if let Some((depth, node)) = self.nodes.last_mut().filter(|_| !self.is_trial) {
            let number = self.differ.graph.borrow_mut().number(pair);
            node.inner.push((self.path[*depth..].to_vec(), number));
        }
    }

    /// Keeps what was listed of a pair.
    pub(super) fn close(&mut self, pair: &Pair, node: Node, steps_before: usize) {
        self.note_inner(pair);
        // What was cut off is not all of it.
        if self.cut.is_some() {
            return;
        }
        let mut graph = self.differ.graph.borrow_mut();
        let number = graph.number(pair);
        self.listed.insert(number);
        if graph.keep(number, node) {
            self.differ.repeated(self.differ.steps() - steps_before);
        }
    }

    /// Whether a pair is not compared anew, though it may differ: in schemas that refer to each other there is no end of
    /// locations.
    pub(super) fn is_listed_enough(&self, pair: &Pair, outcome: Outcome) -> bool {
        let graph = self.differ.graph.borrow();
        let Some(number) = graph.kept(pair) else { return false };
        outcome == Outcome::SAME
            || self.differ.repeats.get() == 0
            || (self.found.len() >= MANY_CHANGES && self.listed.contains(&number))
    }

    /// Lists the changes of a pair that was compared at another location, and of all pairs within it: each cause once
    /// below this place, on the shortest way to it.
    pub(super) fn list_again(&mut self, pair: &Pair) {
        let differ = self.differ;
        let graph = differ.graph.borrow();
        let Some(number) = graph.kept(pair) else { return };
        // Where values only went to another alternative, less is listed than elsewhere.
        let is_all = self.moved.is_empty();
        if is_all && !self.listed.insert(number) {
            return;
        }
        let key = |fact: &Deviation| (fact.kind, fact.location.leaf(), format!("{}\n{}", fact.expected, fact.observed));
        let mut causes = self.causes.take().unwrap_or_else(|| self.found.iter().map(key).collect());
        let start = self.path.len();
        let mut next = VecDeque::from([(Vec::new(), number)]);
        let mut seen = HashSet::from([number]);
        while let Some((steps, number)) = next.pop_front() {
            let Some(node) = graph.node(number) else {
                // What is being compared now is listed as that goes on.
                if !self.open.iter().any(|open| graph.number_of(open) == Some(number)) && self.cut.is_none() {
                    self.cut = Some("schemas differ here that were not compared to their end".to_owned());
                }
                continue;
            };
            for change in &node.changes {
                self.path.extend(steps.iter().chain(&change.steps).cloned());
                let (old, new) = self.less_moved_values(change.kind, change.old.clone(), change.new.clone());
                let fact = Deviation {
                    twin: change.twin.clone(),
                    not_compared: change.not_compared.clone(),
                    is_repeated: true,
                    component: node.component.clone(),
                    ..Deviation::new(change.kind, self.location(), old, new)
                };
                self.path.truncate(start);
                let is_change = fact.expected != fact.observed || fact.not_compared.is_some();
                if is_change && causes.insert(key(&fact)) && self.has_room() {
                    self.found.push(fact);
                }
            }
            for (way, inner) in &node.inner {
                if seen.insert(*inner) && (!is_all || self.listed.insert(*inner)) {
                    next.push_back((steps.iter().chain(way).cloned().collect(), *inner));
                }
            }
        }
        self.causes = Some(causes);
    }
}

#[cfg(test)]
mod tests {
    use crate::deviation::Kind;
    use crate::diff::{Differ, Listing};
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    const SCHEMAS: usize = 14;

    /// Schemas that refer to each other in a manner that a seed decides, with a value more where `changed` says so, and who
    /// refers to whom.
    fn document(seed: u32, changed: &[usize]) -> (Value, Vec<Vec<usize>>) {
        let mut state = u64::from(seed);
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % below
        };
        let mut inner = vec![Vec::new(); SCHEMAS];
        let mut schemas = serde_json::Map::new();
        for (own, inner) in inner.iter_mut().enumerate() {
            let mut properties = serde_json::Map::new();
            for property in 0..=next(2) {
                let other = next(SCHEMAS);
                inner.push(other);
                let reference = json!({"$ref": format!("#/components/schemas/S{other}")});
                let schema = match next(4) {
                    0 => reference,
                    1 => json!({"type": "array", "items": reference}),
                    2 => json!({"anyOf": [{"type": "string"}, reference]}),
                    _ => json!({"type": "object", "additionalProperties": reference}),
                };
                properties.insert(format!("p{property}"), schema);
            }
            let mut values = vec![format!("kept{own}")];
            values.extend(changed.contains(&own).then(|| format!("gone{own}")));
            properties.insert("value".into(), json!({"type": "string", "enum": values}));
            schemas.insert(format!("S{own}"), json!({"type": "object", "properties": properties}));
        }
        let paths: serde_json::Map<String, Value> = (0..SCHEMAS)
            .map(|own| {
                let schema = json!({"$ref": format!("#/components/schemas/S{own}")});
                let answer = json!({"description": "", "content": {"application/json": {"schema": schema}}});
                (format!("/s{own}"), json!({"get": {"responses": {"200": answer}}}))
            })
            .collect();
        (json!({"paths": paths, "components": {"schemas": schemas}}), inner)
    }

    /// The schemas that one leads to, itself among them.
    fn reached(from: usize, inner: &[Vec<usize>]) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([from]);
        let mut next = vec![from];
        while let Some(own) = next.pop() {
            next.extend(inner[own].iter().filter(|other| seen.insert(**other)));
        }
        seen
    }

    #[test]
    fn each_message_names_each_change_that_it_reaches_however_little_is_compared_anew() {
        for seed in 0..200_u32 {
            let changed = [0, 3].map(|more| (seed as usize * (more + 1) + more) % SCHEMAS);
            let ((old, inner), (new, _)) = (document(seed, &changed), document(seed, &[]));
            let wanted: BTreeSet<(String, String)> = (0..SCHEMAS)
                .flat_map(|own| {
                    let reached = reached(own, &inner);
                    let seen: Vec<_> = changed.iter().filter(|changed| reached.contains(changed)).collect();
                    seen.into_iter().map(move |changed| (format!("GET /s{own}"), format!("\"gone{changed}\"")))
                })
                .collect();
            let budget = [0, 500, usize::MAX][seed as usize % 3];
            let differ = Differ::new(&old, &new, Listing::Messages);
            differ.repeats.set(budget);
            let found = differ.run();
            assert!(found.iter().all(|fact| fact.kind == Kind::ResponseEnumValueRemoved), "{seed}: {found:?}");
            let listed: BTreeSet<(String, String)> =
                found.iter().map(|fact| (fact.operation.clone(), fact.expected[0].to_string())).collect();
            assert_eq!(listed, wanted, "seed {seed}, {budget} steps for comparing anew");
        }
    }

    #[test]
    fn what_is_listed_again_is_marked_and_at_a_location_of_its_own() {
        let ((old, _), (new, _)) = (document(1, &[0, 1, 2]), document(1, &[]));
        let differ = Differ::new(&old, &new, Listing::Messages);
        differ.repeats.set(0);
        let everywhere = Differ::new(&old, &new, Listing::Locations);
        let locations: BTreeSet<(String, String)> =
            everywhere.run().iter().map(|fact| (fact.operation.clone(), fact.location.to_string())).collect();
        let found = differ.run();
        assert!(found.iter().any(|fact| fact.is_repeated) && found.iter().any(|fact| !fact.is_repeated));
        for fact in found {
            let gone = fact.expected[0].as_str().unwrap_or_default().replace("gone", "S");
            assert_eq!(fact.component, Some(gone), "the schema that changed is named");
            let location = (fact.operation, fact.location.to_string());
            assert!(locations.contains(&location), "{location:?}");
        }
    }
}
