//! The alternatives of two schemas: `oneOf` and `anyOf`.

use super::document::Document;
use super::facets::Facets;
use super::memo::{Level, Outcome};
use super::number::identity;
use super::schema::Comparer;
use super::types::Types;
use serde_json::Value;
use std::collections::HashSet;

/// The schemas of one alternative, which must all hold.
type Form<'a> = Vec<&'a Value>;

impl<'a> Comparer<'_, 'a> {
    /// False if all that there is to say was said.
    pub(super) fn compare_alternatives(
        &mut self,
        (old, old_schemas): (&Facets<'a>, &[&'a Value]),
        (new, new_schemas): (&Facets<'a>, &[&'a Value]),
    ) -> bool {
        let direction = self.direction;
        let narrows = |with: &Facets<'a>, without: &Facets<'a>| {
            !with.variants.is_empty() && !with.properties.is_empty() && !without.properties.is_empty()
        };
        if old.variants.is_empty() != new.variants.is_empty() && (narrows(old, new) || narrows(new, old)) {
            // Alternatives beside properties only say which of them go together.
            let kind = if new.variants.is_empty() { direction.bounds_loosened } else { direction.bounds_tightened };
            let stated = |facets: &Facets<'a>| match facets.variants.len() {
                0 => Value::Null,
                count => serde_json::json!({"alternatives": count}),
            };
            self.push(kind, stated(old), stated(new));
        } else if !old.variants.is_empty() || !new.variants.is_empty() {
            // A schema without alternatives is the only one.
            let forms = |facets: &Facets<'a>, schemas: &[&'a Value]| match facets.variants.len() {
                0 => vec![schemas.to_vec()],
                _ => facets.variants.iter().map(|variant| vec![*variant]).collect(),
            };
            self.compare_exclusion(old, new);
            self.compare_variants(&forms(old, old_schemas), forms(new, new_schemas));
            return !old.variants.is_empty() && !new.variants.is_empty();
        }
        true
    }

    /// Whether a value may fit several alternatives, where that is not said alike. Where no value fits two of them, it makes
    /// no difference.
    fn compare_exclusion(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let is_one_of_several = |facets: &Facets<'a>| facets.exclusive && facets.variants.len() > 1;
        let (was, is) = (is_one_of_several(old), is_one_of_several(new));
        // What fits one schema fits one of several in an answer as well; what is sent may fit two, and be refused.
        let matters =
            if old.variants.is_empty() || new.variants.is_empty() { self.direction.is_request && is } else { true };
        if was == is || !matters {
            return;
        }
        let (document, facets) = if is { (&self.differ.new, new) } else { (&self.differ.old, old) };
        if may_overlap(document, &facets.variants) {
            let keyword = |facets: &Facets<'a>| match (facets.variants.len(), facets.exclusive) {
                (0, _) => Value::Null,
                (_, true) => "oneOf".into(),
                (_, false) => "anyOf".into(),
            };
            let reason = "a value may fit several of the alternatives, which `oneOf` refuses and `anyOf` takes";
            self.push_blind(reason, keyword(old), keyword(new));
        }
    }

    /// Alternatives are brought together by what they say, whatever their order; then by name, then by kinship.
    fn compare_variants(&mut self, old: &[Form<'a>], mut left: Vec<Form<'a>>) {
        let mut open: Vec<&Form<'a>> = Vec::new();
        for form in old {
            match self.position_alike(form, &left) {
                Some((at, outcome)) => {
                    let other = left.remove(at);
                    if outcome.blind {
                        // What of them could not be compared is reported.
                        self.compare(form, &other);
                    }
                }
                None => open.push(form),
            }
        }
        if self.is_trial() && open.len() != left.len() {
            return self.decide();
        }
        let mut gone = Vec::new();
        let rivals = open.clone();
        for form in open {
            let name = stated_name(form);
            let by_name = left.iter().position(|other| name.is_some() && stated_name(other) == name);
            let by_kin = || left.iter().position(|other| self.are_kin(form, other));
            // The only number of each side, or the only text, is one form that says more or less now.
            let is_only = |other: &Form<'a>| {
                self.are_scalars_of_one_type(form, other)
                    && rivals.iter().filter(|rival| self.are_scalars_of_one_type(rival, other)).count() == 1
                    && left.iter().filter(|rival| self.are_scalars_of_one_type(form, rival)).count() == 1
            };
            match by_name.or_else(by_kin).or_else(|| left.iter().position(is_only)) {
                Some(at) => {
                    let other = left.remove(at);
                    self.compare(form, &other);
                }
                None => gone.push(form),
            }
        }
        for form in gone {
            let name = describe(&self.differ.old, form);
            self.push(self.direction.variant_removed, name, Value::Null);
        }
        for form in left {
            let name = describe(&self.differ.new, &form);
            self.push(self.direction.variant_added, Value::Null, name);
        }
    }

    /// Equal, but that one of them may be null: that is reported of the location as a whole. What is equal in all that can be
    /// compared comes after what is equal throughout.
    fn position_alike(&mut self, form: &[&'a Value], others: &[Form<'a>]) -> Option<(usize, Outcome)> {
        let mut second = None;
        for (at, other) in others.iter().enumerate() {
            let outcome = self.attempt(form, other);
            if outcome.level <= Level::Null && !outcome.blind {
                return Some((at, outcome));
            }
            if outcome.level <= Level::Null {
                second = second.or(Some((at, outcome)));
            }
        }
        second
    }

    /// Objects that share more than half of their properties.
    fn are_kin(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        let shared = old.properties.keys().filter(|name| new.properties.contains_key(*name)).count();
        old.types == new.types && shared * 2 > old.properties.len().max(new.properties.len())
    }

    /// Whether both are values of one type, without members.
    fn are_scalars_of_one_type(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        let is_scalar = |facets: &Facets<'a>| {
            facets.properties.is_empty()
                && facets.items.is_empty()
                && facets.variants.is_empty()
                && facets.types.is_some()
        };
        is_scalar(&old) && is_scalar(&new) && old.types == new.types
    }
}

/// The name that a document gives an alternative.
fn stated_name<'a>(form: &[&'a Value]) -> Option<&'a str> {
    let [only] = form else { return None };
    only["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).or_else(|| only["title"].as_str())
}

/// What a reader can tell an alternative by: its name, its properties, its types.
fn describe<'a>(document: &Document<'a>, form: &[&'a Value]) -> String {
    if let Some(name) = stated_name(form) {
        return name.to_owned();
    }
    let facets = Facets::of(document, form);
    if !facets.properties.is_empty() {
        return format!("object of {}", facets.properties.into_keys().collect::<Vec<_>>().join(", "));
    }
    let types = facets.types.map_or(Value::Null, Types::to_json);
    types.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
}

/// Whether a value may fit two of these alternatives, as far as types and values tell.
fn may_overlap<'a>(document: &Document<'a>, variants: &[&'a Value]) -> bool {
    /// Alternatives that are held against each other; of more, nobody knows.
    const MOST: usize = 50;
    let facets: Vec<Facets<'a>> = variants.iter().take(MOST).map(|variant| Facets::of(document, &[*variant])).collect();
    let pairs = facets.iter().enumerate().flat_map(|(at, one)| facets[at + 1..].iter().map(move |other| (one, other)));
    variants.len() > MOST || pairs.into_iter().any(|(one, other)| !are_apart(document, one, other))
}

/// Whether no value fits both: other types, other values, or other values of a property that both need.
fn are_apart<'a>(document: &Document<'a>, one: &Facets<'a>, other: &Facets<'a>) -> bool {
    let values = |facets: &Facets<'a>| -> Option<HashSet<String>> {
        Some(facets.constraint()?.into_iter().map(identity).collect())
    };
    let differ = |one: &Facets<'a>, other: &Facets<'a>| match (values(one), values(other)) {
        (Some(one), Some(other)) => one.is_disjoint(&other),
        _ => false,
    };
    let types = one.types.zip(other.types).is_some_and(|(one, other)| !one.meets(other));
    types
        || differ(one, other)
        || one.required.intersection(&other.required).any(|name| {
            let (Some(one), Some(other)) = (one.properties.get(name), other.properties.get(name)) else { return false };
            differ(&Facets::of(document, one), &Facets::of(document, other))
        })
}
