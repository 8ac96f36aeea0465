//! A file of several steps.

use super::fill::{CALLBACK, is_name, names};
use super::near::near;
use super::parse::Page;
use super::place::{At, Token};
use super::{Case, Credential, Expect, Listener, Scenario, ScenarioError, Source};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a scenario: a map with `steps`, and `description`, `listener` and `cleanup`")]
struct File {
    #[serde(default)]
    description: String,
    #[serde(default)]
    listener: Listener,
    steps: Vec<Step>,
    #[serde(default)]
    cleanup: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a step: a map with `operation` or `callback`")]
struct Step {
    operation: Option<String>,
    callback: Option<String>,
    name: Option<String>,
    #[serde(default)]
    description: String,
    credential: Option<Credential>,
    scopes: Option<Vec<String>>,
    headers: Option<BTreeMap<String, String>>,
    params: Option<serde_yaml::Mapping>,
    body: Option<serde_yaml::Value>,
    status: Option<u16>,
    expect: Option<Expect>,
    #[serde(default)]
    capture: BTreeMap<String, String>,
}

/// What only a file of steps has.
#[derive(Deserialize)]
struct Mark {
    #[serde(rename = "steps")]
    _steps: IgnoredAny,
}

/// Whether a file says `steps` of itself. One that says so and is no YAML has them too; why is told by who reads it.
pub(super) fn has_steps(text: &str) -> bool {
    // Almost no file of one case has the word; at the start of a line it is a key.
    text.contains("steps")
        && (text.lines().any(|line| line.starts_with("steps:")) || serde_yaml::from_str::<Mark>(text).is_ok())
}

pub(super) fn parse(topic: &str, text: &Page<'_>) -> Result<Scenario, ScenarioError> {
    let content: File = text.read()?;
    let name = text.name()?;
    text.status(content.listener.status, &["listener".into(), "status".into()])?;
    if !(1..=60).contains(&content.listener.patience) {
        let way = ["listener".into(), "patience".into()];
        return Err(text.wrong(&way, At::Value, "the patience is a number of seconds from 1 to 60"));
    }
    if content.steps.is_empty() {
        return Err(text.wrong(&["steps".into()], At::Value, "a scenario without steps; write at least one"));
    }
    let mut reader =
        Reader { text, prefix: format!("{topic}-{name}"), cases: BTreeSet::new(), captured: BTreeSet::new() };
    let first_of_cleanup = content.steps.len();
    let mut steps = Vec::new();
    for (position, step) in content.steps.into_iter().enumerate() {
        steps.push(reader.step(step, position, &["steps".into(), position.into()])?);
    }
    let mut cleanup = Vec::new();
    for (position, step) in content.cleanup.into_iter().enumerate() {
        cleanup.push(reader.step(step, first_of_cleanup + position, &["cleanup".into(), position.into()])?);
    }
    Ok(Scenario {
        topic: topic.to_owned(),
        name,
        file: text.file.to_owned(),
        description: content.description,
        steps,
        cleanup,
        listener: content.listener,
        stepped: true,
        text: text.text.to_owned(),
    })
}

/// Reads steps in their order: what one captures, the next ones may use.
struct Reader<'a> {
    text: &'a Page<'a>,
    prefix: String,
    cases: BTreeSet<String>,
    captured: BTreeSet<String>,
}

impl Reader<'_> {
    fn step(&mut self, step: Step, position: usize, way: &[Token]) -> Result<Case, ScenarioError> {
        let text = self.text;
        let at = |key: &str| [way, &[key.into()]].concat();
        let (operation, callback) = match (&step.operation, &step.callback) {
            (Some(operation), None) => (operation.clone(), false),
            (None, Some(callback)) => (callback.clone(), true),
            (None, None) => {
                return Err(text.wrong(way, At::Value, "a step needs `operation`, or `callback` to wait for a call"));
            }
            (Some(_), Some(_)) => {
                let message = "a step is an `operation` or a `callback`, not both; write two steps";
                return Err(text.wrong(&at("callback"), At::Key, message));
            }
        };
        if callback {
            self.only_waits(&step, way)?;
        }
        let own = step.name.clone().unwrap_or_else(|| format!("{}-{operation}", position + 1));
        let is_file_name = |name: &str| {
            !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
        };
        if !is_file_name(&own) {
            let message = format!("`{own}` names a file too: write letters, digits, `-`, `_` and `.`");
            return Err(text.wrong(&at(if step.name.is_some() { "name" } else { "operation" }), At::Value, message));
        }
        let name = format!("{}-{own}", self.prefix);
        if !self.cases.insert(name.clone()) {
            return Err(text.wrong(&at("name"), At::Value, format!("another step is called `{own}`")));
        }
        let headers = step.headers.unwrap_or_default();
        text.headers(&headers, &at("headers"))?;
        let case = Case {
            name,
            file: text.file.to_owned(),
            description: step.description,
            params: text.params(step.params, &at("params"))?,
            body: text.body(step.body, &at("body"))?,
            headers,
            credential: text.credential(step.credential, &at("credential"))?,
            scopes: step.scopes,
            status: text.status(step.status.unwrap_or(200), &at("status"))?,
            expect: step.expect.unwrap_or_default(),
            callback,
            ..Case::call(&operation, text.dialect)
        };
        self.placeholders(&case, way)?;
        let mut capture = Vec::new();
        for (name, source) in step.capture {
            let way = [way, &["capture".into(), name.as_str().into()]].concat();
            if !is_name(&name) || name == CALLBACK {
                let message =
                    format!("`{name}` names no capture: write letters, digits, `_` and `-`, and not `callback`");
                return Err(text.wrong(&way, At::Key, message));
            }
            let source = Source::parse(&source).map_err(|message| text.wrong(&way, At::Value, message))?;
            self.captured.insert(name.clone());
            capture.push((name, source));
        }
        Ok(Case { capture, ..case })
    }

    /// A step that waits sends nothing.
    fn only_waits(&self, step: &Step, way: &[Token]) -> Result<(), ScenarioError> {
        let given = [
            ("credential", step.credential.is_some()),
            ("scopes", step.scopes.is_some()),
            ("headers", step.headers.is_some()),
            ("params", step.params.is_some()),
            ("body", step.body.is_some()),
            ("status", step.status.is_some()),
            ("expect", step.expect.is_some()),
        ];
        let Some((key, _)) = given.into_iter().find(|(_, given)| *given) else { return Ok(()) };
        let message = format!("a `callback` waits for a request and sends none, so it has no `{key}`");
        Err(self.text.wrong(&[way, &[key.into()]].concat(), At::Key, message))
    }

    /// Every placeholder stands for what an earlier step captures.
    fn placeholders(&self, case: &Case, way: &[Token]) -> Result<(), ScenarioError> {
        let mut parts = vec![
            ("params", Value::Object(case.params.clone())),
            ("headers", json!(case.headers)),
            ("expect", json!({"code": case.expect.code})),
        ];
        parts.extend(case.body.clone().map(|body| ("body", body)));
        if let Credential::Headers(headers) = &case.credential {
            parts.push(("credential", json!(headers)));
        }
        parts.iter().try_for_each(|(key, value)| self.inside(value, &mut [way, &[(*key).into()]].concat()))
    }

    fn inside(&self, value: &Value, way: &mut Vec<Token>) -> Result<(), ScenarioError> {
        let enter = |token: Token, value: &Value, way: &mut Vec<Token>| {
            way.push(token);
            self.inside(value, way)?;
            way.pop();
            Ok(())
        };
        match value {
            Value::String(text) => names(text).try_for_each(|name| self.known(name, way)),
            Value::Array(items) => {
                items.iter().enumerate().try_for_each(|(position, item)| enter(position.into(), item, way))
            }
            Value::Object(members) => {
                members.iter().try_for_each(|(key, member)| enter(key.as_str().into(), member, way))
            }
            _ => Ok(()),
        }
    }

    fn known(&self, name: &str, way: &[Token]) -> Result<(), ScenarioError> {
        if name == CALLBACK || self.captured.contains(name) {
            return Ok(());
        }
        let message = if is_name(name) {
            let hint = near(name, self.captured.iter().map(String::as_str));
            let hint = hint.map(|near| format!("; did you mean `{{{{{near}}}}}`?")).unwrap_or_default();
            format!("no earlier step captures `{name}`{hint}")
        } else {
            format!("`{{{{{name}}}}}` is no placeholder: a name is letters, digits, `_` and `-`")
        };
        Err(self.text.wrong(way, At::Value, message))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Credential, SOME, Scenario, Source, Validation, parse_scenario};
    use serde_json::json;

    fn parse(text: &str) -> Result<Scenario, String> {
        parse_scenario("mission", "mission/day.yml", text, &SOME).map_err(|error| error.to_string())
    }

    #[test]
    fn steps_are_cases_that_hand_on_what_they_capture() {
        let text = "description: A day.\nlistener: {validation: quoted}\nsteps:\n\
                    - operation: create\n  params: {name: R, deep: {a: [1]}}\n  capture: {id: $.data.id, place: header:location}\n\
                    - operation: edit\n  name: again\n  credential: {Authorization: 'Bearer {{id}}'}\n  body: {id: '{{id}}'}\n  \
                    status: 404\n  expect: {code: GONE}\n- callback: event\n\
                    cleanup:\n- operation: cancel\n  params: {id: '{{id}}', at: '{{callback}}/x'}\n";
        let scenario = parse(text).expect("it parses");
        let names: Vec<&str> = scenario.cases().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["mission-day-1-create", "mission-day-again", "mission-day-3-event", "mission-day-4-cancel"]);
        let [create, edit, event] = &scenario.steps[..] else { panic!("three steps") };
        assert_eq!((create.status, &create.params["deep"]), (200, &json!({"a": [1]})));
        assert_eq!(create.capture[1], ("place".into(), Source::Header("location".into())));
        assert!(
            matches!(&edit.credential, Credential::Headers(headers) if headers["Authorization"] == "Bearer {{id}}")
        );
        assert_eq!((edit.status, edit.expect.code.as_deref()), (404, Some("GONE")));
        assert!(event.callback && scenario.listens() && scenario.has_steps());
        assert_eq!(scenario.listener.validation, Validation::Quoted);
    }

    #[test]
    fn a_file_of_one_case_is_a_scenario_of_one_step() {
        let scenario = parse("status: 204\ndescription: It has no steps.\n").expect("it parses");
        assert_eq!((scenario.steps.len(), scenario.has_steps(), scenario.listens()), (1, false, false));
        assert_eq!((scenario.topic.as_str(), scenario.steps[0].name.as_str()), ("mission", "day"));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_own_place() {
        for (steps, told) in [
            ("- operation: a\n  capure: {}\n", "3:3: steps[0]: unknown field `capure`"),
            ("- name: a\n", "2:3: a step needs `operation`"),
            ("- operation: a\n  callback: b\n", "3:3: a step is an `operation` or a `callback`"),
            ("- callback: a\n  status: 200\n", "3:3: a `callback` waits"),
            ("- operation: a\n  credential: persn\n", "3:15: no credential `persn`; did you mean `person`?"),
            ("- operation: a\n  params: {name: x, id: '{{x}}'}\n", "3:25: no earlier step captures `x`"),
            (
                "- operation: a\n  capture: {id: $.id}\n- operation: b\n  body: [{c: 'n {{ide}}'}]\n",
                "5:14: no earlier step captures `ide`; did you mean `{{id}}`?",
            ),
            ("- operation: a\n  headers: {X: '{{a b}}'}\n", "3:16: `{{a b}}` is no placeholder"),
            ("- operation: a\n  capture: {id: '$.['}\n", "3:17: `$.[` is no JSONPath"),
            ("- operation: a\n  capture: {callback: $.a}\n", "3:13: `callback` names no capture"),
            ("- operation: a\n  name: b\n- operation: a\n  name: b\n", "5:9: another step is called `b`"),
            ("- operation: a\n  name: ../b\n", "3:9: `../b` names a file too"),
            ("- operation: a\n  status: 42\n", "3:11: status 42"),
            ("- operation: a\n  headers: {'a b': x}\n", "3:13: `a b` is no name of an HTTP header"),
            ("- a\n", "invalid type"),
            ("- operation: a\n  params: {b: [\n", "4:1: "),
        ] {
            let error = parse(&format!("steps:\n{steps}")).expect_err(steps);
            assert!(error.contains(told), "{steps}: {error}\nexpected {told}");
        }
        assert!(parse("steps: []\n").expect_err("no step").contains("a scenario without steps"));
        assert!(
            parse("steps: [{operation: a}]\nstatus: 200\n").expect_err("both").contains("2:1: unknown field `status`")
        );
    }
}
