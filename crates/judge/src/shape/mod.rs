//! The shape of a JSON value (types, keys, nulls, array elements, value forms), and what changed between two.
//!
//! Elements of an array are one place: what any accepted element was, each observed one may be.

mod difference;
mod example;
mod form;
mod recognise;
mod same;
mod terms;
mod texts;
mod words;

pub use difference::short;
pub use form::{Build, Change, Form, Letters};
pub use terms::{Terms, is_masked};
pub(crate) use texts::{is_accent, without_accents};
pub use words::describe;

use difference::first_difference;
use same::Same;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use terms::{Stated, below};
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// The members of an object, by their keys.
type Members = BTreeMap<String, Shape>;

/// The shape of one value, or of all the elements of an array together.
#[derive(Debug, Default)]
struct Shape {
    seen: usize,
    nulls: usize,
    /// Texts and lists without content.
    empty: usize,
    scalars: BTreeSet<&'static str>,
    texts: BTreeSet<String>,
    object: Option<Members>,
    array: Option<Box<Shape>>,
}

impl Shape {
    fn of(value: &Value) -> Self {
        let mut shape = Self::default();
        shape.add(value);
        shape
    }

    fn add(&mut self, value: &Value) {
        self.seen += 1;
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => drop(self.scalars.insert("boolean")),
            Value::Number(number) => drop(self.scalars.insert(if number.is_f64() { "fraction" } else { "integer" })),
            Value::String(text) => {
                self.scalars.insert("string");
                if text.trim().is_empty() {
                    self.empty += 1;
                } else {
                    self.texts.insert(text.clone());
                }
            }
            Value::Array(items) => {
                self.empty += usize::from(items.is_empty());
                let shape = self.array.get_or_insert_default();
                for item in items {
                    shape.add(item);
                }
            }
            Value::Object(map) => {
                let members = self.object.get_or_insert_default();
                for (key, member) in map {
                    members.entry(key.clone()).or_default().add(member);
                }
            }
        }
    }

    /// Adds what another shape has seen.
    fn join(&mut self, other: &Self) {
        self.seen += other.seen;
        self.nulls += other.nulls;
        self.empty += other.empty;
        self.scalars.extend(&other.scalars);
        self.texts.extend(other.texts.iter().cloned());
        if let Some(members) = &other.object {
            let own = self.object.get_or_insert_default();
            for (key, member) in members {
                own.entry(key.clone()).or_default().join(member);
            }
        }
        if let Some(elements) = &other.array {
            self.array.get_or_insert_default().join(elements);
        }
    }

    /// Types that were seen, null apart. A number that had a fraction may come without one.
    fn types(&self) -> BTreeSet<&'static str> {
        let mut types = self.scalars.clone();
        if types.contains("fraction") {
            types.insert("integer");
        }
        types.extend(self.object.is_some().then_some("object"));
        types.extend(self.array.is_some().then_some("array"));
        types
    }

    /// Nulls, and texts and lists without content: they prove nothing.
    fn hollow(&self) -> usize {
        self.nulls + self.empty
    }

    /// What is there, in a few words: types, and how much of it is null or empty.
    fn content(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for (count, name) in [(self.nulls, "null"), (self.empty, "empty")] {
            if count == self.seen {
                return name.to_owned();
            }
            if count > 0 {
                words.push(format!("{name} in {count} of {}", self.seen));
            }
        }
        words.insert(0, join(self.types()));
        words.join(", ")
    }
}

/// What changed from an accepted value to an observed one: shape first; if the shape is the same, whether values moved.
#[must_use]
pub fn compare(accepted: &Value, observed: &Value, terms: &Terms<'_>) -> Vec<Deviation> {
    let mut comparison = Comparison { terms, same: Same::of(accepted, observed), deviations: Vec::new() };
    comparison.shapes(&Shape::of(accepted), &Shape::of(observed), "", &Stated::of(terms));
    let mut deviations = comparison.deviations;
    if deviations.is_empty()
        && let Some((pointer, before, after)) = first_difference(accepted, observed, String::new())
    {
        deviations.push(Deviation::new(Kind::DataChanged, Location::pointer(pointer), before, after));
    }
    deviations
}

/// A comparison under way.
struct Comparison<'a> {
    terms: &'a Terms<'a>,
    same: Same,
    deviations: Vec<Deviation>,
}

impl Comparison<'_> {
    fn tell(&mut self, kind: Kind, pointer: &str, expected: impl Into<Value>, observed: impl Into<Value>) {
        self.deviations.push(Deviation::new(kind, Location::pointer(pointer), expected, observed));
    }

    fn shapes(&mut self, old: &Shape, new: &Shape, pointer: &str, stated: &Stated<'_>) {
        // Elements of a list that is empty on one side: the list itself was told.
        if old.seen == 0 || new.seen == 0 {
            return;
        }
        let mut old_types = old.types();
        let new_types = new.types();
        let (appeared, vanished) =
            (old.hollow() == old.seen && new.hollow() < new.seen, old.hollow() == 0 && new.hollow() > 0);
        let hollow_otherwise = old.hollow() == old.seen && old_types.is_empty() != new_types.is_empty();
        if appeared || vanished || hollow_otherwise || self.same.hollow.contains(pointer) {
            self.tell(Kind::ValueNull, pointer, old.content(), new.content());
        }
        if old_types.contains("integer") && stated.allows_fractions() {
            old_types.insert("fraction");
        }
        if !old_types.is_empty() && !new_types.is_subset(&old_types) {
            self.tell(Kind::ResponseTypeChanged, pointer, join(old_types), join(new_types));
            return;
        }
        self.texts(&old.texts, &new.texts, pointer, stated);
        if let (Some(old_members), Some(new_members)) = (&old.object, &new.object)
            && stated.is_map()
        {
            self.maps(old_members, new_members, &format!("{pointer}/*"), &stated.value());
        } else if let (Some(old_members), Some(new_members)) = (&old.object, &new.object) {
            for (key, member) in old_members {
                let inner = below(pointer, key);
                match new_members.get(key) {
                    None => self.absent(old, member, &inner),
                    Some(observed) => {
                        let everywhere = member.seen == old.seen;
                        if everywhere && observed.seen < new.seen {
                            self.sometimes_absent(observed, new, &inner);
                        }
                        self.shapes(member, observed, &inner, &stated.member(key));
                    }
                }
            }
            for key in new_members.keys().filter(|key| !old_members.contains_key(*key)) {
                self.tell(Kind::ResponsePropertyAdded, &below(pointer, key), "absent", "present");
            }
        }
        if let (Some(old_element), Some(new_element)) = (&old.array, &new.array) {
            self.shapes(old_element, new_element, &format!("{pointer}/*"), &stated.element());
        }
    }

    fn texts(&mut self, old: &BTreeSet<String>, new: &BTreeSet<String>, pointer: &str, stated: &Stated<'_>) {
        let kind = match texts::change(old, new, stated) {
            Change::None => return,
            Change::Doubtful => Kind::ValueFormUncertain,
            Change::Certain => Kind::ValueFormChanged,
        };
        self.tell(kind, pointer, forms(old), forms(new));
    }

    /// Keys that are data are compared by their form, and their values are those of one place.
    fn maps(&mut self, old: &Members, new: &Members, pointer: &str, stated: &Stated<'_>) {
        let keys = |members: &Members| members.keys().filter(|key| !key.trim().is_empty()).cloned().collect();
        let (old_keys, new_keys): (BTreeSet<String>, BTreeSet<String>) = (keys(old), keys(new));
        self.texts(&old_keys, &new_keys, pointer, &Stated::default());
        let values = |members: &Members| {
            let mut all = Shape::default();
            for member in members.values() {
                all.join(member);
            }
            all
        };
        self.shapes(&values(old), &values(new), pointer, stated);
    }

    /// A key that is nowhere any more.
    fn absent(&mut self, parent: &Shape, member: &Shape, pointer: &str) {
        if is_masked(pointer, self.terms.masked) {
            self.tell(Kind::ScopeMasked, pointer, "present", "absent");
        } else if member.seen < parent.seen {
            // The accepted elements did not all have it either.
            let seen = format!("in {} of {}", member.seen, parent.seen);
            self.tell(Kind::PropertySometimesAbsent, pointer, seen, "absent");
        } else {
            self.tell(Kind::ResponsePropertyRemoved, pointer, "present", "absent");
        }
    }

    /// A key that every accepted element had. One answer does not tell whether new elements may lack it; an element that
    /// is what it was but for the key does.
    fn sometimes_absent(&mut self, member: &Shape, parent: &Shape, pointer: &str) {
        let kind = if is_masked(pointer, self.terms.masked) {
            Kind::ScopeMasked
        } else if self.same.lost.contains(pointer) {
            Kind::ResponsePropertyRemoved
        } else {
            Kind::PropertySometimesAbsent
        };
        self.tell(kind, pointer, "in every element", format!("in {} of {}", member.seen, parent.seen));
    }
}

fn forms(texts: &BTreeSet<String>) -> String {
    join(texts.iter().filter_map(|text| Form::of(text)).map(|form| form.to_string()).collect::<BTreeSet<_>>())
}

fn join<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::{Terms, compare};
    use serde_json::{Value, json};
    use vigie_drift::deviation::Kind;

    fn kinds(accepted: &Value, observed: &Value, terms: &Terms<'_>) -> Vec<(Kind, String)> {
        compare(accepted, observed, terms)
            .into_iter()
            .map(|deviation| (deviation.kind, deviation.location.to_string()))
            .collect()
    }

    #[test]
    fn every_change_of_shape_is_told_at_its_place() {
        let accepted =
            json!({"a": 1, "b": "2024-2025", "c": [{"x": 1, "y": "A"}, {"x": 2, "y": "B"}], "d": "Paris", "e": [[1]]});
        for (pointer, observed, expected) in [
            ("/a", json!("1"), (Kind::ResponseTypeChanged, "/a")),
            ("/a", json!(1.5), (Kind::ResponseTypeChanged, "/a")),
            ("/a", json!(null), (Kind::ValueNull, "/a")),
            ("/b", json!("2025"), (Kind::ValueFormChanged, "/b")),
            ("/b", json!(""), (Kind::ValueNull, "/b")),
            ("/c", json!([{"x": 1}]), (Kind::ResponsePropertyRemoved, "/c/*/y")),
            ("/c", json!([{"x": 1, "y": "A"}, {"y": "Z"}]), (Kind::PropertySometimesAbsent, "/c/*/x")),
            ("/c", json!([{"x": 1, "y": "A"}, {"y": "B"}]), (Kind::ResponsePropertyRemoved, "/c/*/x")),
            ("/c/1/x", json!(null), (Kind::ValueNull, "/c/*/x")),
            ("/c/1/y", json!(" "), (Kind::ValueNull, "/c/*/y")),
            ("/c/1/y", json!(7), (Kind::ResponseTypeChanged, "/c/*/y")),
            ("/c/1", json!([]), (Kind::ResponseTypeChanged, "/c/*")),
            ("/c/1", json!({}), (Kind::ResponsePropertyRemoved, "/c/*/x")),
            ("/c/1", json!({"X": 2, "Y": "B"}), (Kind::ResponsePropertyRemoved, "/c/*/x")),
            ("/c", json!([]), (Kind::ValueNull, "/c")),
            ("/c", json!({"x": 1, "y": "A"}), (Kind::ResponseTypeChanged, "/c")),
            ("/d", json!("PARIS"), (Kind::ValueFormChanged, "/d")),
            ("/e", json!([[]]), (Kind::ValueNull, "/e/*")),
        ] {
            let mut changed = accepted.clone();
            *changed.pointer_mut(pointer).expect("the place is there") = observed;
            let expected = [(expected.0, expected.1.to_owned())];
            assert!(kinds(&accepted, &changed, &Terms::NONE).contains(&expected[0]), "{changed}");
        }
        let added = (Kind::ResponsePropertyAdded, "/b".to_owned());
        assert_eq!(kinds(&json!({"a": 1}), &json!({"a": 1, "b": 1}), &Terms::NONE), [added]);
    }

    #[test]
    fn legal_values_of_one_field_raise_no_alarm() {
        for (accepted, observed) in [
            (json!("7"), json!("0bis")),
            (json!([790.5, 12]), json!([790])),
            (json!({"a": true}), json!({"a": false})),
            (json!([{"x": 1, "y": 2}, {"x": 1}]), json!([{"x": 1}])),
            (json!([{"x": null}, {"x": 1}]), json!([{"x": null}])),
            (json!([null, "A"]), json!(["B", null, null])),
        ] {
            let told = kinds(&accepted, &observed, &Terms::NONE);
            assert!(
                told.iter().all(|(kind, _)| [Kind::DataChanged, Kind::PropertySometimesAbsent].contains(kind)),
                "{told:?}"
            );
        }
        assert_eq!(kinds(&json!({"a": 1}), &json!({"a": 2}), &Terms::NONE), [(Kind::DataChanged, "/a".to_owned())]);
        assert_eq!(kinds(&json!({"a": [1, 2]}), &json!({"a": [1, 2]}), &Terms::NONE), []);
    }

    #[test]
    fn null_and_empty_prove_nothing_in_either_direction() {
        for hollow in [json!(null), json!(""), json!([])] {
            for full in [json!("A"), json!(["A"])] {
                let (before, after) = (json!({"a": hollow}), json!({"a": full}));
                if hollow.is_null() || hollow.is_string() == full.is_string() {
                    let told = [(Kind::ValueNull, "/a".to_owned())];
                    assert_eq!(kinds(&before, &after, &Terms::NONE), told, "{before} {after}");
                    assert_eq!(kinds(&after, &before, &Terms::NONE), told, "{after} {before}");
                }
            }
        }
        // Null was accepted in another element; in an element that is what it was it is told all the same.
        let before = json!([{"x": 1, "y": null}, {"x": 2, "y": "A"}]);
        let after = json!([{"x": 1, "y": null}, {"x": 2, "y": null}]);
        assert_eq!(kinds(&before, &after, &Terms::NONE), [(Kind::ValueNull, "/*/y".to_owned())]);
        assert_eq!(kinds(&json!([null]), &json!([""]), &Terms::NONE), [(Kind::ValueNull, "/*".to_owned())]);
    }

    #[test]
    fn the_contract_knows_better_than_a_guess() {
        let schema = json!({"properties": {
            "amount": {"type": ["number", "null"]},
            "level": {"type": "string", "enum": ["0bis", "1", "unknown level"]},
            "born": {"type": "string", "format": "date"},
            "year": {"type": "string", "pattern": r"^\d{4}$|^\d{4}-\d{4}$"},
        }});
        let accepted = json!({"amount": 790, "level": "unknown level", "born": "200&-04-23", "year": "2024-2025"});
        let terms = Terms { schema: &schema, masked: &[] };
        let legal = json!({"amount": 790.5, "level": "1", "born": "2000-04-23", "year": "2025-2026"});
        assert_eq!(kinds(&accepted, &legal, &terms), [(Kind::DataChanged, "/amount".to_owned())]);
        let drift = json!({"amount": 790, "level": "Unknown level", "born": "23/04/2000", "year": "2025"});
        let told = kinds(&accepted, &drift, &terms);
        let places: Vec<&str> = told.iter().map(|(_, pointer)| pointer.as_str()).collect();
        assert_eq!(places, ["/born", "/level", "/year"]);
    }

    #[test]
    fn keys_that_are_data_are_compared_by_their_form_and_their_values_as_those_of_one_place() {
        let schema = json!({"properties": {"names": {"additionalProperties": {"type": "string"}}, "any": {}}});
        let terms = Terms { schema: &schema, masked: &[] };
        let accepted = json!({"names": {"4711": "Tour"}, "any": {"work": 3600, "drive": 60}});
        for (pointer, observed, expected) in [
            ("/names", json!({"12": "Run", "977": "Trip"}), None),
            ("/names", json!({}), None),
            ("/any", json!({"rest": 5}), None),
            ("/names", json!({"12": 7}), Some((Kind::ResponseTypeChanged, "/names/*"))),
            ("/names", json!({"north": "Tour"}), Some((Kind::ValueFormUncertain, "/names/*"))),
            ("/any", json!({"work": "3600"}), Some((Kind::ResponseTypeChanged, "/any/*"))),
            ("/any", json!([3600]), Some((Kind::ResponseTypeChanged, "/any"))),
        ] {
            let mut changed = accepted.clone();
            *changed.pointer_mut(pointer).expect("the place is there") = observed;
            let found = kinds(&accepted, &changed, &terms);
            let found: Vec<_> = found.iter().filter(|(kind, _)| *kind != Kind::DataChanged).collect();
            let expected: Vec<_> = expected.map(|(kind, pointer)| (kind, pointer.to_owned())).into_iter().collect();
            assert_eq!(found, expected.iter().collect::<Vec<_>>(), "{changed}");
        }
    }

    #[test]
    fn what_the_token_may_not_see_is_masked_and_not_removed() {
        let masked = ["/adresse".to_owned(), "/enfants/*/sexe".to_owned()];
        let terms = Terms { masked: &masked, ..Terms::NONE };
        let accepted = json!({"adresse": {"pays": "FRANCE"}, "enfants": [{"sexe": "F", "nom": "A"}], "mois": 1});
        let observed = json!({"enfants": [{"nom": "A"}]});
        let told = [
            (Kind::ScopeMasked, "/adresse".to_owned()),
            (Kind::ScopeMasked, "/enfants/*/sexe".to_owned()),
            (Kind::ResponsePropertyRemoved, "/mois".to_owned()),
        ];
        assert_eq!(kinds(&accepted, &observed, &terms), told);
    }
}
