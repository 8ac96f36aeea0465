//! Code generation, a part of `build.rs`: lowered contract → progenitor → checks and changes on the syntax tree → file.

mod polish;

use crate::lower::{Lowered, lower};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::{format_ident, quote};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

pub(crate) fn write(contract: &Value, name: &str, out: &Path) -> Result<(), Box<dyn Error>> {
    let lowered = lower(contract)?;
    let module = name.replace('-', "_").replace('/', "::");
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
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
    polish::polish(&mut file);
    file.items.extend(replay(&document, &lowered)?.items);
    Ok(std::fs::write(out.with_extension("rs"), prettyplease::unparse(&file))?)
}

/// References to an enum become references to its open form.
fn open_enums(lowered: &Lowered) -> Value {
    fn rewrite(node: &mut Value, lowered: &Lowered) {
        match node {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get_mut("$ref")
                    && reference.rsplit('/').next().is_some_and(|name| lowered.enums.contains(name))
                {
                    reference.push_str("Open");
                }
                map.values_mut().for_each(|value| rewrite(value, lowered));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, lowered)),
            _ => {}
        }
    }
    let mut document = lowered.document.clone();
    rewrite(&mut document, lowered);
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

/// `replay`: one call by operation id with parameters by name, for the harness and `vigie call`.
fn replay(document: &openapiv3::OpenAPI, lowered: &Lowered) -> Result<syn::File, Box<dyn Error>> {
    let mut arms = Vec::new();
    for (_, _, operation) in document.operations() {
        let short = operation.operation_id.as_deref().unwrap_or_default();
        let full = lowered.operations.iter().find(|(_, name)| name == short).map_or(short, |(full, _)| full);
        let method = format_ident!("{short}");
        let mut setters = Vec::new();
        for parameter in operation.parameters.iter().filter_map(openapiv3::ReferenceOr::as_item) {
            let data = parameter.parameter_data_ref();
            let wire = &data.name;
            let setter = format_ident!("{}", setter_name(wire));
            let getter = format_ident!("{}", getter_name(data)?);
            setters.push(quote!(if let Some(value) = parameters.#getter(#wire)? { call = call.#setter(value); }));
        }
        arms.push(quote!(#full => {
            #[allow(unused_mut)]
            let mut call = client.#method();
            #(#setters)*
            crate::clients::replay::outcome(call.send().await)
        }));
    }
    Ok(syn::parse2(quote! {
        /// Calls an operation by its id, with parameters by their wire names, through the typed builder.
        #[cfg(feature = "harness")]
        pub(crate) async fn replay(
            client: &Client,
            operation: &str,
            parameters: &crate::clients::replay::Parameters<'_>,
        ) -> Result<crate::clients::replay::Outcome, crate::clients::replay::Unfit> {
            match operation {
                #(#arms)*
                _ => Err(crate::clients::replay::Unfit::operation(operation)),
            }
        }
    })?)
}

/// The builder's setter for a parameter, as progenitor names it.
fn setter_name(wire: &str) -> String {
    heck::ToSnakeCase::to_snake_case(wire.replace(|c: char| !c.is_ascii_alphanumeric(), "-").as_str())
}

fn getter_name(data: &openapiv3::ParameterData) -> Result<&'static str, String> {
    use openapiv3::{ParameterSchemaOrContent, ReferenceOr, SchemaKind, Type};
    let kind = match &data.format {
        ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) => Some(&schema.schema_kind),
        _ => None,
    };
    match kind {
        Some(SchemaKind::Type(Type::String(_))) => Ok("text"),
        Some(SchemaKind::Type(Type::Integer(_))) => Ok("integer"),
        Some(SchemaKind::Type(Type::Array(_))) => Ok("list"),
        _ => Err(format!("parameter `{}`: clients/replay.rs has no getter for its type", data.name)),
    }
}
