//! What the generated code must be that progenitor does not make of it.

use super::builders;
use quote::{ToTokens, format_ident};
use std::collections::BTreeSet;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

/// Changes a generated file:
/// - an integer may be written with a point, as JSON Schema has it, and any JSON keeps its null;
/// - a key that may be null may also be absent, and every object keeps the properties that the contract does not list, in `extra`, or in
///   `extra_` beside a property of that name;
/// - what builds a response type goes, from the builders of structs to `FromStr` of enums: nobody builds an answer;
/// - response types may grow: a property or an enum value that a provider adds is a minor version of a client, not a major
///   one. So nobody can write one down whole or match it to its end, and `Default` goes, which would come and go with the
///   first key that may be null;
/// - types of requests may grow as well, and keep their builders; an optional text of theirs is set with a `&str` too;
/// - builders leave to the library what all of them do (`builders`);
/// - errors are our own, which print no body, and an answer that is no JSON comes as bytes: the Tap has read them already;
/// - the hooks of progenitor's own calls go, and the constructor that would set up TLS without a provider.
///
/// The error says what is not as progenitor writes it.
pub(super) fn polish(file: &mut syn::File, requests: &BTreeSet<String>) -> Result<(), String> {
    file.items.retain(|item| !is_hook(item) && !matches!(item, Item::Use(_)));
    let imports: syn::File = parse_quote! {
        #[allow(unused_imports)]
        pub use crate::clients::{Error, ResponseValue};
        #[allow(unused_imports)]
        use progenitor_client::{QueryParam, RequestBuilderExt, encode_path};
    };
    file.items.splice(0..0, imports.items);
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some((_, items)) = &mut module.content else { continue };
        if module.ident == "types" {
            items.retain_mut(|item| keep(item, requests));
            for item in items.iter_mut() {
                without_name(item);
                if is_of(item, requests) {
                    may_grow(item);
                } else {
                    polish_type(item);
                }
                if let Item::Mod(builders) = item
                    && let Some((_, items)) = &mut builders.content
                    && builders.ident == "builder"
                {
                    builders::shorten(items)?;
                }
            }
        } else if module.ident == "builder" {
            items.retain(|item| !matches!(item, Item::Use(_)));
            builders::shorten(items)?;
            let imports: syn::File = parse_quote! {
                use super::types;
                #[allow(unused_imports)]
                use super::{Error, QueryParam, RequestBuilderExt, ResponseValue, encode_path};
            };
            items.splice(0..0, imports.items);
        }
    }
    let mut declared = Declared::default();
    declared.visit_file_mut(file);
    let prelude = PRELUDE.into_iter().filter(|name| !declared.0.contains(*name)).collect();
    Polish { prelude }.visit_file_mut(file);
    Ok(())
}

/// The names of all types of a file, in any module.
#[derive(Default)]
struct Declared(BTreeSet<String>);

impl VisitMut for Declared {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.0.insert(item.ident.to_string());
    }
}

/// What progenitor's own calls need of a client.
fn is_hook(item: &Item) -> bool {
    let Item::Impl(syn::ItemImpl { trait_: Some((_, path, _)), .. }) = item else { return false };
    path.segments.last().is_some_and(|last| last.ident == "ClientHooks" || last.ident == "ClientInfo")
}

/// Drops what builds a type, but that of types that a caller builds.
fn keep(item: &mut Item, requests: &BTreeSet<String>) -> bool {
    if let Item::Mod(module) = item
        && module.ident == "builder"
    {
        let Some((_, items)) = &mut module.content else { return false };
        items.retain(|item| is_of(item, requests));
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

/// `fn builder()`, the defaults, and what reads a response type from a text.
fn is_builder(item: &Item) -> bool {
    const BUILDING: [&str; 3] = ["Default", "FromStr", "TryFrom"];
    match item {
        Item::Impl(implementation) => match &implementation.trait_ {
            Some((_, path, _)) => {
                path.segments.last().is_some_and(|last| BUILDING.iter().any(|name| last.ident == name))
            }
            None => {
                matches!(&implementation.items[..], [syn::ImplItem::Fn(function)] if function.sig.ident == "builder")
            }
        },
        _ => false,
    }
}

/// Drops the line of a type's docs that says its name.
fn without_name(item: &mut Item) {
    let (Item::Struct(syn::ItemStruct { attrs, ident, .. }) | Item::Enum(syn::ItemEnum { attrs, ident, .. })) = item
    else {
        return;
    };
    let name: syn::Attribute = {
        let name = format!("`{ident}`");
        parse_quote!(#[doc = #name])
    };
    attrs.retain(|attribute| *attribute != name);
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
        read_by(field);
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
    let parsed = attribute.parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
    if attribute.path().is_ident("derive")
        && let Ok(traits) = parsed
    {
        let kept = traits.iter().filter(|one| !one.is_ident("Default"));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// `deserialize_with = "Option::deserialize"` makes a key that may be null one that must be there.
fn may_be_absent(attribute: &mut syn::Attribute) {
    let Some(arguments) = metas(attribute) else { return };
    let (strict, mut kept): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument.path().is_ident("deserialize_with"));
    if !strict.is_empty() {
        kept.push(parse_quote!(default));
        *attribute = parse_quote!(#[serde(#(#kept),*)]);
    }
}

/// Reads a field otherwise that serde would read with a loss, or would refuse: an integer may be written `1.0`, and of any JSON that
/// may be absent a null is not the same as nothing.
fn read_by(field: &mut syn::Field) {
    let said: String = field.attrs.iter().map(|attribute| attribute.to_token_stream().to_string()).collect();
    let kind = field.ty.to_token_stream().to_string().replace(' ', "");
    let is_optional = kind.starts_with("::std::option::Option<");
    let is_any = kind == "::std::option::Option<::serde_json::Value>" && said.contains("skip_serializing_if");
    let reader = match kind.trim_end_matches('>').rsplit('<').next() {
        _ if is_any => "crate::clients::read::present",
        Some("i64") => "crate::clients::read::integers",
        _ => return,
    };
    let default: Option<syn::Meta> = (is_optional && !said.contains("default")).then(|| parse_quote!(default));
    let stated = field.attrs.iter_mut().find(|attribute| attribute.path().is_ident("serde"));
    let mut arguments = stated.as_ref().and_then(|attribute| metas(attribute)).unwrap_or_default();
    arguments.extend(default);
    arguments.push(parse_quote!(deserialize_with = #reader));
    let attribute: syn::Attribute = parse_quote!(#[serde(#arguments)]);
    match stated {
        Some(stated) => *stated = attribute,
        None => field.attrs.push(attribute),
    }
}

/// The arguments of an attribute.
fn metas(attribute: &syn::Attribute) -> Option<Punctuated<syn::Meta, syn::Token![,]>> {
    attribute.parse_args_with(Punctuated::parse_terminated).ok()
}

/// What Rust knows without a path.
const PRELUDE: [&str; 9] = ["Default", "FnOnce", "From", "Option", "Result", "String", "TryFrom", "TryInto", "Vec"];

/// What stands everywhere in the code.
struct Polish {
    /// Names of the prelude that no type of the client has: they need no path.
    prelude: BTreeSet<&'static str>,
}

impl VisitMut for Polish {
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        // An example that names each setter once more, and that nobody runs.
        if let syn::Meta::NameValue(syn::MetaNameValue { path, value, .. }) = &mut attribute.meta
            && path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = value
            && let Some((said, _)) = text.value().split_once("```ignore")
        {
            *text = syn::LitStr::new(said.trim_end(), text.span());
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["Error", "InvalidRequest"] => *path = parse_quote!(Error::Request),
            ["progenitor_client", "QueryParam", "new"] => *path = parse_quote!(QueryParam::new),
            ["ByteStream"] => *path = parse_quote!(crate::clients::Bytes),
            ["std", "convert" | "default" | "ops" | "option" | "result" | "string" | "vec", name]
                if self.prelude.contains(name) =>
            {
                let last = path.segments.last().cloned();
                *path = syn::Path { leading_colon: None, segments: last.into_iter().collect() };
            }
            _ => {}
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(|item| !matches!(item, syn::ImplItem::Fn(function) if function.sig.ident == "new" && is_client_new(function)));
        visit_mut::visit_item_impl_mut(self, item);
    }
}

fn is_client_new(function: &syn::ImplItemFn) -> bool {
    matches!(function.sig.inputs.first(), Some(syn::FnArg::Typed(argument)) if matches!(&*argument.pat, syn::Pat::Ident(name) if name.ident == "baseurl"))
}
