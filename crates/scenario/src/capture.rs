//! What a step keeps of an answer for the steps after it.

use serde_json::Value;
use serde_json_path::JsonPath;
use std::fmt;
use vigie_contract::path;

/// Where a captured value stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// In the JSON body: the first hit of a path (RFC 9535).
    Body(JsonPath),
    /// In a header, by its name in lower case.
    Header(String),
}

/// What a source that names a header begins with.
const HEADER: &str = "header:";

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(path) => write!(formatter, "{path}"),
            Self::Header(name) => write!(formatter, "{HEADER}{name}"),
        }
    }
}

impl Source {
    /// Reads `$.data.id`, or `header:location`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix(HEADER) {
            let name = name.trim().to_ascii_lowercase();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            return if is_name { Ok(Self::Header(name)) } else { Err(format!("`{text}` names no header")) };
        }
        path::parse(text).map(Self::Body).map_err(|error| {
            format!("`{text}` is no JSONPath (RFC 9535): {error}; write `$.data.id`, or `header:location`")
        })
    }

    /// The value, from an answer's body and headers. A null is nothing.
    pub fn read<'a>(&self, body: Option<&Value>, header: impl Fn(&str) -> Option<&'a str>) -> Option<Value> {
        match self {
            Self::Body(path) => path.query(body?).first().filter(|value| !value.is_null()).cloned(),
            Self::Header(name) => header(name).map(Value::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use serde_json::json;

    #[test]
    fn the_first_hit_counts_and_null_is_none() {
        let body = json!({"a": [{"id": 1}, {"id": 2}], "n": null});
        let read = |source: &str| {
            let source = Source::parse(source).expect("it is a source");
            source.read(Some(&body), |name| (name == "location").then_some("https://b"))
        };
        assert_eq!(read("$.a[*].id"), Some(json!(1)));
        assert_eq!(read("$.n"), None);
        assert_eq!(read("$.b"), None);
        assert_eq!(read("header:Location"), Some(json!("https://b")));
        assert_eq!(read("header:retry-after"), None);
    }

    #[test]
    fn what_nests_without_end_is_refused() {
        for text in [format!("$[?{}", "(".repeat(4_000)), format!("${}", "[?@".repeat(4_000)), "$..a".repeat(4_000)] {
            assert!(Source::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_source_says_so() {
        assert!(Source::parse("$.a[").expect_err("an open bracket").contains("JSONPath"));
        assert!(Source::parse("data.id").is_err());
        assert!(Source::parse("header:").is_err());
    }
}
