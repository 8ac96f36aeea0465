//! What is looked for in sources, and when a hit is one.

use super::Operations;
use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use std::collections::BTreeSet;
use std::ops::Range;
use vigie_drift::comparison::Cause;
use vigie_drift::deviation::Kind;
use vigie_drift::location::{Location, Part};

/// Characters between two fixed parts of a path: an interpolation, or a value that is joined in.
const LONGEST_GAP: usize = 120;

/// What a cause is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A property, a parameter or a header, by its name.
    Name {
        /// As the contract writes it.
        name: String,
        /// Whether a header's.
        header: bool,
    },
    /// A base URL, without its scheme.
    Server(String),
    /// Its operations as such.
    Operation,
}

/// Kinds that hit the callers that leave something out: they are known by the call, not by the name.
const OF_ABSENCE: [Kind; 5] = [
    Kind::ParameterAddedRequired,
    Kind::ParameterBecameRequired,
    Kind::RequestPropertyAddedRequired,
    Kind::RequestPropertyBecameRequired,
    Kind::RequestDefaultChanged,
];

impl Subject {
    pub(super) fn of(cause: &Cause) -> Self {
        let Some(place) = cause.places.first() else { return Self::Operation };
        // A status, a media type, a type of a schema, or a body as a whole, is no name in a source.
        let (name, header) = match &place.location {
            Location::Server(url) => {
                return Self::Server(url.split_once("://").map_or(url.as_str(), |(_, host)| host).to_owned());
            }
            Location::Parameter { part: Part::Header(name), .. }
            | Location::Body(Part::Header(name))
            | Location::Answer { part: Part::Header(name), .. } => (name.clone(), true),
            Location::Parameter { part: Part::Whole, carrier, name } => (name.clone(), carrier == "header"),
            Location::Parameter { part: Part::Path { attached: true, .. }, name, .. } => (name.clone(), false),
            Location::Parameter { part: Part::Path { .. }, .. }
            | Location::Body(Part::Path { attached: false, .. })
            | Location::Answer { part: Part::Path { attached: false, .. }, .. }
            | Location::Pointer(_)
            | Location::Callback { .. } => (place.location.leaf(), false),
            _ => return Self::Operation,
        };
        let name = name.trim_end_matches("[]").to_owned();
        let by_call = cause.rule.kind.is_of_operation() || OF_ABSENCE.contains(&cause.rule.kind);
        if !by_call && name.chars().any(char::is_alphabetic) { Self::Name { name, header } } else { Self::Operation }
    }
}

/// Whom a hit speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A cause, by its position.
    Cause(usize),
    /// An operation, by its position.
    Operation(usize),
}

/// One text that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) text: String,
    pub(super) target: Target,
    how: How,
}

#[derive(Debug, Clone)]
enum How {
    /// A whole word; a header's in any case.
    Word { any_case: bool },
    /// A whole word that is called: `ping` alone says nothing.
    Call,
    /// The beginning of a path, up to its first parameter.
    Path {
        /// The parts between the further parameters.
        rest: Vec<String>,
        /// Whether anything may stand before it: two fixed parts or more are telling enough.
        anywhere: bool,
        /// Whether the path ends with a fixed part, after which no other one may follow.
        closed: bool,
    },
}

impl Term {
    /// Whether a hit of the text is one of the term.
    pub(super) fn holds(&self, text: &str, hit: Range<usize>) -> bool {
        match &self.how {
            How::Word { any_case } => (*any_case || text[hit.clone()] == self.text) && is_word(text, &hit),
            How::Call => text[hit.clone()] == self.text && is_word(text, &hit) && text[hit.end..].starts_with('('),
            How::Path { rest, anywhere, closed } => {
                text[hit.clone()] == self.text
                    && (*anywhere || begins(&text[..hit.start]))
                    && goes_on(&text[hit.end..], rest, *closed)
            }
        }
    }
}

fn is_word(text: &str, hit: &Range<usize>) -> bool {
    let inner = |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() || one == '_');
    !inner(text[..hit.start].chars().next_back()) && !inner(text[hit.end..].chars().next())
}

/// Whether a path may begin after this text: at the beginning of a literal, after an interpolation, or after a host.
fn begins(before: &str) -> bool {
    let before =
        &before[before.rfind(|one: char| one.is_whitespace() || "\"'`".contains(one)).map_or(0, |at| at + 1)..];
    let Some(last) = before.chars().next_back() else { return true };
    if !last.is_alphanumeric() {
        return !"_-./".contains(last);
    }
    let host = before.split_once("://").map_or(before, |(_, host)| host);
    host.contains(['.', ':']) && !host.contains('/') || before.ends_with("localhost")
}

/// Whether the further parts follow on the same line, and the path ends there.
fn goes_on(after: &str, rest: &[String], closed: bool) -> bool {
    let mut after = after.split('\n').next().unwrap_or_default();
    for part in rest {
        match after.find(part.as_str()) {
            Some(at) if at <= LONGEST_GAP => after = &after[at + part.len()..],
            _ => return false,
        }
    }
    let mut next = after.chars();
    match next.next() {
        _ if !closed => true,
        Some('/') => !next.next().is_some_and(|one| one.is_alphanumeric() || "{$:<_".contains(one)),
        Some(one) => !(one.is_alphanumeric() || one == '_' || one == '-'),
        None => true,
    }
}

/// The operations that are looked for, and every term.
pub(super) fn terms(causes: &[Cause], subjects: &[Subject], operations: &Operations) -> (Vec<String>, Vec<Term>) {
    let mut terms = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let target = Target::Cause(index);
        match subject {
            Subject::Name { name, header } => terms.extend(words(name, *header, target)),
            Subject::Server(host) => terms.extend([word(host.clone(), true, target)]),
            Subject::Operation => {}
        }
    }
    let in_causes = causes.iter().flat_map(|cause| &cause.places).map(|place| &place.operation);
    let names: BTreeSet<&String> =
        operations.keys().chain(in_causes).filter(|name| !["", "*"].contains(&name.as_str())).collect();
    let names: Vec<String> = names.into_iter().cloned().collect();
    for (position, name) in names.iter().enumerate() {
        let target = Target::Operation(position);
        match name.split_once(' ').filter(|(_, path)| path.starts_with('/')) {
            Some((_, path)) => terms.extend(paths(path, target)),
            // `query user` of GraphQL.
            None => terms.extend(words(name.rsplit(' ').next().unwrap_or(name), false, target)),
        }
        for other in operations.get(name).into_iter().flatten() {
            let telling = other.to_snake_case().contains('_');
            let how = |term: Term| if telling { term } else { Term { how: How::Call, ..term } };
            terms.extend(words(other, false, target).map(how));
        }
    }
    (names, terms)
}

fn word(text: String, any_case: bool, target: Target) -> Term {
    Term { text, target, how: How::Word { any_case } }
}

/// A name as it is, and as the languages write it: `dateDeNaissance` is `date_de_naissance` in Rust.
fn words(name: &str, any_case: bool, target: Target) -> impl Iterator<Item = Term> {
    let forms = [
        name.to_owned(),
        name.to_snake_case(),
        name.to_lower_camel_case(),
        name.to_upper_camel_case(),
        name.to_shouty_snake_case(),
    ];
    let forms: BTreeSet<String> = forms.into_iter().filter(|form| !form.is_empty()).collect();
    forms.into_iter().map(move |form| word(form, any_case, target))
}

/// A path as sources write it: whole, after a base URL that holds its first parts, and without its first slash.
fn paths(path: &str, target: Target) -> Vec<Term> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let is_fixed = |segment: &str| !segment.contains('{');
    let mut terms = Vec::new();
    for start in 0..segments.len() {
        let left = &segments[start..];
        let fixed = left.iter().filter(|segment| is_fixed(segment)).count();
        let whole = segments[..start].iter().all(|segment| !is_fixed(segment));
        if !is_fixed(left[0]) || (fixed < 2 && !whole) {
            continue;
        }
        let mut parts = parts(left).into_iter();
        let Some(first) = parts.next() else { continue };
        let (rest, closed) = (parts.collect::<Vec<_>>(), left.last().is_some_and(|last| is_fixed(last)));
        if fixed >= 2 {
            let how = How::Path { rest: rest.clone(), anywhere: false, closed };
            terms.push(Term { text: first[1..].to_owned(), target, how });
        }
        let how = How::Path { rest, anywhere: start == 0 && fixed >= 2, closed };
        terms.push(Term { text: first, target, how });
    }
    terms
}

/// The fixed parts of a path: `/users/{id}/posts` is `/users/` and `/posts`.
fn parts(segments: &[&str]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for run in segments.split_inclusive(|segment| segment.contains('{')) {
        let fixed: String =
            run.iter().filter(|segment| !segment.contains('{')).flat_map(|fixed| ["/", fixed]).collect();
        let goes_on = fixed.len() < run.iter().map(|segment| segment.len() + 1).sum();
        if !fixed.is_empty() {
            parts.push(if goes_on { fixed + "/" } else { fixed });
        }
    }
    parts
}
