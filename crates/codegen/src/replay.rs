//! `replay`: one call by operation id with parameters by name, for the harness and `vigie call`.

use crate::client::open_enums;
use openapiv3::{ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, StatusCode, Type};
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use std::error::Error;
use syn::parse_quote;
use vigie_contract::lower::{Prefix, ident, lower};
use vigie_contract::schema;

/// The code of `replay` for the client of a contract: a function that makes any of its calls. It stands in a module that has the client's
/// `Client` and `types` in it, in a package that has `call` at its root.
pub fn generate(contract: &Value) -> Result<String, Box<dyn Error>> {
    let lowered = lower(contract)?;
    let document: openapiv3::OpenAPI = serde_json::from_value(open_enums(&lowered))?;
    let mut arms = Vec::new();
    for (_, _, operation) in document.operations() {
        let short = operation.operation_id.as_deref().unwrap_or_default();
        let full = lowered.operations.iter().find(|(_, name)| name == short).map_or(short, |(full, _)| full);
        let name = ident(short, Prefix::Underscore);
        let method = format_ident!("{name}");
        let mut setters = Vec::new();
        for parameter in operation.parameters.iter().filter_map(ReferenceOr::as_item) {
            let data = parameter.parameter_data_ref();
            let wire = &data.name;
            let setter = format_ident!("{}", ident(wire, Prefix::Underscore));
            let ParameterSchemaOrContent::Schema(schema) = &data.format else {
                return Err(format!("parameter `{wire}`: it has no schema").into());
            };
            let kind = rust_type(schema);
            setters.push(quote!(if let Some(value) = parameters.get::<#kind>(#wire)? { call = call.#setter(value); }));
        }
        let body = operation.request_body.as_ref().and_then(ReferenceOr::as_item).and_then(|body| body.content.first());
        if let Some((media_type, content)) = body {
            let is_typed = ["application/json", "application/x-www-form-urlencoded"].contains(&media_type.as_str());
            let getter = if let Some(schema) = content.schema.as_ref().filter(|_| is_typed) {
                let kind = rust_type(schema);
                let taken = serde_json::to_value(schema)?;
                let least = least(schema::Schema::new(&lowered.document, &taken)).to_string();
                let is_graphql = lowered.graphql.iter().any(|(own, _)| *own == name);
                let getter = format_ident!("{}", if is_graphql { "variables" } else { "body" });
                quote!(#getter::<#kind>(#least)?)
            } else {
                quote!(bytes()?)
            };
            setters.push(quote!(if let Some(body) = parameters.#getter { call = call.body(body); }));
        }
        let outcome = format_ident!("{}", if answers_bytes(operation) { "bytes_outcome" } else { "outcome" });
        arms.push(quote!(#full => {
            let mut call = client.#method();
            #(#setters)*
            crate::call::#outcome(call.send().await)
        }));
    }
    let file: syn::File = syn::parse2(quote! {
        /// Calls an operation by its id, with parameters by their wire names, through the typed builder.
        pub(crate) async fn replay(
            client: &Client,
            operation: &str,
            parameters: &crate::call::Parameters,
        ) -> Result<crate::call::Outcome, crate::call::Unfit> {
            match operation {
                #(#arms)*
                _ => Err(crate::call::Unfit::operation(operation)),
            }
        }
    })?;
    Ok(prettyplease::unparse(&file))
}

/// Whether the success of a lowered operation is bytes; so is one of which the contract says nothing.
fn answers_bytes(operation: &openapiv3::Operation) -> bool {
    let mut successes = operation.responses.responses.iter().filter_map(|(status, response)| match status {
        StatusCode::Code(200..=299) | StatusCode::Range(2) => response.as_item(),
        _ => None,
    });
    successes.next().is_none_or(|response| response.content.keys().any(|media_type| media_type != "application/json"))
}

/// The type that progenitor gives a lowered schema.
fn rust_type(schema: &ReferenceOr<Schema>) -> syn::Type {
    let schema = match schema {
        ReferenceOr::Reference { reference } => {
            let name = format_ident!("{}", reference.rsplit('/').next().unwrap_or(reference));
            return parse_quote!(types::#name);
        }
        ReferenceOr::Item(schema) => schema,
    };
    let plain: syn::Type = match &schema.schema_kind {
        SchemaKind::Type(Type::String(_)) => parse_quote!(String),
        SchemaKind::Type(Type::Integer(_)) => parse_quote!(i64),
        SchemaKind::Type(Type::Number(_)) => parse_quote!(f64),
        SchemaKind::Type(Type::Boolean(_)) => parse_quote!(bool),
        SchemaKind::Type(Type::Array(array)) => {
            let items = array.items.clone().map(|items| rust_type(&items.unbox()));
            let items = items.unwrap_or_else(|| parse_quote!(serde_json::Value));
            parse_quote!(Vec<#items>)
        }
        SchemaKind::Type(Type::Object(_)) => parse_quote!(serde_json::Map<String, serde_json::Value>),
        SchemaKind::AllOf { all_of } if all_of.len() == 1 => rust_type(&all_of[0]),
        _ => return parse_quote!(serde_json::Value),
    };
    if schema.schema_data.nullable { parse_quote!(Option<#plain>) } else { plain }
}

/// The least that a typed body can be, so that an answer can be read where a case sends what no typed body can be.
fn least(schema: schema::Schema<'_>) -> Value {
    match schema.only_type() {
        Some("string") => json!("x"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => {
            let member = |name: &str| (name.to_owned(), schema.property(name).map_or(Value::Null, least));
            schema.required().into_iter().map(member).collect::<Map<_, _>>().into()
        }
        _ => Value::Null,
    }
}
