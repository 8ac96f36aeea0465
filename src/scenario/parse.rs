//! One case file.

use super::{Case, Credential, Expect};
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
    /// A folder without any case.
    #[error("{path}: no cases; expected `<operation id>/<case>.yml` below it, or below `payloads/`")]
    Empty {
        /// The folder.
        path: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    description: String,
    #[serde(default)]
    params: Option<Map<String, Value>>,
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
pub fn parse_case(operation: &str, file: &str, text: &str) -> Result<Case, ScenarioError> {
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
    if !(100..600).contains(&content.status) {
        return Err(syntax(format!("status {} is no HTTP status (100 to 599)", content.status), text.find("status:")));
    }
    if let Some(unfit) = content.params.iter().flatten().find(|(_, value)| value.is_object()) {
        return Err(syntax(
            format!("the parameter `{}` is a map; write a scalar or a list", unfit.0),
            text.find(unfit.0),
        ));
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    Ok(Case {
        operation: operation.to_owned(),
        name: name.to_owned(),
        file: file.to_owned(),
        description: content.description,
        params: content.params.unwrap_or_default(),
        headers: content.headers,
        credential: content.credential.unwrap_or(Credential::Token),
        scopes: content.scopes,
        status: content.status,
        payload: content.payload,
        expect: content.expect,
    })
}

#[cfg(test)]
mod tests {
    use super::{ScenarioError, parse_case};
    use crate::scenario::Credential;

    #[test]
    fn the_official_format_reads_as_it_is() {
        let text = "---\ndescription: |-\n  ## Title\nparams:\n  prenoms:\n    - 'A'\n  annee: 2023\nstatus: 200\npayload: |-\n  {\"a\": 1}\n";
        let case = parse_case("op", "x/op/200-a.yaml", text).expect("it parses");
        assert_eq!((case.name.as_str(), case.status, case.credential), ("200-a", 200, Credential::Token));
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
        ] {
            match parse_case("op", "op/a.yml", text) {
                Err(error @ ScenarioError::Syntax { .. }) => assert!(error.to_string().contains(place), "{error}"),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}
