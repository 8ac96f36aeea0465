//! Every rule on its fixture, a trial each, so that `cargo nextest run --partition` shards them over machines.
//!
//! `tests/drifts/<rule>/` holds two contracts, two answers, a case and the answer to it, or a
//! schema and a consumer's queries, and `expected.yml`: everything
//! that must be found, and nothing else may be. A rule between two contracts has two trials more: its witness, a request or
//! an answer on which the two contracts must not agree; and silence, where a contract says the same in another way.

mod answers;
mod callback;
mod contracts;
mod exchange;
mod fixture;
mod queries;
mod recorded;
mod witness;

use fixture::{Fixture, Form};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folders = fixture::folders();
    let rules: BTreeSet<String> = vigie_drift::rules::all().map(|rule| rule.id.to_owned()).collect();
    let mut trials = Vec::new();
    for name in folders.union(&rules) {
        let fixture = Fixture::new(name);
        if !rules.contains(name) {
            let message = format!("no rule has the id `{name}`; rename the folder, or remove it");
            trials.push(Trial::test(name, move || Err(message.into())));
            continue;
        }
        let silence = match fixture.form() {
            Form::Contracts => Some(contracts::silence as fn(&Fixture) -> Result<(), Failed>),
            Form::Schemas => Some(contracts::silence_of_schemas as _),
            Form::Answers | Form::Exchange | Form::Queries | Form::Recorded | Form::None => None,
        };
        if let Some(silence) = silence {
            let (shown, silent) = (fixture.clone(), fixture.clone());
            trials.push(Trial::test(format!("{name}/witness"), move || witness::run(&shown)));
            trials.push(Trial::test(format!("{name}/silence"), move || silence(&silent)));
        }
        trials.push(Trial::test(name, move || judge(&fixture)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Runs a fixture and compares what was found with what must be.
fn judge(fixture: &Fixture) -> Result<(), Failed> {
    let found = match fixture.form() {
        Form::Contracts => contracts::run(fixture, ["old.yml", "new.yml"])?,
        Form::Schemas => contracts::run(fixture, ["old.graphql", "new.graphql"])?,
        Form::Answers => answers::run(fixture)?,
        Form::Exchange if fixture.path("contract.yml").exists() => callback::run(fixture)?,
        Form::Exchange => exchange::run(fixture)?,
        Form::Queries => queries::run(fixture)?,
        Form::Recorded => recorded::run(fixture)?,
        Form::None => {
            return Err(
                format!("the rule `{}` has no fixture; CONTRIBUTING.md says how to write one", fixture.rule()).into()
            );
        }
    };
    fixture.compare(&found)
}
