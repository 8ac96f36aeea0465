//! Recorded exchanges: a request and its answer in a YAML file, as somebody captured them or wrote them down.
//!
//! ```yaml
//! id: send_message
//! operation: sendMessage          # where it is known
//! request:
//!   method: POST
//!   path: /v1/groups/{groupId}/messages
//!   path_params: {groupId: '7'}   # a path without placeholders needs none
//!   query: {limit: 3}
//!   headers: {Content-Type: application/json}     # or a list of maps with one name each
//!   body: {message: hello}        # or `body_raw`, the text as it was sent; `form`; `multipart`
//! response:
//!   status: 200
//!   headers: {}
//!   delay_seconds: 2
//!   body: {referenceId: '8'}
//! ```
//!
//! What else a file says is somebody's note. A text `{{token}}` stands for a value that was not recorded.

mod field;

use super::ScenarioError;
use field::{Misread, essence, header, optional, pairs, required};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vigie_contract::bounds;
use vigie_contract::files;
use vigie_contract::tree::{self, Keep};

/// A recorded exchange.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its own name, else that of its file.
    pub id: String,
    /// The file as a person finds it.
    pub file: String,
    /// The operation that the file names.
    pub operation: Option<String>,
    /// What was sent.
    pub request: Request,
    /// What came back, if it was recorded.
    pub response: Option<Response>,
}

/// What was sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// HTTP method.
    pub method: String,
    /// The path without query; `{name}` stands for a value of `path_params`.
    pub path: String,
    /// Values of the path's placeholders.
    pub path_params: BTreeMap<String, String>,
    /// The query, decoded, in its order.
    pub query: Vec<(String, String)>,
    /// The headers; `None` where none were recorded.
    pub headers: Option<Vec<(String, String)>>,
    /// The body.
    pub body: Body,
}

/// A body, as far as its record tells what it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// None was recorded.
    Absent,
    /// A JSON value; `relaxed` if what was sent is no strict JSON, and the record tells what it means.
    Json {
        /// The value.
        value: Value,
        /// No strict JSON was sent.
        relaxed: bool,
    },
    /// A text in no form that is known here.
    Text(String),
    /// `application/x-www-form-urlencoded`, decoded.
    Form(Vec<(String, String)>),
    /// `multipart/form-data`.
    Parts(Vec<Part>),
}

/// A part of a body in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// Its own media type.
    pub media_type: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status; `None` where it is not known.
    pub status: Option<u16>,
    /// The headers that were recorded. A JSON value has the media type of JSON where none was recorded.
    pub headers: Vec<(String, String)>,
    /// The body; `None` where none was recorded.
    pub body: Option<Vec<u8>>,
    /// How long it took; nothing where that was not recorded.
    pub after: Duration,
}

/// Extensions of files that hold a record.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Reads every `.yaml`, `.yml` and `.json` file of a folder, sorted by name; each alone may fail. One that lies in a folder
/// below is not read, and fails: it must not pass for one that was judged.
pub fn read_folder(folder: &Path) -> Result<Vec<Result<Recorded, ScenarioError>>, ScenarioError> {
    let entries = |folder: &Path| {
        let unreadable = |source| ScenarioError::Unreadable { path: folder.display().to_string(), source };
        let entries = std::fs::read_dir(folder).map_err(unreadable)?;
        entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect::<Result<Vec<_>, _>>()
    };
    let is_record = |file: &PathBuf| {
        file.extension().is_some_and(|end| EXTENSIONS.iter().any(|known| end.eq_ignore_ascii_case(known)))
    };
    let (folders, mut files): (Vec<PathBuf>, Vec<PathBuf>) =
        entries(folder)?.into_iter().partition(|entry| entry.is_dir());
    files.retain(is_record);
    files.sort();
    let mut below: Vec<PathBuf> = folders.iter().filter_map(|below| entries(below).ok()).flatten().collect();
    below.retain(|file| file.is_file() && is_record(file));
    below.sort();
    if files.is_empty() && below.is_empty() {
        let message = "no recorded exchanges; expected `.yaml` files with a `request` each".to_owned();
        return Err(ScenarioError::Syntax {
            file: folder.display().to_string(),
            text: String::new(),
            offset: None,
            message,
        });
    }
    let misplaced = |file: PathBuf| {
        let source =
            std::io::Error::other("it lies in a folder below, which is not read: move it, or name that folder");
        Err(ScenarioError::Unreadable { path: file.display().to_string(), source })
    };
    Ok(files.iter().map(|file| read_file(file)).chain(below.into_iter().map(misplaced)).collect())
}

/// Reads one file.
pub fn read_file(file: &Path) -> Result<Recorded, ScenarioError> {
    let name = file.display().to_string();
    let text = files::text(file, files::MOST_TEXT)
        .map_err(|source| ScenarioError::Unreadable { path: name.clone(), source })?;
    parse(&name, &text)
}

/// Reads the text of a file.
pub fn parse(file: &str, text: &str) -> Result<Recorded, ScenarioError> {
    let syntax =
        |offset, message| ScenarioError::Syntax { file: file.to_owned(), text: text.to_owned(), offset, message };
    let parsed = bounds::check(text, bounds::MOST_OF_FILE).and_then(|()| tree::parse(text, Keep::All));
    let tree = parsed.map_err(|error| {
        let before: usize = text.split_inclusive('\n').take(error.line.saturating_sub(1)).map(str::len).sum();
        syntax(Some(before + error.column.saturating_sub(1)), error.message)
    })?;
    let stem = || Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let read = || {
        Ok(Recorded {
            id: optional(&tree.value, "id")?.unwrap_or_else(stem),
            file: file.to_owned(),
            operation: optional(&tree.value, "operation")?,
            request: Request::read(&tree.value["request"]).map_err(|error| error.below("request"))?,
            response: match &tree.value["response"] {
                Value::Null => None,
                response => Some(Response::read(response).map_err(|error| error.below("response"))?),
            },
        })
    };
    read().map_err(|error: Misread| syntax(None, error.to_string()))
}

impl Request {
    fn read(request: &Value) -> Result<Self, Misread> {
        if !request.is_object() {
            return Err(Misread::new("", request, "a map with `method` and `path`"));
        }
        let path = required(request, "path")?;
        let (path, in_path) = path.split_once('?').unwrap_or((&path, ""));
        let mut query = decode_form(in_path);
        query.extend(pairs(request, "query")?.unwrap_or_default());
        let headers = pairs(request, "headers")?;
        Ok(Self {
            method: required(request, "method")?.to_ascii_uppercase(),
            path: path.to_owned(),
            path_params: pairs(request, "path_params")?.unwrap_or_default().into_iter().collect(),
            query,
            body: Body::read(request, headers.as_deref().unwrap_or_default())?,
            headers,
        })
    }

    /// A header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.headers.as_deref().unwrap_or_default(), name)
    }

    /// The media type of the body without its parameters, in lower case: as its header says, else as its form tells.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let stated = self.header("content-type").map(essence);
        stated.or_else(|| match self.body {
            Body::Json { .. } => Some("application/json".into()),
            Body::Form(_) => Some("application/x-www-form-urlencoded".into()),
            Body::Parts(_) => Some("multipart/form-data".into()),
            Body::Absent | Body::Text(_) => None,
        })
    }
}

impl Body {
    fn read(request: &Value, headers: &[(String, String)]) -> Result<Self, Misread> {
        if let Some(form) = pairs(request, "form")? {
            return Ok(Self::Form(form));
        }
        if let Some(parts) = request.get("multipart").filter(|parts| !parts.is_null()) {
            let parts = parts.as_array().ok_or_else(|| Misread::new("multipart", parts, "a list of parts"))?;
            let part = |part| Ok(Part { name: required(part, "name")?, media_type: optional(part, "content_type")? });
            let parts = parts.iter().map(part).collect::<Result<_, Misread>>();
            return Ok(Self::Parts(parts.map_err(|error| error.below("multipart"))?));
        }
        let meant = request.get("body").filter(|body| !body.is_null());
        let raw = optional(request, "body_raw")?.or_else(|| meant?.as_str().map(str::to_owned));
        let Some(raw) = raw else {
            return Ok(meant.map_or(Self::Absent, |value| Self::Json { value: value.clone(), relaxed: false }));
        };
        let media_type = header(headers, "content-type").map(essence);
        if media_type.as_deref() == Some("application/x-www-form-urlencoded") {
            return Ok(Self::Form(decode_form(&raw)));
        }
        let strict = media_type.as_deref().is_none_or(is_json).then(|| serde_json::from_str(&raw).ok()).flatten();
        Ok(match (strict, meant) {
            (Some(value), _) => Self::Json { value, relaxed: false },
            (None, Some(meant)) if !meant.is_string() => Self::Json { value: meant.clone(), relaxed: true },
            (None, _) => Self::Text(raw),
        })
    }
}

impl Response {
    fn read(response: &Value) -> Result<Self, Misread> {
        const STATUS: &str = "a number from 100 to 599";
        let status = match &response["status"] {
            Value::Null => None,
            status => {
                let code = status.as_u64().and_then(|code| u16::try_from(code).ok());
                let code = code.filter(|code| (100..600).contains(code));
                Some(code.ok_or_else(|| Misread::new("status", status, STATUS))?)
            }
        };
        let mut headers = pairs(response, "headers")?.unwrap_or_default();
        let delay = match &response["delay_seconds"] {
            Value::Null => Some(Duration::ZERO),
            delay => delay.as_f64().and_then(|delay| Duration::try_from_secs_f64(delay).ok()),
        };
        let after = delay.ok_or_else(|| Misread::new("delay_seconds", &response["delay_seconds"], "seconds"))?;
        let meant = response.get("body").filter(|body| !body.is_null());
        let raw = optional(response, "body_raw")?;
        // What a document printed wrongly is judged as what it means, where the record tells that.
        let raw = raw.filter(|raw| meant.is_none() || serde_json::from_str::<Value>(raw).is_ok());
        let raw = raw.or_else(|| meant?.as_str().map(str::to_owned));
        let body = match (raw, meant) {
            (Some(raw), _) => Some(raw.into_bytes()),
            (None, Some(value)) => {
                if header(&headers, "content-type").is_none() {
                    headers.push(("content-type".into(), "application/json".into()));
                }
                Some(value.to_string().into_bytes())
            }
            (None, None) => None,
        };
        Ok(Self { status, headers, body, after })
    }

    /// A header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// Whether a text stands for a value that was not recorded: `{{token}}`.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).is_some_and(|name| !name.contains("{{"))
}

/// Whether a media type says JSON.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// The pairs of a query or a form.
#[must_use]
pub fn decode_form(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::{Body, is_placeholder, parse};
    use serde_json::json;

    #[test]
    fn both_layouts_of_headers_are_read() {
        for headers in ["{Content-Type: text/plain, X-N: 3}", "[{Content-Type: text/plain}, {X-N: 3}]"] {
            let text = format!(
                "request: {{method: get, path: '/a?b=c%20d', query: {{n: [1, true]}}}}\nresponse: {{status: 204, headers: {headers}}}"
            );
            let recorded = parse("folder/name.yaml", &text).expect("it is a record");
            assert_eq!((recorded.id.as_str(), recorded.request.method.as_str()), ("name", "GET"));
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            assert_eq!(recorded.request.query, [pair("b", "c d"), pair("n", "1"), pair("n", "true")]);
            assert_eq!(recorded.response.expect("an answer").header("x-n"), Some("3"));
        }
    }

    #[test]
    fn a_body_is_what_its_record_says() {
        let body = |lines: &str| {
            parse("f", &format!("request:\n  method: POST\n  path: /a\n{lines}")).expect("it is a record").request.body
        };
        let json = |value, relaxed| Body::Json { value, relaxed };
        assert_eq!(body("  body: {a: 1}"), json(json!({"a": 1}), false));
        assert_eq!(body("  body_raw: '{\"a\": 1}'"), json(json!({"a": 1}), false));
        assert_eq!(body("  body_raw: '{a: 1}'\n  body: {a: 1}"), json(json!({"a": 1}), true));
        assert_eq!(body("  body_raw: '{a: 1}'"), Body::Text("{a: 1}".into()));
        let form = Body::Form(vec![("a".into(), "b c".into())]);
        assert_eq!(body("  form: {a: b c}"), form);
        assert_eq!(body("  headers: {content-type: application/x-www-form-urlencoded}\n  body: a=b+c"), form);
        assert_eq!(body(""), Body::Absent);
    }

    #[test]
    fn what_is_no_record_says_where_and_why() {
        let told = |text| parse("f.yaml", text).expect_err("it is no record").to_string();
        assert_eq!(told("a: 1"), "f.yaml: `request` is absent: expected a map with `method` and `path`");
        assert_eq!(told("request: {method: GET, path: [a]}"), "f.yaml: `request.path` is a list: expected a text");
        assert!(
            told("request: {method: GET, path: /, headers: {a: {}}}").contains("`request.headers` is a map: expected")
        );
        assert_eq!(
            told("request: {method: GET, path: /}\nresponse: {status: 42}"),
            "f.yaml: `response.status` is a number: expected a number from 100 to 599"
        );
        assert!(told("request: [").starts_with("f.yaml:1:11: "));
    }

    #[test]
    fn a_placeholder_is_the_whole_text() {
        assert!(is_placeholder("{{access-token}}"));
        assert!(!is_placeholder("Bearer {{access-token}}") && !is_placeholder("{a}"));
    }
}
