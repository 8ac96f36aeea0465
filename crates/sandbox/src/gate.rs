//! The gate: what a sandbox reads of a request before it answers, and what a contract says of a parameter.

use crate::SandboxError;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use axum::http::{HeaderMap, Method};
use serde_json::Value;
use std::borrow::Cow;
use vigie_contract::model::{Operation, Parameter};
use vigie_contract::schema::Schema;
use vigie_judge::Draft4;

/// A request, read to its end.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The body of a request is longer than the sandbox reads.
pub(crate) struct TooLong;

impl Incoming {
    /// Reads a request whose body has at most so many bytes.
    pub(crate) async fn read(request: Request, most: usize) -> Result<Self, TooLong> {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, most).await.map_err(|_| TooLong)?;
        let query = Query::read(head.uri.query().unwrap_or_default().as_bytes());
        let path = head.uri.path().to_owned();
        Ok(Self { method: head.method, path, query, headers: head.headers, body })
    }

    /// A request header as text; an empty one counts as absent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The media type of the body, without its parameters.
    pub(crate) fn media_type(&self) -> &str {
        let text = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        text.split(';').next().unwrap_or_default().trim()
    }

    /// The pairs of a form; none where the body is something else.
    pub(crate) fn form(&self) -> Query {
        let is_form = self.media_type() == "application/x-www-form-urlencoded";
        Query::read(if is_form { &self.body } else { &[] })
    }
}

/// The pairs of a query or a form, in their order.
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

impl Query {
    pub(crate) fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The first value of a name; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.first(|known| known == name)
    }

    /// The same for one of several names, in any letter case.
    pub(crate) fn any_case(&self, names: &[&str]) -> Option<&str> {
        self.first(|known| names.iter().any(|name| known.eq_ignore_ascii_case(name)))
    }

    fn first(&self, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
        let found = self.0.iter().find(|(name, value)| !value.is_empty() && is_meant(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// A header as text; an empty one counts as absent.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

/// The scheme of `Authorization` and what follows it. Credentials that are not UTF-8 read as `%`, which no token is.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, credentials) = value.split_at(end);
    Some((std::str::from_utf8(scheme).ok()?, std::str::from_utf8(credentials).map_or("%", str::trim)))
}

/// A cookie by its name.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = header(headers, COOKIE.as_str())?.split(';');
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A name or a value that is not percent-encoded UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The pairs of a query in their order; a name without `=` has an empty value.
pub(crate) fn pairs(
    query: &str,
) -> impl Iterator<Item = (Result<Cow<'_, str>, Malformed>, Result<Cow<'_, str>, Malformed>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// The last value of a name, if it can be read.
pub(crate) fn last<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let named = pairs(query).filter(|(key, _)| key.as_deref() == Ok(name));
    named.last().and_then(|(_, value)| value.ok())
}

fn decode(text: &str) -> Result<Cow<'_, str>, Malformed> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (digit(bytes.next())? << 4) | digit(bytes.next())?,
            byte => byte,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| Malformed)
}

fn digit(byte: Option<u8>) -> Result<u8, Malformed> {
    match byte {
        Some(byte @ b'0'..=b'9') => Ok(byte - b'0'),
        Some(byte @ b'a'..=b'f') => Ok(byte - b'a' + 10),
        Some(byte @ b'A'..=b'F') => Ok(byte - b'A' + 10),
        _ => Err(Malformed),
    }
}

/// A parameter as the contract states it, compiled.
pub(crate) struct ContractParameter {
    pub(crate) is_list: bool,
    kind: Kind,
    /// `None` when the schema says nothing but the type.
    validator: Option<Draft4>,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
}

impl ContractParameter {
    pub(crate) fn new(operation: &Operation, parameter: &Parameter, document: &Value) -> Result<Self, SandboxError> {
        let stated = Schema::new(document, &parameter.schema).resolved();
        let is_list = parameter.is_list();
        let item = if is_list { stated.items().map(Schema::resolved) } else { Some(stated) };
        let schema = stated.node();
        let says_more = |schema: &Value| schema.as_object().is_some_and(|schema| schema.keys().any(|key| says(key)));
        let validator = if says_more(schema) || item.is_some_and(|item| says_more(item.node())) {
            Some(Draft4::new(schema).map_err(|reason| SandboxError::Schema {
                operation: operation.id.clone(),
                parameter: parameter.name.clone(),
                reason,
            })?)
        } else {
            None
        };
        let kind = match item.and_then(Schema::only_type) {
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            _ => Kind::Text,
        };
        Ok(Self { is_list, kind, validator })
    }

    /// Whether the values, at least one, can be accepted.
    pub(crate) fn accepts(&self, values: &[&str]) -> bool {
        if self.validator.is_none() && matches!(self.kind, Kind::Text) {
            return true;
        }
        let Some(read) = values.iter().map(|value| self.kind.read(value)).collect::<Option<Vec<Value>>>() else {
            return false;
        };
        let Some(validator) = &self.validator else { return true };
        let value = if self.is_list { Value::Array(read) } else { read.into_iter().next_back().unwrap_or_default() };
        validator.accepts(&value)
    }
}

impl Kind {
    /// The value that a text stands for; `None` where it is not of this kind.
    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(text.into()),
            Self::Integer => text.parse::<i64>().ok().map(Value::from),
            Self::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
            Self::Boolean => text.parse::<bool>().ok().map(Value::from),
        }
    }
}

/// Whether a keyword of a schema says more than the type, which is read before.
fn says(keyword: &str) -> bool {
    !["type", "items", "format", "description", "nullable", "$ref"].contains(&keyword)
}

#[cfg(test)]
mod tests {
    use super::{Malformed, decode, last, pairs};

    #[test]
    fn names_and_values_are_decoded() {
        let read: Vec<(String, String)> = pairs("prenoms%5B%5D=Jos%C3%A9+Luis&&seul&a=b=c")
            .map(|(name, value)| (name.expect("a name").into_owned(), value.expect("a value").into_owned()))
            .collect();
        let expected = [("prenoms[]", "José Luis"), ("seul", ""), ("a", "b=c")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_no_utf8_or_no_percent_encoding_is_malformed() {
        for text in ["%", "%4", "%zz", "%+1", "%ff", "%C3", "%ED%A0%80"] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
        }
    }

    #[test]
    fn the_last_of_a_repeated_name_counts() {
        assert_eq!(last("token=a&x=1&token=b", "token").as_deref(), Some("b"));
        assert_eq!(last("token=%ff", "token"), None);
        assert_eq!(last("x=1", "token"), None);
    }
}
