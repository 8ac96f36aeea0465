//! The metamodel and the edits: data, in YAML beside this file.

use super::law::{Effect, Role};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Objects with their fields.
pub(super) type Model = BTreeMap<String, BTreeMap<String, Field>>;
/// Objects with the edits of each of their fields.
pub(super) type Edits = BTreeMap<String, BTreeMap<String, Vec<Edit>>>;

/// The versions of the notation.
pub(super) const VERSIONS: [&str; 3] = ["3.0", "3.1", "3.2"];

/// One field of an object.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of the data, each of its own")]
pub(super) struct Field {
    pub(super) is: Option<String>,
    pub(super) list: Option<String>,
    pub(super) map: Option<String>,
    /// The position of the schemas there.
    #[serde(rename = "as")]
    pub(super) position: Option<String>,
    pub(super) turns: bool,
    pub(super) flips: bool,
    pub(super) mixes: bool,
    /// Nobody but a reader looks at it.
    pub(super) prose: bool,
    /// The objects there are met where they are referred to.
    pub(super) elsewhere: bool,
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
}

/// How values are written at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Json,
    /// In a parameter, a header or the part of a form: each value is a text.
    Text,
    Xml,
    /// The fields of a form: their values are texts.
    Form,
}

/// The notations that an edit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Written {
    Text,
    Xml,
    /// Where values keep their types: everything but texts.
    Json,
    /// Where the properties keep theirs as well.
    Typed,
    /// Neither texts nor XML.
    Plain,
}

/// Values of a field, and what it means to go from one to another. Null stands for a field that is not there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Edit {
    /// Each value allows less than the one before.
    narrows: Option<Vec<Value>>,
    /// The same of names that no document lists.
    keys: Option<Vec<Value>>,
    /// Each allows what another one does not.
    aside: Option<Vec<Value>>,
    /// Each describes one part more than the one before, which may be left out.
    parts: Option<Vec<Value>>,
    /// The same of parts that must be there.
    demands: Option<Vec<Value>>,
    /// With each the provider makes one call more, which the consumer must answer.
    hooks: Option<Vec<Value>>,
    /// With each the same message is read in another way.
    means: Option<Vec<Value>>,
    noted: Option<Vec<Value>>,
    neutral: Option<Vec<Value>>,
    unknown: Option<Vec<Value>>,
    /// Why it is neutral, unknown or noted.
    pub(super) because: Option<String>,
    /// What stands beside the field in both documents.
    #[serde(rename = "in")]
    context: Map<String, Value>,
    /// The values are objects, whose fields all count.
    whole: bool,
    /// Where it can be made: the notation, the role, the positions, the versions.
    of: Option<Written>,
    role: Option<Role>,
    at: Option<Vec<String>>,
    since: Option<String>,
    until: Option<String>,
}

/// One edit that can be made: the fields of both documents, and its effect.
pub(super) struct Made {
    pub(super) old: Map<String, Value>,
    pub(super) new: Map<String, Value>,
    pub(super) effect: Effect,
}

/// Whether a version is in a range.
pub(super) fn is_within(version: &str, since: Option<&String>, until: Option<&String>) -> bool {
    since.is_none_or(|since| version >= since.as_str()) && until.is_none_or(|until| version <= until.as_str())
}

impl Edit {
    pub(super) fn fits(&self, role: Role, notation: Notation, position: &str, version: &str) -> bool {
        let is_written = |of| match of {
            Written::Text => notation == Notation::Text,
            Written::Xml => notation == Notation::Xml,
            Written::Json => notation != Notation::Text,
            Written::Typed => matches!(notation, Notation::Json | Notation::Xml),
            Written::Plain => matches!(notation, Notation::Json | Notation::Form),
        };
        self.of.is_none_or(is_written)
            && self.role.is_none_or(|own| own == role)
            // A form that a discriminator names is more than its schema.
            && self.at.as_ref().map_or(position != "subtype", |positions| positions.iter().any(|own| own == position))
            && is_within(version, self.since.as_ref(), self.until.as_ref())
    }

    /// The values, with the effects of going up and down the list.
    fn steps(&self) -> Option<(&[Value], Effect, Effect)> {
        let all = [
            (&self.narrows, Effect::Fewer, Effect::More),
            (&self.keys, Effect::FewerUnlisted, Effect::MoreUnlisted),
            (&self.aside, Effect::Others, Effect::Others),
            (&self.parts, Effect::Gained, Effect::Lost),
            (&self.demands, Effect::Demanded, Effect::Lost),
            (&self.hooks, Effect::Asked, Effect::Lost),
            (&self.means, Effect::Meaning, Effect::Meaning),
            (&self.noted, Effect::Noted, Effect::Noted),
            (&self.neutral, Effect::Nothing, Effect::Nothing),
            (&self.unknown, Effect::Unknown, Effect::Unknown),
        ];
        let mut stated = all.into_iter().filter_map(|(values, up, down)| Some((values.as_deref()?, up, down)));
        stated.next().filter(|_| stated.next().is_none())
    }

    /// Why this is no edit.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match self.steps() {
            None => Some("it says not exactly one thing of its values"),
            Some((values, ..)) if values.len() < 2 => Some("it has fewer than two values"),
            Some((_, Effect::Nothing | Effect::Unknown, _)) if self.because.is_none() => Some("it gives no reason"),
            Some(_) => None,
        }
    }

    pub(super) fn is_neutral(&self) -> bool {
        self.neutral.is_some()
    }

    /// Whether it can be made in JSON Schema 2020-12, of values in JSON.
    #[cfg(test)]
    pub(super) fn is_of_validators(&self) -> bool {
        self.until.is_none() && !matches!(self.of, Some(Written::Text | Written::Xml))
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.unknown.is_some()
    }

    /// Every edit from one of the values to another.
    pub(super) fn all(&self, field: &str) -> Vec<Made> {
        let Some((values, up, down)) = self.steps() else { return Vec::new() };
        let side = |value: &Value| {
            let mut fields = self.context.clone();
            match value {
                Value::Object(own) if self.whole => fields.extend(own.clone()),
                Value::Null => drop(fields.remove(field)),
                value => drop(fields.insert(field.to_owned(), value.clone())),
            }
            fields
        };
        let positions = 0..values.len();
        let pairs = positions.clone().flat_map(|one| positions.clone().map(move |other| (one, other)));
        pairs
            .filter(|(one, other)| one != other)
            .map(|(one, other)| Made {
                old: side(&values[one]),
                new: side(&values[other]),
                effect: if one < other { up } else { down },
            })
            .collect()
    }
}
