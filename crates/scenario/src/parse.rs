//! A file of one case, and what all files share.

use super::near::near;
use super::place::{At, Token, byte_of, offset};
use super::{Case, Credential, Dialect, Expect, Scenario, ScenarioError, steps};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vigie_contract::bounds;
use vigie_contract::yaml::to_json;
use vigie_drift::run::UnknownKey;

/// The keys of a file of one case: those of the official format and ours. The last two are for the provider's catalogue, and
/// read by nobody here.
const KEYS: [&str; 11] = [
    "description",
    "params",
    "body",
    "headers",
    "credential",
    "scopes",
    "status",
    "payload",
    "expect",
    "title",
    "example",
];

#[derive(Deserialize)]
#[serde(expecting = "a case: a map with `status`, and `params` and `payload` where it has them")]
struct File {
    #[serde(default)]
    description: String,
    #[serde(default)]
    params: Option<serde_yaml::Mapping>,
    body: Option<serde_yaml::Value>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    credential: Option<Credential>,
    scopes: Option<Vec<String>>,
    status: u16,
    payload: Option<String>,
    #[serde(default)]
    expect: Expect,
}

/// A file that is being read.
pub(super) struct Page<'a> {
    /// Its name.
    pub(super) file: &'a str,
    /// What it says.
    pub(super) text: &'a str,
    /// How its cases are written.
    pub(super) dialect: &'static Dialect,
}

impl Page<'_> {
    /// What is wrong at a place.
    pub(super) fn wrong(&self, way: &[Token], at: At, message: impl Into<String>) -> ScenarioError {
        self.error(offset(self.text, way, at), message.into())
    }

    fn error(&self, offset: Option<usize>, message: String) -> ScenarioError {
        ScenarioError::Syntax { file: self.file.to_owned(), text: self.text.to_owned(), offset, message }
    }

    /// Refuses what no reader should be given.
    pub(super) fn check(&self) -> Result<(), ScenarioError> {
        bounds::check(self.text, bounds::MOST_OF_FILE).map_err(|error| {
            let line = self.text.split_inclusive('\n').take(error.line - 1).map(str::len).sum();
            self.error(Some(line), error.message)
        })
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ScenarioError> {
        serde_yaml::from_str(self.text).map_err(|error| self.refused(&error))
    }

    /// Reads a file of the official format, which may have keys that nobody knows.
    fn read_official(&self) -> Result<(File, Vec<UnknownKey>), ScenarioError> {
        let mut keys = Vec::new();
        let document = serde_yaml::Deserializer::from_str(self.text);
        let file = serde_ignored::deserialize(document, |key| keys.push(key.to_string()));
        let file = file.map_err(|error| self.refused(&error))?;
        keys.retain(|key| !KEYS.contains(&key.as_str()));
        Ok((file, keys.into_iter().map(|key| self.unknown(key)).collect()))
    }

    fn unknown(&self, key: String) -> UnknownKey {
        let before = offset(self.text, &[key.as_str().into()], At::Key).and_then(|offset| self.text.get(..offset));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        let meant = near(&key, KEYS.into_iter()).map(str::to_owned);
        UnknownKey { places: vec![format!("{}:{line}", self.file)], key, meant }
    }

    fn refused(&self, error: &serde_yaml::Error) -> ScenarioError {
        let offset = error.location().and_then(|location| byte_of(self.text, &location));
        let message = error.to_string();
        // The location is reported once.
        let message = message.split(" at line ").next().unwrap_or(&message);
        self.error(offset, message.to_owned())
    }

    /// The file's name without its extension.
    pub(super) fn name(&self) -> Result<String, ScenarioError> {
        let name = self.file.rsplit('/').next().unwrap_or(self.file);
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if name.chars().any(|character| character.is_control() || character == '"') {
            return Err(self.error(None, "the file's name holds a quote or a control character; rename it".into()));
        }
        Ok(name.to_owned())
    }

    pub(super) fn status(&self, status: u16, way: &[Token]) -> Result<u16, ScenarioError> {
        if (200..600).contains(&status) {
            return Ok(status);
        }
        Err(self.wrong(way, At::Value, format!("status {status} is no final HTTP status (200 to 599)")))
    }

    pub(super) fn headers(&self, headers: &BTreeMap<String, String>, way: &[Token]) -> Result<(), ScenarioError> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        for (name, value) in headers {
            if !is_name(name) || value.chars().any(char::is_control) {
                let way = [way, &[name.as_str().into()]].concat();
                // The value may be a secret.
                let message = if is_name(name) {
                    format!("the header `{name}` has a value that no HTTP header can carry: write one line")
                } else {
                    format!("`{name}` is no name of an HTTP header")
                };
                return Err(self.wrong(&way, At::Key, message));
            }
        }
        Ok(())
    }

    pub(super) fn credential(
        &self,
        credential: Option<Credential>,
        way: &[Token],
    ) -> Result<Credential, ScenarioError> {
        let known = self.dialect.credentials;
        match credential {
            None => Ok(self.dialect.credential()),
            Some(Credential::Named(name)) if !known.contains(&name.as_str()) => {
                let hint = near(&name, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
                let message =
                    format!("no credential `{name}`; {}known: {}", hint.unwrap_or_default(), known.join(", "));
                Err(self.wrong(way, At::Value, message))
            }
            Some(Credential::Headers(headers)) => {
                self.headers(&headers, way)?;
                Ok(Credential::Headers(headers))
            }
            Some(named) => Ok(named),
        }
    }

    /// Parameters as JSON. A YAML mapping refuses a key that is written twice.
    pub(super) fn params(
        &self,
        mapping: Option<serde_yaml::Mapping>,
        way: &[Token],
    ) -> Result<Map<String, Value>, ScenarioError> {
        let mut params = Map::new();
        for (key, value) in mapping.unwrap_or_default() {
            let Some(name) = key.as_str() else {
                return Err(self.wrong(way, At::Key, "the parameters have a key that is no text"));
            };
            let value = to_json(value).map_err(|reason| {
                let way = [way, &[name.into()]].concat();
                self.wrong(&way, At::Value, format!("the parameter `{name}` {reason}"))
            })?;
            params.insert(name.to_owned(), value);
        }
        Ok(params)
    }

    pub(super) fn body(&self, body: Option<serde_yaml::Value>, way: &[Token]) -> Result<Option<Value>, ScenarioError> {
        let read = |body| to_json(body).map_err(|reason| self.wrong(way, At::Value, format!("the body {reason}")));
        body.map(read).transpose()
    }
}

/// Reads one file: `topic` is the folder's name, `file` the path as a person finds it.
pub fn parse_scenario(
    topic: &str,
    file: &str,
    text: &str,
    dialect: &'static Dialect,
) -> Result<Scenario, ScenarioError> {
    parse_file(topic, file, text, dialect).map(|(scenario, _)| scenario)
}

/// The same, with the keys of a case that nobody knows. A file of steps is of our own format alone, and has none.
pub(super) fn parse_file(
    topic: &str,
    file: &str,
    text: &str,
    dialect: &'static Dialect,
) -> Result<(Scenario, Vec<UnknownKey>), ScenarioError> {
    let page = Page { file, text, dialect };
    page.check()?;
    if steps::has_steps(text) {
        return Ok((steps::parse(topic, &page)?, Vec::new()));
    }
    let (case, unknown_keys) = case(topic, &page)?;
    let mut scenario = Scenario::from(case);
    if scenario.steps.iter().any(|case| case.params.values().any(Value::is_object)) {
        text.clone_into(&mut scenario.text);
    }
    Ok((scenario, unknown_keys))
}

/// Reads a file of one case: `operation` is the folder's name, `file` the path as a person finds it.
pub fn parse_case(operation: &str, file: &str, text: &str, dialect: &'static Dialect) -> Result<Case, ScenarioError> {
    let page = Page { file, text, dialect };
    page.check()?;
    case(operation, &page).map(|(case, _)| case)
}

fn case(operation: &str, text: &Page<'_>) -> Result<(Case, Vec<UnknownKey>), ScenarioError> {
    let (content, unknown_keys) = text.read_official()?;
    let status = text.status(content.status, &["status".into()])?;
    text.headers(&content.headers, &["headers".into()])?;
    let credential = text.credential(content.credential, &["credential".into()])?;
    let params = text.params(content.params, &["params".into()])?;
    let body = text.body(content.body, &["body".into()])?;
    let case = Case {
        name: text.name()?,
        file: text.file.to_owned(),
        description: content.description,
        params,
        body,
        headers: content.headers,
        credential,
        scopes: content.scopes,
        status,
        payload: content.payload,
        expect: content.expect,
        ..Case::call(operation, text.dialect)
    };
    Ok((case, unknown_keys))
}

#[cfg(test)]
mod tests {
    use super::{parse_case, parse_scenario};
    use crate::{Credential, SOME, ScenarioError};
    use serde_json::json;

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
    fn a_body_and_a_map_are_values() {
        let case = parse_case("op", "op/a.yml", "status: 200\nparams: {a: {b: [1]}}\nbody: {c: x}\n", &SOME);
        let case = case.expect("it parses");
        assert_eq!((&case.params["a"], case.body), (&json!({"b": [1]}), Some(json!({"c": "x"}))));
    }

    #[test]
    fn a_key_that_nobody_knows_is_told_with_its_line_and_what_it_may_mean() {
        let text = "title: A student\nexample: true\nstatus: 200\nexpects: {code: '1'}\napi_path: [/a, {b: 1}]\n";
        let (_, keys) = super::parse_file("op", "op/a.yml", text, &SOME).expect("it parses");
        let told: Vec<_> = keys.iter().map(|key| (&*key.key, key.meant.as_deref(), &*key.places[0])).collect();
        assert_eq!(told, [("expects", Some("expect"), "op/a.yml:4"), ("api_path", None, "op/a.yml:5")]);
        for (key, meant) in [("statsu", "status"), ("param", "params"), ("Credentials", "credential")] {
            let text = format!("status: 200\n{key}: 1\n");
            let (_, keys) = super::parse_file("op", "op/a.yml", &text, &SOME).expect("it parses");
            assert_eq!((keys.len(), keys[0].meant.as_deref()), (1, Some(meant)));
        }
    }

    #[test]
    fn what_no_reader_should_be_given_is_refused() {
        let bomb = format!("status: 200\nparams:\n  a: &a [{}]\n  b: [{}]\n", "1,".repeat(2_000), "*a,".repeat(2_000));
        let deep = format!("status: 200\nparams: {}", "[".repeat(100_000));
        let many = format!("status: 200\nparams: {{a: [{}]}}", "1,".repeat(1_000_001));
        for (text, told) in [
            (&bomb, "a.yml:1:1: it has more than"),
            (&deep, "a.yml:2:1: more than 200 brackets"),
            (&many, "a.yml:1:1: it has more than"),
        ] {
            for parsed in
                [parse_case("op", "op/a.yml", text, &SOME).err(), parse_scenario("op", "op/a.yml", text, &SOME).err()]
            {
                let error = parsed.expect("it is refused").to_string();
                assert!(error.contains(told), "{error}");
            }
        }
    }

    #[test]
    fn bad_files_say_where() {
        for (text, place) in [
            ("status: 200\nparams: {a: [\n", "a.yml:3:1: "),
            ("status: 200\nparams: [a]\n", "a.yml:2:9: params: invalid type"),
            ("status: 999\n", "a.yml:1:9: status 999"),
            ("status: 200\nexpect:\n  cod: '1'\n", "a.yml:3:3: expect: unknown field `cod`"),
            ("status: 200\nparams: {a: {b: .nan}}\n", "a.yml:2:13: the parameter `a`"),
            (
                "status: 200\ndescription: token\ncredential: tokn\n",
                "a.yml:3:13: no credential `tokn`; did you mean `token`?",
            ),
            ("params: {}\n", "missing field `status`"),
            ("status: 200\nparams:\n  a: 1\n  a: 2\n", "duplicate"),
            ("status: 200\nparams: {a: .nan}\n", "a.yml:2:13: the parameter `a`"),
            (
                "description: bad header\nstatus: 200\nheaders: {'bad header': x}\n",
                "a.yml:3:11: `bad header` is no name",
            ),
            ("status: 100\n", "status 100"),
        ] {
            match parse_case("op", "op/a.yml", text, &SOME) {
                Err(error @ ScenarioError::Syntax { .. }) => assert!(error.to_string().contains(place), "{error}"),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}
