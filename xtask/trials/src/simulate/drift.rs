//! A drift: one stored answer of the double, changed in one place, in a way that breaks a consumer. A double that stores no
//! answers cannot change one; there the contract is that of another day: it has a key that no answer has any more.

use crate::draw;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use trials::generate::mutants;
use trials::kind::{Due, Kind};
use vigie_contract::model::Contract;
use vigie_drift::finding::CaseReport;
use vigie_harness::providers::Provider;
use vigie_harness::runner::Plan;
use vigie_judge::Judge;
use vigie_scenario::Corpus;

/// The key that is gone.
const GONE: &str = "vigieNights";

/// What is no longer as the contract promises.
#[derive(Debug, Clone)]
pub(crate) struct Drift {
    operation: String,
    /// The case that sees it; `None` if every one of the operation does.
    case: Option<String>,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    /// A stored answer is another one: how, where, and what stands there now.
    Answer { kind: Kind, pointer: String, now: String, payload: String },
    /// A key is gone from every answer of the operation.
    Gone,
}

/// The drifts that can be drawn.
pub(crate) struct Drifts {
    /// Of each kind, the answers that have a place for it.
    answers: BTreeMap<Kind, Vec<Answer>>,
    /// The operations whose answers could lose a key.
    operations: Vec<String>,
}

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
    pub(crate) fn new(provider: &'static Provider) -> Result<Self, String> {
        let plan = Plan::new(provider, None).map_err(|error| error.to_string())?;
        let judges: Vec<Judge> = plan.contracts.into_iter().map(Judge::new).collect();
        let (mut answers, mut operations) = (BTreeMap::<Kind, Vec<Answer>>::new(), BTreeSet::new());
        for case in plan.corpus.cases().filter(|case| case.status == 200 && case.scopes.is_none() && !case.callback) {
            let found = judges.iter().find_map(|judge| Some((judge, judge.contract.operation(&case.operation)?)));
            let Some((judge, operation)) = found else { continue };
            let (operation, schema) = (operation.id.clone(), judge.schema(operation, 200).clone());
            if schema["properties"].is_object() {
                operations.insert(operation.clone());
            }
            let payload = case.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok());
            let Some(body) = payload else { continue };
            let answer = Answer { operation, case: case.name.clone(), body, schema };
            let mut own: Vec<Kind> = answer.breaking().map(|mutant| mutant.kind).collect();
            own.sort();
            own.dedup();
            for kind in own {
                answers.entry(kind).or_default().push(answer.clone());
            }
        }
        Ok(Self { answers, operations: operations.into_iter().collect() })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.operations.is_empty()
    }

    /// The drift of a number, of which there is one: kinds take turns, answers and places are drawn.
    pub(crate) fn pick(&self, number: u64, seed: u64) -> Drift {
        let drawn = draw((seed, number));
        let Some((kind, answers)) = self.answers.iter().nth(place(number, self.answers.len())) else {
            let operation = self.operations[place(drawn, self.operations.len())].clone();
            return Drift { operation, case: None, change: Change::Gone };
        };
        let answer = &answers[place(drawn, answers.len())];
        let mut mutants: Vec<_> = answer.breaking().filter(|mutant| mutant.kind == *kind).collect();
        let mutant = mutants.swap_remove(place(draw((drawn, number)), mutants.len()));
        let payload = mutant.body.to_string();
        let change = Change::Answer { kind: *kind, pointer: mutant.pointer, now: mutant.now, payload };
        Drift { operation: answer.operation.clone(), case: Some(answer.case.clone()), change }
    }
}

impl Answer {
    fn breaking(&self) -> impl Iterator<Item = trials::generate::Mutant> {
        mutants(&self.body, &self.schema).into_iter().filter(|mutant| mutant.kind.due() == Due::Break)
    }
}

impl Drift {
    /// Whether a case sees it.
    pub(crate) fn concerns(&self, case: &CaseReport) -> bool {
        self.operation == case.operation && self.case.as_ref().is_none_or(|own| *own == case.case)
    }

    /// Puts it in place of the good answer.
    pub(crate) fn happen(&self, served: &mut Corpus) {
        let Change::Answer { payload, .. } = &self.change else { return };
        let cases = served.scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps);
        for case in cases.filter(|case| case.operation == self.operation && Some(&case.name) == self.case.as_ref()) {
            case.payload = Some(payload.clone());
        }
    }

    /// Puts what is gone into the contracts that are checked.
    pub(crate) fn promise(&self, contracts: Vec<Contract>) -> Vec<Contract> {
        let own = |contract: &Contract| {
            let answer = contract.operation(&self.operation)?.answer(200)?;
            Some(format!("{}/content/application~1json/schema", answer.pointer))
        };
        let mend = |contract: Contract| {
            let Some(pointer) = own(&contract).filter(|_| matches!(self.change, Change::Gone)) else { return contract };
            let mut document = contract.document;
            if let Some(schema) = document.pointer_mut(&pointer) {
                *schema = json!({"allOf": [schema.take(), {"type": "object", "required": [GONE]}]});
            }
            Contract::new(&contract.name, document)
        };
        contracts.into_iter().map(mend).collect()
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            Change::Answer { kind, pointer, now, .. } => {
                let case = self.case.as_deref().unwrap_or_default();
                write!(f, "{}: {}/{case} at `{pointer}`: {now}", kind.name(), self.operation)
            }
            Change::Gone => write!(f, "a key is gone: {}", self.operation),
        }
    }
}

/// A place in a list of so many, drawn by a number.
fn place(drawn: u64, length: usize) -> usize {
    usize::try_from(drawn % (length as u64).max(1)).unwrap_or_default()
}
