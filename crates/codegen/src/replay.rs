//! `replay`: one call by operation id with parameters by name, for the harness and `vigie call`.

use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use std::error::Error;
use syn::parse_quote;
use vigie_contract::lower::{Prefix, ident, lower};
use vigie_contract::members;
use vigie_contract::schema::Schema;

const JSON: &str = "application/json";

/// The code of `replay` for the client of a contract: a function that makes any of its calls. It stands in a module that has the client's
/// `Client` and `types` in it, in a package that has `call` at its root.
pub fn generate(contract: &Value) -> Result<String, Box<dyn Error>> {
    let lowered = lower(contract)?;
    let mut arms = Vec::new();
    for operation in &lowered.operations {
        let (full, name) = (&operation.id, ident(&operation.name, Prefix::Underscore));
        let lowered_operation = &lowered.document["paths"][&operation.path][&operation.method];
        let schema = |node| Schema::new(&lowered.document, node);
        let method = format_ident!("{name}");
        let mut setters = Vec::new();
        for parameter in lowered_operation["parameters"].as_array().into_iter().flatten() {
            let wire = parameter["name"].as_str().unwrap_or_default();
            let setter = format_ident!("{}", ident(wire, Prefix::Underscore));
            let kind = rust_type(schema(&parameter["schema"]));
            setters.push(quote!(if let Some(value) = parameters.get::<#kind>(#wire)? { call = call.#setter(value); }));
        }
        if let Some((media_type, content)) = members(&lowered_operation["requestBody"]["content"]).next() {
            let getter = if [JSON, "application/x-www-form-urlencoded"].contains(&media_type.as_str()) {
                let body = schema(&content["schema"]);
                let (kind, least) = (rust_type(body), least(body).to_string());
                let is_graphql = lowered.graphql.iter().any(|(own, _)| *own == name);
                let getter = format_ident!("{}", if is_graphql { "variables" } else { "body" });
                quote!(#getter::<#kind>(#least)?)
            } else {
                quote!(bytes()?)
            };
            setters.push(quote!(if let Some(body) = parameters.#getter { call = call.body(body); }));
        }
        let outcome = format_ident!("{}", if answers_bytes(lowered_operation) { "bytes_outcome" } else { "outcome" });
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
fn answers_bytes(operation: &Value) -> bool {
    let success = members(&operation["responses"]).find(|(status, _)| status.starts_with('2'));
    success.is_none_or(|(_, response)| members(&response["content"]).any(|(media_type, _)| media_type != JSON))
}

/// The type that progenitor gives a lowered schema.
fn rust_type(schema: Schema<'_>) -> syn::Type {
    let plain: syn::Type = match (schema.component(), schema.own_types().next()) {
        (Some(name), _) => {
            let name = format_ident!("{name}");
            parse_quote!(types::#name)
        }
        (None, Some("string")) => parse_quote!(String),
        (None, Some("integer")) => parse_quote!(i64),
        (None, Some("number")) => parse_quote!(f64),
        (None, Some("boolean")) => parse_quote!(bool),
        (None, Some("array")) => {
            let items = schema.own_items().map_or_else(|| parse_quote!(serde_json::Value), rust_type);
            parse_quote!(Vec<#items>)
        }
        (None, Some("object")) => parse_quote!(serde_json::Map<String, serde_json::Value>),
        (None, _) => return parse_quote!(serde_json::Value),
    };
    if schema.own_nullable() { parse_quote!(Option<#plain>) } else { plain }
}

/// The least that a typed body can be, so that an answer can be read where a case sends what no typed body can be.
fn least(schema: Schema<'_>) -> Value {
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
