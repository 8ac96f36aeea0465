//! Request bodies, in the forms that contracts ask for.

use super::bind::text;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use vigie_contract::model::RequestBody;

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Its `Content-Type`; the boundary of a multipart body is left out.
    pub media_type: String,
    /// What it holds.
    pub content: Content,
}

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A JSON value.
    Json(Value),
    /// Pairs of a form.
    Form(Vec<(String, String)>),
    /// Parts of a multipart body.
    Parts(Vec<Part>),
    /// A text, sent as it is.
    Text(String),
}

/// A part of a multipart body: a text, or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The file's name, if it is a file.
    pub file_name: Option<String>,
    /// Its own media type.
    pub media_type: Option<String>,
    /// What it holds.
    pub content: String,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl Body {
    /// A JSON body.
    #[must_use]
    pub fn json(value: Value) -> Self {
        Self { media_type: JSON.to_owned(), content: Content::Json(value) }
    }

    /// What a case gives, in the form that its own header or else the contract names.
    pub(super) fn of(value: &Value, header: Option<&str>, contract: Option<&RequestBody>) -> Self {
        let media_type = header.map_or_else(|| preferred(contract), str::to_owned);
        let content = match (essence(&media_type).as_str(), value) {
            // Who names the type of a text has written it as it goes over the wire.
            (_, Value::String(text)) if header.is_some() => Content::Text(text.clone()),
            (FORM, Value::Object(members)) => {
                let pairs = members.iter().flat_map(|(name, value)| match value {
                    Value::Array(items) => items.iter().map(|item| (name.clone(), text(item))).collect(),
                    value => vec![(name.clone(), text(value))],
                });
                Content::Form(pairs.collect())
            }
            (MULTIPART, Value::Object(members)) => {
                Content::Parts(members.iter().map(|(name, value)| Part::of(name, value)).collect())
            }
            (other, value) if other == JSON || other.ends_with("+json") => Content::Json(value.clone()),
            (_, value) => Content::Text(text(value)),
        };
        Self { media_type, content }
    }

    /// The value of a JSON body, or the pairs of a form as an object.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match &self.content {
            Content::Json(value) => Some(value.clone()),
            Content::Form(pairs) => {
                Some(pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect())
            }
            Content::Parts(_) | Content::Text(_) => None,
        }
    }

    /// `Content-Type` and bytes, as they go over the wire. The same body gives the same bytes.
    #[must_use]
    pub fn encode(&self) -> (String, Vec<u8>) {
        let plain = |bytes: Vec<u8>| (self.media_type.clone(), bytes);
        match &self.content {
            Content::Json(value) => plain(value.to_string().into_bytes()),
            Content::Text(text) => plain(text.clone().into_bytes()),
            Content::Form(pairs) => {
                plain(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes())
            }
            Content::Parts(parts) => {
                let boundary = boundary(parts);
                let parts: String = parts.iter().map(|part| part.encode(&boundary)).collect();
                let bytes = format!("{parts}--{boundary}--\r\n").into_bytes();
                (format!("{}; boundary={boundary}", self.media_type), bytes)
            }
        }
    }
}

impl Part {
    /// `{filename: a.png, type: image/png, content: ..}`, or a text.
    fn of(name: &str, value: &Value) -> Self {
        let member = |key: &str| value.get(key).filter(|value| !value.is_null()).map(text);
        let is_file = value.get("content").is_some();
        Self {
            name: name.to_owned(),
            file_name: member("filename"),
            media_type: member("type"),
            content: if is_file { member("content").unwrap_or_default() } else { text(value) },
        }
    }

    fn encode(&self, boundary: &str) -> String {
        let quoted = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(&self.name));
        if let Some(file_name) = &self.file_name {
            let _ = write!(head, "; filename=\"{}\"", quoted(file_name));
        }
        if let Some(media_type) = &self.media_type {
            let _ = write!(head, "\r\nContent-Type: {}", media_type.replace(['\r', '\n'], " "));
        }
        format!("--{boundary}\r\n{head}\r\n\r\n{}\r\n", self.content)
    }
}

/// The media type of a contract's body that a case is best written for.
fn preferred(contract: Option<&RequestBody>) -> String {
    let known: Vec<&str> = contract.into_iter().flat_map(|body| body.content.keys()).map(String::as_str).collect();
    let wanted = [JSON, FORM, MULTIPART].into_iter().find(|wanted| known.contains(wanted));
    wanted.or(known.first().copied()).unwrap_or(JSON).to_owned()
}

/// A media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What separates parts: the first of its kind that none of them holds.
fn boundary(parts: &[Part]) -> String {
    const BEGIN: &str = "part-";
    let mut held = BTreeSet::new();
    for part in parts.iter().map(|part| part.encode("")) {
        for (at, _) in part.match_indices(BEGIN) {
            // `part-12` holds `part-1` too.
            let digits = part[at + BEGIN.len()..].bytes().take(MOST_DIGITS).take_while(u8::is_ascii_digit);
            let mut number = 0_u64;
            held.extend(digits.map(|digit| {
                number = number * 10 + u64::from(digit - b'0');
                number
            }));
        }
    }
    // One more than there are: one of them is free.
    let free = (0..=held.len() as u64).find(|number| !held.contains(number)).unwrap_or_default();
    format!("{BEGIN}{free}")
}

/// Digits of a number that no count of parts reaches.
const MOST_DIGITS: usize = 18;

#[cfg(test)]
mod tests {
    use super::{Body, Content, FORM, JSON, MULTIPART};
    use serde_json::{Value, json};
    use vigie_contract::model::RequestBody;

    fn contract(media_type: &str) -> RequestBody {
        RequestBody { pointer: String::new(), required: true, content: [(media_type.to_owned(), true)].into() }
    }

    fn sent(value: &Value, header: Option<&str>, media_type: &str) -> (String, String) {
        let (media_type, bytes) = Body::of(value, header, Some(&contract(media_type))).encode();
        (media_type, String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn the_contract_says_the_form_of_a_body() {
        let value = json!({"a": "x y&é", "b": [1, true]});
        assert_eq!(sent(&value, None, JSON), (JSON.into(), value.to_string()));
        assert_eq!(sent(&value, None, FORM), (FORM.into(), "a=x+y%26%C3%A9&b=1&b=true".into()));
        assert_eq!(sent(&json!("x"), None, JSON), (JSON.into(), "\"x\"".into()));
        assert_eq!(sent(&json!("x"), None, "text/plain"), ("text/plain".into(), "x".into()));
    }

    #[test]
    fn a_text_with_a_type_of_its_own_is_sent_as_it_is() {
        assert_eq!(sent(&json!("{a: 1"), Some(JSON), JSON), (JSON.into(), "{a: 1".into()));
        assert_eq!(sent(&json!({"a": 1}), Some(FORM), JSON), (FORM.into(), "a=1".into()));
    }

    #[test]
    fn files_are_parts_and_no_part_holds_the_boundary() {
        let value = json!({"caption": "part-0", "file": {"filename": "a.png", "type": "image/png", "content": "PNG"}});
        let (media_type, body) = sent(&value, None, MULTIPART);
        assert_eq!(media_type, "multipart/form-data; boundary=part-1");
        assert_eq!(
            body,
            "--part-1\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\npart-0\r\n--part-1\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n\
             --part-1--\r\n"
        );
        let holding = json!({"a": "part-0 part-12 part-2", "b": "part-", "c": "part-é"});
        assert_eq!(sent(&holding, None, MULTIPART).0, "multipart/form-data; boundary=part-3");
        let untyped = json!({"file": {"filename": "a.png", "content": "PNG"}});
        assert!(!sent(&untyped, None, MULTIPART).1.contains("Content-Type"));
    }

    #[test]
    fn a_form_has_a_value_and_a_text_has_none() {
        assert_eq!(Body::of(&json!({"a": 1}), Some(FORM), None).value(), Some(json!({"a": "1"})));
        let text = Body { media_type: "text/plain".into(), content: Content::Text("x".into()) };
        assert_eq!(text.value(), None);
    }
}
