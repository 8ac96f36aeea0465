//! `vigie call`: one call, read through the typed client.

use super::check::{DEFAULT_PROVIDER, find_provider};
use super::config;
use super::error::CliError;
use super::terminal::{bytes, stderr, stdout};
use serde_json::{Map, Value};
use std::io::Write;
use std::path::{Path, PathBuf};
use vigie_contract::bounds;
use vigie_contract::files;
use vigie_contract::model::{Operation, Parameter, Variable};
use vigie_contract::schema::Schema;
use vigie_drift::finding::{Conclusion, text};
use vigie_harness::providers::Provider;
use vigie_harness::runner::{Answered, Plan, Target};
use vigie_judge::Decoded;
use vigie_report::visible::json;
use vigie_scenario::{Case, Credential, Misfit, bind};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Operation id, as `vigie list` prints it.
    operation: String,
    /// Parameters, `name=value`; repeat the name for a list. For a GraphQL operation, its variables; an object as JSON.
    #[arg(value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The request body: JSON, or a file with JSON.
    #[arg(long, value_name = "JSON|@FILE")]
    body: Option<String>,
    /// The provider of the operation.
    #[arg(long, default_value = DEFAULT_PROVIDER)]
    provider: String,
    /// `sandbox` (embedded), the provider's `staging` or `production`, a name from `vigie.toml`, or a base URL.
    #[arg(long, value_name = "sandbox|staging|production|NAME|URL", default_value = "sandbox")]
    target: Target,
    /// Configuration file with the targets. Default: `./vigie.toml`, if it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the body unchanged, byte for byte.
    #[arg(long)]
    raw: bool,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let mut plan = Plan::new(provider, None)?;
    plan.target = args.target;
    plan.settings = config::read(args.config.as_deref())?.settings;
    let (contract, operation) = plan.operation(&args.operation)?;
    if operation.callback {
        return Err(CliError::Usage(format!("the provider makes the call `{}`, so you cannot make it", operation.id)));
    }
    let document = plan.contracts.iter().find(|own| own.name == contract).map_or(&Value::Null, |own| &own.document);
    let mut case = case_of(operation, document, &args.parameters, provider)?;
    case.body = args.body.as_deref().map(body).transpose()?;
    complain(&bind(&case, operation).misfits, operation, provider)?;
    let call = format!("{} {}", operation.method, operation.path);
    let is_query = operation.graphql.is_some();
    let target = plan.target.to_string();
    // The sandbox must know the case: its token may stand for the identity in it.
    plan.corpus.scenarios.push(case.clone().into());

    let session = plan.start(|_| false).await?;
    let answer = session.call(&case).await.map_err(|outage| CliError::Outage(format!("{target}: {outage}")))?;
    let Answered { exchange, typed, unjudged, our_defect } =
        answer.ok_or_else(|| CliError::Usage(format!("{target} has no token for this call")))?;
    let mut out = stdout();
    if args.raw {
        bytes(&exchange.response.body)?;
    } else {
        let media_type = exchange.response.media_type().unwrap_or_default();
        writeln!(out, "{call} -> {} {media_type}", exchange.response.status)?;
        let decoded = typed.map_or_else(|| Decoded::Unfit("this contract has none".to_owned()), |typed| typed.decoded);
        match decoded {
            // Nobody asked the client to read a page.
            Decoded::Refused(_) | Decoded::Unfit(_) if unjudged.is_some() => {}
            Decoded::Value(value) => {
                json(&value, &mut out)?;
                writeln!(out)?;
            }
            Decoded::Refused(reason) | Decoded::Unfit(reason) => {
                out.flush()?;
                writeln!(stderr(), "the typed client: {reason}; `--raw` prints the body")?;
                let ends = if our_defect.is_some() { Conclusion::Inconclusive } else { Conclusion::Drift };
                return Ok(ends);
            }
        }
    }
    out.flush()?;
    if let Some(found) = unjudged {
        writeln!(stderr(), "{} [{}]: {}, {}", found.class, found.rule, found.rule.title, text(&found.fact.observed))?;
        return Ok(Conclusion::Inconclusive);
    }
    let good = exchange.response.status.is_success() && !(is_query && is_refused(&exchange.response.body));
    Ok(if good { Conclusion::Conformant } else { Conclusion::Drift })
}

/// Whether an answer to a query says no, whatever its status.
fn is_refused(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    answer["data"].is_null() || answer["errors"].as_array().is_some_and(|errors| !errors.is_empty())
}

/// `name=value` pairs as a case of their operation.
fn case_of(operation: &Operation, document: &Value, pairs: &[String], provider: &Provider) -> Result<Case, CliError> {
    let mut case = Case::call(&operation.id, provider.dialect);
    let names: Vec<&str> = pairs.iter().filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
    if let Some(name) = provider.hooks.credential_of(operation, &names) {
        case.credential = Credential::Named(name.to_owned());
    }
    let compared = case.compared(operation).unwrap_or_default();
    let mut params: Map<String, Value> = Map::new();
    for pair in pairs {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| CliError::Usage(format!("`{pair}`: write name=value")))?;
        let parameter = operation.parameter(name);
        let variable = operation.graphql.as_ref().and_then(|graphql| graphql.variables.get(name));
        let schema = variable.map(|variable| Schema::new(document, &variable.schema));
        let name = parameter.map_or(name, Parameter::internal_name);
        let is_list =
            parameter.is_some_and(Parameter::is_list) || schema.is_some_and(|own| own.only_type() == Some("array"));
        let value = match schema {
            None => Value::from(value),
            Some(schema) if is_list => typed(name, value, schema.items())?,
            Some(schema) => typed(name, value, Some(schema))?,
        };
        if let Some(given) = params.get_mut(name).filter(|_| is_list || compared.part(name).is_some()) {
            match given {
                Value::Array(list) => list.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            }
        } else if is_list {
            params.insert(name.to_owned(), Value::Array(vec![value]));
        } else if params.insert(name.to_owned(), value).is_some() {
            return Err(CliError::Usage(format!("`{name}` is given twice, but it is not a list")));
        }
    }
    Ok(Case { params, ..case })
}

/// A variable's value, by its schema: texts stay as they are.
fn typed(name: &str, text: &str, schema: Option<Schema<'_>>) -> Result<Value, CliError> {
    let Some(kind) = schema.and_then(Schema::only_type) else {
        return Ok(serde_json::from_str(text).unwrap_or_else(|_| text.into()));
    };
    if kind == "string" {
        return Ok(text.into());
    }
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let fits = match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    if fits {
        Ok(value)
    } else {
        Err(CliError::Usage(format!("`{name}` must be {article} {kind}, and `{text}` is not")))
    }
}

/// The body that was given, or that a file holds.
fn body(given: &str) -> Result<Value, CliError> {
    let text = match given.strip_prefix('@') {
        None => given.to_owned(),
        Some(path) => {
            let unreadable = |error| CliError::Usage(format!("--body: {path}: {error}"));
            files::text(Path::new(path), files::MOST_TEXT).map_err(unreadable)?
        }
    };
    if bounds::is_beyond(text.as_bytes(), bounds::MOST_OF_BODY) {
        return Err(CliError::Usage(format!("--body has more than {} values", bounds::MOST_OF_BODY)));
    }
    serde_json::from_str(&text).map_err(|error| CliError::Usage(format!("--body is not JSON: {error}")))
}

/// A parameter that the operation does not have, or that it needs, is told before anything is sent.
fn complain(misfits: &[Misfit], operation: &Operation, provider: &Provider) -> Result<(), CliError> {
    let name = |parameter: &Parameter| {
        format!("{}{}", parameter.internal_name(), if parameter.required { " (required)" } else { "" })
    };
    let variable = |(name, variable): (&String, &Variable)| {
        format!("{name}{}", if variable.required { " (required)" } else { "" })
    };
    let variables = || operation.graphql.iter().flat_map(|graphql| graphql.variables.iter().map(variable));
    let known = || operation.parameters.iter().map(name).chain(variables()).collect::<Vec<_>>().join(", ");
    match misfits.first() {
        None => Ok(()),
        Some(Misfit::Missing(missing)) => {
            let missing = missing.trim_end_matches("[]");
            Err(CliError::Usage(format!("`{missing}` is required: add {missing}=VALUE; parameters: {}", known())))
        }
        Some(Misfit::MissingBody) => {
            Err(CliError::Usage(format!("`{}` needs a body: add --body JSON, or --body @FILE", operation.id)))
        }
        Some(Misfit::UnknownBody) => Err(CliError::Usage(format!("`{}` has no request body", operation.id))),
        Some(Misfit::Unknown(unknown)) => {
            Err(CliError::Usage(format!("`{}` has no parameter `{unknown}`; parameters: {}", operation.id, known())))
        }
        Some(Misfit::UnknownIdentityPart(unknown, known)) => Err(CliError::Usage(format!(
            "with {} `{}` does not compare `{unknown}`; it compares: {known}",
            provider.dialect.identity.name, operation.id
        ))),
        Some(Misfit::IdentityFormat(name, how)) => Err(CliError::Usage(format!("`{name}` must be {how}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_refused, typed};
    use serde_json::json;
    use vigie_contract::schema::Schema;

    #[test]
    fn a_variable_has_the_type_of_its_schema() {
        for (text, schema, value) in [
            ("7", json!({"type": "integer"}), Some(json!(7))),
            ("7.5", json!({"type": "integer"}), None),
            ("7", json!({"type": "string"}), Some(json!("7"))),
            ("1.5", json!({"type": "number"}), Some(json!(1.5))),
            ("true", json!({"type": "boolean"}), Some(json!(true))),
            ("yes", json!({"type": "boolean"}), None),
            (r#"{"a": 1}"#, json!({"type": "object"}), Some(json!({"a": 1}))),
            ("drive", json!({}), Some(json!("drive"))),
        ] {
            assert_eq!(typed("x", text, Some(Schema::whole(&schema))).ok(), value, "{text}");
        }
    }

    #[test]
    fn a_query_may_be_refused_under_any_status() {
        for body in ["", "{}", r#"{"data": null}"#, r#"{"data": {"a": 1}, "errors": [{"message": "no"}]}"#] {
            assert!(is_refused(body.as_bytes()), "{body}");
        }
        for body in [r#"{"data": {"a": 1}}"#, r#"{"data": {"a": 1}, "errors": []}"#] {
            assert!(!is_refused(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn an_input_object_stands_behind_a_reference() {
        let document = json!({"components": {"schemas": {"In": {"type": "object"}}}});
        let reference = json!({"$ref": "#/components/schemas/In"});
        for schema in [
            reference.clone(),
            json!({"nullable": true, "allOf": [reference]}),
            json!({"anyOf": [reference, {"type": "null"}]}),
            json!({"type": ["object", "null"]}),
        ] {
            let typed = |text: &str| typed("x", text, Some(Schema::new(&document, &schema))).ok();
            assert_eq!((typed(r#"{"a": 1}"#), typed("[]")), (Some(json!({"a": 1})), None), "{schema}");
        }
    }
}
