//! `vigie call`: one call, read through the typed client.

use super::check::find_provider;
use super::error::CliError;
use crate::contract::model::{Operation, Parameter};
use crate::finding::Conclusion;
use crate::judge::Decoded;
use crate::providers::Provider;
use crate::runner::{Plan, Target};
use crate::scenario::{Case, Credential, Misfit, bind};
use serde_json::{Map, Value};
use std::io::Write;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Operation id, as `vigie list` names it.
    operation: String,
    /// Parameters, `name=value`; a list takes its name several times.
    #[arg(value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Whose operation it is.
    #[arg(long, default_value = "api-particulier")]
    provider: String,
    /// `sandbox` (embedded), the provider's `staging` or `production`, or a base URL.
    #[arg(long, value_name = "sandbox|staging|production|URL", default_value = "sandbox")]
    target: Target,
    /// Print the body as it came, byte by byte.
    #[arg(long)]
    raw: bool,
}

pub(super) async fn run(args: Args) -> Result<Conclusion, CliError> {
    let provider = find_provider(&args.provider)?;
    let mut plan = Plan::new(provider, None)?;
    plan.target = args.target;
    let (_, operation) = plan.operation(&args.operation)?;
    let case = case_of(operation, &args.parameters, provider)?;
    complain(&bind(&case, operation).misfits, operation)?;
    let call = format!("{} {}", operation.method, operation.path);
    let target = plan.target.to_string();
    // The sandbox must know the case: with FranceConnect, its token stands for the identity in it.
    plan.corpus.scenarios.push(case.clone().into());

    let session = plan.start(|_| false).await?;
    let answer = session.call(&case).await.map_err(|outage| CliError::Outage(format!("{target}: {outage}")))?;
    let (exchange, typed) = answer.ok_or_else(|| CliError::Usage(format!("{target} has no token for such a call")))?;
    let mut out = anstream::stdout().lock();
    if args.raw {
        out.write_all(&exchange.response.body)?;
    } else {
        let media_type = exchange.response.media_type().unwrap_or_default();
        writeln!(out, "{call} -> {} {media_type}", exchange.response.status)?;
        match typed.decoded {
            Decoded::Value(value) => writeln!(out, "{}", serde_json::to_string_pretty(&value).unwrap_or_default())?,
            Decoded::Refused(reason) | Decoded::Unfit(reason) => {
                out.flush()?;
                writeln!(anstream::stderr(), "the typed client: {reason}; `--raw` prints the body")?;
                return Ok(Conclusion::Drift);
            }
        }
    }
    out.flush()?;
    Ok(if exchange.response.status.is_success() { Conclusion::Conformant } else { Conclusion::Drift })
}

/// `name=value` pairs as a case of their operation.
fn case_of(operation: &Operation, pairs: &[String], provider: &dyn Provider) -> Result<Case, CliError> {
    let mut case = Case::call(&operation.id, provider.dialect());
    if let Some(name) = provider.credential_of(operation) {
        case.credential = Credential::Named(name.to_owned());
    }
    let mut params: Map<String, Value> = Map::new();
    for pair in pairs {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| CliError::Usage(format!("`{pair}`: write name=value")))?;
        let parameter = operation.parameter(name);
        let name = parameter.map_or(name, Parameter::internal_name);
        let is_list = parameter.is_some_and(Parameter::is_list);
        if let Some(given) = params.get_mut(name).filter(|_| is_list || case.is_identity_part(name)) {
            match given {
                Value::Array(list) => list.push(value.into()),
                first => *first = Value::Array(vec![first.take(), value.into()]),
            }
        } else if is_list {
            params.insert(name.to_owned(), Value::Array(vec![value.into()]));
        } else if params.insert(name.to_owned(), value.into()).is_some() {
            return Err(CliError::Usage(format!("`{name}` is given twice, and it is no list")));
        }
    }
    Ok(Case { params, ..case })
}

/// A parameter that the operation does not have, or that it needs, is told before anything is sent.
fn complain(misfits: &[Misfit], operation: &Operation) -> Result<(), CliError> {
    let name = |parameter: &Parameter| {
        format!("{}{}", parameter.internal_name(), if parameter.required { " (required)" } else { "" })
    };
    let known = || operation.parameters.iter().map(name).collect::<Vec<_>>().join(", ");
    match misfits.first() {
        None => Ok(()),
        Some(Misfit::Missing(missing)) => {
            let missing = missing.trim_end_matches("[]");
            Err(CliError::Usage(format!("`{missing}` is required: add {missing}=VALUE; parameters: {}", known())))
        }
        Some(Misfit::MissingBody) => {
            Err(CliError::Usage(format!("`{}` needs a body: add --body JSON, or --body @FILE", operation.id)))
        }
        Some(Misfit::UnknownBody) => Err(CliError::Usage(format!("`{}` takes no body", operation.id))),
        Some(Misfit::Unknown(unknown) | Misfit::UnknownIdentityPart(unknown)) => {
            Err(CliError::Usage(format!("`{}` has no parameter `{unknown}`; parameters: {}", operation.id, known())))
        }
    }
}
