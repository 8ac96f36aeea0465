//! Parameters and headers are texts on the wire: every number is one, and a value is a list of one.

use super::facets::Facets;
use super::memo::Notation;
use super::schema::Comparer;
use super::types::Types;
use crate::finding::text;
use serde_json::Value;
use std::collections::BTreeSet;

impl<'a> Comparer<'_, 'a> {
    /// Whether other types are the same texts: all that was sent may still be, or all that is answered could be before.
    pub(super) fn is_text_adapted(&self, old: (&Facets<'a>, &[&'a Value]), new: (&Facets<'a>, &[&'a Value])) -> bool {
        let Notation::Text([was_exploded, is_exploded]) = self.notation else { return false };
        let ((narrow, _), (wide, _), is_exploded) =
            if self.direction.is_request { (old, new, is_exploded) } else { (new, old, was_exploded) };
        if wide.types != Some(Types::ARRAY) {
            return is_among(narrow, wide);
        }
        let bound = |keyword: &str| wide.bounds.get(keyword).and_then(serde_json::Number::as_u64);
        let takes_one = bound("minItems").is_none_or(|least| least <= 1) && bound("maxItems") != Some(0);
        let is_scalar = narrow.types.is_some_and(|types| !types.may_be_compound());
        // Nowhere but in a list of its own, a comma separates elements.
        let is_one = is_exploded || !may_have_separators(narrow);
        let (was, is) = if self.direction.is_request { (old.1, &wide.items[..]) } else { (&wide.items[..], new.1) };
        self.is_at_root() && takes_one && is_scalar && is_one && !self.breaks(self.direction, was, is)
    }
}

/// Whether each text of one schema is one of the other, whatever types they name.
fn is_among(narrow: &Facets<'_>, wide: &Facets<'_>) -> bool {
    let is_scalar = narrow.types.is_some_and(|types| !types.may_be_compound());
    let is_list = wide.constraint().zip(texts(narrow)).is_some_and(|(all, some)| {
        let all: BTreeSet<String> = all.into_iter().map(text).collect();
        some.is_subset(&all)
    });
    let says = |bound: (&&str, &serde_json::Number)| !(*bound.0 == "minLength" && bound.1.as_u64() == Some(1));
    let takes_any_text = wide.types.is_some_and(|types| types.includes(Types::STRING))
        && wide.constraint().is_none()
        && wide.formats.is_empty()
        && wide.patterns.is_empty()
        && wide.excluded.is_empty()
        && wide.rest.is_empty()
        && !wide.bounds.iter().any(says);
    is_scalar && (is_list || takes_any_text)
}

/// All texts that fit, if they are listed.
fn texts(facets: &Facets<'_>) -> Option<BTreeSet<String>> {
    if facets.types == Some(Types::BOOLEAN) && facets.constraint().is_none() {
        return Some(["true", "false"].map(str::to_owned).into());
    }
    facets.constraint().map(|values| values.into_iter().map(text).collect())
}

/// Whether a list would be read where one value was meant.
fn may_have_separators(facets: &Facets<'_>) -> bool {
    let is_text = facets.types.is_none_or(|types| types.meets(Types::STRING));
    is_text && texts(facets).is_none_or(|texts| texts.iter().any(|text| text.contains([',', ' ', '|', '\t'])))
}
