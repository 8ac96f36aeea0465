//! What goes around the bodies that a caller gives.

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

/// What the methods of a client send beside what their callers say, by the name of the method.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// The document of a GraphQL operation, whose variables are the body that the caller gives.
    pub(crate) graphql: &'static [(&'static str, &'static str)],
    /// The media type of bytes.
    pub(crate) media_types: &'static [(&'static str, &'static str)],
}

impl Bodies {
    /// Before a call: what the method itself says goes into the request.
    pub(crate) fn prepare(&self, method: &str, request: &mut reqwest::Request) -> Result<(), String> {
        let find = |table: &'static [(&str, &'static str)]| table.iter().find(|(name, _)| *name == method);
        if let Some((_, document)) = find(self.graphql) {
            let body = request.body().and_then(reqwest::Body::as_bytes);
            *request.body_mut() = Some(with_query(document, body)?.into());
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some((_, media_type)) = find(self.media_types) {
            let boundary = || boundary(request.body().and_then(reqwest::Body::as_bytes)?);
            let own = match *media_type {
                "multipart/form-data" => {
                    let boundary = boundary().ok_or("the body is no `Multipart`")?;
                    HeaderValue::from_str(&format!("{media_type}; boundary={boundary}"))
                }
                media_type => HeaderValue::from_str(media_type),
            };
            let own = own.map_err(|_| format!("`{media_type}` is no media type"))?;
            request.headers_mut().insert(CONTENT_TYPE, own);
        }
        Ok(())
    }
}

/// A GraphQL document and its variables as a request sends them.
fn with_query(document: &str, variables: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let query = serde_json::to_string(document).map_err(|error| error.to_string())?;
    let mut body = format!("{{\"query\":{query}").into_bytes();
    if let Some(variables) = variables {
        body.extend_from_slice(b",\"variables\":");
        body.extend_from_slice(variables);
    }
    body.push(b'}');
    Ok(body)
}

/// What separates the parts of a multipart body: its first line says it.
fn boundary(body: &[u8]) -> Option<&str> {
    let line = body.split(|byte| *byte == b'\r').next()?.strip_prefix(b"--")?;
    let good =
        (1..=70).contains(&line.len()) && line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte));
    str::from_utf8(line).ok().filter(|_| good)
}

/// An optional text of a request: give a `&str`, a `String`, or an `Option` of either.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionalText(pub(crate) Option<String>);

impl From<&str> for OptionalText {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<String> for OptionalText {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<Option<String>> for OptionalText {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for OptionalText {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}

/// A `multipart/form-data` body, for methods that take a `reqwest::Body`: `.body(Multipart::new().file(..))`.
///
/// The same parts make the same bytes: the boundary is the first of its kind that none of them holds. The client reads
/// it off the body and says it in the request's `Content-Type`.
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<(String, Bytes)>,
}

impl Multipart {
    /// A body without parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(name));
        self.parts.push((head, value.into().into()));
        self
    }

    /// Adds a file with its media type.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, media_type: &str, content: impl Into<Bytes>) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}",
            quoted(name),
            quoted(file_name),
            media_type.replace(['\r', '\n'], " "),
        );
        self.parts.push((head, content.into()));
        self
    }

    /// The body as it is sent.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        let holds = |boundary: &str| {
            let boundary = boundary.as_bytes();
            let inside = |bytes: &[u8]| bytes.windows(boundary.len()).any(|window| window == boundary);
            self.parts.iter().any(|(head, content)| inside(head.as_bytes()) || inside(content))
        };
        let mut boundary = "part-0".to_owned();
        for number in 1_u64.. {
            if !holds(&boundary) {
                break;
            }
            boundary = format!("part-{number}");
        }
        let mut body = Vec::new();
        for (head, content) in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        body.into()
    }
}

/// A file may be anybody's: only the number of parts is shown.
impl std::fmt::Debug for Multipart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Multipart({} parts)", self.parts.len())
    }
}

impl From<Multipart> for reqwest::Body {
    fn from(body: Multipart) -> Self {
        body.into_bytes().into()
    }
}

/// A name between quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::{Bodies, Multipart, boundary};
    use reqwest::{Method, Request};
    use serde_json::{Value, json};

    const BODIES: Bodies = Bodies {
        graphql: &[("me", "query me { me { id } }"), ("day", "query day($at: Int!) { day(at: $at) { id } }")],
        media_types: &[("upload", "multipart/form-data"), ("picture", "image/png")],
    };

    fn prepared(method: &str, body: Option<Vec<u8>>) -> Result<Request, String> {
        let mut request = Request::new(Method::POST, "http://127.0.0.1/graphql#me".parse().expect("a URL"));
        *request.body_mut() = body.map(Into::into);
        BODIES.prepare(method, &mut request).map(|()| request)
    }

    fn json_of(request: &Request) -> Value {
        serde_json::from_slice(request.body().and_then(|body| body.as_bytes()).expect("a body")).expect("JSON")
    }

    #[test]
    fn the_query_goes_around_the_variables() {
        let request = prepared("day", Some(br#"{"at":9007199254740993}"#.to_vec())).expect("it is prepared");
        let document = "query day($at: Int!) { day(at: $at) { id } }";
        assert_eq!(json_of(&request), json!({"query": document, "variables": {"at": 9_007_199_254_740_993_u64}}));
        assert_eq!(request.headers()["content-type"], "application/json");
    }

    #[test]
    fn without_variables_there_is_the_query_alone() {
        let request = prepared("me", None).expect("it is prepared");
        assert_eq!(json_of(&request), json!({"query": "query me { me { id } }"}));
    }

    #[test]
    fn a_multipart_body_says_its_boundary_and_nothing_in_it_is_taken_for_one() {
        let body = Multipart::new().text("title", "part-0").file("files", "a\"b.png", "image/png", vec![1, 2, 255]);
        let bytes = body.clone().into_bytes();
        assert_eq!(boundary(&bytes), Some("part-1"));
        assert!(bytes.ends_with(b"image/png\r\n\r\n\x01\x02\xff\r\n--part-1--\r\n"));
        assert!(String::from_utf8_lossy(&bytes).contains("filename=\"a%22b.png\""));
        let request = prepared("upload", Some(bytes.to_vec())).expect("it is prepared");
        assert_eq!(request.headers()["content-type"], "multipart/form-data; boundary=part-1");
        assert_eq!(format!("{body:?}"), "Multipart(2 parts)");
    }

    #[test]
    fn bytes_have_the_media_type_of_the_contract_and_other_bodies_are_refused_as_multipart() {
        let request = prepared("picture", Some(vec![0])).expect("it is prepared");
        assert_eq!(request.headers()["content-type"], "image/png");
        assert!(prepared("upload", Some(b"files".to_vec())).is_err());
        assert!(prepared("upload", Some(b"--a b\r\n".to_vec())).is_err());
    }
}
