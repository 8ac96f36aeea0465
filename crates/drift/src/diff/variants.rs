//! The alternatives of two schemas: `oneOf` and `anyOf`.

use super::document::{Document, address};
use super::facets::{Additional, Facets};
use super::memo::{Level, Outcome};
use super::number::identity;
use super::schema::Comparer;
use super::types::Types;
use serde_json::{Value, json};
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
                count => json!({"alternatives": count}),
            };
            self.push(kind, stated(old), stated(new));
        } else if !old.variants.is_empty() || !new.variants.is_empty() {
            let (before, after) =
                (forms(&self.differ.old, old, old_schemas), forms(&self.differ.new, new, new_schemas));
            let has_list = |forms: &[Form<'a>], document| forms.iter().any(|form| types_of(document, form).len() > 1);
            let (had, has) = (has_list(&before, &self.differ.old), has_list(&after, &self.differ.new));
            // A list of types is an alternative for each, which counts where the other side says it so.
            let split = |forms: Vec<Form<'a>>, document| -> Vec<Form<'a>> {
                forms.into_iter().flat_map(|form| by_type(document, form)).collect()
            };
            let before = if had && !has { split(before, &self.differ.old) } else { before };
            let after = if has && !had { split(after, &self.differ.new) } else { after };
            self.compare_exclusion(old, new);
            let is_exclusive = old.exclusive && new.exclusive && new.discriminator.is_none();
            self.compare_variants(&before, &after, is_exclusive);
            return !old.variants.is_empty() && !new.variants.is_empty();
        }
        true
    }

    /// Whether a value may fit several alternatives, where that is not said alike: `oneOf` refuses it, and `anyOf` takes it.
    /// Where no value fits two of them, it makes no difference.
    fn compare_exclusion(&mut self, old: &Facets<'a>, new: &Facets<'a>) {
        let direction = self.direction;
        let is_one_of_several = |facets: &Facets<'a>| facets.exclusive && facets.variants.len() > 1;
        let (was, is) = (is_one_of_several(old), is_one_of_several(new));
        let both = !old.variants.is_empty() && !new.variants.is_empty();
        // What fits one schema fits one of several in an answer as well; what is sent may fit two, and be refused.
        if was == is || !(both || (direction.is_request && is)) {
            return;
        }
        let (document, facets) = if is { (&self.differ.new, new) } else { (&self.differ.old, old) };
        let kind = if is { direction.bounds_tightened } else { direction.bounds_loosened };
        let keyword = |facets: &Facets<'a>| match (facets.variants.len(), facets.exclusive) {
            (0, _) => Value::Null,
            (_, true) => "oneOf".into(),
            (_, false) => "anyOf".into(),
        };
        let told = |facets: &Facets<'a>| match (facets.variants.len(), facets.exclusive) {
            (0, _) => Value::Null,
            (count, true) => json!({ "fits": format!("exactly one of {count} alternatives") }),
            (count, false) => json!({ "fits": format!("one or several of {count} alternatives") }),
        };
        // What the one schema does not list, nobody sends.
        let is_sent = |one: &Facets<'a>, other: &Facets<'a>| {
            both || one.required.union(&other.required).all(|name| old.properties.contains_key(name))
        };
        match overlap(document, &facets.variants, is_sent) {
            Overlap::None => {}
            _ if is != direction.is_request => self.push(kind, told(old), told(new)),
            Overlap::Sure => self.push(kind, told(old), told(new)),
            Overlap::Possible => {
                let reason = "a value may fit several of the alternatives, which `oneOf` refuses and `anyOf` takes";
                self.push_blind(reason, keyword(old), keyword(new));
            }
        }
    }

    /// Alternatives are brought together by what they say, whatever their order; then by name, then by kinship.
    fn compare_variants(&mut self, old: &[Form<'a>], new: &[Form<'a>], is_exclusive: bool) {
        let mut left = new.to_vec();
        let mut open: Vec<&Form<'a>> = Vec::new();
        for form in old {
            match self.position_alike(form, &left) {
                Some((at, outcome)) => {
                    let other = left.remove(at);
                    // What of them could not be compared is reported, and what they rest on is noted.
                    if outcome.blind || outcome.level == Level::Same {
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
                self.are_of_one_type(form, other)
                    && rivals.iter().filter(|rival| self.are_of_one_type(rival, other)).count() == 1
                    && left.iter().filter(|rival| self.are_of_one_type(form, rival)).count() == 1
            };
            let by_value = || left.iter().position(|other| self.share_a_value(form, other));
            // What harms nobody is no removal: it is the form that says more or less now.
            let harmless = || left.iter().position(|other| !self.breaks(self.direction, form, other));
            let known = by_name.or_else(by_kin).or_else(|| left.iter().position(is_only)).or_else(by_value);
            match known.or_else(harmless) {
                Some(at) => {
                    let other = left.remove(at);
                    let mark = self.moved.len();
                    self.find_moved((old, form), (new, &other));
                    self.compare(form, &other);
                    self.moved.truncate(mark);
                }
                None => gone.push(form),
            }
        }
        gone.retain(|form| !self.is_subtype(&self.differ.old, form));
        left.retain(|form| !self.is_subtype(&self.differ.new, form));
        for form in gone {
            let name = describe(&self.differ.old, form);
            self.push(self.direction.variant_removed, name, Value::Null);
        }
        for form in left {
            let name = describe(&self.differ.new, &form);
            if is_exclusive && self.direction.is_request && self.takes_from(&form, new) {
                let reason = "a value of another alternative may fit the new one as well, which `oneOf` refuses";
                self.push_blind(reason, Value::Null, name.as_str().into());
            }
            self.push(self.direction.variant_added, Value::Null, name);
        }
    }

    /// Whether a form was reported by the value that tells it from others.
    fn is_subtype(&self, document: &Document<'a>, form: &[&'a Value]) -> bool {
        matches!(form, [only] if self.subtypes.contains(&address(document.resolve(only))))
    }

    /// Whether what was sent in another form fits a new one too.
    fn takes_from(&self, form: &[&'a Value], forms: &[Form<'a>]) -> bool {
        let document = &self.differ.new;
        let come = Facets::of(document, form);
        let others = forms.iter().filter(|other| other[..] != *form);
        others.map(|other| Facets::of(document, other)).any(|other| {
            // Without required properties, alternatives overlap anyhow: such documents are not meant to the letter.
            !come.required.is_empty()
                && !other.required.is_empty()
                && come.required.iter().all(|name| other.properties.contains_key(name))
                && surely_overlap(document, &come, &other, 0)
        })
    }

    /// Takes down the values of a form that another form takes now, or had before in an answer: they are no change.
    fn find_moved(&mut self, (old_forms, old): (&[Form<'a>], &Form<'a>), (new_forms, new): (&[Form<'a>], &Form<'a>)) {
        let (before, after) = (&self.differ.old, &self.differ.new);
        let is_request = self.direction.is_request;
        let (from, to) = (Facets::of(before, old), Facets::of(after, new));
        let (from, to) = if is_request { (from, to) } else { (to, from) };
        let (homes, home_of, own) = if is_request { (new_forms, after, new) } else { (old_forms, before, old) };
        let (from_of, to_of) = if is_request { (before, after) } else { (after, before) };
        let homes: Vec<Facets<'a>> =
            homes.iter().filter(|home| *home != own).map(|home| Facets::of(home_of, home)).collect();
        let fits_beside = |home: &Facets<'a>, place: Option<&str>| {
            let is_there = |name: &&str| Some(*name) == place || from.required.contains(name);
            let is_open = !matches!(home.additional, Additional::Closed);
            home.types == from.types
                && home.required.iter().all(is_there)
                && from.properties.iter().filter(|(name, _)| Some(**name) != place).all(|(name, one)| {
                    home.properties.get(name).map_or(is_open, |other| {
                        let (old, new) = if is_request { (one, other) } else { (other, one) };
                        !self.breaks(self.direction, old, new)
                    })
                })
        };
        let mut moved = Vec::new();
        let mut add = |place: Option<&str>,
                       from: &Facets<'a>,
                       to: &Facets<'a>,
                       at: &dyn Fn(&Facets<'a>) -> Option<Vec<&'a Value>>| {
            let (Some(had), Some(kept)) = (from.constraint(), to.constraint()) else { return };
            let kept: HashSet<String> = kept.into_iter().map(identity).collect();
            for value in had.into_iter().map(identity).filter(|value| !kept.contains(value)) {
                let has = |home: &Facets<'a>| {
                    at(home).is_some_and(|values| values.into_iter().any(|one| identity(one) == value))
                };
                if homes.iter().any(|home| has(home) && fits_beside(home, place)) {
                    moved.push((place.map(str::to_owned), value));
                }
            }
        };
        add(None, &from, &to, &|home| home.constraint());
        for (name, schemas) in &from.properties {
            if let Some(others) = to.properties.get(name) {
                let (from, to) = (Facets::of(from_of, schemas), Facets::of(to_of, others));
                let at = |home: &Facets<'a>| Facets::of(home_of, home.properties.get(name)?).constraint();
                add(Some(name), &from, &to, &at);
            }
        }
        for (place, value) in moved {
            let path = self.path_to(place);
            self.moved.push((path, value));
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

    /// Whether both list values, some of which are the same.
    fn share_a_value(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        old.constraint().zip(new.constraint()).is_some_and(|(old, new)| {
            let old: HashSet<String> = old.into_iter().map(identity).collect();
            new.into_iter().any(|value| old.contains(&identity(value)))
        })
    }

    /// Whether both are values of one type, without named members.
    fn are_of_one_type(&self, old: &[&'a Value], new: &[&'a Value]) -> bool {
        let (old, new) = (Facets::of(&self.differ.old, old), Facets::of(&self.differ.new, new));
        let is_one =
            |facets: &Facets<'a>| facets.properties.is_empty() && facets.variants.is_empty() && facets.types.is_some();
        is_one(&old) && is_one(&new) && old.types == new.types
    }
}

/// The name that a document gives an alternative.
pub(super) fn stated_name<'a>(form: &[&'a Value]) -> Option<&'a str> {
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

/// The alternatives of a schema; one without any is the only one. What is nothing but alternatives again stands for them.
fn forms<'a>(document: &Document<'a>, facets: &Facets<'a>, schemas: &[&'a Value]) -> Vec<Form<'a>> {
    if facets.variants.is_empty() {
        return vec![schemas.to_vec()];
    }
    let mut forms = Vec::new();
    for variant in &facets.variants {
        let inner = Facets::of(document, &[*variant]);
        let is_wrapper = !inner.variants.is_empty()
            && inner.types.is_none()
            && inner.discriminator.is_none()
            && inner.rest.is_empty()
            // Where no value fits two of them, it makes no difference how many may fit.
            && (inner.exclusive == facets.exclusive
                || overlap(document, &inner.variants, |_, _| true) == Overlap::None);
        if is_wrapper {
            forms.extend(inner.variants.iter().map(|variant| vec![*variant]));
        } else {
            forms.push(vec![*variant]);
        }
    }
    forms
}

/// The names of the types of a form.
fn types_of<'a>(document: &Document<'a>, form: &[&'a Value]) -> Vec<Types> {
    let facets = Facets::of(document, form);
    if facets.variants.is_empty() { facets.types.map(Types::each).unwrap_or_default() } else { Vec::new() }
}

/// A form for each of its types.
fn by_type<'a>(document: &Document<'a>, form: Form<'a>) -> Vec<Form<'a>> {
    let types = types_of(document, &form);
    if types.len() < 2 {
        return vec![form];
    }
    types.into_iter().map(|one| form.iter().copied().chain([one.schema()]).collect()).collect()
}

/// Whether a value fits two alternatives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overlap {
    None,
    /// As far as types and values tell.
    Possible,
    Sure,
}

fn overlap<'a>(
    document: &Document<'a>,
    variants: &[&'a Value],
    is_sent: impl Fn(&Facets<'a>, &Facets<'a>) -> bool,
) -> Overlap {
    /// Alternatives that are compared with each other; of more, nobody knows.
    const MOST: usize = 50;
    let facets: Vec<Facets<'a>> = variants.iter().take(MOST).map(|variant| Facets::of(document, &[*variant])).collect();
    let pairs =
        || facets.iter().enumerate().flat_map(|(at, one)| facets[at + 1..].iter().map(move |other| (one, other)));
    match () {
        () if pairs().any(|(one, other)| is_sent(one, other) && surely_overlap(document, one, other, 0)) => {
            Overlap::Sure
        }
        () if variants.len() > MOST || pairs().any(|(one, other)| !are_apart(document, one, other)) => {
            Overlap::Possible
        }
        () => Overlap::None,
    }
}

/// Whether some value certainly fits both: plain schemas, whose required properties go together.
fn surely_overlap<'a>(document: &Document<'a>, one: &Facets<'a>, other: &Facets<'a>, depth: usize) -> bool {
    /// Objects within objects that are followed.
    const DEEPEST: usize = 10;
    if depth == DEEPEST || !one.is_plain() || !other.is_plain() || are_apart(document, one, other) {
        return false;
    }
    let bounds = one.bounds == other.bounds || one.bounds.is_empty() || other.bounds.is_empty();
    let formats = one.formats == other.formats || one.formats.is_empty() || other.formats.is_empty();
    let has = |facets: &Facets<'a>, value: &str| {
        facets.constraint().is_none_or(|values| values.into_iter().any(|one| identity(one) == value))
    };
    let listed = one.constraint().or_else(|| other.constraint());
    let value = listed.is_none_or(|values| {
        let is_bound = |facets: &Facets<'a>| !facets.bounds.is_empty() || !facets.formats.is_empty();
        !is_bound(one)
            && !is_bound(other)
            && values.into_iter().map(identity).any(|value| has(one, &value) && has(other, &value))
    });
    let mut needed = one.required.union(&other.required);
    bounds
        && formats
        && value
        && needed.all(|name| match (one.properties.get(name), other.properties.get(name)) {
            (Some(one), Some(other)) => {
                surely_overlap(document, &Facets::of(document, one), &Facets::of(document, other), depth + 1)
            }
            (Some(_), None) => matches!(other.additional, Additional::Open),
            (None, Some(_)) => matches!(one.additional, Additional::Open),
            (None, None) => false,
        })
}

/// Whether no value fits both: other types, other values, or other values of a property that both need.
fn are_apart<'a>(document: &Document<'a>, one: &Facets<'a>, other: &Facets<'a>) -> bool {
    let values = |facets: &Facets<'a>| -> Option<HashSet<String>> {
        Some(facets.constraint()?.into_iter().map(identity).collect())
    };
    let differ = |one: &Facets<'a>, other: &Facets<'a>| match (values(one), values(other)) {
        (Some(own), Some(others)) => own.is_disjoint(&others) && !(one.nullable && other.nullable),
        _ => false,
    };
    let types = one.types.zip(other.types).is_some_and(|(one, other)| !one.meets(other));
    types
        || differ(one, other)
        || one.required.union(&other.required).any(|name| {
            let (Some(one), Some(other)) = (one.properties.get(name), other.properties.get(name)) else { return false };
            differ(&Facets::of(document, one), &Facets::of(document, other))
        })
}
