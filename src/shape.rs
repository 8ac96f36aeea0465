//! Floor 2: the shape of a JSON value (types, keys, nulls, array elements, value forms), and what changed between two.

use crate::contract::model::escape;
use crate::deviation::{Deviation, Kind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a text looks like. Real drift hides here: `2024-2025` became `2025`, `75002` became `75002 PARIS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `2025-01-31`
    Date,
    /// `2025-01-31T..`
    DateTime,
    /// `2025`, from 1900 to 2100.
    Year,
    /// `2024-2025`
    YearRange,
    /// A code: digits, or digits and letters, without a space; four characters or more, told apart by their length.
    Code(usize),
    /// Letters, none of them small.
    Upper,
    /// Letters, none of them capital.
    Lower,
    /// Small and capital letters.
    Mixed,
    /// No letter, and not digits alone.
    Symbols,
}

impl Form {
    /// The form of a text; `None` for one that proves nothing: empty, or a code of three characters or less.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let year = |text: &str| text.len() == 4 && digits(text) && (1900..=2100).contains(&text.parse().unwrap_or(0));
        let date = |text: &str| {
            let parts: Vec<&str> = text.split('-').collect();
            matches!(parts[..], [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2 && parts.iter().all(|part| digits(part)))
        };
        let code = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text.bytes().any(|byte| byte.is_ascii_digit())
        };
        if text.trim().is_empty() {
            return None;
        }
        Some(if year(text) {
            Self::Year
        } else if code(text) {
            // `7` and `0bis` are both a grant's level: so few characters prove nothing.
            return (text.len() >= 4).then_some(Self::Code(text.len()));
        } else if date(text) {
            Self::Date
        } else if text.is_char_boundary(10) && text.len() > 10 && date(&text[..10]) && text.as_bytes()[10] == b'T' {
            Self::DateTime
        } else if text.split_once('-').is_some_and(|(a, b)| year(a) && year(b)) {
            Self::YearRange
        } else {
            match (text.chars().any(char::is_uppercase), text.chars().any(char::is_lowercase)) {
                (true, true) => Self::Mixed,
                (true, false) => Self::Upper,
                (false, true) => Self::Lower,
                (false, false) => Self::Symbols,
            }
        })
    }
}

impl Form {
    /// A year is a code of four characters that happens to be between 1900 and 2100.
    fn kind(self) -> Self {
        if self == Self::Year { Self::Code(4) } else { self }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date => formatter.write_str("date"),
            Self::DateTime => formatter.write_str("date-time"),
            Self::Year => formatter.write_str("year"),
            Self::YearRange => formatter.write_str("year-year"),
            Self::Code(length) => write!(formatter, "code of {length} characters"),
            Self::Upper => formatter.write_str("upper case"),
            Self::Lower => formatter.write_str("lower case"),
            Self::Mixed => formatter.write_str("mixed case"),
            Self::Symbols => formatter.write_str("symbols"),
        }
    }
}

/// The shape of one value, or of all the elements of an array together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shape {
    seen: usize,
    scalars: BTreeSet<&'static str>,
    forms: BTreeSet<Form>,
    object: Option<BTreeMap<String, Shape>>,
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
            Value::Null => {}
            Value::Bool(_) => drop(self.scalars.insert("boolean")),
            Value::Number(number) => drop(self.scalars.insert(if number.is_f64() { "fraction" } else { "integer" })),
            Value::String(text) => {
                self.scalars.insert("string");
                self.forms.extend(Form::of(text));
            }
            Value::Array(items) => {
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
}

/// What changed from an accepted value to an observed one: shape first; if the shape is the same, whether values moved.
#[must_use]
pub fn compare(accepted: &Value, observed: &Value) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    compare_shapes(&Shape::of(accepted), &Shape::of(observed), "", &mut deviations);
    if deviations.is_empty()
        && let Some((pointer, before, after)) = first_difference(accepted, observed, String::new())
    {
        deviations.push(Deviation::new(Kind::DataChanged, pointer, before, after));
    }
    deviations
}

fn compare_shapes(old: &Shape, new: &Shape, pointer: &str, deviations: &mut Vec<Deviation>) {
    let (old_types, new_types) = (old.types(), new.types());
    if old_types.is_empty() != new_types.is_empty() && old.seen > 0 && new.seen > 0 {
        let name = |types: &BTreeSet<&str>| if types.is_empty() { "null".to_owned() } else { join(types) };
        deviations.push(Deviation::new(Kind::ValueNull, pointer, name(&old_types), name(&new_types)));
        return;
    }
    if old.seen > 0 && !new_types.is_subset(&old_types) {
        deviations.push(Deviation::new(Kind::ResponseTypeChanged, pointer, join(&old_types), join(&new_types)));
        return;
    }
    let kinds = |forms: &BTreeSet<Form>| forms.iter().copied().map(Form::kind).collect::<BTreeSet<_>>();
    if !old.forms.is_empty() && !kinds(&new.forms).is_subset(&kinds(&old.forms)) {
        deviations.push(Deviation::new(Kind::ValueFormChanged, pointer, join(&old.forms), join(&new.forms)));
    }
    if let (Some(old_members), Some(new_members)) = (&old.object, &new.object) {
        for (key, member) in old_members {
            let inner = format!("{pointer}/{}", escape(key));
            match new_members.get(key) {
                None => deviations.push(Deviation::new(Kind::ResponsePropertyRemoved, inner, "present", "absent")),
                Some(observed) => {
                    if member.seen == old.seen && observed.seen < new.seen {
                        let seen = format!("in {} of {}", observed.seen, new.seen);
                        deviations.push(Deviation::new(
                            Kind::PropertySometimesAbsent,
                            &*inner,
                            "in every element",
                            seen,
                        ));
                    }
                    compare_shapes(member, observed, &inner, deviations);
                }
            }
        }
        for key in new_members.keys().filter(|key| !old_members.contains_key(*key)) {
            let inner = format!("{pointer}/{}", escape(key));
            deviations.push(Deviation::new(Kind::ResponsePropertyAdded, inner, "absent", "present"));
        }
    }
    if let (Some(old_element), Some(new_element)) = (&old.array, &new.array) {
        compare_shapes(old_element, new_element, &format!("{pointer}/*"), deviations);
    }
}

fn join<T: fmt::Display>(items: &BTreeSet<T>) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" or ")
}

/// The first place at which two values differ, with short texts of both.
#[must_use]
pub fn first_difference(a: &Value, b: &Value, pointer: String) -> Option<(String, String, String)> {
    let members = |a: &Map<String, Value>, b: &Map<String, Value>| {
        a.iter().find_map(|(key, value)| {
            let inner = format!("{pointer}/{}", escape(key));
            first_difference(value, b.get(key).unwrap_or(&Value::Null), inner)
        })
    };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => members(a, b),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(position, (a, b))| first_difference(a, b, format!("{pointer}/{position}")))
        }
        (Value::Array(a), Value::Array(b)) => {
            Some((pointer, format!("{} elements", a.len()), format!("{} elements", b.len())))
        }
        (a, b) if a == b => None,
        (a, b) => Some((pointer, short(a), short(b))),
    }
}

/// A value on one short line.
#[must_use]
pub fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, compare};
    use crate::deviation::Kind;
    use serde_json::{Value, json};

    fn kinds(accepted: &Value, observed: &Value) -> Vec<(Kind, String)> {
        compare(accepted, observed).into_iter().map(|deviation| (deviation.kind, deviation.pointer)).collect()
    }

    #[test]
    fn forms_of_real_values() {
        let form = |text| Form::of(text).map(|form| form.to_string()).unwrap_or_default();
        let expected = [
            ("2025-01-31", "date"),
            ("2021-06-31", "date"),
            ("2025-01-31T00:00:00+01:00", "date-time"),
            ("2025", "year"),
            ("2024-2025", "year-year"),
            ("75002", "code of 5 characters"),
            ("7", ""),
            ("75002 PARIS", "upper case"),
            ("", ""),
            ("Dupont", "mixed case"),
            ("ÉLÈVE", "upper case"),
            ("+33 6", "symbols"),
            ("é23456789-x", "lower case"),
            ("0bis", "code of 4 characters"),
            ("2A004", "code of 5 characters"),
        ];
        for (text, name) in expected {
            assert_eq!(form(text), name, "{text}");
        }
    }

    #[test]
    fn every_change_of_shape_is_told_at_its_place() {
        let accepted = json!({"a": 1, "b": "2024-2025", "c": [{"x": 1, "y": "A"}, {"x": 2, "y": "B"}], "d": "Paris"});
        for (observed, expected) in [
            (
                json!({"a": "1", "b": "2024-2025", "c": [{"x": 1, "y": "A"}], "d": "Lyon"}),
                (Kind::ResponseTypeChanged, "/a"),
            ),
            (json!({"a": 1, "b": "2025", "c": [{"x": 1, "y": "A"}], "d": "Lyon"}), (Kind::ValueFormChanged, "/b")),
            (
                json!({"a": 1, "b": "2024-2025", "c": [{"x": 1}], "d": "Lyon"}),
                (Kind::ResponsePropertyRemoved, "/c/*/y"),
            ),
            (
                json!({"a": 1, "b": "2024-2025", "c": [{"x": 1, "y": "A"}, {"y": "B"}], "d": "Lyon"}),
                (Kind::PropertySometimesAbsent, "/c/*/x"),
            ),
            (json!({"a": null, "b": "2024-2025", "c": [{"x": 1, "y": "A"}], "d": "Lyon"}), (Kind::ValueNull, "/a")),
            (
                json!({"a": 1, "b": "2024-2025", "c": [{"x": 1, "y": "A"}], "d": "PARIS"}),
                (Kind::ValueFormChanged, "/d"),
            ),
            (
                json!({"a": 1, "b": "2024-2025", "c": [{"x": 1, "y": "A"}], "d": "Lyon", "e": 1}),
                (Kind::ResponsePropertyAdded, "/e"),
            ),
            (
                json!({"a": 1.5, "b": "2024-2025", "c": [{"x": 1, "y": "A"}], "d": "Lyon"}),
                (Kind::ResponseTypeChanged, "/a"),
            ),
        ] {
            assert_eq!(kinds(&accepted, &observed), [(expected.0, expected.1.to_owned())]);
        }
    }

    #[test]
    fn legal_values_of_one_field_raise_no_alarm() {
        for (accepted, observed) in [
            (json!("7"), json!("0bis")),
            (json!("999"), json!("1000")),
            (json!("02050"), json!("2A004")),
            (json!("1234"), json!("1999")),
            (json!([790.5, 12]), json!([790])),
            (json!("JEAN"), json!("JEAN-PIERRE")),
        ] {
            assert_eq!(kinds(&accepted, &observed), [(Kind::DataChanged, kinds(&accepted, &observed)[0].1.clone())]);
        }
    }

    #[test]
    fn values_that_move_are_data_and_empty_lists_prove_nothing() {
        assert_eq!(kinds(&json!({"a": 1}), &json!({"a": 2})), [(Kind::DataChanged, "/a".to_owned())]);
        assert_eq!(kinds(&json!({"a": [{"b": 1}]}), &json!({"a": []})), [(Kind::DataChanged, "/a".to_owned())]);
        assert_eq!(kinds(&json!({"a": [1, 2]}), &json!({"a": [1, 2]})), []);
    }
}
