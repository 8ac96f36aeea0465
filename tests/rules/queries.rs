//! A consumer's queries beside a schema, as `vigie check --operations` reads them.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use vigie_harness::queries::Queryable;
use vigie_judge::exceptions::Exceptions;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let contract = Queryable {
        name: "fixture".into(),
        document: json!({
            "x-graphql": [{"path": "/graphql", "schema": "schema.graphql", "edition": 2016}],
            "paths": {"/graphql": {"post": {}}},
        }),
        schemas: vec![("schema.graphql".into(), fixture.text("schema.graphql")?)],
    };
    let report = contract.check(&fixture.path("queries"), &Exceptions::default())?;
    let below = format!("{}/", fixture.path("").display().to_string().trim_end_matches('/'));
    let mut found = Vec::new();
    for case in &report.cases {
        for reported in &case.findings {
            let mut reported = serde_json::to_value(reported)?;
            reported["operation"] = case.operation.as_str().into();
            reported["pointer"] = reported["pointer"].as_str().unwrap_or_default().replace(&below, "").into();
            found.push(finding(&reported, ["pointer", "expected", "observed"]));
        }
    }
    Ok(found)
}
