//! A case and its operation make a request. What of the case does not fit the contract is told, not hidden.

use super::{Body, Case, Compared};
use serde_json::{Map, Value, json};
use vigie_contract::model::{Graphql, Location, Operation, Parameter};

/// A request, without credentials.
#[derive(Debug, Clone)]
pub struct Bound {
    /// HTTP method.
    pub method: String,
    /// Path, with path parameters filled in.
    pub path: String,
    /// Query, in the order of the contract.
    pub query: Vec<(String, String)>,
    /// Headers: parameters of the contract, and the case's own.
    pub headers: Vec<(String, String)>,
    /// The request body.
    pub body: Option<Body>,
    /// Parameters by wire name, for the typed client.
    pub parameters: Map<String, Value>,
    /// What of the case does not fit.
    pub misfits: Vec<Misfit>,
}

/// One way in which a case does not fit its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// The operation has no such parameter: no caller can send it.
    Unknown(String),
    /// The operation requires it, the case has none.
    Missing(String),
    /// The operation takes no body: no caller can send one.
    UnknownBody,
    /// The operation requires a body, the case has none.
    MissingBody,
    /// The operation compares no such part of the identity that the token stands for, but those that are listed: with it, a
    /// case is never matched.
    UnknownIdentityPart(String, String),
    /// The part is never written like this, but in the other way that is named.
    IdentityFormat(String, &'static str),
}

impl Case {
    /// Whether a case gives what makes a required parameter needless (`x-unless`).
    fn excuses(&self, parameter: &Parameter) -> bool {
        parameter.unless.iter().any(|other| self.params.contains_key(other))
    }

    /// Whether a parameter goes with a token that stands for a person: one that is compared beside the identity, or that no
    /// comparison counts. The others name a person in another way, which such a call has no use for.
    fn is_beside(&self, compared: &Compared, parameter: Option<&Parameter>) -> bool {
        parameter.is_some_and(|parameter| {
            let name = parameter.internal_name();
            parameter.location != Location::Query
                || compared.beside.contains(&name)
                || self.dialect.defaults.iter().any(|(own, _)| *own == name)
        })
    }
}

/// Binds a case to its operation.
#[must_use]
pub fn bind(case: &Case, operation: &Operation) -> Bound {
    let mut bound = Bound {
        method: operation.method.clone(),
        path: operation.route().to_owned(),
        query: Vec::new(),
        headers: case.headers.clone().into_iter().collect(),
        body: None,
        parameters: Map::new(),
        misfits: Vec::new(),
    };
    let compared = case.compared(operation);
    let part = |name: &str| compared.as_ref().and_then(|compared| compared.part(name));
    for parameter in &operation.parameters {
        let name = parameter.internal_name();
        let given = case.params.get(name).or_else(|| case.params.get(&parameter.name));
        let given = given.filter(|_| part(name).is_none()).cloned();
        let default = case.dialect.defaults.iter().find(|(own, _)| *own == name);
        let value = given.or_else(|| default.map(|(_, value)| (*value).into()));
        match value {
            Some(value) if !value.is_null() => bound.add(parameter, value),
            // Of a person the token says who it is.
            None if parameter.required && part(name).is_none() && !case.excuses(parameter) => {
                bound.misfits.push(Misfit::Missing(parameter.name.clone()));
            }
            // `recipient: null` says "do not send it".
            Some(_) | None => {}
        }
    }
    match &operation.graphql {
        Some(graphql) => bound.ask(case, operation, graphql),
        None => bound.carry(case, operation),
    }
    let is_variable = |name: &str| operation.graphql.as_ref().is_some_and(|query| query.variables.contains_key(name));
    for (name, value) in &case.params {
        let parameter = operation.parameter(name);
        let misfit = match (&compared, part(name).and_then(|part| part.written)) {
            (None, _) if parameter.is_none() && !is_variable(name) => Misfit::Unknown(name.clone()),
            (Some(compared), _) if part(name).is_none() && !case.is_beside(compared, parameter) => {
                Misfit::UnknownIdentityPart(name.clone(), compared.names())
            }
            (_, Some(written)) if !value.is_null() && !(written.fits)(&text(value)) => {
                Misfit::IdentityFormat(name.clone(), written.how)
            }
            _ => continue,
        };
        bound.misfits.push(misfit);
    }
    bound
}

impl Bound {
    fn add(&mut self, parameter: &Parameter, value: Value) {
        let texts: Vec<String> = match &value {
            Value::Array(items) if parameter.is_list() => items.iter().map(text).collect(),
            value if parameter.is_list() => vec![text(value)],
            value => vec![text(value)],
        };
        match parameter.location {
            Location::Query => self.query.extend(texts.into_iter().map(|text| (parameter.name.clone(), text))),
            Location::Header => self.headers.extend(texts.into_iter().map(|text| (parameter.name.clone(), text))),
            Location::Path => {
                // What else a path cannot hold is encoded where the URL is made.
                let text = texts.concat().replace('%', "%25").replace('/', "%2F");
                self.path = self.path.replace(&format!("{{{}}}", parameter.name), &text);
            }
        }
        let value = if parameter.is_list() && !value.is_array() { Value::Array(vec![value]) } else { value };
        self.parameters.insert(parameter.name.clone(), value);
    }

    /// The query of a GraphQL operation, with the case's parameters as its variables.
    fn ask(&mut self, case: &Case, operation: &Operation, graphql: &Graphql) {
        let is_variable = |name: &str| graphql.variables.contains_key(name) || operation.parameter(name).is_none();
        let variables: Map<String, Value> = case
            .params
            .iter()
            .filter(|(name, _)| is_variable(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, _) in
            graphql.variables.iter().filter(|(name, variable)| variable.required && !variables.contains_key(*name))
        {
            self.misfits.push(Misfit::Missing(name.clone()));
        }
        let mut body = json!({"query": graphql.document});
        if !(graphql.variables.is_empty() && variables.is_empty()) {
            body["variables"] = variables.into();
        }
        if case.body.is_some() {
            self.misfits.push(Misfit::UnknownBody);
        }
        self.body = Some(Body::json(body));
    }

    /// The case's own body, in the form that the contract names.
    fn carry(&mut self, case: &Case, operation: &Operation) {
        let contract = operation.body.as_ref();
        let Some(body) = &case.body else {
            if contract.is_some_and(|body| body.required) {
                self.misfits.push(Misfit::MissingBody);
            }
            return;
        };
        if contract.is_none() {
            self.misfits.push(Misfit::UnknownBody);
        }
        let own = self.headers.iter().position(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let own = own.map(|position| self.headers.remove(position).1);
        self.body = Some(Body::of(body, own.as_deref(), contract));
    }

    /// The parameters that the operation requires and the case lacks.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.misfits.iter().filter_map(|misfit| match misfit {
            Misfit::Missing(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// A scalar as it goes over the wire.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Misfit, bind};
    use crate::{SOME, parse_case};
    use serde_json::json;
    use vigie_contract::model::Contract;

    fn contract() -> Contract {
        let parameters = json!([
            {"in": "query", "name": "recipient", "required": true, "schema": {"type": "string"}},
            {"in": "query", "name": "prenoms[]", "required": true, "schema": {"type": "array", "items": {"type": "string"}}},
            {"in": "query", "name": "annee", "schema": {"type": "integer"}},
            {"in": "query", "name": "ine", "schema": {"type": "string"}},
        ]);
        Contract::new(
            "t/v1",
            json!({"paths": {"/a": {"get": {"operationId": "op", "parameters": parameters, "responses": {}}}}}),
        )
    }

    fn bound(text: &str) -> super::Bound {
        let case = parse_case("op", "op/a.yml", text, &SOME).expect("it parses");
        bind(&case, contract().operation("op").expect("it exists"))
    }

    #[test]
    fn lists_repeat_and_the_recipient_is_filled_in() {
        let bound = bound("status: 200\nparams: {prenoms: [A, B], annee: 2023}\n");
        let query: Vec<(&str, &str)> =
            bound.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(query, [("recipient", "13002526500013"), ("prenoms[]", "A"), ("prenoms[]", "B"), ("annee", "2023")]);
        assert_eq!(bound.misfits, []);
    }

    #[test]
    fn unknown_and_missing_parameters_are_told() {
        let bound = bound("status: 200\nparams: {annnee: 2023, recipient: null}\n");
        assert_eq!(bound.query, []);
        assert_eq!(bound.misfits, [Misfit::Missing("prenoms[]".into()), Misfit::Unknown("annnee".into())]);
    }

    #[test]
    fn a_pivot_identity_is_never_sent() {
        let bound = bound(
            "status: 200\ncredential: person\nparams: {prenoms: [A], annee: 2023, nomNaissange: B, sexe: F, ine: C}\n",
        );
        let names: Vec<&str> = bound.query.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["recipient", "annee", "ine"]);
        let unknown = |name: &str| Misfit::UnknownIdentityPart(name.into(), "prenoms, sexe, annee".into());
        let sex = Misfit::IdentityFormat("sexe".into(), "M or F");
        assert_eq!(bound.misfits, [unknown("ine"), unknown("nomNaissange"), sex]);
    }
}
