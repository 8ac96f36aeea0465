//! What is said of a client beside the client that was generated.

use super::client::{Client, Prefix, ident, members};
use super::spot::{declared, is_required};
use crate::contract::tree::{self, Keep};
use crate::embedded;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The generated code of a contract.
fn generated(contract: &str) -> &'static str {
    match contract {
        "api-particulier/v2" => include_str!(concat!(env!("OUT_DIR"), "/api_particulier_v2.rs")),
        _ => include_str!(concat!(env!("OUT_DIR"), "/api_particulier_v3.rs")),
    }
}

/// Every declaration `pub <what> <Name>`, with what stands between its braces: white space and paths left out.
fn declarations(code: &str, what: &str) -> BTreeMap<String, String> {
    let compact: String = code.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let mut found = BTreeMap::new();
    for rest in compact.split(what).skip(1) {
        let Some((head, body)) = rest.split_once('{') else { continue };
        found.insert(head.trim().to_owned(), body.split('}').next().unwrap_or_default().to_owned());
    }
    found
}

/// `::std::option::Option<crate::clients::Open<crate::..::types::Sexe>>` is `Option<Open<Sexe>>`.
fn plain_type(text: &str) -> String {
    let mut plain = String::new();
    for part in text.split_inclusive(['<', '>', ',']) {
        plain.push_str(part.rsplit("::").next().unwrap_or(part).trim());
    }
    plain.replace(",>", ">").replace(',', ", ")
}

/// Public fields and their types, but the one for what no contract lists.
fn fields(body: &str) -> BTreeMap<String, String> {
    let declared = body.split("pub ").skip(1).filter_map(|field| field.split_once(": "));
    let field = |(name, rest): (&str, &str)| {
        let text = rest.split("#[").next().unwrap_or(rest).trim().trim_end_matches(',');
        (name.to_owned(), plain_type(text))
    };
    declared.map(field).filter(|(name, _)| name != "extra").collect()
}

fn clients() -> impl Iterator<Item = (Client, &'static str)> {
    let contracts = embedded::contracts("api-particulier").into_iter();
    contracts.map(|contract| {
        let client = Client::of(&contract.document).expect("a client was generated from it");
        (client, generated(&contract.name))
    })
}

#[test]
fn every_type_and_every_field_is_declared_as_it_is_said_to_be() {
    let mut count = 0;
    for (client, code) in clients() {
        let (structs, enums) = (declarations(code, "pub struct "), declarations(code, "pub enum "));
        for name in &client.lowered.types {
            if client.lowered.enums.contains(name) {
                assert!(enums.contains_key(name), "enum {name}");
                continue;
            }
            let object = client.component(name);
            let said = members(&object["properties"])
                .map(|(field, node)| (ident(field, Prefix::X), declared(&client, node, is_required(object, field))));
            let said: BTreeMap<String, String> = said.collect();
            assert_eq!(structs.get(name).map(|body| fields(body)), Some(said.clone()), "struct {name}");
            count += said.len();
        }
    }
    assert!(count > 300, "{count} fields");
}

#[test]
fn every_method_setter_and_answer_type_is_the_generated_one() {
    for (client, code) in clients() {
        let compact: String = code.split_whitespace().collect();
        assert_eq!(client.calls.len(), code.matches("pub async fn send(").count());
        for call in client.calls.values() {
            assert!(compact.contains(&format!("pubfn{}(&self", call.name)), "{}", call.name);
            let sender = compact.split(&format!("operation_id:\"{}\"", call.name)).next().unwrap_or_default();
            let builder = sender.rsplit("pubstruct").next().unwrap_or_default();
            for parameter in client.lowered(call)["parameters"].as_array().into_iter().flatten() {
                let setter = ident(parameter["name"].as_str().unwrap_or_default(), Prefix::Underscore);
                assert!(builder.contains(&format!("pubfn{setter}<V>(mutself,value:V)")), "{}: {setter}", call.name);
            }
            let body = |status: &str, none: &str| {
                client.body(call, status).map_or(none.to_owned(), |body: &Value| declared(&client, body, true))
            };
            let said = format!("Result<ResponseValue<{}>, Error<{}>>", body("200", "()"), body("404", "()"));
            let returned = builder.split("pubasyncfnsend(self,)->").nth(1).and_then(|rest| rest.split('{').next());
            assert_eq!(returned.map(plain_type), Some(said), "{}", call.name);
        }
    }
}

#[test]
fn raw_documents_of_the_provider_s_whole_history_have_clients() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM") else {
        eprintln!("left out: VIGIE_UPSTREAM is not set");
        return;
    };
    let folder = std::path::Path::new(&upstream).join("api-particulier");
    let mut seen = BTreeSet::new();
    for folder in [folder.join("history"), folder] {
        for entry in std::fs::read_dir(folder).expect("a folder of documents") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            let document = tree::parse(&text, Keep::Facts).expect("a tree").value;
            let client = Client::of(&document).unwrap_or_else(|| panic!("{}: no client", path.display()));
            assert_eq!(client.calls.len(), client.lowered.operations.len(), "{}", path.display());
            seen.insert(path);
        }
    }
    assert_eq!(seen.len(), 29);
}
