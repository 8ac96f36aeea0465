//! Media types as sets: `*/*` and `image/*` contain others, and a type without parameters those with any.

use super::document::{Document, NOTHING};
use super::facets::Facets;
use super::types::Types;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A media type or a range of them, as a message is labelled with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Media {
    /// `application/json`, in lower case.
    name: String,
    /// `v=1`; but for those that say nothing of the contract.
    parameters: BTreeSet<String>,
}

/// What is sent in each media type.
pub(super) type Contents<'a> = BTreeMap<Media, &'a Value>;

impl Media {
    pub(super) fn of(written: &str) -> Self {
        let written = written.to_lowercase();
        let mut parts = written.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_owned();
        // UTF-8 is what JSON and forms are written in, and a boundary is of one message.
        let says = |parameter: &String| {
            !parameter.is_empty() && parameter != "charset=utf-8" && !parameter.starts_with("boundary=")
        };
        let plain = |parameter: &str| parameter.replace([' ', '"'], "");
        Self { name, parameters: parts.map(plain).filter(says).collect() }
    }

    /// Whether everything that has the other type has this one.
    pub(super) fn contains(&self, other: &Self) -> bool {
        let has_name = self.name == "*/*"
            || self.name == other.name
            || self
                .name
                .strip_suffix('*')
                .is_some_and(|prefix| prefix.ends_with('/') && other.name.starts_with(prefix));
        has_name && self.parameters.is_subset(&other.parameters)
    }

    /// From `*/*` to a type with parameters.
    fn precision(&self) -> (bool, bool, usize) {
        (self.name != "*/*", !self.name.ends_with("/*"), self.parameters.len())
    }

    pub(super) fn is_form(&self) -> bool {
        ["application/x-www-form-urlencoded", "multipart/form-data"].contains(&self.name.as_str())
    }

    pub(super) fn is_xml(&self) -> bool {
        self.name.ends_with("/xml") || self.name.ends_with("+xml")
    }

    pub(super) fn is_json(&self) -> bool {
        self.name == "application/json" || self.name.ends_with("+json")
    }

    /// Whether a body of this type is bytes, which no schema describes.
    pub(super) fn is_bytes(&self) -> bool {
        let is_text = ["text/", "multipart/"].iter().any(|start| self.name.starts_with(start));
        let is_structured = ["json", "xml", "yaml", "urlencoded", "/*"].iter().any(|end| self.name.ends_with(end));
        !is_text && !is_structured
    }
}

impl fmt::Display for Media {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        self.parameters.iter().try_for_each(|parameter| write!(formatter, ";{parameter}"))
    }
}

/// What a message says of its media types.
pub(super) fn contents<'a>(document: &Document<'a>, message: &'a Value) -> Contents<'a> {
    document.entries(message, "content").map(|(written, content)| (Media::of(written), content)).collect()
}

/// What is said of one type: by itself, or by the closest range that contains it.
pub(super) fn covering<'a>(types: &Contents<'a>, one: &Media) -> Option<&'a Value> {
    let ranges = types.iter().filter(|(range, _)| range.contains(one));
    ranges.max_by_key(|(range, _)| range.precision()).map(|(_, content)| *content)
}

/// The only one that is JSON.
pub(super) fn only_json<'a>(contents: &Contents<'a>) -> Option<&'a Value> {
    let mut json = contents.iter().filter(|(media, _)| media.is_json());
    json.next().filter(|_| json.next().is_none()).map(|(_, content)| *content)
}

/// The types in which a part of a form is sent: as its encoding says, or else by what it is. `None` if it may be anything.
pub(super) fn of_part<'a>(document: &Document<'a>, encoding: &Value, part: &[&'a Value]) -> Option<Contents<'a>> {
    let list = |types: &str| types.split(',').map(|one| (Media::of(one), &NOTHING)).collect();
    if let Some(stated) = encoding["contentType"].as_str() {
        return Some(list(stated));
    }
    let facets = Facets::of(document, part);
    let is_binary = facets.formats.contains("binary");
    match facets.types? {
        types if types == Types::ARRAY => of_part(document, &Value::Null, &facets.items),
        types if types.may_be_compound() => Some(list("application/json")),
        _ if is_binary => Some(list("application/octet-stream")),
        _ => Some(list("text/plain")),
    }
}

#[cfg(test)]
mod tests {
    use super::Media;

    #[test]
    fn ranges_contain_types_and_types_those_with_parameters() {
        let contains = |one: &str, other: &str| Media::of(one).contains(&Media::of(other));
        for (range, inner) in [
            ("*/*", "application/json"),
            ("*/*", "image/*"),
            ("image/*", "IMAGE/png"),
            ("application/json", "application/json; v=1"),
            ("application/json;charset=UTF-8", "application/json"),
            ("a/b;v=1;w=\"2\"", "a/b; w=2; v=1"),
        ] {
            assert!(contains(range, inner), "{range} contains {inner}");
        }
        for (one, other) in [
            ("application/json", "*/*"),
            ("image/*", "imagery/png"),
            ("a/b;v=1", "a/b;v=2"),
            ("a/b;v=1", "a/b"),
            ("text/plain;charset=iso-8859-1", "text/plain"),
        ] {
            assert!(!contains(one, other), "{one} does not contain {other}");
        }
    }
}
