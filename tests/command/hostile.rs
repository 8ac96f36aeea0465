//! A host that says back whatever it knows, in every place of every answer: no report, no file and no output repeats it.

use crate::needles::Needles;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use vigie_contract::model::{Contract, Operation};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_judge::Judge;

const TOKEN: &str = "s3cret-token-of-a-town";
/// People who are nobody: names, an address of mail, a NIR, a phone, an IBAN, a date, a street.
const PEOPLE: [&str; 10] = [
    "Zorglubinska",
    "ZORGLUBINSKA",
    "Brünhilde",
    "zorglubinska_brunhilde",
    "zorglubinska@courriel.example",
    "287031488160842",
    "06 39 98 41 27",
    "FR7630006000011234567890189",
    "1987-03-14",
    "17 ALLEE DES TOURTEREAUX",
];
/// How answers differ from each other.
const WAYS: usize = 9;

fn needles() -> Needles {
    let mut needles = Needles::of_people(&PEOPLE);
    needles.add_secrets(&[TOKEN]);
    needles
}

/// The n-th thing that may not be repeated, in one of its spellings.
fn secret(n: usize) -> String {
    let all: Vec<&str> = PEOPLE.into_iter().chain([TOKEN]).collect();
    let text = all[n % all.len()];
    match n / all.len() % 7 {
        0 => text.to_owned(),
        1 => text.to_lowercase(),
        2 => text.to_uppercase(),
        3 => text.replace([' ', '-', '@', '.'], "_"),
        4 => percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string(),
        5 => form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        _ => {
            use base64::Engine;
            base64::engine::general_purpose::STANDARD_NO_PAD.encode(text)
        }
    }
}

/// An answer that has what the contract lists, and more: secrets for values, and for keys of every object.
fn poisoned(schema: &Value, n: &mut usize, depth: usize) -> Value {
    *n += 1;
    let inner = schema["properties"].as_object();
    if depth < 12 && (inner.is_some() || schema["type"] == "object") {
        let mut members = Map::new();
        for (key, schema) in inner.into_iter().flatten() {
            // Some are left out, so that something is missing.
            if !n.is_multiple_of(5) {
                members.insert(key.clone(), poisoned(schema, n, depth + 1));
            }
            *n += 1;
        }
        for _ in 0..3 {
            *n += 1;
            let value = [json!(secret(*n + 3)), json!(287_031_488_160_842_u64), json!({ secret(*n + 5): 1 })];
            members.insert(secret(*n), value[*n % 3].clone());
        }
        return members.into();
    }
    match schema["type"].as_str() {
        Some("array") if depth < 12 => json!([poisoned(&schema["items"], n, depth + 1), secret(*n)]),
        Some("integer" | "number") if n.is_multiple_of(2) => json!(287_031_488_160_842_u64),
        _ => json!(secret(*n)),
    }
}

/// An error with secrets for its code, its message and whatever else it has.
fn error(n: usize) -> Value {
    json!({
        "error": secret(n), "error_code": secret(n + 1), "errorCode": secret(n + 2), "message": secret(n + 3),
        "errors": [{"code": secret(n), "title": secret(n + 1), "detail": secret(n + 2), "message": secret(n + 3),
            "extensions": {"code": secret(n + 4), secret(n + 5): secret(n + 6)}, "path": [secret(n + 7)],
            "source": {"parameter": secret(n + 8)}, "meta": {secret(n + 9): secret(n + 10)}}],
        "data": null, secret(n + 11): secret(n + 12),
    })
}

/// What the host answers to an operation, in one of several ways.
fn answer(schema: &Value, way: usize, n: usize) -> String {
    let mut count = n;
    let body = poisoned(schema, &mut count, 0);
    let name = secret(n).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let (own, cookie) = (secret(n + 1).replace('ü', "u"), format!("{name}={TOKEN}; Path=/{TOKEN}"));
    let strange = format!("application/{name}; charset={TOKEN}");
    let location = format!("https://{TOKEN}.invalid/{name}?token={TOKEN}");
    let (status, media_type, body) = match way {
        0..=2 => ("200", "application/json", body.to_string()),
        3 => ("200", "application/json", error(n).to_string()),
        4 => (["404", "422", "403", "401"][n % 4], "application/json", error(n).to_string()),
        5 => ("200", strange.as_str(), body.to_string()),
        6 => ("418", "text/plain", secret(n)),
        7 => ("200", "application/json", format!("{{\"{}\": {}, \"{}\"", secret(n), secret(n + 1), secret(n + 2))),
        _ => ("302", "text/plain", secret(n)),
    };
    let headers = [
        ("Content-Type", media_type),
        (name.as_str(), own.as_str()),
        ("Set-Cookie", &cookie),
        ("Location", &location),
        ("Retry-After", "0639984127"),
        ("RateLimit-Limit", "287031488160842"),
        ("RateLimit-Remaining", "0639984127"),
        ("RateLimit-Reset", "287031488160842"),
        ("Server", TOKEN),
        ("WWW-Authenticate", TOKEN),
        ("Warning", &own),
    ];
    support::host::http(&format!("{status} {TOKEN} {name}"), headers, &body)
}

/// Which operation a request is of: by its path, or by the name of its query.
fn operation<'a>(contracts: &'a [Judge], first: &str, body: &[u8]) -> Option<(&'a Judge, &'a Operation)> {
    let mut parts = first.split([' ', '?']);
    let (method, path) = (parts.next()?, parts.next()?);
    let query: Value = serde_json::from_slice(body).unwrap_or_default();
    let is_meant = |contract: &Contract, operation: &Operation| match query["operationName"].as_str() {
        Some(name) => operation.id == name,
        None => operation.method == method && contract.fit(operation, path).is_some(),
    };
    contracts.iter().find_map(|judge| {
        let own = judge.contract.operations.iter().find(|operation| is_meant(&judge.contract, operation));
        own.map(|operation| (judge, operation))
    })
}

/// A host that plays a provider, badly. Each operation is answered in another way in each round.
fn hostile(name: &str, round: usize) -> String {
    let contracts = provider(name).expect("it is known").contracts();
    let judges: Vec<Judge> = contracts.into_iter().map(Judge::new).collect();
    support::host::start_reading(move |first, body| {
        let found = operation(&judges, first, body);
        let seed = found.map_or(first.len(), |(_, operation)| operation.id.bytes().map(usize::from).sum());
        let way = (seed + round) % WAYS;
        let schema = found.map_or(&Value::Null, |(judge, operation)| judge.schema(operation, 200));
        answer(schema, way, seed * 7 + round)
    })
}

/// Runs the program, and keeps what it prints as a file beside the others.
fn vigie(folder: &Path, arguments: &[&str], name: &str) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder);
    for variable in ["VIGIE_API_PARTICULIER_TOKEN", "VIGIE_MOBILIC_TOKEN", "VIGIE_KAIZALA_TOKEN"] {
        command.env(variable, TOKEN);
    }
    let output = command.env("VIGIE_RECORD_KEY", "0123456789abcdef0123456789abcdef").output().expect("vigie runs");
    let printed = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&printed).into_owned();
    std::fs::write(folder.join(format!("printed-{name}.txt")), printed).expect("it is written");
    assert!(matches!(output.status.code(), Some(0..=3)), "{name}: {:?}: {text}", output.status);
    output.status.code()
}

/// A case of each operation that a check sends to a real host.
fn corpus(provider: &str, folder: &Path) {
    let own = support::root().join("tests/scenarios").join(provider);
    let contracts = vigie_harness::providers::provider(provider).expect("it is known").contracts();
    for operation in contracts.iter().flat_map(|contract| &contract.operations) {
        let writes = operation.graphql.as_ref().map_or(operation.method != "GET", |graphql| graphql.writes);
        if operation.callback || writes {
            continue;
        }
        let target = folder.join(&operation.id);
        std::fs::create_dir_all(&target).expect("it is made");
        let entries = std::fs::read_dir(own.join(&operation.id)).into_iter().flatten().flatten();
        let mut cases: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        cases.sort();
        if let Some(case) = cases.first().filter(|_| provider == "api-particulier") {
            std::fs::copy(case, target.join("200-own.yml")).expect("it is copied");
        } else {
            let case = json!({"params": made_up(operation), "status": 200}).to_string();
            std::fs::write(target.join("200-made-up.yml"), case).expect("it is written");
        }
    }
}

/// Parameters that nobody has, or variables.
fn made_up(operation: &Operation) -> Value {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.required);
    let parameters = parameters.map(|parameter| (parameter.internal_name(), &parameter.schema));
    let variables = operation.graphql.iter().flat_map(|graphql| &graphql.variables);
    let variables = variables.filter(|(_, variable)| variable.required);
    let variables = variables.map(|(name, variable)| (name.as_str(), &variable.schema));
    let value = |(name, schema): (&str, &Value)| {
        let value = match schema["type"].as_str() {
            Some("integer" | "number") => json!(7),
            Some("boolean") => json!(true),
            Some("array") => json!([7]),
            Some("string") | None => json!("x"),
            Some(_) => json!({}),
        };
        (name.to_owned(), value)
    };
    parameters.chain(variables).map(value).collect::<Map<_, _>>().into()
}

fn check(provider: &str, round: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, cases) = (folder.path(), tempfile::tempdir().expect("a temporary folder"));
    let url = hostile(provider, round);
    let target = ["--provider", provider, "--target", &url];
    let snapshots = support::root().join("snapshots");
    let mut arguments = vec!["check", "--format", "human", "--snapshots", snapshots.to_str().expect("UTF-8")];
    arguments.extend([
        "--report",
        "json=a.json",
        "--report",
        "junit=a.xml",
        "--report",
        "summary=a.md",
        "--budget",
        "15s",
    ]);
    arguments.extend(target);
    let corpus_path = cases.path().to_str().expect("UTF-8").to_owned();
    corpus(provider, cases.path());
    arguments.extend(["--corpus", &corpus_path]);
    let code = vigie(path, &arguments, "check");
    assert!(matches!(code, Some(1 | 3)), "{code:?}");
    let report: Value =
        serde_json::from_slice(&std::fs::read(path.join("a.json")).expect("it is there")).expect("JSON");
    let judged = report["cases"].as_array().expect("cases").iter().filter(|case| case["status"].is_number()).count();
    let least = match provider {
        "api-particulier" => 30,
        "mobilic" => 15,
        _ => 8,
    };
    assert!(judged > least, "{provider}: {judged}");
    let merged = ["--report", "json=m.json", "--report", "junit=m.xml", "--report", "summary=m.md"];
    vigie(path, &[&["merge", "a.json"][..], &merged].concat(), "merge");
    vigie(path, &["merge", "a.json", "--format", "junit"], "merge-junit");
    let format = if round == 0 { "human" } else { "json" };
    vigie(path, &[&["doctor", "--format", format][..], &target].concat(), "doctor");
    if provider == "api-particulier" {
        let record = [&["record", "--out", "recorded", "--corpus", &corpus_path][..], &target].concat();
        vigie(path, &record, "record");
    }
    needles().assert_absent(path);
    // Something was found, and told by its format.
    let told = std::fs::read_to_string(path.join("a.json")).expect("it is there");
    if round == 0 && provider == "api-particulier" {
        assert!(told.contains("body-invalid") && told.contains(" more properties: "), "{told}");
    }
}

/// A trial for each, so that they run side by side: most of the time is that between two requests.
macro_rules! trials {
    ($($trial:ident: $provider:literal, $round:literal;)*) => {
        $(
            #[test]
            fn $trial() {
                check($provider, $round);
            }
        )*
    };
}

trials! {
    api_particulier_first: "api-particulier", 0;
    api_particulier_second: "api-particulier", 4;
    mobilic_first: "mobilic", 0;
    mobilic_second: "mobilic", 4;
    kaizala_first: "kaizala", 0;
    kaizala_second: "kaizala", 4;
}

/// Whatever says no to everything is not asked again, and what it says of the time is not repeated where it is no time.
#[test]
fn a_wait_that_is_somebodys_number() {
    let url =
        support::host::start(|_| support::host::http(&format!("429 {TOKEN}"), [("Retry-After", "0639984127")], TOKEN));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = ["--target", &url, "--report", "json=a.json", "--case", "200-*"];
    assert_eq!(vigie(folder.path(), &[&["check"][..], &target].concat(), "check"), Some(3));
    vigie(folder.path(), &["doctor", "--target", &url], "doctor");
    needles().assert_absent(folder.path());
}

/// An introspection with secrets for names and values.
#[test]
fn a_schema_that_says_what_it_knows() {
    let object = |name: &str| json!({"kind": "OBJECT", "name": name, "fields": [{"name": secret(3), "args": [], "type": {"kind": "SCALAR", "name": "Int"}}]});
    for types in [
        json!([object("Query"), object(PEOPLE[0])]),
        json!([{"kind": TOKEN, "name": PEOPLE[4]}]),
        json!([{"kind": "OBJECT", "name": PEOPLE[0], "fields": PEOPLE[1]}]),
        json!([object("Query"), {"kind": "ENUM", "name": PEOPLE[6], "enumValues": [{"name": TOKEN}]}]),
    ] {
        let schema = json!({"data": {"__schema": {"queryType": {"name": "Query"}, "types": types}}}).to_string();
        let url = support::host::start(move |_| {
            support::host::http("200 OK", [("Content-Type", "application/json")], &schema)
        });
        let folder = tempfile::tempdir().expect("a temporary folder");
        let arguments = ["check", "--provider", "mobilic", "--target", &url, "--report", "json=a.json"];
        vigie(folder.path(), &arguments, "check");
        needles().assert_absent(folder.path());
    }
}

#[test]
fn every_closed_object_of_an_answer_tells_its_keys_by_their_format() {
    let plan = Plan::new(provider("api-particulier").expect("it is known"), None).expect("it is good");
    let is_closed = |judge: &Judge, operation: &Operation| {
        judge.schema(operation, 200).to_string().contains("\"additionalProperties\":false")
    };
    let judges: Vec<Judge> = plan.contracts.into_iter().map(Judge::new).collect();
    let closed =
        judges.iter().flat_map(|judge| judge.contract.operations.iter().filter(move |own| is_closed(judge, own)));
    assert!(closed.count() > 5, "the trials above meet closed objects");
}
