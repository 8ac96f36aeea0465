//! What only the contracts can tell of a scenario.

use super::near::near;
use super::place::{At, Token, offset};
use super::{Case, Corpus, Scenario, ScenarioError};
use std::collections::BTreeSet;
use vigie_contract::model::{Contract, Operation};

impl Corpus {
    /// Checks steps against the contracts: their operations are known, they wait only for calls that the provider makes,
    /// and a name is captured once. A folder that no operation has is reported by the run, since the official repository
    /// has some.
    pub fn check(&self, contracts: &[Contract]) -> Result<(), ScenarioError> {
        self.scenarios.iter().try_for_each(|scenario| check(scenario, contracts))
    }
}

pub(super) fn check(scenario: &Scenario, contracts: &[Contract]) -> Result<(), ScenarioError> {
    let operations = || contracts.iter().flat_map(|contract| &contract.operations);
    let wrong = |way: &[Token], at, message| ScenarioError::Syntax {
        file: scenario.file.clone(),
        text: scenario.text.clone(),
        offset: offset(&scenario.text, way, at),
        message,
    };
    if !scenario.stepped {
        // What goes into a URL or a header is no map.
        let is_flat =
            |case: &&Case| find(contracts, &case.operation).is_none_or(|operation| operation.graphql.is_none());
        let mut params = scenario.steps.iter().filter(is_flat).flat_map(|case| &case.params);
        return params.find(|(_, value)| value.is_object()).map_or(Ok(()), |(name, _)| {
            let message = format!("the parameter `{name}` is a map; write a scalar or a list");
            Err(wrong(&["params".into(), name.as_str().into()], At::Value, message))
        });
    }
    let variables: BTreeSet<&str> = contracts.iter().flat_map(Contract::server_variables).collect();
    let mut captured: BTreeSet<&str> = BTreeSet::new();
    let steps = scenario.steps.iter().enumerate().map(|(position, case)| (["steps".into(), position.into()], case));
    let cleanup =
        scenario.cleanup.iter().enumerate().map(|(position, case)| (["cleanup".into(), position.into()], case));
    for (way, case) in steps.chain(cleanup) {
        let way = |more: &[Token]| [&way[..], more].concat();
        let key = if case.callback { "callback" } else { "operation" };
        let Some(operation) = find(contracts, &case.operation) else {
            let known = operations().filter(|operation| operation.callback == case.callback);
            let near = near(&case.operation, known.map(|operation| operation.id.as_str()));
            let hint = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let message = format!("no {key} `{}`{hint}; `vigie list operations` names them all", case.operation);
            return Err(wrong(&way(&[key.into()]), At::Value, message));
        };
        if operation.callback != case.callback {
            let (is, other) = if case.callback { ("sent", "operation") } else { ("made by the provider", "callback") };
            let message = format!("`{}` is {is}: write `{other}: {}`", operation.id, operation.id);
            return Err(wrong(&way(&[key.into()]), At::Key, message));
        }
        for (name, _) in &case.capture {
            // Where a provider has moved to is captured anew.
            if !captured.insert(name) && !variables.contains(name.as_str()) {
                let message = format!("an earlier step captures `{name}` already; choose another name");
                return Err(wrong(&way(&["capture".into(), name.as_str().into()]), At::Key, message));
            }
        }
    }
    Ok(())
}

fn find<'a>(contracts: &'a [Contract], id: &str) -> Option<&'a Operation> {
    contracts.iter().find_map(|contract| contract.operation(id))
}
