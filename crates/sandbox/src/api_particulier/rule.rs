//! One parameter: what the contract's schema says of it, and what the provider checks beyond.

use super::refusal::{ErrorFormat, bad_parameter};
use crate::SandboxError;
use crate::gate::ContractParameter;
use crate::reply::Reply;
use chrono::{Datelike, Utc};
use serde_json::Value;
use vigie_contract::model::{Operation, Parameter};

/// A parameter, compiled.
pub(super) struct Rule {
    /// Internal name, `prenoms`.
    pub(super) name: String,
    /// Name on the wire, `prenoms[]`.
    pub(super) wire: String,
    pub(super) list: bool,
    pub(super) required: bool,
    pub(super) missing: Reply,
    pub(super) invalid: Reply,
    span: Span,
    stated: ContractParameter,
}

/// What the provider checks though no schema says so.
#[derive(Clone, Copy)]
enum Span {
    Any,
    Between(i64, i64),
    /// From 1900 to this year.
    Year,
    /// `m` or `f`, in any letter case.
    Letter,
}

impl Rule {
    pub(super) fn new(
        operation: &Operation,
        parameter: &Parameter,
        document: &Value,
        form: ErrorFormat,
    ) -> Result<Self, SandboxError> {
        let name = parameter.internal_name();
        let code_of = |missing| bad_parameter(form, &parameter.name, code(name, missing), missing);
        Ok(Self {
            name: name.to_owned(),
            wire: parameter.name.clone(),
            list: parameter.is_list(),
            required: parameter.required,
            missing: code_of(true),
            invalid: code_of(false),
            span: span(name, operation, form),
            stated: ContractParameter::new(operation, parameter, document)?,
        })
    }

    /// Whether the values, at least one, can be accepted.
    pub(super) fn accepts(&self, values: &[&str]) -> bool {
        values.iter().all(|value| self.span.contains(value)) && self.stated.accepts(values)
    }
}

impl Span {
    fn contains(self, text: &str) -> bool {
        let number = || text.parse::<i64>().ok();
        match self {
            Self::Any => true,
            Self::Between(first, last) => number().is_some_and(|number| (first..=last).contains(&number)),
            Self::Year => number().is_some_and(|number| (1900..=i64::from(Utc::now().year())).contains(&number)),
            Self::Letter => ["m", "f"].iter().any(|letter| text.eq_ignore_ascii_case(letter)),
        }
    }
}

fn span(name: &str, operation: &Operation, form: ErrorFormat) -> Span {
    match (name, form) {
        ("mois", _) | ("moisDateNaissance", ErrorFormat::Structured) => Span::Between(1, 12),
        ("jourDateNaissance", ErrorFormat::Structured) => Span::Between(1, 31),
        ("annee", _) => Span::Year,
        ("sexe", ErrorFormat::Flat) if operation.path.ends_with("/v2/scolarites") => Span::Letter,
        _ => Span::Any,
    }
}

/// The code of v3 for a parameter that is missing or cannot be accepted (facts of the provider, section 7).
pub(super) fn code(name: &str, missing: bool) -> &'static str {
    match name {
        "recipient" => "00210",
        "mois" => "00353",
        "annee" => "00354",
        "ine" => "00360",
        "identifiant" => "00380",
        "codesBcn" => "00419",
        "sexeEtatCivil" if missing => "00427",
        "immatriculation" => "00430",
        _ => "00366",
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use crate::SandboxError;
    use crate::api_particulier::refusal::ErrorFormat;
    use serde_json::{Value, json};
    use vigie_contract::model::Contract;

    fn rule(path: &str, name: &str, schema: &Value, form: ErrorFormat) -> Result<Rule, SandboxError> {
        let parameters = json!([{"in": "query", "name": name, "schema": schema}]);
        let operation = json!({"operationId": "op", "parameters": parameters, "responses": {}});
        let schemas = json!({"Letter": {"type": "string", "enum": ["A", "B"]}});
        let document = json!({"paths": {path: {"get": operation}}, "components": {"schemas": schemas}});
        let contract = Contract::new("t/v1", document);
        let operation = &contract.operations[0];
        Rule::new(operation, &operation.parameters[0], &contract.document, form)
    }

    fn accepted<'v>(name: &str, schema: &Value, form: ErrorFormat, values: &[&'v str]) -> Vec<&'v str> {
        let rule = rule("/api/v2/scolarites", name, schema, form).expect("the schema is valid");
        values.iter().copied().filter(|value| rule.accepts(&[value])).collect()
    }

    #[test]
    fn the_schema_of_the_contract_is_asserted() {
        let structured =
            |schema: &Value, values: &[&'static str]| accepted("x", schema, ErrorFormat::Structured, values);
        assert_eq!(structured(&json!({"type": "integer"}), &["12", "x", "1.5", ""]), ["12"]);
        assert_eq!(
            structured(&json!({"type": "number", "format": "string"}), &["1.5", "75002", "inf"]),
            ["1.5", "75002"]
        );
        assert_eq!(structured(&json!({"type": "string", "enum": ["M", "F"]}), &["M", "m", "X"]), ["M"]);
        assert_eq!(structured(&json!({"type": "string", "pattern": "^\\d{2}$"}), &["12", "123"]), ["12"]);
        // A length is one of characters, not of bytes.
        assert_eq!(structured(&json!({"type": "string", "minLength": 2, "maxLength": 2}), &["éé", "é", "ééé"]), ["éé"]);
        assert_eq!(structured(&json!({"$ref": "#/components/schemas/Letter"}), &["A", "C"]), ["A"]);
    }

    #[test]
    fn lists_have_bounds() {
        let schema =
            json!({"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": 2});
        let rule = rule("/v3/a", "prenoms[]", &schema, ErrorFormat::Structured).expect("the schema is valid");
        assert!(rule.accepts(&["A"]) && rule.accepts(&["A", "B"]));
        assert!(!rule.accepts(&["A", "B", "C"]) && !rule.accepts(&["A", ""]));
    }

    #[test]
    fn months_years_and_letters_have_a_span_that_no_schema_states() {
        let integer = json!({"type": "integer"});
        assert_eq!(accepted("mois", &integer, ErrorFormat::Flat, &["0", "1", "12", "13"]), ["1", "12"]);
        assert_eq!(accepted("annee", &integer, ErrorFormat::Flat, &["1899", "1900", "2024", "2999"]), ["1900", "2024"]);
        let month = "moisDateNaissance";
        assert_eq!(accepted(month, &integer, ErrorFormat::Structured, &["0", "12", "13"]), ["12"]);
        let text = json!({"type": "string"});
        assert_eq!(accepted("sexe", &text, ErrorFormat::Flat, &["m", "F", "x", "femme"]), ["m", "F"]);
    }

    #[test]
    fn a_schema_that_is_none_is_told_with_its_place() {
        let error = rule("/v3/a", "ine", &json!({"type": "string", "pattern": "("}), ErrorFormat::Structured).err();
        let error = error.expect("the pattern is open").to_string();
        assert!(error.contains("`ine` of op"), "{error}");
    }
}
