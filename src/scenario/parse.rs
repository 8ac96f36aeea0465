//! One case file.

use super::{Case, Credential, Dialect, Expect};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Why scenarios could not be read. The message says which file, where in it, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// A file or a folder that cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not a case.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// Its text, for a reader who wants to see the place.
        text: String,
        /// Byte offset of the place, if it is known.
        offset: Option<usize>,
        /// What is wrong there.
        message: String,
    },
    /// A case where none is read.
    #[error("{path}: not in the folder of an operation; move it to `<operation id>/<case>.yml`")]
    Misplaced {
        /// The file.
        path: String,
    },
    /// A folder without any case.
    #[error("{path}: no cases; expected `<operation id>/<case>.yml` below it, or below `payloads/`")]
    Empty {
        /// The folder.
        path: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a case: a map with `status`, and `params` and `payload` where it has them")]
struct File {
    #[serde(default)]
    description: String,
    #[serde(default)]
    params: Option<serde_yaml::Mapping>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    credential: Option<Credential>,
    scopes: Option<Vec<String>>,
    status: u16,
    payload: Option<String>,
    #[serde(default)]
    expect: Expect,
}

/// Reads one case: `operation` is the folder's name, `file` the path as a person finds it.
pub fn parse_case(operation: &str, file: &str, text: &str, dialect: &'static Dialect) -> Result<Case, ScenarioError> {
    let syntax = |message: String, offset| ScenarioError::Syntax {
        file: file.to_owned(),
        text: text.to_owned(),
        offset,
        message,
    };
    let content: File = serde_yaml::from_str(text).map_err(|error| {
        let offset = error.location().map(|location| location.index());
        syntax(error.to_string(), offset)
    })?;
    if !(200..600).contains(&content.status) {
        return Err(syntax(
            format!("status {} is no final HTTP status (200 to 599)", content.status),
            text.find("status:"),
        ));
    }
    for (name, value) in &content.headers {
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !is_name || value.chars().any(char::is_control) {
            return Err(syntax(format!("`{name}: {value}` is no HTTP header"), text.find(name.as_str())));
        }
    }
    let credential = content.credential.unwrap_or_else(|| dialect.credential());
    if let Credential::Named(name) = &credential
        && !dialect.credentials.contains(&name.as_str())
    {
        let known = dialect.credentials.join(", ");
        return Err(syntax(format!("no credential `{name}`; known: {known}"), text.find(name.as_str())));
    }
    let params = params(content.params.unwrap_or_default()).map_err(|(name, reason)| {
        let offset = text.find(name.as_str());
        syntax(format!("the parameter `{name}` {reason}"), offset)
    })?;
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if name.chars().any(|character| character.is_control() || character == '"') {
        return Err(syntax("the file's name holds a quote or a control character; rename it".into(), None));
    }
    Ok(Case {
        dialect,
        operation: operation.to_owned(),
        name: name.to_owned(),
        file: file.to_owned(),
        description: content.description,
        params,
        headers: content.headers,
        credential,
        scopes: content.scopes,
        status: content.status,
        payload: content.payload,
        expect: content.expect,
    })
}

/// Parameters as JSON. A YAML mapping refuses a key that is written twice.
fn params(mapping: serde_yaml::Mapping) -> Result<Map<String, Value>, (String, String)> {
    let mut params = Map::new();
    for (key, value) in mapping {
        let name = key
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| ("params".to_owned(), "has a key that is no text".to_owned()))?;
        let value = crate::contract::yaml::to_json(value).map_err(|reason| (name.clone(), reason))?;
        if value.is_object() {
            return Err((name, "is a map; write a scalar or a list".into()));
        }
        params.insert(name, value);
    }
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::{ScenarioError, parse_case};
    use crate::scenario::{Credential, SOME};

    #[test]
    fn the_official_format_reads_as_it_is() {
        let text = "---\ndescription: |-\n  ## Title\nparams:\n  prenoms:\n    - 'A'\n  annee: 2023\nstatus: 200\npayload: |-\n  {\"a\": 1}\n";
        let case = parse_case("op", "x/op/200-a.yaml", text, &SOME).expect("it parses");
        assert_eq!((case.name.as_str(), case.status), ("200-a", 200));
        assert_eq!(case.credential, Credential::Named("token".into()));
        assert_eq!(case.params["annee"], 2023);
        assert_eq!(case.payload.as_deref(), Some("{\"a\": 1}"));
    }

    #[test]
    fn bad_files_say_where() {
        for (text, place) in [
            ("status: 200\nparams: [\n", "line"),
            ("status: 999\n", "999"),
            ("status: 200\nstatsu: 1\n", "statsu"),
            ("status: 200\nparams: {a: {b: 1}}\n", "`a`"),
            ("status: 200\ncredential: nobody\n", "nobody"),
            ("params: {}\n", "status"),
            ("status: 200\nparams:\n  a: 1\n  a: 2\n", "duplicate"),
            ("status: 200\nparams: {a: .nan}\n", "`a`"),
            ("status: 200\nheaders: {'bad header': x}\n", "bad header"),
            ("status: 100\n", "100"),
        ] {
            match parse_case("op", "op/a.yml", text, &SOME) {
                Err(error @ ScenarioError::Syntax { .. }) => assert!(error.to_string().contains(place), "{error}"),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}
