//! A case and its operation make a request. What of the case does not fit the contract is told, not hidden.

use super::Case;
use crate::contract::model::{Location, Operation, Parameter};
use serde_json::{Map, Value};

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
    /// The FranceConnect pivot identity has no such part: it is never compared.
    UnknownIdentityPart(String),
}

/// Binds a case to its operation.
#[must_use]
pub fn bind(case: &Case, operation: &Operation) -> Bound {
    let mut bound = Bound {
        method: operation.method.clone(),
        path: operation.route().to_owned(),
        query: Vec::new(),
        headers: case.headers.clone().into_iter().collect(),
        parameters: Map::new(),
        misfits: Vec::new(),
    };
    for parameter in &operation.parameters {
        let name = parameter.internal_name();
        let given = case.params.get(name).or_else(|| case.params.get(&parameter.name));
        let given = given.filter(|_| !case.is_identity_part(name)).cloned();
        let default = case.dialect.defaults.iter().find(|(own, _)| *own == name);
        let value = given.or_else(|| default.map(|(_, value)| (*value).into()));
        match value {
            Some(value) if !value.is_null() => bound.add(parameter, value),
            None if parameter.required => bound.misfits.push(Misfit::Missing(parameter.name.clone())),
            // `recipient: null` says "do not send it".
            Some(_) | None => {}
        }
    }
    for name in case.params.keys().filter(|name| !case.is_identity_part(name) && operation.parameter(name).is_none()) {
        let misfit = if case.has_identity() { Misfit::UnknownIdentityPart } else { Misfit::Unknown };
        bound.misfits.push(misfit(name.clone()));
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
            Location::Path => self.path = self.path.replace(&format!("{{{}}}", parameter.name), &texts.concat()),
        }
        let value = if parameter.is_list() && !value.is_array() { Value::Array(vec![value]) } else { value };
        self.parameters.insert(parameter.name.clone(), value);
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
    use crate::contract::model::Contract;
    use crate::scenario::{SOME, parse_case};
    use serde_json::json;

    fn contract() -> Contract {
        let parameters = json!([
            {"in": "query", "name": "recipient", "required": true, "schema": {"type": "string"}},
            {"in": "query", "name": "prenoms[]", "required": true, "schema": {"type": "array", "items": {"type": "string"}}},
            {"in": "query", "name": "annee", "schema": {"type": "integer"}},
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
        let bound = bound("status: 200\ncredential: person\nparams: {prenoms: [A], annee: 2023, nomNaissange: B}\n");
        let names: Vec<&str> = bound.query.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["recipient", "annee"]);
        assert!(bound.misfits.contains(&Misfit::UnknownIdentityPart("nomNaissange".into())));
    }
}
