//! Recorded exchanges of the providers that are nothing like the first, one trial a file: the judge says of a request and
//! an answer what the record says of them. It needs the records, so it is left out where `VIGIE_UPSTREAM` is not set.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use vigie_contract::graphql::expand::endpoints;
use vigie_contract::model::Contract;
use vigie_contract::tree::{Keep, parse};
use vigie_drift::deviation::Deviation;
use vigie_drift::finding::Class;
use vigie_judge::{Judge, Queries, Reading};
use vigie_scenario::recorded::read_file;

/// The kind of a record that somebody made from the source of a client: of the answer it has what that client reads.
const OF_A_CLIENT: &str = "client-request";

/// Calls that third parties may not make: methods that GraphQL does not have, and the provider's own schema.
const BEYOND_THE_CONTRACT: [(&str, &str); 3] = [("PATCH", "/graphql"), ("DELETE", "/graphql"), ("POST", "/unexposed")];

/// The schemas that Mobilic's contract names.
const SCHEMAS: [(&str, &str); 2] = [
    ("schema.graphql", include_str!("../../specs/mobilic/schema.graphql")),
    ("protected.graphql", include_str!("../../specs/mobilic/protected.graphql")),
];

/// What judges the record of a file.
type Check = fn(&Judge, &Path) -> Result<(), Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let providers: [(&str, &str, Check); 2] = [
        ("kaizala", "kaizala/examples", says_what_the_record_says),
        ("mobilic", "mobilic/recorded", answers_as_the_contract_says),
    ];
    let trials = match std::env::var_os("VIGIE_UPSTREAM") {
        Some(upstream) => providers
            .into_iter()
            .map(|(provider, folder, check)| (provider, Path::new(&upstream).join(folder), check))
            .flat_map(|(provider, folder, check)| trials(provider, &folder, check))
            .collect(),
        None => vec![Trial::test("skipped: VIGIE_UPSTREAM is not set", || Ok(())).with_ignored_flag(true)],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The contract of a provider, as it stands in `specs/`.
fn judge(provider: &str) -> Judge {
    let path = support::root().join("specs").join(provider).join("open-api.yml");
    let text = std::fs::read_to_string(path).expect("the contract");
    Judge::new(Contract::new(provider, parse(&text, Keep::All).expect("YAML").value))
}

fn trials(provider: &str, folder: &Path, check: Check) -> Vec<Trial> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|own| end == *own)));
    files.sort();
    if files.is_empty() {
        let name = format!("{provider}: left out, no records in {}", folder.display());
        return vec![Trial::test(name, || Ok(())).with_ignored_flag(true)];
    }
    let judge = Arc::new(judge(provider));
    let trial = |file: PathBuf| {
        let judge = Arc::clone(&judge);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("{provider}/{name}"), move || check(&judge, &file))
    };
    files.into_iter().map(trial).collect()
}

/// The record says what is expected of both sides: `conforms..`, `violates..`, or something that decides nothing.
fn says_what_the_record_says(judge: &Judge, file: &Path) -> Result<(), Failed> {
    let recorded = read_file(file).map_err(|error| error.to_string())?;
    let said = parse(&std::fs::read_to_string(file)?, Keep::All).map_err(|error| error.to_string())?.value;
    let (request, response) = (&said["expect"]["request"], &said["expect"]["response"]);
    let Some(reading) = judge.recorded(&recorded) else {
        // A resource that nobody documented.
        return match (expected(request), expected(response)) {
            (None, None) => Ok(()),
            _ => Err("the contract has no operation for it".into()),
        };
    };
    let Reading { request: sent, response: answered, .. } = &reading;
    let answered = answered.as_ref().map_or(&[][..], |judgement| &judgement.deviations);
    let (sent, mut answered) = (breaking(sent), breaking(answered));
    if said["kind"] == OF_A_CLIENT && expected(response) == Some(true) {
        answered.retain(|deviation| deviation.observed != "absent");
    }
    for (side, said, found) in [("request", request, sent), ("response", response, answered)] {
        if expected(said).is_some_and(|conforms| conforms != found.is_empty()) {
            return Err(format!("{side}: the record says {said}; found {found:#?}").into());
        }
    }
    Ok(())
}

/// The answer is one that the contract promises; that to a query which the schemas answer has what it selects.
fn answers_as_the_contract_says(judge: &Judge, file: &Path) -> Result<(), Failed> {
    let recorded = read_file(file).map_err(|error| error.to_string())?;
    let document = &judge.contract.document;
    let endpoints = endpoints(document, &SCHEMAS).map_err(|problems| format!("{problems:?}"))?;
    let queries = Queries { name: "mobilic", document, endpoints: &endpoints };
    let Some(reading) = judge.recorded(&recorded).map(|reading| queries.read(&recorded, reading)) else {
        let call = (&*recorded.request.method, &*recorded.request.path);
        let is_beyond = BEYOND_THE_CONTRACT.contains(&call);
        return if is_beyond { Ok(()) } else { Err("the contract has no operation for it".into()) };
    };
    let answered = reading.response.ok_or("no answer was recorded")?;
    match breaking(&answered.deviations).as_slice() {
        [] => Ok(()),
        found => Err(format!("{}: {found:#?}", reading.operation).into()),
    }
}

/// Whether a side conforms, where the record says so.
fn expected(said: &Value) -> Option<bool> {
    let word = said.as_str()?.split(' ').next()?;
    [("conforms", true), ("violates", false)].into_iter().find(|(own, _)| *own == word).map(|(_, conforms)| conforms)
}

fn breaking(found: &[Deviation]) -> Vec<&Deviation> {
    found.iter().filter(|deviation| vigie_drift::rules::rule(deviation.kind).class == Class::Breaking).collect()
}
