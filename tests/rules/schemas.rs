//! Two GraphQL schemas, compared.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::Value;
use vigie::contract::graphql::{self, Schema, diff};
use vigie::drift::find;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let changes = diff(&schema(fixture, "old.graphql")?, &schema(fixture, "new.graphql")?);
    let mut found = Vec::new();
    for change in changes.into_iter().map(|deviation| find(deviation, |_| None)) {
        // A finding writes values as text; here they are what the schemas state.
        let mut reported = serde_json::to_value(&change)?;
        reported["expected"] = change.expected;
        reported["observed"] = change.observed;
        found.push(finding(&reported, ["pointer", "expected", "observed"]));
    }
    Ok(found)
}

/// Nothing may be found between a schema and itself.
pub(crate) fn silence(fixture: &Fixture) -> Result<(), Failed> {
    for name in ["old.graphql", "new.graphql"] {
        let schema = schema(fixture, name)?;
        if let Some(deviation) = diff(&schema, &schema).first() {
            return Err(format!("{name} beside itself: {deviation:?}").into());
        }
    }
    Ok(())
}

fn schema(fixture: &Fixture, name: &str) -> Result<Schema, Failed> {
    graphql::read(&fixture.text(name)?).map_err(|error| format!("{name}: {error}").into())
}
