//! The typed client of a contract: lowered contract → progenitor → checks and changes on the syntax tree → text.

mod builders;
mod polish;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::{format_ident, quote};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use vigie_contract::lower::{Lowered, Operation, Prefix, ident, json_schema, lower};
use vigie_contract::members;
use vigie_contract::schema::{Schema, each_reference};

/// A generated client.
#[derive(Debug)]
pub struct Client {
    /// Its code, which stands in the module `clients::<name>` of the package that has it.
    pub code: String,
    /// The operations that it has no method for.
    pub left_out: Vec<Operation>,
}

/// The client of a contract.
pub fn generate(contract: &Value, name: &str) -> Result<Client, Box<dyn Error>> {
    let lowered = lower(contract)?;
    let module = name.replace('-', "_").replace('/', "::");
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("PartialEq")
        .with_inner_type(quote!(crate::clients::Tap));
    for known in &lowered.enums {
        // The field is `Open<Known>`: a value that the contract does not list is kept as text.
        let open = format!("crate::clients::Open<crate::clients::{module}::types::{known}>");
        settings.with_replacement(format!("{known}Open"), open, std::iter::empty());
    }
    let document = serde_json::from_value(open_enums(&lowered))?;
    let mut file: syn::File = syn::parse2(Generator::new(&settings).generate_tokens(&document)?)?;
    assert_unique(&file, &lowered)?;
    polish::polish(&mut file, &lowered.requests)?;
    file.items.extend(tables(&lowered)?.items);
    file.items.extend(graphql_answers(&lowered)?.items);
    Ok(Client { code: prettyplease::unparse(&file), left_out: lowered.left_out })
}

/// References to an enum become references to its open form.
fn open_enums(lowered: &Lowered) -> Value {
    let mut document = lowered.document.clone();
    each_reference(&mut document, |reference| {
        if reference.rsplit('/').next().is_some_and(|name| lowered.enums.contains(name)) {
            reference.push_str("Open");
        }
    });
    for known in &lowered.enums {
        document["components"]["schemas"][format!("{known}Open")] = serde_json::json!({"type": "string"});
    }
    document
}

/// Every component became exactly one type, and there is no type beside them: nothing was merged by its name.
fn assert_unique(file: &syn::File, lowered: &Lowered) -> Result<(), Box<dyn Error>> {
    let module = file.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let mut counts: BTreeMap<String, usize> = lowered.types.iter().map(|name| (name.clone(), 0)).collect();
    for item in module.into_iter().flat_map(|(_, items)| items) {
        let (syn::Item::Struct(syn::ItemStruct { ident, .. }) | syn::Item::Enum(syn::ItemEnum { ident, .. })) = item
        else {
            continue;
        };
        *counts.entry(ident.to_string()).or_default() += 1;
    }
    match counts.iter().find(|(name, count)| **count != 1 || !lowered.types.contains(*name)) {
        Some((name, count)) => Err(format!("the type `{name}` was generated {count} times for its one schema").into()),
        None => Ok(()),
    }
}

/// What a client must know of its methods.
fn tables(lowered: &Lowered) -> syn::Result<syn::File> {
    let pairs =
        |table: &[(String, String)]| table.iter().map(|(name, text)| quote!((#name, #text))).collect::<Vec<_>>();
    let (graphql, media_types) = (pairs(&lowered.graphql), pairs(&lowered.media_types));
    syn::parse2(quote! {
        /// What each method sends beside what its caller says.
        const BODIES: crate::clients::Bodies =
            crate::clients::Bodies { graphql: &[#(#graphql),*], media_types: &[#(#media_types),*] };
    })
}

/// `GraphqlAnswer` for every answer of a GraphQL operation whose errors have a type.
fn graphql_answers(lowered: &Lowered) -> syn::Result<syn::File> {
    let operations = members(&lowered.document["paths"]).flat_map(|(_, item)| members(item));
    let mut implementations = Vec::new();
    for (_, operation) in operations {
        let method = ident(operation["operationId"].as_str().unwrap_or_default(), Prefix::Underscore);
        if !lowered.graphql.iter().any(|(own, _)| *own == method) {
            continue;
        }
        let Some(body) = json_schema(&operation["responses"]["200"]) else { continue };
        let body = Schema::new(&lowered.document, body);
        let Some(answer) = body.component() else { continue };
        let body = body.resolved();
        let items = body.own_property("errors").and_then(Schema::own_items);
        let Some(error) = items.and_then(Schema::component) else { continue };
        let is_required = body.own_required().any(|name| name == "errors");
        let errors =
            if is_required { quote!(&self.errors) } else { quote!(self.errors.as_deref().unwrap_or_default()) };
        let (answer, error) = (format_ident!("{answer}"), format_ident!("{error}"));
        implementations.push(quote! {
            impl crate::clients::GraphqlAnswer for types::#answer {
                type Error = types::#error;

                fn errors(&self) -> &[Self::Error] {
                    #errors
                }
            }
        });
    }
    syn::parse2(quote!(#(#implementations)*))
}
