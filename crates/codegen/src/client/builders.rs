//! The builders of calls and of bodies, shortened: what progenitor writes out in each of them is a function of the library, which is
//! read and compiled once.

use quote::{ToTokens, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, Stmt, Type, parse_quote};

/// Shortens the builders of a module. The error names the method that is not as progenitor writes it.
pub(super) fn shorten(items: &mut Vec<syn::Item>) -> Result<(), String> {
    let mut shorten = Shorten { owner: String::new(), refused: None };
    for item in items.iter_mut() {
        shorten.visit_item_mut(item);
    }
    let functions = parse_quote! {
        #[allow(unused_imports)]
        use crate::clients::{built, fitting, given};
    };
    items.insert(0, functions);
    shorten.refused.map_or(Ok(()), Err)
}

struct Shorten {
    owner: String,
    refused: Option<String>,
}

impl VisitMut for Shorten {
    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        self.owner = compact(&item.self_ty);
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        let done = match function.sig.ident.to_string().as_str() {
            "send" => send(function),
            _ if function.sig.generics.where_clause.is_some() => setter(function),
            _ => Some(()),
        };
        if done.is_none() {
            self.refused = Some(format!("`{}::{}` is not as it was expected", self.owner, function.sig.ident));
        }
    }
}

/// A setter says in its signature what it takes, and leaves the rest to a function of the library.
fn setter(function: &mut ImplItemFn) -> Option<()> {
    let clause = function.sig.generics.where_clause.take()?;
    let syn::WherePredicate::Type(first) = clause.predicates.first()? else { return None };
    let syn::TypeParamBound::Trait(bound) = first.bounds.first()? else { return None };
    let last = bound.path.segments.last()?.clone();
    let field = function.sig.ident.clone();
    let name = field.to_string();
    let syn::FnArg::Typed(argument) = function.sig.inputs.last_mut()? else { return None };
    if last.ident == "FnOnce" {
        // `body_map`: its block is short already.
        *argument.ty = parse_quote!(impl #bound);
    } else {
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        let syn::GenericArgument::Type(wanted) = arguments.args.first()? else { return None };
        let body = compact(&function.block);
        // The second bound is that of the error: it can be printed.
        let (given, wanted): (Expr, Type) = match clause.predicates.len() {
            1 => (parse_quote!(given(value, #name)), wanted.clone()),
            // `TryInto<Option<String>>` takes no `&str`; `TryInto<OptionalText>` does.
            2 if compact(wanted).ends_with("::Option<::std::string::String>") => (
                parse_quote!(fitting(value, #name).map(|text: crate::clients::OptionalText| text.0)),
                parse_quote!(crate::clients::OptionalText),
            ),
            2 if body.contains(".map(From::from)") => {
                (parse_quote!(fitting::<#wanted>(value, #name).map(::std::convert::From::from)), wanted.clone())
            }
            2 => (parse_quote!(fitting(value, #name)), wanted.clone()),
            _ => return None,
        };
        let given: Expr = if body.contains(".map(Some)") { parse_quote!(#given.map(Some)) } else { given };
        *argument.ty = match clause.predicates.len() {
            1 => parse_quote!(impl ::std::convert::TryInto<#wanted>),
            _ => parse_quote!(impl ::std::convert::TryInto<#wanted, Error: ::std::fmt::Display>),
        };
        function.block = parse_quote!({
            self.#field = #given;
            self
        });
    }
    function.sig.generics = syn::Generics::default();
    Some(())
}

/// `send` makes the request, and leaves to the library how it is sent and how its answer is read.
fn send(function: &mut ImplItemFn) -> Option<()> {
    let statements = std::mem::take(&mut function.block.stmts);
    let at = statements.iter().position(|statement| compact(statement).ends_with(".build()?;"))?;
    let (made, end) = statements.split_at(at);
    let (mut own, mut headers) = (Vec::new(), Vec::new());
    for statement in made {
        let text = compact(statement);
        match statement {
            // No provider here has asked for this header.
            _ if text.contains("Client::api_version()") => {}
            Stmt::Local(_) if text.contains("HeaderMap::with_capacity(") => headers.push(statement.clone()),
            Stmt::Expr(..) if text.contains(".append(") => headers.push(statement.clone()),
            Stmt::Local(local) if text.contains(".and_then(|v|") => own.push(body(local)?),
            Stmt::Local(_) => own.push(statement.clone()),
            _ => return None,
        }
    }
    // The first of them makes the map.
    let has_headers = headers.len() > 1;
    own.extend(headers.into_iter().filter(|_| has_headers));
    let [Stmt::Local(request), Stmt::Local(info), pre, .., Stmt::Expr(Expr::Match(arms), None)] = end else {
        return None;
    };
    // A parameter of that name has it called otherwise.
    let client = format_ident!("{}", compact(pre).split(".pre(").next()?);
    let chain = without_end(&request.init.as_ref()?.expr, has_headers)?;
    let Expr::Struct(info) = &*info.init.as_ref()?.expr else { return None };
    let method = &info.fields.first()?.expr;
    let (reader, statuses) = reader(arms)?;
    own.push(parse_quote!(let request = #chain;));
    let call = parse_quote!(#client.call(#method, request).#reader(|status| matches!(status, #statuses)).await);
    own.push(Stmt::Expr(call, None));
    function.block.stmts = own;
    Some(())
}

/// `let body: types::Body = built(body)?;`
fn body(local: &syn::Local) -> Option<Stmt> {
    struct Find(Option<syn::Path>);
    impl VisitMut for Find {
        fn visit_expr_path_mut(&mut self, node: &mut syn::ExprPath) {
            if node.path.segments.last().is_some_and(|last| last.ident == "try_from") {
                self.0 = Some(node.path.clone());
            }
        }
    }
    let mut find = Find(None);
    find.visit_local_mut(&mut local.clone());
    let mut kind = find.0?;
    kind.segments.pop();
    kind.segments.pop_punct();
    Some(parse_quote!(let body: #kind = built(body)?;))
}

/// The request without its end: `build`, headers that are none, and the media type that the library says it accepts.
fn without_end(expression: &Expr, has_headers: bool) -> Option<Expr> {
    let Expr::Try(tried) = expression else { return None };
    let Expr::MethodCall(build) = &*tried.expr else { return None };
    let mut chain = (*build.receiver).clone();
    if !has_headers {
        let Expr::MethodCall(headers) = chain else { return None };
        (headers.method == "headers").then_some(())?;
        chain = *headers.receiver;
    }
    Accept.visit_expr_mut(&mut chain);
    Some(chain)
}

/// Takes `.header(ACCEPT, ..)` out of a chain.
struct Accept;

impl VisitMut for Accept {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(call) = expression {
            if call.method == "header" && call.args.first().is_some_and(|name| compact(name).ends_with("::ACCEPT")) {
                *expression = (*call.receiver).clone();
                return self.visit_expr_mut(expression);
            }
            self.visit_expr_mut(&mut call.receiver);
        }
    }
}

/// How the library reads the successes, and their statuses.
fn reader(arms: &syn::ExprMatch) -> Option<(syn::Ident, syn::Pat)> {
    let is_success = |arm: &&syn::Arm| {
        let body = compact(&arm.body);
        !body.contains("Error::ErrorResponse(") && !body.contains("Error::UnexpectedResponse(")
    };
    let successes = arms.arms.iter().filter(is_success);
    let body = compact(&successes.clone().next()?.body);
    let readers = [("::from_response(", "json"), ("::stream(", "bytes"), ("::empty(", "nothing")];
    let (_, reader) = readers.into_iter().find(|(end, _)| body.contains(end))?;
    let statuses = successes.map(|arm| &arm.pat);
    Some((format_ident!("{reader}"), parse_quote!(#(#statuses)|*)))
}

/// The text of a node without spaces.
fn compact(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string().replace(' ', "")
}
