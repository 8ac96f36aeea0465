//! What the generated code must be that progenitor does not make of it.

use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

/// Changes a generated file:
/// - a key that may be null may also be absent, and every object keeps the properties that the contract does not list;
/// - the builders of response types go: they are three quarters of the code, and nobody builds an answer;
/// - response types may grow: a property or an enum value that a provider adds is a minor version of a client, not a major
///   one. So nobody can write one down whole or match it to its end, and `Default` goes, which would come and go with the
///   first key that may be null;
/// - `send` returns our error, which prints no body;
/// - the constructor that would set up TLS without a provider goes.
pub(super) fn polish(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            items.retain(|item| !is_builder(item));
            items.iter_mut().for_each(polish_type);
        }
    }
    Polish.visit_file_mut(file);
}

/// `mod builder`, `fn builder()` and the defaults of a response type.
fn is_builder(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident == "builder",
        Item::Impl(implementation) => match &implementation.trait_ {
            Some((_, path, _)) => path.segments.last().is_some_and(|segment| segment.ident == "Default"),
            None => {
                matches!(&implementation.items[..], [syn::ImplItem::Fn(function)] if function.sig.ident == "builder")
            }
        },
        _ => false,
    }
}

fn polish_type(item: &mut Item) {
    let (Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. })) = item else { return };
    attrs.iter_mut().for_each(derive_no_default);
    attrs.push(parse_quote!(#[non_exhaustive]));
    let Item::Struct(structure) = item else { return };
    let syn::Fields::Named(fields) = &mut structure.fields else { return };
    for field in &mut fields.named {
        field.attrs.iter_mut().for_each(may_be_absent);
    }
    let extra: syn::Field = parse_quote!(
        /// Properties that the contract does not list.
        #[serde(flatten, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>
    );
    fields.named.push(extra);
}

fn derive_no_default(attribute: &mut syn::Attribute) {
    let parsed = attribute.parse_args_with(syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
    if attribute.path().is_ident("derive")
        && let Ok(traits) = parsed
    {
        let kept = traits.iter().filter(|one| !one.is_ident("Default"));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// `deserialize_with = "Option::deserialize"` makes a key that may be null one that must be there.
fn may_be_absent(attribute: &mut syn::Attribute) {
    let parsed = attribute.parse_args_with(syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated);
    let Ok(arguments) = parsed else { return };
    let (strict, mut kept): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument.path().is_ident("deserialize_with"));
    if !strict.is_empty() {
        kept.push(parse_quote!(default));
        *attribute = parse_quote!(#[serde(#(#kept),*)]);
    }
}

struct Polish;

impl VisitMut for Polish {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if function.sig.ident == "send" {
            let body = &function.block;
            let returns = function.sig.output.clone();
            let syn::ReturnType::Type(_, plain) = &returns else { return };
            function.block = parse_quote!({
                let result: #plain = async move #body.await;
                result.map_err(Into::into)
            });
            ErrorPath.visit_return_type_mut(&mut function.sig.output);
        }
        visit_mut::visit_impl_item_fn_mut(self, function);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(|item| !matches!(item, syn::ImplItem::Fn(function) if function.sig.ident == "new" && is_client_new(function)));
        visit_mut::visit_item_impl_mut(self, item);
    }
}

fn is_client_new(function: &syn::ImplItemFn) -> bool {
    matches!(function.sig.inputs.first(), Some(syn::FnArg::Typed(argument)) if matches!(&*argument.pat, syn::Pat::Ident(name) if name.ident == "baseurl"))
}

struct ErrorPath;

impl VisitMut for ErrorPath {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.segments.len() == 1 && path.segments[0].ident == "Error" {
            let arguments = path.segments[0].arguments.clone();
            *path = parse_quote!(crate::clients::Error);
            if let Some(last) = path.segments.last_mut() {
                last.arguments = arguments;
            }
        }
        visit_mut::visit_path_mut(self, path);
    }
}
