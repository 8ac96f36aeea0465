//! What the generated code must be that progenitor does not make of it.

use quote::{ToTokens, format_ident};
use std::collections::BTreeSet;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

/// Changes a generated file:
/// - an integer may be written with a point, as JSON Schema has it, and any JSON keeps its null;
/// - a key that may be null may also be absent, and every object keeps the properties that the contract does not list, in `extra`, or in
///   `extra_` beside a property of that name;
/// - the builders of response types go: they are three quarters of the code, and nobody builds an answer;
/// - response types may grow: a property or an enum value that a provider adds is a minor version of a client, not a major
///   one. So nobody can write one down whole or match it to its end, and `Default` goes, which would come and go with the
///   first key that may be null;
/// - types of requests may grow as well, and keep their builders; an optional text of theirs is set with a `&str` too;
/// - `send` returns our error, which prints no body;
/// - an answer that is no JSON comes as bytes: the Tap has read them already;
/// - the constructor that would set up TLS without a provider goes.
pub(super) fn polish(file: &mut syn::File, requests: &BTreeSet<String>) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            items.retain_mut(|item| keep(item, requests));
            for item in items {
                if is_of(item, requests) {
                    may_grow(item);
                } else {
                    polish_type(item);
                }
            }
        }
    }
    Polish.visit_file_mut(file);
}

/// Drops `mod builder`, `fn builder()` and the defaults, but those of types that a caller builds.
fn keep(item: &mut Item, requests: &BTreeSet<String>) -> bool {
    if let Item::Mod(module) = item
        && module.ident == "builder"
    {
        let Some((_, items)) = &mut module.content else { return false };
        items.retain(|item| is_of(item, requests));
        for item in items.iter_mut() {
            OptionalText.visit_item_mut(item);
        }
        return !items.is_empty();
    }
    is_of(item, requests) || !is_builder(item)
}

/// Whether an item declares, or implements something for, one of these types.
fn is_of(item: &Item, types: &BTreeSet<String>) -> bool {
    match item {
        Item::Struct(syn::ItemStruct { ident, .. }) => types.contains(&ident.to_string()),
        Item::Impl(implementation) => match &*implementation.self_ty {
            syn::Type::Path(own) => {
                own.path.segments.last().is_some_and(|last| types.contains(&last.ident.to_string()))
            }
            _ => false,
        },
        _ => false,
    }
}

/// `fn builder()` and the defaults of a response type.
fn is_builder(item: &Item) -> bool {
    match item {
        Item::Impl(implementation) => match &implementation.trait_ {
            Some((_, path, _)) => path.segments.last().is_some_and(|segment| segment.ident == "Default"),
            None => {
                matches!(&implementation.items[..], [syn::ImplItem::Fn(function)] if function.sig.ident == "builder")
            }
        },
        _ => false,
    }
}

/// `TryInto<Option<String>>` takes no `&str`; `TryInto<OptionalText>` does.
struct OptionalText;

impl VisitMut for OptionalText {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        let is_text = |bound: &syn::WherePredicate| {
            let bound = bound.to_token_stream().to_string().replace(' ', "");
            bound.ends_with("TryInto<::std::option::Option<::std::string::String>>,")
                || bound.ends_with("TryInto<::std::option::Option<::std::string::String>>")
        };
        let Some(clause) = &mut function.sig.generics.where_clause else { return };
        let Some(bound) = clause.predicates.iter_mut().find(|bound| is_text(bound)) else { return };
        *bound = parse_quote!(T: ::std::convert::TryInto<crate::clients::OptionalText>);
        let field = &function.sig.ident;
        let message = format!("error converting supplied value for {field}");
        function.block = parse_quote!({
            self.#field = value
                .try_into()
                .map(|text| text.0)
                .map_err(|error| format!("{}: {error}", #message));
            self
        });
    }
}

/// What is added to a type that may grow is a minor version.
fn may_grow(item: &mut Item) {
    if let Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. }) = item {
        attrs.push(parse_quote!(#[non_exhaustive]));
    }
}

fn polish_type(item: &mut Item) {
    may_grow(item);
    let (Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. })) = item else { return };
    attrs.iter_mut().for_each(derive_no_default);
    let Item::Struct(structure) = item else { return };
    let syn::Fields::Named(fields) = &mut structure.fields else { return };
    for field in &mut fields.named {
        field.attrs.iter_mut().for_each(may_be_absent);
        field.attrs.extend(reader(field));
    }
    let is_taken = fields.named.iter().any(|field| field.ident.as_ref().is_some_and(|name| name == "extra"));
    let name = format_ident!("{}", if is_taken { "extra_" } else { "extra" });
    let extra: syn::Field = parse_quote!(
        /// Properties that the contract does not list.
        #[serde(flatten, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub #name: ::serde_json::Map<::std::string::String, ::serde_json::Value>
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

/// How a field is read that serde would read with a loss, or would refuse: an integer may be written `1.0`, and of any JSON
/// that may be absent a null is not the same as nothing.
fn reader(field: &syn::Field) -> Option<syn::Attribute> {
    let said: String = field.attrs.iter().map(|attribute| attribute.to_token_stream().to_string()).collect();
    let kind = field.ty.to_token_stream().to_string().replace(' ', "");
    let is_optional = kind.starts_with("::std::option::Option<");
    let is_any = kind == "::std::option::Option<::serde_json::Value>" && said.contains("skip_serializing_if");
    let reader = match kind.trim_end_matches('>').rsplit('<').next() {
        _ if is_any => "crate::clients::read::present",
        Some("i64") => "crate::clients::read::integers",
        _ => return None,
    };
    Some(if is_optional && !said.contains("default") {
        parse_quote!(#[serde(default, deserialize_with = #reader)])
    } else {
        parse_quote!(#[serde(deserialize_with = #reader)])
    })
}

struct Polish;

impl VisitMut for Polish {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        if let syn::Expr::Call(call) = expression
            && matches!(&*call.func, syn::Expr::Path(function) if is_stream(&function.path))
        {
            let response = &call.args;
            *expression = parse_quote!(crate::clients::whole(#response).await?);
        }
        visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_type_mut(&mut self, kind: &mut syn::Type) {
        if matches!(kind, syn::Type::Path(path) if path.path.is_ident("ByteStream")) {
            *kind = parse_quote!(crate::clients::Bytes);
        }
        visit_mut::visit_type_mut(self, kind);
    }

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

/// `ResponseValue::stream`
fn is_stream(path: &syn::Path) -> bool {
    let mut last = path.segments.iter().rev();
    last.next().is_some_and(|last| last.ident == "stream")
        && last.next().is_some_and(|owner| owner.ident == "ResponseValue")
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
