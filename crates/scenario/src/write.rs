//! A scenario as a file: what [`super::parse_scenario`] reads is what was written.

use super::{Case, Credential, Listener, Scenario, Validation};
use serde::Serialize;
use serde_yaml::{Error, Mapping, Value};

impl Scenario {
    /// The text of its file.
    ///
    /// # Errors
    /// If a value of it cannot be written as YAML.
    pub fn to_yaml(&self) -> Result<String, Error> {
        let mut file = Members::default();
        file.text("description", &self.description)?;
        if !self.stepped {
            for case in &self.steps {
                file.case(case)?;
                file.some("payload", case.payload.as_ref())?;
            }
            return serde_yaml::to_string(&file.0);
        }
        if self.listener != Listener::default() {
            file.put("listener", self.listener.members()?)?;
        }
        let steps = |steps: &[Case]| steps.iter().map(|case| self.step(case)).collect::<Result<Vec<_>, _>>();
        file.put("steps", steps(&self.steps)?)?;
        if !self.cleanup.is_empty() {
            file.put("cleanup", steps(&self.cleanup)?)?;
        }
        serde_yaml::to_string(&file.0)
    }

    /// Gives it, its topic and its steps other names. The topic of a case alone is its operation, and stays.
    pub fn rename_parts(&mut self, renamed: impl Fn(&str) -> String) {
        if !self.stepped {
            self.name = renamed(&self.name);
            let name = self.name.clone();
            self.cases_mut().for_each(|case| case.name.clone_from(&name));
            return;
        }
        let old = self.prefix();
        self.topic = renamed(&self.topic);
        self.name = renamed(&self.name);
        let new = self.prefix();
        for case in self.cases_mut() {
            let own = case.name.strip_prefix(&old).unwrap_or(&case.name);
            case.name = format!("{new}{}", renamed(own));
        }
    }

    /// What the names of its steps begin with.
    fn prefix(&self) -> String {
        format!("{}-{}-", self.topic, self.name)
    }

    fn step(&self, case: &Case) -> Result<Mapping, Error> {
        let mut step = Members::default();
        step.put(if case.callback { "callback" } else { "operation" }, &case.operation)?;
        step.text("name", case.name.strip_prefix(&self.prefix()).unwrap_or(&case.name))?;
        step.text("description", &case.description)?;
        if !case.callback {
            step.case(case)?;
        }
        if !case.capture.is_empty() {
            let capture = case.capture.iter().map(|(name, source)| (name.as_str().into(), source.to_string().into()));
            step.put("capture", capture.collect::<Mapping>())?;
        }
        Ok(step.0)
    }
}

impl Listener {
    fn members(self) -> Result<Mapping, Error> {
        let validation = match self.validation {
            Validation::Echo => "echo",
            Validation::Quoted => "quoted",
            Validation::Wrong => "wrong",
            Validation::Refused => "refused",
            Validation::Silent => "silent",
        };
        let mut members = Members::default();
        members.put("validation", validation)?;
        members.put("status", self.status)?;
        members.put("patience", self.patience)?;
        Ok(members.0)
    }
}

/// Keys and values, in the order in which a person writes them.
#[derive(Default)]
struct Members(Mapping);

impl Members {
    fn put(&mut self, key: &str, value: impl Serialize) -> Result<(), Error> {
        self.0.insert(key.into(), serde_yaml::to_value(value)?);
        Ok(())
    }

    fn some(&mut self, key: &str, value: Option<impl Serialize>) -> Result<(), Error> {
        value.map_or(Ok(()), |value| self.put(key, value))
    }

    fn text(&mut self, key: &str, text: &str) -> Result<(), Error> {
        if text.is_empty() { Ok(()) } else { self.put(key, text) }
    }

    /// What a case alone and a step have in common.
    fn case(&mut self, case: &Case) -> Result<(), Error> {
        if case.credential != case.dialect.credential() {
            match &case.credential {
                Credential::Named(name) => self.put("credential", name)?,
                Credential::Headers(headers) => self.put("credential", headers)?,
            }
        }
        self.some("scopes", case.scopes.as_ref())?;
        self.some("headers", (!case.headers.is_empty()).then_some(&case.headers))?;
        self.some("params", (!case.params.is_empty()).then_some(&case.params))?;
        self.some("body", case.body.as_ref())?;
        self.put("status", case.status)?;
        let code = case.expect.code.as_deref().map(|code| (Value::from("code"), Value::from(code)));
        let uncoded = case.expect.uncoded.then(|| (Value::from("uncoded"), Value::from(true)));
        if code.is_some() || uncoded.is_some() {
            self.put("expect", code.into_iter().chain(uncoded).collect::<Mapping>())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{SOME, Scenario, parse_scenario};

    fn parse(text: &str) -> Scenario {
        parse_scenario("topic", "topic/name.yml", text, &SOME).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "description: One.\nparams: {departement: '07', annee: 7, prenoms: [A, 'null'], x: null}\nstatus: 200\n\
             payload: \"{\\n  \\\"a\\\": \\\" x \\\"\\n}\"\nscopes: [a]\nheaders: {Accept: x/y}\n",
            "status: 422\ncredential: none\nexpect: {code: '00366'}\n",
            "status: 200\nexpect: {uncoded: true}\n",
            "status: 200\npayload: ''\nbody: text\n",
            "description: Two.\nlistener: {validation: quoted, status: 204}\nsteps:\n- operation: create\n  params: {n: R}\n  \
             capture: {id: \"$.data['id']\", place: header:location}\n- operation: edit\n  name: again\n  description: Once more.\n  \
             credential: {Authorization: 'Bearer {{id}}'}\n  body: {id: '{{id}}'}\n  status: 404\n- callback: event\ncleanup:\n\
             - operation: cancel\n  params: {id: '{{id}}'}\n",
        ] {
            let scenario = parse(text);
            let written = scenario.to_yaml().expect("it is written");
            let again = parse(&written);
            assert_eq!(again.to_yaml().ok(), Some(written));
            let told = |scenario: &Scenario| {
                let mut scenario = scenario.clone();
                scenario.text = String::new();
                format!("{scenario:?} {:?}", scenario.cases().map(|case| case.headers.clone()).collect::<Vec<_>>())
            };
            assert_eq!(told(&again), told(&scenario));
        }
    }

    #[test]
    fn names_are_renamed_with_those_of_the_steps() {
        let mut steps = parse("steps:\n- operation: create\n  name: anna\n- operation: edit\n");
        steps.rename_parts(|name| name.replace("anna", "x").replace("topic", "t"));
        let names: Vec<&str> = steps.cases().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["t-name-x", "t-name-2-edit"]);
        assert_eq!(
            parse_scenario("t", "t/name.yml", &steps.to_yaml().expect("it is written"), &SOME)
                .expect("it parses")
                .cases()
                .map(|case| case.name.clone())
                .collect::<Vec<_>>(),
            names
        );
        let mut alone = parse("status: 200\n");
        alone.rename_parts(|name| format!("{name}-2"));
        assert_eq!(
            (alone.topic.as_str(), alone.name.as_str(), alone.steps[0].name.as_str()),
            ("topic", "name-2", "name-2")
        );
    }
}
