//! A drift: one stored answer of the double, changed in one place, in a way that breaks a consumer.

use crate::draw;
use crate::generate::mutants;
use crate::kind::{Due, Kind};
use serde_json::Value;
use std::collections::BTreeMap;
use vigie::judge::Judge;
use vigie::providers::Provider;
use vigie::runner::Plan;
use vigie::scenario::Corpus;

/// What a double serves in place of a stored answer.
#[derive(Debug, Clone)]
pub(crate) struct Drift {
    /// Operation and case.
    pub(crate) operation: String,
    pub(crate) case: String,
    pub(crate) kind: Kind,
    /// Where it was changed, and what stands there now.
    pub(crate) pointer: String,
    pub(crate) now: String,
    payload: String,
}

/// The drifts that can be drawn: of each kind, the answers that have a place for it.
pub(crate) struct Drifts(BTreeMap<Kind, Vec<Answer>>);

/// A stored answer, and the schema that it is held to.
#[derive(Clone)]
struct Answer {
    operation: String,
    case: String,
    body: Value,
    schema: Value,
}

impl Drifts {
    /// Of every stored answer of status 200 that shows all that it has: what a token's scopes hide cannot be seen to
    /// drift.
    pub(crate) fn new(provider: &'static dyn Provider) -> Result<Self, String> {
        let plan = Plan::new(provider, None).map_err(|error| error.to_string())?;
        let judges: Vec<Judge> = plan.contracts.into_iter().map(Judge::new).collect();
        let mut kinds: BTreeMap<Kind, Vec<Answer>> = BTreeMap::new();
        for case in plan.corpus.cases().filter(|case| case.status == 200 && case.scopes.is_none()) {
            let found = judges.iter().find_map(|judge| Some((judge, judge.contract.operation(&case.operation)?)));
            let payload = case.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok());
            let (Some((judge, operation)), Some(body)) = (found, payload) else { continue };
            let (operation, schema) = (operation.id.clone(), judge.schema(operation, 200).clone());
            let answer = Answer { operation, case: case.name.clone(), body, schema };
            let mut own: Vec<Kind> = answer.breaking().map(|mutant| mutant.kind).collect();
            own.sort();
            own.dedup();
            for kind in own {
                kinds.entry(kind).or_default().push(answer.clone());
            }
        }
        Ok(Self(kinds))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The drift of a number: kinds take turns, answers and places are drawn.
    pub(crate) fn pick(&self, number: u64, seed: u64) -> Drift {
        let (kind, answers) = self.0.iter().nth(place(number, self.0.len())).expect("it is not empty");
        let drawn = draw((seed, number));
        let answer = &answers[place(drawn, answers.len())];
        let mut mutants: Vec<_> = answer.breaking().filter(|mutant| mutant.kind == *kind).collect();
        let mutant = mutants.swap_remove(place(draw((drawn, number)), mutants.len()));
        let (operation, case) = (answer.operation.clone(), answer.case.clone());
        let payload = mutant.body.to_string();
        Drift { operation, case, kind: *kind, pointer: mutant.pointer, now: mutant.now, payload }
    }
}

impl Answer {
    fn breaking(&self) -> impl Iterator<Item = crate::generate::Mutant> {
        mutants(&self.body, &self.schema).into_iter().filter(|mutant| mutant.kind.due() == Due::Break)
    }
}

impl Drift {
    /// Puts it in place of the good answer.
    pub(crate) fn happen(&self, corpus: &mut Corpus) {
        let cases = corpus.scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps);
        for case in cases.filter(|case| case.operation == self.operation && case.name == self.case) {
            case.payload = Some(self.payload.clone());
        }
    }
}

/// A place in a list of so many, drawn by a number.
fn place(drawn: u64, length: usize) -> usize {
    usize::try_from(drawn % length as u64).unwrap_or_default()
}
