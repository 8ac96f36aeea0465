//! Recorded exchanges of the providers that are nothing like the first, one trial a file: the judge says of a request and
//! an answer what the record says of them. It needs the records, so it is left out where `VIGIE_UPSTREAM` is not set.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use vigie::contract::model::Contract;
use vigie::contract::tree::{Keep, parse};
use vigie::deviation::Deviation;
use vigie::drift;
use vigie::finding::Class;
use vigie::judge::{Judge, Reading};
use vigie::scenario::recorded::read_file;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let kaizala =
        std::env::var_os("VIGIE_UPSTREAM").map(|upstream| Path::new(&upstream).join("kaizala/examples"));
    let trials = match kaizala.filter(|folder| folder.is_dir()) {
        Some(folder) => kaizala_trials(&folder),
        None => vec![Trial::test("left out: VIGIE_UPSTREAM is not set", || Ok(())).with_ignored_flag(true)],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The contract of a provider, as it stands in `specs/`.
fn judge(provider: &str) -> Judge {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(provider).join("open-api.yml");
    let text = std::fs::read_to_string(path).expect("the contract");
    Judge::new(Contract::new(provider, parse(&text, Keep::All).expect("YAML").value))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml"));
    files.sort();
    files
}

fn kaizala_trials(folder: &Path) -> Vec<Trial> {
    let judge = Arc::new(judge("kaizala"));
    let trial = |file: PathBuf| {
        let judge = Arc::clone(&judge);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("kaizala/{name}"), move || agrees(&judge, &file))
    };
    files(folder).into_iter().map(trial).collect()
}

/// The record says what is expected of both sides: `conforms..`, `violates..`, or something that decides nothing.
fn agrees(judge: &Judge, file: &Path) -> Result<(), Failed> {
    let recorded = read_file(file).map_err(|error| error.to_string())?;
    let expect = parse(&std::fs::read_to_string(file)?, Keep::All).map_err(|error| error.to_string())?.value["expect"].take();
    let sides = ["request", "response"].map(|side| expected(&expect[side]));
    let Some(reading) = judge.recorded(&recorded) else {
        // A resource that nobody documented.
        return if sides == [None, None] { Ok(()) } else { Err("the contract has no operation for it".into()) };
    };
    let Reading { request, response, .. } = &reading;
    let response = response.as_ref().map_or(&[][..], |judgement| &judgement.deviations);
    for (side, (expected, found)) in ["request", "response"].into_iter().zip(sides.into_iter().zip([&request[..], response])) {
        let broken = breaking(found);
        if std::env::var_os("VIGIE_SHOW").is_some() {
            println!("{} {side} {:?}: {:?}", recorded.id, expect[side].as_str(), found.iter().map(|d| format!("{} {} | {} | {}", drift::rules::rule(d.kind).id, d.pointer, d.expected, d.observed)).collect::<Vec<_>>());
        }
        if expected.is_some_and(|conforms| conforms != broken.is_empty()) {
            return Err(format!("{side}: the record says {}; found {broken:#?}", expect[side]).into());
        }
    }
    Ok(())
}

/// Whether a side conforms, where the record says so.
fn expected(said: &Value) -> Option<bool> {
    let word = said.as_str()?.split(' ').next()?;
    [("conforms", true), ("violates", false)].into_iter().find(|(own, _)| *own == word).map(|(_, conforms)| conforms)
}

fn breaking(found: &[Deviation]) -> Vec<&Deviation> {
    found.iter().filter(|deviation| drift::rules::rule(deviation.kind).class == Class::Breaking).collect()
}
