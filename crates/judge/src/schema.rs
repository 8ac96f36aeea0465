//! Raw bytes against the contract's schema, with formats asserted, and what the schema does not list.

use super::Judgement;
use super::properties::{self, Observed};
use super::unfold::translate;
use crate::shape::{is_masked, short};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::OnceLock;
use vigie_contract::model::{Answer, Contract, Operation, RequestBody, escape};
use vigie_contract::schema::locate;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

/// Faults of one body that are reported one by one.
const MOST_FAULTS: usize = 1_000;

/// The schemas of every answer and of every request body of a contract, compiled when first needed.
#[derive(Debug)]
pub struct Schemas {
    answers: HashMap<String, Compiled>,
    /// By where the schema stands.
    bodies: HashMap<String, Compiled>,
}

/// A schema of JSON Schema, references in place, and its validator.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) schema: Value,
    validator: OnceLock<Result<Validator, String>>,
}

impl Compiled {
    /// Of a schema of the contract.
    pub(super) fn new(schema: &Value, contract: &Contract) -> Self {
        Self { schema: translate(schema, &contract.document), validator: OnceLock::new() }
    }

    /// The validator, with formats asserted; an error says why the schema has none.
    pub(super) fn validator(&self) -> Result<&Validator, &String> {
        let build = || {
            let options = jsonschema::options().should_validate_formats(true);
            let options = options.with_keyword("x-time", |_, value, _| Ok(Time::of(value)));
            options.build(&self.schema).map_err(|error| error.to_string())
        };
        self.validator.get_or_init(build).as_ref()
    }
}

impl Schemas {
    /// Prepares the schemas of a contract.
    #[must_use]
    pub fn new(contract: &Contract) -> Self {
        let answers = contract.operations.iter().flat_map(Operation::answers);
        let compiled = |answer: &Answer| {
            let schema = contract.document.pointer(&schema_pointer(answer)?)?;
            Some((answer.pointer.clone(), Compiled::new(schema, contract)))
        };
        let bodies = contract.operations.iter().filter_map(|operation| operation.body.as_ref());
        let bodies = bodies.flat_map(|body| body.content.keys().map(|media_type| body_pointer(body, media_type)));
        let body = |pointer: String| {
            let schema = contract.document.pointer(&pointer)?;
            Some((pointer, Compiled::new(schema, contract)))
        };
        Self { answers: answers.filter_map(compiled).collect(), bodies: bodies.filter_map(body).collect() }
    }

    /// The schema of a request body, by where it stands.
    pub(super) fn body(&self, pointer: &str) -> Option<&Compiled> {
        self.bodies.get(pointer)
    }

    /// Paths of all the properties that an answer may have.
    #[must_use]
    pub fn documented(&self, answer: &Answer) -> Observed {
        properties::documented(self.schema(answer))
    }

    /// The JSON schema of an answer, with references in place; null without one.
    #[must_use]
    pub fn schema(&self, answer: &Answer) -> &Value {
        self.answers.get(&answer.pointer).map_or(&Value::Null, |compiled| &compiled.schema)
    }

    pub(super) fn judge(
        &self,
        contract: &Contract,
        answer: &Answer,
        body: &Value,
        masked: &[String],
        judgement: &mut Judgement,
    ) {
        let Some(compiled) = self.answers.get(&answer.pointer) else { return };
        let root = schema_pointer(answer).unwrap_or_default();
        properties::walk(&compiled.schema, body, judgement);
        let validator = match compiled.validator() {
            Ok(validator) => validator,
            Err(reason) => {
                judgement.deviations.push(
                    Deviation::new(Kind::BodyInvalid, Location::Whole, "a schema that compiles", reason.as_str())
                        .stated_at(root),
                );
                return;
            }
        };
        for (number, error) in validator.iter_errors(body).enumerate() {
            if number == MOST_FAULTS {
                let more = format!("more than {MOST_FAULTS} faults, of which the first are told");
                judgement
                    .deviations
                    .push(Deviation::new(Kind::BodyInvalid, Location::Whole, "no fault", more).stated_at(root));
                break;
            }
            let pointer = error.instance_path().to_string();
            if let ValidationErrorKind::Required { property } = error.kind() {
                let key = format!("{pointer}/{}", escape(property.as_str().unwrap_or_default()));
                let kind = if is_masked(&key, masked) { Kind::ScopeMasked } else { Kind::BodyInvalid };
                let place = locate(&contract.document, &root, error.schema_path().as_str());
                judgement.deviations.push(
                    Deviation::new(kind, Location::pointer(key), "present (required)", "absent").stated_at(place),
                );
                continue;
            }
            let place = locate(&contract.document, &root, error.schema_path().as_str());
            let observed = more(error.kind()).unwrap_or_else(|| short(error.instance()));
            let deviation =
                Deviation::new(Kind::BodyInvalid, Location::pointer(pointer), expected(error.kind()), observed);
            judgement.deviations.push(deviation.stated_at(place));
        }
    }
}

/// How a moment is written, as far as its size tells: seconds since 1970 have at most eleven digits until the year 5138,
/// and milliseconds have twelve since 1973.
#[derive(Clone, Copy)]
enum Time {
    Seconds,
    Milliseconds,
    Other,
}

/// The first number of twelve digits.
const TWELVE_DIGITS: i64 = 100_000_000_000;

impl Time {
    fn of(value: &Value) -> Box<dyn for<'i> Keyword<'i>> {
        Box::new(match value.as_str() {
            Some("epoch-s") => Self::Seconds,
            Some("epoch-ms") => Self::Milliseconds,
            _ => Self::Other,
        })
    }
}

impl<'i> Keyword<'i> for Time {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        let expected = match self {
            Self::Seconds => "seconds",
            _ => "milliseconds",
        };
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom(format!("{expected} since 1970"))) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        // Nothing and no time at all are written as zero.
        let Some(moment) = instance.as_i64().filter(|moment| *moment > 0) else { return true };
        match self {
            Self::Seconds => moment < TWELVE_DIGITS,
            Self::Milliseconds => moment >= TWELVE_DIGITS,
            Self::Other => true,
        }
    }
}

/// Where the JSON schema of an answer stands.
fn schema_pointer(answer: &Answer) -> Option<String> {
    let json = answer.content.iter().find(|(media_type, has_schema)| **has_schema && media_type.contains("json"));
    json.map(|(media_type, _)| format!("{}/content/{}/schema", answer.pointer, escape(media_type)))
}

/// Where the schema of a request body stands.
pub(super) fn body_pointer(body: &RequestBody, media_type: &str) -> String {
    format!("{}/content/{}/schema", body.pointer, escape(media_type))
}

/// What the contract expects. Nothing of what was observed stands in it: of a real host that is described by its format alone.
pub(super) fn expected(kind: &ValidationErrorKind) -> String {
    use jsonschema::error::TypeKind;
    match kind {
        ValidationErrorKind::Format { format } => format!("format `{format}`"),
        ValidationErrorKind::Pattern { pattern } => format!("pattern `{pattern}`"),
        ValidationErrorKind::Enum { options } => format!("one of {}", short(options)),
        ValidationErrorKind::AdditionalProperties { .. } => {
            "no other properties (the contract closes the object)".to_owned()
        }
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => format!("type `{kind}`"),
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            format!("type {}", kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" or "))
        }
        ValidationErrorKind::MinItems { limit } => format!("at least {limit} elements"),
        ValidationErrorKind::MaxItems { limit } => format!("at most {limit} elements"),
        ValidationErrorKind::MinLength { limit } => format!("at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters"),
        ValidationErrorKind::Minimum { limit } => format!("at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("at most {limit}"),
        ValidationErrorKind::Custom { message, .. } => message.clone(),
        other => format!("`{}` of the schema", other.keyword()),
    }
}

/// What an object has that its schema closes out.
pub(super) fn more(kind: &ValidationErrorKind) -> Option<String> {
    let ValidationErrorKind::AdditionalProperties { unexpected } = kind else { return None };
    let properties = if unexpected.len() == 1 { "property" } else { "properties" };
    Some(format!("{} more {properties}: {}", unexpected.len(), unexpected.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{Compiled, expected};
    use crate::unfold::translate;
    use serde_json::json;
    use std::sync::OnceLock;

    #[test]
    fn a_moment_in_another_unit_is_told_where_its_size_tells_it() {
        for (unit, fine, wrong) in [
            ("epoch-s", [0, 1_489_500_000_i64], 1_489_500_000_000_i64),
            ("epoch-ms", [0, 1_489_500_000_000], 1_489_500_000),
        ] {
            let stated = json!({"type": "integer", "nullable": true, "x-time": unit});
            let compiled = Compiled { schema: translate(&stated, &json!({})), validator: OnceLock::new() };
            let validator = compiled.validator().expect("it compiles");
            assert!(fine.iter().all(|moment| validator.is_valid(&json!(moment))) && validator.is_valid(&json!(null)));
            let told: Vec<String> = validator.iter_errors(&json!(wrong)).map(|error| expected(error.kind())).collect();
            assert_eq!(told.len(), 1, "{unit}: {told:?}");
            assert!(told[0].ends_with("seconds since 1970"), "{told:?}");
        }
    }
}
